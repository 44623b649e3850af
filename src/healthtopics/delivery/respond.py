"""From a request and a release to the response.

Addresses come from the index or from two closed patterns; no path of a request is ever joined to a folder.

    /                                      a page that lists the topics
    /{language}                            the same in one language
    /topics/{topic}                        negotiated by Accept and Accept-Language
    /{language}/{topic}                    the page; other formats by Accept
    /{name of an artifact}                 one variant
    /fhir/r4/Bundle/{topic}-{language}     a FHIR instance that is an artifact
    /fhir/r4/Composition/{topic}-{language}  the Composition in that Bundle
    /fhir/CodeSystem/{id}                  a canonical: its R4 instance
    /manifest.json /current.json           the current release
    /current/… /releases/… /objects/…      the store, for pulls
    /health/live                           whether the service runs, and on which release

Without an Accept header `/topics/{topic}` returns FHIR R4. `application/json` returns the schema.org
document:
it is plain JSON to a program that knows neither FHIR nor JSON-LD.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final
from urllib.parse import quote

from healthtopics import jsontext
from healthtopics.delivery.index import PAGE, Index, Variant
from healthtopics.delivery.message import ALLOWED, COMMON, Headers, Request, Response, json_response, problem
from healthtopics.delivery.negotiation import choose_language, choose_media_type
from healthtopics.errors import IntegrityError
from healthtopics.language import SOURCE
from healthtopics.release import CURRENT, object_key, release_in, release_key

Read = Callable[[str], bytes]
"""Returns the bytes under a key of the store, checked; raises FileNotFoundError if there are none."""

_SHORT: Final = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_BRIEF: Final = "public, max-age=60"
"""For missing topics, which may come with the next release."""

_OBJECT = re.compile(r"objects/sha256/[0-9a-f]{2}/[0-9a-f]{64}\.(?P<suffix>[a-z]{1,9})")
_INSTANCE = re.compile(
    r"fhir/(?:(?P<version>r[45])/)?(?P<type>[A-Z][A-Za-z]{1,60})/(?P<id>[A-Za-z0-9.-]{1,64})"
)

_PAGE_TYPE: Final = f"{PAGE}; charset=utf-8"
_NO_SCRIPTS: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Representation:
    content: bytes | str
    """The bytes, or the key under which the store has them."""
    length: int
    """In bytes."""
    sha256: str
    media_type: str
    modified: str = ""
    """An instant; empty if it is not known."""
    cache: str = _SHORT
    language: str = ""
    location: str = ""
    """The path of this representation, if another one was requested."""
    vary: str = ""
    links: str = ""

    @property
    def etag(self) -> str:
        return f'"{self.sha256}"'


def respond(request: Request, index: Index | None, read: Read) -> Response:
    """Answer a request from the current release, None if there is none yet.

    Raises what `read` raises, and IntegrityError if bytes that the release promises are missing.
    """
    response = _respond(request, index, read)
    return replace(response, body=b"") if request.method == "HEAD" else response


def _respond(request: Request, index: Index | None, read: Read) -> Response:
    if request.method == "OPTIONS":
        return _options()
    if request.method not in ("GET", "HEAD"):
        detail = f"{request.method} is not possible here: releases are only read."
        return problem(405, detail, headers=(("Allow", ALLOWED),))
    if request.path == "/health/live":
        return _health(index)
    if index is None:
        return problem(503, "no release has been published yet.", headers=(("Retry-After", "60"),))
    root = f"{index.prefix}/"
    # A proxy in front may strip the path of the base URL or leave it.
    path = request.path.removeprefix(root if request.path.startswith(root) else "/")
    found = _find(request, index, path, read)
    return found if isinstance(found, Response) else _deliver(request, found, read)


def _options() -> Response:
    return Response(
        204,
        (
            ("Allow", ALLOWED),
            ("Access-Control-Allow-Methods", ALLOWED),
            ("Access-Control-Allow-Headers", "Accept, Accept-Language, If-Modified-Since, If-None-Match"),
            ("Access-Control-Max-Age", "86400"),
            *COMMON,
        ),
    )


def _health(index: Index | None) -> Response:
    document = {"status": "ok", "release": index.manifest.number if index else None}
    return json_response(200, "application/json", document)


def _find(request: Request, index: Index, path: str, read: Read) -> _Representation | Response:
    return (
        _find_file(index, path)
        or _find_topic(request, index, path)
        or _find_instance(index, path)
        or _find_composition(index, path, read)
        or _find_stored(index, path, read)
        or _not_found(request.path)
    )


def _find_file(index: Index, path: str) -> _Representation | None:
    manifest = index.manifest
    if path in manifest.files:
        return _represent(index, index.variant(path))
    match path:
        case "":
            return _computed(index.home(), _PAGE_TYPE, modified=manifest.time, language=SOURCE)
        case language if language in manifest.languages:
            return _computed(index.home(language), _PAGE_TYPE, modified=manifest.time, language=language)
        case "manifest.json":
            found = _computed(index.release.text, "application/json", modified=manifest.time)
            return replace(found, location=index.address(release_key(manifest.number, "manifest.json")))
        case "current.json" | "current/current.json":
            # The pointer is renewed without a new release, so its own time counts.
            found = _computed(index.pointer, "application/json", modified=index.release.pointer["time"])
            return replace(found, location=index.address(CURRENT))
    return None


def _find_topic(request: Request, index: Index, path: str) -> _Representation | Response | None:
    match path.split("/"):
        case ["topics", topic] if topic in index.topics:
            return _negotiate(request, index, topic)
        case [language, topic] if topic in index.topics and language in index.manifest.languages:
            return _negotiate_format(request, index, topic, language)
    return None


def _negotiate(request: Request, index: Index, topic: str) -> _Representation | Response:
    languages = tuple(index.topics[topic])
    language = choose_language(request.headers.get("accept-language", ""), languages)
    # The page comes last: browsers ask for it, and a client that asks for nothing is a program.
    return _choose(request, index, list(index.edition(topic, language)), vary="Accept, Accept-Language")


def _negotiate_format(
    request: Request, index: Index, topic: str, language: str
) -> _Representation | Response:
    if language not in index.topics[topic]:
        known = ", ".join(index.topics[topic])
        detail = f"there is no edition of {topic} in the language {language}. Languages: {known}."
        return problem(404, detail, cache=_BRIEF)
    *others, page = index.edition(topic, language)
    return _choose(request, index, [page, *others], vary="Accept")


def _choose(
    request: Request, index: Index, variants: Sequence[Variant], *, vary: str
) -> _Representation | Response:
    offers = {variant.media_type: variant for variant in variants}
    for variant in variants:
        offers |= {other: variant for other in variant.also_as if other not in offers}
    chosen = choose_media_type(request.headers.get("accept", ""), tuple(offers))
    if chosen is None:
        available = [
            {"href": index.address(variant.path), "type": variant.media_type, "language": variant.language}
            for variant in variants
        ]
        return problem(
            406,
            f"no variant has a media type that Accept allows. Possible: {', '.join(offers)}.",
            headers=(("Vary", vary),),
            cache=_BRIEF,
            available=available,
        )
    variant = offers[chosen]
    found = replace(_represent(index, variant), vary=vary, location=index.address(variant.path))
    # A client that accepts only application/json gets the same bytes under that name.
    return replace(found, media_type=chosen) if chosen in variant.also_as else found


def _represent(index: Index, variant: Variant) -> _Representation:
    artifact = variant.artifact
    topic = artifact.topic if artifact else variant.path.partition("/")[2]
    links = ", ".join(
        f'<{index.address(other.path)}>; rel="alternate"; hreflang="{other.language}"; '
        f'type="{other.media_type.partition(";")[0]}"'
        for other in index.variants(topic)
        if variant.language and other.path != variant.path
    )
    if artifact is None:
        page = index.page(topic, variant.language)
        found = _computed(page, _PAGE_TYPE, modified=index.manifest.time, language=variant.language)
        return replace(found, links=links)
    return _Representation(
        content=object_key(variant.path, artifact.sha256),
        length=artifact.length,
        sha256=artifact.sha256,
        media_type=_content_type(variant.media_type),
        modified=index.manifest.time,
        language=artifact.language,
        links=links,
    )


def _content_type(media_type: str) -> str:
    # FHIR R4, http.html#mime-type: the charset must be given. Other kinds of JSON have no such parameter.
    if ";fhirVersion=" in media_type:
        return media_type.replace(";", "; ") + "; charset=utf-8"
    return _PAGE_TYPE if media_type == PAGE else media_type


def _computed(content: bytes, media_type: str, *, modified: str, language: str = "") -> _Representation:
    return _Representation(
        content=content,
        length=len(content),
        sha256=jsontext.digest(content),
        media_type=media_type,
        modified=modified,
        language=language,
    )


def _find_instance(index: Index, path: str) -> _Representation | None:
    match = _INSTANCE.fullmatch(path)
    if match is None:
        return None
    version, type_, identity = match["version"] or "r4", match["type"], match["id"]
    name: str | None = f"fhir/{version}/{type_}/{identity}.json"
    if type_ == "Bundle" and match["version"]:
        name = _bundle(index, version, identity)
    if name is None or name not in index.manifest.files:
        return None
    return replace(_represent(index, index.variant(name)), location=index.address(name))


def _bundle(index: Index, version: str, identity: str) -> str | None:
    """Return the name of the artifact that is the edition `{topic}-{language}` as a FHIR document."""
    names = (
        f"fhir/{version}/{language}/{identity.removesuffix(f'-{language}')}.json"
        for language in index.manifest.languages
        if identity.endswith(f"-{language}")
    )
    return next((name for name in names if name in index.manifest.files), None)


def _find_composition(index: Index, path: str, read: Read) -> _Representation | None:
    """Return a Composition from its Bundle. The ids of other resources in there do not name topics."""
    match = _INSTANCE.fullmatch(path)
    if match is None or match["version"] is None or match["type"] != "Composition":
        return None
    name = _bundle(index, match["version"], match["id"])
    if name is None:
        return None
    bundle = _represent(index, index.variant(name))
    try:
        # A document's first resource is its Composition (FHIR, documents.html).
        content = jsontext.dump(jsontext.parse(_content(bundle, read), name)["entry"][0]["resource"])
    except (LookupError, TypeError):
        return None
    return replace(bundle, content=content, length=len(content), sha256=jsontext.digest(content))


def _find_stored(index: Index, path: str, read: Read) -> _Representation | None:
    """Find what is not in the index: the store, with earlier releases, which may still be being pulled."""
    named = _OBJECT.fullmatch(path)
    _, name = release_in(path) or (0, "")
    if named is None and name not in ("manifest.json", "changes.json"):
        return None
    try:
        data = read(path)
    except FileNotFoundError:
        return None
    media_type = (
        index.suffixes.get(named["suffix"], "application/octet-stream") if named else "application/json"
    )
    return replace(_computed(data, media_type, modified=""), cache=_FOR_EVER)


def _not_found(path: str) -> Response:
    shown = quote(path[:200], errors="replace")
    return problem(404, f"there is nothing at {shown}. All topics: /topics.json.", cache=_BRIEF)


def _deliver(request: Request, found: _Representation, read: Read) -> Response:
    validators = (
        ("ETag", found.etag),
        ("Cache-Control", found.cache),
        ("Content-Location", found.location),
        ("Vary", found.vary),
    )
    kept: Headers = tuple((name, value) for name, value in validators if value) + COMMON
    if _is_unchanged(request, found):
        return Response(304, kept)
    pairs = (
        ("Content-Type", found.media_type),
        ("Content-Length", str(found.length)),
        ("Content-Language", found.language),
        ("Last-Modified", _http_date(found.modified) if found.modified else ""),
        ("Link", found.links),
        ("Content-Security-Policy", _NO_SCRIPTS if found.media_type.startswith(PAGE) else ""),
    )
    headers = tuple((name, value) for name, value in pairs if value) + kept
    if request.method == "HEAD":
        return Response(200, headers)
    return Response(200, headers, _content(found, read))


def _content(found: _Representation, read: Read) -> bytes:
    if isinstance(found.content, bytes):
        return found.content
    try:
        return read(found.content)
    except FileNotFoundError:
        raise IntegrityError(found.content, expected=f"{found.length} bytes", actual="nothing") from None


def _is_unchanged(request: Request, found: _Representation) -> bool:
    """Return whether the client has it already (RFC 9110 §13.2.2); If-None-Match has precedence."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        given = (tag.strip().removeprefix("W/") for tag in tags.split(","))
        return any(tag in ("*", found.etag) for tag in given)
    since = request.headers.get("if-modified-since")
    if since is None or not found.modified:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except (ValueError, OverflowError):
        return False
    # "-0000" gives a naive moment, which is UTC as well.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.fromisoformat(found.modified) <= aware


def _http_date(instant: str) -> str:
    return format_datetime(datetime.fromisoformat(instant).astimezone(UTC), usegmt=True)
