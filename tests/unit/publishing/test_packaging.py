"""Packages: what is in them, when they change, which names last, and how lost ones come back."""

import gzip
import json
import tarfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import msgspec
import pytest

from healthtopics.formats.fhir import capability
from healthtopics.formats.fhir.exporting.datatypes import package_id
from healthtopics.formats.fhir.packaging import is_packaged
from healthtopics.publishing import packaging
from healthtopics.publishing.building import build
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.packaging import add_packages, pack, packages_in, restore_packages
from healthtopics.publishing.values import Maker
from healthtopics.release import Manifest, Opened, object_key, package_name, packaged_in, read_artifact
from support import samples
from support.stores import MemoryStore

NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
MAKER = Maker(name="tests", digest="0" * 64)


@pytest.fixture(scope="module")
def first() -> tuple[MemoryStore, Manifest]:
    store = MemoryStore()
    return store, build(samples.files(), store, None, moment=Moment.at(NOW), maker=MAKER).manifest


def opened(manifest: Manifest) -> Opened:
    return Opened(manifest, b"", "0" * 64, {})


def later(manifest: Manifest, **changes: Any) -> Manifest:
    """Return a release like another one, as it is before it has packages."""
    found = msgspec.structs.replace(manifest, number=manifest.number + 1, **changes)
    return packaging._without_packages(found)


def without(manifest: Manifest, topic: str) -> Manifest:
    """Return the next release without a topic."""
    files = {name: each for name, each in manifest.files.items() if each.topic != topic}
    return later(manifest, files=files)


def unused(manifest: Manifest) -> str:
    """Return a topic that is not an example."""
    return max(each.topic for each in manifest.files.values())


def files_of(store: MemoryStore, manifest: Manifest, name: str) -> dict[str, Any]:
    data = read_artifact(store, name, manifest.files[name])
    with tarfile.open(fileobj=BytesIO(data)) as archive:
        return {
            member.name: json.load(content)
            for member in archive
            if (content := archive.extractfile(member)) is not None
        }


@pytest.mark.parametrize(("version", "number"), [("r4", "4.0.1"), ("r5", "5.0.0")])
def test_a_package_has_what_loaders_look_for(
    first: tuple[MemoryStore, Manifest], version: str, number: str
) -> None:
    found = files_of(*first, f"fhir/{version}/package.tgz")
    about = found["package/package.json"]
    assert next(iter(found)) == "package/package.json"
    assert (about["name"], about["version"]) == (f"org.example.healthtopics.{version}", "1.1.0")
    assert about["fhirVersions"] == [number]
    assert about["dependencies"] == {f"hl7.fhir.{version}.core": number}
    assert about["languages"] == ["en", "es"]
    [guide] = [each for each in found.values() if each.get("resourceType") == "ImplementationGuide"]
    assert (guide["packageId"], guide["version"], guide["fhirVersion"]) == (
        about["name"],
        about["version"],
        [number],
    )
    for path, document in found.items():
        folder, _, name = path.rpartition("/")
        if not name.startswith(".") and name != "package.json":
            assert name == f"{document['resourceType']}-{document['id']}.json"
            assert folder == ("package/example" if document["resourceType"] == "Bundle" else "package")


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_a_package_holds_the_definitions_and_some_editions_as_they_are(
    first: tuple[MemoryStore, Manifest], version: str
) -> None:
    store, manifest = first
    found = files_of(store, manifest, f"fhir/{version}/package.tgz")
    for name, artifact in manifest.files.items():
        if name.startswith(f"fhir/{version}/") and is_packaged(name) and not artifact.topic:
            document = json.loads(read_artifact(store, name, artifact))
            assert found[f"package/{document['resourceType']}-{document['id']}.json"] == document
    examples = {path for path in found if path.startswith("package/example/Bundle")}
    assert len(examples) == 4  # two topics in two languages
    assert "package/CodeSystem-health-topic.json" not in found
    assert "package/NamingSystem-health-topic.json" in found
    guide = found[f"package/ImplementationGuide-org.example.healthtopics.{version}.json"]
    named = [each["reference"]["reference"] for each in guide["definition"]["resource"]]
    assert len(named) == len(set(named)) == len(found) - 4  # except the guide, package.json and the indexes


def test_the_index_names_every_resource(first: tuple[MemoryStore, Manifest]) -> None:
    found = files_of(*first, "fhir/r4/package.tgz")
    for folder in ("package", "package/example"):
        listed = {f"{folder}/{each['filename']}" for each in found[f"{folder}/.index.json"]["files"]}
        there = {path for path in found if path.rpartition("/")[0] == folder}
        assert listed == there - {"package/package.json", f"{folder}/.index.json"}


def test_a_package_has_a_name_for_good(first: tuple[MemoryStore, Manifest]) -> None:
    _, manifest = first
    assert sorted(packages_in(manifest)) == [
        "fhir/r4/package-1.1.0.tgz",
        "fhir/r4/package.tgz",
        "fhir/r5/package-1.1.0.tgz",
        "fhir/r5/package.tgz",
    ]
    assert manifest.files["fhir/r4/package-1.1.0.tgz"] == manifest.files["fhir/r4/package.tgz"]


def test_the_same_release_gives_the_same_bytes(first: tuple[MemoryStore, Manifest]) -> None:
    _, manifest = first
    again = build(samples.files(), MemoryStore(), None, moment=Moment.at(NOW), maker=MAKER).manifest
    assert packages_in(again) == packages_in(manifest)


def test_an_archive_has_no_time_and_no_owner() -> None:
    data = pack({"package/a.json": b"{}"})
    assert data[4:8] == bytes(4)  # the time in the header of gzip
    with tarfile.open(fileobj=BytesIO(gzip.decompress(data))) as archive:
        [member] = archive
    assert (member.mtime, member.uid, member.gid, member.uname, member.gname) == (0, 0, 0, "", "")
    assert member.mode == 0o644


def test_a_package_keeps_its_version_while_its_content_stays(first: tuple[MemoryStore, Manifest]) -> None:
    store, manifest = first
    found = add_packages(store, without(manifest, unused(manifest)), opened(manifest))
    assert packages_in(found) == packages_in(manifest)


def test_another_content_is_another_version_and_the_old_one_stays(
    first: tuple[MemoryStore, Manifest],
) -> None:
    store, manifest = first
    found = add_packages(store, without(manifest, "amniocentesis"), opened(manifest))
    assert files_of(store, found, "fhir/r4/package.tgz")["package/package.json"]["version"] == "1.2.0"
    assert found.files["fhir/r4/package-1.1.0.tgz"] == manifest.files["fhir/r4/package.tgz"]
    assert found.files["fhir/r4/package-1.2.0.tgz"] == found.files["fhir/r4/package.tgz"]


def test_a_package_alone_makes_no_release(
    first: tuple[MemoryStore, Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, manifest = first
    monkeypatch.setattr(packaging, "_EXAMPLES", 1)  # as another version of the software would make it
    again = build(
        samples.files(), store, opened(manifest), moment=Moment.at(NOW + timedelta(days=1)), maker=MAKER
    ).manifest
    assert again.says_the_same(manifest)
    changed = add_packages(store, without(manifest, "miscarriage"), opened(manifest))
    assert "fhir/r4/package-1.2.0.tgz" in changed.files


def test_another_server_is_another_package_of_the_next_release(
    first: tuple[MemoryStore, Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, manifest = first
    monkeypatch.setattr(capability, "OPERATIONS", capability.OPERATIONS[:1])
    again = build(
        samples.files(), store, opened(manifest), moment=Moment.at(NOW + timedelta(days=1)), maker=MAKER
    ).manifest
    assert packages_in(again) == packages_in(manifest)  # a package alone makes no release
    found = add_packages(store, without(manifest, unused(manifest)), opened(manifest))
    name = "package/CapabilityStatement-topic-server.json"
    before, after = (files_of(store, each, "fhir/r4/package.tgz")[name] for each in (manifest, found))
    assert before["version"] != after["version"]
    assert found.files["fhir/r4/package-1.1.0.tgz"] == manifest.files["fhir/r4/package.tgz"]


def test_a_release_before_packages_gets_them_with_the_next_one(first: tuple[MemoryStore, Manifest]) -> None:
    store, manifest = first
    before = packaging._without_packages(manifest)
    found = add_packages(store, later(manifest), opened(before))
    assert set(packages_in(found)) == {
        package_name(folder, number) for folder in ("fhir/r4", "fhir/r5") for number in (None, 2)
    }


def test_a_damaged_package_is_made_again_as_it_was(first: tuple[MemoryStore, Manifest]) -> None:
    store, manifest = first
    damaged = frozenset(packages_in(manifest))
    found = add_packages(store, later(manifest), opened(manifest), damaged)
    assert packages_in(found) == packages_in(manifest)


def test_a_damaged_package_of_long_ago_is_lost(first: tuple[MemoryStore, Manifest]) -> None:
    store, manifest = first
    second = add_packages(store, without(manifest, "amniocentesis"), opened(manifest))
    lost = frozenset({"fhir/r4/package-1.1.0.tgz"})
    third = add_packages(store, later(second), opened(second), lost)
    assert packages_in(second).keys() - packages_in(third).keys() == lost


def test_a_store_gives_back_what_it_can_make(first: tuple[MemoryStore, Manifest]) -> None:
    store, manifest = first
    artifact = manifest.files["fhir/r4/package.tgz"]
    key = object_key("fhir/r4/package.tgz", artifact.sha256)
    intact = store.objects[key]
    store.objects[key] = b"damaged"
    assert key in list(restore_packages(store, manifest))
    assert store.objects[key] == intact


def test_a_store_without_what_a_package_holds_gives_nothing_back(
    first: tuple[MemoryStore, Manifest],
) -> None:
    store, manifest = first
    name = "fhir/r4/StructureDefinition/topic-bundle.json"
    key = object_key(name, manifest.files[name].sha256)
    intact = store.objects.pop(key)
    try:
        assert [each[-4:] for each in restore_packages(store, manifest)] == [".tgz"]  # that of R5
    finally:
        store.objects[key] = intact


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://healthtopics.example.org", "org.example.healthtopics.r4"),
        ("https://example.org/Health_Topics", "org.example.health-topics.r4"),
        ("http://127.0.0.1:8000", "x1.x0.x0.x127.r4"),
    ],
)
def test_a_package_is_named_by_the_address_of_its_publisher(address: str, name: str) -> None:
    assert package_id(address, "4.0.1") == name
    assert package_id(address, "5.0.0").endswith(".r5")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("fhir/r4/package-1.12.0.tgz", 12),
        ("fhir/r4/package.tgz", None),
        ("fhir/r4/package-1.0.0.tgz", None),
        ("fhir/r4/package-2.1.0.tgz", None),
    ],
)
def test_only_a_version_is_for_good(name: str, number: int | None) -> None:
    assert packaged_in(name) == number
