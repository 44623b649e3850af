"""Where titles appear in a list from A to Z."""

import re
from typing import Final

from healthtopics.index.stems import fold

_OPENING: Final = re.compile(r"\A[\W_]+")
OTHERS: Final = "#"
"""The letter of titles that start with none: 5-HTP."""


def sort_key(title: str, language: str) -> str:
    """Return what orders titles by code point: without case, accents and opening marks.

    In Spanish, ñ is a letter between n and o.
    """
    words = _OPENING.sub("", title.casefold())
    if language.partition("-")[0] != "es":
        return fold(words)
    # A tilde comes after all letters: nz < n~ < o.
    return "n~".join(map(fold, words.replace("n\u0303", "ñ").split("ñ")))


def letter_of(title: str, language: str) -> str:
    """Return the letter under which a title is listed, a capital; `OTHERS` if it starts with none."""
    key = sort_key(title, language)
    if key.startswith("n~"):
        return "Ñ"
    return key[0].upper() if key[:1].isalpha() else OTHERS
