"""Faults of documents are in the words of JSON: nothing of Python, nothing of a library, for any keyword."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from healthtopics.validation.public import CompiledSchema

# By keyword: a schema, and a document that breaks it.
BROKEN: dict[str, tuple[dict[str, Any], Any]] = {
    "$dynamicRef": ({"$defs": {"a": {"$dynamicAnchor": "a", "type": "null"}}, "$dynamicRef": "#a"}, [None]),
    "$ref": ({"$defs": {"a": {"type": "string"}}, "$ref": "#/$defs/a"}, {"a": None}),
    "additionalProperties": ({"additionalProperties": False}, {"it's": True}),
    "allOf": ({"allOf": [{"type": "number"}, {"type": "string"}]}, True),
    "anyOf": ({"anyOf": [{"type": "number"}, {"type": "string"}]}, None),
    "const": ({"const": None}, {"a": None}),
    "contains": ({"contains": {"type": "string"}}, [None, True]),
    "dependentRequired": ({"dependentRequired": {"a": ["b"]}}, {"a": None}),
    "dependentSchemas": ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": False}),
    "enum": ({"enum": [None, True, "a", ["b"], {"c": 1}]}, ["a"]),
    "exclusiveMaximum": ({"exclusiveMaximum": 1.5}, 1.5),
    "exclusiveMinimum": ({"exclusiveMinimum": 1.5}, 1.5),
    "format": ({"format": "date"}, "it's"),
    "if": ({"if": {"type": "array"}, "then": {"minItems": 1}}, []),
    "items": ({"items": {"type": "string"}}, [None]),
    "items after others": ({"prefixItems": [True], "items": False}, [None, True]),
    "maxContains": ({"contains": {"type": "null"}, "maxContains": 1}, [None, None]),
    "maxItems": ({"maxItems": 0}, [None]),
    "maxLength": ({"maxLength": 1}, "it's"),
    "maxProperties": ({"maxProperties": 0}, {"a": None}),
    "maximum": ({"maximum": 1e300}, 1e301),
    "minContains": ({"contains": {"type": "null"}, "minContains": 2}, [None]),
    "minItems": ({"minItems": 1}, []),
    "minLength": ({"minLength": 9}, "it's"),
    "minProperties": ({"minProperties": 1}, {}),
    "minimum": ({"minimum": 1}, -1.5),
    "multipleOf": ({"multipleOf": 2}, 3),
    "not": ({"not": {"type": "null"}}, None),
    "oneOf": ({"oneOf": [{"type": "null"}, {"const": None}]}, None),
    "pattern": ({"pattern": "^a$"}, "it's"),
    "patternProperties": ({"patternProperties": {"a": {"type": "null"}}}, {"a": True}),
    "prefixItems": ({"prefixItems": [{"type": "null"}]}, [True]),
    "properties": ({"properties": {"a": False}}, {"a": [None]}),
    "propertyNames": ({"propertyNames": {"pattern": "^b$"}}, {"it's": None}),
    "required": ({"required": ["it's"]}, {"a": None}),
    "type": ({"type": ["object", "integer"]}, [None, True]),
    "unevaluatedItems": ({"prefixItems": [True], "unevaluatedItems": False}, [None, True]),
    "unevaluatedProperties": ({"unevaluatedProperties": False}, {"a": None}),
    "uniqueItems": ({"uniqueItems": True}, [None, None]),
}
OF_PYTHON = re.compile(
    r"\b(None|True|False|dict|str|int|float|bool|NoneType|list of|tuple|instance|string)\b|[\[\]{}]|\\"
)
OF_LIBRARIES = re.compile(r"valid under|is not of type|non-empty|does not contain|unexpected|expected|got")


def test_every_keyword_has_an_example() -> None:
    assert set(Draft202012Validator.VALIDATORS) <= set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_in_the_words_of_json(name: str) -> None:
    schema, document = BROKEN[name]
    problems = CompiledSchema(schema).problems(document, "x.json", "topic-schema")
    assert problems
    for problem in problems:
        assert not OF_PYTHON.search(problem.message), problem.message
        assert not OF_LIBRARIES.search(problem.message), problem.message
        assert problem.message.endswith((".", "?")), problem.message


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5, "must be text, not the number 5."),
        (True, "must be text, not true."),
        (None, "must be text, not null."),
        ([], "must be text, not the empty array."),
        ([None, 1], "must be text, not the array of 2 items."),
        ({}, "must be text, not the empty object."),
        ({"a": None, "b": 1}, "must be text, not the object with a, b."),
        (10**30, f"must be text, not the number {10**30}."),
    ],
)
def test_the_kind_that_is_wanted_and_the_one_that_is_there(value: object, said: str) -> None:
    (problem,) = CompiledSchema({"type": "string"}).problems(value, "x.json", "topic-schema")
    assert problem.message == said
