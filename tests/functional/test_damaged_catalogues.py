"""A damaged or misplaced catalogue is reported and left alone, and all others are treated as always."""

import os

import pytest

from support.workspaces import Workspace

FOLDER = "locales/es/LC_MESSAGES"
PO = f"{FOLDER}/fever.po"
OTHER = f"{FOLDER}/cough.po"


def text(workspace: Workspace, path: str = PO) -> str:
    return (workspace.folder / path).read_text()


def add_paragraph(workspace: Workspace, topic: str) -> None:
    workspace.edit_topic(
        topic, lambda document: document["sections"][0]["body"].append({"paragraph": "Drink water."})
    )


@pytest.fixture
def cut(fresh: Workspace) -> Workspace:
    """The catalogue of the fever breaks off before its last entry; both topics have a new paragraph."""
    whole = text(fresh)
    at = whole.rindex("msgctxt")
    assert whole[:at].splitlines()[-1].startswith("#")
    fresh.write(PO, whole[:at].encode())
    for topic in ("fever", "cough"):
        add_paragraph(fresh, topic)
    return fresh


class TestAFileWhoseEndMayBeLost:
    def test_update_leaves_it_and_updates_the_others(self, cut: Workspace) -> None:
        before = text(cut)
        done = cut.run("catalogue", "update", code=1)
        assert f"{PO}:" in done.err
        assert done.err.count("po-cut-off") == 1
        assert "error  po-cut-off" in done.err
        assert "version control" in done.err
        assert text(cut) == before
        assert (
            done.out
            == f"updated {OTHER}\n1 catalogue changed: 4 translations kept, 0 made fuzzy, 1 left to do.\n"
        )

    def test_format_leaves_it(self, cut: Workspace) -> None:
        before = text(cut)
        assert "error  po-cut-off" in cut.run("catalogue", "format", code=1).err
        assert text(cut) == before

    def test_check_warns_of_it(self, cut: Workspace) -> None:
        assert "warning  po-cut-off" in cut.run("catalogue", "check").out

    def test_without_the_lines_it_is_updated(self, cut: Workspace) -> None:
        lines = text(cut).splitlines(keepends=True)
        while lines[-1].startswith("#"):
            lines.pop()
        cut.write(PO, "".join(lines).encode())
        done = cut.run("catalogue", "update")
        assert not done.err
        assert 'msgid "Drink water."' in text(cut)


def test_update_tells_of_a_comment_that_joins_another_entry(fresh: Workspace) -> None:
    fresh.write(PO, f"{text(fresh)}\n# PREGUNTA\n".encode())
    done = fresh.run("catalogue", "update")
    assert f"{PO}:" in done.err
    assert "warning  po-comment" in done.err
    assert "# PREGUNTA" in text(fresh)


class TestAnUnreadableCatalogue:
    """One file has the marks of a conflict, another one a dose that is wrong."""

    @pytest.fixture
    def broken(self, fresh: Workspace) -> Workspace:
        fresh.replace(PO, 'msgstr "Fiebre"', "=======")
        fresh.replace(OTHER, 'msgstr "Tos"', 'msgstr "Tos 20 mg"')
        return fresh

    def test_check_judges_the_others(self, broken: Workspace) -> None:
        problems = broken.run("catalogue", "check", "--json", code=1).json["problems"]
        found = {(problem["path"], problem["check"]) for problem in problems if problem["level"] == "error"}
        assert (PO, "po-conflict-marker") in found
        assert OTHER in {path for path, _check in found}
        assert not any(problem["check"] == "message-missing" for problem in problems)
        assert broken.run("catalogue", "check", "fever", code=1).out

    def test_status_shows_the_others(self, broken: Workspace) -> None:
        done = broken.run("catalogue", "status", code=1)
        assert f"{PO}:" in done.err
        rows = [line.split()[:2] for line in done.out.splitlines()]
        assert ["es", "cough"] in rows
        assert ["es", "fever"] not in rows
        shown = broken.run("catalogue", "status", "--json", code=1).json
        assert {problem["check"] for problem in shown["problems"]} >= {"po-conflict-marker"}
        assert "fever" not in {sheet["topic"] for sheet in shown["catalogues"]}

    def test_update_leaves_it(self, broken: Workspace) -> None:
        add_paragraph(broken, "fever")
        add_paragraph(broken, "cough")
        before = text(broken)
        done = broken.run("catalogue", "update", code=1)
        assert "po-conflict-marker" in done.err
        assert f"updated {OTHER}" in done.out
        assert text(broken) == before

    def test_publishing_is_as_strict_as_ever(self, broken: Workspace) -> None:
        assert "Nothing was published." in broken.publish(code=1).err


def test_a_broken_vocabulary_catalogue_hides_no_topic(fresh: Workspace) -> None:
    path = f"{FOLDER}/vocabulary.po"
    fresh.write(path, (fresh.folder / path).read_bytes() + b"=======\n")
    done = fresh.run("catalogue", "status", code=1)
    assert f"{path}:" in done.err
    rows = [line.split()[:2] for line in done.out.splitlines()]
    assert ["es", "fever"] in rows
    assert ["es", "vocabulary"] not in rows
    assert "waits for" not in done.out
    problems = fresh.run("catalogue", "check", "--json", code=1).json["problems"]
    assert {problem["check"] for problem in problems} == {"po-conflict-marker"}


def test_invalid_json_in_one_topic_does_not_hide_problems_of_the_others(fresh: Workspace) -> None:
    fresh.write("topics/fever.json", b"{")
    fresh.replace(OTHER, 'msgstr "Tos"', 'msgstr "Tos 20 mg"')
    done = fresh.run("catalogue", "check", code=1)
    assert "json-syntax" in done.out
    assert f"{OTHER}:" in done.out
    assert "catalogue-without-topic" not in done.out
    assert "json-syntax" in fresh.run("catalogue", "check", "fever", code=1).out
    assert fresh.run("catalogue", "check", "fevre", code=2).err


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
class TestWhatIsNoFile:
    @pytest.fixture
    def misplaced(self, fresh: Workspace, kind: str) -> Workspace:
        add_paragraph(fresh, "cough")
        (fresh.folder / PO).unlink()
        if kind == "folder":
            (fresh.folder / PO).mkdir()
        elif kind == "pipe":
            os.mkfifo(fresh.folder / PO)
        else:
            (fresh.folder / PO).symlink_to("nowhere.po")
        return fresh

    def test_check_names_it(self, misplaced: Workspace) -> None:
        problems = misplaced.run("catalogue", "check", "--json", code=1).json["problems"]
        assert [problem["check"] for problem in problems if problem["path"] == PO] == ["catalogue-unreadable"]

    def test_update_names_it_and_updates_the_others(self, misplaced: Workspace) -> None:
        done = misplaced.run("catalogue", "update", code=1)
        assert f"{PO}  error  catalogue-unreadable" in done.err
        assert (
            done.out
            == f"updated {OTHER}\n1 catalogue changed: 4 translations kept, 0 made fuzzy, 1 left to do.\n"
        )
        assert not (misplaced.folder / PO).is_file()

    def test_format_names_it_and_formats_the_others(self, misplaced: Workspace) -> None:
        misplaced.write(OTHER, (misplaced.folder / OTHER).read_bytes() + b"\n")
        done = misplaced.run("catalogue", "format", code=1)
        assert f"{PO}  error  catalogue-unreadable" in done.err
        assert ", not a catalogue." in done.err
        assert f"formatted {OTHER}" in done.out

    def test_it_is_not_published(self, misplaced: Workspace, kind: str) -> None:
        what = {"folder": "a folder", "link": "a link that leads nowhere", "pipe": "a pipe"}[kind]
        assert f"catalogue-unreadable  is {what}, not a catalogue." in misplaced.publish(code=1).err


class TestARenamedTopic:
    @pytest.fixture
    def renamed(self, fresh: Workspace) -> Workspace:
        """The fever is now called pyrexia; its catalogue has the old name."""
        fresh.edit_topic("fever", lambda document: document.update(id="pyrexia"))
        (fresh.folder / "topics/fever.json").rename(fresh.folder / "topics/pyrexia.json")
        for path in (fresh.folder / "topics").iterdir():
            path.write_text(
                path.read_text().replace('"topic:fever', '"topic:pyrexia').replace('"fever"', '"pyrexia"')
            )
        return fresh

    def test_update_warns_and_offers_the_old_translations(self, renamed: Workspace) -> None:
        done = renamed.run("catalogue", "update")
        assert f"{PO}  warning  catalogue-without-topic" in done.err
        assert "Is 'pyrexia' its new name?" in done.err
        new = text(renamed, f"{FOLDER}/pyrexia.po")
        assert "# suggested: fever (100 %).\n" in new
        assert '#, fuzzy\nmsgctxt "title"\nmsgid "Fever"\nmsgstr "Fiebre"\n' in new

    def test_the_advice_holds_when_the_new_file_is_there(self, renamed: Workspace) -> None:
        renamed.run("catalogue", "update")
        assert "in place of the one there" in renamed.run("catalogue", "check").out
        (renamed.folder / PO).rename(renamed.folder / FOLDER / "pyrexia.po")
        assert not renamed.run("catalogue", "update").err
        assert "fuzzy" not in text(renamed, f"{FOLDER}/pyrexia.po")

    def test_it_never_says_to_replace_translations(self, renamed: Workspace) -> None:
        renamed.run("catalogue", "update")
        renamed.run("catalogue", "keep", "--all", "--yes")
        said = renamed.run("catalogue", "check").out
        assert "Topic 'pyrexia' has its messages" in said
        assert "in place of" not in said
