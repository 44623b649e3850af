"""Words that were written twice."""

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import eq
from typing import Final

from healthtopics.problems import Level
from healthtopics.translation.checks.prose import prose_of
from healthtopics.translation.checks.quoting import quote
from healthtopics.translation.checks.values import Finding, Pair

_DOUBLED: Final = re.compile(r"\b([^\W\d_]+(?:[ \u00a0][^\W\d_]+){0,2}?)[ \u00a0]+\1\b", re.IGNORECASE)


def check_doubled(pair: Pair) -> Iterator[Finding]:
    """Yield a word, or two or three, written twice in a row; in many languages that is grammar."""
    prose = prose_of(pair.language)
    if prose is None or not _may_repeat(pair.target):
        return
    for match in _DOUBLED.finditer(pair.target):
        if match[1].lower() in prose.twice or match[0].lower() in pair.source.lower():
            continue
        yield Finding(
            "word-doubled",
            f"“{match[1]}” stands twice: {quote(pair.target, *match.span())}.",
            "Write it once.",
            Level.WARNING,
        )


def _may_repeat(text: str) -> bool:
    """Tell, quickly, whether a word comes again within the next three."""
    words = text.lower().split(" ")
    again = any(map(str.startswith, words[1:], words)) and any(
        second.startswith(first) and not second[len(first) : len(first) + 1].isalpha()
        for first, second in pairwise(words)
    )
    return again or any(map(eq, words, words[2:])) or any(map(eq, words, words[3:]))
