"""What only all messages of a topic together show: one text translated in two ways, or two texts in one."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level, excerpt

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_LOOSE: Final = re.compile(r"[\W_]+")
_TITLES: Final = frozenset({"title", "heading", "subheading", "label", "vocabulary-title", "related-title"})
_LONG: Final = 30
"""Shorter texts may match by chance: two English words may have one translation."""


def check_inconsistent(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Finding]]:
    """Yield the second translation of a text, unless it differs only in case and punctuation.

    Headings are compared with headings, running text with running text. The same text twice in one role was
    distinguished on purpose, by its context.
    """
    known: dict[tuple[bool, str], Pair] = {}
    for pair in pairs:
        if pair.rule.is_list or pair.is_name or pair.rule.markup == "block":
            continue
        first = known.setdefault((pair.rule.counts_as in _TITLES, _loose(pair.source)), pair)
        if (
            first is not pair
            and (first.msgid, first.rule.role) != (pair.msgid, pair.rule.role)
            and _loose(first.target) != _loose(pair.target)
        ):
            yield (
                pair,
                TRANSLATION_INCONSISTENT.finding(
                    f"the same English text is “{_short(first.target)}” elsewhere in the topic.",
                    "Translate both alike, or dismiss this if the difference is intended.",
                ),
            )


def check_reused(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Finding]]:
    """Yield a translation that is used for two English texts; short ones only if their numbers differ."""
    known: dict[str, Pair] = {}
    for pair in pairs:
        if pair.rule.is_list or pair.is_name or pair.rule.markup == "block":
            continue
        first = known.setdefault(pair.target, pair)
        if first is pair or _loose(first.source) == _loose(pair.source):
            continue
        is_number = _NUMBER.sub("0", first.source) == _NUMBER.sub("0", pair.source)
        if not is_number and len(pair.target) < _LONG:
            continue
        yield (
            pair,
            TRANSLATION_REUSED.finding(
                f"“{_short(first.source)}” has the same translation"
                + (", and only the numbers differ." if is_number else "."),
                "Compare each with its English text; one of them was probably copied.",
            ),
        )


def _loose(text: str) -> str:
    return _LOOSE.sub(" ", text.casefold()).strip()


def _short(text: str) -> str:
    return excerpt(text.replace("\n", " "))


TRANSLATION_INCONSISTENT: Final = Check(
    "translation-inconsistent", of_topic=check_inconsistent, level=Level.WARNING, needs=Need.FORM
)
TRANSLATION_REUSED: Final = Check(
    "translation-reused", of_topic=check_reused, level=Level.WARNING, needs=Need.FORM
)
