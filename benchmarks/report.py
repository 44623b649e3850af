"""From figures to what is read: ratios, a table, raw figures. No process is started here."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

TENFOLD = "ten times: "
"""What the steps of the collection of ten times the size start with."""
COLD = "cold publish with checks"
UNCHECKED = "cold publish without checks"
PUBLISH_FLOOR = "publish floor"
START = "start: nothing changed in one topic"

STEPS: Mapping[str, str] = {
    "import": "import floor",
    "import again": "import floor",
    UNCHECKED: PUBLISH_FLOOR,
    COLD: PUBLISH_FLOOR,
    "one topic changed": PUBLISH_FLOOR,
    "nothing changed": PUBLISH_FLOOR,
    f"{TENFOLD}import": f"{TENFOLD}import floor",
    f"{TENFOLD}{COLD}": f"{TENFOLD}{PUBLISH_FLOOR}",
}
"""Each step with its floor, in the order of the table."""
AFTER_START = ("one topic changed", "nothing changed")
"""Steps whose ratio is of what they take beyond the start of the process."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a step came to over its runs."""

    seconds: float
    """Of the fastest run."""
    cpu_seconds: float
    peak_memory: int
    """In bytes, the greatest of all runs."""
    slowest_seconds: float
    runs: int


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio of DESIGN §10: how it is made, and what it must not exceed."""

    formula: str
    most: float


GOALS: Mapping[str, Goal] = {
    "cold_publish_ratio": Goal("cold publish without checks / floor", 4),
    "cold_publish_checked_ratio": Goal("cold publish with checks / floor", 10),
    "one_change_ratio": Goal("(one topic changed − start) / floor", 0.2),
    "unchanged_ratio": Goal("(nothing changed − start) / floor", 0.1),
    "ten_times_time_ratio": Goal("the worse of import and cold publish, ten times the topics / once", 11),
    "ten_times_memory_ratio": Goal("the same of peak memory", 1.5),
}


def ratios_of(results: Mapping[str, Result]) -> dict[str, float | None]:
    """Return the ratios that have goals; None for what could not be measured."""
    start = results[START].seconds
    worst = {
        name: max(
            getattr(results[TENFOLD + step], name) / getattr(results[step], name) for step in ("import", COLD)
        )
        for name in ("seconds", "peak_memory")
    }
    return {
        "cold_publish_ratio": step_ratio(results, UNCHECKED, start),
        "cold_publish_checked_ratio": step_ratio(results, COLD, start),
        "one_change_ratio": step_ratio(results, "one topic changed", start),
        "unchanged_ratio": step_ratio(results, "nothing changed", start),
        "ten_times_time_ratio": worst["seconds"],
        "ten_times_memory_ratio": worst["peak_memory"],
    }


def step_ratio(results: Mapping[str, Result], step: str, start: float) -> float | None:
    """Return how many times its floor a step takes; None where one of them was not measured."""
    if step not in results:
        return None
    taken = results[step].seconds - (start if step in AFTER_START else 0)
    return max(taken, 0) / results[STEPS[step]].seconds


def table(results: Mapping[str, Result], about: Mapping[str, Any]) -> str:
    """Return the results for people, Markdown."""
    once, tenfold = about["collections"]
    ratios = ratios_of(results)
    start = results[START].seconds
    lines = [
        "# Benchmark on a synthetic collection",
        "",
        (
            f"{once['topics']} topics, {once['pairs']} of them in English and Spanish, "
            f"{once['bytes'] / 1e6:.1f} MB of XML; ten times: {tenfold['topics']} topics, "
            f"{tenfold['bytes'] / 1e6:.1f} MB. {about['platform']}, {about['processors']} processors."
        ),
        *(
            ["", "**A quick run: it shows that the benchmark works, and nothing else.**"]
            if about["quick"]
            else []
        ),
        "",
        "| goal | formula | at most | measured |",
        "|---|---|---:|---:|",
        *(
            f"| `{key}` | {goal.formula} | {goal.most:g} | {_measured(ratios[key], goal)} |"
            for key, goal in GOALS.items()
        ),
        "",
        "Times are of the fastest run; “slowest” shows the spread. Memory is the greatest sum of PSS over",
        "the processes of a run, sampled. “start” is a publication that finds nothing changed in a workspace",
        "of one topic: what a process costs before it meets a collection.",
        "",
        "| step | seconds | slowest | runs | CPU seconds | peak MB | × floor |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(_row(step, results[step], step_ratio(results, step, start)) for step in STEPS if step in results),
        *(_row(step, result, None) for step, result in results.items() if step not in STEPS),
        "",
        "For “one topic changed” and “nothing changed”, × floor is (seconds − start) / floor.",
    ]
    return "\n".join(lines) + "\n"


def write_results(folder: Path, results: Mapping[str, Result], about: Mapping[str, Any]) -> None:
    """Write the table, the ratios and the raw figures."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = {"about": about, "steps": {step: asdict(result) for step, result in results.items()}}
    for name, text in (
        ("ratios.json", _json(ratios_of(results))),
        ("figures.json", _json(raw)),
        ("results.md", table(results, about)),
    ):
        (folder / name).write_text(text, "utf-8")


def _measured(ratio: float | None, goal: Goal) -> str:
    if ratio is None:
        return "not measured"
    return f"{ratio:.2f}" if ratio <= goal.most else f"**{ratio:.2f}**, missed"


def _row(step: str, result: Result, ratio: float | None) -> str:
    times = f"{result.seconds:.2f} | {result.slowest_seconds:.2f} | {result.runs} | {result.cpu_seconds:.2f}"
    return (
        f"| {step} | {times} | {result.peak_memory / 1e6:.0f} | {'' if ratio is None else f'{ratio:.2f}'} |"
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
