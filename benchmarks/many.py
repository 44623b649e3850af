"""The service with many topics: how soon it answers, what it takes, and how long look-ups and searches take.

    python benchmarks/many.py [--topics 10000] [--requests 1000] [--results DIR]

The release is not published: its index is written by the product's own code from made-up rows, as many of
each table as the synthetic collection of corpus.py gives, and of other artifacts there is one. That takes
minutes instead of hours, and the service reads nothing else for these answers.

Times are of one client that asks one thing after the other over one connection: on the clock, and in
processor time of the service, which depends less on other work of the machine. Needs Linux.
"""

import argparse
import http.client
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import searching
from healthtopics import jsontext
from healthtopics.delivery.message import Request
from healthtopics.delivery.opening import open_site
from healthtopics.delivery.respond import respond
from healthtopics.index import rows
from healthtopics.index.opening import SQLITE, TopicIndex
from healthtopics.index.querying import plan_search
from healthtopics.index.search import statement
from healthtopics.index.writing import write_index
from healthtopics.publishing.indexing import FileParts
from healthtopics.release import (
    POINTER,
    TOPICS_SQLITE,
    Artifact,
    Confirmation,
    Manifest,
    Store,
    compare,
    point_to,
    put_manifest_parts,
    put_parts,
    release_key,
    split,
)
from healthtopics.storage.local import LocalStore
from made_up import SYSTEM, MadeUpResources, code_of

HEALTHTOPICS: Final = Path(sys.executable).with_name("healthtopics")
OID: Final = "2.16.840.1.113883.6.177"
LINKS: Final = 34
"""Of an edition."""
ARTIFACTS: Final = 10
"""Of a topic."""
PLAIN: Final = "plain.json"
"""The artifact that is there, of 20 kB."""

MOST_SECONDS_TO_START: Final = 1.0
MOST_MEMORY: Final = 150e6
MOST_OF_A_READ: Final = 20.0
MOST_OF_SQL: Final = 2.0
MOST_MS: Final = 50.0


def more_rows(count: int, plain: Artifact) -> Iterator[rows.Row]:
    """Yield the rows of so many topics, without those of FHIR resources."""
    yield from searching.rows(count)
    yield rows.ArtifactRow(
        PLAIN, plain.sha256, plain.length, plain.media_type, "", "", plain.format, searching.RELEASE.time
    )
    chance = random.Random(2)  # noqa: S311 - not a secret
    for number in range(count):
        topic = f"topic-{number:05}"
        code = code_of(number)
        yield rows.CodeRow(topic, "mesh", SYSTEM, OID, code, code, f"Heading {number}")
        for language in searching.LANGUAGES:
            for link in range(LINKS):
                address = f"https://institute-{link}.example/{language}/health-information/{number}"
                title = f"What to know about topic {number}, page {link}"
                yield rows.LinkRow(topic, language, "living-with", link, title, address, language)
                yield rows.LinkOrganizationRow(topic, language, "living-with", link, f"Institute {link}")
        for each in range(ARTIFACTS):
            name = f"format-{each}/{topic}.json"
            sha256 = f"{chance.getrandbits(256):064x}"
            own = searching.LANGUAGES[each % 2]
            yield rows.ArtifactRow(
                name,
                sha256,
                9000,
                "application/json",
                topic,
                own,
                f"format-{each}",
                searching.RELEASE.time,
            )


def make_release(store: Store, count: int) -> int:
    """Write a release of so many topics, make it current, and return the length of its index."""
    text = jsontext.dump({"text": "x" * 20_000})
    files = {PLAIN: _put(store, PLAIN, (text,), "application/json", "schemaorg")}
    resources = MadeUpResources(count)
    for name, data in resources.files():
        files[name] = _put(store, name, (data,), "application/fhir+ndjson", "fhir-r4")
    with TemporaryDirectory() as folder:
        path = Path(folder, TOPICS_SQLITE)
        made_up = chain(more_rows(count, files[PLAIN]), resources.rows(store, files))
        write_index(path, searching.RELEASE, made_up)
        files[TOPICS_SQLITE] = _put(store, TOPICS_SQLITE, FileParts(path), SQLITE, "index")
    files["topics.json"] = _put(store, "topics.json", (b'{"topics": []}',), "application/json", "index")
    release = searching.RELEASE
    manifest = Manifest(
        number=release.number,
        previous=None,
        time=release.time,
        base_url=release.base_url,
        software=release.software,
        languages=searching.LANGUAGES,
        coverage={},
        held=(),
        files=dict(sorted(files.items())),
    )
    stored = split(manifest)
    put_manifest_parts(store, stored.parts.values())
    changes = jsontext.dump(compare(manifest, None, {}))
    confirmation = Confirmation(sequence=1, now=datetime.now(UTC), cadence_hours=24)
    pointer = point_to(1, manifest=stored.text, changes=changes, confirmation=confirmation)
    store.replace(release_key(1, "manifest.json"), stored.text)
    store.replace(release_key(1, "changes.json"), changes)
    store.replace(release_key(1, POINTER), jsontext.dump(pointer))
    store.switch(1)
    return files[TOPICS_SQLITE].length


def _put(
    store: Store, name: str, parts: Sequence[bytes] | FileParts, media_type: str, format_: str
) -> Artifact:
    sha256, length = put_parts(store, name, parts)
    return Artifact(
        sha256=sha256, length=length, media_type=media_type, format=format_, inputs=jsontext.digest(b"")
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A figure beside its limit."""

    name: str
    value: float
    unit: str
    most: float


def measure(store: LocalStore, count: int, requests: int) -> Iterator[Line]:
    """Start the service and ask it."""
    command = [str(HEALTHTOPICS), "serve", "--exports", str(store.folder), "--port", "0"]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - for the type checker
            line = process.stdout.readline()
            found = re.search(r"http://\S+/", line)
            if found is None:
                raise ValueError(line)
            address = urlsplit(found[0])
            taken = time.perf_counter() - begun
            yield Line("start", taken, "s", MOST_SECONDS_TO_START)
            yield Line("start, processor time", _cpu_seconds(process.pid), "s", MOST_SECONDS_TO_START)
            with closing(http.client.HTTPConnection(address.hostname or "", address.port)) as client:
                yield from _measure_answers(client, process.pid, store, count, requests)
            yield Line("memory", _memory(process.pid), "bytes", MOST_MEMORY)
        finally:
            process.terminate()


def _measure_answers(
    client: http.client.HTTPConnection, pid: int, store: LocalStore, count: int, requests: int
) -> Iterator[Line]:
    chance = random.Random(3)  # noqa: S311 - not a secret
    asked = list(searching.queries())
    index = RecordingIndex(next(store.folder.rglob("*.sqlite")))
    site = replace(open_site(store), index=index)
    direct = sqlite3.connect(f"{index.path.as_uri()}?mode=ro&immutable=1", uri=True)
    reads, look_ups, searches, alone = Times(), Times(), Times(), Times()
    by_code, by_text = Beside(), Beside()

    def service_ms() -> float:
        return _running_ms(pid)

    def get(target: str) -> Callable[[], object]:
        return lambda: _get(client, target)

    def run(statements: Sequence[Statement]) -> Callable[[], object]:
        return lambda: [direct.execute(*each).fetchall() for each in statements]

    def beside(times: Beside, path: str, query: str) -> None:
        times.answer.measure(get(f"{path}?{query}"), service_ms)
        index.statements.clear()
        respond(Request("GET", path, {}, query), site)
        times.sql.measure(run(tuple(index.statements)), _own_ms)

    for number in range(requests):
        reads.measure(get(f"/{PLAIN}"), service_ms)
        code = code_of(chance.randrange(count))
        query = urlencode({"mainSearchCriteria.v.cs": OID, "mainSearchCriteria.v.c": code})
        look_ups.measure(get(f"/infobutton?{query}"), service_ms)
        text, language = asked[number % len(asked)]
        searches.measure(get(f"/search?{urlencode({'q': text, 'lang': language})}"), service_ms)
        if plan := plan_search(index, text, language):
            alone.measure(run((statement(plan, language, limit=20, offset=0),)), _own_ms)
        version, parameter = (("r4", "context"), ("r5", "event-code"))[number % 2]
        path = f"/fhir/{version}/Composition"
        beside(by_code, path, urlencode({parameter: f"{SYSTEM}|{code}"}))
        beside(by_text, path, urlencode({"_content": text, "_language": language}))
    direct.close()
    index.close()
    for clock in ("clock", "processor"):
        read, look_up, search, sql = (getattr(each, clock) for each in (reads, look_ups, searches, alone))
        print(
            f"{clock}: plain read {median(read):.2f} ms; Infobutton {median(look_up):.2f}, "
            f"p99 {_p99(look_up):.2f}; search {median(search):.2f}, p99 {_p99(search):.2f}; "
            f"SQL p99 {_p99(sql):.2f}"
        )
        times = _p99(look_up) / median(read)
        yield Line(f"Infobutton, p99, of a plain read, {clock}", times, "times", MOST_OF_A_READ)
        yield Line(f"search, p99, of its SQL, {clock}", _p99(search) / _p99(sql), "times", MOST_OF_SQL)
        yield Line(f"search, p99, {clock}", _p99(search), "ms", MOST_MS)
        for name, both in (("code", by_code), ("text", by_text)):
            answer, sql = getattr(both.answer, clock), getattr(both.sql, clock)
            print(f"{clock}: FHIR by {name} {median(answer):.2f} ms, p99 {_p99(answer):.2f}; ", end="")
            print(f"SQL {median(sql):.2f}, p99 {_p99(sql):.2f}")
            times = _p99(answer) / _p99(sql)
            yield Line(f"FHIR search by {name}, p99, of its SQL, {clock}", times, "times", MOST_OF_SQL)
            yield Line(f"FHIR search by {name}, p99, {clock}", _p99(answer), "ms", MOST_MS)


Statement = tuple[str, Sequence[Any] | Mapping[str, Any]]


class RecordingIndex(TopicIndex):
    """An index that remembers what it was asked."""

    def __init__(self, path: Path) -> None:
        """Open an index."""
        super().__init__(path)
        self.statements: list[Statement] = []

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        self.statements.append((query, values))
        return super().rows(query, values)

    def row(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query."""
        self.statements.append((query, values))
        return super().row(query, values)


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers took, in milliseconds."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """The time of the process that answers."""

    def measure(self, work: Callable[[], object], running_ms: Callable[[], float]) -> None:
        """Add the times of an answer; `running_ms` says how long what answers has been running."""
        before, begun = running_ms(), time.perf_counter()
        work()
        self.clock.append(1000 * (time.perf_counter() - begun))
        self.processor.append(running_ms() - before)


@dataclass(frozen=True, slots=True)
class Beside:
    """How long answers took, and all the SQL that they ran, directly on the file."""

    answer: Times = field(default_factory=Times)
    sql: Times = field(default_factory=Times)


def _own_ms() -> float:
    """Return how long this process has been running, in milliseconds: what /proc says is some ticks old."""
    return 1000 * time.process_time()


def _running_ms(pid: int) -> float:
    """Return how long the threads of a process have been running, in milliseconds."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in tasks) / 1e6


def _get(client: http.client.HTTPConnection, path: str) -> None:
    client.request("GET", path)
    answer = client.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        raise ValueError(f"{path}: {answer.status} {body[:200]!r}")


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100)[98]


def _cpu_seconds(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Return the memory of a process without what it shares with files, in bytes."""
    resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text().split()[1:3])
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Make the release, measure, print, and write it as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--topics", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = LocalStore(Path(folder, "exports"))
        length = make_release(store, options.topics)
        print(f"{options.topics} made-up topics, an index of {length / 1e6:.0f} MB")
        lines = list(measure(store, options.topics, options.requests))
    for each in lines:
        print(f"{each.name:44} {each.value:.4g} {each.unit}, at most {each.most:g}")
    if options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        found = {each.name: round(each.value, 4) for each in lines}
        text = json.dumps({"topics": options.topics, "index_bytes": length, **found}, indent=2)
        (options.results / "many.json").write_text(f"{text}\n")


if __name__ == "__main__":
    main()
