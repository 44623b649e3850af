"""The cost of the agreement check in CPU milliseconds a topic, beside parsing the same documents.

    python benchmarks/documents.py [--topics 100] [--extract FILE.xml] [--results benchmarks/results]

The topics are synthetic pairs, or those of a file of NLM's health topic XML, in every format. As in a
publication, each document has been checked by itself just before, off the clock. The floor parses the bytes
of the same documents: JSON by orjson, by lxml each page, and each narrative of FHIR R4 once. Errors that the
check finds are printed; there should be none.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
from lxml import etree

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from agreement.exports import FORMATS, TopicExports, export  # noqa: E402 - the path comes first
from corpus import Corpus, write  # noqa: E402 - as above
from digests import imported  # noqa: E402 - as above
from healthtopics.jsontext import dump  # noqa: E402 - as above
from healthtopics.problems import Level, Problem  # noqa: E402 - as above
from healthtopics.storage.workspace import open_workspace, read_files  # noqa: E402 - as above
from healthtopics.validation.expected import expect  # noqa: E402 - as above
from healthtopics.validation.exports import check_editions  # noqa: E402 - as above
from support.collections import Judgements  # noqa: E402 - as above
from support.files import MemoryFiles  # noqa: E402 - as above

GOAL_MS: Final = 3


class Measurement:
    """Adds up what the check and the floor take."""

    def __init__(self) -> None:
        self.topics = 0
        self.milliseconds = {"check": 0.0, "floor": 0.0}
        self.problems: list[Problem] = []

    def add(self, exports: TopicExports, judgements: Judgements) -> None:
        """Measure one topic."""
        documents = exports.documents
        self.topics += 1
        self.problems += exports.problems_alone(documents)
        written = [(name, _written(each)) for (name, _), each in documents.items()]
        self._run("floor", lambda: parse(written))
        editions = {
            language: (topic, judgements.edition(exports.topic, language))
            for language, topic in exports.localized.items()
        }

        def check() -> list[Problem]:
            wanted = {language: expect(*each) for language, each in editions.items()}
            expected = {facts: wanted[facts[1]] for facts in documents}
            return check_editions(documents, exports.topic, (), expected=expected, is_free=exports.is_free)

        self.problems += self._run("check", check) or ()

    def _run(self, what: str, work: Callable[[], list[Problem] | None]) -> list[Problem] | None:
        start = time.process_time()
        found = work()
        self.milliseconds[what] += (time.process_time() - start) * 1000
        return found

    def figures(self) -> dict[str, float]:
        """Return the means."""
        check, floor = (self.milliseconds[what] / self.topics for what in ("check", "floor"))
        return {
            "topics": self.topics,
            "goal_ms": GOAL_MS,
            "ms_a_topic": round(check, 2),
            "floor_ms_a_topic": round(floor, 2),
            "ratio": round(check / floor, 2),
        }


def _written(document: dict[str, Any] | str) -> bytes:
    return document.encode() if isinstance(document, str) else dump(document)


def parse(documents: Iterable[tuple[str, bytes]]) -> None:
    """Parse documents of some formats."""
    for format_, data in documents:
        if format_ == "html":
            etree.fromstring(data)
        else:
            document = orjson.loads(data)
            if format_ == "fhir-r4":  # R5 has the same narratives
                for div in narratives(document):
                    etree.fromstring(div)


def narratives(value: object) -> Iterator[str]:
    """Yield every narrative in a FHIR resource."""
    if isinstance(value, dict):
        if isinstance(div := value.get("div"), str):
            yield div
        for member in value.values():
            yield from narratives(member)
    elif isinstance(value, list):
        for member in value:
            yield from narratives(member)


def collection(file: Path, folder: Path) -> Judgements:
    """Return the topics of a file as an import leaves them, judged."""
    workspace = imported(folder, file, FORMATS)
    return Judgements(MemoryFiles.of(read_files(open_workspace(workspace))))


def main() -> None:
    """Measure, print, and write `documents.json` if asked to."""
    parser = argparse.ArgumentParser(description="Measure the agreement check.")
    parser.add_argument("--topics", type=int, default=100)
    parser.add_argument("--extract", type=Path, help="a file of NLM, in place of the synthetic topics")
    parser.add_argument("--results", type=Path)
    arguments = parser.parse_args()
    measurement = Measurement()
    with tempfile.TemporaryDirectory(prefix="healthtopics-documents-") as scratch:
        file = arguments.extract or Path(scratch) / "corpus.xml"
        if not arguments.extract:
            write(Corpus(arguments.topics, 1), file)
        judgements = collection(file, Path(scratch) / "workspace")
        for each in export(judgements, judgements.outcome.cards):
            measurement.add(each, judgements)
    errors = [each for each in measurement.problems if each.level is Level.ERROR]
    for problem in errors:
        print(problem)
    figures = measurement.figures()
    print(json.dumps(figures))
    if arguments.results:
        (arguments.results / "documents.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
