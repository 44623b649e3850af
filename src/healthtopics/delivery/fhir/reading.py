"""read, vread and history (http://hl7.org/fhir/R4/http.html#read)."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from healthtopics.delivery.fhir.definitions import GUIDE, GUIDE_ID, find_definition
from healthtopics.delivery.fhir.form import GENERAL, SHAPING, Form, form_of
from healthtopics.delivery.fhir.side import VERSION, Side, language_in, side_of
from healthtopics.delivery.message import Response, Wording, problem
from healthtopics.delivery.outcome import FHIR_JSON
from healthtopics.delivery.representation import BRIEF, IMMUTABLE, Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.delivery.site import Site
from healthtopics.formats.fhir.capability import DEFINED
from healthtopics.index.resources import ResourceVersion, current_resource, versions_of
from healthtopics.index.topics import graves_of
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
_MOST_VERSIONS: Final = 100
"""The most versions in one answer; the latest ones."""

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


def _history(call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    side, type_, id_ = form.side, call.values[TYPE.name], call.values[ID.name]
    versions = versions_of(side.site.index, side.number, type_, id_)
    if not versions:
        return no_resource(side, type_, id_)
    url = f"{type_}/{id_}"
    entries: list[dict[str, Any]] = []
    if not versions[0].is_current:
        deleted = {"request": {"method": "DELETE", "url": url}, "response": {"status": "204"}}
        entries.append({"fullUrl": f"{side.base}/{url}", **deleted})
    for number, version in enumerate(versions[:_MOST_VERSIONS], 1):
        data = side.read(version)
        if data is None:
            continue
        method = "POST" if number == len(versions) else "PUT"
        entry = {
            "fullUrl": f"{side.base}/{url}",
            "resource": form.embed(data),
            "request": {"method": method, "url": type_ if method == "POST" else url},
            "response": {
                "status": "201" if method == "POST" else "200",
                "etag": f'W/"{version.version_id}"',
                "lastModified": version.last_updated,
            },
        }
        entries.append(entry)
    bundle = {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(entries),
        "link": [{"relation": "self", "url": f"{side.base}/{url}/_history"}],
        "entry": entries,
    }
    return form.answer(bundle)


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
        parameters=(VERSION, TYPE, ID, *GENERAL),
        answers={
            200: RouteAnswer("A Bundle of type `history`.", (FHIR_JSON,), {"type": "object"}),
            **PROBLEMS,
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
