"""Each file of tests/examples/checks shows one check: where it finds something, and where not.

`{"check": id, "level": "error", "pairs": [{"role", "english", "right": […], "wrong": […]}]}`; a pair may
name its `language`, which is Spanish otherwise, and its own `level`. They are judged with the packaged
glossary. Dropping a file in is adding a test.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from healthtopics.checks.table import find_all
from healthtopics.checks.values import Finding, Pair
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.layout import packaged_glossary
from healthtopics.schema import MessagePlan, MessageRule, packaged, plan_messages
from support.samples import ROOT

FILES = sorted((ROOT / "tests/examples/checks").glob("*.json"))


def rules() -> dict[str, MessageRule]:
    """Return the rule of each role that a topic or the vocabulary has."""
    found: dict[str, MessageRule] = {}
    waiting = [plan_messages(packaged(f"{name}.schema.json")) for name in ("topic", "vocabulary")]
    seen: set[int] = set()
    while waiting:
        plan: MessagePlan = waiting.pop()
        if id(plan) not in seen:
            seen.add(id(plan))
            waiting += plan.below()
            for rule in (plan.message, plan.unit):
                if rule is not None:
                    found.setdefault(rule.role, rule)
    return found


RULES = rules()
SPANISH = Glossary.merge(LanguageTag("es"), [json.loads(packaged_glossary(LanguageTag("es")) or b"")])


def examples(kind: str) -> list[Any]:
    documents: list[dict[str, Any]] = [json.loads(path.read_text(encoding="utf-8")) for path in FILES]
    return [
        pytest.param(document, pair, text, id=f"{document['check']}: {text}")
        for document in documents
        for pair in document.get("pairs", [])
        for text in pair[kind]
    ]


def found(document: dict[str, Any], pair: dict[str, Any], text: str) -> list[Finding]:
    language = LanguageTag(pair.get("language", "es"))
    glossary = SPANISH if language == SPANISH.language else None
    findings = find_all(
        Pair(
            RULES[pair["role"]],
            pair["english"],
            text,
            language=language,
            glossary=glossary,
            emergency_numbers=("911",),
        )
    )
    return [finding for finding in findings if finding.check == document["check"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_file_is_named_after_its_check(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["check"] == path.stem
    assert document["level"] in ("error", "warning", "info")


@pytest.mark.parametrize(("document", "pair", "text"), examples("wrong"))
def test_what_is_wrong_is_found(document: dict[str, Any], pair: dict[str, Any], text: str) -> None:
    findings = found(document, pair, text)
    assert {str(finding.level) for finding in findings} == {pair.get("level", document["level"])}
    assert all(finding.message and finding.hint for finding in findings)


@pytest.mark.parametrize(("document", "pair", "text"), examples("right"))
def test_what_is_right_is_not(document: dict[str, Any], pair: dict[str, Any], text: str) -> None:
    assert not found(document, pair, text)
