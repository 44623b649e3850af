import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from healthtopics.errors import StorageError, UnusablePathError
from healthtopics.storage.staging import staging


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).as_posix().startswith(".")
    }


def test_files_are_in_their_places_only_after_the_commit(tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics/a.json").write_text("old")
    with staging(tmp_path) as waiting:
        waiting.put("topics/a.json", b"new")
        waiting.put("locales/es/b.po", b"first")
        waiting.put("locales/es/b.po", b"last")
        visible = {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")}
        assert visible == {"topics"}
        assert (tmp_path / "topics/a.json").read_text() == "old"
        waiting.commit()
        assert waiting.paths == ["topics/a.json", "locales/es/b.po"]
    assert files(tmp_path) == {"topics/a.json": "new", "locales/es/b.po": "last"}
    assert not list(tmp_path.glob(".tmp-*"))


def test_what_another_program_has_saved_meanwhile_stays(tmp_path: Path) -> None:
    """A save of the preview, while an import reads and decides."""
    (tmp_path / "b.po").write_text("old")
    with staging(tmp_path) as waiting:
        waiting.put("a.po", b"new")
        waiting.put("b.po", b"new")
        while (tmp_path / "b.po").stat().st_ctime_ns <= tmp_path.stat().st_ctime_ns:
            (tmp_path / "b.po").write_text("somebody's")  # until the clock of the file system has moved on
        with pytest.raises(StorageError, match=r"b\.po was saved .* Nothing was imported\. Run this again"):
            waiting.commit()
    assert files(tmp_path) == {"b.po": "somebody's"}


def test_what_is_not_committed_leaves_nothing(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), staging(tmp_path) as waiting:
        waiting.put("topics/a.json", b"new")
        raise KeyboardInterrupt
    assert files(tmp_path) == {}
    assert not list(tmp_path.glob(".tmp-*"))


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".tmp-staging-old/topics").mkdir(parents=True)
    (tmp_path / ".tmp-staging-old/topics/a.json").write_text("half")
    with staging(tmp_path):
        assert not (tmp_path / ".tmp-staging-old").exists()


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    with staging(tmp_path), pytest.raises(StorageError, match="another import"):
        staging(tmp_path).__enter__()
    with staging(tmp_path):
        pass


def test_an_unwritable_place_is_reported_and_nothing_is_moved(tmp_path: Path) -> None:
    (tmp_path / "locales").write_text("a file where a folder is due")
    with staging(tmp_path) as waiting:
        waiting.put("topics/a.json", b"new")
        waiting.put("locales/es/b.po", b"new")
        with pytest.raises(UnusablePathError, match="Nothing was imported"):
            waiting.commit()
    assert not (tmp_path / "topics/a.json").exists()


NOBODY = 65534
"""The user whom permissions bind; they do not bind root."""


@contextmanager
def bound_by_permissions() -> Iterator[Path]:
    """Give a folder, and be a user who owns it and whom permissions bind."""
    with TemporaryDirectory() as name:
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(name, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            if is_root:
                os.seteuid(0)


def test_an_unwritable_folder_is_reported_before_the_first_move() -> None:
    with bound_by_permissions() as workspace:
        (workspace / "imports").mkdir(mode=0o555)
        with staging(workspace) as waiting:
            waiting.put("topics/a.json", b"new")
            waiting.put("imports/state.json", b"new")
            with pytest.raises(UnusablePathError, match=r"imports: .* Nothing was imported"):
                waiting.commit()
        assert files(workspace) == {}


def test_a_move_that_fails_after_others_says_so_and_the_same_again_finishes(tmp_path: Path) -> None:
    blocked = tmp_path / "topics/b.json"
    blocked.mkdir(parents=True)

    def commit() -> None:
        with staging(tmp_path) as waiting:
            for name in "abc":
                waiting.put(f"topics/{name}.json", name.encode())
            waiting.commit()

    with pytest.raises(UnusablePathError, match=r"b\.json: .* Some files are in place already") as caught:
        commit()
    assert "Nothing was imported" not in str(caught.value)
    assert files(tmp_path) == {"topics/a.json": "a"}
    blocked.rmdir()
    commit()
    assert files(tmp_path) == {f"topics/{name}.json": name for name in "abc"}


def test_a_first_move_that_fails_has_imported_nothing(tmp_path: Path) -> None:
    (tmp_path / "topics/a.json").mkdir(parents=True)
    with staging(tmp_path) as waiting:
        waiting.put("topics/a.json", b"new")
        with pytest.raises(UnusablePathError, match="Nothing was imported"):
            waiting.commit()
