"""CDS Hooks 2.0: cards with links to topics, beside the record of a patient.

A card says nothing about the patient: it leads to the topics for the codes and names in the request. Nothing
is fetched from the sender's FHIR server.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.delivery.lookup import words
from healthtopics.delivery.lookup.finding import FoundTopic, find_topics
from healthtopics.delivery.lookup.request import (
    LONGEST,
    MOST_CONCEPTS,
    MOST_SEARCHED,
    Concept,
    match_language,
)
from healthtopics.delivery.message import LANGUAGES, Response, Wording, problem
from healthtopics.delivery.negotiation import rank_languages
from healthtopics.delivery.representation import Representation, computed
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.delivery.site import Site
from healthtopics.errors import JsonTextError
from healthtopics.index.topics import editions_of
from healthtopics.jsontext import Document, JsonObject

_MOST_CARDS: Final = 10
"""Clinicians stop reading long lists of cards."""
_LONGEST_SUMMARY: Final = 139
"""In characters: a summary has fewer than 140 (CDS Hooks 2.0, Card Attributes)."""


@dataclass(frozen=True, slots=True)
class HookService:
    """A row of the discovery document."""

    name: str
    hook: str
    title: Wording
    description: Wording
    prefetch: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""
    """The prefetch without which there is nothing to look up."""


_PATIENT: Final = {"patient": "Patient/{{context.patientId}}"}
SERVICES: Final = (
    HookService(
        name="topics-for-problems",
        hook="patient-view",
        title=Wording(
            en="Health topics for the patient's problems", es="Temas de salud para los problemas del paciente"
        ),
        description=Wording(
            en="Links to texts in plain language on the active problems of the patient.",
            es="Enlaces a textos en lenguaje sencillo sobre los problemas activos del paciente.",
        ),
        prefetch=_PATIENT
        | {
            "conditions": "Condition?patient={{context.patientId}}"
            "&category=problem-list-item&clinical-status=active"
        },
        needs="conditions",
    ),
    HookService(
        name="topics-for-new-problem",
        hook="problem-list-item-create",
        title=Wording(en="Health topics for a new problem", es="Temas de salud para un problema nuevo"),
        description=Wording(
            en="Links to texts in plain language on a problem that is added.",
            es="Enlaces a textos en lenguaje sencillo sobre un problema que se agrega.",
        ),
        prefetch=_PATIENT,
    ),
    HookService(
        name="topics-for-orders",
        hook="order-select",
        title=Wording(en="Health topics for orders", es="Temas de salud para las órdenes médicas"),
        description=Wording(
            en="Links to texts in plain language on the selected tests, procedures and medicines.",
            es="Enlaces a textos en lenguaje sencillo sobre las pruebas, los procedimientos y los "
            "medicamentos seleccionados.",
        ),
        prefetch=_PATIENT,
    ),
)
"""The prefetched patient is only read for the language that the patient speaks."""

_NO_SERVICE: Final = Wording(
    en="there is no service {service}. Services: {services}.",
    es="no existe el servicio {service}. Servicios: {services}.",
)
_NOT_JSON: Final = Wording(
    en="the body must be a JSON object, as CDS Hooks describes it.",
    es="el cuerpo debe ser un objeto JSON como el que describe CDS Hooks.",
)
_NOT_A_STRING: Final = Wording(
    en="{member} is missing or is not a string.", es="{member} falta o no es una cadena de texto."
)
_NOT_AN_OBJECT: Final = Wording(
    en="{member} is missing or is not an object.", es="{member} falta o no es un objeto."
)
_MEMBERS: Final = (
    ("hook", str, _NOT_A_STRING),
    ("hookInstance", str, _NOT_A_STRING),
    ("context", dict, _NOT_AN_OBJECT),
    ("prefetch", dict, _NOT_AN_OBJECT),
)
_WRONG_HOOK: Final = Wording(
    en="this service answers the hook {hook} only.", es="este servicio solo responde al hook {hook}."
)
_NO_PREFETCH: Final = Wording(
    en="prefetch.{name} is missing. Nothing is fetched from FHIR servers: send what the template says.",
    es="falta prefetch.{name}. No se consultan servidores FHIR: envíe lo que indica la plantilla.",
)


def _discover(call: Call) -> Representation:
    language = rank_languages(call.request.headers.get("accept-language", ""), LANGUAGES)[0]
    rows = [
        {
            "id": each.name,
            "hook": each.hook,
            "title": each.title.into(language),
            "description": each.description.into(language),
            "prefetch": dict(each.prefetch),
        }
        for each in SERVICES
    ]
    found = computed(jsontext.dump({"services": rows}), "application/json", language=language)
    return replace(found, vary=("Accept-Language",))


def _answer(call: Call) -> Response | Representation:
    service = next((each for each in SERVICES if each.name == call.values["service"]), None)
    if service is None:
        services = ", ".join(each.name for each in SERVICES)
        return problem(404, _NO_SERVICE.filled(service=call.values["service"][:60], services=services))
    document = _read(call, service)
    if isinstance(document, Response):
        return document
    language = rank_languages(call.request.headers.get("accept-language", ""), tuple(call.site.languages))[0]
    content = jsontext.dump({"cards": _cards(call.site, document, language)})
    return computed(content, "application/json", language=language, cache="no-store")


def _read(call: Call, service: HookService) -> JsonObject | Response:
    """Return the request's document, with what the service needs; otherwise what to answer."""
    try:
        document = jsontext.parse(call.request.body, "body")
    except JsonTextError:  # its details may repeat the body
        return problem(400, _NOT_JSON)
    if not isinstance(document, dict):
        return problem(400, _NOT_JSON)
    document = {"prefetch": {}, **document}
    for member, kind, fault in _MEMBERS:
        if not isinstance(document.get(member), kind):
            return problem(400, fault.filled(member=member), parameter=member)
    if document["hook"] != service.hook:
        return problem(400, _WRONG_HOOK.filled(hook=service.hook), parameter="hook")
    if service.needs and service.needs not in document["prefetch"]:
        return problem(412, _NO_PREFETCH.filled(name=service.needs), parameter="prefetch")
    return document


def _cards(site: Site, document: Document, language: str) -> list[JsonObject]:
    resources = list(_resources(document))
    spoken = _spoken(resources, site.languages)
    found: dict[str, FoundTopic] = {}
    for concepts in _concepts(resources):
        topics = find_topics(site, concepts, language)
        exact = [each for each in topics if each.is_exact]
        for each in exact or topics:  # the codings of one concept mean the same
            if not each.is_related:  # a card interrupts, and nobody asked for it
                found[each.topic] = found[each.topic].joined(each) if each.topic in found else each
    cards = (_card(site, each, language, spoken) for each in found.values())
    return [card for card in cards if card][:_MOST_CARDS]


def _card(site: Site, found: FoundTopic, language: str, spoken: str) -> JsonObject:
    """Return the card for a topic; empty if it has no edition in the language, as in feeds."""
    editions = {each.language: each for each in editions_of(site.index, found.topic)}
    shown = editions.get(language)
    if shown is None:
        return {}
    summary = words.CARD.filled(title=shown.title).into(language)
    note = f"{found.note.into(language)}\n\n" if found.note else ""
    first = sorted(editions.values(), key=lambda each: (each.language != spoken, each.language != language))
    return {
        "summary": summary if len(summary) <= _LONGEST_SUMMARY else f"{summary[: _LONGEST_SUMMARY - 1]}…",
        "detail": f"{note}{shown.description}",
        "indicator": "info",
        "source": {"label": site.host, "url": f"{site.base_url}/"},
        "links": [
            {
                "label": f"{each.title} ({words.LANGUAGES.get(each.language, each.language)})",
                "url": each.page,
                "type": "absolute",
            }
            for each in first
        ],
    }


def _resources(document: Document) -> Iterator[JsonObject]:
    """Yield the FHIR resources of a request with what they contain; of orders, only the selected ones."""
    context = document["context"]
    selected = context.get("selections")
    for value in (*document["prefetch"].values(), *context.values()):
        for resource in _unpacked(value):
            reference = f"{resource['resourceType']}/{resource.get('id')}"
            if (
                isinstance(selected, list)
                and value is context.get("draftOrders")
                and reference not in selected
            ):
                continue
            yield resource
            yield from (each for part in _list(resource.get("contained")) for each in _unpacked(part))


def _unpacked(value: Any) -> Iterator[JsonObject]:  # noqa: ANN401 - a JSON value
    """Yield a resource, or those in a bundle."""
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        return
    if value["resourceType"] == "Bundle":
        yield from (each for entry in _list(value.get("entry")) for each in _unpacked(entry.get("resource")))
    else:
        yield value


_NOT_TRUE: Final = frozenset(("refuted", "entered-in-error"))
_OVER: Final = frozenset(("inactive", "remission", "resolved"))


def _concepts(resources: Iterable[JsonObject]) -> Iterator[list[Concept]]:
    """Yield the codings of what is present and meant, by concept, up to a number of codings.

    Concepts without any are given by their texts, up to a number of these.
    """
    codes = texts = 0
    for resource in filter(_is_meant, resources):
        # The element with the concept is named differently in R4 and R5, and of medicines in both.
        for name in ("code", "medicationCodeableConcept", "medication"):
            value = resource.get(name)
            if isinstance(value, dict) and isinstance(value.get("concept"), dict):
                value = value["concept"]
            found = [
                Concept(each["code"], each["system"])
                for each in _codings(value)
                if _is_short(each.get("code")) and _is_short(each.get("system"))
            ]
            codes += len(found)
            if codes > MOST_CONCEPTS:
                return
            if found:
                yield found
            elif isinstance(value, dict) and _is_short(value.get("text")) and texts < MOST_SEARCHED:
                texts += 1
                yield [Concept(name=value["text"])]


def _is_meant(resource: JsonObject) -> bool:
    """Return whether what a resource is about is true of the patient, and present."""
    return not (
        resource.get("status") == "entered-in-error"
        or _NOT_TRUE.intersection(_codes(resource.get("verificationStatus")))
        or _OVER.intersection(_codes(resource.get("clinicalStatus")))
    )


def _spoken(resources: Iterable[JsonObject], languages: Iterable[str]) -> str:
    """Return the language of the release that the patient prefers, or else speaks; empty if not known."""
    known = tuple(languages)
    spoken = [
        (communication.get("preferred") is not True, number, language)
        for resource in resources
        if resource["resourceType"] == "Patient"
        for number, communication in enumerate(_list(resource.get("communication")))
        for code in _codes(communication.get("language"))
        if (language := match_language(code, known))
    ]
    return min(spoken)[2] if spoken else ""


def _codes(concept: Any) -> list[str]:  # noqa: ANN401 - a JSON value
    return [each["code"] for each in _codings(concept) if isinstance(each.get("code"), str)]


def _codings(concept: Any) -> list[JsonObject]:  # noqa: ANN401 - a JSON value
    return _list(concept.get("coding")) if isinstance(concept, dict) else []


def _list(value: Any) -> list[JsonObject]:  # noqa: ANN401 - a JSON value
    """Return the objects of an array; empty for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _is_short(value: Any) -> bool:  # noqa: ANN401 - a JSON value
    return isinstance(value, str) and 0 < len(value) <= LONGEST


_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_TEXT: Final = {"type": "string"}
_DISCOVERY: Final = {
    "type": "object",
    "required": ["services"],
    "properties": {
        "services": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "hook", "title", "description", "prefetch"],
                "properties": {
                    **dict.fromkeys(("id", "hook", "title", "description"), _TEXT),
                    "prefetch": {"type": "object", "additionalProperties": _TEXT},
                },
                "additionalProperties": False,
            },
        }
    },
}
_REQUEST: Final = {
    "type": "object",
    "required": ["hook", "hookInstance", "context"],
    "properties": {
        "hook": _TEXT | {"description": "The hook of the service."},
        "hookInstance": _TEXT | {"description": "A UUID for this call of the hook."},
        "context": {
            "type": "object",
            "description": "What the hook is about; new problems and orders are read.",
        },
        "prefetch": {"type": "object", "description": "FHIR resources, as the templates of the service say."},
    },
}
_CARDS: Final = {
    "type": "object",
    "required": ["cards"],
    "properties": {
        "cards": {
            "type": "array",
            "maxItems": _MOST_CARDS,
            "items": {
                "type": "object",
                "required": ["summary", "detail", "indicator", "source", "links"],
                "properties": {
                    "summary": _TEXT | {"maxLength": _LONGEST_SUMMARY},
                    "detail": _TEXT,
                    "indicator": {"const": "info"},
                    "source": {
                        "type": "object",
                        "required": ["label", "url"],
                        "properties": {"label": _TEXT, "url": _TEXT | {"format": "uri"}},
                        "additionalProperties": False,
                    },
                    "links": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["label", "url", "type"],
                            "properties": {
                                "label": _TEXT,
                                "url": _TEXT | {"format": "uri"},
                                "type": {"const": "absolute"},
                            },
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
            },
        }
    },
}

ROUTES: Final = (
    Route(
        path="/cds-services",
        operation="listCdsServices",
        summary="The services for CDS Hooks",
        tag="CDS Hooks",
        answers={200: RouteAnswer("The discovery document.", (_JSON,), _DISCOVERY)},
        answer=_discover,
    ),
    Route(
        path="/cds-services/{service}",
        operation="callCdsService",
        summary="Cards with links to topics for the codes in a patient's record",
        tag="CDS Hooks",
        parameters=(
            Parameter(
                "service",
                "The id of a service.",
                {"type": "string"},
                where="path",
                is_required=True,
                example=SERVICES[0].name,
            ),
        ),
        methods=("POST",),
        body={_JSON: _REQUEST},
        answers={
            200: RouteAnswer("The cards; none if there is no topic.", (_JSON,), _CARDS),
            404: RouteAnswer("There is no such service.", (_PROBLEM,)),
            412: RouteAnswer("The prefetch that the service needs is missing.", (_PROBLEM,)),
        },
        is_private=True,
        answer=_answer,
    ),
)
