from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from healthtopics.schema import packaged
from labelled.pairs import DEVELOPMENT, FOLDER, HELD_OUT, LABELS, PARTS, Label, digest_of, read_pairs

RIGHT = {part: read_pairs("right", part) for part in PARTS}
WRONG = {part: read_pairs("wrong", part) for part in PARTS}
ALL_RIGHT = list(chain.from_iterable(RIGHT.values()))
ALL_WRONG = list(chain.from_iterable(WRONG.values()))
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def roles(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "x-message" in schema:
            yield schema["x-message"]["role"]
        yield from chain.from_iterable(map(roles, schema.values()))
    elif isinstance(schema, list):
        yield from chain.from_iterable(map(roles, schema))


def identity(pair: Label) -> tuple[str, str]:
    return pair["english"], pair["spanish"]


def test_ids_are_unique() -> None:
    ids = Counter(pair["id"] for pair in [*ALL_RIGHT, *ALL_WRONG])
    assert [name for name, times in ids.items() if times > 1] == []


def test_every_pair_has_its_keys() -> None:
    common = {"id", "role", "english", "spanish"}
    assert {frozenset(pair) - {"pattern"} for pair in ALL_RIGHT} == {frozenset(common)}
    assert {frozenset(pair) - {"of"} for pair in ALL_WRONG} == {frozenset(common | {"kind"})}


def test_every_role_is_one_of_the_schemas() -> None:
    known = {*roles(packaged("topic.schema.json")), *roles(packaged("vocabulary.schema.json"))}
    assert {pair["role"] for pair in [*ALL_RIGHT, *ALL_WRONG]} <= known


def test_there_are_as_many_pairs_as_the_measure_needs() -> None:
    assert len(ALL_RIGHT) >= 1500
    assert len(ALL_WRONG) >= 1000


def test_the_readme_counts_the_pairs() -> None:
    for label in LABELS:
        assert f"| `{label}.{DEVELOPMENT}.jsonl` | {len(read_pairs(label, DEVELOPMENT)):,} | |" in README


def test_what_is_held_out_is_as_it_was_committed() -> None:
    for label, pairs in (("right", RIGHT[HELD_OUT]), ("wrong", WRONG[HELD_OUT])):
        if pairs:  # a new set is written when the last one was used up
            digest = digest_of(label, HELD_OUT)
            assert f"| `{label}.{HELD_OUT}.jsonl` | {len(pairs):,} | `{digest}` |" in README


def test_at_most_five_pairs_come_from_one_sentence_pattern() -> None:
    patterns = Counter(pair["pattern"] for pair in ALL_RIGHT if "pattern" in pair)
    assert max(patterns.values()) <= 5


def test_thirty_kinds_of_errors_are_there_often_enough() -> None:
    kinds = Counter(pair["kind"] for pair in WRONG[DEVELOPMENT])
    assert sum(times >= 10 for times in kinds.values()) >= 30


def test_no_english_text_is_in_both_parts() -> None:
    development, held_out = ({pair["english"] for pair in [*RIGHT[part], *WRONG[part]]} for part in PARTS)
    assert development & held_out == set()


def test_no_pair_is_labelled_twice() -> None:
    pairs = Counter(map(identity, [*ALL_RIGHT, *ALL_WRONG]))
    assert [pair for pair, times in pairs.items() if times > 1] == []


@pytest.mark.parametrize("part", PARTS)
def test_a_pair_made_from_another_is_beside_it(part: str) -> None:
    origins = {pair["id"]: pair for pair in RIGHT[part]}
    for pair in WRONG[part]:
        if "of" in pair:
            origin = origins[pair["of"]]
            assert (pair["english"], pair["role"]) == (origin["english"], origin["role"])


def test_a_text_too_long_is_beyond_the_limit_of_its_role() -> None:
    limits = {"title": 120, "description": 200, "heading": 200}
    too_long = [pair for pair in ALL_WRONG if pair["kind"] == "too-long"]
    assert all(len(pair["spanish"]) > limits[pair["role"]] for pair in too_long)
    for pair in ALL_RIGHT:
        assert len(pair["spanish"]) <= limits.get(pair["role"], 2000)
