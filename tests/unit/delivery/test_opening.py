"""The indexes of earlier releases: checked once, opened once, closed when nobody reads them."""

import gc
import weakref
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from healthtopics.delivery.opening import EarlierIndexes, open_site
from healthtopics.errors import StorageError
from support.releases import MemoryStore, publish_indexed


class WatchedStore(MemoryStore):
    """A store that counts how often the bytes of each index are read to check them."""

    def __init__(self) -> None:
        super().__init__()
        self.checked: Counter[str] = Counter()
        self.meeting = Barrier(1)

    def parts(self, key: str) -> Iterator[bytes]:
        self.checked[key] += key.endswith(".sqlite")
        return super().parts(key)

    def read(self, key: str) -> bytes:
        if key.endswith("manifest.json"):
            self.meeting.wait()
        return super().read(key)


def publish(store: MemoryStore, count: int) -> None:
    for _ in range(count):
        publish_indexed(store, {"asthma": {"en": f"Asthma {len(store.files)}"}})


def test_each_index_is_checked_once_however_often_it_is_opened() -> None:
    store = WatchedStore()
    publish(store, 7)
    earlier = open_site(store).earlier
    store.checked.clear()
    for number in (1, 2, 3, 4, 5, 6) * 2:
        found = earlier(number)
        assert found
        assert found.release.number == number
    assert +store.checked == Counter(dict.fromkeys(+store.checked, 1))
    assert len(+store.checked) == 6


def test_a_release_that_was_not_here_is_found_when_it_comes() -> None:
    store = WatchedStore()
    publish(store, 1)
    earlier = open_site(store).earlier
    assert earlier(2) is None
    publish(store, 1)
    assert earlier(2)


def test_threads_that_need_the_same_index_open_it_once() -> None:
    store = WatchedStore()
    publish(store, 2)
    earlier = open_site(store).earlier
    store.checked.clear()
    store.meeting = Barrier(4)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(earlier, [1] * 4))
    assert found[0]
    assert len(set(map(id, found))) == 1
    assert sum(store.checked.values()) == 1


def test_an_index_is_let_go_when_others_are_needed() -> None:
    store = WatchedStore()
    publish(store, 7)
    earlier = EarlierIndexes(store)
    found = earlier.find(1)
    assert found
    first = weakref.ref(found)
    del found
    for number in range(2, 7):
        assert earlier.find(number)
    gc.collect()
    assert first() is None


def test_a_damaged_index_is_not_used_and_a_failing_store_is_not_a_missing_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = WatchedStore()
    publish(store, 2)
    earlier = open_site(store).earlier
    (key, _) = (each for each in store.files if each.endswith(".sqlite"))
    intact = store.files[key]
    store.files[key] = intact[:-1] + b"?"
    assert earlier(1) is None
    store.files[key] = intact

    def fail(_key: str) -> bytes:
        raise StorageError("the disk fails")

    with monkeypatch.context() as patched:
        patched.setattr(store, "read", fail)
        with pytest.raises(StorageError):
            earlier(1)
    assert earlier(1)
