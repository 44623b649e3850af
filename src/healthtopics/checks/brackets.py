"""Brackets and quotation marks that do not pair."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.languages import conjunctions_of
from healthtopics.reading.quoting import quote

_BRACKET: Final = re.compile(r"[()\[\]]")
_QUOTE: Final = re.compile(r"[“”«»\"„]")
_CLOSES: Final = {")": "(", "]": "["}
_OPENS: Final = {opens: closes for closes, opens in _CLOSES.items()}


def check_brackets(pair: Pair) -> Iterator[Finding]:
    """Yield the first unpaired bracket, unless the English has an unpaired one too."""
    found = _lone_bracket(pair.target, pair.language)
    if found is None or _lone_bracket(pair.source, pair.language) is not None:
        return
    bracket = pair.target[found]
    other = _OPENS.get(bracket) or _CLOSES[bracket]
    yield BRACKET_UNBALANCED.finding(
        f"“{bracket}” has no “{other}”: {quote(pair.target, found, found + 1)}.",
        f"Write the “{other}”, or remove the “{bracket}”.",
    )


def _lone_bracket(text: str, language: LanguageTag) -> int | None:
    if "(" not in text and ")" not in text and "[" not in text and "]" not in text:
        return None
    opened: list[int] = []
    for match in _BRACKET.finditer(_counted(language).sub(_overwrite, text)):
        bracket = match[0]
        if bracket in _OPENS:
            opened.append(match.start())
        elif opened and text[opened[-1]] == _CLOSES[bracket]:
            opened.pop()
        else:
            return match.start()
    return opened[0] if opened else None


@cache
def _counted(language: LanguageTag) -> re.Pattern[str]:
    """Return a pattern of brackets that need no pair: a) and 1) before the items of a list, and a smile."""
    joins = sorted({*conjunctions_of(SOURCE), *conjunctions_of(language)})
    start = "|".join(["^", "(?<=[:;,.] )", *(rf"(?<=\b{re.escape(word)} )" for word in joins)])
    return re.compile(rf"(?:{start})(?:[a-z]|[0-9]{{1,2}})\)|(?<=[\s(])[:;]-?[()]", re.MULTILINE)


def _overwrite(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def check_quotes(pair: Pair) -> Iterator[Finding]:
    """Yield the first unpaired quotation mark, unless the English has an unpaired one too."""
    found = _lone_quote(pair.target)
    if found is None or _lone_quote(pair.source) is not None:
        return
    yield QUOTE_UNBALANCED.finding(
        f"“{pair.target[found]}” is half a pair: {quote(pair.target, found, found + 1)}.",
        'Open and close the quotation with one pair: «…», “…” or "…".',
    )


def _lone_quote(text: str) -> int | None:
    """Return the place of an unpaired quotation mark; inches after a number do not count."""
    opened: list[tuple[str, int]] = []
    for match in _QUOTE.finditer(text):
        mark, place = match[0], match.start()
        if mark == '"' and text[place - 1 : place].isdigit() and not any(each == '"' for each, _ in opened):
            continue
        if opened and (opened[-1][0], mark) in _PAIRS:
            opened.pop()
        elif mark in "”»" and (mark, "") not in _PAIRS:
            return place
        else:
            opened.append((mark, place))
    return opened[0][1] if opened else None


_PAIRS: Final = frozenset({("“", "”"), ("«", "»"), ('"', '"'), ("„", "“"), ("„", "”")})


BRACKET_UNBALANCED: Final = Check("bracket-unbalanced", check_brackets, level=Level.WARNING)
QUOTE_UNBALANCED: Final = Check("quote-unbalanced", check_quotes, level=Level.WARNING)
