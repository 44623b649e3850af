"""The releases of a store on another machine, by rsync(1) as a process, in the order that readers need.

`rsync -a` copies names in their order: `current` first, which then leads to files that are not there yet.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from healthtopics.copies import COPY, Copy
from healthtopics.errors import ConfigurationError, NetworkError
from healthtopics.jsontext import dump
from healthtopics.publishing.copying import StoreSnapshot
from healthtopics.release import release_key
from healthtopics.storage.local import LocalStore

_REMOTE: Final = re.compile(r"rsync://.+|[^/:]+::?.+")


def is_remote(destination: str) -> bool:
    """Return whether rsync would take it for a place on another machine: `host:path`, `rsync://host/path`."""
    return _REMOTE.fullmatch(destination) is not None


def send(store: LocalStore, snapshot: StoreSnapshot, destination: str) -> None:
    """Bring a snapshot of a store to another machine, and make its release current there.

    Raises ConfigurationError if rsync is not installed, NetworkError if it fails.
    """
    place = destination.rstrip("/") + "/"
    _rsync(store.folder, (*snapshot.objects, *snapshot.siblings), place)
    _rsync(store.folder, snapshot.describing, place)
    with tempfile.TemporaryDirectory(prefix="healthtopics-") as name:
        folder = Path(name)
        copy = Copy(made_by="release copy", source=str(store.folder))
        (folder / COPY).write_bytes(dump(copy))
        # Not the store's own link: a release that was published meanwhile is not there yet.
        (folder / "current").symlink_to(release_key(snapshot.number, "pointers"))
        _rsync(folder, (COPY,), place)
        _rsync(folder, ("current",), place)


def _rsync(folder: Path, keys: Iterable[str], place: str) -> None:
    """Bring files to a place; each is written beside its place and moved there."""
    options = ("--links", "--times", "--files-from=-", "--from0")
    listed = b"".join(key.encode() + b"\0" for key in keys)
    command = ("rsync", *options, "--", f"{folder}/", place)
    try:
        done = subprocess.run(command, input=listed, capture_output=True, check=False)  # noqa: S603 - no shell; -- ends options
    except FileNotFoundError:
        raise ConfigurationError("rsync is not installed; it copies to other machines.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise NetworkError(f"{place}: rsync ended with {done.returncode}. {said}\nRun this again later.")
