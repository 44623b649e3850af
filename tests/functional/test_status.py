"""`healthtopics catalogue status`: what is translated, what is missing, what is new to readers."""

from typing import Any

import pytest
from lxml import html

from support.workspaces import LUNGS, Workspace

PO = "locales/es/LC_MESSAGES/fever.po"
SAFE = "A fever is a high body temperature."
CRITICAL = "Do not take more than 200 mg a day."


def sheet(workspace: Workspace, topic: str, *options: str) -> dict[str, Any]:
    document = workspace.run("catalogue", "status", topic, "--json", *options).json
    (found,) = [each for each in document["catalogues"] if each["topic"] == topic]
    return dict(found)


def add_paragraph(workspace: Workspace, topic: str, text: str) -> None:
    workspace.edit_topic(topic, lambda document: document["sections"][0]["body"].append({"paragraph": text}))
    workspace.run("catalogue", "update")


class TestCounts:
    def test_messages_and_words_of_every_kind(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("fever", "What a fever is.", msgstr="")
        fresh.edit_catalogue("fever", SAFE, is_fuzzy=True)
        fresh.edit_catalogue("fever", "What is a fever?", msgstr="¿Qué es la <b>fiebre?\t")
        found = sheet(fresh, "fever")
        assert (found["messages"], found["words"]) == (4, 1 + 4 + 4 + 7)
        assert found["missing"] == {"messages": 1, "words": 4}
        assert found["fuzzy"] == {"messages": 1, "words": 7}
        assert found["blocked"] == {"messages": 1, "words": 4}
        assert found["done"] == {"messages": 1, "words": 1}

    def test_markup_is_not_counted_as_words(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("asthma", LUNGS, is_fuzzy=True)
        assert sheet(fresh, "asthma")["fuzzy"] == {"messages": 1, "words": 7}

    def test_a_message_that_the_catalogue_does_not_have_yet(self, fresh: Workspace) -> None:
        fresh.edit_topic("fever", lambda topic: topic.update(title="High fever"))
        found = sheet(fresh, "fever")
        (entry,) = found["toDo"]
        assert (entry["english"], entry["line"], entry["work"]) == ("High fever", None, "missing")

    def test_the_vocabulary_has_its_own_row(self, fresh: Workspace) -> None:
        document = fresh.run("catalogue", "status", "--json").json
        found = document["catalogues"][-2]
        assert (found["topic"], found["edition"]) == ("vocabulary", None)
        assert found["missing"]["messages"] == 0

    def test_the_words_of_pages_have_a_row_where_pages_are_published(self, fresh: Workspace) -> None:
        document = fresh.run("catalogue", "status", "--json").json
        assert document["catalogues"][-1]["topic"] == "interface"
        fresh.replace("healthtopics.toml", 'cadence = "P1D"\n', 'cadence = "P1D"\nformats = ["fhir-r4"]\n')
        document = fresh.run("catalogue", "status", "--json").json
        assert document["catalogues"][-1]["topic"] == "vocabulary"

    def test_a_topic_waits_for_the_words_that_it_uses(self, fresh: Workspace) -> None:
        fresh.edit_topic("fever", lambda topic: topic.update(groups=["new-group"]))
        fresh.write(
            "vocabulary/groups.json",
            '{"id": "groups", "title": "Groups", "entries": [{"id": "new-group", "label": "A new group"}]}',
        )
        fresh.run("catalogue", "update")
        found = sheet(fresh, "fever")
        assert found["edition"] == "held"
        assert not found["toDo"]
        assert {each["path"] for each in found["inOtherCatalogues"]} == {
            "locales/es/LC_MESSAGES/vocabulary.po"
        }
        out = fresh.run("catalogue", "status", "fever").out
        assert "fever (es) also waits for 1 message of locales/es/LC_MESSAGES/vocabulary.po." in out


class TestQueue:
    def test_what_can_hurt_comes_first(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("asthma", "What asthma is.", msgstr="")
        add_paragraph(fresh, "fever", CRITICAL)
        out = fresh.run("catalogue", "status").out
        queue = out[out.index("To do") :].splitlines()[1:]
        assert queue[0].endswith(f"missing  safety  “{CRITICAL}”")
        assert queue[1].endswith("missing  “What asthma is.”")
        first = sheet(fresh, "fever")["toDo"][0]
        assert (first["safety"], first["english"]) == (True, CRITICAL)

    def test_only_the_first_are_shown_and_the_rest_counted(self, fresh: Workspace) -> None:
        for topic in ("asthma", "cough", "fever"):
            (fresh.folder / f"locales/es/LC_MESSAGES/{topic}.po").unlink()
        out = fresh.run("catalogue", "status").out
        assert "… and 6 messages more; --all lists them." in out
        assert fresh.run("catalogue", "status", "--all").out.count("missing  “") == 16

    def test_what_blocks_says_why(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("fever", "Fever", msgstr="Fie\tbre")
        assert "message-tab: the translation has a tab or a carriage return." in (
            fresh.run("catalogue", "status").out
        )

    def test_what_is_kept_back_after_a_change_of_a_number(self, fresh: Workspace) -> None:
        spanish = "La fiebre es una temperatura corporal alta."
        fresh.replace("topics/fever.json", SAFE, f"{SAFE[:-1]} for 2 days.")
        fresh.run("catalogue", "update")
        out = fresh.run("catalogue", "status").out
        assert "      A fever is a high body temperature{+ for 2 days+}.\n" in out
        assert f"      former translation: {spanish}\n" in out
        (row,) = [each for each in sheet(fresh, "fever")["toDo"] if each["previous"]]
        assert (row["work"], row["previous"], row["formerTranslation"]) == ("missing", SAFE, spanish)
        fresh.run("catalogue", "status", "--html", "status.html")
        assert f"Former translation: {spanish}" in (fresh.folder / "status.html").read_text()
        path = "locales/es/LC_MESSAGES/fever.po"
        text = (fresh.folder / path).read_text()
        line = str(text[: text.index(f"# former English: {SAFE}")].count("\n") + 1)
        fresh.run("catalogue", "set", "fever", "La fiebre dura 2 días.", "--entry", line)
        assert "former " not in (fresh.folder / path).read_text()

    def test_what_changed_in_the_english_of_a_fuzzy_one(self, fresh: Workspace) -> None:
        path = "topics/fever.json"
        fresh.replace(path, SAFE, "A fever is a very high body temperature.")
        fresh.run("catalogue", "update")
        out = fresh.run("catalogue", "status").out
        assert "      A fever is a {+very +}high body temperature.\n" in out
        assert sheet(fresh, "fever")["toDo"][0]["previous"] == SAFE
        fresh.run("catalogue", "status", "--html", "status.html")
        assert (
            "A fever is a <ins>very </ins>high body temperature."
            in (fresh.folder / "status.html").read_text()
        )


class TestReaders:
    def test_nothing_is_published_yet(self, fresh: Workspace) -> None:
        document = fresh.run("catalogue", "status", "--json").json
        assert document["release"] is None
        assert {each["sinceRelease"] for each in document["catalogues"]} == {None}

    def test_unchanged_changed_and_new(self, fresh: Workspace) -> None:
        (fresh.folder / PO).rename(fresh.folder / "kept.po")
        fresh.publish()
        (fresh.folder / "kept.po").rename(fresh.folder / PO)
        fresh.edit_catalogue("cough", "Cough", msgstr="La tos")
        document = fresh.run("catalogue", "status", "--json").json
        assert document["release"] == 1
        assert {each["topic"]: each["sinceRelease"] for each in document["catalogues"]} == {
            "asthma": "unchanged",
            "cough": "changed",
            "fever": "new",
            "vocabulary": None,
            "interface": None,
        }

    def test_the_last_edition_stands_in_for_one_that_is_held(self, fresh: Workspace) -> None:
        fresh.publish()
        fresh.edit_catalogue("fever", "Fever", msgstr="")
        found = sheet(fresh, "fever")
        assert (found["edition"], found["asOf"]) == ("held", "2026-11-12T09:00:00Z")
        assert "that of 2026-11-12" in fresh.run("catalogue", "status", "fever").out


class TestExitCodes:
    def test_strict_fails_while_an_edition_is_held(self, fresh: Workspace) -> None:
        fresh.run("catalogue", "status", "--strict")
        fresh.edit_catalogue("fever", "Fever", msgstr="")
        fresh.run("catalogue", "status")
        fresh.run("catalogue", "status", "--strict", code=1)
        fresh.run("catalogue", "status", "cough", "--strict")


class TestPage:
    def test_the_page_says_what_the_table_says(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("fever", SAFE, is_fuzzy=True)
        fresh.run("catalogue", "status", "--html", "status.html")
        page = html.fromstring((fresh.folder / "status.html").read_bytes())
        assert page.get("lang") == "en"
        rows = [[str(cell.xpath("string()")).strip() for cell in row] for row in page.iterfind(".//tbody/tr")]
        counts = ["4", "3", "1", "0", "0", "0", "0", "0", "0", "16", "7"]
        assert ["Fever", "held; readers have none", "", *counts] in rows
        (entry,) = page.iterfind(".//section[@aria-labelledby='to-do']//li")
        assert SAFE in str(entry.xpath("string()"))
        assert not page.xpath("//script | //*[starts-with(@src, 'http')]")

    @pytest.mark.parametrize(
        ("path", "said"), [("nowhere/status.html", "No such file or directory"), (".", "Is a directory")]
    )
    def test_a_page_that_has_no_place_is_wrong_usage(self, fresh: Workspace, path: str, said: str) -> None:
        done = fresh.run("catalogue", "status", "--html", path, code=2)
        assert f"{path}: {said}." in " ".join(done.err.split())

    def test_a_full_disk_is_not_reported_as_a_bug(self, fresh: Workspace) -> None:
        done = fresh.run("catalogue", "status", "--html", "/dev/full", code=75)
        assert "/dev/full: cannot be written (No space left on device)." in done.err

    def test_a_link_to_the_page_stays_one(self, fresh: Workspace) -> None:
        (fresh.folder / "status.html").symlink_to("page.html")
        fresh.run("catalogue", "status", "--html", "status.html")
        assert (fresh.folder / "status.html").is_symlink()
        assert (fresh.folder / "page.html").read_bytes().startswith(b"<!DOCTYPE html>")

    def test_text_of_a_catalogue_is_escaped(self, fresh: Workspace) -> None:
        fresh.edit_catalogue("fever", "Fever", msgstr="<script>alert(1)</script>", is_fuzzy=True)
        fresh.run("catalogue", "status", "--html", "status.html")
        assert "<script>" not in (fresh.folder / "status.html").read_text()
