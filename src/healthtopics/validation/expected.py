"""What every document of an edition should say, made from the localized topic.

It has what any of the formats says, and shares no code with the exporters.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from healthtopics.formats.account import Account, LinkAccount, Passage, SectionAccount
from healthtopics.formats.xhtml import bare, read_div
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.markup import escape
from healthtopics.topic import (
    Attribution,
    Block,
    Callout,
    Edition,
    List,
    ListItem,
    LocalizedTopic,
    Section,
    Subheading,
    Text,
)
from healthtopics.validation.facts import by_category, even, facts_of, languages_of_pages


@dataclass(frozen=True, slots=True)
class Expected:
    """What a document of an edition should say."""

    account: Account
    """Without facts."""
    facts: Mapping[str, Collection[tuple[object, ...]]]
    """By what they are about: the values, in every way in which a format may write them."""
    notes: frozenset[str]
    """The words beside a link that say that its page is in English."""


def expect(topic: LocalizedTopic, edition: Edition) -> Expected:
    """Return what the documents of an edition should say."""
    sections = {section.id: _section(section, topic, edition) for section in topic.sections}
    links = {
        key: tuple(LinkAccount(each.link_in(topic.language)[1]) for each in resources)
        for key, resources in by_category(topic, edition).items()
    }
    facts: dict[str, list[tuple[object, ...]]] = {}
    for what, values, _ in facts_of(topic, edition, sections):
        facts.setdefault(what, []).append(values)
    account = Account(
        language=topic.language,
        address=edition.card.page,
        title=topic.title.value,
        codes=tuple((code.system, code.code) for code in topic.codes),
        sections=sections,
        credits=tuple(
            each for section in sections.values() for each in section.passages if each.kind == "attribution"
        ),
        links=links,
    )
    notes = {bare(edition.term("parts", "in-english").label.value)}
    if edition.interface:
        notes.add(bare(edition.interface.language_name(SOURCE)))
    return Expected(account, facts, frozenset(notes))


# Text


def _section(section: Section, topic: LocalizedTopic, edition: Edition) -> SectionAccount:
    label = edition.term("aspects", section.aspect).label
    text = read_div(_xhtml(section.body, topic.language, edition))
    heading = section.heading or label
    passages, callouts = text.passages, text.callouts
    if topic.language != SOURCE:
        passages = _noted(passages, edition)
        callouts = tuple(each._replace(passages=_noted(each.passages, edition)) for each in callouts)
    return SectionAccount(
        heading=even(heading.value),
        heading_language=heading.language if heading.language != topic.language else "",
        is_headed=section.heading is not None,
        aspect=section.aspect,
        passages=passages,
        callouts=callouts,
        languages=text.languages,
    )


_TOPIC_LINK: Final = re.compile(r'<a href="(topic:[^"]*)">(.*?)</a>', re.DOTALL)


def _marked_up(text: Text, edition: Edition) -> str:
    """Return a text whose links to topics lead to their pages; links to topics without one are left out."""

    def resolve(link: re.Match[str]) -> str:
        url = edition.resolve(link[1])
        return f'<a href="{escape(url)}">{link[2]}</a>' if url else link[2]

    return _TOPIC_LINK.sub(resolve, text.value) if "topic:" in text.value else text.value


def _xhtml(body: Iterable[Block], language: LanguageTag, edition: Edition) -> str:
    """Return the blocks as XHTML, in which a text in another language is marked.

    It is as in a narrative of FHIR where that is possible, so that most texts are read only once.
    """

    def element(name: str, text: Text, *, is_plain: bool = False) -> str:
        return f"<{name}{mark(text)}>{escape(text.value) if is_plain else _marked_up(text, edition)}</{name}>"

    def mark(text: Text) -> str:
        return f' lang="{text.language}"' if text.language != language else ""

    def write(block: Block) -> str:
        match block:
            case List():
                name = "ol" if block.is_ordered else "ul"
                return f"<{name}>{''.join(map(write_item, block.items))}</{name}>"
            case Callout():
                label = edition.term("urgencies", block.urgency).label
                words = f'<p class="urgency"{mark(label)}>{escape(label.value)}</p>'
                heading = element("h3", block.heading, is_plain=True)
                content = words + heading + "".join(map(write, block.body))
                return f'<div class="callout {block.urgency}">{content}</div>'
            case Subheading():
                return element("h3", block.text, is_plain=True)
            case Attribution():
                return f'<div class="attribution">{element("p", block.text)}</div>'
        return element("p", block.text)

    def write_item(item: ListItem) -> str:
        if item.below is None:
            return element("li", item.text)
        words = element("span", item.text) if mark(item.text) else _marked_up(item.text, edition)
        return f"<li>{words}{write(item.below)}</li>"

    opening = f'<div xmlns="http://www.w3.org/1999/xhtml" lang="{language}" xml:lang="{language}">'
    return f"{opening}{''.join(map(write, body))}</div>"


def _noted(passages: tuple[Passage, ...], edition: Edition) -> tuple[Passage, ...]:
    """Return the passages with a note for each link to an English page."""
    languages = languages_of_pages(edition)
    return tuple(
        each._replace(notes=tuple(SOURCE for link in each.links if languages.get(link) == SOURCE))
        if each.links and all(mark.kind != SOURCE for mark in each.marks)
        else each
        for each in passages
    )
