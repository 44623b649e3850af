"""The site for people: its pages, and what they load."""

from dataclasses import replace
from typing import Final

from healthtopics.delivery.links import service_links
from healthtopics.delivery.listing import LIST_LANGUAGE, language_of
from healthtopics.delivery.message import Response
from healthtopics.delivery.negotiation import find_language, rank_languages
from healthtopics.delivery.pages import HTML_UTF8, SITE_POLICIES
from healthtopics.delivery.representation import IMMUTABLE, Representation, computed
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.delivery.site import Site
from healthtopics.delivery.topics import PATH_LANGUAGE, SAME_LANGUAGE, nothing, redirect, refused_language
from healthtopics.website.addresses import ServedAddresses, SitePage
from healthtopics.website.assets import asset, find_asset
from healthtopics.website.table import render


def _home(call: Call) -> Representation | Response:
    site = call.site
    asked = language_of(call, tuple(site.languages))
    if isinstance(asked, Response):
        return asked
    accepted = call.request.headers.get("accept-language", "")
    language = asked or rank_languages(accepted, tuple(site.languages))[0]
    found = _shown(site, SitePage(language))
    return replace(found, location=site.address(language), vary=() if asked else ("Accept-Language",))


def _home_in_language(call: Call) -> Representation | Response:
    site, asked = call.site, call.values["language"]
    language = find_language(asked, site.languages)
    if language is None:
        return nothing(call)
    if language != asked:
        return redirect(call, language)
    return refused_language(call, language) or _shown(site, SitePage(language))


def _shown(site: Site, page: SitePage) -> Representation:
    content = render(site.index, ServedAddresses(site.prefix), page)
    found = computed(content, HTML_UTF8, modified=site.time, language=page.language)
    return replace(found, links=service_links(site), policies=SITE_POLICIES)


def _asset(call: Call) -> Representation | Response:
    found = find_asset(call.values["name"])
    return computed(found.content, found.media_type, cache=IMMUTABLE) if found else nothing(call)


def _icon(_call: Call) -> Representation:
    icon = asset("icon.svg")
    return computed(icon.content, icon.media_type)


_ASSET: Final = Parameter(
    "name",
    "Its name, with a digest of what it is.",
    {"type": "string", "pattern": "^[a-z]+[.][0-9a-f]{16}[.](?:css|js|svg)$"},
    where="path",
    is_required=True,
    example=asset("style.css").address,
)
_ASSET_TYPES: Final = ("text/css", "text/javascript", "image/svg+xml")
_PAGE: Final = RouteAnswer("A page.", ("text/html",))
_MISSING: Final = RouteAnswer("There is no such page.", ("application/problem+json",))

ROUTES: Final = (
    Route(
        path="/",
        operation="getHome",
        summary="The front page of the site, for people",
        tag="Pages",
        parameters=(LIST_LANGUAGE,),
        answers={200: _PAGE},
        is_strict=False,
        answer=_home,
    ),
    Route(
        path="/{language}",
        operation="getHomeInLanguage",
        summary="The front page in one language, for people",
        tag="Pages",
        parameters=(PATH_LANGUAGE, SAME_LANGUAGE),
        answers={
            200: _PAGE,
            308: RouteAnswer("The tag of the language is written in another way."),
            404: _MISSING,
        },
        is_strict=False,
        answer=_home_in_language,
    ),
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
