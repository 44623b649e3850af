"""Reading ease: sentences, words and syllables counted, and the formulas worked by hand."""

import pytest

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.ease import Counts, count, ease_formula, ease_of
from healthtopics.reading.languages import EaseFormula

ES = LanguageTag("es")


def formula_of(language: LanguageTag) -> EaseFormula:
    formula = ease_formula(language)
    assert formula is not None
    return formula


@pytest.mark.parametrize(
    ("language", "counts", "expected"),
    [
        # 0.39 × 25 + 11.8 × 1.5 − 15.59
        (SOURCE, Counts(4, 100, 150), 11.9),
        # 0.39 × 10 + 11.8 × 1.2 − 15.59
        (SOURCE, Counts(10, 100, 120), 2.5),
        # 206.835 − 62.3 × 2 − 20
        (ES, Counts(5, 100, 200), 62.2),
        # 206.835 − 62.3 × 1.8 − 10
        (ES, Counts(10, 100, 180), 84.7),
    ],
)
def test_the_formulas_worked_by_hand(language: LanguageTag, counts: Counts, expected: float) -> None:
    assert ease_of(counts, formula_of(language)) == expected


@pytest.mark.parametrize(
    ("language", "lines", "expected"),
    [
        pytest.param(SOURCE, ["Call your doctor. Do not wait!"], Counts(2, 6, 7), id="sentences"),
        pytest.param(SOURCE, ["Fever", "Heavy bleeding"], Counts(2, 3, 6), id="items without full stop"),
        pytest.param(SOURCE, ["About 20 of 100 women (1 in 5)"], Counts(1, 4, 6), id="digits"),
        pytest.param(SOURCE, ["Don’t take over-the-counter pills."], Counts(1, 4, 8), id="joined words"),
        pytest.param(SOURCE, ["", "…", "20 %"], Counts(), id="no words"),
        pytest.param(ES, ["¿Tiene dolor? Llame al médico."], Counts(2, 5, 10), id="Spanish"),
        pytest.param(ES, ["embarazo", "niños"], Counts(2, 2, 6), id="Spanish items"),
        pytest.param(
            SOURCE, ["It ended (“early.”) Then it began."], Counts(2, 6, 9), id="marks after the stop"
        ),
        pytest.param(SOURCE, ["Ask Dr. Smith, e.g. at 5 p.m. today."], Counts(1, 9, 10), id="abbreviations"),
        pytest.param(SOURCE, ["Rest. “Go home.” (Sleep?)"], Counts(3, 4, 4), id="marks before the next"),
        pytest.param(SOURCE, ["Come in. Stay until 5 p.m."], Counts(2, 6, 7), id="abbreviation at the end"),
        pytest.param(ES, ["Vea al Dr. Ruiz. ¿Duele? ¡Vaya!"], Counts(3, 6, 9), id="Spanish marks"),
    ],
)
def test_counts_of_a_text(language: LanguageTag, lines: list[str], expected: Counts) -> None:
    assert count(lines, formula_of(language)) == expected


def test_the_whole_is_the_sum_of_its_parts() -> None:
    formula = formula_of(SOURCE)
    lines = ["Call your doctor. Do not wait!", "Heavy bleeding"]
    assert count(lines[:1], formula) + count(lines[1:], formula) == count(lines, formula)


def test_a_short_text_has_no_value() -> None:
    assert ease_of(Counts(1, 29, 40), formula_of(SOURCE)) is None
    assert ease_of(Counts(1, 30, 40), formula_of(SOURCE)) is not None


def test_a_language_without_file_has_no_formula() -> None:
    assert ease_formula(LanguageTag("pt")) is None


def test_a_regional_variant_has_the_formula_of_its_language() -> None:
    assert ease_formula(LanguageTag("es-US")) == formula_of(ES)


ENGLISH = """
    the:1 fever:2 heavy:2 bleeding:2 about:2 over:2 counter:2 pills:1 ended:2 provider:3 miscarriage:3
    pregnancy:3 disease:2 diseases:3 caused:1 needed:2 people:2 while:1
    infected:3 medicine:3 table:2 severe:2 babies:2
    chromosomes:3 called:1 once:1 changes:2 placenta:3 guided:2 emergency:4 create:2
"""
SPANISH = """
    tiene:2 médico:3 embarazo:4 niños:2 aborto:3 día:2 área:3 agua:2 leer:2 país:2 quien:1 guía:2 ley:1 y:1
    que:1 construir:2 cigüeña:3 espontáneo:5 amniocentesis:5 líquido:3
    cuidado:3 infecciones:4 reír:2 muy:1 oído:3
    ciudad:2 seguimiento:4 vergüenza:3 continuo:3
"""


@pytest.mark.parametrize(
    ("language", "word", "syllables"),
    [
        pytest.param(language, word, int(syllables), id=word)
        for language, words in ((SOURCE, ENGLISH), (ES, SPANISH))
        for word, syllables in (each.split(":") for each in words.split())
    ],
)
def test_syllables_of_a_word(language: LanguageTag, word: str, syllables: int) -> None:
    assert count([word], formula_of(language)).syllables == syllables
