"""The ends of ranges and proportions; and bounds: at least, at most, every."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from healthtopics.checks.comparison import Comparison
from healthtopics.checks.numbers import quote
from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.languages import hints_of, lexicon_of
from healthtopics.reading.quoting import quote as quote_around
from healthtopics.reading.text import Number, Reading

_SAID = {">": "at least, or more than", "<": "at most, or less than", "@": "every"}


def check_ranges(pair: Pair) -> Iterator[Finding]:
    """Yield each range whose ends have changed or are in another order."""
    found = pair.comparison
    if not found.source.ranges or len(found.target.numbers) < 2:
        return
    changed = [source for source, _ in found.changed]
    partner = {source.start: target for source, target in (*found.pairs, *found.changed)}
    for first, second in found.source.ranges:
        ends = partner.get(first.start), partner.get(second.start)
        is_changed = any(first is source or second is source for source in changed)
        if is_changed or _is_swapped(found, first, second, ends) or _is_apart(found, pair.language, ends):
            yield _finding(found, first, second, ends)


def _is_swapped(
    found: Comparison, first: Number, second: Number, ends: tuple[Number | None, Number | None]
) -> bool:
    start, end = ends
    if start is None or end is None or _value(first) == _value(second):
        return False
    return any(one is end and other is start for one, other in found.target.ranges)


def _is_apart(found: Comparison, language: LanguageTag, ends: tuple[Number | None, Number | None]) -> bool:
    """Return whether `10 to 14` has become `10 or 14`, which is right only for neighbours: `2 o 3`."""
    start, end = ends
    if (
        start is None
        or end is None
        or any(one is start and other is end for one, other in found.target.ranges)
    ):
        return False
    gap = found.target.low[start.end : end.start].strip()
    lexicon = lexicon_of(language)
    return gap in lexicon.lists - lexicon.betweens and abs(_value(end) - _value(start)) != 1


def _value(number: Number) -> float:
    return number.readings[0]


def _finding(
    found: Comparison, first: Number, second: Number, ends: tuple[Number | None, Number | None]
) -> Finding:
    there = [end for end in ends if end is not None]
    start, stop = min(end.start for end in there), max(end.end for end in there)
    return RANGE_CHANGED.finding(
        f"{_quote(found.source, first, second)} of the English is {found.target.quote(start, stop)}"
        " in the translation.",
        "Do both have the same ends? If not, write those of the English, in its order.",
        english=(first.start, second.end),
        translation=(start, stop),
    )


def _quote(reading: Reading, first: Number, second: Number) -> str:
    return reading.quote(first.start, second.end)


def check_bounds(pair: Pair) -> Iterator[Finding]:
    """Yield each number whose bound is lost, or the opposite, in the translation."""
    found = pair.comparison
    if not found.pairs:
        return
    bound = partial(_bound, found, hints_of(pair.language).bound)
    for source, target in found.pairs:
        if source.bound == target.bound and not _is_denied_bound(found, source, target):
            continue
        own = _direction(source.bound)
        if source.bound == target.bound:
            yield bound(source, own, f"the opposite: {_place(found.target, target)}")
        elif is_opposite(source, target):
            if not _is_turned_round(pair, source, target):
                yield bound(source, own, f"the opposite: {_place(found.target, target)}")
        elif _has_lost_direction(pair, source, target):
            yield bound(source, own, f"only {_place(found.target, target)}")
        elif _has_lost_every(pair, source, target):
            yield bound(source, "@", f"only {_place(found.target, target)}")


def _is_denied_bound(found: Comparison, source: Number, target: Number) -> bool:
    """Return whether only the translation denies the bound: `do not exceed 4`, `no tome menos de 4`.

    The bound of the English has its negation in itself, so the translation's denial matches nothing there.
    """
    own, other = source.bound_place, target.bound_place
    if own is None or other is None or not _direction(source.bound):
        return False
    says_not = found.source.low[slice(*own)].startswith(("not ", "no ", "never "))
    is_order = found.target.low[slice(*other)].startswith("no ")
    return says_not and not is_order and _denials(found.target, target) > _denials(found.source, source)


def _has_lost_direction(pair: Pair, source: Number, target: Number) -> bool:
    """Return whether nothing in the translation says at least or at most."""
    own, found = _direction(source.bound), pair.comparison
    return (
        bool(own)
        and own in source.bound
        and not _direction(target.bound)
        and own not in found.target.bounds
        and pair.target_concepts.isdisjoint(_SAYING[own])
        and not _denials(found.target, target)
        # `up to three to seven years`: the other end is the bound
        and not (own == "<" and any(source is first for first, _ in found.source.ranges))
    )


def _has_lost_every(pair: Pair, source: Number, target: Number) -> bool:
    """Return whether nothing says every; `en 24 horas` is a whole with so many times."""
    return (
        "@" in source.bound
        and "@" not in target.bound
        and "@" not in pair.comparison.target.bounds
        and (target.value, target.unit) not in _WHOLE
    )


def _is_turned_round(pair: Pair, source: Number, target: Number) -> bool:
    """Return whether something else makes up for the opposite bound.

    A negation; `cut by more than half`, which leaves less than half; `every two hours or less`; `no
    later than an hour before`, which is at least an hour before.
    """
    found = pair.comparison
    return (
        _denials(found.source, source) != _denials(found.target, target)
        or ("@" in source.bound and "@" in target.bound)
        or (source.role == "part" and "decrease" in pair.target_concepts)
        or ("before" in pair.target_concepts and "before" in pair.source_concepts)
    )


_WHOLE: Final = frozenset(
    {(24, "h"), (1, "day"), (7, "day"), (1, "week"), (1, "month"), (12, "month"), (1, "year")}
)
_SAYING: Final[Mapping[str, frozenset[str]]] = {
    "<": frozenset({"less", "decrease", "low", "before", "until", "within", "only", "few", "mild", "down"}),
    ">": frozenset({"more", "increase", "high", "after", "up", "many"}),
}
"""Concepts that say a bound in other words: `pasa de 150`, `baja del 90 %`."""


def is_opposite(source: Number, target: Number) -> bool:
    """Return whether one has an upper and the other a lower bound, apart from negations before them."""
    return {_direction(source.bound), _direction(target.bound)} == {"<", ">"}


def _denials(reading: Reading, number: Number) -> int:
    """Count the denials in its sentence before the number."""
    sentence = next(each for each in reversed(reading.sentences) if each.start <= number.start)
    return sum(start < number.start for start, _ in sentence.denials)


def _direction(bound: str) -> str:
    return next((each for each in bound.replace("~", ">") if each in "<>"), "")


def _place(reading: Reading, number: Number) -> str:
    return quote_around(reading.text, *number.place)


def _bound(found: Comparison, examples: str, source: Number, bound: str, what: str) -> Finding:
    return BOUND_CHANGED.finding(
        f"{quote(found.source, source)} of the English is a bound ({_SAID[bound]});"
        f" the translation says {what}.",
        f"Do both texts set the same bound: {examples}? If they say the same, dismiss this.",
        english=source.bound_place or source.place,
    )


RANGE_CHANGED: Final = Check("range-changed", check_ranges)
BOUND_CHANGED: Final = Check("bound-changed", check_bounds, level=Level.WARNING, needs=Need.WORDS)
