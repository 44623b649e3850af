"""Search: `/search`, with GET or, for what should not be in an address, with POST."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from healthtopics import jsontext
from healthtopics.delivery.listing import (
    JSON,
    LIST_LANGUAGE,
    language_of,
    schema_of,
    topic_url,
    without_empty,
)
from healthtopics.delivery.message import FORM, Request, Response, Wording, problem
from healthtopics.delivery.negotiation import rank_languages
from healthtopics.delivery.paging import PAGE_TOKEN, PROBLEMS, open_page
from healthtopics.delivery.parameters import read_parameters
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.errors import JsonTextError
from healthtopics.index.search import SearchResult, search

LONGEST: Final = 300
"""The longest text of a search, in characters."""

_TEXT: Final = Parameter(
    "q",
    "The words to search for, in any form: what people say, or names. Case, accents, quotation marks and "
    "other signs have no meaning.",
    {"type": "string", "maxLength": LONGEST},
    is_required=True,
    example="pérdida del embarazo",
)
_UNFINISHED: Final = Parameter(
    "unfinished",
    "Whether the last word is still being typed: then its beginning is enough.",
    {"type": "boolean", "default": False},
    example=True,
)
_LIMIT: Final = Parameter(
    "limit",
    "The most topics of a page.",
    {"type": "integer", "minimum": 1, "maximum": 50, "default": 20},
    example=20,
)
_PARAMETERS: Final = (_TEXT, LIST_LANGUAGE, _UNFINISHED, _LIMIT, PAGE_TOKEN)

_NO_JSON: Final = Wording(
    en="the body is not a JSON object of texts, numbers and true or false. Example: {example}.",
    es="el cuerpo no es un objeto JSON con textos, números y true o false. Ejemplo: {example}.",
)
_NO_TYPE: Final = Wording(
    en="the body must have one of these media types: {possible}.",
    es="el cuerpo debe tener uno de estos tipos de contenido: {possible}.",
)
_EXAMPLE: Final = '{"q": "morning sickness", "lang": "en"}'


def _search(call: Call) -> Representation | Response:
    page = open_page(call)
    if isinstance(page, Response):
        return page
    # A page may be of a release that had other languages than the current one.
    languages = page.index.languages
    language = language_of(call, languages)
    if isinstance(language, Response):
        return language
    accepted = call.request.headers.get("accept-language", "")
    language = language or rank_languages(accepted, languages)[0]
    found = search(
        page.index,
        call.values[_TEXT.name],
        language,
        limit=page.limit,
        offset=page.offset,
        is_unfinished=call.values[_UNFINISHED.name],
    )
    members = {
        "language": language,
        **without_empty({"searched": found.searched}),
        "total": found.total,
        "hits": [_hit(call, each) for each in found.hits],
    }
    answer = page.answer("search", found.total, members, language=language)
    vary = () if LIST_LANGUAGE.name in call.values else ("Accept-Language",)
    return replace(
        answer, cache="no-store" if call.request.method == "POST" else "private, max-age=60", vary=vary
    )


def _hit(call: Call, hit: SearchResult) -> dict[str, Any]:
    return without_empty(
        {
            "id": hit.topic,
            "url": topic_url(call, hit.topic),
            "title": hit.title,
            "description": hit.description,
            "page": hit.page,
            "updated": hit.updated,
            "snippet": {
                "text": hit.snippet.text,
                "marks": [{"start": each.start, "length": each.length} for each in hit.snippet.marks],
            },
        }
    )


def _search_by_body(call: Call) -> Representation | Response:
    """Answer a form or a JSON object with the parameters of a search."""
    request = _as_form(call)
    if isinstance(request, Response):
        return request
    values = read_parameters(_SEARCH, request, {})
    return values if isinstance(values, Response) else _search(replace(call, request=request, values=values))


def _as_form(call: Call) -> Request | Response:
    """Return a request with its parameters as a form."""
    request = call.request
    if request.media_type == FORM:
        return request
    if request.media_type != JSON:
        return problem(415, _NO_TYPE.filled(possible=", ".join(_BODIES)), possible=list(_BODIES))
    try:
        members = jsontext.parse(request.body, "body")
    except JsonTextError:
        members = None
    if not isinstance(members, dict) or not all(isinstance(each, str | int) for each in members.values()):
        return problem(400, _NO_JSON.filled(example=_EXAMPLE))
    texts = {
        name: str(each).lower() if isinstance(each, bool) else str(each) for name, each in members.items()
    }
    body = urlencode(texts, errors="replace").encode()
    return replace(request, headers={**request.headers, "content-type": FORM}, body=body)


_BODIES: Final[Mapping[str, Any]] = {
    FORM: {},
    JSON: {
        "type": "object",
        "properties": {each.name: {"description": each.description, **each.schema} for each in _PARAMETERS},
        "required": [_TEXT.name],
        "additionalProperties": False,
    },
}
_FOUND: Final = RouteAnswer(
    "The topics that were found; none, if nothing has these words.", (JSON,), schema_of("search")
)
_SEARCH: Final = Route(
    path="/search",
    operation="search",
    summary="Search for topics by words, the best first",
    description="Finds other forms of the words, other names of the topics, and names in other languages. "
    "The parameters are never written to logs. Still, prefer POST for what people ask about their health: "
    "addresses stay in the history of browsers and in the logs of proxies.",
    tag="Lists",
    parameters=_PARAMETERS,
    answers={200: _FOUND, **PROBLEMS},
    is_private=True,
    answer=_search,
)

ROUTES: Final = (
    _SEARCH,
    Route(
        path="/search",
        operation="searchByBody",
        summary="The same search, with the words in the body instead of the address",
        tag="Lists",
        parameters=tuple(replace(each, is_required=False) for each in _PARAMETERS),
        methods=("POST",),
        body=_BODIES,
        answers={
            200: _FOUND,
            **PROBLEMS,
            415: RouteAnswer("The body has another media type.", ("application/problem+json",)),
        },
        is_private=True,
        answer=_search_by_body,
    ),
)
