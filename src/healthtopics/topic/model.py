"""Topics, and the editions that translation makes of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from healthtopics.language import LanguageTag
from healthtopics.topic.document import (
    code_to_dict,
    dates_to_dict,
    drop_empty,
    identifier_to_dict,
    other_language_to_dict,
    related_to_dict,
    resource_to_dict,
    section_to_dict,
    source_to_dict,
    text_to_dict,
    topic_from_dict,
)
from healthtopics.topic.values import (
    Coding,
    Dates,
    Document,
    Identifier,
    LanguageLink,
    RelatedTopic,
    Resource,
    Section,
    Source,
    Text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as its author wrote it."""

    id: str
    kind: str
    title: Text
    dates: Dates
    sources: tuple[Source, ...]
    sections: tuple[Section, ...] = ()
    also_called: tuple[Text, ...] = ()
    see_references: tuple[Text, ...] = ()
    description: Text | None = None
    pages: Mapping[LanguageTag, str] = field(default_factory=dict)
    identifiers: tuple[Identifier, ...] = ()
    codes: tuple[Coding, ...] = ()
    groups: tuple[str, ...] = ()
    primary_institute: str = ""
    publisher: str = ""
    """A key of the vocabulary `organizations`; empty where the workspace's publisher answers for the text."""
    resources: tuple[Resource, ...] = ()
    related_topics: tuple[str | RelatedTopic, ...] = ()
    """Ids of topics of the collection, or topics elsewhere, in the author's order."""
    other_languages: tuple[LanguageLink, ...] = ()
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
        return cls(**topic_from_dict(document, path))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document, keys in the schema's order, unknown members last."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": text_to_dict(self.title),
            **drop_empty(
                {
                    "alsoCalled": [text_to_dict(text) for text in self.also_called],
                    "seeReferences": [text_to_dict(text) for text in self.see_references],
                    "description": text_to_dict(self.description) if self.description else None,
                    "pages": dict(self.pages),
                    "identifiers": [identifier_to_dict(each) for each in self.identifiers],
                    "codes": [code_to_dict(code) for code in self.codes],
                    "groups": list(self.groups),
                    "primaryInstitute": self.primary_institute,
                    "publisher": self.publisher,
                    "sections": [section_to_dict(section) for section in self.sections],
                    "resources": [resource_to_dict(resource) for resource in self.resources],
                    "relatedTopics": [related_to_dict(related) for related in self.related_topics],
                    "otherLanguages": [other_language_to_dict(other) for other in self.other_languages],
                }
            ),
            "dates": dates_to_dict(self.dates),
            "sources": [source_to_dict(source) for source in self.sources],
            **drop_empty(
                {
                    "licence": self.licence,
                    "disclaimer": self.disclaimer,
                    "qualityCriteria": self.quality_criteria,
                    "accept": [{"check": check, "reason": reason} for check, reason in self.accept],
                }
            ),
            **self.extra,
        }

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

    @classmethod
    def from_dict(cls, document: Mapping[str, int]) -> "Coverage":
        """Read back what `to_dict` gave."""
        return cls(**document)

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
        return cls(**topic_from_dict(document, ""), language=language, coverage=coverage)
