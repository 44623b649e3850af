"""In which form a client wants an answer: FHIR's general parameters, `Accept` and `Prefer`.

http://hl7.org/fhir/R4/http.html#parameters, http://hl7.org/fhir/R4/search.html#summary
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from healthtopics import jsontext
from healthtopics.delivery.fhir.side import Side
from healthtopics.delivery.message import JSON, Request, Response, Wording, problem
from healthtopics.delivery.negotiation import choose_media_type
from healthtopics.delivery.outcome import FHIR_JSON, VERSIONS
from healthtopics.delivery.representation import BRIEF, Representation, computed, private_cache
from healthtopics.delivery.route import Call, Parameter
from healthtopics.delivery.variants import content_type
from healthtopics.jsontext import Json, JsonObject

FORMAT: Final = Parameter(
    "_format",
    "The form of the answer, instead of Accept. There is only JSON: `json`, `application/fhir+json`.",
    {"type": "string", "maxLength": 100},
    example="json",
)
PRETTY: Final = Parameter(
    "_pretty", "Whether the JSON is indented.", {"type": "boolean", "default": False}, example=True
)
LANGUAGE: Final = Parameter(
    "lang",
    "The language of error messages, instead of Accept-Language.",
    {"type": "string", "maxLength": 35, "pattern": "^[A-Za-z0-9-]+$"},
    example="es",
)
SUMMARY: Final = Parameter(
    "_summary",
    "How much of each resource is wanted: `true` for what FHIR marks as its summary, `text` for the "
    "narrative, `data` for everything else, `count` for the number of results only.",
    {"type": "string", "enum": ["true", "text", "data", "count", "false"]},
    example="true",
)
ELEMENTS: Final = Parameter(
    "_elements",
    "The elements that are wanted, besides those that a resource must have: `title,date`.",
    {"type": "string", "pattern": "^[A-Za-z]{1,60}(,[A-Za-z]{1,60}){0,49}$"},
    example="title,date",
)
GENERAL: Final = (FORMAT, PRETTY, LANGUAGE)
SHAPING: Final = (*GENERAL, SUMMARY, ELEMENTS)

_JSON_NAMES: Final = ("json", JSON, FHIR_JSON, "text/json")
_ALWAYS: Final = ("resourceType", "id", "meta", "implicitRules", "language")
_MANDATORY: Final[Mapping[str, tuple[str, ...]]] = {
    "Composition": ("status", "type", "date", "author", "title"),
    "DocumentReference": ("status", "content"),
    "Bundle": ("type",),
    "Organization": ("name", "identifier"),
    "List": ("status", "mode"),
    "CodeSystem": ("status", "content"),
    "ValueSet": ("status",),
}
"""What a resource must have (1..1 or 1..* in its definition, or by an invariant)."""
_SUMMARIES: Final[Mapping[str, tuple[str, ...]]] = {
    "Composition": (
        *(
            "url",
            "identifier",
            "version",
            "status",
            "type",
            "category",
            "useContext",
            "date",
            "author",
            "name",
        ),
        *("title", "custodian", "relatesTo", "event"),
    ),
    "DocumentReference": (
        *("identifier", "version", "status", "type", "category", "event", "date", "author", "custodian"),
        *("relatesTo", "description", "content"),
    ),
    "Bundle": ("identifier", "type", "timestamp", "total"),
    "Organization": ("identifier", "active", "type", "name", "partOf"),
    "List": ("identifier", "status", "mode", "title", "code", "date", "source"),
    "CodeSystem": (
        *("url", "identifier", "version", "name", "title", "status", "experimental", "date", "publisher"),
        *("useContext", "caseSensitive", "valueSet", "hierarchyMeaning", "content", "count", "property"),
    ),
    "ValueSet": (
        *("url", "identifier", "version", "name", "title", "status", "experimental", "date", "publisher"),
        *("useContext", "immutable"),
    ),
}
"""The elements that the definitions of R4 and R5 mark as part of the summary, of those that we export."""
_SUBSETTED: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}

_ONLY_JSON: Final = Wording(
    en="this server answers in JSON only, not in {asked}: the resources are published as JSON, and a "
    "conversion would not be what was validated. Ask for {possible}.",
    es="este servidor solo responde en JSON, no en {asked}: los recursos se publican como JSON, y una "
    "conversión no sería lo que se validó. Pida {possible}.",
)

_OTHER_VERSION: Final = Wording(
    en="this server answers in FHIR {here}. The one for FHIR {other} is at {address}.",
    es="este servidor responde en FHIR {here}. El de FHIR {other} está en {address}.",
)


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is written."""

    side: Side
    is_pretty: bool
    summary: str
    elements: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether resources come as they are."""
        return not self.elements and self.summary in ("", "false", "count")

    def shape(self, resource: JsonObject) -> JsonObject:
        """Return a resource with the elements that are wanted, marked if some are missing."""
        return resource if self.is_whole else subset(resource, self.summary, self.elements)

    def write(self, document: Json) -> bytes:
        """Return the bytes of a document that is made for this request; it may hold `orjson.Fragment`s."""
        return jsontext.dump(document) if self.is_pretty else orjson.dumps(document)

    def write_resource(self, data: bytes) -> bytes:
        """Return the bytes of a resource in this form."""
        return data if self.is_whole and not self.is_pretty else self.write(self.shape(jsontext.load(data)))

    def embed(self, data: bytes) -> Any:  # noqa: ANN401 - a fragment, or JSON
        """Return a resource as a part of a document."""
        if self.is_whole and not self.is_pretty:
            return orjson.Fragment(data)
        return self.shape(jsontext.load(data))

    def answer(self, document: Json, **more: Any) -> Representation:  # noqa: ANN401 - members of a `Representation`
        """Return a document as the answer."""
        return self.answer_bytes(self.write(document), **more)

    def answer_asked(self, document: Json, method: str, **more: Any) -> Representation:  # noqa: ANN401 - members of a `Representation`
        """Return a document as the answer to a search or an operation, which may concern a patient."""
        vary = ("Accept", "Accept-Language", "Prefer")
        return self.answer(document, cache=private_cache(method), vary=vary, **more)

    def answer_bytes(self, data: bytes, **more: Any) -> Representation:  # noqa: ANN401 - members of a `Representation`
        """Return bytes as the answer."""
        return replace(computed(data, content_type(self.side.format.offer)), **more)


def preferences_of(request: Request) -> frozenset[str]:
    """Return what a client prefers, in lower case (RFC 7240): `respond-async`, `handling=strict`."""
    given = re.sub(r"[\s\"]", "", request.headers.get("prefer", "").lower())
    return frozenset(re.split("[,;]", given))


def form_of(call: Call, side: Side) -> Form | Response:
    """Return the form that a call asks for; 406 if it is not JSON, or another version of FHIR."""
    accept = _accepted(call)
    if accept is None or choose_media_type(accept, (_offer(side.number), JSON, "text/json")) is None:
        return _not_acceptable(call, side, accept)
    return Form(
        side,
        call.values.get(PRETTY.name, False),
        call.values.get(SUMMARY.name, ""),
        tuple(filter(None, call.values.get(ELEMENTS.name, "").split(","))),
    )


def _offer(number: str) -> str:
    return f"{FHIR_JSON};fhirVersion={number}"


def _accepted(call: Call) -> str | None:
    """Return what the client accepts, as in the header Accept; None if `_format` is not a form of JSON."""
    asked = call.values.get(FORMAT.name, "")
    if not asked:
        return call.request.headers.get("accept", "")
    name, mark, parameters = asked.partition(";")
    # A plus that is not percent-encoded is a space (`_format=application/fhir+json`).
    plain = name.strip().lower().replace(" ", "+")
    return f"{JSON if plain == 'json' else plain}{mark}{parameters}" if plain in _JSON_NAMES else None


def _not_acceptable(call: Call, side: Side, accept: str | None) -> Response:
    for name, version in VERSIONS.items():
        number = version.rpartition(".")[0]
        if accept and choose_media_type(accept, (_offer(number),)):
            address = f"{side.site.base_url}/fhir/{name}"
            detail = _OTHER_VERSION.filled(here=side.number, other=number, address=address)
            return problem(406, detail, cache=BRIEF)
    asked = accept or call.values[FORMAT.name]
    shown = re.sub(r"[^!-~ ]", "?", asked[:60])
    possible = f"{FHIR_JSON}; fhirVersion={side.number}"
    return problem(406, _ONLY_JSON.filled(asked=shown, possible=possible), cache=BRIEF)


def subset(resource: JsonObject, summary: str, elements: Iterable[str]) -> JsonObject:
    """Return a part of a resource, with the tag that says so."""
    type_ = resource["resourceType"]
    kept = _kept(type_, summary, tuple(elements))
    found = {name: value for name, value in resource.items() if kept(name.removeprefix("_"))}
    meta = found.get("meta", {})
    return {**found, "meta": {**meta, "tag": [*meta.get("tag", ()), _SUBSETTED]}}


def _kept(type_: str, summary: str, elements: tuple[str, ...]) -> Callable[[str], bool]:
    always = {*_ALWAYS, *_MANDATORY.get(type_, ())}
    if elements:
        return {*always, *elements}.__contains__
    if summary == "data":
        return lambda name: name != "text"
    if summary == "text":
        return {*always, "text"}.__contains__
    return {*always, *_SUMMARIES.get(type_, ())}.__contains__
