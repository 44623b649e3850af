"""Which words of an English text something in the translation stands for: evidence that nothing was left out.

A word has a counterpart if a term of the packaged glossary or a line of `data/words` that has the word is in
both texts, or if the other text has a word with the same beginning: `oxygen`, `oxígeno`. Small words are not
asked for.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Final, NamedTuple

from healthtopics.glossary import Hit, WordSequence
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.cognates import spelt
from healthtopics.reading.concepts import concepts_of
from healthtopics.reading.languages import small_words_of

_SAME: Final = 4
"""The fewest letters that two cognates have in common at their beginnings."""
_SAME_SHARE: Final = 0.55
"""The least share of the shorter one that these are."""
_UNKNOWN: Final = 0.7
"""What a word without a counterpart counts that no list knows; one that a list knows counts 1."""


class Uncovered(NamedTuple):
    """What of a text has no counterpart."""

    most: float
    """The words of the longest passage without one."""
    passage: tuple[int, int]
    """Where this passage begins and ends; both are 0 if everything has one."""
    surplus: float
    """How many more words without one the English has than the translation."""


def uncovered(source: str, target: str, language: LanguageTag) -> Uncovered:
    """Return what of the English has no counterpart in the translation; both without markup."""
    glossary = concepts_of(language).glossary
    english, translation = WordSequence(source), WordSequence(target)
    own, other = glossary.all_of_english(english), glossary.all_of(translation)
    ids, foreign = ({hit.term.id for hit in hits} for hits in (own, other))
    before = _weights(english, own, foreign, translation, small_words_of(SOURCE))
    after = _weights(translation, other, ids, english, small_words_of(language))
    most, passage = _longest(before)
    return Uncovered(
        most,
        english.span(*passage) if most else (0, 0),
        sum(filter(None, before)) - sum(each is not None and each > 0 for each in after),
    )


def _weights(
    words: WordSequence,
    hits: Iterable[Hit],
    named: Container[str],
    others: WordSequence,
    small: frozenset[str],
) -> Sequence[float | None]:
    """Return for each word what it counts: 0 with a counterpart, None if it need not have one."""
    found: list[float | None] = [
        _UNKNOWN if word[0].isalpha() and word.lower() not in small else None for word in words.written
    ]
    for hit in hits:
        if not hit.term.translations:
            continue  # it only says what is wrong
        is_covered = hit.term.id in named
        for place in range(hit.start, hit.end):
            if found[place]:
                found[place] = 0.0 if is_covered else 1.0
    beginnings: dict[str, list[str]] = {}
    for spelling in map(spelt, _lower(others.written)):
        beginnings.setdefault(spelling[:_SAME], []).append(spelling)
    for place, word in enumerate(words.written):
        if found[place]:
            own = spelt(word.lower())
            if any(_are_akin(own, each) for each in beginnings.get(own[:_SAME], ())):
                found[place] = 0.0
    return found


def _lower(words: Iterable[str]) -> list[str]:
    return [word.lower() for word in words if word[0].isalpha()]


def _are_akin(one: str, other: str) -> bool:
    if one == other:
        return True
    same = next(
        (at for at, (own, foreign) in enumerate(zip(one, other, strict=False)) if own != foreign),
        min(len(one), len(other)),
    )
    return same >= _SAME and same >= _SAME_SHARE * min(len(one), len(other))


def _longest(weights: Sequence[float | None]) -> tuple[float, tuple[int, int]]:
    """Return what the longest passage without a counterpart counts, and its first and last word."""
    best, passage = 0.0, (0, 0)
    sum_, start, end = 0.0, 0, 0
    for place, weight in enumerate(weights):
        if weight == 0:
            sum_ = 0.0
        elif weight:
            start = start if sum_ else place
            sum_, end = sum_ + weight, place
            if sum_ > best:
                best, passage = sum_, (start, end)
    return best, passage
