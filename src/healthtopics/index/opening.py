"""Opens the index of a release for reading."""

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from healthtopics.errors import ReleaseError
from healthtopics.index.rows import ReleaseRow
from healthtopics.problems import printable

VERSION: Final = 1
"""Of the tables, in `release.index_version` and in `PRAGMA user_version`: incremented when a query of today
would not do what it did."""


class TopicIndex:
    """The index of one release. Threads share it; each has its own connection.

    The file must not change while it is open, and is never written: those of releases never change.
    """

    def __init__(self, path: Path) -> None:
        """Open an index.

        Raises ReleaseError if there is none, or if its version is another one.
        """
        self.path = path
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        try:
            version = self.value("PRAGMA user_version")
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
            # Another thread closes it.
            found = self._own.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._opened.append(found)
        return found

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        found: list[tuple[Any, ...]] = self.connection.execute(query, values).fetchall()
        return found

    def row(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query; None if there is none."""
        found: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
        return found

    def value(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:  # noqa: ANN401 - of SQLite
        """Return the first column of the first row of a query; None if there is none."""
        found = self.row(query, values)
        return found[0] if found else None

    @property
    def release(self) -> ReleaseRow:
        """The release that it is the index of."""
        (found,) = self.rows("SELECT * FROM release")
        return ReleaseRow(*found)

    def close(self) -> None:
        """Close all connections; no thread may use them any more."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._own = threading.local()
