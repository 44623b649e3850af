"""Digest every artifact of three collections, so that two versions of the software can be compared.

    python benchmarks/digests.py [--topics 1020] [--scratch DIR] [--formats fhir-r4,…] EXTRACT > digests.json

The collections: the bundled topics, synthetic pairs of topics, and EXTRACT, a file of NLM's health topic XML.
Each is published by the installed command line into an empty store at a fixed moment. The result holds, by
collection and format, the number of artifacts and one digest over all of their names and digests.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import orjson

from corpus import Corpus, write
from healthtopics.jsontext import digest
from run import create_workspace

MOMENT = "2026-11-20T06:00:00Z"
FORMATS = "fhir-r4,fhir-r5,schemaorg,html"
BUNDLED = Path(__file__).parent.parent


def digest_release(workspace: Path) -> dict[str, dict[str, object]]:
    """Publish a workspace and return, by format, what the release holds."""
    run("publish", "-C", workspace, "--as-of", MOMENT)
    (manifest,) = (workspace / "exports" / "releases").glob("*/manifest.json")
    by_format = defaultdict(list)
    for name, artifact in orjson.loads(manifest.read_bytes())["files"].items():
        by_format[artifact["format"]].append((name, artifact["sha256"]))
    return {
        format_: {"artifacts": len(pairs), "sha256": digest(orjson.dumps(sorted(pairs)))}
        for format_, pairs in sorted(by_format.items())
    }


def run(*arguments: str | Path) -> None:
    """Run a `healthtopics` command; what it says goes to standard error."""
    healthtopics = Path(sys.executable).with_name("healthtopics")
    subprocess.run([healthtopics, *arguments], check=True, stdout=sys.stderr)


def with_formats(workspace: Path, formats: str) -> Path:
    """Let a workspace publish these formats."""
    path = workspace / "healthtopics.toml"
    path.write_text(f"formats = {json.dumps(formats.split(','))}\n{path.read_text('utf-8')}", "utf-8")
    return workspace


def imported(folder: Path, file: Path, formats: str) -> Path:
    """Return a workspace with the topics of a file of NLM's."""
    workspace = with_formats(create_workspace(folder), formats)
    run("import", "medlineplus", file, "-C", workspace)
    return workspace


def main() -> None:
    """Print the digests as JSON."""
    parser = argparse.ArgumentParser(description="Digest every artifact of three collections.")
    parser.add_argument("extract", type=Path)
    parser.add_argument("--topics", type=int, default=1020)
    parser.add_argument("--formats", default=FORMATS)
    parser.add_argument("--scratch", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch, prefix="healthtopics-digests-") as scratch:
        folder = Path(scratch)
        bundled = folder / "bundled"
        bundled.mkdir()
        for name in ("topics", "locales", "vocabulary"):
            shutil.copytree(BUNDLED / name, bundled / name)
        shutil.copy(BUNDLED / "healthtopics.toml", bundled)
        write(Corpus(arguments.topics, 1), folder / "corpus.xml")
        workspaces = {
            "bundled": with_formats(bundled, arguments.formats),
            "synthetic": imported(folder / "synthetic", folder / "corpus.xml", arguments.formats),
            "extract": imported(folder / "extract", arguments.extract, arguments.formats),
        }
        result = {name: digest_release(workspace) for name, workspace in workspaces.items()}
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
