"""Which Spanish descriptions are taken for translations of the English ones.

Of the pairs of the labelled set that could be descriptions, about half of the right ones are accepted,
and 6 % of the wrong ones, most of which have one edit that no check sees.
"""

import json
import random
from typing import Final

import pytest

from healthtopics.importers.medlineplus.pairing import are_translations
from support.samples import ROOT

_LONGEST: Final = 200
"""Of a description, in characters."""


def labelled(label: str) -> list[tuple[str, str]]:
    """Return the pairs of a label that could be descriptions: plain text, neither a word nor a long text."""
    rows = [
        json.loads(line)
        for line in (ROOT / f"tests/labelled/{label}.development.jsonl").read_text().splitlines()
    ]
    pairs = [(row["english"], row["spanish"]) for row in rows]
    return [
        pair
        for pair in pairs
        if 35 <= len(pair[0]) <= _LONGEST >= len(pair[1]) and not set("<&\n").intersection("".join(pair))
    ]


def test_many_right_pairs_and_few_wrong_ones_are_translations() -> None:
    right, wrong = labelled("right"), labelled("wrong")
    accepted = [sum(are_translations(*pair) for pair in pairs) for pairs in (right, wrong)]
    assert (len(right), len(wrong)) == (1489, 1432)
    assert accepted[0] >= 700
    assert accepted[1] <= 90


def test_no_pair_of_two_other_texts_is_a_translation() -> None:
    right = labelled("right")
    draw = random.Random("other texts")  # noqa: S311 - a test must draw the same pairs each time
    found = [
        (english, other)
        for english, own in right
        for _, other in draw.sample(right, 10)
        if other != own and are_translations(english, other)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Take 0.25 mg of the medicine every day.", "Tome 2,5 mg de la medicina todos los días."),
        ("Take 1.5 mg of the medicine every day.", "Tome 15 mg de la medicina todos los días."),
        ("Take 2 tablets every 8 hours for pain.", "Tome 8 tabletas cada 2 horas para el dolor."),
        ("Take 5 mg of the medicine every day.", "Tome 5 mcg de la medicina todos los días."),
    ],
)
def test_another_dose_is_another_description(english: str, spanish: str) -> None:
    assert not are_translations(english, spanish)


def test_the_same_dose_in_another_spelling_is_the_same() -> None:
    assert are_translations(
        "Take 0.25 mg of the medicine every day.", "Tome 0,25 mg de la medicina todos los días."
    )
