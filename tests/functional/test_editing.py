"""`healthtopics catalogue set`, `review`, `ask`, `answer`, `dismiss`, `questions`: work on single entries."""

import csv
import io
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from healthtopics.cli.exits import EXIT_TRY_AGAIN
from healthtopics.errors import StorageError
from healthtopics.storage.workspace import change_file, open_workspace
from support.workspaces import ACERCA, Workspace

PO = "locales/es/LC_MESSAGES/fever.po"
ASTHMA = "locales/es/LC_MESSAGES/asthma.po"
DAY = "2026-12-01T12:00:00+00:00"
SPANISH = "La fiebre es una temperatura corporal alta."


def name_in_git(workspace: Workspace, name: str) -> None:
    for words in (["init", "-q"], ["config", "user.name", name]):
        subprocess.run(["git", *words], cwd=workspace.folder, check=True)


@pytest.fixture
def po(fresh: Workspace) -> Callable[[], str]:
    return (fresh.folder / PO).read_text


@pytest.fixture
def line(po: Callable[[], str]) -> str:
    """The line of the paragraph's keyword."""
    lines = po().split("\n")
    return str(lines.index(f'msgstr "{SPANISH}"') + 1)


class TestSet:
    def test_only_the_entry_and_date_and_translator_change(
        self, fresh: Workspace, po: Callable[[], str], line: str
    ) -> None:
        before = po()
        done = fresh.run("catalogue", "set", "fever", "Otra.", "--entry", line, "--by", "Eva <e@clinic.org>")
        assert done.out.splitlines()[-1] == "1 message changed."
        after = po()
        assert [
            (old, new)
            for old, new in zip(before.split("\n"), after.split("\n"), strict=True)
            if old != new and not old.startswith(('"PO-Revision-Date: ', '"Last-Translator: '))
        ] == [(f'msgstr "{SPANISH}"', 'msgstr "Otra."')]
        assert '"Last-Translator: Eva <e@clinic.org>\\n"' in after
        assert '"PO-Revision-Date: 2026-11-12' not in after

    def test_what_is_replaced_is_shown_and_the_new_text_is_checked(self, fresh: Workspace, line: str) -> None:
        done = fresh.run("catalogue", "set", "fever", "La fiebre es de 39.", "--entry", line)
        assert f"It was “{SPANISH}”." in done.out
        assert "number-added" in done.err
        done = fresh.run("catalogue", "set", "fever", SPANISH, "--entry", line, "--json")
        assert done.json["problems"] == []

    def test_a_new_line_is_written_as_backslash_n(
        self, fresh: Workspace, po: Callable[[], str], line: str
    ) -> None:
        fresh.run("catalogue", "set", "fever", r"Una\ndos", "--entry", line, "--fuzzy")
        assert re.search(r'#, fuzzy\nmsgctxt.*\nmsgid.*\nmsgstr ""\n"Una\\n"\n"dos"\n', po())

    def test_it_can_depend_on_the_former_translation(
        self, fresh: Workspace, po: Callable[[], str], line: str
    ) -> None:
        before = po()
        words = ("catalogue", "set", "fever", "Otra.", "--entry", line, "--was")
        done = fresh.run(*words, "Calentura.", "--json", code=1)
        assert done.json["problems"][0]["check"] == "entry-changed"
        assert po() == before
        fresh.run(*words, SPANISH)
        assert 'msgstr "Otra."' in po()

    @pytest.mark.parametrize(
        ("words", "fault"),
        [
            (("fever", "Otra.", "--entry", "1"), f"no entry of {PO} is “1”. It is its kind"),
            (("fevers", "Otra.", "--entry", "9"), "there is no topic 'fevers'. Did you mean 'fever'?"),
        ],
    )
    def test_wrong_usage(self, fresh: Workspace, words: tuple[str, ...], fault: str) -> None:
        assert fault in fresh.run("catalogue", "set", *words, code=2).err

    def test_a_catalogue_that_is_not_there(self, fresh: Workspace) -> None:
        (fresh.folder / PO).unlink()
        assert f"there is no {PO}." in fresh.run("catalogue", "set", "fever", "x", "--entry", "9", code=2).err

    def test_nobody_is_named_who_did_not_translate(
        self, fresh: Workspace, po: Callable[[], str], line: str
    ) -> None:
        fresh.run("catalogue", "set", "fever", "Otra.", "--entry", line, "--by", "Eva")
        fresh.run("catalogue", "set", "fever", SPANISH, "--entry", line)
        assert '"Last-Translator: \\n"' in po()
        name_in_git(fresh, "Li Wei")
        fresh.run("catalogue", "set", "fever", "Otra.", "--entry", line)
        assert '"Last-Translator: Li Wei\\n"' in po()

    @pytest.mark.parametrize(
        "name",
        ["title", "/title", "topics/fever.json#/title", "Fever", "{line}", "{po}:{line}", "{po}:{line}:1:"],
    )
    def test_an_entry_has_names(self, fresh: Workspace, po: Callable[[], str], name: str) -> None:
        at = po().split("\n").index('msgctxt "title"') + 1
        done = fresh.run("catalogue", "set", "fever", "X", "--entry", name.format(line=at, po=PO))
        assert f"{PO}:{at}  “Fever”" in done.out
        assert 'msgid "Fever"\nmsgstr "X"\n' in po()

    def test_a_name_of_several_lists_them(self, fresh: Workspace, po: Callable[[], str]) -> None:
        before = po()
        done = fresh.run("catalogue", "set", "fever", "X", "--entry", "what is", code=0)
        assert "What is a fever?" in done.out
        done = fresh.run("catalogue", "set", "fever", "X", "--entry", "WHAT", code=2)
        assert "“WHAT” may be 2 entries; name one of them:" in done.err
        at = po().split("\n").index('msgctxt "description"') + 1
        assert f"{PO}:{at}  /description  “What a fever is.”" in done.err
        assert po().count("X") == before.count("X") + 1

    def test_a_line_of_another_file_is_refused(self, fresh: Workspace) -> None:
        done = fresh.run(
            "catalogue", "set", "fever", "X", "--entry", "locales/es/LC_MESSAGES/cough.po:20", code=2
        )
        assert f"no entry of {PO} is “locales/es/LC_MESSAGES/cough.po:20”" in done.err


class TestReview:
    def test_all_of_a_topic(self, fresh: Workspace, po: Callable[[], str]) -> None:
        done = fresh.run("catalogue", "review", "fever", "--all", "--by", "Dr. Li Wei")
        entries = po().count("\nmsgctxt ")
        assert po().count("\n# reviewed: Dr. Li Wei, ") == entries
        assert done.out.endswith(f"\n{entries} messages changed.\n")
        assert (
            fresh.run("catalogue", "review", "fever", "--all", "--by", "Eva").out == "Nothing was changed.\n"
        )
        assert fresh.run("catalogue", "update").out == "0 catalogues changed.\n"

    def test_not_by_the_last_translator(self, fresh: Workspace, line: str) -> None:
        fresh.run("catalogue", "set", "fever", "Otra.", "--entry", line, "--by", "Eva")
        done = fresh.run("catalogue", "review", "fever", "--entry", line, "--by", "eva", code=1)
        assert "eva translated it last: somebody else has to review it." in done.err

    def test_nobody_reviews_her_own_work_after_another_person_has_saved(
        self, fresh: Workspace, po: Callable[[], str], line: str
    ) -> None:
        """Ana has translated everything in an editor; then Bea changes one entry here."""
        fresh.replace("healthtopics.toml", "[languages.es]\n", '[languages.es]\nreview = "required"\n')
        fresh.replace(PO, '"Last-Translator: \\n"', '"Last-Translator: Ana Ruiz\\n"')
        entries = po().count("\nmsgctxt ")
        bea = ("--by", "Bea Gil")
        fresh.run("catalogue", "set", "fever", "Otra.", "--entry", line, *bea)
        done = fresh.run("catalogue", "review", "fever", "--all", "--by", "Ana Ruiz", "--json")
        assert (len(done.json["entries"]), done.json["left_out"]) == (1, entries - 1)
        done = fresh.run("catalogue", "review", "fever", "--all", *bea)
        assert f"{entries - 1} messages changed.\n" in done.out
        assert po().count("# reviewed: ") == entries

    def test_what_is_meant_must_be_said(self, fresh: Workspace) -> None:
        assert "--entry, or review all" in fresh.run("catalogue", "review", "fever", "--by", "Li", code=2).err


class TestQuestions:
    def test_they_are_asked_listed_and_answered(self, fresh: Workspace, line: str) -> None:
        assert fresh.run("catalogue", "questions").out == "No open question.\n"
        fresh.run("catalogue", "ask", "fever", "Of adults?", "--entry", line, "--by", "Eva")
        listed = fresh.run("catalogue", "questions").out.splitlines()
        assert listed[0].startswith(f"{PO}:")
        assert re.fullmatch(r"  Eva, \d{4}-\d\d-\d\d: Of adults\?", listed[1])
        fresh.run("catalogue", "answer", "fever", "Of all.", "--entry", line, "--by", "Li Wei")
        assert fresh.run("catalogue", "questions").out == "No open question.\n"
        (row,) = fresh.run("catalogue", "questions", "--all", "--json").json["questions"]
        assert (row["text"], row["open"], row["answers"][0]["text"]) == ("Of adults?", False, "Of all.")
        assert row["translation"] == SPANISH

    def test_one_without_a_name_and_a_day_is_listed(
        self, fresh: Workspace, po: Callable[[], str], line: str
    ) -> None:
        lines = po().split("\n")
        lines.insert(int(line) - 3, "# ASK: children too?")
        fresh.write(PO, "\n".join(lines))
        assert fresh.run("catalogue", "questions").out.endswith("\n  unknown: children too?\n")

    @pytest.mark.parametrize(
        "words",
        [
            ("ask", "fever", "  ", "--by", "Eva"),
            ("ask", "fever", "Of adults?", "--by", ""),
            ("answer", "fever", "", "--by", "Eva"),
            ("answer", "fever", "Of all.", "--by", " "),
            ("review", "fever", "--by", ""),
            ("review", "fever", "--by", "Eva", "--translator", ""),
            ("set", "fever", "Otra.", "--by", ""),
        ],
    )
    def test_what_is_empty_is_not_written(
        self, fresh: Workspace, po: Callable[[], str], line: str, words: tuple[str, ...]
    ) -> None:
        before = po()
        assert "it is empty" in fresh.run("catalogue", *words, "--entry", line, code=2).err
        assert po() == before

    def test_every_command_names_the_line_of_the_keyword(
        self, fresh: Workspace, po: Callable[[], str], line: str
    ) -> None:
        fresh.run("catalogue", "set", "fever", "La fiebre es de 39.", "--entry", line)
        asked = fresh.run("catalogue", "ask", "fever", "Of adults?", "--entry", line, "--by", "Eva").out
        lines = po().split("\n")
        number = lines.index('msgctxt "paragraph"') + 1
        at = f"{PO}:{number}"
        assert fresh.run("catalogue", "questions").out.startswith(f"{at} ")
        assert f"{at} " in fresh.run("catalogue", "check", "fever").out
        answered = fresh.run("catalogue", "answer", "fever", "All.", "--entry", at, "--by", "Li").out
        assert answered.startswith(f"{PO}:{number + 1} ")  # the answer is a line above it
        assert asked.startswith(f"{at} ")

    def test_they_are_exported(self, fresh: Workspace, line: str, tmp_path: Path) -> None:
        fresh.run("catalogue", "ask", "fever", "Of adults?", "--entry", line, "--by", "Eva")
        path = tmp_path / "questions.csv"
        fresh.run("catalogue", "questions", "--format", "csv", "-o", str(path))
        (row,) = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")))
        assert (row["path"], row["by"], row["text"], row["open"]) == (PO, "Eva", "Of adults?", "True")
        assert '"text": "Of adults?"' in fresh.run("catalogue", "questions", "--format", "json").out

    def test_a_file_that_cannot_be_read_is_reported(self, fresh: Workspace, line: str) -> None:
        fresh.run("catalogue", "ask", "fever", "Of adults?", "--entry", line, "--by", "Eva")
        fresh.write("locales/es/LC_MESSAGES/cough.po", "msgid")
        done = fresh.run("catalogue", "questions", code=1)
        assert "Of adults?" in done.out
        assert "cough.po" in done.err


class TestDismiss:
    def test_a_finding_is_dismissed(self, fresh: Workspace, po: Callable[[], str], line: str) -> None:
        fresh.run("catalogue", "set", "fever", "La fiebre es de 39.", "--entry", line)
        fresh.run("catalogue", "dismiss", "fever", "number-added", "--entry", line, "--by", "Eva", at=DAY)
        assert "# dismissed: Eva, 2026-12-01, number-added\n# lint-ignore: number-added\n#. " in po()

    def test_somebody_dismisses_it(self, fresh: Workspace, po: Callable[[], str], line: str) -> None:
        words = ("catalogue", "dismiss", "fever", "number-added", "--entry", line)
        fresh.run("catalogue", "set", "fever", "La fiebre es de 39.", "--entry", line)
        assert "--by: write your name; git knows none here." in fresh.run(*words, code=2).err
        assert "lint-ignore" not in po()
        name_in_git(fresh, "Li Wei")
        fresh.run(*words)
        assert "# dismissed: Li Wei, " in po()

    def test_what_was_not_found_cannot_be_dismissed(
        self, fresh: Workspace, po: Callable[[], str], line: str
    ) -> None:
        done = fresh.run("catalogue", "dismiss", "fever", "number-lost", "--entry", line, code=2)
        assert "number-lost: there is no such finding in this entry. There are: none." in done.err
        assert "lint-ignore" not in po()

    def test_an_unknown_check_is_wrong_usage(self, fresh: Workspace, line: str) -> None:
        done = fresh.run("catalogue", "dismiss", "fever", "number-lots", "--entry", line, code=2)
        assert "Did you mean `number-lost`?" in done.err


class TestLinksOfTheTopic:
    """A resource of the topic names a page in both languages: the translation may lead to the Spanish one."""

    PAGE = "https://salud.example.net/asma"
    TEXT = f'Lea <a href="{PAGE}">acerca del asma</a>.'

    @pytest.fixture
    def line(self, fresh: Workspace) -> str:
        fresh.replace("topics/asthma.json", ACERCA, self.PAGE)
        lines = (fresh.folder / ASTHMA).read_text().split("\n")
        return str(next(number for number, each in enumerate(lines, 1) if "Lea <a href" in each))

    def test_set_finds_nothing_wrong(self, fresh: Workspace, line: str) -> None:
        done = fresh.run("catalogue", "set", "asthma", self.TEXT, "--entry", line)
        assert done.out.splitlines()[-1] == "1 message changed."
        assert "href" not in done.err

    @pytest.mark.parametrize("name", [ASTHMA, "asthma.es.po"])
    def test_nor_does_a_check_of_the_file(self, fresh: Workspace, line: str, name: str) -> None:
        fresh.run("catalogue", "set", "asthma", self.TEXT, "--entry", line)
        fresh.write(name, (fresh.folder / ASTHMA).read_bytes())
        assert "No problems" in fresh.run("catalogue", "check", "--file", name).out

    def test_a_topic_that_is_not_valid_names_nothing(self, fresh: Workspace, line: str) -> None:
        fresh.run("catalogue", "set", "asthma", self.TEXT, "--entry", line)
        fresh.replace("topics/asthma.json", f'"{self.PAGE}"', f'["{self.PAGE}"]')
        assert "href-lost" in fresh.run("catalogue", "check", "--file", ASTHMA, code=1).out


class TestWriting:
    """Other programs write the same files, and nobody's work is lost."""

    def test_what_another_program_saves_meanwhile_is_changed_again(self, fresh: Workspace) -> None:
        fresh.write("notes.txt", "a")
        seen = []

        def change(data: bytes) -> bytes:
            seen.append(data)
            if len(seen) == 1:
                fresh.write("notes.txt", "b")
            return data + b"!"

        change_file(open_workspace(fresh.folder), "notes.txt", change)
        assert seen == [b"a", b"b"]
        assert (fresh.folder / "notes.txt").read_bytes() == b"b!"

    def test_a_program_that_never_stops_saving_wins(self, fresh: Workspace) -> None:
        def change(data: bytes) -> bytes:
            fresh.write("notes.txt", data.decode() + "x")
            return b"mine"

        fresh.write("notes.txt", "a")
        with pytest.raises(StorageError, match="again and again"):
            change_file(open_workspace(fresh.folder), "notes.txt", change)
        assert b"mine" not in (fresh.folder / "notes.txt").read_bytes()

    @pytest.mark.parametrize("command", ["update", "format"])
    def test_a_save_while_a_command_writes_many_entries_stays(
        self, fresh: Workspace, po: Callable[[], str], monkeypatch: pytest.MonkeyPatch, command: str
    ) -> None:
        fresh.replace(PO, 'msgid "Fever"', 'msgid "Fewer"' if command == "update" else 'msgid   "Fever"')
        saved = po().replace(f'msgstr "{SPANISH}"', 'msgstr "Otra."')
        flush = os.fsync

        def flush_slowly(descriptor: int) -> None:
            fresh.write(PO, saved)
            flush(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", flush_slowly)
            done = fresh.run("catalogue", command, "fever", code=EXIT_TRY_AGAIN)
        assert f"{PO} was saved while this was at work; it was left as it is. Run this again." in done.err
        assert po() == saved
        fresh.run("catalogue", command, "fever")
        assert po() != saved
        assert 'msgstr "Otra."' in po()

    def test_the_lock_is_where_git_does_not_see_it(self, fresh: Workspace, line: str) -> None:
        fresh.run("catalogue", "ask", "fever", "Of adults?", "--entry", line, "--by", "Eva")
        assert [path.name for path in (fresh.folder / PO).parent.iterdir() if path.suffix != ".po"] == []
        assert (fresh.folder / ".cache/.gitignore").read_text() == "*\n"
