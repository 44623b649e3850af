"""What changed between two English texts, word by word, and whether only a typing error was corrected."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA, Indel

from healthtopics.reading.dangers import is_dangerous_word, is_safe_to_suggest


class PartKind(StrEnum):
    """Which of the two texts has a part."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one text, or of both."""

    kind: PartKind
    text: str


def word_difference(old: str, new: str) -> Sequence[Part]:
    """Return the parts of both texts in order; what was removed comes before what replaced it.

    The parts that are not added make up exactly the old text, those that are not removed exactly the new one.
    Words, numbers and tags are never split; white space between two changes belongs to them.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    parts: list[Part] = []
    removed = added = ""
    for step in Indel.opcodes(before, after):
        gone = "".join(before[step.src_start : step.src_end])
        come = "".join(after[step.dest_start : step.dest_end])
        is_between = step.src_end < len(before) and gone.isspace() and bool(removed or added)
        if step.tag != "equal" or is_between:
            removed, added = removed + gone, added + come
            continue
        parts += _change(removed, added)
        parts.append(Part(PartKind.SAME, gone))
        removed = added = ""
    return [*parts, *_change(removed, added)]


def mark_up(parts: Sequence[Part]) -> str:
    """Return a difference as one line for a terminal, in the style of wdiff: `[-old-]` and `{+new+}`."""
    return "".join(_MARKS[part.kind].format(part.text) for part in parts)


def is_typo_only(old: str, new: str, known: AbstractSet[str] = frozenset()) -> bool:
    """Return whether the change only corrects a typing error that no translation would show.

    Allowed are changes to white space, to quotation marks and dashes, to the full stop at the end, and to a
    repeated word. A change inside a word is allowed only if `known`, the words of all other English in lower
    case (`word_counts`), has the new word and not the old one: no list can hold every word that an error
    turns
    into another. Even then it must be two neighbours that changed places, a letter doubled or not, or one
    letter inside a long word, in at most three words.
    Never allowed are changes to a number, a unit, a negation, a tag, a comma, a line break or a capital
    letter.
    When in doubt, the answer is no.
    """
    if old == new or not is_safe_to_suggest(old, new) or old.count("\n") != new.count("\n"):
        return False
    before, after = _sense(old), _sense(new)
    if len(before) != len(after):
        before, after = _without_repetition(before), _without_repetition(after)
    if len(before) != len(after):
        return False
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    return len(changed) <= _MOST_WORDS and all(_is_slip(one, other, known) for one, other in changed)


def word_counts(texts: Iterable[str]) -> Counter[str]:
    """Count in how many of the English texts each word occurs, in lower case."""
    return Counter(word for text in texts for word in set(_WORD.findall(text.casefold())))


_MARKS: Final = {PartKind.SAME: "{}", PartKind.REMOVED: "[-{}-]", PartKind.ADDED: "{{+{}+}}"}
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER: Final = r"\d+(?:[.,]\d+)*"
_TOKEN: Final = re.compile(rf"<[^<>]*>|{_NUMBER}|{_WORD.pattern}|\s+|.", re.DOTALL)
_MOST_WORDS: Final = 3
"""The most words that may change before it counts as a new text."""


def _change(removed: str, added: str) -> Iterator[Part]:
    if removed:
        yield Part(PartKind.REMOVED, removed)
    if added:
        yield Part(PartKind.ADDED, added)


# ── slips ────────────────────────────────────────────────────────────────────────────────────────────────

_SIGNS: Final = str.maketrans("“”„’‘–—‑", '"""\'\'---')
"""Normalizes quotation marks and dashes."""


def _sense(text: str) -> list[str]:
    """Return the words, numbers, tags and signs of a text that carry its meaning."""
    found = [each for each in _TOKEN.findall(text.translate(_SIGNS)) if not each.isspace()]
    if found and found[-1] == ".":
        found.pop()
    return found


def _without_repetition(words: Sequence[str]) -> list[str]:
    again = [_WORD.fullmatch(one) and one.casefold() == two.casefold() for one, two in pairwise(words)]
    return [word for word, is_again in zip(words, [None, *again], strict=False) if not is_again]


def _is_slip(old: str, new: str, known: AbstractSet[str]) -> bool:
    """Return whether the old word is a misspelling of the new one."""
    if old.casefold() in known or new.casefold() not in known:
        return False
    if not (old.isalpha() and new.isalpha()) or is_dangerous_word(old) or is_dangerous_word(new):
        return False
    is_word = all(word[1:] == word[1:].casefold() for word in (old, new))  # no abbreviation
    if not is_word or old[0] != new[0] or OSA.distance(old, new) != 1:
        return False
    return _is_typo(*sorted((old, new), key=len))


def _is_typo(short: str, long: str) -> bool:
    """Return whether one of two words that differ in one step is long enough to be the other, misspelt."""
    if len(short) == len(long):
        return len(long) >= 5 and sorted(short) == sorted(long)  # two letters changed places
    place = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if long[place] == long[place - 1]:
        return len(long) >= 6 and place < len(long) - 1
    return len(long) >= 7 and 2 <= place < len(long) - 2
