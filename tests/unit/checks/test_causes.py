"""Each cause has one finding, and each finding that has its own cause is kept."""

import pytest

from healthtopics.checks.causes import one_of_each_cause
from healthtopics.checks.table import CHECKS, check_pair, find_all
from healthtopics.checks.values import Spot
from healthtopics.problems import Level
from labelled.measure import pair_of

ROW = CHECKS.by_name["number-changed"]
LINK = '<a href="https://a.example/">this</a>'
UNFIT = CHECKS.by_name["message-tab"]


@pytest.mark.parametrize(
    ("english", "spanish", "checks"),
    [
        ("Call if you have more than six.", "Llame si tiene menos de seis.", ["bound-changed"]),
        ("Take 3 tablets 2 times a day.", "Tome 2 tabletas 3 veces al día.", ["unit-changed"]),
        ("Give 1 teaspoon of syrup.", "Dé 1 cucharada de jarabe.", ["unit-changed"]),
        (
            'Read <a href="https://a.example/">this</a>.',
            'Lea <a href="https://b.example/">esto</a>.',
            ["href-lost"],
        ),
        ('Read <a href="https://a.example/">this</a>.', "Lea esto.", ["tag-lost"]),
        ("There are {count} results.", "Hay {cuenta} resultados.", ["placeholder-lost"]),
        ("Write to a@example.org.", "Escriba a b@example.org.", ["email-changed"]),
        ("Take ibuprofen.", "Tome naproxeno.", ["medicine-changed"]),
    ],
)
def test_one_error_has_one_finding(english: str, spanish: str, checks: list[str]) -> None:
    pair = pair_of({"id": "", "role": "paragraph", "english": english, "spanish": spanish})
    assert [finding.check for finding in check_pair(pair)] == checks


@pytest.mark.parametrize(
    ("english", "spanish", "checks"),
    [
        (
            "Take at least 5 mg of ibuprofen before breakfast.",
            "Tome como máximo 5 g de naproxeno después del desayuno.",
            {"unit-changed", "bound-changed", "medicine-changed", "contrast-changed"},
        ),
        (
            "Take 5 mg in the morning and 20 mg at night.",
            "Tome 6 mg por la mañana y 30 mg por la noche.",
            {"number-changed"},
        ),
    ],
)
def test_two_errors_in_one_message_are_both_found(english: str, spanish: str, checks: set[str]) -> None:
    pair = pair_of({"id": "", "role": "paragraph", "english": english, "spanish": spanish})
    found = check_pair(pair)
    assert {finding.check for finding in found} == checks
    assert len(found) >= 2


def test_a_link_and_a_term_in_it_are_two_causes() -> None:
    pair = pair_of(
        {
            "id": "",
            "role": "paragraph",
            "english": 'Take <a href="https://a.example/">ibuprofen</a>.',
            "spanish": 'Tome <a href="https://b.example/">naproxeno</a>.',
        }
    )
    assert [finding.check for finding in check_pair(pair)] == ["href-lost", "medicine-changed"]


def test_an_error_beats_a_warning_and_a_warning_a_note() -> None:
    levels = (Level.INFO, Level.WARNING, Level.ERROR)
    findings = [ROW.finding(str(level), level=level, english=(0, 4)) for level in levels]
    assert [each.level for each in one_of_each_cause(findings)] == [Level.ERROR]
    assert [each.level for each in one_of_each_cause(findings[:2])] == [Level.WARNING]


def test_places_of_the_translation_count_where_one_has_none_in_the_english() -> None:
    one, other = ROW.finding("a", english=(0, 4), translation=(0, 4)), ROW.finding("b", translation=(2, 6))
    apart = ROW.finding("c", english=(8, 9), translation=(0, 4))
    assert one_of_each_cause([one, other, apart]) == [one, apart]


def test_what_has_no_place_or_makes_a_text_unfit_is_kept() -> None:
    findings = [
        ROW.finding("a"),
        ROW.finding("b"),
        UNFIT.finding("c", english=(0, 4)),
        UNFIT.finding("d", english=(0, 4)),
    ]
    assert one_of_each_cause(findings) == findings
    assert one_of_each_cause(
        [ROW.finding("a", english=Spot(0, 1)), ROW.finding("b", english=Spot(0, 1, "markup"))]
    )[1:]


def test_a_dismissed_finding_hides_no_other_one() -> None:
    pair = pair_of(
        {
            "id": "",
            "role": "paragraph",
            "english": "Call if you have more than six.",
            "spanish": "Llame si tiene menos de seis.",
        }
    )
    every = [finding.check for finding in find_all(pair)]
    assert every == ["bound-changed", "contrast-changed"]
    assert [each.check for each in check_pair(pair, CHECKS, frozenset({"bound-changed"}))] == every
