"""Opens the index of a release for reading."""

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.errors import ReleaseError, StorageError
from healthtopics.index.rows import ReleaseRow
from healthtopics.problems import printable

SQLITE: Final = "application/vnd.sqlite3"
"""The media type of an index."""
VERSION: Final = 3
"""Of the tables, in `release.index_version` and in `PRAGMA user_version`: incremented when a query of today
would not do what it did."""

_PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
    }
)
"""The errors of SQLite that say nothing about the index itself."""


class TopicIndex:
    """The index of one release. Threads share it; each has its own connection.

    The file must not change while it is open, and is never written: those of releases never change. It may be
    removed. The connections are closed with `close`, or when nobody has the index any more.
    """

    def __init__(self, path: Path) -> None:
        """Open an index.

        Raises ReleaseError if there is none, or if its version is another one.
        """
        self.path = path
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._finish = weakref.finalize(self, _close_all, self._opened)
        try:
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise ReleaseError(
                f"{printable(str(path))}: this is not the index of a release ({error})."
            ) from error
        if version != VERSION:
            raise ReleaseError(
                f"{printable(str(path))}: the version of this index is {version}, not {VERSION}. "
                "Use a version of healthtopics that knows it, or publish again."
            )

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            # `as_uri` writes ? and # of a path as percent codes.
            uri = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            try:
                # Another thread closes it.
                found = sqlite3.connect(uri, uri=True, check_same_thread=False)
                self._opened.append(found)
            except sqlite3.OperationalError:
                if not self._opened or self.path.exists():
                    raise
                # The release was removed. What is open can still be read, and threads may share it.
                found = self._opened[0]
            self._own.connection = found
        return found

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query.

        Raises StorageError if the file cannot be read now, ReleaseError if it is damaged.
        """
        try:
            found: list[tuple[Any, ...]] = self.connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error
        return found

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query one after the other, however many. Raises what `rows` raises."""
        try:
            yield from self.connection.execute(query)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def row(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query; None if there is none. Raises what `rows` raises."""
        try:
            found: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise self._failure(error) from error
        return found

    def value(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:  # noqa: ANN401 - a value of SQLite
        """Return the first column of the first row of a query; None if there is none."""
        found = self.row(query, values)
        return found[0] if found else None

    @cached_property
    def release(self) -> ReleaseRow:
        """The release that it is the index of."""
        (found,) = self.rows("SELECT * FROM release")
        return ReleaseRow(*found)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the release, the source language first."""
        languages: list[str] = jsontext.load(self.release.languages.encode())
        return tuple(languages)

    @cached_property
    def edition_counts(self) -> Mapping[str, int]:
        """The number of editions by language."""
        return dict(self.rows("SELECT language, count(*) FROM stored_editions GROUP BY language"))

    def close(self) -> None:
        """Close all connections; no thread may use them any more."""
        self._finish()

    def _failure(self, error: sqlite3.Error) -> ReleaseError | StorageError:
        message = f"{printable(str(self.path))}: the index of the release cannot be read ({error})."
        # Its lowest byte is the kind (https://www.sqlite.org/rescode.html); Python's own errors have none.
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return StorageError(message) if kind in _PASSING else ReleaseError(message)


def _close_all(connections: Iterable[sqlite3.Connection]) -> None:
    for each in connections:
        each.close()
