"""Finds FHIR resources of the release by their values.

Values are keys first, and the rarest criterion comes first: nothing is read of resources that cannot match,
unless most of them do anyway.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.index.querying import plan_search
from healthtopics.index.resources import count_type
from healthtopics.index.rows import search_table
from healthtopics.jsontext import canonical

_FEW: Final = 5000
"""So many resources are looked at one by one."""
_MOST_KEYS: Final = 1000
"""So many values are known one by one; of more, the query finds them again."""
MOST_COUNTED: Final = 50_000
"""Of types with more resources, several criteria that are all common are not counted unless somebody asks."""
MOST_ORDERED: Final = 20_000
"""Of types with more resources, results are sorted by several keys only if there are few of them."""

_HAS: Final = 'EXISTS (SELECT 1 FROM fhir_matches WHERE resource = r.number AND "key" IN ({keys}))'
_AMONG: Final = "r.number IN ("
_HAVING: Final = 'r.number IN (SELECT resource FROM fhir_matches WHERE "key" IN ({keys}))'
_MEETING: Final = """
    r.number IN (SELECT r.number FROM fhir_resources AS r WHERE r.fhir = ? AND r.type = ? AND {sql})
"""


class Condition(NamedTuple):
    """A condition in SQL."""

    sql: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueCriterion:
    """Resources have a value of a parameter that meets one of the conditions, on `value` and `system`."""

    parameter: str
    conditions: Sequence[Condition]
    is_negative: bool = False
    """Whether resources that have such a value are left out, instead."""
    is_single: bool = False
    """Whether no resource has several values of the parameter."""


@dataclass(frozen=True, slots=True)
class ColumnCriterion:
    """The row of the resource, `r`, meets one of the conditions."""

    conditions: Sequence[Condition]


@dataclass(frozen=True, slots=True)
class TextCriterion:
    """The text of the topic, in any language, is about these words. Ids are those of editions."""

    text: str


Criterion = ValueCriterion | ColumnCriterion | TextCriterion


class SortKey(NamedTuple):
    """What resources are sorted by."""

    by: str
    """A parameter of which each has one value, or a column as `r.id`."""
    is_descending: bool = False

    @property
    def direction(self) -> str:
        """The word for it in SQL."""
        return "DESC" if self.is_descending else "ASC"


@dataclass(frozen=True, slots=True)
class ResourceQuery:
    """What is searched for."""

    fhir: str
    type: str
    criteria: Sequence[Criterion] = ()
    order: Sequence[SortKey] = ()
    """What is equal by one is in the order of the next; if empty, the order is that of the release."""

    @property
    def kind(self) -> tuple[str, str]:
        """The version of FHIR and the type."""
        return self.fhir, self.type


class FoundResource(NamedTuple):
    """A resource that was found."""

    number: int
    id: str


class BroadCriterion(NamedTuple):
    """A criterion that many values meet, and many resources. Its values are read in their order."""

    parameter: str
    on_values: Condition
    """The condition on `fhir_values`."""
    on_resources: Condition
    """The same on `fhir_resources AS r`, to count: all values are read first."""


@dataclass(frozen=True, slots=True)
class ResourcePlan:
    """The criteria of a search as conditions on `fhir_resources AS r`."""

    wanted: ResourceQuery
    conditions: list[Condition] = field(default_factory=list)
    broad: BroadCriterion | None = None
    """What is not among the conditions, as the order of what is wanted is that of its values."""
    fewest: int | None = None
    """How many resources meet the rarest criterion; None if that is not known, or if there are many."""
    only_keys: tuple[int, ...] = ()
    """If there is one criterion, with these keys and many resources."""
    is_empty: bool = False


def find_resources(
    index: TopicIndex, plan: ResourcePlan, *, limit: int, after: int = 0
) -> tuple[list[FoundResource], int | None]:
    """Return some of the resources that meet all criteria, and from where to continue; None at the end.

    `after` is 0 or from where to continue.
    """
    if plan.is_empty:
        return [], None
    found = [FoundResource(*each) for each in index.rows(*_statement(plan, limit + 1, after))]
    if len(found) <= limit:
        return found, None
    return found[:limit], after + limit if plan.wanted.order else found[limit - 1].number


def count_resources(index: TopicIndex, plan: ResourcePlan, *, is_exact: bool = False) -> int | None:
    """Return how many resources meet all criteria; None if that would take long and is not asked for."""
    if plan.is_empty:
        return 0
    if not plan.conditions and plan.broad is None:
        return count_type(index, *plan.wanted.kind)
    if len(plan.only_keys) == 1 and index.is_whole:
        found: int = index.value('SELECT count(*) FROM fhir_matches WHERE "key" = ?', plan.only_keys)
        return found
    if plan.fewest is None and not is_exact and count_type(index, *plan.wanted.kind) > MOST_COUNTED:
        return None
    matching, values = where(plan)
    counted: int = index.value(f"SELECT count(*) FROM fhir_resources AS r WHERE {matching}", values)  # noqa: S608 - our columns
    return counted


def _statement(plan: ResourcePlan, limit: int, after: int) -> tuple[str, tuple[Any, ...]]:
    if plan.wanted.order:
        return _sorted_statement(plan, limit, after)
    if len(plan.only_keys) == 1:
        sql = """
            SELECT r.number, r.id FROM fhir_matches AS m JOIN fhir_resources AS r ON r.number = m.resource
            WHERE m."key" = ? AND m.resource > ? ORDER BY m.resource LIMIT ?
        """
        return sql, (*plan.only_keys, after, limit)
    matching, values = where(plan)
    sql = f"""
        SELECT r.number, r.id FROM fhir_resources AS r WHERE {matching} AND r.number > ?
        ORDER BY r.number LIMIT ?
    """  # noqa: S608 - our columns
    return sql, (*values, after, limit)


_VALUES: Final = """
    fhir_values AS v CROSS JOIN fhir_matches AS m ON m."key" = v."key"
"""
_OF_PARAMETER: Final = "v.fhir = ? AND v.type = ? AND v.parameter = ?"


def _sorted_statement(plan: ResourcePlan, limit: int, after: int) -> tuple[str, tuple[Any, ...]]:
    """Return the query for resources in an order, which are skipped up to where it continues."""
    wanted, (first, *others) = plan.wanted, plan.wanted.order
    is_broad = plan.broad is not None and plan.broad.parameter == first.by
    matching, values = where(replace(plan, broad=None) if is_broad else plan)
    source, order = "fhir_resources AS r", [f"{first.by} {first.direction}"]
    if not first.by.startswith("r."):
        # Its values are read in their order, as far as the page needs them. If SQLite used the index for the
        # resources of a rare criterion, it would try each of them with each value.
        matching = matching.replace(_AMONG, f"+{_AMONG}")
        source = f"{_VALUES} CROSS JOIN fhir_resources AS r ON r.number = m.resource"
        some = plan.broad.on_values if plan.broad and is_broad else Condition("1")
        matching = f"{_OF_PARAMETER} AND {some.sql} AND {matching}"
        values = (*wanted.kind, first.by, *some.values, *values)
        order = [f"v.value {first.direction}", f"v.system {first.direction}"]
    own: list[str] = []
    tables: list[str] = []
    for number, key in enumerate(others):
        if key.by.startswith("r."):
            order.append(f"{key.by} {key.direction}")
            continue
        # Read once: for each resource, SQLite would otherwise try each of the values.
        named = f"SELECT m.resource, v.value, v.system FROM {_VALUES} WHERE {_OF_PARAMETER}"  # noqa: S608 - ours
        tables.append(f"other_{number} AS MATERIALIZED ({named})")
        source += f" CROSS JOIN other_{number} ON other_{number}.resource = r.number"
        own += (*wanted.kind, key.by)
        order += [f"other_{number}.{each} {key.direction}" for each in ("value", "system")]
    sql = f"""
        {"WITH" if tables else ""} {", ".join(tables)}
        SELECT r.number, r.id FROM {source} WHERE {matching}
        ORDER BY {", ".join(order)}, r.number {wanted.order[-1].direction} LIMIT ? OFFSET ?
    """  # noqa: S608 - our columns
    return sql, (*own, *values, limit, after)


def where(plan: ResourcePlan) -> tuple[str, tuple[Any, ...]]:
    """Return what `fhir_resources AS r` must meet in a query, and the values in it."""
    # Where a few resources are read by their numbers, the index of types would be read as well.
    kind = "r.fhir = ? AND r.type = ?" if plan.fewest is None else "+r.fhir = ? AND +r.type = ?"
    conditions = [Condition(kind, plan.wanted.kind), *plan.conditions]
    if plan.broad:
        conditions.append(plan.broad.on_resources)
    return " AND ".join(each.sql for each in conditions), tuple(v for each in conditions for v in each.values)


class _Rated(NamedTuple):
    """A criterion, and how many resources meet it."""

    number: int
    """Counted up to one more than few."""
    reading: Condition
    """The condition with which SQLite reads these resources alone: for the rarest one."""
    trying: Condition
    """The condition that is tried on each resource: for the others."""
    keys: tuple[int, ...] = ()
    """Of its values, not all if there are many."""
    broad: BroadCriterion | None = None
    """How to read it in the order of its values, if that is possible."""


def plan_resources(index: TopicIndex, wanted: ResourceQuery) -> ResourcePlan:
    """Return how to search: the values that meet the criteria are looked up, and their resources counted."""
    others: list[Condition] = []
    rated: list[_Rated] = []
    for criterion in wanted.criteria:
        match criterion:
            case ColumnCriterion(conditions):
                rated.append(_rate_column(index, wanted, _any(conditions)))
            case TextCriterion(text):
                about = _text(index, text, _languages(index, wanted))
                # To find words takes longest: it is done once for everything that is asked of the resources.
                ids = [id_ for (id_,) in index.rows(f"{about.sql} LIMIT ?", (*about.values, _FEW + 1))]
                if len(ids) > _FEW:
                    others.append(about._replace(sql=f"r.id IN ({about.sql})"))
                else:
                    rated.append(_rate_ids(wanted, ids))
            case ValueCriterion(is_negative=True):
                keys, condition = _keys(index, wanted, criterion)
                if keys:
                    others.append(Condition(f"NOT {_HAS.format(keys=condition.sql)}", condition.values))
            case ValueCriterion():
                rated.append(_rate_values(index, wanted, criterion))
    if any(each.number == 0 for each in rated):
        return ResourcePlan(wanted, is_empty=True)
    return _ordered(wanted, sorted(rated, key=lambda each: each.number), others)


def _ordered(wanted: ResourceQuery, rated: Sequence[_Rated], others: list[Condition]) -> ResourcePlan:
    """Return the plan for criteria, the rarest first."""
    if not rated:
        return ResourcePlan(wanted, others)
    first, *more = rated
    if first.number <= _FEW:
        # If SQLite used an index for the ids as well, it would try each id with each of these resources.
        others = [each._replace(sql=each.sql.replace("r.id", "+r.id")) for each in others]
        conditions = [first.reading, *(each.trying for each in more), *others]
        return ResourcePlan(wanted, conditions, fewest=first.number)
    broad = next(filter(None, (each.broad for each in rated)), None)
    if broad:
        wanted = replace(wanted, order=wanted.order or (SortKey(broad.parameter),))
    conditions = [*(each.trying for each in rated if each.broad is not broad or not broad), *others]
    only = first.keys if len(rated) == 1 and not others else ()
    return ResourcePlan(wanted, conditions, broad, only_keys=only)


def _keys(
    index: TopicIndex, wanted: ResourceQuery, criterion: ValueCriterion
) -> tuple[tuple[int, ...], Condition]:
    """Return the keys of the values, not all if there are many, and what gives all of them in a query."""
    some = _any(criterion.conditions)
    sql = f'SELECT "key" FROM fhir_values WHERE fhir = ? AND type = ? AND parameter = ? AND {some.sql}'  # noqa: S608 - our columns
    values = (*wanted.kind, criterion.parameter, *some.values)
    keys = tuple(key for (key,) in index.rows(f"{sql} LIMIT ?", (*values, _MOST_KEYS + 1)))
    if len(keys) > _MOST_KEYS:
        return keys, Condition(sql, values)
    if len(keys) == 1:
        return keys, Condition("?", keys)
    return keys, Condition("SELECT value FROM json_each(?)", (canonical(keys).decode(),))


def _rate_values(index: TopicIndex, wanted: ResourceQuery, criterion: ValueCriterion) -> _Rated:
    keys, condition = _keys(index, wanted, criterion)
    is_known = len(keys) <= _MOST_KEYS
    if is_known:
        sql, values = f'fhir_matches WHERE "key" IN ({condition.sql})', condition.values
    else:  # as far as it is counted: IN would read all keys first
        sql, values = (
            f'({condition.sql}) AS v CROSS JOIN fhir_matches AS m ON m."key" = v."key"',
            condition.values,
        )
    number = _count_few(index, sql, values) if keys else 0
    reading = Condition(_HAVING.format(keys=condition.sql), condition.values)
    # Of many keys, SQLite would try each with each of the resources.
    trying = reading._replace(sql=_HAS.format(keys=condition.sql) if is_known else f"+{reading.sql}")
    broad = None
    if criterion.is_single and not is_known and wanted.order in ((), *_orders_of(criterion.parameter)):
        broad = BroadCriterion(criterion.parameter, _any(criterion.conditions), trying)
    return _Rated(number, reading, trying, keys, broad)


def _orders_of(parameter: str) -> Iterator[tuple[SortKey]]:
    yield from ((SortKey(parameter, is_descending),) for is_descending in (False, True))


def _rate_column(index: TopicIndex, wanted: ResourceQuery, condition: Condition) -> _Rated:
    values = (*wanted.kind, *condition.values)
    number = _count_few(
        index, f"fhir_resources AS r WHERE r.fhir = ? AND r.type = ? AND {condition.sql}", values
    )
    # Without an index, which would have to be sorted.
    trying = condition._replace(sql=condition.sql.replace("r.", "+r."))
    return _Rated(number, Condition(_MEETING.format(sql=condition.sql), values), trying)


def _rate_ids(wanted: ResourceQuery, ids: Sequence[str]) -> _Rated:
    condition = Condition("r.id IN (SELECT value FROM json_each(?))", (canonical(ids).decode(),))
    reading = Condition(_MEETING.format(sql=condition.sql), (*wanted.kind, *condition.values))
    return _Rated(len(ids), reading, condition._replace(sql=f"+{condition.sql}"))


def _count_few(index: TopicIndex, rows: str, values: tuple[Any, ...]) -> int:
    """Return how many rows there are, counted up to one more than few."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT ?)"  # noqa: S608 - our columns
    counted: int = index.value(sql, (*values, _FEW + 1))
    return counted


def _any(conditions: Sequence[Condition]) -> Condition:
    sql = " OR ".join(f"({each.sql})" for each in conditions)
    return Condition(f"({sql})", tuple(value for each in conditions for value in each.values))


def _languages(index: TopicIndex, wanted: ResourceQuery) -> list[str]:
    """Return the languages that results may have: if `_language` names some, no others."""
    languages = list(index.languages)
    for criterion in wanted.criteria:
        if isinstance(criterion, ValueCriterion) and criterion.parameter == "_language":
            named = [each.values[0] for each in criterion.conditions if each.sql.startswith("value = ?")]
            if not criterion.is_negative and len(named) == len(criterion.conditions):
                languages = [each for each in languages if each in named]
    return languages


def _text(index: TopicIndex, text: str, languages: Iterable[str]) -> Condition:
    """Return the query for the ids of the editions that are about a text."""
    found = list(_matches(index, text, languages))
    return Condition(
        " UNION ALL ".join(each.sql for each in found) or "SELECT NULL WHERE 0",
        tuple(value for each in found for value in each.values),
    )


def _matches(index: TopicIndex, text: str, languages: Iterable[str]) -> Iterator[Condition]:
    for language in languages:
        plan = plan_search(index, text, language)
        if plan and plan.language == language:
            table = search_table(language)
            # Not `topic` of the table for search: it is read together with the text of the edition.
            sql = f"""
                SELECT topic || '-' || language FROM stored_editions
                WHERE id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)
            """  # noqa: S608 - our table
            yield Condition(sql, (plan.expression,))
