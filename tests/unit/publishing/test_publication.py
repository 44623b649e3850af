from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from healthtopics import jsontext
from healthtopics.errors import BuildError, ReleaseExistsError
from healthtopics.publishing.finishing import check_split
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.values import Maker
from healthtopics.release import CURRENT, Previous, numbers, open_current, part_key, split
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.validation.public import check_manifest_part, check_public
from support import workspaces
from support.files import MemoryFiles
from support.stores import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests 1", digest="1" * 64)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder: Path = tmp_path_factory.mktemp("publication") / "workspace"
    return MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def first(files: MemoryFiles, store: MemoryStore) -> Outcome:
    return publish(files, store, now=NOW, maker=MAKER)


def test_a_first_release(first: Outcome, store: MemoryStore) -> None:
    assert first.is_new
    assert first.changes["previous"] is None
    assert [each["name"] for each in first.changes["added"]] == sorted(first.manifest.files)
    assert open_current(store).manifest == first.manifest
    assert store.current == 1


def test_what_is_written_conforms_to_its_public_schema(first: Outcome, store: MemoryStore) -> None:
    for key, schema in (
        ("releases/000001/manifest.json", "manifest"),
        ("releases/000001/changes.json", "changes"),
        (CURRENT, "current"),
    ):
        assert not check_public(f"public/{schema}.schema.json", jsontext.parse(store.read(key), key), key)
    assert first.is_new
    for key in map(part_key, open_current(store).parts.values()):
        assert not check_manifest_part(jsontext.parse(store.read(key), key), key)


def test_nothing_new_makes_no_release(files: MemoryFiles, first: Outcome, store: MemoryStore) -> None:
    again = publish(files, store, now=NOW + timedelta(days=1), maker=MAKER)
    assert (again.is_new, again.exported, again.manifest) == (False, 0, first.manifest)
    assert (again.changes["added"], again.changes["changed"], again.changes["removed"]) == ([], [], [])
    assert numbers(store) == [1]
    assert open_current(store).pointer["time"] == "2026-11-21T06:00:00Z"


def test_another_version_of_the_software_with_the_same_result_makes_no_release(
    files: MemoryFiles, first: Outcome, store: MemoryStore
) -> None:
    again = publish(files, store, now=NOW, maker=Maker(name="tests 2", digest="2" * 64))
    assert (again.is_new, again.manifest) == (False, first.manifest)


def test_the_pointer_expires_after_twice_the_cadence(files: MemoryFiles, store: MemoryStore) -> None:
    publish(files.configured(cadence="PT6H"), store, now=NOW, maker=MAKER)
    assert open_current(store).pointer["expires"] == "2026-11-20T18:00:00Z"


def test_releases_are_numbered_on(files: MemoryFiles, first: Outcome, store: MemoryStore) -> None:
    second = publish(files.without_topic("fever"), store, now=NOW, maker=MAKER)
    assert (second.manifest.number, store.current) == (2, 2)
    assert second.manifest.previous == Previous(
        1, jsontext.digest(store.read("releases/000001/manifest.json"))
    )
    assert second.changes["removed"]
    assert first.manifest.number == 1


def test_a_number_is_claimed_once(files: MemoryFiles, first: Outcome, store: MemoryStore) -> None:
    class Overtaken(MemoryStore):
        def create(self, key: str, data: bytes) -> bool:
            return not key.startswith("releases/") and super().create(key, data)

    other = Overtaken()
    other.objects, other.current = dict(store.objects), store.current
    with pytest.raises(ReleaseExistsError, match="release 2 exists already") as raised:
        publish(files.without_topic("fever"), other, now=NOW, maker=MAKER)
    assert raised.value.number == first.manifest.number + 1
    assert other.current == 1


def test_a_manifest_that_breaks_its_schema_is_never_written(files: MemoryFiles, store: MemoryStore) -> None:
    with pytest.raises(BuildError) as raised:
        publish(files, store, now=NOW, maker=Maker(name="", digest="1" * 64))
    assert {problem.path for problem in raised.value.problems} == {"manifest.json"}
    assert not numbers(store)


def test_every_artifact_in_a_manifest_is_checked(first: Outcome) -> None:
    artifact = next(iter(first.manifest.files.values()))
    files = {f"html/en/topic-{number}.html": artifact for number in range(2001)}
    for wrong in (min(files), max(files)):
        damaged = {**files, wrong: msgspec.structs.replace(artifact, length=-1)}
        found = check_split(split(msgspec.structs.replace(first.manifest, files=damaged)))
        assert [problem.pointer for problem in found] == [f"/files/{wrong.replace('/', '~1')}/length"]
