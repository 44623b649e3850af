"""The site for people: its pages, and what they load."""

from dataclasses import replace
from functools import partial
from typing import Final

from healthtopics.delivery.links import service_links
from healthtopics.delivery.listing import LIST_LANGUAGE, language_of
from healthtopics.delivery.message import Response
from healthtopics.delivery.negotiation import find_language, rank_languages
from healthtopics.delivery.pages import HTML_UTF8, SITE_POLICIES
from healthtopics.delivery.representation import IMMUTABLE, Representation, computed, private_cache
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.delivery.searching import LONGEST
from healthtopics.delivery.topics import PATH_LANGUAGE, SAME_LANGUAGE, nothing, redirect, refused_language
from healthtopics.website.addresses import Kind, ServedAddresses, SitePage, letter_in
from healthtopics.website.assets import asset, find_asset
from healthtopics.website.table import render


def _home(call: Call) -> Representation | Response:
    site = call.site
    asked = language_of(call, tuple(site.languages))
    if isinstance(asked, Response):
        return asked
    accepted = call.request.headers.get("accept-language", "")
    language = asked or rank_languages(accepted, tuple(site.languages))[0]
    found = _shown(call, SitePage(language))
    if isinstance(found, Response):
        return found
    return replace(found, location=site.address(language), vary=() if asked else ("Accept-Language",))


def _page(kind: Kind, call: Call) -> Representation | Response:
    site, values = call.site, call.values
    language = find_language(values["language"], site.languages)
    if language is None:
        return nothing(call)
    if language != values["language"]:
        path = site.relative(call.request.path)
        return redirect(call, language + path[len(values["language"]) :])
    letter, group = values.get(_LETTER.name, ""), values.get(_GROUP.name, "")
    query = " ".join(values.get(_TEXT.name, "").split())
    page = SitePage(language, kind, letter_in(letter) or group, values.get(_NUMBER.name, 1), query)
    return refused_language(call, language) or _shown(call, page)


def _shown(call: Call, page: SitePage) -> Representation | Response:
    site = call.site
    content = render(site.index, ServedAddresses(site.prefix), page)
    if content is None:
        return nothing(call)
    found = computed(content, HTML_UTF8, modified=site.time, language=page.language)
    cache = private_cache(call.request.method) if call.is_private else found.cache
    return replace(found, cache=cache, links=service_links(site), policies=SITE_POLICIES)


def _asset(call: Call) -> Representation | Response:
    found = find_asset(call.values["name"])
    return computed(found.content, found.media_type, cache=IMMUTABLE) if found else nothing(call)


def _icon(_call: Call) -> Representation:
    icon = asset("icon.svg")
    return computed(icon.content, icon.media_type)


_NUMBER: Final = Parameter(
    "page",
    "The number of the page, if the list has several.",
    {"type": "integer", "minimum": 1, "maximum": 100_000, "default": 1},
    example=1,
)
_LETTER: Final = Parameter(
    "letter",
    "The letter that titles begin with; `0` for those that begin with none.",
    {"type": "string", "pattern": "^[^/]{1,4}$"},
    where="path",
    is_required=True,
    example="A",
)
_GROUP: Final = Parameter(
    "group",
    "The id of a group.",
    {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 100},
    where="path",
    is_required=True,
    example="pregnancy-and-reproduction",
)
_TEXT: Final = Parameter(
    "q",
    "The words to search for. Without any, the page has only the form.",
    {"type": "string", "maxLength": LONGEST},
    example="pérdida del embarazo",
    is_private=True,
)
_ASSET: Final = Parameter(
    "name",
    "Its name, with a digest of what it is.",
    {"type": "string", "pattern": "^[a-z]+[.][0-9a-f]{16}[.](?:css|js|svg)$"},
    where="path",
    is_required=True,
    example=asset("icon.svg").address,
)
_ASSET_TYPES: Final = ("text/css", "text/javascript", "image/svg+xml")
_SHOWN: Final = RouteAnswer("A page.", ("text/html",))
_MISSING: Final = RouteAnswer("There is no such page.", ("application/problem+json",))


def _route(path: str, operation: str, summary: str, kind: Kind, *parameters: Parameter) -> Route:
    return Route(
        path=f"/{{language}}{path}",
        operation=operation,
        summary=summary,
        tag="Pages",
        parameters=(PATH_LANGUAGE, SAME_LANGUAGE, *parameters),
        answers={
            200: _SHOWN,
            308: RouteAnswer("The tag of the language is written in another way."),
            404: _MISSING,
        },
        is_strict=False,
        answer=partial(_page, kind),
    )


ROUTES: Final = (
    Route(
        path="/",
        operation="getHome",
        summary="The front page of the site, for people",
        tag="Pages",
        parameters=(LIST_LANGUAGE,),
        answers={200: _SHOWN},
        is_strict=False,
        answer=_home,
    ),
    _route("", "getHomeInLanguage", "The front page in one language, for people", "front"),
    _route("/letters", "getLettersPage", "Topics from A to Z, for people", "letters", _NUMBER),
    _route(
        "/letters/{letter}",
        "getLetterPage",
        "Topics that begin with a letter, for people",
        "letters",
        _LETTER,
        _NUMBER,
    ),
    _route("/groups", "getGroupsPage", "The groups of topics, for people", "groups"),
    _route("/groups/{group}", "getGroupPage", "The topics of a group, for people", "groups", _GROUP, _NUMBER),
    _route("/new", "getNewPage", "The topics whose pages changed last, for people", "new", _NUMBER),
    _route("/search", "getSearchPage", "What a search finds, for people", "search", _TEXT, _NUMBER),
    _route("/about", "getAboutPage", "About the site, with its terms of use, for people", "about"),
    _route("/partners", "getPartnersPage", "Ways to the data, for people", "partners"),
    _route("/languages", "getLanguagesPage", "The languages of the site, for people", "languages"),
    Route(
        path="/assets/{name}",
        operation="getAsset",
        summary="What pages load: a style sheet, a script, an icon",
        tag="Pages",
        is_open=True,
        parameters=(_ASSET,),
        answers={
            200: RouteAnswer("The file.", _ASSET_TYPES),
            404: _MISSING,
        },
        answer=_asset,
    ),
    Route(
        path="/favicon.ico",
        operation="getIcon",
        summary="The icon of the site",
        tag="Pages",
        is_open=True,
        answers={200: RouteAnswer("The icon.", ("image/svg+xml",))},
        answer=_icon,
    ),
)
