"""The floors: the least work that any program must do for the same result, in one process, with no logic.

    python benchmarks/floors.py publish WORKSPACE EXPORTS OUT
    python benchmarks/floors.py import FILE.xml WORKSPACE OUT

`publish` parses the inputs of a workspace, JSON by orjson and catalogues by polib, and serializes, hashes and
writes the documents of its last release that belong to one topic and one language. The other artifacts
(NDJSON, collections, indexes, the manifest) are not in the floor, nor is any flush to the disk.
`import` iterates the file with lxml and writes the files that an import of it wrote.

The data to write is read beforehand and not timed; nor is the start of the interpreter.
It prints one JSON object: seconds, cpu_seconds, documents.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import polib
from lxml import etree

AS_PUBLISHED = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
INPUTS = ("topics", "vocabulary", "locales")
"""The folders of a workspace that a publication reads and an import writes."""


class Clock:
    """Adds up the time of the blocks that run on it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cpu_seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time of the block."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - wall
        self.cpu_seconds += time.process_time() - cpu


def publish(workspace: Path, exports: Path, out: Path, clock: Clock) -> int:
    """Do the work that no publication can avoid; return the number of documents."""
    with clock.running():
        parse_inputs(workspace)
    published_files = artifacts(exports)
    names = [
        name
        for name, artifact in published_files.items()
        if artifact.get("topic") and artifact.get("language")
    ]
    for name in names:
        published = sha256_path(exports, published_files[name]["sha256"], Path(name).suffix).read_bytes()
        document = orjson.loads(published) if name.endswith(("json", "jsonld")) else None
        with clock.running():
            data = published if document is None else orjson.dumps(document, option=AS_PUBLISHED)
            write_file(sha256_path(out, sha256(data).hexdigest(), Path(name).suffix), data)
    return len(names)


def artifacts(exports: Path) -> dict[str, dict[str, Any]]:
    """Return the artifacts of the last release by name, as the parts of its manifest describe them."""
    manifest = orjson.loads(max((exports / "releases").glob("*/manifest.json")).read_bytes())
    found: dict[str, dict[str, Any]] = {}
    for part in manifest["parts"].values():
        found |= orjson.loads(sha256_path(exports, part["sha256"], ".json").read_bytes())["files"]
    return found


def parse_inputs(workspace: Path) -> None:
    """Parse every file that a publication of the workspace depends on."""
    for path in _inputs(workspace):
        if path.suffix == ".po":
            polib.pofile(str(path))
        elif path.suffix == ".json":
            orjson.loads(path.read_bytes())


def import_medlineplus(file: Path, workspace: Path, out: Path, clock: Clock) -> int:
    """Do the work that no import can avoid; return the number of files."""
    with clock.running():
        for _, record in etree.iterparse(str(file), tag="health-topic", load_dtd=False, no_network=True):
            record.clear()
            while record.getprevious() is not None:
                del record.getparent()[0]
    paths = list(_inputs(workspace))
    for path in paths:
        data = path.read_bytes()
        with clock.running():
            write_file(out / path.relative_to(workspace), data)
    return len(paths)


def sha256_path(folder: Path, digest: str, suffix: str) -> Path:
    """Return the path of a document with this digest."""
    return folder / "objects" / "sha256" / digest[:2] / f"{digest}{suffix}"


def write_file(path: Path, data: bytes) -> None:
    """Write a file, creating its folder if necessary."""
    try:
        path.write_bytes(data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _inputs(workspace: Path) -> Iterator[Path]:
    for folder in INPUTS:
        yield from sorted(path for path in (workspace / folder).rglob("*") if path.is_file())


FLOORS: dict[str, Callable[[Path, Path, Path, Clock], int]] = {
    "publish": publish,
    "import": import_medlineplus,
}


def main() -> None:
    """Measure the floor given on the command line."""
    name, *paths = sys.argv[1:]
    clock = Clock()
    first, second, out = map(Path, paths)
    documents = FLOORS[name](first, second, out, clock)
    print(json.dumps({"seconds": clock.seconds, "cpu_seconds": clock.cpu_seconds, "documents": documents}))


if __name__ == "__main__":
    main()
