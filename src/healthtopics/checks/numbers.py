"""Numbers by value, in any notation or in words: lost, changed, added, or wrongly converted."""

from collections.abc import Iterator
from typing import Final

from healthtopics.checks.comparison import Comparison
from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.problems import Level
from healthtopics.reading.quantities import TIMES, is_alike
from healthtopics.reading.text import DOSE_UNITS, Number, Reading

_KEEP: Final = "Write the number of the English; if the English is wrong, tell its author."


def check_numbers(pair: Pair) -> Iterator[Finding]:
    """Yield each number that the translation has lost, changed or added."""
    found = pair.comparison
    if len(found.pairs) > 1:
        yield from _exchanged(found)
    if not (found.lost or found.changed or found.added or found.wrong):
        return
    # Names, lists of another length and topics of fewer sections may have other numbers.
    is_free = pair.rule.is_list or pair.is_name or pair.rule.unit == "topic"
    for source, target in found.changed:
        if not _is_in_changed_range(found, source) and not source.is_date:
            is_sure = not is_free and _is_alike(found, source, target)
            yield _changed(found, source, target, Level.ERROR if is_sure else Level.WARNING)
    for source, target in found.wrong:
        yield CONVERSION_WRONG.finding(
            f"{quote(found.source, source)} of the English is not {quote(found.target, target)}.",
            "Convert it again, or leave the conversion out.",
        )
    if not is_free:
        yield from _missing(found, knows_words=pair.is_known)


def _missing(found: Comparison, *, knows_words: bool) -> Iterator[Finding]:
    """Yield the numbers of one text only; if words are not known, the other may have it in words."""
    for number in found.lost:
        is_repeated = _is_repeated(found, number)
        if not (number.is_date or number.is_whole or is_repeated) and not _is_within_word(
            found.source, number
        ):
            yield NUMBER_LOST.finding(
                f"{quote(found.source, number)} of the English is not in the translation.",
                "Is it said in other words? Else write the number.",
                Level.ERROR if knows_words and _is_surely_lost(found, number) else Level.WARNING,
            )
    for number in found.added:
        is_repeated = any(number.value in other.readings for other in found.source.numbers)
        if not (number.is_whole or is_repeated) and (not number.is_date or not found.source.days):
            yield _added(found, number, can_hold=knows_words)


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
    anchors = sorted({*pairs, *_anchors(found)})
    places = sorted(anchors, key=lambda anchor: anchor[1])
    moved = [anchor for anchor, other in zip(anchors, places, strict=True) if anchor != other]
    if len(anchors) < 3 or len(moved) != 2 or not pairs.keys() >= set(moved):
        return
    (first, other), (second, _) = (pairs[anchor] for anchor in moved)
    if first.unit and first.unit == second.unit and first.is_firm and second.is_firm:
        yield NUMBER_CHANGED.finding(
            f"{quote(found.source, first)} and {quote(found.source, second)} of the English have changed"
            f" places: {quote(found.target, other)} comes second.",
            "Check which number belongs to what.",
            Level.WARNING,
        )


def _anchors(found: Comparison) -> Iterator[tuple[int, int]]:
    """Yield the places in both texts of opposites that each has once: adults, children."""
    source, target = _once(found.source), _once(found.target)
    for pole, start in source.items():
        if pole in target:
            yield start, target[pole]


def _once(reading: Reading) -> dict[str, int]:
    places: dict[str, list[int]] = {}
    for sentence in reading.sentences:
        for pole, spans in sentence.poles.items():
            places.setdefault(pole, []).extend(start for start, _ in spans)
    return {pole: starts[0] for pole, starts in places.items() if len(starts) == 1}


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
    )


def _added(found: Comparison, number: Number, *, can_hold: bool) -> Finding:
    is_dose = number.unit in DOSE_UNITS or number.unit in TIMES or bool(number.per) or "@" in number.bound
    return NUMBER_ADDED.finding(
        f"{quote(found.target, number)} of the translation is not in the English.",
        "Does the English say it in other words? Else remove it; only a conversion into other units may be"
        " added.",
        Level.ERROR if is_dose and can_hold and _has_digits(found.target, number) else Level.WARNING,
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
