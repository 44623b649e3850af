"""Values in a cache: what does not have its type, or its seal, is not there."""

import pickle
from collections.abc import Iterable, Mapping

from healthtopics.cache import NO_CACHE, recall, remember
from healthtopics.problems import Problem

KEYS = {"one": "problems:1"}
PROBLEM = Problem(check="check", path="topics/a.json", message="It is wrong.")


class Memory:
    """A cache that keeps everything."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def read(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        return {key: self.values[key] for key in keys if key in self.values}

    def write(self, values: Mapping[str, bytes]) -> None:
        self.values |= values


def test_values_come_back_as_what_they_were() -> None:
    cache = Memory()
    remember(cache, {"problems:1": [PROBLEM]})
    assert dict(recall(cache, KEYS, list[Problem])) == {"one": [PROBLEM]}


def test_a_value_of_another_type_is_not_there() -> None:
    cache = Memory()
    remember(cache, {"problems:1": [{"check": 5}]})
    assert dict(recall(cache, KEYS, list[Problem])) == {}


def test_a_value_with_the_seal_of_another_key_is_not_there() -> None:
    cache = Memory()
    remember(cache, {"problems:2": [PROBLEM]})
    cache.values["problems:1"] = cache.values["problems:2"]
    assert dict(recall(cache, KEYS, list[Problem])) == {}


def test_another_process_has_the_same_cache_that_stores_nothing() -> None:
    assert pickle.loads(pickle.dumps(NO_CACHE)) is NO_CACHE  # noqa: S301 - our own
