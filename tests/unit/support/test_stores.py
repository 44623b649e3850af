import pytest

from support.stores import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_what_was_written_is_read(store: MemoryStore) -> None:
    assert store.create("a/b.json", b"1")
    assert store.read("a/b.json") == b"1"


def test_what_is_there_is_not_created_again(store: MemoryStore) -> None:
    store.create("a", b"1")
    assert not store.create("a", b"2")
    assert store.read("a") == b"1"


def test_what_is_there_is_replaced(store: MemoryStore) -> None:
    store.create("a", b"1")
    store.replace("a", b"2")
    assert store.read("a") == b"2"


@pytest.mark.parametrize("key", ["nowhere", "current/current.json"])
def test_what_is_not_there(store: MemoryStore, key: str) -> None:
    with pytest.raises(FileNotFoundError, match=key):
        store.read(key)


def test_keys_come_sorted(store: MemoryStore) -> None:
    for key in ("b/2", "a/1", "b/1"):
        store.create(key, b"")
    assert list(store.keys("b/")) == ["b/1", "b/2"]


def test_a_switch_makes_pointers_current(store: MemoryStore) -> None:
    store.create("releases/000007/pointers/current.json", b"7")
    store.switch(7)
    assert store.read("current/current.json") == b"7"
