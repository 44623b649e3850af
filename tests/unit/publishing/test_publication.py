from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from healthtopics import jsontext
from healthtopics.errors import BuildError, ReleaseExistsError
from healthtopics.publishing import Maker, Outcome, Sources, assemble, publish
from healthtopics.release import CURRENT, numbers, open_current
from healthtopics.storage.memory import MemoryStore
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.validation import check_public
from support import workspaces

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests 1", digest="1" * 64)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    folder: Path = tmp_path_factory.mktemp("publication") / "workspace"
    return assemble(read_files(open_workspace(workspaces.create(folder).folder)))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def first(sources: Sources, store: MemoryStore) -> Outcome:
    return publish(sources, store, now=NOW, maker=MAKER)


def _without(sources: Sources, topic: str) -> Sources:
    return replace(sources, topics={name: each for name, each in sources.topics.items() if name != topic})


def test_a_first_release(first: Outcome, store: MemoryStore) -> None:
    assert first.is_new
    assert first.changes["previous"] is None
    assert [each["name"] for each in first.changes["added"]] == sorted(first.manifest.files)
    assert open_current(store).manifest == first.manifest
    assert store.current == 1


def test_what_is_written_fulfils_its_public_schema(first: Outcome, store: MemoryStore) -> None:
    for key, schema in (
        ("releases/000001/manifest.json", "manifest"),
        ("releases/000001/changes.json", "changes"),
        (CURRENT, "current"),
    ):
        assert not check_public(f"public/{schema}.schema.json", jsontext.parse(store.read(key), key), key)
    assert first.is_new


def test_nothing_new_is_no_release(sources: Sources, first: Outcome, store: MemoryStore) -> None:
    again = publish(sources, store, now=NOW + timedelta(days=1), maker=MAKER)
    assert (again.is_new, again.exported, again.manifest) == (False, 0, first.manifest)
    assert (again.changes["added"], again.changes["changed"], again.changes["removed"]) == ([], [], [])
    assert numbers(store) == [1]
    assert open_current(store).pointer["time"] == "2026-11-21T06:00:00Z"


def test_another_version_of_the_software_that_says_the_same_is_no_release(
    sources: Sources, first: Outcome, store: MemoryStore
) -> None:
    again = publish(sources, store, now=NOW, maker=Maker(name="tests 2", digest="2" * 64))
    assert (again.is_new, again.manifest) == (False, first.manifest)


def test_the_pointer_expires_after_twice_the_cadence(sources: Sources, store: MemoryStore) -> None:
    configuration = replace(sources.configuration, cadence="PT6H")
    publish(replace(sources, configuration=configuration), store, now=NOW, maker=MAKER)
    assert open_current(store).pointer["expires"] == "2026-11-20T18:00:00Z"


def test_releases_are_numbered_on(sources: Sources, first: Outcome, store: MemoryStore) -> None:
    second = publish(_without(sources, "fever"), store, now=NOW, maker=MAKER)
    assert (second.manifest.number, store.current) == (2, 2)
    assert second.manifest.previous == (1, jsontext.digest(store.read("releases/000001/manifest.json")))
    assert second.changes["removed"]
    assert first.manifest.number == 1


def test_a_number_is_claimed_once(sources: Sources, first: Outcome, store: MemoryStore) -> None:
    class Overtaken(MemoryStore):
        def create(self, key: str, data: bytes) -> bool:
            return not key.startswith("releases/") and super().create(key, data)

    other = Overtaken()
    other.objects, other.current = dict(store.objects), store.current
    with pytest.raises(ReleaseExistsError, match="release 2 exists already") as raised:
        publish(_without(sources, "fever"), other, now=NOW, maker=MAKER)
    assert raised.value.number == first.manifest.number + 1
    assert other.current == 1


def test_a_manifest_that_breaks_its_schema_is_never_written(sources: Sources, store: MemoryStore) -> None:
    with pytest.raises(BuildError) as raised:
        publish(sources, store, now=NOW, maker=Maker(name="", digest="1" * 64))
    assert {problem.path for problem in raised.value.problems} == {"manifest.json"}
    assert not numbers(store)
