"""What the service answers in a second, beside nginx on the same files in the same run.

    python benchmarks/service.py [--rounds 5] [--seconds 3] [--results DIR]

nginx serves the folder of the releases with its access log and `gzip_static` on; `healthtopics serve` with
its access log on; one worker each, 16 connections of `wrk`. The servers take turns, each once in each round.
Needs Linux, nginx and wrk. A row of ROWS is a request to the service and, beside it, the same from nginx.

On a machine with other work the rates depend on that work. The processor time of an answer depends less on
it: it is measured for the processes of both servers, and its ratio is shown, too.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import stamina

from healthtopics.publishing.precompressing import precompress
from healthtopics.release import object_key, objects_of, open_current
from healthtopics.storage.local import LocalStore

ROOT: Final = Path(__file__).parents[1]
HEALTHTOPICS: Final = Path(sys.executable).with_name("healthtopics")
CONNECTIONS: Final = 16
GOAL: Final = 0.33
FHIR_GOAL: Final = 0.25
"""Of reading a FHIR resource, which the service cuts out of a file and checks."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")

_NGINX: Final = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log {folder}/access.log;
    sendfile on;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ application/json json; application/ld+json jsonld; }}
    server {{
        listen 127.0.0.1:{port};
        root {exports};
        gzip_static on;
        gzip_vary on;
        add_header Cache-Control "public, max-age=60";
        add_header Access-Control-Allow-Origin *;
        add_header X-Content-Type-Options nosniff;
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    url: str
    processes: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """Return the processor time that its processes have taken until now."""
        total = 0
        for each in self.processes:
            words = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += int(words[11]) + int(words[12])
        return total / _TICKS


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: what is asked of the service, and of nginx beside it."""

    name: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_conditional: bool = False
    """Whether the client has the bytes already, so that the answer is 304."""
    goal: float = GOAL
    """The least share of nginx's rate."""


ROWS: Final = (
    Row("negotiated, 200", "/topics/{topic}", {"Accept": "application/fhir+json", "Accept-Language": "es"}),
    Row(
        "negotiated, 304",
        "/topics/{topic}",
        {"Accept": "application/fhir+json", "Accept-Language": "es"},
        is_conditional=True,
    ),
    Row(
        "negotiated, 200, gzip",
        "/topics/{topic}",
        {"Accept": "application/fhir+json", "Accept-Language": "es", "Accept-Encoding": "gzip"},
    ),
    Row("FHIR read, Composition", "/fhir/r4/Composition/{topic}-es", goal=FHIR_GOAL),
    Row("FHIR read, Bundle", "/fhir/r5/Bundle/{topic}-es", goal=FHIR_GOAL),
    Row("FHIR read, 304", "/fhir/r4/Composition/{topic}-es", is_conditional=True, goal=FHIR_GOAL),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one server did in one round."""

    rate: float
    """Answers in a second."""
    cpu_us: float
    """Microseconds of processor time for an answer."""


def load(server: Server, path: str, headers: Mapping[str, str], seconds: int) -> Sample:
    """Ask a server for the same thing for some seconds; raises ValueError if it answers with errors."""
    fields = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    before = server.cpu_seconds()
    done = subprocess.run(
        [_tool("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *fields, f"{server.url}{path}"],
        capture_output=True,
        text=True,
        check=True,
    )
    taken = server.cpu_seconds() - before
    number = re.search(r"(\d+) requests in", done.stdout)
    rate = re.search(r"Requests/sec: +([\d.]+)", done.stdout)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout or not number or not rate:
        raise ValueError(f"{server.url}{path}: {done.stdout}")
    return Sample(float(rate[1]), taken / int(number[1]) * 1e6)


@contextmanager
def running_nginx(exports: Path, folder: Path) -> Iterator[Server]:
    """Run nginx on the files of a store."""
    port = _free_port()
    user = "user root root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, exports=exports, port=port, user=user))
    with subprocess.Popen([_tool("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/current/current.json")
            yield Server(url, (process.pid, *_children(process.pid)))
        finally:
            process.terminate()


@contextmanager
def running_service(exports: Path, folder: Path) -> Iterator[Server]:
    """Run `healthtopics serve`."""
    yield from _running([str(HEALTHTOPICS), "serve", "--exports", str(exports), "--port", "0"], folder)


@contextmanager
def running_bare(exports: Path, folder: Path) -> Iterator[Server]:
    """Run a server that only sends the files of a store."""
    yield from _running([sys.executable, str(ROOT / "benchmarks" / "bare.py"), str(exports)], folder)


def _running(command: Sequence[str], folder: Path) -> Iterator[Server]:
    with (
        (folder / "serve.log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None  # noqa: S101 - for the type checker
            address = re.search(r"http://\S+/", process.stdout.readline())
            if address is None:
                raise ValueError((folder / "serve.log").read_text())
            yield Server(address[0].rstrip("/"), (process.pid,))
        finally:
            process.terminate()


def _tool(name: str) -> str:
    """Return the path of a program; raises ValueError if it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise ValueError(f"{name} is not installed.")
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _wait_for(url: str) -> None:
    for attempt in stamina.retry_context(on=httpx.TransportError, timeout=20):
        with attempt:
            httpx.get(url).raise_for_status()


def compare(
    row: Row, topic: str, exports: Path, service: Server, nginx: Server
) -> Callable[[int], tuple[Sample, Sample]]:
    """Return what measures a row once: the service, then nginx with the same bytes and condition."""
    path = row.path.format(topic=topic)
    found = httpx.get(f"{service.url}{path}", headers={"Accept-Encoding": "identity", **row.headers})
    found.raise_for_status()
    plain = httpx.get(f"{service.url}{path}", headers={**row.headers, "Accept-Encoding": "identity"})
    key = _key_of(plain, exports)
    encoding = {"Accept-Encoding": row.headers.get("Accept-Encoding", "identity")}
    beside = httpx.get(f"{nginx.url}/{key}", headers=encoding)
    beside.raise_for_status()
    of_service, of_nginx = dict(row.headers), dict(encoding)
    if row.is_conditional:
        of_service["If-None-Match"] = found.headers["ETag"]
        of_nginx["If-None-Match"] = beside.headers["ETag"]

    def measure(seconds: int) -> tuple[Sample, Sample]:
        return (
            load(service, path, of_service, seconds),
            load(nginx, f"/{key}", of_nginx, seconds),
        )

    return measure


def _key_of(answer: httpx.Response, exports: Path) -> str:
    """Return where nginx has the bytes of an answer: an object, or a file made of them, if it has none."""
    if location := answer.headers.get("Content-Location"):
        return object_key(location, answer.headers["ETag"].strip('"'))
    name = f"{answer.url.path.replace('/', '-').strip('-')}.json"
    (exports / name).write_bytes(answer.content)
    return name


def publish(folder: Path) -> Path:
    """Publish the topics of the repository with compressed forms, and return the folder of the releases."""
    exports = folder / "exports"
    command = [str(HEALTHTOPICS), "publish", "-C", str(ROOT), "--exports", str(exports), "--no-cache"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    store = LocalStore(exports)
    precompress(store, objects_of(open_current(store)))
    return exports


def summarize(row: Row, samples: Sequence[tuple[Sample, Sample]]) -> dict[str, object]:
    """Return the medians of a row, and of its ratios in each round."""
    return {
        "name": row.name,
        "goal": row.goal,
        "ratio": _median(service.rate / nginx.rate for service, nginx in samples),
        "cpu_ratio": _median(nginx.cpu_us / service.cpu_us for service, nginx in samples),
        "ratios": sorted(round(service.rate / nginx.rate, 2) for service, nginx in samples),
        "service": {
            "rate": round(statistics.median(service.rate for service, _nginx in samples)),
            "cpu_us": _median(service.cpu_us for service, _nginx in samples),
        },
        "nginx": {
            "rate": round(statistics.median(nginx.rate for _service, nginx in samples)),
            "cpu_us": _median(nginx.cpu_us for _service, nginx in samples),
        },
    }


def _median(values: Iterator[float]) -> float:
    return round(statistics.median(values), 2)


def main() -> None:
    """Measure every row, print a table, and write it as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--topic", default="miscarriage")
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        exports = publish(folder)
        nginx = stack.enter_context(running_nginx(exports, folder))
        service = stack.enter_context(running_service(exports, folder))
        measured = [(row, compare(row, options.topic, exports, service, nginx)) for row in ROWS]
        samples: dict[str, list[tuple[Sample, Sample]]] = {row.name: [] for row in ROWS}
        for _ in range(options.rounds):
            for row, measure in measured:
                samples[row.name].append(measure(options.seconds))
    rows = [summarize(row, samples[row.name]) for row in ROWS]
    for each in rows:
        print(
            f"{each['name']:24} {each['ratio']} of nginx, at least {each['goal']}; "
            f"by processor time {each['cpu_ratio']}"
        )
    results = {"rounds": options.rounds, "seconds": options.seconds, "connections": CONNECTIONS, "rows": rows}
    if options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        (options.results / "service.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
