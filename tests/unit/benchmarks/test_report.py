import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import report
from report import COLD, GOALS, PUBLISH_FLOOR, START, STEPS, TENFOLD, UNCHECKED, Result

KEYS = {
    "cold_publish_ratio",
    "cold_publish_checked_ratio",
    "one_change_ratio",
    "unchanged_ratio",
    "ten_times_time_ratio",
    "ten_times_memory_ratio",
}
ABOUT: dict[str, Any] = {
    "quick": False,
    "platform": "Linux",
    "processors": 2,
    "collections": [{"topics": 10, "pairs": 9, "bytes": 3e5}, {"topics": 100, "pairs": 98, "bytes": 3e6}],
}


def result(seconds: float, peak_memory: int = 100_000_000) -> Result:
    return Result(
        seconds=seconds, cpu_seconds=seconds, peak_memory=peak_memory, slowest_seconds=2 * seconds, runs=3
    )


@pytest.fixture
def results() -> dict[str, Result]:
    return {
        "import": result(2.0),
        "import again": result(1.0),
        "import floor": result(0.5),
        UNCHECKED: result(30.0),
        COLD: result(80.0),
        "one topic changed": result(2.5),
        "nothing changed": result(1.25),
        PUBLISH_FLOOR: result(10.0),
        START: result(0.5),
        f"{TENFOLD}import": result(24.0, 110_000_000),
        f"{TENFOLD}{COLD}": result(800.0, 140_000_000),
        f"{TENFOLD}import floor": result(5.0),
        f"{TENFOLD}{PUBLISH_FLOOR}": result(100.0),
    }


def test_the_ratios_are_those_that_have_goals(results: dict[str, Result]) -> None:
    assert report.ratios_of(results) == {
        "cold_publish_ratio": 3.0,
        "cold_publish_checked_ratio": 8.0,
        "one_change_ratio": 0.2,
        "unchanged_ratio": 0.075,
        "ten_times_time_ratio": 12.0,
        "ten_times_memory_ratio": 1.4,
    }
    assert set(GOALS) == KEYS


def test_what_takes_no_longer_than_a_start_takes_nothing(results: dict[str, Result]) -> None:
    results["nothing changed"] = result(0.4)
    assert report.ratios_of(results)["unchanged_ratio"] == 0


def test_what_was_not_measured_is_said_to_be_missing(results: dict[str, Result]) -> None:
    del results[UNCHECKED]
    assert report.ratios_of(results)["cold_publish_ratio"] is None
    assert (
        "| `cold_publish_ratio` | cold publish without checks / floor | 4 | not measured |"
        in report.table(results, ABOUT)
    )


def test_a_goal_that_is_missed_is_said_to_be(results: dict[str, Result]) -> None:
    lines = report.table(results, ABOUT).splitlines()
    assert any(line.startswith("| `ten_times_time_ratio`") and "**12.00**, missed" in line for line in lines)
    assert any(line.startswith("| `unchanged_ratio`") and line.endswith("| 0.07 |") for line in lines)


def test_every_figure_is_in_the_table(results: dict[str, Result]) -> None:
    text = report.table(results, ABOUT)
    assert all(f"| {step} | {each.seconds:.2f} |" in text for step, each in results.items())
    assert "A quick run" not in text
    assert "A quick run" in report.table(results, {**ABOUT, "quick": True})


def test_every_step_has_a_floor(results: dict[str, Result]) -> None:
    for step, floor in STEPS.items():
        slower = {**results, floor: replace(results[floor], seconds=results[floor].seconds * 2)}
        ratio, half = (report.step_ratio(each, step, 0.5) for each in (results, slower))
        assert ratio is not None
        assert half == pytest.approx(ratio / 2)


def test_the_results_are_written(tmp_path: Path, results: dict[str, Result]) -> None:
    report.write_results(tmp_path / "new", results, ABOUT)
    assert json.loads((tmp_path / "new" / "ratios.json").read_text()) == report.ratios_of(results)
    raw = json.loads((tmp_path / "new" / "figures.json").read_text())
    assert raw["steps"].keys() == results.keys()
    assert (tmp_path / "new" / "results.md").read_text() == report.table(results, ABOUT)
