"""The cache on disk: whatever happens to its file, it returns what was stored, or nothing."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from healthtopics.storage.cache import FOLDER, WorkspaceCache


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FOLDER / "known.sqlite"


def test_what_is_kept_is_given_back(tmp_path: Path) -> None:
    WorkspaceCache(tmp_path).write({"a": b"1", "b": b"2"})
    WorkspaceCache(tmp_path).write({"b": b"3"})
    assert WorkspaceCache(tmp_path).read(["a", "b", "c"]) == {"a": b"1", "b": b"3"}


def test_beyond_the_bound_the_older_half_goes(tmp_path: Path, file: Path) -> None:
    cache = WorkspaceCache(tmp_path, most_bytes=100_000)
    keys = [str(number) for number in range(30)]
    for key in keys:
        cache.write({key: bytes(10_000)})
    kept = list(cache.read(keys))
    assert kept
    assert sorted(kept, key=int) == keys[-len(kept) :]
    assert file.stat().st_size <= 100_000


def test_several_may_write_at_once(tmp_path: Path) -> None:
    def write(number: int) -> None:
        WorkspaceCache(tmp_path).write({f"{number}-{each}": b"value" for each in range(10)})

    with ThreadPoolExecutor(4) as executor:
        list(executor.map(write, range(8)))
    keys = [f"{number}-{each}" for number in range(8) for each in range(10)]
    found = WorkspaceCache(tmp_path).read(keys)
    assert set(found.values()) == {b"value"}
    assert set(found) <= set(keys)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    WorkspaceCache(tmp_path).write({"a": b"1"})
    assert WorkspaceCache(tmp_path).read(["a"]) == {}
    assert (tmp_path / FOLDER).read_text() == "in the way"


def test_a_folder_in_place_of_the_file(tmp_path: Path, file: Path) -> None:
    file.mkdir(parents=True)
    WorkspaceCache(tmp_path).write({"a": b"1"})
    assert WorkspaceCache(tmp_path).read(["a"]) == {}


@pytest.mark.parametrize("name", ["known.sqlite", "."])
def test_a_pipe_is_not_waited_for(tmp_path: Path, file: Path, name: str) -> None:
    path = file if name == "known.sqlite" else file.parent
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)
    WorkspaceCache(tmp_path).write({"a": b"1"})
    assert WorkspaceCache(tmp_path).read(["a"]) == {}


def test_the_journal_of_a_killed_run_is_swept_by_the_next(tmp_path: Path, file: Path) -> None:
    WorkspaceCache(tmp_path).write({"a": b"1"})
    before = sorted(file.parent.iterdir())
    killed = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA cache_size = 1');"
        "c.execute('BEGIN'); c.executemany('INSERT INTO known VALUES (?, ?)',"
        " [(str(n), bytes(9999)) for n in range(50)]); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", killed, file], check=False)
    assert sorted(file.parent.iterdir()) != before
    assert WorkspaceCache(tmp_path).read(["a", "1"]) == {"a": b"1"}
    assert sorted(file.parent.iterdir()) == before


def test_a_journal_of_nothing_is_swept(tmp_path: Path, file: Path) -> None:
    WorkspaceCache(tmp_path).write({"a": b"1"})
    before = sorted(file.parent.iterdir())
    file.with_name("known.sqlite-journal").touch()
    assert WorkspaceCache(tmp_path).read(["a"]) == {"a": b"1"}
    assert sorted(file.parent.iterdir()) == before


def test_a_damaged_file_is_removed_with_its_journal(tmp_path: Path, file: Path) -> None:
    cache = WorkspaceCache(tmp_path)
    cache.write({"a": b"1"})
    journal = file.with_name("known.sqlite-journal")
    file.write_bytes(b"damaged" * 1000)
    journal.write_bytes(bytes(512))  # of a write that was cut off
    assert cache.read(["a"]) == {}
    assert not file.exists()
    assert not journal.exists()
    cache.write({"a": b"2"})
    assert cache.read(["a"]) == {"a": b"2"}
