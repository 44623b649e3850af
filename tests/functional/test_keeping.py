"""`healthtopics catalogue update` and `keep`: the English changes, and an editor says what still holds."""

import os
import pty
import subprocess
import sys

import pytest

from support.workspaces import Workspace

PO = "locales/es/LC_MESSAGES/fever.po"
OLD = "A fever is a high body temperature."
SPANISH = "La fiebre es una temperatura corporal alta."


def saying(workspace: Workspace, text: str, topic: str = "fever") -> None:
    """Change the English of a topic's only paragraph, and update its catalogue."""
    workspace.edit_topic(
        topic, lambda document: document["sections"][0]["body"].__setitem__(0, {"paragraph": text})
    )
    workspace.run("catalogue", "update")


@pytest.fixture
def slip(fresh: Workspace) -> Workspace:
    """A typo in the English was corrected; another text has the word."""
    fresh.edit_topic(
        "cough", lambda topic: topic["sections"][0]["body"].append({"paragraph": "Measure the temperature."})
    )
    fresh.replace("topics/fever.json", "temperature", "temperatrue")
    fresh.replace(PO, OLD, OLD.replace("temperature", "temperatrue"))
    fresh.replace("topics/fever.json", "temperatrue", "temperature")
    fresh.run("catalogue", "update")
    return fresh


@pytest.fixture
def reworded(fresh: Workspace) -> Workspace:
    """The English says something else."""
    saying(fresh, "A fever is a very high temperature.")
    return fresh


def po(workspace: Workspace) -> str:
    return (workspace.folder / PO).read_text()


class TestSuggestions:
    def test_a_text_of_another_topic_is_offered_as_fuzzy(self, fresh: Workspace) -> None:
        saying(fresh, OLD, "cough")
        text = (fresh.folder / "locales/es/LC_MESSAGES/cough.po").read_text()
        assert "# suggested: fever (100 %).\n" in text
        assert f'#, fuzzy\nmsgctxt "paragraph"\nmsgid "{OLD}"\nmsgstr "{SPANISH}"\n' in text
        assert fresh.run("catalogue", "update").out == "0 catalogues changed.\n"

    def test_none_on_demand(self, fresh: Workspace) -> None:
        fresh.edit_topic("cough", lambda topic: topic["sections"][0]["body"].append({"paragraph": OLD}))
        fresh.run("catalogue", "update", "--no-suggestions")
        assert f'msgid "{OLD}"\nmsgstr ""\n' in (fresh.folder / "locales/es/LC_MESSAGES/cough.po").read_text()


class TestKeep:
    def test_a_corrected_typo_is_shown_and_kept(self, slip: Workspace) -> None:
        assert "#, fuzzy" in po(slip)
        done = slip.run("catalogue", "keep", "--yes")
        assert done.out.splitlines()[1:] == [
            "  A fever is a high body [-temperatrue-]{+temperature+}.",
            f"  {SPANISH}",
            "1 translation kept.",
        ]
        assert done.out.startswith(f"{PO}:")
        text = po(slip)
        assert "fuzzy" not in text
        assert "suggested" not in text
        assert "#|" not in text
        assert '"PO-Revision-Date: 2026-11-12' not in text
        assert slip.run("catalogue", "update").out == "0 catalogues changed.\n"
        assert slip.run("catalogue", "keep").out == "Nothing was changed.\n"

    def test_a_change_is_not_a_typo_if_another_text_has_the_old_word(self, slip: Workspace) -> None:
        slip.edit_topic(
            "cough", lambda topic: topic["sections"][0]["body"].append({"paragraph": "A temperatrue."})
        )
        assert "1 fuzzy translation left" in slip.run("catalogue", "keep", "--yes").out

    def test_a_change_of_sense_needs_its_line(self, reworded: Workspace) -> None:
        before = po(reworded)
        done = reworded.run("catalogue", "keep", "--yes")
        (row,) = reworded.run("catalogue", "keep", "--json").json["entries"]
        assert done.out.splitlines() == [
            "1 fuzzy translation left: name the line with --entry, or use --all.",
            f"  {PO}:{row['line']}  A fever is a {{+very +}}high[- body-] temperature.",
            "Nothing was changed.",
        ]
        assert po(reworded) == before
        assert "kept." in reworded.run("catalogue", "keep", "fever", "--entry", str(row["line"]), "-y").out
        assert "fuzzy" not in po(reworded)

    def test_the_words_of_the_vocabulary_too(self, fresh: Workspace) -> None:
        path = "locales/es/LC_MESSAGES/vocabulary.po"
        entry = 'msgctxt "label"\nmsgid "Symptoms"\n'
        fresh.replace(path, entry, f'#, fuzzy\n#| msgid "Symtpoms"\n{entry}')
        assert f"{path}:" in fresh.run("catalogue", "keep", "--yes").out
        assert "fuzzy" not in (fresh.folder / path).read_text()

    def test_all_at_once(self, reworded: Workspace) -> None:
        assert reworded.run("catalogue", "keep", "--all", "--yes").out.endswith("1 translation kept.\n")

    def test_json(self, slip: Workspace) -> None:
        (row,) = slip.run("catalogue", "keep", "--json", "--dry-run").json["entries"]
        assert row == {
            "path": PO,
            "line": row["line"],
            "language": "es",
            "topic": "fever",
            "role": "paragraph",
            "previous": OLD.replace("temperature", "temperatrue"),
            "english": OLD,
            "difference": [
                {"kind": "same", "text": "A fever is a high body "},
                {"kind": "removed", "text": "temperatrue"},
                {"kind": "added", "text": "temperature"},
                {"kind": "same", "text": "."},
            ],
            "translation": SPANISH,
            "typoOnly": True,
            "errors": [],
            "kept": False,
        }
        assert slip.run("catalogue", "keep", "--json", "--yes").json["entries"][0]["kept"] is True
        assert "fuzzy" not in po(slip)

    def test_a_dry_run_changes_nothing(self, slip: Workspace) -> None:
        before = po(slip)
        assert slip.run("catalogue", "keep", "--dry-run").out.endswith("Nothing was changed.\n")
        assert po(slip) == before

    @pytest.mark.parametrize("arguments", [[], ["--json"]])
    def test_without_a_terminal_nothing_is_asked(self, slip: Workspace, arguments: list[str]) -> None:
        before = po(slip)
        done = slip.run("catalogue", "keep", *arguments, code=2)
        assert "--yes" in done.err
        assert "kept" not in done.out
        assert po(slip) == before

    def test_what_would_hold_the_edition_is_not_kept(self, fresh: Workspace) -> None:
        saying(fresh, "A <em>fever</em> is a high body temperature.")
        before = po(fresh)
        done = fresh.run("catalogue", "keep", "--all", "--yes", code=1)
        assert "not kept: tag-lost: " in done.err
        assert done.out.endswith("Nothing was changed.\n")
        assert po(fresh) == before

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [(["--entry", "3"], "one topic"), (["fever", "--entry", "3"], "line 3 starts no entry")],
    )
    def test_a_line_that_names_nothing(self, slip: Workspace, arguments: list[str], says: str) -> None:
        error = " ".join(slip.run("catalogue", "keep", *arguments, code=2).err.replace("│", " ").split())
        assert says in error

    @pytest.mark.parametrize(("answer", "is_kept"), [("y", True), ("n", False)])
    def test_at_a_terminal_the_user_is_asked(self, slip: Workspace, answer: str, *, is_kept: bool) -> None:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-c", "from healthtopics.cli import main; main()", "catalogue", "keep"]
        with subprocess.Popen(
            command, cwd=slip.folder, stdin=theirs, stdout=theirs, stderr=theirs
        ) as running:
            os.close(theirs)
            os.write(ours, f"{answer}\n".encode())
            said = b""
            while more := read(ours):
                said += more
        os.close(ours)
        assert running.returncode == 0
        assert b"Keep 1 translation? [y/N]: " in said
        assert ("fuzzy" not in po(slip)) is is_kept


def read(terminal: int) -> bytes:
    """Return what comes next from a terminal; nothing where it was closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
