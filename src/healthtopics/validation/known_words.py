"""The words of a workspace that spelling accepts, one per line; `#` begins a comment."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from healthtopics.problems import Level, Problem, position_of

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@lru_cache(maxsize=8)
def read_known_words(data: bytes, path: str) -> tuple[frozenset[str], tuple[Problem, ...]]:
    """Return the words in lower case, and what is wrong with other lines, which are left out."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return frozenset(), (_not_utf_8(error, path),)
    words: set[str] = set()
    problems: list[Problem] = []
    for number, word in _lines(text):
        if _WORD.fullmatch(word):
            words.add(word.lower())
        else:
            problems.append(
                Problem(
                    check="words-line",
                    level=Level.WARNING,
                    path=path,
                    line=number,
                    message="this is not one word.",
                    hint="Write one word per line, without digits; a comment begins with #.",
                )
            )
    return frozenset(words), tuple(problems)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(unicodedata.normalize("NFC", text).split("\n"), 1):
        if word := line.partition("#")[0].strip():
            yield number, word


def _not_utf_8(error: UnicodeDecodeError, path: str) -> Problem:
    line, column = position_of(error.object, error.start)  # without the byte order mark, which has no column
    return Problem(
        check="words-encoding",
        path=path,
        line=line,
        column=column,
        message="the text is not UTF-8.",
        hint="Save the file as UTF-8.",
    )
