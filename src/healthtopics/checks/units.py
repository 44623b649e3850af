"""Units, bound to their numbers: `20 mg`, `6 hours`, `twice a day`."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from healthtopics.checks.comparison import Comparison
from healthtopics.checks.numbers import places, quote
from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.problems import Level
from healthtopics.reading.languages import hints_of
from healthtopics.reading.quantities import dimension, is_alike
from healthtopics.reading.text import Number, Reading


def check_units(pair: Pair) -> Iterator[Finding]:
    """Yield each number that counts something else in the translation, or no longer anything."""
    found = pair.comparison
    swapped = _swapped(found)
    if swapped:
        yield _exchanged(found, *swapped)
    for source, target in found.pairs:
        if (
            (source, target) not in swapped
            and (source.unit or source.per)
            and not source.is_name
            and not target.is_name
        ):
            yield from _of_number(found, source, target, knows_words=pair.is_known)
    if pair.is_known and found.source.pers:
        yield from _lost_pers(found, hints_of(pair.language).rate)
        yield from _changed_pers(found)
    if pair.is_known and found.source.units and found.target.units:
        yield from _changed_words(found)


def _swapped(found: Comparison) -> Sequence[tuple[Number, Number]]:
    """Return two numbers that have changed places while their units have not: `3 tablets twice`."""
    changed = [(source, target) for source, target in found.pairs if _is_other(source, target)]
    for (one, three), (two, four) in combinations(changed, 2):
        if is_alike(_unit(one), _unit(four)) and is_alike(_unit(two), _unit(three)):
            return (one, three), (two, four)
    return ()


def _is_other(source: Number, target: Number) -> bool:
    is_name = source.is_name or target.is_name
    own, other = _unit(source), _unit(target)
    return not is_name and bool(own) and bool(other) and not is_alike(own, other)


def _unit(number: Number) -> str:
    """Return its unit; `twice a day` counts times."""
    return number.unit or ("time" if number.per else "")


def _exchanged(found: Comparison, one: tuple[Number, Number], two: tuple[Number, Number]) -> Finding:
    (first, third), (second, fourth) = one, two
    units = {first.unit, second.unit}
    return UNIT_CHANGED.finding(
        f"{quote(found.source, first)} and {quote(found.source, second)} of the English are"
        f" {quote(found.target, third)} and {quote(found.target, fourth)} in the translation.",
        "Which number belongs to what? If both texts say the same, dismiss this.",
        Level.ERROR if first.is_firm and second.is_firm and _COUNTS.isdisjoint(units) else Level.WARNING,
        **places(found, first, third),
    )


def _of_number(found: Comparison, source: Number, target: Number, *, knows_words: bool) -> Iterator[Finding]:
    if _is_changed(source, target):
        yield UNIT_CHANGED.finding(
            f"{quote(found.source, source)} of the English is {quote(found.target, target)}"
            " in the translation.",
            "Do both mean the same quantity? If not, write the unit of the English; where readers need"
            " another one, convert the number, too.",
            Level.ERROR
            if source.is_firm and _COUNTS.isdisjoint((source.unit, target.unit))
            else Level.WARNING,
            **places(found, source, target),
        )
    elif not target.unit and knows_words and _is_lost(found, source, target):
        yield UNIT_LOST.finding(
            f"{quote(found.source, source)} of the English is {quote(found.target, target)}"
            " in the translation, without its unit.",
            "Is the unit said elsewhere? If so, dismiss this; if not, write it after the number.",
            **places(found, source, target),
        )
    if source.per and target.per and source.per != target.per:
        yield UNIT_CHANGED.finding(
            f"{quote(found.source, source)} {_PER[source.per]} of the English counts per another time"
            f" in the translation: {quote(found.target, target)}.",
            "Is it as often in both? If not, say how often as the English does.",
            english=found.source.places.get(f"/{source.per}", source.place),
            translation=found.target.places.get(f"/{target.per}", target.place),
        )


def _is_changed(source: Number, target: Number) -> bool:
    if not source.unit or not target.unit or is_alike(source.unit, target.unit):
        return False
    if {source.unit, target.unit} <= _COUNTS:
        return False
    own, other = dimension(source.unit), dimension(target.unit)
    # 24 hours may be 1 day: then the values differ as the units do
    return own != other or own == "" or _has_common_value(source, target)


def _has_common_value(source: Number, target: Number) -> bool:
    return any(value in target.readings for value in source.readings)


def _is_lost(found: Comparison, source: Number, target: Number) -> bool:
    """Return whether the unit is nowhere in the translation; `older than 65 years` may be `mayores de 65`."""
    if source.unit in ("", "time") or not source.is_firm or "article" in (source.role, target.role):
        return False
    if not _has_common_value(source, target):
        return False
    if source.unit == "year" and (target.bound or source.bound):
        return False
    if source.unit == "h" and found.target.clocks:
        return False
    if source.unit == "%" and any(target is first for first, _ in found.target.proportions):
        return False  # 1 % is 1 de cada 100
    return not any(is_alike(source.unit, unit) for unit in found.target.units)


def _lost_pers(found: Comparison, examples: str) -> Iterator[Finding]:
    """Yield rates of the English (per day, per week) that the translation does not give in any way."""
    for number in found.source.numbers:
        is_whole = (number.value, number.unit) in ((24, "h"), (7, "day"))  # the whole day, the whole week
        if number.per and not is_whole and not found.target.pers and not _says(found, number.per):
            yield UNIT_LOST.finding(
                f"{quote(found.source, number)} {_PER[number.per]} of the English has lost"
                f" “{_PER[number.per]}” in the translation.",
                f"Is it said in other words? If not, say how often as the English does: {examples}.",
                english=found.source.places.get(f"/{number.per}", number.place),
            )


def _changed_pers(found: Comparison) -> Iterator[Finding]:
    """Yield a frequency without a number that is another one in the translation: `yearly`, `al mes`."""
    source, target = found.source, found.target
    bound = {number.per for number in source.numbers}
    for per in dict.fromkeys(source.pers):
        others = [other for other in target.pers if other not in source.pers]
        if others and per not in bound and per not in target.pers and not _says(found, per):
            yield UNIT_CHANGED.finding(
                f"{source.quote(*source.places[f'/{per}'])} of the English is"
                f" {target.quote(*target.places[f'/{others[0]}'])} in the translation.",
                "Is it as often in both? If not, say how often as the English does.",
                english=source.places[f"/{per}"],
                translation=target.places[f"/{others[0]}"],
            )


def _changed_words(found: Comparison) -> Iterator[Finding]:
    """Yield a unit without a number that is another in the translation: `several weeks`, `varios años`."""
    lost = _loose(found.source, found.target)
    added = _loose(found.target, found.source) if lost else []
    for unit in lost:
        other = next((each for each in added if dimension(each) == dimension(unit)), "")
        other = other or next((each for each in added if {each, unit} <= _LONG_TIMES), "")
        if other:
            yield UNIT_CHANGED.finding(
                f"{found.source.quote(*found.source.places[unit])} of the English is"
                f" {found.target.quote(*found.target.places[other])} in the translation.",
                "Do both mean the same? If so, dismiss this; if not, use the unit of the English.",
                Level.WARNING,
                english=found.source.places[unit],
                translation=found.target.places[other],
            )


def _loose(reading: Reading, other: Reading) -> list[str]:
    """Return the units without a number that the other text does not have in any form."""
    units = _LOOSE.intersection(reading.units).difference(other.units)
    if not units:
        return []
    bound = {number.unit for number in reading.numbers if number.is_firm}
    return [
        unit
        for unit in dict.fromkeys(reading.units)
        if unit in units
        and unit not in bound
        and not any(is_alike(unit, each) for each in other.units)
        and unit not in other.pers
    ]


_COUNTS: Final = frozenset({"time", "serving", "pack", "shot", "dose"})
"""Units that count what a translation may count in another way: two servings, twice."""
_LONG_TIMES: Final = frozenset({"day", "week", "month", "year", "decade"})
_LOOSE: Final = _LONG_TIMES | {"min", "tsp", "tbsp", "cup", "glass"}
"""Units that are used without a number too; an hour is also a time of day, a second an ordinal."""


def _says(found: Comparison, per: str) -> bool:
    """Return whether the translation says it in another way: `en un día`, `cada 24 horas`."""
    if "@" in found.target.bounds and "@" not in found.source.bounds:
        return True
    return any(number.unit == per for number in found.target.numbers) or found.target.units.count(
        per
    ) > found.source.units.count(per)


_PER = {
    "day": "a day",
    "week": "a week",
    "month": "a month",
    "year": "a year",
    "h": "an hour",
    "min": "a minute",
}


UNIT_CHANGED: Final = Check("unit-changed", check_units)
UNIT_LOST: Final = Check("unit-lost", check_units)
