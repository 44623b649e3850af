"""Measure the pipeline on a synthetic collection, each step beside its floor, and write the results.

    python benchmarks/run.py [--topics 1020] [--repeat 3] [--results benchmarks/results] [--quick]

Every step is a fresh process of the installed command line in a workspace of its own. Of the repetitions the
fastest counts; the spread is in the raw figures. Ten times the topics is run once.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import orjson

import report
from corpus import Corpus, write
from measure import Figures, measure, measure_output
from report import Result

HERE = Path(__file__).parent
QUICK_TOPICS = 10
LIBRARIES = ("healthtopics", "jsonschema-rs", "lxml", "orjson", "polib")

CONFIGURATION = """\
base_url = "https://benchmark.example"
publisher = "benchmark"
cadence = "P1D"

[languages.es]
policy = "complete"
locale = "es-US"
"""
ORGANIZATIONS = {
    "id": "organizations",
    "title": "Organizations",
    "entries": [
        {
            "id": "benchmark",
            "name": "Benchmark (synthetic)",
            "definition": "Publishes synthetic topics.",
            "url": "https://benchmark.example/",
            "type": "Organization",
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the measured commands work, and what they have come to so far."""

    folder: Path
    healthtopics: Path
    """The installed command."""
    figures: dict[str, list[Figures]]
    """By step, one a repetition."""

    def run(self, step: str, *arguments: str | Path) -> None:
        """Measure a `healthtopics` command."""
        self.figures[step].append(measure([self.healthtopics, *arguments]))

    def run_script(self, step: str, script: str, *arguments: str | Path) -> None:
        """Measure a script of this folder."""
        self.figures[step].append(measure([sys.executable, HERE / script, *arguments]))

    def run_floor(self, step: str, name: str, *paths: Path) -> None:
        """Measure a floor: its own clock for the time, which leaves out what only prepares it."""
        out = self.folder / "floor"
        sampled, output = measure_output([sys.executable, HERE / "floors.py", name, *paths, out])
        told = json.loads(output)
        self.figures[step].append(Figures(told["seconds"], told["cpu_seconds"], sampled.peak_memory))
        shutil.rmtree(out)


def measure_collection(
    bench: Bench, topics: int, seed: int, repeat: int, *, prefix: str = ""
) -> dict[str, Any]:
    """Measure import and publication of a collection; `prefix` keeps the steps of another size apart.

    Return what the collection holds.
    """
    file = bench.folder / "corpus.xml"
    corpus = Corpus(topics, seed)
    write(corpus, file)
    for _ in range(repeat):
        workspace = create_workspace(bench.folder / "workspace")
        importing = ("import", "medlineplus", file, "-C", workspace)
        publishing = ("publish", "-C", workspace)
        exports = workspace / "exports"
        bench.run(f"{prefix}import", *importing)
        bench.run_floor(f"{prefix}import floor", "import", file, workspace)
        bench.run(f"{prefix}cold publish with checks", *publishing)
        bench.run_floor(f"{prefix}publish floor", "publish", workspace, exports)
        if not prefix:
            bench.run("import again", *importing)
            bench.run("nothing changed", *publishing)
            change_topic(workspace)
            bench.run("one topic changed", *publishing)
            shutil.rmtree(exports)
            bench.run_script("cold publish without checks", "unchecked.py", *publishing)
        shutil.rmtree(workspace)
    size = file.stat().st_size
    file.unlink()
    return {"bytes": size, **corpus.counts()}


def measure_start(bench: Bench, repeat: int) -> None:
    """Measure what a process costs before it meets a collection: a workspace of one topic."""
    for _ in range(repeat):
        workspace = bench.folder / "one"
        bench.run("start: --version", "--version")
        subprocess.run([bench.healthtopics, "init", workspace], check=True, capture_output=True)
        bench.run("start: first publish of one topic", "publish", "-C", workspace)
        bench.run("start: nothing changed in one topic", "publish", "-C", workspace)
        shutil.rmtree(workspace)


def create_workspace(folder: Path) -> Path:
    """Write the configuration that an import needs, and nothing else."""
    (folder / "topics").mkdir(parents=True)
    (folder / "vocabulary").mkdir()
    (folder / "healthtopics.toml").write_text(CONFIGURATION, "utf-8")
    (folder / "vocabulary" / "organizations.json").write_bytes(orjson.dumps(ORGANIZATIONS))
    return folder


def change_topic(workspace: Path) -> None:
    """Change one topic so that every document of it changes, and nothing has to be translated anew."""
    path = min((workspace / "topics").glob("*.json"))
    topic = orjson.loads(path.read_bytes())
    topic["dates"]["updated"] = "2026-11-20"  # later than the day of the corpus
    path.write_bytes(orjson.dumps(topic, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def results_of(figures: Mapping[str, Sequence[Figures]]) -> dict[str, Result]:
    """Return each step with the fastest of its runs and the greatest memory."""
    return {
        step: Result(
            seconds=min(run.seconds for run in runs),
            cpu_seconds=min(run.cpu_seconds for run in runs),
            peak_memory=max(run.peak_memory for run in runs),
            slowest_seconds=max(run.seconds for run in runs),
            runs=len(runs),
        )
        for step, runs in figures.items()
    }


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure healthtopics on a synthetic collection.")
    parser.add_argument("--topics", type=int, default=1020)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--scratch", type=Path, help="where to work; the system's folder for temporary files")
    parser.add_argument("--quick", action="store_true", help="ten topics once: does it run at all?")
    arguments = parser.parse_args()
    topics = QUICK_TOPICS if arguments.quick else arguments.topics
    repeat = 1 if arguments.quick else arguments.repeat
    with tempfile.TemporaryDirectory(dir=arguments.scratch, prefix="healthtopics-bench-") as folder:
        bench = Bench(Path(folder), Path(sys.executable).with_name("healthtopics"), defaultdict(list))
        measure_start(bench, repeat)
        collections = [measure_collection(bench, topics, arguments.seed, repeat)]
        collections.append(measure_collection(bench, 10 * topics, arguments.seed, 1, prefix=report.TENFOLD))
    results = results_of(bench.figures)
    about = {
        "synthetic": True,
        "quick": arguments.quick,
        "seed": arguments.seed,
        "processors": os.cpu_count(),
        "platform": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": {name: metadata.version(name) for name in LIBRARIES},
        "memory": "sum of PSS over the process tree, sampled",
        "collections": collections,
    }
    report.write_results(arguments.results, results, about)
    if not arguments.quick:
        from plot import plot  # noqa: PLC0415 - matplotlib is wanted for nothing else

        plot(results, arguments.results / "results.svg")
    print((arguments.results / "results.md").read_text("utf-8"))


if __name__ == "__main__":
    main()
