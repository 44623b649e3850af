import re
from dataclasses import replace
from typing import Any

from healthtopics.formats.fhir.exporting.companions import to_companions, to_editions
from healthtopics.formats.fhir.exporting.datatypes import PROFILES, machine_name
from healthtopics.formats.fhir.exporting.document import to_bundle
from healthtopics.formats.fhir.exporting.r4 import R4
from healthtopics.formats.fhir.exporting.r5 import R5
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection, Tombstone
from support.documents import bundle_resources

ES = LanguageTag("es")
BASE = "https://healthtopics.example.org"
SYNONYM = {"system": "http://snomed.info/sct", "code": "900000000000013009", "display": "Synonym"}


def fourth(collection: PublishedCollection) -> dict[str, dict[str, Any]]:
    return {**to_companions(collection, R4), **to_editions(collection, R4)}


def fifth(collection: PublishedCollection) -> dict[str, dict[str, Any]]:
    return {**to_companions(collection, R5), **to_editions(collection, R5)}


def companion(collection: PublishedCollection, name: str) -> dict[str, Any]:
    return fourth(collection)[f"fhir/r4/{name}.json"]


def test_there_is_a_code_system_and_a_value_set_a_vocabulary_and_a_list_a_topic(
    collection: PublishedCollection,
) -> None:
    vocabularies = [
        "aspect",
        "content-type",
        "health-topic",
        "list-kind",
        "resource-group",
        "topic-group",
        "topic-kind",
        "topic-section",
    ]
    topics = ["back-pain-translations", "miscarriage-translations"]
    assert sorted(fourth(collection)) == [
        *(f"fhir/r4/CodeSystem/{name}.json" for name in vocabularies),
        *(f"fhir/r4/List/{name}.json" for name in topics),
        "fhir/r4/NamingSystem/health-topic.json",
        *(f"fhir/r4/Organization/{key}.json" for key in sorted(collection.terms["organizations"])),
        *(f"fhir/r4/StructureDefinition/{name}.json" for name in sorted(PROFILES.values())),
        *(f"fhir/r4/ValueSet/{name}.json" for name in vocabularies),
    ]


def test_both_versions_differ_only_in_an_organizations_contact_and_in_definitions(
    collection: PublishedCollection,
) -> None:
    ours, theirs = fourth(collection), fifth(collection)
    assert [name.replace("/r4/", "/r5/") for name in ours] == list(theirs)
    for name, body in ours.items():
        other = theirs[name.replace("/r4/", "/r5/")]
        if body["resourceType"] == "Organization" and "telecom" in body:
            assert other["contact"] == [{"telecom": body["telecom"]}]
        elif body["resourceType"] == "StructureDefinition":
            changed = {"fhirVersion": "5.0.0", "version": other["version"]}
            assert other == {**body, **changed}
            assert other["version"] != body["version"]
        elif body["resourceType"] == "NamingSystem":
            assert other["url"] == body["uniqueId"][0]["value"] == other["uniqueId"][0]["value"]
        else:
            assert other == body


def test_an_organization_is_the_same_alone_and_in_a_document(
    collection: PublishedCollection, english: tuple[LocalizedTopic, Edition]
) -> None:
    alone = to_companions(collection, R4)
    found = [
        each for each in bundle_resources(to_bundle(*english, R4)) if each["resourceType"] == "Organization"
    ]
    assert found
    for organization in found:
        assert alone[f"fhir/r4/Organization/{organization['id']}.json"] == organization


def test_only_a_list_is_about_one_topic(collection: PublishedCollection) -> None:
    assert {each["resourceType"] for each in to_editions(collection, R4).values()} == {"List"}
    assert "List" not in {each["resourceType"] for each in to_companions(collection, R4).values()}
    one = replace(collection, cards={"miscarriage": collection.cards["miscarriage"]})
    name = "fhir/r4/List/miscarriage-translations.json"
    assert to_editions(one, R4) == {name: to_editions(collection, R4)[name]}


def test_a_topic_is_a_concept_with_titles_synonyms_and_properties(collection: PublishedCollection) -> None:
    system = companion(collection, "CodeSystem/health-topic")
    assert (system["url"], system["count"]) == (f"{BASE}/fhir/CodeSystem/health-topic", 2)
    assert system["concept"][1] == {
        "code": "miscarriage",
        "display": "Miscarriage",
        "definition": "A pregnancy that ends early.",
        "designation": [
            {"language": "es", "value": "Aborto espontáneo"},
            {"language": "en", "use": SYNONYM, "value": "Spontaneous abortion"},
            {"language": "es", "use": SYNONYM, "value": "Pérdida del embarazo"},
        ],
        "property": [
            {
                "code": "mesh",
                "valueCoding": {
                    "system": "https://www.nlm.nih.gov/mesh",
                    "code": "D000022",
                    "display": "Abortion, Spontaneous",
                },
            },
            # The other related topic is not in the collection.
            {"code": "related-topic", "valueCode": "back-pain"},
            {
                "code": "kind",
                "valueCoding": {"system": f"{BASE}/fhir/CodeSystem/topic-kind", "code": "condition"},
            },
            {
                "code": "group",
                "valueCoding": {"system": f"{BASE}/fhir/CodeSystem/topic-group", "code": "pregnancy"},
            },
        ],
    }


def test_every_property_of_a_concept_is_declared(collection: PublishedCollection) -> None:
    system = companion(collection, "CodeSystem/health-topic")
    declared = {each["code"] for each in system["property"]}
    assert {each["code"] for concept in system["concept"] for each in concept["property"]} <= declared


def test_the_code_system_of_topics_is_as_old_as_its_latest_topic(collection: PublishedCollection) -> None:
    system = companion(collection, "CodeSystem/health-topic")
    assert system["date"] == "2026-11-21T10:30:00Z"
    assert re.fullmatch(r"2026\.11\.21-[0-9a-f]{8}", system["version"])


def test_a_withdrawn_topic_stays_as_an_inactive_concept(collection: PublishedCollection) -> None:
    tombstone = Tombstone(id="croup", date="2026-11-25T06:00:00Z", titles={SOURCE: "Croup", ES: "Crup"})
    system = companion(replace(collection, withdrawn=(tombstone,)), "CodeSystem/health-topic")
    assert [each["code"] for each in system["concept"]] == ["back-pain", "croup", "miscarriage"]
    assert system["count"] == 3
    assert system["concept"][1] == {
        "code": "croup",
        "display": "Croup",
        "designation": [{"language": "es", "value": "Crup"}],
        "property": [{"code": "inactive", "valueBoolean": True}],
    }
    assert system["date"] == "2026-11-25T06:00:00Z", "the content changed when the topic went"
    (declared,) = (each for each in system["property"] if each["code"] == "inactive")
    assert declared == {
        "code": "inactive",
        "uri": "http://hl7.org/fhir/concept-properties#inactive",
        "type": "boolean",
    }


def test_a_vocabulary_has_no_date_and_a_version_that_changes_with_whatever_it_says(
    collection: PublishedCollection,
) -> None:
    before = companion(collection, "CodeSystem/aspect")
    assert "date" not in before
    fewer = {"overview": collection.terms["aspects"]["overview"]}
    changes = {
        "concepts": replace(collection, terms={**collection.terms, "aspects": fewer}),
        "a title": replace(collection, titles={**collection.titles, "aspects": {SOURCE: "Questions"}}),
        "the publisher": replace(collection, publisher=collection.terms["organizations"]["nih"]),
    }
    versions = {name: companion(changed, "CodeSystem/aspect")["version"] for name, changed in changes.items()}
    assert len({before["version"], *versions.values()}) == 4, versions
    assert companion(changes["concepts"], "ValueSet/aspect") == companion(collection, "ValueSet/aspect")


def test_a_vocabulary_is_published_with_its_translations(collection: PublishedCollection) -> None:
    system = companion(collection, "CodeSystem/resource-group")
    assert system["title"] == "Categories"
    assert "categories (es)" in str(system["_title"])
    assert system["name"] == "ResourceGroup"
    assert system["concept"][0] == {
        "code": "start-here",
        "display": "Start Here",
        "designation": [{"language": "es", "value": "Comience aquí"}],
    }


def test_a_value_set_holds_all_of_its_code_system(collection: PublishedCollection) -> None:
    values = companion(collection, "ValueSet/topic-group")
    assert values["compose"] == {"include": [{"system": f"{BASE}/fhir/CodeSystem/topic-group"}]}
    assert values["url"] == companion(collection, "CodeSystem/topic-group")["valueSet"]


def test_an_empty_collection_gives_a_code_system_without_empty_arrays(
    collection: PublishedCollection,
) -> None:
    system = companion(replace(collection, cards={}), "CodeSystem/health-topic")
    assert system["count"] == 0
    assert not {"concept", "date"} & system.keys()


def test_a_list_leads_to_the_editions_of_a_topic(collection: PublishedCollection) -> None:
    editions = companion(collection, "List/miscarriage-translations")
    assert editions["title"] == "Miscarriage: Language editions"
    assert "Aborto espontáneo: Ediciones por idioma" in str(editions["_title"])
    assert editions["date"] == "2026-11-21T10:30:00Z"
    assert [each["item"]["identifier"]["value"] for each in editions["entry"]] == [
        "miscarriage/en",
        "miscarriage/es",
    ]
    assert [each["item"]["reference"] for each in editions["entry"]] == [
        "Composition/miscarriage-en",
        "Composition/miscarriage-es",
    ]


def test_a_list_of_one_edition_has_no_other_titles(collection: PublishedCollection) -> None:
    editions = companion(collection, "List/back-pain-translations")
    assert "_title" not in editions
    assert len(editions["entry"]) == 1


def test_a_title_is_made_only_in_languages_that_have_all_its_words(collection: PublishedCollection) -> None:
    word = collection.terms["list-kinds"]["translations"]
    kinds = {"translations": replace(word, labels={SOURCE: "Language editions"})}
    partly = replace(collection, terms={**collection.terms, "list-kinds": kinds})
    editions = companion(partly, "List/miscarriage-translations")
    assert "_title" not in editions
    assert len(editions["entry"]) == 2


def test_names_for_programs_conform_to_the_standard() -> None:
    assert machine_name("back-pain-and-miscarriage") == "BackPainAndMiscarriage"
    assert machine_name("5-alpha") == "Topic5Alpha"
    assert machine_name("x") == "TopicX"


def test_a_label_of_one_language_tells_it(collection: PublishedCollection) -> None:
    groups = {"barrio": replace(collection.terms["groups"]["pregnancy"], id="barrio", labels={ES: "Barrio"})}
    organizations = {"casa": replace(collection.publisher, id="casa", labels={ES: "Casa & salud"})}
    terms = {**collection.terms, "groups": groups, "organizations": organizations}
    changed = replace(collection, terms=terms, publisher=organizations["casa"])

    system = companion(changed, "CodeSystem/topic-group")
    assert system["publisher"] == "Casa & salud"
    assert system["concept"] == [
        {"code": "barrio", "display": "Barrio", "designation": [{"language": "es", "value": "Barrio"}]}
    ]
    organization = companion(changed, "Organization/casa")
    assert organization["name"] == "Casa & salud"
    (mark,) = organization["_name"]["extension"]
    assert mark["extension"][0] == {"url": "lang", "valueCode": "es"}
    assert '<span lang="es" xml:lang="es">Casa &amp; salud</span>' in organization["text"]["div"]
