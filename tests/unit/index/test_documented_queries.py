"""The queries in docs/exports.md run in the sqlite3 of the system, and answer what they say."""

import re
import subprocess
from typing import Any

import pytest

from support.indexes import bundled_index
from support.samples import ROOT

SECTION = (
    (ROOT / "docs/exports.md").read_text().partition("\n## The index in tables\n")[2].partition("\n## ")[0]
)
QUERIES = dict(re.findall(r"\*\*(.*?)\*\*[^\n]*\n(?:[^\n]+\n)*\n```sql\n(.*?)```", SECTION, re.DOTALL))
ANSWERS: dict[str, Any] = {
    "Topics with a word, the best first": lambda lines: lines[0] == "miscarriage|Aborto espontáneo",
    "Topics with any form of a word": lambda lines: {"miscarriage", "recurrent-miscarriage"} <= {*lines},
    "The topic of a code": lambda lines: (
        lines == ["miscarriage|Aborto espontáneo|https://healthtopics.example.org/es/miscarriage"]
    ),
    "The topics of a group": lambda lines: lines[0] == "A|Amniocentesis",
    "One section of an edition": lambda lines: lines[0].startswith("Why do miscarriages happen?|"),
    "What has changed since a release": lambda lines: lines[0] == "1|amniocentesis|en|added",
    "Where a FHIR resource is": lambda lines: (
        len(lines) == 1 and "|fhir/r4/ndjson/Composition-" in lines[0] and lines[0].endswith("|1")
    ),
}


def test_every_query_has_an_answer() -> None:
    assert QUERIES.keys() == ANSWERS.keys()
    assert len(QUERIES) == SECTION.count("```sql")


@pytest.mark.sqlite3
@pytest.mark.parametrize("name", ANSWERS)
def test_the_sqlite_of_the_system_answers_a_documented_query(name: str) -> None:
    uri = f"{bundled_index().path.as_uri()}?immutable=1"
    done = subprocess.run(["sqlite3", uri, QUERIES[name]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert ANSWERS[name](done.stdout.splitlines()), done.stdout


def test_every_table_is_described() -> None:
    tables = """
        SELECT name FROM sqlite_schema
        WHERE type IN ('table', 'view') AND (name = 'search_rows' OR name NOT LIKE 'search%')
            AND name NOT LIKE 'stored%' AND name NOT LIKE 'sqlite%'
    """
    internal = {"files", "pages", "texts", "versions"}  # what views show
    described = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (.*?) \|", SECTION, re.MULTILINE))))
    names = {name for (name,) in bundled_index().rows(tables)}
    assert names - internal == described - {"search_en", "search_es"}
