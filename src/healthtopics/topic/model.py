"""Topics, and the editions that translation makes of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Annotated, Any, Final

from healthtopics.jsontext import Document
from healthtopics.language import LanguageTag
from healthtopics.topic.document import Reference, from_document, members_of, references, to_document
from healthtopics.topic.fields import GroupKey, JsonName, KindKey, LicenceKey, NoticeKey, OrganizationKey
from healthtopics.topic.values import (
    Acceptance,
    Coding,
    Dates,
    Extensible,
    Identifier,
    LanguageLink,
    RelatedTopic,
    Resource,
    Section,
    Source,
    Text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(Extensible):
    """A topic as its author wrote it."""

    id: str
    is_draft: Annotated[bool, JsonName("draft")] = False
    """Whether it is unfinished, and so not published."""
    kind: KindKey
    title: Text
    also_called: tuple[Text, ...] = ()
    see_references: tuple[Text, ...] = ()
    description: Text | None = None
    own_descriptions: tuple[Text, ...] = ()
    """Instead of a description: that of each language, none of which translates another."""
    pages: Mapping[LanguageTag, str] = field(default_factory=dict)
    identifiers: tuple[Identifier, ...] = ()
    codes: tuple[Coding, ...] = ()
    groups: tuple[GroupKey, ...] = ()
    primary_institute: OrganizationKey | Mapping[LanguageTag, OrganizationKey] = ""
    """The same for all editions, or by language."""
    publisher: OrganizationKey = ""
    """Empty if the workspace's publisher is responsible for the text."""
    sections: tuple[Section, ...] = ()
    resources: tuple[Resource, ...] = ()
    related_topics: tuple[str | RelatedTopic, ...] = ()
    """Ids of topics of the collection, or topics elsewhere, in the author's order."""
    other_languages: tuple[LanguageLink, ...] = ()
    dates: Dates
    sources: tuple[Source, ...]
    licence: LicenceKey = ""
    disclaimer: NoticeKey = ""
    quality_criteria: NoticeKey = ""
    accept: tuple[Acceptance, ...] = ()

    @classmethod
    def from_dict(cls, document: Document, path: str = "") -> "Topic":
        """Make the typed view of a topic's JSON document; the document is not changed.

        Raises InvalidTopicError, with the JSON pointer, if the document lacks what a topic needs;
        `validation` finds everything that is wrong with it.
        """
        return from_document(Topic, document, path)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document, keys in the schema's order, unknown members last."""
        return to_document(Topic, self)

    def references(self) -> list[Reference]:
        """Return every reference to a vocabulary, in the order of the document."""
        return references(Topic, self)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far an edition is translated; counts of messages."""

    messages: int = 0
    translated: int = 0
    missing: int = 0
    fuzzy: int = 0
    blocked: int = 0

    @property
    def is_complete(self) -> bool:
        """Return whether every message is translated, confirmed and free of blocking problems."""
        return self.translated == self.messages

    @classmethod
    def total(cls, parts: Iterable["Coverage"]) -> "Coverage":
        """Return the sum of some counts."""
        return cls(*map(sum, zip(*map(_COUNTS, parts), strict=True)))


_COUNTS: Final = attrgetter(*(each.name for each in fields(Coverage)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizedTopic(Topic):
    """One edition of a topic: every text translated, or marked with its language.

    Text that only another language has is left out, with anything that requires it.
    """

    primary_institute: OrganizationKey = ""
    language: LanguageTag
    coverage: Coverage = Coverage()

    @classmethod
    def from_document(
        cls, document: Document, language: LanguageTag, coverage: Coverage = Coverage()
    ) -> "LocalizedTopic":
        """Make the typed view of a localized document, in which every message is a `Text`.

        The language's own description becomes the description, its own institute the institute.
        """
        members = members_of(Topic, document)
        own = next(iter(members.pop("own_descriptions", ())), None)
        description = members.pop("description", None) or own
        institute = members.pop("primary_institute", "")
        if not isinstance(institute, str):
            institute = institute.get(language, "")
        return cls(
            **members,
            description=description,
            primary_institute=institute,
            language=language,
            coverage=coverage,
        )
