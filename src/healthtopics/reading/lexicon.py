"""What the words of a language say about numbers, units, dates and negation, ready to be looked up.

The words themselves are data: the members `numbers`, `units`, `negation`, … of a language file, which
`schema/language.schema.json` describes. Of phrases that begin alike, the longest match counts: `al menos`
is a bound, whatever `menos` means alone. In a language without such a file only digits and symbols are read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from healthtopics.reading.members import Member

Role: TypeAlias = Literal["", "cardinal", "ordinal", "part", "scale", "article"]
_WORD: Final = re.compile(r"^[^\W\d_]+(?:'[^\W\d_]+)*")
_TAIL: Final = re.compile(r"[ ,/-]*([^\W\d_]+(?:'[^\W\d_]+)*)")
ROMANS: Final = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11,
    "XII": 12,
}  # fmt: skip


class Negation(Enum):
    """How a word denies. The value is the name of its list in a language file."""

    PLAIN = "plain"
    """The other language must deny something too: `not`."""
    CONCORD = "concord"
    """As a plain one, but after another negation it only repeats that one: `no … nunca`."""
    EXCEPTION = "exception"
    """It makes an exception, which denies the rest: `unless`. Any exception translates any other."""
    FIRM = "firm"
    """Not a negation in form; the other language must still say it in some negative way: `unable`."""
    VAGUE = "vague"
    """It may translate a negation of the other language: `no more than`."""
    EXCLUSION = "exclusion"
    """It may translate two negations: `only if` for `not … unless`."""
    ECHO = "echo"
    """As a vague one, but after another negation it only repeats that one: `no … ni`."""
    SUBSTITUTE = "substitute"
    """A free translation may use it instead of a negation, so that a lost one is uncertain: `keep` for `do
    not leave`."""


class Sense(NamedTuple):
    """Everything that a word or phrase can mean; its neighbours decide which meaning counts."""

    value: float = 0
    role: Role = ""
    """The role of the value: a part is a fraction (`half`), a scale multiplies what precedes it (`million`).
    """
    is_firm: bool = False
    """Whether the other language must have the number too; `one` and `un` are not always numbers."""
    unit: str = ""
    per: str = ""
    """What a quantity refers to: `a day`, `al día`."""
    before: str = ""
    """The bound on the number after it, as in `BOUNDS`."""
    after: str = ""
    """The bound on the number before it: `or more`."""
    month: int = 0
    weekday: int = 0
    time: int | None = None
    """Minutes since midnight: `noon`."""
    half_day: str = ""
    """The half of the day of the hour before it: "a", "p", or "n" for the night, whose twelfth hour is
    midnight."""
    negation: Negation | None = None


BOUNDS: Final = {"at_least": ">", "at_most": "<", "over": "~", "every": "@"}
"""Bounds by their names in a language file; `over` may mean “at least” or nothing: `over 6 months`."""
_HALF_DAYS: Final = {"morning": "a", "afternoon": "p", "night": "n"}
SYMBOLS: Final = {
    "ug": ("mcg", "µg", "μg", "ug"),
    "mg": ("mg",),
    "g": ("g", "gr"),
    "kg": ("kg",),
    "oz": ("oz", "fl oz"),
    "lb": ("lb", "lbs"),
    "ml": ("ml", "cc"),
    "l": ("l",),
    "dl": ("dl",),
    "mm": ("mm",),
    "cm": ("cm",),
    "m": ("m",),
    "km": ("km",),
    "ft": ("ft",),
    "c": ("°c", "º c", "ºc", "° c", "℃"),
    "f": ("°f", "º f", "ºf", "° f", "℉"),
    "degree": ("°",),
    "%": ("%",),
    "iu": ("iu", "ui"),
    "meq": ("meq",),
    "mmol": ("mmol",),
    "mol": ("mol",),
    "ng": ("ng",),
    "mmhg": ("mmhg", "mm hg"),
    "kcal": ("kcal", "cal"),
    "h": ("h", "hr", "hrs"),
    "min": ("min",),
    "m2": ("m2", "m²"),
}
"""Symbols of units that are the same in every language."""


class Head(NamedTuple):
    """The first word of phrases."""

    alone: Sense | None
    """Its meaning by itself, if it has one."""
    tails: re.Pattern[str]
    """Matches what may follow it, the longest first."""
    with_tail: Mapping[str, Sense | None]
    """The meaning with each tail."""
    following: frozenset[str]
    """The words that tails begin with, and Roman numerals after a stage."""
    is_stage: bool
    """Whether a Roman numeral after it is a number."""


_NONE: Final[frozenset[str]] = frozenset()
_NEVER: Final = re.compile("(?!)")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Lexicon:
    """The words of one language, ready to be looked up; the defaults are for a language without a file."""

    heads: Mapping[str, Head]
    ranges: frozenset[str] = frozenset({"-"})
    """Words between the ends of a range."""
    betweens: frozenset[str] = frozenset({"-"})
    """Words between them after one of `range_openers`."""
    range_openers: frozenset[str] = _NONE
    """Words before a range: `between`."""
    decimal_marks: Mapping[str, str] = field(default_factory=dict)
    """By region, the mark before decimals; by the empty name, that of all other regions."""
    lists: frozenset[str] = frozenset({"-"})
    """Words between numbers that share a unit."""
    fractions: frozenset[str] = _NONE
    """Words between a whole number and a half."""
    tens: frozenset[str] = frozenset({"-", ""})
    """Words between tens and ones."""
    proportions: frozenset[str] = frozenset({"/"})
    """Words between the parts of a proportion."""
    ofs: frozenset[str] = _NONE
    """Words between a day and its month, a month and its year, a number and what it counts."""
    pers: frozenset[str] = frozenset({"/"})
    """Words between a unit and its divisor."""
    units_before: Mapping[str, str] = field(default_factory=dict)
    """Words that make the number after them an ordinal, with their units: `week 20`."""
    denying: re.Pattern[str] = _NEVER
    """Matches words that may deny and are not in a list: `un…`, `…less`."""
    before_echoes: frozenset[str] = _NONE
    """Words after which a negation that mostly repeats another one may be alone: `que nadie`."""
    ordinal_endings: frozenset[str] = _NONE
    """Endings after digits: `3rd`."""
    abbreviations: frozenset[str] = _NONE
    """Abbreviations whose full stop does not end a sentence."""
    has_capital_months: bool = False
    """Whether a month without a day or a year must have a capital to count as one: `May`."""
    never_small: frozenset[str] = _NONE
    """Months that are other words in lower case, even beside a number: `may`."""
    never_alone: frozenset[str] = _NONE
    """Months that are other words unless they are beside a number: `march`."""


def symbols_only() -> Lexicon:
    """Return the lexicon of a language without a file."""
    return Lexicon(heads=_heads(_symbols()))


def compile_lexicon(data: Member) -> Lexicon:
    """Compile the words of a language file; the symbols of units are added to every language."""
    numbers, calendar = data["numbers"], data["calendar"]
    joins, marks = numbers["joins"], numbers.get("decimal_marks")
    echoes = data["negation"].get("before_echo")
    ranges = joins["range"].words() | {"-"}
    return Lexicon(
        heads=_heads(chain(_symbols(), _changes(data)), numbers["stages"].words()),
        ranges=ranges,
        betweens=ranges | joins["between"].words(),
        range_openers=numbers["range_openers"].words(),
        decimal_marks={region: mark.text() for region, mark in marks.items()} if marks else {},
        lists=ranges | joins["between"].words() | joins["list"].words(),
        fractions=joins["fraction"].words(),
        tens=joins["tens"].words() | {"-", ""},
        proportions=joins["proportion"].words() | {"/"},
        ofs=joins["of"].words(),
        pers=joins["per"].words() | {"/"},
        units_before={
            phrase: unit for unit, phrases in data["units_before"].lists().items() for phrase in phrases
        },
        denying=data["negation"]["pattern"].pattern(),
        before_echoes=echoes.words() if echoes else _NONE,
        ordinal_endings=numbers["endings"].words(),
        abbreviations=data["abbreviations"].words(),
        has_capital_months=calendar["has_capitals"].flag(),
        never_small=calendar["never_small"].words(),
        never_alone=calendar["never_alone"].words(),
    )


_Change: TypeAlias = tuple[str, Mapping[str, Any]]
"""A phrase, with the members of its sense that a list sets."""


def _heads(changes: Iterable[_Change], stages: frozenset[str] = _NONE) -> Mapping[str, Head]:
    senses: dict[str, Sense] = {}
    for phrase, change in changes:
        senses[phrase] = senses.get(phrase, Sense())._replace(**change)
    by_head: dict[str, dict[str, Sense | None]] = {}
    for phrase, sense in senses.items():
        head = next(iter(_WORD.findall(phrase)), phrase[:1])
        by_head.setdefault(head, {})[phrase[len(head) :]] = None if sense == Sense() else sense
    return {head: _head(tails, is_stage=head in stages) for head, tails in by_head.items()}


def _head(tails: dict[str, Sense | None], *, is_stage: bool) -> Head:
    alone = tails.pop("", None)
    following = {word[1] for word in map(_TAIL.match, tails) if word}
    if is_stage:
        following |= {numeral.lower() for numeral in ROMANS}
    longest_first = "|".join(map(re.escape, sorted(tails, key=len, reverse=True))) or "(?!)"
    return Head(alone, re.compile(rf"(?:{longest_first})(?![^\W\d_])"), tails, frozenset(following), is_stage)


def _symbols() -> Iterator[_Change]:
    return _listed("unit", SYMBOLS)


def _changes(data: Member) -> Iterator[_Change]:
    calendar, bounds = data["calendar"], data["bounds"]
    for phrase in (*data["neutral"].phrases(), *data["numbers"]["stages"].phrases()):
        yield phrase, {}  # it means nothing, although one of its words would
    yield from _numbers(data["numbers"])
    yield from _listed("unit", data["units"].lists())
    yield from _listed("per", data["rates"].lists())
    for side in ("before", "after"):
        yield from _listed(side, {BOUNDS[name]: phrases for name, phrases in bounds[side].lists().items()})
    for name, half in _HALF_DAYS.items():
        yield from _listed("half_day", {half: calendar["half_days"][name].phrases()})
    yield from _listed("month", _numbered(calendar["months"]))
    yield from _listed("weekday", _numbered(calendar["weekdays"]))
    for phrase, minutes in calendar["times"].numbers().items():
        yield phrase, {"time": int(minutes)}
    yield from _negations(data)


def _numbered(lists: Member) -> Mapping[int, Iterable[str]]:
    return {number: phrases.phrases() for number, phrases in enumerate(lists.elements(), 1)}


def _listed(member: str, lists: Mapping[Any, Iterable[str]]) -> Iterator[_Change]:
    return ((phrase, {member: value}) for value, phrases in lists.items() for phrase in phrases)


def _negations(data: Member) -> Iterator[_Change]:
    """Yield the negations; a bound that starts with one (`no more than`) may deny, too."""
    lists = {negation: data["negation"][negation.value].phrases() for negation in Negation}
    plain = frozenset(lists[Negation.PLAIN])
    for side in ("before", "after"):
        for phrases in data["bounds"][side].lists().values():
            bounds = (phrase for phrase in phrases if phrase.partition(" ")[0] in plain)
            yield from _listed("negation", {Negation.VAGUE: bounds})
    yield from _listed("negation", lists)


def _numbers(numbers: Member) -> Iterator[_Change]:
    tables: tuple[tuple[str, Role, bool], ...] = (
        ("cardinals", "cardinal", True),
        ("vague_cardinals", "cardinal", False),
        ("ordinals", "ordinal", True),
        ("vague_ordinals", "ordinal", False),
        ("parts", "part", True),
        ("vague_parts", "part", False),
        ("scales", "scale", True),
    )
    for name, role, is_firm in tables:
        for phrase, member in numbers[name].items():
            value = member.fraction() if role == "part" else member.number()
            yield phrase, {"value": value, "role": role, "is_firm": is_firm}
    for phrase in numbers["articles"].phrases():
        yield phrase, {"value": 1, "role": "article", "is_firm": False}
    for phrase, period in numbers["periods"].items():
        yield (
            phrase,
            {
                "value": period["count"].number(),
                "role": "cardinal",
                "is_firm": True,
                "unit": period["unit"].text(),
                "before": BOUNDS["every"],
            },
        )
