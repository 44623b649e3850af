"""The CapabilityStatement, made from the rows that answer (http://hl7.org/fhir/R4/capabilitystatement.html)."""

from collections.abc import Iterator
from typing import Any, Final

from healthtopics.delivery.fhir.form import GENERAL, Form
from healthtopics.delivery.fhir.query import TEXT_TYPES, TEXTS
from healthtopics.delivery.fhir.reading import NOT_JSON, opened
from healthtopics.delivery.fhir.searching import INCLUDE, REVINCLUDE, includes_of
from healthtopics.delivery.fhir.side import VERSION, Side
from healthtopics.delivery.message import LANGUAGES, Response
from healthtopics.delivery.outcome import FHIR_JSON, VERSIONS
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.formats.fhir.searching import TYPES, parameters_of

_MODE: Final = Parameter(
    "mode",
    "Which statement: there is one, for the whole server.",
    {"type": "string", "enum": ["full", "normative"]},
    example="full",
)

_DOCUMENT: Final = {
    "name": "document",
    "definition": "http://hl7.org/fhir/OperationDefinition/Composition-document",
}
_INTERACTIONS: Final = ("read", "vread", "history-instance")
_PROFILES: Final = """
    SELECT value FROM fhir_values WHERE fhir = ? AND type = ? AND parameter = '_profile' ORDER BY value
"""


def _metadata(call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    return form.answer(_statement(form), modified=call.site.time, vary=("Accept",))


def _statement(form: Form) -> dict[str, Any]:
    side = form.side
    release = side.site.release
    software, _, version = release.software.partition(" ")
    languages = {"acceptLanguage": list(LANGUAGES)} if side.number >= "5.0" else {}
    return {
        "resourceType": "CapabilityStatement",
        "id": "server",
        "language": "en",
        "url": f"{side.base}/metadata",
        "version": f"1.{release.number}.0",
        "name": "HealthTopicsServer",
        "title": f"Health topics of {side.site.host}",
        "status": "active",
        "experimental": False,
        "date": release.time,
        "description": "Consumer health topics in several languages, read-only.",
        "kind": "instance",
        "software": {"name": software, **({"version": version} if version else {})},
        "implementation": {"description": f"Release {release.number}", "url": side.base},
        "fhirVersion": VERSIONS[side.name],
        "format": [FHIR_JSON, "json"],
        **languages,
        "rest": [
            {
                "mode": "server",
                "security": {"cors": True},
                "resource": [_resource(side, type_) for type_ in side.types],
            }
        ],
    }


def _resource(side: Side, type_: str) -> dict[str, Any]:
    profiles = side.site.index.rows(_PROFILES, (side.number, type_))
    search = ("search-type",) if type_ in TYPES else ()
    return {
        "type": type_,
        **_some("supportedProfile", [profile for (profile,) in profiles]),
        "interaction": [{"code": code} for code in (*_INTERACTIONS, *search)],
        "versioning": "versioned",
        "readHistory": True,
        "conditionalRead": "full-support",
        **_some("searchInclude", [":".join(each) for each in includes_of(side, type_, INCLUDE.name)]),
        **_some("searchRevInclude", [":".join(each) for each in includes_of(side, type_, REVINCLUDE.name)]),
        **_some("searchParam", list(_parameters(side, type_))),
        **_some("operation", [_DOCUMENT] if type_ == "Composition" else []),
    }


def _some(name: str, values: list[Any]) -> dict[str, list[Any]]:
    return {name: values} if values else {}


def _parameters(side: Side, type_: str) -> Iterator[dict[str, str]]:
    base = f"{side.site.base_url}/fhir"
    for each in parameters_of(side.number, type_):
        definition = each.definition(side.number, type_, base)
        yield {
            "name": each.name,
            "definition": definition,
            "type": each.kind,
            "documentation": each.description,
        }
    for name in TEXTS if type_ in TEXT_TYPES else ():
        definition = (
            f"http://hl7.org/fhir/SearchParameter/{'Resource' if name == '_content' else 'DomainResource'}-"
        )
        yield {"name": name, "definition": f"{definition}{name.lstrip('_')}", "type": "string"}


ROUTES: Final = (
    Route(
        path="/fhir/{fhir}/metadata",
        operation="getCapabilities",
        summary="What the FHIR server can do: a CapabilityStatement",
        tag="FHIR",
        parameters=(VERSION, *GENERAL, _MODE),
        answers={
            200: RouteAnswer("The CapabilityStatement.", (FHIR_JSON,), {"type": "object"}),
            406: NOT_JSON,
        },
        answer=_metadata,
    ),
)
