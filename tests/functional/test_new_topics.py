"""`healthtopics new` and `vocabulary`: from an idea to a topic that says what is still to be written."""

import json
from pathlib import Path

import pytest

from support.terminals import Terminal
from support.workspaces import Workspace, run


def test_every_text_to_write_is_reported(fresh: Workspace) -> None:
    told = fresh.run("new", "hay-fever", "--json", at="2026-12-01T08:00:00Z").json
    assert told["path"] == "topics/hay-fever.json"
    topic = json.loads((fresh.folder / told["path"]).read_bytes())
    assert (topic["title"], topic["kind"], topic["dates"]["created"]) == (
        "Hay fever",
        "condition",
        "2026-12-01",
    )
    assert [each["heading"] for each in topic["sections"]][:2] == [
        "What is it?",
        "What causes it?",
    ]
    problems = fresh.run("check", "hay-fever", "--json").json["problems"]
    assert {each["check"] for each in problems} == {"unwritten"}
    assert len(problems) == told["unwritten"]
    assert "TODO" in problems[0]["message"]


def test_the_kind_that_nobody_chose_is_said(fresh: Workspace) -> None:
    said = fresh.run("new", "foot-care").out
    assert "Its kind is condition, as no --kind was given. For another one, delete the file" in said
    done = fresh.run("new", "hand-care", "--kind", "wellness")
    assert "Its kind is wellness.\n" in done.out
    topic = json.loads((fresh.folder / "topics/hand-care.json").read_bytes())
    assert topic["sections"][0]["heading"] == "What should you know?"


@pytest.mark.parametrize(
    "kind", ["condition", "symptom", "test", "procedure", "drug", "wellness", "population", "other"]
)
def test_a_topic_of_each_kind_is_sound_once_it_is_written(fresh: Workspace, kind: str) -> None:
    fresh.run("new", "written", "--kind", kind)
    path = fresh.folder / "topics/written.json"
    path.write_text(path.read_text().replace("TODO: ", "Written: "))
    assert fresh.run("check", "written", "--json").json["result"] == "passed"


def test_the_numbers_to_call_are_those_of_the_workspace(fresh: Workspace) -> None:
    path = fresh.folder / "healthtopics.toml"
    kept = [line for line in path.read_text().splitlines() if not line.startswith("emergency_numbers")]
    path.write_text("\n".join(['emergency_numbers = ["112", "061"]', *kept]))
    fresh.run("new", "written", "--answers", "see-a-doctor")
    topic = json.loads((fresh.folder / "topics/written.json").read_bytes())
    assert topic["sections"][0]["body"][0]["callout"].startswith("Call 112 or 061 or go to")


def test_a_terminal_is_asked(fresh: Workspace) -> None:
    with Terminal("new", "mri", folder=fresh.folder) as terminal:
        for question, answer in (
            ("Title [Mri]: ", "MRI scans"),
            ("Kinds: condition, symptom, test, ", None),
            ("Kind [condition]: ", "tset"),
            ("Error: kinds have no 'tset'. Did you mean test?", None),
            ("Kind [condition]: ", "test"),
            ("Aspects: overview, types, ", None),
            ("[overview,preparation,how-it-works,safety,results]: ", "overview, results"),
        ):
            terminal.expect(question)
            if answer is not None:
                terminal.send(f"{answer}\n")
        assert terminal.end() == 0
    topic = json.loads((fresh.folder / "topics/mri.json").read_bytes())
    assert (topic["title"], topic["kind"]) == ("MRI scans", "test")
    assert [each["aspect"] for each in topic["sections"]] == ["overview", "results"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("asthma", "topics/asthma.json exists already; it was left as it is."),
        ("Hay_Fever", "id: “Hay_Fever” "),
        ("vocabulary", "id: "),
        ("../evil", "id: "),
        ("x --kind conditon", "kinds have no 'conditon'. Did you mean condition?"),
        ("x --kind test,drug", "Kind: name one key."),
        ("x --answers ,", "Questions to answer: name at least one key."),
        ("x --answers overview,why", "aspects have no 'why'."),
        ("x --group none", "groups have no 'none'."),
    ],
)
def test_what_cannot_be_a_topic_is_not_written(fresh: Workspace, words: str, fault: str) -> None:
    before = sorted(fresh.folder.rglob("*.json"))
    assert f"Error: {fault}" in fresh.run("new", *words.split(), code=2).err
    assert sorted(fresh.folder.rglob("*.json")) == before


class TestVocabulary:
    def test_all(self, fresh: Workspace) -> None:
        assert "kinds" in fresh.run("vocabulary").out
        assert "groups" in fresh.run("vocabulary", "--json").json["vocabularies"]

    def test_one_has_the_workspace_s_own_words(self, fresh: Workspace) -> None:
        assert "clinic" in fresh.run("vocabulary", "organizations").out
        found = fresh.run("vocabulary", "kinds", "--json").json["entries"]
        assert found[0] == {"id": "condition", "label": "Condition", "schemaType": "MedicalCondition"}

    def test_outside_a_workspace_the_packaged_ones(self, tmp_path: Path) -> None:
        done = run("vocabulary", "kinds", folder=tmp_path)
        assert (done.code, done.out.splitlines()[0].split()) == (0, ["key", "label", "definition"])

    def test_an_unknown_one(self, fresh: Workspace) -> None:
        assert "Did you mean kinds?" in fresh.run("vocabulary", "kind", code=2).err

    def test_a_broken_one(self, fresh: Workspace) -> None:
        fresh.write("vocabulary/groups.json", "{")
        assert fresh.run("vocabulary", "groups", "--json", code=1).json["problems"]
