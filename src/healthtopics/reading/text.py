"""What a text says in numbers with their units, dates, times, addresses and negations."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from healthtopics.language import LanguageTag
from healthtopics.reading.compound import Total
from healthtopics.reading.contrasts import SaidConcepts, Saying
from healthtopics.reading.languages import concept_words_of, lexicon_of
from healthtopics.reading.lexicon import Negation, Role, Sense
from healthtopics.reading.tokens import Token, tokenise


class Number(msgspec.Struct, gc=False):
    """A number of a text, with what it counts."""

    readings: tuple[float, ...]
    start: int
    digits_end: int
    end: int
    """The end of its unit, if it has one."""
    role: Role = "cardinal"
    is_firm: bool = True
    """Whether the other text must have it."""
    is_name: bool = False
    """Whether it belongs to a word: `COVID-19`, `B12`."""
    is_date: bool = False
    is_counted: bool = False
    """Whether its unit is before it: `week 20`."""
    unit: str = ""
    per: str = ""
    bound: str = ""
    """">" at least or more than, "<" at most or less than, "~" over, "@" every; several are joined."""
    bound_place: tuple[int, int] | None = None
    """Where the bound is."""

    @property
    def place(self) -> tuple[int, int]:
        """Where it is, with its unit and without a bound after it."""
        is_after = self.bound_place is not None and self.bound_place[0] >= self.digits_end
        return self.start, self.bound_place[0] if is_after and self.bound_place else self.end

    @property
    def is_whole(self) -> bool:
        """Whether it only says that no hour or day is left out: `24 hours a day`, `las 24 horas`."""
        return (self.value, self.unit, self.per) in _WHOLE

    @property
    def value(self) -> float:
        """The most likely reading."""
        return self.readings[0]


class Day(NamedTuple):
    """A date; parts that the text leaves out are 0."""

    year: int
    month: int
    day: int
    start: int
    end: int
    swapped: tuple[int, int, int] | None = None
    """For a date in digits: year, month and day if the other number is the month."""


class Clock(NamedTuple):
    """A time of day."""

    minutes: int
    """Since midnight."""
    start: int
    end: int
    is_sure: bool = True
    """Whether the text says which half of the day is meant."""


_WHOLE: Final = frozenset({(24, "h", "day"), (7, "day", "week")})


class Sentence(msgspec.Struct, gc=False):
    """The denials of a sentence."""

    start: int
    end: int = 0
    denials: tuple[tuple[int, int], ...] = ()
    """Places of denials."""
    firm: tuple[tuple[int, int], ...] = ()
    """Places of words that say something as firmly in another way: `unable`, `free of`."""
    vague: int = 0
    """The number of words, including the above, that may translate a negation of the other language."""
    echoes: int = 0
    """The number of these that only repeat a negation before them: `no … ni`."""
    orphans: int = 0
    """The number of these without a negation before them to repeat: `nadie lo sabe`, but not `coma nada`."""
    late: int = 0
    """The number of these after a verb, where the language has them only with a negation before it: `debe
    notarlo ni sentirlo`."""
    exceptions: tuple[tuple[int, int], ...] = ()
    """Places of exceptions: `unless`."""
    substitutes: int = 0
    """The number of words that a free translation may use for a negation."""


class Reading(msgspec.Struct, gc=False):
    """Everything that one text says in these respects."""

    text: str
    language: LanguageTag
    low: str
    said: Sequence[Saying]
    """What its words say of concepts."""
    numbers: list[Number] = []
    ranges: tuple[tuple[Number, Number], ...] = ()
    """Ranges, and pairs whose order matters as well: `1 in 5`, `120/80`."""
    proportions: tuple[tuple[Number, Number], ...] = ()
    """The ranges that are proportions: `1 in 5`."""
    days: tuple[Day, ...] = ()
    weekdays: tuple[int, ...] = ()
    clocks: tuple[Clock, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """Every word that can be a unit, with a number or without."""
    pers: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    places: dict[str | int, tuple[int, int]] = {}
    """Where each unit, each rate (`/day`) and each day of the week comes first."""
    sentences: list[Sentence] = []

    def quote(self, start: int, end: int) -> str:
        """Return a passage of the text in quotation marks."""
        return f"“{' '.join(self.text[start:end].split())}”"

    def concepts(self, start: int, end: int) -> SaidConcepts:
        """Return the concepts of a passage."""
        return concept_words_of(self.language).read(self.low, self.said, start, end)


@lru_cache(maxsize=64)  # the checks read the two texts of a message one after the other
def read(text: str, language: LanguageTag) -> Reading:
    """Read a text without markup; the reading is shared and must not be changed."""
    return _Reader(text, language).read()


_CONCORD: Final = 40
"""The most characters between a negation and a word that only repeats it."""
_NEAR: Final = 16
"""The most characters between a bound and its number: `at least every`."""


class _Reader:
    """Puts the tokens of a text together, from left to right."""

    def __init__(self, text: str, language: LanguageTag) -> None:
        found = tokenise(text, language)
        self.low, self.tokens = found.low, found.tokens
        self.lexicon = lexicon_of(language)
        self.reading = Reading(
            text, language, found.low, found.said, phones=found.phones, emails=found.emails
        )
        self.sentence = Sentence(0)
        self.bounds: list[tuple[str, int, int]] = []
        self.per_end = -2
        """The end of the last rate: `cada día`."""

    def read(self) -> Reading:
        reading, tokens = self.reading, self.tokens
        reading.sentences.append(self.sentence)
        i = 0
        while i < len(tokens):
            token = tokens[i]
            match token.kind:
                case "word":
                    i = self._word(i)
                case "number" | "fraction":
                    i = self._number(i)
                case "stop":
                    self._stop(token)
                    i += 1
                case "clock":
                    self._clock(token)
                    i += 1
                case _:
                    self._date(token)
                    i += 1
        self.sentence.end = len(self.low)
        if len(reading.numbers) > 1:
            self._join()
        return reading

    def _stop(self, token: Token) -> None:
        if not self.low[self.sentence.start : token.start].strip():
            self.sentence.start = token.end
            return
        self.sentence.end = token.end
        if token.end < len(self.low):
            self.sentence = Sentence(token.end)
            self.reading.sentences.append(self.sentence)
        self.bounds.clear()

    # Words

    def _word(self, i: int) -> int:
        token = self.tokens[i]
        sense = token.sense
        if sense.unit and not sense.before and self._unit(token, sense.unit):
            return i + 1
        if sense.half_day and self._half_day(token, sense.half_day):
            return i + 1
        if sense.role:
            after = self._number(i)
            if after > i:
                return after
        if sense.month and self.reading.text[token.start : token.end] not in self.lexicon.never_small:
            return self._month(i)
        self._rest(i, token, sense)
        return i + 1

    def _rest(self, i: int, token: Token, sense: Sense) -> None:
        reading = self.reading
        place = (token.start, token.end)
        if sense.weekday:
            reading.weekdays += (sense.weekday,)
            reading.places.setdefault(sense.weekday, place)
        if sense.time is not None:
            self._named_time(token, sense.time)
        if sense.per:
            self._per(token, sense.per)
        if sense.after and self._after(i, token, sense):
            reading.bounds += (sense.after,)
        elif sense.before:
            reading.bounds += (sense.before,)
            self.bounds.append((sense.before, token.start, token.end))
        if sense.negation is not None:
            self._negation(sense.negation, place)

    def _negation(self, negation: Negation, place: tuple[int, int]) -> None:
        sentence, is_repeated = self.sentence, self._is_denied(place[0])
        match negation:
            case Negation.PLAIN:
                sentence.denials += (place,)
            case Negation.CONCORD if not is_repeated:
                sentence.denials += (place,)
            case Negation.CONCORD | Negation.FIRM:
                sentence.vague += 1
                sentence.firm += (place,)
            case Negation.EXCEPTION:
                sentence.exceptions += (place,)
            case Negation.VAGUE:
                sentence.vague += 1
            case Negation.EXCLUSION:
                sentence.vague += 2
            case Negation.ECHO:
                sentence.vague += 1
                sentence.echoes += is_repeated
                is_first = not sentence.orphans
                sentence.orphans += not is_repeated
                sentence.late += not is_repeated and is_first and self._is_late(place[0])
            case Negation.SUBSTITUTE:
                sentence.substitutes += 1

    def _is_late(self, start: int) -> bool:
        """Return whether what is before a negation cannot be before one that is alone."""
        before = self.low[self.sentence.start : start].split()
        return bool(before) and before[-1].isalpha() and before[-1] not in self.lexicon.before_echoes

    def _is_denied(self, start: int) -> bool:
        denials = self.sentence.denials
        return bool(denials) and start - denials[-1][1] <= _CONCORD

    def _last(self, start: int, longest: int) -> Number | None:
        """Return the number that ends at most `longest` characters before a place."""
        numbers = self.reading.numbers
        if numbers and numbers[-1].end >= self.sentence.start and start - numbers[-1].end <= longest:
            return numbers[-1]
        return None

    def _unit(self, token: Token, unit: str) -> bool:
        """Bind a unit to the number before it; return whether the unit has no other meaning."""
        number = self._last(token.start, 20)
        self.reading.units += (unit,)
        self.reading.places.setdefault(unit, (token.start, token.end))
        if number is None or number.is_name or number.is_date:
            return False
        gap = self.low[number.end : token.start]
        if number.unit:
            words = gap.split()  # `miligramos de fluoruro por litro`
            is_divided = 0 < len(words) <= _DIVIDED and not self.lexicon.pers.isdisjoint(words[-2:])
            if not is_divided or unit not in _DENOMINATOR_UNITS:
                return False
            number.unit, number.end = f"{number.unit}/{unit}", token.end
            return True
        words = gap.replace("-", " ").split()
        # one adjective may be between them: `12 fluid ounces`
        if len(words) > 1 or (words and not words[0].isalpha()):
            return False
        if words and len(words[0]) < 4 and words[0] not in self.lexicon.ofs:
            return False
        number.unit, number.end = unit, token.end
        return True

    def _half_day(self, token: Token, half: str) -> bool:
        clocks = self.reading.clocks
        if clocks and token.start - clocks[-1].end <= 1:
            last = clocks[-1]
            if not last.is_sure:
                minutes = _minutes(last.minutes // 60, last.minutes % 60, half)
                self.reading.clocks = (*clocks[:-1], Clock(minutes, last.start, token.end))
            return True
        number = self._last(token.start, 1)
        if number is None or not number.is_firm or number.unit or number.value not in range(1, 13):
            return False
        self.reading.numbers.pop()
        self.reading.clocks += (Clock(_minutes(int(number.value), 0, half), number.start, token.end),)
        return True

    def _named_time(self, token: Token, minutes: int) -> None:
        start = token.start
        number = self._last(token.start, 1)
        if number is not None and number.value == 12:
            start = self.reading.numbers.pop().start
        self.reading.clocks += (Clock(minutes, start, token.end),)

    def _per(self, token: Token, per: str) -> None:
        if self.bounds and self.bounds[-1][2] == token.start - 1 and self._has_article(token):
            self._append(
                Number((1.0,), token.start, token.end, token.end, "article", is_firm=False, unit=per)
            )
            return  # more than a week
        self.reading.pers += (per,)
        self.reading.places.setdefault(f"/{per}", (token.start, token.end))
        self.per_end = token.end
        number = self._last(token.start, 40)
        if number is None or number.per:
            return
        if number.role == "part" and token.start - number.end == 1 and self._has_article(token):
            number.unit, number.end = per, token.end  # half an hour
            self.reading.pers = self.reading.pers[:-1]
            return
        words = self.low[number.end : token.start].split()
        if len(words) <= 4 and not any(not word.isalpha() for word in words):
            number.per = per

    def _has_article(self, token: Token) -> bool:
        head = self.lexicon.heads.get(self.low[token.start : token.end].partition(" ")[0])
        return head is not None and head.alone is not None and head.alone.role == "article"

    def _after(self, i: int, token: Token, sense: Sense) -> bool:
        """Put a bound on the number before it, unless it belongs to the number after it."""
        number = self._last(token.start, 12)
        if number is None:
            return False
        if token.start - number.end > 2:
            return False
        if sense.before and i + 1 < len(self.tokens):
            following = self.tokens[i + 1]
            if following.start - token.end <= 2 and following.sense.role:
                return False
        number.bound += sense.after
        number.bound_place = token.start, token.end
        number.end = token.end
        return True

    # Dates and times

    def _clock(self, token: Token) -> None:
        text = self.low[token.start : token.end]
        half = "a" if "a" in text else "p" if "p" in text else ""
        hour, _, minute = "".join(each for each in text if each.isdigit() or each == ":").partition(":")
        minutes = _minutes(int(hour), int(minute or 0), half)
        is_sure = bool(half) or minutes >= 13 * 60 or hour == "00"
        self.reading.clocks += (Clock(minutes, token.start, token.end, is_sure=is_sure),)
        self.bounds.clear()

    def _date(self, token: Token) -> None:
        parts = [int(part) for part in _split_date(self.low[token.start : token.end])]
        if len(parts) == 2:
            day = Day(parts[1], parts[0], 0, token.start, token.end)
        elif parts[0] > 999:
            day = Day(parts[0], parts[1], parts[2], token.start, token.end)
        else:
            first, second, year = parts
            year += 2000 if year < 100 else 0
            day = Day(year, first, second, token.start, token.end, (year, second, first))
        self.reading.days += (day,)

    def _month(self, i: int) -> int:
        """Read a month with the day next to it and the year after it, if they are numbers."""
        token, tokens, reading = self.tokens[i], self.tokens, self.reading
        start, end = token.start, token.end
        year = day = 0
        number = self._last(start, 5)
        if number is not None and self._is_day(number, start):
            day, start = int(number.value), number.start
            number.is_date = True
        after = i + 1
        while after < len(tokens) and after < i + 3 and tokens[after].kind == "number":
            following = tokens[after]
            value = following.readings[0]
            if self.low[end : following.start].strip(" ,.-") not in {"", *self.lexicon.ofs}:
                break
            if not day and value in range(1, 32):
                day = int(value)
            elif not year and value in range(1000, 2200):
                year = int(value)
            else:
                break
            end = following.end
            reading.numbers.append(
                Number(following.readings, following.start, following.end, following.end, is_date=True)
            )
            after += 1
        if (day or year) or (token.end - token.start > 3 and self._is_month(token)):
            reading.days += (Day(year, token.sense.month, day, start, end),)
        return after

    def _is_day(self, number: Number, end: int) -> bool:
        """Return whether a number before a month is its day."""
        joint = self.low[number.end : end].strip(" -")
        return (
            number.is_firm
            and not number.is_date
            and not number.unit
            and number.value in range(1, 32)
            and (joint in self.lexicon.ofs or not joint)
        )

    def _is_month(self, token: Token) -> bool:
        """Return whether a word without a number is a month; `may` and `march` are other words too."""
        if not self.lexicon.has_capital_months:
            return True
        name = self.reading.text[token.start : token.end].split()[-1]
        return name[0].isupper() and self.low[token.start : token.end] not in self.lexicon.never_alone

    # Numbers

    def _number(self, i: int) -> int:
        """Read a number of several tokens; return the index after it, or the same if there is no number."""
        tokens = self.tokens
        token = tokens[i]
        sense = token.sense
        if sense.role == "article":
            return self._article(i)
        if sense.role == "part" and self._half_more(i):
            return i + 1
        total = Total(token)
        i += 1
        while (
            i < len(tokens)
            and tokens[i].sense.role
            and total.add(tokens[i], self.low[total.end : tokens[i].start], self.lexicon)
        ):
            i += 1
        number = Number(total.readings, total.start, total.end, total.end, total.role, is_firm=total.is_firm)
        if sense.unit and sense.before:  # bimestral
            number.unit, number.bound = sense.unit, sense.before
            self.reading.units += (sense.unit,)
            self.reading.places.setdefault(sense.unit, (token.start, token.end))
        self._append(number)
        return i

    def _article(self, i: int) -> int:
        """Read `a`, `un` before a unit; before a number word it adds nothing."""
        token, following = self.tokens[i], self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        gap = self.low[token.end : following.start] if following else ""
        if following is None or (gap != " " and not self._is_counted_with(gap, following)):
            return i
        sense = following.sense
        if gap != " " or (sense.unit and not sense.role):
            self._append(Number((1.0,), token.start, token.end, token.end, "article", is_firm=False))
            return i + 1
        return i

    def _is_counted_with(self, gap: str, following: Token) -> bool:
        """Return whether `una` is a number before another one: `una de cada cinco`, `una o dos`."""
        is_joined = (
            gap.strip() in self.lexicon.proportions or gap.strip() in self.lexicon.lists - self.lexicon.ranges
        )
        return is_joined and bool(
            (following.sense.role and following.sense.role != "article") or following.readings
        )

    def _half_more(self, i: int) -> bool:
        """Add `y media` to what precedes it: `2 horas y media`, `hora y media`."""
        token, previous = self.tokens[i], self.tokens[i - 1] if i else None
        if previous and previous.sense.role == "article" and i > 1:
            previous = self.tokens[i - 2]
        number = self._last(token.start, 8)
        half = token.sense.value
        if number is not None and self.low[number.end : token.start].strip() in self.lexicon.fractions:
            number.readings = tuple(value + half for value in number.readings)
            number.end = number.digits_end = token.end
            return True
        unit = previous and (previous.sense.unit or previous.sense.per)
        if (
            not previous
            or not unit
            or self.low[previous.end : token.start].strip() not in self.lexicon.fractions
        ):
            return False
        self._append(Number((1 + half,), previous.start, token.end, token.end, unit=unit))
        return True

    def _append(self, number: Number) -> None:
        before = self.low[max(0, number.start - 2) : number.start]
        number.is_name = before[-1:].isalpha() or (before[-1:] == "-" and before[:1].isalpha())
        for bound, start, end in self.bounds:
            gap = self.low[end : number.start]
            if len(gap) <= _NEAR and not any(mark in gap for mark in ",;:()"):
                number.bound += bound
                number.bound_place = start, end
        self.bounds.clear()
        if not number.is_name and self.per_end < number.start - 1:  # not `cada día 400 mg`
            self._unit_before(number)
        self.reading.numbers.append(number)

    def _unit_before(self, number: Number) -> None:
        """Take `week 20` as the 20th week: `semana 20`."""
        words = self.low[max(0, number.start - 12) : number.start].split(" ")
        if len(words) > 1 and not words[-1]:
            unit = self.lexicon.units_before.get(words[-2])
            number.unit, number.is_counted = unit or number.unit, unit is not None

    def _join(self) -> None:
        """Join ranges and proportions, and share the unit that comes only after the last number."""
        numbers = self.reading.numbers
        for first, second in zip(reversed(numbers[:-1]), reversed(numbers[1:]), strict=True):
            gap = self.low[first.end : second.start].strip()
            if len(gap) <= 14 and not first.is_name and not second.is_name:
                self._join_two(first, second, gap)

    def _join_two(self, first: Number, second: Number, gap: str) -> None:
        lexicon = self.lexicon
        is_range = gap in lexicon.ranges or (gap in lexicon.betweens and self._follows_opener(first.start))
        if is_range or gap in lexicon.proportions:
            self.reading.ranges += ((first, second),)
            if not is_range and not first.unit and not second.unit and first.value < second.value:
                self.reading.proportions += ((first, second),)
        if is_range or gap in lexicon.lists:
            _share_unit(first, second)

    def _follows_opener(self, start: int) -> bool:
        before = self.low[max(0, start - 24) : start].split()
        if before and before[-1] in self.lexicon.units_before:
            before.pop()
        return any(" ".join(before[-count:]) in self.lexicon.range_openers for count in (1, 2))


def _share_unit(first: Number, second: Number) -> None:
    """Give two numbers that belong together the unit that only one of them has."""
    if first.is_counted and not second.unit:
        second.unit = first.unit  # `semanas 18 y 22`
    elif not first.unit and second.unit:
        first.unit = second.unit
        first.is_firm = first.is_firm or (first.role == "cardinal" and second.unit in DOSE_UNITS)


_DIVIDED: Final = 3
"""The most words between a unit and its divisor, the last of which divides."""
_DENOMINATOR_UNITS: Final = frozenset({"dl", "l", "ml", "kg", "g", "m", "h", "min", "day", "dose"})
DOSE_UNITS: Final = frozenset(
    {"ug", "mg", "g", "ml", "l", "iu", "u", "meq", "tsp", "tbsp", "tablet", "capsule", "drop", "puff",
     "spray", "patch", "dose", "shot"}
)  # fmt: skip
"""Units in which medicines are measured."""


def _minutes(hour: int, minute: int, half: str) -> int:
    if half in ("p", "n") and hour < 12:
        hour += 12
    elif half in ("a", "n") and hour == 12:
        hour = 0
    return (hour % 24) * 60 + minute


def _split_date(text: str) -> list[str]:
    return text.replace(".", "-").replace("/", "-").split("-")
