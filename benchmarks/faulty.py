"""Measure how long bad input takes: a large faulty topic and catalogue, many stray catalogues.

    python benchmarks/faulty.py [--megabytes 1 8] [--strays 300 3000]

Prints processor time and peak memory of a fresh process for each. Both grow in proportion to the input.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

from healthtopics import jsontext
from healthtopics.catalogue import Catalogue
from healthtopics.catalogues import po
from healthtopics.errors import DataError
from healthtopics.language import LanguageTag
from healthtopics.publishing.orphans import catalogues_without_topic
from healthtopics.validation.topics import TopicReferences, TopicSchema
from healthtopics.vocabulary import Vocabulary

HEAD = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
SPANISH = LanguageTag("es")
BLOCKS = {
    "unknown properties": {"paragraph": "A cough keeps your throat clear.", "color": "red"},
    "wrong types": {"list": [1, 2, {"x": 3}]},
    "blank texts": {"paragraph": " "},
    "wrong markup": {"paragraph": "A <b>cough</i> & keeps your throat <u>clear</u>."},
}
CATALOGUES = {"control characters": b"\x01", "wrong escapes": b"\\q"}


def topic(block: object, size: int) -> bytes:
    """Return a topic of this many bytes, all of one block."""
    body = [block] * (size // len(json.dumps(block)))
    section = {"id": "overview", "aspect": "overview", "heading": "Cough", "body": body}
    document = {
        "id": "cough",
        "kind": "symptom",
        "title": "Cough",
        "description": "Coughing.",
        "sections": [section],
        "dates": {"created": "2026-11-01", "updated": "2026-11-10"},
        "sources": [{"id": "notes", "title": "Notes", "publisher": "Clinic", "language": "en"}],
    }
    return json.dumps(document).encode()


def check_topic(kind: str, size: int) -> Callable[[], int]:
    """Return what checks a topic, and counts its problems."""
    data = topic(BLOCKS[kind], size)
    references = TopicReferences(Vocabulary.merge(()))
    return lambda: len(TopicSchema().check(jsontext.parse(data, "x"), "topics/cough.json", references))


def check_catalogue(kind: str, size: int) -> Callable[[], int]:
    """Return what reads a catalogue, and counts its problems."""
    part = CATALOGUES[kind]
    data = HEAD + b'msgid "a"\nmsgstr "' + part * (size // len(part)) + b'"\n'

    def read() -> int:
        try:
            return len(po.parse(data, "x.po").warnings)
        except DataError as error:
            return len(error.problems)

    return read


class Strays:
    """A workspace with as many topics as catalogues without one; of `layout.Files`, what is asked of it."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._topic = topic({"paragraph": "A cough keeps your throat clear."}, 4000)
        self._catalogue = HEAD + b'msgid "Coughing."\nmsgstr "Toser."\n'

    def topic_names(self) -> list[str]:
        """Return the names of the topics."""
        return [f"topic-{number}" for number in range(self._count)]

    def catalogue_names(self, _language: LanguageTag) -> list[str]:
        """Return the names of the catalogues that belong to topics."""
        return self.topic_names()

    def topic(self, _name: str) -> bytes:
        """Return a topic."""
        return self._topic

    def catalogue(self, _language: LanguageTag, _name: str) -> bytes:
        """Return a catalogue."""
        return self._catalogue

    def orphans(self) -> dict[str, Catalogue]:
        """Return the catalogues without a topic; half of them have messages of topics."""
        other = HEAD + b'msgid "Sneezing."\nmsgstr "Estornudar."\n'
        return {
            f"stray-{number}": po.to_catalogue(
                po.parse(self._catalogue if number % 2 else other, "").file, SPANISH, f"stray-{number}.po"
            )
            for number in range(self._count)
        }

    def check(self) -> int:
        """Look for the topics of all stray catalogues, and count the warnings."""
        return len(catalogues_without_topic(self, self.orphans()))  # type: ignore[arg-type]  # see the class


def measure(kind: str, size: int) -> None:
    """Print what one kind of input takes in this process."""
    if kind in BLOCKS:
        work = check_topic(kind, size)
    elif kind in CATALOGUES:
        work = check_catalogue(kind, size)
    else:
        work = Strays(size).check
    start = time.process_time()
    found = work()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shown = f"{size:,}" if kind == "stray catalogues" else f"{size / 1e6:.0f} MB"
    print(f"{kind:20} {shown:>7} {seconds:8.2f} s {peak:7.0f} MB {found:6,} problems", flush=True)


def main() -> None:
    """Measure everything, each in a fresh process."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--strays", type=int, nargs="+", default=[300, 3000])
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measure(options.one[0], int(options.one[1]))
        return
    jobs = [(kind, size * 1_000_000) for kind in (*BLOCKS, *CATALOGUES) for size in options.megabytes]
    jobs += [("stray catalogues", count) for count in options.strays]
    for kind, size in jobs:
        subprocess.run([sys.executable, __file__, "--one", kind, str(size)], check=True)


if __name__ == "__main__":
    main()
