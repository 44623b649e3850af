import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import report
from report import COLD, PUBLISH_FLOOR, START, STEPS, TENFOLD, UNCHECKED, Measured, Result

ABOUT: dict[str, Any] = {
    "quick": False,
    "platform": "Linux",
    "processors": 2,
    "collections": [{"topics": 10, "pairs": 9, "bytes": 3e5}, {"topics": 100, "pairs": 98, "bytes": 3e6}],
}


def result(seconds: float, peak_memory: int = 100_000_000, cpu_seconds: float | None = None) -> Result:
    return Result(
        seconds=seconds,
        cpu_seconds=seconds if cpu_seconds is None else cpu_seconds,
        peak_memory=peak_memory,
        slowest_seconds=2 * seconds,
        runs=3,
    )


@pytest.fixture
def steps() -> dict[str, Result]:
    return {
        report.IMPORT: result(20.0),
        "import again": result(1.0),
        report.IMPORT_FLOOR: result(0.5),
        UNCHECKED: result(30.0),
        COLD: result(80.0, cpu_seconds=110.0),
        report.ONE_CHANGE: result(2.5),
        report.UNCHANGED: result(1.25),
        PUBLISH_FLOOR: result(10.0),
        START: result(0.5),
        report.CHECK_ONE: result(2.0),
        report.CATALOGUE_CHECK_ONE: result(1.5),
        report.CHECK_UNCHANGED: result(2.5),
        report.STATUS_UNCHANGED: result(1.875),
        report.UPDATE_ONE: result(3.0),
        report.PREVIEW_INDEX: result(0.5),
        report.PREVIEW_SAVE: result(0.75),
        f"{TENFOLD}{report.IMPORT}": result(200.0, 110_000_000),
        f"{TENFOLD}{COLD}": result(800.0, 140_000_000, 1300.0),
        f"{TENFOLD}{report.IMPORT_FLOOR}": result(5.0),
        f"{TENFOLD}{PUBLISH_FLOOR}": result(100.0),
    }


MESSAGES = {"ms_a_message": 0.09, "floor_ms_a_message": 0.03}


def test_ratios_are_made_of_the_steps_that_their_formulas_name(steps: dict[str, Result]) -> None:
    ratios = report.ratios_of(Measured(steps, MESSAGES))
    assert {key: value and round(value, 3) for key, value in ratios.items()} == {
        "check_one_ratio": 4.0,
        "catalogue_check_one_ratio": 3.0,
        "check_unchanged_ratio": 2.0,
        "status_unchanged_ratio": 1.5,
        "update_one_ratio": 6.0,
        "preview_index_ratio": 1.0,
        "preview_save_ratio": 1.5,
        "cold_publish_cpu_ratio": 11.0,
        "cold_publish_ratio": 3.0,
        "cold_publish_checked_ratio": 8.0,
        "one_change_ratio": 0.2,
        "unchanged_ratio": 0.075,
        "ten_times_cpu_ratio": 12.0,
        "ten_times_memory_ratio": 1.4,
        "import_ratio": 40.0,
        "message_check_ms": 0.09,
        "message_check_ratio": 3.0,
    }


def test_what_takes_no_longer_than_a_start_takes_nothing(steps: dict[str, Result]) -> None:
    steps[report.UNCHANGED] = result(0.4)
    assert report.ratios_of(Measured(steps, MESSAGES))["unchanged_ratio"] == 0


def test_what_was_not_measured_is_said_to_be_missing(steps: dict[str, Result]) -> None:
    del steps[UNCHECKED]
    measured = Measured(steps, {})
    ratios = report.ratios_of(measured)
    assert {key for key, value in ratios.items() if value is None} == {
        "cold_publish_ratio",
        "message_check_ms",
        "message_check_ratio",
    }
    row = "| `cold_publish_ratio` | cold publish without checks / floor | 4 | not measured |"
    assert row in report.table(measured, ABOUT)


def test_results_can_be_written_before_anything_is_measured() -> None:
    assert "not measured" in report.table(Measured({}, {}), {**ABOUT, "collections": []})


def test_a_missed_goal_is_reported(steps: dict[str, Result]) -> None:
    lines = report.table(Measured(steps, MESSAGES), ABOUT).splitlines()
    assert any(line.startswith("| `ten_times_cpu_ratio`") and "**12.00**, missed" in line for line in lines)
    assert any(line.startswith("| `update_one_ratio`") and line.endswith("| 6.00 |") for line in lines)
    assert any(line.startswith("| `message_check_ratio`") and line.endswith("|  | 3.00 |") for line in lines)


def test_every_figure_is_in_the_table(steps: dict[str, Result]) -> None:
    measured = Measured(steps, MESSAGES)
    text = report.table(measured, ABOUT)
    assert all(text.count(f"\n| {step} | {each.seconds:.2f} |") == 1 for step, each in steps.items())
    assert "A quick run" not in text
    assert "A quick run" in report.table(measured, {**ABOUT, "quick": True})


@pytest.mark.parametrize("step", STEPS)
def test_ratio_of_a_step_is_of_its_floor(step: str, steps: dict[str, Result]) -> None:
    floor = STEPS[step]
    slower = {**steps, floor: replace(steps[floor], seconds=steps[floor].seconds * 2)}
    ratio, half = (report.step_ratio(Measured(each, {}), step) for each in (steps, slower))
    assert ratio is not None
    assert half == pytest.approx(ratio / 2)


def test_results_are_written(tmp_path: Path, steps: dict[str, Result]) -> None:
    measured = Measured(steps, MESSAGES)
    report.write_results(tmp_path / "new", measured, ABOUT)
    assert json.loads((tmp_path / "new" / "ratios.json").read_text()) == report.ratios_of(measured)
    raw = json.loads((tmp_path / "new" / "figures.json").read_text())
    assert raw["steps"].keys() == steps.keys()
    assert (tmp_path / "new" / "results.md").read_text() == report.table(measured, ABOUT)
