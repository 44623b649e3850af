"""The OpenAPI 3.1 document of the service: its routes, as their rows describe them.

https://spec.openapis.org/oas/v3.1.1. The texts are in one of the languages of the documentation.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

from healthtopics.delivery.documentation.example import Example
from healthtopics.delivery.documentation.examples import examples_for
from healthtopics.delivery.documentation.facts import Facts
from healthtopics.delivery.documentation.wording import Say
from healthtopics.delivery.message import FORM, ProblemDetails, Wording
from healthtopics.delivery.outcome import FHIR_JSON, is_fhir
from healthtopics.delivery.pages import HTML
from healthtopics.delivery.problem_details import PROBLEM, describe_problem
from healthtopics.delivery.route import Parameter, RouteAnswer, RouteDescription
from healthtopics.jsontext import Json
from healthtopics.schema import DATA, packaged

_SCHEMA: Final = ".schema.json"

TAGS: Final = {
    "Topics": "One topic, by its id.",
    "Lists": "Several topics: by filters, by words, and by what changed.",
    "Pages": "Pages for people.",
    "Look-up by code": "Topics for the codes of a patient record.",
    "CDS Hooks": "Topics for the codes of a patient record, as cards.",
    "FHIR": "FHIR resources by their addresses.",
    "Releases": "Files, manifests and the store of releases, for copies.",
    "Documentation": "This documentation, for people and programs.",
    "Status": "Whether the service works.",
}
"""What the routes are about, in the order of the documentation."""

_EVERYWHERE: Final = {
    304: RouteAnswer("Nothing has changed since the answer whose ETag or date the request names."),
    400: RouteAnswer("A parameter is missing, unknown or not valid; `parameter` says which.", (PROBLEM,)),
    401: RouteAnswer("The service needs an API key, or does not know this one.", (PROBLEM,)),
    404: RouteAnswer("There is nothing at this address.", (PROBLEM,)),
    405: RouteAnswer("The address does not answer this method. `Allow` lists its methods.", (PROBLEM,)),
    408: RouteAnswer("The request took too long to arrive.", (PROBLEM,)),
    412: RouteAnswer("A condition of the request, such as `If-Match`, is not met.", (PROBLEM,)),
    413: RouteAnswer("The body is too large.", (PROBLEM,)),
    414: RouteAnswer(
        "The address is too long. Send the parameters with POST if that is possible.", (PROBLEM,)
    ),
    415: RouteAnswer("The body has another media type.", (PROBLEM,)),
    429: RouteAnswer("Too many requests; `Retry-After` says when there may be more.", (PROBLEM,)),
    431: RouteAnswer("The headers are too large.", (PROBLEM,)),
    500: RouteAnswer("A file of the release is damaged. It is not served.", (PROBLEM,)),
    503: RouteAnswer("There is no release yet, or it cannot be read now. Try again later.", (PROBLEM,)),
}
"""What every route may answer: 304 and 412 to GET only, 415 to POST, 404 if its path has parameters."""
_NAMES_OF: Final = {status: HTTPStatus(status).phrase.title().replace(" ", "") for status in _EVERYWHERE}
"""The names of those components."""

_HEADERS: Final = {
    "ETag": "Stands for exactly these bytes: send it as If-None-Match to ask for changes.",
    "Last-Modified": "Since when these bytes are at this address.",
    "Cache-Control": "How long the answer may be kept.",
    "Content-Language": "The language of the answer.",
    "Content-Location": "The address of exactly this representation.",
    "Vary": "The fields of the request that the answer depends on.",
    "Link": "Related addresses: other formats and languages (`alternate`), and this documentation.",
    "Allow": "The methods that are possible.",
    "Accept-Post": "The media types that a body may have.",
    "Content-Range": "Which bytes of how many the answer has; of how many, if it has none.",
    "Location": "The address to use instead.",
    "Retry-After": "After how many seconds to try again.",
    "WWW-Authenticate": "How to send an API key.",
    "RateLimit-Policy": "How many requests there may be (`q`) in how many seconds (`w`), if that is limited.",
    "RateLimit": "How many requests are left (`r`), and after how many seconds there are more (`t`).",
}
_HEADERS_OF: Final[Mapping[int, Sequence[str]]] = {
    200: (
        "ETag",
        "Last-Modified",
        "Cache-Control",
        "Content-Language",
        "Content-Location",
        "Vary",
        "Link",
        "RateLimit-Policy",
        "RateLimit",
    ),
    304: ("ETag", "Cache-Control", "Content-Location", "Vary"),
    301: ("Location",),
    308: ("Location",),
    405: ("Allow", "Content-Language"),
    206: ("ETag", "Content-Range", "Cache-Control"),
    416: ("Content-Range", "Content-Language"),
    415: ("Accept-Post", "Content-Language"),
    401: ("WWW-Authenticate", "Content-Language"),
    429: ("Retry-After", "Content-Language", "RateLimit-Policy", "RateLimit"),
    503: ("Retry-After", "Content-Language"),
}

_PROBLEM_SCHEMA: Final[Json] = {
    "title": "Problem details",
    "description": "An error, in the form of RFC 9457. Other members may say more.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "`about:blank`: the status says what kind of error it is."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "description": "The status of the answer."},
        "detail": {
            "type": "string",
            "description": "What is wrong and what is possible, for people, in the language of the request.",
        },
        "parameter": {"type": "string", "description": "The parameter that is wrong."},
        "possible": {"type": "array", "description": "The values that the parameter may have."},
    },
}
_OUTCOME_SCHEMA: Final[Json] = {
    "title": "OperationOutcome",
    "description": "An error at an address of FHIR, as a FHIR resource.",
    "type": "object",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "language": {"type": "string", "description": "The language that the request asks for."},
        "issue": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["severity", "code", "details"],
                "properties": {
                    "severity": {"type": "string"},
                    "code": {"type": "string"},
                    "details": {"type": "object", "description": "What is wrong, for people, in `text`."},
                    "expression": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}
_KEY: Final = "An API key. It is needed only if the operator of the service says so."
_WRONG: Final = Wording(
    en="the parameter speed is not known here. There are no parameters.",
    es="el parámetro speed no existe aquí. Aquí no hay parámetros.",
)


def describe(
    routes: Sequence[RouteDescription],
    facts: Facts,
    language: str,
    say: Say,
    *,
    elsewhere: Sequence[RouteDescription] = (),
) -> dict[str, Any]:
    """Return the OpenAPI document of routes, with requests that the release answers as examples.

    `elsewhere` are requests that other parts of the service answer.
    """
    examples: dict[str, list[Example]] = {}
    for example in examples_for(facts):
        examples.setdefault(example.operation, []).append(example)
    paths: dict[str, dict[str, Any]] = {}
    for route in (*routes, *elsewhere):
        item = paths.setdefault(route.path, {})
        for method in route.methods:
            found = examples.get(route.operation, ())
            item[method.lower()] = _operation(route, method, found, facts.base, say)
    used = {route.tag for route in (*routes, *elsewhere)}
    return {
        "openapi": "3.1.1",
        "info": {
            "title": say("Health topics of {host}").replace("{host}", facts.host),
            "version": version("healthtopics"),
            "summary": say("Consumer health topics in several languages and formats."),
            "description": say(
                "Every address that answers GET answers HEAD as well, and every address answers OPTIONS. "
                "Members that are not described here may be added at any time: ignore unknown ones."
            ),
            "termsOfService": f"{facts.base}/docs/{language}#terms-of-use",
        },
        "externalDocs": {
            "description": say("The guide for partners"),
            "url": f"{facts.base}/docs/{language}",
        },
        "servers": [{"url": facts.base}],
        "security": [{}, {"bearer": []}, {"header": []}],
        "tags": [
            {
                "name": tag,
                "x-displayName": say(tag),
                "description": say(text),
                **_more_about(tag, facts, language, say),
            }
            for tag, text in TAGS.items()
            if tag in used
        ],
        "paths": paths,
        "components": {
            "schemas": {
                "problem": _PROBLEM_SCHEMA,
                "outcome": _OUTCOME_SCHEMA,
                **{name: _component(name) for name in _public().values()},
            },
            "responses": {
                f"{kind}{_NAMES_OF[status]}": _response(status, answer, say, kind) | {"x-status": status}
                for status, answer in _EVERYWHERE.items()
                for kind in ("", "Fhir", "File")
            },
            "headers": {
                name: {"description": say(text), "schema": {"type": "string"}}
                for name, text in _HEADERS.items()
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": say(_KEY)},
                "header": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-API-Key",
                    "description": say(_KEY),
                },
            },
            "examples": {"problem": {"value": describe_problem(400, ProblemDetails(_WRONG), language)}},
        },
    }


def _more_about(tag: str, facts: Facts, language: str, say: Say) -> dict[str, Any]:
    """Return the page about a tag, if there is one."""
    if tag != "FHIR":
        return {}
    url = f"{facts.base}/docs/{language}/fhir"
    return {"externalDocs": {"description": say("The FHIR servers, for people"), "url": url}}


def operation_id(route: RouteDescription, method: str) -> str:
    """Return the id of a route's operation; one that has several methods has an operation for each."""
    return route.operation if method == route.methods[0] else f"{route.operation}By{method.capitalize()}"


def _operation(
    route: RouteDescription, method: str, examples: Iterable[Example], base: str, say: Say
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": operation_id(route, method),
        "tags": [route.tag],
        "summary": say(route.summary),
    }
    if route.description:
        operation["description"] = say(route.description)
    fields = [each for each in route.parameters if each.where == "query"]
    in_body = method == "POST" and {} in route.body.values()
    operation["parameters"] = [
        _parameter(each, say) for each in route.parameters if not (in_body and each in fields)
    ]
    if method == "POST" and route.body:
        # A search without criteria finds everything, so that its form may be empty.
        is_required = any(each.is_required for each in fields) if in_body else route.needs_body
        operation["requestBody"] = {"required": is_required, "content": _bodies(route, fields, say)}
    if route.is_open:
        operation["security"] = []
    operation["responses"] = _responses(route, method, say)
    operation["x-private"] = route.is_private
    operation["x-codeSamples"] = [_sample(each, base, say) for each in examples if each.method == method]
    return operation


def _bodies(route: RouteDescription, fields: Sequence[Parameter], say: Say) -> dict[str, Any]:
    return {
        media_type: {
            "schema": _said(_referring(schema), say) if schema else _parameters_as(media_type, fields, say)
        }
        for media_type, schema in route.body.items()
    }


def _said(schema: Json, say: Say) -> Json:
    """Return the schema of a body with its members described in the language of the documentation."""
    members = {
        name: each | {"description": say(each["description"])} if "description" in each else each
        for name, each in schema.get("properties", {}).items()
    }
    return {**schema, "properties": members} if members else schema


def _responses(route: RouteDescription, method: str, say: Say) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kind = _kind_of_errors(route)
    for status in sorted({*_EVERYWHERE, *route.answers}):
        if status in route.answers:
            found[str(status)] = _response(status, route.answers[status], say, kind)
        elif _is_possible(status, method, route):
            found[str(status)] = {"$ref": f"#/components/responses/{kind}{_NAMES_OF[status]}"}
    return found


def _kind_of_errors(route: RouteDescription) -> str:
    """Return which errors a route has: problem details, OperationOutcomes, or either, by the file's name."""
    if is_fhir(route.path[1:]):
        return "Fhir"
    is_any = any(each.has_slashes and route.path.startswith(f"/{{{each.name}}}") for each in route.parameters)
    return "File" if is_any else ""


def _is_possible(status: int, method: str, route: RouteDescription) -> bool:
    match status:
        case 304 | 412:
            return method == "GET"
        case 404:
            return "{" in route.path
        case 415:
            return method == "POST"
        case 401:
            return not route.is_open
    return True


def _parameter(parameter: Parameter, say: Say) -> dict[str, Any]:
    is_list = parameter.schema.get("type") == "array"
    return {
        "name": parameter.name,
        "in": parameter.where,
        "description": say(parameter.description),
        "required": parameter.is_required,
        "schema": _schema_of(parameter),
        **({"style": "form", "explode": parameter.repeats} if is_list or parameter.repeats else {}),
        **({"example": parameter.example} if parameter.example is not None else {}),
    }


def _schema_of(parameter: Parameter) -> Json:
    return {"type": "array", "items": parameter.schema} if parameter.repeats else parameter.schema


def _schema_in_form(parameter: Parameter) -> Json:
    # In a form, one value and a list of one value are the same text.
    schema = _schema_of(parameter)
    return {"anyOf": [parameter.schema, schema]} if parameter.repeats else schema


def _parameters_as(media_type: str, fields: Sequence[Parameter], say: Say) -> Json:
    """Return the schema of a body that holds parameters."""
    schema_of = _schema_in_form if media_type == FORM else _schema_of
    return {
        "type": "object",
        "required": [each.name for each in fields if each.is_required],
        "properties": {
            each.name: {"description": say(each.description), **schema_of(each)} for each in fields
        },
        **({} if media_type == FORM else {"additionalProperties": False}),
    }


def _response(status: int, answer: RouteAnswer, say: Say, kind: str = "") -> dict[str, Any]:
    headers = _HEADERS_OF.get(status, ("Content-Language",) if status >= 400 else ())
    response: dict[str, Any] = {"description": say(answer.description)}
    if headers:
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    if answer.media_types:
        response["content"] = {each: _content(each, answer) for each in answer.media_types}
    if PROBLEM in answer.media_types:
        # For browsers: `problem_details` writes it.
        response["content"][HTML] = {"schema": {"type": "string"}}
    if status >= 400 and kind:
        outcome = {FHIR_JSON: {"schema": {"$ref": "#/components/schemas/outcome"}}}
        response["content"] = outcome if kind == "Fhir" else {**response["content"], **outcome}
    return response


def _content(media_type: str, answer: RouteAnswer) -> dict[str, Any]:
    if media_type == PROBLEM:
        return {
            "schema": {"$ref": "#/components/schemas/problem"},
            "examples": {"problem": {"$ref": "#/components/examples/problem"}},
        }
    # Of an answer in several forms, the schema describes the JSON.
    is_other = not media_type.endswith("json") and any(each.endswith("json") for each in answer.media_types)
    if answer.schema is None or is_other:
        return {}
    return {"schema": _referring(answer.schema)}


def _sample(example: Example, base: str, say: Say) -> dict[str, Any]:
    return {
        "lang": "Shell",
        "label": say(example.title),
        "source": example.curl(base),
        "x-id": example.name,
        "x-status": example.status,
        "x-headers": dict(example.answer),
        "x-shows": list(example.shows),
    }


@cache
def _component(name: str) -> Json:
    """Return a public schema as a component: its references lead through the document.

    Without its `$id`, which would be the base of references, and which many tools ignore.
    """
    schema = dict(packaged(f"public/{name}{_SCHEMA}"))
    identity = schema.pop("$id")
    del schema["$schema"]
    return {"$comment": identity, **_moved(schema, f"#/components/schemas/{name}/")}


def _moved(value: Json, prefix: str) -> Json:
    """Return a schema whose references begin with `prefix` instead of `#/`."""
    match value:
        case dict():
            return {
                key: prefix + each.removeprefix("#/")
                if key == "$ref" and isinstance(each, str)
                else _moved(each, prefix)
                for key, each in value.items()
            }
        case list():
            return [_moved(each, prefix) for each in value]
    return value


@cache
def _public() -> Mapping[str, str]:
    """Return the names of the public schemas by their `$id`."""
    folder = DATA / "schema/public"
    names = sorted(
        each.name.removesuffix(_SCHEMA) for each in folder.iterdir() if each.name.endswith(_SCHEMA)
    )
    return {packaged(f"public/{name}{_SCHEMA}")["$id"]: name for name in names}


def _referring(schema: Json) -> Json:
    """Return a schema in which a reference to a public schema, by its `$id`, leads to the component."""
    match schema:
        case {"$ref": str(address), **rest} if address in _public():
            return {**rest, "$ref": f"#/components/schemas/{_public()[address]}"}
        case dict():
            return {key: _referring(each) for key, each in schema.items()}
        case list() | tuple():
            return [_referring(each) for each in schema]
    return schema
