"""What exists is documented, and what is documented exists."""

import json
import re
from itertools import chain
from typing import Any

import pytest
import typer.main

from healthtopics import cli
from healthtopics.checks.table import CHECKS
from healthtopics.cli import exits
from support.samples import ROOT

SOURCES = [path.read_text() for path in sorted((ROOT / "src").rglob("*.py"))]
PREFIXES = (
    "accept|agreement|catalogue|date|dismissal|duplicate|edition|fhir|glossary|html|json|link|medlineplus|no|po"
    "|public|schemaorg|section|stale|topic|unit|unknown|url|xliff"
)
# Written like the ids of checks, but something else.
OTHERS = {
    "accept-language", "date-created", "date-generated", "date-time", "fhir-r4", "fhir-r5", "json-pointer",
    "medlineplus-criteria", "no-referrer", "no-store", "no-wrap", "topic-group", "topic-kind",
    "topic-section",
    "unknown-term",
}  # fmt: skip


def documented(name: str) -> str:
    return (ROOT / name).read_text()


def check_ids() -> list[str]:
    pattern = re.compile(
        rf'"((?:{PREFIXES})-[a-z0-9-]+|vocabulary-(?:schema|member|circle)|configuration-schema)"'
    )
    found = set(chain.from_iterable(map(pattern.findall, SOURCES)))
    return sorted({*found, *(row.id for row in CHECKS.rows)} - OTHERS)


@pytest.mark.parametrize("check", check_ids())
def test_a_check_is_documented(check: str) -> None:
    assert f"`{check}`" in documented("docs/checks.md")


def test_a_documented_check_exists() -> None:
    rows = [line for line in documented("docs/checks.md").splitlines() if line.startswith("| `")]
    named = {
        check for row in rows for check in re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", row.split("|")[1])
    }
    schemaorg = {check for check in named if check.startswith("schemaorg-")}
    assert named - schemaorg <= set(check_ids())


def sentences() -> list[Any]:
    """Return what the tables with a right and a wrong sentence say: check, right, wrong."""
    rows = [line.split(" | ") for line in documented("docs/checks.md").splitlines() if line.startswith("| `")]
    return [
        pytest.param(row[0][3:-1], row[3], row[4].removesuffix(" |"), id=row[0][3:-1])
        for row in rows
        if len(row) == 5
    ]


def as_written(sentence: str) -> str:
    """Return a sentence of the documentation with the characters that a reader would not see there."""
    sentence = re.sub(r"\[U\+([0-9A-F]{4})\]", lambda match: chr(int(match[1], 16)), sentence)
    return sentence.replace("[ ]", " ").replace("`", "")


@pytest.mark.parametrize(("check", "right", "wrong"), sentences())
def test_the_sentences_of_the_documentation_are_tested_examples(check: str, right: str, wrong: str) -> None:
    pairs = json.loads(documented(f"tests/examples/checks/{check}.json"))["pairs"]
    assert as_written(right) in [text for pair in pairs for text in pair["right"]]
    assert as_written(wrong) in [text for pair in pairs for text in pair["wrong"]]


def commands() -> list[str]:
    """Return every command that `--help` lists, groups as `group command`."""
    root: Any = typer.main.get_command(cli.app)
    names: list[str] = []
    for name, command in root.commands.items():
        if not command.hidden:
            below = getattr(command, "commands", {})
            names += [f"{name} {each}" for each in below] or [name]
    return names


@pytest.mark.parametrize("command", commands())
def test_a_command_is_in_the_readme(command: str) -> None:
    table = documented("README.md")
    group, _, below = command.partition(" ")
    rows = [line for line in table.splitlines() if line.startswith(f"| `healthtopics {group}")]
    assert any(re.search(rf"\b{below or group}\b", line) for line in rows)


@pytest.mark.parametrize("code", [value for name, value in vars(exits).items() if name.startswith("EXIT_")])
def test_an_exit_code_is_in_the_readme(code: int) -> None:
    assert re.search(rf"^\| {code} \|", documented("README.md"), re.MULTILINE)


@pytest.mark.parametrize(
    "schema", sorted(path.relative_to(ROOT) for path in (ROOT / "schema").rglob("*.schema.json")), ids=str
)
def test_every_schema_describes_itself(schema: str) -> None:
    text = (ROOT / schema).read_text()
    assert '"description"' in text
    assert '"title"' in text


def test_no_document_names_a_path_that_does_not_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        for path in re.findall(r"\]\(([^)#:]+)\)", documented(name)):
            assert (ROOT / path).exists(), f"{name}: {path}"


def test_every_decision_has_a_number_of_its_own() -> None:
    paths = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    for path in paths:
        assert re.match(rf"# {int(path.name[:4])}\. ", path.read_text()), path.name
