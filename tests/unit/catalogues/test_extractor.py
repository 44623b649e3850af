"""`pybabel extract` on topics: what our entry point gives, and what Babel makes of it."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file

from healthtopics.catalogues import po
from healthtopics.catalogues.extractor import extract_topic
from healthtopics.catalogues.messages import extract
from healthtopics.errors import JsonTextError
from healthtopics.jsontext import load
from healthtopics.schema import packaged, plan_messages
from support.samples import ROOT
from support.workspaces import Workspace, create

FILES = sorted(
    [*ROOT.glob("topics/*.json"), *ROOT.glob("vocabulary/*.json"), *ROOT.glob("schema/vocabulary/*.json")]
)
SOME = """\
{"id": "cold", "title": "Cold",
 "alsoCalled": [
  "Common cold",
  "Coryza", {"text": "Resfriado", "language": "es"}
 ],
 "sections": [
  {"id": "a", "heading": "Cold",
   "body": [{"paragraph":
     "About 1% chance."}]},
  {"id": "b", "unit": "section", "heading": "B",
   "body": [
    {"paragraph": "One."},
    {"list": ["Cold"]}]}]}
"""


class Named(io.BytesIO):
    name = "/somewhere/topics/cold.json"


def test_every_place_of_a_message_has_its_line() -> None:
    found = list(extract_topic(Named(SOME.encode()), (), (), options={}))
    assert [(line, function, key) for line, function, key, _ in found] == [
        (1, "pgettext", ("title", "Cold")),
        (3, "pgettext", ("also-called", "Common cold\nCoryza")),
        (7, "pgettext", ("heading", "Cold")),
        (9, "pgettext", ("paragraph", "About 1% chance.")),
        (10, "pgettext", ("heading", "B")),
        (12, "pgettext", ("section", "<p>One.</p>\n<ul>\n<li>Cold</li>\n</ul>")),
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_messages_and_comments_are_those_of_our_own_template(path: Path) -> None:
    document = load(path.read_bytes())
    name = "vocabulary.schema.json" if "entries" in document else "topic.schema.json"
    own = extract(plan_messages(packaged(name)), document, path.relative_to(ROOT).as_posix())
    method = f"{extract_topic.__module__}:{extract_topic.__name__}"
    found = extract_from_file(method, path, DEFAULT_KEYWORDS)
    assert {(context, text): tuple(comments) for _, text, comments, context in found} == {
        (message.key.msgctxt, message.key.msgid): message.comments for message in own
    }
    assert dict.fromkeys((context, text) for _, text, _, context in found) == dict.fromkeys(
        (message.key.msgctxt, message.key.msgid) for message in own
    )
    lines = path.read_text().split("\n")
    for line, text, _, _ in found:
        assert isinstance(text, str)
        first = text.split("\n")[0].replace('"', '\\"')
        assert first in lines[line - 1]


def test_invalid_json_is_reported_with_its_place() -> None:
    with pytest.raises(JsonTextError, match=r"topics/cold\.json:1"):
        list(extract_topic(Named(b'{"title": }'), (), (), options={}))


def pybabel(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], cwd=folder, check=True
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create(tmp_path / "workspace")
    made.edit_topic(
        "fever", lambda topic: topic["sections"][0].update(body=[{"paragraph": "About 0.1 % of people."}])
    )
    return made


def test_pybabel_finds_the_extractor_by_its_name(workspace: Workspace) -> None:
    workspace.write("babel.cfg", "[healthtopics: topics/**.json]\n[healthtopics: vocabulary/**.json]\n")
    pybabel(workspace.folder, "extract", "-F", "babel.cfg", "-o", "messages.pot", ".")
    file = po.parse((workspace.folder / "messages.pot").read_bytes(), "messages.pot").file
    (title,) = [entry for entry in file if entry.msgid == "Fever"]
    assert (title.msgctxt, title.comment) == ("title", "The title of the topic.\nLimit: 120 characters.")
    assert title.occurrences == [("topics/fever.json", "4")]
    assert {"Asthma", "Example Clinic", "Organizations"} <= {entry.msgid for entry in file}


@pytest.mark.gettext
def test_an_update_removes_the_format_flag_that_babel_gives_a_percentage(workspace: Workspace) -> None:
    path = "locales/es/LC_MESSAGES/fever.po"
    workspace.write("babel.cfg", "[healthtopics: topics/fever.json]\n")
    pybabel(workspace.folder, "extract", "-F", "babel.cfg", "-o", "fever.pot", ".")
    pybabel(workspace.folder, "init", "-l", "es", "-i", "fever.pot", "-o", path)
    text = (workspace.folder / path).read_text()
    # Where this fails, Babel guesses better, and docs/languages.md has a paragraph too many.
    assert "#, python-format" in text
    workspace.replace(
        path,
        'msgid "About 0.1 % of people."\nmsgstr ""',
        'msgid "About 0.1 % of people."\nmsgstr "Al 0,1 %."',
    )
    msgfmt = ["msgfmt", "--check", "-o", "fever.mo", path]
    assert subprocess.run(msgfmt, cwd=workspace.folder, check=False, capture_output=True).returncode
    workspace.run("catalogue", "update", "fever")
    assert "python-format" not in (workspace.folder / path).read_text()
    subprocess.run(msgfmt, cwd=workspace.folder, check=True)
