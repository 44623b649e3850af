"""Finds FHIR resources of the release by their values.

Values are keys first, and the rarest criterion comes first: nothing is read of resources that cannot match,
unless most of them do anyway.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
_AMONG_OTHERS: Final = "r.number IN (SELECT resource FROM fhir_matches"
_AMONG: Final = f'{_AMONG_OTHERS} WHERE "key" IN ({{keys}}))'


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


@dataclass(frozen=True, slots=True)
class ResourcePlan:
    """The criteria of a search as conditions on `fhir_resources AS r`."""

    wanted: ResourceQuery
    conditions: list[Condition] = field(default_factory=list)
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
    if not plan.conditions:
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
    matching, values = where(plan)
    source, order = "fhir_resources AS r", [f"{first.by} {first.direction}"]
    if not first.by.startswith("r."):
        # Its values are read in their order, as far as the page needs them. If SQLite used the index for the
        # resources of a rare criterion, it would try each of them with each value.
        matching = matching.replace(_AMONG_OTHERS, f"+{_AMONG_OTHERS}")
        source = f"{_VALUES} CROSS JOIN fhir_resources AS r ON r.number = m.resource"
        matching, values = f"{_OF_PARAMETER} AND {matching}", (*wanted.kind, first.by, *values)
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
    conditions = [Condition("r.fhir = ? AND r.type = ?", plan.wanted.kind), *plan.conditions]
    return " AND ".join(each.sql for each in conditions), tuple(v for each in conditions for v in each.values)


def plan_resources(index: TopicIndex, wanted: ResourceQuery) -> ResourcePlan:
    """Return how to search: the values that meet the criteria are looked up, and their resources counted."""
    others: list[Condition] = []
    rated: list[tuple[int, tuple[int, ...], Condition]] = []
    for criterion in wanted.criteria:
        match criterion:
            case ColumnCriterion(conditions):
                others.append(_any(conditions))
            case TextCriterion(text):
                others.append(_text(index, text))
            case ValueCriterion():
                keys, condition = _keys(index, wanted, criterion)
                if criterion.is_negative:
                    if keys:
                        others.append(Condition(f"NOT {_HAS.format(keys=condition.sql)}", condition.values))
                elif not keys:
                    return ResourcePlan(wanted, is_empty=True)
                else:
                    rated.append((_rate(index, condition), keys, condition))
    return _ordered(wanted, sorted(rated, key=lambda each: each[0]), others)


def _ordered(
    wanted: ResourceQuery, rated: Sequence[tuple[int, tuple[int, ...], Condition]], others: list[Condition]
) -> ResourcePlan:
    """Return the plan for criteria, each with the number of its resources and its keys, the rarest first."""
    if not rated:
        return ResourcePlan(wanted, others)
    fewest = rated[0][0]
    is_rare = fewest <= _FEW
    if is_rare:
        # If SQLite used an index for the ids as well, it would try each id with each of these resources.
        others = [each._replace(sql=each.sql.replace("r.id", "+r.id")) for each in others]
    first = _AMONG if is_rare else _HAS
    conditions = [
        Condition((_HAS if number else first).format(keys=condition.sql), condition.values)
        for number, (_, _, condition) in enumerate(rated)
    ]
    only = rated[0][1] if len(rated) == 1 and not others else ()
    return ResourcePlan(wanted, [*conditions, *others], fewest if is_rare else None, only)


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


def _rate(index: TopicIndex, keys: Condition) -> int:
    """Return how many resources have one of the keys, counted up to one more than few."""
    sql = f'SELECT count(*) FROM (SELECT 1 FROM fhir_matches WHERE "key" IN ({keys.sql}) LIMIT ?)'  # noqa: S608 - our columns
    counted: int = index.value(sql, (*keys.values, _FEW + 1))
    return counted


def _any(conditions: Sequence[Condition]) -> Condition:
    sql = " OR ".join(f"({each.sql})" for each in conditions)
    return Condition(f"({sql})", tuple(value for each in conditions for value in each.values))


def _text(index: TopicIndex, text: str) -> Condition:
    """Return the condition that the edition whose id the resource has is about a text."""
    found = list(_matches(index, text))
    if not found:
        return Condition("0")
    return Condition(
        f"r.id IN ({' UNION ALL '.join(each.sql for each in found)})",
        tuple(value for each in found for value in each.values),
    )


def _matches(index: TopicIndex, text: str) -> Iterator[Condition]:
    for language in index.languages:
        plan = plan_search(index, text, language)
        if plan and plan.language == language:
            table = search_table(language)
            # Not `topic` of the table for search: it is read together with the text of the edition.
            sql = f"""
                SELECT topic || '-' || language FROM stored_editions
                WHERE id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)
            """  # noqa: S608 - our table
            yield Condition(sql, (plan.expression,))
