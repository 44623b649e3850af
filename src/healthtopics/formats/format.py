"""What a format is: one row with all that the rest of the software needs to know of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from healthtopics import jsontext
from healthtopics.formats.account import Account
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection

Document = Mapping[str, Any]

Exported = dict[str, Any] | str
"""A JSON object, ready to be serialised, or the text of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What a document is checked against, beyond its public schema."""

    topic: LocalizedTopic | None = None
    """The edition that the document shows; None for what is about more than one edition."""
    defined: Any = None
    """What `Format.define` found; None where the format has no such function."""


@dataclass(frozen=True, slots=True)
class BulkResource:
    """One line of an NDJSON file."""

    type: str
    """Names the file that the line goes into."""
    id: str
    """Of several resources of a topic with one type and id, the first is taken."""
    resource: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """How a format gives all topics at once, as NDJSON: one file a type of resource."""

    media_type: str
    resources: Callable[[Any], Iterable[BulkResource]]
    """Gives the resources in a document."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Format:
    """One format: how an edition leaves, how it is checked, and how it is served.

    There is one object per format and process. Other processes load their own by its name.
    """

    name: str
    """What the configuration and the manifest call it, `fhir-r4`: that of its entry point."""
    label: str
    """What people call it, the same in all languages: `FHIR R4`."""
    media_type: str
    fhir_version: str = ""
    """Tells formats of one media type apart, `4.0` (FHIR, http.html#version-parameter)."""
    also_as: tuple[str, ...] = ()
    """Other media types that fit the same bytes, for clients that ask for nothing more precise."""
    folder: str
    """The first part of the names of its artifacts: `fhir/r4`."""
    suffix: str
    """The end of the names of its artifacts, dot included."""
    schema: str | Document = ""
    """The public schema that every document conforms to: the name of a packaged one, or a JSON Schema.

    Empty for what is not JSON.
    """
    is_page: bool = False
    """Whether readers see words of `interface.po` in it, so that the edition needs an interface."""
    export: Callable[[LocalizedTopic, Edition], Exported]
    export_collection: Callable[[PublishedCollection], Mapping[str, dict[str, Any]]] | None = None
    """Gives what spans all topics, by the name of its artifact."""
    export_beside: Callable[[PublishedCollection], Mapping[str, dict[str, Any]]] | None = None
    """Gives what is about one topic in all its languages, by the name of its artifact."""
    bulk: Bulk | None = None
    check: Callable[[Any, str, CheckContext], Iterable[Problem]] | None = None
    """Finds what is wrong with a document that its public schema accepts; the path names it in problems."""
    define: Callable[[Iterable[Document]], Any] | None = None
    """Gives what the documents that span all topics define, as JSON, to check all others against."""
    read: Callable[[Any], Account]
    """Gives the account of an edition from its document; shares no code with `export`."""
    check_editions: Callable[[Mapping[LanguageTag, Document], str], Iterable[Problem]] | None = None
    """Finds where the editions of one topic, made at the same time, contradict one another."""

    def parse(self, data: bytes) -> Exported:
        """Return the document that an artifact holds: JSON, or the text of a page."""
        return jsontext.load(data) if self.media_type.endswith("json") else data.decode()

    def artifact(self, language: str, topic: str) -> str:
        """Return the name of the artifact of an edition: `fhir/r4/es/miscarriage.json`."""
        return f"{self.folder}/{language}/{topic}{self.suffix}"

    @property
    def offer(self) -> str:
        """The media type as clients negotiate it, with the version that tells it from others."""
        return f"{self.media_type};fhirVersion={self.fhir_version}" if self.fhir_version else self.media_type
