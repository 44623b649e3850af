"""What the checks reach on the development part of the labelled set, and what each check is worth.

New pairs, which nobody has seen, tell how far the checks generalise; these tell that nothing gets worse.
"""

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from healthtopics.problems import Level
from labelled.measure import GOAL_SHARE, RIGHT_PER_WRONG, Measured, measure, report
from labelled.pairs import DEVELOPMENT, FOLDER

README = FOLDER / "README.md"
START, END = "<!-- by check -->\n", "<!-- end -->\n"


@pytest.fixture(scope="module")
def measured() -> Measured:
    found = measure(DEVELOPMENT)
    print(*report(DEVELOPMENT, found), sep="\n")  # noqa: T201 - shown where a test fails
    return found


def test_errors_are_caught(measured: Measured) -> None:
    assert measured.caught >= 0.86


def test_right_translations_are_left_alone(measured: Measured) -> None:
    assert measured.flagged <= 0.026
    assert measured.with_error <= 0.003


def test_a_check_with_many_false_alarms_holds_no_edition(measured: Measured) -> None:
    """A check that flags more than 0.3 % of the right pairs only warns, except for one finding."""
    most = GOAL_SHARE * len(measured.right)
    errors = [
        finding.check
        for verdict in measured.right
        for finding in verdict.findings
        if finding.level is Level.ERROR
    ]
    assert {check for check in errors if errors.count(check) > most} == set()
    for worth in measured.by_check:
        assert worth.right <= most or errors.count(worth.check) <= 1, worth


def test_what_holds_an_edition_is_more_often_wrong_than_right(measured: Measured) -> None:
    """Of the errors of each check, at 50 right translations for each wrong one; others only warn."""
    right, wrong = (
        Counter(
            check
            for verdict in verdicts
            for check in {each.check for each in verdict.findings if each.level is Level.ERROR}
        )
        for verdicts in (measured.right, measured.wrong)
    )
    del right["markup-href"]  # no text with such a link is ever published: that does not judge its words
    for check, false in right.items():
        share = RIGHT_PER_WRONG * false / len(measured.right)
        assert wrong[check] / len(measured.wrong) >= share, (check, false, wrong[check])


def table(measured: Measured) -> Iterator[str]:
    yield f"| check | right | wrong | alone | recall | precision, {RIGHT_PER_WRONG} : 1 |"
    yield "|---|--:|--:|--:|--:|--:|"
    for each in measured.by_check:
        yield (
            f"| `{each.check}` | {each.right} | {each.wrong} | {each.alone} |"
            f" {each.recall:.1%} | {each.precision:.0%} |"
        )


def test_the_readme_shows_what_each_check_is_worth(measured: Measured) -> None:
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(START)
    after = rest.partition(END)[2]
    lines = "\n".join(table(measured))
    built = f"{before}{START}{lines}\n{END}{after}"
    if os.environ.get("HEALTHTOPICS_REWRITE_GOLDENS") and not os.environ.get("CI"):
        README.write_text(built, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == built, "run `make goldens` and review the difference"
