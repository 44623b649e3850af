"""The emergency numbers that a text names: `call 911`, `llame al 112`."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from healthtopics.language import LanguageTag
from healthtopics.reading.languages import conjunctions_of, language_of, without_accents

_ANY: Final = re.compile(
    r"(?<![0-9])(?:000|06[0156]|08[09]|09[12]|10[0-8]|11[0-57-9]|12[02389]|13[1-3]|14[0134]|15[0158]|16[06]"
    r"|19[0-9]|911|99[5-9])(?![0-9])"
)
"""Matches the emergency numbers of most countries; 988 and 211 are for something else."""
_NUMBER: Final = r"[0-9]{3}(?![-.,\u00a0 ]?[0-9])"


class NamedNumber(NamedTuple):
    """An emergency number in a text."""

    number: str
    start: int
    end: int


def emergency_numbers(text: str, tag: LanguageTag) -> Iterator[NamedNumber]:
    """Yield each emergency number that a plain text says to call; none if the language is unknown."""
    if _ANY.search(text) is None:
        return
    pattern = _calls(tag)
    if pattern is None:
        return
    for match in pattern.finditer(without_accents(text.lower())):
        for number in _ANY.finditer(text, match.start("numbers"), match.end("numbers")):
            yield NamedNumber(number[0], *number.span())


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
