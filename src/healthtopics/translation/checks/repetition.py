"""Words that were written twice."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.problems import Level
from healthtopics.translation.checks.prose import prose_of
from healthtopics.translation.checks.quoting import quote
from healthtopics.translation.checks.values import Finding, Pair

_DOUBLED: Final = re.compile(r"\b([^\W\d_]+(?:[ \u00a0][^\W\d_]+)?)[ \u00a0]+\1\b", re.IGNORECASE)


def check_doubled(pair: Pair) -> Iterator[Finding]:
    """Yield a word, or two, written twice in a row; in many languages that is grammar."""
    prose = prose_of(pair.language)
    if prose is None:
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
