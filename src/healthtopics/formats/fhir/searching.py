"""The search parameters of our FHIR resources: one table for R4 and R5.

A row has everything that a parameter needs: `search_values` takes its values along the paths, the service
finds resources by them, and the CapabilityStatement and the OpenAPI document describe it.
http://hl7.org/fhir/R4/search.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

from healthtopics.jsontext import short_digest

Kind = Literal["token", "string", "date", "reference", "uri"]

BOTH: Final = ("4.0", "5.0")
_HL7: Final = "http://hl7.org/fhir/SearchParameter"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParameter:
    """A search parameter."""

    name: str
    kind: Kind
    paths: Mapping[str, str]
    """Where its values are, by type of resource: elements joined by dots; a number is an item of a list."""
    description: str
    example: str = ""
    examples: Mapping[str, str] = field(default_factory=dict)
    """Examples for types to which `example` does not apply; empty if only a release has values."""
    versions: tuple[str, ...] = BOTH
    """The versions of FHIR in which it is to be had."""
    definitions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The name of HL7's definition by version and type, where it is not `{type}-{name}`.

    The type may be `*`, for all types. An empty name: HL7 has none in this version, and it is ours.
    """
    column: str = ""
    """The column of `fhir_resources` in the index that has its values; empty if they are in `fhir_values`."""
    sorted_types: tuple[str, ...] = ()
    """The types that can be sorted by it: every resource has one value."""
    has_contains: bool = True
    """Whether `:contains` is possible with a string. It reads all its values: not where there are many."""
    systems: Mapping[str, str] = field(default_factory=dict)
    """The system of codes that are written without one, by type: FHIR binds the element to it."""
    is_by_words: bool = False
    """Whether its values are the words of all texts at the path, of which some are asked for."""

    def definition(self, version: str, type_: str, base: str) -> str:
        """Return the canonical address of its definition; `base` is that of ours."""
        known = self.definitions.get(version, {})
        name = known.get(type_, known.get("*", f"{type_}-{self.name}"))
        return f"{_HL7}/{name}" if name else f"{base}/SearchParameter/{self.own_id}"

    @property
    def own_id(self) -> str:
        """The id of our definition, where HL7 has none; it is one for all types."""
        return f"Resource-{self.name.lstrip('_')}"

    def is_own(self, version: str) -> bool:
        """Return whether HL7 has no definition in a version of FHIR."""
        return self.definitions.get(version, {}).get("*") == ""


def _clinical(name: str) -> dict[str, dict[str, str]]:
    """Return HL7's definition that many clinical types share."""
    return {
        version: {
            "Composition": f"clinical-{name}",
            "DocumentReference": f"clinical-{name}",
            "List": f"clinical-{name}",
        }
        for version in BOTH
    }


def _canonical(name: str) -> dict[str, dict[str, str]]:
    """Return HL7's definition that canonical resources share."""
    named = {"4.0": f"conformance-{name}", "5.0": f"CanonicalResource-{name}"}
    return {version: {"CodeSystem": each, "ValueSet": each} for version, each in named.items()}


def _of_all(name: str, *, since: str = "4.0") -> dict[str, dict[str, str]]:
    return {version: {"*": f"Resource-{name}" if version >= since else ""} for version in BOTH}


_PUBLICATION: Final = "http://hl7.org/fhir/publication-status"
_LANGUAGES: Final = "urn:ietf:bcp:47"
_WORDED: Final = ("CodeSystem", "List", "Organization", "ValueSet")
_TITLED: Final = {"Composition": "title", "List": "title", "CodeSystem": "title", "ValueSet": "title"}
TYPES: Final = (
    "Bundle",
    "CodeSystem",
    "Composition",
    "DocumentReference",
    "List",
    "Organization",
    "ValueSet",
)

PARAMETERS: Final[tuple[SearchParameter, ...]] = (
    SearchParameter(
        name="_id",
        kind="token",
        paths=dict.fromkeys(TYPES, "id"),
        description="The id of the resource.",
        example="miscarriage-es",
        column="id",
        definitions=_of_all("id"),
    ),
    SearchParameter(
        name="_lastUpdated",
        kind="date",
        paths=dict.fromkeys(TYPES, "meta.lastUpdated"),
        description="When the resource came or last changed: with the release of this time.",
        example="ge2026-11-01",
        column="last_updated",
        definitions=_of_all("lastUpdated"),
    ),
    SearchParameter(
        name="_language",
        kind="token",
        paths=dict.fromkeys(TYPES, "language"),
        description="The language of the resource.",
        example="es",
        examples=dict.fromkeys(_WORDED, "en"),
        definitions=_of_all("language", since="5.0"),
        systems=dict.fromkeys(TYPES, _LANGUAGES),
    ),
    SearchParameter(
        name="_profile",
        kind="uri",
        paths=dict.fromkeys(TYPES, "meta.profile"),
        description="A profile that the resource names.",
        definitions=_of_all("profile"),
    ),
    SearchParameter(
        name="identifier",
        kind="token",
        paths=dict.fromkeys(
            ("Bundle", "Composition", "DocumentReference", "List", "Organization"), "identifier"
        ),
        description="The business identifier: of an edition `{topic}/{language}`, of a list `{topic}`, of a "
        "link and an organization its address, of a document a UUID.",
        example="miscarriage/es",
        examples={
            "Bundle": "",
            "DocumentReference": "https://medlineplus.gov/miscarriage.html",
            "List": "miscarriage",
            "Organization": "https://www.nih.gov/",
        },
        definitions=_clinical("identifier"),
    ),
    SearchParameter(
        name="title",
        kind="string",
        paths=_TITLED,
        sorted_types=tuple(_TITLED),
        description="The beginning of the title; `:contains` for any part of it, `:exact` for all of it "
        "as it is. Otherwise case and accents have no meaning.",
        example="aborto",
        examples={"CodeSystem": "Health", "List": "Miscarriage", "ValueSet": "Health"},
        definitions=_canonical("title"),
    ),
    SearchParameter(
        name="type",
        kind="token",
        paths={"Bundle": "type", "Composition": "type", "DocumentReference": "type"},
        description="What kind of document it is.",
        example="http://loinc.org|34895-3",
        examples={"Bundle": "document"},
        systems={"Bundle": "http://hl7.org/fhir/bundle-type"},
        definitions=_clinical("type"),
    ),
    SearchParameter(
        name="category",
        kind="token",
        paths={"Composition": "category", "DocumentReference": "category"},
        description="What the topic is about, and its groups; of links that they are such.",
        example="pregnancy-and-reproduction",
        examples={"DocumentReference": "external-resource"},
    ),
    SearchParameter(
        name="context",
        kind="token",
        paths={"Composition": "event.code"},
        description="A code of the topic: MeSH, ICD-10 and others.",
        example="https://www.nlm.nih.gov/mesh|D000022",
        versions=("4.0",),
    ),
    SearchParameter(
        name="event-code",
        kind="token",
        paths={"Composition": "event.detail.concept"},
        description="A code of the topic: MeSH, ICD-10 and others.",
        example="https://www.nlm.nih.gov/mesh|D000022",
        versions=("5.0",),
    ),
    SearchParameter(
        name="section",
        kind="token",
        paths={"Composition": "section.code"},
        description="The code of a section, such as a group of links.",
        example="diagnosis-and-tests",
    ),
    SearchParameter(
        name="entry",
        kind="reference",
        paths={"Composition": "section.entry"},
        description="A resource that a section refers to: a link, an organization.",
        example="Organization/nichd",
    ),
    SearchParameter(
        name="related-id",
        kind="token",
        paths={"Composition": "relatesTo.targetIdentifier"},
        description="The identifier of the edition that this one translates.",
        example="miscarriage/en",
        versions=("4.0",),
    ),
    SearchParameter(
        name="related",
        kind="reference",
        paths={"Composition": "relatesTo.resourceReference"},
        description="The edition that this one translates, or that translates this one; with `:identifier`.",
        versions=("5.0",),
    ),
    SearchParameter(
        name="date",
        kind="date",
        paths={
            "Composition": "date",
            "List": "date",
            "CodeSystem": "date",
            "ValueSet": "date",
        },
        sorted_types=("Composition", "List"),
        description="When the content last changed.",
        example="ge2026-11-01",
        definitions={
            version: {
                "Composition": "clinical-date",
                "List": "clinical-date",
                "CodeSystem": canonical,
                "ValueSet": canonical,
            }
            for version, canonical in (("4.0", "conformance-date"), ("5.0", "CanonicalResource-date"))
        },
    ),
    SearchParameter(
        name="status",
        kind="token",
        paths={
            "Composition": "status",
            "DocumentReference": "status",
            "List": "status",
            "CodeSystem": "status",
            "ValueSet": "status",
        },
        description="The status of the resource.",
        example="final",
        examples={
            "CodeSystem": "active",
            "DocumentReference": "current",
            "List": "current",
            "ValueSet": "active",
        },
        definitions=_canonical("status"),
        systems={
            "Composition": "http://hl7.org/fhir/composition-status",
            "DocumentReference": "http://hl7.org/fhir/document-reference-status",
            "List": "http://hl7.org/fhir/list-status",
            "CodeSystem": _PUBLICATION,
            "ValueSet": _PUBLICATION,
        },
    ),
    SearchParameter(
        name="author",
        kind="reference",
        paths={"Composition": "author", "DocumentReference": "author"},
        description="Who wrote it: an organization.",
        example="Organization/healthtopics",
        examples={"DocumentReference": "Organization/nichd"},
    ),
    SearchParameter(
        name="url",
        kind="uri",
        paths={"CodeSystem": "url", "ValueSet": "url"},
        description="The canonical address.",
        definitions=_canonical("url"),
    ),
    SearchParameter(
        name="version",
        kind="token",
        paths={"CodeSystem": "version", "ValueSet": "version"},
        description="The version of the content.",
        definitions=_canonical("version"),
    ),
    SearchParameter(
        name="url",
        kind="uri",
        paths={"Composition": "url"},
        description="The canonical address.",
        versions=("5.0",),
    ),
    SearchParameter(
        name="version",
        kind="token",
        paths={"Composition": "version"},
        description="The version of the content.",
        versions=("5.0",),
    ),
    SearchParameter(
        name="language",
        kind="token",
        paths={"DocumentReference": "content.attachment.language"},
        description="The language of the page that a link leads to.",
        example="es",
        systems={"DocumentReference": _LANGUAGES},
    ),
    SearchParameter(
        name="location",
        kind="uri",
        paths={"DocumentReference": "content.attachment.url"},
        description="The address of the page that a link leads to.",
    ),
    SearchParameter(
        name="description",
        kind="string",
        paths={"DocumentReference": "description"},
        description="The beginning of the title of a link; `:exact` for all of it.",
        example="Miscarriage",
        has_contains=False,
    ),
    SearchParameter(
        name="relation",
        kind="token",
        paths={"DocumentReference": "relatesTo.code"},
        description="How a link relates to that in the source language: `transforms`.",
        example="transforms",
        systems={"DocumentReference": "http://hl7.org/fhir/document-relationship-type"},
    ),
    SearchParameter(
        name="relatesto",
        kind="reference",
        paths={"DocumentReference": "relatesTo.target"},
        description="The link whose page was translated; with `:identifier`.",
    ),
    SearchParameter(
        name="composition",
        kind="reference",
        paths={"Bundle": "entry.0.resource"},
        description="The Composition of a document.",
        example="Composition/miscarriage-es",
    ),
    SearchParameter(
        name="timestamp",
        kind="date",
        paths={"Bundle": "timestamp"},
        description="When the document was put together.",
        example="ge2026-11-01",
    ),
    SearchParameter(
        name="name",
        kind="string",
        paths={"Organization": "name", "CodeSystem": "name", "ValueSet": "name"},
        sorted_types=("Organization", "CodeSystem", "ValueSet"),
        description="The beginning of the name.",
        example="Mayo",
        examples={"CodeSystem": "Aspect", "ValueSet": "Aspect"},
        definitions=_canonical("name"),
    ),
    SearchParameter(
        name="active",
        kind="token",
        paths={"Organization": "active"},
        description="Whether the organization is active.",
        example="true",
    ),
    SearchParameter(
        name="partof",
        kind="reference",
        paths={"Organization": "partOf"},
        description="The organization that this one is a part of.",
        example="Organization/nih",
    ),
    SearchParameter(
        name="code",
        kind="token",
        paths={"List": "code", "CodeSystem": "concept.code"},
        description="What kind of list it is; a code that a code system defines.",
        example="translations",
        examples={"CodeSystem": "causes"},
        definitions={version: {"List": "clinical-code"} for version in BOTH},
    ),
    SearchParameter(
        name="item",
        kind="reference",
        paths={"List": "entry.item"},
        description="An edition that a list names.",
        example="Composition/miscarriage-es",
    ),
    SearchParameter(
        name="content-mode",
        kind="token",
        paths={"CodeSystem": "content"},
        description="How much of the code system is there.",
        example="complete",
        systems={"CodeSystem": "http://hl7.org/fhir/codesystem-content-mode"},
    ),
    SearchParameter(
        name="system",
        kind="uri",
        paths={"CodeSystem": "url"},
        description="The address of the code system.",
    ),
    SearchParameter(
        name="reference",
        kind="uri",
        paths={"ValueSet": "compose.include.system"},
        description="A code system that a value set takes codes from.",
    ),
    SearchParameter(
        name="_text",
        kind="string",
        paths=dict.fromkeys(_WORDED, "text.div"),
        description="Words that the narrative has, or their beginnings.",
        examples={"CodeSystem": "topic", "List": "aborto", "Organization": "national", "ValueSet": "topic"},
        definitions={version: {"*": "DomainResource-text"} for version in BOTH},
        is_by_words=True,
    ),
    SearchParameter(
        name="_content",
        kind="string",
        paths=dict.fromkeys(_WORDED, ""),
        description="Words that any element has, or their beginnings.",
        examples={"CodeSystem": "causas", "List": "aborto", "Organization": "national", "ValueSet": "topic"},
        definitions={version: {"*": "Resource-content"} for version in BOTH},
        is_by_words=True,
    ),
)
"""All parameters whose values are in resources."""

TEXT_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "_text": ("Composition",),
    "_content": ("Bundle", "Composition"),
}
"""The parameters that search the text of editions as `/search` does, and the types whose text that is.

A Bundle has no narrative, so it has no `_text`. Other types have rows of these names.
"""
TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "entry": ("DocumentReference", "Organization"),
    "author": ("Organization",),
    "partof": ("Organization",),
    "item": ("Composition",),
    "composition": ("Composition",),
}
"""The types that references lead to, by parameter."""


@cache
def parameters_of(version: str, type_: str) -> tuple[SearchParameter, ...]:
    """Return the parameters of a type in a version of FHIR."""
    return tuple(each for each in PARAMETERS if version in each.versions and type_ in each.paths)


def texts_of(type_: str) -> tuple[str, ...]:
    """Return the parameters that search the text of a type."""
    return tuple(name for name, types in TEXT_TYPES.items() if type_ in types)


def text_definition(name: str) -> str:
    """Return the canonical address of the definition of a parameter that searches texts."""
    return f"{_HL7}/{'Resource' if name == '_content' else 'DomainResource'}-{name.lstrip('_')}"


def includes_of(version: str, type_: str) -> Iterator[tuple[str, str]]:
    """Yield what `_include` may have with a type: the type, and a parameter."""
    references = (each for each in parameters_of(version, type_) if each.kind == "reference")
    return ((type_, each.name) for each in references)


def revincludes_of(version: str, type_: str) -> Iterator[tuple[str, str]]:
    """Yield what `_revinclude` may have with a type: the types and parameters that refer to it."""
    pairs = (pair for each in TYPES for pair in includes_of(version, each))
    return ((each, name) for each, name in pairs if type_ in TARGETS.get(name, ()))


def table_digest() -> str:
    """Return what changes when the same resources would be found by other values."""
    return short_digest(
        [
            [
                *(each.name, each.kind, each.versions, each.paths, each.column),
                *(each.systems, each.is_by_words),
            ]
            for each in PARAMETERS
        ]
    )
