"""The bundled texts are in their own words: no run of nine words is that of a text they were made from.

`tests/data/seed-runs.txt` has the digests of all runs of those texts, which are not part of this project;
`support.runs` computes them. Titles and names are not compared: they are those of the things themselves.
"""

import json
from functools import cache
from typing import Any

import pytest

from healthtopics.schema import Place, packaged, plan_messages, walk
from support import samples
from support.documents import section, topic
from support.runs import LENGTH, digests_in

PLAN = plan_messages(packaged("topic.schema.json"))
NAMES = {"title", "also-called", "see-reference", "resource-title", "related-title", "language-name"}
NAMES |= {"attribution"}


@cache
def known() -> frozenset[str]:
    return frozenset((samples.ROOT / "tests/data/seed-runs.txt").read_text().split())


def borrowed(document: Any, runs_known: frozenset[str]) -> list[str]:
    """Return every run of words whose digest is known, with its place."""
    found: list[str] = []

    def visit(place: Place) -> None:
        if place.rule.role not in NAMES:
            runs = (run for line in place.lines for digest, run in digests_in(line) if digest in runs_known)
            found.extend(f"{place.pointer}: {run}" for run in runs)

    walk(PLAN, document, visit, lambda place, _language: visit(place))
    return found


@pytest.mark.parametrize("name", samples.TOPICS)
def test_no_run_of_nine_words_is_that_of_a_seed(name: str) -> None:
    assert borrowed(json.loads((samples.ROOT / f"topics/{name}.json").read_bytes()), known()) == []


def test_a_run_is_found_whatever_its_marks() -> None:
    run = "call your provider if the pain does not stop"
    text = 'Please <em>call</em> your <a href="https://a.example/">Provider</a>, if the pain does not stop.'
    document = topic(sections=[section("a", {"paragraph": text})])
    digests = frozenset(digest for digest, _run in digests_in(run))
    assert borrowed(document, digests) == [f"/sections/0/body/0/paragraph: {run}"]
    assert borrowed(topic(title=run), digests) == []


def test_digests_are_those_of_runs_of_nine_words() -> None:
    words = "one two three four five six seven eight nine ten"
    assert [run for _digest, run in digests_in(words)] == [words.removesuffix(" ten"), words[4:]]
    assert len(words.split()) == LENGTH + 1
    assert all(len(digest) == 10 for digest in known())
