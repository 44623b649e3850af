"""`$bulk-publish`: the files of the release, and of what changed since an earlier one.

https://hl7.org/fhir/uv/bulkdata/4.0.0-202609-ballot/publish.html

The root names all files of the current release, and leads to the page of those who have that release, which
is empty and `#pending`. When there is another release, that page leads to the page of the changes between the
two, which leads to the page of those who have the new one. However many releases a client has missed, and
whichever of them were pruned, one page has what changed since: the index of the current release knows it.
"""

from datetime import datetime
from typing import Any, Final

from healthtopics.delivery.fhir.bulk_files import RELEASE, find_release, manifest
from healthtopics.delivery.fhir.export_criteria import NDJSON, ExportCriteria
from healthtopics.delivery.fhir.form import GENERAL
from healthtopics.delivery.fhir.reading import NOT_JSON, opened
from healthtopics.delivery.fhir.side import VERSION, Side
from healthtopics.delivery.message import JSON, Response, Wording, problem
from healthtopics.delivery.outcome import FHIR_JSON
from healthtopics.delivery.representation import BRIEF, Representation, computed
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.index.bulk import Period, bulk_files, is_followed, is_release

_MANIFEST_TYPE: Final = "http://hl7.org/fhir/uv/bulkdata/StructureDefinition/BulkPublishManifest"
_CACHE: Final = "public, max-age=10"
_PENDING: Final = "#pending"
_CLOSED: Final = "#closed"

_SINCE: Final = Parameter(
    "since",
    "The time of the release that the client has: `transactionTime` of a manifest.",
    {
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        "format": "date-time",
    },
    where="path",
    is_required=True,
    example="2026-11-30T06:00:00Z",
)
_TO_COME: Final = Wording(
    en="no release is dated {since} yet; the current one is dated {time}.",
    es="todavía no hay ninguna versión con fecha {since}; la actual tiene fecha {time}.",
)


def _root(call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    side = form.side
    files = manifest(side, ExportCriteria(), bulk_files(side.site.index, side.number))
    return computed(
        form.write(_page(side, side.site.time, files, _after(side, side.site.time))), JSON, cache=_CACHE
    )


def _pending(call: Call) -> Representation | Response:
    """Answer those who have a release: where the changes since then are, if there are any."""
    form = opened(call)
    if isinstance(form, Response):
        return form
    side, since = form.side, call.values[_SINCE.name]
    site = side.site
    if since > site.time and not is_release(site.index, since):
        return problem(404, _TO_COME.filled(since=since, time=site.time), cache=BRIEF)
    if since == site.time:
        following = _PENDING
    elif is_followed(site.index, since):
        following = f"{_after(side, since)}/{site.number}"
    else:
        following = _CLOSED
    return computed(
        form.write(_page(side, since, {"output": [], "deleted": []}, following)), JSON, cache=_CACHE
    )


def _changes(call: Call) -> Representation | Response:
    """Answer with what changed between two releases."""
    form = opened(call)
    if isinstance(form, Response):
        return form
    since = call.values[_SINCE.name]
    side = find_release(form.side, int(call.values[RELEASE.name]), f"$bulk-publish/{since}")
    if isinstance(side, Response):
        return side
    site = side.site
    if since > site.time and not is_release(site.index, since):
        return problem(404, _TO_COME.filled(since=since, time=site.time), cache=BRIEF)
    if is_followed(site.index, since):
        files = manifest(side, ExportCriteria(period=Period(since)), bulk_files(site.index, side.number))
        page = _page(side, site.time, files, _after(side, site.time))
    else:
        page = _page(side, site.time, {"output": [], "deleted": []}, _CLOSED)
    return computed(form.write(page), JSON, cache=_CACHE)


def _after(side: Side, time: str) -> str:
    """Return the address of the page of those who have the release of a time."""
    return f"{side.base}/$bulk-publish/{time}"


def _cadence(side: Side) -> str:
    """Return how often there may be a release, as a duration of ISO 8601."""
    # Pointers expire after twice the cadence.
    time, expires = (datetime.fromisoformat(side.site.pointer[name]) for name in ("time", "expires"))
    return f"PT{(expires - time).total_seconds() / 7200:.0f}H"


def _page(side: Side, time: str, files: dict[str, Any], following: str) -> dict[str, Any]:
    return {
        "manifestType": _MANIFEST_TYPE,
        "transactionTime": time,
        "requiresAccessToken": side.site.is_key_required,
        "updateCadence": _cadence(side),
        "outputFormat": NDJSON,
        **files,
        "link": [{"relation": "next", "url": following}],
    }


_SCHEMA: Final = {
    "type": "object",
    "required": ["manifestType", "transactionTime", "requiresAccessToken", "output", "deleted", "link"],
}
_MANIFEST: Final = RouteAnswer("A page of the manifest.", (JSON,), _SCHEMA)
_NOT_YET: Final = RouteAnswer("There is no such release yet.", (FHIR_JSON,))

ROUTES: Final = (
    Route(
        path="/fhir/{fhir}/$bulk-publish",
        operation="getBulkManifest",
        summary="All files of the release, for Bulk Publish",
        description="`link` leads to the page of those who have this release.",
        tag="FHIR",
        parameters=(VERSION, *GENERAL),
        answers={200: _MANIFEST, 406: NOT_JSON},
        answer=_root,
    ),
    Route(
        path="/fhir/{fhir}/$bulk-publish/{since}",
        operation="getBulkUpdates",
        summary="For those who have a release: whether there is another one",
        description="`link` is `#pending`, or leads to what changed since, or is `#closed`: then the client "
        "begins again with `$bulk-publish`.",
        tag="FHIR",
        parameters=(VERSION, _SINCE, *GENERAL),
        answers={200: _MANIFEST, 404: _NOT_YET, 406: NOT_JSON},
        answer=_pending,
    ),
    Route(
        path="/fhir/{fhir}/$bulk-publish/{since}/{release}",
        operation="getBulkChanges",
        summary="What changed between two releases, for Bulk Publish",
        tag="FHIR",
        parameters=(VERSION, _SINCE, RELEASE, *GENERAL),
        answers={
            200: _MANIFEST,
            404: _NOT_YET,
            406: NOT_JSON,
            410: RouteAnswer(
                "The release is not here any more; the page before leads to what is.", (FHIR_JSON,)
            ),
        },
        answer=_changes,
    ),
)
