"""Files for one run: they are gone when it ends, however it ends."""

import fcntl
import os
import pickle
import resource
import subprocess
import sys
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


def test_what_a_killed_run_left_is_removed_by_the_next(temporary: Path) -> None:
    foreign = temporary / "healthtopics-other"
    foreign.mkdir()
    run = (
        "from healthtopics.storage.scratch import scratch_folder\n"
        "with scratch_folder() as scratch:\n"
        "    scratch.write({'a:b': b'c'}); print(1, flush=True); input()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [sys.executable, "-c", run], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"1\n"
        (left,) = set(temporary.iterdir()) - {foreign}
        with scratch_folder():
            assert (left / "b").read_bytes() == b"c"  # that run is at work
        process.kill()
    assert left.exists()
    with scratch_folder():
        assert not left.exists()
    assert list(temporary.iterdir()) == [foreign]


def test_a_folder_that_another_run_took_for_a_left_over(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(_descriptor: int, _operation: int) -> None:
        for folder in temporary.iterdir():
            folder.rmdir()

    monkeypatch.setattr(fcntl, "flock", taken)
    with scratch_folder() as scratch:
        assert scratch is NO_CACHE


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
