"""What an export is of: its parameters, read from a request and written into the addresses of the export.

https://hl7.org/fhir/uv/bulkdata/export.html#query-parameters
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode

from healthtopics.delivery.fhir.inputs import texts_in
from healthtopics.delivery.fhir.query import (
    MOST_CRITERIA,
    BadSearchError,
    read_instant,
    read_query,
    unknown_parameter,
)
from healthtopics.delivery.fhir.side import Side
from healthtopics.delivery.message import Wording
from healthtopics.delivery.parameters import REPEATED
from healthtopics.delivery.route import Parameter
from healthtopics.formats.fhir.searching import TYPES
from healthtopics.index.bulk import EVER, Period
from healthtopics.index.resource_search import ResourceQuery
from healthtopics.jsontext import JsonObject
from healthtopics.problems import excerpt

NDJSON: Final = "application/fhir+ndjson"
_FORMATS: Final = (NDJSON, "application/ndjson", "ndjson")
_MOST_FILTERS: Final = 50

OUTPUT_FORMAT: Final = Parameter(
    "_outputFormat",
    "The format of the files: NDJSON, as `application/fhir+ndjson`, `application/ndjson` or `ndjson`.",
    {"type": "string", "maxLength": 100},
    example="application/fhir+ndjson",
)
TYPE: Final = Parameter(
    "_type",
    "The types that are wanted, with commas; all of them if it is left out. Bundles are not exported: "
    "their entries are in the other types.",
    {"type": "string", "maxLength": 1000},
    example="Composition",
    repeats=True,
)
SINCE: Final = Parameter(
    "_since",
    "An instant: only what changed after it, as `meta.lastUpdated` says, and `deleted` with what was deleted "
    "after it.",
    {"type": "string", "maxLength": 40},
    example="2026-11-01T00:00:00Z",
)
UNTIL: Final = Parameter(
    "_until",
    "An instant: only what last changed before it.",
    {"type": "string", "maxLength": 40},
    example="2100-01-01T00:00:00Z",
)
TYPE_FILTER: Final = Parameter(
    "_typeFilter",
    "A search, as `DocumentReference?language=es`: of its type, only what it finds. What one of several "
    "searches of a type finds is exported.",
    {"type": "string", "maxLength": 4000},
    example="Composition?_language=es",
    repeats=True,
    is_private=True,
)
PARAMETERS: Final = (OUTPUT_FORMAT, TYPE, SINCE, UNTIL, TYPE_FILTER)
"""What a request for an export may say."""
UNUSED: Final = Parameter(
    "_unused",
    "What was ignored of the request.",
    {"type": "string", "maxLength": 200},
    example="_elements",
    repeats=True,
)
NAMES: Final = frozenset(each.name for each in PARAMETERS)

_NO_FORMAT: Final = Wording(
    en="files are in NDJSON only, not in “{value}”. Possible: {possible}.",
    es="los archivos están solo en NDJSON, no en “{value}”. Posibles: {possible}.",
)
_NOT_EXPORTED: Final = Wording(
    en="“{type}” is not one of the types that are exported: {known}.",
    es="“{type}” no es uno de los tipos que se exportan: {known}.",
)
_NO_FILTER: Final = Wording(
    en="“{value}” is not a search for a resource type. Example: DocumentReference?language=es.",
    es="“{value}” no es una búsqueda de un tipo de recurso. Ejemplo: DocumentReference?language=es.",
)
_NOT_WANTED: Final = Wording(
    en="the search is for {type}, which is not listed in _type.",
    es="la búsqueda es de {type}, que no figura en _type.",
)
_TOO_MANY: Final = Wording(
    en="there are more than {most} searches, or one has more than {criteria} criteria.",
    es="hay más de {most} búsquedas, o una de ellas tiene más de {criteria} criterios.",
)
_NOT_SUPPORTED: Final = Wording(
    en="the parameter {name} is not supported in exports. Supported: {known}. With Prefer: "
    "handling=lenient, it is ignored and reported.",
    es="el parámetro {name} no se admite en las exportaciones. Se admiten: {known}. Con Prefer: "
    "handling=lenient se ignora y se informa de ello.",
)


@dataclass(frozen=True, slots=True)
class ExportCriteria:
    """What an export is of. It is empty for everything."""

    types: tuple[str, ...] = ()
    period: Period = EVER
    filters: tuple[str, ...] = ()
    """Searches: `DocumentReference?language=es`."""
    unused: tuple[str, ...] = ()
    """What was ignored: the name of a parameter, or with a value, as `_type=Patient`."""

    def filters_of(self, type_: str) -> tuple[str, ...]:
        """Return the searches of a type."""
        return tuple(each for each in self.filters if each.startswith(f"{type_}?"))

    def is_everything(self, type_: str) -> bool:
        """Return whether all resources of a type are wanted."""
        return not any(self.period) and not self.filters_of(type_)

    def queries(self, side: Side, type_: str) -> list[ResourceQuery]:
        """Return what to search for, of which any is wanted; raises BadSearchError."""
        found = [_query_of(side, each) for each in self.filters_of(type_)]
        return found or [ResourceQuery(side.number, type_)]

    def written(self) -> str:
        """Return the criteria as the query of an address, with its question mark."""
        pairs = [
            (TYPE.name, ",".join(self.types)),
            (SINCE.name, self.period.since),
            (UNTIL.name, self.period.until),
            *((TYPE_FILTER.name, each) for each in self.filters),
            *((UNUSED.name, each) for each in self.unused),
        ]
        query = urlencode([(name, value) for name, value in pairs if value], safe=":,")
        return f"?{query}" if query else ""


def read_criteria(
    side: Side, known: Sequence[str], pairs: Iterable[tuple[str, str]], *, is_lenient: bool = False
) -> ExportCriteria:
    """Return what the parameters of a request say; `known` are the types that are exported.

    What is not supported is ignored if `is_lenient`. Raises BadSearchError.
    """
    reading = _Reading(side, known, is_lenient)
    given = reading.group(pairs)
    _check_format(given.get(OUTPUT_FORMAT.name, ()))
    types = reading.types(given.get(TYPE.name, ()))
    filters = reading.filters(given.get(TYPE_FILTER.name, ()), types)
    period = Period(_instant(given, SINCE), _instant(given, UNTIL))
    return ExportCriteria(types, period, filters, tuple(dict.fromkeys(reading.unused)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads parameters, and notes what is ignored."""

    side: Side
    known: Sequence[str]
    is_lenient: bool
    unused: list[str] = field(default_factory=list)

    def group(self, pairs: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
        """Return the values of parameters by name."""
        given: dict[str, list[str]] = {}
        for name, text in pairs:
            if name in NAMES:
                given.setdefault(name, []).append(text)
                continue
            shown, names = excerpt(name, 60), ", ".join(each.name for each in PARAMETERS)
            self._ignore(shown, shown, _NOT_SUPPORTED.filled(name=shown, known=names))
        return given

    def types(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the types that are wanted; none for all of them."""
        asked = dict.fromkeys(each for text in texts for each in text.split(","))
        for each in asked:
            if each not in self.known:
                self._ignore(TYPE.name, f"{TYPE.name}={excerpt(each, 60)}", self._not_exported(each))
        found = tuple(each for each in asked if each in self.known)
        if asked and not found:  # not everything instead
            raise BadSearchError(TYPE.name, self._not_exported(next(iter(asked))))
        return found

    def filters(self, texts: Sequence[str], types: Sequence[str]) -> tuple[str, ...]:
        """Return the searches; `types` are those that are wanted."""
        found = tuple(dict.fromkeys(each for text in texts for each in _split(text)))
        if len(found) > _MOST_FILTERS:
            raise _too_many()
        for each in found:
            type_ = _query_of(self.side, each).type
            if type_ not in self.known:
                raise BadSearchError(TYPE_FILTER.name, self._not_exported(type_))
            if types and type_ not in types:
                raise BadSearchError(TYPE_FILTER.name, _NOT_WANTED.filled(type=type_))
        return found

    def _ignore(self, parameter: str, what: str, detail: Wording) -> None:
        if not self.is_lenient:
            raise BadSearchError(parameter, detail)
        self.unused.append(what)

    def _not_exported(self, type_: str) -> Wording:
        return _NOT_EXPORTED.filled(type=excerpt(type_, 60), known=", ".join(self.known))


def _check_format(texts: Iterable[str]) -> None:
    for text in texts:
        # A plus that is not percent-encoded is a space.
        if text.replace(" ", "+").lower() not in _FORMATS:
            detail = _NO_FORMAT.filled(value=excerpt(text, 60), possible=", ".join(_FORMATS))
            raise BadSearchError(OUTPUT_FORMAT.name, detail)


def _instant(given: Mapping[str, Sequence[str]], parameter: Parameter) -> str:
    """Return an instant as `meta.lastUpdated` is written; empty if it is not given."""
    texts = given.get(parameter.name, ())
    if len(texts) > 1:
        raise BadSearchError(parameter.name, REPEATED.filled(name=parameter.name))
    if not texts:
        return ""
    found = read_instant(parameter.name, texts[0])
    return found.end if parameter is UNTIL and found.has_fraction else found.start


def _split(text: str) -> list[str]:
    """Return the searches in a parameter; commas in their values do not divide them."""
    return re.split(r",(?=[A-Z][A-Za-z]*\?)", text)


def _query_of(side: Side, text: str) -> ResourceQuery:
    """Return a filter as a search; raises BadSearchError."""
    type_, mark, query = text.partition("?")
    if not mark or type_ not in TYPES:
        raise BadSearchError(TYPE_FILTER.name, _NO_FILTER.filled(value=excerpt(text, 60)))
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadSearchError(TYPE_FILTER.name, _NO_FILTER.filled(value=excerpt(text, 60))) from None
    if len(pairs) > MOST_CRITERIA:
        raise _too_many()
    try:
        reading = read_query(side, type_, pairs)
    except BadSearchError as error:
        raise BadSearchError(TYPE_FILTER.name, error.detail) from None
    for name in reading.unknown:
        raise BadSearchError(TYPE_FILTER.name, unknown_parameter(side, type_, name))
    return ResourceQuery(side.number, type_, reading.criteria)


def _too_many() -> BadSearchError:
    return BadSearchError(TYPE_FILTER.name, _TOO_MANY.filled(most=_MOST_FILTERS, criteria=MOST_CRITERIA))


def pairs_in(body: Mapping[str, list[JsonObject]]) -> Iterator[tuple[str, str]]:
    """Yield names and values of the parameters of a body; what is not supported has an empty value.

    Raises RefusedError.
    """
    yield from texts_in(body, filter(NAMES.__contains__, body))
    yield from ((name, "") for name in body if name not in NAMES)
