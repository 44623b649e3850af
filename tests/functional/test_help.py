"""Help: every command has full sentences, names that people read, and examples that work."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from healthtopics import cli
from support.workspaces import Workspace, build_commands, run

HEALTHTOPICS = Path(sys.executable).parent / "healthtopics"


def nodes(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command and every group with its name."""
    yield name, command
    for word, each in getattr(command, "commands", {}).items():
        yield from nodes(each, f"{name} {word}".strip())


NODES = dict(nodes(build_commands(cli.app)))
LEAVES = [name for name, each in NODES.items() if not hasattr(each, "commands")]
TYPES = re.compile(r"\b(TEXT|INTEGER|FLOAT|BOOLEAN|FILENAME)\b|<\w+>|\.\.\.|\[required\]")
"""What the library calls values, as people do not."""


def shown(*words: str, columns: int = 80) -> str:
    """Return what a command prints on a terminal of some width."""
    done = subprocess.run(
        [HEALTHTOPICS, *words],
        env={**os.environ, "COLUMNS": str(columns)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("name", NODES)
def test_every_help_has_names_that_people_read_and_an_example(name: str, tmp_path: Path) -> None:
    text = run(*name.split(), "--help", folder=tmp_path).out
    assert [found[0] for found in TYPES.finditer(text)] == []
    assert "\nExamples:\n  " in text
    assert run(*name.split(), "-h", folder=tmp_path).out == text
    assert run("help", *name.split(), folder=tmp_path).out == text


@pytest.mark.parametrize("name", NODES)
def test_every_example_is_a_command_line_that_is_understood(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("base.po", "ours.po", "theirs.po"):  # must exist
        (tmp_path / file).touch()
    assert NODES[name].examples
    for line in NODES[name].examples:
        assert "   # " in line
        program, *words = shlex.split(line.partition(" > ")[0], comments=True)
        assert program == "healthtopics"
        if name in LEAVES:
            alias = name.replace("catalog ", "catalogue ")
            assert " ".join(words).startswith((alias, "publish --resume"))
        command: Any = NODES[""]
        context = command.make_context("healthtopics", words)
        while hasattr(command, "commands"):
            word, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
            context = command.make_context(word, words, parent=context)


@pytest.mark.parametrize("name", NODES)
def test_a_summary_is_a_short_full_sentence(name: str) -> None:
    summary = NODES[name].get_short_help_str()
    assert summary.endswith(".")
    assert len(summary) <= 100


def test_no_summary_is_cut() -> None:
    for group in ("", "catalogue", "release", "key", "import"):
        text = " ".join(shown(*group.split(), "--help").split())
        for each in NODES[group].commands.values():
            assert each.hidden or each.get_short_help_str() in text


@pytest.mark.parametrize("columns", [60, 200])
def test_help_has_the_width_of_the_terminal_within_reason(columns: int) -> None:
    lines = shown("pull", "--help", columns=columns).partition("Examples:")[0].splitlines()
    assert max(map(len, lines)) <= min(columns, 100)
    assert max(map(len, lines)) > min(columns, 100) - 12


def test_help_of_nothing_is_the_help(tmp_path: Path) -> None:
    assert run("help", folder=tmp_path).out == run("--help", folder=tmp_path).out
    done = run(folder=tmp_path)
    assert (done.code, done.out, done.err) == (2, "", run("help", folder=tmp_path).out)
    assert run("help", "--json", folder=tmp_path).json["help"].startswith("Usage: healthtopics ")


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version(option: str, tmp_path: Path) -> None:
    assert re.fullmatch(r"healthtopics \d+\.\d+\.\d+\n", run(option, folder=tmp_path).out)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("chekc", "there is no command 'chekc'. Did you mean check?"),
        ("frobnicate", "there is no command 'frobnicate'. See --help."),
        ("help chekc", "there is no command 'chekc'. Did you mean check?"),
        ("catalogue stauts", "there is no command 'stauts'. Did you mean status?"),
        ("check --stric", "there is no option --stric. Did you mean --strict?"),
        ("check -x", "there is no option -x."),
        ("--debug", "name a command."),
        ("sign-off", "TOPIC is missing: the id of the topic."),
        ("sign-off cough", "--by is missing: the person or body that reviewed it, by name."),
        ("sign-off cough --by", "--by needs a value: NAME."),
        ("check --json=yes", "--json takes no value."),
        ("init one two three", "there is no place for 'two', 'three'."),
        ("catalogue import", "FILE… is missing: XLIFF files that an agency has sent back."),
        ("release show one", "N: 'one' is not a whole number."),
        ("catalogue merge a b c", "BASE: file 'a' does not exist."),
        ("check couhg", "there is no topic 'couhg'. Did you mean 'cough'?"),
        ("check -l es", "there is no option -l."),
    ],
)
def test_wrong_usage_is_explained_in_the_words_of_the_command_line(
    fresh: Workspace, words: str, message: str
) -> None:
    done = fresh.run(*words.split(), code=2)
    assert done.err.endswith(f"\n\nError: {message}\n")
    assert done.err.startswith("Usage: healthtopics ")
    if "no option" in message:
        assert fresh.run(*words.split(), "--json", code=2).json["message"] == message


def test_an_answer_that_nobody_gives_stops_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(**_options: object) -> None:
        raise typer.Abort

    monkeypatch.setattr(build_commands(cli.app).commands["init"], "callback", ask)  # type: ignore[attr-defined]  # a group
    done = run("init", "--json", folder=tmp_path)
    assert (done.code, done.json["result"]) == (130, "stopped")
