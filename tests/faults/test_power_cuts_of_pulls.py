"""What `healthtopics pull` has acknowledged survives a power cut, on a real file system.

The disk is a file with ext4 in it. Its content at any moment is what a power cut at that moment leaves: it is
copied without unmounting, and the copy is mounted, which replays the journal.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from healthtopics.release import open_current, verify
from healthtopics.storage.local import LocalStore
from support.hosts import static_host
from support.releases import TITLES, publish
from support.workspaces import run

pytestmark = pytest.mark.slow

REVISED = {**TITLES, "asthma": {"en": "Asthma, revised", "es": "Asma"}}


class Disk:
    """An ext4 file system in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.image = folder / "disk.img"
        self.place = folder / "disk"
        self._mounted: list[Path] = []

    def start(self) -> None:
        with self.image.open("wb") as file:
            file.truncate(32 * 2**20)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)
        self._mount(self.image, self.place)

    def cut_power(self) -> Path:
        """Return the root of the file system as the next start finds it."""
        number = len(self._mounted)
        image, place = self.folder / f"after-{number}.img", self.folder / f"after-{number}"
        shutil.copyfile(self.image, image)
        self._mount(image, place)
        return place

    def end(self) -> None:
        for place in self._mounted:
            subprocess.run(["umount", place], check=True)

    def _mount(self, image: Path, place: Path) -> None:
        place.mkdir()
        subprocess.run(["mount", "-o", "loop,commit=1", image, place], check=True)
        self._mounted.append(place)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    missing = [tool for tool in ("mkfs.ext4", "mount", "umount") if shutil.which(tool) is None]
    if os.geteuid() != 0 or missing or not Path("/dev/loop-control").exists():
        pytest.skip(f"needs root, loop devices and {' '.join(missing) or 'nothing else'}")
    disk = Disk(tmp_path)
    try:
        disk.start()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"loop devices cannot be mounted here: {error}")
    try:
        yield disk
    finally:
        disk.end()


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
    store = LocalStore(folder)
    return len(verify(store, open_current(store)))


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
    assert (done.code, done.json["unchanged"], _damaged(after)) == (0, True, 0)
    assert done.json["repaired"] >= lost - 2  # artifacts may share an object
