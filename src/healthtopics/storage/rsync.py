"""The releases of a store on another machine, by rsync(1) as a process, in the order that readers need.

`rsync -a` copies names in their order: `current` first, which then leads to files that are not there yet.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from healthtopics.copies import COPY, Copy
from healthtopics.errors import ConfigurationError, JsonTextError, NetworkError
from healthtopics.jsontext import dump, parse
from healthtopics.publishing.copying import StoreSnapshot, refuse_older
from healthtopics.release import CURRENT, release_key
from healthtopics.storage.atomic import mode_of_folder
from healthtopics.storage.local import LocalStore

_REMOTE: Final = re.compile(r"rsync://.+|[^/:]+::?.*")

_PARTIAL: Final = 23
"""The exit code of rsync for files that it cannot read or write, whatever the reason."""
_LASTING: Final = frozenset({1, 2, 3, 4, 5})
"""Those for a command, a folder or a module that the other side refuses, and will again."""


def is_remote(destination: str) -> bool:
    """Return whether rsync would take it for a place on another machine: `host:path`, `rsync://host/path`."""
    return _REMOTE.fullmatch(destination) is not None


def send(store: LocalStore, snapshot: StoreSnapshot, destination: str, mode: int = 0o644) -> None:
    """Bring a snapshot of a store to another machine, and make its release current there.

    What is written there gets the mode, whatever the umask.

    Raises ConfigurationError if rsync is not installed or the other side refuses, NetworkError if it fails
    otherwise, ReleaseError if a later release is there. Nothing is locked or flushed there.
    """
    place = destination if destination.endswith(("/", ":")) else f"{destination}/"  # `host:` is a home
    permissions = ("--perms", f"--chmod=D{mode_of_folder(mode):o},F{mode:o}")
    _refuse_older(snapshot, place)
    _rsync(store.folder, (*snapshot.objects, *snapshot.siblings), place, "--times", *permissions)
    # Their times are those of their arrival, by which `prune` knows how long a release has been here.
    _rsync(store.folder, snapshot.describing, place, "--checksum", *permissions)
    with tempfile.TemporaryDirectory(prefix="healthtopics-") as name:
        folder = Path(name)
        copy = Copy(made_by="release copy", source=str(store.folder.resolve()))
        (folder / COPY).write_bytes(dump(copy))
        # Not the store's own link: a release that was published meanwhile is not there yet.
        (folder / "current").symlink_to(release_key(snapshot.number, "pointers"))
        _rsync(folder, (COPY,), place, "--checksum", *permissions)
        _rsync(folder, ("current",), place, "--links")


def _refuse_older(snapshot: StoreSnapshot, place: str) -> None:
    """Raise ReleaseError if a later release is at a place; what is damaged there is written again."""
    with tempfile.TemporaryDirectory(prefix="healthtopics-") as folder:
        done = _run("--copy-links", "--", f"{place}{CURRENT}", f"{folder}/pointer")
        if done.returncode == _PARTIAL and not _is_lasting(done) and b"No such file" in done.stderr:
            return
        _check(done, place)
        with suppress(JsonTextError):
            refuse_older(snapshot, parse(Path(folder, "pointer").read_bytes(), CURRENT))


def _rsync(folder: Path, keys: Iterable[str], place: str, *options: str) -> None:
    """Bring files to a place; each is written beside its place and moved there."""
    listed = b"".join(key.encode() + b"\0" for key in keys)
    _check(_run(*options, "--files-from=-", "--from0", "--", f"{folder}/", place, given=listed), place)


def _run(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = ("rsync", *arguments)
    try:
        return subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603 - no shell; -- ends options
    except FileNotFoundError:
        raise ConfigurationError("rsync is not installed; it copies to other machines.") from None


def _check(done: "subprocess.CompletedProcess[bytes]", place: str) -> None:
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        what = f"{place}: rsync ended with {done.returncode}. {said}"
        if _is_lasting(done):
            raise ConfigurationError(f"{what}\nCorrect that, then run this again.")
        raise NetworkError(f"{what}\nRun this again later.")


def _is_lasting(done: "subprocess.CompletedProcess[bytes]") -> bool:
    """Return whether rsync will fail again until somebody changes something."""
    if b"max connections" in done.stderr:  # of an rsync daemon that is busy
        return False
    return done.returncode in _LASTING or b"Permission denied" in done.stderr
