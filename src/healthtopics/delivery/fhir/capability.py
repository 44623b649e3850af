"""The CapabilityStatement, made from the rows that answer (http://hl7.org/fhir/R4/capabilitystatement.html)."""

from typing import Any, Final

from healthtopics.delivery.fhir.form import GENERAL
from healthtopics.delivery.fhir.reading import NOT_JSON, opened
from healthtopics.delivery.fhir.side import VERSION, Side
from healthtopics.delivery.fhir.terminology import EXPANDING, FILTER
from healthtopics.delivery.message import LANGUAGES, Response
from healthtopics.delivery.outcome import FHIR_JSON, VERSIONS
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.formats.fhir.capability import BULK_PUBLISH, FORMATS, SERVER, describe_rest, guide_url
from healthtopics.index.concepts import code_systems

_MODE: Final = Parameter(
    "mode",
    "Which statement: `terminology` for a TerminologyCapabilities, which names the code systems; otherwise "
    "the CapabilityStatement, which is the same for `full` and `normative`.",
    {"type": "string", "enum": ["full", "normative", "terminology"]},
    example="full",
)


def _metadata(call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    describe = _terminology if call.values.get(_MODE.name) == "terminology" else _statement
    return form.answer(describe(form.side), modified=call.site.time, vary=("Accept",))


def _described(side: Side, kind: str, **facts: str) -> dict[str, Any]:
    """Return what both statements say about the server."""
    release = side.site.release
    software, _, version = release.software.partition(" ")
    return {
        "resourceType": kind,
        "id": "server",
        "language": "en",
        **facts,
        "version": f"1.{release.number}.0",
        "title": f"Health topics of {side.site.host}",
        "status": "active",
        "experimental": False,
        "date": release.time,
        "kind": "instance",
        "software": {"name": software, **({"version": version} if version else {})},
        "implementation": {"description": f"Release {release.number}", "url": side.base},
    }


def _terminology(side: Side) -> dict[str, Any]:
    """Return which code systems there are, and how they are expanded.

    http://hl7.org/fhir/R4/terminologycapabilities.html
    """
    is_r4 = side.number < "5.0"
    return {
        **_described(
            side,
            "TerminologyCapabilities",
            url=f"{side.base}/metadata?mode=terminology",
            name="HealthTopicsTerminology",
            description="The codes of health topics, with their names in several languages.",
        ),
        "codeSystem": [
            {
                "uri": each.url,
                "version": [{"code": each.version, "isDefault": True}],
                **({} if is_r4 else {"content": each.facts["content"]}),
                "subsumption": False,
            }
            for each in code_systems(side.site.index, side.number)
        ],
        "expansion": {
            "hierarchical": False,
            "paging": True,
            "incomplete": False,
            "parameter": [{"name": each.name, "documentation": each.description} for each in EXPANDING],
            "textFilter": FILTER.description,
        },
        "validateCode": {"translations": True},
    }


def _statement(side: Side) -> dict[str, Any]:
    guide = [guide_url(VERSIONS[side.name], side.site.base_url)] if side.package else []
    languages = {"acceptLanguage": list(LANGUAGES)} if side.number >= "5.0" else {}
    return {
        **_described(
            side,
            "CapabilityStatement",
            url=f"{side.base}/metadata",
            name="HealthTopicsServer",
            description="Consumer health topics in several languages, read-only.",
        ),
        "instantiates": [f"{side.site.base_url}/fhir/CapabilityStatement/{SERVER}", BULK_PUBLISH],
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
            200: RouteAnswer("The statement.", (FHIR_JSON,), {"type": "object"}),
            406: NOT_JSON,
        },
        answer=_metadata,
    ),
)
