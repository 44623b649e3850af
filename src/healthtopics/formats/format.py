"""A format: one row with everything that the rest of the software needs to know about it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from healthtopics import jsontext
from healthtopics.formats.account import Account
from healthtopics.jsontext import Document
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection, Tombstone

Exported = dict[str, Any] | str
"""A JSON object, ready to be serialized, or the text of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What a document is checked against, beyond its public schema."""

    topic: LocalizedTopic | None = None
    """The edition that the document shows; None for a document about several editions."""
    defined: Any = None
    """The result of `Format.define`; None if the format has no such function."""


@dataclass(frozen=True, slots=True)
class BulkResource:
    """One line of an NDJSON file."""

    type: str
    """Determines the file that the line is written to."""
    id: str
    """Of several resources of a topic with one type and id, the first is taken."""
    resource: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """How a format exports all topics at once, as NDJSON: one file for each type of resource."""

    media_type: str
    resources: Callable[[Any], Iterable[BulkResource]]
    """Returns the resources in a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFacts:
    """What a package says of the release that it is made for."""

    base_url: str
    languages: Sequence[str]
    version: str
    """SemVer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """How other software installs what a format defines: as a `.tgz` of definitions and examples."""

    takes: Callable[[str], bool]
    """Says whether a document that spans all topics is in it, by the name of its artifact."""
    files: Callable[[Sequence[Document], Sequence[Document], PackageFacts], Mapping[str, bytes]]
    """Returns its files by path, from the definitions and some editions as examples."""
    digest: Callable[[], str]
    """Returns what changes when the same documents would give other files."""


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a resource: since when it is unchanged, and what it is."""

    since: str
    """The time of the release with which it came, an instant."""
    digest: str
    """Differs from that of every other content."""


Fold = Callable[[str], str]
"""Returns a text without case and accents."""
Since = Callable[[str, Callable[[str], str]], Version]
"""Returns the version of a resource in the release that is being made.

The arguments are the key of the resource, unique within the format, and a function that returns the digest
that the resource as it is now would have if it were unchanged since a time.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioning:
    """How a format states since when each of its resources is unchanged."""

    mark: Callable[[Any, Since], Any]
    """Returns a document with the version of each of its resources; replaces versions that it has."""
    read: Callable[[bytes], Iterable[tuple[str, Version]]]
    """Yields the key and the version of a published resource or document, not those of its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedConcept:
    """A code that a resource defines."""

    code: str
    is_active: bool
    """Whether what it stands for is still there."""
    words: str
    """The words by which people find it, without case and accents."""
    content: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedSystem:
    """A code system that a resource defines."""

    url: str
    facts: Document
    """The resource without its concepts."""
    concepts: Iterable[DefinedConcept]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """How the resources of a format are found by their values."""

    digest: Callable[[], str]
    """Returns what changes when the same resources would have other values."""
    values: Callable[[Document, Fold], Iterable[tuple[str, str, str]]]
    """Yields parameter, value and system of a resource, each once, as `fhir_values` of the index has them."""
    system: Callable[[Document, Fold], DefinedSystem | None]
    """Returns the code system that a resource defines; None if it does not define one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Format:
    """One format: how an edition is exported, checked and served.

    There is one object per format and process. Other processes load theirs by name.
    """

    name: str
    """Its name in the configuration and the manifest, `fhir-r4`: that of its entry point."""
    label: str
    """Its name for people, the same in all languages: `FHIR R4`."""
    media_type: str
    fhir_version: str = ""
    """Distinguishes formats of one media type: `4.0` (FHIR, http.html#version-parameter)."""
    also_as: tuple[str, ...] = ()
    """Other media types that are right for the same bytes, for clients that ask for nothing more precise."""
    folder: str
    """The first part of the names of its artifacts: `fhir/r4`."""
    suffix: str
    """The end of the names of its artifacts, including the dot."""
    schema: str | Document = ""
    """The public schema of every document: the name of a packaged one, or a JSON Schema.

    Empty if the format is not JSON.
    """
    templates: Callable[[], Mapping[str, bytes]] | None = None
    """Returns the Jinja templates of its pages, by the name that references in `interface.po` use.

    The words in them, `_("…")`, are translated there, and an edition needs them: `Edition.interface`.
    """
    export: Callable[[LocalizedTopic, Edition], Exported]
    export_collection: Callable[[PublishedCollection], Mapping[str, dict[str, Any]]] | None = None
    """Returns the documents that span all topics, by the name of the artifact."""
    export_beside: Callable[[PublishedCollection], Mapping[str, dict[str, Any]]] | None = None
    """Returns the documents about one topic in all its languages, by the name of the artifact."""
    combine: Callable[[Sequence[Document]], dict[str, Any]] | None = None
    """Returns one document with those of one topic in several languages, each as it is; for the service."""
    combined_schema: str = ""
    """The public schema of what `combine` returns, as in `schema`."""
    withdraw: Callable[[Document, Sequence[Tombstone]], dict[str, Any]] | None = None
    """Returns a document that spans all topics as it is when exactly these topics were withdrawn.

    For rollbacks, which have no collection to export again; None if no document names withdrawn topics.
    """
    bulk: Bulk | None = None
    package: Package | None = None
    versioning: Versioning | None = None
    """How documents get their dates of publication; None if they have none."""
    searched: Searched | None = None
    """How resources are found by their values; None if the format has no search."""
    check: Callable[[Any, str, CheckContext], Iterable[Problem]] | None = None
    """Yields what is wrong with a document that is valid under its public schema; problems name it by the
    path."""
    define: Callable[[Iterable[Document]], Any] | None = None
    """Gives what the documents that span all topics define, as JSON, to check all others against.

    When it changes, all documents are made again.
    """
    read: Callable[[Any], Account]
    """Returns the account of an edition from its document; shares no code with `export`."""
    aspects: Callable[[bytes], Mapping[str, str]] | None = None
    """Returns the aspect of each section of an edition, by the id of the section, in the words of the
    vocabulary; None if documents do not have them. Reads the bytes of a document faster than `read`."""
    check_editions: Callable[[Mapping[LanguageTag, Document], str], Iterable[Problem]] | None = None
    """Yields contradictions between the editions of one topic that were made at the same time."""

    def parse(self, data: bytes) -> Exported:
        """Parse the bytes of an artifact: JSON, or the text of a page."""
        return jsontext.load(data) if self.media_type.endswith("json") else data.decode()

    def artifact(self, language: str, topic: str) -> str:
        """Return the name of the artifact of an edition: `fhir/r4/es/miscarriage.json`."""
        return f"{self.folder}/{language}/{topic}{self.suffix}"

    @property
    def offer(self) -> str:
        """The media type as clients negotiate it, with the version that distinguishes it."""
        return f"{self.media_type};fhirVersion={self.fhir_version}" if self.fhir_version else self.media_type
