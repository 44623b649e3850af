"""The catalogues that we ship: complete, canonical, accepted by gettext's own tools."""

import subprocess
from pathlib import Path

import pytest

from healthtopics.catalogues import po
from support.samples import ROOT
from support.workspaces import Workspace, run

CATALOGUES = sorted(
    [*ROOT.glob("locales/*/LC_MESSAGES/*.po"), *ROOT.glob("src/healthtopics/example/locales/*/*/*.po")]
)
each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)


def test_every_topic_and_the_vocabulary_have_one() -> None:
    topics = {path.stem for path in ROOT.glob("topics/*.json")}
    assert {path.stem for path in CATALOGUES} == {*topics, "vocabulary", "interface", "handwashing"}


@each_catalogue
def test_it_is_canonical_and_has_nothing_fuzzy_or_obsolete(path: Path) -> None:
    text = po.parse(path.read_bytes(), path.name)
    assert text.warnings == ()
    assert po.serialize(text.file) == path.read_bytes()
    assert not [entry.msgid for entry in text.file if entry.fuzzy or entry.obsolete]


@each_catalogue
def test_every_message_is_translated_but_names_that_stay(path: Path) -> None:
    open_ = [entry for entry in po.parse(path.read_bytes(), path.name).file if not entry.msgstr]
    assert {entry.msgctxt for entry in open_} <= {"organization"}


@pytest.mark.gettext
@each_catalogue
def test_gettext_accepts_it_and_would_write_the_same_bytes(path: Path, tmp_path: Path) -> None:
    subprocess.run(["msgfmt", "--check", "-o", tmp_path / "x.mo", path], check=True)
    canonical = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True)
    assert canonical.stdout == path.read_bytes()


def test_an_update_would_change_nothing(tmp_path: Path) -> None:

    for name in ("topics", "locales", "vocabulary"):
        subprocess.run(["cp", "-r", ROOT / name, tmp_path], check=True)
    (tmp_path / "healthtopics.toml").write_bytes((ROOT / "healthtopics.toml").read_bytes())
    assert run("catalogue", "update", folder=tmp_path).out == "0 catalogues changed.\n"


@pytest.mark.parametrize("name", ["vocabulary", "interface"])
def test_the_words_are_checked_by_name(fresh: Workspace, name: str) -> None:
    fresh.run("catalogue", "update", name)
    assert fresh.run("catalogue", "check", name).out == "No problems.\n"
    path = f"locales/es/LC_MESSAGES/{name}.po"
    message = next(each for each in po.parse((fresh.folder / path).read_bytes(), path).file if each.msgstr)
    fresh.edit_catalogue(name, message.msgid, is_fuzzy=True)
    fresh.edit_catalogue("cough", "Cough", msgstr="")  # not asked about
    (found,) = fresh.run("catalogue", "check", name, "--json").json["problems"]
    assert (found["path"], found["check"]) == (path, "message-fuzzy")


def test_help_names_the_catalogues_of_words(fresh: Workspace) -> None:
    assert "`vocabulary` or `interface`" in " ".join(fresh.run("catalogue", "check", "--help").out.split())
