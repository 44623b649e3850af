import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from healthtopics.errors import HealthTopicsError, StorageError, UnusablePathError
from healthtopics.storage import locking
from healthtopics.storage.textfile import change_textfile


def adding(data: bytes) -> Callable[[str], bytes]:
    return lambda text: text.encode() + data


def test_another_user_can_read_it_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "jobs.prom"
    before = os.umask(0o077)
    try:
        change_textfile(path, adding(b"a 1\n"))
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644
    change_textfile(path, adding(b"b 1\n"))
    assert path.read_text() == "a 1\nb 1\n"


def test_the_exporter_never_reads_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads every file whose name ends with .prom."""
    path = tmp_path / "jobs.prom"
    change_textfile(path, adding(b"a 1\n"))
    seen: list[dict[str, bytes]] = []

    def refuse(_file: Path, _target: Path) -> None:
        seen.append({each.name: each.read_bytes() for each in tmp_path.glob("*.prom")})
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError, match="No space left"):
        change_textfile(path, adding(b"a 2\n"))
    assert seen == [{"jobs.prom": b"a 1\n"}]
    assert not list(tmp_path.glob("*.tmp"))


def test_what_a_killed_run_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / ".jobs.prom.tmp").write_bytes(b"a")
    change_textfile(tmp_path / "jobs.prom", adding(b"a 1\n"))
    assert (tmp_path / "jobs.prom").read_bytes() == b"a 1\n"
    assert {each.name for each in tmp_path.iterdir()} <= {"jobs.prom", ".jobs.prom.lock"}


def test_what_another_job_reports_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second job that reads the file while the first one changes it would drop what the first one says."""
    monkeypatch.setattr(locking, "_PATIENCE_S", 0)
    path = tmp_path / "jobs.prom"

    def change(text: str) -> bytes:
        with pytest.raises(StorageError, match="another process"):
            change_textfile(path, adding(b"b 1\n"))
        return f"{text}a 1\n".encode()

    change_textfile(path, change)
    change_textfile(path, adding(b"b 1\n"))
    assert path.read_text() == "a 1\nb 1\n"
    with FileLock(tmp_path / ".jobs.prom.lock"), pytest.raises(StorageError, match="another process"):
        change_textfile(path, adding(b"c 1\n"))


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.prom").mkdir()
    with pytest.raises(UnusablePathError, match=r"folder\.prom: cannot be read"):
        change_textfile(tmp_path / "folder.prom", adding(b""))
    with pytest.raises(HealthTopicsError, match=r"missing/jobs\.prom: cannot be written"):
        change_textfile(tmp_path / "missing/jobs.prom", adding(b""))
