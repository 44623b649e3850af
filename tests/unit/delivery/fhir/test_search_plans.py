"""How searches on the FHIR server read the index, whatever their number of resources. Nothing is timed."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from urllib.parse import quote

import pytest

from healthtopics.delivery.fhir import searching
from healthtopics.delivery.fhir.side import side_in
from healthtopics.delivery.site import Site
from healthtopics.formats.fhir.searching import TYPES, includes_of, parameters_of, revincludes_of, texts_of
from healthtopics.index import resource_search
from healthtopics.index.opening import TooManyStepsError, TopicIndex
from healthtopics.index.resource_search import (
    Condition,
    ResourceQuery,
    ValueCriterion,
    count_resources,
    find_resources,
    plan_resources,
)
from support.fhir import found, site


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> TopicIndex:
    """An index of many Compositions more."""
    path = tmp_path_factory.mktemp("crowd") / "topics.sqlite"
    shutil.copy(site().index.path, path)
    numbers = range(10**6, 10**6 + 30_000)
    kind = "4.0", "Composition"
    with closing(sqlite3.connect(path)) as connection:
        rows = [(number, *kind, f"x{number}", "2026-01-01T00:00:00Z", 1) for number in numbers]
        connection.executemany("INSERT INTO fhir_resources VALUES (?, ?, ?, ?, ?, ?)", rows)
        values = (
            ("status", "final", 1),
            ("_language", "es", 2),
            ("title", "a", 3),
            ("category", "rare", 3000),
        )
        for place, (parameter, value, step) in enumerate(values):
            known = """
                SELECT id, shift FROM stored_kinds WHERE fhir = ? AND type = ? AND parameter = ?
            """
            id_, shift = connection.execute(known, (*kind, parameter)).fetchone()
            row = (id_, value, "", place)
            connection.execute("INSERT OR IGNORE INTO stored_values VALUES (?, ?, ?, ?)", row)
            known = "SELECT \"key\" FROM stored_values WHERE kind = ? AND value = ? AND system = ''"
            key = connection.execute(known, (id_, value)).fetchone()[0] + shift
            matches = [(key, number) for number in numbers[::step]]
            connection.executemany("INSERT INTO fhir_matches VALUES (?, ?)", matches)
        connection.commit()
    return TopicIndex(path)


MODIFIERS = {
    "token": ("", ":not"),
    "string": ("", ":exact", ":contains"),
    "date": ("",),
    "reference": ("", ":identifier", ":Organization"),
    "uri": ("",),
}
VALUES = {
    "token": ("a", "a|b", "|b", "a|", "a,b"),
    "string": ("a",),
    "date": [f"{prefix}2026" for prefix in ("", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")],
    "reference": ("nichd",),
    "uri": ("urn:a",),
}


def every_search(version: str, type_: str) -> Iterator[str]:
    """Yield a query of each kind: every parameter, with each modifier, prefix and form of a value."""
    here = side_in(site(), version)
    assert here
    yield ""
    yield "_total=accurate"
    for each in parameters_of(here.number, type_):
        for modifier in ("",) if each.column else MODIFIERS[each.kind]:
            if not modifier or (not each.is_by_words and (each.has_contains or modifier != ":contains")):
                yield from (f"{each.name}{modifier}={quote(value)}" for value in VALUES[each.kind])
        if each.column or type_ in each.sorted_types:
            yield from (f"_sort={each.name}", f"_sort=-{each.name}", f"_language=es&_sort={each.name}")
    yield from (f"_include={':'.join(each)}" for each in includes_of(here.number, type_))
    yield from (f"_revinclude={':'.join(each)}" for each in revincludes_of(here.number, type_))
    yield from (f"{name}=bleeding&_sort=_id" for name in texts_of(type_))


SEVERAL = (
    "status=final&_language=es",
    "category=rare&status=final",
    "category=rare&_sort=title",
    "status=final&_sort=title",
    "_sort=-date,title",
    "_sort=_lastUpdated,title,-date",
    "category=rare&_sort=-date,title",
    "status:not=final&_language=es&title:contains=a&date=ge2026",
    "_id=miscarriage-es&status=final&_lastUpdated=ge2026",
    "_content=bleeding&status=final&_sort=-date",
    "_content=bleeding&category=rare",
    "_content=bleeding&category=rare&_sort=title",
    "_id=miscarriage-es,miscarriage-en&category=rare",
)
"""Of Compositions."""


def slow_steps(index: TopicIndex, statement: str) -> list[str]:
    """Return the steps in which SQLite reads all rows of a table, or tries all pairs of two lists."""
    plan = index.connection.execute(f"EXPLAIN QUERY PLAN {statement}")
    pairs = r"id=\? AND rowid=\?|SEARCH m USING PRIMARY KEY \(key=\? AND resource=\?\)"
    return [step for _, _, _, step in plan if re.search(pairs, step) or _is_scan(step)]


def _is_scan(step: str) -> bool:
    # Groups are those of the vocabulary.
    few = r"json_each|CONSTANT ROW|VIRTUAL TABLE|SCAN found|SCAN other_|SCAN \(subquery|SCAN groups"
    return step.startswith("SCAN") and not re.search(few, step)


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("version", ["r4", "r5"])
def test_no_search_reads_a_table_from_end_to_end(crowd: TopicIndex, version: str, type_: str) -> None:
    searches = [*every_search(version, type_), *(SEVERAL if type_ == "Composition" else ())]
    at = replace(site(), index=crowd)
    found("/fhir/r4/Composition?_content=bleeding", at)  # what is read once for a release is read now
    statements: set[str] = set()
    crowd.connection.set_trace_callback(statements.add)
    for query in searches:
        found(f"/fhir/{version}/{type_}?{query}&_elements=id&_count=5", at)
        found(f"/fhir/{version}/{type_}?{query}&_summary=count", at)
    crowd.connection.set_trace_callback(None)
    own = {each for each in statements if not each.startswith("--")}  # the others are those of FTS5 itself
    assert len(own) > len(searches) / 2
    assert {each: steps for each in own if (steps := slow_steps(crowd, each))} == {}


def test_no_operation_on_codes_reads_a_table_from_end_to_end(crowd: TopicIndex) -> None:
    at = replace(site(), index=crowd)
    system, code = f"{site().base_url}/fhir/CodeSystem/health-topic", "miscarriage"
    found("/fhir/r4/metadata", at)
    statements: set[str] = set()
    crowd.connection.set_trace_callback(statements.add)
    found(f"/fhir/r4/CodeSystem/$lookup?system={system}&code={code}", at)
    found("/fhir/r4/ValueSet/health-topic/$expand?filter=a%20b&activeOnly=true&count=5", at)
    found(f"/fhir/r4/ValueSet/health-topic/$validate-code?system={system}&code={code}", at)
    crowd.connection.set_trace_callback(None)
    # Of code systems there are a few.
    steps = {
        each: [step for step in slow_steps(crowd, each) if "fhir_systems" not in step] for each in statements
    }
    assert sum("fhir_concepts" in each for each in statements) >= 2
    assert {each: found for each, found in steps.items() if found} == {}


def test_common_criteria_are_not_counted_unless_asked(
    crowd: TopicIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    criteria = [
        ValueCriterion(name, [Condition("value = ?", (value,))])
        for name, value in (("status", "final"), ("_language", "es"))
    ]
    query = plan_resources(crowd, ResourceQuery("4.0", "Composition", criteria))
    counted = count_resources(crowd, query)
    assert counted == 15_000 + 4
    monkeypatch.setattr(resource_search, "MOST_COUNTED", 20_000)
    assert count_resources(crowd, query) is None
    assert count_resources(crowd, query, is_exact=True) == counted
    some = [*criteria, ValueCriterion("category", [Condition("value = 'rare'")])]
    rare = plan_resources(crowd, ResourceQuery("4.0", "Composition", some))
    assert count_resources(crowd, rare) == 10
    resources, after = find_resources(crowd, rare, limit=4)
    assert (len(resources), after) == (4, resources[-1].number)
    following, _ = find_resources(crowd, rare, limit=10, after=after or 0)
    assert len({*resources, *following}) == 10


LINKS = "/fhir/r4/DocumentReference"
LARGE = 200_000


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A release with many links more, in English, each with another title that begins with “what”."""
    path = tmp_path_factory.mktemp("links") / "topics.sqlite"
    shutil.copy(site().index.path, path)
    kind, numbers = ("4.0", "DocumentReference"), range(10**6, 10**6 + LARGE)
    known_kind = "SELECT id, shift FROM stored_kinds WHERE fhir = ? AND type = ? AND parameter = ?"
    with closing(sqlite3.connect(path)) as connection:
        rows = ((number, *kind, f"x{number}", "2026-01-01T00:00:00Z", 1) for number in numbers)
        connection.executemany("INSERT INTO fhir_resources VALUES (?, ?, ?, ?, ?, ?)", rows)
        id_, shift = connection.execute(known_kind, (*kind, "description")).fetchone()
        titles = ((id_, f"what {number}", "", number) for number in numbers)
        connection.executemany("INSERT INTO stored_values VALUES (?, ?, ?, ?)", titles)
        matches = [(number + shift, number) for number in numbers]
        id_, shift = connection.execute(known_kind, (*kind, "language")).fetchone()
        known = "SELECT \"key\" FROM stored_values WHERE kind = ? AND value = 'en'"
        (key,) = connection.execute(known, (id_,)).fetchone()
        matches += [(key + shift, number) for number in numbers]
        connection.executemany("INSERT INTO fhir_matches VALUES (?, ?)", matches)
        connection.commit()
    return replace(site(), index=TopicIndex(path))


@pytest.mark.parametrize(
    "asked_for",
    [
        "language:not=en,es",
        "language:not=en,es&_total=none",
        "_lastUpdated=ne2026-01-01&language:not=en,es&_sort=-_id",
    ],
)
def test_a_search_that_reads_too_much_is_refused_and_says_how_to_narrow_it(
    links: Site, asked_for: str
) -> None:
    for language, advice in (("en", "Narrow it"), ("es", "Acótela")):
        answer = found(f"{LINKS}?{asked_for}", links, 422, accept_language=language)
        (issue,) = answer["issue"]
        assert (issue["severity"], issue["code"]) == ("error", "too-costly")
        assert advice in issue["details"]["text"]
    # The same connection is not limited afterwards.
    every = "SELECT sum(length(one.id) + number) FROM fhir_resources AS one, (VALUES (1), (2), (3))"
    assert links.index.value(every) > LARGE


@pytest.mark.parametrize(
    "asked_for",
    [
        "description=what",
        "description=what&language=en",
        "description=what&language=en&_lastUpdated=ge2020",
        "description=what%201000007&_sort=-_id",
        "language=en&language:not=es",
        "location=https://medlineplus.gov/miscarriage.html",
        "_lastUpdated=ge2020",
        "_lastUpdated=ge2030",
        "_lastUpdated=le2020",
        "_sort=-_lastUpdated",
        "_id=x1000009&_lastUpdated=ge2020",
    ],
)
def test_a_search_reads_no_more_where_there_are_more_resources(
    links: Site, monkeypatch: pytest.MonkeyPatch, asked_for: str
) -> None:
    monkeypatch.setattr(searching, "MOST_STEPS", LARGE)  # not twice as many as there are resources
    found(f"{LINKS}?{asked_for}&_count=3&_total=none", links)


def test_a_total_that_takes_too_many_steps_is_left_out(links: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    target = f"{LINKS}?language=en&_count=3"
    assert found(target, links)["total"] > LARGE
    monkeypatch.setattr(searching, "MOST_STEPS", LARGE)
    assert "total" not in found(target, links)


EXACT = ("_total=accurate&_count=3", "_summary=count")


@pytest.mark.parametrize("how", EXACT)
@pytest.mark.parametrize("asked_for", ["language=en", "description=what", "description=what&language=en"])
def test_a_count_that_is_asked_for_is_given_at_a_thousand_topics(
    links: Site, asked_for: str, how: str
) -> None:
    assert found(f"{LINKS}?{asked_for}&{how}", links)["total"] >= LARGE


@pytest.mark.parametrize("how", EXACT)
def test_a_count_that_is_asked_for_has_a_limit(
    links: Site, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTING_STEPS", LARGE)
    (issue,) = found(f"{LINKS}?description=what&{how}", links, 422)["issue"]
    assert issue["code"] == "too-costly"


def test_pages_of_a_common_beginning_have_every_result_once(links: Site) -> None:
    beginning = Condition("value >= ? AND value < ?", ("what", "whau"))
    query = ResourceQuery(
        "4.0", "DocumentReference", [ValueCriterion("description", [beginning], is_single=True)]
    )
    plan = plan_resources(links.index, query)
    first, after = find_resources(links.index, plan, limit=100)
    second, _ = find_resources(links.index, plan, limit=100, after=after or 0)
    assert len({*first, *second}) == 200
    before = find_resources(site().index, plan_resources(site().index, query), limit=LARGE)[0]
    assert count_resources(links.index, plan, is_exact=True) == LARGE + len(before)


def test_each_thread_has_its_own_limit() -> None:
    index = site().index
    scan = "SELECT count(*) FROM fhir_resources AS one, fhir_resources AS other WHERE one.id <> other.id"
    with index.limited(0), ThreadPoolExecutor(1) as pool:
        with pytest.raises(TooManyStepsError):
            index.value(scan)
        assert pool.submit(index.value, scan).result() > 1000
    assert index.value(scan) > 1000
