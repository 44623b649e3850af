import os
from pathlib import Path

import pytest

from healthtopics.errors import HealthTopicsError, StorageError, UnusablePathError
from healthtopics.storage.textfile import read_textfile, write_textfile


def test_another_user_can_read_it_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "jobs.prom"
    before = os.umask(0o077)
    try:
        write_textfile(path, b"a 1\n")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644
    assert read_textfile(path) == "a 1\n"


def test_the_exporter_never_reads_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads every file whose name ends with .prom."""
    path = tmp_path / "jobs.prom"
    write_textfile(path, b"a 1\n")
    seen: list[dict[str, bytes]] = []

    def refuse(_file: Path, _target: Path) -> None:
        seen.append({each.name: each.read_bytes() for each in tmp_path.glob("*.prom")})
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError, match="No space left"):
        write_textfile(path, b"a 2\n")
    assert seen == [{"jobs.prom": b"a 1\n"}]
    assert [each.name for each in tmp_path.iterdir()] == ["jobs.prom"]


def test_what_a_killed_run_with_the_same_number_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / f".jobs.prom.{os.getpid()}").write_bytes(b"a")
    write_textfile(tmp_path / "jobs.prom", b"a 1\n")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"jobs.prom": b"a 1\n"}


def test_a_missing_file_is_empty_and_another_kind_is_refused(tmp_path: Path) -> None:
    assert read_textfile(tmp_path / "jobs.prom") == ""
    (tmp_path / "folder.prom").mkdir()
    with pytest.raises(UnusablePathError, match=r"folder\.prom: cannot be read"):
        read_textfile(tmp_path / "folder.prom")
    with pytest.raises(HealthTopicsError, match=r"missing/jobs\.prom: cannot be written"):
        write_textfile(tmp_path / "missing/jobs.prom", b"")
