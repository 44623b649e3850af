"""What exists is documented, and what is documented exists."""

import re
from itertools import chain
from typing import Any

import pytest
import typer.main

from healthtopics import cli
from healthtopics.cli import exits
from support.samples import ROOT

SOURCES = [path.read_text() for path in sorted((ROOT / "src").rglob("*.py"))]
PREFIXES = (
    "accept|acronym|agreement|catalogue|date|dismissal|duplicate|edition|fhir|glossary|href|json|markup"
    "|medlineplus|message|name|no|po|public|schemaorg|section|stale|tag|term|text|topic|unit|unknown|url|xliff"
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
    return sorted(found - OTHERS)


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
