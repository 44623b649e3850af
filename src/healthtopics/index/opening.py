"""Opens the index of a release for reading."""

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from healthtopics import jsontext
from healthtopics.copies import EVERYTHING, Selection
from healthtopics.errors import ReleaseError, StorageError
from healthtopics.index.rows import ReleaseRow, search_table
from healthtopics.problems import printable
from healthtopics.release import INDEXES

SQLITE: Final = "application/vnd.sqlite3"
"""The media type of an index."""
VERSION: Final = 8
"""Of the tables, in `release.index_version` and in `PRAGMA user_version`: incremented when a query of today
would not do what it did, or `carrying.sql` could not read what an index before has."""

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

_STEPS_AT_ONCE: Final = 1000
"""So many steps pass between two looks at how many are left."""
_ROWS_AT_ONCE: Final = 100
"""So many rows of a long answer are read before another thread may use the same connection."""


_PARTIAL: Final = """
CREATE TEMP VIEW artifacts AS SELECT * FROM main.artifacts WHERE is_here(name, format, language);
CREATE TEMP VIEW editions AS SELECT * FROM main.editions AS edition WHERE EXISTS (
    SELECT 1 FROM artifacts AS own WHERE own.topic = edition.topic AND own.language = edition.language);
CREATE TEMP VIEW stored_editions AS SELECT * FROM main.stored_editions AS edition WHERE EXISTS (
    SELECT 1 FROM artifacts AS own WHERE own.topic = edition.topic AND own.language = edition.language);
CREATE TEMP VIEW topics AS SELECT * FROM main.topics AS listed WHERE EXISTS (
    SELECT 1 FROM editions AS own WHERE own.topic = listed.id);
CREATE TEMP VIEW fhir_resources AS SELECT * FROM main.fhir_resources AS resource WHERE EXISTS (
    SELECT 1 FROM main.files AS own JOIN artifacts ON artifacts.name = own.artifact
    WHERE own.id = resource.file);
CREATE TEMP VIEW changes AS SELECT * FROM main.changes WHERE concerns(format, language);
"""
"""It hides from every query what a copy of a part of a release does not have: SQLite looks for a table
among the temporary ones first."""

_VOCABULARY: Final = """
SELECT term FROM temp.{words}
WHERE col IN ('title', 'names', 'terms') AND term NOT GLOB '*[0-9]*'
GROUP BY term
ORDER BY sum(doc) DESC, term
"""


class TooManyStepsError(Exception):
    """Queries took more steps than they may."""


class TopicIndex:
    """The index of one release. Threads share it; each has its own connection.

    The file must not change while it is open, and is never written: those of releases never change. It may be
    removed. The connections are closed with `close`, or when nobody has the index any more.
    """

    def __init__(self, path: Path, selection: Selection = EVERYTHING) -> None:
        """Open an index of which only the editions of a selection are shown.

        Raises ReleaseError if there is none, or if its version is another one.
        """
        self.path = path
        self.selection = selection
        self._own = threading.local()
        self._shared = threading.RLock()
        self._vocabularies: dict[str, list[str]] = {}
        self._kept: dict[tuple[str, tuple[Any, ...]], list[tuple[Any, ...]]] = {}
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
                self._hide_from(found)
            except sqlite3.OperationalError:
                if not self._opened or self.path.exists():
                    raise
                # The release was removed. What is open can still be read: threads take turns with it.
                found = self._opened[0]
            self._own.connection = found
        return found

    @property
    def _turn(self) -> AbstractContextManager[object]:
        """What a thread holds while it uses its connection.

        Two threads that run one statement of a connection at the same time get each other's rows.
        """
        return self._shared if self.connection is self._opened[0] else nullcontext()

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query.

        Raises StorageError if the file cannot be read now, ReleaseError if it is damaged.
        """
        try:
            with self._turn:
                found: list[tuple[Any, ...]] = self.connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error
        return found

    def kept(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query, which is run once: for few rows that many requests need.

        Raises what `rows` raises.
        """
        asked = query, values
        if asked not in self._kept:
            with self._steps_set(None):
                self._kept[asked] = self.rows(query, values)
        return self._kept[asked]

    def each(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query one after the other, however many. Raises what `rows` raises."""
        try:
            with self._turn:
                cursor = self.connection.execute(query, values)
                found = cursor.fetchmany(_ROWS_AT_ONCE)
            while found:
                yield from found
                with self._turn:
                    found = cursor.fetchmany(_ROWS_AT_ONCE)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def row(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query; None if there is none. Raises what `rows` raises."""
        try:
            with self._turn:
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
        if self.is_whole:
            return tuple(languages)
        here = {language for (language,) in self.rows("SELECT DISTINCT language FROM editions")}
        return tuple(each for each in languages if each in here or not here)

    @property
    def is_whole(self) -> bool:
        """Whether everything of the release is here."""
        return self.selection == EVERYTHING

    @cached_property
    def code_systems(self) -> tuple[tuple[str, str, str], ...]:
        """Key, URI and OID of each system of the topics' codes; what is not known is empty."""
        found = self.rows("SELECT DISTINCT system, uri, oid FROM codes ORDER BY system")
        return tuple((key, uri, oid) for key, uri, oid in found)

    @cached_property
    def edition_counts(self) -> Mapping[str, int]:
        """The number of editions by language."""
        return dict(self.rows("SELECT language, count(*) FROM stored_editions GROUP BY language"))

    def vocabulary(self, language: str) -> Sequence[str]:
        """Return the words in names of topics in a language, folded, the more frequent ones first."""
        if language not in self._vocabularies:
            table = search_table(language)
            # Of this connection only, as the index is never written.
            words = f"temp.{table}_words USING fts5vocab(main, {table}, col)"
            with self._steps_set(None):
                self.rows(f"CREATE VIRTUAL TABLE IF NOT EXISTS {words}")
                found = self.rows(_VOCABULARY.format(words=f"{table}_words"))
            self._vocabularies[language] = [word for (word,) in found]
        return self._vocabularies[language]

    @contextmanager
    def limited(self, steps: int) -> Iterator[None]:
        """Let all queries of this thread together take so many steps of SQLite's machine.

        Other than time, they do not depend on the computer and on what else it does. What is read once for a
        release is not counted. `rows`, `row`, `value` and `each` raise TooManyStepsError.
        """
        with self._turn, self._steps_set(steps // _STEPS_AT_ONCE):
            self.connection.set_progress_handler(self._is_used_up, _STEPS_AT_ONCE)
            try:
                yield
            finally:
                self.connection.set_progress_handler(None, 0)

    @contextmanager
    def _steps_set(self, left: int | None) -> Iterator[None]:
        before = self._left
        self._own.left = left
        try:
            yield
        finally:
            self._own.left = before

    @property
    def _left(self) -> int | None:
        """How many thousands of steps this thread has left; None if they are not limited."""
        found: int | None = getattr(self._own, "left", None)
        return found

    def _is_used_up(self) -> bool:
        """Count, for the thread whose query runs."""
        left = self._left
        if left is None:
            return False
        self._own.left = left - 1
        return left < 1

    def close(self) -> None:
        """Close all connections; no thread may use them any more."""
        self._finish()

    def _hide_from(self, connection: sqlite3.Connection) -> None:
        """Hide what is not here from the queries of a connection."""
        if self.is_whole:
            return
        selection, every_name = self.selection, replace(self.selection, names=())

        def is_here(name: str, format_: str, language: str) -> bool:  # like `release.select`
            return name in INDEXES or selection.takes(name, format_=format_, language=language)

        def concerns(format_: str, language: str) -> bool:
            return every_name.takes("", format_=format_, language=language)

        connection.create_function("is_here", 3, is_here, deterministic=True)
        connection.create_function("concerns", 2, concerns, deterministic=True)
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.executescript(_PARTIAL)

    def _failure(self, error: sqlite3.Error) -> ReleaseError | StorageError | TooManyStepsError:
        message = f"{printable(str(self.path))}: the index of the release cannot be read ({error})."
        # Its lowest byte is the kind (https://www.sqlite.org/rescode.html); Python's own errors have none.
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if kind == sqlite3.SQLITE_INTERRUPT:
            return TooManyStepsError()
        return StorageError(message) if kind in _PASSING else ReleaseError(message)


def _close_all(connections: Iterable[sqlite3.Connection]) -> None:
    for each in connections:
        each.close()
