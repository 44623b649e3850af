import json
from pathlib import Path
from typing import Any

import pytest

from healthtopics.validation import public
from healthtopics.validation.public import CompiledSchema, check_public, compiled

PAGE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {
        "id": {
            "type": "string",
            "description": "A key.",
            "pattern": "^[a-z]+(?!\\n)$",
            "maxLength": 5,
            "minLength": 1,
        },
        "title": {"type": "string", "description": "What readers see."},
        "kind": {"enum": ["condition", "test"]},
        "version": {"const": 1},
        "updated": {"type": "string", "format": "date"},
        "at": {"type": "string", "format": "date-time"},
        "home": {"type": "string", "format": "uri"},
        "names": {
            "type": "array",
            "items": {"type": "string"},
            "uniqueItems": True,
            "minItems": 1,
            "maxItems": 3,
        },
        "ones": {"uniqueItems": True},
        "links": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z]{2}$", "description": "A language."},
            "minProperties": 1,
            "maxProperties": 2,
        },
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "never": False,
        "other": {"not": {"const": 0}},
        "sized": {"type": "number", "multipleOf": 2},
        "nothing": {"type": "object", "additionalProperties": False},
        "free": {"type": "object", "patternProperties": {"^x-": {}}, "additionalProperties": False},
        "block": {"$ref": "#/$defs/block"},
        "any": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "both": {"oneOf": [{"type": "integer"}, {"minimum": 0}]},
        "typed": {
            "oneOf": [
                {"properties": {"type": {"const": "a"}, "a": {"type": "string"}}, "required": ["type", "a"]},
                {"properties": {"type": {"const": "b"}, "b": {"type": "string"}}, "required": ["type", "b"]},
            ]
        },
    },
    "$defs": {
        "text": {
            "description": "A text.",
            "oneOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"text": {"type": "string"}, "language": {"type": "string"}},
                    "required": ["text", "language"],
                    "additionalProperties": False,
                },
            ],
        },
        "block": {
            "description": "A block.",
            "oneOf": [
                {
                    "type": "object",
                    "description": "A paragraph.",
                    "properties": {"paragraph": {"$ref": "#/$defs/text"}},
                    "required": ["paragraph"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "description": "A list.",
                    "properties": {
                        "list": {
                            "type": "array",
                            "items": {"oneOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/block"}]},
                        }
                    },
                    "required": ["list"],
                    "additionalProperties": False,
                },
            ],
        },
    },
}

MESSAGES: dict[str, tuple[dict[str, Any], str, str]] = {
    # name: (members besides a good id, pointer, message)
    "misspelt": ({"titel": "a"}, "/titel", "unknown property 'titel'; did you mean 'title'?"),
    "unknown": ({"zzz": 1}, "/zzz", "unknown property 'zzz'."),
    "none allowed": ({"nothing": {"a": 1}}, "/nothing/a", "unknown property 'a'."),
    "pattern of names": ({"free": {"x-a": 1, "y": 1}}, "/free/y", "unknown property 'y'."),
    "wrong type": ({"title": 5}, "/title", "must be text, not the number 5."),
    "date of another type": ({"updated": 5}, "/updated", "must be text, not the number 5."),
    "instant of another type": ({"at": 5}, "/at", "must be text, not the number 5."),
    "true": ({"title": True}, "/title", "must be text, not true."),
    "false": ({"title": False}, "/title", "must be text, not false."),
    "null": ({"title": None}, "/title", "must be text, not null."),
    "no instant": (
        {"at": "2026-01-15T25:00:00Z"},
        "/at",
        "“2026-01-15T25:00:00Z” is not a valid date-time.",
    ),
    "one and one": ({"ones": [1, 1.0]}, "/ones", "items 0 and 1 are the same: 1.0."),
    "no object": ({"links": "a"}, "/links", "must be an object, not the text “a”."),
    "not listed": (
        {"kind": "conditon"},
        "/kind",
        "“conditon” is not one of condition, test. Did you mean 'condition'?",
    ),
    "not the constant": ({"version": 2}, "/version", "2 is not 1, the only value allowed here."),
    "no such day": ({"updated": "2026-02-30"}, "/updated", "“2026-02-30” is not a valid date."),
    "no such instant": (
        {"at": "2026-02-30T00:00:00Z"},
        "/at",
        "“2026-02-30T00:00:00Z” is not a valid date-time.",
    ),
    "form": ({"id": "A"}, "/id", "“A” does not have the required form."),
    "final newline": ({"id": "a\n"}, "/id", "“a\n” does not have the required form."),
    "too long": ({"id": "abcdef"}, "/id", "“abcdef” has 6 characters; at most 5 are allowed."),
    "empty": ({"id": ""}, "/id", "the text is empty."),
    "twice": ({"names": ["a", "b", "a"]}, "/names", "items 0 and 2 are the same: “a”."),
    "too few": ({"names": []}, "/names", "the array has 0 items; at least 1 must be there."),
    "too many": ({"names": list("abcd")}, "/names", "the array has 4 items; at most 3 are allowed."),
    "item": ({"names": ["a", 1]}, "/names/1", "must be text, not the number 1."),
    "name of a property": (
        {"links": {"eng": 1}},
        "/links",
        "“eng” is not allowed as the name of a property.",
    ),
    "no properties": ({"links": {}}, "/links", "the object has 0 properties; at least 1 must be there."),
    "too many properties": (
        {"links": {"en": 1, "es": 1, "fr": 1}},
        "/links",
        "the object has 3 properties; at most 2 are allowed.",
    ),
    "too small": ({"count": 0}, "/count", "0 is less than 1."),
    "too great": ({"count": 10}, "/count", "10 is more than 9."),
    "nothing at all": ({"never": 1}, "", "1 is not allowed here."),
    "forbidden": ({"other": 0}, "/other", "0 is not allowed here."),
    "rare keyword": ({"sized": 3}, "/sized", "3 is not a multiple of 2."),
    "branch by name": ({"block": {"paragraph": ""}}, "/block/paragraph", "the text is empty."),
    "branch by nearly the name": (
        {"block": {"paragraf": "a"}},
        "/block/paragraf",
        "unknown property 'paragraf'; did you mean 'paragraph'?",
    ),
    "branch in a branch": (
        {"block": {"list": ["a", {"text": "b"}]}},
        "/block/list/1",
        "the property 'language' is missing.",
    ),
    "branch in a branch by name": (
        {"block": {"list": ["a", {"list": [""]}]}},
        "/block/list/1/list/0",
        "the text is empty.",
    ),
    "no branch": (
        {"block": {"zzz": "a"}},
        "/block",
        ("the object with zzz matches none of the allowed forms: A paragraph (paragraph); A list (list)."),
    ),
    "branch by type": ({"any": ["a", 1]}, "/any/1", "must be text, not the number 1."),
    "no branch of the type": (
        {"any": 5},
        "/any",
        "5 matches none of the allowed forms: another form (text); another form (an array).",
    ),
    "two branches": ({"both": 5}, "/both", "5 matches more than one of the allowed forms."),
    "branch by constant": ({"typed": {"type": "b"}}, "/typed", "the property 'b' is missing."),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_fault_is_put_in_words(name: str) -> None:
    members, pointer, message = MESSAGES[name]
    (problem,) = CompiledSchema(PAGE).problems({"id": "a", **members}, "a.json", "page-schema")
    assert (problem.check, problem.path) == ("page-schema", "a.json")
    assert (problem.pointer, problem.message) == (pointer, message)


def test_a_missing_property_is_explained() -> None:
    (problem,) = CompiledSchema(PAGE).problems({"title": "a"}, "a.json", "page-schema")
    assert (problem.pointer, problem.message, problem.hint) == ("", "the property 'id' is missing.", "A key.")


def test_a_misspelt_property_is_not_missing_as_well() -> None:
    (problem,) = CompiledSchema(PAGE).problems({"idd": "a"}, "a.json", "page-schema")
    assert problem.message == "unknown property 'idd'; did you mean 'id'?"


def test_a_pattern_is_explained_by_its_description() -> None:
    (problem,) = CompiledSchema(PAGE).problems({"id": "A"}, "a.json", "page-schema")
    assert problem.hint == "A key."


def test_all_faults_are_reported_in_the_order_of_their_places() -> None:
    problems = CompiledSchema(PAGE).problems({"title": 5, "id": "A", "count": 0}, "a.json", "page-schema")
    assert [problem.pointer for problem in problems] == ["/count", "/id", "/title"]


def test_a_long_value_is_shortened() -> None:
    (problem,) = CompiledSchema(PAGE).problems({"id": "a" * 500}, "a.json", "page-schema")
    assert len(problem.message) < 200
    assert "500 characters" in problem.message


@pytest.mark.parametrize(
    "document",
    [
        {"id": "a"},
        {"id": "a", "updated": "2024-02-29", "at": "2026-01-15T12:00:00Z"},
        {"id": "a", "home": "not a uri, and no format that is asserted"},
        {"id": "a", "names": ["a", "b"], "links": {"en": 1}, "block": {"list": ["a", {"paragraph": "b"}]}},
    ],
)
def test_a_good_document_has_no_problems(document: object) -> None:
    assert CompiledSchema(PAGE).problems(document, "a.json", "page-schema") == []
    assert CompiledSchema(PAGE).is_valid(document)


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        ("2026-01-15", True),
        ("20260115", False),
        ("2026-W03-4", False),
        ("0000-01-01", False),
        ("2026-1-15", False),
        ("２０２６-01-15", False),
    ],
)
def test_dates_mean_the_same_to_both_implementations(value: str, *, is_good: bool) -> None:
    problems = CompiledSchema(PAGE).problems({"id": "a", "updated": value}, "a.json", "page-schema")
    assert (problems == []) is is_good


def test_a_document_that_is_not_an_object_is_refused() -> None:
    (problem,) = CompiledSchema(PAGE).problems([], "a.json", "page-schema")
    assert (problem.pointer, problem.message) == ("", "must be an object, not the empty array.")


def test_a_disagreement_of_the_implementations_is_a_bug() -> None:
    schema = CompiledSchema(PAGE)
    lenient = CompiledSchema({})
    schema._reference = lenient._reference
    with pytest.raises(RuntimeError, match="jsonschema accepts what jsonschema-rs refuses"):
        schema.problems({}, "a.json", "page-schema")


def test_a_packaged_schema_is_compiled_once() -> None:
    assert compiled("topic.schema.json") is compiled("topic.schema.json")


def test_what_partners_receive_is_checked_under_one_id() -> None:
    problems = check_public("public/fhir-r4.schema.json", {"resourceType": "Patient"}, "fhir/r4/en/a.json")
    assert {problem.check for problem in problems} == {"public-schema"}


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_an_unknown_element_is_found_deep_in_a_bundle(version: str) -> None:
    path = Path(__file__).parent / "documents" / f"fhir-{version}.en.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["entry"][0]["resource"]["titel"] = "a"
    found = [
        problem
        for problem in check_public(f"public/fhir-{version}.schema.json", document, "a.json")
        if problem.pointer.endswith("/titel")
    ]
    (problem,) = found
    assert problem.pointer == "/entry/0/resource/titel"
    assert problem.message == "unknown property 'titel'; did you mean 'title'?"


def test_the_module_needs_no_network() -> None:
    schema = {"$ref": "https://a.example/schema.json"}
    with pytest.raises(Exception, match=r"a\.example"):
        public.CompiledSchema(schema)


@pytest.mark.parametrize("text", ["abc", "abc\n", "\nabc", "abc\r", "a\nb", ""])
def test_patterns_mean_the_same_to_both_implementations(text: str) -> None:
    schema = {"type": "string", "pattern": r"^[a-z]+(?!\n)$"}
    assert CompiledSchema(schema).is_valid(text) == (text == "abc")
    assert bool(CompiledSchema(schema).problems(text, "a.json", "shape")) == (text != "abc")


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"const": {"pattern": r"^a(?!\n)$"}}, {"pattern": r"^a(?!\n)$"}),
        ({"enum": [{"pattern": r"^a(?!\n)$"}]}, {"pattern": r"^a(?!\n)$"}),
        ({"properties": {"const": {"pattern": r"^a(?!\n)$"}}}, {"const": "a"}),
    ],
    ids=["const", "enum", "a property called const"],
)
def test_what_only_looks_like_a_pattern_is_left_as_it_is(schema: dict[str, Any], value: object) -> None:
    assert CompiledSchema(schema).is_valid(value)
