"""Writes rows into a file that is an index; the same rows, and the same SQLite, give the same bytes."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Final

from healthtopics import jsontext
from healthtopics.index.opening import VERSION
from healthtopics.index.rows import TABLES, ReleaseRow, Row, VersionRow, columns_of, search_table
from healthtopics.index.stems import stems

APPLICATION_ID: Final = 0x68746F70
"""`htop`, in the header of the file: `file` and SQLite can tell what it is."""
_PAGE_SIZE: Final = 4096
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


_VERSION: Final = """
INSERT INTO versions SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE ?9 = 1 OR NOT EXISTS (
    SELECT 1 FROM versions WHERE fhir = ?1 AND type = ?2 AND id = ?3 AND version_id = ?4
)
"""
"""A version that the release has is not one of earlier releases."""
_UNUSED_FILES: Final = "DELETE FROM files WHERE id NOT IN (SELECT file FROM versions)"


def write_index(path: Path, release: ReleaseRow, rows: Iterable[Row]) -> None:
    """Write the index of a release to a file that does not exist yet; all rows but that of the release.

    The order of rows does not matter, except that versions of earlier releases come after those of this one.
    Tables for search are made from the others. Rows are taken one after the other, so that memory does not
    grow with their number.

    Raises sqlite3.Error if the file cannot be written, or for two rows with one key.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(_FRESH)
        connection.execute("BEGIN")
        for statement in _statements("schema.sql"):
            connection.execute(statement)
        _insert(connection, chain((release,), rows))
        connection.execute(_UNUSED_FILES)
        for language in jsontext.load(release.languages.encode()):
            _fill_search(connection, language)
        connection.execute("COMMIT")
        connection.execute("VACUUM")


def _statements(name: str) -> Iterator[str]:
    """Yield the statements of a file; comments have no semicolon at the end of a line."""
    text = (files("healthtopics.index") / name).read_text(encoding="utf-8")
    yield from (each for each in text.split(";\n") if each.strip())


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
    statement = _VERSION if kind is VersionRow else _insertion(TABLES[kind], len(columns_of(kind)))
    connection.executemany(statement, rows)


def _insertion(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 - the table is one of ours


def _fill_search(connection: sqlite3.Connection, language: str) -> None:
    """Make the table for search in a language, from its editions, in the order of their titles."""
    table = search_table(language)
    (definition,) = _statements("search.sql")
    connection.execute(definition.format(table=table))
    # What is kept in memory until it is written: fewer and larger writes, which need less merging.
    connection.execute(_insertion(f"{table} ({table}, rank)", 2), ("hashsize", _HASH_SIZE))
    found = (
        (topic, *texts, *(" ".join(stems(text, language)) for text in texts))
        for topic, texts in _searched(connection, language)
    )
    connection.executemany(_insertion(table, 1 + 2 * len(_SEARCHED)), found)
    connection.execute(_insertion(f"{table} ({table})", 1), ("optimize",))
    rows = f"INSERT INTO search_rows SELECT topic, ?, rowid FROM {table}"  # noqa: S608 - the table is one of ours
    connection.execute(rows, (language,))


def _searched(connection: sqlite3.Connection, language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the topics that have an edition in a language, with the texts of the searched columns."""
    names = "SELECT kind, text FROM names WHERE topic = ? AND language = ? ORDER BY position"
    sections = "SELECT heading, text FROM sections WHERE topic = ? AND language = ? ORDER BY position"
    editions = "SELECT topic, title, description FROM editions WHERE language = ? ORDER BY sort, topic"
    for topic, title, description in connection.execute(editions, (language,)):
        known = connection.execute(names, (topic, language)).fetchall()
        synonyms = (text for kind, text in known if kind == "synonym")
        terms = (text for kind, text in known if kind == "index-term")
        parts = connection.execute(sections, (topic, language)).fetchall()
        headings, texts = (heading for heading, _ in parts), (text for _, text in parts)
        yield (
            topic,
            (title, *map("\n".join, (synonyms, terms)), description, *map("\n".join, (headings, texts))),
        )
