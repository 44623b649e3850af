"""What an operation is asked: parameters in the address, or a Parameters resource in the body.

http://hl7.org/fhir/R4/operations.html#request
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from healthtopics.delivery.fhir.form import Form, preferences_of
from healthtopics.delivery.fhir.query import LONGEST
from healthtopics.delivery.fhir.reading import opened
from healthtopics.delivery.message import JSON, Request, Response, Wording
from healthtopics.delivery.outcome import FHIR_JSON
from healthtopics.delivery.parameters import pairs_of, read_parameters, written
from healthtopics.delivery.route import Call, refused
from healthtopics.errors import JsonTextError
from healthtopics.jsontext import Json, JsonObject, parse
from healthtopics.problems import excerpt

PARAMETERS: Final[Json] = {
    "type": "object",
    "required": ["resourceType"],
    "properties": {
        "resourceType": {"const": "Parameters", "description": "The type of the resource."},
        "parameter": {
            "description": "The parameters, each with its name and one value: the same as in the address, "
            "and `coding` or `codeableConcept` for a code.",
            "type": "array",
            "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        },
    },
}
BODY: Final[Mapping[str, Json]] = {FHIR_JSON: PARAMETERS, JSON: PARAMETERS}
CODED: Final = {"coding": "valueCoding", "codeableConcept": "valueCodeableConcept"}
"""The parameters that only a body can have, and how they are there."""

_NOT_PARAMETERS: Final = Wording(
    en="the body is not a Parameters resource: an object with resourceType “Parameters” and a list of "
    "parameters, each with a name and one value.",
    es="el cuerpo no es un recurso Parameters: un objeto con resourceType “Parameters” y una lista de "
    "parámetros, cada uno con un nombre y un valor.",
)
_NOT_VALUE: Final = Wording(
    en="the parameter {name} has no value of the right type in the body.{more}",
    es="el parámetro {name} no tiene en el cuerpo un valor del tipo correcto.{more}",
)
_UNKNOWN: Final = Wording(
    en="the parameter {name} is not known here. Known: {known}.",
    es="el parámetro {name} no existe aquí. Existen: {known}.",
)
Found = TypeVar("Found")


class RefusedError(Exception):
    """An operation that cannot be answered as it is asked; the response says why."""

    def __init__(self, response: Response) -> None:
        """Keep the response."""
        super().__init__(response.status)
        self.response = response


def wrong(parameter: str, detail: Wording) -> RefusedError:
    """Return the refusal of a parameter; empty if it is the whole body."""
    return RefusedError(refused(parameter, detail))


@dataclass(frozen=True, slots=True)
class GivenCoding:
    """A code to look up or to validate."""

    code: str
    system: str = ""
    version: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is asked."""

    call: Call
    form: Form
    values: Mapping[str, Any]
    """Parameters by name, parsed and valid, from the address or the body."""
    codings: Mapping[str, tuple[GivenCoding, ...]] = field(default_factory=dict)
    """Those of `coding` and `codeableConcept`."""
    ignored: tuple[tuple[str, Wording], ...] = ()
    """Unknown parameters, each with what the answer says about it."""

    def text(self, name: str) -> str:
        """Return the text of a parameter; empty if it is not there."""
        return str(self.values.get(name, ""))


def wants_strict(request: Request) -> bool:
    """Return whether a client wants unknown parameters refused (FHIR, search.html#errors)."""
    return "handling=strict" in preferences_of(request)


def read_inputs(call: Call) -> Inputs:
    """Return what an operation is asked; raises RefusedError."""
    form = or_refuse(opened(call))
    route = call.route
    known = [each.name for each in route.parameters if each.where == "query"]
    coded = tuple(CODED) if "code" in known else ()
    body = read_body(call.request)
    codings = {name: tuple(_codings(name, body[name])) for name in coded if name in body}
    path_values = {each.name: call.values[each.name] for each in route.parameters if each.where == "path"}
    values = or_refuse(read_parameters(route, call.request, path_values, texts_in(body, known)))
    names = dict.fromkeys((*(name for name, _ in pairs_of(route, call.request)), *body))
    ignored = tuple(_unknown(names, (*known, *codings), (*known, *coded)))
    if ignored and wants_strict(call.request):
        raise wrong(*ignored[0])
    return Inputs(call, form, values, codings, ignored)


def _unknown(
    names: Iterable[str], used: Container[str], known: Iterable[str]
) -> Iterator[tuple[str, Wording]]:
    """Yield the names that were not used, with what to do about them; `known` are the possible ones."""
    listed = ", ".join(known)
    for name in names:
        if name not in used:
            shown = excerpt(name, 60)
            yield shown, _UNKNOWN.filled(name=shown, known=listed)


def or_refuse(found: Found | Response) -> Found:
    """Return what was found; raises RefusedError if that is an answer."""
    if isinstance(found, Response):
        raise RefusedError(found)
    return found


def read_body(request: Request) -> Mapping[str, list[JsonObject]]:
    """Return the parameters of a Parameters resource by name, each as it is; none without a body."""
    if request.method != "POST" or not request.body:
        return {}
    try:
        document = parse(request.body, "body")
    except JsonTextError:  # its details may repeat the body
        document = None
    if not isinstance(document, dict) or document.get("resourceType") != "Parameters":
        raise wrong("", _NOT_PARAMETERS)
    listed = document.get("parameter", [])
    if not isinstance(listed, list):
        raise wrong("", _NOT_PARAMETERS)
    found: dict[str, list[JsonObject]] = {}
    for each in listed:
        if not isinstance(each, dict) or not isinstance(each.get("name"), str) or not each["name"]:
            raise wrong("", _NOT_PARAMETERS)
        found.setdefault(each["name"], []).append(each)
    return found


def texts_in(body: Mapping[str, list[JsonObject]], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield names and values of some parameters of a body, as an address has them; raises RefusedError."""
    for name in names:
        for each in body.get(name, ()):
            values = [value for key, value in each.items() if key.startswith("value")]
            if len(values) != 1 or not isinstance(values[0], str | int):
                raise wrong(name, _NOT_VALUE.filled(name=name, more=""))
            yield name, written(values[0])


def _codings(name: str, given: list[JsonObject]) -> Iterator[GivenCoding]:
    """Yield the codings of a parameter, which is there once."""
    value = given[0].get(CODED[name]) if len(given) == 1 else None
    listed = value.get("coding") if isinstance(value, dict) and name == "codeableConcept" else [value]
    if not isinstance(listed, list) or not listed:
        raise _not_coded(name)
    for each in listed:
        if not isinstance(each, dict):
            raise _not_coded(name)
        members = [each.get(key, "") for key in ("code", "system", "version", "display")]
        if not members[0] or not all(isinstance(one, str) and len(one) <= LONGEST for one in members):
            raise _not_coded(name)
        yield GivenCoding(*members)


def _not_coded(name: str) -> RefusedError:
    coding = '{"system": "…", "code": "…"}'
    value = coding if name == "coding" else f'{{"coding": [{coding}]}}'
    example = f'{{"name": "{name}", "{CODED[name]}": {value}}}'
    more = Wording(f" Example: {example}", f" Ejemplo: {example}")
    return wrong(name, _NOT_VALUE.filled(name=name, more=more))
