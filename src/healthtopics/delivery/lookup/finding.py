"""From a knowledge request to the topics that answer it."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final
from urllib.parse import urlencode

from healthtopics.delivery.lookup import words
from healthtopics.delivery.lookup.feed import (
    BROADER,
    EXACT,
    RELATED,
    SKOS,
    Category,
    Feed,
    FeedEntry,
    FeedLink,
)
from healthtopics.delivery.lookup.request import (
    CRITERIA,
    RECIPIENT,
    SUBTOPIC,
    Concept,
    KnowledgeRequest,
    write_concepts,
)
from healthtopics.delivery.lookup.subtopics import aspects_of
from healthtopics.delivery.lookup.summaries import footer_markup, plain_markup, section_markup
from healthtopics.delivery.message import Wording
from healthtopics.delivery.pages import HTML
from healthtopics.delivery.site import Site
from healthtopics.index.codes import CodedTopic, find_system, topics_with_code
from healthtopics.index.named import topics_named
from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import EditionRow, SectionRow
from healthtopics.index.topics import editions_of, sections_of
from healthtopics.schema import packaged

_MOST_BY_NAME: Final = 5
"""The largest number of topics for a name; codes are exact, names are not."""


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic that answers one or more of the concepts that were asked about."""

    topic: str
    concepts: tuple[int, ...]
    """The numbers of the concepts."""
    asked: Concept
    """The one that it answers best."""
    coded: CodedTopic | None = None
    """None if it was found by a name."""
    is_related: bool = False
    """Whether its name is another one, with the words that were asked about in it."""

    @property
    def is_broader(self) -> bool:
        """Return whether it only covers more than what was asked for."""
        return self.coded is not None and self.coded.is_broader

    @property
    def is_exact(self) -> bool:
        """Return whether it is on what was asked for, and on that only."""
        return not (self.is_broader or self.is_related)

    @property
    def note(self) -> Wording | None:
        """The words that say how it differs from what was asked for; None if it is exact."""
        if self.is_broader:
            return words.BROADER.filled(code=self.asked.code)
        return words.RELATED.filled(name=f"“{self.asked.name}”") if self.is_related else None

    def joined(self, other: "FoundTopic") -> "FoundTopic":
        """Return both as one: an exact code counts more than a name, and one that is not exact less."""
        best = min(self, other, key=lambda each: (each.is_related, each.is_broader, each.coded is None))
        return replace(best, concepts=(*self.concepts, *other.concepts))


def find_topics(site: Site, concepts: Sequence[Concept], language: str) -> list[FoundTopic]:
    """Return the topics for some concepts, each once, in the order of the concepts.

    A concept with a code and a system is looked up by its code only; others are looked up by their names.
    """
    found: dict[str, FoundTopic] = {}
    for number, concept in enumerate(concepts):
        for each in _find(site.index, number, concept, language):
            found[each.topic] = found[each.topic].joined(each) if each.topic in found else each
    return list(found.values())


def _find(index: TopicIndex, number: int, concept: Concept, language: str) -> Iterator[FoundTopic]:
    if concept.is_coded:
        for coded in topics_with_code(index, concept.system, concept.code):
            yield FoundTopic(coded.topic, (number,), concept, coded)
    else:
        for named in topics_named(index, concept.name, language, limit=_MOST_BY_NAME):
            yield FoundTopic(named.topic, (number,), concept, is_related=not named.is_whole)


def find_feed(site: Site, request: KnowledgeRequest) -> Feed:
    """Return the feed for a request. Topics without an edition in its language are left out."""
    language = request.language or site.languages[0]
    aspects = aspects_of(request.subtopics)
    topics = find_topics(site, request.concepts, language)
    entries = tuple(entry for found in topics for entry in _entries(site, request, found, language, aspects))
    asked = [*write_concepts(CRITERIA, request.concepts), *write_concepts(SUBTOPIC, request.subtopics)]
    names = [name_of(site.index, each) for each in request.concepts]
    return Feed(
        id=_feed_id(site, [*asked, (RECIPIENT, request.recipient), ("language", language)]),
        base=f"{site.base_url}/",
        language=language,
        title=words.TITLE.into(language),
        subtitle=words.RESULTS.filled(asked=", ".join(names)).into(language),
        updated=max((entry.updated for entry in entries), default=site.time),
        author=site.host,
        author_uri=f"{site.base_url}/",
        categories=tuple(Category(name, value) for name, value in [*asked, (RECIPIENT, request.recipient)]),
        entries=entries,
        elsewhere=tuple(
            link for each in topics if each.is_exact for link in _elsewhere(site, each, language)
        ),
    )


def _elsewhere(site: Site, found: FoundTopic, language: str) -> list[FeedLink]:
    """Return the pages of a topic, if none is in the language."""
    editions = editions_of(site.index, found.topic)
    if any(each.language == language for each in editions):
        return []
    return [FeedLink(each.page, each.language, each.title) for each in editions]


def _feed_id(site: Site, asked: Sequence[tuple[str, str]]) -> str:
    # Based on a name (RFC 9562, §5.5): stable, and no diagnosis can be read in it.
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{site.base_url}/infobutton?{urlencode(asked)}").urn


def name_of(index: TopicIndex, concept: Concept) -> str:
    """Return a concept for people: `ICD-10-CM O03.4`, or its words."""
    if concept.is_coded:
        return f"{_system_name(index, concept.system)} {concept.code}"
    return f"“{concept.name}”"


def _system_name(index: TopicIndex, system: str) -> str:
    """Return the name of a code system for people; as given, if it is not known."""
    return _system_names().get(find_system(index, system), system)


@cache
def _system_names() -> dict[str, str]:
    entries = packaged("vocabulary/code-systems.json")["entries"]
    return {each["id"]: each["codingSystem"] for each in entries}


def _entries(
    site: Site, request: KnowledgeRequest, found: FoundTopic, language: str, aspects: frozenset[str]
) -> Iterator[FeedEntry]:
    """Yield the entry for a topic, or one for each of its sections that the request is about."""
    editions = {each.language: each for each in editions_of(site.index, found.topic)}
    edition = editions.get(language)
    if edition is None:
        return
    sections = sections_of(site.index, found.topic, language)
    page = _page(site, edition)
    texts = _texts(page, sections)
    whole = FeedEntry(
        id=f"{site.base_url}/{language}/{found.topic}",
        language=language,
        title=edition.title,
        updated=edition.updated,
        links=tuple(
            FeedLink(each.page, each.language, each.title)
            for each in (edition, *(each for each in editions.values() if each is not edition))
        ),
        summary="\n".join(texts) or plain_markup("", edition.description),
        description=edition.description,
        about=footer_markup(page),
        note=found.note.into(language) if found.note else "",
        categories=tuple(_categories(site, request, found)),
    )
    parts = [
        (section, text) for section, text in zip(sections, texts, strict=True) if section.aspect in aspects
    ]
    if not parts:
        yield whole
    for section, text in parts:
        yield replace(
            whole,
            id=f"{whole.id}#{section.id}",
            title=f"{edition.title}: {section.heading}" if section.heading else edition.title,
            links=tuple(replace(link, href=_address(site, link.href, section.id)) for link in whole.links),
            summary=text,
        )


def _address(site: Site, page: str, section: str) -> str:
    """Return the address of a section; that of the page, if it is not one of this site."""
    return f"{page}#{section}" if page.startswith(f"{site.base_url}/") else page


def _texts(page: bytes, sections: Sequence[SectionRow]) -> list[str]:
    """Return the HTML of each section, from the exported page if there is one."""
    written = section_markup(page, frozenset(each.id for each in sections))
    return [written.get(each.id) or plain_markup(each.heading, each.text) for each in sections]


def _page(site: Site, edition: EditionRow) -> bytes:
    """Return the exported page of an edition; empty if there is none here, as in a partial copy."""
    found = (each for each in site.artifacts_of(edition.topic, edition.language) if each.media_type == HTML)
    page = next(found, None)
    return site.read(page) if page else b""


def _categories(site: Site, request: KnowledgeRequest, found: FoundTopic) -> Iterable[Category]:
    for number in found.concepts:
        concept = request.concepts[number]
        field, term = ("c", concept.code) if found.coded else ("dn", concept.name)
        yield Category(f"{CRITERIA}.v.{field}{number or ''}", term)
    if found.coded:
        label = f"{_system_name(site.index, found.coded.system)} {found.coded.code}"
        yield Category(SKOS, BROADER if found.is_broader else EXACT, label)
    elif found.is_related:
        yield Category(SKOS, RELATED, found.asked.name)
