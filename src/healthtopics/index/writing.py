"""Writes rows into a file that is an index; the same rows, and the same SQLite, give the same bytes."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Final

from healthtopics import jsontext
from healthtopics.index.opening import VERSION
from healthtopics.index.rows import (
    TABLES,
    CarriedFileRow,
    CarriedTextRow,
    FhirKindRow,
    FhirValueRow,
    ReleaseRow,
    Row,
    columns_of,
    search_table,
)
from healthtopics.index.stems import stems

APPLICATION_ID: Final = 0x68746F70
"""`htop`, in the header of the file: `file` and SQLite can tell what it is."""
_PAGE_SIZE: Final = 8192
"""In bytes; smaller ones leave more room unused after texts."""
_AT_ONCE: Final = 1000
"""The most rows that are given to SQLite together."""
_HASH_SIZE: Final = 16 * 1024 * 1024
"""In bytes."""
_SEARCHED: Final = ("title", "names", "terms", "description", "headings", "text")
"""The columns of a search table; each is there again with `_stems`."""
_FRESH: Final = f"""
PRAGMA page_size = {_PAGE_SIZE};
PRAGMA encoding = 'UTF-8';
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -65536;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""
"""The file is nobody else's until it is complete: a run that is killed leaves nothing that is used."""

_CARRIED: Final[Mapping[type[Row], str]] = {CarriedFileRow: "before", CarriedTextRow: "topic, language"}
"""The key of the temporary table, by the class of rows that say what is taken over."""


def write_index(path: Path, release: ReleaseRow, rows: Iterable[Row], earlier: Path | None = None) -> None:
    """Write the index of a release to a file that does not exist yet; all rows but that of the release.

    The order of rows does not matter. Tables for search are made from the others. Rows are taken one after
    the other, so that memory does not grow with their number. `earlier` is the index before, from which
    rows of `carried_files` and `carried_texts` take others over.

    Raises sqlite3.Error if the file cannot be written, for two rows with one key, or for a row of an edition
    that there is not.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(_FRESH)
        connection.create_function("packed", 1, _packed, deterministic=True)
        if earlier:
            connection.execute("ATTACH ? AS earlier", (str(earlier),))
        connection.execute("BEGIN")
        _run(connection, "schema.sql")
        views = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall()
        kept = [name for (name,) in views if name in TABLES.values()]
        for name in kept:
            # A temporary table comes before a view of the same name: rows are inserted into it.
            connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM main.{name} LIMIT 0")  # noqa: S608 - our view
        for kind, key in _CARRIED.items():
            columns = ", ".join(columns_of(kind))
            connection.execute(
                f"CREATE TEMP TABLE {TABLES[kind]} ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID"
            )
        _insert(connection, chain((release,), rows))
        if earlier:
            _run(connection, "carrying.sql")
        _run(connection, "filling.sql")
        for name in kept:
            connection.execute(f"DROP TABLE temp.{name}")
        for language in jsontext.load(release.languages.encode()):
            _fill_search(connection, language)
        connection.execute("COMMIT")
        connection.execute("VACUUM")


def _packed(text: str) -> bytes | str:
    """Return a digest as bytes, and any other text as it is."""
    try:
        packed = bytes.fromhex(text)
    except ValueError:
        return text
    return packed if packed.hex() == text else text


def _run(connection: sqlite3.Connection, name: str, **words: str) -> None:
    """Execute the statements of a file, filled in; comments have no semicolon at the end of a line."""
    text = (files("healthtopics.index") / name).read_text(encoding="utf-8")
    for each in text.split(";\n"):
        connection.execute(each.format(**words) if words else each)


def _insert(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    waiting: dict[type[Row], list[Row]] = {}
    for row in rows:
        same = waiting.setdefault(type(row), [])
        same.append(row)
        if len(same) == _AT_ONCE:
            _insert_all(connection, type(row), same)
            same.clear()
    for kind, same in waiting.items():
        _insert_all(connection, kind, same)


def _insert_all(connection: sqlite3.Connection, kind: type[Row], rows: Iterable[Row]) -> None:
    statement = _insertion(TABLES[kind], len(columns_of(kind)))
    if kind in (FhirKindRow, FhirValueRow):  # each resource that has a value comes with it
        statement = statement.replace("INSERT", "INSERT OR IGNORE", 1)
    connection.executemany(statement, rows)


def _insertion(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 - the table is one of ours


def _fill_search(connection: sqlite3.Connection, language: str) -> None:
    """Make the table for search in a language, from its editions."""
    table = search_table(language)
    _run(connection, "search.sql", table=table, language=language)
    # What is kept in memory until it is written: fewer and larger writes, which need less merging.
    connection.execute(_insertion(f"{table} ({table}, rank)", 2), ("hashsize", _HASH_SIZE))
    columns = ", ".join(("rowid", *_SEARCHED, *(f"{name}_stems" for name in _SEARCHED)))
    found = (
        (row, *texts, *(" ".join(stems(text or "", language)) for text in texts))
        for row, *texts in connection.execute(
            f"SELECT row, {', '.join(_SEARCHED)} FROM {table}_texts ORDER BY row"  # noqa: S608 - our table
        )
    )
    connection.executemany(_insertion(f"{table} ({columns})", 1 + 2 * len(_SEARCHED)), found)
    connection.execute(_insertion(f"{table} ({table})", 1), ("optimize",))
