"""A full `$export` with many topics: bytes a second, beside those of the same files read and served by nginx.

    python benchmarks/bulk.py [--topics 10000] [--rounds 5] [--results DIR]

The release is that of many.py. In each round the NDJSON files are read, one client fetches them from nginx
and from a bare server in Python, exports everything from the service over one connection, and then everything
as what changed since 1970, which the service puts together from lines. The files stay in the memory of the
system: nothing is read from a disk.

A server and its client take two processors, and reading files takes one. On a machine with other work the
rates depend on that work; the processor time of the servers depends less on it. Needs Linux and nginx.
"""

import argparse
import http.client
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

import many
import service
from healthtopics.release import object_key, open_current
from healthtopics.storage.local import LocalStore

LEAST: Final = 0.5
"""Of the bytes a second of a plain file that nginx serves."""
FILES: Final = "reading the files"
NGINX: Final = "the files from nginx"
BARE: Final = "the files from a bare server"
EXPORT: Final = "full $export"
SINCE: Final = "$export since 1970"
_CHUNK: Final = 2**20
_TICK: Final = 0.01
"""What the system counts processor time by, in seconds."""


def read_files(paths: Sequence[Path]) -> int:
    """Read files as a program would, and return the number of bytes."""
    buffer, length = bytearray(_CHUNK), 0
    for path in paths:
        with path.open("rb", buffering=0) as file:
            while read := file.readinto(buffer):
                length += read
    return length


def fetch(client: http.client.HTTPConnection, targets: Sequence[str]) -> int:
    """Get files, and return the number of bytes."""
    buffer, length = bytearray(_CHUNK), 0
    for target in targets:
        client.request("GET", target)
        answer = client.getresponse()
        if answer.status != http.client.OK:
            raise ValueError(f"{target}: {answer.status} {answer.read()[:200]!r}")
        while read := answer.readinto(buffer):
            length += read
    return length


def export(client: http.client.HTTPConnection, query: str = "") -> int:
    """Export from the R4 server, and return the number of bytes in the files."""
    client.request("GET", f"/fhir/r4/$export{query}", headers={"Prefer": "respond-async"})
    begun = client.getresponse()
    begun.read()
    client.request("GET", _target(begun.headers["Content-Location"]))
    manifest = json.loads(client.getresponse().read())
    return fetch(client, [_target(each["url"]) for each in manifest["output"]])


def _target(url: str) -> str:
    found = urlsplit(url)
    return f"{found.path}?{found.query}" if found.query else found.path


@dataclass(frozen=True, slots=True)
class Rates:
    """The bytes a second in each round."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Of the processor time of the server, or of the program that reads."""


def measure(exports: Path, keys: Sequence[str], rounds: int) -> dict[str, Rates]:
    """Return what was done, and how fast."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))

        def connected(url: str) -> http.client.HTTPConnection:
            address = urlsplit(url)
            connection = http.client.HTTPConnection(address.hostname or "", address.port)
            return stack.enter_context(closing(connection))

        serving, nginx, bare = (
            stack.enter_context(run(exports, folder))
            for run in (service.running_service, service.running_nginx, service.running_bare)
        )
        from_us, from_nginx, from_bare = (connected(each.url) for each in (serving, nginx, bare))
        targets = [f"/{key}" for key in keys]
        work: dict[str, tuple[Callable[[], int], Callable[[], float]]] = {
            FILES: (lambda: read_files([exports / key for key in keys]), time.process_time),
            NGINX: (lambda: fetch(from_nginx, targets), nginx.cpu_seconds),
            BARE: (lambda: fetch(from_bare, targets), bare.cpu_seconds),
            EXPORT: (lambda: export(from_us), serving.cpu_seconds),
            SINCE: (lambda: export(from_us, "?_since=1970-01-01T00:00:00Z"), serving.cpu_seconds),
        }
        rates = {name: Rates() for name in work}
        for number in range(rounds + 1):
            for name, (do, cpu_seconds) in work.items():
                used, begun = cpu_seconds(), time.perf_counter()
                length = do()
                taken, used = time.perf_counter() - begun, cpu_seconds() - used
                if number:  # the first one warms up
                    rates[name].clock.append(length / taken)
                    rates[name].processor.append(length / max(used, _TICK))
        return rates


def ratios(rates: dict[str, Rates], beside: str, clock: str = "clock") -> Iterator[tuple[str, float]]:
    """Yield the rate of each in the middle round, as a share of that of another."""
    for name, found in rates.items():
        pairs = zip(getattr(found, clock), getattr(rates[beside], clock), strict=True)
        yield name, median(one / other for one, other in pairs)


def main() -> None:
    """Make the release, measure, print, and write it as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--topics", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = LocalStore(Path(folder, "exports"))
        many.make_release(store, options.topics)
        files = open_current(store).manifest.files
        found = {name: each for name, each in files.items() if name.startswith("fhir/r4/ndjson/")}
        length = sum(each.length for each in found.values())
        print(f"{options.topics} made-up topics, {length / 1e6:.0f} MB of NDJSON in {len(found)} files")
        keys = [object_key(name, each.sha256) for name, each in found.items()]
        rates = measure(store.folder, keys, options.rounds)
    of_nginx, of_files, of_bare = (dict(ratios(rates, beside)) for beside in (NGINX, FILES, BARE))
    processor_of_bare = dict(ratios(rates, BARE, "processor"))
    for name, each in rates.items():
        print(
            f"{name:28} {median(each.clock) / 1e6:6.0f} MB/s, {of_nginx[name]:.2f} of nginx, "
            f"{of_files[name]:.2f} of reading the files, {of_bare[name]:.2f} of a bare server; "
            f"{median(each.processor) / 1e6:6.0f} MB a second of its processor time, "
            f"{processor_of_bare[name]:.2f} of a bare server"
        )
    print(f"a full $export: {of_nginx[EXPORT]:.2f} of nginx, at least {LEAST:g}")
    if options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        results = {
            "topics": options.topics,
            "bytes": length,
            "bytes_a_second": {name: round(median(each.clock)) for name, each in rates.items()},
            "of_nginx": {name: round(each, 2) for name, each in of_nginx.items()},
            "of_files": {name: round(each, 2) for name, each in of_files.items()},
            "of_bare": {name: round(each, 2) for name, each in of_bare.items()},
            "of_bare_by_processor": {name: round(each, 2) for name, each in processor_of_bare.items()},
        }
        (options.results / "bulk.json").write_text(f"{json.dumps(results, indent=2)}\n")


if __name__ == "__main__":
    main()
