"""Hints never order what could reverse or lose the meaning: they ask, and the finding quotes both texts."""

import re
from typing import Any

import pytest

from healthtopics.checks import (
    contrasts,
    dates,
    dropped_words,
    lost_text,
    medical_names,
    negation,
    numbers,
    ranges,
    table,
    units,
)
from healthtopics.checks.values import Check
from unit.checks.test_check_examples import examples, found

OF_MEANING = {
    row.id
    for subject in (
        contrasts, dates, dropped_words, lost_text, medical_names, negation, numbers, ranges, units
    )
    for row in vars(subject).values()
    if isinstance(row, Check)
}  # fmt: skip
"""The checks that compare what both texts say."""
LOSING = re.compile(
    r"(?:^|[.;:] |, or )(?:remove|delete|drop|leave (?:it|them|the \w+) out|take (?:it|the \w+) out|convert"
    r"|negate|turn)\b",
    re.IGNORECASE,
)
OF_ONE_TEXT = {"number-lost", "number-added", "word-lost", "text-lost"}
"""What they find is in one text only."""


def test_the_checks_of_meaning_are_those_that_compare() -> None:
    assert table.CHECKS.by_name.keys() >= OF_MEANING
    assert {"number-changed", "negation-lost", "contrast-changed", "conversion-wrong"} <= OF_MEANING


CASES = [case for case in examples("wrong") if case.values[0]["check"] in OF_MEANING]


@pytest.mark.parametrize(("document", "pair", "text"), CASES)
def test_a_hint_asks_and_orders_nothing_that_loses_the_meaning(
    document: dict[str, Any], pair: dict[str, Any], text: str
) -> None:
    for finding in found(document, pair, text):
        assert "?" in finding.hint, finding.hint
        assert not LOSING.search(finding.hint), finding.hint


@pytest.mark.parametrize(("document", "pair", "text"), CASES)
def test_a_finding_on_both_texts_quotes_both(
    document: dict[str, Any], pair: dict[str, Any], text: str
) -> None:
    for finding in found(document, pair, text):
        quoted = [each.strip("… ") for each in re.findall("“(.+?)”", finding.message)]
        assert quoted, finding.message
        if finding.check not in OF_ONE_TEXT and not finding.message.endswith(
            ("English.", "half of the day.")
        ):
            assert len(quoted) > 1, finding.message
