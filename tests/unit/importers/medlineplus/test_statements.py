from dataclasses import replace
from typing import Any

import pytest

from healthtopics.formats.account import Account, LinkAccount
from healthtopics.importers.medlineplus.record import (
    Institute,
    MeshHeading,
    Record,
    RecordReference,
    SiteLink,
)
from healthtopics.importers.medlineplus.statements import check_statements
from healthtopics.language import LanguageTag
from healthtopics.problems import Level

RECORD = Record(
    id="1",
    language=LanguageTag("en"),
    title="Asthma",
    url="https://medlineplus.gov/asthma.html",
    description="About asthma.",
    created="2003-01-02",
    line=1,
    summary="",
    twin=None,
    institute=Institute("Institute of the Heart", "https://heart.example/"),
    also_called=("Bronchial asthma", "Asthma"),
    see_references=("Wheezing",),
    groups=(),
    mesh=(MeshHeading(RecordReference("D1", "Asthma", ""), (RecordReference("Q1", "therapy", ""),)),),
    other_languages=(),
    related=(RecordReference("2", "Allergy", ""), RecordReference("3", "Lungs", "")),
    sites=(
        SiteLink("A", "https://a.example/", "", ("Start Here", "Children"), (), ()),
        SiteLink("B", "https://b.example/é", "", ("Start Here",), (), ()),
        SiteLink("Hidden", "https://c.example/", "", ("NON-DISPLAY (Patient Handout)",), (), ()),
    ),
)
A, B = LinkAccount("https://a.example/", title="A"), LinkAccount("https://b.example/%C3%A9", title="B")
ACCOUNT = Account(
    language="en",
    address="https://topics.example/en/asthma",
    title="Asthma",
    names=("Bronchial asthma",),
    description="About asthma.",
    created="2003-01-02",
    institute=("Institute of the Heart", "https://heart.example/"),
    related=("Lungs", "Allergy", "Nose"),
    codes=(("http://mesh.example", "D1"), ("http://icd.example", "J45")),
    headings=("Asthma/therapy",),
    links={"start-here": (A, B), "children": (A,)},
)


def found(account: Account, record: Record = RECORD) -> list[tuple[str, Level]]:
    return [
        (problem.message.partition(":")[0], problem.level)
        for problem in check_statements(record, account, "x.json")
    ]


def test_equal_statements_have_no_problem() -> None:
    assert found(ACCOUNT) == []


def test_what_a_format_does_not_have_is_not_compared() -> None:
    bare = Account(language="en", address="", title="Asthma")
    assert found(bare) == []


def test_links_without_titles_are_compared_by_their_addresses() -> None:
    first, second = LinkAccount(A.url), LinkAccount(B.url)
    links = {"start-here": (first, second), "children": (first,)}
    assert found(replace(ACCOUNT, links=links)) == []
    wrong = {**links, "start-here": (first, LinkAccount("https://c.example/"))}
    assert ("links", Level.ERROR) in found(replace(ACCOUNT, links=wrong))


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("title", {"title": "Allergy"}),
        ("other names", {"names": ("Bronchial asthma", "Wheezing")}),
        ("other names", {"names": ()}),
        ("description", {"description": "About allergies."}),
        ("description", {"description": ""}),
        ("date of creation", {"created": "2003-02-01"}),
        ("institute", {"institute": ("Institute of the Heart", "https://lungs.example/")}),
        ("institute", {"institute": ("", "")}),
        ("codes", {"codes": (("http://mesh.example", "D2"),)}),
        ("codes", {"codes": (("http://mesh.example", "D1"), ("http://mesh.example", "D2"))}),
        ("codes with qualifiers", {"headings": ("Asthma/diagnosis",)}),
        ("codes with qualifiers", {"headings": ()}),
        ("links", {"links": {"start-here": (A, B._replace(title="C")), "children": (A,)}}),
        ("categories of links", {"links": {"start-here": (A, B), "children": (B,)}}),
        ("categories of links", {"links": {"start-here": (A, B)}}),
    ],
)
def test_each_other_statement_is_an_error(what: str, changed: dict[str, Any]) -> None:
    assert found(replace(ACCOUNT, **changed)) == [(what, Level.ERROR)]


@pytest.mark.parametrize(
    "links",
    [{"start-here": (A,), "children": (A,)}, {"start-here": (A, B, A._replace(url="https://d.example/"))}],
)
def test_a_link_too_many_or_too_few_is_an_error(links: dict[str, tuple[LinkAccount, ...]]) -> None:
    assert ("links", Level.ERROR) in found(replace(ACCOUNT, links=links))


def test_a_related_topic_that_is_missing_is_a_warning() -> None:
    assert found(replace(ACCOUNT, related=("Lungs",))) == [("related topics", Level.WARNING)]


def test_the_beginning_that_an_import_keeps_of_a_long_text_is_enough() -> None:
    sentence = "Anybody who has asthma may have symptoms that come and go over many years. "
    record = replace(RECORD, description=sentence * 4, title="Asthma " * 20, also_called=())
    account = replace(
        ACCOUNT, title=("Asthma " * 17).strip() + "…", description=(sentence * 2).strip(), names=()
    )
    assert found(account, record) == []
    assert found(replace(account, description=sentence.strip()), record) == [("description", Level.ERROR)]
    assert found(replace(account, title="Asthma…"), record) == [("title", Level.ERROR)]


@pytest.mark.parametrize("published", ["Do", "Do…", "Do not take"])
def test_the_beginning_of_a_text_that_is_not_too_long_is_an_error(published: str) -> None:
    record = replace(RECORD, description="Do not take aspirin.")
    assert found(replace(ACCOUNT, description=published), record) == [("description", Level.ERROR)]


def test_an_institute_that_only_the_document_has_is_an_error() -> None:
    record = replace(RECORD, institute=None)
    assert found(ACCOUNT, record) == [("institute", Level.ERROR)]
    assert found(replace(ACCOUNT, institute=("", "")), record) == []


def test_a_spanish_edition_is_not_asked_for_codes_that_its_record_does_not_have() -> None:
    spanish = replace(RECORD, language=LanguageTag("es"), mesh=())
    assert found(ACCOUNT, spanish) == []
