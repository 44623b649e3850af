"""Files for one run, in a temporary folder that is removed with it."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, Any, Final

from healthtopics.cache import NO_CACHE, Cache
from healthtopics.errors import refusal

_PREFIX: Final = "healthtopics-scratch-"

_NO_ROOM: Final = (
    "the folder for temporary files cannot be written ({reason}). Make room there, or set TMPDIR."
)
_MOST_IN_MEMORY: Final = 4 * 1024 * 1024
"""In bytes."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """Implements `healthtopics.cache.Cache`, one file a value; other processes may have a copy."""

    folder: Path

    def read(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Return what is there of these keys."""
        found = {}
        for key in keys:
            with contextlib.suppress(OSError):
                found[key] = self._path(key).read_bytes()
        return found

    def write(self, values: Mapping[str, bytes]) -> None:
        """Keep these values if that is possible."""
        for key, value in values.items():
            with contextlib.suppress(OSError):
                self._path(key).write_bytes(value)

    def _path(self, key: str) -> Path:
        return self.folder / key.rpartition(":")[2]


@contextmanager
def scratch_folder() -> Iterator[Cache]:
    """Yield a cache in a temporary folder for one run; one that stores nothing if there is no such folder."""
    with ExitStack() as stack:
        try:
            _remove_left_over()
            folder = Path(stack.enter_context(TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)))
            stack.callback(os.close, _lock(folder))
        except OSError:  # a read-only system, or another run took the new folder for one that was left over
            yield NO_CACHE
        else:
            yield Scratch(folder)


def _lock(folder: Path) -> int:
    """Lock a folder for this process, until it ends; raises OSError if another process holds the lock."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.stat()
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove_left_over() -> None:
    """Remove the folders of runs that were killed before they could do so themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # a run that is at work, or somebody else's
            descriptor = _lock(folder)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield an empty folder, which is removed at the end; raises StorageError if none can be made."""
    with ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)))
            stack.callback(os.close, _lock(folder))
        except OSError as error:
            raise refusal(error, _NO_ROOM.format(reason=error.strerror)) from error
        yield folder


class _Spool(SpooledTemporaryFile[bytes]):
    """A temporary file that is in memory while it is small; a full disk is reported by the write."""

    def write(self, data: Any) -> int:  # noqa: ANN401 - bytes, or what holds them
        try:
            length = super().write(data)
            self.flush()  # which in memory does nothing
        except OSError as error:
            with contextlib.suppress(OSError):
                self.close()  # which would try to write the rest again
            raise refusal(error, _NO_ROOM.format(reason=error.strerror)) from error
        return length


def open_spool() -> IO[bytes]:
    """Open an empty file for what is written part by part before it is read; a small one stays in memory."""
    return _Spool(_MOST_IN_MEMORY)
