"""The benchmark runs from end to end. Nothing is said about how fast."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    assert list(ratios) == [
        "cold_publish_ratio",
        "cold_publish_checked_ratio",
        "one_change_ratio",
        "unchanged_ratio",
        "ten_times_time_ratio",
        "ten_times_memory_ratio",
    ]
    # What is left of a step after the start of a process may be nothing where ten topics are all there is.
    assert all(ratio >= 0 for ratio in ratios.values())
    figures = json.loads((tmp_path / "results" / "figures.json").read_text())
    assert [each["topics"] for each in figures["about"]["collections"]] == [10, 100]
    assert all(step["peak_memory"] > 0 and step["cpu_seconds"] > 0 for step in figures["steps"].values())
    assert "A quick run" in done.stdout
