"""Files that change in one step: written to a temporary file, flushed to the disk, and moved into place."""

import ctypes
import errno
import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from healthtopics.errors import refusal
from healthtopics.problems import printable

_HERE: Final = -100
"""AT_FDCWD of renameat2(2)."""
_TEMPORARY: Final = re.compile(r"\.tmp-[0-9a-f]{16}")
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE."""


def mode_of_folder(mode: int) -> int:
    """Return the permissions of a folder for files with these: who may read them may look into it."""
    return mode | (mode & 0o444) >> 2


@contextmanager
def created(path: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Create a file and yield it; if an error ends that, remove it. Without a mode, the umask decides.

    Only the file that this process has created: another one may have put its own in this place meanwhile.
    Raises FileExistsError, leaving everything as it is, if there is one.
    """
    with path.open("xb") as file:
        own = os.fstat(file.fileno())
        try:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            yield file
            file.flush()
        except BaseException:
            remove_own(path, own)
            raise


def remove_own(path: Path, own: os.stat_result) -> None:
    """Remove a file if it is still the one that this process has created."""
    with suppress(OSError):
        if _is_at(path, own):
            path.unlink()


def _is_at(path: Path, own: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.lstat(), own)
    except FileNotFoundError:
        return False


@contextmanager
def written_beside(temporary: Path, parts: Iterable[bytes], mode: int | None = None) -> Iterator[Path]:
    """Write a new file on the same file system and flush it, for the caller to move into place.

    It is removed if it was not moved, and locked until then, so that no `sweep` removes it. Without a mode,
    the umask decides who can read it.
    """
    with _created_locked(temporary, mode) as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
        own = os.fstat(file.fileno())
        try:
            yield temporary
        finally:
            remove_own(temporary, own)


@contextmanager
def _created_locked(path: Path, mode: int | None) -> Iterator[IO[bytes]]:
    """Create a file as `created` does, and lock it; what a sweep removes in between is made again."""
    while True:
        with created(path, mode) as file:
            with suppress(OSError):  # a file system without locks, which is not swept either
                fcntl.flock(file, fcntl.LOCK_EX)  # a sweep that was faster holds it for a moment
            if _is_at(path, os.fstat(file.fileno())):
                yield file
                return


def sweep(folder: Path) -> None:
    """Remove temporary files whose processes were killed: nobody holds their locks."""
    for left in folder.iterdir():
        if _TEMPORARY.fullmatch(left.name) and left.is_file():
            with suppress(OSError), left.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_own(left, os.fstat(file.fileno()))


def exchange(one: Path, other: Path) -> None:
    """Exchange what two names lead to, files or folders, in one step; raises OSError if that cannot be done.

    It calls renameat2(2), which Python does not have.
    """
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if renameat2(_HERE, os.fsencode(one.absolute()), _HERE, os.fsencode(other.absolute()), _EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def flush(path: Path) -> None:
    """Return when a file, or the names in a folder, have reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_file_system(folder: Path) -> None:
    """Return when everything that was written to a folder's file system has reached the disk.

    It calls syncfs(2), which Python does not have; if the system lacks it too, all file systems are flushed.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)


@contextmanager
def writing(path: Path, outcome: str = "") -> Iterator[None]:
    """Raise as `refusal` does if the system refuses; `outcome` is a sentence about what was written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refusal(
            error, f"{printable(str(path))}: cannot be written ({reason}). {outcome}".rstrip()
        ) from error
