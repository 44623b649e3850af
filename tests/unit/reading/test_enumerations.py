import pytest

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.enumerations import longest_enumeration
from healthtopics.reading.languages import conjunctions_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("broth, gelatin, and weak tea", 3),
        ("broth, gelatin and tea", 3),
        ("broth and tea", 2),
        ("broth, tea", 1),
        ("broth. gelatin, and tea", 2),
        ("neither heat nor cold", 2),
        ("between 20 and 34 years", 1),
        ("call 1,000 people at 10:30 or write", 2),
        ("if you have pain for more than two or three days in a row, call", 2),
        ("red, green or blue; two, three, four, or five", 4),
        ("", 1),
    ],
)
def test_the_parts_of_the_longest_enumeration_are_counted(text: str, parts: int) -> None:
    assert longest_enumeration(text, conjunctions_of(SOURCE)) == parts


def test_each_language_has_its_conjunctions() -> None:
    spanish = conjunctions_of(LanguageTag("es"))
    assert longest_enumeration("no fume, no beba ni coma", spanish) == 3
    assert longest_enumeration("fiebre e inflamación", spanish) == 2
