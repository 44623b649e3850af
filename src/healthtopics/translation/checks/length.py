"""How long a translation is beside its English."""

from collections.abc import Iterator
from typing import Final

from healthtopics.problems import Level
from healthtopics.translation.checks.prose import prose_of
from healthtopics.translation.checks.values import Finding, Pair

_ANY: Final = (0.15, 4.0)
"""For languages of which nothing is known; some write a word with one character."""
_SHORTEST: Final = 40
"""Below so many characters of English the ratio says little; then it must be far off."""


def check_ratio(pair: Pair) -> Iterator[Finding]:
    """Yield a translation so short that something must be missing, or so long that something was added."""
    if pair.rule.is_list or pair.is_name:
        return
    source, target = len(pair.source), len(pair.target)
    prose = prose_of(pair.language)
    least, most = prose.length if prose else _ANY
    if source < _SHORTEST:
        least, most = (0.0, most * 2) if source >= 4 else (0.0, 20.0)
    ratio = target / max(source, 1)
    if ratio < least:
        message = (
            f"the translation has {target} characters, the English {source}: something seems to be missing."
        )
        yield Finding("length-ratio", message, "Compare sentence by sentence.", Level.WARNING)
    elif ratio > most and target > _SHORTEST // 2:
        message = (
            f"the translation has {target} characters, the English {source}: something seems to be added."
        )
        yield Finding("length-ratio", message, "Compare sentence by sentence.", Level.WARNING)
