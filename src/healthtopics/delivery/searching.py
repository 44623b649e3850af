"""Search: `/search`, with GET or, for what should not be in an address, with POST."""

from dataclasses import replace
from typing import Any, Final

from healthtopics.delivery.listing import (
    LIST_LANGUAGE,
    language_of,
    schema_of,
    topic_url,
    without_empty,
)
from healthtopics.delivery.message import FORM, JSON, Response
from healthtopics.delivery.negotiation import rank_languages
from healthtopics.delivery.paging import PAGE_TOKEN, PROBLEMS, open_page
from healthtopics.delivery.representation import Representation, private_cache
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
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
        **without_empty(
            {
                "searched": found.searched,
                "corrected": found.corrected,
                "partial": found.is_partial or None,
            }
        ),
        "total": found.total,
        "hits": [_hit(call, each) for each in found.hits],
    }
    answer = page.answer("search", found.total, members, language=language)
    vary = () if LIST_LANGUAGE.name in call.values else ("Accept-Language",)
    return replace(answer, cache=private_cache(call.request.method), vary=vary)


def _hit(call: Call, hit: SearchResult) -> dict[str, Any]:
    return without_empty(
        {
            "id": hit.topic,
            "url": topic_url(call, hit.topic),
            "title": hit.title,
            "description": hit.description,
            "page": hit.page,
            "updated": hit.updated,
            "partial": hit.is_partial or None,
            "snippet": {
                "text": hit.snippet.text,
                "marks": [{"start": each.start, "length": each.length} for each in hit.snippet.marks],
            },
        }
    )


_FOUND: Final = RouteAnswer(
    "The topics that were found; none, if nothing has these words.", (JSON,), schema_of("search")
)
ROUTES: Final = (
    Route(
        path="/search",
        operation="search",
        summary="Search for topics by words, the best first",
        description="Finds other forms of the words, other names of the topics, names in other languages, "
        "and the names of groups. If no topic has a word, a similar one is searched for, and `corrected` "
        "says so. The parameters are never written to logs. Still, prefer POST for what people ask about "
        "their health: addresses stay in the history of browsers and in the logs of proxies.",
        tag="Lists",
        parameters=_PARAMETERS,
        methods=("GET", "POST"),
        body={FORM: {}, JSON: {}},
        answers={200: _FOUND, **PROBLEMS},
        is_private=True,
        answer=_search,
    ),
)
