"""How a finding finds and shows the words that it is about."""

import re
from typing import Final

_REACH: Final = 24
"""Characters shown on each side, rounded to whole words."""
_LONGEST: Final = 60
"""The most characters of the beginning of a passage."""


def find_passage(text: str, passage: str) -> tuple[int, int] | None:
    """Return where a text first has a passage, in small or capital letters; None if it does not."""
    match = re.search(rf"(?<!\w){re.escape(passage)}(?!\w)", text, re.IGNORECASE)
    return match and match.span()


def quote_start(text: str, start: int, end: int) -> str:
    """Return the words with which a passage of a text begins, in quotation marks."""
    passage = " ".join(text[start:end].split())
    if len(passage) <= _LONGEST:
        return f"“{passage}”"
    return f"“{passage[:_LONGEST].rpartition(' ')[0] or passage[:_LONGEST]}…”"


def quote(text: str, start: int, end: int) -> str:
    """Return the text from `start` to `end` with some words around it, in quotation marks."""
    before, after = text[:start], text[end:]
    left, right = before[-_REACH:], after[:_REACH]
    if len(left) < len(before):
        left = f"…{left.partition(' ')[2] or left}"
    if len(right) < len(after):
        right = f"{right.rpartition(' ')[0] or right}…"
    return f"“{left}{text[start:end]}{right}”".replace("\n", " ")
