"""The examples in the schemas, which editors show: every one is valid, and what people write has one."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from healthtopics.problems import pointer_to
from healthtopics.schema import packaged

WRITTEN = ("topic", "vocabulary", "glossary", "twins", "configuration")
SCHEMAS = {name: packaged(f"{name}.schema.json") for name in WRITTEN}
REGISTRY: Any = Registry().with_resources(
    (each["$id"], Resource.from_contents(each)) for each in SCHEMAS.values()
)


def examples(schema: Any, *steps: str | int) -> Iterator[tuple[str, Any]]:
    """Yield each example with the pointer of the schema that has it."""
    if isinstance(schema, dict):
        for each in schema.get("examples", []) if isinstance(schema.get("examples"), list) else []:
            yield pointer_to(*steps), each
        for name, below in schema.items():
            if name != "examples" or isinstance(below, dict):
                yield from examples(below, *steps, name)
    elif isinstance(schema, list):
        for index, below in enumerate(schema):
            yield from examples(below, *steps, index)


EXAMPLES = [(name, *found) for name, schema in SCHEMAS.items() for found in examples(schema)]


@pytest.mark.parametrize(
    ("name", "pointer", "example"), EXAMPLES, ids=[f"{name}{pointer}" for name, pointer, _ in EXAMPLES]
)
def test_an_example_is_valid(name: str, pointer: str, example: Any) -> None:
    whole = {"$ref": f"{SCHEMAS[name]['$id']}#{pointer}"}
    assert list(Draft202012Validator(whole, registry=REGISTRY).iter_errors(example)) == []


def written(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield the properties at the top, and in the objects of lists and tables there."""
    for name, each in schema["properties"].items():
        yield name, each
        for below in (each, each.get("items", {}), each.get("additionalProperties", {})):
            if isinstance(below, dict):
                yield from ((f"{name}/{key}", found) for key, found in below.get("properties", {}).items())


PROPERTIES = [
    (f"{file}: {name}", each)
    for file, schema in SCHEMAS.items()
    for name, each in written(schema)
    if not {"const", "deprecated"} & each.keys()
]


@pytest.mark.parametrize(("name", "schema"), PROPERTIES, ids=[name for name, _ in PROPERTIES])
def test_what_people_write_has_an_example(name: str, schema: Any) -> None:
    reference = schema.get("$ref", "")
    definition = SCHEMAS[name.partition(":")[0]]["$defs"][reference.rpartition("/")[2]] if reference else {}
    assert "examples" in schema or "examples" in definition
