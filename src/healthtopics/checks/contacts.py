"""Phone numbers, emergency numbers and e-mail addresses."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.emergencies import emergency_numbers
from healthtopics.reading.quoting import find_passage

_MARKS = re.compile(r"[^\w]+")


def check_contacts(pair: Pair) -> Iterator[Finding]:
    """Yield each phone number and e-mail address that the English does not have.

    A translation may add a number, for a text phone or in its own language: that is a warning.
    """
    found = pair.comparison
    source, target = found.source, found.target
    if source.phones or target.phones:
        yield from _phones(source.phones, target.phones)
    if source.emails or target.emails:
        lost, added = sorted({*source.emails} - {*target.emails}), sorted({*target.emails} - {*source.emails})
        places = [find_passage(pair.source, email) for email in lost]
        for email, place in zip(lost, places, strict=True):
            yield EMAIL_CHANGED.finding(
                f"“{email}” of the English is not in the translation.",
                "Write the address of the English.",
                english=place,
            )
        for email, replaced in zip_longest(added, places[: len(added)]):
            yield EMAIL_CHANGED.finding(
                f"“{email}” is not in the English.",
                "Write the address of the English.",
                english=replaced,
                translation=find_passage(pair.target, email),
            )


def _phones(source: Sequence[str], target: Sequence[str]) -> Iterator[Finding]:
    wanted = {_digits(phone): phone for phone in source}
    there = {_digits(phone): phone for phone in target}
    lost = [phone for digits, phone in wanted.items() if digits not in there]
    added = [phone for digits, phone in there.items() if digits not in wanted]
    for phone in lost:
        instead = f", which has “{added[0]}”" if added else ""
        yield PHONE_CHANGED.finding(
            f"the number “{phone}” of the English is not in the translation{instead}.",
            "Write the number of the English, digit by digit.",
        )
    if not lost:
        for phone in added:
            yield PHONE_CHANGED.finding(
                f"the number “{phone}” is not in the English.",
                "Make sure that it is right, and belongs here.",
                Level.WARNING,
            )


def check_emergency_numbers(pair: Pair) -> Iterator[Finding]:
    """Yield each number to call in an emergency that is not one of the region's, if the region is known."""
    if not pair.emergency_numbers:
        return
    for number in dict.fromkeys(each.number for each in emergency_numbers(pair.target, pair.language)):
        if number not in pair.emergency_numbers:
            yield foreign_number(number, pair.emergency_numbers)


def foreign_number(number: str, own: Sequence[str]) -> Finding:
    """Return the finding on an emergency number that is not one of the region's own."""
    return EMERGENCY_NUMBER.finding(
        f"“{number}” is not an emergency number of the region: {', '.join(own)}.",
        "Write the region's number, or add this one to `emergency_numbers` in healthtopics.toml.",
    )


def _digits(phone: str) -> str:
    return _MARKS.sub("", phone).removeprefix("1")


PHONE_CHANGED: Final = Check("phone-changed", check_contacts)
EMERGENCY_NUMBER: Final = Check(
    "emergency-number", check_emergency_numbers, level=Level.WARNING, needs=Need.WORDS
)
EMAIL_CHANGED: Final = Check("email-changed", check_contacts)
