"""`healthtopics catalogue merge` as git's merge driver, in real repositories."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polib
import pytest

from healthtopics.catalogues import po
from support.workspaces import run

PO = "locales/es/LC_MESSAGES/fièvre aiguë.po"
"""A path that git has to quote."""
HEADER = (
    'msgid ""\nmsgstr ""\n"POT-Creation-Date: 2026-02-01 00:00+0000\\n"\n'
    '"PO-Revision-Date: 2026-02-01 10:00+0000\\n"\n"Language: es\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n'
)
BASE = f"""{HEADER}
msgctxt "title"
msgid "Fever"
msgstr "Fiebre"

msgctxt "paragraph"
msgid "Call your doctor."
msgstr "Llame a su médico."

msgctxt "paragraph"
msgid "Rest."
msgstr ""
""".encode()
DRIVER = "from healthtopics.cli import main; main()"

Edit = Callable[[polib.POFile], object]


@dataclass(frozen=True)
class Repository:
    """A repository with the driver configured as docs/catalogues.md says."""

    folder: Path

    def git(self, *arguments: str, code: int = 0) -> str:
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def commit(self, data: bytes) -> None:
        file = self.folder / PO
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self.git("add", ".")
        self.git("commit", "--quiet", "--allow-empty", "-m", "a change")

    def branch(self, base: bytes | None, ours: bytes, theirs: bytes) -> None:
        """Make two branches of `base`; check out ours."""
        if base is not None:
            self.commit(base)
        self.git("checkout", "--quiet", "-b", "theirs")
        self.commit(theirs)
        self.git("checkout", "--quiet", "main")
        self.commit(ours)

    def merge(self, base: bytes | None, ours: bytes, theirs: bytes, code: int = 0) -> str:
        self.branch(base, ours, theirs)
        return self.git("merge", "--quiet", "-m", "both", "theirs", code=code)

    @property
    def data(self) -> bytes:
        return (self.folder / PO).read_bytes()

    @property
    def translations(self) -> Mapping[str, str]:
        return {entry.msgid: entry.msgstr for entry in po.parse(self.data, PO).file if not entry.obsolete}

    @property
    def unmerged(self) -> str:
        return self.git("diff", "--name-only", "--diff-filter=U", "-z").rstrip("\0")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path)
    repository.git("init", "--quiet", "--initial-branch=main")
    for name, value in {
        "user.name": "Ann",
        "user.email": "ann@example.org",
        "core.autocrlf": "false",
        "merge.healthtopics.name": "catalogues, message by message",
        "merge.healthtopics.driver": f"'{sys.executable}' -c '{DRIVER}' catalogue merge %O %A %B --path %P",
    }.items():
        repository.git("config", name, value)
    (tmp_path / ".gitattributes").write_text("locales/**/*.po merge=healthtopics\n")
    repository.git("add", ".")
    repository.git("commit", "--quiet", "-m", "start")
    return repository


def edited(*edits: Edit, data: bytes = BASE) -> bytes:
    file = po.parse(data, PO).file
    for edit in edits:
        edit(file)
    return po.serialize(file)


def translated(msgid: str, msgstr: str) -> Edit:
    def edit(file: polib.POFile) -> None:
        (entry,) = [entry for entry in file if entry.msgid == msgid]
        entry.msgstr = msgstr

    return edit


def revised(day: int) -> Edit:
    return lambda file: file.metadata.update({"PO-Revision-Date": f"2026-02-0{day} 10:00+0000"})


def added(msgid: str) -> Edit:
    return lambda file: file.insert(1, polib.POEntry(msgctxt="paragraph", msgid=msgid))


def removed(msgid: str) -> Edit:
    def edit(file: polib.POFile) -> None:
        file[:] = [entry for entry in file if entry.msgid != msgid]

    return edit


class TestWithoutAConflict:
    def test_neighbouring_entries_and_the_date_of_the_header(self, repository: Repository) -> None:
        ours = edited(translated("Rest.", "Descanse."), revised(2))
        theirs = edited(translated("Call your doctor.", "Consulte a su médico."), revised(3))
        repository.merge(BASE, ours, theirs)
        both = edited(translated("Rest.", "Descanse."), data=theirs)
        assert repository.data == both

    def test_the_same_edit_on_both_sides(self, repository: Repository) -> None:
        side = translated("Rest.", "Descanse.")
        repository.merge(BASE, edited(side, revised(3)), edited(side, revised(2)))
        assert repository.data == edited(side, revised(3))

    def test_one_updates_the_template_while_the_other_translates(self, repository: Repository) -> None:
        def reworded(file: polib.POFile) -> None:
            file[1] = polib.POEntry(
                msgctxt="paragraph",
                msgid="Call your doctor!",
                msgstr="Llame a su médico.",
                flags=["fuzzy"],
                previous_msgid="Call your doctor.",
            )

        ours = edited(reworded, added("Drink water."))
        theirs = edited(
            translated("Call your doctor.", "Consulte a su médico."), translated("Rest.", "Descanse.")
        )
        repository.merge(BASE, ours, theirs)
        assert repository.translations == {
            "Fever": "Fiebre",
            "Drink water.": "",
            "Call your doctor!": "Consulte a su médico.",
            "Rest.": "Descanse.",
        }
        assert b'#~ msgid "Call your doctor."' in repository.data

    def test_one_drops_what_the_other_translates(self, repository: Repository) -> None:
        repository.merge(BASE, edited(removed("Rest.")), edited(translated("Rest.", "Descanse.")))
        assert "Rest." not in repository.translations
        assert repository.data.decode().endswith('#~ msgid "Rest."\n#~ msgstr "Descanse."\n')

    def test_what_one_has_lost_is_kept_as_obsolete(self, repository: Repository) -> None:
        lost = edited(removed("Call your doctor."))
        repository.merge(BASE, lost, edited(translated("Rest.", "Descanse.")))
        assert b'#~ msgid "Call your doctor."\n#~ msgstr "Llame a su m' in repository.data

    def test_a_file_that_both_sides_added(self, repository: Repository) -> None:
        repository.merge(None, BASE, edited(translated("Rest.", "Descanse.")))
        assert repository.translations["Rest."] == "Descanse."

    def test_an_editor_that_writes_windows_line_ends(self, repository: Repository) -> None:
        theirs = edited(translated("Rest.", "Descanse."), revised(2)).replace(b"\n", b"\r\n")
        repository.merge(BASE, edited(translated("Fever", "Calentura")), theirs)
        assert repository.data == edited(
            translated("Rest.", "Descanse."), translated("Fever", "Calentura"), revised(2)
        )

    def test_a_fault_of_the_base_that_one_side_corrected(self, repository: Repository) -> None:
        broken = BASE.replace(b'"Fiebre"', b'"Fiebre')
        theirs = edited(added("Drink water."))
        repository.merge(broken, broken + b"# nota\n", theirs)
        assert repository.translations.keys() == {"Fever", "Drink water.", "Call your doctor.", "Rest."}


class TestConflicts:
    OURS = edited(translated("Rest.", "Descanse."), translated("Fever", "Calentura"))
    THEIRS = edited(translated("Rest.", "Repose."), added("Drink water."))

    def test_two_translations_of_one_message_wait_for_a_choice(self, repository: Repository) -> None:
        said = repository.merge(BASE, self.OURS, self.THEIRS, code=1)
        assert repository.unmerged == PO
        assert f"{PO}:20:1  error  po-conflict-marker  “Rest.” was translated in two ways" in said
        conflict = repository.data.decode().partition("<<<<<<< ours\n")[2]
        assert conflict == (
            'msgctxt "paragraph"\nmsgid "Rest."\nmsgstr "Descanse."\n=======\n'
            'msgctxt "paragraph"\nmsgid "Rest."\nmsgstr "Repose."\n>>>>>>> theirs\n'
        )
        assert b"Calentura" in repository.data
        assert b"Drink water." in repository.data

    def test_the_reader_stops_at_an_unresolved_conflict(self, repository: Repository) -> None:
        repository.merge(BASE, self.OURS, self.THEIRS, code=1)
        done = run("catalogue", "check", "--file", PO, folder=repository.folder)
        assert done.code == 1
        assert (
            f"{PO}:20:1  error  po-conflict-marker  Lines 20 to 28 are an unresolved merge conflict"
            in done.out
        )

    def test_after_the_choice_format_puts_it_in_order(self, repository: Repository) -> None:
        repository.merge(BASE, self.OURS, self.THEIRS, code=1)
        lines = repository.data.decode().splitlines(keepends=True)
        chosen = [line for line in lines if not line.startswith(("<", "=", ">"))]
        at = chosen.index('msgstr "Repose."\n')
        (repository.folder / PO).write_text("".join(chosen[: at - 2] + chosen[at + 1 :]))
        assert run("catalogue", "format", "--file", PO, folder=repository.folder).code == 0
        assert repository.translations["Rest."] == "Descanse."

    def test_a_side_that_cannot_be_read_loses_nothing(self, repository: Repository) -> None:
        theirs = self.THEIRS.replace(b'"Repose."', b'"Repose.')
        said = repository.merge(BASE, self.OURS, theirs, code=1)
        assert repository.unmerged == PO
        assert f"{PO} (theirs):" in said
        for words in ("Calentura", "Descanse.", "Repose.", "Drink water."):
            assert words.encode() in repository.data

    @pytest.mark.parametrize("is_ours", [True, False])
    def test_a_truncated_side_never_deletes_entries_silently(
        self, repository: Repository, *, is_ours: bool
    ) -> None:
        whole = BASE.replace(
            b'msgctxt "paragraph"\nmsgid "Rest."', b'#. Text.\nmsgctxt "paragraph"\nmsgid "Rest."'
        )
        cut = whole[: whole.index(b'msgctxt "paragraph"\nmsgid "Rest."')]
        other = edited(translated("Fever", "Calentura"), data=whole)
        sides = (cut, other) if is_ours else (other, cut)
        assert "po-cut-off" in repository.merge(whole, *sides, code=1)
        assert repository.unmerged == PO

    def test_a_binary_side_stays_in_the_index_of_git(self, repository: Repository) -> None:
        theirs = self.THEIRS.decode().encode("utf-16")
        repository.merge(BASE, self.OURS, theirs, code=1)
        assert repository.unmerged == PO
        assert repository.data == self.OURS
        other = subprocess.run(
            ["git", "show", f":3:{PO}"], cwd=repository.folder, capture_output=True, check=True
        )
        assert other.stdout == theirs


def test_without_git_an_unreadable_side_leaves_ours_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in (("base", BASE), ("ours", BASE), ("theirs", b"Dear editor,\n")):
        (tmp_path / name).write_bytes(data)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run("catalogue", "merge", "base", "ours", "theirs", "--path", PO, folder=tmp_path)
    assert done.code == 1
    assert f"{PO} (theirs):1" in done.err
    assert (tmp_path / "ours").read_bytes() == BASE


def test_a_version_that_is_missing_is_wrong_usage(tmp_path: Path) -> None:
    assert run("catalogue", "merge", "base", "ours", "theirs", folder=tmp_path).code == 2
