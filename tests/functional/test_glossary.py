"""The glossary of a workspace: seen by translators, asked by the checks, handed to other tools."""

import csv
import io
import json

from lxml import etree

from support.workspaces import LUNGS, Workspace

PATH = "locales/es/glossary.json"
LUNG: dict[str, object] = {"id": "lung", "english": ["lung(s)"], "translations": ["bronquio(s)"]}


def write(workspace: Workspace, *terms: dict[str, object]) -> None:
    workspace.write(PATH, json.dumps({"terms": terms}))


def checks(workspace: Workspace) -> list[tuple[str, str, str]]:
    document = workspace.run("catalogue", "check", "--json").json
    return [(each["check"], each["level"], each["path"]) for each in document["problems"]]


class TestChecking:
    def test_the_packaged_words_need_no_file(self, fresh: Workspace) -> None:
        assert checks(fresh) == []
        wrong = "El asma es una enfermedad de los <strong>codos</strong>."
        fresh.edit_catalogue("asthma", LUNGS, msgstr=wrong)
        path = "locales/es/LC_MESSAGES/asthma.po"
        assert checks(fresh) == [("contrast-changed", "warning", path)]

    def test_the_workspace_has_the_last_word(self, fresh: Workspace) -> None:
        write(fresh, LUNG)
        assert checks(fresh) == [("term-missing", "info", "locales/es/LC_MESSAGES/asthma.po")]
        write(fresh, {"id": "lung", "english": ["lung(s)"]})
        assert checks(fresh) == []

    def test_a_lost_name_holds_the_edition_and_a_dismissal_lets_it_go(self, published: Workspace) -> None:
        write(published, {"id": "lungs", "kind": "name", "english": ["lungs"]})
        held = published.publish("--json").json["held"]
        assert [(each["topic"], each["problems"][0]["check"]) for each in held] == [
            ("asthma", "name-changed")
        ]
        path = "locales/es/LC_MESSAGES/asthma.po"
        start = f'msgctxt "paragraph"\nmsgid "{LUNGS}"'
        text = (published.folder / path).read_text()
        before = text[: text.index(start)].rpartition("\n\n")[2]
        published.replace(path, f"{before}{start}", f"# lint-ignore: name-changed\n{before}{start}")
        assert published.publish("--json").json["held"] == []

    def test_an_unreadable_glossary_is_reported_with_its_place(self, fresh: Workspace) -> None:
        fresh.write(PATH, '{"terms": [')
        assert f"{PATH}:1:" in fresh.run("check", code=1).out
        write(fresh, {"id": "lung", "english": ["lung*"]})
        assert "  error  glossary-schema" in fresh.run("check", code=1).out


class TestUpdating:
    def test_a_message_says_which_terms_it_has(self, fresh: Workspace) -> None:
        text = (fresh.folder / "locales/es/LC_MESSAGES/asthma.po").read_text()
        assert "#. Glossary: asthma → asma; lung → pulmón.\n" in text
        write(fresh, LUNG)
        fresh.run("catalogue", "update")
        changed = (fresh.folder / "locales/es/LC_MESSAGES/asthma.po").read_text()
        assert changed == text.replace("lung → pulmón", "lung → bronquio")


class TestShowing:
    def test_as_a_table(self, fresh: Workspace) -> None:
        lines = fresh.run("catalogue", "glossary").out.splitlines()
        assert lines[0].split() == ["english", "kind", "translation", "never"]
        assert any(line.split() == ["HIV", "acronym", "VIH;", *line.split()[3:]] for line in lines)

    def test_as_json_that_a_workspace_can_keep(self, fresh: Workspace) -> None:
        fresh.run("catalogue", "glossary", "--format", "json", "--output", PATH)
        before = json.loads(fresh.run("catalogue", "glossary", "--format", "json").out)
        assert before == json.loads((fresh.folder / PATH).read_bytes())
        assert checks(fresh) == []

    def test_as_csv_on_standard_output(self, fresh: Workspace) -> None:
        write(fresh, LUNG)
        out = fresh.run("catalogue", "glossary", "--format", "csv", "--language", "es").out
        rows = {row["id"]: row for row in csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))}
        assert rows["lung"]["translation"] == "bronquio"

    def test_as_tbx_in_a_file(self, fresh: Workspace) -> None:
        done = fresh.run("catalogue", "glossary", "--format", "tbx", "-o", "terms.tbx")
        assert "terms written to terms.tbx." in done.out
        root = etree.parse(fresh.folder / "terms.tbx").getroot()
        assert root.get("type") == "TBX-Basic"

    def test_a_table_goes_into_a_file_too(self, fresh: Workspace) -> None:
        fresh.run("catalogue", "glossary", "--output", "terms.txt")
        assert (fresh.folder / "terms.txt").read_text() == fresh.run("catalogue", "glossary").out

    def test_a_file_that_cannot_be_written(self, fresh: Workspace) -> None:
        done = fresh.run("catalogue", "glossary", "--format", "csv", "-o", "nowhere/terms.csv", code=2)
        assert "nowhere/terms.csv: No such file or directory" in done.err

    def test_a_disk_that_is_full(self, fresh: Workspace) -> None:
        done = fresh.run("catalogue", "glossary", "-o", "/dev/full", code=75)
        assert "/dev/full: cannot be written (No space left on device)." in done.err

    def test_a_language_that_is_not_configured(self, fresh: Workspace) -> None:
        assert "Configured: es." in fresh.run("catalogue", "glossary", "-l", "fr", code=2).err

    def test_a_language_without_a_glossary_and_one_of_several(self, fresh: Workspace) -> None:
        fresh.replace("healthtopics.toml", "[languages.es]", "[languages.fr]\n\n[languages.es]")
        assert "there is no glossary" in fresh.run("catalogue", "glossary", "-l", "fr", code=2).err
        fresh.write("locales/fr/glossary.json", json.dumps({"terms": [LUNG]}))
        assert "fr, es" in fresh.run("catalogue", "glossary", code=2).err
        assert "bronquio" in fresh.run("catalogue", "glossary", "-l", "fr").out
