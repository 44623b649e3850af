"""Words as search compares them."""

import sqlite3
import string
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.index.stems import fold, stem, stems, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Miscarriage", "miscarriage"),
        ("PÉRDIDA", "perdida"),
        ("pe\u0301rdida", "perdida"),
        ("Niño, pingüino", "nino, pinguino"),
        ("ﬁbroma œdème Straße", "fibroma oedeme strasse"),
        ("İstanbul ısı", "istanbul isi"),
        ("Łódź, smørrebrød", "lodz, smorrebrod"),
        ("ή й", "ή й"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COVID-19 y la vitamina B₁₂", ["covid", "19", "y", "la", "vitamina", "b12"]),
        ("the baby's father_in_law", ["the", "baby", "s", "father", "in", "law"]),
        ("pe\u0301rdida-de peso…", ["perdida", "de", "peso"]),
        ("\u0301 _ ¿?", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


FAMILIES = {
    "en": [
        "miscarriage miscarriages",
        "baby babies",
        "bleed bleeding bleeds",
        "infection infections",
        "vaccination vaccinations vaccinated",
        "kidney kidneys",
    ],
    "es": [
        "aborto abortos",
        "pérdida perdida pérdidas PERDIDAS",
        "enfermedad enfermedades",
        "mujer mujeres",
        "examen exámenes examenes",
        "imagen imágenes",
        "riñón riñones rinon",
        "operación operaciones operacion",
        "infección infecciones infeccion",
        "corazón corazones",
        "embarazo embarazada embarazadas embarazos",
        "niño niña niños ninos",
        "diabético diabética diabeticos",
    ],
    "es-US": ["dolor dolores"],
    "fr": ["grossesse grossesses"],
    "ru": ["болезнь болезни"],
}


@pytest.mark.parametrize(
    ("language", "family"), [(language, family) for language, some in FAMILIES.items() for family in some]
)
def test_forms_of_a_word_have_one_stem(language: str, family: str) -> None:
    assert len(set(stems(family, language))) == 1


@pytest.mark.parametrize(
    ("language", "different"),
    [
        ("en", "hypertension hypotension"),
        ("en", "early ear"),
        ("en", "dialysis diabetes"),
        ("es", "hipertensión hipotensión"),
        ("es", "riñón riesgo"),
        ("es", "próstata prótesis"),
    ],
)
def test_different_words_have_different_stems(language: str, different: str) -> None:
    assert len(set(stems(different, language))) == 2


def test_a_language_without_algorithm_keeps_the_folded_words() -> None:
    assert stems("Ang mga Sakít", "tl") == ["ang", "mga", "sakit"]


LETTERS = string.ascii_letters + "áéíóúüñÁÉÍÓÚÜÑàèçö" + string.digits + "\u0301 -'_.,¿"


@given(st.text(LETTERS))
def test_words_are_the_tokens_of_fts5(text: str) -> None:
    assert list(words(text)) == tokens(text)


@given(st.text(LETTERS + "ß½ªﬁœıйή"), st.sampled_from(["en", "es", "de", "tl"]))
def test_a_stored_stem_is_found_by_the_same_stem(text: str, language: str) -> None:
    found = stems(text, language)
    stored = tokens(" ".join(found))
    assert [part for each in found for part in tokens(each)] == stored


def tokens(text: str) -> list[str]:
    """Return the tokens that FTS5 makes of a text, in their order."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
        connection.execute("INSERT INTO t VALUES (?)", (text,))
        found = [term for (term,) in connection.execute("SELECT term FROM v ORDER BY offset")]
    connection.close()
    return found


def test_a_stem_is_looked_up_without_regard_to_the_region() -> None:
    assert stem("operaciones", "es-MX") == stem("operacion", "es")
