"""Files for one run: they are gone when it ends, however it ends."""

import os
import pickle
import resource
import tempfile
from pathlib import Path

import pytest

from healthtopics.cache import NO_CACHE
from healthtopics.errors import StorageError, UnusablePathError
from healthtopics.storage.scratch import open_spool, scratch_folder

VALUES = {"translated:1": b"one", "translated:2": b"two"}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_copy_in_another_process_reads_what_was_written() -> None:
    with scratch_folder() as scratch:
        scratch.write(VALUES)
        copy = pickle.loads(pickle.dumps(scratch))  # noqa: S301 - our own
        assert copy.read([*VALUES, "translated:3"]) == VALUES


def test_the_files_go_however_the_run_ends(temporary: Path) -> None:
    def work() -> None:
        with scratch_folder() as scratch:
            scratch.write(VALUES)
            assert list(temporary.iterdir())
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert not list(temporary.iterdir())


def test_what_a_killed_run_left_is_removed_the_next_day(temporary: Path) -> None:
    left, young, foreign = (
        temporary / name
        for name in ("healthtopics-scratch-old", "healthtopics-scratch-young", "healthtopics-other")
    )
    for folder in (left, young, foreign):
        folder.mkdir()
        (folder / "value").write_bytes(b"one")
    for folder in (left, foreign):
        os.utime(folder, (0, 0))
    with scratch_folder():
        pass
    assert sorted(temporary.iterdir()) == sorted([young, foreign])


def test_what_cannot_be_written_is_not_kept(temporary: Path) -> None:
    with scratch_folder() as scratch:
        for folder in temporary.iterdir():
            folder.rmdir()
        scratch.write(VALUES)
        assert scratch.read(VALUES) == {}


def test_a_system_without_temporary_files_has_none(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "missing"))
    with scratch_folder() as scratch:
        assert scratch is NO_CACHE


class TestSpool:
    def test_what_was_written_is_read_back_from_a_large_file_too(self) -> None:
        with open_spool() as spool:
            spool.write(b"x" * 5_000_000)
            spool.seek(4_999_999)
            assert spool.read() == b"x"

    def test_a_folder_that_is_not_there_is_reported(
        self, temporary: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(temporary / "missing"))
        message = r"temporary files cannot be written \(No such file or directory\)"
        with open_spool() as spool, pytest.raises(UnusablePathError, match=message):
            spool.write(b"x" * 5_000_000)

    def test_a_full_disk_is_reported_by_the_write(self) -> None:
        message = r"temporary files cannot be written \(File too large\)"
        _, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, hard))
        try:
            with open_spool() as spool:
                spool.write(b"x" * 5_000_000)
                with pytest.raises(StorageError, match=message):
                    spool.write(b"x")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
