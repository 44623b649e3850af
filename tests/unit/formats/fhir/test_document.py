import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from healthtopics import jsontext
from healthtopics.formats.fhir.checking.narrative import Narrative, read_narrative
from healthtopics.formats.fhir.exporting.document import to_bundle
from healthtopics.formats.fhir.exporting.r4 import R4
from healthtopics.formats.fhir.exporting.r5 import R5
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import Edition, LocalizedTopic, Paragraph, Text, TextState
from support.documents import bundle_resources

Input = tuple[LocalizedTopic, Edition]
Export = Callable[[LocalizedTopic, Edition], dict[str, Any]]

BASE = "https://healthtopics.example.org"
ES = LanguageTag("es")
TOPIC_SYSTEM = f"{BASE}/fhir/NamingSystem/health-topic"
both_versions = pytest.mark.parametrize(
    ("export", "version"),
    [(partial(to_bundle, dialect=R4), "r4"), (partial(to_bundle, dialect=R5), "r5")],
    ids=["r4", "r5"],
)


def composition(bundle: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = bundle["entry"][0]["resource"]
    return found


def of_type(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource for resource in bundle_resources(bundle) if resource["resourceType"] == kind]


def page(bundle: dict[str, Any], url: str) -> dict[str, Any]:
    (found,) = (
        resource
        for resource in of_type(bundle, "DocumentReference")
        if resource["content"][0]["attachment"].get("url") == url
    )
    return found


def section(bundle: dict[str, Any], code: str) -> dict[str, Any]:
    by_code = {each["code"]["coding"][0]["code"]: each for each in composition(bundle)["section"]}
    found: dict[str, Any] = by_code[code]
    return found


def walk(value: Any) -> Iterator[Any]:
    yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(below)


# The Bundle


@both_versions
def test_the_composition_comes_first_then_pages_then_organizations(
    english: Input, export: Export, version: str
) -> None:
    bundle = export(*english)
    kinds = [resource["resourceType"] for resource in bundle_resources(bundle)]
    assert list(dict.fromkeys(kinds)) == ["Composition", "DocumentReference", "Organization"]
    assert kinds == sorted(kinds)
    assert (bundle["type"], bundle["id"], bundle["language"]) == ("document", "miscarriage-en", "en")
    assert all(
        entry["fullUrl"]
        == f"{BASE}/fhir/{version}/{entry['resource']['resourceType']}/{entry['resource']['id']}"
        for entry in bundle["entry"]
    )


@both_versions
def test_the_same_input_gives_the_same_bytes(spanish: Input, export: Export, version: str) -> None:
    assert jsontext.dump(export(*spanish)) == jsontext.dump(export(*spanish)), version


@both_versions
def test_the_content_has_its_own_date(spanish: Input, export: Export, version: str) -> None:
    assert composition(export(*spanish))["date"] == "2026-11-21T10:30:00Z", version


@both_versions
def test_a_document_has_no_versions_before_there_is_a_release(
    spanish: Input, export: Export, version: str
) -> None:
    bundle = export(*spanish)
    assert not {"identifier", "timestamp"} & bundle.keys(), version
    assert all(each.get("meta", {}).keys() <= {"profile"} for each in [bundle, *bundle_resources(bundle)])


@both_versions
def test_everything_is_reached_from_the_composition(spanish: Input, export: Export, version: str) -> None:
    bundle = export(*spanish)
    resources = {f"{each['resourceType']}/{each['id']}": each for each in bundle_resources(bundle)}
    reached: set[str] = set()
    waiting = ["Composition/miscarriage-es"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            objects = (each for each in walk(resources[name]) if isinstance(each, dict))
            waiting += [each["reference"] for each in objects if "reference" in each]
    assert reached == resources.keys(), version


@both_versions
def test_a_resource_is_the_same_in_every_document_that_carries_it(
    english: Input, spanish: Input, export: Export, version: str
) -> None:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    shared = 0
    for bundle in (export(*english), export(*spanish)):
        for resource in bundle_resources(bundle):
            key = (resource["resourceType"], resource["id"])
            shared += key in found
            assert found.setdefault(key, resource) == resource, version
    assert shared >= 5


@both_versions
def test_no_value_is_empty(spanish: Input, export: Export, version: str) -> None:
    assert not [value for value in walk(export(*spanish)) if value in ("", None, [], {})], version


# The Composition


@both_versions
def test_the_parts_come_in_reading_order(english: Input, export: Export, version: str) -> None:
    codes = [each["code"]["coding"][0] for each in composition(export(*english))["section"]]
    parts, groups = f"{BASE}/fhir/CodeSystem/topic-section", f"{BASE}/fhir/CodeSystem/resource-group"
    assert [(code["system"], code["code"]) for code in codes] == [
        (parts, "also-called"),
        (parts, "summary"),
        (groups, "start-here"),
        (groups, "women"),
        (parts, "related-topics"),
        (parts, "primary-institute"),
        (parts, "other-languages"),
        (parts, "sources"),
        (parts, "about"),
    ], version


@both_versions
def test_a_part_without_content_is_left_out(english: Input, export: Export, version: str) -> None:
    topic, edition = english
    bare = replace(
        topic,
        also_called=(),
        resources=(),
        related_topics=("withdrawn",),
        primary_institute="",
        other_languages=(),
        sources=(),
        codes=(),
    )
    bundle = export(bare, edition)
    codes = [each["code"]["coding"][0]["code"] for each in composition(bundle)["section"]]
    assert codes == ["summary", "about"], version
    assert "event" not in composition(bundle)
    assert "useContext" not in composition(bundle)


@both_versions
def test_each_question_is_a_section_with_its_id_and_aspect(
    english: Input, export: Export, version: str
) -> None:
    questions = section(export(*english), "summary")["section"]
    assert [each["id"] for each in questions] == ["overview", "why"], version
    assert questions[1]["title"] == "Why does it happen?"
    assert questions[1]["code"]["coding"] == [
        {"system": f"{BASE}/fhir/CodeSystem/aspect", "code": "causes", "display": "Causes"}
    ]
    assert questions[1]["text"]["status"] == "additional"


@both_versions
def test_the_code_of_every_section_has_its_english_display(
    spanish: Input, export: Export, version: str
) -> None:
    sections = composition(export(*spanish))["section"]
    codes = [each["code"]["coding"][0] for each in sections]
    assert {each["code"]: each["display"] for each in codes}["start-here"] == "Start Here", version
    assert all(each["display"] for each in codes)


@both_versions
def test_an_attachment_without_address_has_a_title(spanish: Input, export: Export, version: str) -> None:
    attachments = [
        each["content"][0]["attachment"] for each in of_type(export(*spanish), "DocumentReference")
    ]
    (book,) = (each for each in attachments if "url" not in each)
    assert book == {"language": "es", "title": "Un libro"}, version


@both_versions
def test_a_section_with_only_attributions_is_only_in_about(
    english: Input, export: Export, version: str
) -> None:
    topic, edition = english
    why = replace(topic.sections[1], body=topic.sections[1].body[1:])
    bundle = export(replace(topic, sections=(topic.sections[0], why)), edition)
    assert [each["id"] for each in section(bundle, "summary")["section"]] == ["overview"], version
    assert "Based on NIH: NICHD" in section(bundle, "about")["text"]["div"]


@both_versions
def test_links_to_topics_lead_to_their_pages(english: Input, export: Export, version: str) -> None:
    div = section(export(*english), "summary")["section"][0]["text"]["div"]
    assert f'<a href="{BASE}/en/back-pain">names</a>' in div, version
    assert "topic:" not in div


@both_versions
def test_about_says_who_answers_for_the_text_and_on_which_terms(
    english: Input, export: Export, version: str
) -> None:
    about = section(export(*english), "about")["text"]
    assert about["status"] == "generated", version
    assert "<p>Based on NIH: NICHD</p>" in about["div"]
    assert "NICHD</p>" not in section(export(*english), "summary")["section"][1]["text"]["div"]
    for words in (
        f'<dt>Published by</dt><dd><a href="{BASE}/">Health Topics Project</a></dd>',
        "<dt>Reviewed by</dt><dd>Dr. Ada Roe (2026-11-21)</dd>",
        '<a href="https://creativecommons.org/publicdomain/zero/1.0/">CC0 1.0</a>',
        '<dt><a href="https://example.org/no-advice">Disclaimer</a></dt><dd>About no-advice &amp; more.</dd>',
        '<dt><a href="https://example.org/criteria">How the links were chosen</a></dt>',
    ):
        assert words in about["div"]


@both_versions
def test_categories_have_english_displays_and_words_for_the_reader(
    spanish: Input, export: Export, version: str
) -> None:
    categories = composition(export(*spanish))["category"]
    assert [each["coding"][0]["code"] for each in categories] == [
        "health-topic",
        "condition",
        "pregnancy",
    ], version
    assert [each["coding"][0]["display"] for each in categories] == [
        "Health topic",
        "Condition",
        "Pregnancy",
    ]
    assert [each["text"] for each in categories] == ["Tema de salud", "Afección", "Embarazo"]


@both_versions
def test_related_topics_are_entries_by_identifier(spanish: Input, export: Export, version: str) -> None:
    related = section(export(*spanish), "related-topics")
    # The topic that is not published is left out; the one elsewhere is a link only.
    (entry,) = related["entry"]
    marked = entry.pop("_display")["extension"][0]["extension"]
    assert entry == {
        "type": "Composition",
        "identifier": {"system": TOPIC_SYSTEM, "value": "back-pain/en"},
        "display": "Back Pain",
    }, version
    assert marked[0] == {"url": "lang", "valueCode": "en"}, "its title is English, and says so"
    assert '<a href="https://example.org/stillbirth">' in related["text"]["div"]


@both_versions
def test_text_that_is_not_translated_tells_its_language(spanish: Input, export: Export, version: str) -> None:
    why = section(export(*spanish), "summary")["section"][1]
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": why["title"]}]
    url = "http://hl7.org/fhir/StructureDefinition/translation"
    assert why["_title"] == {"extension": [{"url": url, "extension": parts}]}, version
    assert '<p lang="en" xml:lang="en">' in section(export(*spanish), "summary")["section"][0]["text"]["div"]


@both_versions
def test_an_english_page_is_marked_in_a_spanish_list(spanish: Input, export: Export, version: str) -> None:
    bundle = export(*spanish)
    marked = '<span lang="en" xml:lang="en">Grief</span></a> (en inglés)'
    assert marked in section(bundle, "start-here")["text"]["div"], version
    assert page(bundle, "https://example.org/grief.PDF")["language"] == "en"
    assert "(en inglés)" not in section(bundle, "women")["text"]["div"]


@both_versions
def test_an_english_page_is_marked_in_a_spanish_text(spanish: Input, export: Export, version: str) -> None:
    topic, edition = spanish
    link = '<a href="https://example.org/a">{}</a>'
    texts = (
        Text(f"Vea {link.format('esto')}.", ES, TextState.TRANSLATED),
        Text(f"See {link.format('this')}.", SOURCE, TextState.MISSING),
        Text(
            'Vea <a href="topic:back-pain">la espalda</a> y <a href="topic:x">x</a>.',
            ES,
            TextState.TRANSLATED,
        ),
    )
    first = replace(topic.sections[0], body=tuple(map(Paragraph, texts)))
    topic = replace(topic, sections=(first,))
    edition = replace(edition, pages={"https://example.org/a": SOURCE})
    div = section(export(topic, edition), "summary")["section"][0]["text"]["div"]
    note = '<span class="language"> (en inglés)</span>'
    assert f"<p>Vea {link.format('esto')}{note}.</p>" in div, version
    assert f'<p lang="en" xml:lang="en">See {link.format("this")}.</p>' in div
    assert f"la espalda</a>{note} y x." in div
    assert read_narrative(div) == Narrative(is_readable=True, languages=frozenset({"es"}))


@both_versions
def test_an_english_edition_needs_no_such_mark(english: Input, export: Export, version: str) -> None:
    assert "(in English)" not in jsontext.dump(export(*english)).decode(), version


@both_versions
def test_a_link_hidden_in_an_edition_is_not_in_its_document(
    english: Input, spanish: Input, export: Export, version: str
) -> None:
    assert page(export(*english), "https://example.org/film"), version
    assert "https://example.org/film" not in jsontext.dump(export(*spanish)).decode()


def test_r4_says_that_a_translation_transforms_the_english_edition(spanish: Input, english: Input) -> None:
    target = {"system": TOPIC_SYSTEM, "value": "miscarriage/en"}
    assert composition(to_bundle(*spanish, R4))["relatesTo"] == [
        {"code": "transforms", "targetIdentifier": target}
    ]
    assert "relatesTo" not in composition(to_bundle(*english, R4))


def test_r5_relates_the_editions_both_ways_and_the_sources(spanish: Input, english: Input) -> None:
    related = composition(to_bundle(*english, R5))["relatesTo"]
    target = {"type": "Composition", "identifier": {"system": TOPIC_SYSTEM, "value": "miscarriage/es"}}
    assert related[0] == {"type": "transformed-into", "resourceReference": target}
    assert composition(to_bundle(*spanish, R5))["relatesTo"][0]["type"] == "transforms"
    assert related[1] == {
        "type": "derived-from",
        "citation": "Miscarriage. National Library of Medicine. 2026-01-02",
        "document": {
            "contentType": "text/html",
            "language": "en",
            "url": "https://medlineplus.gov/miscarriage.html",
            "title": "Miscarriage",
            "creation": "2026-01-02",
        },
        "publicationDate": "2026-01-02",
    }
    assert related[2] == {"type": "derived-from", "citation": "Un libro"}


def test_an_edition_without_its_english_original_relates_to_none(spanish: Input) -> None:
    topic, edition = spanish
    alone = replace(edition, editions={ES: edition.card})
    assert "relatesTo" not in composition(to_bundle(topic, alone, R4))
    kinds = {each["type"] for each in composition(to_bundle(topic, alone, R5))["relatesTo"]}
    assert kinds == {"derived-from"}


def test_two_translations_do_not_translate_each_other(spanish: Input) -> None:
    topic, edition = spanish
    french = LanguageTag("fr")
    editions = {**edition.editions, french: replace(edition.card, language=french)}
    related = composition(to_bundle(topic, replace(edition, editions=editions), R5))["relatesTo"]
    values = [each["resourceReference"]["identifier"]["value"] for each in related[:1]]
    assert values == ["miscarriage/en"]
    assert related[1]["type"] == "derived-from"


def test_codes_are_where_each_version_searches_for_them(english: Input) -> None:
    subject = {
        "coding": [
            {
                "system": "https://www.nlm.nih.gov/mesh",
                "code": "D000022",
                "display": "Abortion, Spontaneous",
            }
        ],
        "text": "Abortion, Spontaneous/complications",
    }
    assert composition(to_bundle(*english, R4))["event"] == [{"code": [subject]}]
    fifth = composition(to_bundle(*english, R5))
    assert fifth["event"] == [{"detail": [{"concept": subject}]}]
    assert [each["valueCodeableConcept"] for each in fifth["useContext"]] == [subject]


def test_r4_lists_of_links_are_snapshots_and_r5_knows_no_mode(english: Input) -> None:
    fourth = composition(to_bundle(*english, R4))["section"]
    modes = [each["code"]["coding"][0]["code"] for each in fourth if "mode" in each]
    assert modes == ["start-here", "women"]
    assert not any("mode" in each for each in composition(to_bundle(*english, R5))["section"])


def test_r5_has_a_canonical_url_a_version_and_a_name(spanish: Input) -> None:
    found = composition(to_bundle(*spanish, R5))
    assert found["url"] == f"{BASE}/fhir/Composition/miscarriage-es"
    assert found["name"] == "Miscarriage"
    assert re.fullmatch(r"2026\.11\.21-[0-9a-f]{8}", found["version"])
    topic, edition = spanish
    other = composition(to_bundle(replace(topic, sections=topic.sections[:1]), edition, R5))
    assert found["version"] != other["version"], "another text on one day is another version"
    assert found["identifier"] == [{"system": TOPIC_SYSTEM, "value": "miscarriage/es"}]


def test_a_review_attests_the_text(english: Input) -> None:
    topic, edition = english
    (fourth,) = composition(to_bundle(topic, edition, R4))["attester"]
    assert fourth == {"mode": "professional", "time": "2026-11-21", "party": {"display": "Dr. Ada Roe"}}
    (fifth,) = composition(to_bundle(topic, edition, R5))["attester"]
    assert fifth["mode"]["coding"][0]["code"] == "professional"
    unreviewed = replace(topic, dates=replace(topic.dates, reviews=()))
    assert "attester" not in composition(to_bundle(unreviewed, edition, R4))


# DocumentReferences


@both_versions
def test_a_page_is_named_by_topic_resource_and_language(spanish: Input, export: Export, version: str) -> None:
    bundle = export(*spanish)
    for name, url in (
        ("miscarriage/both/es", "https://example.org/es"),
        ("miscarriage/english/en", "https://example.org/grief.PDF"),
        ("miscarriage/source/nlm/en", "https://medlineplus.gov/miscarriage.html"),
    ):
        assert page(bundle, url)["id"] == f"link-{hashlib.sha256(name.encode()).hexdigest()[:20]}", version


@both_versions
def test_a_page_in_two_groups_is_one_reference(english: Input, export: Export, version: str) -> None:
    bundle = export(*english)
    first, second = section(bundle, "start-here")["entry"][0], section(bundle, "women")["entry"][0]
    assert first == second, version
    assert page(bundle, "https://example.org/en?a=1&b=2")["id"] == first["reference"].split("/")[1]


@both_versions
def test_identifiers_are_the_url_and_what_registries_say(
    english: Input, export: Export, version: str
) -> None:
    assert page(export(*english), "https://example.org/grief.PDF")["identifier"] == [
        {"system": "urn:ietf:rfc:3986", "value": "https://example.org/grief.PDF"},
        {"system": "https://pubmed.ncbi.nlm.nih.gov", "value": "12345"},
    ], version


@both_versions
def test_a_content_type_is_stated_only_where_it_is_known(
    english: Input, export: Export, version: str
) -> None:
    bundle = export(*english)
    types = {
        url: page(bundle, f"https://example.org/{url}")["content"][0]["attachment"].get("contentType")
        for url in ("grief.PDF", "film", "en?a=1&b=2")
    }
    assert types == {"grief.PDF": "application/pdf", "film": None, "en?a=1&b=2": "text/html"}, version


def test_a_spanish_page_is_a_translation_of_its_english_twin(spanish: Input, english: Input) -> None:
    target = {
        "type": "DocumentReference",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "https://example.org/en?a=1&b=2"},
    }
    (fourth,) = page(to_bundle(*spanish, R4), "https://example.org/es")["relatesTo"]
    assert fourth == {"code": "transforms", "target": target}
    (fifth,) = page(to_bundle(*spanish, R5), "https://example.org/es")["relatesTo"]
    assert (fifth["code"]["coding"][0]["code"], fifth["target"]) == ("transforms", target)
    related = [each for each in bundle_resources(to_bundle(*english, R4)) if "relatesTo" in each]
    assert related == []


@both_versions
def test_one_address_for_two_languages_does_not_translate_itself(
    spanish: Input, export: Export, version: str
) -> None:
    topic, edition = spanish
    same = replace(topic.resources[0], links={SOURCE: "https://e.org/", ES: "https://e.org/"})
    bundle = export(replace(topic, resources=(same,)), edition)
    assert "relatesTo" not in page(bundle, "https://e.org/"), version


@both_versions
def test_a_page_that_only_another_language_has_keeps_its_original_title_and_language(
    english: Input, export: Export, version: str
) -> None:
    topic, edition = english
    only = replace(topic.resources[0], links={ES: "https://example.org/es"})
    found = page(export(replace(topic, resources=(only,)), edition), "https://example.org/es")
    assert found["language"] == "en", version
    assert found["content"][0]["attachment"]["language"] == "es"
    assert "relatesTo" not in found


@both_versions
def test_a_source_without_address_has_a_title_and_no_identifier(
    english: Input, export: Export, version: str
) -> None:
    (book,) = (
        each for each in of_type(export(*english), "DocumentReference") if each["description"] == "Un libro"
    )
    assert "identifier" not in book, version
    assert book["content"] == [{"attachment": {"language": "es", "title": "Un libro"}}]
    assert book["category"][0]["coding"][0]["code"] == "source"


@both_versions
def test_the_note_on_a_source_is_next_to_it(english: Input, export: Export, version: str) -> None:
    assert "<p>All facts.</p></li>" in section(export(*english), "sources")["text"]["div"], version


@both_versions
def test_a_page_in_a_further_language_tells_which(english: Input, export: Export, version: str) -> None:
    bundle = export(*english)
    found = page(bundle, "https://example.org/ar")
    assert found["content"][0]["attachment"]["language"] == "ar", version
    assert found["content"][0]["attachment"]["title"] == "العربية"
    div = section(bundle, "other-languages")["text"]["div"]
    assert '(<span lang="ar" xml:lang="ar" dir="rtl">العربية</span>)' in div


# Organizations


def test_organizations_carry_their_translated_names(spanish: Input) -> None:
    bundle = to_bundle(*spanish, R4)
    names = {each["id"]: each for each in of_type(bundle, "Organization")}
    assert list(names) == ["healthtopics", "nichd", "acr", "nih"]
    assert names["nih"]["name"] == "National Institutes of Health"
    assert "Institutos Nacionales de la Salud" in str(names["nih"]["_name"])
    assert "_name" not in names["acr"]
    assert names["nichd"]["partOf"]["reference"] == "Organization/nih"


def test_a_reference_has_the_name_in_the_language_of_its_resource(spanish: Input) -> None:
    topic, edition = spanish
    bundle = to_bundle(replace(topic, primary_institute="nih"), edition, R4)
    assert section(bundle, "primary-institute")["entry"][0]["display"] == "Institutos Nacionales de la Salud"
    authors = page(bundle, "https://example.org/grief.PDF")["author"]
    assert authors[1]["display"] == "National Institutes of Health"


def test_the_institution_that_another_belongs_to_is_there_even_if_nothing_else_names_it(
    english: Input,
) -> None:
    topic, edition = english
    bundle = to_bundle(replace(topic, resources=()), edition, R4)
    assert [each["id"] for each in of_type(bundle, "Organization")] == ["healthtopics", "nichd", "nih"]


def test_each_version_has_its_place_for_the_home_page(english: Input) -> None:
    point = {"system": "url", "value": f"{BASE}/"}
    assert of_type(to_bundle(*english, R4), "Organization")[0]["telecom"] == [point]
    assert of_type(to_bundle(*english, R5), "Organization")[0]["contact"] == [{"telecom": [point]}]


@both_versions
def test_an_organization_without_address_has_neither_identifier_nor_contact(
    english: Input, export: Export, version: str
) -> None:
    (acr,) = (each for each in of_type(export(*english), "Organization") if each["id"] == "acr")
    assert not {"identifier", "telecom", "contact"} & acr.keys(), version


@both_versions
def test_every_narrative_has_the_language_of_its_resource(
    spanish: Input, export: Export, version: str
) -> None:
    for resource in bundle_resources(export(*spanish)):
        divs = [each["div"] for each in walk(resource) if isinstance(each, dict) and "div" in each]
        assert divs, version
        for div in divs:
            assert re.match(
                rf'<div xmlns="http://www.w3.org/1999/xhtml" lang="{resource["language"]}" '
                rf'xml:lang="{resource["language"]}">',
                div,
            )


# Texts that were not written for this model


@both_versions
def test_a_section_without_a_heading_has_the_label_of_its_aspect(
    spanish: Input, export: Export, version: str
) -> None:
    topic, edition = spanish
    bare = replace(topic, sections=tuple(replace(each, heading=None) for each in topic.sections))
    titles = [each["title"] for each in section(export(bare, edition), "summary")["section"]]
    assert titles == ["Resumen", "Causas"]
    assert "¿Qué es?" not in str(export(bare, edition)), version


@both_versions
def test_a_topic_without_sections_has_no_summary(english: Input, export: Export, version: str) -> None:
    topic, edition = english
    bundle = export(replace(topic, sections=()), edition)
    codes = [each["code"]["coding"][0]["code"] for each in composition(bundle)["section"]]
    assert "summary" not in codes, version
    assert "about" in codes


@both_versions
def test_a_label_of_another_language_says_so(english: Input, export: Export, version: str) -> None:
    topic, edition = english
    own = Text("Embarazo sano", ES, TextState.OWN)
    term = replace(edition.terms["groups"]["pregnancy"], label=own, labels={ES: own.value})
    bundle = export(topic, replace(edition, terms={**edition.terms, "groups": {"pregnancy": term}}))
    category = composition(bundle)["category"][2]
    assert category["coding"][0]["display"] == category["text"] == "Embarazo sano", version
    assert category["_text"]["extension"][0]["extension"][0] == {"url": "lang", "valueCode": "es"}
