"""The parts of topics: texts with their language, blocks, links, dates, sources.

The fields are in the order of the document; `document` reads and writes them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final

from healthtopics.jsontext import Document
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic.fields import (
    AspectKey,
    CategoryKey,
    CodeSystemKey,
    JsonName,
    OrganizationKey,
    UrgencyKey,
)

_LONGEST_BY_CHANCE: Final = 40
"""In characters; a name or a dose may well be the same in two languages."""


class TextState(StrEnum):
    """Where the text of an edition comes from."""

    SOURCE = "source"
    """As the author wrote it, in the source language."""
    TRANSLATED = "translated"
    OWN = "own"
    """Only in this language; or a name or title that keeps its language by rule."""
    MISSING = "missing"
    """English in place of a missing translation."""
    FUZZY = "fuzzy"
    """English in place of a translation that nobody has confirmed."""
    BLOCKED = "blocked"
    """English in place of a translation that has a blocking problem."""


HELD: Final = frozenset({TextState.MISSING, TextState.FUZZY, TextState.BLOCKED})
"""The states that keep an edition from being complete."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a reader sees, with the language that it is actually in."""

    value: str
    language: LanguageTag = SOURCE
    state: TextState = TextState.SOURCE
    pointer: str = field(default="", compare=False)
    """The place of its message in the translated document, a JSON pointer: all lines of a list, and all texts
    of a unit, have that of the whole. Empty if the text does not come from a translation."""


def is_copy(text: str, original: str) -> bool:
    """Return whether a translation only repeats the original: equal, and too long for a coincidence."""
    return text == original and len(text) > _LONGEST_BY_CHANCE and any(map(str.isalpha, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensible:
    """A value that keeps the members of its document that it does not know."""

    extra: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Qualifier(Extensible):
    """A code that narrows another one."""

    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Coding(Extensible):
    """A code in a medical classification."""

    system: CodeSystemKey
    code: str
    display: str
    """The system's official English name; never translated."""
    qualifiers: tuple[Qualifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Identifier(Extensible):
    """The identifier of the thing in another system."""

    system: str
    value: str
    language: LanguageTag | None = None


@dataclass(frozen=True, slots=True)
class Paragraph(Extensible):
    """A paragraph; `text` is in the inline markup."""

    text: Annotated[Text, JsonName("paragraph")]


@dataclass(frozen=True, slots=True)
class Subheading(Extensible):
    """A heading within a section; `text` is plain."""

    text: Annotated[Text, JsonName("subheading")]


@dataclass(frozen=True, slots=True)
class Attribution(Extensible):
    """Credits the author of the text; `text` is in the inline markup."""

    text: Annotated[Text, JsonName("attribution")]


@dataclass(frozen=True, slots=True)
class ListItem(Extensible):
    """An item, perhaps with a list under it; `text` is in the inline markup."""

    text: Annotated[Text, JsonName("item", stands_alone=True)]
    items: Annotated[tuple["ListItem", ...], JsonName("list")] = ()
    is_ordered: Annotated[bool, JsonName("ordered")] = False

    @property
    def below(self) -> "List | None":
        """The list under it."""
        return List(self.items, self.is_ordered) if self.items else None


@dataclass(frozen=True, slots=True)
class List(Extensible):
    """A list of at least one item."""

    items: Annotated[tuple[ListItem, ...], JsonName("list")]
    is_ordered: Annotated[bool, JsonName("ordered")] = False


@dataclass(frozen=True, slots=True)
class Callout(Extensible):
    """What readers must do and how fast, in a separate frame; no edition lacks it."""

    heading: Annotated[Text, JsonName("callout")]
    """Plain text."""
    urgency: UrgencyKey
    """emergency, urgent or routine."""
    body: tuple[Paragraph | List, ...]


Block = Paragraph | Subheading | Attribution | Callout | List


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Extensible):
    """A question and its answer."""

    id: str
    aspect: AspectKey
    heading: Text | None = None
    """None if readers see none; a format that needs one uses the label of the aspect."""
    body: tuple[Block, ...]

    @property
    def callouts(self) -> Mapping[str, Callout]:
        """Return the callouts by id: no part of a document that is not one has such an id."""
        found = [block for block in self.body if isinstance(block, Callout)]
        return {f"{self.id}_callout_{number}": each for number, each in enumerate(found, 1)}


def choose_link(links: Mapping[LanguageTag, str], language: LanguageTag) -> tuple[LanguageTag, str]:
    """Return the page for an edition, and its language: its own, else English, else the first by tag."""
    choice = next((tag for tag in (language, SOURCE, *sorted(links)) if tag in links), None)
    if choice is None:
        raise ValueError("there is no link to choose from")
    return choice, links[choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Extensible):
    """A page elsewhere, in every language it has."""

    id: str
    categories: tuple[CategoryKey, ...] | Mapping[LanguageTag, tuple[CategoryKey, ...]]
    """The same for all editions, or by language."""
    title: Text
    organizations: tuple[OrganizationKey, ...] = ()
    kind: str
    """page, article, search, video, image, audio or tool."""
    links: Mapping[LanguageTag, str]
    identifiers: tuple[Identifier, ...] = ()

    def categories_in(self, language: LanguageTag) -> tuple[str, ...]:
        """Return the categories in which that edition shows the link; empty if it hides it."""
        if isinstance(self.categories, tuple):
            return self.categories
        return self.categories.get(language, self.categories.get(SOURCE, ()))

    def link_in(self, language: LanguageTag) -> tuple[LanguageTag, str]:
        """Return the page that this edition links to, and its language; see `choose_link`."""
        return choose_link(self.links, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedTopic(Extensible):
    """A related topic outside the collection; one inside it is represented by its id."""

    title: Text
    links: Mapping[LanguageTag, str]

    def link_in(self, language: LanguageTag) -> tuple[LanguageTag, str]:
        """Return the page that this edition links to, and its language; see `choose_link`."""
        return choose_link(self.links, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLink(Extensible):
    """A page with the information in a language that has no edition here."""

    name: Text
    vernacular_name: str = ""
    language: LanguageTag | None = None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Extensible):
    """A review by a qualified person."""

    date: str
    by: str
    languages: tuple[LanguageTag, ...]
    """The editions that were read."""
    content: Mapping[LanguageTag, str] = field(default_factory=dict)
    """What they said: the digest of each, as in `Card.content`; empty if the review does not record it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerReview(Extensible):
    """The former form of a review, which was always one of the source text."""

    date: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Extensible):
    """What was wrong in an earlier version and has been put right."""

    date: str
    what: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates(Extensible):
    """The dates of a topic, each an ISO day, YYYY-MM-DD, or empty."""

    created: str
    created_in: Mapping[LanguageTag, str] = field(default_factory=dict)
    """By language, where an edition was first published on another day."""
    updated: str
    reviews: tuple[Review, ...] = ()
    reviewed: FormerReview | None = None
    review_by: str = ""
    corrections: tuple[Correction, ...] = ()
    publish_from: str = ""
    withdraw_from: str = ""

    def review_of(self, language: LanguageTag, changed: str, content: str = "") -> Review | None:
        """Return the last review of what an edition says.

        The text changed on the day `changed`; `content` is its digest, which a review may record.
        """
        reviews = [*reversed(self.reviews)]  # of two on one day, the later one comes first and wins
        if self.reviewed:
            reviews.append(Review(date=self.reviewed.date, by=self.reviewed.by, languages=(SOURCE,)))
        valid = [
            each
            for each in reviews
            if language in each.languages
            and each.date >= changed
            and each.content.get(language, content) == content
        ]
        return max(valid, key=lambda review: review.date, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Extensible):
    """A document that the topic is based on; its title stays in its own language."""

    id: str
    title: str
    publisher: str = ""
    url: str = ""
    language: LanguageTag
    published: str = ""
    retrieved: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Acceptance(Extensible):
    """A finding that the author accepts."""

    check: str
    """The id of the check."""
    reason: str


def texts_in(value: object) -> Iterator[Text]:
    """Yield every text in a value of this package, in the order of its members, except in `extra`."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_in(item)
    elif names := getattr(value, "__dataclass_fields__", ()):
        for name in names:
            member = getattr(value, name)
            if member and name != "extra" and not isinstance(member, str):
                yield from texts_in(member)
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from texts_in(member)
