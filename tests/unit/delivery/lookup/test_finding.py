import uuid
from dataclasses import replace
from typing import Any

import pytest

from healthtopics.delivery.lookup.feed import BROADER, EXACT, RELATED, SKOS, Category, Feed, FeedLink
from healthtopics.delivery.lookup.finding import find_feed
from healthtopics.delivery.lookup.request import Concept, KnowledgeRequest
from healthtopics.delivery.lookup.subtopics import ASPECTS
from healthtopics.schema import packaged
from support.lookups import BASE, UPDATED, site

ICD10 = "2.16.840.1.113883.6.90"
SNOMED = "http://snomed.info/sct"
LOSS = Concept("O03.42", ICD10)


def feed(*concepts: Concept, **members: Any) -> Feed:
    return find_feed(site(), replace(KnowledgeRequest(concepts=concepts), **members))


def ids(found: Feed) -> list[str]:
    return [each.id.removeprefix(f"{BASE}/") for each in found.entries]


def test_topics_come_in_the_order_of_the_codes_and_each_once() -> None:
    found = feed(
        Concept("3016-3", "loinc"),
        Concept("O03", ICD10),
        Concept("17369002", SNOMED),
        Concept("J45.909", ICD10),
    )
    assert ids(found) == ["en/thyroid-test", "en/miscarriage", "en/asthma", "en/childhood-asthma"]
    assert found.entries[1].categories == (
        Category("mainSearchCriteria.v.c1", "O03"),
        Category("mainSearchCriteria.v.c2", "17369002"),
        Category(SKOS, EXACT, "ICD-10-CM O03"),
    )


def test_a_broader_topic_is_marked() -> None:
    (entry,) = feed(LOSS).entries
    assert entry.note == "There is no topic on exactly O03.42. This one covers more than that."
    assert entry.categories == (
        Category("mainSearchCriteria.v.c", "O03.42"),
        Category(SKOS, BROADER, "ICD-10-CM O03.4"),
    )


@pytest.mark.parametrize(
    "concepts",
    [(Concept("O03.9", ICD10), Concept("O03", ICD10)), (Concept("O03", ICD10), Concept("O03.9", ICD10))],
)
def test_a_topic_that_one_code_is_exactly_on_is_not_broader(concepts: tuple[Concept, ...]) -> None:
    (entry,) = feed(*concepts).entries
    assert entry.note == ""
    assert entry.categories[-1] == Category(SKOS, EXACT, "ICD-10-CM O03")


@pytest.mark.parametrize(("code", "matches"), [("J45", [EXACT]), ("J45.1", [])])
def test_an_exact_code_counts_more_than_words_and_a_broader_one_less(code: str, matches: list[str]) -> None:
    coded, named = Concept(code, ICD10), Concept(name="asthma")
    for concepts in ((coded, named), (named, coded)):
        entry = next(each for each in feed(*concepts).entries if each.title == "Asthma")
        assert entry.note == ""
        assert [each.term for each in entry.categories if each.scheme == SKOS] == matches


def test_an_unknown_code_has_an_empty_feed_of_the_release() -> None:
    found = feed(Concept("ZZZ99", ICD10))
    assert (found.entries, found.updated) == ((), "2026-11-30T06:00:00Z")
    assert found.subtitle == "Results for ICD-10-CM ZZZ99"


@pytest.mark.parametrize(
    ("system", "name"), [("ICD10CM", "ICD-10-CM"), ("urn:oid:1.2.3", "urn:oid:1.2.3"), ("own", "own")]
)
def test_the_subtitle_names_the_code_system_or_repeats_it(system: str, name: str) -> None:
    assert feed(Concept("N96", system)).subtitle == f"Results for {name} N96"


def test_dates_are_those_of_the_edition() -> None:
    found = feed(LOSS, language="es")
    assert [each.updated for each in found.entries] == [UPDATED["es"]]
    assert found.updated == UPDATED["es"]


def test_the_language_of_the_request_is_that_of_the_entries() -> None:
    (entry,) = feed(LOSS, language="es").entries
    assert (entry.language, entry.title) == ("es", "Aborto espontáneo incompleto")
    assert [(link.language, link.href) for link in entry.links] == [
        ("es", f"{BASE}/es/incomplete-miscarriage"),
        ("en", f"{BASE}/en/incomplete-miscarriage"),
    ]


def test_a_topic_without_an_edition_in_the_language_is_left_out() -> None:
    metformin = Concept("861004", "rxnorm")
    assert ids(feed(metformin)) == ["en/metformin"]
    found = feed(metformin, language="es")
    assert ids(found) == []
    assert found.elsewhere == (FeedLink(f"{BASE}/en/metformin", "en", "Metformin"),)


def test_a_subtopic_is_answered_with_its_sections() -> None:
    therapy = (Concept("q000628", "2.16.840.1.113883.6.177"),)
    found = feed(LOSS, subtopics=therapy)
    assert ids(found) == ["en/incomplete-miscarriage#treatment", "en/incomplete-miscarriage#home"]
    treatment, _ = found.entries
    assert treatment.title == "Incomplete miscarriage: How is it treated?"
    assert treatment.links[0].href == f"{BASE}/en/incomplete-miscarriage#treatment"
    assert treatment.summary == "<h3>How is it treated?</h3><p>With rest.</p>"


@pytest.mark.parametrize("code", ["Q000517", "Q999999"])
def test_a_subtopic_without_a_section_is_answered_with_the_whole_topic(code: str) -> None:
    assert ids(feed(LOSS, subtopics=(Concept(code, "mesh"),))) == ["en/incomplete-miscarriage"]


def test_subtopics_are_aspects_of_the_vocabulary() -> None:
    known = {each["id"] for each in packaged("vocabulary/aspects.json")["entries"]}
    assert {aspect for aspects in ASPECTS.values() for aspect in aspects} <= known


def test_a_summary_is_the_text_of_the_page() -> None:
    (entry,) = feed(Concept("D001249", "mesh")).entries
    assert entry.summary.startswith(
        '<h3>On the page</h3>\n<p>Very <a href="https://a.example/?b=1&amp;c=2" hreflang="en">common</a>.</p>'
    )
    callout = "<h4><span>Emergency:</span> Call 911</h4><ul><li>if you faint</li></ul>"
    assert f'<div class="callout emergency">\n{callout}</div>' in entry.summary
    assert "Learn more" not in entry.summary
    assert entry.about == "<h3>About this page</h3><dl><dt>Last updated</dt><dd>November 20, 2026</dd></dl>"
    # What only the index has is there as well.
    assert "<h3>How is it treated?</h3><p>With rest.</p>" in entry.summary


def test_without_the_page_a_summary_is_plain() -> None:
    (entry,) = feed(LOSS).entries
    assert entry.about == ""
    assert "<p>It is common.</p><p>It has &lt; 2 causes &amp; many signs.</p>" in entry.summary


def test_ids_say_nothing_of_the_request_and_are_stable() -> None:
    found = feed(LOSS)
    assert uuid.UUID(found.id).version == 5
    assert found.id == feed(LOSS).id
    others = [feed(LOSS, language="es"), feed(LOSS, recipient="PROV"), feed(Concept("O03.4", ICD10))]
    assert len({found.id, *(each.id for each in others)}) == 4


def test_the_feed_repeats_what_was_asked() -> None:
    assert feed(LOSS, Concept(name="x"), recipient="PROV").categories == (
        Category("mainSearchCriteria.v.c", "O03.42"),
        Category("mainSearchCriteria.v.cs", ICD10),
        Category("mainSearchCriteria.v.dn", ""),
        Category("mainSearchCriteria.v.c1", ""),
        Category("mainSearchCriteria.v.cs1", ""),
        Category("mainSearchCriteria.v.dn1", "x"),
        Category("informationRecipient", "PROV"),
    )


@pytest.mark.parametrize(
    "concept", [Concept(name="asthma"), Concept("", "rxnorm", "ASTHMA"), Concept("123", "", "asthma")]
)
def test_a_name_is_looked_up_if_there_is_no_code_with_a_system(concept: Concept) -> None:
    found = feed(concept)
    assert ids(found) == ["en/asthma"]
    assert found.entries[0].categories == (Category("mainSearchCriteria.v.dn", concept.name),)
    assert found.entries[0].note == ""


def test_a_name_is_looked_up_in_the_language_of_the_request_and_in_the_others() -> None:
    assert ids(feed(Concept(name="asma"), language="es")) == ["es/asthma"]
    assert ids(feed(Concept(name="asthma"), language="es")) == ["es/asthma"]
    assert ids(feed(Concept(name="asma"))) == ["en/asthma"]


@pytest.mark.parametrize("name", ["Asthma attack", "asth", "drink water", "common", "Incomplete fracture"])
def test_a_name_that_no_topic_has_finds_nothing(name: str) -> None:
    assert ids(feed(Concept(name=name))) == []


def test_a_topic_with_a_longer_name_is_marked() -> None:
    (entry,) = feed(Concept(name="children")).entries
    assert entry.title == "Asthma in children"
    assert entry.note.startswith("There is no topic with the name “children”.")
    assert entry.categories[1:] == (Category(SKOS, RELATED, "children"),)


def test_words_do_not_help_a_code_that_no_topic_has() -> None:
    assert ids(feed(Concept("ZZZ99", ICD10, "asthma"))) == []
