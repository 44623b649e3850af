"""`locales/<language>/words.txt`: words that spelling accepts in one workspace."""

import asyncio
from pathlib import Path

import pytest

from support.editors import editor
from support.workspaces import LUNGS, Workspace

PO = "locales/es/LC_MESSAGES/asthma.po"
WORDS = "locales/es/words.txt"
WORD = "escalofrias"


def unknown(workspace: Workspace, *words: str) -> list[str]:
    found = workspace.run("catalogue", "check", "--json", *words).json["problems"]
    return [each["check"] for each in found if each["check"].startswith("word")]


@pytest.fixture
def spelt(fresh: Workspace) -> Workspace:
    """A workspace with a word that no dictionary has."""
    msgstr = f"El asma es una enfermedad de los <strong>pulmones</strong>: {WORD}."
    fresh.edit_catalogue("asthma", LUNGS, msgstr=msgstr)
    return fresh


def test_a_word_is_accepted_where_the_workspace_lists_it(spelt: Workspace) -> None:
    assert unknown(spelt) == ["word-unknown"]
    hint = f"Is it spelt right? If so, add it to {WORDS}, or dismiss this."
    assert hint in spelt.run("catalogue", "check", "--verbose").out
    spelt.write(WORDS, f"# of our style guide\n{WORD.upper()}\n")
    assert unknown(spelt) == []
    spelt.write(WORDS, "other\n")
    assert unknown(spelt) == ["word-unknown"]


def test_a_file_by_itself_is_judged_with_the_words_of_its_workspace(spelt: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "sent.po"
    file.write_bytes((spelt.folder / PO).read_bytes())
    spelt.write(WORDS, f"{WORD}\n")
    assert unknown(spelt, "--file", PO) == []
    assert unknown(spelt, "--file", str(file)) == ["word-unknown"]
    assert unknown(spelt, "--file", str(file), "--workspace", str(spelt.folder)) == []


@pytest.mark.parametrize(("word", "is_found"), [("other", True), (WORD, False)])
def test_an_editor_judges_with_the_words(spelt: Workspace, word: str, *, is_found: bool) -> None:
    spelt.write(WORDS, f"{word}\n")

    async def edit() -> list[object]:
        async with editor(spelt.folder) as mine:
            path = spelt.folder / PO
            return [each.code for each in await mine.open(path, path.read_text())]

    assert ("word-unknown" in asyncio.run(edit())) is is_found


def test_an_editor_judges_again_when_only_the_words_change(spelt: Workspace) -> None:
    async def edit() -> None:
        async with editor(spelt.folder) as mine:
            path = spelt.folder / PO
            assert "word-unknown" in [each.code for each in await mine.open(path, path.read_text())]
            spelt.write(WORDS, f"{WORD}\n")
            await mine.told(path, until=lambda found: "word-unknown" not in [each.code for each in found])

    asyncio.run(edit())


def test_what_is_wrong_with_the_file_is_reported(spelt: Workspace) -> None:
    spelt.write(WORDS, f"{WORD}\ntwo words\n")
    for command in (("check",), ("catalogue", "check")):
        found = spelt.run(*command, "--json").json["problems"]
        assert [(each["check"], each["path"], each["line"]) for each in found] == [("words-line", WORDS, 2)]
    spelt.write(WORDS, "sí".encode("latin-1"))
    assert "words-encoding" in spelt.run("check", code=1).out


def test_words_alone_make_no_glossary(spelt: Workspace) -> None:
    spelt.replace("healthtopics.toml", "[languages.es]", "[languages.fr]\n\n[languages.es]")
    spelt.write("locales/fr/words.txt", "mot\n")
    assert "there is no glossary" in spelt.run("catalogue", "glossary", "-l", "fr", code=2).err
