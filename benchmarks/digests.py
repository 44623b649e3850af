"""Digest every artifact of three collections, so that two versions of the software can be compared.

    python benchmarks/digests.py [--topics 1020] [--scratch DIR] [--formats fhir-r4,…] [EXTRACT] > FILE
    python benchmarks/digests.py --compare FILE [EXTRACT]

The collections: the bundled topics, synthetic pairs of topics, and EXTRACT, a file of NLM's health topic XML.
Each is published by the installed command line into an empty store at a fixed time. The result holds, by
collection and format, the number of artifacts and one digest of all of their names and digests. `--compare`
prints the differences from an earlier result instead, and exits with 1 if there are any.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypedDict

import orjson

from corpus import Corpus, write
from healthtopics.jsontext import digest
from healthtopics.release import open_current
from healthtopics.storage.local import LocalStore
from run import create_workspace, with_formats

EPOCH = "1795154400"
"""2026-11-20T06:00:00Z, the time of every release: artifacts state it."""
FORMATS = "fhir-r4,fhir-r5,schemaorg,html"
BUNDLED = Path(__file__).parent.parent


class Digest(TypedDict):
    """The artifacts of one format."""

    artifacts: int
    sha256: str


Digests: TypeAlias = Mapping[str, Mapping[str, Digest]]
"""By collection and format."""


def digest_release(workspace: Path) -> dict[str, Digest]:
    """Publish a workspace and return, by format, the digest of the release."""
    run("publish", "-C", workspace)
    by_format = defaultdict(list)
    for name, artifact in open_current(LocalStore(workspace / "exports")).manifest.files.items():
        by_format[artifact.format].append((name, artifact.sha256))
    return {
        format_: {"artifacts": len(pairs), "sha256": digest(orjson.dumps(sorted(pairs)))}
        for format_, pairs in sorted(by_format.items())
    }


def run(*arguments: str | Path) -> None:
    """Run a `healthtopics` command; its output goes to standard error."""
    healthtopics = Path(sys.executable).with_name("healthtopics")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run([healthtopics, *arguments], check=True, stdout=sys.stderr, env=environment)


def imported(folder: Path, file: Path, formats: Sequence[str]) -> Path:
    """Return a workspace with the topics of NLM's file."""
    workspace = create_workspace(folder, formats)
    run("import", "medlineplus", file, "-C", workspace)
    return workspace


def differences(before: Digests, after: Digests) -> Iterator[str]:
    """Yield a line for each format of a collection that differs."""
    for collection in dict.fromkeys((*before, *after)):
        old, new = before.get(collection, {}), after.get(collection, {})
        for format_ in dict.fromkeys((*old, *new)):
            if old.get(format_) != new.get(format_):
                was, now = (_in_words(each.get(format_)) for each in (old, new))
                yield f"{collection}, {format_}: {was} before, {now} now"


def _in_words(found: Digest | None) -> str:
    return f"{found['artifacts']} artifacts {found['sha256'][:12]}" if found else "nothing"


def main() -> None:
    """Print the digests as JSON, or the differences from others."""
    parser = argparse.ArgumentParser(description="Digest every artifact of three collections.")
    parser.add_argument("extract", type=Path, nargs="?", help="without it, the other two collections")
    parser.add_argument("--topics", type=int, default=1020)
    parser.add_argument("--formats", default=FORMATS)
    parser.add_argument("--scratch", type=Path)
    parser.add_argument("--compare", type=Path, help="an earlier result, of the same collections")
    arguments = parser.parse_args()
    formats = arguments.formats.split(",")
    with tempfile.TemporaryDirectory(dir=arguments.scratch, prefix="healthtopics-digests-") as scratch:
        folder = Path(scratch)
        bundled = folder / "bundled"
        for name in ("topics", "locales", "vocabulary"):
            shutil.copytree(BUNDLED / name, bundled / name)
        shutil.copy(BUNDLED / "healthtopics.toml", bundled)
        write(Corpus(arguments.topics, 1), folder / "corpus.xml")
        workspaces = {
            "bundled": with_formats(bundled, formats),
            "synthetic": imported(folder / "synthetic", folder / "corpus.xml", formats),
        }
        if arguments.extract:
            workspaces["extract"] = imported(folder / "extract", arguments.extract, formats)
        result = {name: digest_release(workspace) for name, workspace in workspaces.items()}
    if arguments.compare is None:
        print(json.dumps(result, indent=2))
    elif found := list(differences(json.loads(arguments.compare.read_bytes()), result)):
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
