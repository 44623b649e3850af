"""What exporters need in addition to a topic: the words, the other editions, the whole collection."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from healthtopics.jsontext import Document
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic.document import from_document, to_document
from healthtopics.topic.values import Coding, Dates, Review, Text, TextState


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizedTerm:
    """A vocabulary entry in one language."""

    id: str
    label: Text
    """The words that readers see; an organization's name."""
    labels: Mapping[LanguageTag, str]
    """The label in every language that has it, the source language first; a label in only one other language
    is there alone."""
    text: Text | None = None
    """For notices: the whole text."""
    url: str = ""
    """Its page for readers of the language."""
    home: str = ""
    """Its page whatever the language, by which it is the same in every edition."""
    definition: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Other facts of the vocabulary, by the names of its schema: `type`, `parent`, `schemaType`,
    `healthAspect`, `system`, `oid`, `codingSystem`, `iri`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """The words of pages in one language, and how they write days and name languages."""

    language: LanguageTag = SOURCE
    words: Mapping[str, Text] = field(default_factory=dict)
    """The translations, by the English words."""
    days: tuple[str, ...] = ()
    """The pattern of a day in each month, January first: `{day} de enero de {year}`."""
    languages: Mapping[LanguageTag, str] = field(default_factory=dict)
    """Names of languages in this one, as used within a sentence."""
    autonyms: Mapping[LanguageTag, str] = field(default_factory=dict)
    """The languages of the editions, each by its own name for itself, in title case."""
    locale: str = ""
    """Language and territory, as the Open Graph protocol writes them: `es_US`."""

    def word(self, english: str) -> Text:
        """Return the translation of English words; the words themselves if there is none."""
        state = TextState.SOURCE if self.language == SOURCE else TextState.MISSING
        return self.words.get(english) or Text(english, SOURCE, state)

    def day(self, day: str) -> str:
        """Return an ISO day as readers write it; unchanged if the pattern is not known."""
        if not self.days:
            return day
        year, month, number = day.split("-")
        return self.days[int(month) - 1].replace("{year}", year).replace("{day}", str(int(number)))

    def language_name(self, language: LanguageTag) -> str:
        """Return the name of a language within a sentence; its tag if there is none."""
        return self.languages.get(language, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWords:
    """What the pages around the topics say in one language. What is not translated is empty or missing."""

    name: str = ""
    """The name of the site."""
    publisher: str = ""
    publisher_url: str = ""
    disclaimer: str = ""
    licences: Mapping[str, str] = field(default_factory=dict)
    """The names of terms of use, by their addresses."""
    autonym: str = ""
    """The name of the language for itself, in title case."""
    days: tuple[str, ...] = ()
    """As in `Interface`."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The translations of the words in templates, by the English ones; none in English."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form for the index of topics."""
        return to_document(SiteWords, self)

    @classmethod
    def from_dict(cls, document: Document) -> "SiteWords":
        """Read what `to_dict` returned."""
        return from_document(SiteWords, document)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCorrection:
    """A correction, in the language of the edition that lists it."""

    date: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLink:
    """What a link to one edition of another topic needs."""

    topic: str
    language: LanguageTag
    title: str
    page: str
    """The canonical page URL of this edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(TopicLink):
    """What lists and the code system of all topics need to know about one edition."""

    updated: str
    """The edition's date, as an instant, UTC."""
    kind: str
    description: str = ""
    synonyms: tuple[str, ...] = ()
    """Other names of the subject, alsoCalled."""
    index_terms: tuple[str, ...] = ()
    """Words under which readers find the topic, seeReferences: never names of its subject."""
    codes: tuple[Coding, ...] = ()
    groups: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    """Ids of related topics of the collection."""
    review_by: str = ""
    """The last day for the next review, ISO; empty if none is planned."""
    corrections: tuple[ListedCorrection, ...] = ()
    """What was wrong in earlier versions, the oldest first."""
    content: str = ""
    """The first 16 hex digits of a digest of everything in the edition except its dates."""
    sections: tuple[str, ...] = ()
    """The ids of its sections, in order; empty if the release that made it recorded none."""

    @property
    def version(self) -> str:
        """Return the version of what readers see: the day of the content, and eight digits of its digest."""
        return "-".join(filter(None, (self.updated[:10].replace("-", "."), self.content[:8])))

    @property
    def link(self) -> TopicLink:
        """What a link needs of it: less than the card, and it changes less often."""
        return TopicLink(topic=self.topic, language=self.language, title=self.title, page=self.page)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form for the index of topics."""
        return to_document(Card, self)

    @classmethod
    def from_dict(cls, document: Document) -> "Card":
        """Read what `to_dict` returned."""
        return from_document(Card, document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of a topic that was withdrawn."""

    id: str
    date: str
    """The time of the first release without it, an instant."""
    titles: Mapping[LanguageTag, str]
    """The last title of each edition, the source language first."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form for the index of topics."""
        return to_document(Tombstone, self)

    @classmethod
    def from_dict(cls, document: Document) -> "Tombstone":
        """Read what `to_dict` returned."""
        return from_document(Tombstone, document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What an exporter needs in addition to the topic."""

    base_url: str
    """Without a slash at the end."""
    card: Card
    """The card of the edition that is exported."""
    publisher: LocalizedTerm
    """The organization responsible for the text."""
    data_publisher: LocalizedTerm
    """The organization responsible for the exports: the workspace's publisher."""
    terms: Mapping[str, Mapping[str, LocalizedTerm]]
    """Vocabulary → key → entry in the edition's language; at least everything that the topic refers to."""
    editions: Mapping[LanguageTag, Card]
    """All published editions of the topic, this one included, by language."""
    topics: Mapping[str, TopicLink]
    """Topics that this one links to or is related to, by id: the edition in this language, or else the
    English one. Topics that are not published today are missing."""
    pages: Mapping[str, LanguageTag] = field(default_factory=dict)
    """The language of each page elsewhere that the text links to, by its address; those in the edition's
    language, and those in a language that is not known, are left out."""
    interface: Interface | None = None
    """What pages need; None if the workspace exports none."""
    emergency_numbers: tuple[str, ...] = ()
    """What readers call in an emergency, in the region of the workspace."""
    contact: str = ""
    """Where readers report a problem with the page: an address with `https:` or `mailto:`; empty for nowhere.
    """
    trial: bool = False
    """Whether the workspace only tries things out."""

    def review_in(self, dates: Dates) -> Review | None:
        """Return the review that readers of this edition see: the last one of what it says.

        An organization of the vocabulary has its name in the language of the edition.
        """
        review = dates.review_of(self.card.language, self.card.updated[:10], self.card.content)
        body = self.organization_named(review.by) if review else None
        return replace(review, by=body.label.value) if review and body else review

    def organization_named(self, name: str) -> LocalizedTerm | None:
        """Return the organization that has the name in any language; None if the vocabulary has none."""
        organizations = self.terms.get("organizations", {}).values()
        return next((each for each in organizations if name in each.labels.values()), None)

    def term(self, vocabulary: str, key: str) -> LocalizedTerm:
        """Return an entry that the topic refers to; raises KeyError for others."""
        return self.terms[vocabulary][key]

    def resolve(self, href: str) -> str:
        """Return the URL for an href of the inline markup: a topic's page in this language, or itself.

        Empty if the topic is not published today: the words stay without the link.
        """
        if not href.startswith("topic:"):
            return href
        card = self.topics.get(href.removeprefix("topic:"))
        return card.page if card else ""

    def language_of(self, href: str) -> LanguageTag:
        """Return the language of the page that an href of the inline markup leads to."""
        card = self.topics.get(href.removeprefix("topic:")) if href.startswith("topic:") else None
        return card.language if card else self.pages.get(href, self.card.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCollection:
    """All topics together, from which documents that span them are exported."""

    base_url: str
    """Without a slash at the end."""
    publisher: LocalizedTerm
    languages: tuple[LanguageTag, ...]
    """The source language first."""
    cards: Mapping[str, Mapping[LanguageTag, Card]]
    """Topic id → language → card of each published edition; ids sorted, the source language first."""
    terms: Mapping[str, Mapping[str, LocalizedTerm]]
    """The whole vocabulary, vocabulary → key → entry in the source language, `labels` in all."""
    titles: Mapping[str, Mapping[LanguageTag, str]]
    """The titles of the vocabularies themselves: vocabulary → language → title."""
    withdrawn: tuple[Tombstone, ...] = ()
    """The topics that were published once and are not now; ids sorted."""
