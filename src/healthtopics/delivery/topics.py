"""Topics by negotiation: `/topics/{topic}` and `/{language}/{topic}`.

Without an Accept header `/topics/{topic}` returns FHIR R4. `application/json` returns the document of
schema.org, which is plain JSON to a program that knows neither FHIR nor JSON-LD.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from healthtopics.delivery.index import Variant
from healthtopics.delivery.message import Response, Wording
from healthtopics.delivery.negotiation import choose_media_type, rank_languages
from healthtopics.delivery.representation import BRIEF, Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.delivery.variants import represent

TOPIC: Final = Parameter(
    "topic",
    "The id of a topic.",
    {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    where="path",
    is_required=True,
    example="miscarriage",
)
LANGUAGE: Final = Parameter(
    "language",
    "A language of the release, as a BCP 47 tag.",
    {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
    where="path",
    is_required=True,
    example="es",
)

_NO_TOPIC: Final = Wording(
    en="there is no topic {topic}. All topics: {all}.",
    es="no existe el tema {topic}. Todos los temas: {all}.",
)
_NO_EDITION: Final = Wording(
    en="there is no edition of {topic} in the language {language}. Languages: {known}.",
    es="no hay una edición de {topic} en el idioma {language}. Idiomas: {known}.",
)
_NOT_ACCEPTABLE: Final = Wording(
    en="no variant has a media type that Accept allows. Possible: {offers}.",
    es="ninguna variante tiene un tipo de contenido que Accept permita. Posibles: {offers}.",
)


def _negotiated(call: Call) -> Representation | Response:
    index, topic = call.site.index, call.values["topic"]
    if topic not in index.topics:
        return no_topic(call, topic)
    languages = tuple(index.topics[topic])
    language = rank_languages(call.request.headers.get("accept-language", ""), languages)[0]
    # The page comes last: browsers ask for it, and a client that asks for nothing is a program.
    return _choose(call, list(index.edition(topic, language)), vary=("Accept", "Accept-Language"))


def _in_language(call: Call) -> Representation | Response:
    index, topic, language = call.site.index, call.values["topic"], call.values["language"]
    if topic not in index.topics or language not in call.site.languages:
        return no_topic(call, topic)
    if language not in index.topics[topic]:
        known = ", ".join(index.topics[topic])
        detail = _NO_EDITION.filled(topic=topic, language=language, known=known)
        return call.problem(404, detail, cache=BRIEF)
    *others, page = index.edition(topic, language)
    return _choose(call, [page, *others], vary=("Accept",))


def no_topic(call: Call, topic: str) -> Response:
    """Return 404 for a topic that the release does not have."""
    detail = _NO_TOPIC.filled(topic=topic, all=call.site.address("topics.json"))
    return call.problem(404, detail, cache=BRIEF)


def _choose(call: Call, variants: Sequence[Variant], *, vary: tuple[str, ...]) -> Representation | Response:
    site = call.site
    offers = {variant.media_type: variant for variant in variants}
    for variant in variants:
        offers |= {other: variant for other in variant.also_as if other not in offers}
    chosen = choose_media_type(call.request.headers.get("accept", ""), tuple(offers))
    if chosen is None:
        available = [
            {"href": site.address(variant.path), "type": variant.media_type, "language": variant.language}
            for variant in variants
        ]
        return call.problem(
            406,
            _NOT_ACCEPTABLE.filled(offers=", ".join(offers)),
            headers=(("Vary", ", ".join(vary)),),
            cache=BRIEF,
            available=available,
        )
    variant = offers[chosen]
    found = replace(represent(site, variant), vary=vary, location=site.address(variant.path))
    # A client that accepts only application/json gets the same bytes under that name.
    return replace(found, media_type=chosen) if chosen in variant.also_as else found


_FOUND: Final = RouteAnswer("The topic.", ("application/fhir+json", "application/ld+json", "text/html"))
_NOT_FOUND: Final = RouteAnswer(
    "There is no such topic, or not in this language.", ("application/problem+json",)
)
_NO_VARIANT: Final = RouteAnswer("No variant is acceptable; those that exist.", ("application/problem+json",))

ROUTES: Final = (
    Route(
        path="/topics/{topic}",
        operation="getTopic",
        summary="A topic in the format and language that the request asks for",
        tag="Topics",
        parameters=(TOPIC,),
        answers={200: _FOUND, 404: _NOT_FOUND, 406: _NO_VARIANT},
        is_strict=False,
        answer=_negotiated,
    ),
    Route(
        path="/{language}/{topic}",
        operation="getTopicInLanguage",
        summary="A topic in one language: its page, or another format that the request asks for",
        tag="Topics",
        parameters=(LANGUAGE, TOPIC),
        answers={200: _FOUND, 404: _NOT_FOUND, 406: _NO_VARIANT},
        is_strict=False,
        answer=_in_language,
    ),
)
