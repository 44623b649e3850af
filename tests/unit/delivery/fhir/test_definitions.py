"""Every canonical address of ours is answered: profiles, vocabularies, and what describes the server."""

import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from healthtopics.copies import Selection
from healthtopics.formats.fhir.capability import DEFINED, OPERATIONS, VERSIONED, server_definitions
from healthtopics.formats.fhir.searching import PARAMETERS
from healthtopics.index.opening import TopicIndex
from healthtopics.index.resources import resource_types
from healthtopics.release import package_name
from healthtopics.storage.local import LocalStore
from support.fhir import ask, found, site, workspace


class CountingStore(LocalStore):
    """A store that knows what was read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.read_keys: list[str] = []

    def read(self, key: str) -> bytes:
        self.read_keys.append(key)
        return super().read(key)


BOTH = pytest.mark.parametrize("version", ["r4", "r5"])
NUMBERS = {"r4": "4.0.1", "r5": "5.0.0"}


def packaged(version: str) -> dict[str, Any]:
    """Return the definitions of the package, by type and id."""
    artifact = site().artifact(package_name(f"fhir/{version}"))
    assert artifact
    with tarfile.open(fileobj=BytesIO(site().read(artifact))) as archive:
        documents = [
            json.load(file)
            for each in archive
            if each.name.startswith("package/") and (file := archive.extractfile(each))
        ]
    known = [each for each in documents if "resourceType" in each and each["resourceType"] != "Bundle"]
    return {f"{each['resourceType']}/{each['id']}": each for each in known}


def urls_in(value: Any) -> Iterator[str]:
    """Yield the addresses below ours that a document has as values."""
    if isinstance(value, dict):
        for each in value.values():
            yield from urls_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from urls_in(each)
    elif isinstance(value, str) and value.startswith(f"{site().base_url}/fhir/"):
        yield value.partition("|")[0]


@BOTH
def test_every_definition_of_the_package_is_answered_in_its_version(version: str) -> None:
    definitions = packaged(version)
    assert len(definitions) > 15
    for name, document in definitions.items():
        assert found(f"/fhir/{version}/{name}") == document


@BOTH
def test_the_package_is_unpacked_once(version: str) -> None:
    store = CountingStore(workspace().store.folder)
    at = replace(site(), objects=store)
    (canonical,) = found(f"/fhir/{version}/metadata", at)["implementationGuide"]
    guide = f"/fhir/{version}/{canonical.removeprefix(f'{site().base_url}/fhir/')}"
    assert found(guide, at) == found(guide, at)
    assert len([key for key in store.read_keys if key.endswith(".tgz")]) == 1


@BOTH
def test_every_address_of_ours_that_a_definition_names_is_answered(version: str) -> None:
    definitions = packaged(version)
    statement = found(f"/fhir/{version}/metadata")
    named = {url for each in (statement, *definitions.values()) for url in urls_in(each)}
    assert len(named) > 20
    base = site().base_url
    for url in named - {f"{base}/fhir/{version}"}:
        response = ask(url.removeprefix(base))
        assert response.status == 200, url
        document = json.loads(response.body)
        if "metadata" not in url:
            assert f"/{document['resourceType']}/{document['id']}" == url.removeprefix(f"{base}/fhir")


@BOTH
def test_all_of_ours_is_named_by_the_capability_statement(version: str) -> None:
    statement = found(f"/fhir/{version}/metadata")
    named = set(urls_in(statement["rest"]))
    ours = {
        each["url"]
        for each in server_definitions(NUMBERS[version], site().base_url)
        if each["resourceType"] != "CapabilityStatement"
    }
    assert ours == {each for each in named if "/OperationDefinition/" in each or "/SearchParameter/" in each}


@BOTH
def test_one_server_can_do_what_all_can(version: str) -> None:
    statement = found(f"/fhir/{version}/metadata")
    address, _bulk_publish = statement["instantiates"]
    every = found(f"/fhir/{version}/CapabilityStatement/{address.rpartition('/')[2]}")
    assert (statement["kind"], every["kind"]) == ("instance", "requirements")
    assert every["rest"] == statement["rest"]
    assert "software" not in every
    assert "implementation" not in every


@BOTH
def test_the_types_of_a_release_are_those_that_are_stated(version: str) -> None:
    assert resource_types(site().index, NUMBERS[version][:3]) == sorted(VERSIONED)


def test_only_what_hl7_does_not_define_is_ours() -> None:
    own = {version: list(server_definitions(number, "")) for version, number in NUMBERS.items()}
    codes = {version: [each.get("code") for each in listed] for version, listed in own.items()}
    assert codes == {"r4": [None, "everything", "_language"], "r5": [None, "everything"]}
    assert [each.name for each in OPERATIONS if each.description] == ["everything"]
    assert [each.name for each in PARAMETERS if each.is_own("4.0")] == ["_language"]


def test_a_definition_that_there_is_not_is_not_found() -> None:
    for type_ in DEFINED:
        for address in (f"/fhir/r4/{type_}/none", f"/fhir/{type_}/none"):
            assert found(address, status=404)["issue"][0]["code"] == "not-found"
    found("/fhir/r5/SearchParameter/Resource-language", status=404)
    found(f"/fhir/r4/{DEFINED[0]}/topic-server?_format=xml", status=406)
    part = found(f"/fhir/r4/{DEFINED[0]}/topic-server?_elements=url")
    assert "rest" not in part


@pytest.mark.parametrize("part", ["_history", "_history/1"])
def test_a_definition_of_the_server_has_no_versions(part: str) -> None:
    (issue,) = found(f"/fhir/r4/OperationDefinition/Composition-everything/{part}", status=404)["issue"]
    assert "OperationDefinition have no versions here" in issue["details"]["text"]


def test_a_copy_without_packages_has_no_guide() -> None:
    guide = "/fhir/r4/ImplementationGuide/org.example.healthtopics.r4"
    assert found(guide)["packageId"] == "org.example.healthtopics.r4"
    part = replace(site(), index=TopicIndex(site().index.path, Selection(formats=("fhir-r4",))))
    found(guide, part, status=404)
    assert "implementationGuide" not in found("/fhir/r4/metadata", part)
    assert found("/fhir/r4/OperationDefinition/Composition-everything", part)
