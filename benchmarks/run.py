"""Measure the pipeline on a synthetic collection, each step with its floor, and write the results.

    python benchmarks/run.py [--topics 1020] [--repeat 3] [--results benchmarks/results] [--quick]

Every step is a fresh process of the installed command line in a separate workspace. The fastest repetition
counts; the spread is in the raw figures. Ten times the topics is run once. Results are written during the
run.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPResponse
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import orjson
import polib

import checks
import report
from corpus import Corpus, write
from measure import Figures, Server, measure, measure_output
from report import Measured, Result

HERE = Path(__file__).parent
QUICK_TOPICS = 10
MESSAGE_RUNS = 5
FORMATS = ("fhir-r4", "fhir-r5", "schemaorg")
LIBRARIES = ("healthtopics", "jsonschema-rs", "lxml", "orjson", "polib")

CONFIGURATION = """\
base_url = "https://benchmark.example"
publisher = "benchmark"
trial = true
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
    """The environment of the measured commands, and the results so far."""

    folder: Path
    healthtopics: Path
    """The installed command."""
    figures: dict[str, list[Figures]]
    """The figures by step, one for each repetition."""
    save: Callable[[], None]
    """Writes the results so far."""

    def run(self, step: str, *arguments: str | Path) -> None:
        """Measure a `healthtopics` command."""
        self.figures[step].append(measure([self.healthtopics, *arguments]))

    def prepare(self, *arguments: str | Path) -> None:
        """Run a `healthtopics` command that is not measured."""
        measure([self.healthtopics, *arguments])

    def run_script(self, step: str, script: str, *arguments: str | Path) -> None:
        """Measure a script of this folder."""
        self.figures[step].append(measure([sys.executable, HERE / script, *arguments]))

    def run_floor(self, step: str, name: str, *paths: Path) -> None:
        """Measure a floor by its own clock, which excludes its preparation."""
        out = self.folder / "floor"
        sampled, output = measure_output([sys.executable, HERE / "floors.py", name, *paths, out])
        told = json.loads(output)
        self.figures[step].append(Figures(told["seconds"], told["cpu_seconds"], sampled.peak_memory))
        shutil.rmtree(out)


def measure_collection(
    bench: Bench, topics: int, seed: int, repeat: int, *, prefix: str = ""
) -> Iterator[dict[str, Any]]:
    """Measure work on a collection; `prefix` distinguishes the steps of another size.

    Yield what the collection contains, before anything is measured.
    """
    file = bench.folder / "corpus.xml"
    corpus = Corpus(topics, seed)
    write(corpus, file)
    yield {"bytes": file.stat().st_size, **corpus.counts()}
    for _ in range(repeat):
        workspace = create_workspace(bench.folder / "workspace")
        importing = ("import", "medlineplus", file, "-C", workspace)
        bench.run(f"{prefix}{report.IMPORT}", *importing)
        bench.run_floor(f"{prefix}{report.IMPORT_FLOOR}", "import", file, workspace)
        if not prefix:
            bench.run("import again", *importing)
            measure_one_topic(bench, workspace)
        forget(workspace)
        bench.run(f"{prefix}{report.COLD}", "publish", "-C", workspace)
        bench.run_floor(f"{prefix}{report.PUBLISH_FLOOR}", "publish", workspace, workspace / "exports")
        if not prefix:
            measure_a_day(bench, workspace)
            forget(workspace)
            bench.run_script(report.UNCHECKED, "unchecked.py", "publish", "-C", workspace)
        shutil.rmtree(workspace)
        bench.save()
    file.unlink()


def measure_one_topic(bench: Bench, workspace: Path) -> None:
    """Measure what somebody who works on one topic waits for without a cache."""
    names = sorted(path.stem for path in (workspace / "topics").glob("*.json"))
    name = names[len(names) // 2]
    bench.run(report.CHECK_ONE, "check", name, "--no-cache", "-C", workspace)
    bench.run(report.CATALOGUE_CHECK_ONE, "catalogue", "check", name, "--no-cache", "-C", workspace)


def measure_a_day(bench: Bench, workspace: Path) -> None:
    """Measure repeated work in a workspace that has been published."""
    here = ("-C", workspace)
    bench.run(report.UNCHANGED, "publish", *here)
    for step, command in (
        (report.CHECK_UNCHANGED, ("check", *here)),
        (report.STATUS_UNCHANGED, ("catalogue", "status", *here)),
    ):
        bench.prepare(*command)
        bench.run(step, *command)
    measure_preview(bench, workspace)
    change_dates(workspace)
    bench.run(report.ONE_CHANGE, "publish", *here)
    bench.prepare("catalogue", "update", *here)
    change_title(workspace)
    bench.run(report.UPDATE_ONE, "catalogue", "update", *here)


def measure_preview(bench: Bench, workspace: Path) -> None:
    """Measure the first page of the preview, and the time from saving a catalogue to the updated page."""
    catalogue = min((workspace / "locales" / "es" / "LC_MESSAGES").glob("*.po"))
    saved = catalogue.read_bytes()
    file = polib.pofile(str(catalogue), wrapwidth=0)
    title = next(entry for entry in file if entry.msgctxt == "title")
    title.msgstr += " (bis)"
    with Server([bench.healthtopics, "catalogue", "preview", "--port", "0", "-C", workspace]) as server:
        bench.figures[report.PREVIEW_INDEX].append(server.measure(lambda: _get(server.address)))
        page = f"{server.address}es/{catalogue.stem}/translation"
        _get(page)
        with urlopen(f"{server.address}events", timeout=60) as events:  # noqa: S310 - our own server
            _next_version(events)

            def save_and_see() -> None:
                catalogue.write_text(str(file), "utf-8")
                while title.msgstr not in _get(page):
                    _next_version(events)

            bench.figures[report.PREVIEW_SAVE].append(server.measure(save_and_see))
    catalogue.write_bytes(saved)


def _get(address: str) -> str:
    with urlopen(address, timeout=600) as response:  # noqa: S310 - our own server
        text: str = response.read().decode()
    return text


def _next_version(events: HTTPResponse) -> None:
    """Wait until the preview says that files have been saved."""
    while not events.readline().startswith(b"data:"):
        pass


def measure_start(bench: Bench, repeat: int) -> None:
    """Measure the fixed cost of a process: a workspace of one topic."""
    for _ in range(repeat):
        workspace = bench.folder / "one"
        bench.run("start: --version", "--version")
        bench.prepare("init", workspace)
        with_formats(workspace, FORMATS)
        bench.run("start: first publish of one topic", "publish", "-C", workspace)
        bench.run(report.START, "publish", "-C", workspace)
        shutil.rmtree(workspace)
    bench.save()


def forget(workspace: Path) -> None:
    """Delete the releases and the cache."""
    for folder in (workspace / "exports", workspace / ".cache"):
        shutil.rmtree(folder, ignore_errors=True)


def with_formats(workspace: Path, formats: Sequence[str]) -> Path:
    """Let a workspace publish these formats."""
    path = workspace / "healthtopics.toml"
    path.write_text(f"formats = {json.dumps(formats)}\n{path.read_text('utf-8')}", "utf-8")
    return workspace


def create_workspace(folder: Path, formats: Sequence[str] = FORMATS) -> Path:
    """Write the minimal configuration for an import."""
    (folder / "topics").mkdir(parents=True)
    (folder / "vocabulary").mkdir()
    (folder / "healthtopics.toml").write_text(CONFIGURATION, "utf-8")
    (folder / "vocabulary" / "organizations.json").write_bytes(orjson.dumps(ORGANIZATIONS))
    return with_formats(folder, formats)


def change_dates(workspace: Path) -> None:
    """Change one topic so that every document of it changes, but no message."""
    change_topic(workspace, lambda topic: topic["dates"].update(updated="2026-11-20"))  # after the corpus


def change_title(workspace: Path) -> None:
    """Change one topic so that one of its messages has to be translated again."""
    change_topic(workspace, lambda topic: topic.update(title=f"{topic['title']}, again"))


def change_topic(workspace: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the first topic."""
    path = min((workspace / "topics").glob("*.json"))
    topic = orjson.loads(path.read_bytes())
    change(topic)
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
    """Run the benchmark given on the command line."""
    parser = argparse.ArgumentParser(description="Measure healthtopics on a synthetic collection.")
    parser.add_argument("--topics", type=int, default=1020)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--scratch", type=Path, help="where to work; the system's folder for temporary files")
    parser.add_argument("--quick", action="store_true", help="few topics, once each: does it run at all?")
    arguments = parser.parse_args()
    topics = QUICK_TOPICS if arguments.quick else arguments.topics
    repeat = 1 if arguments.quick else arguments.repeat
    figures: dict[str, list[Figures]] = defaultdict(list)
    collections: list[dict[str, Any]] = []
    messages: dict[str, Any] = {}
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

    def save() -> None:
        report.write_results(arguments.results, Measured(results_of(figures), messages), about)

    with tempfile.TemporaryDirectory(dir=arguments.scratch, prefix="healthtopics-bench-") as folder:
        bench = Bench(Path(folder), Path(sys.executable).with_name("healthtopics"), figures, save)
        measure_start(bench, repeat)
        messages |= checks.measure_messages(1 if arguments.quick else MESSAGE_RUNS)
        checks.write(arguments.results, messages)
        many = topics * (2 if arguments.quick else 10)
        for size, times, prefix in ((topics, repeat, ""), (many, 1, report.TENFOLD)):
            for counts in measure_collection(bench, size, arguments.seed, times, prefix=prefix):
                collections.append(counts)  # noqa: PERF402 - before it is measured, for what is saved meanwhile
    if not arguments.quick:
        from plot import plot  # noqa: PLC0415 - matplotlib is wanted for nothing else

        plot(results_of(figures), arguments.results / "results.svg")
    print((arguments.results / "results.md").read_text("utf-8"))


if __name__ == "__main__":
    main()
