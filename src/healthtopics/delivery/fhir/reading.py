"""read, vread and history (http://hl7.org/fhir/R4/http.html#read)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

from healthtopics.delivery.fhir.definitions import GUIDE, GUIDE_ID, find_definition
from healthtopics.delivery.fhir.form import GENERAL, SHAPING, Form, form_of
from healthtopics.delivery.fhir.paging import COUNT, MOST_BYTES, PAGE, open_bundle_page
from healthtopics.delivery.fhir.query import BadSearchError, read_instant
from healthtopics.delivery.fhir.side import VERSION, Side, language_in, side_of
from healthtopics.delivery.message import Response, Wording, problem
from healthtopics.delivery.outcome import FHIR_JSON
from healthtopics.delivery.representation import BRIEF, IMMUTABLE, Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer, refused
from healthtopics.delivery.site import Site
from healthtopics.formats.fhir.capability import DEFINED
from healthtopics.index.resources import ResourceVersion, current_resource, deletion_of, versions_of
from healthtopics.index.topics import graves_of
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE

TYPE: Final = Parameter(
    "type",
    "A type of FHIR resources.",
    {"type": "string", "pattern": "^[A-Z][A-Za-z]{1,60}$"},
    where="path",
    is_required=True,
    example="Composition",
)
ID: Final = Parameter(
    "id",
    "The id of a resource.",
    {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$"},
    where="path",
    is_required=True,
    example="miscarriage-es",
)
_VERSION_ID: Final = Parameter(
    "vid",
    "The version of the resource, as in `meta.versionId`.",
    {"type": "string", "pattern": "^[A-Za-z0-9.-]{1,64}$"},
    where="path",
    is_required=True,
    example="4fb122450e8f0896",
)
_SINCE: Final = Parameter(
    "_since",
    "An instant: only what happened then or later.",
    {"type": "string", "minLength": 1, "maxLength": 40},
    example="2026-11-01T00:00:00Z",
)

RESOURCE: Final = RouteAnswer("The resource.", (FHIR_JSON,), {"type": "object"})
NOT_HERE: Final = RouteAnswer("There is no such resource, or no such version of it.", (FHIR_JSON,))
GONE: Final = RouteAnswer("The resource was in an earlier release; it was withdrawn.", (FHIR_JSON,))
NOT_JSON: Final = RouteAnswer("The request accepts no JSON. There is no XML.", (FHIR_JSON,))
PROBLEMS: Final = {404: NOT_HERE, 406: NOT_JSON, 410: GONE}

NO_TYPE: Final = Wording(
    en="{type} is not a resource type of this server. Available types: {known}.",
    es="{type} no es un tipo de recurso de este servidor. Tipos disponibles: {known}.",
)
_NO_RESOURCE: Final = Wording(en="there is no {type}/{id}.", es="no existe {type}/{id}.")
_WITHDRAWN: Final = Wording(
    en="{type}/{id} was withdrawn: it was in an earlier release, and is not in this one.",
    es="{type}/{id} se retiró: estaba en una versión publicada anterior y no está en la actual.",
)
_NO_VERSION: Final = Wording(
    en="{type}/{id} has no version {version}. The current one is {current}.",
    es="{type}/{id} no tiene la versión {version}. La actual es {current}.",
)
_NO_VERSIONS: Final = Wording(
    en="resources of the type {type} have no versions here: they describe the server, not a release.",
    es="los recursos del tipo {type} no tienen versiones aquí: describen el servidor, no lo publicado.",
)
_PRUNED: Final = Wording(
    en="version {version} of {type}/{id} went with its release, which was removed.",
    es="la versión {version} de {type}/{id} se eliminó junto con la versión publicada en la que estaba.",
)


def _read(call: Call) -> Representation | Response:
    type_ = call.values[TYPE.name]
    return _read_definition(type_, call) if type_ in DEFINED else read_current(call, type_)


def _read_definition(type_: str, call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    data = find_definition(form.side, type_, call.values[ID.name])
    if data is None:
        return problem(404, _NO_RESOURCE.filled(type=type_, id=call.values[ID.name]), cache=BRIEF)
    return form.answer_bytes(form.write_resource(data), language=SOURCE, vary=("Accept",))


def read_current(call: Call, type_: str) -> Representation | Response:
    """Answer with the resource of a type that has the id of the call."""
    form = opened(call)
    if isinstance(form, Response):
        return form
    found = find_current(form.side, type_, call.values[ID.name])
    return found if isinstance(found, Response) else represented(form, found, form.side.read_current(found))


def _vread(call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    type_, id_, wanted = (call.values[each.name] for each in (TYPE, ID, _VERSION_ID))
    versions = versions_of(form.side.site.index, form.side.number, type_, id_)
    found = next((each for each in versions if each.version_id == wanted), None)
    if found is None:
        if not versions:
            return no_resource(form.side, type_, id_)
        filled = _NO_VERSION.filled(type=type_, id=id_, version=wanted, current=versions[0].version_id)
        return problem(404, filled, cache=BRIEF)
    data = form.side.read(found)
    if data is None:
        return problem(404, _PRUNED.filled(type=type_, id=id_, version=wanted), cache=BRIEF)
    return replace(represented(form, found, data), cache=IMMUTABLE)


class _Event(NamedTuple):
    """What happened to a resource in a release."""

    method: str
    """As a client would have asked for it."""
    time: str
    version: ResourceVersion | None = None
    """What the resource was since then; None if it was deleted."""


def _history(call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    page = open_bundle_page(call, form.side)
    if isinstance(page, Response):
        return page
    side, type_, id_ = page.side, call.values[TYPE.name], call.values[ID.name]
    events = list(_events(side, type_, id_))
    if not events:
        return no_resource(side, type_, id_)
    try:
        since = _since(call.values.get(_SINCE.name, ""))
    except BadSearchError as error:
        return refused(error.parameter, error.detail)
    events = [each for each in events if each.time >= since]
    entries: list[JsonObject] = []
    length = 0
    for each in events[page.after : page.after + page.count]:
        entries.append(_entry(form, f"{type_}/{id_}", each))
        length += each.version.length if each.version else 0
        if length > MOST_BYTES:
            break
    following = page.after + len(entries)
    has_more = entries and following < len(events)
    bundle = {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(events),
        "link": page.links(
            f"{type_}/{id_}/_history",
            following if has_more else None,
            page.given((*GENERAL, _SINCE, COUNT)),
        ),
        **({"entry": entries} if entries else {}),
    }
    return form.answer(bundle, modified=side.site.index.release.time, vary=("Accept",))


def _since(text: str) -> str:
    """Return the first instant at which something may have happened; empty if it is not limited."""
    if not text:
        return ""
    instant = read_instant(_SINCE.name, text)
    return instant.end if instant.has_fraction else instant.start


def _events(side: Side, type_: str, id_: str) -> Iterator[_Event]:
    """Yield what happened to a resource, the latest first, as far as the store still has it."""
    index = side.site.index
    versions = versions_of(index, side.number, type_, id_)
    if versions and not versions[0].is_current:
        yield _Event("DELETE", deletion_of(index, side.number, type_, id_))
    for number, each in enumerate(versions, 1):
        if side.is_stored(each):
            yield _Event("POST" if number == len(versions) else "PUT", each.last_updated, each)


def _entry(form: Form, url: str, event: _Event) -> JsonObject:
    entry: JsonObject = {
        "fullUrl": f"{form.side.base}/{url}",
        "request": {
            "method": event.method,
            "url": url.partition("/")[0] if event.method == "POST" else url,
        },
    }
    version = event.version
    if version is None:
        return {**entry, "response": {"status": "204", "lastModified": event.time}}
    response = {
        "status": "201" if event.method == "POST" else "200",
        "etag": f'W/"{version.version_id}"',
        "lastModified": event.time,
    }
    return {**entry, "resource": form.embed(form.side.read_current(version)), "response": response}


def opened(call: Call) -> Form | Response:
    """Return the form of the answer; an error if there is no such version of FHIR, or no such form."""
    side = side_of(call)
    return side if isinstance(side, Response) else form_of(call, side)


def find_current(side: Side, type_: str, id_: str) -> ResourceVersion | Response:
    """Return a resource of the release; 404 if it never was in one, 410 if it was withdrawn."""
    found = current_resource(side.site.index, side.number, type_, id_)
    return found if found and side.has(found) else no_resource(side, type_, id_)


def no_resource(side: Side, type_: str, id_: str) -> Response:
    """Return 410 for a resource that was withdrawn, otherwise 404."""
    if type_ in DEFINED:
        return problem(404, _NO_VERSIONS.filled(type=type_), cache=BRIEF)
    if type_ not in side.types:
        return problem(404, NO_TYPE.filled(type=type_, known=", ".join(side.known_types)), cache=BRIEF)
    versions = versions_of(side.site.index, side.number, type_, id_)
    is_gone = versions and not versions[0].is_current
    if is_gone or withdrawn_topic(side.site, id_):
        return problem(410, _WITHDRAWN.filled(type=type_, id=id_), cache=BRIEF)
    return problem(404, _NO_RESOURCE.filled(type=type_, id=id_), cache=BRIEF)


def withdrawn_topic(site: Site, id_: str) -> str:
    """Return the withdrawn topic that an id is made from: `{topic}-{language}`, `{topic}-translations`.

    It is empty if there is none. The versions of its resources may be forgotten.
    """
    endings = (f"-{each}" for each in (*site.languages, "translations"))
    topics = (id_.removesuffix(each) for each in endings if id_.endswith(each))
    return next((each for each in topics if graves_of(site.index, each)), "")


def represented(form: Form, version: ResourceVersion, data: bytes) -> Representation:
    """Return a version of a resource as the answer."""
    return form.answer_bytes(
        form.write_resource(data),
        modified=version.last_updated,
        language=language_in(data),
        version=version.version_id,
        vary=("Accept",),
    )


ROUTES: Final = (
    Route(
        path=f"/fhir/{{fhir}}/{GUIDE}/{{id}}",
        operation="readImplementationGuide",
        summary="The ImplementationGuide of the FHIR package, which lists what is in it",
        tag="FHIR",
        parameters=(VERSION, GUIDE_ID, *SHAPING),
        answers={200: RESOURCE, 404: NOT_HERE, 406: NOT_JSON},
        answer=partial(_read_definition, GUIDE),
    ),
    Route(
        path="/fhir/{fhir}/{type}/{id}",
        operation="readResource",
        summary="A FHIR resource",
        description='ETag is its version, as `W/"…"`; Last-Modified is `meta.lastUpdated`.',
        tag="FHIR",
        parameters=(VERSION, TYPE, ID, *SHAPING),
        answers={200: RESOURCE, **PROBLEMS},
        answer=_read,
    ),
    Route(
        path="/fhir/{fhir}/{type}/{id}/_history",
        operation="readHistory",
        summary="The versions of a FHIR resource, the current one first",
        description="Of the releases that the store still has. That of a withdrawn resource begins with "
        "DELETE.",
        tag="FHIR",
        parameters=(VERSION, TYPE, ID, _SINCE, COUNT, PAGE, *GENERAL),
        answers={
            200: RouteAnswer("A Bundle of type `history`.", (FHIR_JSON,), {"type": "object"}),
            **PROBLEMS,
            410: RouteAnswer(
                "The resource is not known any more, or the release of the page is not here any more.",
                (FHIR_JSON,),
            ),
        },
        answer=_history,
    ),
    Route(
        path="/fhir/{fhir}/{type}/{id}/_history/{vid}",
        operation="readVersion",
        summary="One version of a FHIR resource",
        tag="FHIR",
        parameters=(VERSION, TYPE, ID, _VERSION_ID, *SHAPING),
        answers={200: RESOURCE, **PROBLEMS},
        answer=_vread,
    ),
)
