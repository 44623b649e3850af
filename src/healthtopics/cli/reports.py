"""The answer of a run in the words of other programs: one JSON object, SARIF 2.1.0, GitHub annotations."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from msgspec import to_builtins

from healthtopics import __version__
from healthtopics.cli import clock
from healthtopics.cli.run import OutputFormat, Run
from healthtopics.jsontext import dump_line
from healthtopics.problems import Level, Problem
from healthtopics.release import instant

_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_SARIF_LEVELS: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
_GITHUB_LEVELS: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}
_WORKSPACE: Final = "WORKSPACE"


def render(run: Run, exit_code: int) -> str:
    """Return what standard output has at the end of a run, besides the words for people."""
    match run.output:
        case OutputFormat.JSON:
            return json_line(run.document(exit_code))
        case OutputFormat.SARIF:
            return json_line(sarif(run, exit_code))
        case OutputFormat.GITHUB:
            return "".join(f"{line}\n" for line in annotations(run))
        case OutputFormat.TEXT:
            return ""


def sarif(run: Run, exit_code: int) -> dict[str, Any]:
    """Return a run and its findings as SARIF 2.1.0 (OASIS), one run with one invocation."""
    problems = run.first_problems()
    rules = {problem.check: problem for problem in problems}
    invocation: dict[str, Any] = {
        "executionSuccessful": run.result in ("passed", "failed", "verified"),
        "exitCode": exit_code,
        "startTimeUtc": instant(run.started),
        "endTimeUtc": instant(clock.now()),
    }
    if run.message:
        invocation["toolExecutionNotifications"] = [{"level": "error", "message": {"text": run.message}}]
    return {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "healthtopics",
                        "version": __version__,
                        "rules": [_rule(check, problem) for check, problem in rules.items()],
                    }
                },
                "automationDetails": {"id": f"healthtopics {run.command}/", "guid": run.id},
                "invocations": [invocation],
                "columnKind": "unicodeCodePoints",
                **({"originalUriBaseIds": {_WORKSPACE: _base(run.workspace)}} if run.workspace else {}),
                "results": [
                    _sarif_result(problem, list(rules).index(problem.check), has_base=bool(run.workspace))
                    for problem in problems
                ],
                "properties": {"problemsTotal": len(run.problems)},
            }
        ],
    }


def _rule(check: str, problem: Problem) -> dict[str, Any]:
    return {"id": check, **({"helpUri": problem.spec} if problem.spec else {})}


def _base(folder: Path) -> dict[str, str]:
    return {"uri": f"{folder.absolute().as_uri()}/"}


def _sarif_result(problem: Problem, index: int, *, has_base: bool) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(problem.path)}}
    if has_base and not problem.path.startswith("/"):
        place["artifactLocation"]["uriBaseId"] = _WORKSPACE
    if problem.line:
        place["region"] = {
            "startLine": problem.line,
            **({"startColumn": problem.column} if problem.column else {}),
        }
    location: dict[str, Any] = {"physicalLocation": place}
    if problem.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.pointer}]
    return {
        "ruleId": problem.check,
        "ruleIndex": index,
        "level": _SARIF_LEVELS[problem.level],
        "message": {"text": _words(problem)},
        "locations": [location],
    }


def annotations(run: Run) -> Iterator[str]:
    """Yield the findings as workflow commands of GitHub Actions, which show them beside the line."""
    for problem in run.first_problems():
        place = {
            "file": _below_checkout(run.workspace, problem.path),
            "line": problem.line,
            "col": problem.column,
            "title": problem.check,
        }
        properties = ",".join(f"{name}={_property(str(value))}" for name, value in place.items() if value)
        where = f"{problem.pointer}: " if problem.pointer else ""
        yield f"::{_GITHUB_LEVELS[problem.level]} {properties}::{_data(where + _words(problem))}"


def _below_checkout(workspace: Path | None, path: str) -> str:
    """Return a path as GitHub knows it: below the folder of the checkout."""
    if workspace is None:
        return path
    return os.path.relpath(workspace / path, os.environ.get("GITHUB_WORKSPACE") or Path.cwd())


def _words(problem: Problem) -> str:
    return f"{problem.message}\n{problem.hint}" if problem.hint else problem.message


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def json_line(document: dict[str, Any]) -> str:
    """Return an object as one line, whatever names are in it."""
    try:
        return dump_line(document).decode()
    except TypeError:  # a name that is not UTF-8, which JSON cannot hold
        return dump_line(_writable(document)).decode()


def _writable(value: Any) -> Any:  # noqa: ANN401 - a JSON value, and dataclasses
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_writable(name): _writable(member) for name, member in value.items()}
        case list() | tuple():
            return [_writable(member) for member in value]
        case Problem():
            return _writable(to_builtins(value))
    return value
