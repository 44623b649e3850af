"""A topic that its author has marked as unfinished: it is checked and shown, and all others are published."""

import json

import httpx
import pytest

from support.previews import previewing
from support.workspaces import Workspace

MARK = '  "draft": true,\n'


def _make_draft(workspace: Workspace, topic: str) -> None:
    workspace.edit_topic(topic, lambda document: document.update(draft=True))


def test_a_new_topic_holds_nothing_back(fresh: Workspace) -> None:
    assert "It is a draft, and not published" in fresh.run("new", "hay-fever").out
    done = fresh.publish("--json")
    assert (done.code, done.json["drafts"], done.json["problems"]) == (0, ["hay-fever"], [])
    assert "hay-fever" not in fresh.current().manifest.coverage
    for name in fresh.current().manifest.files:
        assert "hay-fever" not in json.dumps(fresh.artifact(name)), name

    again = fresh.publish()
    assert "Nothing changed" in again.out
    assert "Draft, not published: hay-fever.\n" in again.out
    assert "hay-fever" not in again.err


def test_check_says_what_is_to_be_done(fresh: Workspace) -> None:
    unwritten = fresh.run("new", "hay-fever", "--json").json["unwritten"]
    for words in (["check"], ["check", "hay-fever"]):
        found = fresh.run(*words, "--json").json
        assert (found["result"], found["drafts"]) == ("passed", ["hay-fever"])
        problems = [each for each in found["problems"] if each["path"] == "topics/hay-fever.json"]
        assert [each["level"] for each in problems if each["check"] == "unwritten"] == ["warning"] * unwritten
        assert {each["level"] for each in problems} == {"warning"}
        assert fresh.run(*words, "--json").json["problems"] == found["problems"]  # from the cache, too
    assert "Draft, not published: hay-fever.\n" in fresh.run("check").out
    assert fresh.run("check", "cough", "--json").json["drafts"] == []


def test_what_is_finished_is_published_when_the_mark_is_gone(fresh: Workspace) -> None:
    fresh.run("new", "hay-fever")
    path = fresh.folder / "topics/hay-fever.json"
    text = path.read_text().replace("TODO: ", "Written: ")
    assert MARK in text
    path.write_text(text.replace(MARK, ""))
    done = fresh.publish("--json").json
    assert done["drafts"] == []
    assert "schemaorg/en/hay-fever.jsonld" in fresh.current().manifest.files


def test_an_unwritten_text_without_the_mark_is_never_published(fresh: Workspace) -> None:
    fresh.run("new", "hay-fever")
    path = fresh.folder / "topics/hay-fever.json"
    path.write_text(path.read_text().replace(MARK, ""))
    assert "unwritten" in fresh.publish(code=1).err


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "nonsense"},
        {"id": "cough"},
        {"title": 1},
        {"groups": ["none"]},
        {"relatedTopics": ["no-such-topic"]},
        {
            "dates": {
                "created": "2026-11-20",
                "updated": "2026-11-20",
                "corrections": [{"date": "2999-01-01", "what": "x"}],
            }
        },
    ],
    ids=str,
)
def test_no_fault_of_a_draft_holds_the_others_back(fresh: Workspace, fault: dict[str, object]) -> None:
    fresh.run("new", "hay-fever")
    path = fresh.folder / "topics/hay-fever.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fault}))
    found = fresh.run("check", "--json").json["problems"]
    assert {each["level"] for each in found if each["check"] != "unwritten"} == {"warning"}
    done = fresh.publish("--json").json
    assert (done["result"], done["drafts"], done["problems"]) == ("published", ["hay-fever"], [])


def test_nor_does_a_broken_catalogue_of_it(fresh: Workspace) -> None:
    fresh.run("new", "hay-fever")
    fresh.write("locales/es/LC_MESSAGES/hay-fever.po", "msgid\n")
    assert fresh.publish("--json").json["problems"] == []
    found = fresh.run("check", "--json").json["problems"]
    assert {each["level"] for each in found if each["path"].endswith(".po")} == {"warning"}


def test_what_is_not_the_mark_is_a_fault(fresh: Workspace) -> None:
    fresh.edit_topic("fever", lambda document: document.update(draft="yes"))
    assert "draft" in fresh.publish(code=1).err


def test_links_to_a_draft_are_plain_words_and_reported(fresh: Workspace) -> None:
    _make_draft(fresh, "cough")
    found = fresh.run("check", "--json").json["problems"]
    assert "it links to 'cough', which is a draft." in [each["message"] for each in found]
    assert "which is a draft" in fresh.publish().err
    assert "Many people have a cough." in json.dumps(fresh.artifact("fhir/r4/en/asthma.json"))
    for name in fresh.current().manifest.files:
        assert "/cough" not in json.dumps(fresh.artifact(name)), name


class TestPublishedAlready:
    def test_a_draft_of_it_is_refused(self, published: Workspace) -> None:
        before = published.current().manifest.number
        _make_draft(published, "fever")
        refused = published.publish("--json", code=1).json["problems"]
        assert [(each["check"], each["path"], each["pointer"]) for each in refused] == [
            ("draft-published", "topics/fever.json", "/draft")
        ]
        assert "--allow-withdrawals 1" in refused[0]["hint"]
        assert published.current().manifest.number == before

    def test_it_goes_if_somebody_permits_it(self, published: Workspace) -> None:
        _make_draft(published, "fever")
        done = published.publish("--allow-withdrawals", "1", "--json").json
        assert (done["result"], done["drafts"]) == ("published", ["fever"])
        assert [each["id"] for each in published.artifact("topics.json")["withdrawn"]] == ["fever"]

    def test_it_goes_on_the_day_of_its_withdrawal(self, published: Workspace) -> None:
        _make_draft(published, "fever")
        published.edit_topic("fever", lambda document: document["dates"].update(withdrawFrom="2026-11-20"))
        assert published.publish("--json").json["result"] == "published"


class TestTranslators:
    def test_they_are_not_asked_for_it(self, fresh: Workspace) -> None:
        fresh.run("new", "hay-fever")
        fresh.run("catalogue", "update")
        assert not (fresh.folder / "locales/es/LC_MESSAGES/hay-fever.po").exists()
        assert "hay-fever" not in fresh.run("catalogue", "check").out
        rows = fresh.run("catalogue", "status").out
        assert next(row for row in rows.splitlines() if " hay-fever " in row).endswith("draft")
        assert "hay-fever.po" not in rows

    def test_they_can_look_at_it(self, fresh: Workspace) -> None:
        fresh.run("new", "hay-fever")
        with previewing(fresh.folder) as preview, httpx.Client(base_url=preview.address) as client:
            assert "Hay fever" in client.get("/es/hay-fever").text
            row = next(row for row in client.get("/").text.split("<tr") if '<a href="/es/hay-fever">' in row)
            assert "<td>draft</td>" in row

    def test_unless_somebody_names_it(self, fresh: Workspace) -> None:
        fresh.run("new", "hay-fever")
        fresh.run("catalogue", "update", "hay-fever")
        assert (fresh.folder / "locales/es/LC_MESSAGES/hay-fever.po").exists()
        assert "hay-fever.po" in fresh.run("catalogue", "status", "hay-fever").out
        assert "hay-fever.po" in fresh.run("catalogue", "check", "hay-fever").out
