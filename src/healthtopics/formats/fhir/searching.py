"""The search parameters of our FHIR resources: one table for R4 and R5.

A row has everything that a parameter needs: the index takes its values along the paths, the service finds
resources by them, and the CapabilityStatement and the OpenAPI document describe it. http://hl7.org/fhir/R4/search.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from healthtopics.formats.format import Fold
from healthtopics.jsontext import Document, short_digest

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
        examples=dict.fromkeys(("CodeSystem", "List", "Organization", "ValueSet"), "en"),
        definitions=_of_all("language", since="5.0"),
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
)
"""All parameters whose values are in resources."""

TEXT_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "_text": ("Composition",),
    "_content": ("Bundle", "Composition"),
}
"""The parameters that search the text of editions, and the types whose text that is.

A Bundle has no narrative, so it has no `_text`.
"""
TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "entry": ("DocumentReference", "Organization"),
    "author": ("Organization",),
    "partof": ("Organization",),
    "item": ("Composition",),
    "composition": ("Composition",),
}
"""The types that references lead to, by parameter."""


class SearchValue(NamedTuple):
    """A value by which a resource is found."""

    parameter: str
    """Its name; with `:identifier` if it is the identifier of a reference."""
    text: str
    """A string without case and accents; the beginning of a date."""
    system: str = ""
    """Of a token; of a string, as it is written; of a date, the instant at which it ends."""


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


def values_of(resource: Document, fold: Fold, version: str) -> Iterator[SearchValue]:
    """Yield the values by which a resource is found, each once, in their order."""
    found: set[SearchValue] = set()
    for parameter in parameters_of(version, resource["resourceType"]):
        if parameter.column:
            continue
        for value in _at(resource, parameter.paths[resource["resourceType"]].split(".")):
            found.update(_read(parameter, value, fold))
    return iter(sorted(found))


def _at(value: Any, path: list[str]) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield what is at the end of a path; lists on the way give all their items, or that of a number."""
    if isinstance(value, list) and path and path[0].isdigit():
        yield from _at(value[int(path[0]) :][:1], path[1:])
    elif isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _read(parameter: SearchParameter, value: Any, fold: Fold) -> Iterator[SearchValue]:  # noqa: ANN401 - JSON
    name = parameter.name
    if parameter.kind == "token":
        yield from (SearchValue(name, code, system) for system, code in _tokens(value))
    elif parameter.kind == "reference":
        yield from _references(name, value)
    elif isinstance(value, str):
        if parameter.kind == "string":
            yield SearchValue(name, fold(value), value)
        elif parameter.kind == "uri":
            yield SearchValue(name, value)
        elif span := date_span(value):
            yield SearchValue(name, *span)


def _tokens(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Yield system and code of a Coding, a CodeableConcept, an Identifier, a code or a boolean."""
    if isinstance(value, bool):
        yield "", "true" if value else "false"
    elif isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        for coding in value.get("coding", ()):
            yield from _tokens(coding)
        if code := value.get("code") or value.get("value"):
            yield value.get("system", ""), code


def _references(name: str, value: Any) -> Iterator[SearchValue]:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        return
    if "resourceType" in value:  # a resource in a Bundle
        yield SearchValue(name, f"{value['resourceType']}/{value['id']}")
        return
    if reference := value.get("reference"):
        yield SearchValue(name, reference)
    for system, code in _tokens(value.get("identifier")):
        yield SearchValue(f"{name}:identifier", code, system)


_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?"
)


def date_span(text: str) -> tuple[str, str] | None:
    """Return the instants at which a date begins, and at which what follows it begins; None if it is not one.

    A date without a time zone is one of UTC.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        start = datetime.fromisoformat(
            f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
            f"{(zone or 'Z').replace('Z', '+00:00')}"
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    try:
        if second:
            end = start + timedelta(seconds=1)
        elif minute:
            end = start + timedelta(minutes=1)
        elif day:
            end = start + timedelta(days=1)
        elif month:
            end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        else:
            end = start.replace(year=start.year + 1)
    except (ValueError, OverflowError):  # 9999-12-31, which clients take for no limit
        end = datetime.max.replace(tzinfo=UTC)
    return _instant(start), _instant(end)


def _instant(moment: datetime) -> str:
    return (
        f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        if moment.year >= 1000
        else f"{moment.year:04}{moment:-%m-%dT%H:%M:%SZ}"
    )


def table_digest() -> str:
    """Return what changes when the same resources would be found by other values."""
    return short_digest(
        [[each.name, each.kind, each.versions, each.paths, each.column] for each in PARAMETERS]
    )
