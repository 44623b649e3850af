"""The emergency numbers that a text names: `call 911`, `llame al 112`."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from healthtopics.language import LanguageTag
from healthtopics.reading.languages import conjunctions_of, language_of, lexicon_of
from healthtopics.reading.plain import without_accents

_ANY: Final = re.compile(
    r"000|06[0156]|08[09]|09[12]|10[0-8]|11[0-57-9]|12[02389]|13[1-3]|14[0134]|15[0158]|16[06]"
    r"|19[0-9]|911|99[5-9]"
)
"""Matches the emergency numbers of most countries; 988 and 211 are for something else."""
_DIGITS: Final = re.compile(r"(?<![0-9])[0-9]([-.\u2011 ]?)[0-9]\1[0-9](?![0-9])")
"""Matches a number of three digits, also digit by digit: `9-1-1`."""
_NUMBER: Final = r"[0-9](?:[-.\u2011 ]?[0-9]){2}(?![-.,\u2011\u00a0 ]?[0-9])(?![\u00a0 ]?%)"
_NEXT: Final = re.compile(r"[\u00a0 ]([^\W\d_]{3,})")


class NamedNumber(NamedTuple):
    """An emergency number in a text."""

    number: str
    """Its three digits, however the text separates them."""
    start: int
    end: int


def emergency_numbers(text: str, tag: LanguageTag) -> Iterator[NamedNumber]:
    """Yield each emergency number that a plain text says to call; none if the language is unknown."""
    if _DIGITS.search(text) is None:
        return
    pattern = _calls(tag)
    if pattern is None:
        return
    low = text.lower()
    for match in pattern.finditer(without_accents(low)):
        if _is_amount(low, match.end(), tag):
            continue
        for found in _DIGITS.finditer(text, match.start("numbers"), match.end("numbers")):
            number = "".join(filter(str.isdigit, found[0]))
            if _ANY.fullmatch(number):
                yield NamedNumber(number, *found.span())


def _is_amount(low: str, end: int, tag: LanguageTag) -> bool:
    """Return whether a unit comes after a number: `115 minutes`. Short words can be others: `112 in`."""
    word = _NEXT.match(low, end)
    head = lexicon_of(tag).heads.get(word[1]) if word else None
    return head is not None and head.alone is not None and bool(head.alone.unit)


@cache
def _calls(tag: LanguageTag) -> re.Pattern[str] | None:
    language = language_of(tag)
    if language is None:
        return None
    joins = "|".join(rf"\b{re.escape(each)}\b" for each in conjunctions_of(tag))
    between = rf"(?:[,/() \u00a0]|{joins or '/'})+"
    return re.compile(
        rf"(?:{language.calls.pattern})[:(“\" \u00a0]*(?P<numbers>{_NUMBER}(?:{between}{_NUMBER})*)"
    )
