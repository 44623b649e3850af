"""The parameters of a request: texts in, valid values out, or an error that names the parameter."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final
from urllib.parse import unquote_plus

import jsonschema_rs

from healthtopics.delivery.message import FORM, Request, Response, Wording
from healthtopics.delivery.negotiation import choose_media_type
from healthtopics.delivery.pages import HTML
from healthtopics.delivery.route import Parameter, Route, refused
from healthtopics.errors import JsonTextError
from healthtopics.jsontext import Json, canonical, load, parse
from healthtopics.problems import excerpt

_BROKEN: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_NUMBER_TEXT: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_UNKNOWN: Final = Wording(
    en="the parameter {name} is not known here. {possible}",
    es="el parámetro {name} no existe aquí. {possible}",
)
_KNOWN: Final = Wording(en="Possible are: {names}.", es="Los posibles son: {names}.")
_NONE_KNOWN: Final = Wording(en="There are no parameters.", es="Aquí no hay parámetros.")
_MISSING: Final = Wording(
    en="the parameter {name} is missing. {possible}", es="falta el parámetro {name}. {possible}"
)
REPEATED: Final = Wording(
    en="the parameter {name} comes more than once; give it once.",
    es="el parámetro {name} aparece más de una vez; indíquelo una sola vez.",
)
_TOO_MANY: Final = Wording(
    en="the request has more than {most} parameters.", es="la solicitud tiene más de {most} parámetros."
)
_NO_OBJECT: Final = Wording(
    en="the body is not a JSON object of texts, numbers and true or false. Example: {example}.",
    es="el cuerpo no es un objeto JSON con textos, números y true o false. Ejemplo: {example}.",
)
_NOT_TEXT: Final = Wording(
    en="the parameters are not percent-encoded UTF-8.",
    es="los parámetros no están codificados como UTF-8 con porcentajes.",
)
_WRONG: Final = Wording(
    en="{value} is not a valid value of the parameter {name}. {possible}",
    es="{value} no es un valor válido del parámetro {name}. {possible}",
)
_ONE_OF: Final = Wording(en="Possible values: {values}.", es="Valores posibles: {values}.")
_NUMBER: Final = Wording(
    en="It must be a whole number from {least} to {most}.",
    es="Debe ser un número entero de {least} a {most}.",
)
_NUMBER_FROM: Final = Wording(
    en="It must be a whole number, {least} or more.", es="Debe ser un número entero, {least} o más."
)
_TOO_LONG: Final = Wording(
    en="It has {length} characters; at most {most} are possible.",
    es="Tiene {length} caracteres; se permiten {most} como máximo.",
)
_EXAMPLE: Final = Wording(en="Example: {example}.", es="Ejemplo: {example}.")


@dataclass(frozen=True)
class _RefusedError(Exception):
    """What is wrong with a parameter; empty, if it is all of them."""

    parameter: str
    detail: Wording
    possible: tuple[Json, ...] = ()


def read_parameters(
    route: Route, request: Request, path_values: Mapping[str, str], more: Iterable[tuple[str, str]] = ()
) -> Mapping[str, Any] | Response:
    """Return the values of a route's parameters by name, or a problem with status 400.

    `more` are names and texts that the route itself has found in the body.
    """
    try:
        given = _given(route, request, more)
        found = ((each, _value(each, _texts(each, given, request, path_values))) for each in route.parameters)
        return {parameter.name: value for parameter, value in found if value is not None}
    except _RefusedError as error:
        return refused(error.parameter, error.detail, error.possible)


def _given(route: Route, request: Request, more: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Return the texts of the query and of the body, by name."""
    given: dict[str, list[str]] = {}
    try:
        for count, (name, text) in enumerate(chain(pairs_of(route, request), more)):
            if count >= route.most_parameters:
                raise _RefusedError("", _TOO_MANY.filled(most=route.most_parameters))
            given.setdefault(name, []).append(text)
    except UnicodeDecodeError:
        raise _RefusedError("", _NOT_TEXT) from None
    if not given:
        return given
    known = [each.name for each in route.parameters if each.where == "query"]
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None and _is_strict(route, request):
        listed = _KNOWN.filled(names=", ".join(known)) if known else _NONE_KNOWN
        shown = excerpt(unknown, 60)
        raise _RefusedError(shown, _with(_UNKNOWN, listed, name=shown), tuple(known))
    return given


def _is_strict(route: Route, request: Request) -> bool:
    """Return whether unknown parameters are refused. Links to pages carry those of newsletters."""
    offers = route.answers[200].media_types if 200 in route.answers else ()
    is_page = HTML in offers and choose_media_type(request.headers.get("accept", ""), offers) == HTML
    return route.is_strict and not is_page


def _value(parameter: Parameter, texts: Sequence[str]) -> Json:
    """Return the value of a parameter; None if it is absent."""
    name = parameter.name
    if not texts:
        if parameter.is_required:
            detail = _with(_MISSING, _possible(parameter), name=name)
            raise _RefusedError(name, detail, _listed(parameter))
        return parameter.schema.get("default")
    if len(texts) > 1 and not parameter.repeats:
        raise _RefusedError(name, REPEATED.filled(name=name))
    is_valid = _validator(canonical(parameter.schema)).is_valid
    values: list[Json] = []
    for text in texts:
        value = _typed(parameter.schema, text)
        if not is_valid(value):
            shown = f"“{excerpt(text, 60)}”"
            detail = _with(_WRONG, _possible(parameter, text), name=name, value=shown)
            raise _RefusedError(name, detail, _listed(parameter))
        values.append(tuple(value) if isinstance(value, list) else value)
    return tuple(values) if parameter.repeats else values[0]


def _with(text: Wording, possible: Wording, **values: object) -> Wording:
    filled = text.filled(possible=possible, **values)
    return Wording(filled.en.rstrip(), filled.es.rstrip())


def pairs_of(route: Route, request: Request) -> Iterator[tuple[str, str]]:
    """Yield names and values of the query, and of a body that holds parameters; raises UnicodeDecodeError."""
    texts = [request.query]
    holds_parameters = request.method == "POST" and route.body.get(request.media_type) == {}
    if holds_parameters and request.media_type == FORM:
        texts.append(request.body.decode("ascii"))
    elif holds_parameters:
        yield from _members_of(route, request.body)
    for text in texts:
        if _BROKEN.search(text):
            raise _RefusedError("", _NOT_TEXT)
        for pair in text.split("&"):
            if pair:
                name, _, value = pair.partition("=")
                yield unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")


def _members_of(route: Route, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the members of a JSON object as texts."""
    try:
        members = parse(body, "body")
    except JsonTextError:  # its details may repeat the body
        members = None
    is_object = isinstance(members, dict)
    wrong = [name for name, value in members.items() if not isinstance(value, str | int)] if is_object else []
    if wrong or not is_object:
        example = {each.name: each.example for each in route.parameters if each.is_required}
        raise _RefusedError(
            excerpt(wrong[0], 60) if wrong else "", _NO_OBJECT.filled(example=canonical(example).decode())
        )
    for name, value in members.items():
        yield name, written(value)


def _texts(
    parameter: Parameter, given: Mapping[str, list[str]], request: Request, path_values: Mapping[str, str]
) -> list[str]:
    if parameter.where == "query":
        return given.get(parameter.name, [])
    if parameter.where == "path":
        return [path_values[parameter.name]]
    value = request.headers.get(parameter.name.lower())
    return [] if value is None else [value]


def _typed(schema: Json, text: str) -> Json:
    """Return the JSON value of a text; the text itself if it is not one of the type."""
    match schema.get("type"):
        case "array":
            return [_typed(schema.get("items", {}), each) for each in text.split(",")]
        case "integer" if _NUMBER_TEXT.fullmatch(text) and "." not in text:
            return int(text)
        case "number" if _NUMBER_TEXT.fullmatch(text):
            return float(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
    return text


@cache
def _validator(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(load(schema), validate_formats=True, offline=True)


def _listed(parameter: Parameter) -> tuple[Json, ...]:
    schema = parameter.schema
    found = schema.get("items", schema).get("enum", ())
    return tuple(found) or ((True, False) if schema.get("type") == "boolean" else ())


def _possible(parameter: Parameter, text: str = "") -> Wording:
    """Return a sentence about the values that a parameter may have instead of a text.

    It is empty if the schema does not say.
    """
    schema = parameter.schema
    if len(text) > (most := schema.get("maxLength", len(text))):
        return _TOO_LONG.filled(length=len(text), most=most)
    if listed := _listed(parameter):
        return _ONE_OF.filled(values=", ".join(map(written, listed)))
    if schema.get("type") == "integer" and "minimum" in schema:
        if "maximum" in schema:
            return _NUMBER.filled(least=schema["minimum"], most=schema["maximum"])
        return _NUMBER_FROM.filled(least=schema["minimum"])
    return (
        Wording("", "") if parameter.example is None else _EXAMPLE.filled(example=written(parameter.example))
    )


def written(value: Json) -> str:
    """Return a value as the text of a parameter, which is read as the same value again."""
    if isinstance(value, list | tuple):
        return ",".join(map(written, value))
    return value if isinstance(value, str) else canonical(value).decode()
