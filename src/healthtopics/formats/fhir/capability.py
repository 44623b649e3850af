"""What our FHIR server can do, as FHIR describes it: its capabilities, and the definitions that are our own.

`/metadata` describes one server, the CapabilityStatement in the package all servers of this software: both
are made from the rows here and in `searching`. http://hl7.org/fhir/R4/capabilitystatement.html
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from healthtopics.formats.fhir.exporting.datatypes import PROFILES, business_version, package_id, profile
from healthtopics.formats.fhir.exporting.definitions import head
from healthtopics.formats.fhir.searching import (
    PARAMETERS,
    TYPES,
    SearchParameter,
    includes_of,
    parameters_of,
    revincludes_of,
    text_definition,
    texts_of,
)
from healthtopics.jsontext import JsonObject, short_digest

FORMATS: Final = ("application/fhir+json", "json")
VERSIONED: Final = (*TYPES, "NamingSystem", "StructureDefinition")
"""The types whose resources are in releases, with their versions."""
DEFINED: Final = ("CapabilityStatement", "ImplementationGuide", "OperationDefinition", "SearchParameter")
"""The types of what describes the server and the package, which can only be read."""

_BULK: Final = "http://hl7.org/fhir/uv/bulkdata"
_BULK_OPERATIONS: Final = ("export", "bulk-publish")
BULK_PUBLISH: Final = f"{_BULK}/CapabilityStatement/bulk-publish"
"""What a server with `$bulk-publish` can do, as the guide for bulk data says."""
SERVER: Final = "topic-server"
"""The id of the CapabilityStatement of all servers."""
_HL7: Final = "http://hl7.org/fhir/OperationDefinition"
_DATE: Final = "2026-12-01"
"""When the rows last changed in a way that clients notice (CapabilityStatement.date)."""


class Operation(NamedTuple):
    """An operation on a type, or on a resource of it."""

    type: str
    name: str
    """Without `$`."""
    description: str = ""
    """What it does, if the definition is ours; empty if it is HL7's."""

    @property
    def id(self) -> str:
        """That of its OperationDefinition."""
        return f"{self.type}-{self.name}"

    def definition(self, base_url: str) -> str:
        """Return the canonical address of its definition."""
        return f"{base_url}/fhir/OperationDefinition/{self.id}" if self.description else f"{_HL7}/{self.id}"


OPERATIONS: Final = (
    Operation("CodeSystem", "lookup"),
    Operation("CodeSystem", "validate-code"),
    Operation("Composition", "document"),
    Operation(
        "Composition",
        "everything",
        "Returns the edition of a topic and everything it refers to, which is the pages that it links to and "
        "their publishers, as the results of a search: the Composition is the match, the rest is included.",
    ),
    Operation("ValueSet", "expand"),
    Operation("ValueSet", "validate-code"),
)


def describe_rest(number: str, base_url: str, types: Iterable[str]) -> JsonObject:
    """Return the member `rest` of a CapabilityStatement, for a server with resources of these types.

    `number` is that of the version of FHIR: 4.0.
    """
    return {
        "mode": "server",
        "security": {"cors": True},
        "resource": [_resource(number, base_url, type_) for type_ in types],
        "operation": [
            {"name": name, "definition": f"{_BULK}/OperationDefinition/{name}"} for name in _BULK_OPERATIONS
        ],
    }


def _resource(number: str, base_url: str, type_: str) -> JsonObject:
    if type_ in DEFINED:
        return {"type": type_, "interaction": [{"code": "read"}], "versioning": "no-version"}
    codes = ("read", "vread", "history-instance", *(("search-type",) if type_ in TYPES else ()))
    operations = (each for each in OPERATIONS if each.type == type_)
    lists: Mapping[str, list[Any]] = {
        "searchInclude": [":".join(each) for each in includes_of(number, type_)],
        "searchRevInclude": [":".join(each) for each in revincludes_of(number, type_)],
        "searchParam": list(_parameters(number, base_url, type_)),
        "operation": [{"name": each.name, "definition": each.definition(base_url)} for each in operations],
    }
    return {
        "type": type_,
        **({"supportedProfile": [profile(base_url, type_)]} if type_ in PROFILES else {}),
        "interaction": [{"code": code} for code in codes],
        "versioning": "versioned",
        "readHistory": True,
        "conditionalRead": "full-support",
        **{name: values for name, values in lists.items() if values},  # no array is empty in FHIR
    }


def _parameters(number: str, base_url: str, type_: str) -> Iterator[JsonObject]:
    for each in parameters_of(number, type_):
        yield {
            "name": each.name,
            "definition": each.definition(number, type_, f"{base_url}/fhir"),
            "type": each.kind,
            "documentation": each.description,
        }
    for name in texts_of(type_):
        yield {"name": name, "definition": text_definition(name), "type": "string"}


def server_definitions(version: str, base_url: str) -> Iterator[JsonObject]:
    """Yield the CapabilityStatement of all servers of this software, and the definitions that are our own.

    `version` is that of FHIR: 4.0.1.
    """
    number = version[:3]
    yield _defined(
        "CapabilityStatement",
        SERVER,
        base_url,
        name="TopicServer",
        title="Server of health topics",
        date=_DATE,
        description="Health topics for patients and the public, read-only: what every server of them can do.",
        kind="requirements",
        fhirVersion=version,
        format=list(FORMATS),
        implementationGuide=[guide_url(version, base_url)],
        rest=[describe_rest(number, base_url, sorted((*VERSIONED, *DEFINED)))],
    )
    for operation in OPERATIONS:
        if operation.description:
            yield _operation(operation, base_url)
    for parameter in PARAMETERS:
        if number in parameter.versions and parameter.is_own(number):
            yield _parameter(parameter, base_url)


def guide_url(version: str, base_url: str) -> str:
    """Return the canonical address of the ImplementationGuide in the package."""
    return f"{base_url}/fhir/ImplementationGuide/{package_id(base_url, version)[:64]}"


def capability_digest() -> str:
    """Return what changes when the definitions do."""
    definitions = (server_definitions(version, "") for version in ("4.0.1", "5.0.0"))
    return short_digest([each for some in definitions for each in some])


def _operation(operation: Operation, base_url: str) -> JsonObject:
    result = {
        "name": "return",
        "use": "out",
        "min": 1,
        "max": "1",
        "documentation": "A Bundle of type searchset.",
        "type": "Bundle",
    }
    return _defined(
        "OperationDefinition",
        operation.id,
        base_url,
        name=f"{operation.type}{operation.name.title()}",
        title=f"${operation.name} of a {operation.type}",
        kind="operation",
        description=operation.description,
        affectsState=False,
        code=operation.name,
        resource=[operation.type],
        system=False,
        type=False,
        instance=True,
        parameter=[result],
    )


def _parameter(parameter: SearchParameter, base_url: str) -> JsonObject:
    return _defined(
        "SearchParameter",
        parameter.own_id,
        base_url,
        name=f"Resource{parameter.name.lstrip('_').title()}",
        description=parameter.description,
        code=parameter.name,
        base=list(parameter.paths),
        type=parameter.kind,
        expression=" | ".join(f"{type_}.{path}" for type_, path in parameter.paths.items()),
        multipleOr=True,
        multipleAnd=True,
        modifier=["not"],
    )


def _defined(type_: str, identity: str, base_url: str, /, **facts: Any) -> JsonObject:  # noqa: ANN401 - JSON values
    """Return a canonical resource, whose version is a digest of all other members."""
    first = {
        **head(type_, identity, facts.get("title", facts["description"])),
        "url": f"{base_url}/fhir/{type_}/{identity}",
    }
    rest = {"name": facts["name"], **facts, "status": "active", "experimental": False}
    return {**first, "version": business_version({**first, **rest}), **rest}
