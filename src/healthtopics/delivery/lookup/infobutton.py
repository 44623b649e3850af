"""HL7 Infobutton, and the two addresses of MedlinePlus Connect, which its clients know.

    /infobutton     the form by knowledgeResponseType, else by Accept; Atom if a client has no preference
    /service        the same, and Atom without knowledgeResponseType, as in Connect's web service
    /application    always a page; another form may not be asked for

All of them take the same parameters in the query or, better, in a form: a query with a diagnosis is easily
written to a log on its way.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from healthtopics.delivery.lookup.atom import write_atom
from healthtopics.delivery.lookup.feed import Feed
from healthtopics.delivery.lookup.finding import find_feed
from healthtopics.delivery.lookup.hl7json import write_json, write_jsonp
from healthtopics.delivery.lookup.page import write_page
from healthtopics.delivery.lookup.request import (
    CALLBACK,
    CRITERIA,
    LANGUAGE,
    RECIPIENT,
    RESPONSE_TYPE,
    SUBTOPIC,
    BadRequestError,
    RequestFault,
    read_request,
)
from healthtopics.delivery.message import FORM, Response, Wording, problem
from healthtopics.delivery.negotiation import choose_media_type
from healthtopics.delivery.pages import FRAMED_POLICIES, HTML, HTML_UTF8
from healthtopics.delivery.parameters import pairs_of
from healthtopics.delivery.representation import Representation, computed
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.delivery.site import Site
from healthtopics.delivery.variants import described_by
from healthtopics.schema import packaged
from healthtopics.website.addresses import ServedAddresses

_ATOM: Final = "text/xml"
_JSON: Final = "application/json"
_JSONP: Final = "application/javascript"

_TYPES: Final[Mapping[str, str]] = {
    _ATOM: "text/xml; charset=utf-8",
    "application/atom+xml": "application/atom+xml",
    _JSON: _JSON,
    _JSONP: "application/javascript; charset=utf-8",
    HTML: HTML_UTF8,
}
"""The values of knowledgeResponseType, with the media type of the answer."""
_OFFERS: Final = (_ATOM, "application/atom+xml", _JSON, HTML)
"""What Accept may choose; the first is for those who accept everything."""

_SCHEMA: Final = "public/knowledge-response.schema.json"
"""That of the JSON."""
_FOR_PROGRAMS: Final = "private, no-cache"
"""A client may keep its own answer, and ask whether it has changed; a shared cache may not."""
_FOR_PEOPLE: Final = "no-store"
"""A page with a diagnosis in its address does not stay on the disk of a shared computer."""

_NOT_ACCEPTABLE: Final = Wording(
    en="Accept allows none of the forms of this answer: {offers}.",
    es="Accept no permite ninguna de las formas de esta respuesta: {offers}.",
)
_NO_CALLBACK: Final = Wording(
    en="with application/javascript, the parameter callback must name a function.",
    es="con application/javascript, el parámetro callback debe nombrar una función.",
)


def _infobutton(call: Call) -> Response | Representation:
    return _answer(call, default="")


def _service(call: Call) -> Response | Representation:
    return _answer(call, default=_ATOM)


def _application(call: Call) -> Response | Representation:
    return _answer(call, default=HTML, is_fixed=True)


def _answer(call: Call, *, default: str, is_fixed: bool = False) -> Response | Representation:
    """Answer in the form that the request names, else in the default one; by Accept if that is empty.

    `is_fixed` says that there is only the default one.
    """
    try:
        request = read_request(
            pairs_of(call.route, call.request),
            languages=call.site.languages,
            response_types=(default,) if is_fixed else tuple(_TYPES),
        )
    except BadRequestError as error:
        return _refused(error)
    vary: tuple[str, ...] = ()
    form = default if is_fixed else request.response_type or default
    if not form:
        vary = ("Accept",)
        form = choose_media_type(call.request.headers.get("accept", ""), _OFFERS) or ""
        if not form:
            detail = _NOT_ACCEPTABLE.filled(offers=", ".join(_OFFERS))
            address = call.site.address("infobutton")
            available = [{"href": address, "type": each} for each in _OFFERS]
            return problem(406, detail, language=request.language, available=available)
    if form == _JSONP and not request.callback:
        return _refused(BadRequestError([RequestFault(CALLBACK, _NO_CALLBACK)], request.language))
    feed = find_feed(call.site, request)
    found = computed(
        _written(feed, form, request.callback, call.site),
        _TYPES[form],
        language=feed.language,
        cache=_FOR_PEOPLE if form == HTML else _FOR_PROGRAMS,
    )
    links = described_by(call.site, _SCHEMA) if form == _JSON else ()
    return replace(found, vary=vary, links=links, policies=FRAMED_POLICIES if form == HTML else ())


def _refused(error: BadRequestError) -> Response:
    """Return 400 with everything that is wrong.

    The members `parameter` and `possible` are about the first fault, as in the answers of other routes.
    """
    first = error.faults[0]
    members: dict[str, Any] = {"parameter": first.parameter}
    if first.possible:
        members["possible"] = list(first.possible)
    return problem(
        400,
        Wording(*(" ".join(getattr(each.detail, tag) for each in error.faults) for tag in ("en", "es"))),
        language=error.language,
        **members,
        errors=[{"parameter": each.parameter, "detail": each.detail} for each in error.faults],
    )


def _written(feed: Feed, form: str, callback: str, site: Site) -> bytes:
    match form:
        case "application/json":
            return write_json(feed)
        case "application/javascript":
            return write_jsonp(feed, callback)
        case "text/html":
            return write_page(feed, site.index, ServedAddresses(site.prefix))
        case _:
            return write_atom(feed)


_TEXT: Final = {"type": "string"}
_PARAMETERS: Final = (
    Parameter(
        f"{CRITERIA}.v.c",
        "A code; dots and case do not matter. Further codes are numbered: `.v.c1` with `.v.cs1`, and so on.",
        _TEXT,
        example="D000022",
        repeats=True,
    ),
    Parameter(
        f"{CRITERIA}.v.cs",
        "The code system: an OID, a URI as in FHIR, or a name such as `icd-10-cm`. Required with a code.",
        _TEXT,
        example="2.16.840.1.113883.6.177",
        repeats=True,
    ),
    Parameter(
        f"{CRITERIA}.v.dn",
        "A name, which is looked up if there is no code: a title, another name, or an index term of topics.",
        _TEXT,
        example="miscarriage",
        repeats=True,
    ),
    Parameter(f"{CRITERIA}.v.ot", "The words of the record, if there is no `dn`.", _TEXT, repeats=True),
    Parameter(
        f"{SUBTOPIC}.v.c",
        "A MeSH qualifier such as `Q000628` (therapy): the answer has the sections on that.",
        _TEXT,
        example="Q000628",
        repeats=True,
    ),
    Parameter(f"{SUBTOPIC}.v.cs", "Its code system.", _TEXT, example="2.16.840.1.113883.6.177", repeats=True),
    Parameter(
        LANGUAGE,
        "The language of the answer: `en`, `es`; `es-MX` is answered in `es`. Without it, English.",
        _TEXT,
        example="es",
    ),
    Parameter(
        RECIPIENT,
        "Who reads the answer: a patient, a provider, or a payor. All read the same topics.",
        _TEXT,
        example="PAT",
    ),
)
_FORMS: Final = (
    Parameter(
        RESPONSE_TYPE,
        f"The form of the answer: {', '.join(f'`{each}`' for each in _TYPES)}.",
        _TEXT,
        example=_JSON,
    ),
    Parameter(
        CALLBACK,
        "The function that a script calls, with `application/javascript`.",
        _TEXT,
        example="showTopics",
    ),
)
_FOUND: Final = RouteAnswer(
    "The topics, in the order of the codes; none for an unknown code.",
    tuple(_TYPES),
    {"$ref": packaged(_SCHEMA)["$id"]},
)
_BAD: Final = RouteAnswer("What is wrong with the request.", ("application/problem+json",))
_UNACCEPTABLE: Final = RouteAnswer("Accept allows none of the forms.", ("application/problem+json",))

_MOST_PARAMETERS: Final = 250
"""Enough for all about as many concepts as there may be, and for parameters that are passed over."""
_TAG: Final = "Look-up by code"
_POST: Final = "A form sent with POST has the same parameters."


def _route(
    path: str, operation: str, summary: str, answer: Callable[[Call], Response | Representation]
) -> Route:
    is_page = path == "/application"
    return Route(
        path=path,
        operation=operation,
        summary=summary,
        description=_POST,
        tag=_TAG,
        parameters=_PARAMETERS if is_page else (*_PARAMETERS, *_FORMS),
        answers={
            200: replace(_FOUND, media_types=(HTML,), schema=None) if is_page else _FOUND,
            400: _BAD,
            **({406: _UNACCEPTABLE} if path == "/infobutton" else {}),
        },
        methods=("GET", "POST"),
        body={FORM: {}},
        is_private=True,
        is_strict=False,
        most_parameters=_MOST_PARAMETERS,
        answer=answer,
    )


ROUTES: Final = (
    _route("/infobutton", "findByCode", "Topics for a code: HL7 Infobutton, URL-based", _infobutton),
    _route(
        "/service", "findByCodeAsConnect", "Topics for a code: as MedlinePlus Connect's web service", _service
    ),
    _route(
        "/application",
        "findPageByCodeAsConnect",
        "A page for a code: as MedlinePlus Connect's application",
        _application,
    ),
)
