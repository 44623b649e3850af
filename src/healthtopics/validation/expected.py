"""What every document of an edition should say, made from the localized topic.

It has what any of the formats says, and shares no code with the exporters.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from healthtopics.formats.account import Account, LinkAccount, Passage, SectionAccount
from healthtopics.formats.xhtml import bare, parse_div, parsed, read_text
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.markup import escape
from healthtopics.topic import (
    Attribution,
    Block,
    Callout,
    Edition,
    List,
    LocalizedTopic,
    Section,
    Subheading,
    Text,
)
from healthtopics.validation.facts import by_category, even, facts_of


@dataclass(frozen=True, slots=True)
class Expected:
    """What a document of an edition should say."""

    account: Account
    """Without facts."""
    facts: Mapping[str, Collection[tuple[str, ...]]]
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
    facts: dict[str, list[tuple[str, ...]]] = {}
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
    text = read_text([parsed(parse_div, _xhtml(section.body, topic.language, edition))])
    heading = section.heading or label
    return SectionAccount(
        heading=even(heading.value),
        heading_language=heading.language if heading.language != topic.language else "",
        is_headed=section.heading is not None,
        aspect=section.aspect,
        passages=tuple(_resolved(each, edition, topic.language) for each in text.passages),
        callouts=tuple(
            callout._replace(
                passages=tuple(_resolved(each, edition, topic.language) for each in callout.passages)
            )
            for callout in text.callouts
        ),
        languages=text.languages,
    )


def _xhtml(body: Iterable[Block], language: LanguageTag, edition: Edition) -> str:
    """Return the blocks as XHTML, in which a text in another language is marked."""

    def element(name: str, text: Text, *, is_plain: bool = False) -> str:
        return f"<{name}{mark(text)}>{escape(text.value) if is_plain else text.value}</{name}>"

    def mark(text: Text) -> str:
        return f' lang="{text.language}"' if text.language != language else ""

    def write(block: Block) -> str:
        match block:
            case List():
                name = "ol" if block.is_ordered else "ul"
                items = (
                    f"<li>{element('span', item.text)}{write(item.below) if item.below else ''}</li>"
                    for item in block.items
                )
                return f"<{name}>{''.join(items)}</{name}>"
            case Callout():
                label = edition.term("urgencies", block.urgency).label
                words = f'<p class="urgency"{mark(label)}>{escape(label.value)}</p>'
                heading = element("h2", block.heading, is_plain=True)
                content = words + heading + "".join(map(write, block.body))
                return f'<div class="callout {block.urgency}">{content}</div>'
            case Subheading():
                return element("h2", block.text, is_plain=True)
            case Attribution():
                return f'<div class="attribution">{element("p", block.text)}</div>'
        return element("p", block.text)

    return f"<div>{''.join(map(write, body))}</div>"


def _resolved(passage: Passage, edition: Edition, language: LanguageTag) -> Passage:
    """Return a passage whose links lead where they should, with a note beside those to English pages.

    Links to a topic that is not published are left out.
    """
    if not passage.links:
        return passage
    return passage._replace(
        links=tuple(filter(None, map(edition.resolve, passage.links))),
        notes=tuple(
            SOURCE
            for link in passage.links
            if language != SOURCE and edition.resolve(link) and edition.language_of(link) == SOURCE
            if all(mark.kind != SOURCE for mark in passage.marks)
        ),
        marks=tuple(
            each._replace(kind=target)
            for each in passage.marks
            if (target := edition.resolve(each.kind) if each.kind.startswith("topic:") else each.kind)
        ),
    )
