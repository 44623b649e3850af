"""The length of a translation compared with its English."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.problems import Level
from healthtopics.reading.counterparts import uncovered
from healthtopics.reading.languages import prose_of, small_words_of

_ANY: Final = ((40, 0.15, 4.0), (0, 0.0, 20.0))
"""Limits for languages without a file; some write a word with one character."""
_SENTENCE: Final = re.compile(r"[.!?](?=[”»\")]*(?:\s|$))")
_SHORTEST: Final = 40
"""Shorter texts grow by a sentence when an abbreviation is explained."""
_SURELY: Final = (1.0, 1.5)
"""For two or more sentences: below or above this, one may be missing or added."""


def check_ratio(pair: Pair) -> Iterator[Finding]:
    """Yield a translation so short that something must be missing, or so long that something was added."""
    source, target = len(pair.source), len(pair.target)
    if pair.rule.is_list or pair.is_name or not pair.target.strip() or target > (pair.rule.limit or target):
        return  # nothing to measure, or reported already
    ratio = target / max(source, 1)
    least, most = _limits(pair, ratio)
    if least <= ratio <= most:
        return
    seems = "missing" if ratio < least else "added"
    yield LENGTH_RATIO.finding(
        f"the translation has {target} characters, the English {source}: something seems to be {seems}.",
        "Compare sentence by sentence.",
        english=_lost_passage(pair) if ratio < least else None,
    )


def _lost_passage(pair: Pair) -> tuple[int, int] | None:
    """Return the longest passage without a counterpart; None if everything has one."""
    if not small_words_of(pair.language):
        return None
    start, end = uncovered(pair.source, pair.target, pair.language).passage
    return (start, end) if end else None


def _limits(pair: Pair, ratio: float) -> tuple[float, float]:
    """Return the least and the greatest right ratio of the lengths."""
    prose = prose_of(pair.language)
    source = len(pair.source)
    lengths = prose.lengths if prose else _ANY
    least, most = next((least, most) for start, least, most in lengths if source >= start)
    if prose and not _SURELY[0] < ratio < _SURELY[1]:
        # Very short or long, and a sentence fewer or more.
        before, after = _count_sentences(pair.source), _count_sentences(pair.target)
        least = _SURELY[0] if before > max(after, 1) else least
        most = _SURELY[1] if after > max(before, 1) and source >= _SHORTEST else most
    return least, most


def _count_sentences(text: str) -> int:
    marks = text.count(".") + text.count("!") + text.count("?")
    return len(_SENTENCE.findall(text)) if marks > 1 else marks  # no mark and one mark both mean one sentence


LENGTH_RATIO: Final = Check("length-ratio", check_ratio, level=Level.INFO)
