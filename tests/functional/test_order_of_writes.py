"""If a publisher crashes between two writes, the last release stays whole and the next publisher finishes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from healthtopics.errors import NoCurrentReleaseError, StorageError
from healthtopics.layout import Files
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.values import Maker
from healthtopics.release import Opened, Store, numbers, open_current, read_artifact, verify
from healthtopics.storage.local import LocalStore
from healthtopics.storage.workspace import open_workspace, read_files
from support.files import MemoryFiles
from support.stores import FailingStore, MemoryStore
from support.workspaces import LUNGS, Workspace

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests", digest="0" * 64)


def _publish(files: Files, store: Store) -> Outcome:
    return publish(files, store, now=NOW, maker=MAKER)


def _files(workspace: Workspace) -> Files:
    return MemoryFiles.of(read_files(open_workspace(workspace.folder)))


@pytest.fixture(scope="module")
def before(sound_workspace: Workspace) -> Files:
    return _files(sound_workspace)


@pytest.fixture(scope="module")
def after(sound_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Files:
    workspace = sound_workspace.copy(tmp_path_factory.mktemp("after") / "workspace")
    workspace.edit_catalogue("asthma", LUNGS, msgstr="Otra cosa <strong>aquí</strong>.")
    return _files(workspace)


@pytest.fixture(scope="module")
def first(before: Files) -> dict[str, bytes]:
    store = MemoryStore()
    _publish(before, store)
    return store.objects


def _store(objects: dict[str, bytes]) -> MemoryStore:
    store = MemoryStore()
    store.objects = dict(objects)
    store.current = 1 if objects else None
    return store


def _writes(files: Files, store: Store) -> list[str]:
    counting = FailingStore(store, 10_000)
    _publish(files, counting)
    return counting.log


def test_objects_come_first_then_the_claim_then_what_is_rendered_then_the_switch(
    first: dict[str, bytes], after: Files
) -> None:
    log = _writes(after, _store(first))
    assert [line for line in log if "objects/" not in line] == [
        "flush",
        "create releases/000002/manifest.json",
        "replace releases/000002/changes.json",
        "replace releases/000002/pointers/current.json",
        "switch 2",
    ]
    assert all("objects/" in line for line in log[:-5])


def test_a_crash_at_any_write_leaves_the_last_release_and_the_next_publisher_finishes(
    first: dict[str, bytes], after: Files
) -> None:
    whole = _store(first)
    writes = len(_writes(after, whole))
    assert writes > 5
    for last in range(writes):
        store = _store(first)
        with pytest.raises(StorageError):
            _publish(after, FailingStore(store, last))

        standing = open_current(store)
        assert standing.manifest.number == 1, "the switch is the last write"
        assert not verify(store, standing)

        outcome = _publish(after, store)
        finished = open_current(store)
        assert (finished.manifest.number, numbers(store)) == (2, [1, 2])
        assert outcome.manifest == finished.manifest
        assert not verify(store, finished)
        assert {key: data for key, data in store.objects.items() if "current" not in key} == {
            key: data for key, data in whole.objects.items() if "current" not in key
        }


def test_a_run_that_only_finishes_an_earlier_claim_reports_the_release(
    first: dict[str, bytes], after: Files
) -> None:
    """Without the fix it is “unchanged”, and no job ever reports release 2."""
    whole = _store(first)
    writes = _writes(after, whole)
    for last in range(writes.index("create releases/000002/manifest.json") + 1, len(writes)):
        store = _store(first)
        with pytest.raises(StorageError):
            _publish(after, FailingStore(store, last))
        outcome = _publish(after, store)
        assert (outcome.manifest.number, outcome.is_new) == (2, True)
        assert outcome.changes["changed"]
        assert not _publish(after, store).is_new


def test_a_crash_in_the_first_publication_leaves_nothing_or_is_finished(before: Files) -> None:
    writes = len(_writes(before, MemoryStore()))
    for last in (0, 1, writes - 4, writes - 3, writes - 2, writes - 1):
        store = MemoryStore()
        with pytest.raises(StorageError):
            _publish(before, FailingStore(store, last))
        with pytest.raises(NoCurrentReleaseError):
            open_current(store)
        _publish(before, store)
        assert open_current(store).manifest.number == 1
        assert not verify(store, open_current(store))


def test_a_claimed_release_becomes_current_even_if_the_data_changed_back(
    first: dict[str, bytes], before: Files, after: Files
) -> None:
    store = _store(first)
    writes = len(_writes(after, _store(first)))
    with pytest.raises(StorageError):
        _publish(after, FailingStore(store, writes - 1))

    outcome = _publish(before, store)

    assert (outcome.manifest.number, outcome.is_new) == (3, True)
    assert outcome.manifest.previous is not None
    assert outcome.manifest.previous.number == 2, "a claimed number is never used again"
    assert "releases/000002/changes.json" in store.objects


def test_a_number_that_another_publisher_claims_meanwhile_is_not_overwritten(
    published: Workspace, tmp_path: Path
) -> None:
    """Two publishers on a store without a common lock: creation of the manifest decides."""
    other = published.copy(tmp_path / "other")
    rival = LocalStore(published.exports)

    class Overtaken(LocalStore):
        def create(self, key: str, data: bytes) -> bool:
            if key == "releases/000002/manifest.json":
                assert rival.create(key, b'{"theirs": true}')
            return super().create(key, data)

    other.edit_catalogue("cough", "Cough", msgstr="La tos")
    with pytest.raises(Exception, match="release 2 exists already; another publisher was faster"):
        _publish(_files(other), Overtaken(published.exports))
    assert rival.read("releases/000002/manifest.json") == b'{"theirs": true}'
    assert open_current(rival).manifest.number == 1


class TestDamagedPointer:
    @pytest.mark.parametrize("text", [b"", b'{"number": 1', b"[]", b'{"manifest": {}}'])
    def test_it_is_rewritten_from_its_manifest(
        self, first: dict[str, bytes], before: Files, text: bytes
    ) -> None:
        store = _store(first)
        store.replace("releases/000001/pointers/current.json", text)
        outcome = _publish(before, store)
        assert (outcome.manifest.number, outcome.is_new) == (1, True), "readers see it again"
        assert open_current(store).manifest == outcome.manifest

    def test_a_lost_switch_is_made_again(self, first: dict[str, bytes], before: Files) -> None:
        store = _store(first)
        store.current = None
        _publish(before, store)
        assert store.current == 1

    def test_nothing_is_built_on_a_manifest_that_was_changed(
        self, first: dict[str, bytes], after: Files
    ) -> None:
        store = _store(first)
        key = "releases/000001/manifest.json"
        store.replace(key, store.read(key).replace(b"Z", b"Y", 1))
        count = len(store.objects)
        with pytest.raises(Exception, match="damaged, or was replaced"):
            _publish(after, store)
        assert len(store.objects) == count


def test_readers_of_the_old_release_find_all_its_bytes_after_the_next(
    first: dict[str, bytes], after: Files
) -> None:
    store = _store(first)
    old: Opened = open_current(store)
    _publish(after, store)
    assert all(read_artifact(store, name, each) for name, each in old.manifest.files.items())
