"""Every command ends with a code of the one table, and says so in one JSON object, whatever happens."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from healthtopics import cli
from healthtopics.cli import exits
from healthtopics.cli.run import Run
from healthtopics.errors import (
    BuildError,
    ConfigurationError,
    NetworkError,
    NoCurrentReleaseError,
    StorageError,
)
from healthtopics.problems import Level, Problem
from support.samples import ROOT
from support.workspaces import NOW, Workspace, build_commands, run
from support.workspaces import Run as Done

HEALTHTOPICS = Path(sys.executable).parent / "healthtopics"
ALWAYS = ["result", "exitCode", "command", "run", "started", "seconds"]


def leaves(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command with its name."""
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
    for word, each in (below or {}).items():
        yield from leaves(each, f"{name} {word}".strip())


COMMANDS = dict(leaves(build_commands(cli.app)))
JUDGING = ["check", "catalogue check", "catalog check", "import medlineplus", "release verify"]


def answer(done: Done, command: str) -> dict[str, Any]:
    """Return the object, which has all that every answer has and a result that its code permits."""
    told = done.json
    assert list(told)[: len(ALWAYS)] == ALWAYS
    assert list(told)[-2:] == ["problems", "problemsTotal"]
    assert (told["exitCode"], told["command"]) == (done.code, command)
    (row,) = [row for row in exits.TABLE if row.code == done.code]
    assert told["result"] in row.results
    return told


def test_there_are_commands() -> None:
    assert {"publish", "pull", "release verify", "catalogue merge", "serve", "init"} <= COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_usage_is_2(tmp_path: Path, name: str) -> None:
    done = run(*name.split(), "--json", "--frobnicate", folder=tmp_path)
    assert done.code == 2
    assert answer(done, name)["message"].startswith("there is no option --frobnicate.")
    assert "Usage: healthtopics" in done.err


def test_a_command_that_does_not_exist_is_2(tmp_path: Path) -> None:
    assert answer(run("frobnicate", "--json", folder=tmp_path), "")["result"] == "usage"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("publish --timeout soon", "--timeout: 'soon' is not a number."),
        ("publish --timeout 0", "--timeout: 0 is less than 0.1."),
        ("publish --timeout inf", "--timeout: inf is more than 31536000.0."),
        ("pull http://127.0.0.1:9 copy --timeout 1e20", "1e20 is more than 31536000.0."),
        ("release prune --keep nan", "--keep: 'nan' is not a number."),
        ("pull http://127.0.0.1:99999 copy", "'http://127.0.0.1:99999' has no such port: 65535 is the last."),
        ("serve --port 99999", "--port: 99999 is more than 65535."),
        ("release show one", "N: 'one' is not a whole number."),
        ("release rollback " + "9" * 5000, "has too many digits."),
        ("publish --log xml", "--log: 'xml' is not one of 'text', 'json'."),
    ],
)
def test_a_wrong_value_is_explained_in_our_words(fresh: Workspace, words: str, fault: str) -> None:
    assert fresh.run(*words.split(), code=2).err.rstrip().endswith(fault)


@pytest.mark.parametrize("name", COMMANDS)
def test_values_have_a_name_in_capitals_or_are_listed(tmp_path: Path, name: str) -> None:
    text = run(*name.split(), "--help", folder=tmp_path).out
    (usage,) = re.findall(rf"^Usage: healthtopics {name} (.*)$", text, re.MULTILINE)
    assert usage == usage.upper()
    shown = re.findall(r"^  (?:-\w, )?--[a-z-]+ (\S+)", text, re.MULTILINE)
    assert [each for each in shown if each != each.upper() and "|" not in each] == []


BROKEN: list[tuple[Callable[[Workspace], object], str, str]] = [
    (lambda each: each.write("healthtopics.toml", "base_url ="), "configuration-toml", ""),
    (
        lambda each: each.replace("healthtopics.toml", "https://topics.example.org", "topics.example.org"),
        "configuration-schema",
        "/base_url",
    ),
    (
        lambda each: each.replace("healthtopics.toml", '"clinic"', '"clinics"'),
        "unknown-key",
        "/publisher",
    ),
]


@pytest.mark.parametrize(("edit", "check", "pointer"), BROKEN, ids=[check for _, check, _ in BROKEN])
def test_a_fault_in_the_configuration_is_a_problem_with_a_place(
    published: Workspace, edit: Callable[[Workspace], object], check: str, pointer: str
) -> None:
    edit(published)
    done = published.run("publish", "--json", code=78)
    (problem,) = done.json["problems"]
    assert (problem["check"], problem["path"], problem["pointer"]) == (check, "healthtopics.toml", pointer)
    assert problem["message"]
    assert problem["hint"]
    (found,) = published.run("check", "--output-format", "sarif", code=78).json["runs"][0]["results"]
    assert found["ruleId"] == check
    assert f"error  {check}  " in published.run("publish", code=78).err


@pytest.mark.parametrize("name", COMMANDS)
def test_judging_commands_have_other_formats(name: str) -> None:
    options = {option for each in COMMANDS[name].params for option in each.opts}
    assert "--json" in options
    assert ("--output-format" in options) == (name in JUDGING)


FAULTS = [
    (BuildError([Problem(check="x", path="a", message="b.")]), 1, "refused"),
    (NoCurrentReleaseError("exports"), 1, "refused"),
    (ZeroDivisionError("division by zero"), 70, "bug"),
    (RecursionError("too deep"), 70, "bug"),
    (StorageError("full"), 75, "try-again"),
    (NetworkError("down"), 75, "try-again"),
    (MemoryError(), 75, "try-again"),
    (BrokenProcessPool("killed"), 75, "try-again"),
    (OSError(errno.EIO, "Input/output error", "topics"), 75, "try-again"),
    (OSError(errno.EMFILE, "Too many open files", "topics"), 75, "try-again"),
    (OSError(errno.EACCES, "Permission denied", b"\xff.json"), 78, "configuration"),
    (OSError(errno.EROFS, "Read-only file system"), 78, "configuration"),
    (ConfigurationError("wrong \udcff"), 78, "configuration"),
    (exits.Stopped(15), 143, "stopped"),
    (exits.Stopped(1), 129, "stopped"),
    (KeyboardInterrupt(), 130, "stopped"),
]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_fault_in_a_command_has_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The fault is raised where the command would start: what is tested is the way out, of each."""
    command = dict(leaves(build_commands(cli.app)))[name]  # another test may have built the tree again
    for error, code, result in FAULTS:

        def fail(*_arguments: object, error: BaseException = error, **_options: object) -> None:
            raise error

        monkeypatch.setattr(command, "callback", fail)
        monkeypatch.setattr(command, "params", [each for each in command.params if "--json" in each.opts])
        done = run(*name.split(), "--json", folder=tmp_path)
        assert done.code == code
        told = answer(done, name)
        assert told["result"] == result
        assert told["problemsTotal"] == (error.args[0].count("error") if isinstance(error, BuildError) else 0)
        assert "Traceback" not in done.err


IN_A_WORKSPACE = [name for name, each in COMMANDS.items() if any(p.name == "workspace" for p in each.params)]
ARGUMENTS = {
    "catalogue add": ["pt"],
    "catalogue set": ["fever", "Fiebre", "--entry", "9"],
    "catalogue review": ["fever", "--all", "--by", "Li"],
    "catalogue ask": ["fever", "Which?", "--entry", "9", "--by", "Li"],
    "catalogue answer": ["fever", "All.", "--entry", "9", "--by", "Li"],
    "catalogue dismiss": ["fever", "length-ratio", "--entry", "9"],
    "catalogue import": ["input"],
    "import medlineplus": ["input"],
    "key create": ["A partner"],
    "key revoke": ["1"],
    "sign-off": ["asthma", "--by", "Dr. No"],
    "new": ["asthma"],
    "release diff": ["1", "2"],
    "release rollback": ["1"],
    "release adopt": ["http://127.0.0.1:9/"],
    "release copy": ["elsewhere"],
    "release unpack": ["elsewhere"],
}


@pytest.mark.parametrize("name", IN_A_WORKSPACE)
@pytest.mark.parametrize("kind", ["folder", "loop", "nowhere"])
def test_a_configuration_other_than_a_file_is_78(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / "healthtopics.toml"
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("healthtopics.toml" if kind == "loop" else "nowhere")
    (tmp_path / "input").write_bytes(b"")
    own = ARGUMENTS.get(name.replace("catalog ", "catalogue "), [])
    done = run(*name.split(), *own, "--json", folder=tmp_path)
    assert (done.code, answer(done, name)["result"]) == (78, "configuration"), done.err


def test_problems_are_capped_and_errors_come_first() -> None:
    run_ = Run()
    levels = [Level.WARNING] * 1500 + [Level.ERROR]
    run_.problems = [Problem(check="y", level=level, path="a", message="b.") for level in levels]
    document = run_.document(0)
    assert (len(document["problems"]), document["problemsTotal"]) == (1000, 1501)
    assert document["problems"][0].level is Level.ERROR


def shell(command: str, folder: Path, *limits: str) -> subprocess.CompletedProcess[str]:
    """Run a command line with `$ht` for the program, as a job does."""
    return subprocess.run(
        [*limits, "sh", "-c", command],
        cwd=folder,
        env={**os.environ, "ht": str(HEALTHTOPICS)},
        capture_output=True,
        text=True,
        check=False,
    )


class TestOutput:
    """The output is a full disk, or nobody reads it: the release is out, and every way out says so."""

    @pytest.mark.parametrize("form", ["", "--json"])
    def test_a_full_output_is_75_and_says_what_was_published(self, fresh: Workspace, form: str) -> None:
        done = shell(f"$ht publish --as-of {NOW} {form} >/dev/full", fresh.folder)
        assert done.returncode == 75
        assert "No space left on device" in done.stderr
        assert done.stderr.endswith("The result is: published, release 1.\n")
        assert fresh.current().manifest.number == 1

    def test_nobody_reads_the_output(self, fresh: Workspace) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [HEALTHTOPICS, "publish", "--as-of", NOW],
            cwd=fresh.folder,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        os.close(writer)
        assert (done.returncode, done.stderr.splitlines()[-1]) == (
            0,
            "Standard output could not be written (Broken pipe). The result is: published, release 1.",
        )
        assert fresh.current().manifest.number == 1

    def test_a_reader_who_has_seen_enough_is_not_told(self, fresh: Workspace) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        for words, code in ((["vocabulary", "kinds"], 0), (["check", "--as-of", NOW], 0), (["chek"], 2)):
            done = subprocess.run(
                [HEALTHTOPICS, *words],
                cwd=fresh.folder,
                stdout=writer,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            assert (done.returncode, "could not be written" in done.stderr) == (code, False)
        os.close(writer)

    @pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
    def test_closed_streams_change_nothing(self, fresh: Workspace, closed: str) -> None:
        done = shell(f"$ht publish --as-of {NOW} {closed}", fresh.folder)
        assert done.returncode == 0
        assert fresh.current().manifest.number == 1
        fresh.edit_topic("asthma", lambda topic: topic.pop("title"))
        assert shell(f"$ht check {closed}", fresh.folder).returncode == 1


class TestTheClaim:
    """Once a release has its number, every way out says so."""

    def test_a_fault_after_it(self, published: Workspace) -> None:
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        stray = published.exports / "releases/000002/changes.json"
        stray.mkdir(parents=True)
        done = published.publish("--json", code=78)
        assert "Release 2 is complete but not current yet: the next run makes it so." in done.err
        assert answer(done, "publish")["release"] == 2
        stray.rmdir()
        assert published.publish("--json").json["release"] == 2
        assert published.current().manifest.number == 2

    def test_a_fault_after_the_release_of_an_earlier_run_was_finished(self, published: Workspace) -> None:
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        published.publish()
        published.store.switch(1)
        shutil.rmtree(published.exports / "releases/000002/pointers")
        published.edit_topic("cough", lambda topic: topic.pop("title"))
        done = published.publish("--json", code=1)
        assert published.current().manifest.number == 2
        told = answer(done, "publish")
        assert told["message"].endswith(" Release 2 was published before this.")
        assert (told["result"], told["release"]) == ("published", 2)

    def test_a_fault_before_it(self, published: Workspace) -> None:
        published.edit_topic("cough", lambda topic: topic.pop("title"))
        done = published.publish(code=1)
        assert done.err.endswith(" Nothing was published.\n")

    def test_what_is_reported_about_a_release(self, published: Workspace) -> None:
        told = published.publish("--json").json
        pointer = published.pointer()
        assert (told["release"], told["sequence"]) == (1, pointer["sequence"])
        assert (told["manifest"], told["expires"]) == (pointer["manifest"]["sha256"], pointer["expires"])


class TestPlaces:
    def test_a_deleted_working_directory(self, fresh: Workspace, tmp_path: Path) -> None:
        gone = tmp_path / "gone"
        gone.mkdir()
        done = shell(f"rmdir {gone}; $ht check", gone)
        assert (done.returncode, "The working directory no longer exists" in done.stderr) == (78, True)
        gone.mkdir()
        assert shell(f"rmdir {gone}; $ht check -C {fresh.folder}", gone).returncode == 0

    def test_too_few_files_may_be_opened(self, fresh: Workspace) -> None:
        seen = set()
        for most in (4, 5, 6, 7, 64):
            done = shell(f"$ht publish --json --as-of {NOW}", fresh.folder, "prlimit", f"--nofile={most}")
            if "Traceback" in done.stderr or not done.stdout:
                continue  # Python itself cannot start
            seen.add(done.returncode)
            assert done.returncode in (0, 75), (most, done.stderr)
            json.loads(done.stdout)
        assert seen == {0, 75}

    def test_a_name_that_is_not_utf8(self, fresh: Workspace) -> None:
        done = fresh.run("check", os.fsdecode(b"\xfe"), "--json", code=2)
        assert "there is no topic" in answer(done, "check")["message"]
        (fresh.folder / os.fsdecode(b"topics/\xff.json")).write_bytes(b"{}")
        assert fresh.run("check", "--json", code=1).json["problems"][0]["check"] == "file-name-encoding"


def rows(page: str) -> list[str]:
    return [line for line in (ROOT / page).read_text().splitlines() if re.match(r"\| (\d+) \|", line)]


def test_the_documentation_has_the_table() -> None:
    assert rows("docs/commands.md") == [
        f"| {row.code} | {', '.join(f'`{each}`' for each in row.results)} | {row.meaning} |"
        for row in exits.TABLE
    ]
    assert rows("docs/operations.md") == [f"| {row.code} | {row.todo} |" for row in exits.TABLE]
