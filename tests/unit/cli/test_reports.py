"""Findings in the words of other programs."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from healthtopics.cli.reports import render
from healthtopics.cli.run import OutputFormat, Run, wanted_output
from healthtopics.problems import Level, Problem
from support.samples import ROOT

# OASIS's schema, as @microsoft/jest-sarif 1.0.0-beta.0 (npm) has it.
SCHEMA = json.loads((ROOT / "tests/data/sarif-2.1.0-rtm.5.json").read_text())
PROBLEMS = [
    Problem(
        check="message-missing",
        level=Level.WARNING,
        path="locales/es/LC_MESSAGES/a b,c.po",
        line=7,
        column=3,
        message="100 % of it: a, b",
        hint="Translate it.",
    ),
    Problem(
        check="x", path="topics/ñ.json", pointer="/sections/0", message="one.", spec="https://a.example/"
    ),
    Problem(check="x", level=Level.INFO, path="/abs/a.po", message="two."),
]


def sarif(run: Run, code: int = 1) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render(run, code))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(document)
    return document


@pytest.mark.parametrize("problems", [[], PROBLEMS])
@pytest.mark.parametrize("workspace", [None, Path("/srv/töpics")])
def test_sarif_conforms_to_the_schema(problems: list[Problem], workspace: Path | None) -> None:
    run = Run("check", OutputFormat.SARIF, workspace=workspace, problems=problems, result="failed")
    (only,) = sarif(run)["runs"]
    assert [each["level"] for each in only["results"]] == ["warning", "error", "note"][: len(problems)]
    for each in only["results"]:
        assert only["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
    (invocation,) = only["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (1, True)
    assert only["automationDetails"]["guid"] == run.id


def test_sarif_says_where() -> None:
    run = Run("check", OutputFormat.SARIF, workspace=Path("/srv/topics"), problems=PROBLEMS)
    (only,) = sarif(run)["runs"]
    places = [each["locations"][0]["physicalLocation"] for each in only["results"]]
    base = {"uriBaseId": "WORKSPACE"}
    assert places == [
        {
            "artifactLocation": {"uri": "locales/es/LC_MESSAGES/a%20b%2Cc.po", **base},
            "region": {"startLine": 7, "startColumn": 3},
        },
        {"artifactLocation": {"uri": "topics/%C3%B1.json", **base}},
        {"artifactLocation": {"uri": "/abs/a.po"}},
    ]
    assert only["originalUriBaseIds"] == {"WORKSPACE": {"uri": "file:///srv/topics/"}}


def test_sarif_of_a_run_that_failed_says_so() -> None:
    run = Run("check", OutputFormat.SARIF, result="usage", message="there is no option --frobnicate.")
    (invocation,) = sarif(run, 2)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == run.message


def test_the_schema_finds_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthtopics.cli.reports._SARIF_LEVELS", dict.fromkeys(Level, "info"))
    with pytest.raises(jsonschema.ValidationError, match="'info' is not one of"):
        sarif(Run("check", OutputFormat.SARIF, problems=PROBLEMS))


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Read a workflow command as GitHub's runner does (ActionCommand.cs, TryParseV2)."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    command, _, rest = head.partition(" ")
    properties = {}
    for each in rest.split(","):
        name, _, value = each.partition("=")
        for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            value = value.replace(code, character)
        properties[name] = value
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        data = data.replace(code, character)
    return command, properties, data


def test_github_reads_what_was_meant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    run = Run("check", OutputFormat.GITHUB, workspace=tmp_path / "data", problems=PROBLEMS[:2])
    first, second = map(read, render(run, 1).splitlines())
    path = "data/locales/es/LC_MESSAGES/a b,c.po"
    assert first == (
        "warning",
        {"file": path, "line": "7", "col": "3", "title": "message-missing"},
        "100 % of it: a, b\nTranslate it.",
    )
    assert second == ("error", {"file": "data/topics/ñ.json", "title": "x"}, "/sections/0: one.")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["check"], OutputFormat.TEXT),
        (["check", "--json"], OutputFormat.JSON),
        (["check", "--output-format", "sarif"], OutputFormat.SARIF),
        (["check", "--output-format=github"], OutputFormat.GITHUB),
        (["check", "--output-format=xml"], OutputFormat.TEXT),
    ],
)
def test_what_is_wanted(words: list[str], wanted: OutputFormat) -> None:
    assert wanted_output(words) is wanted
