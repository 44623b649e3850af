"""The files of exports and of Bulk Publish: NDJSON files of a release, or lines of them.

Everything is in the address of a file, so that nothing is remembered between requests, and a file of an
address never changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.delivery.fhir.export_criteria import (
    NAMES,
    NDJSON,
    PARAMETERS,
    UNUSED,
    ExportCriteria,
    read_criteria,
)
from healthtopics.delivery.fhir.form import LANGUAGE
from healthtopics.delivery.fhir.query import BadSearchError
from healthtopics.delivery.fhir.reading import TYPE
from healthtopics.delivery.fhir.side import VERSION, Side, side_of, side_of_release
from healthtopics.delivery.message import Response, Wording, problem
from healthtopics.delivery.outcome import FHIR_JSON, issue, outcome
from healthtopics.delivery.paging import no_release
from healthtopics.delivery.parameters import pairs_of
from healthtopics.delivery.parts import JoinedSlices, MadeBytes, Slice
from healthtopics.delivery.problem_details import wanted_language
from healthtopics.delivery.representation import BRIEF, IMMUTABLE, Representation, computed
from healthtopics.delivery.route import PARTS, Call, Parameter, Route, RouteAnswer, refused
from healthtopics.index.bulk import (
    BulkFile,
    Deletion,
    bulk_files,
    changed_lines,
    count_deletions,
    deleted_types,
    deletions,
)
from healthtopics.index.opening import TooManyStepsError
from healthtopics.index.resources import count_type
from healthtopics.release import object_key

RELEASE: Final = Parameter(
    "release",
    "The number of a release.",
    {"type": "string", "pattern": "^[1-9][0-9]{0,11}$"},
    where="path",
    is_required=True,
    example="1",
)
COSTLY: Final = RouteAnswer("The searches read too much of the index. Ask for less.", (FHIR_JSON,))
GONE: Final = RouteAnswer("The release is not here any more. Export again.", (FHIR_JSON,))

MOST_STEPS: Final = 1_500_000
"""Of SQLite to find what the searches of an export ask for, as for one search."""
MOST_STEPS_EACH: Final = 200
"""As many more for each resource of the type: a search that finds all of them takes 25 to 160."""
_TOO_COSTLY: Final = Wording(
    en="the searches in _typeFilter read more of the index than an export may. Use fewer of them, with fewer "
    "criteria, or export the whole type.",
    es="las búsquedas de _typeFilter leen más del índice de lo que se permite a una exportación. Use menos "
    "búsquedas, con menos criterios, o exporte el tipo completo.",
)
_IGNORED: Final = Wording(
    en="{what} was ignored: exports of this server do not support it.",
    es="se ignoró {what}: las exportaciones de este servidor no lo admiten.",
)


def exported_types(files: Sequence[BulkFile]) -> tuple[str, ...]:
    """Return the types that are exported."""
    return tuple(dict.fromkeys(each.type for each in files))


def find_release(side: Side, number: int, instead: str) -> Side | Response:
    """Return a version of FHIR in a release; if it is not here, a problem that says what to do instead."""
    return side_of_release(side, number) or no_release(side.site, number, f"{side.base}/{instead}")


def manifest(side: Side, criteria: ExportCriteria, files: Sequence[BulkFile]) -> dict[str, Any]:
    """Return the members of a manifest that name files: `output`, `deleted`.

    Raises TooManyStepsError if searches read more of the index than they may.
    """
    count, length = _measure_deleted(side, criteria)
    address = f"{side.base}/$export/{side.site.number}/deleted.ndjson{criteria.written()}"
    members = {"url": address, "count": count, "fileSize": length}
    return {"output": list(_outputs(side, criteria, files)), "deleted": [members] if count else []}


def _outputs(side: Side, criteria: ExportCriteria, files: Sequence[BulkFile]) -> Iterator[dict[str, Any]]:
    for type_ in criteria.types or exported_types(files):
        if criteria.is_everything(type_):
            for each in files:
                if each.type == type_:
                    key = object_key(each.name, each.sha256)
                    url = f"{side.site.base_url}/{key}"
                    yield {"type": type_, "url": url, "count": each.resources, "fileSize": each.length}
            continue
        own = ExportCriteria(period=criteria.period, filters=criteria.filters_of(type_))
        count, lines = _lines(side, own, type_)
        if count:
            url = f"{side.base}/$export/{side.site.number}/{type_}.ndjson{own.written()}"
            yield {"type": type_, "url": url, "count": count, "fileSize": lines.length}


def _lines(side: Side, criteria: ExportCriteria, type_: str) -> tuple[int, JoinedSlices]:
    """Return how many resources of a type are wanted, and where their lines are.

    Raises TooManyStepsError if searches read more of the index than they may.
    """
    index = side.site.index
    if not criteria.filters_of(type_):
        return _found_lines(side, criteria, type_)
    with index.limited(MOST_STEPS + MOST_STEPS_EACH * count_type(index, side.number, type_)):
        return _found_lines(side, criteria, type_)


def _found_lines(side: Side, criteria: ExportCriteria, type_: str) -> tuple[int, JoinedSlices]:
    count = 0

    def slices() -> Iterator[Slice]:
        nonlocal count
        found = changed_lines(side.site.index, criteria.queries(side, type_), criteria.period)
        for count, each in enumerate(found, 1):  # noqa: B007 - it is returned
            key = object_key(each.artifact, each.sha256)
            yield Slice(key, each.offset, each.length + 1)  # with its line break

    lines = JoinedSlices.of(slices())
    return count, lines


def _measure_deleted(side: Side, criteria: ExportCriteria) -> tuple[int, int]:
    """Return how many resources were deleted since a time, and the length of the file that says so."""
    if not criteria.period.since:
        return 0, 0
    index, number = side.site.index, side.number
    types = criteria.types or deleted_types(index, number)
    count, length = count_deletions(index, number, types, criteria.period)
    return count, length + count * len(_deleted_line(Deletion("", "", "")))


def _deleted(side: Side, criteria: ExportCriteria) -> Iterator[bytes]:
    """Yield what was deleted since a time: transactions as NDJSON, one for each resource."""
    if criteria.period.since:
        types = criteria.types or deleted_types(side.site.index, side.number)
        yield from map(_deleted_line, deletions(side.site.index, side.number, types, criteria.period))


def _deleted_line(deletion: Deletion) -> bytes:
    return jsontext.dump_line(
        {
            "resourceType": "Bundle",
            "meta": {"lastUpdated": deletion.date},
            "type": "transaction",
            "entry": [{"request": {"method": "DELETE", "url": f"{deletion.type}/{deletion.id}"}}],
        }
    )


def report_unused(criteria: ExportCriteria, language: str) -> bytes:
    """Return what was ignored of a request: OperationOutcomes as NDJSON."""
    texts = (_IGNORED.filled(what=each).into(language) for each in criteria.unused)
    return b"".join(
        jsontext.dump_line(outcome(language, issue("warning", "not-supported", each))) for each in texts
    )


def opened_export(call: Call) -> tuple[Side, ExportCriteria, list[BulkFile]] | Response:
    """Return the release that an address of an export names, what is wanted of it, and its files."""
    side = side_of(call)
    found = side if isinstance(side, Response) else find_release(side, int(call.values["release"]), "$export")
    if isinstance(found, Response):
        return found
    files = bulk_files(found.site.index, found.number)
    pairs = [(name, text) for name, text in pairs_of(call.route, call.request) if name in NAMES]
    try:
        criteria = read_criteria(found, exported_types(files), pairs)
    except BadSearchError as error:
        return refused(error.parameter, error.detail)
    return found, replace(criteria, unused=call.values.get(UNUSED.name, ())), files


def too_costly() -> Response:
    """Return the refusal of an export whose searches read too much of the index."""
    return problem(422, _TOO_COSTLY, cache=BRIEF, code="too-costly")


def _cache(criteria: ExportCriteria) -> str:
    return "private, max-age=3600" if criteria.filters else IMMUTABLE


def _resources(call: Call) -> Representation | Response:
    opened = opened_export(call)
    if isinstance(opened, Response):
        return opened
    side, criteria, files = opened
    type_ = call.values[TYPE.name]
    if type_ not in exported_types(files):
        return problem(404, _NO_FILE, cache=BRIEF)
    try:
        _, lines = _lines(side, criteria, type_)
    except TooManyStepsError:
        return too_costly()
    recipe = "\n".join(f"{each.key} {each.offset} {each.length}" for each in lines.slices)
    return Representation(
        content=lines,
        length=lines.length,
        sha256=jsontext.digest(recipe.encode()),
        media_type=NDJSON,
        modified=side.site.index.release.time,
        cache=_cache(criteria),
    )


_NO_FILE: Final = Wording(
    en="the export has no such file; its status lists those that it has.",
    es="la exportación no tiene ese archivo; su estado indica los que tiene.",
)


def _deletions(call: Call) -> Representation | Response:
    opened = opened_export(call)
    if isinstance(opened, Response):
        return opened
    side, criteria, _files = opened
    _, length = _measure_deleted(side, criteria)
    release = side.site.index.release
    return Representation(
        content=MadeBytes(length, partial(_deleted, side, criteria)),
        length=length,
        # The address and the release say what is in it.
        sha256=jsontext.digest(f"{side.base}/{release.number} {release.time}{criteria.written()}".encode()),
        media_type=NDJSON,
        modified=release.time,
        cache=_cache(criteria),
    )


def _outcome(call: Call) -> Representation | Response:
    opened = opened_export(call)
    if isinstance(opened, Response):
        return opened
    side, criteria, _files = opened
    data = report_unused(criteria, wanted_language(call.request, call.site))
    return computed(data, NDJSON, modified=side.site.index.release.time, cache=_cache(criteria))


_FILE: Final = RouteAnswer("The file.", (NDJSON,))
_ANSWERS: Final = {
    200: _FILE,
    404: RouteAnswer("There is no such file.", (FHIR_JSON,)),
    410: GONE,
}
_COMMON: Final = (VERSION, RELEASE, *PARAMETERS, LANGUAGE)

ROUTES: Final = (
    *(
        Route(
            path=f"/fhir/{{fhir}}/$export/{{release}}/{kind}.ndjson",
            operation=f"getExported{kind.capitalize()}",
            summary=summary,
            tag="FHIR",
            parameters=(*_COMMON, UNUSED) if kind == "outcome" else _COMMON,
            answers=_ANSWERS,
            answer=answer,
        )
        for kind, summary, answer in (
            ("deleted", "What was deleted since a time, as transactions", _deletions),
            ("outcome", "What was ignored of a request for an export, as OperationOutcomes", _outcome),
        )
    ),
    Route(
        path="/fhir/{fhir}/$export/{release}/{type}.ndjson",
        operation="getExportedResources",
        summary="Resources of one type in a release, each on its own line",
        description="The address comes from the status of an export, or from a page of `$bulk-publish`.",
        tag="FHIR",
        parameters=(VERSION, RELEASE, TYPE, *PARAMETERS, LANGUAGE),
        answers={**_ANSWERS, **PARTS, 422: COSTLY},
        answer=_resources,
    ),
)
