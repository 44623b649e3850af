"""What the words of a language say about numbers, units, dates and polarity.

The words themselves stand in one module a language; a language without one is read by its digits and symbols.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, TypeAlias

Role: TypeAlias = Literal["", "cardinal", "ordinal", "part", "scale", "article"]
_WORD: Final = re.compile(r"^[^\W\d_]+(?:'[^\W\d_]+)*")
STEM: Final = 5
"""Letters of a word that are enough where its endings are many."""


class Sense(NamedTuple):
    """All that a word or phrase can say; which of it counts, its neighbours decide."""

    value: float = 0
    role: Role = ""
    """Of the value: a part is a fraction (`half`), a scale multiplies what is before it (`million`)."""
    is_firm: bool = False
    """Whether the other language must have the number too; `one` and `un` may be no numbers at all."""
    unit: str = ""
    per: str = ""
    """What a quantity refers to: `a day`, `al día`."""
    before: str = ""
    """The bound on the number behind it: ">" at least or more than, "<" at most or less than, "@" every;
    "~" for a word that may be ">" or none: `over 6 months`."""
    after: str = ""
    """The bound on the number before it: `or more`."""
    month: int = 0
    weekday: int = 0
    time: int | None = None
    """Minutes since midnight: `noon`."""
    half_day: str = ""
    """Of the hour before it: "a" or "p", or "n" for the night, whose twelfth hour is midnight."""
    negation: float = 0
    """1: the other language must deny something too; 0.75: in any way; 0.5: it may; 0.4: it may, twice;
    0.25: as 0.5, but for a word that only repeats a negation before it; 2: as 1, but for such a word;
    0.1: only a free translation would put it for one; 3: an exception, as `unless` is."""
    poles: tuple[str, ...] = ()
    """Each one of two opposites, a sign with the name of the pair: "+time" is after, "-time" before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language as they are written down: lower case, phrases separated by `|`.

    Where phrases begin alike, the longest that fits counts: `al menos` is a bound, whatever `menos` is alone.
    """

    cardinals: Mapping[str, float] = field(default_factory=dict)
    """Each has to be in the other language too."""
    vague_cardinals: Mapping[str, float] = field(default_factory=dict)
    """Each may stand for a number of the other language."""
    ordinals: Mapping[str, float] = field(default_factory=dict)
    vague_ordinals: Mapping[str, float] = field(default_factory=dict)
    parts: Mapping[str, float] = field(default_factory=dict)
    vague_parts: Mapping[str, float] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    periods: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    """How often in one word: `quincenal` is every 2 weeks."""
    articles: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    pers: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    months: Sequence[str] = ()
    weekdays: Sequence[str] = ()
    times: Mapping[str, int] = field(default_factory=dict)
    half_days: Mapping[str, str] = field(default_factory=dict)
    negations: str = ""
    concords: str = ""
    """Negations that add nothing to one before them: `no … nunca`."""
    firm_denials: str = ""
    """What is no negation by its form, but one of which the other language must say something."""
    denials: str = ""
    """What may stand for a negation of the other language, as a bound with one may: `no more than`."""
    exclusions: str = ""
    """What may stand for two: `only if` for `not … unless`."""
    exceptions: str = ""
    """What excepts, and denies with that: `unless`; one stands for another."""
    substitutes: str = ""
    """What makes a lost negation unsure, as a free translation may say it so: `keep` for `do not leave`."""
    orders: Mapping[str, str] = field(default_factory=dict)
    """What readers are told to do, or not to do: by a name that all languages share, verbs in that form."""
    echoes: str = ""
    """What may stand for one, but adds nothing to a negation before it: `no … ni`."""
    denying: str = "(?!)"
    """A regular expression of more such words: `un…`, `…less`."""
    musts: Mapping[str, str] = field(default_factory=dict)
    """What has to be said in the other language, too, by a name that all share: `only`, `even if`."""
    neutral: str = ""
    """Phrases that say nothing, although one of their words would."""
    poles: Mapping[str, str] = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)
    """The first five letters of words → their pole."""
    range_joins: str = "-"
    """What stands between the ends of a range."""
    between_joins: str = ""
    """What stands there behind `between`."""
    betweens: str = ""
    list_joins: str = ""
    """What stands between numbers that share a unit."""
    proportion_joins: str = ""
    """What stands between the parts of a proportion."""
    fraction_joins: str = ""
    """What stands between a whole number and a half."""
    tens_joins: str = ""
    """What stands between tens and ones."""
    of_joins: str = ""
    """What stands between a day and its month, a month and its year, a number and what it counts."""
    per_joins: str = ""
    """What stands between a unit and the one that it is divided by."""
    units_before: Mapping[str, str] = field(default_factory=dict)
    """What makes a number behind it an ordinal: `week 20`."""
    stages: str = ""
    """What stands before a Roman numeral."""


def split(phrases: str) -> list[str]:
    """Return the phrases of a text in which `|` separates them."""
    return [phrase for phrase in map(str.strip, phrases.split("|")) if phrase]


SYMBOLS: Final = {
    "ug": "mcg|µg|μg|ug",
    "mg": "mg",
    "g": "g|gr",
    "kg": "kg",
    "oz": "oz|fl oz",
    "lb": "lb|lbs",
    "ml": "ml|cc",
    "l": "l",
    "dl": "dl",
    "mm": "mm",
    "cm": "cm",
    "m": "m",
    "km": "km",
    "ft": "ft",
    "c": "°c|º c|ºc|° c|℃",
    "f": "°f|º f|ºf|° f|℉",
    "degree": "°",
    "%": "%",
    "iu": "iu|ui",
    "meq": "meq",
    "mmol": "mmol",
    "mol": "mol",
    "ng": "ng",
    "mmhg": "mmhg|mm hg|mm de hg",
    "kcal": "kcal|cal",
    "h": "h|hr|hrs",
    "min": "min",
}
"""Units as everybody writes them, in every language."""


class Head(NamedTuple):
    """The first word of phrases."""

    alone: Sense | None
    """What it says by itself, if anything."""
    tails: re.Pattern[str] | None
    """What may follow it, the longest first."""
    with_tail: Mapping[str, Sense | None]
    """What it says with each."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words of one language, ready to be looked up."""

    heads: Mapping[str, Head]
    stems: Mapping[str, Sense]
    ranges: frozenset[str]
    betweens: frozenset[str]
    between_starts: frozenset[str]
    lists: frozenset[str]
    fractions: frozenset[str]
    tens: frozenset[str]
    proportions: frozenset[str]
    ofs: frozenset[str]
    pers: frozenset[str]
    units_before: Mapping[str, str]
    stages: frozenset[str]
    denying: re.Pattern[str]


def compile_words(words: Words) -> Lexicon:
    """Make the words of a language ready; symbols of units belong to each."""
    senses: dict[str, Sense] = {}
    for phrase, change in _changes(words):
        senses[phrase] = senses.get(phrase, Sense())._replace(**change)
    phrases: dict[str, dict[str, Sense | None]] = {}
    for phrase, sense in senses.items():
        head = next(iter(_WORD.findall(phrase)), phrase[:1])
        phrases.setdefault(head, {})[phrase[len(head) :]] = None if sense == Sense() else sense
    ranges = frozenset({*split(words.range_joins), "-"})
    return Lexicon(
        {head: _head(tails) for head, tails in phrases.items()},
        {stem: Sense(poles=(pole,)) for stem, pole in words.stems.items()},
        ranges,
        ranges | frozenset(split(words.between_joins)),
        frozenset(split(words.betweens)),
        ranges | frozenset(split(words.between_joins)) | frozenset(split(words.list_joins)),
        frozenset(split(words.fraction_joins)),
        frozenset({*split(words.tens_joins), "-", ""}),
        frozenset(split(words.proportion_joins)) | {"/"},
        frozenset(split(words.of_joins)),
        frozenset({*split(words.per_joins), "/"}),
        {phrase: unit for unit, phrases in words.units_before.items() for phrase in split(phrases)},
        frozenset(split(words.stages)),
        re.compile(words.denying),
    )


def _head(tails: dict[str, Sense | None]) -> Head:
    alone = tails.pop("", None)
    longest_first = "|".join(map(re.escape, sorted(tails, key=len, reverse=True)))
    return Head(alone, re.compile(rf"(?:{longest_first})(?![^\W\d_])") if tails else None, tails)


def _changes(words: Words) -> Iterator[tuple[str, dict[str, Any]]]:
    for phrase in (*split(words.neutral), *split(words.stages)):
        yield phrase, {}
    yield from _numbers(words)
    for field_, table in (
        ("unit", SYMBOLS), ("unit", words.units), ("per", words.pers), ("before", words.before),
        ("after", words.after), ("half_day", words.half_days),
    ):  # fmt: skip
        for value, phrases in table.items():
            for phrase in split(phrases):
                yield phrase, {field_: value}
    for field_, names in (("month", words.months), ("weekday", words.weekdays)):
        for number, phrases in enumerate(names, 1):
            for phrase in split(phrases):
                yield phrase, {field_: number}
    for phrase, minutes in words.times.items():
        yield phrase, {"time": minutes}
    for phrase, poles in _poles(words).items():
        yield phrase, {"poles": poles}
    for weight, phrases in (
        (0.1, words.substitutes),
        (0.5, _denied_bounds(words)),
        (0.25, words.echoes),
        (0.4, words.exclusions),
        (0.5, words.denials),
        (0.75, words.firm_denials),
        (1, words.negations),
        (2, words.concords),
        (3, words.exceptions),
    ):
        for phrase in split(phrases):
            yield phrase, {"negation": weight}


def _poles(words: Words) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for pole, phrases in words.poles.items():
        for phrase in split(phrases):
            found[phrase] = (*found.get(phrase, ()), pole)
    return found


def _denied_bounds(words: Words) -> str:
    """Return the bounds that start with a negation: `no more than`, `no exceda`."""
    negations = {*split(words.negations)}
    bounds = "|".join((*words.before.values(), *words.after.values()))
    return "|".join(phrase for phrase in split(bounds) if phrase.partition(" ")[0] in negations)


def _numbers(words: Words) -> Iterator[tuple[str, dict[str, Any]]]:
    tables: tuple[tuple[Mapping[str, float], Role, bool], ...] = (
        (words.cardinals, "cardinal", True),
        (words.vague_cardinals, "cardinal", False),
        (words.ordinals, "ordinal", True),
        (words.vague_ordinals, "ordinal", False),
        (words.parts, "part", True),
        (words.vague_parts, "part", False),
        (words.scales, "scale", True),
        (dict.fromkeys(split(words.articles), 1), "article", False),
    )
    for table, role, is_firm in tables:
        for phrases, value in table.items():
            for phrase in split(phrases):
                yield phrase, {"value": value, "role": role, "is_firm": is_firm}
    for phrases, (value, unit) in words.periods.items():
        for phrase in split(phrases):
            yield phrase, {"value": value, "role": "cardinal", "is_firm": True, "unit": unit, "before": "@"}
