"""Which messages can hurt somebody if their translation is wrong, and which parts need a second look."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from healthtopics.language import SOURCE
from healthtopics.reading.languages import lexicon_of
from healthtopics.reading.text import DOSE_UNITS, Number, Reading, read
from healthtopics.schema import MessageRule

_CRITICAL: Final = re.compile(
    r"""
    # how often
    \b(?:once|twice|times)[ ](?:a|an|per|each|every)\b | \bdaily\b | \bevery[ ](?:other|[0-9]+)\b

    # contraindications, interactions, overdoses
  | \b(?:
        contraindicat\w+ | allergic | allerg(?:y|ies)[ ]to | anaphyla\w+ | interact\w* | side[ ]effects?
      | overdos\w+ | poison\w* | toxic | fatal | deadly | life-threatening | lethal | suicid\w+
      | harm[ ](?:your|the|an[ ]unborn)[ ]\w+
    )\b

    # an emergency, and whom to ask
  | \b(?:
        911 | 988 | emergenc(?:y|ies) | right[ ]away | immediately | at[ ]once | urgent(?:ly)?
      | as[ ]soon[ ]as[ ]possible
      | (?:call|contact|tell|ask|see|talk[ ](?:to|with)|check[ ]with)[ ](?:your|a|the)[ ]
        (?:doctor|(?:health[ ]care[ ])?provider|pharmacist|nurse|midwife|ambulance)
    )\b

    # what to do with a medicine
  | \b(?:take|give|use|inject|swallow|apply|inhale|insert|double|skip|miss(?:ed)?)\b [^.;:?!]{0,60}
    \b(?:
        medicines? | medications? | drugs? | doses? | pills? | tablets? | insulin | aspirin | ibuprofen
      | acetaminophen | antibiotics? | inhaler | epinephrine | naloxone | opioids? | warfarin
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WARNING: Final = re.compile(r"\b(?:avoid(?:ed|ing)|instead(?: of)?|rather than|nor|refrain(?:s|ed|ing)?)\b")
"""Warnings that the other language may leave unsaid, so that the checks do not look for them."""
_CONCEPTS: Final = ("stop", "unsafe", "too_much", "too_little", "forbid", "except")
"""Concepts that warn."""
_LEAD: Final = re.compile(r"\b(?:age|ages|aged|age of|weeks?|days?|months?|years?) $")
"""Matches what a number counts, before the number."""
_TRAIL: Final = re.compile(r"[ -]trimesters?\b")
"""What a number counts if the checks do not know it as a unit."""
_ARTICLE_UNITS: Final = DOSE_UNITS - {"u"}
"""Units of which `a` means one: a tablet, but hardly a unit."""
_BLOCK: Final = re.compile(r"</?(?:h[1-6]|p|ul|ol|li|dl|dt|dd|br|section)\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_SHARING: Final = 14
"""The most characters between two numbers that share the unit after the second one."""


def is_safety_critical(msgid: str, rule: MessageRule | None = None) -> bool:
    """Return whether readers may act on an English message and be hurt if it is translated wrongly.

    One of these is enough: a rule that says so; anything that `critical_phrases` returns; how often to take
    something; a contraindication, an interaction, an overdose; what to do with a medicine; an emergency, or
    whom to ask.
    It errs on the side of yes: it decides how prominent a finding is, and what comes first in a translator's
    queue.
    """
    if rule is not None and rule.is_critical:
        return True
    return _CRITICAL.search(msgid) is not None or bool(critical_phrases(msgid))


@lru_cache(maxsize=4096)  # many topics have the same titles of pages, headings and phrases
def critical_phrases(msgid: str) -> tuple[str, ...]:
    """Return the quantities, the negations and the warnings of an English message: `20 mg`, `not`, `stop`.

    They are in the order and spelling of the message, each once. A number counts with a unit, a bound, a rate
    or an age, or in a proportion; a range is one quantity: `0.1 and 0.3 percent`, `1 to 3 in 1,000`.
    """
    reading = read(without_markup(msgid), SOURCE)
    places = sorted({*_quantities(reading), *_warnings(reading)})
    return tuple(dict.fromkeys(" ".join(reading.text[start:end].split()) for start, end in places))


@lru_cache(maxsize=256)
def without_markup(msgid: str) -> str:
    """Return the words of a message, sound or not, in any markup; each block begins a line."""
    if "<" in msgid:
        msgid = _TAG.sub("", _BLOCK.sub("\n", msgid))
    return html.unescape(msgid) if "&" in msgid else msgid


def _warnings(reading: Reading) -> Iterator[tuple[int, int]]:
    for sentence in reading.sentences:
        yield from sentence.denials
        yield from sentence.firm
        yield from sentence.exceptions
    said = reading.concepts(0, len(reading.low)).concepts
    for concept in _CONCEPTS:
        yield from said.get(concept, ())
    for match in _WARNING.finditer(reading.low):
        yield match.span()


def _quantities(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the places of quantities; numbers that share a unit, a range or a proportion count as one."""
    proportions = lexicon_of(SOURCE).proportions
    joined = {first.start for first, _second in reading.ranges}
    start, is_quantity = -1, False
    for number, following in zip_longest(reading.numbers, reading.numbers[1:]):
        start = _start(reading, number) if start < 0 else start
        is_quantity = is_quantity or _is_quantity(reading, number)
        if following is not None and (number.start in joined or _shares_unit(reading, number, following)):
            is_quantity = is_quantity or reading.low[number.end : following.start].strip() in proportions
            continue
        if is_quantity:
            yield start, _end(reading, number)
        start, is_quantity = -1, False


def _is_quantity(reading: Reading, number: Number) -> bool:
    if number.is_name or number.is_date:
        return False
    if number.role == "article":
        return number.unit in _ARTICLE_UNITS
    has_more = (number.start, number.end) != (_start(reading, number), _end(reading, number))
    return has_more or bool(number.unit or number.per or number.bound)


def _shares_unit(reading: Reading, number: Number, following: Number) -> bool:
    return (
        number.unit != ""
        and number.unit == following.unit
        and number.end == number.digits_end
        and following.start - number.end <= _SHARING
        and _start(reading, following) == following.start
    )


def _start(reading: Reading, number: Number) -> int:
    """Return where a number starts, with the word before it that says what it counts: `age 5`."""
    lead = _LEAD.search(reading.low, max(0, number.start - 12), number.start)
    return number.start if lead is None else lead.start()


def _end(reading: Reading, number: Number) -> int:
    trail = _TRAIL.match(reading.low, number.end)
    return number.end if trail is None else trail.end()
