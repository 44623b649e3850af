"""Aligns the parts of a text with those of its translation, and says how certain that is.

Two sequences of segments are aligned in their order by dynamic programming over beads (Gale and Church,
“A Program for Aligning Sentences in Bilingual Corpora”, 1993): one segment for one, one for none, and the
groupings for parts that cannot be separated. Apart from length, what stays the same in translation
counts: links, numbers, names, words of one root, and whether there is a “not”. The certainty of a bead is
its share of the probability of all alignments (forward–backward), so that doubts are reported, not decided.
Beads are in order, so moved segments are looked for afterwards: two segments that are not each other's
counterparts although they have more in common than either has with its own.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from healthtopics.language import LanguageTag
from healthtopics.reading.languages import recognition_of

CERTAIN: Final = 0.9
"""The least share of the probability that makes a bead certain."""

_GROWTH: Final = 1.15
"""Characters of Spanish for one of English."""
_VARIANCE: Final = 6.8
"""The variance of the length of a translation, per character of the original (Gale and Church, §2.1)."""
_BACKGROUND: Final = 5.0
"""How many times wider the lengths of unrelated segments spread."""
_ROOT: Final = 5
"""The first letters that words of one root share in both languages: hospital, abdominal, infec-tion."""
_KIN: Final = 0.18
"""The share of words that a segment and its translation have in common by root or name."""
_CHANCE: Final = 0.025
"""The same share for two unrelated segments."""

_ROOT_WEIGHT: Final = math.log(_KIN / _CHANCE)

_NEGATION: Final = 1.8
"""The cost if one of two segments has a “not” and the other has none."""
_MARGIN: Final = 1.5
"""The additional evidence for another counterpart that shows a move: one word of one root."""

_PRIORS: Final = {(1, 1): 0.93, (1, 0): 0.012, (0, 1): 0.012, (2, 1): 0.02, (1, 2): 0.02, (2, 2): 0.006}
"""How often each kind of bead occurs: segments on the one side, segments on the other."""
_LOG_PRIORS: Final = {bead: math.log(prior) for bead, prior in _PRIORS.items()}
_PLAIN: Final = 0.7
"""A likeness above which two segments of the same kind and place need no comparison with others."""
_OTHER_KIND: Final = math.log(0.005)
"""A list in place of a paragraph is rare."""

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_WORD = re.compile(r"[^\W\d_]{3,}")
_SPELLINGS = (("tion", "cion"), ("ph", "f"), ("th", "t"), ("y", "i"))
"""The same sound in an English and a Spanish word of one root: lotion, loción; physical, físico."""
_DOUBLE = re.compile(r"([b-df-hj-np-tv-z])\1")
"""A double consonant, often single in Spanish: allergy, alergia."""


@cache
def _negations() -> re.Pattern[str]:
    """Return what finds a negation in either language, in a text without accents."""
    patterns = (recognition_of(LanguageTag(tag)).negation.pattern for tag in ("en", "es"))
    return re.compile("|".join(patterns), re.IGNORECASE)


_Marks: TypeAlias = frozenset[str | tuple[str, int]]
"""Features, each occurrence for itself: the second of `x` is `("x", 2)`."""


@dataclass(frozen=True, slots=True)
class _Traits:
    """Features that a segment can share with its translation."""

    numbers: _Marks
    """By their digits alone: 1,000 is 1.000, and 0.5 is 0,5."""
    anchors: _Marks
    roots: _Marks
    """The beginnings of longer words, in one spelling, and short names in capitals whole; no accents."""
    is_negative: bool
    """Whether it says “not”, in any word."""


@dataclass(frozen=True)
class Segment:
    """One part of a text: a section, a block, an item of a list."""

    kind: str
    """Its kind; parts of one kind correspond more often."""
    text: str
    """Without markup."""
    anchors: tuple[str, ...] = ()
    """Features that are the same in both languages, or normalised: topics and pages linked to, the aspect."""
    parts: tuple["Segment", ...] = field(default=(), repr=False, compare=False)
    """The segments that it was joined from."""

    @classmethod
    def joined(cls, kind: str, parts: Sequence["Segment"], anchors: Iterable[str] = ()) -> "Segment":
        """Join segments into one, with additional anchors before theirs."""
        text = " ".join(part.text for part in parts)
        return cls(kind, text, (*anchors, *(each for part in parts for each in part.anchors)), tuple(parts))

    @cached_property
    def traits(self) -> _Traits:
        """Its features; they never span the boundary of two parts."""
        return _Traits(
            _each(self.numbers),
            _each(self.anchors),
            _each(self.roots),
            any(part.traits.is_negative for part in self.parts) if self.parts else _is_negative(self.text),
        )

    @cached_property
    def marks(self) -> _Marks:
        """All features that it can share with its translation."""
        return self.traits.numbers | self.traits.anchors | self.traits.roots

    @cached_property
    def numbers(self) -> list[str]:
        """The digits of its numbers."""
        if self.parts:
            return [number for part in self.parts for number in part.numbers]
        return [re.sub(r"\D", "", number) for number in _NUMBER.findall(self.text)]

    @cached_property
    def roots(self) -> list[str]:
        """What is compared of its words."""
        if self.parts:
            return [root for part in self.parts for root in part.roots]
        return list(filter(None, map(_root_of, _WORD.findall(_bare(self.text)))))


@dataclass(frozen=True, slots=True)
class Bead:
    """Some neighbouring segments on one side, and their counterparts on the other."""

    source: range
    target: range
    certainty: float
    """0 to 1."""

    @property
    def is_pair(self) -> bool:
        """Whether one segment corresponds to one."""
        return len(self.source) == len(self.target) == 1


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best alignment of two sequences; its beads cover both, in order."""

    beads: tuple[Bead, ...]
    is_certain: bool
    """Whether every segment has one counterpart or certainly none, and nothing was moved."""
    doubts: int = field(default=0)
    """The number of beads that are not certain."""


def align(source: Sequence[Segment], target: Sequence[Segment]) -> Alignment:
    """Align two sequences; either may be empty."""
    if _is_parallel(source, target):
        plain = tuple(Bead(range(at, at + 1), range(at, at + 1), 1.0) for at in range(len(source)))
        if not _displaced(source, target, plain):
            return Alignment(plain, is_certain=True)
    lattice = _Lattice(source, target)
    beads = tuple(lattice.best())
    displaced = _displaced(source, target, beads)
    doubts = sum(
        bead.certainty < CERTAIN
        or (len(bead.source), len(bead.target)) not in ((1, 1), (1, 0), (0, 1))
        or (bead.is_pair and source[bead.source[0]].kind != target[bead.target[0]].kind)
        or not displaced.isdisjoint(bead.source)
        for bead in beads
    )
    doubts += _count_moved(source, target, beads)
    return Alignment(beads, is_certain=not doubts, doubts=doubts)


def _is_parallel(source: Sequence[Segment], target: Sequence[Segment]) -> bool:
    """Return quickly whether the sequences are parallel: the same structure, and similar parts."""
    return len(source) == len(target) and all(
        one.kind == other.kind and likeness(one, other) > _PLAIN
        for one, other in zip(source, target, strict=True)
    )


def likeness(one: Segment, other: Segment) -> float:
    """Return the logarithm of how much likelier the two are if one translates the other than if not."""
    return _length(one.text, other.text) + _evidence(one, other)


def _evidence(one: Segment, other: Segment) -> float:
    """Return the evidence for or against a translation, apart from length; about 0 if there is none."""
    here, there = one.traits, other.traits
    negation = -_NEGATION if here.is_negative != there.is_negative else 0.0
    return _numbers(here, there) + _anchors(here, there) + _roots(here, there) + negation


def _count_moved(source: Sequence[Segment], target: Sequence[Segment], beads: Iterable[Bead]) -> int:
    """Count segments that seem to have lost their counterpart but have it at another place.

    Beads are in order, so a moved segment appears to be missing here and new there.
    """
    beads = tuple(beads)
    missing = [source[bead.source[0]] for bead in beads if not bead.target]
    new = [target[bead.target[0]] for bead in beads if not bead.source]
    return sum(any(likeness(one, other) > 0 for other in new) for one in missing)


def _displaced(source: Sequence[Segment], target: Sequence[Segment], beads: Iterable[Bead]) -> set[int]:
    """Return the source segments with more evidence for another counterpart, which has less for its own.

    Both must gain: in a text on one subject many segments have words in common. Having almost nothing in
    common
    is not a doubt by itself: short items are often like that.
    """
    pairs = {bead.source[0]: bead.target[0] for bead in beads if bead.is_pair}
    own = {i: _evidence(source[i], target[j]) for i, j in pairs.items()}
    theirs = {j: own[i] for i, j in pairs.items()}

    def is_displaced(i: int) -> bool:
        one, least = source[i], own.get(i, 0.0) + _MARGIN
        return any(
            other.kind == one.kind
            and (i in pairs or j in theirs)
            and pairs.get(i) != j
            and (least < 0 or not one.marks.isdisjoint(other.marks))  # otherwise too little to matter
            and _evidence(one, other) > max(least, theirs.get(j, 0.0) + _MARGIN)
            for j, other in enumerate(target)
        )

    return {i for i in range(len(source)) if is_displaced(i)}


class _Lattice:
    """All alignments of two sequences: nodes (i, j) give how much of each is done."""

    def __init__(self, source: Sequence[Segment], target: Sequence[Segment]) -> None:
        self._source = source
        self._target = target
        self._joined_source = _joined(source)
        self._joined_target = _joined(target)
        self._scores: dict[tuple[int, int, int, int], float] = {}
        for i in range(len(source) + 1):
            for j in range(len(target) + 1):
                for (di, dj), prior in _LOG_PRIORS.items():
                    if i + di <= len(source) and j + dj <= len(target):
                        self._scores[i, j, di, dj] = prior + self._likeness(i, j, di, dj)

    def _likeness(self, i: int, j: int, di: int, dj: int) -> float:
        if not di or not dj:
            return 0.0
        one, other = self._joined_source[i, di], self._joined_target[j, dj]
        is_other = one.kind != other.kind
        return likeness(one, other) + (_OTHER_KIND if is_other and di == dj == 1 else 0.0)

    def best(self) -> list[Bead]:
        """Return the beads of the most probable alignment, with their certainty."""
        ends = (len(self._source), len(self._target))
        forward = self._forward()
        backward = self._backward()
        total = forward[ends][1]
        beads: list[Bead] = []
        node = ends
        while node != (0, 0):
            di, dj = forward[node][2]
            start = (node[0] - di, node[1] - dj)
            through = forward[start][1] + self._scores[(*start, di, dj)] + backward[node]
            certainty = min(1.0, math.exp(through - total))
            beads.append(Bead(range(start[0], node[0]), range(start[1], node[1]), certainty))
            node = start
        return beads[::-1]

    def _forward(self) -> dict[tuple[int, int], tuple[float, float, tuple[int, int]]]:
        """Return each node's best score, the sum over all paths to it, and the best path's last bead."""
        found = {(0, 0): (0.0, 0.0, (0, 0))}
        for i in range(len(self._source) + 1):
            for j in range(len(self._target) + 1):
                ways = [
                    (found[i - di, j - dj], self._scores[i - di, j - dj, di, dj], (di, dj))
                    for di, dj in _PRIORS
                    if di <= i and dj <= j
                ]
                if ways:
                    best, _, last = max(
                        (way[0] + score, -order, bead) for order, (way, score, bead) in enumerate(ways)
                    )
                    found[i, j] = (best, _log_sum(way[1] + score for way, score, _ in ways), last)
        return found

    def _backward(self) -> dict[tuple[int, int], float]:
        """Return the sum over all paths from a node to the end."""
        rows, columns = len(self._source), len(self._target)
        found = {(rows, columns): 0.0}
        for i in range(rows, -1, -1):
            for j in range(columns, -1, -1):
                ways = [
                    self._scores[i, j, di, dj] + found[i + di, j + dj]
                    for di, dj in _PRIORS
                    if i + di <= rows and j + dj <= columns
                ]
                if ways:
                    found[i, j] = _log_sum(ways)
        return found


def _joined(segments: Sequence[Segment]) -> dict[tuple[int, int], Segment]:
    """Return each segment, and each joined with its neighbours, by the first's index and their number."""
    found = {(index, 1): segment for index, segment in enumerate(segments)}
    for index, (one, next_one) in enumerate(pairwise(segments)):
        kind = one.kind if one.kind == next_one.kind else ""
        found[index, 2] = Segment.joined(kind, (one, next_one))
    return found


def _length(one: str, other: str) -> float:
    expected = max(len(one), 1) * _GROWTH
    deviation = (len(other) - expected) / math.sqrt(expected * _VARIANCE + 16)
    return math.log(_BACKGROUND) - deviation * deviation / 2 * (1 - 1 / _BACKGROUND**2)


def _numbers(here: _Traits, there: _Traits) -> float:
    shared = len(here.numbers & there.numbers)
    return 1.5 * shared - 1.5 * (max(len(here.numbers), len(there.numbers)) - shared)


def _anchors(here: _Traits, there: _Traits) -> float:
    shared = len(here.anchors & there.anchors)
    return 2.5 * shared - 1.0 * (max(len(here.anchors), len(there.anchors)) - shared)


def _roots(here: _Traits, there: _Traits) -> float:
    """Weigh common words as events of a Poisson process, here at their rate and there by chance."""
    words = min(len(here.roots), len(there.roots))
    return len(here.roots & there.roots) * _ROOT_WEIGHT - words * (_KIN - _CHANCE)


def _each(features: Sequence[str]) -> _Marks:
    found: set[str | tuple[str, int]] = set(features)
    if len(found) < len(features):
        counts: dict[str, int] = {}
        for each in features:
            counts[each] = counts.get(each, 0) + 1
            if counts[each] > 1:
                found.add((each, counts[each]))
    return frozenset(found)


def _is_negative(text: str) -> bool:
    return _negations().search(_bare(text.replace("’", "'"))) is not None


@lru_cache(1 << 14)
def _root_of(word: str) -> str:
    """Return the part of an unaccented word that is compared; empty for a short one that is not a name."""
    if len(word) < _ROOT:
        return word if word.isupper() else ""
    word = word.casefold()
    for english, spanish in _SPELLINGS:
        word = word.replace(english, spanish)
    return _DOUBLE.sub(r"\1", word)[:_ROOT]


@lru_cache(1)  # the words and the negation of a text are looked for one after the other
def _bare(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def _log_sum(values: Iterable[float]) -> float:
    values = list(values)
    largest = max(values)
    return largest + math.log(sum(math.exp(value - largest) for value in values))
