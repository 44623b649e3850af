"""`$lookup`, `$expand` and `$validate-code`: every parameter has a hit, a miss and a bad value."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from healthtopics.delivery.fhir import terminology
from healthtopics.delivery.fhir.inputs import CODED
from healthtopics.delivery.table import ROUTES
from support.fhir import WITHDRAWN, ask, found, site

BOTH = pytest.mark.parametrize("version", ["r4", "r5"])
SPANISH: dict[str, Any] = {"accept_language": "es-MX"}


def system(name: str = "aspect") -> str:
    return f"{site().base_url}/fhir/CodeSystem/{name}"


def value_set(name: str = "aspect") -> str:
    return f"{site().base_url}/fhir/ValueSet/{name}"


def asked(operation: str, version: str = "r4", /, *, status: int = 200, **values: Any) -> Any:
    """Return what is answered to parameters in the address, and to two fields of the header."""
    names = ("accept_language", "prefer")
    fields: dict[str, Any] = {name: values.pop(name) for name in names if name in values}
    return found(f"/fhir/{version}/{operation}?{urlencode(values, doseq=True)}", status=status, **fields)


def posted(operation: str, body: Any, version: str = "r4", status: int = 200, **fields: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    kind = fields.pop("content_type", "application/fhir+json")
    response = ask(f"/fhir/{version}/{operation}", method="POST", body=text, content_type=kind, **fields)
    assert response.status == status, response.body[:600]
    return json.loads(response.body)


def parameters(*listed: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(listed)}


def named(result: Any, name: str) -> list[Any]:
    """Return the values of the parameters of a name; of one with parts, a mapping of them."""
    return [value_of(each) for each in result["parameter"] if each["name"] == name]


def value_of(parameter: Any) -> Any:
    if "part" in parameter:
        return {each["name"]: value_of(each) for each in parameter["part"]}
    return next(value for key, value in parameter.items() if key != "name")


def codes(result: Any) -> list[str]:
    return [each["code"] for each in result["expansion"].get("contains", ())]


@BOTH
def test_a_code_is_looked_up(version: str) -> None:
    result = asked("CodeSystem/$lookup", version, system=system(), code="causes")
    assert result["resourceType"] == "Parameters"
    assert (named(result, "name"), named(result, "display")) == (["Aspect"], ["Causes"])
    assert named(result, "version") == [found(f"/fhir/{version}/CodeSystem/aspect")["version"]]
    assert {"language": "es", "value": "Causas"} in named(result, "designation")
    assert {"language": "en", "value": "Causes"} in named(result, "designation")
    assert result == asked("CodeSystem/aspect/$lookup", version, code="causes")


@pytest.mark.parametrize(
    ("values", "display"),
    [
        ({"displayLanguage": "es"}, "Causas"),
        ({"displayLanguage": "es-MX"}, "Causas"),
        ({"displayLanguage": "fr,es;q=0.5"}, "Causas"),
        ({"displayLanguage": "fr"}, "Causes"),
        ({"accept_language": "es"}, "Causas"),
        ({"accept_language": "es", "displayLanguage": "en"}, "Causes"),
        ({}, "Causes"),
    ],
)
def test_names_are_in_the_language_asked_for(values: dict[str, Any], display: str) -> None:
    here = asked("CodeSystem/aspect/$lookup", code="causes", **values)
    assert named(here, "display") == [display]
    expansion = asked("ValueSet/aspect/$expand", **values)["expansion"]
    assert display in [each["display"] for each in expansion["contains"]]
    valid = asked("ValueSet/aspect/$validate-code", system=system(), code="causes", **values)
    assert named(valid, "display") == [display]


@BOTH
def test_a_topic_has_its_definition_and_its_properties(version: str) -> None:
    result = asked("CodeSystem/health-topic/$lookup", version, code="miscarriage")
    concept = next(
        each
        for each in found(f"/fhir/{version}/CodeSystem/health-topic")["concept"]
        if each["code"] == "miscarriage"
    )
    properties = named(result, "property")
    for each in concept["property"]:
        value = next(value for key, value in each.items() if key != "code")
        assert {"code": each["code"], "value": value} in properties
    definition = {"code": "definition", "value": concept["definition"]}
    assert (definition in properties) == (version == "r4")
    assert named(result, "definition") == ([concept["definition"]] if version == "r5" else [])


@BOTH
def test_a_definition_says_its_language_if_it_is_not_the_one_asked_for(version: str) -> None:
    def definition(language: str) -> Any:
        result = asked("CodeSystem/aspect/$lookup", version, code="causes", displayLanguage=language)
        properties = [each["part"] for each in result["parameter"] if each["name"] == "property"]
        values = result["parameter"] if version == "r5" else next(iter(properties))
        return next(each for each in values if each["name"] in ("definition", "value"))

    marked = definition("es")
    assert marked.pop("_valueString") == {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/language", "valueCode": "en"}]
    }
    assert marked == definition("en")


@pytest.mark.parametrize("operation", ["$expand", "$validate-code"])
def test_a_value_set_in_the_request_is_not_evaluated(operation: str) -> None:
    inline = {"name": "valueSet", "resource": {"resourceType": "ValueSet"}}
    code = [{"name": "code", "valueCode": "causes"}, {"name": "system", "valueUri": system()}]

    def ask_with(*more: Any) -> Any:
        body = json.dumps({"resourceType": "Parameters", "parameter": [inline, *code, *more]})
        path = f"/fhir/r4/ValueSet/{operation}"
        return ask(path, method="POST", body=body, content_type="application/fhir+json")

    refusal = ask_with()
    (issue,) = json.loads(refusal.body)["issue"]
    assert (refusal.status, issue["code"], issue["expression"]) == (400, "not-supported", ["valueSet"])
    assert "only those of this server" in issue["details"]["text"]
    named_one = {"name": "url", "valueUri": f"{site().base_url}/fhir/ValueSet/aspect"}
    assert ask_with(named_one).status == 200


@pytest.mark.parametrize(
    ("wanted", "designations", "properties"),
    [
        (["designation"], {"en", "es"}, set()),
        (["lang.es"], {"es"}, set()),
        (["kind", "mesh"], set(), {"kind", "mesh"}),
        (["definition"], set(), {"definition"}),
        (["nothing"], set(), set()),
    ],
)
def test_only_what_is_wanted_is_there(
    wanted: list[str], designations: set[str], properties: set[str]
) -> None:
    result = asked("CodeSystem/health-topic/$lookup", code="miscarriage", property=wanted)
    assert {each["language"] for each in named(result, "designation")} == designations
    assert {each["code"] for each in named(result, "property")} == properties


def test_a_withdrawn_topic_says_that_it_is_inactive() -> None:
    result = asked("CodeSystem/health-topic/$lookup", code=WITHDRAWN, property="designation")
    assert {"code": "inactive", "value": True} in named(result, "property")
    valid = asked("ValueSet/health-topic/$validate-code", system=system("health-topic"), code=WITHDRAWN)
    assert named(valid, "result") == [True]
    assert "inactive" in named(valid, "message")[0]
    whole = asked("ValueSet/health-topic/$expand", filter=WITHDRAWN)["expansion"]["contains"]
    assert [(each["code"], each["inactive"]) for each in whole] == [(WITHDRAWN, True)]
    assert codes(asked("ValueSet/health-topic/$expand", filter=WITHDRAWN, activeOnly="true")) == []


@BOTH
@pytest.mark.parametrize("name", ["coding", "codeableConcept"])
def test_a_body_asks_the_same_as_an_address(version: str, name: str) -> None:
    coding = {"system": system(), "code": "causes"}
    value = coding if name == "coding" else {"coding": [{"system": "urn:other", "code": "x"}, coding]}
    body = parameters({"name": name, CODED[name]: value}, {"name": "displayLanguage", "valueCode": "es"})
    on_type = {**body, "parameter": [*body["parameter"], {"name": "url", "valueUri": value_set()}]}
    valid = posted("ValueSet/$validate-code", on_type, version)
    assert (named(valid, "result"), named(valid, "display")) == ([True], ["Causas"])
    assert named(valid, "system") == ([system()] if version == "r5" else [])
    if name == "coding":
        assert posted("CodeSystem/$lookup", body, version) == asked(
            "CodeSystem/$lookup", version, system=system(), code="causes", displayLanguage="es"
        )
        assert posted("CodeSystem/$lookup", body, version, content_type="application/json")
        assert named(posted("CodeSystem/$validate-code", body, version), "result") == [True]
    simple = parameters({"name": "filter", "valueString": "sintomas"}, {"name": "count", "valueInteger": 1})
    assert posted("ValueSet/aspect/$expand", simple, version) == asked(
        "ValueSet/aspect/$expand", version, filter="sintomas", count=1
    )


@BOTH
def test_an_expansion_has_all_codes_of_the_value_set(version: str) -> None:
    result = asked("ValueSet/$expand", version, url=value_set())
    assert result == asked("ValueSet/aspect/$expand", version)
    assert result["url"] == value_set()
    assert "compose" not in result
    concepts = found(f"/fhir/{version}/CodeSystem/aspect")["concept"]
    expansion = result["expansion"]
    assert codes(result) == [each["code"] for each in concepts]
    assert expansion["total"] == len(concepts)
    assert expansion["timestamp"] == site().time
    assert expansion["identifier"].startswith("urn:uuid:")
    assert {each["system"] for each in expansion["contains"]} == {system()}
    used = f"{system()}|{found(f'/fhir/{version}/CodeSystem/aspect')['version']}"
    assert {"name": "used-codesystem", "valueUri": used} in expansion["parameter"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sintomas", ["symptoms"]),
        ("SÍNTOMAS", ["symptoms"]),
        ("ympto", ["symptoms"]),
        ("xyzzy", []),
        ("%", []),
        ("_", []),
        ('" OR 1=1 --', []),
        ("NEAR(a b)", []),
    ],
)
def test_a_filter_finds_parts_of_words_in_any_language(text: str, expected: list[str]) -> None:
    assert codes(asked("ValueSet/aspect/$expand", filter=text)) == expected


def test_all_words_of_a_filter_count() -> None:
    both = codes(asked("ValueSet/health-topic/$expand", filter="aborto dolor"))
    assert both == ["back-pain-and-miscarriage"]


def test_pages_of_an_expansion_have_every_code_once() -> None:
    whole = asked("ValueSet/aspect/$expand")
    pages = [asked("ValueSet/aspect/$expand", offset=start, count=3) for start in range(0, 30, 3)]
    assert [code for page in pages for code in codes(page)] == codes(whole)
    first, second = pages[:2]
    assert (second["expansion"]["total"], second["expansion"]["offset"]) == (len(codes(whole)), 3)
    assert first["expansion"]["identifier"] != second["expansion"]["identifier"]
    none = asked("ValueSet/aspect/$expand", count=0)["expansion"]
    assert (none["total"], "contains" in none) == (len(codes(whole)), False)
    beyond = asked("ValueSet/aspect/$expand", offset=10**14, count=10**9)
    assert (codes(beyond), beyond["expansion"]["total"]) == ([], len(codes(whole)))


def test_an_expansion_says_what_it_depends_on() -> None:
    values: dict[str, Any] = {
        "filter": "a",
        "offset": 1,
        "count": 2,
        "activeOnly": "true",
        "includeDesignations": "true",
        "includeDefinition": "true",
        "excludeNested": "true",
        "displayLanguage": "es",
    }
    result = asked("ValueSet/aspect/$expand", **values)
    said = {each["name"]: value_of(each) for each in result["expansion"]["parameter"]}
    assert {name: str(value).lower() for name, value in said.items() if name in values} == {
        name: str(value) for name, value in values.items()
    }
    assert result["compose"] == found("/fhir/r4/ValueSet/aspect")["compose"]
    languages = [each["language"] for each in result["expansion"]["contains"][0]["designation"]]
    assert set(languages) == {"en", "es"}
    assert "designation" not in asked("ValueSet/aspect/$expand")["expansion"]["contains"][0]


def test_a_release_gives_the_same_bytes() -> None:
    target = "/fhir/r4/ValueSet/aspect/$expand?filter=a&count=5"
    assert ask(target).body == ask(target).body


def test_too_many_codes_at_once_are_too_costly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminology, "MOST_CODES", 3)
    (issue,) = asked("ValueSet/aspect/$expand", status=422)["issue"]
    assert issue["code"] == "too-costly"
    assert len(codes(asked("ValueSet/aspect/$expand", count=10))) == 3
    assert len(codes(asked("ValueSet/aspect/$expand", filter="sintomas"))) == 1


@BOTH
@pytest.mark.parametrize(
    ("values", "is_valid", "said"),
    [
        ({"code": "causes"}, True, ""),
        ({"code": "causes", "display": "CAUSAS"}, True, ""),
        ({"code": "causes", "display": "Symptoms"}, False, "which is “Causes”"),
        ({"code": "none"}, False, "“none” is not in the code system"),
        ({"code": "Causes"}, False, "is not in the code system"),
        ({"code": "causes", "version": "0"}, False, "version “0”"),
    ],
)
def test_a_code_is_valid_or_the_message_says_why(
    version: str,
    values: dict[str, Any],
    is_valid: bool,  # noqa: FBT001 - a case
    said: str,
) -> None:
    of_set = {("systemVersion" if name == "version" else name): each for name, each in values.items()}
    for result in (
        asked("ValueSet/$validate-code", version, url=value_set(), system=system(), **of_set),
        asked("ValueSet/aspect/$validate-code", version, system=system(), **of_set),
        asked("ValueSet/aspect/$validate-code", version, inferSystem="true", **of_set),
        asked("CodeSystem/$validate-code", version, url=system(), **values),
        asked("CodeSystem/aspect/$validate-code", version, **values),
    ):
        assert named(result, "result") == [is_valid]
        messages = named(result, "message")
        assert (said in messages[0]) if said else messages == []


def test_a_code_of_another_system_is_not_in_the_value_set() -> None:
    result = asked("ValueSet/aspect/$validate-code", system="http://loinc.org", code="causes")
    assert named(result, "result") == [False]
    assert "http://loinc.org is not in the value set" in named(result, "message")[0]
    spanish = asked("ValueSet/aspect/$validate-code", system="http://loinc.org", code="x", **SPANISH)
    assert "no está en el conjunto de valores" in named(spanish, "message")[0]


@pytest.mark.parametrize(
    ("operation", "values", "status", "code", "parameter"),
    [
        ("CodeSystem/$lookup", {"system": "http://snomed.info/sct", "code": "1"}, 404, "not-found", "system"),
        ("CodeSystem/$lookup", {"system": "{system}", "code": "none"}, 404, "not-found", "code"),
        ("CodeSystem/$lookup", {"code": "causes"}, 400, "invalid", "system"),
        ("CodeSystem/$lookup", {"system": "{system}"}, 400, "invalid", "code"),
        ("CodeSystem/$lookup", {"system": "{system}", "code": ""}, 400, "invalid", "code"),
        ("CodeSystem/aspect/$lookup", {"code": "causes", "version": "0"}, 404, "not-found", "version"),
        ("CodeSystem/aspect/$lookup", {"code": "causes", "version": ""}, 400, "invalid", "version"),
        ("CodeSystem/aspect/$lookup", {"code": "causes", "property": ""}, 400, "invalid", "property"),
        (
            "CodeSystem/aspect/$lookup",
            {"code": "causes", "displayLanguage": "<es>"},
            400,
            "invalid",
            "displayLanguage",
        ),
        ("CodeSystem/aspect/$lookup", {"code": "causes", "system": "urn:x"}, 400, "invalid", "system"),
        ("CodeSystem/aspect/$lookup", {"code": ["causes", "symptoms"]}, 400, "invalid", "code"),
        ("CodeSystem/none/$lookup", {"code": "causes"}, 404, "not-found", None),
        ("CodeSystem/$validate-code", {"url": "urn:none", "code": "causes"}, 404, "not-found", "url"),
        ("CodeSystem/$validate-code", {"code": "causes"}, 400, "invalid", "url"),
        ("ValueSet/$expand", {"url": "urn:none"}, 404, "not-found", "url"),
        ("ValueSet/$expand", {}, 400, "invalid", "url"),
        ("ValueSet/$expand", {"url": "{set}|0"}, 404, "not-found", "url"),
        ("ValueSet/none/$expand", {}, 404, "not-found", None),
        ("ValueSet/aspect/$expand", {"url": "urn:other"}, 400, "invalid", "url"),
        ("ValueSet/aspect/$expand", {"valueSetVersion": "0"}, 404, "not-found", "url"),
        ("ValueSet/aspect/$expand", {"valueSetVersion": ""}, 400, "invalid", "valueSetVersion"),
        ("ValueSet/aspect/$expand", {"count": -1}, 400, "invalid", "count"),
        ("ValueSet/aspect/$expand", {"count": "many"}, 400, "invalid", "count"),
        ("ValueSet/aspect/$expand", {"offset": "1.5"}, 400, "invalid", "offset"),
        ("ValueSet/aspect/$expand", {"filter": ""}, 400, "invalid", "filter"),
        ("ValueSet/aspect/$expand", {"filter": "a" * 1001}, 400, "invalid", "filter"),
        ("ValueSet/aspect/$expand", {"activeOnly": "yes"}, 400, "invalid", "activeOnly"),
        ("ValueSet/aspect/$expand", {"includeDesignations": "1"}, 400, "invalid", "includeDesignations"),
        ("ValueSet/aspect/$expand", {"includeDefinition": "1"}, 400, "invalid", "includeDefinition"),
        ("ValueSet/aspect/$expand", {"excludeNested": "1"}, 400, "invalid", "excludeNested"),
        ("ValueSet/aspect/$validate-code", {"code": "causes"}, 400, "invalid", "system"),
        ("ValueSet/aspect/$validate-code", {"system": "{system}"}, 400, "invalid", "code"),
        (
            "ValueSet/aspect/$validate-code",
            {"code": "causes", "inferSystem": "maybe"},
            400,
            "invalid",
            "inferSystem",
        ),
        ("ValueSet/aspect/$validate-code", {"code": "causes", "display": ""}, 400, "invalid", "display"),
        (
            "ValueSet/aspect/$validate-code",
            {"code": "causes", "systemVersion": ""},
            400,
            "invalid",
            "systemVersion",
        ),
        ("ValueSet/aspect/$expand", {"_format": "xml"}, 406, "not-supported", None),
    ],
)
def test_what_cannot_be_answered_is_an_outcome_that_names_the_parameter(
    operation: str, values: dict[str, Any], status: int, code: str, parameter: str | None
) -> None:
    places = {"{system}": system(), "{set}|0": f"{value_set()}|0"}
    given = {name: places.get(each, each) if isinstance(each, str) else each for name, each in values.items()}
    (issue,) = asked(operation, status=status, **given)["issue"]
    assert (issue["code"], issue.get("expression")) == (code, [parameter] if parameter else None)
    (spanish,) = asked(operation, status=status, **given, **SPANISH)["issue"]
    assert spanish["details"]["text"] != issue["details"]["text"]


CODING = {"name": "coding", "valueCoding": {"system": "urn:x", "code": "causes"}}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "1",
        '{"resourceType":"Patient"}',
        '{"resourceType":"Parameters","parameter":{}}',
        '{"resourceType":"Parameters","parameter":[1]}',
        '{"resourceType":"Parameters","parameter":[{}]}',
        '{"resourceType":"Parameters","parameter":[{"name":""}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"code"}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":["a"]}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":null}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":"a","valueString":"a"}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"code","valueCoding":{"code":"a"}}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"code","valueDecimal":1.5}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"code","resource":{}}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":"a"}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{}}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{"code":1}}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"coding","valueCode":"a"}]}',
        '{"resourceType":"Parameters","parameter":[{"name":"codeableConcept","valueCodeableConcept":{}}]}',
        (
            '{"resourceType":"Parameters","parameter":'
            '[{"name":"codeableConcept","valueCodeableConcept":{"coding":[]}}]}'
        ),
        (
            '{"resourceType":"Parameters","parameter":'
            '[{"name":"codeableConcept","valueCodeableConcept":{"coding":[[]]}}]}'
        ),
        '{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":"\\ud800"}]}',
        json.dumps(parameters(CODING, CODING)),
        json.dumps(parameters(CODING, {"name": "code", "valueCode": "causes"})),
        json.dumps(parameters(*[{"name": "code", "valueCode": "causes"}] * 10_000)),
        json.dumps(parameters({"name": "code", "valueCode": "a" * 100_000})),
        json.dumps({"resourceType": "Parameters", "parameter": [{"name": "a", "part": []}]}),
        '{"resourceType":"Parameters","parameter":' + "[" * 5000 + "]" * 5000 + "}",
    ],
)
@pytest.mark.parametrize("operation", ["CodeSystem/$lookup", "ValueSet/aspect/$validate-code"])
def test_a_body_that_says_nothing_valid_is_refused(operation: str, body: str) -> None:
    outcome = posted(operation, body, status=400)
    assert outcome["resourceType"] == "OperationOutcome"


def test_other_bodies_are_not_read() -> None:
    refused = posted("CodeSystem/$lookup", "<Parameters/>", status=415, content_type="application/fhir+xml")
    assert refused["issue"][0]["code"] == "not-supported"


def test_unknown_parameters_are_reported_and_ignored_or_refused() -> None:
    unknown: dict[str, Any] = {"date": "2026", "a" * 99: "1"}
    result = asked("CodeSystem/aspect/$lookup", code="causes", **unknown)
    issues = named(result, "issues")[0]["issue"]
    assert [each["expression"][0][:5] for each in issues] == ["date", "aaaaa"]
    assert "parameter date is not known" in issues[0]["details"]["text"]
    body = parameters({"name": "date", "valueDate": "2026"}, {"name": "tx-resource", "resource": {}})
    expanded = posted("ValueSet/aspect/$expand", body)["expansion"]
    warnings = [value_of(each) for each in expanded["parameter"] if each["name"] == "warning"]
    assert [each.split()[2] for each in warnings] == ["date", "tx-resource"]
    strict = asked("ValueSet/aspect/$expand", date="2026", prefer="handling=strict", status=400)
    assert strict["issue"][0]["expression"] == ["date"]
    assert "ignored" not in strict["issue"][0]["details"]["text"]
    assert asked("ValueSet/aspect/$expand", date="2026", prefer="handling=lenient")


def test_answers_are_private_and_can_be_indented() -> None:
    response = ask("/fhir/r4/CodeSystem/aspect/$lookup?code=causes&_pretty=true", **SPANISH)
    assert response.is_private
    assert response.body.count(b"\n") > 5
    fields = dict(response.headers)
    assert (fields["Cache-Control"], fields["Content-Language"]) == ("private, max-age=60", "es")
    by_post = ask(
        "/fhir/r4/CodeSystem/aspect/$lookup",
        method="POST",
        body=json.dumps(parameters({"name": "code", "valueCode": "causes"})),
        content_type="application/fhir+json",
    )
    assert dict(by_post.headers)["Cache-Control"] == "no-store"


@BOTH
def test_the_capability_statement_names_the_operations_that_answer(version: str) -> None:
    (rest,) = found(f"/fhir/{version}/metadata")["rest"]
    stated = {
        f"/{resource['type']}/{{id}}/${each['name']}"
        for resource in rest["resource"]
        for each in resource.get("operation", ())
    }
    answered = {
        route.path.removeprefix("/fhir/{fhir}")
        for route in ROUTES
        if "$" in route.path and "{id}" in route.path
    }
    assert stated == answered


@BOTH
def test_what_can_be_expanded_is_stated(version: str) -> None:
    statement = found(f"/fhir/{version}/metadata?mode=terminology")
    assert (statement["resourceType"], statement["kind"]) == ("TerminologyCapabilities", "instance")
    for each in statement["codeSystem"]:
        (current,) = found(f"/fhir/{version}/CodeSystem?url={quote(each['uri'])}")["entry"]
        assert each["version"] == [{"code": current["resource"]["version"], "isDefault": True}]
    assert len(statement["codeSystem"]) == found(f"/fhir/{version}/CodeSystem?_summary=count")["total"]
    known = {"count": "1", "offset": "0", "filter": "a", "displayLanguage": "es"}
    for name in (each["name"] for each in statement["expansion"]["parameter"]):
        values: dict[str, Any] = {name: known.get(name, "true")}
        expansion = asked("ValueSet/aspect/$expand", version, prefer="handling=strict", **values)["expansion"]
        assert name in {each["name"] for each in expansion["parameter"]}
    found(f"/fhir/{version}/metadata?mode=none", status=400)


@pytest.mark.parametrize("nonsense", ["'; DROP TABLE fhir_concepts; --", "\x00", "a|b|c", "ü" * 900, "*"])
def test_nonsense_in_any_parameter_is_never_an_error_of_ours(nonsense: str) -> None:
    for route in terminology.ROUTES:
        path = route.path.format(fhir="r4", id="aspect")
        for parameter in (each.name for each in route.parameters if each.where == "query"):
            values = {"system": system(), "code": "causes", "url": system(), parameter: nonsense}
            if "ValueSet" in path and parameter != "url":
                values["url"] = value_set()
            response = ask(f"{path}?{urlencode(values)}")
            assert response.status in (200, 400, 404, 406), (path, parameter, response.body)
            assert json.loads(response.body)["resourceType"]
    assert ask(f"/fhir/r4/CodeSystem/$lookup?system={quote(system())}&code=%ff").status == 400
