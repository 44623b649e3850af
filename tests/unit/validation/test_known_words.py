"""A workspace's own words for spelling."""

import pytest

from healthtopics.problems import Level
from healthtopics.validation.known_words import read_known_words

PATH = "locales/es/words.txt"


def test_words_and_comments() -> None:
    data = "# Ours\nTelesalud  # from the style guide\n\nanti-vph\r\ncafe\u0301\n".encode()
    words, problems = read_known_words(data, PATH)
    assert (sorted(words), problems) == (["anti-vph", "café", "telesalud"], ())
    assert read_known_words(b"\xef\xbb\xbftelesalud", PATH)[0] == {"telesalud"}
    assert not any(read_known_words(b"", PATH))


@pytest.mark.parametrize("line", ["dos palabras", "covid19", "uno,dos", "hola.", "-", "tab\tbed"])
def test_a_line_that_is_not_one_word_is_reported_and_left_out(line: str) -> None:
    words, problems = read_known_words(f"telesalud\n{line}\n".encode(), PATH)
    assert words == {"telesalud"}
    assert [(each.check, each.level, each.path, each.line) for each in problems] == [
        ("words-line", Level.WARNING, PATH, 2)
    ]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_another_encoding_is_reported_at_its_place(mark: bytes) -> None:
    words, problems = read_known_words(mark + "telesalud\nanti-sín".encode("latin-1"), PATH)
    assert words == frozenset()
    assert [(each.check, each.line, each.column) for each in problems] == [("words-encoding", 2, 7)]
