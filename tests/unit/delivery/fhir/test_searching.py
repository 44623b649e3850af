"""Search on the FHIR server: every parameter, pages, includes, forms, and bad input."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import pytest

from healthtopics.delivery.fhir import searching
from healthtopics.formats.fhir.exporting.datatypes import PROFILES
from healthtopics.formats.fhir.search_values import date_span
from healthtopics.formats.fhir.searching import PARAMETERS, TYPES, SearchParameter, parameters_of
from healthtopics.index.stems import fold
from support.fhir import ask, found, ids, site
from support.samples import ROOT

VERSIONS = {"r4": "4.0", "r5": "5.0"}
EVERY = [
    pytest.param(version, type_, parameter, id=f"{version}-{type_}-{parameter.name}")
    for version, number in VERSIONS.items()
    for type_ in TYPES
    for parameter in parameters_of(number, type_)
]
MISSES = {
    "token": "none",
    "string": "zzz",
    "date": "1900",
    "reference": "Organization/none",
    "uri": "urn:none",
}
BAD = {"token": "a|b|c", "string": "  ", "date": "yesterday", "reference": "no/such/thing", "uri": ""}
COMPOSITIONS = "/fhir/r4/Composition"
RELATIONSHIP = "http://hl7.org/fhir/document-relationship-type"


def asked(version: str, type_: str, name: str, value: str) -> Any:
    return found(f"/fhir/{version}/{type_}?{urlencode({name: value})}")


def value_of(version: str, type_: str, parameter: SearchParameter) -> tuple[str, str, int] | None:
    """Return the parameter, a value that some resource has, and how many resources have it."""
    index, kind = site().index, (VERSIONS[version], type_)
    if column := parameter.column:
        query = f"""
            SELECT {column}, count(*) FROM fhir_resources WHERE fhir = ? AND type = ? GROUP BY 1
        """  # noqa: S608 - our column
        value, count = index.rows(query, kind)[0]
        return parameter.name, value, count
    query = """
        SELECT parameter, value, count(*) FROM fhir_values JOIN fhir_matches USING ("key")
        WHERE fhir = ? AND type = ? AND parameter IN (?, ?) GROUP BY parameter, value ORDER BY parameter
    """
    names = parameter.name, f"{parameter.name}:identifier"
    return index.row(query, (*kind, *names))


@pytest.mark.parametrize(("version", "type_", "parameter"), EVERY)
def test_a_parameter_finds_only_what_has_the_value(
    version: str, type_: str, parameter: SearchParameter
) -> None:
    known = value_of(version, type_, parameter)
    assert (known is None) == (parameter.name == "_profile" and type_ not in PROFILES)
    if known:
        name, value, count = known
        total = asked(version, type_, name, re.sub(r"([|,\\])", r"\\\1", value))["total"]
        # Other strings may begin with this one.
        assert total >= count if parameter.kind == "string" else total == count
    missed = asked(version, type_, parameter.name, MISSES[parameter.kind])
    assert (missed["total"], "entry" in missed) == (0, False)
    if parameter.name != "_id":
        bad = urlencode({parameter.name: BAD[parameter.kind]})
        issue = found(f"/fhir/{version}/{type_}?{bad}", status=400)["issue"][0]
        assert issue["expression"] == [parameter.name]
        assert parameter.kind in issue["details"]["text"]


@pytest.mark.parametrize(("version", "type_", "parameter"), EVERY)
def test_the_example_of_a_parameter_finds_something(
    version: str, type_: str, parameter: SearchParameter
) -> None:
    (route,) = (each for each in searching.ROUTES if each.path == f"/fhir/{{fhir}}/{type_}")
    (documented,) = (each for each in route.parameters if each.name == parameter.name)
    if documented.example and parameter.name != "_id":  # that of a Composition, for every type
        assert asked(version, type_, parameter.name, str(documented.example))["total"] > 0


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        (
            "title:contains=ESPONTANEO",
            {"miscarriage-es", "recurrent-miscarriage-es", "back-pain-and-miscarriage-es"},
        ),
        ("title:contains=espont%C3%A1neo&title=DOLOR", {"back-pain-and-miscarriage-es"}),
        ("title=aborto", {"miscarriage-es", "recurrent-miscarriage-es"}),
        ("title:exact=Aborto%20espont%C3%A1neo", {"miscarriage-es"}),
        ("title:exact=aborto%20espontaneo", set()),
        ("identifier=miscarriage/es,miscarriage/en", {"miscarriage-es", "miscarriage-en"}),
        ("context=https://www.nlm.nih.gov/mesh|D000022", {"miscarriage-es", "miscarriage-en"}),
        ("context=|D000022", set()),
        ("context=https://www.nlm.nih.gov/mesh|", {"miscarriage-es", "miscarriage-en"}),
        ("context=D000022&_language=es", {"miscarriage-es"}),
        ("context=D000022&_language:not=es", {"miscarriage-en"}),
        ("related-id=miscarriage/en", {"miscarriage-es"}),
        ("entry=DocumentReference/link-020f03ade5ea7c4d1a01", {"miscarriage-en"}),
        ("entry:DocumentReference=link-020f03ade5ea7c4d1a01", {"miscarriage-en"}),
        ("entry=link-020f03ade5ea7c4d1a01", {"miscarriage-en"}),
        ("entry:Organization=link-020f03ade5ea7c4d1a01", set()),
        ("entry=https://elsewhere.example/fhir/DocumentReference/link-020f03ade5ea7c4d1a01", set()),
        ("category=pregnancy-and-reproduction&_id=miscarriage-en,none", {"miscarriage-en"}),
        ("_lastUpdated=lt2000", set()),
        ("_content=bleeding&_id=miscarriage-en", {"miscarriage-en"}),
        ("_text=sangrado&_language=es&_id=miscarriage-es,miscarriage-en", {"miscarriage-es"}),
        ("_content=xyzzy", set()),
        ("title:contains=%25", set()),
        ("title=_", set()),
    ],
)
def test_compositions_are_found(asked_for: str, expected: set[str]) -> None:
    bundle = found(f"{COMPOSITIONS}?{asked_for}")
    assert {each.partition("/")[2] for each in ids(bundle)} == expected
    assert bundle["total"] == len(expected)


@pytest.mark.parametrize(
    ("prefix", "day", "is_found"),
    [
        ("", "2026-01-15", True),
        ("eq", "2026-01", True),
        ("eq", "2026-01-15T12:00:00Z", True),
        ("eq", "2026-01-15T13:00:00%2B01:00", True),
        ("eq", "2026-01-16", False),
        ("ne", "2026-01-16", True),
        ("ne", "2026-01-15", False),
        ("gt", "2026-01-15", False),
        ("gt", "2026-01-14", True),
        ("ge", "2026-01-15", True),
        ("ge", "2026-01-16", False),
        ("lt", "2026-01-15", False),
        ("lt", "2026-01-16", True),
        ("le", "2026-01-15", True),
        ("le", "2026-01-14", False),
        ("sa", "2026-01-14", True),
        ("sa", "2026-01-15", False),
        ("eb", "2026-01-16", True),
        ("eb", "2026-01-15", False),
        ("ap", "2026-01-14", True),
        ("ap", "2026-01-10", False),
    ],
)
@pytest.mark.parametrize("name", ["_lastUpdated", "timestamp"])
def test_dates_are_compared(name: str, prefix: str, day: str, *, is_found: bool) -> None:
    bundle = found(f"/fhir/r4/Bundle?{name}={prefix}{_moved(day)}")
    assert (bundle["total"] > 0) == is_found


def _moved(text: str) -> str:
    """Return a date that is as far from the day of the release as this one is from 2026-01-15T12:00:00Z."""
    times = site().index.rows("SELECT DISTINCT last_updated FROM fhir_resources WHERE type = 'Bundle'")
    moment = datetime.fromisoformat(times[0][0])
    if "T" in text:
        zone = text.removeprefix("2026-01-15T").partition(":00:00")[2]
        return f"{moment + timedelta(hours=int('+' in unquote(zone))):%Y-%m-%dT%H:%M:%S}{zone}"
    days = int(text[8:] or 15) - 15
    return f"{moment + timedelta(days=days):%Y-%m-%d}"[: len(text)]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2024-02", ("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")),
        ("2024-12", ("2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z")),
        ("2024", ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")),
        ("2024-02-29T10:05", ("2024-02-29T10:05:00Z", "2024-02-29T10:06:00Z")),
        ("2024-02-30", None),
        ("9999", ("9999-01-01T00:00:00Z", "9999-12-31T23:59:59Z")),
        ("9999-12-31", ("9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z")),
        ("9999-12-31T23:59:59-01:00", None),
        ("0001-01-01", ("0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z")),
        ("0001-01-01T00:00:00+14:00", None),
        ("2024-1", None),
        ("", None),
    ],
)
def test_a_date_lasts_as_long_as_its_precision(text: str, span: tuple[str, str] | None) -> None:
    assert date_span(text) == span


def pages(target: str, at: Any = None) -> Iterator[Any]:
    while target:
        bundle = found(target, at)
        yield bundle
        links = {each["relation"]: each["url"] for each in bundle["link"]}
        parts = urlsplit(links.get("next", ""))
        target = f"{parts.path}?{parts.query}" if parts.path else ""


@pytest.mark.parametrize(
    "sort",
    [
        *("", "&_sort=title", "&_sort=-title", "&_sort=_id", "&_sort=-_lastUpdated", "&_sort=date"),
        *("&_sort=-date,title", "&_sort=_lastUpdated,-title,date", "&_sort=date,-_id"),
    ],
)
@pytest.mark.parametrize("criteria", ["", "category=health-topic&", "_language=es,en&", "title:contains=a&"])
def test_pages_have_every_result_once(criteria: str, sort: str) -> None:
    whole = ids(found(f"{COMPOSITIONS}?{criteria}_count=200{sort}"))
    parts = list(pages(f"{COMPOSITIONS}?{criteria}_count=3{sort}"))
    assert [each for part in parts for each in ids(part)] == whole
    assert len(set(whole)) == len(whole) == parts[0]["total"]
    assert all(len(ids(part)) == 3 for part in parts[:-1])


def test_results_are_sorted_by_title() -> None:
    bundle = found(f"{COMPOSITIONS}?_language=es&_sort=title&_elements=title")
    titles = [each["resource"]["title"] for each in bundle["entry"]]
    assert titles == sorted(titles)
    assert ids(found(f"{COMPOSITIONS}?_language=es&_sort=-title")) == ids(bundle)[::-1]


def test_what_is_equal_in_one_parameter_is_in_the_order_of_the_next() -> None:
    def titles(sort: str) -> list[tuple[str, str]]:
        entries = found(f"{COMPOSITIONS}?_sort={sort}&_elements=title,date")["entry"]
        return [(each["resource"]["date"], fold(each["resource"]["title"])) for each in entries]

    assert len({date for date, _ in titles("date")}) > 1
    forward = titles("date,title")
    assert forward == sorted(forward) != titles("date,-title")
    backward = titles("-date,title")
    assert backward == sorted(sorted(backward), key=lambda each: each[0], reverse=True)
    assert titles("_lastUpdated,title") == sorted(forward, key=lambda each: each[1])
    assert titles("title,-title,date") == titles("title")


def test_many_results_are_sorted_by_one_parameter_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_ORDERED", 7)
    bundle = found(f"{COMPOSITIONS}?_sort=-date,title")
    (issue,) = bundle["entry"][-1]["resource"]["issue"]
    assert "by one parameter only" in issue["details"]["text"]
    assert "_sort" not in bundle["link"][0]["url"]
    assert (
        "more than 7"
        in found(f"{COMPOSITIONS}?_sort=-date,title", status=400, prefer="handling=strict")["issue"][0][
            "details"
        ]["text"]
    )
    few = found(f"{COMPOSITIONS}?identifier=miscarriage/es&_sort=-date,title")
    assert [each["search"]["mode"] for each in few["entry"]] == ["match"]


@pytest.mark.parametrize(
    ("version", "type_", "name", "system", "code"),
    [
        ("r4", "Composition", "status", "http://hl7.org/fhir/composition-status", "final"),
        ("r5", "DocumentReference", "status", "http://hl7.org/fhir/document-reference-status", "current"),
        ("r4", "List", "status", "http://hl7.org/fhir/list-status", "current"),
        ("r4", "CodeSystem", "status", "http://hl7.org/fhir/publication-status", "active"),
        ("r5", "ValueSet", "status", "http://hl7.org/fhir/publication-status", "active"),
        ("r4", "CodeSystem", "content-mode", "http://hl7.org/fhir/codesystem-content-mode", "complete"),
        ("r4", "Bundle", "type", "http://hl7.org/fhir/bundle-type", "document"),
        ("r4", "Organization", "_language", "urn:ietf:bcp:47", "en"),
        ("r5", "DocumentReference", "language", "urn:ietf:bcp:47", "es"),
        (
            "r4",
            "DocumentReference",
            "relation",
            "http://hl7.org/fhir/document-relationship-type",
            "transforms",
        ),
        (
            "r5",
            "DocumentReference",
            "relation",
            "http://hl7.org/fhir/document-relationship-type",
            "transforms",
        ),
    ],
)
def test_a_code_has_the_system_that_its_element_implies(
    version: str, type_: str, name: str, system: str, code: str
) -> None:
    known = asked(version, type_, name, code)["total"]
    assert asked(version, type_, name, f"{system}|{code}")["total"] == known > 0
    assert asked(version, type_, name, f"{system}x|{code}")["total"] == 0
    assert asked(version, type_, name, f"|{code}")["total"] == 0


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        ("List?_text=ESPONTANEO%20abor", {"miscarriage-translations", "recurrent-miscarriage-translations"}),
        ("List?_text=aborto&_text=dolor", {"back-pain-and-miscarriage-translations"}),
        ("List?_text=editions", set()),
        ("List?_content=editions%20dolor", {"back-pain-and-miscarriage-translations"}),
        ("List?_text=div", set()),
        ("Organization?_text=child%20health", {"nichd"}),
        ("CodeSystem?_text=causas", set()),
        ("CodeSystem?_content=causas", {"aspect"}),
    ],
)
def test_resources_are_found_by_words(asked_for: str, expected: set[str]) -> None:
    bundle = found(f"/fhir/r4/{asked_for}")
    assert {each.partition("/")[2] for each in ids(bundle)} >= expected
    assert bool(bundle["total"]) == bool(expected)


def test_a_page_is_of_the_release_in_which_the_search_began() -> None:
    (first, *_) = pages(f"{COMPOSITIONS}?_count=3")
    link = next(each["url"] for each in first["link"] if each["relation"] == "next")
    assert re.search(r"page=2-\d+$", link)
    target = f"{COMPOSITIONS}?_count=3&page=1-0"
    earlier = found(target)
    assert (earlier["total"], earlier["link"][0]["url"].endswith("page=1-0")) == (first["total"] + 1, True)
    pruned = replace(site(), earlier=lambda _: None)
    assert found(target, pruned, status=410)["issue"][0]["code"] == "deleted"
    found(f"{COMPOSITIONS}?page=99-0", status=400)


def test_a_page_ends_after_some_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_BYTES", 60_000)
    for sort in ("", "&_sort=title"):
        parts = list(pages(f"{COMPOSITIONS}?_count=200{sort}"))
        assert len(parts) > 2
        assert len({each for part in parts for each in ids(part)}) == parts[0]["total"]


def test_what_the_results_refer_to_comes_with_them() -> None:
    bundle = found(
        f"{COMPOSITIONS}?_id=miscarriage-es&_include=Composition:entry&_include=Composition:author"
    )
    modes = [each["search"]["mode"] for each in bundle["entry"]]
    assert (modes[0], set(modes[1:]), len(modes) > 20) == ("match", {"include"}, True)
    for each in bundle["entry"]:
        assert each["fullUrl"].endswith(f"/{each['resource']['resourceType']}/{each['resource']['id']}")
    only = found(f"{COMPOSITIONS}?_id=miscarriage-es&_include=Composition:entry:Organization")
    assert {each["resource"]["resourceType"] for each in only["entry"][1:]} == {"Organization"}
    everything = found(f"{COMPOSITIONS}?_id=miscarriage-es&_include=Composition:*")
    assert len(everything["entry"]) == len(bundle["entry"])


def test_links_repeat_what_was_understood() -> None:
    bundle = found(f"{COMPOSITIONS}?_count=1&_include=Composition:author&_include=x:y&_total=none&speed=1")
    for link in bundle["link"]:
        assert "?_count=1&_total=none&_include=Composition:author" in link["url"]
        assert not {"x:y", "speed"} & {*re.split("[&=]", link["url"])}


def test_what_refers_to_the_results_comes_with_them() -> None:
    bundle = found("/fhir/r4/Organization?_id=nichd&_revinclude=Composition:entry")
    kinds = {each["resource"]["resourceType"] for each in bundle["entry"][1:]}
    assert (len(bundle["entry"]) > 1, kinds) == (True, {"Composition"})
    lists = found(
        f"{COMPOSITIONS}?_id=miscarriage-es&_revinclude=List:item&_revinclude=Bundle:composition&_elements=id"
    )
    assert [each["resource"]["id"] for each in lists["entry"][1:]] == [
        "miscarriage-translations",
        "miscarriage-es",
    ]


def test_includes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_MOST_INCLUDED", 5)
    bundle = found(f"{COMPOSITIONS}?_id=miscarriage-es&_include=Composition:entry")
    modes = [each["search"]["mode"] for each in bundle["entry"]]
    assert modes == ["match", *["include"] * 5, "outcome"]
    assert bundle["entry"][-1]["resource"]["issue"][0]["code"] == "too-costly"


@pytest.mark.parametrize(
    "asked_for",
    [
        "speed=1",
        "author.name=x",
        "_has:List:item:code=x",
        "_filter=title%20eq%20x",
        "_sort=status",
        "_include=Composition:title",
        "_revinclude=Patient:x",
        "_include=x",
        "::=x",
        "=x",
    ],
)
def test_what_is_not_known_is_reported_or_refused(asked_for: str) -> None:
    bundle = found(f"{COMPOSITIONS}?identifier=miscarriage/es&{asked_for}")
    assert ids(bundle) == ["Composition/miscarriage-es"]
    last = bundle["entry"][-1]
    assert (last["search"]["mode"], last["resource"]["resourceType"]) == ("outcome", "OperationOutcome")
    assert bundle["link"][0]["url"].endswith("/Composition?identifier=miscarriage/es")
    assert found(f"{COMPOSITIONS}?identifier=miscarriage/es&{asked_for}", prefer="handling=lenient") == bundle
    for strict in ("handling=strict", "return=minimal, Handling=strict", 'handling="strict"'):
        refusal = found(f"{COMPOSITIONS}?identifier=miscarriage/es&{asked_for}", status=400, prefer=strict)
        assert [each["details"] for each in refusal["issue"]] == [last["resource"]["issue"][0]["details"]]
        assert "ignored" not in refusal["issue"][0]["details"]["text"]
    spanish = ask(f"{COMPOSITIONS}?{asked_for}", accept_language="es")
    assert json.loads(spanish.body)["entry"][-1]["resource"]["language"] == "es"
    assert "Accept-Language" in dict(spanish.headers)["Vary"]


@pytest.mark.parametrize(
    "asked_for",
    [
        "title:missing=true",
        "title:not=x",
        "context:in=x",
        "context:text=x",
        "date:contains=2026",
        "_id:exact=x",
        "identifier=|",
        "identifier=",
        "title=%00",
        "entry=Organization/a/b",
        "entry:Patient=x",
        "_count=-1",
        "_count=many",
        "_count=1&_count=2",
        "_total=maybe",
        "_summary=all",
        "page=x",
        "page=0-0",
        "_pretty=perhaps",
        "title=%ff",
        f"identifier={','.join('a' * 60)}",
        f"title={'a' * 5000}",
        "&".join(f"title={number}" for number in range(30)),
        "&".join(f"x{number}=1" for number in range(10_000)),
        "_content=",
        "_text:exact=x",
    ],
)
def test_what_cannot_be_is_refused(asked_for: str) -> None:
    document = found(f"{COMPOSITIONS}?{asked_for}", status=400)
    assert document["resourceType"] == "OperationOutcome"
    assert len(json.dumps(document)) < 4000


NASTY = (
    "' OR 1=1 --",
    '"; DROP TABLE fhir_values; --',
    "%",
    "*",
    "a* NEAR b",
    'title:"x" OR y',
    "(((((",
    "{title}: x",
    "\\",
    "\\\\,|$",
    "🤰",
    "\ud7ff",
    "\U0010ffff",
    "a\nb\r\n",
    "x" * 900,
    ",,,",
    "||",
    "-",
    "NOT x",
    "^",
    "../../etc/passwd",
)


@pytest.mark.parametrize("text", NASTY)
def test_syntax_of_other_languages_is_text(text: str) -> None:
    for version in VERSIONS:
        for type_ in TYPES:
            names = {each.name for each in PARAMETERS if type_ in each.paths}
            for name in (
                *names,
                "title:contains",
                "name:exact",
                "_text",
                "_content",
                "_sort",
                "_include",
                text,
            ):
                response = ask(f"/fhir/{version}/{type_}?{quote(name)}={quote(text)}")
                assert response.status in (200, 400), (type_, name, response.body[:300])
                document = json.loads(response.body)
                assert document["resourceType"] in ("Bundle", "OperationOutcome")


def test_a_huge_count_is_that_of_a_page() -> None:
    assert len(ids(found(f"/fhir/r4/DocumentReference?_count={10**9}"))) == min(
        200, _total("DocumentReference")
    )
    links = found(f"/fhir/r4/DocumentReference?_count={10**9}")["link"]
    assert links[0]["url"].endswith("/DocumentReference?_count=200")
    assert "entry" not in found("/fhir/r4/DocumentReference?_count=0")
    assert found("/fhir/r4/DocumentReference?_count=0")["total"] == _total("DocumentReference")


def _total(type_: str) -> int:
    number: int = site().index.value(
        "SELECT count(*) FROM fhir_resources WHERE fhir = '4.0' AND type = ?", (type_,)
    )
    return number


def test_totals_are_counted_unless_nobody_wants_them() -> None:
    assert "total" not in found(f"{COMPOSITIONS}?_total=none")
    assert found(f"{COMPOSITIONS}?_total=accurate&category=health-topic&_language=es")["total"] == 4
    assert found(f"{COMPOSITIONS}?_summary=count&_language=es") == {
        **found(f"{COMPOSITIONS}?_summary=count&_language=es"),
        "total": 4,
        "type": "searchset",
    }


def test_a_form_asks_the_same() -> None:
    form = "application/x-www-form-urlencoded"
    response = ask(
        f"{COMPOSITIONS}/_search?_count=1", method="POST", body="title=dolor&_language=es", content_type=form
    )
    assert (response.status, ids(json.loads(response.body))) == (
        200,
        ["Composition/back-pain-and-miscarriage-es"],
    )
    assert dict(response.headers)["Cache-Control"] == "no-store"
    assert (
        ask(f"{COMPOSITIONS}/_search", method="POST", body="{}", content_type="application/json").status
        == 415
    )
    assert ask(f"{COMPOSITIONS}/_search").status == 405


def test_no_answer_is_kept_or_logged_that_says_what_was_searched_for() -> None:
    response = ask(f"{COMPOSITIONS}?context=D000022")
    assert response.is_private
    assert dict(response.headers)["Cache-Control"] == "private, max-age=60"


ONE_ROW = """
import json
from healthtopics.formats.fhir import searching

row = searching.SearchParameter(
    name="custodian", kind="reference", paths={"Composition": "custodian"}, description="Who keeps it."
)
searching.PARAMETERS += (row,)
from support.fhir import ask, found

total = found("/fhir/r5/Composition?custodian=Organization/healthtopics")["total"]
missed = found("/fhir/r5/Composition?custodian=Organization/none")["total"]
(rest,) = found("/fhir/r5/metadata")["rest"]
(resource,) = [each for each in rest["resource"] if each["type"] == "Composition"]
names = [each["name"] for each in resource["searchParam"]]
operation = json.loads(ask("/openapi.json").body)["paths"]["/fhir/{fhir}/Composition"]["get"]
described = [each["name"] for each in operation["parameters"]]
print(json.dumps([total, missed, "custodian" in names, "custodian" in described]))
"""


def test_a_new_parameter_is_one_row() -> None:
    assert "custodian" not in {each.name for each in PARAMETERS}
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    ran = subprocess.run([sys.executable, "-c", ONE_ROW], env=environment, capture_output=True, check=False)
    assert ran.stdout.splitlines()[-1:] == [b"[8, 0, true, true]"], ran.stderr.decode()


class TestUnknownParameters:
    """The OperationOutcome says what to use instead of a parameter that a type has not."""

    @pytest.mark.parametrize(
        ("address", "instead"),
        [
            ("r4/Composition?code=J45", "For a code of a topic, such as J45: context. Possible: "),
            ("r5/Composition?code=J45", "For a code of a topic, such as J45: event-code. Possible: "),
            ("r5/Composition?context=J45", "For a code of a topic, such as J45: event-code. Possible: "),
            ("r4/Composition?event-code=J45", "For a code of a topic, such as J45: context. Possible: "),
            ("r4/DocumentReference?code=J45", "such as J45: Composition?context=J45. Possible: "),
            ("r5/DocumentReference?code:text=J45", "such as J45: Composition?event-code=J45. Possible: "),
            ("r4/Organization?code=J45", "such as J45: Composition?context=J45. Possible: "),
            (
                "r4/DocumentReference?title=a",
                "These types have it: CodeSystem, Composition, List, ValueSet. ",
            ),
            ("r4/DocumentReference?_text=a", "These types have it: CodeSystem, Composition, List, "),
            ("r4/Composition?titel:contains=a", "Did you mean title? Possible: _id, "),
            ("r4/Bundle?nonsense=a", "Bundle has no search parameter nonsense. Possible: _id, "),
        ],
    )
    def test_the_right_one_is_named(self, address: str, instead: str) -> None:
        said = found(f"/fhir/{address}")["entry"][-1]["resource"]["issue"][0]
        assert (said["severity"], said["code"]) == ("warning", "not-supported")
        assert instead in said["details"]["text"]

    @pytest.mark.parametrize("type_", TYPES)
    @pytest.mark.parametrize("version", VERSIONS)
    def test_every_type_lists_its_own(self, version: str, type_: str) -> None:
        said = found(f"/fhir/{version}/{type_}?no-such=1")["entry"][-1]["resource"]["issue"][0]
        listed = said["details"]["text"].partition("Possible: ")[2].removesuffix(".").split(", ")
        own = {each.name for each in parameters_of(VERSIONS[version], type_)}
        assert own <= set(listed)
        assert said["details"]["text"].startswith(f"{type_} has no search parameter no-such.")

    def test_in_spanish(self) -> None:
        address = "/fhir/r4/DocumentReference?code=J45"
        body = json.loads(ask(address, accept_language="es").body)
        text = body["entry"][-1]["resource"]["issue"][0]["details"]["text"]
        assert text.startswith(
            "DocumentReference no tiene el parámetro de búsqueda code. "
            "Para un código de un tema, como J45: Composition?context=J45. Posibles: "
        )
