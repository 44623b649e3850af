"""Words written twice."""

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import eq
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.languages import Prose
from healthtopics.reading.quoting import quote

_TOKEN: Final = re.compile(r"\S+")
_OPENING: Final = "¿¡“«\"'(["
_CLOSING: Final = ".,;:!?…”»\"')]"
_MARK: Final = re.compile(f"[{re.escape(_OPENING + _CLOSING)}](?<![,.])")
"""What may surround a word, besides commas and full stops."""
_LONGEST: Final = 3
"""The longest repetition that is looked for, in words; `length` reports a longer passage that comes twice."""
_THOUSANDS: Final = re.compile(r"[0-9]{3}")
"""A group of digits: 1 000 000."""


def check_doubled(pair: Pair) -> Iterator[Finding]:
    """Yield one to three words written twice in a row; in many languages that is grammar."""
    if not _may_repeat(pair.target):
        return
    text = pair.target
    tokens = [*_TOKEN.finditer(text)]
    words = [token[0].lower().lstrip(_OPENING).rstrip(_CLOSING) for token in tokens]
    for size in range(1, _LONGEST + 1):
        for start in range(len(words) - 2 * size + 1):
            first, end = words[start : start + size], start + 2 * size
            if first != words[start + size : end] or _is_meant(first, pair.prose):
                continue
            span = tokens[start].start(), tokens[end - 1].end()
            if _goes_on(tokens[start:end], first) and text[slice(*span)].lower() not in pair.source.lower():
                yield WORD_DOUBLED.finding(
                    f"“{' '.join(first)}” comes twice: {quote(text, *span)}.",
                    "Is it meant twice? If so, dismiss this; if not, write it once.",
                )
                return


def _is_meant(words: list[str], prose: Prose) -> bool:
    return (
        not any(map(str.isalnum, "".join(words)))
        or words[0] in prose.twice
        or _THOUSANDS.fullmatch(words[0]) is not None
    )


def _goes_on(tokens: list[re.Match[str]], words: list[str]) -> bool:
    """Return whether all is in one part of a sentence; a comma after one word separates: no, no.

    So does one that only one of the two has: `paso a paso, a diario`.
    """
    commas = [token[0].endswith(",") for token in tokens]
    if commas[: len(words) - 1] != commas[len(words) : -1]:
        return False
    parting = _CLOSING if len(words) == 1 else _CLOSING.replace(",", "")
    return not any(
        before[0][-1] in parting
        or after[0][0] in _OPENING
        or "\n" in before.string[before.end() : after.start()]
        for before, after in pairwise(tokens)
    )


def _may_repeat(text: str) -> bool:
    """Return quickly whether one, two or three words may be repeated at once."""
    low = text.lower()
    if _MARK.search(low):
        words = [word.lstrip(_OPENING).rstrip(_CLOSING) for word in low.split()]
    else:
        words = low.replace(",", "").replace(".", "").split()
    # Each word of a repeated passage has occurred in the text before.
    again = len(words) - len(set(words))
    return any(
        any(map(eq, words, words[size:]))
        and (size == 1 or any(map(eq, pairwise(words), pairwise(words[size:]))))
        for size in range(1, min(again, _LONGEST) + 1)
    )


WORD_DOUBLED: Final = Check("word-doubled", check_doubled, level=Level.WARNING, needs=Need.PROSE)
