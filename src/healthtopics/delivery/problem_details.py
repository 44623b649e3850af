"""Errors as the client reads them: problem details (RFC 9457), a page for browsers, or a FHIR resource."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

from healthtopics import jsontext
from healthtopics.delivery import pages
from healthtopics.delivery.message import (
    FORM,
    JSON,
    LANGUAGES,
    Headers,
    ProblemDetails,
    Request,
    Response,
    Wording,
)
from healthtopics.delivery.negotiation import choose_media_type, find_language, rank_languages
from healthtopics.delivery.outcome import describe_outcome, fhir_content_type, is_fhir
from healthtopics.delivery.site import Site
from healthtopics.errors import JsonTextError
from healthtopics.language import SOURCE
from healthtopics.website.addresses import ServedAddresses
from healthtopics.website.errors import PageError, render_error, render_failure

PROBLEM: Final = "application/problem+json"
_FORMS: Final = (PROBLEM, "application/json", pages.HTML)

_TITLES: Final[Mapping[int, str]] = {
    400: "Solicitud incorrecta",
    401: "No autorizado",
    403: "Prohibido",
    404: "No encontrado",
    405: "Método no permitido",
    406: "No aceptable",
    408: "Tiempo de espera agotado",
    410: "Ya no está disponible",
    412: "Condición previa no cumplida",
    413: "Contenido demasiado grande",
    414: "Dirección demasiado larga",
    415: "Tipo de contenido no admitido",
    416: "Rango no satisfacible",
    429: "Demasiadas solicitudes",
    431: "Encabezados demasiado grandes",
    500: "Error interno del servidor",
    501: "No implementado",
    503: "Servicio no disponible",
}
"""The titles of statuses in Spanish; the English ones are those of RFC 9110."""


def write_problem(response: Response, request: Request, site: Site | None) -> Response:
    """Return a response whose body says what is wrong, if something is."""
    if response.problem is None:
        return response
    language = find_language(response.problem.language, LANGUAGES) or wanted_language(request, site)
    path = relative_path(request, site)
    if is_fhir(path):
        outcome = jsontext.dump(describe_outcome(response.status, response.problem, language))
        return _written(response, fhir_content_type(path), language, outcome)
    document = describe_problem(response.status, response.problem, language)
    if choose_media_type(request.headers.get("accept", ""), _FORMS) == pages.HTML:
        shown = _shown_language(response.problem, request, site) if site else language
        page = _page(site, shown, _described(document, language, path))
        return _written(response, pages.HTML_UTF8, shown, page, pages.SITE_POLICIES)
    return _written(response, PROBLEM, language, jsontext.dump(document))


def _written(
    response: Response, media_type: str, language: str, body: bytes, policies: Headers = ()
) -> Response:
    headers = {
        "Content-Type": media_type,
        "Content-Length": str(len(body)),
        "Content-Language": language,
        "Vary": "Accept, Accept-Language",
        **dict(response.headers),
        **dict(policies),
    }
    return replace(response, headers=tuple(headers.items()), body=body, problem=None)


def _page(site: Site | None, language: str, error: PageError) -> bytes:
    if site is None:
        return render_failure(ServedAddresses(), error)
    return render_error(site.index, ServedAddresses(site.prefix), language, error)


def _described(document: Mapping[str, Any], language: str, path: str) -> PageError:
    """Return problem details for readers; `path` is that of the request, relative to the base URL."""
    detail = document["detail"]
    return PageError(
        status=document["status"],
        title=document["title"],
        detail=detail[:1].upper() + detail[1:],
        language=language,
        similar=[each.rpartition("/")[2] for each in document.get("similar", ())],
        topic=path.rpartition("/")[2] if "available" in document else "",
        titles=document.get("titles", {}),
        withdrawn=document.get("withdrawn", ""),
    )


def describe_problem(status: int, details: ProblemDetails, language: str) -> dict[str, Any]:
    """Return the problem details (RFC 9457) in a language."""
    title = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": Wording(title, _TITLES.get(status, title)).into(language),
        "status": status,
        "detail": details.detail.into(language),
        **_said(details.members, language),
    }


def relative_path(request: Request, site: Site | None) -> str:
    """Return the path of a request relative to the base URL, which is not known without a release."""
    return site.relative(request.path) if site else request.path.removeprefix("/")


def wanted_language(request: Request, site: Site | None) -> str:
    """Return the language of the path; else that of the parameter `lang`, and else that of the header.

    It is one of LANGUAGES; English if the request asks for none of them.
    """
    return _wanted_of(LANGUAGES, request, site)


def _shown_language(details: ProblemDetails, request: Request, site: Site) -> str:
    """Return the language of the site that a page about an error has around it."""
    known = tuple(site.languages)
    return find_language(details.language, known) or _wanted_of(known, request, site)


def _wanted_of(known: tuple[str, ...], request: Request, site: Site | None) -> str:
    first = relative_path(request, site).partition("/")[0]
    if first in (site.languages if site else known):
        return find_language(first, known) or SOURCE
    for text in _asked_languages(request):
        if found := find_language(text, known):
            return found
    return rank_languages(request.headers.get("accept-language", ""), known)[0]


def _asked_languages(request: Request) -> Iterator[str]:
    texts = [request.query]
    if request.method == "POST" and request.media_type == FORM:
        texts.append(request.body.decode("latin-1"))
    for text in texts:
        for name, value in parse_qsl(text):
            if name == "lang":
                yield from value.split(",")
    if request.method == "POST" and request.media_type == JSON:
        yield from _languages_in_json(request.body)


def _languages_in_json(body: bytes) -> Iterator[str]:
    try:
        members = jsontext.parse(body, "body")
    except JsonTextError:
        return
    if isinstance(members, dict) and isinstance(members.get("lang"), str):
        yield from members["lang"].split(",")


def _said(value: Any, language: str) -> Any:  # noqa: ANN401 - JSON with Wordings
    """Return JSON without Wordings."""
    match value:
        case Wording():
            return value.into(language)
        case Mapping():
            return {name: _said(each, language) for name, each in value.items()}
        case list() | tuple():
            return [_said(each, language) for each in value]
    return value
