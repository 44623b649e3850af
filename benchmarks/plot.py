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
    places = range(len(steps))
    with mpl.rc_context({"svg.hashsalt": "healthtopics", "svg.fonttype": "none"}):
        figure, panels = plt.subplots(1, 2, figsize=(11, 4.5), sharey=True, layout="constrained")
        for panel, label, name, scale in (
            (panels[0], "wall time, seconds (logarithmic)", "seconds", 1.0),
            (panels[1], "peak memory, MB (logarithmic)", "peak_memory", 1e6),
        ):
            measured = [getattr(results[step], name) / scale for step in steps]
            floors = [getattr(results[STEPS[step]], name) / scale for step in steps]
            panel.hlines(places, floors, measured, color="#c9ccd1", linewidth=3, zorder=1)
            panel.scatter(floors, places, color="#8a9099", marker="|", s=120, label="floor", zorder=2)
            panel.scatter(measured, places, color="#1f5c99", label="healthtopics", zorder=3)
            panel.set_xscale("log")
            panel.set_xlabel(label)
            panel.grid(axis="x", color="#eceef0")
            panel.spines[["top", "right", "left"]].set_visible(False)
        panels[0].set_yticks(places, steps)
        figure.legend(
            *panels[0].get_legend_handles_labels(), loc="outside upper right", ncols=2, frameon=False
        )
        figure.suptitle("A synthetic collection: each step and its floor", x=0.01, ha="left")
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
