"""The table of checks: each id is in one place of the code, is documented and has an example."""

import ast
import json
import re
from collections import Counter
from typing import Any

import pytest

from healthtopics.checks import dismissal
from healthtopics.checks.presence import UNFINISHED
from healthtopics.checks.table import CHECKS, judge_in
from healthtopics.checks.values import Check
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.schema import MessageRule
from support.samples import ROOT

ROWS = (
    *CHECKS.rows,
    dismissal.DISMISSAL_UNNEEDED,
    dismissal.DISMISSAL_MALFORMED,
    dismissal.DISMISSAL_UNKNOWN,
    dismissal.DISMISSAL_IMPOSSIBLE,
)
WORDS = {Level.ERROR: "holds", Level.WARNING: "warning", Level.INFO: "note"}
DOCUMENTED = {
    check: (cells[2].strip(), re.findall(r"`([a-z0-9-]+)`", cells[1]))
    for line in (ROOT / "docs/checks.md").read_text().splitlines()
    if line.startswith("| `")
    for cells in [line.split("|")]
    for check in re.findall(r"`([a-z0-9-]+)`", cells[1])
}
"""By id: the cell with its levels, and the ids that share the row."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_check_is_documented_with_its_level(row: Check) -> None:
    levels, _ids = DOCUMENTED[row.id]
    word = "holds" if row.id in UNFINISHED else WORDS[row.level]
    assert word in levels.partition(";")[0 if not levels.startswith("error;") else 2]


@pytest.mark.parametrize("row", [row for row in CHECKS.rows if row.of_message], ids=lambda row: row.id)
def test_a_check_of_one_translation_has_an_example(row: Check) -> None:
    document: dict[str, Any] = json.loads((ROOT / f"tests/examples/checks/{row.id}.json").read_text())
    assert document["check"] == row.id
    assert document["level"] == row.level
    for pair in document["pairs"]:
        assert pair["right"] or pair["wrong"]
    assert any(pair["wrong"] for pair in document["pairs"])
    assert any(pair["right"] for pair in document["pairs"])


def test_an_id_is_never_used_twice() -> None:
    names = Counter(name for row in ROWS for name in (row.id, *row.formerly))
    assert names.most_common(1)[0][1] == 1


def test_an_id_is_in_one_place_of_the_code() -> None:
    ids = {row.id for row in ROWS}
    literals = Counter(
        node.value
        for path in sorted((ROOT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
    )
    assert literals == Counter(ids)


@pytest.mark.parametrize(("own", "found"), [("112", []), ("911", ["emergency-number"])])
def test_a_judge_knows_the_emergency_numbers_of_the_workspace(own: str, found: list[str]) -> None:
    judge = judge_in(LanguageTag("es"), emergency_numbers=(own,))
    findings = judge(MessageRule("paragraph", "A paragraph."), "Call 112.", "Llame al 112.")
    assert [each.check for each in findings] == found
