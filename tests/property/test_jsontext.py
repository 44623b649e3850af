"""Whatever JSON holds, our forms of it are one and come back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from healthtopics import jsontext
from healthtopics.errors import JsonTextError
from healthtopics.problems import Problem
from property.strategies import JSON


@given(JSON)
def test_value_comes_back(value: Any) -> None:
    assert jsontext.parse(jsontext.dump(value), "x.json") == value
    assert jsontext.parse(jsontext.dump_line(value), "x.json") == value


@given(JSON)
def test_canonical_form_is_a_fixed_point(value: Any) -> None:
    canonical = jsontext.canonical(value)
    assert jsontext.canonical(jsontext.parse(canonical, "x.json")) == canonical


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reordered(member) for key, member in reversed(value.items())}
    return [reordered(item) for item in value] if isinstance(value, list) else value


@given(JSON)
def test_canonical_form_is_independent_of_the_order_of_keys(value: Any) -> None:
    assert jsontext.canonical(reordered(value)) == jsontext.canonical(value)


def faults_of(data: bytes) -> tuple[Problem, ...]:
    try:
        jsontext.parse(data, "x.json")
    except JsonTextError as error:
        return error.problems
    return ()


@given(st.binary(max_size=40) | st.text('{}[]",:\\ue0 1-', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_problem(data: bytes) -> None:
    faults = faults_of(data)
    assert all(problem.message and problem.hint for problem in faults)
    if not faults:
        value = jsontext.parse(data, "x.json")
        assert jsontext.parse(jsontext.dump(value), "x.json") == value
