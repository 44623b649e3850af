"""The benchmark runs from end to end. Nothing is said about how fast."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from report import GOALS
from support.samples import ROOT


@pytest.mark.slow
def test_a_quick_run_measures_every_step(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "run.py", "--quick", "--results", tmp_path / "results"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ratios = json.loads((tmp_path / "results" / "ratios.json").read_text())
    assert list(ratios) == list(GOALS)
    # What is left of a step after the start of a process may be nothing where ten topics are all there is.
    assert all(ratio >= 0 for ratio in ratios.values())
    figures = json.loads((tmp_path / "results" / "figures.json").read_text())
    assert [each["topics"] for each in figures["about"]["collections"]] == [10, 20]
    assert all(step["peak_memory"] > 0 and step["cpu_seconds"] > 0 for step in figures["steps"].values())
    assert "A quick run" in done.stdout


def digest(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "digests.py", "--topics", "10", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_digests_of_one_version_are_equal_and_a_changed_one_is_named(tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    before.write_text(digest(tmp_path, "--formats", "schemaorg").stdout)
    found = json.loads(before.read_text())
    assert {name: sorted(formats) for name, formats in found.items()} == {
        "bundled": ["index", "schemaorg"],
        "synthetic": ["index", "schemaorg"],
    }
    found["synthetic"]["schemaorg"]["sha256"] = "0" * 64
    before.write_text(json.dumps(found))
    done = digest(tmp_path, "--formats", "schemaorg", "--compare", before)
    assert done.returncode == 1
    (difference,) = (line for line in done.stderr.splitlines() if " before, " in line)
    assert difference.startswith("synthetic, schemaorg: ")
