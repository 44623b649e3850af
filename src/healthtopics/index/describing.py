"""Makes the rows of topics and editions from their cards and from accounts of their documents."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from healthtopics.formats.account import Account, SectionAccount
from healthtopics.index.codes import plain_code
from healthtopics.index.rows import (
    CategoryRow,
    CodeRow,
    CorrectionRow,
    EditionRow,
    GroupRow,
    LinkOrganizationRow,
    LinkRow,
    NameRow,
    OrganizationRow,
    RelatedRow,
    Row,
    SectionRow,
    SiteWordsRow,
    TombstoneRow,
    TopicGroupRow,
    TopicRow,
)
from healthtopics.index.stems import stems
from healthtopics.index.titles import letter_of, sort_key
from healthtopics.jsontext import Document, canonical
from healthtopics.language import LanguageTag
from healthtopics.topic import Card, Tombstone

Words = Mapping[str, Mapping[str, Document]]
"""The vocabulary in `topics.json`: by its name and the id of the entry."""


def describe_topic(editions: Mapping[LanguageTag, Card], words: Words) -> Iterator[Row]:
    """Yield the rows of a topic that do not depend on the language; `editions` has at least one card."""
    card = next(iter(editions.values()))
    yield TopicRow(card.topic, card.kind)
    known = words.get("code-systems", {})
    # Two headings of MeSH may differ in their qualifiers alone.
    for coding in {(each.system, each.code): each for each in reversed(card.codes)}.values():
        system = known.get(coding.system, {})
        uri, oid = str(system.get("system", "")), str(system.get("oid", ""))
        yield CodeRow(
            card.topic, coding.system, uri, oid, coding.code, plain_code(coding.code), coding.display
        )
    for position, group in enumerate(card.groups, 1):
        yield TopicGroupRow(card.topic, position, group)
    for position, related in enumerate(card.related, 1):
        yield RelatedRow(card.topic, position, related)


def describe_card(
    card: Card, *, created: str, since: str, state: str, as_of: str, licence: str = ""
) -> Iterator[Row]:
    """Yield the rows of an edition that its card gives; the rest is as in `rows.EditionRow`."""
    topic, language = card.topic, str(card.language)
    yield EditionRow(
        topic=topic,
        language=language,
        title=card.title,
        letter=letter_of(card.title, language),
        sort=sort_key(card.title, language),
        page=card.page,
        description=card.description,
        created=created,
        updated=card.updated,
        since=since,
        review_by=card.review_by,
        state=state,
        as_of=as_of,
        content=card.content,
        licence=licence,
    )
    for kind, names in (
        ("title", (card.title,)),
        ("synonym", card.synonyms),
        ("index-term", card.index_terms),
    ):
        for position, name in enumerate(names, 1):
            yield NameRow(topic, language, kind, position, name, " ".join(stems(name, language)))
    for position, each in enumerate(card.corrections, 1):
        yield CorrectionRow(topic, language, position, each.date, each.what)


def describe_text(card: Card, account: Account, aspects: Mapping[str, str]) -> Iterator[Row]:
    """Yield the rows of an edition that only its documents give: sections, with their aspects, and links."""
    topic, language = card.topic, str(card.language)
    for position, (key, section) in enumerate((account.sections or {}).items(), 1):
        text = "\n".join(_lines(section))
        yield SectionRow(topic, language, position, key, aspects.get(key, ""), section.heading or "", text)
    for category, links in (account.links or {}).items():
        for position, link in enumerate(links, 1):
            yield LinkRow(topic, language, category, position, link.title, link.url, link.language)
            for organization in dict.fromkeys(link.publishers):
                yield LinkOrganizationRow(topic, language, category, position, organization)


def _lines(section: SectionAccount) -> Iterator[str]:
    """Yield the paragraphs and items of a section; accounts have its callouts apart from the rest."""
    yield from (each.text for each in section.passages)
    for callout in section.callouts:
        yield callout.heading
        yield from (each.text for each in callout.passages)


_LABELLED: Final[Mapping[str, type[GroupRow | CategoryRow]]] = {"groups": GroupRow, "categories": CategoryRow}
"""The vocabularies whose entries are labels alone, with the class of their rows."""


def describe_words(words: Words) -> Iterator[Row]:
    """Yield the labels of groups and categories, and the names of organizations, in every language."""
    for vocabulary, kind in _LABELLED.items():
        for position, (key, entry) in enumerate(words.get(vocabulary, {}).items(), 1):
            yield from (kind(key, language, position, label) for language, label in entry["labels"].items())
    for key, entry in words.get("organizations", {}).items():
        for language, name in entry["labels"].items():
            yield OrganizationRow(key, language, name, str(entry.get("url", "")))


def describe_site(site: Mapping[str, Document]) -> Iterator[Row]:
    """Yield what the pages around the topics say, by language."""
    yield from (SiteWordsRow(language, canonical(words).decode()) for language, words in site.items())


def describe_withdrawn(withdrawn: Iterable[Tombstone]) -> Iterator[Row]:
    """Yield the rows of topics that are withdrawn."""
    for each in withdrawn:
        yield from (TombstoneRow(each.id, str(tag), title, each.date) for tag, title in each.titles.items())
