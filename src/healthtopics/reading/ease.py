"""How easy a text is to read, by a published formula of its language.

Each formula is linear in the words per sentence and the syllables per word; its coefficients are in the file
of the language. The hyphenation patterns of pyphen divide a word where it may be broken, which leaves words
such as `fever` and `área` whole: so each part has as many syllables as it has groups of sounded vowels. Some
words, even common ones such as `every`, are still counted one syllable off.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import pyphen

from healthtopics.language import LanguageTag
from healthtopics.reading.languages import EaseFormula, language_of

LEAST_WORDS: Final = 30
"""Below this many words, one long word or sentence decides the value."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"([.!?…]+)[\"”’»)\]]*(?:\s+[\"“‘«(\[]*(?P<next>[¿¡]|[^\W\d_])|\s*$)")
"""Matches the end of a text, or the marks at the end of a sentence, with the first letter of the next one."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas need of a text. Numbers in digits are not words."""

    sentences: int = 0
    words: int = 0
    syllables: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return the counts of both texts."""
        return Counts(
            self.sentences + other.sentences, self.words + other.words, self.syllables + other.syllables
        )


def ease_formula(language: LanguageTag) -> EaseFormula | None:
    """Return the formula for texts in a language; None if there is none."""
    known = language_of(language)
    return known.ease if known else None


def count(lines: Iterable[str], formula: EaseFormula) -> Counts:
    """Count a text without markup; a line, such as an item of a list, is at least one sentence."""
    total = Counts()
    for line in lines:
        if words := _WORD.findall(line):
            syllables = sum(_syllables(formula, word.lower()) for word in words)
            total += Counts(_sentences(line, formula), len(words), syllables)
    return total


def _sentences(line: str, formula: EaseFormula) -> int:
    ends = sum(
        match["next"] is None
        or (
            (match["next"].isupper() or match["next"] in "¿¡")
            and not formula.abbreviation.search(line, 0, match.end(1))
        )
        for match in _END.finditer(line)
    )
    return max(1, ends)


def ease_of(counts: Counts, formula: EaseFormula) -> float | None:
    """Return the value of the formula with one decimal; None for fewer than `LEAST_WORDS` words."""
    if counts.words < LEAST_WORDS:
        return None
    value = (
        formula.constant
        + formula.words_per_sentence * counts.words / counts.sentences
        + formula.syllables_per_word * counts.syllables / counts.words
    )
    return round(value, 1)


@lru_cache(maxsize=20_000)
def _syllables(formula: EaseFormula, word: str) -> int:
    divided = _hyphenation(formula.hyphenation).inserted(word, "\u00ad")
    return max(1, len(formula.vowels.findall(divided)))


@cache
def _hyphenation(name: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=name)
