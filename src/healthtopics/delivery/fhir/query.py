"""The parameters of a search as criteria (http://hl7.org/fhir/R4/search.html)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from healthtopics.delivery.fhir.side import Side
from healthtopics.delivery.message import Wording
from healthtopics.formats.fhir.search_values import date_span, words_of
from healthtopics.formats.fhir.searching import TYPES, SearchParameter, parameters_of, texts_of
from healthtopics.index.resource_search import (
    ColumnCriterion,
    Condition,
    Criterion,
    TextCriterion,
    ValueCriterion,
)
from healthtopics.index.stems import fold
from healthtopics.problems import excerpt

LONGEST: Final = 1000
"""The longest value, in characters."""
MOST_CRITERIA: Final = 20
"""The most parameters of one search."""
_MOST_VALUES: Final = 50
"""The most alternatives of one parameter."""

_BAD: Final = Wording(
    en="“{value}” is not a valid value of the parameter {name}, which is a {kind}.{more}",
    es="“{value}” no es un valor válido del parámetro {name}, que es del tipo {kind}.{more}",
)
_MODIFIER: Final = Wording(
    en="the parameter {name} has no modifier “{modifier}” here. Possible: {possible}.",
    es="el parámetro {name} no admite aquí el modificador “{modifier}”. Posibles: {possible}.",
)
_NO_INSTANT: Final = Wording(
    en="“{value}” is not a valid instant. Example: 2026-11-30T06:00:00Z.",
    es="“{value}” no es un instante válido. Ejemplo: 2026-11-30T06:00:00Z.",
)
_NO_MODIFIERS: Final = Wording(en="none", es="ninguno")
_UNKNOWN: Final = Wording(
    en="{type} has no search parameter {name}.{more} Possible: {known}.",
    es="{type} no tiene el parámetro de búsqueda {name}.{more} Posibles: {known}.",
)
_NEAREST: Final = Wording(en=" Did you mean {nearest}?", es=" ¿Quiso decir {nearest}?")
_OF_TOPICS: Final = Wording(
    en=" For a code of a topic, such as J45: {address}.",
    es=" Para un código de un tema, como J45: {address}.",
)
_OF_OTHERS: Final = Wording(en=" These types have it: {types}.", es=" Estos tipos lo tienen: {types}.")
_CODES: Final = ("code", "context", "event-code")
"""What clients search topics by code with; FHIR names the parameter differently in R4 and R5."""
_SIMILARITY: Final = 70
"""In percent: as far apart are `titel` and `title`."""
_TOO_MANY: Final = Wording(
    en="the parameter {name} has more than {most} alternatives.",
    es="el parámetro {name} tiene más de {most} alternativas.",
)


class BadSearchError(Exception):
    """A parameter whose value or modifier is wrong."""

    def __init__(self, parameter: str, detail: Wording) -> None:
        """Name the parameter."""
        super().__init__(parameter)
        self.parameter = parameter
        self.detail = detail


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """What the parameters of a search say."""

    criteria: list[Criterion] = field(default_factory=list)
    used: list[tuple[str, str]] = field(default_factory=list)
    """What was understood, for the self link."""
    unknown: list[str] = field(default_factory=list)


def read_query(side: Side, type_: str, pairs: Sequence[tuple[str, str]]) -> SearchCriteria:
    """Return the criteria of a search; raises BadSearchError."""
    reading = SearchCriteria()
    known = {each.name: each for each in parameters_of(side.number, type_)}
    for given, text in pairs:
        name, _, modifier = given.partition(":")
        if name in texts_of(type_):
            if modifier:
                raise _no_modifier(name, modifier, ())
            if not text.strip() or len(text) > LONGEST:
                raise _bad(name, text, "string")
            reading.criteria.append(TextCriterion(text))
        elif name in known:
            reading.criteria.extend(_criteria(side, known[name], modifier, text))
        else:
            reading.unknown.append(given)
            continue
        reading.used.append((given, text))
    return reading


class GivenInstant(NamedTuple):
    """An instant that a parameter gives, among the whole seconds at which releases are made."""

    start: str
    """The beginning of its second, or of its day if it is only a date."""
    end: str
    """The end of that."""
    has_fraction: bool
    """Whether it is later than `start`."""


def read_instant(name: str, text: str) -> GivenInstant:
    """Return the instant that a parameter gives; raises BadSearchError."""
    span = date_span(text.replace(" ", "+"))  # a plus that is not percent-encoded
    if span is None:
        raise BadSearchError(name, _NO_INSTANT.filled(value=excerpt(text, 60)))
    return GivenInstant(*span, re.search(r"\.[0-9]*[1-9]", text) is not None)


def unknown_parameter(side: Side, type_: str, name: str) -> Wording:
    """Return what to say about a parameter that is not known."""
    known = _names(side, type_)
    more = _instead(side, type_, name.partition(":")[0], known)
    return _UNKNOWN.filled(type=type_, name=excerpt(name, 60), more=more, known=", ".join(known))


def _names(side: Side, type_: str) -> list[str]:
    """Return the names of the search parameters of a type."""
    return [*(each.name for each in parameters_of(side.number, type_)), *texts_of(type_)]


def _instead(side: Side, type_: str, name: str, known: Sequence[str]) -> Wording | str:
    """Return what does what a parameter would do that a type has not; empty if nothing does."""
    if name in _CODES:
        codes = next(each for each in _CODES if each in _names(side, "Composition"))
        address = codes if type_ == "Composition" else f"Composition?{codes}=J45"
        return _OF_TOPICS.filled(address=address)
    if others := [each for each in side.types if each in TYPES and name in _names(side, each)]:
        return _OF_OTHERS.filled(types=", ".join(others))
    nearest = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=_SIMILARITY)
    return _NEAREST.filled(nearest=nearest[0]) if nearest else ""


def _criteria(side: Side, parameter: SearchParameter, modifier: str, text: str) -> Iterator[Criterion]:
    if parameter.is_by_words:
        yield from _word_criteria(parameter, modifier, text)
    else:
        yield _criterion(side, parameter, modifier, text)


def _word_criteria(parameter: SearchParameter, modifier: str, text: str) -> Iterator[Criterion]:
    """Yield what each of some words demands."""
    if modifier:
        raise _no_modifier(parameter.name, modifier, ())
    words = words_of(text, fold)
    if not words or len(words) > MOST_CRITERIA or len(text) > LONGEST:
        raise _bad(parameter.name, text, parameter.kind)
    for each in words:
        yield ValueCriterion(parameter.name, [_begins(parameter.name, each)])


def _criterion(side: Side, parameter: SearchParameter, modifier: str, text: str) -> Criterion:
    alternatives = _split(text, ",")
    if len(alternatives) > _MOST_VALUES:
        raise BadSearchError(parameter.name, _TOO_MANY.filled(name=parameter.name, most=_MOST_VALUES))
    if len(text) > LONGEST * 4 or "\0" in text or not text:
        raise _bad(parameter.name, text, parameter.kind)
    if parameter.column:
        if modifier:
            raise _no_modifier(parameter.name, modifier, ())
        column = f"r.{parameter.column}"
        if parameter.kind == "date":
            return ColumnCriterion([_date(parameter.name, each, column, column) for each in alternatives])
        return ColumnCriterion([Condition(f"{column} = ?", (_plain(each),)) for each in alternatives])
    name = f"{parameter.name}:identifier" if modifier == "identifier" else parameter.name
    build = _builder(side, parameter, modifier)
    # The elements of ours that are strings, FHIR has at most once.
    is_single = parameter.kind == "string"
    return ValueCriterion(name, [build(each) for each in alternatives], modifier == "not", is_single)


def _builder(side: Side, parameter: SearchParameter, modifier: str) -> Callable[[str], Condition]:
    """Return what makes a condition of an alternative."""
    possible: Mapping[str, Callable[[str], Condition]]
    name, kind = parameter.name, parameter.kind
    if kind == "token":
        possible = {"": lambda text: _token(name, text), "not": lambda text: _token(name, text)}
    elif kind == "string":
        possible = {"": lambda text: _begins(name, text), "exact": _exact}
        if parameter.has_contains:
            possible = {**possible, "contains": lambda text: _contains(name, text)}
    elif kind == "reference":
        typed = {each: _typed(side, name, each) for each in side.types}
        possible = {
            "": lambda text: _reference(side, name, text),
            **typed,
            "identifier": lambda text: _token(name, text),
        }
    elif kind == "uri":
        possible = {"": lambda text: Condition("value = ?", (_plain(text),))}
    else:
        possible = {"": lambda text: _date(name, text)}
    if modifier not in possible:
        raise _no_modifier(name, modifier, tuple(filter(None, possible)))
    return possible[modifier]


def _typed(side: Side, name: str, type_: str) -> Callable[[str], Condition]:
    return lambda text: _reference(side, name, f"{type_}/{text}")


def _token(name: str, text: str) -> Condition:
    parts = _split(text, "|")
    if len(parts) > 2 or not any(parts):
        raise _bad(name, text, "token")
    if len(parts) == 1:
        return Condition("value = ?", (_plain(parts[0]),))
    system, code = map(_plain, parts)
    return (
        Condition("value = ? AND system = ?", (code, system)) if code else Condition("system = ?", (system,))
    )


def _begins(name: str, text: str) -> Condition:
    folded = _folded(name, text)
    return Condition("value >= ? AND value < ?", (folded, f"{folded}\U0010ffff"))


def _contains(name: str, text: str) -> Condition:
    return Condition("instr(value, ?) > 0", (_folded(name, text),))


def _exact(text: str) -> Condition:
    plain = _plain(text)
    return Condition("value = ? AND system = ?", (fold(plain), plain))


def _folded(name: str, text: str) -> str:
    folded = fold(_plain(text))
    if not folded.strip():
        raise _bad(name, text, "string")
    return folded


_REFERENCE: Final = re.compile(r"(?:(?P<type>[A-Z][A-Za-z]{1,60})/)?(?P<id>[A-Za-z0-9.-]{1,64})")


def _reference(side: Side, name: str, text: str) -> Condition:
    plain = _plain(text)
    found = _REFERENCE.fullmatch(plain.removeprefix(f"{side.base}/"))
    if found is None and plain.startswith(("http://", "https://")):
        return Condition("0")  # it is on another server, to which nothing here refers
    if found is None:
        more = f" Organization/nlm, {side.base}/Organization/nlm."
        raise _bad(name, text, "reference", Wording(f" Examples:{more}", f" Ejemplos:{more}"))
    if found["type"]:
        return Condition("value = ?", (found[0],))
    places = ", ".join("?" * len(side.types))
    return Condition(f"value IN ({places})", tuple(f"{each}/{found['id']}" for each in side.types))


_PREFIXES: Final = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")


def _dated(name: str, text: str) -> tuple[str, str, str]:
    """Return the prefix of a date, when it begins and when it ends."""
    prefix = text[:2] if text[:2] in _PREFIXES else ""
    span = date_span(text.removeprefix(prefix).replace(" ", "+"))  # a plus that is not percent-encoded
    if span is None:
        more = " ge2026-11, 2026-11-30, gt2026-11-30T06:00:00Z."
        raise _bad(name, text, "date", Wording(f" Examples:{more}", f" Ejemplos:{more}"))
    start, end = span
    return prefix or "eq", start, end


def _date(name: str, text: str, begins: str = "value", ends: str = "system") -> Condition:
    """Return the condition for dates that last from one column to another, or for instants if it is one."""
    prefix, start, end = _dated(name, text)
    if begins == ends:  # an instant lasts for its second
        within = Condition(f"{begins} >= ? AND {begins} < ?", (start, end))
        from_start, until_end = Condition(f"{begins} >= ?", (start,)), Condition(f"{begins} < ?", (end,))
        by, after = "<", ">="
    else:
        within = Condition(f"{begins} >= ? AND {ends} <= ?", (start, end))
        from_start = Condition(f"{ends} > ? OR {begins} >= ?", (end, start))
        until_end = Condition(f"{begins} < ? OR {ends} <= ?", (start, end))
        by, after = "<=", ">"
    return {
        "eq": within,
        "ne": Condition(f"NOT ({within.sql})", within.values),
        "gt": Condition(f"{ends} {after} ?", (end,)),
        "lt": Condition(f"{begins} < ?", (start,)),
        "ge": from_start,
        "le": until_end,
        "sa": Condition(f"{begins} >= ?", (end,)),
        "eb": Condition(f"{ends} {by} ?", (start,)),
        "ap": Condition(f"{begins} < ? AND {ends} {after} ?", (_shifted(end, 1), _shifted(start, -1))),
    }[prefix]


def _shifted(instant: str, days: int) -> str:
    """Return an instant some days later: what is about the same date."""
    try:
        return f"{datetime.fromisoformat(instant) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    except OverflowError:
        return instant


def _split(text: str, separator: str) -> list[str]:
    """Return the parts of a text between separators that no backslash escapes."""
    return re.split(rf"(?<!\\){re.escape(separator)}", text)


def _plain(text: str) -> str:
    """Return a text without its escapes (http://hl7.org/fhir/R4/search.html#escaping)."""
    return re.sub(r"\\([,|$\\])", r"\1", text)


def _bad(name: str, value: str, kind: str, more: Wording | None = None) -> BadSearchError:
    return BadSearchError(name, _BAD.filled(name=name, value=excerpt(value, 60), kind=kind, more=more or ""))


def _no_modifier(name: str, modifier: str, possible: Sequence[str]) -> BadSearchError:
    listed = ", ".join(possible) or _NO_MODIFIERS
    return BadSearchError(name, _MODIFIER.filled(name=name, modifier=excerpt(modifier, 60), possible=listed))
