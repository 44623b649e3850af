"""Locks that say who holds them, and end with the process that does."""

import contextlib
import json
import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from healthtopics.errors import BusyError, StorageError
from healthtopics.problems import printable
from healthtopics.storage.atomic import writing

_PATIENCE_S: Final = 10
"""Another process holds a lock only while it writes one small file."""
_WORD = re.compile(r"[a-z][a-z-]*")


@contextmanager
def locked(path: Path, busy: str, *, mode: int = 0o644) -> Iterator[None]:
    """Hold the lock of a file, in which others read who does.

    Raises BusyError at once if another process holds it: `busy` says what that is doing. Raises OSError if
    there can be no such file.
    """
    lock = FileLock(path, mode=mode, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(f"{busy}{_holder(path)}. Run this again when it has finished.") from None
    try:
        with contextlib.suppress(OSError):  # a full disk: the lock is held all the same
            path.write_text(json.dumps(_self()) + "\n", "utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            os.truncate(path, 0)
        lock.release()


@contextmanager
def briefly_locked(path: Path, owner: Path, *, mode: int = 0o644) -> Iterator[None]:
    """Hold the lock of what changes in a moment, and wait for another process that does so.

    `owner` names in errors what is locked. Raises StorageError if the other one takes longer than
    `_PATIENCE_S`, and as `writing` does if there can be no such file.
    """
    lock = FileLock(path, mode=mode, timeout=_PATIENCE_S)
    with writing(owner):
        try:
            lock.acquire()
        except Timeout:
            raise StorageError(f"{owner}: another process holds the lock.") from None
    try:
        yield
    finally:
        lock.release()


def _self() -> dict[str, object]:
    # Only the words of the command: its arguments may have passwords.
    words = takewhile(_WORD.fullmatch, sys.argv[1:])
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join(("healthtopics", *words)),
        "since": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _holder(path: Path) -> str:
    """Return in words who holds the lock; empty if it does not say."""
    try:
        known = json.loads(path.read_bytes())
        text = f"`{known['command']}`, process {known['pid']} on {known['host']}, since {known['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return f" ({printable(text)})"
