"""The plot: every step beside its floor. The only module that needs matplotlib."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

from report import STEPS, Result


def plot(results: Mapping[str, Result], path: Path) -> None:
    """Draw wall time and peak memory of each step and of its floor; equal results give equal bytes."""
    mpl.use("svg")
    steps = [step for step in reversed(list(STEPS)) if step in results]
    with mpl.rc_context({"svg.hashsalt": "healthtopics", "svg.fonttype": "none"}):
        figure, panels = plt.subplots(1, 2, figsize=(11, 4.5), sharey=True, layout="constrained")
        for panel, label, name, scale in (
            (panels[0], "wall time, seconds (log)", "seconds", 1.0),
            (panels[1], "peak memory, MB (log)", "peak_memory", 1e6),
        ):
            for shift, colour, legend, of in (
                (0.2, "#1f5c99", "healthtopics", steps),
                (-0.2, "#c9ccd1", "floor", None),
            ):
                measured = [results[each] for each in (of or [STEPS[step] for step in steps])]
                places = [at + shift for at in range(len(steps))]
                values = [getattr(each, name) / scale for each in measured]
                panel.barh(places, values, height=0.38, color=colour, label=legend)
            panel.set_xscale("log")
            panel.set_xlabel(label)
            panel.spines[["top", "right"]].set_visible(False)
        panels[0].set_yticks(range(len(steps)), steps)
        panels[1].legend(frameon=False, loc="lower right")
        figure.suptitle("A synthetic collection: each step beside its floor")
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
