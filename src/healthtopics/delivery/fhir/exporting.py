"""`$export`: everything in NDJSON, or what is wanted of it (https://hl7.org/fhir/uv/bulkdata/export.html).

An export is ready at once, as the release has its files. The address of its status says which release it is
of and what is wanted, so that nothing is remembered between requests.
"""

from dataclasses import replace
from typing import Any, Final

from healthtopics.delivery.fhir.bulk_files import (
    COSTLY,
    GONE,
    RELEASE,
    exported_types,
    manifest,
    opened_export,
    report_unused,
    too_costly,
)
from healthtopics.delivery.fhir.export_criteria import PARAMETERS, UNUSED, pairs_in, read_criteria
from healthtopics.delivery.fhir.form import GENERAL, form_of, preferences_of
from healthtopics.delivery.fhir.inputs import BODY, RefusedError, read_body
from healthtopics.delivery.fhir.query import BadSearchError
from healthtopics.delivery.fhir.reading import NOT_JSON, opened
from healthtopics.delivery.fhir.side import VERSION
from healthtopics.delivery.message import JSON, Response, Wording, json_response
from healthtopics.delivery.outcome import FHIR_JSON, fhir_content_type, issue, outcome
from healthtopics.delivery.parameters import pairs_of
from healthtopics.delivery.problem_details import wanted_language
from healthtopics.delivery.representation import Representation, computed
from healthtopics.delivery.route import Call, Route, RouteAnswer, refused
from healthtopics.index.bulk import bulk_files
from healthtopics.index.opening import TooManyStepsError

_LONGEST: Final = 7_000
"""The longest address of a status, in characters; the server accepts slightly longer ones."""

_SYNCHRONOUS: Final = Wording(
    en="an export is asynchronous: send the header Prefer: respond-async.",
    es="las exportaciones son asíncronas: envíe el encabezado Prefer: respond-async.",
)
_READY: Final = Wording(
    en="the export is ready. Its manifest: {address}",
    es="la exportación está lista. Su manifiesto: {address}",
)
_OVER: Final = Wording(
    en="nothing needs to be removed: the server keeps no export, and the files belong to the release.",
    es="no hay nada que eliminar: el servidor no guarda exportaciones, y los archivos son de la versión.",
)
_TOO_LONG: Final = Wording(
    en="the address of the export has more than {most} characters. Divide it into several exports.",
    es="la dirección de la exportación tiene más de {most} caracteres. Divídala en varias exportaciones.",
)


def _begin(call: Call) -> Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    side, request = form.side, call.request
    preferences = preferences_of(request)
    if "respond-async" not in preferences:
        return refused("", _SYNCHRONOUS)
    files = bulk_files(side.site.index, side.number)
    own = {each.name for each in GENERAL}
    try:
        pairs = [each for each in pairs_of(call.route, request) if each[0] not in own]
        pairs += pairs_in(read_body(request))
        is_lenient = "handling=lenient" in preferences
        criteria = read_criteria(side, exported_types(files), pairs, is_lenient=is_lenient)
    except RefusedError as error:
        return error.response
    except BadSearchError as error:
        return refused(error.parameter, error.detail)
    address = f"{side.base}/$export/{side.site.number}{criteria.written()}"
    if len(address) > _LONGEST:
        return refused("", _TOO_LONG.filled(most=_LONGEST))
    return _accepted(call, _READY.filled(address=address), ("Content-Location", address))


def _accepted(call: Call, said: Wording, *headers: tuple[str, str]) -> Response:
    language = wanted_language(call.request, call.site)
    document = outcome(language, issue("information", "informational", said.into(language)))
    media_type = fhir_content_type(call.site.relative(call.request.path))
    return json_response(202, media_type, document, (("Content-Language", language), *headers))


def _status(call: Call) -> Representation | Response:
    found = opened_export(call)
    if isinstance(found, Response):
        return found
    side, criteria, files = found
    form = form_of(call, side)
    if isinstance(form, Response):
        return form
    site = side.site
    outcomes = report_unused(criteria, "en")
    errors: list[dict[str, Any]] = []
    if outcomes:
        url = f"{side.base}/$export/{site.number}/outcome.ndjson{criteria.written()}"
        errors = [{"type": "OperationOutcome", "url": url}]
    try:
        listed = manifest(side, criteria, files)
    except TooManyStepsError:
        return too_costly()
    document = {
        "transactionTime": site.time,
        "request": f"{side.base}/$export{criteria.written()}",
        "requiresAccessToken": site.is_key_required,
        "output": listed["output"],
        # Until STU 4, these have a type, too.
        "deleted": [{"type": "Bundle", **each} for each in listed["deleted"]],
        "error": errors,
    }
    # The current release stays for at least as long as the pointer to it is valid.
    expires = site.pointer["expires"] if site.number == call.site.number else ""
    return replace(computed(form.write(document), JSON, cache="private, max-age=10"), expires=expires)


def _end(call: Call) -> Response:
    found = opened_export(call)
    return found if isinstance(found, Response) else _accepted(call, _OVER)


_ACCEPTED: Final = RouteAnswer("The export is ready. Content-Location: its status.", (FHIR_JSON,))
_NO_RELEASE: Final = RouteAnswer("There is no such release.", (FHIR_JSON,))
_MANIFEST: Final = {
    "type": "object",
    "required": ["transactionTime", "request", "requiresAccessToken", "output", "deleted", "error"],
}

ROUTES: Final = (
    Route(
        path="/fhir/{fhir}/$export",
        operation="beginExport",
        summary="Export everything, or what is wanted of it, as NDJSON",
        description="With `Prefer: respond-async`. Parameters that are not supported are refused, or ignored "
        "and reported with `handling=lenient`.",
        tag="FHIR",
        parameters=(VERSION, *PARAMETERS, *GENERAL),
        answers={202: _ACCEPTED, 406: NOT_JSON},
        is_strict=False,
        answer=_begin,
    ),
    Route(
        path="/fhir/{fhir}/$export",
        operation="beginExportByParameters",
        summary="The same export, with the parameters in the body",
        tag="FHIR",
        parameters=(VERSION, *GENERAL),
        methods=("POST",),
        body=BODY,
        answers={202: _ACCEPTED, 406: NOT_JSON, 415: RouteAnswer("The body is not JSON.", (FHIR_JSON,))},
        is_strict=False,
        is_private=True,
        answer=_begin,
    ),
    Route(
        path="/fhir/{fhir}/$export/{release}",
        operation="getExportStatus",
        summary="The status of an export: its files",
        tag="FHIR",
        parameters=(VERSION, RELEASE, *PARAMETERS, UNUSED, *GENERAL),
        answers={
            200: RouteAnswer("The manifest.", (JSON,), _MANIFEST),
            404: _NO_RELEASE,
            406: NOT_JSON,
            410: GONE,
            422: COSTLY,
        },
        answer=_status,
    ),
    Route(
        path="/fhir/{fhir}/$export/{release}",
        operation="endExport",
        summary="Say that the files of an export are not needed any more",
        description="Nothing is removed: the files are those of the release.",
        tag="FHIR",
        parameters=(VERSION, RELEASE, *PARAMETERS, UNUSED, *GENERAL),
        methods=("DELETE",),
        answers={202: RouteAnswer("It was noted.", (FHIR_JSON,)), 404: _NO_RELEASE, 410: GONE},
        answer=_end,
    ),
)
