"""docs/conformance.md, made from the record of a run; under CI it must be what is committed."""

import json
import os
import sys
from pathlib import Path

from conformance.support.findings import RESULTS

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"

HEAD = """\
# Conformance

What tools of others say about our exports. This page is generated from a run of `make conformance`, and
CI refuses one that differs from what a run gives. Judged are the exports of the bundled topics in
`exports/examples/`, and documents made for the purpose. Nothing here is a certification.

All tools run offline: definitions, context and vocabulary come from installed packages. So no
terminology server is asked, and what only one could tell (whether a MeSH or LOINC code exists and has
this name) is not checked.

| tool | version | what it checks | documents | errors | warnings |
|---|---|---|---:|---:|---:|
"""

TAIL = """
Warnings of the HL7 validator are listed with their reasons in `tests/conformance/hapi/warnings.toml`; a
new one fails the run, and so does one that has gone. Each tool must also catch what it is known to
catch: mutants, each a valid export with one defect, are asserted tool by tool (`mutants.py` beside the
tests), and our own checks must catch all of them. Under the policy `fallback` a schema.org document
marks English text with value objects, which two web tools do not accept; complete editions have none.
"""


def page() -> str:
    """Return the page for the record of the last run."""
    rows = json.loads(RESULTS.read_text("utf-8"))
    lines = (
        f"| {row['tool']} | {row['version']} | {row['checks']} | {row['documents']} | {row['errors']} "
        f"| {row['warnings']} |\n"
        for row in sorted(rows, key=lambda row: (row["tool"], row["checks"]))
    )
    return HEAD + "".join(lines) + TAIL


def main() -> None:
    """Write the page; under CI refuse one that is not committed."""
    made = page()
    if os.environ.get("CI") and (not PAGE.is_file() or PAGE.read_text("utf-8") != made):
        sys.stdout.write(made)
        sys.exit("docs/conformance.md is stale: run `make conformance` and commit it.")
    PAGE.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
