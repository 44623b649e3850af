"""From figures to reports: ratios, a table, raw figures. No process is started here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

TENFOLD = "ten times: "
"""The prefix of the steps with ten times as many topics."""
START = "start: nothing changed in one topic"
IMPORT = "import"
IMPORT_FLOOR = "import floor"
COLD = "cold publish with checks"
UNCHECKED = "cold publish without checks"
PUBLISH_FLOOR = "publish floor"
ONE_CHANGE = "one topic changed"
UNCHANGED = "nothing changed"
CHECK_ONE = "check of one topic, no cache"
CATALOGUE_CHECK_ONE = "catalogue check of one topic, no cache"
CHECK_UNCHANGED = "check, nothing changed"
STATUS_UNCHANGED = "catalogue status, nothing changed"
UPDATE_ONE = "catalogue update, one topic changed"
PREVIEW_INDEX = "preview: first page"
PREVIEW_SAVE = "preview: from saving a catalogue to the page"

STEPS: Mapping[str, str] = {
    IMPORT: IMPORT_FLOOR,
    "import again": IMPORT_FLOOR,
    UNCHECKED: PUBLISH_FLOOR,
    COLD: PUBLISH_FLOOR,
    ONE_CHANGE: PUBLISH_FLOOR,
    UNCHANGED: PUBLISH_FLOOR,
    f"{TENFOLD}{IMPORT}": f"{TENFOLD}{IMPORT_FLOOR}",
    f"{TENFOLD}{COLD}": f"{TENFOLD}{PUBLISH_FLOOR}",
}
"""Each step with its floor, in the order of the table."""
AFTER_START = (ONE_CHANGE, UNCHANGED)
"""Steps whose ratio excludes the start of the process."""


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of a step over its runs."""

    seconds: float
    """The time of the fastest run."""
    cpu_seconds: float
    peak_memory: int
    """In bytes, the greatest of all runs."""
    slowest_seconds: float
    runs: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that a benchmark has measured so far."""

    steps: Mapping[str, Result]
    messages: Mapping[str, Any]
    """The result of `checks.py`; empty if it has not run yet."""


Ratio: TypeAlias = Callable[[Measured], float]


def over(step: str, base: str, figure: str = "seconds") -> Ratio:
    """Return the ratio of one figure of two steps."""
    return lambda measured: getattr(measured.steps[step], figure) / getattr(measured.steps[base], figure)


def after_start(step: str) -> Ratio:
    """Return the ratio of a step's time, without the start of a process, to its floor."""

    def ratio(measured: Measured) -> float:
        steps = measured.steps
        return max(steps[step].seconds - steps[START].seconds, 0) / steps[STEPS[step]].seconds

    return ratio


def tenfold(figure: str, *, beyond_floor: bool = False) -> Ratio:
    """Return how a figure grows with ten times the topics: the worse of import and cold publication."""

    def ratio(measured: Measured) -> float:
        def figure_of(step: str, floor: str) -> float:
            value: float = getattr(measured.steps[step], figure)
            return value - getattr(measured.steps[floor], figure) if beyond_floor else value

        pairs = ((IMPORT, IMPORT_FLOOR), (COLD, PUBLISH_FLOOR))
        return max(
            figure_of(f"{TENFOLD}{step}", f"{TENFOLD}{floor}") / figure_of(step, floor)
            for step, floor in pairs
        )

    return ratio


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure with a goal: how to compute it, and its limit."""

    formula: str
    most: float | None
    """None for a figure that only explains another."""
    ratio: Ratio


GOALS: Mapping[str, Goal] = {
    "check_one_ratio": Goal("`check` of one topic without cache / start", 4, over(CHECK_ONE, START)),
    "catalogue_check_one_ratio": Goal(
        "`catalogue check` of one topic without cache / start", 4, over(CATALOGUE_CHECK_ONE, START)
    ),
    "check_unchanged_ratio": Goal(
        "`check` with nothing changed / publish with nothing changed", 1.5, over(CHECK_UNCHANGED, UNCHANGED)
    ),
    "status_unchanged_ratio": Goal(
        "`catalogue status` with nothing changed / publish with nothing changed",
        2,
        over(STATUS_UNCHANGED, UNCHANGED),
    ),
    "update_one_ratio": Goal(
        "`catalogue update` after one topic changed / start", 6, over(UPDATE_ONE, START)
    ),
    "preview_index_ratio": Goal(
        "one request of the preview's first page / start", 1, over(PREVIEW_INDEX, START)
    ),
    "preview_save_ratio": Goal(
        "from saving a catalogue to the page that shows it / start", 2, over(PREVIEW_SAVE, START)
    ),
    "cold_publish_cpu_ratio": Goal(
        "processor time, cold publish with checks / floor", 12, over(COLD, PUBLISH_FLOOR, "cpu_seconds")
    ),
    "cold_publish_ratio": Goal("cold publish without checks / floor", 4, over(UNCHECKED, PUBLISH_FLOOR)),
    "cold_publish_checked_ratio": Goal("cold publish with checks / floor", 7, over(COLD, PUBLISH_FLOOR)),
    "one_change_ratio": Goal("(one topic changed − start) / floor", 0.2, after_start(ONE_CHANGE)),
    "unchanged_ratio": Goal("(nothing changed − start) / floor", 0.07, after_start(UNCHANGED)),
    "ten_times_cpu_ratio": Goal(
        "processor time beyond the floor, the worse of import and cold publish, ten times the topics / once",
        11,
        tenfold("cpu_seconds", beyond_floor=True),
    ),
    "ten_times_memory_ratio": Goal(
        "peak memory, the worse of import and cold publish, ten times the topics / once",
        1.5,
        tenfold("peak_memory"),
    ),
    "import_ratio": Goal("import / floor", 40, over(IMPORT, IMPORT_FLOOR)),
    "message_check_ms": Goal(
        "processor time of all checks of a message, in ms", 0.08, lambda each: each.messages["ms_a_message"]
    ),
    "message_check_ratio": Goal(
        "the same / reading the message",
        None,
        lambda each: each.messages["ms_a_message"] / each.messages["floor_ms_a_message"],
    ),
}


def ratios_of(measured: Measured) -> dict[str, float | None]:
    """Return the figures that have goals; None for those that could not be measured."""
    return {key: _value(goal.ratio, measured) for key, goal in GOALS.items()}


def step_ratio(measured: Measured, step: str) -> float | None:
    """Return how many times its floor a step takes; None if one of them was not measured."""
    ratio = after_start(step) if step in AFTER_START else over(step, STEPS.get(step, ""))
    return _value(ratio, measured)


def table(measured: Measured, about: Mapping[str, Any]) -> str:
    """Return the results as a Markdown table."""
    ratios = ratios_of(measured)
    sizes = "; ".join(
        f"{each['topics']} topics, {each['pairs']} of them in English and Spanish, "
        f"{each['bytes'] / 1e6:.1f} MB of XML"
        for each in about["collections"]
    )
    steps = [*(step for step in STEPS if step in measured.steps), *measured.steps]
    lines = [
        "# Benchmark on a synthetic collection",
        "",
        f"{sizes}. {about['platform']}, {about['processors']} processors.",
        *(["", "**A quick run: it only shows that the benchmark works.**"] if about["quick"] else []),
        "",
        "| figure | formula | at most | measured |",
        "|---|---|---:|---:|",
        *(
            f"| `{key}` | {goal.formula} | {'' if goal.most is None else f'{goal.most:g}'} "
            f"| {_measured(ratios[key], goal)} |"
            for key, goal in GOALS.items()
        ),
        "",
        "Times are of the fastest run; “slowest” shows the spread. Memory is the greatest sum of PSS over",
        "the processes of a run, sampled. “start” is a publication that finds nothing changed in a workspace",
        "of one topic: what a process costs before it meets a collection.",
        "",
        "| step | seconds | slowest | runs | CPU seconds | peak MB | × floor |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(_row(step, measured.steps[step], step_ratio(measured, step)) for step in dict.fromkeys(steps)),
        "",
        "For “one topic changed” and “nothing changed”, × floor is (seconds − start) / floor.",
    ]
    return "\n".join(lines) + "\n"


def write_results(folder: Path, measured: Measured, about: Mapping[str, Any]) -> None:
    """Write the table, the ratios and the raw figures."""
    folder.mkdir(parents=True, exist_ok=True)
    steps = {step: asdict(result) for step, result in measured.steps.items()}
    for name, text in (
        ("ratios.json", _json(ratios_of(measured))),
        ("figures.json", _json({"about": about, "steps": steps})),
        ("results.md", table(measured, about)),
    ):
        (folder / name).write_text(text, "utf-8")


def _value(ratio: Ratio, measured: Measured) -> float | None:
    try:
        return ratio(measured)
    except KeyError:  # a step that was not measured, or not yet
        return None


def _measured(ratio: float | None, goal: Goal) -> str:
    if ratio is None:
        return "not measured"
    return f"{ratio:.2f}" if goal.most is None or ratio <= goal.most else f"**{ratio:.2f}**, missed"


def _row(step: str, result: Result, ratio: float | None) -> str:
    times = f"{result.seconds:.2f} | {result.slowest_seconds:.2f} | {result.runs} | {result.cpu_seconds:.2f}"
    return (
        f"| {step} | {times} | {result.peak_memory / 1e6:.0f} | {'' if ratio is None else f'{ratio:.2f}'} |"
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
