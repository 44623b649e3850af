"""Dates, days of the week and times of day."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, TypeAlias

from healthtopics.checks.comparison import Comparison
from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.languages import hints_of
from healthtopics.reading.text import Day, Number, Reading

_EXAMPLE: Final = "March 3, 2024"
_Changed: TypeAlias = Callable[[Day | Number, str], Finding]


def check_dates(pair: Pair) -> Iterator[Finding]:
    """Yield each date and day of the week that the translation has changed."""
    found = pair.comparison
    source, target = found.source, found.target
    if source.days or target.days:
        changed = partial(_changed, found, hints_of(pair.language).date)
        findings = list(_dates(found, changed, knows_words=pair.is_known))
        yield from findings or _parts(found, changed)
    if source.weekdays and target.weekdays and set(source.weekdays) != set(target.weekdays):
        own, other = _weekday(source, target), _weekday(target, source)
        yield DATE_CHANGED.finding(
            f"the days of the week are not the same: {source.quote(*own)} in the English,"
            f" {target.quote(*other)} in the translation.",
            "Do both mean the same days? If not, name those of the English.",
            english=own,
            translation=other,
        )


def _weekday(reading: Reading, other: Reading) -> tuple[int, int]:
    """Return the place of a day of the week that the other text does not have, if there is one."""
    return reading.places[
        next((day for day in reading.weekdays if day not in other.weekdays), reading.weekdays[0])
    ]


def _dates(found: Comparison, changed: _Changed, *, knows_words: bool) -> Iterator[Finding]:
    source, target = found.source, found.target
    lost, added = list(source.days), list(target.days)
    for is_match in (_is_same_day, _is_part):
        _take_matches(lost, added, is_match)
    for day, match in _take_matches(lost, added, _is_swapped):
        yield _swapped(found, day, match)
    lost = [day for day in lost if not _shares_month(found, day)]
    for day, other in zip(lost, added, strict=False):
        yield changed(day, f"{_quote(target, other)} in the translation")
    if knows_words:
        for day in lost[len(added) :]:
            if day.swapped or not _is_said(found, day):
                yield changed(day, f"not in the translation: {_all(target)}")


def _take_matches(
    lost: list[Day], added: list[Day], is_match: Callable[[Day, Day], bool]
) -> list[tuple[Day, Day]]:
    """Remove the pairs that match from both lists and return them."""
    pairs = []
    for day in lost[:]:
        match = next((each for each in added if is_match(day, each)), None)
        if match is not None:
            lost.remove(day)
            added.remove(match)
            pairs.append((day, match))
    return pairs


def _parts(found: Comparison, changed: _Changed) -> Iterator[Finding]:
    """Yield the days and years that are lost or changed although their months are there."""
    target = found.target
    for number, other in found.changed:
        if number.is_date:
            there = target.quote(other.start, other.digits_end)
            yield changed(number, f"{there} in the date of the translation")
    for number in found.lost:
        if number.is_date:
            yield changed(number, f"not in the date of the translation: {_all(target)}")


def _all(reading: Reading) -> str:
    return ", ".join(_quote(reading, day) for day in reading.days) or "there is none"


def _is_same_day(one: Day, other: Day) -> bool:
    return one[:3] == other[:3]


def _is_part(one: Day, other: Day) -> bool:
    """Return whether two dates agree in the parts that both give: a range may name its month once."""
    return (
        one.month == other.month and not _is_apart(one.year, other.year) and not _is_apart(one.day, other.day)
    )


def _is_apart(one: int, other: int) -> bool:
    return bool(one and other and one != other)


def _is_swapped(one: Day, other: Day) -> bool:
    return one.swapped == other[:3] or other.swapped == one[:3]


def _is_said(found: Comparison, day: Day) -> bool:
    return any(other.month == day.month for other in found.target.days)


def _shares_month(found: Comparison, day: Day) -> bool:
    """Return whether the month comes only after the other end of a range: `del 5 al 20 de mayo`."""
    ends = [end for first, end in found.target.ranges if end.is_date and first.value == day.day]
    return any(
        other.month == day.month and other.start <= end.start < other.end
        for end in ends
        for other in found.target.days
    )


def _quote(reading: Reading, day: Day) -> str:
    return reading.quote(day.start, day.end)


def _swapped(found: Comparison, day: Day, other: Day) -> Finding:
    return DATE_CHANGED.finding(
        f"{_quote(found.source, day)} of the English is {_quote(found.target, other)} in the translation:"
        f" {day.year}-{day.month:02}-{day.day:02} there, {other.year}-{other.month:02}-{other.day:02} here,"
        " if both have the month first.",
        "Which day is meant? Write its month as a word, so that nobody can take it for the day.",
        Level.WARNING if day.swapped and other.swapped else Level.ERROR,
        english=(day.start, day.end),
        translation=(other.start, other.end),
    )


def _changed(found: Comparison, example: str, what: Day | Number, how: str) -> Finding:
    hint = "Is it the same date? If not, write that of the English" + (
        f": “{_EXAMPLE}” is “{example}”." if example else "."
    )
    return DATE_CHANGED.finding(
        f"{found.source.quote(what.start, what.end)} of the English is {how}.",
        hint,
        english=(what.start, what.end),
    )


def check_times(pair: Pair) -> Iterator[Finding]:
    """Yield each time of day that the translation has changed, lost or added."""
    found = pair.comparison
    lost, added = found.lost_clocks, found.added_clocks
    if not lost and not added:
        return
    time = partial(_time, hints_of(pair.language).time)
    for clock, other in zip(lost, added, strict=False):
        yield time(
            f"{found.source.quote(clock.start, clock.end)} of the English is"
            f" {found.target.quote(other.start, other.end)} in the translation."
        )
    for clock in lost[len(added) :]:
        yield time(
            f"{found.source.quote(clock.start, clock.end)} of the English is not in the translation, or"
            " without its half of the day.",
            Level.WARNING,
        )
    for clock in added[len(lost) :]:
        yield time(
            f"{found.target.quote(clock.start, clock.end)} of the translation is not in the English.",
            Level.WARNING,
        )


def _time(example: str, message: str, level: Level = Level.ERROR) -> Finding:
    return TIME_CHANGED.finding(
        message, f"Is it the same time? If not, write that of the English: “8 p.m.” is {example}.", level
    )


DATE_CHANGED: Final = Check("date-changed", check_dates)
TIME_CHANGED: Final = Check("time-changed", check_times, needs=Need.WORDS)
