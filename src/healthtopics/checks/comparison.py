"""The two texts of a message side by side: which number of the translation matches which of the English."""

import re
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Final

import msgspec

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.languages import is_known
from healthtopics.reading.quantities import (
    can_convert,
    dimension,
    is_alike,
    is_as_often,
    is_converted,
    is_of_another_system,
    is_same,
)
from healthtopics.reading.text import Clock, Number, Reading, read


class Comparison(msgspec.Struct, eq=False, gc=False):
    """The readings of both texts, and what only one of them has."""

    source: Reading
    target: Reading
    pairs: Sequence[tuple[Number, Number]] = ()
    """Numbers of the same value, or of the same quantity."""
    wrong: Sequence[tuple[Number, Number]] = ()
    """Pairs of which the second should be a conversion of the first and is wrong."""
    changed: Sequence[tuple[Number, Number]] = ()
    lost: Sequence[Number] = ()
    added: Sequence[Number] = ()
    lost_clocks: Sequence[Clock] = ()
    added_clocks: Sequence[Clock] = ()


def compare(source: str, target: str, language: LanguageTag) -> Comparison:
    """Compare an English text with its translation, both without markup."""
    # If the words of the language are not known, any of them may be `three`: only digits are compared.
    found = Comparison(read(source, SOURCE if is_known(language) else language), read(target, language))
    if found.source.numbers or found.target.numbers or found.source.clocks or found.target.clocks:
        _Matching(found).run()
    return found


_HALF_DAY: Final = re.compile(r"\b(?:mornings?|afternoons?|evenings?|nights?|tonight)\b")
"""Matches what says which half of the day a number is meant in: `the next morning at 8`."""
_NEAR: Final = 16
"""The most characters between a quantity and its conversion."""


class _Matching:
    """Removes what both texts have, the most certain matches first; the rest is wrong."""

    def __init__(self, found: Comparison) -> None:
        self.found = found
        self.lost = sorted(found.source.numbers, key=lambda number: not number.is_firm)
        self.added = list(found.target.numbers)
        self.pairs: list[tuple[Number, Number]] = []
        self.wrong: list[tuple[Number, Number]] = []
        self.changed: list[tuple[Number, Number]] = []
        found.pairs, found.wrong, found.changed = self.pairs, self.wrong, self.changed

    def run(self) -> None:
        """Fill the comparison."""
        found = self.found
        self._days()
        for is_match in (_is_equal, _is_like, _is_as_often, _has_value, _is_same_quantity):
            self._match(is_match)
            if not self.lost and not self.added:
                break
            if is_match is _is_equal:
                self._shares()
                self._split_shares()
        self._clocks()
        self._conversions()
        self._changes()
        found.lost = [number for number in self.lost if number.is_firm]
        found.added = [number for number in self.added if number.is_firm]

    def _match(self, is_match: Callable[[Number, Number], bool]) -> None:
        if not self.lost or not self.added:
            return
        for source in self.lost[:]:
            target = next((each for each in self.added if is_match(source, each)), None)
            if target is not None:
                self.lost.remove(source)
                self.added.remove(target)
                if (
                    is_match is not _is_as_often
                ):  # `every 6 months`, `twice a year`: no number is that of the other
                    self.pairs.append((source, target))

    def _shares(self) -> None:
        """Remove each proportion that is a percentage in the other text: `1 in 10`, `10 %`."""
        found = self.found
        for proportions, parts, numbers in (
            (found.source.proportions, self.lost, self.added),
            (found.target.proportions, self.added, self.lost),
        ):
            for first, second in proportions:
                share = next((each for each in numbers if _is_share(first, second, each)), None)
                if share is not None and all(any(part is each for each in parts) for part in (first, second)):
                    parts.remove(first)
                    parts.remove(second)
                    numbers.remove(share)
                    self.pairs.append((first, share) if parts is self.lost else (share, first))

    def _split_shares(self) -> None:
        """Remove each part that is two numbers in the other text: `two-thirds`, `de cada tres, dos`."""
        for parts, numbers in ((self.lost, self.added), (self.added, self.lost)):
            for share in [each for each in parts if each.role == "part" or each.unit == "%"]:
                pair = next(
                    (
                        (one, two)
                        for one, two in permutations(numbers, 2)
                        if one.value < two.value and not one.unit and _is_share(one, two, share)
                    ),
                    None,
                )
                if pair is not None:
                    parts.remove(share)
                    for each in pair:
                        numbers.remove(each)

    def _days(self) -> None:
        """Remove the numbers of a date that the other text writes in words: `9/3`, `3 de septiembre`."""
        found = self.found
        for month, day in zip(self.lost[:-1], self.lost[1:], strict=True):
            if found.source.low[month.end : day.start] != "/":
                continue
            dates = [each for each in found.target.days if (each.month, each.day) == (month.value, day.value)]
            if dates:
                self.lost.remove(month)
                self.lost.remove(day)
                self.added[:] = [
                    each for each in self.added if not dates[0].start <= each.start < dates[0].end
                ]
                return

    def _clocks(self) -> None:
        found = self.found
        lost, added = list(found.source.clocks), list(found.target.clocks)
        for sure in (True, False):
            for clock in lost[:]:
                match = next((each for each in added if _is_same_time(clock, each, sure=sure)), None)
                if match is not None:
                    lost.remove(clock)
                    added.remove(match)
        # `8 to 10 a.m.` may name the half of the day once or twice, and `8:00` may be plain `8`.
        found.lost_clocks = [clock for clock in lost if not self._is_plain(clock, self.added, found.target)]
        found.added_clocks = [clock for clock in added if not self._is_plain(clock, self.lost, found.source)]

    @staticmethod
    def _is_plain(clock: Clock, numbers: list[Number], other: Reading) -> bool:
        hour, minute = divmod(clock.minutes, 60)
        if minute:
            return not clock.is_sure and _take(numbers, minute)  # 1:10 is also `one part in ten`
        is_half_known = any(each.is_sure and each.minutes // 720 == hour // 12 for each in other.clocks)
        if clock.is_sure and not is_half_known and not _HALF_DAY.search(other.low):
            return False
        number = next(
            (each for each in numbers if not each.unit and each.value in (hour, (hour - 1) % 12 + 1)), None
        )
        if number is None:
            return False
        numbers.remove(number)
        return True

    def _conversions(self) -> None:
        """Remove what only repeats a quantity in other units, and record conversions that are wrong."""
        found = self.found
        for lost, numbers in ((True, found.target.numbers), (False, found.source.numbers)):
            mine = self.lost if lost else self.added
            for number in mine[:]:
                if dimension(number.unit) and any(_is_conversion(number, other) for other in numbers):
                    mine.remove(number)
        for number in self.added[:]:
            origin = self._origin(number)
            if origin is not None:
                self.added.remove(number)
                if origin in self.lost:
                    self.lost.remove(origin)
                self.wrong.append((origin, number))

    def _origin(self, number: Number) -> Number | None:
        """Return the number that an added one converts, in another system of units or beside it in both.

        Where 20 mg have become 2 g, nothing was converted: it is another number.
        """
        for source in self.lost:
            if can_convert(source.unit, number.unit) and is_of_another_system(source.unit, number.unit):
                return source
        for source, target in self.pairs:
            gap = max(number.start - target.end, target.start - number.end)
            if gap <= _NEAR and can_convert(target.unit, number.unit):
                return source
        return None

    def _changes(self) -> None:
        """Pair lost numbers with added ones as changed, as far as they fit."""
        for is_match in (_is_unit_twin, _is_firm_pair, _is_ordinal_pair):
            for source in self.lost[:]:
                target = next((each for each in self.added if is_match(source, each)), None)
                if target is not None:
                    self.lost.remove(source)
                    self.added.remove(target)
                    self.changed.append((source, target))


def _take(numbers: list[Number], value: float) -> bool:
    """Remove the first number of a value; return whether there is one."""
    number = next((each for each in numbers if each.value == value), None)
    if number is not None:
        numbers.remove(number)
    return number is not None


def _has_value(source: Number, target: Number) -> bool:
    if source.role == "article" and target.role not in ("article", "cardinal"):
        return False
    return any(value in target.readings for value in source.readings)


def _is_equal(source: Number, target: Number) -> bool:
    return (
        source.unit == target.unit
        and source.bound == target.bound
        and source.per == target.per
        and _has_value(source, target)
    )


def _is_like(source: Number, target: Number) -> bool:
    return (not source.unit or not target.unit or is_alike(source.unit, target.unit)) and _has_value(
        source, target
    )


def _is_as_often(source: Number, target: Number) -> bool:
    """Return whether one says how many times, the other how long apart: `twice a day`, `cada 12 horas`."""
    return _is_interval(source, target) or _is_interval(target, source)


def _is_interval(times: Number, apart: Number) -> bool:
    return (
        times.unit in ("", "time")
        and "@" in apart.bound
        and is_as_often(times.value, times.per, apart.value, apart.unit)
    )


def _is_same_quantity(source: Number, target: Number) -> bool:
    if {source.role, target.role} == {"ordinal", "part"}:  # a third of them
        return abs(source.value * target.value - 1) < 1e-9
    own, other = (dimension(each.unit, is_part=each.role == "part") for each in (source, target))
    if not own or own != other or own == "temperature":
        return False
    return any(
        is_same(value, source.unit, reading, target.unit)
        for value in source.readings
        for reading in target.readings
    )


def _is_share(first: Number, second: Number, number: Number) -> bool:
    """Return whether a percentage or a part is that proportion: `1 in 3`, `33 %`, the nearest, or a third."""
    if number.role == "part":
        return abs(first.value / second.value - number.value) < 1e-9
    if number.unit != "%":
        return False
    exact = 100 * first.value / second.value
    return abs(exact - number.value) <= (0.5 * 10.0 ** -_decimals(number.value) if exact >= 5 else 1e-9)


def _is_conversion(one: Number, other: Number) -> bool:
    if not can_convert(one.unit, other.unit):
        return False
    return any(
        is_converted(value, one.unit, reading, other.unit, _decimals(reading))
        or is_converted(reading, other.unit, value, one.unit, _decimals(value))
        for value in one.readings
        for reading in other.readings
    )


def _decimals(value: float) -> int:
    return len(repr(value).rpartition(".")[2]) if value != int(value) else 0


def _is_same_time(one: Clock, other: Clock, *, sure: bool) -> bool:
    if one.minutes == other.minutes:
        return True
    return not sure and not (one.is_sure and other.is_sure) and one.minutes % 720 == other.minutes % 720


def _is_unit_twin(source: Number, target: Number) -> bool:
    if source.role == "article":
        return target.is_firm and source.unit == target.unit
    return bool(source.unit) and is_alike(source.unit, target.unit) and (source.is_firm or target.is_firm)


def _is_firm_pair(source: Number, target: Number) -> bool:
    return source.is_firm and target.is_firm


def _is_ordinal_pair(source: Number, target: Number) -> bool:
    return source.role == target.role == "ordinal"
