"""The files of a release by name, the instances in them, the store for pulls, and the public schemas."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from healthtopics.delivery.fhir.definitions import GUIDE, GUIDE_ID, definitions_at
from healthtopics.delivery.fhir.reading import GONE, NOT_HERE, withdrawn_topic
from healthtopics.delivery.message import Response, Wording, problem
from healthtopics.delivery.outcome import VERSIONS
from healthtopics.delivery.representation import BRIEF, IMMUTABLE, Representation, computed
from healthtopics.delivery.route import PARTS, Call, Parameter, Route, RouteAnswer
from healthtopics.delivery.site import Site
from healthtopics.delivery.topics import (
    WITHDRAWN,
    no_topic,
    nothing,
)
from healthtopics.delivery.variants import (
    content_type,
    described_by,
    represent_artifact,
    represent_variant,
    variants_of,
)
from healthtopics.index.opening import SQLITE
from healthtopics.index.topics import graves_of
from healthtopics.language import SOURCE
from healthtopics.problems import excerpt
from healthtopics.release import CURRENT, INDEX, packaged_in, promise_in, release_key
from healthtopics.schema import public_files

_OTHERS: Final = Wording(
    en="there is nothing at {path}. This is what there is of {topic}: {names}.",
    es="no hay nada en {path}. Esto es lo que hay de {topic}: {names}.",
)


def _manifest(call: Call) -> Representation:
    site = call.site
    _, promise = promise_in(site.pointer)
    key = release_key(site.number, "manifest.json")
    return Representation(
        content=key,
        length=promise.length,
        sha256=promise.sha256,
        media_type="application/json",
        modified=site.time,
        location=site.address(key),
        links=described_by(site, "public/manifest.schema.json"),
    )


def _pointer(call: Call) -> Representation:
    site = call.site
    # The pointer is renewed without a new release, so its own time counts.
    found = computed(site.current, "application/json", modified=site.pointer["time"])
    links = described_by(site, "public/current.schema.json")
    return replace(found, location=site.address(CURRENT), links=links)


def _artifact(call: Call) -> Representation | Response:
    site = call.site
    name = site.relative(call.request.path)
    found = site.artifact(name)
    if found is None:
        return _no_artifact(call, name)
    if not (found.topic and found.language):
        described = described_by(site, "public/topics.schema.json") if name == INDEX else ()
        represented = represent_artifact(site, found)
        if packaged_in(name):
            represented = replace(represented, cache=IMMUTABLE)
        return replace(represented, links=(*represented.links, *described))
    variants = variants_of(site, found.topic)
    variant = next((each for each in variants if each.path == name), None)
    return represent_variant(site, variant, variants) if variant else represent_artifact(site, found)


def _no_artifact(call: Call, name: str) -> Response:
    """Return 404 or 410 for a name; it may be of a topic that was withdrawn, or has no such form."""
    site, topic = call.site, name.rpartition("/")[2].partition(".")[0]
    if "/" not in name:
        return nothing(call)
    if variants := variants_of(site, topic):
        first = name.partition("/")[0]
        listed = sorted(variants, key=lambda each: each.language != first)
        names = ", ".join(site.address(each.path) for each in listed)
        detail = _OTHERS.filled(path=excerpt(call.request.path, 200), topic=topic, names=names)
        return problem(404, detail, cache=BRIEF)
    return no_topic(call, topic) if graves_of(site.index, topic) else nothing(call)


def _no_resource(call: Call, identity: str) -> Response:
    """Return 410 for a resource of a withdrawn topic, otherwise 404."""
    gone = withdrawn_topic(call.site, identity)
    return no_topic(call, gone) if gone else nothing(call)


def _instance(call: Call) -> Representation | Response:
    return _canonical(call.values["type"], call)


def _canonical(type_: str, call: Call) -> Representation | Response:
    site, identity = call.site, call.values["id"]
    artifacts = (site.artifact(f"fhir/{name}/{type_}/{identity}.json") for name in VERSIONS)
    if found := next(filter(None, artifacts), None):
        return replace(represent_artifact(site, found), location=site.address(found.name))
    for side, data in definitions_at(site, type_, identity):
        location = site.address(f"fhir/{side.name}/{type_}/{identity}")
        return replace(computed(data, content_type(side.format.offer), language=SOURCE), location=location)
    return _no_resource(call, identity)


def _object(call: Call) -> Representation | Response:
    folder, digest, suffix = (call.values[name] for name in ("folder", "digest", "suffix"))
    key = f"objects/sha256/{folder}/{digest}.{suffix}"
    try:
        length = call.site.objects.length(key)
    except FileNotFoundError:
        return nothing(call)
    if folder != digest[:2]:
        return nothing(call)
    media_type = _media_types(call.site).get(suffix, "application/octet-stream")
    return Representation(content=key, length=length, sha256=digest, media_type=media_type, cache=IMMUTABLE)


def _media_types(site: Site) -> Mapping[str, str]:
    """Return the media type of objects by suffix; `application/json` if several kinds of JSON share it."""
    found: dict[str, set[str]] = {"json": {"application/json"}, "sqlite": {SQLITE}}
    for each in site.formats.values():
        found.setdefault(each.suffix[1:], set()).add(each.media_type)
        if each.bulk:
            found.setdefault("ndjson", set()).add(each.bulk.media_type)
    return {
        suffix: "application/json" if len(types) > 1 else content_type(min(types))
        for suffix, types in found.items()
    }


def _released(call: Call) -> Representation | Response:
    """Find what is not in the index: earlier releases, which may still be being pulled."""
    site, key = call.site, call.site.relative(call.request.path)
    try:
        data = site.objects.read(key)
    except FileNotFoundError:
        return nothing(call)
    name = "manifest" if key.endswith("manifest.json") else "changes"
    links = described_by(site, f"public/{name}.schema.json")
    return replace(computed(data, "application/json", cache=IMMUTABLE), links=links)


def _schema(call: Call) -> Representation | Response:
    data = public_files().get(f"schema/{call.values['version']}/public/{call.values['name']}")
    if data is None:
        return nothing(call)
    is_schema = call.values["name"].endswith(".schema.json")
    return computed(data, "application/schema+json" if is_schema else "application/ld+json")


def _path(name: str, pattern: str, description: str, example: str, *, has_slashes: bool = False) -> Parameter:
    schema = {"type": "string", "pattern": f"^{pattern}$"}
    return Parameter(
        name, description, schema, where="path", is_required=True, example=example, has_slashes=has_slashes
    )


_TYPE: Final = _path("type", "[A-Z][A-Za-z]{1,60}", "A type of FHIR resources.", "CodeSystem")
_ID: Final = _path("id", "[A-Za-z0-9-]{1,64}", "The id of a FHIR resource.", "aspect")
_NUMBER: Final = _path(
    "number", "(?:[0-9]{6}|[1-9][0-9]{6,11})", "The number of a release, at least six digits.", "000001"
)
_NAME: Final = _path(
    "name",
    r"[A-Za-z0-9][A-Za-z0-9-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*",
    "The name of a file of the release, without its suffix. It may contain slashes.",
    "topics",
    has_slashes=True,
)
_FOLDER: Final = _path("folder", "[0-9a-f]{2}", "The first two digits of the digest.", "ab")
_DIGEST: Final = _path("digest", "[0-9a-f]{64}", "The SHA-256 of the bytes.", "ab" * 32)
_SUFFIX: Final = _path("suffix", "[a-z]{1,9}", "The suffix of the name.", "json")

_MISSING: Final = RouteAnswer("There is no such file.", ("application/problem+json",))
_JSON: Final = RouteAnswer("The file.", ("application/json",))
_RESOURCE: Final = RouteAnswer("The resource.", ("application/fhir+json",))

ROUTES: Final = (
    Route(
        path="/manifest.json",
        operation="getManifest",
        summary="The manifest of the current release",
        tag="Releases",
        answers={200: _JSON, **PARTS},
        answer=_manifest,
    ),
    *(
        Route(
            path=path,
            operation=operation,
            summary="The pointer to the current release",
            tag="Releases",
            answers={200: _JSON},
            answer=_pointer,
        )
        for path, operation in (
            ("/current.json", "getPointer"),
            ("/current/current.json", "getPointerInStore"),
        )
    ),
    *(
        Route(
            path=f"/releases/{{number}}/{name}.json",
            operation=f"getReleased{name.capitalize()}",
            summary=f"The {name} of any release in the store",
            tag="Releases",
            parameters=(_NUMBER,),
            answers={200: _JSON, 404: _MISSING},
            answer=_released,
        )
        for name in ("manifest", "changes")
    ),
    Route(
        path="/objects/sha256/{folder}/{digest}.{suffix}",
        operation="getObject",
        summary="A file by its digest",
        tag="Releases",
        parameters=(_FOLDER, _DIGEST, _SUFFIX),
        answers={200: RouteAnswer("The file."), 404: _MISSING, **PARTS},
        answer=_object,
    ),
    Route(
        path="/schema/{version}/public/{name}",
        operation="getSchema",
        summary="A public JSON Schema, or the JSON-LD context, under the path of its id",
        tag="Documentation",
        is_open=True,
        parameters=(
            _path("version", "[1-9][0-9]{0,3}", "The version of the schema.", "1"),
            _path("name", "[a-z0-9-]{1,60}(?:\\.schema\\.json|\\.jsonld)", "Its name.", "topics.schema.json"),
        ),
        answers={
            200: RouteAnswer("The schema.", ("application/schema+json", "application/ld+json")),
            404: _MISSING,
        },
        answer=_schema,
    ),
    Route(
        path="/fhir/{type}/{id}",
        operation="getCanonicalResource",
        summary="A canonical FHIR resource, in R4 if it is there in R4",
        tag="FHIR",
        parameters=(_TYPE, _ID),
        answers={200: _RESOURCE, 404: NOT_HERE, 410: GONE, **PARTS},
        answer=_instance,
    ),
    Route(
        path=f"/fhir/{GUIDE}/{{id}}",
        operation="getCanonicalImplementationGuide",
        summary="The ImplementationGuide of a FHIR package, at its canonical address",
        tag="FHIR",
        parameters=(GUIDE_ID,),
        answers={200: _RESOURCE, 404: NOT_HERE},
        answer=partial(_canonical, GUIDE),
    ),
    Route(
        path="/{name}.html",
        operation="getPage",
        summary="A page of the release by its name",
        tag="Pages",
        parameters=(replace(_NAME, example="html/en/miscarriage"),),
        answers={200: RouteAnswer("A page.", ("text/html",)), 404: _MISSING, 410: WITHDRAWN, **PARTS},
        is_strict=False,
        answer=_artifact,
    ),
    Route(
        path="/{name}.{suffix}",
        operation="getFile",
        summary="A file of the release by its name",
        tag="Releases",
        parameters=(_NAME, _SUFFIX),
        answers={200: RouteAnswer("The file."), 404: _MISSING, 410: WITHDRAWN, **PARTS},
        answer=_artifact,
    ),
)
