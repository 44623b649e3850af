"""Compressed objects beside the objects of a release, for servers that send files as they are."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from healthtopics.compression import CODINGS, ContentCoding, is_packed
from healthtopics.release import Promise, Store, has_sibling, read_promised
from healthtopics.workers import Progress


def precompress(
    store: Store,
    objects: Mapping[str, Promise],
    *,
    check: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> int:
    """Make the compressed forms of objects that are missing; return their number.

    One that exists is whole, as it gets its name in one step; with `check` it is compared with its object.
    Raises IntegrityError if an object is damaged.
    """
    writing = Lock()

    def make(one: tuple[str, Promise, ContentCoding]) -> None:
        key, promise, coding = one
        packed = coding.pack(read_promised(store, key, promise))
        with writing:
            store.replace(key + coding.suffix, packed)

    missing = [
        (key, promise, coding)
        for key, promise in objects.items()
        for coding in (CODINGS.values() if is_packed(key) else ())
        if not has_sibling(store, key, promise, coding, check=check)
    ]
    # Threads are enough: both libraries compress without holding the interpreter.
    with ThreadPoolExecutor() as pool:
        for done, _ in enumerate(pool.map(make, missing), start=1):
            progress(done, len(missing))
    return len(missing)
