"""Operations on the codes that the release defines: `$lookup`, `$expand`, `$validate-code`.

http://hl7.org/fhir/R4/terminology-service.html
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from healthtopics import jsontext
from healthtopics.delivery.fhir.form import GENERAL
from healthtopics.delivery.fhir.inputs import (
    BODY,
    GivenCoding,
    Inputs,
    RefusedError,
    or_refuse,
    read_inputs,
    wrong,
)
from healthtopics.delivery.fhir.query import LONGEST
from healthtopics.delivery.fhir.reading import GONE, ID, NOT_JSON, find_current
from healthtopics.delivery.fhir.side import VERSION, Side
from healthtopics.delivery.message import Response, Wording, problem
from healthtopics.delivery.negotiation import find_language, rank_languages
from healthtopics.delivery.outcome import FHIR_JSON, issue, outcome
from healthtopics.delivery.problem_details import wanted_language
from healthtopics.delivery.representation import BRIEF, Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer
from healthtopics.formats.fhir.terms import designations, display_in, names_of
from healthtopics.index.concepts import (
    CodeSystem,
    FoundConcept,
    code_systems,
    find_code_system,
    find_concept,
    find_concepts,
)
from healthtopics.index.resource_search import (
    Condition,
    ResourceQuery,
    ValueCriterion,
    find_resources,
    plan_resources,
)
from healthtopics.index.stems import fold
from healthtopics.jsontext import Document, JsonObject
from healthtopics.problems import excerpt

MOST_CODES: Final = 1000
"""The most codes of one expansion."""
_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": LONGEST}
_FLAG: Final = {"type": "boolean"}

SYSTEM: Final = Parameter("system", "The canonical address of the code system.", _TEXT)
CODE: Final = Parameter("code", "The code.", _TEXT, example="causes")
_VERSION: Final = Parameter(
    "version", "The version of the code system: another one than the current one is not found.", _TEXT
)
_PROPERTY: Final = Parameter(
    "property",
    "What is wanted: a property of the code system, `definition`, `designation`, or `lang.es` for the names "
    "in a language. Without it, everything.",
    _TEXT,
    example="designation",
    repeats=True,
)
DISPLAY_LANGUAGE: Final = Parameter(
    "displayLanguage",
    "The language of names, instead of Accept-Language: `es`. Without a name in it, that of the code system.",
    {"type": "string", "maxLength": 100, "pattern": "^[A-Za-z0-9*;=., -]+$"},
    example="es",
)
_DISPLAY: Final = Parameter(
    "display", "A name, to be validated too: it must be one of the code, in any language.", _TEXT
)
URL: Final = "url"
_SET_URL: Final = Parameter(
    URL, "The canonical address of the value set, with `|` and its version if you like.", _TEXT
)
_SYSTEM_URL: Final = Parameter(URL, "The canonical address of the code system.", _TEXT)
_VALUE_SET_VERSION: Final = Parameter("valueSetVersion", "The version of the value set.", _TEXT)
_SYSTEM_VERSION: Final = Parameter("systemVersion", "The version of the code system.", _TEXT)
_INFER: Final = Parameter(
    "inferSystem", "Whether the code is one of the only code system of the value set.", _FLAG
)
FILTER: Final = Parameter(
    "filter",
    "Words of the names, in any language; parts of words count, case and accents do not.",
    _TEXT,
    example="sintomas",
)
OFFSET: Final = Parameter(
    "offset", "Where to begin: how many codes to skip.", {"type": "integer", "minimum": 0}, example=0
)
COUNT: Final = Parameter(
    "count",
    "The most codes, up to 1000; 0 asks for their number only. Without it, all, if they are not more.",
    {"type": "integer", "minimum": 0},
    example=100,
)
_ACTIVE: Final = Parameter("activeOnly", "Without codes of what was withdrawn.", _FLAG, example=True)
_DESIGNATIONS: Final = Parameter(
    "includeDesignations", "With the names in all languages.", _FLAG, example=True
)
_DEFINITION: Final = Parameter(
    "includeDefinition", "With the definition of the value set, `compose`.", _FLAG, example=False
)
_NESTED: Final = Parameter(
    "excludeNested", "Codes as a flat list, which they always are.", _FLAG, example=True
)

EXPANDING: Final = (FILTER, OFFSET, COUNT, _ACTIVE, _DESIGNATIONS, _DEFINITION, _NESTED, DISPLAY_LANGUAGE)
"""The parameters that say which codes of a value set are returned, and how."""

_TEXT_LANGUAGE: Final = "http://hl7.org/fhir/StructureDefinition/language"  # the extension for one text

_NEEDED: Final = Wording(
    en="code and system, or in the body of a POST request coding (or codeableConcept, to validate)",
    es="code y system, o coding en el cuerpo de una solicitud POST (o codeableConcept, para validar)",
)
_NO_SYSTEM: Final = Wording(
    en="the code system {system} is not on this server. There are: {known}.",
    es="el sistema de codificación {system} no está en este servidor. Existen: {known}.",
)
_NO_CODE: Final = Wording(
    en="the code “{code}” is not in the code system {system}.",
    es="el código “{code}” no está en el sistema de codificación {system}.",
)
_NO_VALUE_SET: Final = Wording(
    en="the value set {url} is not on this server.",
    es="el conjunto de valores {url} no está en este servidor.",
)
_ONLY_OURS: Final = Wording(
    en="a value set in the request is not evaluated, only those of this server: name one of them with url.",
    es="el conjunto de valores de la solicitud no se evalúa, solo los de este servidor: indique uno con url.",
)
_NO_VERSION: Final = Wording(
    en="{url} is not here in the version “{version}”; the current one is {current}.",
    es="{url} no está aquí en la versión “{version}”; la actual es {current}.",
)
_MISSING: Final = Wording(
    en="the parameter {name} is missing. The operation needs {needed}.",
    es="falta el parámetro {name}. La operación necesita {needed}.",
)
_ONE_WAY: Final = Wording(
    en="the code is given in more than one way, or more than once. The operation needs {needed}.",
    es="el código aparece de más de una manera o más de una vez. La operación necesita {needed}.",
)
_OTHER: Final = Wording(
    en="the operation is on {here}, and the parameter {name} says {other}.",
    es="la operación es sobre {here} y el parámetro {name} dice {other}.",
)
_TOO_MANY: Final = Wording(
    en="the value set has {total} codes; ask for at most {most} with count and offset, or use filter.",
    es="el conjunto de valores tiene {total} códigos; pida {most} como máximo con count y offset, o use "
    "filter.",
)
_NOT_IN_SET: Final = Wording(
    en="the code system {system} is not in the value set {url}.",
    es="el sistema de codificación {system} no está en el conjunto de valores {url}.",
)
_WRONG_DISPLAY: Final = Wording(
    en="“{given}” is not a name of the code “{code}”, which is “{display}”.",
    es="“{given}” no es un nombre del código “{code}”, que es “{display}”.",
)
_INACTIVE: Final = Wording(
    en="the code “{code}” is inactive: what it stands for was withdrawn.",
    es="el código “{code}” está inactivo: lo que representa se retiró.",
)


@dataclass(frozen=True, slots=True)
class _ValueSet:
    """A value set: all codes of some code systems."""

    content: Document
    systems: Sequence[CodeSystem]

    @property
    def url(self) -> str:
        return str(self.content["url"])


def _answer(make: Callable[[Inputs], JsonObject], call: Call) -> Representation | Response:
    """Answer with what a function makes of the inputs of an operation."""
    try:
        inputs = read_inputs(call)
        made = make(inputs)
    except RefusedError as error:
        return error.response
    method, language = call.request.method, _language(inputs)
    return inputs.form.answer_asked(made, method, modified=call.site.time, language=language)


# $lookup (http://hl7.org/fhir/R4/codesystem-operation-lookup.html)


def _lookup(inputs: Inputs) -> JsonObject:
    codings = _codings(inputs)
    if len(codings) > 1:
        raise wrong("", _ONE_WAY.filled(needed=_NEEDED))
    (coding,) = codings
    system = _code_system(inputs, SYSTEM.name, codings)
    version = coding.version or inputs.text(_VERSION.name)
    if version and version != system.version:
        raise _not_here(_VERSION.name, _no_version(system.url, version, system.version))
    concept = find_concept(inputs.form.side.site.index, system, coding.code)
    if concept is None:
        raise _not_here(CODE.name, _NO_CODE.filled(code=excerpt(coding.code, 60), system=system.url))
    language = _language(inputs)
    parameters = [
        _value("name", "String", system.facts["name"]),
        _value("version", "String", system.version),
        _value("display", "String", display_in(concept.content, language, system.language)),
        *_details(inputs, system, concept),
    ]
    return _parameters(inputs, parameters)


def _details(inputs: Inputs, system: CodeSystem, concept: FoundConcept) -> Iterator[JsonObject]:
    """Yield definition, designations and properties, those that are wanted."""
    asked = inputs.values.get(_PROPERTY.name)

    def is_wanted(*names: str) -> bool:
        return asked is None or any(each in asked for each in names)

    definition = concept.content.get("definition")
    if definition and is_wanted("definition"):
        is_named = inputs.form.side.number >= "5.0"  # R4 has no parameter for it
        value = _value("definition" if is_named else "value", "String", definition)
        if system.language != _language(inputs):
            value["_valueString"] = {"extension": [{"url": _TEXT_LANGUAGE, "valueCode": system.language}]}
        yield value if is_named else _group("property", _value("code", "Code", "definition"), value)
    for each in designations(concept.content, system.language):
        if is_wanted("designation", f"lang.{each.get('language')}"):
            language = [_value("language", "Code", each["language"])] if "language" in each else []
            use = [_value("use", "Coding", each["use"])] if "use" in each else []
            yield _group("designation", *language, *use, _value("value", "String", each["value"]))
    for each in concept.content.get("property", ()):
        # That a code is inactive is always said, so that nobody uses it by mistake.
        if is_wanted(each["code"]) or each["code"] == "inactive":
            values = ({"name": "value", name: value} for name, value in each.items() if name != "code")
            yield _group("property", _value("code", "Code", each["code"]), *values)


# $validate-code (http://hl7.org/fhir/R4/valueset-operation-validate-code.html)


@dataclass(frozen=True, slots=True)
class _Verdict:
    coding: GivenCoding
    is_valid: bool
    system: CodeSystem | None = None
    display: str = ""
    message: Wording | None = None


def _validate_in_value_set(inputs: Inputs) -> JsonObject:
    value_set = _value_set(inputs)
    systems = {each.url: each for each in value_set.systems}
    only = next(iter(systems)) if inputs.values.get(_INFER.name) and len(systems) == 1 else ""
    verdicts: list[_Verdict] = []
    for given in _codings(inputs):
        coding = replace(given, system=given.system or only)
        if not coding.system:
            raise wrong(SYSTEM.name, _MISSING.filled(name=SYSTEM.name, needed=_NEEDED))
        if system := systems.get(coding.system):
            verdicts.append(_judge(inputs, coding, system))
        else:
            message = _NOT_IN_SET.filled(system=excerpt(coding.system, 200), url=value_set.url)
            verdicts.append(_Verdict(coding, is_valid=False, message=message))
    return _judged(inputs, verdicts)


def _validate_in_code_system(inputs: Inputs) -> JsonObject:
    codings = _codings(inputs)
    system = _code_system(inputs, URL, codings)
    return _judged(inputs, [_judge(inputs, each, system) for each in codings])


def _judge(inputs: Inputs, coding: GivenCoding, system: CodeSystem) -> _Verdict:
    version = coding.version or inputs.text(_SYSTEM_VERSION.name) or inputs.text(_VERSION.name)
    if version and version != system.version:
        message = _no_version(system.url, version, system.version)
        return _Verdict(coding, is_valid=False, message=message)
    concept = find_concept(inputs.form.side.site.index, system, coding.code)
    code = excerpt(coding.code, 60)
    if concept is None:
        message = _NO_CODE.filled(code=code, system=system.url)
        return _Verdict(coding, is_valid=False, message=message)
    display = display_in(concept.content, _language(inputs), system.language)
    given = coding.display or inputs.text(_DISPLAY.name)
    if given and fold(given) not in map(fold, names_of(concept.content)):
        message = _WRONG_DISPLAY.filled(given=excerpt(given, 60), code=code, display=display)
        return _Verdict(coding, is_valid=False, system=system, display=display, message=message)
    warning = None if concept.is_active else _INACTIVE.filled(code=code)
    return _Verdict(coding, is_valid=True, system=system, display=display, message=warning)


def _judged(inputs: Inputs, verdicts: Sequence[_Verdict]) -> JsonObject:
    """Return the answer: one code of a concept that is valid is enough."""
    language = wanted_language(inputs.call.request, inputs.call.site)
    best = next((each for each in verdicts if each.is_valid), verdicts[0])
    parameters = [_value("result", "Boolean", best.is_valid)]
    said = [best] if best.is_valid else verdicts
    if messages := [each.message.into(language) for each in said if each.message]:
        parameters.append(_value("message", "String", "; ".join(messages)))
    if best.display:
        parameters.append(_value("display", "String", best.display))
    if inputs.form.side.number >= "5.0" and best.system:
        parameters += [
            _value("code", "Code", best.coding.code),
            _value("system", "Uri", best.system.url),
            _value("version", "String", best.system.version),
        ]
    return _parameters(inputs, parameters)


# $expand (http://hl7.org/fhir/R4/valueset-operation-expand.html)


def _expand(inputs: Inputs) -> JsonObject:
    value_set, values = _value_set(inputs), inputs.values
    count = values.get(COUNT.name)
    limit = MOST_CODES if count is None else min(count, MOST_CODES)
    found, total = find_concepts(
        inputs.form.side.site.index,
        value_set.systems,
        values.get(FILTER.name, ""),
        only_active=values.get(_ACTIVE.name, False),
        limit=limit,
        offset=values.get(OFFSET.name, 0),
    )
    if count is None and total - values.get(OFFSET.name, 0) > MOST_CODES:
        detail = _TOO_MANY.filled(total=total, most=MOST_CODES)
        raise RefusedError(problem(422, detail, cache=BRIEF, code="too-costly"))
    contains = [_contained(inputs, system, concept) for system, concept in found]
    parameters = list(_echoed(inputs, value_set, limit if count is not None else None))
    release = inputs.form.side.site.release
    about = jsontext.canonical([release.number, inputs.form.side.name, value_set.url, parameters])
    expansion = {
        "identifier": uuid.uuid5(uuid.NAMESPACE_URL, about.decode()).urn,
        "timestamp": release.time,
        "total": total,
        **({"offset": values[OFFSET.name]} if OFFSET.name in values else {}),
        "parameter": parameters,
        **({"contains": contains} if contains else {}),
    }
    dropped = ("meta", "text", *(() if values.get(_DEFINITION.name) else ("compose",)))
    content = {name: value for name, value in value_set.content.items() if name not in dropped}
    return {**content, "expansion": expansion}


def _contained(inputs: Inputs, system: CodeSystem, concept: FoundConcept) -> JsonObject:
    found: JsonObject = {
        "system": system.url,
        **({} if concept.is_active else {"inactive": True}),
        "code": concept.code,
        "display": display_in(concept.content, _language(inputs), system.language),
    }
    if inputs.values.get(_DESIGNATIONS.name):
        found["designation"] = list(designations(concept.content, system.language))
    return found


def _echoed(inputs: Inputs, value_set: _ValueSet, count: int | None) -> Iterator[JsonObject]:
    """Yield the parameters that the expansion depends on, then what was ignored."""
    values = inputs.values
    if FILTER.name in values:
        yield _value(FILTER.name, "String", values[FILTER.name])
    if OFFSET.name in values:
        yield _value(OFFSET.name, "Integer", values[OFFSET.name])
    if count is not None:
        yield _value(COUNT.name, "Integer", count)
    for each in (_ACTIVE, _DESIGNATIONS, _DEFINITION, _NESTED):
        if each.name in values:
            yield _value(each.name, "Boolean", values[each.name])
    yield _value(DISPLAY_LANGUAGE.name, "Code", _language(inputs))
    for system in value_set.systems:
        yield _value("used-codesystem", "Uri", f"{system.url}|{system.version}")
    language = wanted_language(inputs.call.request, inputs.call.site)
    for _, detail in inputs.ignored:
        yield _value("warning", "String", detail.into(language))


# What the operations share


def _codings(inputs: Inputs) -> Sequence[GivenCoding]:
    """Return the codes that are asked about, given in one of the possible ways."""
    code = inputs.text(CODE.name)
    ways = [*inputs.codings.values(), *([(GivenCoding(code, inputs.text(SYSTEM.name)),)] if code else [])]
    if not ways:
        raise wrong(CODE.name, _MISSING.filled(name=CODE.name, needed=_NEEDED))
    if len(ways) > 1:
        raise wrong("", _ONE_WAY.filled(needed=_NEEDED))
    return ways[0]


def _code_system(inputs: Inputs, parameter: str, codings: Iterable[GivenCoding]) -> CodeSystem:
    """Return the code system that the operation is on, or that a parameter or the codes name."""
    side = inputs.form.side
    named = {inputs.text(parameter), *(each.system for each in codings)} - {""}
    if id_ := inputs.text(ID.name):
        or_refuse(find_current(side, "CodeSystem", id_))
        system = find_code_system(side.site.index, side.number, id_=id_)
    elif not named:
        raise wrong(parameter, _MISSING.filled(name=parameter, needed=_NEEDED))
    else:
        system = find_code_system(side.site.index, side.number, url=min(named))
    if system is None:
        known = ", ".join(each.url for each in code_systems(side.site.index, side.number))
        raise _not_here(parameter, _NO_SYSTEM.filled(system=excerpt(min(named), 200), known=known))
    if others := named - {system.url}:
        raise wrong(
            parameter, _OTHER.filled(here=system.url, name=parameter, other=excerpt(min(others), 200))
        )
    return system


def _value_set(inputs: Inputs) -> _ValueSet:
    """Return the value set that the operation is on, or that `url` names."""
    side = inputs.form.side
    url, version = _address(inputs.text(URL))
    version = version or inputs.text(_VALUE_SET_VERSION.name)
    id_ = inputs.text(ID.name)
    if not (id_ or url):
        raise _no_value_set(inputs)
    id_ = id_ or _value_set_id(side, url)
    if not id_:
        raise _not_here(URL, _NO_VALUE_SET.filled(url=excerpt(url, 200)))
    content = jsontext.load(side.read_current(or_refuse(find_current(side, "ValueSet", id_))))
    if url not in ("", content["url"]):
        raise wrong(URL, _OTHER.filled(here=content["url"], name=URL, other=excerpt(url, 200)))
    if version not in ("", content["version"]):
        raise _not_here(URL, _no_version(content["url"], version, content["version"]))
    included = [each["system"] for each in content["compose"]["include"]]
    found = (find_code_system(side.site.index, side.number, url=each) for each in included)
    return _ValueSet(content, [each for each in found if each])


def _no_value_set(inputs: Inputs) -> RefusedError:
    """Return the refusal of a request that names no value set; it may hold one."""
    if any(name == "valueSet" for name, _ in inputs.ignored):
        return RefusedError(problem(400, _ONLY_OURS, parameter="valueSet", code="not-supported"))
    return wrong(URL, _MISSING.filled(name=URL, needed=URL))


def _value_set_id(side: Side, url: str) -> str:
    criterion = ValueCriterion("url", [Condition("value = ?", (url,))])
    plan = plan_resources(side.site.index, ResourceQuery(side.number, "ValueSet", [criterion]))
    found, _ = find_resources(side.site.index, plan, limit=1)
    return found[0].id if found else ""


def _address(canonical: str) -> tuple[str, str]:
    """Return the parts of a canonical address: that of the resource, and a version, which may be empty."""
    url, _, version = canonical.partition("|")
    return url, version


def _not_here(parameter: str, detail: Wording) -> RefusedError:
    return RefusedError(problem(404, detail, cache=BRIEF, parameter=parameter, code="not-found"))


def _no_version(url: str, version: str, current: str) -> Wording:
    return _NO_VERSION.filled(url=url, version=excerpt(version, 60), current=current)


def _language(inputs: Inputs) -> str:
    """Return the language of names: one of the release."""
    languages = tuple(inputs.form.side.site.languages)
    asked = inputs.text(DISPLAY_LANGUAGE.name)
    if asked and (found := find_language(asked, languages)):
        return found
    header = asked or inputs.call.request.headers.get("accept-language", "")
    return rank_languages(header, languages)[0]


def _parameters(inputs: Inputs, parameters: Iterable[JsonObject]) -> JsonObject:
    """Return a Parameters resource, which says what was ignored."""
    said: list[JsonObject] = []
    if inputs.ignored:
        language = wanted_language(inputs.call.request, inputs.call.site)
        issues = (
            issue("warning", "not-supported", detail.into(language), name) for name, detail in inputs.ignored
        )
        said.append({"name": "issues", "resource": outcome(language, *issues)})
    return {"resourceType": "Parameters", "parameter": [*parameters, *said]}


def _value(name: str, kind: str, value: object) -> JsonObject:
    return {"name": name, f"value{kind}": value}


def _group(name: str, *parts: JsonObject) -> JsonObject:
    return {"name": name, "part": list(parts)}


_ANSWERS: Final = {
    404: RouteAnswer("There is no such code, code system, value set or version.", (FHIR_JSON,)),
    406: NOT_JSON,
}
_PARAMETERS: Final = RouteAnswer("A Parameters resource.", (FHIR_JSON,), {"type": "object"})
_EXPANDED: Final = RouteAnswer("A ValueSet with its expansion.", (FHIR_JSON,), {"type": "object"})
_COSTLY: Final = RouteAnswer("More codes than one answer has. Use count and offset, or filter.", (FHIR_JSON,))


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operation: on the type, where an address says of what, and on a resource."""

    type: str
    name: str
    id: str
    summary: str
    make: Callable[[Inputs], JsonObject]
    about: tuple[Parameter, ...]
    """The parameters that say of what."""
    parameters: tuple[Parameter, ...]
    answers: Mapping[int, RouteAnswer]

    def routes(self) -> Iterator[Route]:
        route = Route(
            path=f"/fhir/{{fhir}}/{self.type}/${self.name}",
            operation=self.id,
            summary=self.summary,
            description=_DESCRIPTION,
            tag="FHIR",
            parameters=(VERSION, *self.about, *self.parameters, *GENERAL),
            answers={**self.answers, **_ANSWERS},
            methods=("GET", "POST"),
            body=BODY,
            needs_body=False,
            is_private=True,
            is_strict=False,
            answer=partial(_answer, self.make),
        )
        yield route
        id_ = replace(ID, example=_EXAMPLE)
        yield replace(
            route,
            path=f"/fhir/{{fhir}}/{self.type}/{{id}}/${self.name}",
            operation=f"{self.id}OfResource",
            parameters=(VERSION, id_, *self.about, *self.parameters, *GENERAL),
            answers={**route.answers, 410: GONE},
        )


_DESCRIPTION: Final = (
    "POST has the parameters in a Parameters resource. Unknown ones are reported and ignored, or refused "
    "with `Prefer: handling=strict`."
)
_EXAMPLE: Final = "aspect"
_OPERATIONS: Final = (
    _Operation(
        "CodeSystem",
        "lookup",
        "lookUpCode",
        "What a code means: its names in every language, its definition, its properties",
        _lookup,
        (SYSTEM,),
        (CODE, _VERSION, _PROPERTY, DISPLAY_LANGUAGE),
        {200: _PARAMETERS},
    ),
    _Operation(
        "CodeSystem",
        "validate-code",
        "validateCodeInSystem",
        "Whether a code is in a code system",
        _validate_in_code_system,
        (_SYSTEM_URL,),
        (CODE, _VERSION, _DISPLAY, DISPLAY_LANGUAGE),
        {200: _PARAMETERS},
    ),
    _Operation(
        "ValueSet",
        "expand",
        "expandValueSet",
        "The codes of a value set, with their names",
        _expand,
        (_SET_URL, _VALUE_SET_VERSION),
        EXPANDING,
        {200: _EXPANDED, 422: _COSTLY},
    ),
    _Operation(
        "ValueSet",
        "validate-code",
        "validateCode",
        "Whether a code is in a value set",
        _validate_in_value_set,
        (_SET_URL, _VALUE_SET_VERSION),
        (CODE, SYSTEM, _SYSTEM_VERSION, _DISPLAY, _INFER, DISPLAY_LANGUAGE),
        {200: _PARAMETERS},
    ),
)
ROUTES: Final = tuple(route for each in _OPERATIONS for route in each.routes())
