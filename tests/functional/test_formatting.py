"""`healthtopics catalogue format`, and what other tools make of a catalogue in its canonical form."""

import shutil
import subprocess
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import polib
import pytest

from healthtopics.catalogues import po
from support.samples import ROOT
from support.workspaces import Workspace, run, tree

PO = "locales/es/LC_MESSAGES/fever.po"
EXAMPLES = ROOT / "tests" / "examples" / "catalogues" / "valid"


class TestFormat:
    def test_a_canonical_workspace_stays(self, fresh: Workspace) -> None:
        before = {path: path.stat().st_mtime_ns for path in fresh.folder.rglob("*")}
        assert fresh.run("catalogue", "format").out == "0 catalogues changed.\n"
        assert fresh.run("catalogue", "format", "--check").out == "0 catalogues would change.\n"
        assert {path: path.stat().st_mtime_ns for path in fresh.folder.rglob("*")} == before

    def test_what_an_editor_wrapped_is_one_line_again(self, fresh: Workspace) -> None:
        before = (fresh.folder / PO).read_bytes()
        fresh.replace(PO, 'msgstr "Fiebre"', 'msgstr ""\n"Fie"\n"bre"')
        done = fresh.run("catalogue", "format")
        assert done.out == f"formatted {PO}\n1 catalogue changed.\n"
        assert (fresh.folder / PO).read_bytes() == before

    def test_an_obsolete_entry_joins_the_live_one_and_loses_nothing(self, fresh: Workspace) -> None:
        before = (fresh.folder / PO).read_text()
        obsolete = (
            "# Ask Dr. Ruiz.\n# lint-ignore: number-lost\n"
            '#~ msgctxt "title"\n#~ msgid "Fever"\n#~ msgstr "Calen\\ttura\\n2"\n'
        )
        fresh.write(PO, f"{before}\n{obsolete}\n" + obsolete.split("\n", 2)[2].replace("Calen", "Tempera"))
        done = fresh.run("catalogue", "check", "fever", code=1)
        assert "po-duplicate" in done.out
        assert "Run `healthtopics catalogue format`: it keeps the live entry" in done.out
        assert "“Fever”: an obsolete entry joins the live one" in fresh.run("catalogue", "format").out
        kept = (
            "# Ask Dr. Ruiz.\n# Translation of the obsolete entry: Calen\\ttura\\n2\n"
            "# Translation of the obsolete entry: Tempera\\ttura\\n2\n"
        )
        (title,) = [each for each in before.split("\n\n") if 'msgctxt "title"' in each]
        assert (fresh.folder / PO).read_text() == before.replace(title, kept + title)
        fresh.run("catalogue", "check", "fever")
        assert fresh.run("catalogue", "format").out == "0 catalogues changed.\n"
        fresh.run("catalogue", "update")
        assert "Tempera" in (fresh.folder / PO).read_text()

    def test_check_writes_nothing_and_names_each_file(self, fresh: Workspace) -> None:
        for name in ("asthma", "fever"):
            path = f"locales/es/LC_MESSAGES/{name}.po"
            fresh.write(path, (fresh.folder / path).read_bytes() + b"\n")
        before = dict(tree(fresh.folder))
        done = fresh.run("catalogue", "format", "--check", code=1)
        assert done.out.splitlines() == [
            "would format locales/es/LC_MESSAGES/asthma.po",
            f"would format {PO}",
            "2 catalogues would change.",
        ]
        assert dict(tree(fresh.folder)) == before

    def test_byte_order_mark_and_windows_line_ends_are_removed_and_reported(self, fresh: Workspace) -> None:
        before = (fresh.folder / PO).read_bytes()
        fresh.write(PO, b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
        done = fresh.run("catalogue", "format")
        assert done.out.startswith(f"formatted {PO} (byte order mark and Windows line ends removed)\n")
        assert done.err == ""
        assert (fresh.folder / PO).read_bytes() == before

    def test_a_file_that_cannot_be_read_stays_and_the_others_are_formatted(self, fresh: Workspace) -> None:
        fresh.replace(PO, 'msgstr "Fiebre"', 'msgstr "Fiebre\n"Otra')
        broken = (fresh.folder / PO).read_bytes()
        other = "locales/es/LC_MESSAGES/cough.po"
        fresh.write(other, (fresh.folder / other).read_bytes().replace(b"\n", b"\r\n"))
        done = fresh.run("catalogue", "format", code=1)
        assert done.err.count("po-unterminated") == 2
        assert done.out.splitlines() == [
            f"formatted {other} (Windows line ends removed)",
            "1 catalogue changed.",
        ]
        assert (fresh.folder / PO).read_bytes() == broken

    def test_unreadable_topics_do_not_prevent_formatting(self, fresh: Workspace) -> None:
        fresh.write("topics/fever.json", b"{")
        fresh.replace(PO, 'msgstr "Fiebre"', 'msgstr "Fie" "bre"')
        assert fresh.run("catalogue", "format").out == f"formatted {PO}\n1 catalogue changed.\n"

    def test_only_what_is_named(self, fresh: Workspace) -> None:
        fresh.write(PO, (fresh.folder / PO).read_bytes() + b"\n")
        assert fresh.run("catalogue", "format", "cough").out == "0 catalogues changed.\n"
        assert "Did you mean 'fever'" in fresh.run("catalogue", "format", "fevre", code=2).err
        assert fresh.run("catalogue", "format", "fever", "--language", "es").out.startswith(f"formatted {PO}")

    def test_a_catalogue_without_a_topic_too(self, fresh: Workspace) -> None:
        (fresh.folder / "topics/fever.json").unlink()
        fresh.write(PO, (fresh.folder / PO).read_bytes() + b"\n")
        assert fresh.run("catalogue", "format", "fever").out.startswith(f"formatted {PO}")

    def test_files_outside_a_workspace(self, tmp_path: Path) -> None:
        for name in ("bom", "crlf"):
            shutil.copy(EXAMPLES / f"{name}.po", tmp_path)
        done = run("catalogue", "format", "--file", "bom.po", "--file", "crlf.po", folder=tmp_path)
        assert done.out.splitlines() == [
            "formatted bom.po (byte order mark removed)",
            "formatted crlf.po (Windows line ends removed)",
            "2 catalogues changed.",
        ]
        assert run("catalogue", "format", "--file", "no.po", folder=tmp_path).code == 2
        assert run("catalogue", "format", "fever", "--file", "bom.po", folder=tmp_path).code == 2

    def test_a_comment_without_an_entry_is_kept_and_reported(self, tmp_path: Path) -> None:
        shutil.copy(EXAMPLES / "comment-at-the-end.po", tmp_path / "es.po")
        done = run("catalogue", "format", "--file", "es.po", folder=tmp_path)
        assert "po-comment" in done.err
        assert "Ask the editor." in (tmp_path / "es.po").read_text()


# ── one translation is changed with another tool: nothing else is ──

CATALOGUES = sorted(
    [*ROOT.glob("locales/*/LC_MESSAGES/*.po"), *ROOT.glob("src/healthtopics/example/locales/*/*/*.po")]
)
FEATURES = [EXAMPLES / "canonical.po", EXAMPLES / "everything.po"]

Tool = Callable[[Path], None]


def msgcat(file: Path) -> None:
    """`msgcat` after an edit by hand, or of a script."""
    _edit(file)
    subprocess.run(["msgcat", "--no-wrap", "-o", file, file], check=True)


def poedit(file: Path) -> None:
    """Poedit writes the file and its marks in the header, then has msgcat put it in form."""
    _edit(file)
    text = po.parse(file.read_bytes(), file.name).file
    text.metadata |= {"PO-Revision-Date": "2026-11-21 10:00+0000", "X-Generator": "Poedit 3.6"}
    file.write_bytes(po.serialize(text))
    subprocess.run(["msgcat", "--force-po", "--no-wrap", "-o", file, file], check=True)


def polib_(file: Path) -> None:
    text = polib.pofile(str(file), wrapwidth=0)
    entry = next(each for each in text if each.msgstr and not each.obsolete)
    entry.msgstr = f"Cambiado: {entry.msgstr}"
    text.save()


def _edit(file: Path) -> None:
    """Change the first translation that there is."""
    text = po.parse(file.read_bytes(), file.name).file
    entry = next(each for each in text if each.msgstr and not each.obsolete)
    entry.msgstr = f"Cambiado: {entry.msgstr}"
    file.write_bytes(po.serialize(text))


TOOLS = [
    pytest.param(msgcat, marks=pytest.mark.gettext),
    pytest.param(poedit, marks=pytest.mark.gettext),
    polib_,
]


@pytest.mark.parametrize("path", [*CATALOGUES, *FEATURES], ids=lambda path: path.stem)
@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_changes_only_what_the_translator_changed(tool: Tool, path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    file = tmp_path / path.name
    file.write_bytes(before)
    tool(file)
    written = file.read_bytes()
    after = po.serialize(po.parse(written, path.name).file)
    assert changed(before, after) <= {"translation", "PO-Revision-Date", "X-Generator"}
    assert "translation" in changed(before, after)
    assert after.count(b"Cambiado: ") == 1
    if (tool, path.stem) != (polib_, "everything"):  # it writes a space after the `#` of an empty comment
        assert written == after, "the tool alone leaves the canonical form"


def changed(before: bytes, after: bytes) -> set[str]:
    """Name what differs: fields of the header, the translation, or the lines as they are."""
    one, other = (data.decode().split("\n") for data in (before, after))
    lines = [
        line
        for line in unified_diff(one, other, lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    return {_kind(line[1:]) for line in lines}


def _kind(line: str) -> str:
    if "Cambiado: " in line or line.startswith("msgstr"):
        return "translation"
    for name in ("PO-Revision-Date", "X-Generator"):
        if line.startswith(f'"{name}:'):
            return name
    return line
