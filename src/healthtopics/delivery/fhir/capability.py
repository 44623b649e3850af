"""The CapabilityStatement, made from the rows that answer (http://hl7.org/fhir/R4/capabilitystatement.html)."""

from typing import Any, Final

from healthtopics.delivery.fhir.form import GENERAL, Form
from healthtopics.delivery.fhir.reading import NOT_JSON, opened
from healthtopics.delivery.fhir.side import VERSION
from healthtopics.delivery.message import LANGUAGES, Response
from healthtopics.delivery.outcome import FHIR_JSON, VERSIONS
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.formats.fhir.capability import BULK_PUBLISH, FORMATS, SERVER, describe_rest, guide_url

_MODE: Final = Parameter(
    "mode",
    "Which statement: there is one, for the whole server.",
    {"type": "string", "enum": ["full", "normative"]},
    example="full",
)


def _metadata(call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    return form.answer(_statement(form), modified=call.site.time, vary=("Accept",))


def _statement(form: Form) -> dict[str, Any]:
    side = form.side
    release = side.site.release
    software, _, version = release.software.partition(" ")
    guide = [guide_url(VERSIONS[side.name], side.site.base_url)] if side.package else []
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
        "instantiates": [f"{side.site.base_url}/fhir/CapabilityStatement/{SERVER}", BULK_PUBLISH],
        "software": {"name": software, **({"version": version} if version else {})},
        "implementation": {"description": f"Release {release.number}", "url": side.base},
        "fhirVersion": VERSIONS[side.name],
        "format": list(FORMATS),
        **languages,
        **({"implementationGuide": guide} if guide else {}),
        "rest": [describe_rest(side.number, side.site.base_url, side.known_types)],
    }


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
