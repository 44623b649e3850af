"""Workspaces to publish from: three small topics in English and Spanish, the real command line, edits."""

import contextlib
import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer.main

from healthtopics import cli
from healthtopics.catalogues import po
from healthtopics.cli import clock
from healthtopics.language import LanguageTag
from healthtopics.layout import catalogue_path
from healthtopics.places import Places
from healthtopics.release import CURRENT, Opened, Store, open_current, read_artifact
from healthtopics.schema import packaged
from healthtopics.storage.local import LocalStore
from support.samples import ROOT

NOW = "2026-11-20T06:00:00Z"
"""The default time of publications."""
ABOUT = "https://www.example.org/asthma"
ACERCA = "https://www.example.org/es/asma"
"""The Spanish twin of ABOUT, as a resource of the topic names it."""

CONFIGURATION = """\
base_url = "https://topics.example.org"
publisher = "clinic"
trial = true
cadence = "P1D"

[languages.es]
policy = "complete"
"""
ORGANIZATIONS = {
    "id": "organizations",
    "title": "Organizations",
    "entries": [
        {
            "id": "clinic",
            "name": "Example Clinic",
            "definition": "Writes these topics.",
            "url": "https://topics.example.org/",
            "type": "Organization",
        }
    ],
}
_SOURCES = [{"id": "notes", "title": "Notes of the clinic", "publisher": "Example Clinic", "language": "en"}]
ACCEPT = [{"check": "no-urgent-advice", "reason": "The tests are about something else."}]
"""What conditions and symptoms accept that have no callout."""
_DATES = {"created": "2026-11-01", "updated": "2026-11-10"}
TOPICS: dict[str, dict[str, Any]] = {
    "asthma": {
        "id": "asthma",
        "kind": "condition",
        "title": "Asthma",
        "alsoCalled": ["Bronchial asthma"],
        "description": "What asthma is.",
        "sections": [
            {
                "id": "overview",
                "aspect": "overview",
                "heading": "What is asthma?",
                "body": [
                    {"paragraph": "Asthma is a disease of the <strong>lungs</strong>."},
                    {"paragraph": 'Many people have a <a href="topic:cough">cough</a>.'},
                    {"paragraph": f'Read <a href="{ABOUT}">about asthma</a>.'},
                ],
            }
        ],
        "resources": [
            {
                "id": "about",
                "categories": ["start-here"],
                "title": "About Asthma",
                "kind": "page",
                "links": {"en": ABOUT, "es": ACERCA},
            }
        ],
        "relatedTopics": ["cough"],
        "dates": _DATES,
        "sources": _SOURCES,
        "accept": ACCEPT,
    },
    "cough": {
        "id": "cough",
        "kind": "symptom",
        "title": "Cough",
        "description": "What a cough is.",
        "sections": [
            {
                "id": "overview",
                "aspect": "overview",
                "heading": "What is a cough?",
                "body": [{"paragraph": "A cough keeps your throat clear."}],
            }
        ],
        "dates": _DATES,
        "sources": _SOURCES,
        "accept": ACCEPT,
    },
    "fever": {
        "id": "fever",
        "kind": "symptom",
        "title": "Fever",
        "description": "What a fever is.",
        "sections": [
            {
                "id": "overview",
                "aspect": "overview",
                "heading": "What is a fever?",
                "body": [{"paragraph": "A fever is a high body temperature."}],
            }
        ],
        "dates": _DATES,
        "sources": _SOURCES,
        "accept": ACCEPT,
    },
}
SPANISH = {
    "Asthma": "Asma",
    "Bronchial asthma": "Asma bronquial",
    "What asthma is.": "Qué es el asma.",
    "What is asthma?": "¿Qué es el asma?",
    "Asthma is a disease of the <strong>lungs</strong>.": (
        "El asma es una enfermedad de los <strong>pulmones</strong>."
    ),
    'Many people have a <a href="topic:cough">cough</a>.': (
        'Muchas personas tienen <a href="topic:cough">tos</a>.'
    ),
    f'Read <a href="{ABOUT}">about asthma</a>.': f'Lea <a href="{ABOUT}">acerca del asma</a>.',
    "About Asthma": "Acerca del asma",
    "Cough": "Tos",
    "What a cough is.": "Qué es la tos.",
    "What is a cough?": "¿Qué es la tos?",
    "A cough keeps your throat clear.": "La tos mantiene despejada la garganta.",
    "Fever": "Fiebre",
    "What a fever is.": "Qué es la fiebre.",
    "What is a fever?": "¿Qué es la fiebre?",
    "A fever is a high body temperature.": "La fiebre es una temperatura corporal alta.",
}
LUNGS = "Asthma is a disease of the <strong>lungs</strong>."

_OF_THE_RUN = re.compile(r'"run":"[^"]+","started":"[^"]+","seconds":[0-9.e-]+,')

# A process runs one command, the tests run thousands: the tree of commands is built once.
build_commands = cache(typer.main.get_command)
typer.main.get_command = build_commands


@dataclass(frozen=True, slots=True)
class Run:
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def steady(self) -> str:
        """Standard output without what differs from run to run."""
        return _OF_THE_RUN.sub("", self.out)

    @property
    def json(self) -> dict[str, Any]:
        """The one object, on one line, on standard output; anything else there is a failure."""
        document = json.loads(self.out)
        assert self.out.count("\n") == 1
        assert isinstance(document, dict)
        return document


def run(*arguments: str, folder: Path, at: str | None = None) -> Run:
    """Run `healthtopics` through its entry point, in this process, in a folder; `at` sets its clock."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = sys.argv
    sys.argv = ["healthtopics", *arguments]
    code: object = 0
    try:
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            clock_at(at),
        ):
            cli.main()
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.argv = before
    assert isinstance(code, int)
    texts = []
    for stream in (out, err):
        stream.seek(0)
        texts.append(stream.read())
    return Run(code, *texts)


@contextlib.contextmanager
def clock_at(text: str | None) -> Iterator[None]:
    """Set the clock of the commands that run in this process."""
    if text is None:
        yield
        return
    moment = datetime.fromisoformat(text)
    with patch.object(clock, "now", lambda: moment):
        yield


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace on disk."""

    folder: Path

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def store(self) -> LocalStore:
        return LocalStore(self.exports)

    def copy(self, folder: Path) -> "Workspace":
        shutil.copytree(self.folder, folder, symlinks=True)
        return Workspace(folder)

    def place(self, pointer: str) -> str:
        """Return the place of a value as messages name it: for `topics/asthma.json#/kind` line and column."""
        path, _, inside = pointer.partition("#")
        position = Places((self.folder / path).read_text(), Path(path).suffix).at_pointer(inside)
        assert position
        return f"{path}:{position.line}:{position.column}"

    def run(self, *arguments: str, code: int = 0, at: str | None = None) -> Run:
        """Run a command here, at a time, and check its exit code."""
        done = run(*arguments, folder=self.folder, at=at)
        assert done.code == code, f"{done.code}\n{done.out}\n{done.err}"
        assert "Traceback" not in done.out + done.err
        return done

    def publish(self, *arguments: str, code: int = 0, at: str = NOW) -> Run:
        return self.run("publish", *arguments, code=code, at=at)

    def current(self) -> Opened:
        return open_current(self.store)

    def pointer(self) -> dict[str, Any]:
        pointer: dict[str, Any] = json.loads(self.store.read(CURRENT))
        return pointer

    def artifact(self, name: str) -> Any:
        return artifact(self.store, name)

    def digests(self) -> dict[str, str]:
        return {name: each.sha256 for name, each in self.current().manifest.files.items()}

    def write(self, path: str, text: str | bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace a text that occurs once in a file."""
        text = (self.folder / path).read_text()
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        (self.folder / path).write_text(text.replace(old, new))

    def add_topic(self, document: dict[str, Any]) -> None:
        self.write(f"topics/{document['id']}.json", json.dumps(document, ensure_ascii=False, indent=2))

    def edit_topic(self, topic: str, edit: Callable[[dict[str, Any]], object]) -> None:
        document = json.loads((self.folder / f"topics/{topic}.json").read_text())
        edit(document)
        self.add_topic(document)

    def edit_catalogue(
        self, name: str, msgid: str, *, msgstr: str | None = None, is_fuzzy: bool = False
    ) -> None:
        """Change the Spanish of one message."""
        path = catalogue_path(LanguageTag("es"), name)
        file = po.parse((self.folder / path).read_bytes(), path).file
        (entry,) = [entry for entry in file if entry.msgid == msgid and not entry.obsolete]
        if msgstr is not None:
            entry.msgstr = msgstr
        if is_fuzzy:
            entry.flags.append("fuzzy")
        self.write(path, po.serialize(file))


def artifact(store: Store, name: str) -> Any:
    """Return an artifact of the current release: a list of resources if it is NDJSON, the text of a page."""
    return read_as_value(name, read_artifact(store, name, open_current(store).manifest.files[name]))


def read_as_value(name: str, data: bytes) -> Any:
    """Return the value of an artifact: of JSON what it holds, of NDJSON a list, of a page its text.

    Of a database or an archive, its bytes as Latin-1, so that one can look for words in it.
    """
    if name.endswith((".sqlite", ".tgz")):
        return data.decode("latin-1")
    if name.endswith(".ndjson"):
        return [json.loads(line) for line in data.splitlines()]
    return data.decode() if name.endswith(".html") else json.loads(data)


def create(folder: Path) -> Workspace:
    """Write the three topics with their complete Spanish catalogues."""
    workspace = Workspace(folder)
    workspace.write("healthtopics.toml", CONFIGURATION)
    workspace.write("vocabulary/organizations.json", json.dumps(ORGANIZATIONS, indent=2))
    for document in TOPICS.values():
        workspace.add_topic(document)
    workspace.run("catalogue", "update")
    for topic in TOPICS:
        translate(workspace, topic)
    return workspace


def without_topics(folder: Path) -> Workspace:
    workspace = Workspace(folder / "workspace")
    workspace.write("healthtopics.toml", CONFIGURATION)
    workspace.write("vocabulary/organizations.json", json.dumps(ORGANIZATIONS, indent=2))
    return workspace


def translate(workspace: Workspace, topic: str) -> None:
    """Fill a catalogue in from SPANISH."""
    path = catalogue_path(LanguageTag("es"), topic)
    file = po.parse((workspace.folder / path).read_bytes(), path).file
    for entry in file:
        entry.msgstr = SPANISH[entry.msgid]
    file.metadata["PO-Revision-Date"] = "2026-11-12 09:00+0000"
    workspace.write(path, po.serialize(file))


def tree(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    """Yield every path of a folder, except the cache, with its bytes; for a link, its target."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(".cache/"):
            continue
        if path.is_symlink():
            yield name, str(path.readlink())
        elif path.is_file():
            yield name, path.read_bytes()


def bundled(folder: Path) -> Workspace:
    """Copy the bundled topics, to be exported in every format."""
    workspace = Workspace(folder)
    for name in ("topics", "locales", "vocabulary"):
        shutil.copytree(ROOT / name, folder / name)
    if (ROOT / "twins.json").exists():
        shutil.copy(ROOT / "twins.json", folder)
    formats = packaged("configuration.schema.json")["properties"]["formats"]["items"]["enum"]
    text = (ROOT / "healthtopics.toml").read_text()
    workspace.write("healthtopics.toml", f"formats = {json.dumps(formats)}\n{text}")
    return workspace
