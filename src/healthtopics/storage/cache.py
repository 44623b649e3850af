"""The cache of a workspace on disk: one SQLite file in a dedicated folder.

It may be deleted, damaged, unreadable or on a read-only disk at any time: then reads find nothing and writes
are ignored. Several processes may use it at once. `healthtopics.cache` checks what it returns.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

FOLDER: Final = ".cache"
_FILE: Final = "known.sqlite"
_MOST_BYTES: Final = 512 * 1024 * 1024
"""The largest size of the file; beyond it the older half is removed."""
_PATIENCE: Final = 2.0
"""Seconds to wait for another process that writes, before giving up."""
_REFUSED: Final = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the second if the message of the first quotes a damaged file."""
_MARKS: Final = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# https://bford.info/cachedir/\n",
}


def lock_of(workspace: Path) -> Path:
    """Return the lock for a change of one catalogue of the workspace; its folder is made."""
    folder = workspace / FOLDER
    with contextlib.suppress(OSError):  # the error is reported when the lock is taken
        _make_folder(folder)
    return folder / "editing.lock"


def _make_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in _MARKS.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, "utf-8")


class WorkspaceCache:
    """Implements `healthtopics.cache.Cache`."""

    def __init__(self, workspace: Path, most_bytes: int = _MOST_BYTES) -> None:
        self._folder = workspace / FOLDER
        self._most_bytes = most_bytes

    def read(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Return the values of those keys that are present."""
        wanted = list(keys)
        places = ",".join("?" * len(wanted))
        query = f"SELECT key, value FROM known WHERE key IN ({places})"  # noqa: S608 - question marks only
        self._finish_interrupted()
        try:
            with closing(self._connect("ro")) as connection:
                rows = connection.execute(query, wanted).fetchall()
        except _REFUSED as error:
            self._remove_if_damaged(error)
            return {}
        return {key: value for key, value in rows if isinstance(value, bytes)}

    def write(self, values: Mapping[str, bytes]) -> None:
        """Store these values if possible; the oldest of all are removed first."""
        try:
            _make_folder(self._folder)
            with closing(self._connect("rwc")) as connection:
                connection.execute(
                    "PRAGMA synchronous = OFF"
                )  # data damaged by a power cut is computed again
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS known (key TEXT PRIMARY KEY, value BLOB) STRICT"
                )
                with connection:
                    connection.executemany("INSERT OR REPLACE INTO known VALUES (?, ?)", values.items())
                self._bound(connection)
        except OSError:
            return
        except _REFUSED as error:
            self._remove_if_damaged(error)

    @property
    def _file(self) -> Path:
        return self._folder / _FILE

    def _finish_interrupted(self) -> None:
        """Undo a write that was cut off, whose journal would stay, unless somebody is writing now."""
        journal = self._file.with_name(f"{_FILE}-journal")
        try:
            if journal.exists() and self._file.is_file():
                with closing(self._connect("rw", patience=0)) as connection:
                    connection.execute("BEGIN EXCLUSIVE")
                    connection.execute("PRAGMA user_version = 0")
                    connection.execute("COMMIT")
        except (OSError, *_REFUSED):
            return

    def _bound(self, connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        if pages * size > self._most_bytes:
            with connection:
                connection.execute(
                    "DELETE FROM known WHERE rowid <= (SELECT (min(rowid) + max(rowid)) / 2 FROM known)"
                )
            connection.execute("VACUUM")

    def _connect(self, mode: str, patience: float = _PATIENCE) -> sqlite3.Connection:
        """Open the file; raises sqlite3.OperationalError if it is not one: SQLite would wait for a pipe."""
        if os.path.lexists(self._file) and not os.path.isfile(self._file):  # noqa: PTH113 - which never raises
            raise sqlite3.OperationalError
        address = f"{self._file.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, timeout=patience, uri=True)

    def _remove_if_damaged(self, error: Exception) -> None:
        # Other operational errors: busy, missing, not readable or writable.
        if not isinstance(error, sqlite3.OperationalError):
            # The journal of an interrupted write would be replayed into the next file.
            for path in (self._file, self._file.with_name(f"{_FILE}-journal")):
                with contextlib.suppress(OSError):
                    path.unlink()
