"""`healthtopics catalogue export` and `import`: to an agency and back, through the command line."""

from pathlib import Path

import pytest

from healthtopics.language import LanguageTag
from healthtopics.layout import catalogue_path
from support.workspaces import Workspace

PO = catalogue_path(LanguageTag("es"), "fever")
TRANSLATED = '</source><target state="translated">Fiebre alta</target>'


@pytest.fixture
def todo(fresh: Workspace) -> Workspace:
    """One message waits for a translation."""
    fresh.edit_catalogue("fever", "What a fever is.", msgstr="")
    return fresh


def send_back(file: Path, old: str = "</source>", new: str = TRANSLATED) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


class TestExport:
    def test_what_is_to_do_goes_into_a_file_a_catalogue(self, todo: Workspace, tmp_path: Path) -> None:
        done = todo.run("catalogue", "export", "fever", "asthma", "--output", str(tmp_path / "out"))
        assert done.out == f"{tmp_path}/out/fever.es.xlf  1 message, 4 words\n"
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["fever.es.xlf"]

    @pytest.mark.parametrize("output", ["file/out", "file/all.xlf"])
    def test_a_place_that_cannot_be_written(self, todo: Workspace, tmp_path: Path, output: str) -> None:
        (tmp_path / "file").write_text("")
        done = todo.run("catalogue", "export", "-l", "es", "-o", str(tmp_path / output), code=78)
        assert "cannot be written (" in done.err

    def test_nothing_to_do(self, fresh: Workspace, tmp_path: Path) -> None:
        done = fresh.run("catalogue", "export", "fever", "-o", str(tmp_path / "out"))
        assert done.out == "Nothing is to be translated; nothing was written.\n"
        assert not (tmp_path / "out").exists()

    def test_a_name_that_may_stay_is_not_counted_as_work(self, fresh: Workspace, tmp_path: Path) -> None:
        file = tmp_path / "all.xlf"
        for row in fresh.run("catalogue", "status", "--json").json["catalogues"]:
            assert row["toDo"] == []
        done = fresh.run("catalogue", "export", "-o", str(file))
        assert done.out == "Nothing is to be translated; nothing was written.\n"
        fresh.run("catalogue", "export", "vocabulary", "--only", "all", "-o", str(file))
        assert "Example Clinic" in file.read_text()

    def test_english_that_somebody_changed_in_the_catalogue_is_not_sent(
        self, todo: Workspace, tmp_path: Path
    ) -> None:
        todo.replace(PO, "A fever is a high body temperature.", "A fever is a <b>high temperature.")
        assert "catalogue-behind" in todo.run("catalogue", "export", "-o", str(tmp_path), code=1).err

    def test_everything_in_one_file(self, todo: Workspace, tmp_path: Path) -> None:
        file = tmp_path / "all.xliff"
        todo.run("catalogue", "export", "-l", "es", "--only", "all", "-o", str(file))
        text = file.read_text()
        assert [f"/{name}.po" in text for name in ("asthma", "cough", "fever", "vocabulary")] == [True] * 4

    def test_nothing_is_sent_that_is_out_of_date(self, todo: Workspace, tmp_path: Path) -> None:
        todo.edit_topic("fever", lambda topic: topic.update(title="High fever"))
        done = todo.run("catalogue", "export", "-o", str(tmp_path / "out"), code=1)
        assert f"{PO}  error  catalogue-behind" in done.err
        assert not (tmp_path / "out").exists()

    def test_the_work_of_an_agency_is_not_written_over(self, todo: Workspace, tmp_path: Path) -> None:
        todo.edit_catalogue("cough", "Cough", msgstr="")
        command = ("catalogue", "export", "cough", "fever", "-o", str(tmp_path))
        todo.run(*command)
        todo.run(*command)  # the same again
        send_back(tmp_path / "fever.es.xlf")
        (tmp_path / "cough.es.xlf").unlink()
        before = (tmp_path / "fever.es.xlf").read_bytes()
        assert "--force" in todo.run(*command, code=2).err
        assert (tmp_path / "fever.es.xlf").read_bytes() == before
        assert not (tmp_path / "cough.es.xlf").exists()
        todo.run(*command, "--force")
        assert (tmp_path / "fever.es.xlf").read_bytes() != before

    def test_wrong_usage(self, todo: Workspace, tmp_path: Path) -> None:
        assert "nowhere" in todo.run("catalogue", "export", "nowhere", code=2).err
        (tmp_path / "folder.xlf").mkdir()
        done = todo.run("catalogue", "export", "-o", str(tmp_path / "folder.xlf"), code=2)
        assert "Is a directory" in done.err
        (todo.folder / PO).unlink()
        assert "catalogue update" in todo.run("catalogue", "export", "fever", code=2).err

    def test_one_file_is_in_one_language(self, todo: Workspace) -> None:
        todo.replace("healthtopics.toml", "[languages.es]", "[languages.fr]\n[languages.es]")
        assert "--language" in todo.run("catalogue", "export", "-o", "all.xlf", code=2).err


@pytest.fixture
def file(todo: Workspace, tmp_path: Path) -> Path:
    """The file of an agency that has translated."""
    todo.run("catalogue", "export", "fever", "-o", str(tmp_path))
    send_back(tmp_path / "fever.es.xlf")
    return tmp_path / "fever.es.xlf"


class TestImport:
    def test_a_translation_comes_into_its_catalogue(self, todo: Workspace, file: Path) -> None:
        done = todo.run("catalogue", "import", str(file))
        assert done.out.splitlines() == [
            f"{PO}  1 translation taken, 0 unchanged, 0 not translated",
            "Nothing was refused. Next: `healthtopics catalogue check`.",
        ]
        text = (todo.folder / PO).read_text()
        assert 'msgid "What a fever is."\nmsgstr "Fiebre alta"\n' in text
        assert "PO-Revision-Date: 2026-11-12" not in text
        again = todo.run("catalogue", "import", str(file)).out
        assert "1 unchanged" in again
        assert again.endswith("Nothing was refused.\n")

    def test_a_dry_run_writes_nothing(self, todo: Workspace, file: Path) -> None:
        before = (todo.folder / PO).read_bytes()
        done = todo.run("catalogue", "import", str(file), "--dry-run")
        assert "1 translation taken" in done.out
        assert done.out.endswith("Nothing was written.\n")
        assert (todo.folder / PO).read_bytes() == before

    def test_strict_takes_all_or_nothing(self, todo: Workspace, file: Path) -> None:
        before = (todo.folder / PO).read_bytes()
        bad = file.with_name("bad.xlf")
        bad.write_text(file.read_text().replace("fever.po", "../../../etc/passwd"))
        found = todo.run("catalogue", "import", str(file), str(bad), "--strict", "--json", code=1).json
        assert found["written"] is False
        assert found["catalogues"] == [
            {"path": PO, "taken": 1, "unchanged": 0, "untranslated": 0, "noted": 0}
        ]
        assert [problem["check"] for problem in found["problems"]] == ["xliff-catalogue"]
        assert (todo.folder / PO).read_bytes() == before
        done = todo.run("catalogue", "import", str(file), str(bad), code=1)
        assert f"{bad}:3  error  xliff-catalogue" in done.err
        assert "Fiebre alta" in (todo.folder / PO).read_text()

    def test_of_two_files_the_first_counts(self, todo: Workspace, file: Path) -> None:
        other = file.with_name("other.xlf")
        other.write_text(file.read_text().replace("Fiebre alta", "Calentura"))
        done = todo.run("catalogue", "import", str(file), str(other), code=1)
        assert "xliff-clash" in done.err
        assert "Fiebre alta" in (todo.folder / PO).read_text()

    def test_files_that_cannot_be_taken(self, todo: Workspace, file: Path) -> None:
        french = file.with_name("french.xlf")
        french.write_text(file.read_text().replace('target-language="es"', 'target-language="fr"'))
        torn = file.with_name("torn.xlf")
        torn.write_bytes(file.read_bytes()[:-20])
        done = todo.run("catalogue", "import", str(french), str(torn), code=1)
        assert "xliff-language" in done.err
        assert "xliff-xml" in done.err
        assert todo.run("catalogue", "import", "nowhere.xlf", code=2).err

    def test_a_catalogue_that_cannot_be_read_is_left_alone(self, todo: Workspace, file: Path) -> None:
        todo.replace(PO, 'msgstr "Fiebre"', 'msgstr "Fiebre')
        before = (todo.folder / PO).read_bytes()
        assert f"{PO}:" in todo.run("catalogue", "import", str(file), code=1).err
        assert (todo.folder / PO).read_bytes() == before


class TestXliff2:
    def test_it_leaves_on_demand_and_is_known_again(self, todo: Workspace, tmp_path: Path) -> None:
        done = todo.run("catalogue", "export", "fever", "--format", "xliff-2", "-o", str(tmp_path))
        file = tmp_path / "fever.es.xlf"
        assert done.out == f"{file}  1 message, 4 words\n"
        assert 'version="2.1"' in file.read_text()
        send_back(file, "</source>", "</source><target>Fiebre alta</target>")
        assert "1 translation taken" in todo.run("catalogue", "import", str(file)).out
        assert 'msgid "What a fever is."\nmsgstr "Fiebre alta"\n' in (todo.folder / PO).read_text()


class TestMemory:
    def test_translations_leave_and_come_back_as_suggestions(self, fresh: Workspace, tmp_path: Path) -> None:
        file = tmp_path / "old memory.tmx"
        done = fresh.run("catalogue", "export", "fever", "-l", "es", "-o", str(file))
        assert done.out == f"{file}  4 translations\n"
        fresh.edit_catalogue("fever", "What a fever is.", msgstr="")
        assert fresh.run("catalogue", "update").out == "0 catalogues changed.\n"
        fresh.run("catalogue", "update", "--memory", str(file))
        text = (fresh.folder / PO).read_text()
        assert "# suggested: old-memory (100 %).\n" in text
        assert text.count("#, fuzzy") == 1

    def test_what_is_not_a_memory_is_reported(self, fresh: Workspace, tmp_path: Path) -> None:
        (tmp_path / "b.tmx").write_text('<tmx version="1.4"/>')
        done = fresh.run("catalogue", "import", str(tmp_path / "b.tmx"), code=1)
        assert f"`healthtopics catalogue update --memory {tmp_path}/b.tmx`" in done.err
        (tmp_path / "a.tmx").write_text("<xliff/>")
        done = fresh.run("catalogue", "update", "--memory", str(tmp_path / "a.tmx"), "--json", code=1)
        assert [each["check"] for each in done.json["problems"]] == ["tmx-unreadable"]
