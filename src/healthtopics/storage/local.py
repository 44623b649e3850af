"""A store in a folder, durable and atomic on a local file system.

Every file is written at the top of the store and moved into place: a reader sees the old bytes or the new
ones. It is flushed before the move, and its folder after it, so that a write that was reported survives a
power cut. Staged objects are written in place and flushed together; nothing refers to them before.
The store must be on one file system.
"""

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from healthtopics.errors import UnusablePathError, refusal
from healthtopics.problems import printable
from healthtopics.release import POINTER, release_key
from healthtopics.storage.atomic import (
    created,
    exchange,
    flush,
    flush_file_system,
    mode_of_folder,
    writing,
    written_beside,
)
from healthtopics.storage.locking import locked

_PART = 1024 * 1024
"""The bytes of a file that are read at once."""
_UNFINISHED = re.compile(r"\.tmp-[0-9a-f]{16}")


class LocalStore:
    """A store in a folder; it implements `release.Store`."""

    def __init__(self, folder: Path, mode: int = 0o644) -> None:
        """Open the store. New files get the mode whatever the umask, and new folders one that fits it."""
        self.folder = folder
        self._mode = mode

    def read(self, key: str) -> bytes:
        """Return the bytes; raises FileNotFoundError if there are none."""
        path = self.folder / key
        with _reading(path, key):
            return path.read_bytes()

    def read_slice(self, key: str, offset: int, length: int) -> bytes:
        """Return some of the bytes; raises FileNotFoundError if there are none."""
        path = f"{self.folder}/{key}"  # a Path takes longer than reading
        with _reading(path, key):
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.pread(file, length, offset)
            finally:
                os.close(file)

    def parts(self, key: str) -> Iterator[bytes]:
        """Yield the bytes, part by part; raises FileNotFoundError if there are none."""
        path = self.folder / key
        with _reading(path, key), path.open("rb") as file:
            while part := file.read(_PART):
                yield part

    def path(self, key: str) -> Path:
        """Return where the bytes under a key are, if there are any."""
        return self.folder / key

    def length(self, key: str) -> int:
        """Return the number of bytes; raises FileNotFoundError if there are none, or only a link."""
        path = self.folder / key
        with _reading(path, key):
            found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise FileNotFoundError(key)
        return found.st_size

    def create(self, key: str, data: bytes) -> bool:
        """Write bytes that must not exist yet; return False, changing nothing, if they do."""
        target = self.folder / key
        with self._writing(target):
            if target.exists():
                return False
        with self._written(target, (data,)) as temporary:
            try:
                # Unlike a rename, a link never replaces what another publisher has just created.
                os.link(temporary, target)
            except FileExistsError:
                return False
        return True

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        """Write bytes whose key is their digest; return False if it exists. `flush` makes it durable."""
        target = self.folder / key
        with self._writing(target):
            # Written in place, which saves a move: nothing refers to it yet, and a later publisher compares
            # its bytes first.
            try:
                with created(target, self._mode) as file:
                    file.writelines(parts)
            except FileExistsError:
                return False
            except FileNotFoundError:
                self._make(target.parent)
                return self.stage(key, parts)
        return True

    def flush(self) -> None:
        """Return when everything that was written to this file system has reached the disk.

        This includes what other processes wrote, even a publisher that was killed: an object that was found
        and compared may not be on the disk yet.
        """
        with self._writing(self.folder):
            if self.folder.exists():
                flush_file_system(self.folder)

    def replace(self, key: str, data: bytes) -> None:
        """Replace the bytes in one step."""
        self.restage(key, (data,))

    def restage(self, key: str, parts: Iterable[bytes]) -> None:
        """Replace the bytes in one step, part by part."""
        target = self.folder / key
        with self._written(target, parts) as temporary:
            temporary.replace(target)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that start with the prefix, sorted."""
        start = self.folder / prefix.rpartition("/")[0]
        found = (path.relative_to(self.folder).as_posix() for path in _files_in(start))
        yield from sorted(key for key in found if key.startswith(prefix))

    def switch(self, number: int) -> None:
        """Make `current` point to the release's pointers, in one step.

        A copy that followed links has a folder there. It becomes a link again if it holds only pointers.
        """
        current, target = self.folder / "current", release_key(number, "pointers")
        with self._writing(current):
            if not current.is_symlink() and current.is_dir():
                self._replace_folder(current, target)
            elif not current.is_symlink() or str(current.readlink()) != target:
                temporary = self._temporary()
                temporary.symlink_to(target)
                temporary.replace(current)
            flush(self.folder)

    def _replace_folder(self, current: Path, target: str) -> None:
        """Replace a folder of pointers by a link."""
        place = printable(str(current))
        if not _holds_pointers(current):
            raise UnusablePathError(
                f"{place} is a folder instead of a link, and holds more than pointers. Move it away, "
                "then run this again. The last release stays current."
            )
        temporary = self._temporary()
        temporary.symlink_to(target)
        try:
            exchange(temporary, current)
        except OSError as error:
            temporary.unlink()
            raise UnusablePathError(
                f"{place} is a folder instead of a link, as in a copy that followed links, and "
                f"cannot be exchanged here ({error.strerror}). Remove it, then run this again: it makes the "
                "link again."
            ) from error
        _remove_pointers(temporary)

    def modified(self, key: str) -> datetime:
        """Return when the file was written; raises FileNotFoundError if there is none."""
        path = self.folder / key
        with _reading(path, key):
            return datetime.fromtimestamp(path.lstat().st_mtime, UTC)

    def remove(self, keys: Iterable[str]) -> None:
        """Remove files, durably, and the folders that have become empty; those not there are ignored."""
        folders = set()
        for key in keys:
            path = self.folder / key
            with self._writing(path):
                path.unlink(missing_ok=True)
            folders.add(path.parent)
        for folder in folders:
            with contextlib.suppress(OSError):  # something is left in it, or it is gone
                folder.rmdir()
        if folders:
            self.flush()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other publisher out; the lock is released when the process ends.

        Raises BusyError at once if another publisher holds it.
        """
        with contextlib.ExitStack() as stack:
            with self._writing(self.folder):
                self._make(self.folder)
                busy = f"{printable(str(self.folder))}: another publisher is at work here"
                stack.enter_context(locked(self.folder / ".lock", busy, mode=self._mode))
                self._sweep()
            yield

    def _sweep(self) -> None:
        """Remove unfinished files of a killed publisher, leaving files that only look similar."""
        for left in self.folder.iterdir():
            if not _UNFINISHED.fullmatch(left.name):
                continue
            if left.is_symlink() or left.is_file():
                left.unlink(missing_ok=True)
            elif _holds_pointers(left):
                _remove_pointers(left)

    def _make(self, folder: Path) -> None:
        """Make a folder of the store, and those above it that are missing."""
        if folder.is_dir():
            return
        if folder == self.folder:
            folder.parent.mkdir(parents=True, exist_ok=True)
        else:
            self._make(folder.parent)
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(mode_of_folder(self._mode))

    def _writing(self, path: Path) -> contextlib.AbstractContextManager[None]:
        """Raise as `writing` does; the message says that a release stays current, if there is one."""
        has_release = os.path.lexists(self.folder / "current")
        return writing(path, "The last release stays current." if has_release else "")

    def _temporary(self) -> Path:
        return self.folder / f".tmp-{secrets.token_hex(8)}"

    @contextlib.contextmanager
    def _written(self, target: Path, parts: Iterable[bytes]) -> Iterator[Path]:
        """Yield a flushed file on the same file system; once it is in place, flush the folder."""
        temporary = self._temporary()
        with self._writing(target):
            missing = [folder for folder in target.parents if not folder.exists()]
            self._make(target.parent)
            with written_beside(temporary, parts, self._mode) as file:
                yield file
            for folder in (target.parent, *(each.parent for each in missing)):
                flush(folder)


def _holds_pointers(folder: Path) -> bool:
    """Return whether a folder holds only what a release's folder of pointers does."""
    return {path.name for path in folder.iterdir()} <= {Path(POINTER).name}


def _remove_pointers(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield every file in a folder; a folder that cannot be listed is an error, not an empty one."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise refusal(error, f"{error.filename}: cannot be read ({error.strerror}).") from error

    for path, _, names in os.walk(folder, onerror=refuse):
        yield from (file for name in names if _is_file(file := Path(path, name)))


_NOTHING: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
"""What the system says of a link that leads nowhere; in Python 3.14 `is_file` takes every error for that."""


def _is_file(path: Path) -> bool:
    with _reading(path, str(path)):
        try:
            return stat.S_ISREG(path.stat().st_mode)
        except OSError as error:
            if error.errno in _NOTHING:
                return False
            raise


@contextlib.contextmanager
def _reading(path: Path | str, key: str) -> Iterator[None]:
    """Raise FileNotFoundError with the key if nothing is there, or as `refusal` does."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(key) from None
    except OSError as error:
        raise refusal(error, f"{printable(str(path))}: cannot be read ({error.strerror}).") from error
