"""Bad input: every fault of every file at once, with its place and what to do; nothing is written."""

import json
import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from healthtopics.storage.listing import MOST_SHARED
from support.workspaces import TOPICS, Workspace, tree

PO = "locales/es/LC_MESSAGES/cough.po"

Break = Callable[[Workspace], object]


def _paragraph(text: str) -> Break:
    def edit(topic: dict[str, Any]) -> None:
        topic["sections"][0]["body"][0]["paragraph"] = text

    return lambda workspace: workspace.edit_topic("cough", edit)


def _members(**members: object) -> Break:
    return lambda workspace: workspace.edit_topic("cough", lambda topic: topic.update(members))


def _prepend(path: str, text: bytes) -> Break:
    return lambda workspace: workspace.write(path, text + (workspace.folder / path).read_bytes())


def _append(path: str, text: bytes) -> Break:
    return lambda workspace: workspace.write(path, (workspace.folder / path).read_bytes() + text)


def _replace(path: str, old: str, new: str) -> Break:
    return lambda workspace: workspace.replace(path, old, new)


TOPIC = "topics/cough.json"
BODY = "/sections/0/body/0/paragraph"
# What is done to the workspace, the rule that finds it, and the place that is named.
FAULTS: dict[str, tuple[Break, str, str]] = {
    "malformed JSON": (_replace(TOPIC, '"kind"', "kind"), "json-syntax", f"{TOPIC}:3:3"),
    "truncated JSON": (lambda w: w.write(TOPIC, b'{"id": "cough"'), "json-syntax", f"{TOPIC}:1:15"),
    "empty file": (lambda w: w.write(TOPIC, b""), "json-syntax", f"{TOPIC}:1:1"),
    "not UTF-8": (lambda w: w.write(TOPIC, b'{\n"id": "\xe9"}'), "json-encoding", f"{TOPIC}:2"),
    "duplicate key": (
        _replace(TOPIC, '"kind": "symptom"', '"kind": "symptom", "kind": "test"'),
        "json-duplicate-key",
        f"{TOPIC}#/kind",
    ),
    "unknown property": (_members(titel="Cough"), "topic-schema", f"{TOPIC}#/titel"),
    "missing property": (lambda w: w.edit_topic("cough", lambda t: t.pop("title")), "topic-schema", TOPIC),
    "not an object": (lambda w: w.write(TOPIC, b"[]"), "topic-schema", TOPIC),
    "dangling link": (_paragraph('A <a href="topic:caugh">b</a>.'), "unknown-topic", f"{TOPIC}#{BODY}"),
    "dangling relation": (_members(relatedTopics=["fevre"]), "unknown-topic", f"{TOPIC}#/relatedTopics/0"),
    "dangling key": (_members(kind="symptoms"), "unknown-key", f"{TOPIC}#/kind"),
    "duplicate topic": (
        lambda w: w.write("topics/cough-2.json", json.dumps(TOPICS["cough"])),
        "duplicate-id",
        "topics/cough-2.json#/id",
    ),
    "duplicate section": (
        lambda w: w.edit_topic("cough", lambda t: t["sections"].append(t["sections"][0])),
        "duplicate-id",
        f"{TOPIC}#/sections/1/id",
    ),
    "script": (_paragraph("A <script>alert(1)</script>."), "markup-element", f"{TOPIC}#{BODY}"),
    "event handler": (_paragraph('A <em onclick="x()">b</em>.'), "markup-attribute", f"{TOPIC}#{BODY}"),
    "ill-formed markup": (_paragraph("A <em>b."), "markup-ill-formed", f"{TOPIC}#{BODY}"),
    "stray ampersand": (_paragraph("A & b."), "markup-ill-formed", f"{TOPIC}#{BODY}"),
    "javascript link": (_paragraph('<a href="javascript:x()">b</a>'), "markup-href", f"{TOPIC}#{BODY}"),
    "dates": (
        _members(dates={"created": "2026-11-20", "updated": "2026-11-19"}),
        "date-order",
        f"{TOPIC}#/dates/updated",
    ),
    "vocabulary": (
        lambda w: w.write("vocabulary/groups.json", b'{"id": "groups", "entries": []}'),
        "vocabulary-schema",
        "vocabulary/groups.json",
    ),
    "unknown parent": (
        _replace("vocabulary/organizations.json", '"id": "clinic",', '"id": "clinic", "parent": "ministry",'),
        "unknown-key",
        "vocabulary/organizations.json",
    ),
    "unterminated string": (_replace(PO, 'msgstr "Tos"', 'msgstr "Tos'), "", f"{PO}:"),
    "conflict markers": (
        _replace(PO, 'msgstr "Tos"', '<<<<<<< HEAD\nmsgstr "Tos"\n=======\nmsgstr "La tos"\n>>>>>>> other'),
        "",
        f"{PO}:",
    ),
    "duplicate entry": (_append(PO, b'\nmsgctxt "title"\nmsgid "Cough"\nmsgstr "Otra"\n'), "", f"{PO}:"),
    "Latin-1": (_append(PO, '\nmsgid "x"\nmsgstr "ñ"\n'.encode("latin-1")), "", f"{PO}:"),
    "UTF-16": (lambda w: w.write(PO, 'msgid ""\n'.encode("utf-16")), "", PO),
    "no catalogue at all": (_prepend(PO, b"Dear translator,\n"), "", f"{PO}:1"),
}


def _snapshot(workspace: Workspace) -> dict[str, bytes | str]:
    return dict(tree(workspace.folder))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_stops_the_release_and_says_where_and_what_to_do(name: str, published: Workspace) -> None:
    spoil, check, place = FAULTS[name]
    spoil(published)
    before = _snapshot(published)

    done = published.publish(code=1)

    assert _snapshot(published) == before, "nothing is published, nothing is overwritten"
    assert not done.out
    lines = done.err.splitlines()
    place = published.place(place) if "#" in place else place
    told = [at for at, line in enumerate(lines) if line.startswith(place) and f"  error  {check}" in line]
    assert told, done.err
    assert lines[told[0] + 1].startswith("  hint: ") or "did you mean" in lines[told[0]], done.err
    assert lines[-1].endswith("Nothing was published.")
    assert "error" in lines[-1]


def test_all_faults_of_all_files_come_at_once(published: Workspace) -> None:
    published.replace("topics/cough.json", '"kind"', "kind")
    published.edit_topic("fever", lambda topic: topic.update(titel="Fever", kind="symptoms"))
    published.edit_topic("asthma", lambda topic: topic["relatedTopics"].append("nowhere"))
    published.replace("locales/es/LC_MESSAGES/asthma.po", 'msgstr "Asma"', 'msgstr "Asma')
    published.replace("locales/es/LC_MESSAGES/fever.po", 'msgstr "Fiebre"', "=======")
    published.write("vocabulary/groups.json", b"{}")
    before = _snapshot(published)

    done = published.publish("--json", code=1)

    assert done.json["result"] == "refused"
    assert not done.err
    paths = {problem["path"] for problem in done.json["problems"] if problem["level"] == "error"}
    assert paths == {
        "topics/asthma.json",
        "topics/cough.json",
        "topics/fever.json",
        "locales/es/LC_MESSAGES/asthma.po",
        "locales/es/LC_MESSAGES/fever.po",
        "vocabulary/groups.json",
    }
    assert _snapshot(published) == before
    assert published.run("check", "--json", code=1).json["problems"] == done.json["problems"]


def test_every_kind_of_fault_comes_in_one_run(published: Workspace) -> None:
    """No fault hides another one, and none is reported that only follows from another one."""
    published.replace("healthtopics.toml", "cadence", "cadenze")
    published.replace("topics/cough.json", '"kind"', "kind")

    def spoil(topic: dict[str, Any]) -> None:
        topic["sections"].insert(0, {"id": "nothing", "heading": None, "body": []})
        topic["sections"][1]["body"][0]["paragraph"] = "A <script>b</script>."
        topic.update(titel="Fever", kind="symptoms", relatedTopics=["nowhere"])

    published.edit_topic("fever", spoil)
    published.edit_topic("asthma", lambda topic: topic["dates"].update(reviewBy="2026-11-01"))
    published.replace("locales/es/LC_MESSAGES/fever.po", 'msgstr "Fiebre"', "=======")
    published.edit_catalogue("asthma", "Asthma", msgstr="")
    published.write("locales/es/glossary.json", b'{"terms": [{"id": "x"}]}')
    published.replace("vocabulary/organizations.json", '"id": "clinic"', '"id": 7')

    for command in ("check", "catalogue check"):
        done = published.run(*command.split(), "--json", code=78)
        assert done.json["result"] == "configuration"
        found = [(each["path"], each["check"], each["pointer"]) for each in done.json["problems"]]
        assert len(found) == len(set(found)), "each finding once"
        assert {(path, check) for path, check, _pointer in found} >= {
            ("healthtopics.toml", "configuration-schema"),
            ("locales/es/LC_MESSAGES/asthma.po", "message-missing"),
            ("locales/es/LC_MESSAGES/fever.po", "po-conflict-marker"),
            ("locales/es/glossary.json", "glossary-schema"),
            ("topics/cough.json", "json-syntax"),
            ("topics/fever.json", "markup-element"),
            ("topics/fever.json", "topic-schema"),
            ("topics/fever.json", "unknown-key"),
            ("topics/fever.json", "unknown-topic"),
            ("vocabulary/organizations.json", "vocabulary-schema"),
        }
        assert ("topics/fever.json", "markup-element", "/sections/1/body/0/paragraph") in found
        lines = [each["line"] for each in done.json["problems"]]
        assert all(lines), "each with its place"
    done = published.run("check", "--json", "--as-of", "2026-11-20", code=78)
    assert "review-overdue" in {each["check"] for each in done.json["problems"]}


@pytest.mark.parametrize("command", ["check", "publish", "catalogue check"])
def test_files_that_cannot_be_read_are_reported_with_the_others(fresh: Workspace, command: str) -> None:
    """A link to a topic that is too large is not faulted, nor an edition without its catalogue."""
    fresh.write("topics/a\nb.json", "{}")
    for path in ("topics/cough.json", "locales/es/LC_MESSAGES/asthma.po", "locales/es/glossary.json"):
        fresh.write(path, "")
        os.truncate(fresh.folder / path, MOST_SHARED + 1)
    fresh.edit_topic("fever", lambda topic: topic.update(kind="feeling"))
    done = fresh.run(*command.split(), "--json", code=1)
    assert {(each["path"], each["check"]) for each in done.json["problems"]} == {
        ("locales/es/LC_MESSAGES/asthma.po", "file-too-large"),
        ("locales/es/glossary.json", "file-too-large"),
        ("topics/a\\nb.json", "file-name-control"),
        ("topics/cough.json", "file-too-large"),
        ("topics/fever.json", "unknown-key"),
    }


@pytest.mark.parametrize("command", ["check", "publish", "catalogue check"])
def test_what_is_not_a_file_is_reported_with_the_others(fresh: Workspace, command: str) -> None:
    (fresh.folder / "topics/cough.json").unlink()
    (fresh.folder / "topics/cough.json").mkdir()
    os.mkfifo(fresh.folder / "topics/pipe.json")
    (fresh.folder / "vocabulary/groups.json").symlink_to("nowhere")
    fresh.edit_topic("fever", lambda topic: topic.update(kind="feeling"))
    done = fresh.run(*command.split(), "--json", code=1)
    assert {(each["path"], each["check"], each["message"]) for each in done.json["problems"]} >= {
        ("topics/cough.json", "file-unreadable", "is a folder, not a file."),
        ("topics/pipe.json", "file-unreadable", "is a pipe, not a file."),
        ("vocabulary/groups.json", "file-unreadable", "is a link that leads nowhere, not a file."),
    }
    assert {(each["path"], each["check"]) for each in done.json["problems"]} == {
        ("topics/cough.json", "file-unreadable"),
        ("topics/pipe.json", "file-unreadable"),
        ("vocabulary/groups.json", "file-unreadable"),
        ("topics/fever.json", "unknown-key"),
    }


def test_a_workspace_whose_only_topic_is_too_large(published: Workspace) -> None:
    for name in ("asthma", "fever"):
        (published.folder / f"topics/{name}.json").unlink()
    os.truncate(published.folder / "topics/cough.json", MOST_SHARED)
    checks = {each["check"] for each in published.publish("--json", code=1).json["problems"]}
    assert "file-too-large" in checks
    assert "no-topics" not in checks
    os.truncate(published.folder / "topics/cough.json", 0)
    assert published.run("check", "cough", "--json", code=1).json["problems"][0]["check"] == "json-syntax"


@pytest.mark.parametrize("command", ["catalogue update", "catalogue status", "sign-off cough --by A"])
def test_other_commands_refuse_a_file_that_is_too_large(fresh: Workspace, command: str) -> None:
    os.truncate(fresh.folder / "locales/es/LC_MESSAGES/asthma.po", MOST_SHARED)
    done = fresh.run(*command.split(), "--json", code=1)
    assert [each["check"] for each in done.json["problems"]] == ["file-too-large"]


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ('<a href="topic:none">A link</a> <u>and more</u>.', "markup-element"),
        ('<b><a href="topic:none">A link</a> & more.', "markup-ill-formed"),
    ],
)
def test_a_fault_of_the_markup_hides_no_link(fresh: Workspace, text: str, check: str) -> None:
    fresh.edit_topic("cough", lambda topic: topic["sections"][0]["body"][0].update(paragraph=text))
    problems = fresh.run("check", "--json", code=1).json["problems"]
    assert {(each["check"], each["pointer"]) for each in problems} >= {(check, BODY), ("unknown-topic", BODY)}


def test_a_topic_that_cannot_be_read_does_not_fault_the_links_to_it(published: Workspace) -> None:
    published.replace("topics/cough.json", '"kind"', "kind")
    done = published.publish(code=1)
    assert "json-syntax" in done.err
    assert done.err.endswith("\n1 error. Nothing was published.\n")


def test_a_command_that_never_publishes_does_not_say_that_it_did_not(published: Workspace) -> None:
    published.replace("topics/cough.json", '"kind"', "kind")
    assert "published" not in published.run("catalogue", "update", code=1).err


def test_a_workspace_without_topics_withdraws_nothing(published: Workspace) -> None:
    for path in (published.folder / "topics").iterdir():
        path.unlink()
    for _ in range(2):
        done = published.publish(code=1)
        assert "topics  error  no-topics  there is no topic here; release 1 has 3." in done.err
        assert "Restore the folder topics/" in done.err
        assert "init" not in done.err
        assert "catalogue-without-topic" not in done.err
        shutil.rmtree(published.folder / "topics", ignore_errors=True)


def test_backup_files_of_editors_are_ignored(fresh: Workspace) -> None:
    (fresh.folder / "topics/.#cough.json").symlink_to("author@laptop.1234")
    fresh.write("topics/._cough.json", b"\x00\x05\x16\x07")
    fresh.write("locales/es/LC_MESSAGES/.tmp-1-cough.po", b"half a catal")
    done = fresh.publish()
    assert not done.err
    assert done.out.startswith("Published release 1")


def test_a_heading_may_contain_an_ampersand_and_topic_in_its_text(fresh: Workspace) -> None:
    fresh.edit_topic(
        "cough", lambda topic: topic["sections"][0].update(heading="Topic: coughs & <topic: colds>")
    )
    fresh.publish()


def test_an_organization_that_is_part_of_itself_does_not_hang_the_publisher(fresh: Workspace) -> None:
    fresh.replace("vocabulary/organizations.json", '"id": "clinic",', '"id": "clinic", "parent": "clinic",')
    assert (
        f"{fresh.place('vocabulary/organizations.json#/entries/0/parent')}  error"
        in fresh.publish(code=1).err
    )


def test_programs_get_line_and_column(published: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(published.folder))
    published.edit_topic("cough", lambda topic: topic.update(titel="Cough"))
    path, line, column = published.place("topics/cough.json#/titel").split(":")

    (only,) = json.loads(published.run("check", "--output-format", "sarif", code=1).out)["runs"]
    (result,) = only["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": path, "uriBaseId": "WORKSPACE"},
                "region": {"startLine": int(line), "startColumn": int(column)},
            },
            "logicalLocations": [{"fullyQualifiedName": "/titel"}],
        }
    ]
    annotation = published.run("check", "--output-format", "github", code=1).out.splitlines()[-1]
    assert annotation.startswith(f"::error file={path},line={line},col={column},title=topic-schema::/titel: ")


def test_colors_can_be_switched_off(published: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "")
    published.write("topics/cough.json", b"{")
    assert "\x1b[1;31m✗ error\x1b[0m" in published.run("check", code=1).out
    assert "\x1b[1;31m" not in published.run("check", "--no-color", code=1).out


def test_a_configuration_that_cannot_be_read_does_not_hide_the_faults_of_topics(fresh: Workspace) -> None:
    fresh.write("healthtopics.toml", 'base_url = "')
    fresh.edit_topic("cough", lambda topic: topic.pop("title"))
    lines = fresh.run("check", code=78).out.splitlines()
    heads = [line for line in lines if "  error  " in line or "  warning  " in line]
    assert [line.split("  ")[2] for line in heads] == ["configuration-toml", "topic-schema"]
    assert lines[-1] == "3 topics checked: 2 errors. Fix the 2 errors."
    assert "configuration-toml" in fresh.run("catalogue", "check", "-l", "es", code=78).out


def test_many_faults_are_summed_up_with_what_to_do_next(fresh: Workspace) -> None:
    links = [{"title": f"Page {at}", "url": "nowhere"} for at in range(41)]
    fresh.edit_topic("cough", lambda topic: topic.update(resources=links))
    said = fresh.run("check", code=1).out.splitlines()[-1]
    assert said.endswith("; --verbose lists all.")
    assert fresh.run("check", "--verbose", code=1).out.splitlines()[-1] == said.replace(
        "; --verbose lists all", ""
    )
