"""The files of a release by name, the instances in them, and the store for pulls."""

from dataclasses import replace
from typing import Final

from healthtopics import jsontext
from healthtopics.delivery.encoding import read_checked
from healthtopics.delivery.message import Response, Wording
from healthtopics.delivery.representation import BRIEF, IMMUTABLE, Representation, computed
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.delivery.site import Site
from healthtopics.delivery.topics import LANGUAGE
from healthtopics.delivery.variants import PAGE_TYPE, represent
from healthtopics.language import SOURCE
from healthtopics.problems import excerpt
from healthtopics.release import CURRENT, Promise, check_bytes, release_key

_NOTHING: Final = Wording(
    en="there is nothing at {path}. All topics: {all}.",
    es="no hay nada en {path}. Todos los temas: {all}.",
)


def nothing(call: Call) -> Response:
    """Return 404 for an address at which there is nothing."""
    shown = excerpt(call.request.path, 200)
    return call.problem(404, _NOTHING.filled(path=shown, all=call.site.address("topics.json")), cache=BRIEF)


def _home(call: Call) -> Representation | Response:
    language = call.values.get("language", "")
    if language and language not in call.site.languages:
        return nothing(call)
    page = call.site.index.home(language)
    return computed(page, PAGE_TYPE, modified=call.site.time, language=language or SOURCE)


def _manifest(call: Call) -> Representation:
    found = computed(call.site.index.release.text, "application/json", modified=call.site.time)
    return replace(found, location=call.site.address(release_key(call.site.number, "manifest.json")))


def _pointer(call: Call) -> Representation:
    index = call.site.index
    # The pointer is renewed without a new release, so its own time counts.
    found = computed(index.pointer, "application/json", modified=index.release.pointer["time"])
    return replace(found, location=call.site.address(CURRENT))


def _artifact(call: Call) -> Representation | Response:
    name = f"{call.values['name']}.{call.values['suffix']}"
    if name not in call.site.index.manifest.files:
        return nothing(call)
    return represent(call.site, call.site.index.variant(name))


def _instance(call: Call) -> Representation | Response:
    values = call.values
    version, type_, identity = values.get("version"), values["type"], values["id"]
    if type_ == "Composition" and version:
        return _composition(call, version, identity)
    name: str | None = f"fhir/{version or 'r4'}/{type_}/{identity}.json"
    if type_ == "Bundle" and version:
        name = _bundle(call.site, version, identity)
    if name is None or name not in call.site.index.manifest.files:
        return nothing(call)
    return replace(represent(call.site, call.site.index.variant(name)), location=call.site.address(name))


def _bundle(site: Site, version: str, identity: str) -> str | None:
    """Return the name of the artifact that is the edition `{topic}-{language}` as a FHIR document."""
    names = (
        f"fhir/{version}/{language}/{identity.removesuffix(f'-{language}')}.json"
        for language in site.languages
        if identity.endswith(f"-{language}")
    )
    return next((name for name in names if name in site.index.manifest.files), None)


def _composition(call: Call, version: str, identity: str) -> Representation | Response:
    """Return a Composition from its Bundle. The ids of other resources in there do not name topics."""
    name = _bundle(call.site, version, identity)
    if name is None:
        return nothing(call)
    bundle = represent(call.site, call.site.index.variant(name))
    try:
        # A document's first resource is its Composition (FHIR, documents.html).
        promise = Promise(bundle.sha256, bundle.length)
        data = read_checked(call.site.objects, str(bundle.content), promise)
        document = jsontext.parse(data, name)
        content = jsontext.dump(document["entry"][0]["resource"])
    except (LookupError, TypeError):
        return nothing(call)
    return replace(bundle, content=content, length=len(content), sha256=jsontext.digest(content))


def _stored(call: Call) -> Representation | Response:
    """Find what is not in the index: the store, with earlier releases, which may still be being pulled."""
    site, key = call.site, call.site.relative(call.request.path)
    media_type = "application/json"
    if "digest" in call.values:
        if call.values["folder"] != call.values["digest"][:2]:
            return nothing(call)
        media_type = site.index.suffixes.get(call.values["suffix"], "application/octet-stream")
    try:
        data = site.objects.read(key)
    except FileNotFoundError:
        return nothing(call)
    if "digest" in call.values:
        check_bytes(key, data, Promise(call.values["digest"], len(data)))
    return computed(data, media_type, cache=IMMUTABLE)


def _path(name: str, pattern: str, description: str, example: str, *, has_slashes: bool = False) -> Parameter:
    schema = {"type": "string", "pattern": f"^{pattern}$"}
    return Parameter(
        name, description, schema, where="path", is_required=True, example=example, has_slashes=has_slashes
    )


_TYPE: Final = _path("type", "[A-Z][A-Za-z]{1,60}", "A type of FHIR resources.", "CodeSystem")
_ID: Final = _path("id", "[A-Za-z0-9-]{1,64}", "The id of a FHIR resource.", "aspect")
_VERSION: Final = _path("version", "r[45]", "The FHIR version.", "r4")
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
        path="/",
        operation="getHome",
        summary="All topics, for people",
        tag="Pages",
        answers={200: RouteAnswer("A page.", ("text/html",))},
        is_strict=False,
        answer=_home,
    ),
    Route(
        path="/{language}",
        operation="getHomeInLanguage",
        summary="All topics in one language, for people",
        tag="Pages",
        parameters=(LANGUAGE,),
        answers={200: RouteAnswer("A page.", ("text/html",)), 404: _MISSING},
        is_strict=False,
        answer=_home,
    ),
    Route(
        path="/manifest.json",
        operation="getManifest",
        summary="The manifest of the current release",
        tag="Releases",
        answers={200: _JSON},
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
            answer=_stored,
        )
        for name in ("manifest", "changes")
    ),
    Route(
        path="/objects/sha256/{folder}/{digest}.{suffix}",
        operation="getObject",
        summary="A file by its digest",
        tag="Releases",
        parameters=(_FOLDER, _DIGEST, _SUFFIX),
        answers={200: RouteAnswer("The file."), 404: _MISSING},
        answer=_stored,
    ),
    Route(
        path="/fhir/{version}/{type}/{id}",
        operation="getFhirResource",
        summary="A FHIR resource that is a file of the release",
        tag="FHIR",
        parameters=(_VERSION, _TYPE, _ID),
        answers={200: _RESOURCE, 404: _MISSING},
        answer=_instance,
    ),
    Route(
        path="/fhir/{type}/{id}",
        operation="getCanonicalResource",
        summary="A canonical FHIR resource, in R4",
        tag="FHIR",
        parameters=(_TYPE, _ID),
        answers={200: _RESOURCE, 404: _MISSING},
        answer=_instance,
    ),
    Route(
        path="/{name}.{suffix}",
        operation="getFile",
        summary="A file of the release by its name",
        tag="Releases",
        parameters=(_NAME, _SUFFIX),
        answers={200: RouteAnswer("The file."), 404: _MISSING},
        answer=_artifact,
    ),
)
