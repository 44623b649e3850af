"""The profiles follow the vocabularies, and every document names its own. The HL7 engine judges them."""

from dataclasses import replace
from typing import Any

import pytest

from healthtopics.formats.fhir.exporting.companions import to_companions, withdraw_topics
from healthtopics.formats.fhir.exporting.datatypes import PROFILES
from healthtopics.formats.fhir.exporting.document import Dialect, to_bundle
from healthtopics.formats.fhir.exporting.r4 import R4
from healthtopics.formats.fhir.exporting.r5 import R5
from healthtopics.formats.fhir.versions import mark_versions
from healthtopics.formats.format import Version
from healthtopics.language import SOURCE
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection, Tombstone
from support.documents import bundle_resources

DIALECTS = pytest.mark.parametrize("dialect", [R4, R5], ids=["r4", "r5"])


def profile(collection: PublishedCollection, kind: str, dialect: Dialect = R4) -> dict[str, Any]:
    return to_companions(collection, dialect)[f"{dialect.path}/StructureDefinition/{PROFILES[kind]}.json"]


def elements(collection: PublishedCollection, kind: str) -> dict[str, Any]:
    return {each["id"]: each for each in profile(collection, kind)["differential"]["element"]}


@DIALECTS
def test_every_resource_with_a_profile_names_it(
    collection: PublishedCollection, spanish: tuple[LocalizedTopic, Edition], dialect: Dialect
) -> None:
    bundle = to_bundle(*spanish, dialect)
    for resource in [bundle, *bundle_resources(bundle)]:
        kind = resource["resourceType"]
        named = resource.get("meta", {}).get("profile")
        assert named == ([profile(collection, kind, dialect)["url"]] if kind in PROFILES else None)


def test_there_is_a_slice_for_each_section_that_there_can_be(
    collection: PublishedCollection, english: tuple[LocalizedTopic, Edition]
) -> None:
    found = elements(collection, "Composition")
    for key in collection.terms["aspects"]:
        assert found[f"Composition.section:summary.section:{key}"]["max"] == "*"
    for key in collection.terms["categories"]:
        assert found[f"Composition.section:links-{key}"]["max"] == "1"
    for section in bundle_resources(to_bundle(*english, R4))[0]["section"]:
        (code,) = section["code"]["coding"]
        wanted = {"coding": [{"system": code["system"], "code": code["code"]}]}
        assert wanted in [each.get("patternCodeableConcept") for each in found.values()]


@pytest.mark.parametrize("vocabulary", ["aspects", "categories"])
def test_a_new_word_gives_a_new_slice_and_another_version(
    collection: PublishedCollection, vocabulary: str
) -> None:
    words = collection.terms[vocabulary]
    first = next(iter(words.values()))
    terms = {**collection.terms, vocabulary: {**words, "brand-new": replace(first, id="brand-new")}}
    changed = replace(collection, terms=terms)
    assert any(name.endswith("brand-new") for name in elements(changed, "Composition"))
    before, after = profile(collection, "Composition"), profile(changed, "Composition")
    assert before["version"] != after["version"]
    assert before["url"] == after["url"]


def test_a_new_urgency_is_one_that_callouts_may_have(collection: PublishedCollection) -> None:
    words = collection.terms["urgencies"]
    terms = {**collection.terms, "urgencies": {**words, "tomorrow": words["urgent"]}}
    rules = elements(replace(collection, terms=terms), "Composition")["Composition"]["constraint"]
    assert any("urgent|routine|tomorrow" in each["expression"] for each in rules)


def test_each_rule_has_its_own_key(collection: PublishedCollection) -> None:
    keys = [
        rule["key"]
        for kind in PROFILES
        for element in elements(collection, kind).values()
        for rule in element.get("constraint", ())
    ]
    assert len(keys) == len(set(keys)) == 6


def test_a_path_has_no_slices_and_a_slice_has_its_name(collection: PublishedCollection) -> None:
    found = elements(collection, "Composition")["Composition.section:summary.section:causes.text"]
    assert found["path"] == "Composition.section.section.text"
    assert "sliceName" not in found
    slice_ = elements(collection, "Composition")["Composition.section:summary.section:causes"]
    assert slice_["sliceName"] == "causes"
    assert slice_["path"] == "Composition.section.section"


def test_withdrawals_change_the_topics_and_not_the_identifier_system(collection: PublishedCollection) -> None:
    found = to_companions(collection, R4)
    tombstone = Tombstone(id="gone", titles={SOURCE: "Gone"}, date="2027-01-01T00:00:00Z")
    for name in ("NamingSystem/health-topic", "StructureDefinition/topic-bundle"):
        document = found[f"fhir/r4/{name}.json"]
        assert withdraw_topics(document, [tombstone]) == document


def test_a_version_comes_before_the_profile(english: tuple[LocalizedTopic, Edition]) -> None:
    time = "2027-01-01T00:00:00Z"
    marked = mark_versions(to_bundle(*english, R4), lambda _key, digest: Version(time, digest(time)))
    for resource in marked, marked["entry"][0]["resource"]:
        assert list(resource["meta"]) == ["versionId", "lastUpdated", "profile"]
        assert resource["meta"]["lastUpdated"] == time
