"""Concepts that the translation replaces by others that exclude them: ear and eye, may and must."""

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby
from typing import Final, TypeAlias

from healthtopics.checks.alignment import Aligned, is_denial
from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.contrasts import Exchange, sets_of_concepts
from healthtopics.reading.text import Reading, Sentence

_Place: TypeAlias = tuple[int, int]
_Bound: TypeAlias = tuple[_Place, _Place]
"""The places of a concept in both texts."""


def check_contrasts(pair: Pair) -> Iterator[Finding]:
    """Yield each concept that is another one of its set, or has changed places with it."""
    if pair.language == SOURCE or pair.rule.is_list or pair.is_name:
        return
    for aligned in pair.aligned:
        source, target = aligned.said
        if not source.concepts or not target.concepts:
            continue
        exchanges = [
            each
            for each in unexplained(aligned)
            # What only a negation says is left to the check of negations: one finding is enough.
            if not is_denial(aligned, each) and not _has_moved(pair.aligned, aligned, each)
        ]
        for each in exchanges:
            yield CONTRAST_CHANGED.finding(
                f"{_quote(aligned.found.source, source.concepts[each.lost][0])} of the English is not in the"
                f" translation, which says {_quote(aligned.found.target, target.concepts[each.come][0])}.",
                "Do both texts mean the same? If they do, in other words, dismiss this.",
                Level.ERROR if _are_orders(aligned, each) else Level.WARNING,
                english=source.concepts[each.lost][0],
                translation=target.concepts[each.come][0],
            )
        if not exchanges:
            yield from _swapped(aligned)


def _are_orders(aligned: Aligned, each: Exchange) -> bool:
    """Return whether both sentences begin with it, and tell the reader the opposite: `Stop`, `Siga`."""
    if not each.set.is_ordered:
        return False
    (source, target), own, other = aligned.said, aligned.source, aligned.target
    return (
        not aligned.found.source.low[own.start : source.concepts[each.lost][0][0]].strip()
        and not aligned.found.target.low[other.start : target.concepts[each.come][0][0]].strip()
        and not aligned.found.source.low[: own.end].endswith("?")
    )


def unexplained(aligned: Aligned) -> Sequence[Exchange]:
    """Return the exchanges that no negation beside them makes up for, as in `do not stop` and `siga`."""
    return [each for each in aligned.exchanges if not (each.set.is_deniable and _is_beside(aligned, each))]


def _is_beside(aligned: Aligned, each: Exchange) -> bool:
    source, target = aligned.said
    return any(
        _is_denied(aligned.found.source, aligned.source, place) for place in source.concepts[each.lost]
    ) != any(_is_denied(aligned.found.target, aligned.target, place) for place in target.concepts[each.come])


def _has_moved(every: Sequence[Aligned], aligned: Aligned, each: Exchange) -> bool:
    """Return whether two sentences have changed places, and a number with them."""
    mirrored = any(
        (other.lost, other.come) == (each.come, each.lost)
        for one in every
        if one is not aligned
        for other in one.exchanges
    )
    source, target = aligned.source, aligned.target
    return mirrored and any(
        source.start <= own.start < source.end and not target.start <= other.start < target.end
        for own, other in aligned.found.pairs
    )


def _swapped(aligned: Aligned) -> Iterator[Finding]:
    """Yield two concepts of a set if what one of them is bound to is bound to the other."""
    source, target = (
        {concept: places[0] for concept, places in said.concepts.items() if len(places) == 1}
        for said in aligned.said
    )
    both = [concept for concept in source if concept in target]
    if len(both) < 2:
        return
    sets = sets_of_concepts()
    for _, rivals in groupby(sorted(both, key=lambda concept: sets[concept].name), key=sets.__getitem__):
        for first, second in combinations(rivals, 2):
            own, other = (source[first], source[second]), (target[first], target[second])
            if own[0] == own[1] or other[0] == other[1]:
                continue
            beside = [(source[name], target[name]) for name in both if _may_bind(name, first)]
            if _are_denied_otherwise(aligned, own, other) or _belong_otherwise(own, other, beside):
                yield CONTRAST_CHANGED.finding(
                    f"{_quote(aligned.found.source, own[0])} and {_quote(aligned.found.source, own[1])} of"
                    f" the English have changed places: {_quote(aligned.found.target, other[0])},"
                    f" {_quote(aligned.found.target, other[1])}.",
                    "Which belongs to what? If only the order of the words differs, dismiss this.",
                )
                return


def _may_bind(name: str, concept: str) -> bool:
    """Return whether a concept may be what others belong to; its own kind is only named with it."""
    own = sets_of_concepts()[name]
    return not own.is_deniable and own is not sets_of_concepts()[concept]


def _are_denied_otherwise(aligned: Aligned, own: Sequence[_Place], other: Sequence[_Place]) -> bool:
    """Return whether the translation denies the one that the English does not."""
    before = [_is_denied(aligned.found.source, aligned.source, place) for place in own]
    after = [_is_denied(aligned.found.target, aligned.target, place) for place in other]
    return before != after and sorted(before) == sorted(after) == [False, True]


def _is_denied(reading: Reading, sentence: Sentence, place: _Place) -> bool:
    return any(
        0 <= place[0] - stop <= _NEAR and not any(mark in reading.low[stop : place[0]] for mark in ",;:")
        for _, stop in (*sentence.denials, *sentence.firm)
    )


def _belong_otherwise(own: Sequence[_Place], other: Sequence[_Place], beside: Sequence[_Bound]) -> bool:
    """Return whether two concepts that alternate with two others belong to others: `less A, more B`."""
    return any(
        _alternate(own, (one, two))
        and _alternate(other, (three, four))
        and ((own[0] < own[1]) == (one < two)) != ((other[0] < other[1]) == (three < four))
        for (one, three), (two, four) in combinations(beside, 2)
    )


def _alternate(pair: Sequence[_Place], other: Sequence[_Place]) -> bool:
    """Return whether two places come in turns with two others."""
    kinds = [kind for _, kind in sorted([*((place, 0) for place in pair), *((place, 1) for place in other)])]
    return kinds in ([0, 1, 0, 1], [1, 0, 1, 0])


def _quote(reading: Reading, place: _Place) -> str:
    return reading.quote(*place)


_NEAR: Final = 24
"""The most characters between a negation and what it denies."""


CONTRAST_CHANGED: Final = Check(
    "contrast-changed",
    check_contrasts,
    level=Level.WARNING,
    needs=Need.WORDS,
    formerly=("polarity-flipped",),
)
