"""What a topic says of emergencies, and what it should."""

from typing import Any

import pytest

from healthtopics.configuration import Configuration
from healthtopics.problems import Level
from healthtopics.topic import Topic
from healthtopics.validation.advice import check_advice
from support.documents import Document, own, section, topic

CALL: Document = {
    "callout": "Call 911 if",
    "urgency": "emergency",
    "body": [{"list": ["you cannot breathe"]}],
}


def found(document: Document, **members: Any) -> list[tuple[str, str]]:
    configuration = Configuration(
        base_url="https://e.org", publisher="house", languages={}, formats=(), **members
    )
    problems = list(check_advice(Topic.from_dict(document), document, "topics/asthma.json", configuration))
    assert all(problem.level is Level.WARNING for problem in problems)
    return [(problem.check, problem.pointer) for problem in problems]


@pytest.mark.parametrize("kind", ["condition", "symptom"])
@pytest.mark.parametrize("publisher", [{}, {"publisher": "house"}])
def test_condition_or_symptom_without_a_callout_is_reported(kind: str, publisher: dict[str, str]) -> None:
    assert found(topic(kind=kind, **publisher)) == [("no-urgent-advice", "/sections")]
    assert found(topic(kind=kind, sections=[section("a", CALL)], **publisher)) == []


def test_other_kinds_and_texts_of_other_publishers_need_no_callout() -> None:
    assert found(topic(kind="test")) == []
    assert found(topic(publisher="nlm")) == []


TEXT: Document = {"paragraph": "A text."}


@pytest.mark.parametrize("block", [TEXT, {"list": ["An item."]}])
def test_text_right_after_a_callout_is_reported(block: Document) -> None:
    followed = [("callout-followed", "/sections/0/body/2")]
    assert found(topic(sections=[section("a", TEXT, CALL, block)])) == followed
    assert found(topic(sections=[section("a", TEXT, CALL, block)], publisher="nlm")) == []


@pytest.mark.parametrize("block", [{"subheading": "More"}, CALL, {"attribution": "A clinic"}])
def test_what_is_set_apart_from_a_callout_is_not_reported(block: Document) -> None:
    assert found(topic(sections=[section("a", TEXT, CALL, block)])) == []
    assert found(topic(sections=[section("a", TEXT, CALL), section("b", TEXT)])) == []


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("Call <strong>112</strong> at once.", "/sections/0/body/0/paragraph"),
        (own("Llame al 112."), "/sections/0/body/0/paragraph/text"),
    ],
)
def test_number_of_another_region_is_reported_in_every_language(text: Any, pointer: str) -> None:
    document = topic(sections=[section("a", {"paragraph": text}, CALL)])
    assert found(document) == [("emergency-number", pointer)]
    assert found(document, emergency_numbers=("911", "112")) == []
    assert found(topic(kind="test", sections=[section("a", CALL)]), emergency_numbers=("112",)) == [
        ("emergency-number", "/sections/0/body/0/callout")
    ]


def test_markup_in_a_text_without_markup_is_reported() -> None:
    callout = {**CALL, "callout": "Call <strong>911</strong> if"}
    marked = {"paragraph": "A <em>lung</em> &amp; more."}
    items = {"list": ["a <em>b</em>", {"item": "<em>c</em>", "list": ["<em>d</em>"]}]}
    document = topic(
        title="Asthma &amp; lungs",
        description=own("Sobre <b>asma</b>."),
        sections=[section("a", marked, {"paragraph": own("El <em>asma</em>.")}, items, callout)],
        pages={"en": "https://e.org/?a=1&lt;b"},
        accept=[{"check": "x", "reason": "<b>"}],
    )
    assert sorted(found(document)) == [
        ("markup-plain", "/description/text"),
        ("markup-plain", "/sections/0/body/3/callout"),
        ("markup-plain", "/title"),
    ]
    assert found(topic(title="Pressure < 90 and R & D", kind="test")) == []


def test_titles_of_other_publications_are_not_read() -> None:
    source = {"id": "x", "title": "Call 112", "language": "en", "note": "Call 112 in Europe."}
    assert found(topic(kind="test", sources=[source])) == []


def test_a_correction_from_before_the_topic_is_reported() -> None:
    dates = {"created": "2026-02-01", "updated": "2026-02-01"}
    wrong, right = ({"date": f"2026-{day}", "what": "It was wrong."} for day in ("01-31", "02-01"))
    document = topic(kind="test", dates={**dates, "corrections": [right, wrong]})
    assert found(document) == [("correction-date", "/dates/corrections/1/date")]


def test_a_review_in_a_language_that_the_workspace_does_not_have_is_reported() -> None:
    dates = {"created": "2026-02-01", "updated": "2026-02-01"}
    review = {"date": "2026-02-01", "by": "Dr. X", "languages": ["en", "pt"]}
    assert found(topic(kind="test", dates={**dates, "reviews": [review]})) == [
        ("review-language", "/dates/reviews/0/languages/1")
    ]
