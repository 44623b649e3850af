"""Tags and links: safe, sound, and those of the English text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Final

from healthtopics import markup
from healthtopics.checks.addresses import is_twin
from healthtopics.checks.form import CONTROL
from healthtopics.checks.values import Check, Finding, Need, Pair, Spot
from healthtopics.problems import Level
from healthtopics.reading.plain import read_unit

_SECTION_ID = re.compile(r'<h3 id="([^"]*)"')


def check_blocks(pair: Pair) -> Iterator[Finding]:
    """Yield what makes a restructured text unsafe or unreadable; its tags may differ from the English."""
    if pair.rule.markup != "block" or CONTROL.search(pair.msgstr):
        return
    try:
        parts = read_unit(pair.rule, pair.msgstr)
    except markup.MarkupError as error:
        yield from (MARKUP[fault.check].finding(fault.message, fault.hint) for fault in error.faults)
        return
    known = _SECTION_ID.findall(pair.msgid)
    for part in parts:
        if pair.rule.unit == "topic" and part["id"] not in known:
            yield UNIT_SECTION.finding(
                f"the section {part['id']!r} is not in the English text.",
                f"Use the ids of the English: {', '.join(known)}.",
            )


def check_inline(pair: Pair) -> Iterator[Finding]:
    """Yield markup that is not sound, and tags and links that differ from the English text."""
    if pair.rule.markup != "inline" or CONTROL.search(pair.msgstr):
        return
    if not any(mark in text for mark in "<&" for text in (pair.msgid, pair.msgstr)):
        yield from _blank(pair.msgstr)
        return
    try:
        target = markup.parse(pair.msgstr)
    except markup.MarkupError as error:
        yield from (MARKUP[fault.check].finding(fault.message, fault.hint) for fault in error.faults)
        return
    if blank := _blank(target.plain()):
        yield from blank
        return
    source = markup.parse(pair.msgid)
    wanted = Counter(element.name for element in source.elements())
    found = Counter(element.name for element in target.elements())
    places = list(_places_of(wanted - found, source, set(target.hrefs())))
    for name, place in zip((wanted - found).elements(), places, strict=True):
        yield TAG_LOST.finding(
            f"<{name}> of the English text is not in the translation.",
            "Put the tag around the same words.",
            english=place,
        )
    foreign = list(_places_of(found - wanted, target, set(source.hrefs())))
    named = zip((found - wanted).elements(), foreign, strict=True)
    for (name, place), replaced in zip_longest(named, places[: len(foreign)]):
        yield TAG_FOREIGN.finding(
            f"<{name}> is not in the English text.",
            "Remove the tag, keep the words.",
            english=replaced,
            translation=place,
        )
    yield from _hrefs(pair, source, target)


def _blank(text: str) -> list[Finding]:
    if not markup.is_blank(text):
        return []
    return [
        MARKUP[markup.MarkupRule.BLANK].finding("the translation has no words.", "Translate the words too.")
    ]


def _places_of(more: Counter[str], text: markup.Inline, kept: set[str]) -> Iterator[Spot]:
    """Yield the places of elements that one text has more of; links with other addresses come first."""
    elements = list(enumerate(text.elements()))
    for name, count in more.items():
        own = [
            (each.name == "a" and each.href in kept, place) for place, each in elements if each.name == name
        ]
        yield from (Spot(place, place + 1, "markup") for _, place in sorted(own)[:count])


def _place_of_link(source: markup.Inline, href: str) -> Spot:
    place = next(
        place for place, each in enumerate(source.elements()) if each.name == "a" and each.href == href
    )
    return Spot(place, place + 1, "markup")


def _hrefs(pair: Pair, source: markup.Inline, translation: markup.Inline) -> Iterator[Finding]:
    wanted, found = source.hrefs(), translation.hrefs()
    # Unchanged addresses are matched first: a twin may replace several addresses.
    lost = list((Counter(wanted) - Counter(found)).elements())
    foreign: list[str] = []
    for target in (Counter(found) - Counter(wanted)).elements():
        match = next((source for source in lost if is_twin(pair, target, source)), None)
        if match is None:
            foreign.append(target)
        else:
            lost.remove(match)
    places = [_place_of_link(source, href) for href in lost]
    for number, (href, place) in enumerate(zip(lost, places, strict=True)):
        instead = f", which has {foreign[number]}" if number < len(foreign) else ""
        yield HREF_LOST.finding(
            f"the link to {href} is not in the translation{instead}.",
            "Keep the href as it is; what a resource or twins.json names may be its page in your language.",
            english=place,
        )
    for href, replaced in zip_longest(foreign, places[: len(foreign)]):
        yield HREF_FOREIGN.finding(
            f"the link to {href} is not in the English text.",
            "Use the href of the English text, or the page in your language that a resource or twins.json "
            "names.",
            english=replaced,
            translation=_place_of_link(translation, href),
        )


def check_plain(pair: Pair) -> Iterator[Finding]:
    """Yield markup in a text that has none, which readers would see as it is."""
    found = "" if pair.rule.markup else markup.literal_markup(pair.msgstr)
    if found and found not in pair.msgid:
        yield shown_markup(found)


def shown_markup(found: str) -> Finding:
    """Return the finding on a tag or entity in a plain text."""
    return MARKUP_PLAIN.finding(
        f"readers see “{found}” as it is: this text has no markup.",
        "Leave out the tag, or write the character itself.",
    )


MARKUP_PLAIN: Final = Check("markup-plain", check_plain, level=Level.WARNING, needs=Need.FORM)
TAG_LOST: Final = Check("tag-lost", check_inline, needs=Need.FORM)
TAG_FOREIGN: Final = Check("tag-foreign", check_inline, needs=Need.FORM)
HREF_LOST: Final = Check("href-lost", check_inline, needs=Need.TOPIC)
HREF_FOREIGN: Final = Check("href-foreign", check_inline, needs=Need.TOPIC)
UNIT_SECTION: Final = Check("unit-section", check_blocks, needs=Need.FORM, is_dismissible=False)
MARKUP: Final[Mapping[str, Check]] = {
    rule: Check(rule.value, needs=Need.FORM, is_dismissible=False) for rule in markup.MarkupRule
}
