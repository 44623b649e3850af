"""Capital letters."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.languages import Prose
from healthtopics.reading.plain import WORD
from healthtopics.reading.quoting import quote

_CAPITAL: Final = re.compile("[A-ZÀ-ÖØ-Þ]")
_FIRST: Final = re.compile(r"[^\W_][\w'’-]*")
_SECOND: Final = re.compile(r"\.(?<=[a-zß-öø-ÿ]{4}\.)[ \u00a0]+[a-zß-öø-ÿ]+")
"""The first word of another sentence, with the full stop before it."""
_START: Final = re.compile(r"(?:^|[.:;?!¿¡(«“\"\n—–|/][ \u00a0]*)$")
_TITLES: Final = frozenset({"title", "heading", "subheading", "label", "vocabulary-title"})
_SENTENCES: Final = frozenset({"paragraph", "heading", "subheading", "title", "description", "notice"})
_LONG: Final = 4
"""Shorter words are small words or abbreviations; they do not show the style of a title."""


def check_capitals(pair: Pair) -> Iterator[Finding]:
    """Yield capitals that the language does not use, and those that are missing at the start."""
    if pair.is_name:
        return
    prose = pair.prose
    yield from _start(pair, prose)
    yield from _title(pair, prose)
    if not prose.lower_case.isdisjoint(pair.target_words):
        yield from _names(pair, prose)


def _start(pair: Pair, prose: Prose) -> Iterator[Finding]:
    if pair.rule.counts_as not in _SENTENCES:
        return
    first = _FIRST.search(pair.target)
    # pH and mRNA keep their small letter; α-fetoproteína too.
    if first and pair.source[:1].isupper() and first[0].islower() and first[0][0] <= "ÿ":
        yield _small(pair.target, first)
    for match in _SECOND.finditer(pair.target):
        if not prose.abbreviation.search(pair.target, 0, match.start() + 1):
            yield _small(pair.target, match)


def _small(text: str, match: re.Match[str]) -> Finding:
    word = match[0].lstrip(". \u00a0")
    return CAPITAL_START.finding(
        f"a sentence begins with a small letter: {quote(text, *match.span())}.",
        f"Write “{word[0].upper()}{word[1:]}”.",
    )


def _title(pair: Pair, prose: Prose) -> Iterator[Finding]:
    """Yield a text in which each word has a capital, as in English titles, or all letters are capitals."""
    text = pair.target
    capitals = len(_CAPITAL.findall(text))
    if capitals < 2 or capitals * 20 < len(text):
        return  # too few to be a title of that kind
    if capitals * 10 > len(text) * 7 and len(text) > 10 and " " in text and not pair.source.isupper():
        yield CAPITALS_TITLE.finding(
            "the translation is all capitals, the English is not.",
            "Write it as a sentence.",
        )
    else:
        yield from _raised(pair, prose)


def _raised(pair: Pair, prose: Prose) -> Iterator[Finding]:
    """Yield a text in which most words have a capital without need."""
    text = pair.target
    words = [match for match in WORD.finditer(text) if _has_choice(pair, prose, match)]
    raised = [match for match in words if match[0][0].isupper()]
    is_title = pair.rule.counts_as in _TITLES
    is_raised = len(raised) * 5 >= len(words) * 3 and len(raised) >= (1 if is_title else 3)
    is_name = prose.bodies.search(text) or (not is_title and _is_title(pair.source))
    if is_raised and not is_name:
        yield CAPITALS_TITLE.finding(
            f"each word has a capital: {quote(text, raised[0].start(), raised[-1].end())}.",
            "Write capitals as in a sentence: the first word and names.",
        )


def _has_choice(pair: Pair, prose: Prose, match: re.Match[str]) -> bool:
    """Return whether the word may begin with either a capital or a small letter."""
    return (
        len(match[0]) >= _LONG
        and not match[0].isupper()
        and match[0].lower() not in prose.places  # their names may have another form in English
        and not _START.search(match.string, max(0, match.start() - 4), match.start())
        and (match[0][0].islower() or match[0] not in pair.source)  # otherwise a name that is kept
    )


def _is_title(text: str) -> bool:
    words = [word for word in WORD.findall(text)[1:] if len(word) >= _LONG]
    return bool(words) and sum(word[0].isupper() for word in words) * 2 > len(words)


def _names(pair: Pair, prose: Prose) -> Iterator[Finding]:
    text = pair.target
    previous = None
    matches = list(WORD.finditer(text))
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        word = match[0].lower()
        if (
            word in prose.lower_case
            and match[0][0].isupper()
            and previous is not None
            and (
                previous[0] in prose.before_names
                or text[previous.end() : match.start()].strip(" \u00a0").isdigit()
            )
            and not _START.search(text, max(0, match.start() - 4), match.start())
            and not (following and following[0][0].isupper() and following.start() == match.end() + 1)
        ):
            yield CAPITAL_NAME.finding(
                f"“{match[0]}” has a capital as in English: {quote(text, *match.span())}.",
                f"Write “{word}”.",
            )
        previous = match


CAPITAL_START: Final = Check("capital-start", check_capitals, level=Level.WARNING, needs=Need.PROSE)
CAPITALS_TITLE: Final = Check("capitals-title", check_capitals, level=Level.WARNING, needs=Need.PROSE)
CAPITAL_NAME: Final = Check("capital-name", check_capitals, level=Level.WARNING, needs=Need.PROSE)
