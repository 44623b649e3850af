import ctypes
import errno
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from healthtopics.errors import StorageError, UnusablePathError
from healthtopics.storage.local import LocalStore

KEY = "objects/sha256/ab/abcd.json"


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "exports")


def _debris(store: LocalStore) -> list[Path]:
    return list(store.folder.rglob(".tmp-*"))


class TestCreate:
    def test_writes_what_is_not_there(self, store: LocalStore) -> None:
        assert store.create(KEY, b"1")
        assert store.read(KEY) == b"1"
        assert not _debris(store)

    def test_leaves_what_is_there(self, store: LocalStore) -> None:
        store.create(KEY, b"1")
        before = (store.folder / KEY).stat()
        assert not store.create(KEY, b"2")
        assert store.read(KEY) == b"1"
        assert (store.folder / KEY).stat().st_mtime_ns == before.st_mtime_ns

    def test_one_of_many_wins(self, tmp_path: Path) -> None:
        """Creation claims a release's number: of several processes exactly one may have it."""
        race = (
            "import sys, pathlib; from healthtopics.storage.local import LocalStore;"
            "store = LocalStore(pathlib.Path(sys.argv[1])); print('ready', flush=True); sys.stdin.readline();"
            "print([n for n in range(40) if store.create(f'claims/{n}', sys.argv[2].encode())])"
        )
        racers = [
            subprocess.Popen(
                [sys.executable, "-c", race, tmp_path, str(racer)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                text=True,
            )
            for racer in range(3)
        ]
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        won: list[tuple[int, int]] = []
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        for number, racer in enumerate(racers):
            out, _ = racer.communicate()
            won += [(claim, number) for claim in eval(out, {})]  # noqa: S307 - a list that our own child printed
        assert sorted(claim for claim, _ in won) == list(range(40))
        store = LocalStore(tmp_path)
        assert all(store.read(f"claims/{claim}") == str(number).encode() for claim, number in won)

    def test_a_file_in_place_of_a_folder(self, store: LocalStore) -> None:
        store.create("objects", b"")
        with pytest.raises(
            UnusablePathError,
            match=r"abcd.json: cannot be written \(.+\).$",
        ):
            store.create(KEY, b"1")

    def test_a_name_that_the_file_system_refuses(self, store: LocalStore) -> None:
        with pytest.raises(UnusablePathError, match="File name too long"):
            store.create("x" * 300, b"1")


class TestStage:
    def test_writes_what_is_not_there_and_leaves_what_is(self, store: LocalStore) -> None:
        assert store.stage(KEY, (b"1",))
        store.flush()
        before = (store.folder / KEY).stat()
        assert not store.stage(KEY, (b"2",))
        assert store.read(KEY) == b"1"
        assert (store.folder / KEY).stat().st_mtime_ns == before.st_mtime_ns
        assert not _debris(store)

    def test_what_cannot_be_written_leaves_no_debris(self, store: LocalStore) -> None:
        store.create("objects", b"")
        with pytest.raises(UnusablePathError, match="cannot be written"):
            store.stage(KEY, (b"1",))
        assert not _debris(store)

    def test_a_disk_that_is_full_leaves_no_half(self, store: LocalStore) -> None:
        store.stage("objects/sha256/ab/first.json", (b"",))
        before, handler = (
            resource.getrlimit(resource.RLIMIT_FSIZE),
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
        )
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
        try:
            with pytest.raises(StorageError, match="File too large"):
                store.stage(KEY, (b"x" * 100_000,))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        assert not (store.folder / KEY).exists()

    def test_what_another_publisher_has_put_in_its_place_is_left_there(self, store: LocalStore) -> None:
        """As a worker does that outlives its publisher: the object is written again before it fails."""
        target = store.folder / KEY

        def parts() -> Iterator[bytes]:
            yield b"half"
            target.unlink()
            target.write_bytes(b"whole")
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        with pytest.raises(StorageError, match="Input/output error"):
            store.stage(KEY, parts())
        assert target.read_bytes() == b"whole"

    def test_an_interruption_leaves_no_half(self, store: LocalStore) -> None:
        def parts() -> Iterator[bytes]:
            yield b"half"
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.stage(KEY, parts())
        assert not (store.folder / KEY).exists()

    def test_a_store_that_is_not_there_needs_no_flush(self, store: LocalStore) -> None:
        store.flush()
        assert not store.folder.exists()

    def test_a_system_without_syncfs_flushes_everything(
        self, store: LocalStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(ctypes, "CDLL", lambda _name, **_options: object())
        monkeypatch.setattr(os, "sync", lambda: asked.append("sync"))
        store.stage(KEY, (b"1",))
        store.flush()
        assert asked == ["sync"]

    def test_a_failed_flush_is_reported(self, store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
        class System:
            @staticmethod
            def syncfs(_descriptor: int) -> int:
                ctypes.set_errno(errno.EIO)
                return -1

        monkeypatch.setattr(ctypes, "CDLL", lambda _name, **_options: System)
        store.stage(KEY, (b"1",))
        with pytest.raises(StorageError, match="Input/output error"):
            store.flush()


class TestReplace:
    def test_old_or_new_never_half(self, store: LocalStore) -> None:
        store.replace(KEY, b"1")
        with (store.folder / KEY).open("rb") as reader:
            store.replace(KEY, b"22")
            assert reader.read() == b"1", "a reader keeps the bytes that it opened"
        assert store.read(KEY) == b"22"
        assert not _debris(store)

    def test_what_cannot_be_replaced_leaves_no_debris(self, store: LocalStore) -> None:
        (store.folder / KEY).mkdir(parents=True)
        with pytest.raises(UnusablePathError, match="cannot be written"):
            store.replace(KEY, b"1")
        assert not _debris(store)


class TestRead:
    @pytest.mark.parametrize("key", ["nowhere.json", "objects/below/it"])
    def test_what_is_not_there(self, store: LocalStore, key: str) -> None:
        store.create("objects", b"a file")
        with pytest.raises(FileNotFoundError, match=key):
            store.read(key)

    def test_what_is_not_a_file(self, store: LocalStore) -> None:
        (store.folder / "objects").mkdir(parents=True)
        with pytest.raises(UnusablePathError, match=r"objects: cannot be read \(Is a directory\)"):
            store.read("objects")


class TestKeys:
    def test_sorted(self, store: LocalStore) -> None:
        for key in ("releases/000002/b", "releases/000001/a", "objects/d"):
            store.create(key, b"")
        assert list(store.keys("releases/")) == ["releases/000001/a", "releases/000002/b"]
        assert list(store.keys("releases/000002/")) == ["releases/000002/b"]

    def test_none_if_nothing_was_written(self, store: LocalStore) -> None:
        assert list(store.keys("releases/")) == []

    def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(self, store: LocalStore) -> None:
        store.folder.mkdir()
        (store.folder / "releases").symlink_to("releases")
        with pytest.raises(UnusablePathError, match="releases"):
            list(store.keys("releases/"))

    def test_a_link_that_cannot_be_followed_is_named(self, store: LocalStore) -> None:
        (store.folder / "releases").mkdir(parents=True)
        (store.folder / "releases/link").symlink_to("x" * 300)
        with pytest.raises(UnusablePathError, match=r"releases/link: cannot be read \(File name too long\)"):
            list(store.keys("releases/"))


class TestSwitch:
    def test_current_leads_to_the_pointers(self, store: LocalStore) -> None:
        for number in (1, 2):
            store.create(f"releases/{number:06d}/pointers/current.json", str(number).encode())
            store.switch(number)
            assert store.read("current/current.json") == str(number).encode()
        assert (store.folder / "current").is_symlink()
        assert not _debris(store)

    def test_the_link_survives_a_move_of_the_folder(self, store: LocalStore, tmp_path: Path) -> None:
        store.create("releases/000001/pointers/current.json", b"1")
        store.switch(1)
        store.folder.rename(tmp_path / "moved")
        assert LocalStore(tmp_path / "moved").read("current/current.json") == b"1"

    def test_a_folder_of_pointers_becomes_the_link_again(self, store: LocalStore) -> None:
        """As in a copy that followed links. Without the exchange, the switch fails."""
        store.create("releases/000001/pointers/current.json", b"1")
        (store.folder / "current").mkdir()
        (store.folder / "current/current.json").write_bytes(b"0")
        store.switch(1)
        assert (store.folder / "current").is_symlink()
        assert store.read("current/current.json") == b"1"
        assert not _debris(store)

    def test_a_folder_with_anything_else_is_left_alone(self, store: LocalStore) -> None:
        (store.folder / "current/below").mkdir(parents=True)
        with pytest.raises(UnusablePathError, match=r"holds more than pointers\. Move it away"):
            store.switch(1)
        assert (store.folder / "current/below").is_dir()
        assert not _debris(store)

    def test_where_nothing_can_be_exchanged_the_folder_stays(
        self, store: LocalStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_one: Path, _other: Path) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

        monkeypatch.setattr("healthtopics.storage.local.exchange", refuse)
        (store.folder / "current").mkdir(parents=True)
        with pytest.raises(
            UnusablePathError, match=r"cannot be exchanged here \(Invalid argument\). Remove it"
        ):
            store.switch(1)
        assert (store.folder / "current").is_dir()
        assert not _debris(store)

    def test_what_a_killed_switch_left_of_the_folder_is_swept(self, store: LocalStore) -> None:
        left = store.folder / ".tmp-0123456789abcdef"
        left.mkdir(parents=True)
        (left / "current.json").write_bytes(b"0")
        with store.locked():
            assert not left.exists()

    def test_the_files_of_a_killed_publisher_do_not_block(self, store: LocalStore) -> None:
        store.create("releases/000001/pointers/current.json", b"1")
        (store.folder / f".tmp-current-{os.getpid()}").symlink_to("nowhere")
        store.switch(1)
        assert store.read("current/current.json") == b"1"


class TestLocked:
    def test_one_publisher_at_a_time(self, store: LocalStore) -> None:
        with store.locked():
            start = time.monotonic()
            other = LocalStore(store.folder)
            with pytest.raises(StorageError, match="another publisher is at work here"), other.locked():
                pass
            assert time.monotonic() - start < 1, "it does not wait"
        with store.locked():
            pass

    def test_the_lock_goes_when_the_work_fails(self, store: LocalStore) -> None:
        with pytest.raises(ZeroDivisionError), store.locked():
            _ = 1 / 0
        with store.locked():
            pass

    def test_what_dead_publishers_left_is_swept(self, store: LocalStore) -> None:
        store.create(KEY, b"1")
        (store.folder / ".tmp-0123456789abcdef").write_bytes(b"half")
        (store.folder / ".tmp-fedcba9876543210").symlink_to("nowhere")
        with store.locked():
            assert not _debris(store)
        assert store.read(KEY) == b"1"

    def test_what_is_not_ours_stays(self, store: LocalStore) -> None:
        (store.folder / "mine").mkdir(parents=True)
        strangers = [store.folder / ".tmp-precious", store.folder / "mine" / ".tmp-0123456789abcdef"]
        for path in strangers:
            path.write_bytes(b"mine")
        (store.folder / ".tmp-0000000000000000").mkdir()
        with store.locked():
            assert all(path.exists() for path in strangers)

    def test_a_file_in_place_of_the_folder(self, store: LocalStore) -> None:
        store.folder.write_bytes(b"")
        with pytest.raises(UnusablePathError, match="cannot be written"), store.locked():
            pass

    def test_a_folder_in_place_of_the_lock(self, store: LocalStore) -> None:
        (store.folder / ".lock").mkdir(parents=True)
        with pytest.raises(UnusablePathError, match="cannot be written"), store.locked():
            pass


@pytest.mark.parametrize(("mode", "of_files", "of_folders"), [(0o644, 0o644, 0o755), (0o640, 0o640, 0o750)])
def test_readers_can_read_whatever_the_umask(
    tmp_path: Path, mode: int, of_files: int, of_folders: int
) -> None:
    store = LocalStore(tmp_path / "exports", mode)
    before = os.umask(0o077)
    try:
        with store.locked():
            store.stage(KEY, [b"1"])
            store.create("releases/000001/manifest.json", b"1")
            store.replace("releases/000001/pointers/current.json", b"1")
            store.switch(1)
    finally:
        os.umask(before)
    modes = {path: path.stat().st_mode & 0o777 for path in [store.folder, *store.folder.rglob("*")]}
    assert {each for path, each in modes.items() if path.is_file()} == {of_files}
    assert {each for path, each in modes.items() if path.is_dir()} == {of_folders}
