"""Typography: notes for those who care about print."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.quoting import quote

_PERCENT: Final = re.compile(r"[0-9]%")
_RANGE: Final = re.compile(r"(?<![\w-])[0-9]{1,3}-[0-9]{1,3}(?![\w-])")


def check_typography(pair: Pair) -> Iterator[Finding]:
    """Yield what the style guide would write differently."""
    text, wanted = pair.target, pair.prose.typography
    if wanted.percent and "%" in text and (match := _PERCENT.search(text)):
        yield TYPOGRAPHY_PERCENT.finding(
            f"no space before the percent sign: {quote(text, *match.span())}.",
            f"Write a space, best one that does not break: {wanted.percent}.",
        )
    if wanted.range and "-" in text and (match := _RANGE.search(text)):
        yield TYPOGRAPHY_RANGE.finding(
            f"a hyphen in a range: {quote(text, *match.span())}.",
            f"Write “{wanted.range}”, or a dash: 4–6.",
        )
    has_mark = "(" in text or "/" in text or "@" in text
    if has_mark and wanted.gender and (match := wanted.gender.search(pair.running)):
        yield GENDER_BRACKETS.finding(
            f"two forms in one word are hard to read aloud: {quote(text, *match.span())}.",
            f"Write a word for everybody (“{wanted.everybody}”), or both forms.",
        )


TYPOGRAPHY_PERCENT: Final = Check("typography-percent", check_typography, level=Level.INFO, needs=Need.PROSE)
TYPOGRAPHY_RANGE: Final = Check("typography-range", check_typography, level=Level.INFO, needs=Need.PROSE)
GENDER_BRACKETS: Final = Check("gender-brackets", check_typography, level=Level.INFO, needs=Need.PROSE)
