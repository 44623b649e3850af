"""Poedit and Lokalize: one translation is typed and saved; the rest of the file stays as it is."""

import shutil
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final

import pytest

from conformance.support.screens import Screen, screen
from support.samples import ROOT

CATALOGUE: Final = ROOT / "locales/es/LC_MESSAGES/miscarriage.po"
TYPED: Final = "Un texto de prueba"


@pytest.fixture
def virtual() -> Iterator[Screen]:
    with screen() as found:
        yield found


def changed(file: Path) -> tuple[list[str], set[str]]:
    """Return the lines that were added outside the header, and the fields of the header that changed."""
    before, after = CATALOGUE.read_text().splitlines(), file.read_text().splitlines()
    lines = [each for each in unified_diff(before, after, n=0, lineterm="") if each[:3] not in ("---", "+++")]
    lines = [each for each in lines if not each.startswith("@@")]
    fields = {each[2:].partition(":")[0] for each in lines if each[1:2] == '"'}
    return [each for each in lines if each[0] == "+" and each[1:2] != '"'], fields


@pytest.mark.poedit
def test_poedit(virtual: Screen, tmp_path: Path) -> None:
    file = tmp_path / "miscarriage.po"
    shutil.copy(CATALOGUE, file)
    settings = virtual.home / ".config/poedit/config"
    settings.parent.mkdir(parents=True)
    settings.write_text("translator_name=Ann\ntranslator_email=ann@example.org\n")
    with virtual.running("poedit", file):
        window = virtual.do("search", "--sync", "--name", file.name).split()[0]
        virtual.type_until_saved(("100", "640"), TYPED, file, window)
    added, fields = changed(file)
    assert added == [f'+msgstr "{TYPED}"']
    assert fields == {"PO-Revision-Date", "Last-Translator", "X-Generator"}


@pytest.mark.lokalize
def test_lokalize(virtual: Screen, tmp_path: Path) -> None:
    file = tmp_path / "miscarriage.po"
    shutil.copy(CATALOGUE, file)
    shutil.copy(ROOT / "src/healthtopics/example/index.lokalize", tmp_path)
    settings = virtual.home / ".config/lokalizerc"
    settings.parent.mkdir(parents=True)
    settings.write_text("[Identity]\nauthorName=Ann\nauthorEmail=ann@example.org\ndefaultLangCode=es\n")
    with virtual.running(
        "dbus-run-session", "--", "lokalize", "--project", tmp_path / "index.lokalize", file
    ):
        window = virtual.do("search", "--sync", "--onlyvisible", "--class", "lokalize").split()[0]
        virtual.type_until_saved(("500", "290"), TYPED, file, window)
    added, fields = changed(file)
    assert [each for each in added if not each.startswith("+# Ann <ann@example.org>, ")] == [
        f'+msgstr "{TYPED}"'
    ]
    assert fields == {"PO-Revision-Date", "Last-Translator", "Language-Team", "X-Generator"}
