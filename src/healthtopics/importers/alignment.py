"""Aligns the parts of a text with those of its translation, and says how certain that is.

Two sequences of segments are aligned in their order by dynamic programming over beads (Gale and Church,
“A Program for Aligning Sentences in Bilingual Corpora”, 1993): one segment for one, one for none, and the
groupings for parts that cannot be separated. Apart from length, what stays the same in translation
counts: links, numbers, names, words of one root, concepts that both name, and whether there is a “not”. The
certainty of a bead is its share of the probability of all alignments (forward–backward), so that doubts are
reported, not decided. Beads are in order, and order does not count as evidence: many lists have another
order in Spanish. So the pairs must have more in common than in any other arrangement of the segments of
their kind.
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

_SAME_CONCEPTS: Final = 0.5
"""The share of the concepts of a segment that its translation names, too."""
_CHANCE_CONCEPTS: Final = 0.08
"""The same share for two unrelated segments of one text."""
_CONCEPT_WEIGHT: Final = math.log(_SAME_CONCEPTS / _CHANCE_CONCEPTS)

_MOST_CONCEPTS: Final = 0.55
"""The share of the concepts of the one text that shows that another says the same."""

_FEWEST_CONCEPTS: Final = 2
"""Fewer in common prove nothing: many sentences mention pain."""

_NEGATION: Final = 1.8
"""The cost if one of two segments has a “not” and the other has none."""
_MARGIN: Final = 1.5
"""What the evidence must lose in any other arrangement: about one word of one root, or one concept."""

_LARGEST: Final = 1e6
"""More than any evidence; keeps sums along cycles that gain evidence from growing without end."""

_PRIORS: Final = {(1, 1): 0.93, (1, 0): 0.012, (0, 1): 0.012, (2, 1): 0.02, (1, 2): 0.02, (2, 2): 0.006}
"""How often each kind of bead occurs: segments on the one side, segments on the other."""
_LOG_PRIORS: Final = {bead: math.log(prior) for bead, prior in _PRIORS.items()}
_PLAIN: Final = 0.7
"""A likeness above which two segments of the same kind and place need no comparison with others."""
_OTHER_KIND: Final = math.log(0.005)
"""A list in place of a paragraph is rare."""

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_SEPARATOR = re.compile(r"\D")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LETTER = re.compile(r"(?<=[a-z] )[A-HJ-Z]\b(?!['’.])")
"""A letter that is a name: hepatitis B, vitamin D, blood type O."""
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
    """In one spelling: 1,000 is 1.000, and 0.5 is 0,5."""
    anchors: _Marks
    concepts: _Marks
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
    """Features that are the same in both languages, or normalized: topics and pages linked to, the aspect."""
    concepts: tuple[str, ...] = ()
    """What it names, by keys that both languages share."""
    parts: tuple["Segment", ...] = field(default=(), repr=False, compare=False)
    """The segments that it was joined from."""

    @classmethod
    def joined(cls, kind: str, parts: Sequence["Segment"], anchors: Iterable[str] = ()) -> "Segment":
        """Join segments into one, with additional anchors before theirs."""
        text = " ".join(part.text for part in parts)
        anchors = (*anchors, *(each for part in parts for each in part.anchors))
        concepts = tuple(each for part in parts for each in part.concepts)
        return cls(kind, text, anchors, concepts, tuple(parts))

    @cached_property
    def traits(self) -> _Traits:
        """Its features; they never span the boundary of two parts."""
        return _Traits(
            _each(self.numbers),
            _each(self.anchors),
            _each(self.concepts),
            _each(self.roots),
            any(part.traits.is_negative for part in self.parts) if self.parts else _is_negative(self.text),
        )

    @cached_property
    def numbers(self) -> list[str]:
        """Its numbers in one spelling."""
        if self.parts:
            return [number for part in self.parts for number in part.numbers]
        return [_spelt_alike(number) for number in _NUMBER.findall(self.text)]

    @cached_property
    def roots(self) -> list[str]:
        """What is compared of its words."""
        if self.parts:
            return [root for part in self.parts for root in part.roots]
        bare = _bare(self.text)
        return [*filter(None, map(_root_of, _WORD.findall(bare))), *_LETTER.findall(bare)]


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
        if not _unproven(source, target, plain):
            return Alignment(plain, is_certain=True)
    lattice = _Lattice(source, target)
    beads = tuple(lattice.best())
    unproven = _unproven(source, target, beads)
    doubts = sum(
        bead.certainty < CERTAIN
        or (len(bead.source), len(bead.target)) not in ((1, 1), (1, 0), (0, 1))
        or (bead.is_pair and source[bead.source[0]].kind != target[bead.target[0]].kind)
        or not unproven.isdisjoint(bead.source)
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
    by_chance = min(len(here.roots), len(there.roots)) * (_KIN - _CHANCE)
    by_chance += min(len(here.concepts), len(there.concepts)) * (_SAME_CONCEPTS - _CHANCE_CONCEPTS)
    return _shown(here, there) - by_chance


def _shown(here: _Traits, there: _Traits) -> float:
    """Return what two segments have in common, less what contradicts it; 0 if there is neither."""
    negation = -_NEGATION if here.is_negative != there.is_negative else 0.0
    return _numbers(here, there) + _anchors(here, there) + _words(here, there) + negation


def is_translation(one: Segment, other: Segment) -> bool:
    """Return whether two short texts certainly say the same, though nothing else is there to compare."""
    here, there = one.traits, other.traits
    fewest = min(len(here.concepts), len(there.concepts))
    return (
        here.is_negative == there.is_negative
        and here.numbers == there.numbers
        and _letters(one.text) == _letters(other.text)
        and len(here.concepts & there.concepts) >= max(_FEWEST_CONCEPTS, _MOST_CONCEPTS * fewest)
        and _length(one.text, other.text) > 0
    )


def _letters(text: str) -> list[str]:
    return sorted(_LETTER.findall(_bare(text)))


def _count_moved(source: Sequence[Segment], target: Sequence[Segment], beads: Iterable[Bead]) -> int:
    """Count segments that seem to have lost their counterpart but have it at another place.

    Beads are in order, so a moved segment appears to be missing here and new there.
    """
    beads = tuple(beads)
    missing = [source[bead.source[0]] for bead in beads if not bead.target]
    new = [target[bead.target[0]] for bead in beads if not bead.source]
    return sum(any(likeness(one, other) > 0 for other in new) for one in missing)


def _unproven(source: Sequence[Segment], target: Sequence[Segment], beads: Iterable[Bead]) -> set[int]:
    """Return the source segments that the evidence does not bind to their counterparts.

    Every other arrangement of segments of one kind exchanges counterparts in cycles: each segment takes that
    of the next. So a pair is proven if every cycle through it loses evidence. A segment without a counterpart
    takes part: it has nothing to lose.
    """
    found: set[int] = set()
    single = [bead for bead in beads if len(bead.source) <= 1 and len(bead.target) <= 1]
    for kind in dict.fromkeys(segment.kind for segment in source):
        here = [_of_kind(source, bead.source, kind) for bead in single]
        there = [_of_kind(target, bead.target, kind) for bead in single]
        places = [at for at in range(len(single)) if here[at] or there[at]]
        loss = _losses([(here[at], there[at]) for at in places])
        _follow(loss)
        for row, at in enumerate(places):
            if loss[row][row] < _MARGIN:
                found.update(single[at].source)
    return found


_Pair = tuple[Segment | None, Segment | None]


def _of_kind(segments: Sequence[Segment], places: range, kind: str) -> Segment | None:
    """Return the segment at the one place if it is of that kind."""
    return next((segments[at] for at in places if segments[at].kind == kind), None)


def _losses(pairs: Sequence[_Pair]) -> list[list[float]]:
    """Return how much evidence each pair loses if its source gets the target of each other pair."""

    def shown(one: Segment | None, other: Segment | None) -> float:
        return _shown(one.traits, other.traits) if one and other else 0.0

    own = [shown(*pair) for pair in pairs]
    return [
        [
            math.inf if at == to or (None in pair and None in other) else own[at] - shown(pair[0], other[1])
            for to, other in enumerate(pairs)
        ]
        for at, pair in enumerate(pairs)
    ]


def _follow(loss: list[list[float]]) -> None:
    """Make each loss that of the shortest way, over any other pairs (Floyd and Warshall)."""
    if all(each >= _MARGIN / 2 for row in loss for each in row):
        return  # every cycle loses enough
    for over, onward in enumerate(loss):
        for row in loss:
            first = row[over]
            if first < math.inf:
                row[:] = [
                    max(min(here, first + there), -_LARGEST) for here, there in zip(row, onward, strict=True)
                ]


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


def _words(here: _Traits, there: _Traits) -> float:
    """Weigh common words and concepts as events of a Poisson process: at their rate, or by chance."""
    return (
        len(here.roots & there.roots) * _ROOT_WEIGHT + len(here.concepts & there.concepts) * _CONCEPT_WEIGHT
    )


def _each(features: Sequence[str]) -> _Marks:
    found: set[str | tuple[str, int]] = set(features)
    if len(found) < len(features):
        counts: dict[str, int] = {}
        for each in features:
            counts[each] = counts.get(each, 0) + 1
            if counts[each] > 1:
                found.add((each, counts[each]))
    return frozenset(found)


def _spelt_alike(number: str) -> str:
    """Return a number without separators of thousands, with a point before its decimals."""
    whole, *groups = _SEPARATOR.split(number)
    has_decimals = bool(groups) and (whole == "0" or len(groups[-1]) != 3)
    decimals = f".{groups.pop()}" if has_decimals else ""
    return "".join([whole, *groups]) + decimals


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
