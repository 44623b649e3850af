"""Placeholders, entities and escapes."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from healthtopics.checks.tags import TAG_FOREIGN
from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.reading.masking import PLACEHOLDER
from healthtopics.reading.quoting import find_passage, quote

_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:[^\S\n][^<>\n]*)?/?>")  # on one line: each line is a block
_SIGN = re.compile(r"[&<>≤≥]")
_COMPARISON = re.compile(r"[<>](?= ?[0-9])|[≤≥]")
_ESCAPE = re.compile(r"\\[nrt\"]|\\u[0-9A-Fa-f]{4}")


def check_placeholders(pair: Pair) -> Iterator[Finding]:
    """Yield placeholders that are not those of the English text: `{count}`, `%(name)s`."""
    if "{" not in pair.msgid and "{" not in pair.msgstr and "%(" not in pair.msgid + pair.msgstr:
        return
    wanted = Counter(PLACEHOLDER.findall(pair.source))
    found = Counter(PLACEHOLDER.findall(pair.target))
    places = [find_passage(pair.source, name) for name in wanted - found]
    for name, place in zip(wanted - found, places, strict=True):
        yield PLACEHOLDER_LOST.finding(
            f"the placeholder {name} of the English text is not in the translation.",
            f"Write {name} where its value belongs; do not translate it.",
            english=place,
        )
    for name, replaced in zip_longest(found - wanted, places[: len(found - wanted)]):
        yield PLACEHOLDER_FOREIGN.finding(
            f"the placeholder {name} is not in the English text; readers would see it as it is.",
            "Use the placeholders of the English text, letter by letter.",
            english=replaced,
            translation=find_passage(pair.target, name),
        )


def check_entities(pair: Pair) -> Iterator[Finding]:
    """Yield entities that a reader would see unresolved, and comparison signs that became others."""
    source, target = pair.source, pair.target
    if not _SIGN.search(target):
        return
    yield from _tags_as_text(pair)
    for match in _ENTITY.finditer(target):
        if match[0] not in source:
            yield ENTITY_CHANGED.finding(
                f"a reader would see {match[0]} as it is: {quote(target, *match.span())}.",
                "Write the character itself"
                + (", and & as &amp;, once." if pair.rule.markup else "; this text has no markup."),
            )
    signs = _COMPARISON.findall(source)
    if signs:
        for match in _COMPARISON.finditer(target):
            if match[0] not in signs:
                yield ENTITY_CHANGED.finding(
                    f"“{match[0]}” is not the sign of the English text ({' '.join(signs)}):"
                    f" {quote(target, *match.span())}.",
                    "Compare what is less and what is more; write < as &lt; and > as &gt;."
                    if pair.rule.markup
                    else "Compare what is less and what is more.",
                )


def _tags_as_text(pair: Pair) -> Iterator[Finding]:
    """Yield each kind of tag that is only text, such as `&lt;strong&gt;`, if the English has none."""
    if pair.rule.markup and pair.target == pair.msgstr:
        return  # no reference in it, or unsound markup, which another check reports
    foreign = {
        match[1].lower(): match
        for match in reversed(list(_TAG.finditer(pair.target)))
        if match[0] not in pair.source and (pair.rule.markup or f"</{match[1]}>" in pair.target)
    }
    for name, match in reversed(foreign.items()):
        yield TAG_FOREIGN.finding(
            f"a reader would see the tag <{name}> as it is: {quote(pair.target, *match.span())}.",
            "Write the tag itself, with < and not &lt;."
            if pair.rule.markup
            else "Remove the tag; this text has no markup.",
        )


def check_escapes(pair: Pair) -> Iterator[Finding]:
    r"""Yield escapes that a reader would see, such as a backslash with an n."""
    if "\\" not in pair.msgstr:
        return
    for match in _ESCAPE.finditer(pair.target):
        if match[0] not in pair.source:
            yield ESCAPE_VISIBLE.finding(
                f"a reader would see {match[0]} as it is: {quote(pair.target, *match.span())}.",
                "Write the character itself; a line break needs a text that may have several lines.",
            )


PLACEHOLDER_LOST: Final = Check("placeholder-lost", check_placeholders, needs=Need.FORM)
PLACEHOLDER_FOREIGN: Final = Check("placeholder-foreign", check_placeholders, needs=Need.FORM)
ENTITY_CHANGED: Final = Check("entity-changed", check_entities, needs=Need.FORM)
ESCAPE_VISIBLE: Final = Check("escape-visible", check_escapes, needs=Need.FORM)
