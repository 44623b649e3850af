"""Niceties of print: notes that are nobody's fault."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.masking import running
from healthtopics.reading.quoting import quote

_PERCENT: Final = re.compile(r"[0-9]%")
_RANGE: Final = re.compile(r"(?<![\w-])[0-9]{1,3}-[0-9]{1,3}(?![\w-])")
_GENDER: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+(?:\((?:a|as|o|os|es)\)|/(?:a|as|o|os)\b|@s?\b)")


def check_typography(pair: Pair) -> Iterator[Finding]:
    """Yield how the style guide would rather have it written."""
    text = pair.target
    if "%" in text and (match := _PERCENT.search(text)):
        yield TYPOGRAPHY_PERCENT.finding(
            f"no space before the percent sign: {quote(text, *match.span())}.",
            "Spanish writes a space, best one that does not break: 20 %.",
        )
    if "-" in text and (match := _RANGE.search(text)):
        yield TYPOGRAPHY_RANGE.finding(
            f"a hyphen in a range: {quote(text, *match.span())}.",
            "Write “de 4 a 6”, or a dash: 4–6.",
        )
    if ("(" in text or "/" in text or "@" in text) and (match := _GENDER.search(running(text))):
        yield GENDER_BRACKETS.finding(
            f"two forms in one word are hard to read aloud: {quote(text, *match.span())}.",
            "Write a word for everybody (“profesional de salud”), or both forms.",
        )


TYPOGRAPHY_PERCENT: Final = Check("typography-percent", check_typography, level=Level.INFO, needs=Need.PROSE)
TYPOGRAPHY_RANGE: Final = Check("typography-range", check_typography, level=Level.INFO, needs=Need.PROSE)
GENDER_BRACKETS: Final = Check("gender-brackets", check_typography, level=Level.INFO, needs=Need.PROSE)
