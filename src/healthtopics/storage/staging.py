"""Changes many files of a workspace together: either all of them or none.

New bytes are staged in a temporary folder on the same file system. Only when all are there and flushed are
they moved into place, in the order in which they were given. A power cut during the moves leaves whole
files, some old and some new; running the same command again finishes. One process at a time stages files.
"""

import errno
import filecmp
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from healthtopics.errors import StorageError
from healthtopics.problems import printable
from healthtopics.storage.atomic import flush, flush_file_system, writing
from healthtopics.storage.cache import lock_of
from healthtopics.storage.locking import briefly_locked, locked

_PREFIX = ".tmp-staging-"
_LOCK = ".staging.lock"

_NOTHING = "Nothing was imported."
_SOME = "Some files are in place already: fix this and run the same command again to finish."


class Staging:
    """Files that wait to be moved into place; use `staging` to make one."""

    def __init__(self, workspace: Path, waiting: Path) -> None:
        self._workspace = workspace
        self._waiting = waiting
        self._paths: dict[str, None] = {}
        self._began = waiting.stat().st_ctime_ns

    @property
    def paths(self) -> list[str]:
        """The staged files, relative to the workspace, in the order in which they were given."""
        return list(self._paths)

    def put(self, path: str, data: bytes | Iterable[bytes] | None) -> None:
        """Stage new bytes, whole or in parts; the last ones for a path count.

        None withdraws earlier ones: the file stays as it is.
        """
        target = self._waiting / path
        with _writing(target):
            if data is None:
                target.unlink(missing_ok=True)
                self._paths.pop(path, None)
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                file.writelines((data,) if isinstance(data, bytes) else data)
        self._paths[path] = None

    def commit(self) -> None:
        """Flush all staged files, then move them into place; identical files are left alone.

        Raises StorageError, which says whether files were moved already; none were if a folder cannot be
        written, or if another program has saved one of the files since the staging began.
        """
        for path in self.paths:
            if _is_same(self._waiting / path, self._workspace / path):
                del self._paths[path]
        if not self._paths:
            return
        folders = dict.fromkeys((self._workspace / path).parent for path in self.paths)
        with _writing(self._waiting):
            flush_file_system(self._waiting)  # at once: one by one, two thousand files take seconds
        for folder in folders:
            with _writing(folder):
                _prepare(folder)
        with briefly_locked(lock_of(self._workspace), self._workspace):
            outcome = self._move()
        for folder in folders:
            with writing(folder, outcome):
                flush(folder)

    def _move(self) -> str:
        """Move the files into place; return what an error after that says."""
        if saved := next(filter(self._is_saved, self.paths), None):
            raise StorageError(f"{saved} was saved while this was at work. {_NOTHING} Run this again.")
        outcome = _NOTHING
        for path in self.paths:
            with writing(self._workspace / path, outcome):
                (self._waiting / path).replace(self._workspace / path)
            outcome = _SOME
        return outcome

    def _is_saved(self, path: str) -> bool:
        """Return whether the file of the workspace has changed since the staging began."""
        with _writing(self._workspace / path):
            try:
                return (self._workspace / path).stat().st_ctime_ns > self._began
            except FileNotFoundError:
                return False


@contextmanager
def staging(workspace: Path) -> Iterator[Staging]:
    """Yield a place to stage new files of a workspace; what was not committed is removed afterwards.

    Raises StorageError at once if another process is staging files.
    """
    with _locked(workspace):
        with _writing(workspace):
            for left in workspace.glob(f"{_PREFIX}*"):  # left by a run that was killed
                shutil.rmtree(left)
            waiting = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=workspace))
        try:
            yield Staging(workspace, waiting)
        finally:
            shutil.rmtree(waiting, ignore_errors=True)


@contextmanager
def _locked(workspace: Path) -> Iterator[None]:
    """Keep others out; the lock is released when the process ends."""
    with ExitStack() as stack:
        with _writing(workspace):
            busy = f"{printable(str(workspace))}: another import is at work here"
            stack.enter_context(locked(workspace / _LOCK, busy))
        yield


def _is_same(waiting: Path, place: Path) -> bool:
    with _writing(place):
        return place.is_file() and filecmp.cmp(waiting, place, shallow=False)


def _prepare(folder: Path) -> None:
    """Make sure that files can be moved into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _writing(path: Path) -> AbstractContextManager[None]:
    return writing(path, _NOTHING)
