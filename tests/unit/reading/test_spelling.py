import pytest

from healthtopics.language import LanguageTag
from healthtopics.reading.languages import language_of
from healthtopics.reading.spelling import Speller, speller_of


@pytest.fixture(scope="module")
def speller() -> Speller:
    language = language_of(LanguageTag("es"))
    assert language is not None
    assert language.spelling is not None
    found = speller_of(LanguageTag("es-US"), language.spelling)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "word",
    ["tómelo", "pésese", "medírsela", "dígaselo", "antibacteriano", "rápidamente", "colonoscopia", "dé"],
)
def test_a_known_word_may_have_pronouns_endings_and_prefixes(speller: Speller, word: str) -> None:
    assert speller.knows(word)


@pytest.mark.parametrize("word", ["escalofrios", "enfremera", "tetános", "comoción", "condicones"])
def test_a_slip_is_unknown_and_near_a_known_word(speller: Speller, word: str) -> None:
    assert not speller.knows(word)
    assert speller.is_near_known(word)


def test_the_words_that_the_dictionary_lacks_are_words(speller: Speller) -> None:
    """None lacks its first letter, and none is a plural or a feminine that nobody writes."""
    has = speller.dictionary.spell
    letters = "abcdefghijklmnopqrstuvwxyzáéíóúñ"
    real = {"autismo", "autista", "evitación", "ictus", "maníes", "orzuelo", "seudoefedrina"}
    cut = [word for word in speller.own if any(has(letter + word) for letter in letters)]
    assert sorted({*cut} - real) == []
    assert [word for word in speller.own if word.endswith(("ónes", "mienta", "mientas"))] == []


def test_a_rare_word_is_near_no_other(speller: Speller) -> None:
    assert not speller.knows("xantocromia")
    assert not speller.is_near_known("xantocromia")


def test_a_language_without_a_dictionary_has_no_speller(speller: Speller) -> None:
    assert speller_of(LanguageTag("fr"), speller.parts) is None
