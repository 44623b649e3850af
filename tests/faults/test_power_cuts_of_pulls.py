"""What `healthtopics pull` has acknowledged survives a power cut, on a real file system."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.disks import Disk
from healthtopics.publishing.verifying import verify_store
from healthtopics.release import open_current
from healthtopics.storage.local import LocalStore
from support.hosts import static_host
from support.releases import TITLES, publish
from support.workspaces import run

REVISED = {**TITLES, "asthma": {"en": "Asthma, revised", "es": "Asma"}}


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "exports")
    publish(store)
    return store


@pytest.fixture
def url(store: LocalStore) -> Iterator[str]:
    with static_host(store.folder) as url:
        yield url


def _damaged(folder: Path) -> int:
    return len(verify_store(LocalStore(folder)).problems)


def test_a_copy_is_whole_after_each_acknowledged_pull(disk: Disk, store: LocalStore, url: str) -> None:
    copy = disk.place / "copy"
    for number, titles in ((1, None), (2, REVISED), (3, TITLES)):
        if titles:
            publish(store, titles)
        assert run("pull", "--json", url, str(copy), folder=disk.place).json["release"] == number
        after = disk.cut_power() / "copy"
        assert open_current(LocalStore(after)).manifest.number == number
        assert _damaged(after) == 0


def test_what_an_earlier_pull_left_unflushed_is_not_believed(
    disk: Disk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = disk.place / "copy"
    with monkeypatch.context() as patch:
        # The mutant: it proves that the test above would see a missing flush.
        patch.setattr(LocalStore, "flush", lambda _store: None)
        assert run("pull", url, str(copy), folder=disk.place).code == 0
        after = disk.cut_power() / "copy"
    lost = _damaged(after)
    assert lost > 0
    done = run("pull", "--json", url, str(after), folder=disk.place)
    assert (done.code, done.json["result"], _damaged(after)) == (0, "unchanged", 0)
    assert done.json["repaired"] > 0
