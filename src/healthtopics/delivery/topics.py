"""A topic by negotiation: `/topics/{topic}` and `/{language}/{topic}`.

Without an Accept header `/topics/{topic}` returns FHIR R4. `application/json` returns the document of
schema.org, which is plain JSON to a program that knows neither FHIR nor JSON-LD. Parameters come before
headers: what they ask for is returned, or 400 with the parameter's name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import quote

from rapidfuzz import fuzz, process

from healthtopics import jsontext
from healthtopics.delivery.message import COMMON, LANGUAGES, Response, Wording, problem
from healthtopics.delivery.negotiation import choose_media_type, fhir_version, find_language, rank_languages
from healthtopics.delivery.outcome import is_fhir
from healthtopics.delivery.pages import HTML
from healthtopics.delivery.representation import BRIEF, Link, Representation, computed
from healthtopics.delivery.route import PARTS, Call, Parameter, Route, RouteAnswer, refused
from healthtopics.delivery.site import Site
from healthtopics.delivery.variants import (
    Variant,
    content_type,
    described_by,
    represent_variant,
    variants_of,
)
from healthtopics.formats.format import Format
from healthtopics.index.rows import ArtifactRow
from healthtopics.index.topics import editions_of, graves_of, topic_ids
from healthtopics.jsontext import Document
from healthtopics.problems import excerpt
from healthtopics.release import INDEX
from healthtopics.website.held import HELD, with_notice
from healthtopics.website.relinking import relink

TOPIC: Final = Parameter(
    "topic",
    "The id of a topic.",
    {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 100},
    where="path",
    is_required=True,
    example="miscarriage",
)
PATH_LANGUAGE: Final = Parameter(
    "language",
    "A language of the release, as a BCP 47 tag. A tag in other letters, or of a region, is redirected.",
    {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"},
    where="path",
    is_required=True,
    example="es",
)
ANSWER_LANGUAGES: Final = Parameter(
    "lang",
    "The language of the answer, instead of Accept-Language. Several, with commas, give one answer with all.",
    {
        "type": "array",
        "items": {"type": "string", "maxLength": 35},
        "minItems": 1,
        "maxItems": 20,
    },
    example=["en", "es"],
)
SAME_LANGUAGE: Final = replace(
    ANSWER_LANGUAGES,
    description="Only the language of the address, or a region of it; another one is refused.",
    example=["es"],
)
FORMAT: Final = Parameter(
    "_format",
    "The format of the answer, instead of Accept: a media type, the name of a format as in the manifest, or "
    "`json` for FHIR, as FHIR defines it.",
    {"type": "string", "maxLength": 100},
    example="application/ld+json",
)
FHIR_VERSION: Final = Parameter(
    "fhirVersion", "A version of FHIR.", {"type": "string", "maxLength": 20}, example="4.0.1"
)

_SIMILARITY: Final = 70
"""In percent: as far apart are `miscariage` and `carriage`."""

_NOTHING: Final = Wording(
    en="there is nothing at {path}. All topics: {all}.", es="no hay nada en {path}. Todos los temas: {all}."
)
_NOTHING_OF_FHIR: Final = Wording(
    en="there is nothing at {path}. What the FHIR servers have: {all}.",
    es="no hay nada en {path}. Lo que tienen los servidores FHIR: {all}.",
)
_NO_TOPIC: Final = Wording(
    en="there is no topic {topic}. All topics: {all}.",
    es="no existe el tema {topic}. Todos los temas: {all}.",
)
_SIMILAR: Final = Wording(
    en="there is no topic {topic}. Similar ones: {similar}. All topics: {all}.",
    es="no existe el tema {topic}. Temas parecidos: {similar}. Todos los temas: {all}.",
)
_NO_EDITION: Final = Wording(
    en="{topic} is not available in {language}. Available languages: {known}.",
    es="{topic} no está disponible en {language}. Idiomas disponibles: {known}.",
)
_GONE: Final = Wording(
    en="the topic {topic} (“{title}”) was withdrawn on {day}. All topics: {all}.",
    es="el tema {topic} (“{title}”) se retiró el {day}. Todos los temas: {all}.",
)
_NOT_ACCEPTABLE: Final = Wording(
    en="no variant has a media type that Accept allows. Possible: {offers}.",
    es="el tema no está disponible en ningún formato de los que pide Accept. Formatos posibles: {offers}.",
)
_NOT_POSSIBLE: Final = Wording(
    en="“{value}” is not a possible value of the parameter {name} here. Possible: {possible}.",
    es="“{value}” no es un valor posible del parámetro {name} aquí. Posibles: {possible}.",
)


_NOT_FHIR: Final = Wording(
    en="the parameter fhirVersion is for FHIR only. Leave it out, or ask with _format for one of: {names}.",
    es="el parámetro fhirVersion es solo para FHIR. Omítalo, o pida con _format uno de estos: {names}.",
)
_NO_FHIR: Final = Wording(
    en="the parameter fhirVersion is for FHIR only. There is no FHIR here.",
    es="el parámetro fhirVersion es solo para FHIR. Aquí no hay FHIR.",
)


@dataclass(frozen=True, slots=True)
class _Offer:
    """What can be chosen: a variant, or a document with several languages."""

    media_type: str
    also_as: tuple[str, ...]
    format: Format | None
    represent: Callable[[], Representation]


def _negotiated(call: Call) -> Representation | Response:
    site, topic = call.site, call.values["topic"]
    variants = variants_of(site, topic)
    if not variants:
        return no_topic(call, topic)
    known = tuple(dict.fromkeys(each.language for each in variants))
    asked: Sequence[str] = call.values.get("lang", ())
    languages = [find_language(each, known) for each in asked]
    for text, language in zip(asked, languages, strict=True):
        if language is None:
            return _refuse("lang", text, known)
    wanted = tuple(dict.fromkeys(each for each in languages if each))
    if len(wanted) > 1:
        combined = _combined(call, variants, wanted)
        return _choose(call, variants, [combined], vary=())
    ranked = wanted or rank_languages(call.request.headers.get("accept-language", ""), known)
    by_language = [_offers(site, variants, each) for each in ranked]
    return _choose(call, variants, by_language, vary=() if wanted else ("Accept-Language",))


def _in_language(call: Call) -> Representation | Response:
    site, topic, language = call.site, call.values["topic"], call.values["language"]
    found = find_language(language, site.languages)
    if found and found != language:
        return redirect(call, f"{found}/{topic}")
    variants = variants_of(site, topic)
    if not variants:
        return no_topic(call, topic) if found else nothing(call)
    offers = _offers(site, variants, language)
    if not offers:
        known = ", ".join(dict.fromkeys(each.language for each in variants))
        detail = _NO_EDITION.filled(topic=topic, language=language, known=known)
        return problem(404, detail, cache=BRIEF, available=_available(site, variants))
    if refusal := refused_language(call, language):
        return refusal
    # The page comes first: this is its address.
    offers.sort(key=lambda each: each.media_type != "text/html")
    return _choose(call, [each for each in variants if each.language == language], [offers], vary=())


def refused_language(call: Call, language: str) -> Response | None:
    """Return 400 if `lang` asks for another language than that of the address."""
    for text in call.values.get("lang", ()):
        if find_language(text, call.site.languages) != language:
            return _refuse("lang", text, (language,))
    return None


def redirect(call: Call, path: str) -> Response:
    """Return where to ask instead: `path` is relative to the base URL; the query stays."""
    # What a query may not contain is percent-encoded; the rest is repeated as it is.
    query = quote(call.request.query, safe="%&=+,;:@/?!$'()*~-._")
    location = call.site.address(path) + (f"?{query}" if query else "")
    headers = (("Location", location), ("Content-Length", "0"), ("Cache-Control", BRIEF))
    return Response(308, (*headers, *COMMON))


def nothing(call: Call) -> Response:
    """Return 404 for an address at which there is nothing."""
    site, shown = call.site, excerpt(call.request.path, 200)
    if is_fhir(site.relative(call.request.path)):
        return problem(404, _NOTHING_OF_FHIR.filled(path=shown, all=site.address("fhir")), cache=BRIEF)
    return problem(404, _NOTHING.filled(path=shown, all=site.address(INDEX)), cache=BRIEF)


def no_topic(call: Call, topic: str) -> Response:
    """Return 410 for a topic that was withdrawn, 404 with similar ones for one that never was."""
    site = call.site
    every = site.address(INDEX)
    if graves := graves_of(site.index, topic):
        titles = {each.language: each.title for each in graves}
        day = graves[0].date.partition("T")[0]
        title = Wording(*(titles.get(each, graves[0].title) for each in LANGUAGES))
        return problem(
            410,
            _GONE.filled(topic=topic, day=day, all=every, title=title),
            cache=BRIEF,
            topic=topic,
            titles=titles,
            withdrawn=graves[0].date,
        )
    similar = _most_similar(topic, topic_ids(site.index))
    if not similar:
        return problem(404, _NO_TOPIC.filled(topic=topic, all=every), cache=BRIEF)
    detail = _SIMILAR.filled(topic=topic, similar=", ".join(similar), all=every)
    language = call.values.get("language") or ",".join(call.values.get("lang", ()))
    links = [site.address(f"{_folder(site, each, language)}/{each}") for each in similar]
    return problem(404, detail, cache=BRIEF, similar=links)


def _folder(site: Site, topic: str, language: str) -> str:
    """Return what the address of a topic begins with: a language if there is an edition in it."""
    has_edition = any(each.language == language for each in editions_of(site.index, topic))
    return language if has_edition else "topics"


def _most_similar(topic: str, known: Sequence[str]) -> list[str]:
    found = process.extract(topic, known, scorer=fuzz.ratio, limit=3, score_cutoff=_SIMILARITY)
    return [each for each, _, _ in found]


def _refuse(name: str, value: str, possible: Sequence[str]) -> Response:
    detail = _NOT_POSSIBLE.filled(name=name, value=value, possible=", ".join(possible))
    return refused(name, detail, tuple(possible))


def _offers(site: Site, variants: Sequence[Variant], language: str) -> list[_Offer]:
    return [
        _Offer(each.media_type, each.also_as, each.format, partial(_represent, site, each, variants))
        for each in variants
        if each.language == language
    ]


def _represent(site: Site, variant: Variant, variants: Sequence[Variant]) -> Representation:
    found = represent_variant(site, variant, variants)
    is_held = variant.edition.state == HELD
    if (site.release.trial or is_held) and variant.artifact and variant.media_type == HTML:
        found = _as_shown(site, variant, variant.artifact, found)
        # The notice comes and goes with releases, also while the artifact stays as it is.
        return replace(found, modified=site.time) if is_held else found
    return replace(found, location=site.address(variant.path))


def _as_shown(site: Site, variant: Variant, artifact: ArtifactRow, found: Representation) -> Representation:
    """Return the page of a topic as readers get it here.

    That of a held edition says so. The base URL of a trial is only an example: links lead to this service.
    """
    page = with_notice(site.read(artifact), site.index, variant.edition)
    if site.release.trial:
        page = relink(page, site.base_url, lambda path: f"{site.prefix}{path or '/'}")
    location = site.address(f"{artifact.language}/{artifact.topic}")
    digest = jsontext.digest(page)
    return replace(found, content=page, length=len(page), sha256=digest, location=location)


def _combined(call: Call, variants: Sequence[Variant], languages: tuple[str, ...]) -> list[_Offer]:
    """Return the documents with several languages that there can be."""
    found: dict[str, dict[str, Variant]] = {}
    for each in variants:
        if each.format and each.format.combine:
            found.setdefault(each.format.name, {})[each.language] = each
    return [
        _Offer(
            format_.offer,
            format_.also_as,
            format_,
            partial(_represent_combined, call, format_, combine, [by_language[tag] for tag in languages]),
        )
        for name, by_language in found.items()
        if by_language.keys() >= set(languages) and (combine := (format_ := call.site.formats[name]).combine)
    ]


def _represent_combined(
    call: Call,
    format_: Format,
    combine: Callable[[Sequence[Document]], Document],
    variants: Sequence[Variant],
) -> Representation:
    site, topic = call.site, call.values["topic"]
    artifacts = [each.artifact for each in variants if each.artifact]
    documents = [jsontext.load(site.read(each)) for each in artifacts]
    found = computed(
        jsontext.dump(combine(documents)),
        content_type(format_.offer),
        modified=max(each.since for each in artifacts),
        language=", ".join(each.language for each in variants),
    )
    languages = ",".join(each.language for each in variants)
    location = f"{site.address(f'topics/{topic}')}?lang={languages}&_format={format_.name}"
    licences = dict.fromkeys(each.edition.licence for each in variants if each.edition.licence)
    links = (
        *(Link(each, "license") for each in licences),
        *described_by(site, format_.combined_schema),
    )
    return replace(found, location=location, links=links)


def _choose(
    call: Call, variants: Sequence[Variant], by_language: Iterable[list[_Offer]], *, vary: tuple[str, ...]
) -> Representation | Response:
    """Return the offer that the parameters and Accept ask for, in the first language that has one."""
    offers = [_restricted(call, each) for each in by_language]
    for each in offers:
        if isinstance(each, Response):
            return each
    # Parameters come before the header; a media type among them says the same as one in the header.
    is_free = not call.values.keys() & {"_format", "fhirVersion"}
    format_ = call.values.get("_format", "")
    asked = _media_range(format_) if "/" in format_ else ""
    accept = call.request.headers.get("accept", "") if is_free else asked
    vary = ("Accept", *vary) if is_free else vary
    kept = [each for each in offers if not isinstance(each, Response)]
    for each in kept:
        by_type = _by_type(each)
        if chosen := choose_media_type(accept, tuple(by_type)):
            found = replace(by_type[chosen].represent(), vary=vary)
            # A client that accepts only application/json gets the same bytes under that name.
            return replace(found, media_type=chosen) if chosen in by_type[chosen].also_as else found
    names = dict.fromkeys(name for each in kept for name in _by_type(each))
    return problem(
        406,
        _NOT_ACCEPTABLE.filled(offers=", ".join(names)),
        cache=BRIEF,
        available=_available(call.site, variants),
    )


def _restricted(call: Call, every: list[_Offer]) -> list[_Offer] | Response:
    """Return the offers that `_format` and `fhirVersion` leave, or the refusal of one of them."""
    offers = every
    if (text := call.values.get("_format")) is not None:
        chosen = _of_format(offers, text)
        if not chosen:
            names = [each.format.name for each in offers if each.format]
            return _refuse("_format", text, [*names, *_by_type(offers)])
        offers = chosen
    if (text := call.values.get("fhirVersion")) is not None:
        possible = [each.format.fhir_version for each in offers if each.format and each.format.fhir_version]
        if not possible:
            return _refuse_version(every)
        offers = [each for each in offers if each.format and each.format.fhir_version == fhir_version(text)]
        if not offers:
            return _refuse("fhirVersion", text, possible)
    return offers


def _refuse_version(offers: Sequence[_Offer]) -> Response:
    """Return the refusal of a version for what is not FHIR."""
    names = [each.format.name for each in offers if each.format and each.format.fhir_version]
    if not names:
        return refused("fhirVersion", _NO_FHIR)
    return refused("fhirVersion", _NOT_FHIR.filled(names=", ".join(names)), tuple(names))


def _of_format(offers: Sequence[_Offer], text: str) -> list[_Offer]:
    if text == "json":
        return [each for each in offers if each.format and each.format.fhir_version]
    if "/" not in text:
        return [each for each in offers if each.format and each.format.name == text]
    by_type = _by_type(offers)
    # Several versions of FHIR have one media type.
    accepted = [name for name in by_type if choose_media_type(_media_range(text), (name,))]
    return list(dict.fromkeys(by_type[name] for name in accepted))


def _media_range(text: str) -> str:
    # A plus in a query is a space, which no media type has.
    return text.replace(" ", "+")


def _by_type(offers: Sequence[_Offer]) -> Mapping[str, _Offer]:
    """Return the offers by media type, the proper types first."""
    found: dict[str, _Offer] = {}
    for each in offers:
        found.setdefault(each.media_type, each)
    for each in offers:
        for other in each.also_as:
            found.setdefault(other, each)
    return found


def _available(site: Site, variants: Sequence[Variant]) -> list[Mapping[str, str]]:
    return [
        {"href": site.address(each.path), "type": each.media_type, "language": each.language}
        for each in variants
    ]


_PROBLEM: Final = ("application/problem+json",)
WITHDRAWN: Final = RouteAnswer("The topic was withdrawn; when, and what it was called.", _PROBLEM)
_ANSWERS: Final = {
    200: RouteAnswer("The topic.", ("application/fhir+json", "application/ld+json", "text/html")),
    404: RouteAnswer("There is no such topic, or not in this language.", _PROBLEM),
    406: RouteAnswer("No variant is acceptable; those that exist are listed.", _PROBLEM),
    410: WITHDRAWN,
    **PARTS,
}

ROUTES: Final = (
    Route(
        path="/topics/{topic}",
        operation="getTopic",
        summary="A topic in the format and language that the request asks for",
        tag="Topics",
        parameters=(TOPIC, ANSWER_LANGUAGES, FORMAT, FHIR_VERSION),
        answers=_ANSWERS,
        answer=_negotiated,
    ),
    Route(
        path="/{language}/{topic}",
        operation="getTopicInLanguage",
        summary="A topic in one language: its page, or another format that the request asks for",
        tag="Topics",
        parameters=(PATH_LANGUAGE, TOPIC, SAME_LANGUAGE, FORMAT, FHIR_VERSION),
        answers={308: RouteAnswer("The tag of the language is written in another way."), **_ANSWERS},
        is_strict=False,
        answer=_in_language,
    ),
)
