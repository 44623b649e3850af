"""`healthtopics catalogue`: the translator's loop through the command line."""

import json
import shutil
from pathlib import Path
from typing import Any

import polib
import pytest

from support.workspaces import LUNGS, TOPICS, Workspace, run, translate, tree

PO = "locales/es/LC_MESSAGES/fever.po"


@pytest.fixture
def new(fresh: Workspace) -> Workspace:
    """One topic has no catalogue yet."""
    (fresh.folder / PO).unlink()
    return fresh


class TestUpdate:
    def test_a_new_topic_gets_a_catalogue(self, new: Workspace) -> None:
        done = new.run("catalogue", "update")
        summary = "1 catalogue changed: 0 translations kept, 0 made fuzzy, 4 left to do."
        assert done.out == f"updated {PO}\n{summary}\n"
        text = (new.folder / PO).read_text()
        for words in ("Fever", "What a fever is.", "What is a fever?", "A fever is a high body temperature."):
            assert f'msgid "{words}"\nmsgstr ""\n' in text
        assert "#: topics/fever.json#/sections/overview/heading\n" in text

    def test_twice_changes_nothing(self, new: Workspace) -> None:
        new.run("catalogue", "update")
        shutil.rmtree(new.folder / ".cache")
        before = {path: path.stat().st_mtime_ns for path in new.folder.rglob("*")}
        assert new.run("catalogue", "update", "--no-cache").out == "0 catalogues changed.\n"
        assert {path: path.stat().st_mtime_ns for path in new.folder.rglob("*")} == before

    def test_translations_survive_what_comes_before_them(self, fresh: Workspace) -> None:
        fresh.edit_topic(
            "asthma",
            lambda topic: topic["sections"][0]["body"].insert(0, {"paragraph": "Something quite new."}),
        )
        done = fresh.run("catalogue", "update")
        summary = "1 catalogue changed: 8 translations kept, 0 made fuzzy, 1 left to do."
        assert done.out == f"updated locales/es/LC_MESSAGES/asthma.po\n{summary}\n"
        (row,) = fresh.run("catalogue", "status", "asthma", "--json").json["catalogues"]
        found = [row[kind]["messages"] for kind in ("missing", "fuzzy", "done")]
        assert found == [1, 0, row["messages"] - 1]

    def test_a_changed_text_keeps_its_translation_as_fuzzy(self, fresh: Workspace) -> None:
        def reword(topic: Any) -> None:
            topic["title"] = "Asthma today"

        fresh.edit_topic("asthma", reword)
        done = fresh.run("catalogue", "update", "--json")
        assert {name: done.json[name] for name in ("kept", "madeFuzzy", "left")} == {
            "kept": 7,
            "madeFuzzy": 1,
            "left": 1,
        }

    def test_names_that_may_stay_and_what_no_topic_uses_are_not_left(self, fresh: Workspace) -> None:
        """Update and status count alike."""
        organizations = json.loads((fresh.folder / "vocabulary/organizations.json").read_text())
        entry = {**organizations["entries"][0], "id": "other", "name": "Other Clinic"}
        organizations["entries"].append(entry)
        fresh.write("vocabulary/organizations.json", json.dumps(organizations))
        done = fresh.run("catalogue", "update")
        assert "updated locales/es/LC_MESSAGES/vocabulary.po\n" in done.out
        rows = fresh.run("catalogue", "status", "--json").json["catalogues"]
        left = sum(len(row["toDo"]) for row in rows)
        assert f", {left} left to do." in done.out
        assert "Other Clinic" in (fresh.folder / "locales/es/LC_MESSAGES/vocabulary.po").read_text()

    def test_only_the_topics_that_are_named(self, new: Workspace) -> None:
        assert new.run("catalogue", "update", "cough").out == "0 catalogues changed.\n"
        assert new.run("catalogue", "update", "fever", "--language", "es").out.startswith(f"updated {PO}")

    def test_the_american_spelling_is_the_same_command(self, new: Workspace) -> None:
        assert new.run("catalog", "update").out.startswith(f"updated {PO}")

    def test_words_of_pages_get_a_catalogue_where_pages_are_made(self, fresh: Workspace) -> None:
        path = "locales/es/LC_MESSAGES/interface.po"
        shipped = {each.msgid: each.msgstr for each in polib.pofile(str(fresh.folder / path))}
        (fresh.folder / path).unlink()
        fresh.replace("healthtopics.toml", "cadence", 'formats = ["fhir-r4"]\ncadence')
        assert fresh.run("catalogue", "update").out == "0 catalogues changed.\n"
        fresh.replace("healthtopics.toml", 'formats = ["fhir-r4"]\n', "")
        summary = f"1 catalogue changed: {len(shipped)} translations kept, 0 made fuzzy, 0 left to do."
        assert fresh.run("catalogue", "update").out == f"updated {path}\n{summary}\n"
        written = {each.msgid: each.msgstr for each in polib.pofile(str(fresh.folder / path))}
        assert written == shipped
        assert written["On this page"] == "En esta página"

    def test_a_catalogue_that_cannot_be_read_is_never_rewritten(self, fresh: Workspace) -> None:
        fresh.replace(PO, 'msgstr "Fiebre"', 'msgstr "Fiebre')
        before = dict(tree(fresh.folder))
        fresh.run("catalogue", "update", code=1)
        assert dict(tree(fresh.folder)) == before

    def test_a_catalogue_whose_topic_is_gone_is_left_as_it_is(self, fresh: Workspace) -> None:
        (fresh.folder / "topics/fever.json").rename(fresh.folder / "topics/pyrexia.json")
        fresh.edit_topic("pyrexia", lambda topic: topic.update(id="pyrexia"))
        before = (fresh.folder / PO).read_bytes()
        told = fresh.run("catalogue", "check").out
        assert f"{PO}  warning  catalogue-without-topic" in told
        assert "Is 'pyrexia' its new name?" in told
        assert fresh.run("catalogue", "update").out.startswith("updated locales/es/LC_MESSAGES/pyrexia.po")
        assert (fresh.folder / PO).read_bytes() == before
        (fresh.folder / PO).rename(fresh.folder / PO.replace("fever", "pyrexia"))
        fresh.run("catalogue", "update")
        assert "No problems" in fresh.run("catalogue", "check", "--strict").out

    def test_a_folder_that_is_not_a_language_is_reported_and_left_alone(self, fresh: Workspace) -> None:
        path = PO.replace("/es/", "/Spanish/")
        fresh.write(path, (fresh.folder / PO).read_bytes())
        before = dict(tree(fresh.folder))
        assert "locales/Spanish  warning  catalogue-without-language" in fresh.run("catalogue", "check").out
        fresh.run("catalogue", "update")
        fresh.run("catalogue", "format")
        assert dict(tree(fresh.folder)) == before

    def test_an_invalid_language_tag(self, fresh: Workspace) -> None:
        for command in ("update", "format", "check", "status"):
            told = fresh.run("catalogue", command, "--language", "Spanish", code=2).err
            assert "'Spanish' is not a language tag of the form es" in told
            assert "Configured: es." in told
            told = fresh.run("catalogue", command, "--language", "fr", code=2).err
            assert "language 'fr' is not in healthtopics.toml" in told

    def test_a_workspace_that_cannot_be_written(self, new: Workspace) -> None:
        (new.folder / PO).parent.parent.rename(new.folder / "es")
        (new.folder / "locales/es").symlink_to("/proc/self")  # a folder in which nobody makes another
        assert "cannot be written (" in new.run("catalogue", "update", code=78).err

    def test_a_file_in_place_of_the_folder_of_a_language(self, new: Workspace) -> None:
        (new.folder / PO).parent.parent.rename(new.folder / "es")
        (new.folder / "locales/es").write_bytes(b"")
        assert "locales/es: is not a folder" in new.run("catalogue", "update", code=78).err


class TestCheck:
    def test_nothing_to_say(self, fresh: Workspace) -> None:
        done = fresh.run("catalogue", "check", "--strict")
        assert (done.out, done.err) == ("No problems.\n", "")

    def test_what_is_missing_is_a_warning_with_its_line(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("fever", "Fever", msgstr="")
        text = (fresh.folder / PO).read_text().splitlines()
        line = text.index('msgid "Fever"')
        done = fresh.run("catalogue", "check")
        assert f"{PO}:{line}  warning  message-missing  “Fever” has no translation." in done.out
        assert done.out.endswith("\n1 warning.\n")
        fresh.run("catalogue", "check", "--strict", code=1)

    def test_what_is_wrong_is_an_error(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("asthma", LUNGS, msgstr="El asma es una enfermedad de los pulmones.")
        done = fresh.run("catalogue", "check", "asthma", "--json", code=1)
        (problem,) = done.json["problems"]
        assert (problem["check"], problem["level"]) == ("tag-lost", "error")
        assert problem.keys() == {
            *("check", "level", "path", "line", "column", "pointer", "message", "hint", "spec"),
        }
        assert fresh.run("catalogue", "check", "fever").out == "No problems.\n"

    @pytest.mark.parametrize(("own", "found"), [("112", []), ("911", ["emergency-number"])])
    def test_the_words_of_the_vocabulary_may_name_the_number_of_the_region(
        self, fresh: Workspace, own: str, found: list[str]
    ) -> None:
        fresh.replace("healthtopics.toml", "cadence", f'emergency_numbers = ["{own}"]\ncadence')
        words = {"id": "call", "label": "Emergencies", "text": "Call 112 right away."}
        notices = {"id": "notices", "title": "Notices", "entries": [words]}
        fresh.write("vocabulary/notices.json", json.dumps(notices))
        fresh.run("catalogue", "update", "vocabulary")
        fresh.edit_catalogue("vocabulary", "Call 112 right away.", msgstr="Llame al 112 de inmediato.")
        problems = fresh.run("catalogue", "check", "vocabulary", "--json").json["problems"]
        assert [each["check"] for each in problems if each["check"] != "message-missing"] == found

    def test_one_file_outside_a_workspace(self, fresh: Workspace, tmp_path: Path) -> None:
        file = tmp_path / "sent-by-mail.po"
        file.write_bytes((fresh.folder / PO).read_bytes())
        assert run("catalogue", "check", "--file", file.name, folder=tmp_path).out == "No problems.\n"
        file.write_text("Dear editor,\n")
        done = run("catalogue", "check", "--file", file.name, folder=tmp_path)
        assert done.code == 1
        assert "sent-by-mail.po:1" in done.out


def test_a_text_that_no_catalogue_has_yet_is_named_as_the_catalogue_will(fresh: Workspace) -> None:
    added = {"paragraph": "Rest in bed."}
    fresh.edit_topic("fever", lambda topic: topic["sections"][0]["body"].insert(0, added))
    (found,) = fresh.run("catalogue", "check", "fever", "--json").json["problems"]
    fresh.run("catalogue", "update")
    entry = next(each for each in (fresh.folder / PO).read_text().split("\n\n") if "Rest in bed." in each)
    assert (found["check"], found["path"]) == ("message-missing", PO)
    assert f"#: topics/fever.json#{found['pointer']}\n" in entry


class TestCheckOneFile:
    def test_gaps_are_reported_and_strict_counts_them(self, fresh: Workspace, tmp_path: Path) -> None:
        fresh.edit_catalogue("fever", "Fever", is_fuzzy=True)
        file = tmp_path / "sent.po"
        file.write_bytes((fresh.folder / PO).read_bytes())
        assert "message-fuzzy" in fresh.run("catalogue", "check", "--file", str(file)).out
        assert "message-fuzzy" in fresh.run("catalogue", "check", "--file", str(file), "--strict", code=1).out

    def test_the_glossary_of_its_workspace_counts(self, fresh: Workspace, tmp_path: Path) -> None:
        term = {"id": "fever", "english": ["fever"], "translations": ["calentura"]}
        fresh.write("locales/es/glossary.json", json.dumps({"terms": [term]}))
        words = ("catalogue", "check", "--json", "--file")
        inside = fresh.run(*words, str(fresh.folder / PO)).json["problems"]
        assert "term-missing" in {each["check"] for each in inside}
        file = tmp_path / "sent.po"
        file.write_bytes((fresh.folder / PO).read_bytes())
        assert fresh.run(*words, str(file)).json["problems"] == []
        named = fresh.run(*words, str(file), "--workspace", str(fresh.folder)).json["problems"]
        assert "term-missing" in {each["check"] for each in named}


class TestWhatCannotBeJudged:
    def test_entries_of_a_file_that_was_sent(self, tmp_path: Path) -> None:
        entries = (
            'msgid "Rest."\nmsgstr "Descanse."\n',
            'msgctxt "label-of-others"\nmsgid "Sleep."\nmsgstr "Duerma."\n',
            'msgctxt "label-of-others"\nmsgid "Eat."\nmsgstr ""\n',
            'msgctxt "title"\nmsgid "A day"\nmsgid_plural "Days"\nmsgstr[0] "Un día"\nmsgstr[1] "Días"\n',
        )
        header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: es\\n"\n'
        header += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        (tmp_path / "sent.po").write_text("\n".join((header, *entries)))
        command = ("catalogue", "check", "--file", "sent.po")
        assert run(*command, folder=tmp_path).out.endswith(
            "Of 1 entry with plural forms only the first form was judged.\n"
            "2 entries without a known role, judged as running text.\n"
        )
        assert run(*command, "--json", folder=tmp_path).json["unjudged"] == {
            "plurals": 1,
            "unknownRoles": 2,
            "languages": [],
        }

    def test_languages_without_a_language_file(self, fresh: Workspace) -> None:
        assert fresh.run("catalogue", "check", "--json").json["unjudged"]["languages"] == []
        fresh.replace("healthtopics.toml", "[languages.es]", "[languages.fr]\n\n[languages.es]")
        done = fresh.run("catalogue", "check")
        assert done.out.endswith("fr: there is no language file, so only symbols and form were compared.\n")
        assert fresh.run("catalogue", "check", "--json").json["unjudged"]["languages"] == ["fr"]
        assert "fr:" not in fresh.run("catalogue", "check", "-l", "es").out.splitlines()[-1]


class TestStatus:
    def test_a_row_a_catalogue(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("fever", "Fever", is_fuzzy=True)
        lines = [line.split() for line in fresh.run("catalogue", "status").out.splitlines()]
        assert lines[0][:5] == ["language", "topic", "messages", "done", "fuzzy"]
        assert [(line[1], line[4]) for line in lines[1:5]] == [
            ("asthma", "0"),
            ("cough", "0"),
            ("fever", "1"),
            ("vocabulary", "0"),
        ]
        assert [line[11] for line in lines[1:4]] == ["ready", "ready", "held"]

    def test_json(self, fresh: Workspace) -> None:
        document = fresh.run("catalogue", "status", "--json", "--language", "es").json
        assert document.keys() >= {"release", "catalogues", "problems"}
        assert [row["topic"] for row in document["catalogues"]] == [*TOPICS, "vocabulary", "interface"]
        nothing = {"messages": 0, "words": 0}
        assert document["catalogues"][0] == {
            "language": "es",
            "topic": "asthma",
            "title": "Asthma",
            "path": "locales/es/LC_MESSAGES/asthma.po",
            "messages": 8,
            "words": 26,
            "blocked": nothing,
            "fuzzy": nothing,
            "missing": nothing,
            "review": nothing,
            "warned": nothing,
            "done": {"messages": 8, "words": 26},
            "edition": "ready",
            "asOf": None,
            "sinceRelease": None,
            "readingEase": {"whole": None, "sections": {}},  # too few words
            "toDo": [],
            "inOtherCatalogues": [],
        }

    def test_the_loop(self, new: Workspace) -> None:
        assert "held" in new.run("catalogue", "status", "fever").out
        new.run("catalogue", "update")
        translate(new, "fever")
        assert "ready" in new.run("catalogue", "status", "fever").out


def test_a_catalogue_is_written_in_one_step(new: Workspace) -> None:
    new.run("catalogue", "update")
    assert not [path for path in new.folder.rglob("*") if path.name.startswith(".tmp-")]
    assert (new.folder / PO).stat().st_size > 500
