"""A clause or an item of a list that seems to be missing in the translation."""

from collections.abc import Iterator
from math import sqrt
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.counterparts import uncovered
from healthtopics.reading.enumerations import longest_enumeration
from healthtopics.reading.languages import conjunctions_of, small_words_of
from healthtopics.reading.quoting import quote

_LONGEST: Final = 1000
"""Longer texts are reworded too freely to be compared word by word."""
_FEWER: Final = 3.0
"""What it counts if the longest enumeration has fewer parts."""
_SHORTER: Final = 1.0
"""What each character fewer counts, divided by the square root of the length."""
_SURPLUS: Final = 0.7
"""What each word without a counterpart counts that the English has more of than the translation."""
_PASSAGE: Final = 0.5
"""What each word of the longest passage without a counterpart counts."""
_LIMIT: Final = 4.3


def check_lost_text(pair: Pair) -> Iterator[Finding]:
    """Yield a translation that is shorter, or enumerates less, and has no counterpart for a passage."""
    source, target = pair.source, pair.target
    if (
        pair.language == SOURCE
        or pair.rule.is_list
        or pair.is_name
        or len(source) > _LONGEST
        or not target.strip()
    ):
        return
    shorter = (len(source) - len(target)) / sqrt(len(source) or 1)
    fewer = _counts_fewer(pair)
    if (shorter <= 0 and not fewer) or not small_words_of(pair.language):
        return
    found = uncovered(source, target, pair.language)
    if not found.most:
        return
    score = _FEWER * fewer + _SHORTER * shorter + _SURPLUS * found.surplus + _PASSAGE * found.most
    if score > _LIMIT:
        yield TEXT_LOST.finding(
            f"nothing in the translation seems to stand for {quote(source, *found.passage)}.",
            "Is an item of a list or a clause missing? If all is said, in other words, dismiss this.",
            english=found.passage,
        )


def _counts_fewer(pair: Pair) -> bool:
    """Return whether the longest enumeration of the translation has fewer parts than the English one."""
    found = pair.comparison
    parts = longest_enumeration(found.source.low, conjunctions_of(SOURCE))
    return parts > 1 and parts > longest_enumeration(found.target.low, conjunctions_of(pair.language))


TEXT_LOST: Final = Check("text-lost", check_lost_text, level=Level.WARNING, needs=Need.WORDS)
