"""The values by which FHIR resources are found: what is at the paths of the search parameters."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from healthtopics.formats.fhir.searching import SearchParameter, parameters_of
from healthtopics.formats.format import Fold
from healthtopics.jsontext import Document


class SearchValue(NamedTuple):
    """A value by which a resource is found."""

    parameter: str
    """Its name; with `:identifier` if it is the identifier of a reference."""
    text: str
    """A string without case and accents; the beginning of a date."""
    system: str = ""
    """Of a token; of a string, as it is written; of a date, the instant at which it ends."""


def values_of(resource: Document, fold: Fold, version: str) -> Iterator[SearchValue]:
    """Yield the values by which a resource is found, each once, in their order."""
    found: set[SearchValue] = set()
    type_ = resource["resourceType"]
    for parameter in parameters_of(version, type_):
        if parameter.column:
            continue
        for value in _at(resource, [each for each in parameter.paths[type_].split(".") if each]):
            found.update(_read(parameter, type_, value, fold))
    return iter(sorted(found))


def _at(value: Any, path: list[str]) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield what is at the end of a path; lists on the way give all their items, or that of a number."""
    if isinstance(value, list) and path and path[0].isdigit():
        yield from _at(value[int(path[0]) :][:1], path[1:])
    elif isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _read(parameter: SearchParameter, type_: str, value: Any, fold: Fold) -> Iterator[SearchValue]:  # noqa: ANN401 - JSON
    name = parameter.name
    if parameter.is_by_words:
        yield from (SearchValue(name, word) for text in _texts(value) for word in words_of(text, fold))
    elif parameter.kind == "token":
        implied = parameter.systems.get(type_, "") if isinstance(value, str) else ""
        yield from (SearchValue(name, code, system or implied) for system, code in _tokens(value))
    elif parameter.kind == "reference":
        yield from _references(name, value)
    elif isinstance(value, str):
        if parameter.kind == "string":
            yield SearchValue(name, fold(value), value)
        elif parameter.kind == "uri":
            yield SearchValue(name, value)
        elif span := date_span(value):
            yield SearchValue(name, *span)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield all texts in a value, those of a narrative without its tags."""
    if isinstance(value, str):
        yield re.sub("<[^>]*>", " ", value)
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def words_of(text: str, fold: Fold) -> list[str]:
    """Return the words of a text, each once, in the form of a value."""
    return list(dict.fromkeys(re.findall(r"\w+", fold(text))))


def _tokens(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Yield system and code of a Coding, a CodeableConcept, an Identifier, a code or a boolean."""
    if isinstance(value, bool):
        yield "", "true" if value else "false"
    elif isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        for coding in value.get("coding", ()):
            yield from _tokens(coding)
        if code := value.get("code") or value.get("value"):
            yield value.get("system", ""), code


def _references(name: str, value: Any) -> Iterator[SearchValue]:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        return
    if "resourceType" in value:  # a resource in a Bundle
        yield SearchValue(name, f"{value['resourceType']}/{value['id']}")
        return
    if reference := value.get("reference"):
        yield SearchValue(name, reference)
    for system, code in _tokens(value.get("identifier")):
        yield SearchValue(f"{name}:identifier", code, system)


_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?"
)


def date_span(text: str) -> tuple[str, str] | None:
    """Return the instants at which a date begins, and at which what follows it begins; None if it is not one.

    A date without a time zone is one of UTC.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        start = datetime.fromisoformat(
            f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
            f"{(zone or 'Z').replace('Z', '+00:00')}"
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    try:
        if second:
            end = start + timedelta(seconds=1)
        elif minute:
            end = start + timedelta(minutes=1)
        elif day:
            end = start + timedelta(days=1)
        elif month:
            end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        else:
            end = start.replace(year=start.year + 1)
    except (ValueError, OverflowError):  # 9999-12-31, which clients take for no limit
        end = datetime.max.replace(tzinfo=UTC)
    return _instant(start), _instant(end)


def _instant(moment: datetime) -> str:
    return (
        f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        if moment.year >= 1000
        else f"{moment.year:04}{moment:-%m-%dT%H:%M:%SZ}"
    )
