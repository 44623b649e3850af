"""What third-party tools report about our documents, in one form, and the record of a run."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

Documents = Mapping[str, Mapping[str, Any]]
"""Documents by name: the path under exports/, or what a mutant is called."""

RESULTS: Final = Path(__file__).parents[1] / "results.json"
"""The record from which docs/conformance.md is generated; rewritten by every run, never committed."""

ERROR: Final = "error"
WARNING: Final = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that one tool holds against one document."""

    file: str
    tool: str
    severity: str
    """`error` or `warning`."""
    message: str
    place: str = ""
    """Where in the document, as the tool says it."""


def by_file(documents: Iterable[str], findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings of each document, also of those without any."""
    found: dict[str, list[Finding]] = {name: [] for name in documents}
    for finding in findings:
        found[finding.file].append(finding)
    return found


def record(
    tool: str, version: str, checks: str, found: Mapping[str, list[Finding]], results: Path = RESULTS
) -> None:
    """Add one tool's verdict on our exports to the record; `checks` says in a sentence what it checks."""
    severities = [finding.severity for each in found.values() for finding in each]
    row = {
        "tool": tool,
        "version": version,
        "checks": checks,
        "documents": len(found),
        "errors": severities.count(ERROR),
        "warnings": severities.count(WARNING),
    }
    with FileLock(results.with_suffix(".lock")):
        rows = json.loads(results.read_text("utf-8")) if results.exists() else []
        kept = [each for each in rows if (each["tool"], each["checks"]) != (tool, checks)]
        text = json.dumps([*kept, row], indent=2, ensure_ascii=False)
        results.write_text(f"{text}\n", "utf-8")
