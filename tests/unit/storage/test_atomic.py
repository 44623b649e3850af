"""Files that change in one step, while another process tidies up."""

import fcntl
from pathlib import Path
from typing import IO

import pytest

from healthtopics.storage.atomic import sweep, written_beside

NAME = ".tmp-0123456789abcdef"


def test_a_file_that_is_swept_before_it_is_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, swept = fcntl.flock, list[bool]()

    def swept_first(file: IO[bytes], operation: int) -> None:
        """Lock a file; before the first one, another process sweeps the folder."""
        if not swept:
            swept.append((tmp_path / NAME).exists())
            sweep(tmp_path)
            swept.append((tmp_path / NAME).exists())
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", swept_first)
    with written_beside(tmp_path / NAME, (b"whole",)) as temporary:
        temporary.replace(tmp_path / "target")
    assert swept == [True, False]
    assert (tmp_path / "target").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_a_file_that_a_sweep_has_locked_is_made_again_once_that_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has the lock of the new file, and has not removed it yet."""
    lock, sweeping = fcntl.flock, list[IO[bytes]]()

    def locked_first(file: IO[bytes], operation: int) -> None:
        if not sweeping:
            sweeping.append((tmp_path / NAME).open("rb"))
            lock(sweeping[0], fcntl.LOCK_EX)
            with pytest.raises(BlockingIOError):
                lock(file, operation | fcntl.LOCK_NB)
            assert not operation & fcntl.LOCK_NB  # the writer waits
            (tmp_path / NAME).unlink()
            sweeping[0].close()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", locked_first)
    with written_beside(tmp_path / NAME, (b"whole",)) as temporary:
        temporary.replace(tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"whole"


def test_what_is_being_written_is_not_swept(tmp_path: Path) -> None:
    with written_beside(tmp_path / NAME, (b"whole",)) as temporary:
        sweep(tmp_path)
        assert temporary.read_bytes() == b"whole"
