"""Files for one run, in a temporary folder that is removed with it."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from healthtopics.cache import NO_CACHE, Cache


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
            folder = TemporaryDirectory(prefix="healthtopics-", ignore_cleanup_errors=True)
        except OSError:  # a read-only system
            yield NO_CACHE
        else:
            yield Scratch(Path(stack.enter_context(folder)))
