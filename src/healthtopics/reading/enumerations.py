"""How many parts the longest enumeration of a text has: `A, B, or C` has three.

Numbers are left out: `between 20 and 34` may be a range in other words.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

_MOST_WORDS: Final = 6
"""The most words of a part between two others; longer ones are clauses."""


def longest_enumeration(low: str, conjunctions: Sequence[str]) -> int:
    """Return the number of parts of the longest enumeration with a conjunction; 1 if there is none."""
    joint, separators = _patterns(tuple(conjunctions))
    if not joint.search(low):
        return 1
    longest = parts = 1
    is_joined = False
    end = 0
    for match in separators.finditer(low):
        is_stop, joins = match["stop"] is not None, match["joins"] is not None
        if is_stop or (is_joined and not joins) or low.count(" ", end, match.start()) > _MOST_WORDS:
            if is_joined:
                longest = max(longest, parts)
            parts, is_joined = 1, False
        end = match.end()
        if not is_stop:
            parts, is_joined = parts + 1, is_joined or joins
    return max(longest, parts) if is_joined else longest


@cache
def _patterns(conjunctions: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return a pattern that a text with an enumeration matches, and one of what separates its parts."""
    joins = "|".join(map(re.escape, conjunctions))
    return (
        re.compile(rf"\s(?:{joins})[\s,]"),
        re.compile(rf"(?P<stop>[;:.!?()\n](?!\w))|,?\s(?P<joins>{joins})(?=\s\D|,)|,(?=\s)"),
    )
