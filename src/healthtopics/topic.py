"""Topics: the typed view of a topic's JSON document, and what exporters get to see of it.

`Topic` is what an author wrote; `LocalizedTopic` is one edition of it, made only by `translation`.
What has an `extra` keeps there the members that it does not know. Every text knows its language and state.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

from healthtopics import markup
from healthtopics.errors import InvalidTopicError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Problem, pointer_to

Document = Mapping[str, Any]
_LONGEST_BY_CHANCE: Final = 40
"""Characters; a name or a dose may well be the same in two languages."""
_T = TypeVar("_T")
_D = TypeVar("_D")


class TextState(StrEnum):
    """How a text came into the edition that it stands in."""

    SOURCE = "source"
    """As the author wrote it, in the source language."""
    TRANSLATED = "translated"
    OWN = "own"
    """Only this language has it; or a name or title that keeps its own language by rule."""
    MISSING = "missing"
    """English in the place of a translation that does not exist."""
    FUZZY = "fuzzy"
    """English in the place of a translation that nobody has confirmed."""
    BLOCKED = "blocked"
    """English in the place of a translation that has a blocking problem."""


HELD: Final = frozenset({TextState.MISSING, TextState.FUZZY, TextState.BLOCKED})
"""The states that keep an edition from being complete."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a reader sees, with the language that it is really in."""

    value: str
    language: LanguageTag = SOURCE
    state: TextState = TextState.SOURCE


def is_copy(text: str, original: str) -> bool:
    """Tell whether a translation only repeats the original: the same, and too long to be so by chance."""
    return text == original and len(text) > _LONGEST_BY_CHANCE and any(map(str.isalpha, text))


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a medical classification."""

    system: str
    """A key of the vocabulary `code-systems`."""
    code: str
    display: str
    """The system's official English name; never translated."""
    qualifiers: tuple[tuple[str, str], ...] = ()
    """Pairs of code and display."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name that another system has for the thing."""

    system: str
    value: str
    language: LanguageTag | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `text` is in the inline markup."""

    text: Text
    extra: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who stands behind the text; `text` is in the inline markup."""

    text: Text
    extra: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item; `text` is in the inline markup, `below` is the list under it."""

    text: Text
    below: "List | None" = None
    extra: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class List:
    """A list of at least one item."""

    items: tuple[ListItem, ...]
    is_ordered: bool = False
    extra: Document = field(default_factory=dict)


Block = Paragraph | List | Attribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A question and its answer."""

    id: str
    aspect: str
    """A key of the vocabulary `aspects`."""
    heading: Text
    body: tuple[Block, ...]
    extra: Document = field(default_factory=dict)


def choose_link(links: Mapping[LanguageTag, str], language: LanguageTag) -> tuple[LanguageTag, str]:
    """Return the page for an edition, and its language: its own, else English, else the first by tag."""
    choice = next((tag for tag in (language, SOURCE, *sorted(links)) if tag in links), None)
    if choice is None:
        raise ValueError("there is no link to choose from")
    return choice, links[choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A page elsewhere, in every language it has."""

    id: str
    categories: tuple[str, ...] | Mapping[LanguageTag, tuple[str, ...]]
    """Keys of the vocabulary `categories`: the same for all editions, or by language."""
    title: Text
    kind: str
    """page, article, search, video, image, audio or tool."""
    links: Mapping[LanguageTag, str]
    organizations: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    extra: Document = field(default_factory=dict)

    def categories_in(self, language: LanguageTag) -> tuple[str, ...]:
        """Return under which headings the link stands in that edition; empty where it is hidden there."""
        if isinstance(self.categories, tuple):
            return self.categories
        return self.categories.get(language, self.categories.get(SOURCE, ()))

    def link_in(self, language: LanguageTag) -> tuple[LanguageTag, str]:
        """Return the page that this edition links to, and its language; see `choose_link`."""
        return choose_link(self.links, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedTopic:
    """A related topic outside the collection; one inside it is just its id."""

    title: Text
    links: Mapping[LanguageTag, str]
    extra: Document = field(default_factory=dict)

    def link_in(self, language: LanguageTag) -> tuple[LanguageTag, str]:
        """Return the page that this edition links to, and its language; see `choose_link`."""
        return choose_link(self.links, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLanguage:
    """Where the information stands in a language that has no edition here."""

    name: Text
    url: str
    vernacular_name: str = ""
    language: LanguageTag | None = None
    extra: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review by somebody with the knowledge to do it."""

    date: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What happened when; each an ISO day, YYYY-MM-DD, or empty."""

    created: str
    updated: str
    reviewed: Review | None = None
    review_by: str = ""
    publish_from: str = ""
    withdraw_from: str = ""
    extra: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document on which the topic rests; its title stays in its own language."""

    id: str
    title: str
    language: LanguageTag
    publisher: str = ""
    url: str = ""
    published: str = ""
    retrieved: str = ""
    note: Text | None = None
    extra: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as its author wrote it."""

    id: str
    kind: str
    title: Text
    sections: tuple[Section, ...]
    dates: Dates
    sources: tuple[Source, ...]
    also_called: tuple[Text, ...] = ()
    see_references: tuple[Text, ...] = ()
    description: Text | None = None
    pages: Mapping[LanguageTag, str] = field(default_factory=dict)
    identifiers: tuple[Identifier, ...] = ()
    codes: tuple[Code, ...] = ()
    groups: tuple[str, ...] = ()
    primary_institute: str = ""
    publisher: str = ""
    """A key of the vocabulary `organizations`; empty where the workspace's publisher answers for the text."""
    resources: tuple[Resource, ...] = ()
    related_topics: tuple[str | RelatedTopic, ...] = ()
    """Ids of topics of the collection, or topics elsewhere, in the author's order."""
    other_languages: tuple[OtherLanguage, ...] = ()
    licence: str = ""
    disclaimer: str = ""
    quality_criteria: str = ""
    accept: tuple[tuple[str, str], ...] = ()
    """Pairs of a check's id and the reason why its finding is right here."""
    extra: Document = field(default_factory=dict)

    @classmethod
    def from_dict(cls, document: Document, path: str = "") -> "Topic":
        """Make the typed view of a topic's JSON document; the document stays untouched.

        Raises InvalidTopicError, with the JSON pointer, where the document lacks what a topic needs;
        `validation` tells everything that is wrong with it.
        """
        return cls(**_Reader(path).topic(document))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document, keys in the schema's order, unknown members last."""
        return _topic_to_dict(self)

    def references(self) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
        """Yield every reference to a vocabulary: vocabulary, key, and the way to it in the document."""
        yield "kinds", self.kind, ("kind",)
        for index, code in enumerate(self.codes):
            yield "code-systems", code.system, ("codes", index, "system")
        for index, group in enumerate(self.groups):
            yield "groups", group, ("groups", index)
        for index, section in enumerate(self.sections):
            yield "aspects", section.aspect, ("sections", index, "aspect")
        for index, resource in enumerate(self.resources):
            for each, organization in enumerate(resource.organizations):
                yield "organizations", organization, ("resources", index, "organizations", each)
            by_language = resource.categories
            if isinstance(by_language, tuple):
                for each, category in enumerate(by_language):
                    yield "categories", category, ("resources", index, "categories", each)
            else:
                for language, categories in by_language.items():
                    for each, category in enumerate(categories):
                        yield "categories", category, ("resources", index, "categories", language, each)
        single = (
            ("organizations", self.primary_institute, "primaryInstitute"),
            ("organizations", self.publisher, "publisher"),
            ("licences", self.licence, "licence"),
            ("notices", self.disclaimer, "disclaimer"),
            ("notices", self.quality_criteria, "qualityCriteria"),
        )
        for vocabulary, key, member in single:
            if key:
                yield vocabulary, key, (member,)


def strings(value: object, *steps: str | int) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield every string of a JSON value, and the way to it."""
    if isinstance(value, str):
        yield value, steps
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from strings(member, *steps, name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strings(item, *steps, index)


def linked_topics(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the id behind every `topic:` link and every related topic of the collection, with its pointer."""
    for text, steps in strings(document):
        if "topic:" in text and "<" in text:
            try:
                hrefs = markup.parse(text).hrefs()
            except markup.MarkupError:  # plain text, a heading perhaps, in which `<` and `&` are themselves
                continue
            yield from (
                (match[1], pointer_to(*steps)) for href in hrefs if (match := markup.TOPIC.fullmatch(href))
            )
    for index, related in enumerate(document.get("relatedTopics", ())):
        if isinstance(related, str):
            yield related, pointer_to("relatedTopics", index)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the translation of an edition has come; counts of messages."""

    messages: int = 0
    translated: int = 0
    missing: int = 0
    fuzzy: int = 0
    blocked: int = 0

    @property
    def is_complete(self) -> bool:
        """Tell whether every message is translated, confirmed and free of blocking problems."""
        return self.translated == self.messages

    def to_dict(self) -> dict[str, int]:
        """Return the counts by name."""
        return {
            "messages": self.messages,
            "translated": self.translated,
            "missing": self.missing,
            "fuzzy": self.fuzzy,
            "blocked": self.blocked,
        }

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(
            self.messages + other.messages,
            self.translated + other.translated,
            self.missing + other.missing,
            self.fuzzy + other.fuzzy,
            self.blocked + other.blocked,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizedTopic(Topic):
    """One edition of a topic: every text translated, or marked with the language that it is in.

    Text that only another language has is gone, and so is what stood or fell with it.
    """

    language: LanguageTag
    coverage: Coverage = Coverage()

    @classmethod
    def from_document(
        cls, document: Document, language: LanguageTag, coverage: Coverage = Coverage()
    ) -> "LocalizedTopic":
        """Make the typed view of a localized document, in which every message is a `Text`."""
        return cls(**_Reader("").topic(document), language=language, coverage=coverage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A vocabulary entry in one language."""

    id: str
    label: Text
    """What readers see; an organisation's name."""
    labels: Mapping[LanguageTag, str]
    """The same in every language that has it, the source language first."""
    text: Text | None = None
    """Notices only: the whole of the notice."""
    url: str = ""
    definition: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else the vocabulary says about it, by the names of its schema:
    `type`, `parent`, `schemaType`, `healthAspect`, `system`, `oid`, `codingSystem`, `iri`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What others need to know of one edition of a topic: enough for links, lists and the code system."""

    topic: str
    language: LanguageTag
    title: str
    page: str
    """The canonical page URL of this edition."""
    updated: str
    """The edition's date, as an instant, UTC."""
    kind: str
    description: str = ""
    synonyms: tuple[str, ...] = ()
    """alsoCalled and seeReferences of this edition."""
    codes: tuple[Code, ...] = ()
    groups: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    """Ids of related topics of the collection."""
    content: str = ""
    """The first 16 hex digits of a digest of all that the edition says, but for its dates."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form that the index of topics carries."""
        return _drop_empty(
            {
                "topic": self.topic,
                "language": self.language,
                "title": self.title,
                "page": self.page,
                "updated": self.updated,
                "kind": self.kind,
                "description": self.description,
                "synonyms": list(self.synonyms),
                "codes": [_code_to_dict(code) for code in self.codes],
                "groups": list(self.groups),
                "related": list(self.related),
                "content": self.content,
            }
        )

    @classmethod
    def from_dict(cls, document: Document) -> "Card":
        """Read back what `to_dict` gave."""
        return cls(
            topic=document["topic"],
            language=LanguageTag(document["language"]),
            title=document["title"],
            page=document["page"],
            updated=document["updated"],
            kind=document["kind"],
            description=document.get("description", ""),
            synonyms=tuple(document.get("synonyms", ())),
            codes=tuple(_Reader("").code(code) for code in document.get("codes", ())),
            groups=tuple(document.get("groups", ())),
            related=tuple(document.get("related", ())),
            content=document.get("content", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What an exporter needs besides the topic."""

    base_url: str
    """Without a slash at the end."""
    card: Card
    """The card of the edition that is exported."""
    publisher: Term
    """Who answers for the text."""
    data_publisher: Term
    """Who answers for the exports: the workspace's publisher."""
    terms: Mapping[str, Mapping[str, Term]]
    """Vocabulary → key → entry in the edition's language; at least all that the topic refers to."""
    editions: Mapping[LanguageTag, Card]
    """All published editions of the topic, this one included, by language."""
    topics: Mapping[str, Card]
    """Topics that this one links to or is related to, by id: the edition in this language,
    or the English one where there is none. A topic that is not published today is not among them."""

    def term(self, vocabulary: str, key: str) -> Term:
        """Return an entry; raises KeyError where the topic refers to none (`validation` sees to that)."""
        return self.terms[vocabulary][key]

    def resolve(self, href: str) -> str:
        """Return the URL behind an href of the inline markup: a topic's page in this language, or itself.

        Empty where the topic is not published today: the words stay, the link goes.
        """
        if not href.startswith("topic:"):
            return href
        card = self.topics.get(href.removeprefix("topic:"))
        return card.page if card else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """All topics together: what spans them is exported from this."""

    base_url: str
    """Without a slash at the end."""
    publisher: Term
    languages: tuple[LanguageTag, ...]
    """The source language first."""
    cards: Mapping[str, Mapping[LanguageTag, Card]]
    """Topic id → language → card of each published edition; ids sorted, the source language first."""
    terms: Mapping[str, Mapping[str, Term]]
    """The whole vocabulary, vocabulary → key → entry in the source language, `labels` in all."""
    titles: Mapping[str, Mapping[LanguageTag, str]]
    """The titles of the vocabularies themselves: vocabulary → language → title."""


def _drop_empty(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", None, [], {}, ())}


def _rest(document: Document, *known: str) -> Document:
    return {name: value for name, value in document.items() if name not in known}


class _Reader:
    """Reads documents into the typed view, growing the JSON pointer on the way down."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._steps: list[str | int] = []

    def _at(self, step: str | int, read: Callable[[], _T]) -> _T:
        self._steps.append(step)
        value = read()
        self._steps.pop()
        return value

    def _refuse(self, message: str) -> InvalidTopicError:
        pointer = pointer_to(*self._steps)
        hint = "See schema/topic.schema.json for what a topic needs."
        return InvalidTopicError(
            [Problem(check="topic-shape", path=self._path, pointer=pointer, message=message, hint=hint)]
        )

    def _need(self, document: Document, name: str, read: Callable[[Any], _T]) -> _T:
        if name not in document:
            raise self._refuse(f"{name!r} is missing.")
        return self._at(name, lambda: read(document[name]))

    def _may(self, document: Document, name: str, read: Callable[[Any], _T], default: _D) -> _T | _D:
        if name not in document:
            return default
        return self._at(name, lambda: read(document[name]))

    def _object(self, value: object) -> Document:
        if not isinstance(value, Mapping):
            raise self._refuse("an object is expected here.")
        return value

    def _each(self, read: Callable[[Any], _T]) -> Callable[[Any], tuple[_T, ...]]:
        def read_all(values: object) -> tuple[_T, ...]:
            if not isinstance(values, list | tuple):
                raise self._refuse("an array is expected here.")
            return tuple(self._at(index, lambda v=value: read(v)) for index, value in enumerate(values))  # type: ignore[misc]

        return read_all

    def _by_language(self, read: Callable[[Any], _T]) -> Callable[[Any], dict[LanguageTag, _T]]:
        def read_all(value: object) -> dict[LanguageTag, _T]:
            members = self._object(value)
            return {LanguageTag(name): self._need(members, name, read) for name in members}

        return read_all

    def text(self, value: object) -> Text:
        match value:
            case Text():
                return value
            case str():
                return Text(value)
            case {"text": str(text), "language": str(language)}:
                return Text(text, LanguageTag(language), TextState.OWN)
        raise self._refuse("a text is expected here.")

    def string(self, value: object) -> str:
        if not isinstance(value, str):
            raise self._refuse("a string is expected here.")
        return value

    def language(self, value: object) -> LanguageTag:
        return LanguageTag(self.string(value))

    def links(self, value: object) -> dict[LanguageTag, str]:
        return self._by_language(self.string)(value)

    def code(self, value: object) -> Code:
        document = self._object(value)
        return Code(
            self._need(document, "system", self.string),
            self._need(document, "code", self.string),
            self._need(document, "display", self.string),
            self._may(document, "qualifiers", self._each(self._pair("code", "display")), ()),
        )

    def _pair(self, first: str, second: str) -> Callable[[Any], tuple[str, str]]:
        def read(value: object) -> tuple[str, str]:
            document = self._object(value)
            return self._need(document, first, self.string), self._need(document, second, self.string)

        return read

    def identifier(self, value: object) -> Identifier:
        document = self._object(value)
        return Identifier(
            self._need(document, "system", self.string),
            self._need(document, "value", self.string),
            self._may(document, "language", self.language, None),
        )

    def item(self, value: object) -> ListItem:
        if isinstance(value, Mapping) and "item" in value:
            below = List(
                self._need(value, "list", self._each(self.item)), is_ordered=bool(value.get("ordered"))
            )
            extra = _rest(value, "item", "list", "ordered")
            return ListItem(self._need(value, "item", self.text), below, extra)
        return ListItem(self.text(value))

    def block(self, value: object) -> Block:
        document = self._object(value)
        if "paragraph" in document:
            return Paragraph(self._need(document, "paragraph", self.text), _rest(document, "paragraph"))
        if "attribution" in document:
            return Attribution(self._need(document, "attribution", self.text), _rest(document, "attribution"))
        return List(
            self._need(document, "list", self._each(self.item)),
            is_ordered=bool(document.get("ordered")),
            extra=_rest(document, "list", "ordered"),
        )

    def section(self, value: object) -> Section:
        document = self._object(value)
        return Section(
            id=self._need(document, "id", self.string),
            aspect=self._need(document, "aspect", self.string),
            heading=self._need(document, "heading", self.text),
            body=self._need(document, "body", self._each(self.block)),
            extra=_rest(document, "id", "aspect", "heading", "body"),
        )

    def categories(self, value: object) -> tuple[str, ...] | Mapping[LanguageTag, tuple[str, ...]]:
        if isinstance(value, Mapping):
            return self._by_language(self._each(self.string))(value)
        return self._each(self.string)(value)

    def resource(self, value: object) -> Resource:
        document = self._object(value)
        return Resource(
            id=self._need(document, "id", self.string),
            categories=self._need(document, "categories", self.categories),
            title=self._need(document, "title", self.text),
            kind=self._need(document, "kind", self.string),
            links=self._need(document, "links", self.links),
            organizations=self._may(document, "organizations", self._each(self.string), ()),
            identifiers=self._may(document, "identifiers", self._each(self.identifier), ()),
            extra=_rest(
                document, "id", "categories", "title", "kind", "links", "organizations", "identifiers"
            ),
        )

    def related(self, value: object) -> str | RelatedTopic:
        if isinstance(value, str):
            return value
        document = self._object(value)
        return RelatedTopic(
            title=self._need(document, "title", self.text),
            links=self._need(document, "links", self.links),
            extra=_rest(document, "title", "links"),
        )

    def other_language(self, value: object) -> OtherLanguage:
        document = self._object(value)
        return OtherLanguage(
            name=self._need(document, "name", self.text),
            url=self._need(document, "url", self.string),
            vernacular_name=self._may(document, "vernacularName", self.string, ""),
            language=self._may(document, "language", self.language, None),
            extra=_rest(document, "name", "url", "vernacularName", "language"),
        )

    def review(self, value: object) -> Review:
        document = self._object(value)
        return Review(
            date=self._need(document, "date", self.string), by=self._need(document, "by", self.string)
        )

    def dates(self, value: object) -> Dates:
        document = self._object(value)
        return Dates(
            created=self._need(document, "created", self.string),
            updated=self._need(document, "updated", self.string),
            reviewed=self._may(document, "reviewed", self.review, None),
            review_by=self._may(document, "reviewBy", self.string, ""),
            publish_from=self._may(document, "publishFrom", self.string, ""),
            withdraw_from=self._may(document, "withdrawFrom", self.string, ""),
            extra=_rest(
                document, "created", "updated", "reviewed", "reviewBy", "publishFrom", "withdrawFrom"
            ),
        )

    def source(self, value: object) -> Source:
        document = self._object(value)
        names = ("id", "title", "language", "publisher", "url", "published", "retrieved", "note")
        return Source(
            id=self._need(document, "id", self.string),
            title=self._need(document, "title", self.string),
            language=self._need(document, "language", self.language),
            publisher=self._may(document, "publisher", self.string, ""),
            url=self._may(document, "url", self.string, ""),
            published=self._may(document, "published", self.string, ""),
            retrieved=self._may(document, "retrieved", self.string, ""),
            note=self._may(document, "note", self.text, None),
            extra=_rest(document, *names),
        )

    def topic(self, value: object) -> dict[str, Any]:
        document = self._object(value)
        strings = self._each(self.string)
        texts = self._each(self.text)
        members = {
            "id": self._need(document, "id", self.string),
            "kind": self._need(document, "kind", self.string),
            "title": self._need(document, "title", self.text),
            "sections": self._need(document, "sections", self._each(self.section)),
            "dates": self._need(document, "dates", self.dates),
            "sources": self._need(document, "sources", self._each(self.source)),
            "also_called": self._may(document, "alsoCalled", texts, ()),
            "see_references": self._may(document, "seeReferences", texts, ()),
            "description": self._may(document, "description", self.text, None),
            "pages": self._may(document, "pages", self.links, {}),
            "identifiers": self._may(document, "identifiers", self._each(self.identifier), ()),
            "codes": self._may(document, "codes", self._each(self.code), ()),
            "groups": self._may(document, "groups", strings, ()),
            "primary_institute": self._may(document, "primaryInstitute", self.string, ""),
            "publisher": self._may(document, "publisher", self.string, ""),
            "resources": self._may(document, "resources", self._each(self.resource), ()),
            "related_topics": self._may(document, "relatedTopics", self._each(self.related), ()),
            "other_languages": self._may(document, "otherLanguages", self._each(self.other_language), ()),
            "licence": self._may(document, "licence", self.string, ""),
            "disclaimer": self._may(document, "disclaimer", self.string, ""),
            "quality_criteria": self._may(document, "qualityCriteria", self.string, ""),
            "accept": self._may(document, "accept", self._each(self._pair("check", "reason")), ()),
        }
        members["extra"] = _rest(document, *_TOPIC_MEMBERS)
        return members


_TOPIC_MEMBERS = (
    "id", "kind", "title", "alsoCalled", "seeReferences", "description", "pages", "identifiers", "codes",
    "groups", "primaryInstitute", "publisher", "sections", "resources", "relatedTopics", "otherLanguages",
    "dates", "sources", "licence", "disclaimer", "qualityCriteria", "accept",
)  # fmt: skip


def _text_to_dict(text: Text) -> str | dict[str, str]:
    if text.state is TextState.OWN:
        return {"text": text.value, "language": text.language}
    return text.value


def _code_to_dict(code: Code) -> dict[str, Any]:
    members: dict[str, Any] = {"system": code.system, "code": code.code, "display": code.display}
    if code.qualifiers:
        members["qualifiers"] = [{"code": key, "display": display} for key, display in code.qualifiers]
    return members


def _identifier_to_dict(identifier: Identifier) -> dict[str, Any]:
    return _drop_empty(
        {"system": identifier.system, "value": identifier.value, "language": identifier.language}
    )


def _item_to_dict(item: ListItem) -> Any:  # noqa: ANN401 - a JSON value
    if item.below is None:
        return _text_to_dict(item.text)
    return {"item": _text_to_dict(item.text), **_list_to_dict(item.below), **item.extra}


def _list_to_dict(block: List) -> dict[str, Any]:
    members: dict[str, Any] = {"list": [_item_to_dict(item) for item in block.items]}
    if block.is_ordered:
        members["ordered"] = True
    return {**members, **block.extra}


def _block_to_dict(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text, extra):
            return {"paragraph": _text_to_dict(text), **extra}
        case Attribution(text, extra):
            return {"attribution": _text_to_dict(text), **extra}
        case List():
            return _list_to_dict(block)


def _section_to_dict(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "aspect": section.aspect,
        "heading": _text_to_dict(section.heading),
        "body": [_block_to_dict(block) for block in section.body],
        **section.extra,
    }


def _resource_to_dict(resource: Resource) -> dict[str, Any]:
    categories: Any = resource.categories
    categories = (
        list(categories)
        if isinstance(categories, tuple)
        else {language: list(keys) for language, keys in categories.items()}
    )
    return {
        "id": resource.id,
        "categories": categories,
        "title": _text_to_dict(resource.title),
        **_drop_empty({"organizations": list(resource.organizations)}),
        "kind": resource.kind,
        "links": dict(resource.links),
        **_drop_empty({"identifiers": [_identifier_to_dict(each) for each in resource.identifiers]}),
        **resource.extra,
    }


def _related_to_dict(related: str | RelatedTopic) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(related, str):
        return related
    return {"title": _text_to_dict(related.title), "links": dict(related.links), **related.extra}


def _other_language_to_dict(other: OtherLanguage) -> dict[str, Any]:
    return {
        "name": _text_to_dict(other.name),
        **_drop_empty({"vernacularName": other.vernacular_name, "language": other.language}),
        "url": other.url,
        **other.extra,
    }


def _dates_to_dict(dates: Dates) -> dict[str, Any]:
    reviewed = {"date": dates.reviewed.date, "by": dates.reviewed.by} if dates.reviewed else None
    return {
        "created": dates.created,
        "updated": dates.updated,
        **_drop_empty(
            {
                "reviewed": reviewed,
                "reviewBy": dates.review_by,
                "publishFrom": dates.publish_from,
                "withdrawFrom": dates.withdraw_from,
            }
        ),
        **dates.extra,
    }


def _source_to_dict(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        **_drop_empty({"publisher": source.publisher, "url": source.url}),
        "language": source.language,
        **_drop_empty(
            {
                "published": source.published,
                "retrieved": source.retrieved,
                "note": _text_to_dict(source.note) if source.note else None,
            }
        ),
        **source.extra,
    }


def _topic_to_dict(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "kind": topic.kind,
        "title": _text_to_dict(topic.title),
        **_drop_empty(
            {
                "alsoCalled": [_text_to_dict(text) for text in topic.also_called],
                "seeReferences": [_text_to_dict(text) for text in topic.see_references],
                "description": _text_to_dict(topic.description) if topic.description else None,
                "pages": dict(topic.pages),
                "identifiers": [_identifier_to_dict(each) for each in topic.identifiers],
                "codes": [_code_to_dict(code) for code in topic.codes],
                "groups": list(topic.groups),
                "primaryInstitute": topic.primary_institute,
                "publisher": topic.publisher,
            }
        ),
        "sections": [_section_to_dict(section) for section in topic.sections],
        **_drop_empty(
            {
                "resources": [_resource_to_dict(resource) for resource in topic.resources],
                "relatedTopics": [_related_to_dict(related) for related in topic.related_topics],
                "otherLanguages": [_other_language_to_dict(other) for other in topic.other_languages],
            }
        ),
        "dates": _dates_to_dict(topic.dates),
        "sources": [_source_to_dict(source) for source in topic.sources],
        **_drop_empty(
            {
                "licence": topic.licence,
                "disclaimer": topic.disclaimer,
                "qualityCriteria": topic.quality_criteria,
                "accept": [{"check": check, "reason": reason} for check, reason in topic.accept],
            }
        ),
        **topic.extra,
    }
