"""What is wrong with one translation: the findings that keep an edition back.

Each check is a generator of findings; a finding holds the topic's edition in that language, nothing else.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from healthtopics import markup
from healthtopics.schema import MessageRule
from healthtopics.topic import is_copy

_CONTROL = re.compile(rf"{markup.NO_CHARACTER.pattern}|[\x7f-\x9f]")
"""What the schemas allow in no English text either; white space is another check's."""

_UNFIT = frozenset({"message-control", "message-line-break", "message-tab", "text-blank", "unit-section"})
"""Besides what is wrong with its markup: findings on text of which no sound document can be made."""
_SECTION_ID = re.compile(r'<h3 id="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one translation."""

    check: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Twins:
    """Which address in the translation may stand for which one in the English text."""

    of: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def from_links(cls, links: Iterable[Mapping[str, str]], language: str) -> "Twins":
        """Collect from objects {language: URL}: every other address may become the one in `language`."""
        found: dict[str, set[str]] = {}
        for group in links:
            twin = group.get(language)
            for tag, url in group.items():
                if twin and tag != language:
                    found.setdefault(url, set()).add(twin)
        return cls({url: frozenset(twins) for url, twins in found.items()})

    def stands_for(self, target: str, source: str) -> bool:
        """Tell whether `target` in a translation is `source` of the English, or its twin."""
        return target == source or target in self.of.get(source, frozenset())


@dataclass(frozen=True, slots=True)
class Pair:
    """A message with its translation."""

    rule: MessageRule
    msgid: str
    msgstr: str
    twins: Twins = Twins()


Checks: TypeAlias = Sequence[Callable[[Pair], Iterable[Finding]]]
"""What is asked of a translation that is there and not fuzzy."""


@lru_cache(maxsize=8)  # the checks and the translation of a message read it one after the other
def read_unit(rule: MessageRule, text: str) -> Sequence[markup.Block]:
    """Return the blocks, or the sections, that a text in block markup is, not to be changed.

    Raises MarkupError.
    """
    return markup.parse_sections(text) if rule.unit == "topic" else markup.parse_body(text)


def is_unfit(finding: Finding) -> bool:
    """Tell whether a text with this finding cannot be published at all, whoever stands behind it."""
    return finding.check.startswith("markup-") or finding.check in _UNFIT


def _one_line(pair: Pair) -> Iterator[Finding]:
    may_break = pair.rule.is_list or pair.rule.markup == "block"
    if not may_break and "\n" in pair.msgstr:
        yield Finding(
            "message-line-break",
            "the translation has a line break, the text is one line.",
            "Remove \\n; a new paragraph needs a paragraph of its own in the topic.",
        )
    if "\t" in pair.msgstr or "\r" in pair.msgstr:
        yield Finding(
            "message-tab", "the translation has a tab or a carriage return.", "Write a space instead."
        )


def _control(pair: Pair) -> Iterator[Finding]:
    for character in dict.fromkeys(_CONTROL.findall(pair.msgstr)):
        yield Finding(
            "message-control",
            f"the translation holds the character U+{ord(character):04X}, which no text may hold.",
            "Remove it; most editors do not show it.",
        )


def _length(pair: Pair) -> Iterator[Finding]:
    limit = pair.rule.limit
    if limit is not None and len(pair.msgstr) > limit:
        yield Finding(
            "message-too-long",
            f"the translation has {len(pair.msgstr)} characters, the limit is {limit}.",
            "Say it in fewer words.",
        )


def copied_lines(rule: MessageRule, msgid: str, msgstr: str) -> frozenset[str]:
    """Return the lines of a translation that only repeat the English: no markup, white space made even."""
    lines = frozenset(_plain_lines(rule, msgstr)).intersection(_plain_lines(rule, msgid))
    return frozenset(line for line in lines if is_copy(line, line))


def plain_line(text: str) -> str:
    """Return a text of one line as `copied_lines` has it; one that is no inline markup is plain already."""
    with suppress(markup.MarkupError):
        text = markup.parse(text).plain()
    return " ".join(text.split())


def _copied(pair: Pair) -> Iterator[Finding]:
    if pair.rule.languages or pair.rule.is_optional:
        return  # a name; it may be the same in both languages
    if copied_lines(pair.rule, pair.msgid, pair.msgstr):
        yield Finding(
            "message-untranslated",
            "the translation is the English text.",
            "Translate it; empty the translation where you cannot yet.",
        )


def _plain_lines(rule: MessageRule, text: str) -> list[str]:
    """Return the lines without markup, white space made even; none where the markup is not sound."""
    try:
        if rule.markup == "block":
            lines = list(markup.plain_lines(read_unit(rule, text)))
        else:
            lines = (markup.parse(text).plain() if rule.markup else text).split("\n")
    except markup.MarkupError:
        return []
    return [" ".join(line.split()) for line in lines]


def _block_markup(pair: Pair) -> Iterator[Finding]:
    """Yield what makes a restructured text unsafe or unreadable; it need not have the tags of the English."""
    if pair.rule.markup != "block" or _CONTROL.search(pair.msgstr):
        return
    try:
        parts = read_unit(pair.rule, pair.msgstr)
    except markup.MarkupError as error:
        yield from (Finding(fault.check, fault.message, fault.hint) for fault in error.faults)
        return
    known = _SECTION_ID.findall(pair.msgid)
    for part in parts:
        if pair.rule.unit == "topic" and part["id"] not in known:
            yield Finding(
                "unit-section",
                f"the section {part['id']!r} is not in the English text.",
                f"Use the ids that stand there: {', '.join(known)}.",
            )


def _inline_markup(pair: Pair) -> Iterator[Finding]:
    if pair.rule.markup != "inline" or _CONTROL.search(pair.msgstr):
        return
    try:
        target = markup.parse(pair.msgstr)
    except markup.MarkupError as error:
        yield from (Finding(fault.check, fault.message, fault.hint) for fault in error.faults)
        return
    if markup.is_blank(target.plain()):
        yield Finding("text-blank", "the translation has no words.", "Translate the words too.")
        return
    source = markup.parse(pair.msgid)
    wanted = Counter(element.name for element in source.elements())
    found = Counter(element.name for element in target.elements())
    for name in (wanted - found).elements():
        yield Finding(
            "tag-lost",
            f"<{name}> of the English text is not in the translation.",
            "Put the tag around the same words.",
        )
    for name in (found - wanted).elements():
        yield Finding(
            "tag-foreign", f"<{name}> is not in the English text.", "Remove the tag, keep the words."
        )
    yield from _hrefs(source.hrefs(), target.hrefs(), pair.twins)


def _hrefs(wanted: list[str], found: list[str], twins: Twins) -> Iterator[Finding]:
    # What stands unchanged comes first: a twin may stand for several addresses.
    lost = list((Counter(wanted) - Counter(found)).elements())
    foreign: list[str] = []
    for target in (Counter(found) - Counter(wanted)).elements():
        match = next((source for source in lost if twins.stands_for(target, source)), None)
        if match is None:
            foreign.append(target)
        else:
            lost.remove(match)
    for href in lost:
        yield Finding(
            "href-lost",
            f"the link to {href} is not in the translation.",
            "Keep the href as it is; a link of a resource may become its page in your language.",
        )
    for href in foreign:
        yield Finding(
            "href-foreign",
            f"the link to {href} is not in the English text.",
            "Use the href of the English text, or the same page in your language as a resource names it.",
        )


CHECKS: Checks = (_one_line, _control, _length, _copied, _inline_markup, _block_markup)


def check_pair(pair: Pair, checks: Checks = CHECKS) -> list[Finding]:
    """Return every finding on a translation that is there and not fuzzy."""
    return [finding for check in checks for finding in check(pair)]


def links_of(document: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Yield every object of addresses by language (`links`, `pages`) anywhere in a document."""
    for name, value in document.items():
        if name in ("links", "pages") and isinstance(value, Mapping):
            yield value
        elif isinstance(value, Mapping):
            yield from links_of(value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Mapping):
                    yield from links_of(item)
