"""The addresses of the documentation, and its answers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin
from weakref import WeakKeyDictionary

from healthtopics import jsontext
from healthtopics.delivery import health
from healthtopics.delivery.documentation.facts import facts_of
from healthtopics.delivery.documentation.fhir import servers_of
from healthtopics.delivery.documentation.openapi import describe
from healthtopics.delivery.documentation.pages import render_fhir, render_guide, render_reference
from healthtopics.delivery.documentation.wording import words_of
from healthtopics.delivery.fhir.side import VERSION, side_of
from healthtopics.delivery.links import CATALOG, OPENAPI, service_links
from healthtopics.delivery.message import LANGUAGES, Response, Wording, problem
from healthtopics.delivery.negotiation import choose_media_type, find_language, rank_languages
from healthtopics.delivery.outcome import FHIR_JSON
from healthtopics.delivery.pages import HTML, HTML_UTF8, SITE_POLICIES
from healthtopics.delivery.problem_details import PROBLEM
from healthtopics.delivery.representation import BRIEF, Link, Representation, computed
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer, refused
from healthtopics.delivery.site import Site
from healthtopics.jsontext import Document, Json
from healthtopics.language import SOURCE
from healthtopics.website.addresses import ServedAddresses
from healthtopics.website.framed import FramedText, render_framed

_Render = Callable[[Site, str], FramedText]
_Make = Callable[[Site, str], Representation]

_CATALOG_TYPE: Final = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
_OFFERS: Final = (OPENAPI, "application/json")
_NOT_ACCEPTABLE: Final = Wording(
    en="the document is only available as {offers}.", es="el documento solo está disponible como {offers}."
)

_LANGUAGE: Final = Parameter(
    "language",
    "A language of the documentation.",
    {"type": "string", "pattern": f"^(?:{'|'.join(LANGUAGES)})$"},
    where="path",
    is_required=True,
    example="es",
)
_ASKED: Final = Parameter(
    "lang",
    "The language of the page, instead of Accept-Language.",
    {"type": "string", "maxLength": 35, "minLength": 1},
    example="es",
)
_NO_LANGUAGE: Final = Wording(
    en="the documentation is not available in {value}. Available languages: {known}.",
    es="la documentación no está disponible en {value}. Idiomas disponibles: {known}.",
)
_NO_TYPE: Final = Wording(
    en="there is no search over all types of resources: name one, as in {base}/Composition. "
    "{base}/metadata says what is possible.",
    es="no hay búsqueda en todos los tipos de recursos a la vez: indique uno, como en {base}/Composition. "
    "{base}/metadata muestra lo que es posible.",
)
_PAGE: Final = RouteAnswer("A page.", (HTML,), {"type": "string"})


def documented(routes: Sequence[Route]) -> tuple[Route, ...]:
    """Return routes, after those of their documentation, which describes itself as well."""
    return _Documentation(routes).routes


class _Documentation:
    """The documentation of routes."""

    def __init__(self, others: Sequence[Route]) -> None:
        self._document = _once(self._made_document)
        self.routes: Final = (
            Route(
                path="/openapi.json",
                operation="getOpenApi",
                summary="All requests, for programs: an OpenAPI 3.1 document",
                tag="Documentation",
                is_open=True,
                answers={
                    200: RouteAnswer("The document.", _OFFERS, {"type": "object"}),
                    406: RouteAnswer("The document does not exist in this format.", (PROBLEM,)),
                },
                answer=self._openapi,
            ),
            Route(
                path=f"/{CATALOG}",
                operation="getApiCatalog",
                summary="Where the documentation is, for programs (RFC 9727)",
                tag="Documentation",
                is_open=True,
                answers={200: RouteAnswer("The catalog.", ("application/linkset+json",), {"type": "object"})},
                answer=_catalog,
            ),
            *self._pages("docs", "docs/{language}", "Guide", "The guide for partners", self._guide),
            *self._pages(
                "docs/api", "docs/{language}/api", "Reference", "All requests, for people", self._reference
            ),
            *_with_servers(
                *self._pages(
                    "fhir", "docs/{language}/fhir", "FhirGuide", "The FHIR servers, for people", self._fhir
                )
            ),
            *others,
        )

    def _guide(self, site: Site, language: str) -> FramedText:
        return render_guide(self._describe(site, language), facts_of(site), language)

    def _reference(self, site: Site, language: str) -> FramedText:
        return render_reference(self._describe(site, language), facts_of(site), language)

    def _fhir(self, site: Site, language: str) -> FramedText:
        document = self._describe(site, language)
        return render_fhir(document, facts_of(site), servers_of(site), language)

    def _pages(
        self, path: str, path_in_language: str, name: str, summary: str, render: _Render
    ) -> tuple[Route, Route]:
        """Return the routes of a page: negotiated, and in one language."""

        def in_language(call: Call) -> Representation:
            return shown(call.site, call.values["language"])

        def negotiated(call: Call) -> Representation | Response:
            asked = call.values.get(_ASKED.name)
            ranked = rank_languages(call.request.headers.get("accept-language", ""), LANGUAGES)
            language = find_language(asked, LANGUAGES) if asked else ranked[0]
            if language is None:
                detail = _NO_LANGUAGE.filled(value=asked, known=", ".join(LANGUAGES))
                return refused(_ASKED.name, detail, LANGUAGES)
            location = call.site.address(path_in_language.format(language=language))
            vary = () if asked else ("Accept-Language",)
            return replace(shown(call.site, language), location=location, vary=vary)

        @_once
        def shown(site: Site, language: str) -> Representation:
            page = render_framed(site.index, ServedAddresses(site.prefix), render(site, language))
            links = [
                Link(site.address(path_in_language.format(language=each)), "alternate", HTML, each)
                for each in LANGUAGES
                if each != language
            ]
            found = computed(page, HTML_UTF8, language=language)
            return replace(found, links=(*links, *service_links(site)), policies=SITE_POLICIES)

        return (
            Route(
                path=f"/{path}",
                operation=f"get{name}",
                summary=f"{summary}, in the language that you ask for",
                tag="Documentation",
                is_open=True,
                parameters=(_ASKED,),
                answers={200: _PAGE},
                is_strict=False,
                answer=negotiated,
            ),
            Route(
                path=f"/{path_in_language}",
                operation=f"get{name}InLanguage",
                summary=f"{summary}, in one language",
                tag="Documentation",
                is_open=True,
                parameters=(_LANGUAGE,),
                answers={200: _PAGE},
                is_strict=False,
                answer=in_language,
            ),
        )

    def _describe(self, site: Site, language: str) -> Document:
        facts, say = facts_of(site), words_of(language)
        return describe(self.routes, facts, language, say, elsewhere=health.ELSEWHERE)

    def _openapi(self, call: Call) -> Representation | Response:
        chosen = choose_media_type(call.request.headers.get("accept", ""), _OFFERS)
        if chosen is None:
            detail = _NOT_ACCEPTABLE.filled(offers=", ".join(_OFFERS))
            return problem(406, detail, cache=BRIEF)
        media_type = f"{chosen};version=3.1" if chosen == OPENAPI else chosen
        return replace(self._document(call.site, SOURCE), media_type=media_type)

    def _made_document(self, site: Site, language: str) -> Representation:
        found = computed(jsontext.dump(self._describe(site, language)), OPENAPI)
        return replace(found, vary=("Accept",), links=service_links(site))


def _once(make: _Make) -> _Make:
    """Return the function, which then runs once for each release and language.

    It takes some milliseconds, which no header of a request should cost again.
    """
    made: WeakKeyDictionary[Site, dict[str, Representation]] = WeakKeyDictionary()

    def kept(site: Site, language: str) -> Representation:
        by_language = made.setdefault(site, {})
        if language not in by_language:
            by_language[language] = make(site, language)
        return by_language[language]

    return kept


def _with_servers(page: Route, in_language: Route) -> tuple[Route, ...]:
    """Return the routes of the page about FHIR, and that of the base addresses, where browsers see it."""

    def answer(call: Call) -> Representation | Response:
        side = side_of(call)
        if isinstance(side, Response):
            return side
        if choose_media_type(call.request.headers.get("accept", ""), (FHIR_JSON, HTML)) != HTML:
            return problem(404, _NO_TYPE.filled(base=side.base), cache=BRIEF)
        found = page.answer(call)
        return found if isinstance(found, Response) else replace(found, vary=("Accept", *found.vary))

    server = replace(
        page,
        path="/fhir/{fhir}",
        operation="getFhirServer",
        summary="The base address of a FHIR server: browsers see the page about it",
        parameters=(VERSION, *page.parameters),
        answers={
            **page.answers,
            404: RouteAnswer("There is no search over all types of resources.", (FHIR_JSON,)),
        },
        answer=answer,
    )
    return page, in_language, server


def _catalog(call: Call) -> Representation:
    """Return the catalog of the one API that there is (RFC 9727 §4)."""
    facts = facts_of(call.site)
    base = facts.base
    described: dict[str, list[Json]] = {}
    for link in service_links(call.site):
        more = {"hreflang": [link.language]} if link.language else {}
        target = {"href": urljoin(f"{base}/", link.address), "type": link.media_type, **more}
        if link.rel != "api-catalog":
            described.setdefault(link.rel, []).append(target)
    linkset = [
        {"anchor": f"{base}/{CATALOG}", "item": [{"href": f"{base}/"}]},
        {"anchor": f"{base}/", **described, "status": [{"href": f"{facts.base}{health.READY}"}]},
    ]
    found = computed(jsontext.dump({"linkset": linkset}), _CATALOG_TYPE)
    return replace(found, links=(Link(call.site.address(""), "item"), *service_links(call.site)))
