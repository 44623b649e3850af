"""Reviews in translator comments."""

import pytest

from healthtopics.catalogue import Key
from healthtopics.catalogues.reviews import (
    Reviewed,
    is_same_person,
    review_of,
    translator_of,
    with_review,
    with_translator,
    without_outdated_marks,
)

KEY = Key("title", "Fever")
LI = Reviewed("Li Wei, MD", "2026-12-01")


def test_a_review_says_who_and_when() -> None:
    comment = with_review("A remark.", KEY, "Fiebre", LI)
    assert comment.startswith("A remark.\nreviewed: Li Wei, MD, 2026-12-01, ")
    assert review_of(KEY, "Fiebre", comment) == LI
    assert with_review(comment, KEY, "Fiebre", LI) == comment


@pytest.mark.parametrize(
    ("key", "msgstr"),
    [(KEY, "Calentura"), (Key("title", "Fevers"), "Fiebre"), (Key("heading", "Fever"), "Fiebre")],
)
def test_it_is_lost_when_either_text_changes(key: Key, msgstr: str) -> None:
    comment = with_review("A remark.", KEY, "Fiebre", LI)
    assert review_of(key, msgstr, comment) is None
    assert without_outdated_marks(comment, key, msgstr) == "A remark."
    assert without_outdated_marks(comment, KEY, "Fiebre") == comment


def test_the_last_of_several_counts() -> None:
    eva = Reviewed("Eva", "2026-12-02")
    assert (
        review_of(KEY, "Fiebre", with_review(with_review("", KEY, "Fiebre", LI), KEY, "Fiebre", eva)) == eva
    )


def test_who_wrote_it_cannot_review_it() -> None:
    comment = with_translator("", KEY, "Fiebre", "Li Wei, MD", "2026-11-30")
    assert translator_of(KEY, "Fiebre", comment) == "Li Wei, MD"
    assert review_of(KEY, "Fiebre", with_review(comment, KEY, "Fiebre", LI)) is None


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("Ana Ruiz", "ana  ruiz", True),
        ("Ana Ruiz <ana@clinic.org>", "Ana Ruiz", True),
        ("Ana Ruiz <ana@clinic.org>", "A. R. <ANA@clinic.org>", True),
        ("Ana Ruiz", "Eva Ruiz", False),
        ("", "", False),
        ("Ana", "", False),
    ],
)
def test_people_are_known_by_name_or_address(one: str, other: str, *, are_same: bool) -> None:
    assert is_same_person(one, other) is are_same
