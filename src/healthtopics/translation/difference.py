"""What changed between two English texts, word by word, and whether only a slip of the pen was mended."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA, Indel

from healthtopics.translation.dangers import is_dangerous_word, is_safe_to_suggest


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
    """Return the parts of both texts in order, what was removed before what was added in its place.

    The parts that are not added give the old text, those that are not removed the new one, to the letter.
    No word, number or tag is parted; white space between two changes belongs to them.
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
    """Return a difference as one line for a terminal, in the manner of wdiff: `[-old-]` and `{+new+}`."""
    return "".join(_MARKS[part.kind].format(part.text) for part in parts)


def is_typo_only(old: str, new: str) -> bool:
    """Tell whether the change is a slip that was mended: nothing that a translation would show.

    It may be in white space, in quotation marks and dashes, in commas where nothing is negated, in the full
    stop at the end, in a word that stood twice, in the first letter's case, and in the letters of a long
    word: two neighbours that changed places, a letter doubled or not, one inside that was missing or too
    much. It is never in a number, a unit, a negation, a tag, a line break, in short words, in prefixes and
    endings, or in words that are easily taken for one another. When in doubt, no.
    """
    if old == new or not is_safe_to_suggest(old, new) or old.count("\n") != new.count("\n"):
        return False
    has_negation = any(map(_is_negation, _WORD.findall(old)))
    before, after = (_sense(text, keeps_commas=has_negation) for text in (old, new))
    if len(before) != len(after):
        before, after = _without_repetition(before), _without_repetition(after)
    if len(before) != len(after):
        return False
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    return len(changed) <= _MOST_WORDS and all(_is_slip(one, other) for one, other in changed)


_MARKS: Final = {PartKind.SAME: "{}", PartKind.REMOVED: "[-{}-]", PartKind.ADDED: "{{+{}+}}"}
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER: Final = r"\d+(?:[.,]\d+)*"
_TOKEN: Final = re.compile(rf"<[^<>]*>|{_NUMBER}|{_WORD.pattern}|\s+|.", re.DOTALL)
_MOST_WORDS: Final = 3
"""How many words may change before it is a new text."""


def _change(removed: str, added: str) -> Iterator[Part]:
    if removed:
        yield Part(PartKind.REMOVED, removed)
    if added:
        yield Part(PartKind.ADDED, added)


# ── slips ────────────────────────────────────────────────────────────────────────────────────────────────

_SIGNS: Final = str.maketrans("“”„’‘–—‑", '"""\'\'---')
"""Quotation marks and dashes in one form."""


def _sense(text: str, *, keeps_commas: bool) -> list[str]:
    """Return the words, numbers, tags and signs of a text that carry its sense."""
    found = [each for each in _TOKEN.findall(text.translate(_SIGNS)) if not each.isspace()]
    if found and found[-1] == ".":
        found.pop()
    return found if keeps_commas else [each for each in found if each != ","]


def _without_repetition(words: Sequence[str]) -> list[str]:
    again = [_WORD.fullmatch(one) and one.casefold() == two.casefold() for one, two in pairwise(words)]
    return [word for word, is_again in zip(words, [None, *again], strict=False) if not is_again]


def _is_negation(word: str) -> bool:
    return is_dangerous_word(word) and not is_safe_to_suggest(word, "")


def _is_slip(one: str, other: str) -> bool:
    """Tell whether one word is the other one, misspelt."""
    if not (one.isalpha() and other.isalpha()) or is_dangerous_word(one) or is_dangerous_word(other):
        return False
    small = {one.casefold(), other.casefold()}
    if len(small) == 1:
        return not small & _CAPITONYMS and {one, other} == {one.casefold(), one.capitalize()}
    is_word = all(word[1:] == word[1:].casefold() for word in (one, other))  # no abbreviation
    if not is_word or one[0] != other[0] or small & _LOOKALIKES or OSA.distance(*small) != 1:
        return False
    short, long = sorted(small, key=len)
    if len(short) == len(long):
        return len(long) >= 5 and sorted(short) == sorted(long)  # two letters changed places
    place = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if long[place] == long[place - 1]:
        return len(long) >= 6 and place < len(long) - 1
    return len(long) >= 7 and 2 <= place < len(long) - 2


_CAPITONYMS: Final = frozenset(
    _WORD.findall("aids august cancer china ill it lent march may mercury mg pill polish rose turkey us who")
)
"""Words whose sense hangs on their case."""

_LOOKALIKES: Final = frozenset(
    _WORD.findall(
        """
        abscess adverse averse angel angle apposition opposition asses assess bared barred baring barring
        bated batted below bellow biter bitter board broad branchial brachial canon cannon caning canning
        causal casual causality casualty chancre chancer clam calm cloths clots coast coats coma comma
        conserve converse contact contacts contacted contacting contract contracts contracted contracting
        country county countries counties crave carve cystine cysteine dairy diary desert dessert deserts
        desserts detraction distraction diner dinner dining dinning discus discuss fated fatted filed field
        filing filling filings fillings fury furry griping gripping heath health heart heard holy holly
        hoping hopping infarction infraction infarct infract infarctions infractions inhibit inhabit
        inhibited inhabited inhibits inhabits later latter lighting lightning lightening loose lose marital
        martial martian medical medial medically medially medication mediation meditation medications
        mediations mental metal mettle moped mopped morality mortality painting panting patient patients
        patent patents patiently patently perfect prefect perform preform performed preformed performs
        preforms pilar pillar pined pinned planed planned planing planning plural pleural posterior prostate
        prostrate quiet quite quit radial radical radially radically rated ratted robed robbed sacred scared
        scarred scaring scarring sever serve server severe silver sliver signs sings signed singed singing
        sloping slopping specially especially spit split spilt staring starring stared starred starting
        stating started stated stained strained staining straining stimulate simulate striped stripped super
        supper taped tapped taping tapping through thorough throughout tinny tiny trail trial trails trials
        tried tired unclear nuclear united untied unite untie weather whether wining winning
        """
    )
)
"""Words that one slip turns into each other or into another word: no change of one of them is a slip."""
