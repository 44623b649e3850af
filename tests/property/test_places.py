"""A position that is reported is that of the value that is meant, whatever the form of the text."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from healthtopics import jsontext
from healthtopics.errors import JsonTextError
from healthtopics.places import Places, Position
from healthtopics.problems import Steps, pointer_to
from property.strategies import JSON

INDENTS = st.sampled_from([None, 0, 1, 2, "\t", "\r\n"])
FORMS = st.builds(
    lambda indent, is_ascii: lambda value: json.dumps(value, indent=indent, ensure_ascii=is_ascii),
    INDENTS,
    st.booleans(),
)


def values(value: Any, steps: Steps = ()) -> list[tuple[Steps, Any]]:
    found = [(steps, value)]
    if isinstance(value, dict | list):
        for step, below in value.items() if isinstance(value, dict) else enumerate(value):
            found += values(below, (*steps, step))
    return found


def text_at(text: str, position: Position) -> str:
    lines = text.split("\n")
    return "\n".join(lines[position.line - 1 :])[position.column - 1 :]


@given(JSON, FORMS)
@example({"a/b~c": ["ñ", {"😀": '\\"\u2028'}], "0": [1]}, json.dumps)
def test_the_text_at_a_position_is_the_value_of_the_pointer(value: Any, form: Any) -> None:
    text = form(value)
    places = Places(text, ".json")
    for steps, expected in values(value):
        position = places.at_pointer(pointer_to(*steps))
        assert position is not None
        found, _end = json.JSONDecoder().raw_decode(text_at(text, position))
        assert found == expected
        assert places.at(steps) == position


@given(JSON, FORMS, st.integers(min_value=0), st.sampled_from(["", ",", "}", '"', "x", "\n", "ñ", "[", "\\"]))
def test_a_fault_of_the_syntax_is_where_python_finds_it(value: Any, form: Any, at: int, put: str) -> None:
    text = form(value)
    at %= len(text)
    broken = text[:at] + put + text[at + 1 :]
    try:
        json.loads(broken)
    except json.JSONDecodeError as error:
        expected = Position(error.lineno, error.colno)
    else:
        return
    try:
        jsontext.parse(broken.encode(), "x.json")
    except JsonTextError as error:
        (problem,) = error.problems
        assert (problem.line, problem.column) == expected
    else:
        raise AssertionError(broken)
