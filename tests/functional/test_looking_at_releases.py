"""`healthtopics release` and `healthtopics check`: what was published, and what would be."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest

from healthtopics.release import object_key
from support.hosts import static_host
from support.workspaces import Run, Workspace, run, tree


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
            "artifacts": len(twice.digests()) - without,
            "topics": 3,
            "held": held,
            "current": current,
        }
        for number, time, held, current, without in (
            (2, "2026-11-21T06:00:00Z", 1, True, 0),
            (1, "2026-11-20T06:00:00Z", 0, False, 2),  # the packages under the names of release 2
        )
    ]


def test_show_for_people(twice: Workspace) -> None:
    artifacts = twice.current().manifest.files
    size = sum({each.sha256: each.length for each in artifacts.values()}.values())
    lines = twice.run("release", "show", at="2026-11-21T06:00:00Z").out.splitlines()
    assert lines[0].startswith(
        "Release 2 of 2026-11-21T06:00:00Z, https://topics.example.org, by healthtopics "
    )
    assert lines[1] == "Current, confirmed at 2026-11-21T06:00:00Z, expires at 2026-11-23T06:00:00Z."
    assert lines[2] == "3 topics: 3 in en, 3 in es."
    assert lines[3].startswith(f"{len(artifacts)} artifacts, {size:,} bytes: ")
    assert lines[4:8] == [
        "1 edition held:",
        "  fever (es), since release 2 of 2026-11-21T06:00:00Z: readers get that of 2026-11-12T09:00:00Z",
        "Since release 1:",
        "  cough (es): title “Tos” → “La tos”.",
    ]
    assert "  Held since then: fever (es)." in lines
    assert len(lines) <= 25


def test_show_says_since_when_an_edition_is_held_and_that_a_release_expired(twice: Workspace) -> None:
    twice.edit_catalogue("asthma", "Asthma", msgstr="El asma")
    twice.publish(at="2026-11-22T06:00:00Z")
    out = twice.run("release", "show", at="2026-12-22T06:00:00Z").out
    assert "  fever (es), since release 2 of 2026-11-21T06:00:00Z: " in out
    assert (
        "Current, but expired at 2026-11-24T06:00:00Z: it was last confirmed at 2026-11-22T06:00:00Z." in out
    )
    old = twice.run("release", "show", "1").out
    assert "Release 1 of 2026-11-20T06:00:00Z" in old
    assert "It is not the current one." in old
    assert "Since release" not in old


def test_show_says_that_a_release_is_pinned(twice: Workspace) -> None:
    twice.run("release", "rollback", "1", at="2026-11-22T06:00:00Z")
    assert "Pinned: it is release 1 again" in twice.run("release", "show").out
    assert twice.run("release", "show", "--json").json["pinned"] == 1


def test_many_changes_are_grouped_and_cut(fresh: Workspace) -> None:
    cough = json.loads((fresh.folder / "topics/cough.json").read_text())

    def write(suffix: str) -> None:
        for number in range(30):
            fresh.add_topic({**cough, "id": f"topic-{number:02}", "title": f"Topic {number}{suffix}"})

    write("")
    fresh.publish()
    write(" again")
    fresh.publish(at="2026-11-21T06:00:00Z")
    out = fresh.run("release", "show").out
    assert "  Changed, 30 in en: topic-00, topic-01, " in out
    assert "topic-09 … and 20 more.\n" in out
    assert len(out.splitlines()) <= 25
    told = fresh.run("release", "diff", "1", "2", "--json").json["difference"]
    assert len(told["editions"]) == 30
    assert told["editions"][0]["what"] == ["title “Topic 0” → “Topic 0 again”"]


def test_diff(twice: Workspace) -> None:
    twice.edit_topic(
        "asthma", lambda topic: topic["sections"][0]["body"].append({"paragraph": "It is common."})
    )
    (twice.folder / "topics/fever.json").unlink()
    cough = json.loads((twice.folder / "topics/cough.json").read_text())
    twice.add_topic({**cough, "id": "hiccups", "title": "Hiccups"})
    correction = {"date": "2026-11-19", "what": "It was wrong."}
    twice.edit_topic("cough", lambda topic: topic["dates"].update(corrections=[correction]))
    twice.publish(at="2026-11-22T06:00:00Z")
    lines = twice.run("release", "diff", "2", "3").out.splitlines()
    assert lines[0] == "From release 2 to release 3:"
    for line in (
        "  New topics: hiccups “Hiccups” (en).",
        "  Withdrawn topics: fever “Fever” (en, es).",
        "  asthma (en): text of “What is asthma?”.",
        "  cough (en): corrected: It was wrong.",
    ):
        assert line in lines
    assert "no longer corrected: It was wrong." in twice.run("release", "diff", "3", "2").out
    same = twice.run("release", "diff", "3", "3").out
    assert same == "From release 3 to release 3:\n  Nothing differs for readers.\n"
    assert "There are: 1, 2, 3." in twice.run("release", "diff", "1", "9", code=2).err


def test_show_lists_artifacts(twice: Workspace) -> None:
    out = twice.run("release", "show", "--artifacts").out
    shown = re.findall(r"^(\S+) +([\d,]+) bytes  ([0-9a-f]{12})$", out, re.MULTILINE)
    files = twice.current().manifest.files
    assert [(name, int(size.replace(",", "")), sha) for name, size, sha in shown] == [
        (name, each.length, each.sha256[:12]) for name, each in files.items()
    ]
    told = twice.run("release", "show", "--artifacts", "--json").json
    assert told["files"].keys() == files.keys()
    assert "files" not in twice.run("release", "show", "--json").json


def test_show_gives_the_bytes_of_an_artifact(twice: Workspace) -> None:
    name = "schemaorg/es/asthma.jsonld"
    stored = (twice.exports / object_key(name, twice.digests()[name])).read_text()
    assert twice.run("release", "show", "--artifact", name).out == stored


def test_an_artifact_has_no_place_in_json(twice: Workspace) -> None:
    done = twice.run("release", "show", "--artifact", "topics.json", "--json", code=2)
    assert done.json["result"] == "usage"
    assert "Leave out --json" in done.json["message"]


def test_a_manifest_that_differs_from_its_pointer(twice: Workspace) -> None:
    manifest = twice.exports / "releases/000002/manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"healthtopics ', b'"healthtropics', 1)[:-1] + b" ")
    done = twice.run("release", "show", code=1)
    assert "releases/000002/manifest.json: expected " in done.err


READING = (
    ("list",),
    ("show",),
    ("show", "1"),
    ("unpack", "there"),
    ("copy", "there"),
    ("prune",),
    ("rollback", "1", "--dry-run"),
)


@pytest.mark.parametrize("key", ["releases/000002/manifest.json", "releases/000002/pointers/current.json"])
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_what_is_damaged_is_said_with_the_way_out(
    twice: Workspace, tmp_path: Path, words: tuple[str, ...], key: str
) -> None:
    with static_host(twice.exports) as url:
        run("pull", url, "copy", folder=tmp_path)
    for exports, way_out in (
        (twice.exports, "`healthtopics release repair`"),
        (tmp_path / "copy", f"`healthtopics pull {url} {tmp_path / 'copy'} --verify`"),
    ):
        if exports != twice.exports and {"1", "list"} & {*words}:
            continue  # the copy has one release, which no other command refuses to compare
        (exports / key).write_bytes(b"[]")
        done = twice.run("release", *words, "--exports", str(exports), code=1)
        assert key.rpartition("/")[2] in done.err
        assert f"Run {way_out}" in done.err
        assert ("repair" in done.err) == (exports == twice.exports)


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
        "drafts": [],
        "trial": True,
        "problems": [],
        "problemsTotal": 0,
    }


class TestHelp:
    COMMANDS = (
        (),
        ("help",),
        ("init",),
        ("new",),
        ("vocabulary",),
        ("check",),
        ("publish",),
        ("serve",),
        ("pull",),
        ("sign-off",),
        ("catalogue",),
        ("lsp",),
        *(
            ("catalogue", each)
            for each in ("update", "check", "format", "status", "preview", "keep", "glossary")
        ),
        *(("catalogue", each) for each in ("add", "pseudo", "merge", "export", "import")),
        *(("catalogue", each) for each in ("set", "review", "ask", "answer", "questions", "dismiss")),
        ("import",),
        ("import", "medlineplus"),
        ("release",),
        ("notify",),
        ("key",),
        *(("key", each) for each in ("create", "list", "revoke")),
        *(
            ("release", each)
            for each in (
                "list",
                "show",
                "verify",
                "copy",
                "prune",
                "rollback",
                "diff",
                "unpack",
                "repair",
                "adopt",
            )
        ),
    )

    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_every_command_explains_itself(self, command: tuple[str, ...], fresh: Workspace) -> None:
        done = run(*command, "--help", folder=fresh.folder)
        assert (done.code, done.err) == (0, "")
        first = done.out.splitlines()[0]
        assert first.startswith(" ".join(("Usage: healthtopics", *command)))

    def test_no_command_is_left_out(self, fresh: Workspace) -> None:
        told = set()
        for group in ((), ("catalogue",), ("import",), ("key",), ("release",)):
            listing = (
                run(*group, "--help", folder=fresh.folder)
                .out.partition("Commands:\n")[2]
                .partition("\n\n")[0]
            )
            told |= {(*group, line.split()[0]) for line in listing.splitlines() if re.match("  [a-z]", line)}
        assert told == {command for command in self.COMMANDS if command}

    def test_version(self, fresh: Workspace) -> None:
        version = fresh.run("--version").out
        assert re.fullmatch(r"healthtopics \d+\.\d+\.\d+\S*\n", version)
        assert fresh.run("-V").out == version

    def test_help_has_a_short_name_everywhere(self, fresh: Workspace) -> None:
        for command in ((), ("check",), ("catalogue",), ("catalogue", "check")):
            assert fresh.run(*command, "-h").out == fresh.run(*command, "--help").out


def test_a_part_of_a_release_is_shown_as_such(twice: Workspace, tmp_path: Path) -> None:
    def show(copy: str, *options: str) -> Run:
        return run("release", "show", "--exports", copy, *options, folder=tmp_path)

    with static_host(twice.exports) as url:
        run("pull", url, "copy", "--language", "es", folder=tmp_path)
    assert "\n3 topics: 3 in es.\n" in show("copy").out
    assert show("copy", "--json").json["editions"] == {"en": 0, "es": 3}
    done = show("copy", "--artifact", "schemaorg/en/asthma.jsonld")
    told = " ".join(done.err.replace("│", " ").split())
    assert "this copy does not hold 'schemaorg/en/asthma.jsonld', only a part of release 2: es" in told
    assert done.code == 2
