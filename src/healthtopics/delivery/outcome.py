"""Errors as FHIR clients read them: an OperationOutcome in place of problem details, at addresses of FHIR."""

import re
from collections.abc import Mapping
from typing import Final

from healthtopics.delivery.message import ProblemDetails
from healthtopics.jsontext import JsonObject

FHIR_JSON: Final = "application/fhir+json"
VERSIONS: Final = {"r4": "4.0.1", "r5": "5.0.0"}
"""The versions of FHIR by their part of the address."""

_PATH: Final = re.compile(rf"fhir(?:/(?P<version>{'|'.join(VERSIONS)}))?(?:/|\Z)")
_CODES: Final[Mapping[int, str]] = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    408: "timeout",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    414: "too-long",
    415: "not-supported",
    416: "invalid",
    429: "throttled",
    431: "too-long",
    500: "exception",
    503: "transient",
}
"""The code of an issue by status (http://hl7.org/fhir/issue-type)."""


def is_fhir(path: str) -> bool:
    """Return whether an address, relative to the base URL, is one of the FHIR server or of its files."""
    return bool(_PATH.match(path))


def fhir_content_type(path: str) -> str:
    """Return the Content-Type of an answer at an address of the FHIR server."""
    found = _PATH.match(path)
    version = VERSIONS[(found and found["version"]) or "r4"]
    return f"{FHIR_JSON}; fhirVersion={version.rpartition('.')[0]}; charset=utf-8"


def issue(severity: str, code: str, text: str, *expressions: str) -> JsonObject:
    """Return an issue; its text is for people."""
    found = {"severity": severity, "code": code, "details": {"text": text}, "diagnostics": text}
    return {**found, "expression": list(expressions)} if expressions else found


def outcome(language: str, *issues: JsonObject) -> JsonObject:
    """Return an OperationOutcome whose texts are in a language."""
    return {"resourceType": "OperationOutcome", "language": language, "issue": list(issues)}


def describe_outcome(status: int, details: ProblemDetails, language: str) -> JsonObject:
    """Return an error as an OperationOutcome in a language."""
    parameter = details.members.get("parameter")
    code = details.members.get("code") or _CODES.get(status, "processing")
    text = details.detail.into(language)
    return outcome(language, issue("error", code, text, *([parameter] if parameter else [])))
