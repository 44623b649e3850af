import pytest

from healthtopics.language import LanguageTag
from healthtopics.reading.counterparts import uncovered

SPANISH = LanguageTag("es")


def passage(source: str, target: str) -> str:
    start, end = uncovered(source, target, SPANISH).passage
    return source[start:end]


@pytest.mark.parametrize(
    ("source", "target", "left"),
    [
        ("milk, gelatin, and weak tea", "leche y té poco cargado", "gelatin, and weak"),
        ("milk, gelatin, and tea", "leche, gelatina y té", ""),
        ("wash your hands and touch the skin", "lávese las manos", "touch the skin"),
        ("wash your hands and touch the skin", "lávese las manos y toque la piel", ""),
        ("oxygen", "oxígeno", ""),
        ("you have it", "", ""),
    ],
)
def test_the_longest_passage_without_a_counterpart_is_found(source: str, target: str, left: str) -> None:
    assert passage(source, target) == left


def test_words_that_a_list_knows_count_more_than_others() -> None:
    known, unknown = uncovered("fever", "x", SPANISH), uncovered("flummery", "x", SPANISH)
    assert known.most > unknown.most > 0


def test_words_of_the_translation_that_stand_for_nothing_are_set_off() -> None:
    lost = uncovered("rest, and avoid flummery", "descanse", SPANISH)
    reworded = uncovered("rest, and avoid flummery", "descanse y absténgase de zarandajas", SPANISH)
    assert lost.surplus > reworded.surplus
