from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.reading.difference import (
    Part,
    PartKind,
    is_typo_only,
    mark_up,
    word_counts,
    word_difference,
)
from support.samples import ROOT

EXAMPLES = ROOT / "tests/examples/differences"
TEXTS = st.text(alphabet=st.sampled_from(list("ab 1.,<>é\n-")), max_size=30)


def examples(name: str) -> list[list[str]]:
    lines = (EXAMPLES / name).read_text().splitlines()
    return [line.replace("\\n", "\n").split("\t") for line in lines if not line.startswith("# ")]


@pytest.mark.parametrize(("old", "new"), examples("typo-only.tsv"))
def test_a_slip_is_known_whichever_way_it_goes(old: str, new: str) -> None:
    assert is_typo_only(old, new)
    assert is_typo_only(new, old)


@pytest.mark.parametrize(("old", "new"), examples("typo-in-a-word.tsv"))
def test_a_slip_in_a_word_is_known_by_the_words_of_other_texts(old: str, new: str) -> None:
    words, wrong = (frozenset(word_counts([text])) for text in (new, old))
    assert is_typo_only(old, new, words)
    assert not is_typo_only(old, new, words | wrong)
    assert not is_typo_only(new, old, words)
    assert not is_typo_only(old, new)
    assert not is_typo_only(new, old)


@pytest.mark.parametrize(("old", "new"), examples("not-typo-only.tsv"))
def test_what_may_change_the_sense_is_not_a_typo(old: str, new: str) -> None:
    both = frozenset(word_counts([old, new]))
    assert not is_typo_only(old, new, both)
    assert not is_typo_only(new, old, both)
    assert not is_typo_only(old, new)
    assert not is_typo_only(new, old)


@pytest.mark.parametrize(("one", "other"), examples("look-alikes.tsv"))
def test_two_words_are_not_typos_of_each_other(one: str, other: str) -> None:
    old, new = f"About {one} here.", f"About {other} here."
    for known in (frozenset[str](), frozenset({one, other, "about", "here"})):
        assert not is_typo_only(old, new, known)
        assert not is_typo_only(new, old, known)


def test_many_slips_are_a_new_text() -> None:
    old = "pregnacy, diarrhoea, misscarriage and placneta"
    new = "pregnancy, diarrhea, miscarriage and placenta"
    known = frozenset(word_counts([new]))
    assert not is_typo_only(old, new, known)
    assert is_typo_only(old.removesuffix("placneta"), new.removesuffix("placenta"), known)


def test_words_are_counted_once_a_text() -> None:
    assert word_counts(["Pain, pain!", "Chest pain"]) == {"pain": 2, "chest": 1}


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("Call your doctor.", "Call your nurse.", "Call your [-doctor-]{+nurse+}."),
        ("Call your doctor.", "Call a good nurse.", "Call [-your doctor-]{+a good nurse+}."),
        ("Take 20 mg.", "Take 200 mg.", "Take [-20-]{+200+} mg."),
        ("Take 1.5 mg.", "Take 15 mg.", "Take [-1.5-]{+15+} mg."),
        ('<a href="x y">a</a>', '<a href="x z">a</a>', '[-<a href="x y">-]{+<a href="x z">+}a</a>'),
        ("You can't.", "You can.", "You [-can't-]{+can+}."),
        ("One.", "One. Two.", "One.{+ Two.+}"),
        ("same", "same", "same"),
        ("", "", ""),
    ],
)
def test_words_numbers_and_tags_stay_whole(old: str, new: str, marked: str) -> None:
    assert mark_up(word_difference(old, new)) == marked


@given(TEXTS, TEXTS)
def test_the_parts_give_both_texts_and_are_as_few_as_can_be(old: str, new: str) -> None:
    parts = word_difference(old, new)
    assert "".join(part.text for part in parts if part.kind is not PartKind.ADDED) == old
    assert "".join(part.text for part in parts if part.kind is not PartKind.REMOVED) == new
    assert all(part.text for part in parts)
    order = [part.kind for part in parts]
    assert not any(one == two for one, two in pairwise(order))
    assert (PartKind.ADDED, PartKind.REMOVED) not in pairwise(order)


def test_a_part_knows_its_position() -> None:
    assert word_difference("a b", "a") == [Part(PartKind.SAME, "a"), Part(PartKind.REMOVED, " b")]


@given(TEXTS, TEXTS)
def test_a_slip_is_a_slip_in_both_directions(old: str, new: str) -> None:
    assert is_typo_only(old, new) == is_typo_only(new, old)
