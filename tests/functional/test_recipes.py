"""The recipes of CONTRIBUTING.md, each followed in a copy of the tree: it touches the files that it lists."""

import json
import re
from pathlib import Path

import pytest

from healthtopics.release import read_artifact
from support.recipes import Recipe, Tree
from support.workspaces import TOPICS, Workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "tree")


CHECK = '''

def check_emoticon(pair: Pair) -> Iterator[Finding]:
    """Yield an emoticon that the English does not have."""
    if ":-)" in pair.target and ":-)" not in pair.source:
        yield EMOTICON_ADDED.finding("“:-)” is not in the English text.", "Remove it.")


EMOTICON_ADDED: Final = Check("emoticon-added", check_emoticon, level=Level.WARNING)
'''


def test_a_check_of_translations(tree: Tree, fresh: Workspace) -> None:
    recipe = Recipe("Add a check of translations", {"subject": "typography", "id": "emoticon-added"})
    right, wrong = "La tos mantiene despejada la garganta.", "La tos mantiene despejada la garganta. :-)"
    path = "src/healthtopics/checks/typography.py"
    (tree.folder / path).write_text((tree.folder / path).read_text() + CHECK)
    english = "A cough keeps your throat clear."
    pair = {"role": "paragraph", "english": english, "right": [right], "wrong": [wrong]}
    example = {"check": "emoticon-added", "level": "warning", "pairs": [pair]}
    tree.write("tests/examples/checks/emoticon-added.json", json.dumps(example))
    (line,) = re.findall(
        r"^\| `gender-brackets` .*\n", (tree.folder / "docs/checks.md").read_text(), re.MULTILINE
    )
    tree.insert(
        "docs/checks.md",
        line,
        f"| `emoticon-added` | warning | an emoticon is not health information | {right} | {wrong} |\n",
    )

    tree.follow(recipe)
    fresh.edit_catalogue("cough", english, msgstr=wrong)
    assert "emoticon-added" in tree.healthtopics("catalogue", "check", "cough", folder=fresh.folder)


def test_a_language(tree: Tree, tmp_path: Path) -> None:
    recipe = Recipe("Teach the checks a language", {"tag": "pt"})
    data = json.loads((tree.folder / "src/healthtopics/data/languages/es.json").read_text())
    del data["prose"]
    data["negation"]["plain"] = ["não", "sem"]
    tree.write("src/healthtopics/data/languages/pt.json", json.dumps(data, ensure_ascii=False))
    catalogue = tmp_path / "fever.po"

    def check(msgstr: str) -> str:
        header = 'msgid ""\nmsgstr "Language: pt\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
        entry = f'msgctxt "paragraph"\nmsgid "Do not take more."\nmsgstr "{msgstr}"\n'
        catalogue.write_text(header + entry)
        code = int("Não" not in msgstr)
        return tree.healthtopics("catalogue", "check", "--file", str(catalogue), folder=tmp_path, code=code)

    tree.follow(recipe)
    assert "negation-lost" in check("Tome mais.")
    assert "negation-lost" not in check("Não tome mais.")


FORMAT = '''"""The headlines of topics, for a list of them."""

from collections.abc import Iterator
from typing import Any

from healthtopics.formats.account import Account
from healthtopics.formats.format import CheckContext, Format
from healthtopics.jsontext import Document
from healthtopics.problems import Level, Problem
from healthtopics.topic import Edition, LocalizedTopic


def export(topic: LocalizedTopic, edition: Edition) -> dict[str, Any]:
    """Return the title of an edition, and where it is."""
    title = {"text": topic.title.value, "language": topic.title.language}
    return {"title": title, "page": edition.card.page}


def check(document: Document, path: str, _context: CheckContext) -> Iterator[Problem]:
    """Yield a title in capitals."""
    if document["title"]["text"].isupper():
        yield Problem("public-schema", Level.ERROR, path, message="the title is in capitals.")


def read(document: Document) -> Account:
    """Return what a document says."""
    title = document["title"]
    return Account(language=title["language"], address=document["page"], title=title["text"])


HEADLINES = Format(
    name="headlines",
    label="Headlines",
    media_type="application/json",
    folder="headlines",
    suffix=".json",
    schema="public/headlines.schema.json",
    export=export,
    check=check,
    read=read,
)
'''
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://healthtopics.example/schema/1/public/headlines.schema.json",
    "title": "Headlines",
    "description": "The title of an edition.",
    "type": "object",
    "properties": {"title": {"type": "object"}, "page": {"type": "string"}},
    "required": ["title", "page"],
    "additionalProperties": False,
}


def test_a_format(tree: Tree, fresh: Workspace) -> None:
    recipe = Recipe("Add a format", {"name": "headlines"})
    tree.write("src/healthtopics/formats/headlines.py", FORMAT)
    tree.insert(
        "src/healthtopics/formats/table.py",
        '    "html": "healthtopics.formats.html.row:HTML",\n',
        '    "headlines": "healthtopics.formats.headlines:HEADLINES",\n',
    )
    tree.write("schema/public/headlines.schema.json", json.dumps(SCHEMA, indent=2))

    tree.follow(recipe)
    fresh.replace("healthtopics.toml", 'cadence = "P1D"', 'cadence = "P1D"\nformats = ["headlines"]')
    tree.healthtopics("publish", folder=fresh.folder)
    assert fresh.artifact("headlines/es/asthma.json") == {
        "title": {"text": "Asma", "language": "es"},
        "page": "https://topics.example.org/es/asthma",
    }


PROPERTY = """
    "pronunciation": {
      "$ref": "#/$defs/text",
      "description": "How the title is pronounced.",
      "x-message": {"role": "pronunciation", "comment": "How the title is pronounced in your language."}
    },"""


def test_a_field_that_is_translated_and_shown(tree: Tree, fresh: Workspace) -> None:
    recipe = Recipe("Add a field that is translated and shown", {})
    schema = (tree.folder / "schema/topic.schema.json").read_text()
    (before,) = re.findall(r'\n    "description": \{\n      "\$ref".*?\n    \},', schema, re.DOTALL)
    tree.insert("schema/topic.schema.json", before, PROPERTY)
    tree.insert(
        "src/healthtopics/topic/model.py",
        "    description: Text | None = None\n",
        "    pronunciation: Text | None = None\n",
    )
    tree.insert(
        "src/healthtopics/formats/html/templates/page.html",
        "<h1>{{ page.say(topic.title) }}</h1>\n",
        "{% if topic.pronunciation %}\n<p>{{ page.say(topic.pronunciation) }}</p>\n{% endif %}\n",
    )
    tree.insert(
        "src/healthtopics/formats/html/checking.py",
        "    plain: list[Text] = [topic.title, *topic.also_called, *topic.see_references]\n",
        "    plain += texts_in(topic.pronunciation)\n",
    )

    tree.follow(recipe)
    fresh.replace("healthtopics.toml", 'cadence = "P1D"', 'cadence = "P1D"\nformats = ["schemaorg", "html"]')
    fresh.add_topic({**TOPICS["cough"], "pronunciation": "KOF"})
    tree.healthtopics("catalogue", "update", folder=fresh.folder)
    fresh.edit_catalogue("cough", "KOF", msgstr="TOS, con o corta")
    tree.healthtopics("catalogue", "check", "cough", folder=fresh.folder)
    tree.healthtopics("publish", folder=fresh.folder)
    name = "html/es/cough.html"
    page = read_artifact(fresh.store, name, fresh.current().manifest.files[name])
    assert b"<p>TOS, con o corta</p>" in page
