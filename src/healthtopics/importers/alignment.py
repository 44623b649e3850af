"""Which part of a text corresponds to which part of the same text in another language, and how surely.

Two sequences of segments are aligned in their order by dynamic programming over beads (Gale and Church,
“A Program for Aligning Sentences in Bilingual Corpora”, 1993): one segment for one, one for none, and the
groupings that tell that the parts cannot be told apart. Beside length, what stays the same in translation
counts: links, numbers, names and words of one root. The certainty of a bead is its share of the
probability of all alignments (forward–backward), so that a doubt is seen and not decided.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

CERTAIN: Final = 0.9
"""The least share of the probability that makes a bead certain."""

_GROWTH: Final = 1.15
"""How many characters of Spanish stand for one of English."""
_VARIANCE: Final = 6.8
"""Of the length of a translation, a character of the original (Gale and Church, §2.1)."""
_BACKGROUND: Final = 5.0
"""How many times wider lengths spread where two segments have nothing to do with each other."""
_ROOT: Final = 5
"""Letters that words of one root begin with in both languages: hospital, abdominal, infec-tion."""
_KIN: Final = 0.18
"""The share of words that a segment and its translation have in common by root or name."""
_CHANCE: Final = 0.025
"""The same share of two segments that have nothing to do with each other."""

_PRIORS: Final = {(1, 1): 0.93, (1, 0): 0.012, (0, 1): 0.012, (2, 1): 0.02, (1, 2): 0.02, (2, 2): 0.006}
"""How often each kind of bead occurs: segments on the one side, segments on the other."""
_PLAIN: Final = 0.7
"""A likeness above which two segments of the same kind and place need no comparison with others."""
_OTHER_KIND: Final = math.log(0.005)
"""A list in the place of a paragraph is rare."""

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Segment:
    """One part of a text: a section, a block, an item of a list."""

    kind: str
    """What it is; parts of one kind correspond more often."""
    text: str
    """Without markup."""
    anchors: tuple[str, ...] = ()
    """What is the same in both languages, or brought to one form: topics and pages linked to, the aspect."""

    @cached_property
    def numbers(self) -> Counter[str]:
        """The numbers, by their digits alone: 1,000 is 1.000, and 0.5 is 0,5."""
        return Counter(re.sub(r"\D", "", number) for number in _NUMBER.findall(self.text))

    @cached_property
    def roots(self) -> Counter[str]:
        """The beginnings of longer words, and short names in capitals whole; without accents."""
        words = _WORD.findall(_bare(self.text))
        return Counter(
            word[:_ROOT].casefold() if len(word) >= _ROOT else word
            for word in words
            if len(word) >= _ROOT or word.isupper()
        )


@dataclass(frozen=True, slots=True)
class Bead:
    """Some neighbouring segments on one side, and those that say the same on the other."""

    source: range
    target: range
    certainty: float
    """0 to 1."""

    @property
    def is_pair(self) -> bool:
        """Tell whether one segment stands for one."""
        return len(self.source) == len(self.target) == 1


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best way to put two sequences side by side; its beads cover both, in order."""

    beads: tuple[Bead, ...]
    is_certain: bool
    """Whether every segment has one counterpart or surely none, and nothing was moved."""
    doubts: int = field(default=0)
    """How many beads are not certain."""


def align(source: Sequence[Segment], target: Sequence[Segment]) -> Alignment:
    """Align two sequences; either may be empty."""
    if _is_parallel(source, target):
        return Alignment(
            tuple(Bead(range(at, at + 1), range(at, at + 1), 1.0) for at in range(len(source))),
            is_certain=True,
        )
    lattice = _Lattice(source, target)
    beads = tuple(lattice.best())
    doubts = sum(
        bead.certainty < CERTAIN
        or (len(bead.source), len(bead.target)) not in ((1, 1), (1, 0), (0, 1))
        or (bead.is_pair and source[bead.source[0]].kind != target[bead.target[0]].kind)
        for bead in beads
    )
    doubts += _count_moved(source, target, beads)
    return Alignment(beads, is_certain=not doubts, doubts=doubts)


def _is_parallel(source: Sequence[Segment], target: Sequence[Segment]) -> bool:
    """Tell at little cost what is plain: the same structure, and every part like its counterpart."""
    return len(source) == len(target) and all(
        one.kind == other.kind and likeness(one, other) > _PLAIN
        for one, other in zip(source, target, strict=True)
    )


def likeness(one: Segment, other: Segment) -> float:
    """Return the logarithm of how much likelier the two are if one translates the other than if not."""
    return _length(one.text, other.text) + _numbers(one, other) + _anchors(one, other) + _roots(one, other)


def _count_moved(source: Sequence[Segment], target: Sequence[Segment], beads: Iterable[Bead]) -> int:
    """Count segments that seem to have lost their counterpart but have it at another place.

    Beads are in order, so a segment that was moved shows as one that is missing here and new there.
    """
    beads = tuple(beads)
    missing = [source[bead.source[0]] for bead in beads if not bead.target]
    new = [target[bead.target[0]] for bead in beads if not bead.source]
    return sum(any(likeness(one, other) > 0 for other in new) for one in missing)


class _Lattice:
    """All alignments of two sequences: nodes (i, j) say how much of each is behind."""

    def __init__(self, source: Sequence[Segment], target: Sequence[Segment]) -> None:
        self._source = source
        self._target = target
        self._joined_source = _joined(source)
        self._joined_target = _joined(target)
        self._scores: dict[tuple[int, int, int, int], float] = {}
        for i in range(len(source) + 1):
            for j in range(len(target) + 1):
                for (di, dj), prior in _PRIORS.items():
                    if i + di <= len(source) and j + dj <= len(target):
                        self._scores[i, j, di, dj] = math.log(prior) + self._likeness(i, j, di, dj)

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
        """Return a node's best score, the sum over all ways to it, and the best way's last bead."""
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
        """Return the sum over all ways from a node to the end."""
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
    """Return each segment, and each with its neighbour as one, by the first's index and their number."""
    found = {(index, 1): segment for index, segment in enumerate(segments)}
    for index, (one, next_one) in enumerate(pairwise(segments)):
        kind = one.kind if one.kind == next_one.kind else ""
        found[index, 2] = Segment(kind, f"{one.text} {next_one.text}", one.anchors + next_one.anchors)
    return found


def _length(one: str, other: str) -> float:
    expected = max(len(one), 1) * _GROWTH
    deviation = (len(other) - expected) / math.sqrt(expected * _VARIANCE + 16)
    return math.log(_BACKGROUND) - deviation * deviation / 2 * (1 - 1 / _BACKGROUND**2)


def _numbers(one: Segment, other: Segment) -> float:
    shared = (one.numbers & other.numbers).total()
    return 1.5 * shared - 1.5 * max(one.numbers.total() - shared, other.numbers.total() - shared)


def _anchors(one: Segment, other: Segment) -> float:
    here, there = Counter(one.anchors), Counter(other.anchors)
    shared = (here & there).total()
    return 2.5 * shared - 1.0 * max(here.total() - shared, there.total() - shared)


def _roots(one: Segment, other: Segment) -> float:
    """Weigh words in common as events of a Poisson process, here at their rate and there by chance."""
    shared = (one.roots & other.roots).total()
    words = min(one.roots.total(), other.roots.total())
    return shared * math.log(_KIN / _CHANCE) - words * (_KIN - _CHANCE)


def _bare(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def _log_sum(values: Iterable[float]) -> float:
    values = list(values)
    largest = max(values)
    return largest + math.log(sum(math.exp(value - largest) for value in values))
