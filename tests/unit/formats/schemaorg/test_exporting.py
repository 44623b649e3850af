"""What the schema.org exporter says of a topic, field by field."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from healthtopics.formats.schemaorg.exporting import to_web_page
from healthtopics.formats.schemaorg.reading import read_web_page
from healthtopics.language import LanguageTag
from healthtopics.topic import Card, Coding, Edition, LocalizedTerm, LocalizedTopic, Text, TextState

EN, ES = LanguageTag("en"), LanguageTag("es")
BASE = "https://topics.example"
SUBJECT = f"{BASE}/topics/measles#subject"

Node = dict[str, Any]


def spanish(text: str) -> Text:
    return Text(text, ES, TextState.TRANSLATED)


def waiting(text: str) -> Text:
    return Text(text, EN, TextState.MISSING)


def term(key: str, label: Text | str, url: str = "", text: Text | None = None, **facts: str) -> LocalizedTerm:
    label = Text(label) if isinstance(label, str) else label
    labels = {label.language: label.value}
    return LocalizedTerm(id=key, label=label, labels=labels, url=url, home=url, text=text, facts=facts)


def card(topic: str, language: LanguageTag, title: str) -> Card:
    return Card(
        topic=topic,
        language=language,
        title=title,
        page=f"{BASE}/{language}/{topic}",
        updated="2026-02-03T00:00:00Z",
        kind="condition",
        codes=(Coding("mesh", "D008457", "Measles"),),
    )


HOUSE = term("house", "House", url="https://house.example/", type="Organization")
VOCABULARY: Mapping[str, list[LocalizedTerm]] = {
    "aspects": [term("causes", "Causes", healthAspect="Causes"), term("diagnosis", "Diagnosis")],
    "categories": [
        term("start-here", "Start Here"),
        term("diagnosis", "Diagnosis"),
        term("images", "Images"),
    ],
    "code-systems": [
        term("mesh", "MeSH", codingSystem="MeSH", iri="http://id.nlm.nih.gov/mesh/{code}"),
        term("icd-10-cm", "ICD-10-CM", codingSystem="ICD-10-CM"),
    ],
    "groups": [term("infections", "Infections")],
    "kinds": [term("condition", "Condition", schemaType="MedicalCondition")],
    "licences": [term("cc0", "CC0", url="https://cc0.example/"), term("custom", "Ask us")],
    "notices": [
        term("advice", "Disclaimer", text=Text("No advice.")),
        term("criteria", "Criteria", url="https://house.example/criteria"),
    ],
    "organizations": [
        HOUSE,
        term("niaid", "NIAID", url="https://www.niaid.nih.gov/", type="GovernmentOrganization", parent="nih"),
        term("nih", "NIH", url="https://www.nih.gov/", type="GovernmentOrganization"),
        term("club", "Club", type="NGO"),
    ],
    "parts": [term("home", "Health topics")],
    "urgencies": [term("urgent", "Urgent")],
}


def edition(language: LanguageTag = EN, **terms: LocalizedTerm) -> Edition:
    editions = {EN: card("measles", EN, "Measles"), ES: card("measles", ES, "Sarampión")}
    return Edition(
        base_url=BASE,
        card=editions[language],
        publisher=HOUSE,
        data_publisher=HOUSE,
        terms={
            name: {entry.id: terms.get(entry.id, entry) for entry in entries}
            for name, entries in VOCABULARY.items()
        },
        editions=editions,
        topics={"rash": card("rash", language, "Rash")},
    )


def page(
    language: LanguageTag = EN, terms: Mapping[str, LocalizedTerm] | None = None, **members: object
) -> Node:
    """Export a topic that has only what a topic must have, and `members`."""
    document = {
        "id": "measles",
        "kind": "condition",
        "title": "Measles" if language == EN else spanish("Sarampión"),
        "sections": [section()],
        "dates": {"created": "2026-01-02", "updated": "2026-02-03"},
        "sources": [{"id": "who", "title": "Measles", "language": "en"}],
        **members,
    }
    return to_web_page(LocalizedTopic.from_document(document, language), edition(language, **(terms or {})))


def section(*body: object, heading: object = "What causes measles?", **members: object) -> Node:
    blocks = body or ({"paragraph": "A virus."},)
    return {"id": "causes", "aspect": "causes", "heading": heading, "body": list(blocks), **members}


def resource(**members: object) -> Node:
    return {
        "id": "fact-sheet",
        "categories": ["start-here"],
        "title": "Fact sheet",
        "kind": "page",
        "links": {"en": "https://who.example/measles"},
        **members,
    }


def item(document: Node) -> Node:
    """Return what the first link of the first group leads to."""
    found: Node = groups(document)[0]["mainEntity"]["itemListElement"][0]["item"]
    return found


CALLOUT = {
    "callout": "Call your provider",
    "urgency": "urgent",
    "body": [{"paragraph": "If you:"}, {"list": ["have a <em>rash</em>"]}],
}


def test_a_callout_is_a_part_after_its_section_with_its_urgency() -> None:
    document = page(sections=[section(CALLOUT, {"paragraph": "A virus."})], resources=[resource()])
    of_section, callout, links = document["hasPart"]
    assert (of_section["text"], of_section["position"], links["position"]) == ("A virus.", 1, 3)
    assert callout == {
        "@type": "HealthTopicContent",
        "@id": f"{BASE}/en/measles#causes_callout_1",
        "url": f"{BASE}/en/measles#causes_callout_1",
        "position": 2,
        "headline": "Call your provider",
        "inLanguage": "en",
        "about": {"@id": SUBJECT},
        "isPartOf": {"@type": "HealthTopicContent", "@id": f"{BASE}/en/measles#causes"},
        "keywords": {"@type": "DefinedTerm", "termCode": "urgent", "name": "Urgent"},
        "text": "If you:\nhave a rash",
        "hasHealthAspect": "https://schema.org/SeeDoctorHealthAspect",
    }


def test_a_section_of_callouts_alone_has_neither_text_nor_an_aspect() -> None:
    of_section, callout = page(sections=[section(CALLOUT)])["hasPart"]
    assert not of_section.keys() & {"text", "hasHealthAspect"}
    assert of_section["headline"] == "What causes measles?"
    assert callout["hasHealthAspect"] == "https://schema.org/SeeDoctorHealthAspect"


def test_words_for_the_urgency_in_another_language_are_marked() -> None:
    words = {name: spanish(str(CALLOUT[name])) for name in ("callout",)}
    document = page(ES, sections=[section({**CALLOUT, **words})])
    assert document["hasPart"][1]["keywords"]["name"] == {"@value": "Urgent", "@language": "en"}


def groups(document: Node) -> list[Node]:
    return [part for part in document["hasPart"] if part["@type"] == "WebPageElement"]


def test_the_root_is_the_page_of_the_edition() -> None:
    document = page()
    assert document["@context"] == "https://schema.org"
    assert document["@type"] == "MedicalWebPage"
    assert document["@id"] == document["url"] == f"{BASE}/en/measles"
    assert document["inLanguage"] == "en"
    assert document["name"] == document["headline"] == "Measles"
    assert document["audience"] == {"@type": "MedicalAudience", "audienceType": "Patient"}
    assert document["isAccessibleForFree"] is True


def test_dates_are_days_from_the_topic_and_the_card() -> None:
    document = page()
    assert document["datePublished"] == "2026-01-02"
    assert document["dateModified"] == "2026-02-03"
    assert "sdDatePublished" not in document, "only a release knows it"


def test_nothing_empty_is_said() -> None:
    def empties(value: object) -> bool:
        if isinstance(value, dict):
            return any(empties(each) for each in value.values())
        if isinstance(value, list):
            return not value or any(map(empties, value))
        return value in ("", None)

    assert not empties(page(resources=[resource()]))


def test_the_subject_is_one_node_for_all_languages() -> None:
    assert page(EN)["about"]["@id"] == page(ES)["about"]["@id"] == SUBJECT
    assert page(EN)["about"]["name"] == {"@value": "Measles", "@language": "en"}
    assert page(ES)["about"]["name"] == {"@value": "Sarampión", "@language": "es"}
    assert page()["about"]["@type"] == "MedicalCondition"


def test_an_organization_with_several_names_says_their_language() -> None:
    nih = LocalizedTerm(
        id="nih",
        label=Text("Institutos Nacionales de la Salud", ES, TextState.TRANSLATED),
        labels={EN: "National Institutes of Health", ES: "Institutos Nacionales de la Salud"},
        url="https://www.nih.gov/",
    )
    document = page(ES, primaryInstitute="nih", terms={"nih": nih})
    (institute,) = (each for each in document["mentions"] if "knowsAbout" in each)
    assert institute["name"] == {"@value": "Institutos Nacionales de la Salud", "@language": "es"}


def test_other_names_belong_to_the_subject_and_come_once() -> None:
    document = page(alsoCalled=["Rubeola", "Measles", "Morbilli"])
    assert document["about"]["alternateName"] == [
        {"@value": "Rubeola", "@language": "en"},
        {"@value": "Morbilli", "@language": "en"},
    ]
    assert "alternateName" not in document


def test_index_terms_are_nobody_s_names() -> None:
    document = page(seeReferences=["Abuse", "Violence"])
    assert "Abuse" not in json.dumps(document)


def test_codes_keep_their_english_name_and_are_linked_data_where_the_system_is() -> None:
    codes = [
        {"system": "mesh", "code": "D008457", "display": "Measles"},
        {"system": "icd-10-cm", "code": "B05", "display": "Measles"},
    ]
    mesh, icd = page(ES, codes=codes)["about"]["code"]
    assert mesh == {
        "@type": "MedicalCode",
        "@id": "http://id.nlm.nih.gov/mesh/D008457",
        "codeValue": "D008457",
        "codingSystem": "MeSH",
        "name": "Measles",
    }
    assert icd == {"@type": "MedicalCode", "codeValue": "B05", "codingSystem": "ICD-10-CM", "name": "Measles"}


def test_a_code_with_a_qualifier_is_a_separate_code() -> None:
    therapy, nursing = {"code": "Q000628", "display": "therapy"}, {"code": "Q000451", "display": "nursing"}
    codes = [
        {"system": "mesh", "code": "D008457", "display": "Measles", "qualifiers": [therapy, nursing]},
    ]
    document = page(ES, codes=codes)
    plain, *pairs = document["about"]["code"]
    assert plain["codeValue"] == "D008457"
    assert pairs[0] == {
        "@type": "MedicalCode",
        "@id": "http://id.nlm.nih.gov/mesh/D008457Q000628",
        "codeValue": "D008457Q000628",
        "codingSystem": "MeSH",
        "name": "Measles/therapy",
    }
    account = read_web_page(document)
    assert account.codes == (("MeSH", "D008457"),)
    assert account.headings == ("Measles/therapy", "Measles/nursing")


def test_the_first_identifier_is_ours_and_foreign_ones_are_of_the_edition_s_language() -> None:
    identifiers = [
        {"system": "medlineplus", "value": "325", "language": "en"},
        {"system": "medlineplus", "value": "1816", "language": "es"},
    ]
    own, foreign = page(ES, identifiers=identifiers)["identifier"]
    assert (own["propertyID"], own["value"]) == (f"{BASE}/fhir/NamingSystem/health-topic", "measles")
    assert (foreign["propertyID"], foreign["value"]) == (f"{BASE}/fhir/NamingSystem/medlineplus", "1816")


def test_a_section_is_plain_text_line_by_line() -> None:
    body = (
        {"paragraph": 'A <a href="topic:rash">rash</a> &amp; <em>more</em>:'},
        {"list": ["spots", {"item": "fever", "list": ["high", "low"]}]},
        {"attribution": "Based on information from WHO"},
    )
    part = page(sections=[section(*body)])["hasPart"][0]
    assert part["@type"] == "HealthTopicContent"
    assert part["@id"] == part["url"] == f"{BASE}/en/measles#causes"
    assert part["position"] == 1
    assert part["headline"] == "What causes measles?"
    assert part["about"] == {"@id": SUBJECT}
    assert part["text"] == "A rash & more:\nspots\nfever\nhigh\nlow"


def test_attributions_are_credits_of_the_page() -> None:
    credit = {"attribution": "Based on information from <em>WHO</em>"}
    assert page(sections=[section(credit), section(credit)])["creditText"] == [
        "Based on information from WHO"
    ]


def test_an_aspect_is_a_string_and_left_out_where_schema_org_has_none() -> None:
    causes, diagnosis = page(sections=[section(), section(id="diagnosis", aspect="diagnosis")])["hasPart"]
    assert causes["hasHealthAspect"] == "https://schema.org/CausesHealthAspect"
    assert "hasHealthAspect" not in diagnosis


def test_a_section_says_the_language_that_its_text_is_really_in() -> None:
    paragraph = {"paragraph": spanish("Un virus.")}
    english = section({"paragraph": waiting("A virus.")}, heading=waiting("What causes measles?"))
    mixed = section(paragraph, {"paragraph": waiting("It spreads.")}, heading=spanish("¿Qué lo causa?"))
    whole = section(paragraph, heading=spanish("¿Qué lo causa?"))
    parts = page(ES, sections=[english, mixed, whole])["hasPart"]
    assert [part["inLanguage"] for part in parts] == ["en", ["es", "en"], "es"]


def test_a_text_that_waits_for_its_translation_is_never_silent_english() -> None:
    document = page(ES, title=waiting("Measles"), description=waiting("About measles."))
    tagged = {"@value": "Measles", "@language": "en"}
    assert document["name"] == document["about"]["name"] == tagged
    assert document["description"] == {"@value": "About measles.", "@language": "en"}
    assert document["inLanguage"] == "es"


def test_link_groups_follow_the_sections_in_the_order_of_the_vocabulary() -> None:
    document = page(
        resources=[
            resource(categories=["images"]),
            resource(id="second", title="Second"),
            resource(id="third", title="Third", categories=["start-here", "images"]),
        ]
    )
    start, images = groups(document)
    assert start["@id"] == start["url"] == f"{BASE}/en/measles#links_start-here"
    assert start["inLanguage"] == "en"
    assert start["mainEntity"]["@type"] == "ItemList"
    assert start["mainEntity"]["itemListOrder"] == "https://schema.org/ItemListOrderAscending"
    assert (start["position"], images["position"]) == (2, 3)
    assert start["name"] == start["mainEntity"]["name"] == "Start Here"
    assert start["mainEntity"]["@id"] == f"{BASE}/en/measles#links_start-here_list"
    assert [each["item"]["name"] for each in images["mainEntity"]["itemListElement"]] == [
        "Fact sheet",
        "Third",
    ]
    assert [each["position"] for each in images["mainEntity"]["itemListElement"]] == [1, 2]
    assert images["mainEntity"]["numberOfItems"] == 2


def test_a_group_never_shares_its_address_with_a_section() -> None:
    document = page(
        sections=[section(id="diagnosis", aspect="diagnosis")],
        resources=[resource(categories=["diagnosis"])],
    )
    first, second = (part["@id"] for part in document["hasPart"])
    assert first != second


def test_a_link_that_an_edition_hides_is_not_in_it() -> None:
    hidden = resource(categories={"en": ["start-here"], "es": []})
    assert groups(page(EN, resources=[hidden]))
    assert not groups(page(ES, resources=[hidden]))


def test_a_link_and_its_twin_name_each_other() -> None:
    links = {"en": "https://who.example/measles", "es": "https://who.example/sarampion"}
    english = item(page(EN, resources=[resource(links=links)]))
    translated = item(page(ES, resources=[resource(links=links, title=spanish("Hoja informativa"))]))
    assert english["@id"] == english["url"]
    assert (english["@id"], english["inLanguage"]) == ("https://who.example/measles", "en")
    assert (translated["@id"], translated["inLanguage"]) == ("https://who.example/sarampion", "es")
    assert translated["name"] == "Hoja informativa"
    twin = {"@type": "WebPage", "@id": translated["url"], "url": translated["url"], "inLanguage": "es"}
    assert english["workTranslation"] == [twin]
    assert translated["translationOfWork"]["@id"] == english["@id"]
    assert "translationOfWork" not in english
    assert "workTranslation" not in translated


def test_a_page_without_a_spanish_twin_stays_english() -> None:
    title = Text("Fact sheet", EN, TextState.OWN)
    link = item(page(ES, resources=[resource(title=title)]))
    assert (link["@id"], link["name"], link["inLanguage"]) == (
        "https://who.example/measles",
        "Fact sheet",
        "en",
    )
    assert not link.keys() & {"translationOfWork", "workTranslation"}


def test_a_page_with_two_languages_at_one_address_does_not_translate_itself() -> None:
    links = {"en": "https://who.example/measles", "es": "https://who.example/measles"}
    assert "workTranslation" not in item(page(EN, resources=[resource(links=links)]))
    assert "translationOfWork" not in item(page(ES, resources=[resource(links=links)]))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("page", "WebPage"),
        ("search", "SearchResultsPage"),
        ("article", "ScholarlyArticle"),
        ("video", "WebPage"),
        ("image", "ImageObject"),
        ("audio", "AudioObject"),
        ("tool", "WebApplication"),
    ],
)
def test_the_kind_of_a_link_is_its_type(kind: str, expected: str) -> None:
    assert item(page(resources=[resource(kind=kind)]))["@type"] == expected


def test_an_article_carries_its_identifiers() -> None:
    link = item(
        page(resources=[resource(kind="article", identifiers=[{"system": "pmid", "value": "40739237"}])])
    )
    assert link["identifier"] == [{"@type": "PropertyValue", "propertyID": "pmid", "value": "40739237"}]


def test_one_publisher_is_an_object_and_several_are_an_array() -> None:
    alone = item(page(resources=[resource(organizations=["nih"])]))["publisher"]
    several = item(page(resources=[resource(organizations=["nih", "club"])]))["publisher"]
    assert alone["@id"] == "https://www.nih.gov/#organization"
    assert [each["@id"] for each in several] == [alone["@id"], f"{BASE}/organizations/club#organization"]
    assert several[1]["@type"] == "NGO"
    assert "url" not in several[1]


def test_related_topics_are_links_and_mentions() -> None:
    elsewhere = {
        "title": Text("Rubella", EN, TextState.OWN),
        "links": {"en": "https://medlineplus.gov/rubella.html"},
    }
    document = page(ES, relatedTopics=["rash", elsewhere])
    assert document["relatedLink"] == [f"{BASE}/es/rash", "https://medlineplus.gov/rubella.html"]
    rash, rubella = document["mentions"]
    assert rash == {
        "@type": "MedicalWebPage",
        "@id": f"{BASE}/es/rash",
        "url": f"{BASE}/es/rash",
        "name": "Rash",
        "inLanguage": "es",
    }
    assert (rubella["name"], rubella["inLanguage"]) == ("Rubella", "en")


def test_links_in_the_text_are_resolved_and_come_once() -> None:
    body = {
        "list": [
            'a <a href="topic:rash">rash</a>',
            {"item": 'b <a href="https://who.example/b">b</a>', "list": ['c <a href="topic:rash">c</a>']},
        ]
    }
    others = [{"name": "Kreyòl", "url": "https://medlineplus.gov/languages/measles.html"}]
    assert page(sections=[section(body)], otherLanguages=others)["significantLink"] == [
        f"{BASE}/en/rash",
        "https://who.example/b",
        "https://medlineplus.gov/languages/measles.html",
    ]


def test_pages_in_another_language_that_the_text_links_to_are_mentioned_with_it() -> None:
    body = {
        "paragraph": 'a <a href="https://who.example/b">b</a>, <a href="https://who.example/es">c</a>, '
        '<a href="https://who.example/b">b</a>, <a href="topic:rash">rash</a>'
    }
    document = {
        "id": "measles",
        "kind": "condition",
        "title": spanish("Sarampión"),
        "sections": [section(body)],
        "dates": {"created": "2026-01-02", "updated": "2026-02-03"},
        "sources": [{"id": "who", "title": "Measles", "language": "en"}],
    }
    given = replace(
        edition(ES), topics={"rash": card("rash", EN, "Rash")}, pages={"https://who.example/b": EN}
    )
    topic = LocalizedTopic.from_document(document, ES)
    english, rash = to_web_page(topic, given)["mentions"]
    address = "https://who.example/b"
    assert english == {"@type": "WebPage", "@id": address, "url": address, "inLanguage": "en"}
    assert (rash["@id"], rash["inLanguage"]) == (f"{BASE}/en/rash", "en")
    related = LocalizedTopic.from_document({**document, "relatedTopics": ["rash"]}, ES)
    assert len(to_web_page(related, given)["mentions"]) == 2
    # Only a page of a topic has a name; a page that the text links to is not a related topic.
    assert read_web_page(to_web_page(topic, given)).related == ("Rash",)


def test_a_page_in_another_language_that_two_links_lead_to_is_mentioned_once() -> None:
    body = {"paragraph": f'<a href="topic:rash">a</a> <a href="{BASE}/en/rash">b</a>'}
    document = {
        "id": "measles",
        "kind": "condition",
        "title": spanish("Sarampión"),
        "sections": [section(body)],
        "dates": {"created": "2026-01-02", "updated": "2026-02-03"},
        "sources": [{"id": "who", "title": "Measles", "language": "en"}],
    }
    given = replace(edition(ES), topics={"rash": card("rash", EN, "Rash")}, pages={f"{BASE}/en/rash": EN})
    (mentioned,) = to_web_page(LocalizedTopic.from_document(document, ES), given)["mentions"]
    assert mentioned["@id"] == f"{BASE}/en/rash"


def test_the_primary_institute_knows_about_the_subject() -> None:
    (institute,) = page(primaryInstitute="niaid")["mentions"]
    assert institute["@type"] == "GovernmentOrganization"
    assert institute["knowsAbout"] == {"@id": SUBJECT}
    assert institute["parentOrganization"]["@id"] == "https://www.nih.gov/#organization"


def test_the_publisher_answers_for_the_text_and_for_the_data() -> None:
    document = page()
    assert document["publisher"] == document["sdPublisher"]
    assert document["publisher"] == {
        "@type": "Organization",
        "@id": "https://house.example/#organization",
        "name": "House",
        "url": "https://house.example/",
    }


def test_a_related_topic_that_is_not_published_is_not_linked() -> None:
    body = {"paragraph": 'A <a href="topic:mumps">relative</a>.'}
    document = page(relatedTopics=["mumps"], sections=[section(body)])
    assert not document.keys() & {"relatedLink", "mentions", "significantLink"}
    assert document["hasPart"][0]["text"] == "A relative."


def test_terms_of_use_are_addresses_or_the_terms_themselves() -> None:
    document = page(licence="cc0", disclaimer="advice", qualityCriteria="criteria")
    assert document["license"] == document["sdLicense"] == "https://cc0.example/"
    assert document["publishingPrinciples"] == "https://house.example/criteria"
    assert document["usageInfo"] == {
        "@type": "CreativeWork",
        "name": "Disclaimer",
        "text": "No advice.",
        "inLanguage": "en",
    }


def test_a_licence_without_an_address_licenses_no_data() -> None:
    document = page(licence="custom")
    assert document["license"]["name"] == "Ask us"
    assert "sdLicense" not in document


def test_a_review_is_said_only_where_there_was_one() -> None:
    dates = {"created": "2026-01-02", "updated": "2026-02-03"}
    assert not page().keys() & {"lastReviewed", "reviewedBy"}
    person = page(dates={**dates, "reviewed": {"date": "2026-02-03", "by": "Ana Díaz, MD"}})
    assert person["lastReviewed"] == "2026-02-03"
    assert person["reviewedBy"] == {"@type": "Person", "name": "Ana Díaz, MD"}
    body = page(dates={**dates, "reviewed": {"date": "2026-02-03", "by": "NIAID"}})
    assert body["reviewedBy"]["@id"] == "https://www.niaid.nih.gov/#organization"


def test_sources_are_what_the_page_is_based_on() -> None:
    sources = [
        {
            "id": "who",
            "title": "Measles",
            "publisher": "WHO",
            "url": "https://who.example/measles",
            "language": "en",
            "published": "2025-05-06",
            "note": spanish("Para las cifras."),
        },
        {"id": "leaflet", "title": "Leaflet", "language": "en"},
        {"id": "self", "title": "Measles", "url": f"{BASE}/es/measles", "language": "en"},
    ]
    assert page(ES, sources=sources)["isBasedOn"] == [
        {
            "@type": "WebPage",
            "@id": "https://who.example/measles",
            "url": "https://who.example/measles",
            "name": "Measles",
            "inLanguage": "en",
            "publisher": {"@type": "Organization", "name": "WHO"},
            "datePublished": "2025-05-06",
            "comment": {"@type": "Comment", "text": "Para las cifras.", "inLanguage": "es"},
        },
        {"@type": "CreativeWork", "name": "Leaflet", "inLanguage": "en"},
    ]


def test_editions_name_each_other() -> None:
    english, translated = page(EN), page(ES)
    assert [each["@id"] for each in english["workTranslation"]] == [translated["@id"]]
    assert english["workTranslation"][0]["name"] == translated["name"]
    assert translated["translationOfWork"]["@id"] == english["@id"]
    assert "translationOfWork" not in english
    assert "workTranslation" not in translated


def test_the_site_and_the_groups_are_in_the_edition_s_language() -> None:
    terms = {
        "home": term("home", spanish("Temas de salud")),
        "infections": term("infections", spanish("Infecciones")),
    }
    document = page(ES, terms, groups=["infections"])
    assert document["keywords"] == ["Infecciones"]
    assert document["isPartOf"] == {
        "@type": "WebSite",
        "@id": f"{BASE}/es#website",
        "url": f"{BASE}/es",
        "name": "Temas de salud",
        "inLanguage": "es",
    }


# Texts that were not written for this model


def test_a_heading_within_a_section_is_a_line_of_its_text() -> None:
    body = ({"paragraph": "A virus."}, {"subheading": "Dose < 5 mg & more"}, {"list": ["one"]})
    (part,) = page(sections=[section(*body)])["hasPart"]
    assert part["text"] == "A virus.\nDose < 5 mg & more\none"


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [(EN, Text("Causes"), "A virus."), (ES, spanish("Causas"), spanish("Un virus."))],
    ids=["English", "Spanish"],
)
def test_a_section_without_a_heading_has_the_label_of_its_aspect(
    language: LanguageTag, label: Text, text: object
) -> None:
    body = [{"paragraph": text}]
    causes = term("causes", label, healthAspect="Causes")
    document = page(language, {"causes": causes}, sections=[{"id": "a", "aspect": "causes", "body": body}])
    (part,) = document["hasPart"]
    assert (part["headline"], part["inLanguage"]) == (label.value, language)


def test_a_topic_without_sections_has_its_links_alone() -> None:
    (group,) = page(sections=[], resources=[resource()])["hasPart"]
    assert (group["@type"], group["position"]) == ("WebPageElement", 1)
    assert "hasPart" not in page(sections=[])


def test_a_label_of_another_language_says_so() -> None:
    barrio = term("infections", Text("Salud del barrio", ES, TextState.OWN))
    start = term("start-here", Text("Comience aquí", ES, TextState.OWN))
    club = term("club", Text("Casa de la Salud", ES, TextState.OWN), type="NGO")
    terms = {"infections": barrio, "start-here": start, "club": club}
    links = [resource(organizations=["club"])]

    english = page(EN, terms, groups=["infections"], resources=links)
    (group,) = groups(english)
    assert english["keywords"] == [{"@value": "Salud del barrio", "@language": "es"}]
    assert (group["name"], group["inLanguage"]) == ("Comience aquí", "es")
    assert group["mainEntity"]["name"] == {"@value": "Comience aquí", "@language": "es"}
    assert item(english)["publisher"]["name"] == {"@value": "Casa de la Salud", "@language": "es"}

    in_spanish = page(ES, terms, groups=["infections"], resources=links)
    assert in_spanish["keywords"] == ["Salud del barrio"]
    assert item(in_spanish)["publisher"]["name"] == "Casa de la Salud"
