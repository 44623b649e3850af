"""What we publish fits our public schemas and fhir.resources; what differs from it fits no schema."""

import copy
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from fhir.resources import get_fhir_model_class as r5_model
from fhir.resources.R4B import get_fhir_model_class as r4_model

from healthtopics.formats.fhir.exporting.companions import to_companions, to_editions
from healthtopics.formats.fhir.exporting.document import to_bundle
from healthtopics.formats.fhir.exporting.r4 import R4
from healthtopics.formats.fhir.exporting.r5 import R5
from healthtopics.schema import packaged
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection
from healthtopics.validation.public import check_public
from support.documents import bundle_resources
from support.histories import dated

Input = tuple[LocalizedTopic, Edition]
DIALECTS = {"r4": R4, "r5": R5}
MODELS = {"r4": r4_model, "r5": r5_model}


def faults(version: str, resource: dict[str, Any]) -> list[str]:
    problems = check_public(f"public/fhir-{version}.schema.json", resource, resource["id"])
    return [problem.message for problem in problems]


def assert_fits(version: str, resource: dict[str, Any]) -> None:
    # The compiled validator judges; the reference implementation, which partners may use, must agree.
    assert faults(version, resource) == []
    jsonschema.Draft202012Validator(packaged(f"public/fhir-{version}.schema.json")).validate(resource)
    MODELS[version](resource["resourceType"]).model_validate(resource)


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_the_schemas_are_schemas(version: str) -> None:
    jsonschema.Draft202012Validator.check_schema(packaged(f"public/fhir-{version}.schema.json"))


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_documents_and_the_resources_in_them_fit(version: str, english: Input, spanish: Input) -> None:
    for topic, edition in (english, spanish):
        bundle = dated(to_bundle(topic, edition, DIALECTS[version]))
        for resource in [bundle, *bundle_resources(bundle)]:
            assert_fits(version, resource)


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_companions_fit(version: str, collection: PublishedCollection) -> None:
    for resource in (
        each
        for export in (to_companions, to_editions)
        for each in export(collection, DIALECTS[version]).values()
    ):
        assert_fits(version, dated(resource))


def _set(*steps: str | int, value: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for step in steps[:-1]:
            document = document[step]
        document[steps[-1]] = value

    return change


def _drop(*steps: str | int) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for step in steps[:-1]:
            document = document[step]
        del document[steps[-1]]

    return change


_COMPOSITION = ("entry", 0, "resource")
_PAGE = ("entry", 1, "resource")
_ORGANIZATION = ("entry", -1, "resource")
Change = Callable[[Any], object]
BAD: dict[str, Change] = {
    "no type of document": _drop(*_COMPOSITION, "type"),
    "a status that is none": _set(*_COMPOSITION, "status", value="finished"),
    "an impossible date": _set("timestamp", value="2026-02-30T12:00:00Z"),
    "an impossible hour": _set(*_COMPOSITION, "date", value="2026-02-20T25:00:00Z"),
    "an empty section": _drop(*_COMPOSITION, "section", 0, "text"),
    "no identifier": _drop("identifier"),
    "the composition not first": lambda bundle: bundle["entry"].reverse(),
    "an unknown element": _set(*_PAGE, "colour", value="blue"),
    "an id with other characters": _set(*_COMPOSITION, "id", value="mis_carriage é"),
    "a line break after the id": _set(*_COMPOSITION, "id", value="miscarriage-en\n"),
    "an author that is no organization": _set(
        *_COMPOSITION, "author", 0, "reference", value="DocumentReference/nlm"
    ),
    "an empty title": _set(*_COMPOSITION, "title", value=""),
    "a blank title": _set(*_COMPOSITION, "title", value="  "),
    "a language that is none": _set("language", value="english"),
    "an extension without URL": _set(*_ORGANIZATION, "_name", value={"extension": [{"valueCode": "es"}]}),
    "an empty array": _set(*_PAGE, "author", value=[]),
    "an entry without address": _drop("entry", 1, "fullUrl"),
    "an address of another type": _set(
        "entry", 1, "fullUrl", value="https://e.org/fhir/r4/Organization/link-0"
    ),
    "a resource type in other case": _set(*_PAGE, "resourceType", value="documentReference"),
    "a narrative without namespace": _set(
        *_PAGE, "text", "div", value='<div lang="en" xml:lang="en"><p>x</p></div>'
    ),
    "a narrative without words": _set(
        *_PAGE,
        "text",
        "div",
        value='<div xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en"> </div>',
    ),
    "a page at no web address": _set(*_PAGE, "content", 0, "attachment", "url", value="javascript:alert(1)"),
    "a version that is no digest": _set("meta", "versionId", value="1"),
    "an organization without a date": _drop(*_ORGANIZATION, "meta", "lastUpdated"),
    "a title in two languages": _set(*_COMPOSITION, "_title", value={"extension": []}),
}
OTHER_VERSION: dict[str, dict[str, Change]] = {
    "r4": {
        "a canonical URL": _set(*_COMPOSITION, "url", value="https://e.org/x"),
        "several identifiers": _set(*_COMPOSITION, "identifier", value=[]),
    },
    "r5": {
        "a mode": _set(*_COMPOSITION, "section", 0, "mode", value="snapshot"),
        "telecom": _set(*_ORGANIZATION, "telecom", value=[{"system": "url", "value": "https://e.org/"}]),
        "no canonical URL": _drop(*_COMPOSITION, "url"),
        "a version that many contents could have": _set(*_COMPOSITION, "version", value="2026.11.20"),
        "a source without citation": lambda bundle: [
            relation.pop("citation", None) for relation in bundle["entry"][0]["resource"]["relatesTo"]
        ],
    },
}


@pytest.mark.parametrize(
    ("version", "name"),
    [(version, name) for version in DIALECTS for name in (*BAD, *OTHER_VERSION[version])],
)
def test_what_differs_is_refused(version: str, name: str, english: Input) -> None:
    bundle = copy.deepcopy(dated(to_bundle(*english, DIALECTS[version])))
    (BAD | OTHER_VERSION[version])[name](bundle)
    assert faults(version, bundle)


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_every_property_is_described(version: str) -> None:
    def undescribed(schema: Any, place: str) -> list[str]:
        found: list[str] = []
        for name, below in schema.get("properties", {}).items():
            here = f"{place}/{name}"
            if "description" not in below and "$ref" not in below:
                found.append(here)
            found += undescribed(below, here)
        if isinstance(schema.get("items"), dict):
            found += undescribed(schema["items"], f"{place}[]")
        return found

    definitions = packaged(f"public/fhir-{version}.schema.json")["$defs"]
    assert all("description" in definition for definition in definitions.values())
    assert [each for name, below in definitions.items() for each in undescribed(below, name)] == []
