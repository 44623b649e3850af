"""Numbers by value, in any notation or in words: lost, changed, added, or wrongly converted."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, TypeAlias, TypedDict

from healthtopics.checks.comparison import Comparison
from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.problems import Level
from healthtopics.reading.languages import decimal_mark_of
from healthtopics.reading.quantities import MEASURED, TIMES, dimension, is_alike
from healthtopics.reading.text import DOSE_UNITS, Number, Reading

_Anchor: TypeAlias = tuple[int, int]
"""The places in both texts of something that both have once."""
_COURSE: Final = 101
_KEEP: Final = (
    "Do both say the same? If not, write the number of the English; if the English is wrong, tell its author."
)


def check_numbers(pair: Pair) -> Iterator[Finding]:
    """Yield each number that the translation has lost, changed or added."""
    found = pair.comparison
    if len(found.pairs) > 1:
        yield from _exchanged(found)
    yield from _misread(found, decimal_mark_of(pair.language))
    is_free = pair.rule.is_list or pair.is_name or pair.rule.unit == "topic"
    if pair.is_known and not is_free:
        yield from _added_durations(found)
    if not (found.lost or found.changed or found.added or found.wrong):
        return
    # Names, lists of another length and topics of fewer sections may have other numbers.
    yield from _all_changed(found, can_hold=not is_free)
    yield from _wrongly_converted(found)
    if not is_free:
        yield from _missing(found, knows_words=pair.is_known)


def _all_changed(found: Comparison, *, can_hold: bool) -> Iterator[Finding]:
    for source, target in found.changed:
        if not _is_reported_otherwise(found, source, target):
            is_sure = can_hold and _is_alike(found, source, target)
            yield _changed(found, source, target, Level.ERROR if is_sure else Level.WARNING)


def _wrongly_converted(found: Comparison) -> Iterator[Finding]:
    for source, target in found.wrong:
        yield CONVERSION_WRONG.finding(
            f"{quote(found.source, source)} of the English is not {quote(found.target, target)}.",
            f"Is {quote(found.target, target)} the same quantity as {quote(found.source, source)}? If not,"
            " correct the conversion; the quantity of the English must not get lost.",
            **places(found, source, target),
        )


def _misread(found: Comparison, mark: str) -> Iterator[Finding]:
    """Yield each measured quantity whose digits readers take for another value: `1,500 mg`, `1.500 mg`."""
    for source, target in found.pairs if mark else ():
        if len(target.readings) > 1 and _is_measured(source.unit):
            digits = found.target.low[target.start : target.digits_end]
            whole, _, decimals = digits.rpartition(mark)
            value = float(f"{whole}.{decimals}" if whole else re.sub("[.,]", "", digits))
            if value != source.value:
                yield NUMBER_CHANGED.finding(
                    f"{quote(found.source, source)} of the English is {quote(found.target, target)} in the"
                    f" translation, which readers may take for {value:g}.",
                    f"Is {source.value:g} meant? The mark before decimals is “{mark}” here: write the number"
                    " so that it cannot be read otherwise.",
                    **places(found, source, target),
                )


def _is_measured(unit: str) -> bool:
    """Return whether a unit may belong to a dose or to a measurement, and not to a number of people."""
    return unit in DOSE_UNITS or dimension(unit) in MEASURED or "/" in unit or unit in ("mmol", "ng")


def _is_reported_otherwise(found: Comparison, source: Number, target: Number) -> bool:
    """Return whether another check reports it, or both say the same: `the 1950s`, `los años cincuenta`."""
    is_decade = source.value - target.value in (1800, 1900, 2000)
    return (
        _is_in_changed_range(found, source)
        or source.is_date
        or (is_decade and found.source.low.startswith("s", source.digits_end))
    )


def _missing(found: Comparison, *, knows_words: bool) -> Iterator[Finding]:
    """Yield the numbers of one text only; if words are not known, the other may have it in words."""
    for number in found.lost:
        is_repeated = _is_repeated(found, number)
        is_word = _is_within_word(found.source, number)
        if not (number.is_date or number.is_whole or is_repeated or is_word or _is_course(found, number)):
            yield NUMBER_LOST.finding(
                f"{quote(found.source, number)} of the English is not in the translation.",
                "Is it said in other words? If so, dismiss this; if not, write the number.",
                Level.ERROR if knows_words and _is_surely_lost(found, number) else Level.WARNING,
                english=number.place,
            )
    for number in found.added:
        if not _is_said(found, number) and (not number.is_date or not found.source.days):
            yield _added(found, number, can_hold=knows_words)


def _added_durations(found: Comparison) -> Iterator[Finding]:
    """Yield `durante una semana` where the English counts nothing in weeks; `una` may not be a number."""
    target = found.target
    for number in target.numbers:
        if number.role == "article" and number.unit in TIMES and number.unit not in found.source.units:
            before = target.low[: number.start].rstrip().rpartition(" ")
            said = target.concepts(len(before[0]), number.start)
            if "during" in said.concepts and number.unit not in found.source.pers:
                yield _added(found, number, can_hold=False)


def _is_said(found: Comparison, number: Number) -> bool:
    """Return whether the English says a further number of the translation in some way.

    It repeats another one, only says that no hour is left out, `las 24 horas`, or ends a decade: `in their
    forties`, `entre 40 y 49`.
    """
    numbers = found.source.numbers
    return (
        number.is_whole
        or _is_of_word(found.target, number, found.source)
        or _is_or_so(found, number)
        or (number.value, number.unit, number.per, number.bound) == (24, "h", "", "")
        or any(number.value in other.readings for other in numbers)
        or any(
            number.value - 9 == each.value and found.source.low[each.start : each.digits_end].endswith("s")
            for each in numbers
        )
    )


def _is_of_word(reading: Reading, number: Number, other: Reading) -> bool:
    """Return whether it only belongs to a word that the other text has without it: `COVID-19`, `COVID`."""
    word = re.search(r"([^\W\d_]+)-$", reading.low[: number.start]) if number.is_name else None
    return word is not None and re.search(rf"\b{word[1]}\b", other.low) is not None


def _is_course(found: Comparison, number: Number) -> bool:
    """Return whether it only means the basics of a subject: `Diabetes 101`."""
    return number.value == _COURSE and not number.unit and not found.source.low[number.end :].strip(" .")


def _is_or_so(found: Comparison, number: Number) -> bool:
    """Return whether it is one more than a number before `or so`: `a day or so`, `uno o dos días`."""
    values = {each.value for each in found.source.numbers} | ({1} if found.source.pers else set())
    return " or so" in found.source.low and number.value - 1 in values


def _is_repeated(found: Comparison, number: Number) -> bool:
    """Return whether the English has it twice, and the translation once: `up to 70, and older than 70`."""
    return any(number is not other and number.value == other.value for other, _ in found.pairs)


def _is_alike(found: Comparison, source: Number, target: Number) -> bool:
    """Return whether both are digits or count the same, so that neither can be meant by the other."""
    if _has_digits(found.source, source) and _has_digits(found.target, target):
        return True
    return target.is_firm and bool(source.unit) and is_alike(source.unit, target.unit)


def _is_surely_lost(found: Comparison, number: Number) -> bool:
    """Return whether nothing in the translation can say it: neither a number in words nor the same one."""
    return _has_digits(found.source, number) and not any(
        number.value in other.readings or not _has_digits(found.target, other)
        for other in found.target.numbers
        if other.is_firm or other.unit
    )


def _has_digits(reading: Reading, number: Number) -> bool:
    return reading.low[number.start : number.start + 1].isdigit()


def _is_within_word(reading: Reading, number: Number) -> bool:
    """Return whether letters are on both sides, as in A1C, which may be spelt out; the glossary checks it."""
    before, after = reading.low[: number.start][-1:], reading.low[number.end : number.end + 1]
    return before.isalpha() and after.isalpha()


def _exchanged(found: Comparison) -> Iterator[Finding]:
    """Yield two quantities that have changed places while everything else in both texts has not."""
    pairs = {(source.start, target.start): (source, target) for source, target in found.pairs}
    beside = list(_anchors(found))
    moved = _moved({*pairs, *beside})
    if len(pairs) == 2 and not pairs.keys() >= set(moved):
        moved = _bound_otherwise(list(pairs), beside)
    if len(moved) != 2 or not pairs.keys() >= set(moved):
        return
    (first, other), (second, _) = (pairs[anchor] for anchor in moved)
    if first.unit == second.unit and first.value != second.value and (first.unit or len(pairs) == 2):
        yield NUMBER_CHANGED.finding(
            f"{quote(found.source, first)} and {quote(found.source, second)} of the English have changed"
            f" places: {quote(found.target, other)} belongs to something else.",
            "Which number belongs to what? If only the order of the words differs, dismiss this.",
            Level.WARNING,
            english=first.place,
            translation=other.place,
        )


def _moved(anchors: set[_Anchor]) -> list[_Anchor]:
    """Return the anchors that are not where their order in the English puts them."""
    if len(anchors) < 3:
        return []
    in_order = sorted(anchors)
    places = sorted(in_order, key=lambda anchor: anchor[1])
    return [anchor for anchor, other in zip(in_order, places, strict=True) if anchor != other]


def _bound_otherwise(numbers: Sequence[_Anchor], beside: Sequence[_Anchor]) -> list[_Anchor]:
    """Return two numbers that come in turns with two other things, in each text with the other one."""
    (one, three), (two, four) = numbers
    for (first, third), (second, fourth) in combinations(beside, 2):
        is_bound = _alternate((one, two), (first, second)) and _alternate((three, four), (third, fourth))
        if is_bound and ((one < two) == (first < second)) != ((three < four) == (third < fourth)):
            return list(numbers)
    return []


def _alternate(pair: Sequence[int], other: Sequence[int]) -> bool:
    kinds = [kind for _, kind in sorted([*((place, 0) for place in pair), *((place, 1) for place in other)])]
    return kinds in ([0, 1, 0, 1], [1, 0, 1, 0])


def _anchors(found: Comparison) -> Iterator[tuple[int, int]]:
    """Yield the places in both texts of concepts that each has once: adults, children."""
    source, target = _once(found.source), _once(found.target)
    for concept, start in source.items():
        if concept in target:
            yield start, target[concept]


def _once(reading: Reading) -> dict[str, int]:
    said = reading.concepts(0, len(reading.low))
    return {concept: places[0][0] for concept, places in said.concepts.items() if len(places) == 1}


class _Spots(TypedDict):
    """The places of a finding in both texts."""

    english: tuple[int, int]
    translation: tuple[int, int]


def places(found: Comparison, source: Number, target: Number) -> _Spots:
    """Return where two numbers are: the ends of a range have one place."""
    return {"english": _place(found.source, source), "translation": _place(found.target, target)}


def _place(reading: Reading, number: Number) -> tuple[int, int]:
    ends = next((each for each in reading.ranges if number is each[0] or number is each[1]), (number, number))
    return ends[0].place[0], ends[1].place[1]


def quote(reading: Reading, number: Number) -> str:
    """Return a number with its unit as in the text, in quotation marks."""
    return reading.quote(number.start, number.end)


def _changed(found: Comparison, source: Number, target: Number, level: Level) -> Finding:
    readings = " or ".join(f"{reading:g}" for reading in target.readings)
    both = f", which may be read as {readings}" if len(target.readings) > 1 else ""
    return NUMBER_CHANGED.finding(
        f"{quote(found.source, source)} of the English is {quote(found.target, target)}"
        f" in the translation{both}.",
        _KEEP,
        level,
        **places(found, source, target),
    )


def _added(found: Comparison, number: Number, *, can_hold: bool) -> Finding:
    is_dose = number.unit in DOSE_UNITS or number.unit in TIMES or bool(number.per) or "@" in number.bound
    return NUMBER_ADDED.finding(
        f"{quote(found.target, number)} of the translation is not in the English.",
        "Does the English say it in other words? If so, dismiss this; of what the English does not have,"
        " only a conversion into other units may be added.",
        Level.ERROR if is_dose and can_hold and _has_digits(found.target, number) else Level.WARNING,
        translation=number.place,
    )


def _is_in_changed_range(found: Comparison, source: Number) -> bool:
    """Return whether the range of the number is reported as a whole."""
    return (
        any(source is end for ends in found.source.ranges for end in ends) and len(found.target.numbers) > 1
    )


NUMBER_LOST: Final = Check("number-lost", check_numbers)
NUMBER_CHANGED: Final = Check("number-changed", check_numbers)
NUMBER_ADDED: Final = Check("number-added", check_numbers)
CONVERSION_WRONG: Final = Check("conversion-wrong", check_numbers)
