"""Niceties of print: notes that are nobody's fault."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Finding, Pair
from healthtopics.problems import Level
from healthtopics.reading.masking import running
from healthtopics.reading.prose import prose_of
from healthtopics.reading.quoting import quote

_PERCENT: Final = re.compile(r"[0-9]%")
_RANGE: Final = re.compile(r"(?<![\w-])[0-9]{1,3}-[0-9]{1,3}(?![\w-])")
_GENDER: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+(?:\((?:a|as|o|os|es)\)|/(?:a|as|o|os)\b|@s?\b)")


def check_typography(pair: Pair) -> Iterator[Finding]:
    """Yield how the style guide would rather have it written."""
    if prose_of(pair.language) is None:
        return
    text = pair.target
    if "%" in text and (match := _PERCENT.search(text)):
        yield Finding(
            "typography-percent",
            f"no space before the percent sign: {quote(text, *match.span())}.",
            "Spanish writes a space, best one that does not break: 20 %.",
            Level.INFO,
        )
    if "-" in text and (match := _RANGE.search(text)):
        yield Finding(
            "typography-range",
            f"a hyphen in a range: {quote(text, *match.span())}.",
            "Write “de 4 a 6”, or a dash: 4–6.",
            Level.INFO,
        )
    if ("(" in text or "/" in text or "@" in text) and (match := _GENDER.search(running(text))):
        yield Finding(
            "gender-brackets",
            f"two forms in one word are hard to read aloud: {quote(text, *match.span())}.",
            "Write a word for everybody (“profesional de salud”), or both forms.",
            Level.INFO,
        )
