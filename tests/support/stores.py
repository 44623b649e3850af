"""Stores to which tests publish: in memory, and with a publisher that is killed."""

from collections.abc import Iterable, Iterator

from healthtopics.errors import StorageError
from healthtopics.release import Store


class MemoryStore:
    """A store in memory; it implements `release.Store`."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.current: int | None = None

    def read(self, key: str) -> bytes:
        """Return the bytes; raises FileNotFoundError if there are none."""
        if key.startswith("current/") and self.current is not None:
            key = key.replace("current/", f"releases/{self.current:06d}/pointers/", 1)
        try:
            return self.objects[key]
        except KeyError:
            raise FileNotFoundError(key) from None

    def parts(self, key: str) -> Iterator[bytes]:
        """Yield the bytes; raises FileNotFoundError if there are none."""
        yield self.read(key)

    def length(self, key: str) -> int:
        """Return the number of bytes; raises FileNotFoundError if there are none."""
        return len(self.read(key))

    def read_slice(self, key: str, offset: int, length: int) -> bytes:
        """Return some of the bytes; raises FileNotFoundError if there are none."""
        return self.read(key)[offset : offset + length]

    def create(self, key: str, data: bytes) -> bool:
        """Store bytes that must not exist yet; return False, changing nothing, if they do."""
        if key in self.objects:
            return False
        self.objects[key] = data
        return True

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        """Store bytes, as `create` does."""
        return self.create(key, b"".join(parts))

    def flush(self) -> None:
        """Do nothing: memory is never durable."""

    def replace(self, key: str, data: bytes) -> None:
        """Replace bytes."""
        self.objects[key] = data

    def restage(self, key: str, parts: Iterable[bytes]) -> None:
        """Replace bytes."""
        self.replace(key, b"".join(parts))

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that start with the prefix, sorted."""
        yield from sorted(key for key in self.objects if key.startswith(prefix))

    def switch(self, number: int) -> None:
        """Make the release's pointers the current ones."""
        self.current = number


class FailingStore:
    """A store whose n-th write fails, and every later one: the publisher is dead."""

    def __init__(self, store: Store, last: int) -> None:
        self.store = store
        self.left = last
        self.log: list[str] = []

    def _write(self, what: str) -> None:
        if not self.left:
            raise StorageError(f"no more writes: {what}")
        self.left -= 1
        self.log.append(what)

    def read(self, key: str) -> bytes:
        return self.store.read(key)

    def parts(self, key: str) -> Iterator[bytes]:
        return self.store.parts(key)

    def length(self, key: str) -> int:
        return self.store.length(key)

    def read_slice(self, key: str, offset: int, length: int) -> bytes:
        return self.store.read_slice(key, offset, length)

    def create(self, key: str, data: bytes) -> bool:
        self._write(f"create {key}")
        return self.store.create(key, data)

    def replace(self, key: str, data: bytes) -> None:
        self._write(f"replace {key}")
        self.store.replace(key, data)

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        self._write(f"create {key}")
        return self.store.stage(key, parts)

    def flush(self) -> None:
        self._write("flush")
        self.store.flush()

    def restage(self, key: str, parts: Iterable[bytes]) -> None:
        """Replace bytes."""
        self.replace(key, b"".join(parts))

    def keys(self, prefix: str) -> Iterator[str]:
        return self.store.keys(prefix)

    def switch(self, number: int) -> None:
        self._write(f"switch {number}")
        self.store.switch(number)
