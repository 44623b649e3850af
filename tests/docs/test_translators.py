"""docs/translators.md names only what exists: commands, options, rules, places on the page."""

import re
from typing import Any

import typer.main

from healthtopics import cli
from support.samples import ROOT

PAGE = (ROOT / "docs/translators.md").read_text()
COMMAND = re.compile(r"healthtopics catalogue ([a-z]+)([^`\n]*)")


def commands() -> dict[str, Any]:
    root: Any = typer.main.get_command(cli.app)
    found: dict[str, Any] = root.commands["catalogue"].commands
    return found


def test_every_command_and_option_exists() -> None:
    for name, rest in COMMAND.findall(PAGE):
        assert name in commands(), name
        known = {option for each in commands()[name].params for option in each.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, f"{name}{rest}"


def test_the_whole_loop_is_there() -> None:
    named = {name for name, _ in COMMAND.findall(PAGE)}
    # `merge` is called by git.
    assert named == set(commands()) - {"merge"}


def test_every_rule_is_documented() -> None:
    checks = (ROOT / "docs/checks.md").read_text()
    for rule in re.findall(
        r"`((?:po|message|tag|href|markup|xliff|catalogue|number|unit|date|negation|question)-[a-z-]+)`", PAGE
    ):
        assert f"`{rule}`" in checks, rule


def test_every_link_leads_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in PAGE.splitlines()
        if line.startswith("#")
    }
    for path, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", PAGE):
        assert not path or (ROOT / "docs" / path).exists(), path
        assert path or anchor in headings, anchor
