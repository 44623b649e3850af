from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from healthtopics.schema import packaged
from labelled.mutate import FOLDER, HALVES, Pair, read_pairs, spoil, to_lines

RIGHT = {half: read_pairs("right", half) for half in HALVES}
WRONG = {half: read_pairs("wrong", half) for half in HALVES}
ALL_RIGHT = list(chain.from_iterable(RIGHT.values()))
ALL_WRONG = list(chain.from_iterable(WRONG.values()))
BY_RULE = [pair for pair in ALL_WRONG if pair["made"] == "by rule"]
BY_HAND = [pair for pair in ALL_WRONG if pair["made"] == "by hand"]
KEYS = ["id", "role", "english", "spanish"]
SAFETY_ROWS = {6, 7, 8, 9, 10, 32}
ROWS_OF_ONE_PAIR = set(range(1, 34)) - {24, 25, 28, 29}


def roles(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "x-message" in schema:
            yield schema["x-message"]["role"]
        yield from chain.from_iterable(map(roles, schema.values()))
    elif isinstance(schema, list):
        yield from chain.from_iterable(map(roles, schema))


def identity(pair: Pair) -> tuple[str, str]:
    return str(pair["english"]), str(pair["spanish"])


def test_ids_are_unique() -> None:
    ids = Counter(pair["id"] for pair in [*ALL_RIGHT, *ALL_WRONG])
    assert [name for name, times in ids.items() if times > 1] == []


def test_every_pair_has_its_keys_in_order() -> None:
    assert {tuple(pair) for pair in ALL_RIGHT} == {tuple(KEYS)}
    assert {tuple(pair) for pair in BY_HAND} == {(*KEYS, "row", "error", "made")}
    assert {tuple(pair) for pair in BY_RULE} == {(*KEYS, "row", "error", "made", "of")}
    assert len(BY_HAND) + len(BY_RULE) == len(ALL_WRONG)


def test_every_role_is_one_of_the_schemas() -> None:
    known = {*roles(packaged("topic.schema.json")), *roles(packaged("vocabulary.schema.json"))}
    assert {pair["role"] for pair in [*ALL_RIGHT, *ALL_WRONG]} <= known


def test_there_are_as_many_pairs_as_the_measure_needs() -> None:
    assert len(ALL_RIGHT) >= 340
    assert len(ALL_WRONG) >= 280
    assert len(BY_HAND) >= 110


@pytest.mark.parametrize("pairs", [RIGHT, WRONG], ids=["right", "wrong"])
def test_the_halves_are_halves(pairs: dict[str, list[Pair]]) -> None:
    development, held_out = (len(pairs[half]) for half in HALVES)
    assert abs(development - held_out) <= 0.01 * (development + held_out)


def test_about_three_in_five_wrong_pairs_could_hurt_somebody() -> None:
    dangerous = sum(pair["row"] in SAFETY_ROWS for pair in ALL_WRONG)
    assert 0.55 <= dangerous / len(ALL_WRONG) <= 0.65


def test_every_row_that_one_pair_can_break_is_there() -> None:
    assert {pair["row"] for pair in ALL_WRONG} == ROWS_OF_ONE_PAIR


def test_no_english_text_is_in_both_halves() -> None:
    development, held_out = ({pair["english"] for pair in [*RIGHT[half], *WRONG[half]]} for half in HALVES)
    assert development & held_out == set()


def test_no_pair_is_labelled_twice() -> None:
    pairs = Counter(map(identity, [*ALL_RIGHT, *ALL_WRONG]))
    assert [pair for pair, times in pairs.items() if times > 1] == []


@pytest.mark.parametrize("half", HALVES)
def test_a_pair_made_by_rule_is_beside_its_origin(half: str) -> None:
    origins = {pair["id"]: pair for pair in RIGHT[half]}
    for pair in WRONG[half]:
        if pair["made"] == "by rule":
            origin = origins[pair["of"]]
            assert (pair["english"], pair["role"]) == (origin["english"], origin["role"])


@pytest.mark.parametrize("half", HALVES)
def test_the_part_made_by_rule_comes_out_the_same_byte_for_byte(half: str) -> None:
    by_hand = [pair for pair in WRONG[half] if pair["made"] == "by hand"]
    made_again = to_lines([*by_hand, *spoil(half, RIGHT[half])])
    assert made_again.encode() == (FOLDER / f"wrong.{half}.jsonl").read_bytes()


def test_a_text_too_long_is_beyond_the_limit_of_its_role() -> None:
    limits = {"title": 120, "description": 200, "heading": 200}
    too_long = [pair for pair in ALL_WRONG if pair["row"] == 19]
    assert all(len(str(pair["spanish"])) > limits[str(pair["role"])] for pair in too_long)
    for pair in ALL_RIGHT:
        assert len(str(pair["spanish"])) <= limits.get(str(pair["role"]), 2000)


def test_the_readme_counts_the_pairs() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for row in sorted(ROWS_OF_ONE_PAIR):
        made = Counter(str(pair["made"]) for pair in ALL_WRONG if pair["row"] == row)
        kinds = Counter(str(pair["error"]) for pair in ALL_WRONG if pair["row"] == row)
        errors = ", ".join(f"{error} {kinds[error]}" for error in sorted(kinds))
        assert f"| {row} | {made['by rule']} | {made['by hand']} | {errors} |" in readme
