"""The notes of httplint and redbot at the levels warning and bad, and those that are excepted."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from httplint import Note

from conformance.support.findings import ERROR, WARNING, Finding

LEVELS: Final = {"warning": WARNING, "bad": ERROR}


@dataclass(frozen=True, slots=True)
class Excepted:
    """A note that says nothing against us."""

    note: str
    """The class of the note."""
    tools: list[str]
    reason: str


def exceptions(tool: str) -> dict[str, Excepted]:
    """Return the exceptions of a tool by the class of the note."""
    listed = tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text("utf-8"))
    found = [Excepted(**each) for each in listed.get("exception", [])]
    return {each.note: each for each in found if tool in each.tools}


def findings_in(tool: str, file: str, notes: Iterable[Note]) -> list[Finding]:
    """Return the notes at the levels warning and bad, and those below them."""
    found = []
    for note in notes:
        if note.level.value in LEVELS:
            name = type(note).__name__
            found.append(Finding(file, tool, LEVELS[note.level.value], f"{name}: {note}", note.subject))
        found += findings_in(tool, file, note.subnotes)
    return found


def unexcepted(tool: str, findings: Iterable[Finding]) -> tuple[list[Finding], set[str]]:
    """Return the findings that are not excepted, and the exceptions that excepted nothing."""
    listed = exceptions(tool)
    rest, used = [], set()
    for finding in findings:
        name = finding.message.partition(":")[0]
        used.add(name)
        if name not in listed:
            rest.append(finding)
    return rest, listed.keys() - used
