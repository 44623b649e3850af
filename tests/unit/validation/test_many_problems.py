"""A file with very many problems takes time and memory in proportion, and its report stays short."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from healthtopics import jsontext
from healthtopics.catalogues import po
from healthtopics.errors import CatalogueError, DataError, JsonTextError
from healthtopics.problems import MOST, Level, Problem, at_most
from healthtopics.validation.topics import TopicReferences, TopicSchema, check_links
from healthtopics.vocabulary import Vocabulary
from support.workspaces import TOPICS

PATH = "topics/cough.json"
HEAD = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def _check(document: dict[str, Any]) -> list[Problem]:
    return TopicSchema().check(document, PATH, TopicReferences(Vocabulary.merge(())))


def _against_schema(document: dict[str, Any]) -> list[Problem]:
    return [each for each in _check(document) if each.check == "topic-schema"]


def _topic(*body: object) -> dict[str, Any]:
    topic = copy.deepcopy(TOPICS["cough"])
    topic["sections"][0]["body"] = list(body)
    return topic


@pytest.mark.parametrize(
    ("block", "first"),
    [
        ({"paragraph": "x", "colour": "red"}, "unknown property 'colour'"),
        ({"paragraph": ""}, "the text is empty"),
        ({"paragraph": "<b>x</i>"}, ""),
        ({"paragraph": "<strong> </strong>"}, ""),
    ],
)
def test_beyond_a_hundred_problems_are_counted(block: dict[str, Any], first: str) -> None:
    found = _check(_topic(*({**block} for _ in range(1234))))
    assert len(found) == MOST + 1
    assert first in found[0].message
    assert found[-1].check == "more-problems"
    assert found[-1].level is Level.ERROR
    assert found[-1].message.startswith("1,1")
    assert found[-1].path == PATH


def test_the_last_of_many_items_is_found_without_reading_the_others_slowly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = 0
    descend = Draft202012Validator.descend

    def count(*arguments: Any, **named: Any) -> Any:
        nonlocal read
        read += 1
        return descend(*arguments, **named)

    monkeypatch.setattr(Draft202012Validator, "descend", count)
    reads = []
    for length in (10, 10_000):
        read = 0
        (problem,) = _against_schema(_topic(*({"paragraph": "x"} for _ in range(length)), {"paragraf": "x"}))
        assert problem.pointer == f"/sections/0/body/{length}/paragraf"
        reads.append(read)
    assert reads[0] == reads[1]


def test_many_unknown_properties() -> None:
    found = _against_schema({**_topic({"paragraph": "x"}), **{f"p{number}": 1 for number in range(1000)}})
    assert found[-1].message == "901 more properties are unknown."
    assert len(found) == MOST


def test_many_unknown_topics() -> None:
    found = list(check_links([(f"t{number}", "/x") for number in range(1000)], ["asthma"], PATH))
    assert [len(found), found[-1].message] == [MOST + 1, "900 more problems were found in this file."]


def test_many_repeated_keys() -> None:
    text = "{" + ",".join(f'"k{number}":1,"k{number}":2' for number in range(1000)) + "}"
    with pytest.raises(JsonTextError) as raised:
        jsontext.parse(text.encode(), PATH)
    assert [len(raised.value.problems), raised.value.problems[-1].check] == [MOST + 1, "more-problems"]


@pytest.mark.parametrize(
    "data",
    [
        b'msgid "a"\nmsgstr "' + b"\x01" * 1000 + b'"\n',
        b'msgid "a"\nmsgstr "' + b"\\q" * 1000 + b'"\n',
        b"junk here\n" * 1000,
        b'msgid "a"\nmsgstr "b"\n\n' * 1001,
    ],
)
def test_many_faults_of_a_catalogue(data: bytes) -> None:
    with pytest.raises(CatalogueError) as raised:
        po.parse(HEAD + data, "x.po")
    problems = raised.value.problems
    assert [len(problems), problems[-1].check] == [MOST + 1, "more-problems"]
    assert problems[-1].message == "900 more problems were found in this file."


def test_many_warnings_hide_no_error() -> None:
    data = HEAD.replace(b"\n\n", b'\n"X-A: 1\\n"\n' + b'"X-A: 1\\n"\n' * 1000 + b"\n", 1)
    assert all(each.level is Level.WARNING for each in po.parse(data, "x.po").warnings)
    with pytest.raises(DataError) as raised:
        po.parse(data + b'msgid "a"\nmsgstr "b\n', "x.po")
    assert "po-unterminated" in {each.check for each in raised.value.problems}


@pytest.mark.parametrize("make", [lambda number: Level.ERROR if number == 150 else Level.WARNING])
def test_the_rest_is_as_bad_as_the_worst_of_it(make: Callable[[int], Level]) -> None:
    found = at_most((Problem(check="x", path=PATH, message="", level=make(n)) for n in range(200)), PATH)
    assert [each.level for each in found] == [Level.WARNING] * MOST + [Level.ERROR]
    assert json.dumps(found[-1].message) == '"100 more problems were found in this file."'
