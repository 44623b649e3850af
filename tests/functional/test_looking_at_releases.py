"""`healthtopics release` and `healthtopics check`: what was published, and what would be."""

import json
import re
from uuid import UUID

import pytest

from healthtopics.jsontext import dump
from healthtopics.release import object_key
from support.workspaces import Workspace, run, tree


@pytest.fixture
def twice(published: Workspace) -> Workspace:
    published.edit_catalogue("cough", "Cough", msgstr="La tos")
    published.edit_catalogue("fever", "Fever", msgstr="")
    published.publish(at="2026-11-21T06:00:00Z")
    return published


def test_list(twice: Workspace) -> None:
    lines = [line.split() for line in twice.run("release", "list").out.splitlines()]
    assert lines[0] == ["release", "time", "topics", "artifacts", "held"]
    assert [line[:3] + line[4:] for line in lines[1:]] == [
        ["2", "2026-11-21T06:00:00Z", "3", "1", "current"],
        ["1", "2026-11-20T06:00:00Z", "3", "0"],
    ]
    rows = twice.run("release", "list", "--json").json["releases"]
    assert rows == [
        {
            "number": number,
            "time": time,
            "artifacts": len(twice.digests()),
            "topics": 3,
            "held": held,
            "current": current,
        }
        for number, time, held, current in (
            (2, "2026-11-21T06:00:00Z", 1, True),
            (1, "2026-11-20T06:00:00Z", 0, False),
        )
    ]


def test_show(twice: Workspace) -> None:
    out = twice.run("release", "show").out
    assert out.startswith("Release 2 of 2026-11-21T06:00:00Z, https://topics.example.org, by healthtopics ")
    assert "Held: fever (es), 2026-11-12T09:00:00Z\n" in out
    shown = re.findall(r"^(\S+) +([\d,]+) bytes  ([0-9a-f]{12})$", out, re.MULTILINE)
    files = twice.current().manifest.files
    assert [(name, int(size.replace(",", "")), sha) for name, size, sha in shown] == [
        (name, each.length, each.sha256[:12]) for name, each in files.items()
    ]
    assert "Release 1 of 2026-11-20T06:00:00Z" in twice.run("release", "show", "1").out


def test_show_gives_the_whole_manifest(twice: Workspace) -> None:
    shown = twice.run("release", "show", "--json").json
    stored = json.loads((twice.exports / "releases/000002/manifest.json").read_bytes())
    whole = json.loads(dump(twice.current().manifest))
    assert {name: shown[name] for name in whole} == whole
    assert stored.keys() - shown.keys() == {"parts"}
    assert twice.run("release", "show", "1", "--json").json["number"] == 1


def test_show_gives_the_bytes_of_an_artifact(twice: Workspace) -> None:
    name = "schemaorg/es/asthma.jsonld"
    stored = (twice.exports / object_key(name, twice.digests()[name])).read_text()
    assert twice.run("release", "show", "--artifact", name).out == stored


def test_a_manifest_that_differs_from_its_pointer(twice: Workspace) -> None:
    manifest = twice.exports / "releases/000002/manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"healthtopics ', b'"healthtropics', 1)[:-1] + b" ")
    done = twice.run("release", "show", code=1)
    assert "releases/000002/manifest.json: expected " in done.err


def test_check_writes_nothing(fresh: Workspace) -> None:
    before = dict(tree(fresh.folder))
    assert fresh.run("check").out == "3 topics checked: no problems.\n"
    assert dict(tree(fresh.folder)) == before


def test_check_as_json(fresh: Workspace) -> None:
    fresh.edit_catalogue("fever", "Fever", msgstr="")
    document = fresh.run("check", "--json").json
    assert (document["result"], document["problemsTotal"]) == ("passed", 1)
    assert document["topics"] == ["asthma", "cough", "fever"]
    (held,) = document["held"]
    assert held.keys() == {"topic", "language", "state", "asOf", "coverage", "problems"}
    (problem,) = document["problems"]
    assert [problem] == held["problems"]
    assert (problem["check"], problem["level"], problem["path"]) == (
        "message-missing",
        "warning",
        "locales/es/LC_MESSAGES/fever.po",
    )
    one = fresh.run("check", "asthma", "--json").json
    assert (one["problems"], one["held"], one["topics"]) == ([], [], ["asthma"])
    assert one["readingEase"].keys() == {"asthma"}


def test_publish_as_json(fresh: Workspace) -> None:
    document = fresh.publish("--json").json
    assert list(document)[:6] == ["result", "exitCode", "command", "run", "started", "seconds"]
    assert UUID(document["run"]).version == 4
    assert {name: document[name] for name in document if name not in ("run", "started", "seconds")} == {
        "result": "published",
        "exitCode": 0,
        "command": "publish",
        "release": 1,
        "sequence": 1,
        "manifest": fresh.current().sha256,
        "expires": fresh.pointer()["expires"],
        "previous": None,
        "topics": 3,
        "artifacts": len(fresh.digests()),
        "exported": len(fresh.digests()),
        "added": len(fresh.digests()),
        "changed": 0,
        "removed": 0,
        "held": [],
        "problems": [],
        "problemsTotal": 0,
    }


class TestHelp:
    COMMANDS = (
        (),
        ("init",),
        ("check",),
        ("publish",),
        ("serve",),
        ("pull",),
        ("sign-off",),
        ("catalogue",),
        *(
            ("catalogue", each)
            for each in ("update", "check", "format", "status", "preview", "keep", "glossary")
        ),
        *(("catalogue", each) for each in ("add", "pseudo", "merge", "export", "import")),
        ("import",),
        ("import", "medlineplus"),
        ("release",),
        *(("release", each) for each in ("list", "show", "verify", "copy", "prune", "rollback")),
    )

    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_every_command_explains_itself(self, command: tuple[str, ...], fresh: Workspace) -> None:
        done = run(*command, "--help", folder=fresh.folder)
        assert (done.code, done.err) == (0, "")
        first = done.out.splitlines()[0]
        assert first.startswith(" ".join(("Usage: healthtopics", *command)))

    def test_no_command_is_left_out(self, fresh: Workspace) -> None:
        told = set()
        for group in ((), ("catalogue",), ("import",), ("release",)):
            listing = run(*group, "--help", folder=fresh.folder).out.partition("Commands:\n")[2]
            told |= {(*group, line.split()[0]) for line in listing.splitlines() if re.match("  [a-z]", line)}
        assert told == {command for command in self.COMMANDS if command}

    def test_version(self, fresh: Workspace) -> None:
        assert re.fullmatch(r"healthtopics \d+\.\d+\.\d+\S*\n", fresh.run("--version").out)
