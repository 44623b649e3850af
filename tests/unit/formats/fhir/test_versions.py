"""Since when a resource is unchanged, and its version."""

import hashlib
import json
import uuid
from typing import Any

import pytest

from healthtopics import jsontext
from healthtopics.formats.fhir.exporting.document import Dialect, to_bundle
from healthtopics.formats.fhir.exporting.r4 import R4
from healthtopics.formats.fhir.exporting.r5 import R5
from healthtopics.formats.fhir.versions import mark_versions, read_version
from healthtopics.formats.format import Version
from healthtopics.publishing.versions import History
from healthtopics.topic import Edition, LocalizedTopic
from support.documents import bundle_resources
from support.histories import TIME, dated

Input = tuple[LocalizedTopic, Edition]
BASE = "https://healthtopics.example.org"
LATER = "2026-12-24T18:00:00Z"
ORGANIZATION = {"resourceType": "Organization", "id": "lab", "name": "Lab"}
both = pytest.mark.parametrize("dialect", [R4, R5], ids=["r4", "r5"])


def history(*resources: dict[str, Any], time: str = LATER) -> History:
    """Return the history after a release with these resources."""
    versions = (pair for each in resources for pair in read_version(jsontext.dump_line(each)))
    return History(time=time, earlier=dict(versions))


def test_a_version_is_the_digest_of_the_resource_with_its_date() -> None:
    meta = '"meta":{"lastUpdated":"2026-11-30T06:00:00Z"}'
    text = f'{{"id":"lab",{meta},"name":"Lab","resourceType":"Organization"}}'
    assert dated(ORGANIZATION) == {
        "resourceType": "Organization",
        "id": "lab",
        "meta": {
            "versionId": hashlib.sha256(text.encode()).hexdigest()[:16],
            "lastUpdated": "2026-11-30T06:00:00Z",
        },
        "name": "Lab",
    }


def test_a_profile_is_part_of_the_version() -> None:
    profiled = dated({**ORGANIZATION, "meta": {"profile": ["https://example.org/p"]}})
    assert profiled["meta"]["profile"] == ["https://example.org/p"]
    assert profiled["meta"]["versionId"] != dated(ORGANIZATION)["meta"]["versionId"]


def test_what_is_unchanged_keeps_its_date_and_what_changes_gets_that_of_the_release() -> None:
    first = dated(ORGANIZATION)
    assert mark_versions(ORGANIZATION, history(first)) == first
    changed = mark_versions({**ORGANIZATION, "name": "The lab"}, history(first))
    assert changed["meta"]["lastUpdated"] == LATER
    again = mark_versions(ORGANIZATION, history(changed, time="2027-01-06T00:00:00Z"))
    assert again["meta"]["lastUpdated"] == "2027-01-06T00:00:00Z"
    assert again["meta"]["versionId"] != first["meta"]["versionId"], "it comes back as a new version"


def test_a_resource_that_is_marked_again_is_the_same() -> None:
    assert mark_versions(dated(ORGANIZATION), history(dated(ORGANIZATION))) == dated(ORGANIZATION)


def test_a_resource_without_a_date_of_publication_has_no_version() -> None:
    before = {**ORGANIZATION, "meta": {"versionId": "0123456789abcdef"}}
    assert list(read_version(jsontext.dump(before))) == []
    assert list(read_version(jsontext.dump(dated(ORGANIZATION)))) == [
        ("Organization/lab", Version(TIME, dated(ORGANIZATION)["meta"]["versionId"]))
    ]


@both
def test_a_document_is_as_old_as_what_changed_last(dialect: Dialect, english: Input) -> None:
    exported = to_bundle(*english, dialect)
    first = dated(exported)
    assert first["timestamp"] == first["meta"]["lastUpdated"] == TIME
    assert {each["meta"]["lastUpdated"] for each in bundle_resources(first)} == {TIME}

    # One page is another one now.
    exported["entry"][1]["resource"]["content"][0]["attachment"]["title"] = "Another title"
    second = mark_versions(exported, history(first, *bundle_resources(first)))
    assert second["timestamp"] == second["meta"]["lastUpdated"] == LATER
    assert [each["meta"]["lastUpdated"] for each in bundle_resources(second)][:3] == [TIME, LATER, TIME]
    assert list(second) == list(first)
    third = mark_versions(exported, history(second, *bundle_resources(second), time="2027-01-06T00:00:00Z"))
    assert third == second


@both
def test_another_order_of_the_entries_is_another_document(dialect: Dialect, english: Input) -> None:
    exported = to_bundle(*english, dialect)
    first = dated(exported)
    exported["entry"][1:] = reversed(exported["entry"][1:])
    second = mark_versions(exported, history(first, *bundle_resources(first)))
    assert second["meta"]["lastUpdated"] == LATER
    assert {each["meta"]["lastUpdated"] for each in bundle_resources(second)} == {TIME}


@both
def test_the_identifier_is_made_from_the_id_and_the_versions_of_all_entries(
    dialect: Dialect, english: Input
) -> None:
    bundle = dated(to_bundle(*english, dialect))
    namespace = uuid.uuid5(uuid.NAMESPACE_URL, f"{BASE}/")
    versions = [resource["meta"]["versionId"] for resource in bundle_resources(bundle)]
    text = json.dumps(versions, separators=(",", ":"))
    name = f"Bundle/miscarriage-en@{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    assert bundle["identifier"] == {
        "system": "urn:ietf:rfc:3986",
        "value": f"urn:uuid:{uuid.uuid5(namespace, name)}",
    }
