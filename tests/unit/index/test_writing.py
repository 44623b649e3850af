"""topics.sqlite: the same rows give the same bytes, and search finds what they say."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from healthtopics import jsontext
from healthtopics.errors import ReleaseError, StorageError
from healthtopics.index import rows
from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import columns_of, search_table
from healthtopics.index.writing import write_index
from support import samples
from support.indexes import RELEASE, bundled_index, written

PROGRAM = """
from contextlib import closing
from pathlib import Path
import sys
from support.indexes import bundled_index
sys.stdout.buffer.write(bundled_index().path.read_bytes())
"""


def test_two_processes_write_the_same_bytes() -> None:
    environment = {**os.environ, "PYTHONPATH": f"{samples.ROOT / 'tests'}", "PYTHONHASHSEED": "17"}
    other = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True)
    assert jsontext.digest(other.stdout) == jsontext.digest(bundled_index().path.read_bytes())


def test_the_order_of_rows_does_not_matter() -> None:
    given = [rows.TopicRow(each, "condition") for each in ("asthma", "birth", "cold")]
    assert written(rows=given).path.read_bytes() == written(rows=reversed(given)).path.read_bytes()


def test_every_column_of_a_row_is_a_column_of_its_table() -> None:
    index = bundled_index()
    tables = {kind: table for kind, table in rows.TABLES.items() if not table.startswith("carried_")}
    for kind, table in tables.items():
        assert [name for _, name, *_ in index.rows(f"PRAGMA table_info({table})")] == list(columns_of(kind))


def test_sqlite_finds_no_fault_in_the_file() -> None:
    assert bundled_index().rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize(
    ("language", "query", "topic"),
    [("en", "miscarriages", "miscarriage"), ("es", "perdida del embarazo", "miscarriage")],
)
def test_the_search_table_of_a_language_finds_topics(language: str, query: str, topic: str) -> None:
    table = search_table(language)
    found = bundled_index().rows(f"SELECT topic FROM {table} WHERE {table} MATCH ?", (query,))  # noqa: S608 - our table
    assert (topic,) in found


def test_titles_and_other_names_are_found_by_their_stems() -> None:
    query = "SELECT topic, kind FROM names WHERE stems = ? AND language = ? ORDER BY topic"
    assert bundled_index().rows(query, ("recurr miscarriag", "en")) == [("recurrent-miscarriage", "title")]
    assert ("amniocentesis", "synonym") in bundled_index().rows(query, ("amnio", "en"))


def test_rows_of_a_search_table_are_in_the_order_of_titles() -> None:
    for language in ("en", "es"):
        by_title = "SELECT topic FROM editions WHERE language = ? ORDER BY sort"
        by_row = f"SELECT topic FROM {search_table(language)} ORDER BY rowid"  # noqa: S608 - our table
        assert bundled_index().rows(by_row) == bundled_index().rows(by_title, (language,))


def test_a_search_table_reads_its_texts_where_they_are_stored() -> None:
    found = bundled_index().row("SELECT * FROM search_es WHERE topic = 'miscarriage'")
    assert found is not None
    _, title, names, terms, description, headings, text, *stems = found
    edition = bundled_index().row(
        "SELECT title, description FROM editions WHERE topic = 'miscarriage' AND language = 'es'"
    )
    assert edition == (title, description)
    parts = bundled_index().rows(
        "SELECT heading, text FROM sections WHERE topic = 'miscarriage' AND language = 'es' ORDER BY position"
    )
    assert ("\n".join(each for each, _ in parts), "\n".join(each for _, each in parts)) == (headings, text)
    query = """
        SELECT text FROM names WHERE topic = 'miscarriage' AND language = 'es' AND kind = ? ORDER BY position
    """
    for kind, joined in ("synonym", names), ("index-term", terms):
        assert "\n".join(name for (name,) in bundled_index().rows(query, (kind,))) == joined
    assert set(stems) == {None}


def test_no_text_of_a_section_is_there_twice() -> None:
    data = bundled_index().path.read_bytes()
    begun = "SELECT substr(text, 1, 100), count(*) FROM sections WHERE length(text) > 200 GROUP BY 1"
    texts = dict(bundled_index().rows(begun))
    assert texts
    assert {text: data.count(text.encode()) for text in texts} == texts


def test_a_row_of_an_edition_that_there_is_not_is_refused() -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"stored_sections[.]edition"):
        written(rows=[rows.SectionRow("asthma", "en", 1, "causes", "causes", "Causes", "Dust.")])


VERSION_ROW = rows.VersionRow("4.0", "List", "asthma", "00ff", "2026-11-30T06:00:00Z", 1, 0, 9, 1)
FILES = [rows.FileRow(each, f"{each}.json", f"{each:064x}") for each in (1, 2, 3, 4)]


def test_a_version_id_may_be_any_text() -> None:
    given = ["00ff", "00FF", "0ff", "1", "v2", "ﬁ"]
    versions = [VERSION_ROW._replace(version_id=each) for each in given]
    found = written(rows=[*FILES[:1], *versions]).rows("SELECT * FROM versions")
    assert {rows.VersionRow(*each) for each in found} == set(versions)


def test_an_earlier_version_is_in_its_first_file_and_not_if_the_release_has_it() -> None:
    now, before = VERSION_ROW, VERSION_ROW._replace(is_current=0)
    versions = [
        before._replace(version_id="old", file=3),
        before._replace(version_id="old", file=2),
        before._replace(file=4),
        now,
    ]
    index = written(rows=[*versions, *FILES])
    found = index.rows("SELECT version_id, file, is_current FROM versions ORDER BY file")
    assert found == [("00ff", 1, 1), ("old", 2, 0)]
    assert index.rows("SELECT * FROM files") == FILES[:2], "the others have no version"


def test_a_tag_with_a_dash_has_its_own_search_table() -> None:
    index = written(RELEASE._replace(languages='["en","zh-Hant"]'))
    assert index.value("SELECT count(*) FROM search_zh_Hant") == 0


def test_an_index_cannot_be_written() -> None:
    with pytest.raises(Exception, match="readonly"):
        written().rows("DELETE FROM topics")


def test_a_path_may_have_any_characters(tmp_path: Path) -> None:
    path = tmp_path / "a?b#c%20.sqlite"
    write_index(path, RELEASE, [])
    assert TopicIndex(path).release == RELEASE


def test_threads_have_their_own_connections() -> None:
    index = written()
    with ThreadPoolExecutor(1) as other:
        assert other.submit(lambda: index.connection).result() is not index.connection
    index.close()


def test_an_index_whose_file_was_removed_can_still_be_read(tmp_path: Path) -> None:
    path = tmp_path / "pruned.sqlite"
    write_index(path, RELEASE, [])
    index = TopicIndex(path)
    path.unlink()
    query = "SELECT value FROM json_each('[1,2,3,4,5,6,7,8]')"

    def read(number: int) -> list[tuple[int]]:
        return index.rows(query) if number % 2 else list(index.each(query))

    with ThreadPoolExecutor(4) as others:
        found = list(others.map(read, range(4000)))
    assert [each for each in found if each != [(number,) for number in range(1, 9)]] == []


def test_the_connections_are_closed_when_nobody_has_the_index_any_more(tmp_path: Path) -> None:
    path = tmp_path / "left.sqlite"
    write_index(path, RELEASE, [])
    index = TopicIndex(path)
    connection = index.connection
    del index
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_closed_index_says_so(tmp_path: Path) -> None:
    path = tmp_path / "closed.sqlite"
    write_index(path, RELEASE, [])
    index = TopicIndex(path)
    index.close()
    index.close()
    with pytest.raises(ReleaseError, match="cannot be read"):
        index.value("SELECT 1")


def test_a_damaged_index_is_a_fault_of_the_release(tmp_path: Path) -> None:
    path = tmp_path / "damaged.sqlite"
    write_index(path, RELEASE, [])
    data = path.read_bytes()
    path.write_bytes(data[:100].ljust(len(data), b"x"))
    with pytest.raises(ReleaseError, match=r"damaged[.]sqlite: the index of the release cannot be read"):
        TopicIndex(path).rows("SELECT * FROM topics")


def test_an_index_that_cannot_be_opened_for_now_is_not_called_damaged(tmp_path: Path) -> None:
    path, kept = tmp_path / "index.sqlite", tmp_path / "kept"
    write_index(path, RELEASE, [])
    index = TopicIndex(path)
    path.rename(kept)
    path.mkdir()
    with ThreadPoolExecutor(1) as other, pytest.raises(StorageError, match="cannot be read"):
        other.submit(index.value, "SELECT 1").result()


def test_what_is_not_an_index_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no database, but long enough to be taken for one")
    with pytest.raises(ReleaseError, match="is not the index of a release"):
        TopicIndex(text)
    with pytest.raises(ReleaseError, match="is not the index of a release"):
        TopicIndex(tmp_path / "missing")


def test_an_index_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "later.sqlite"
    write_index(path, RELEASE, [])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ReleaseError, match="version of this index is 99"):
        TopicIndex(path)


def test_a_deletion_has_the_time_of_the_first_release_without_the_resource() -> None:
    early, late = "2026-11-21T06:00:00Z", "2026-11-22T06:00:00Z"
    files = [FILES[0]._replace(until=early), FILES[1]._replace(until=late), FILES[2]]
    gone = VERSION_ROW._replace(is_current=0)
    versions = [
        gone,
        gone._replace(file=2),  # the same version was in another file, for longer
        gone._replace(id="back", version_id="old"),
        gone._replace(id="back", is_current=1, file=3),
    ]
    index = written(rows=[*versions, *files])
    assert index.rows("SELECT * FROM deletions") == [("4.0", "List", "asthma", late)]
    assert index.value("SELECT file FROM versions WHERE id = 'asthma'") == 2
