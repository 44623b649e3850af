"""Compressed forms of objects: made once, verified, and derived from their objects only."""

import pytest

from healthtopics.compression import CODINGS
from healthtopics.errors import IntegrityError
from healthtopics.publishing.copying import copy_releases, take_snapshot
from healthtopics.publishing.precompressing import precompress
from healthtopics.release import Promise, damaged_siblings, objects_of, open_current, verify
from support.releases import MemoryStore, publish

Objects = dict[str, Promise]


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    publish(store)
    return store


@pytest.fixture
def objects(store: MemoryStore) -> Objects:
    return objects_of(open_current(store))


def _siblings(store: MemoryStore) -> dict[str, bytes]:
    return {key: data for key, data in store.files.items() if key.endswith((".gz", ".br"))}


def test_every_object_gets_both_forms_once(store: MemoryStore, objects: Objects) -> None:
    data = {key: data for key, data in store.files.items() if key.startswith("objects/")}
    assert precompress(store, objects) == 2 * len(data)
    assert _siblings(store) == {
        key + coding.suffix: coding.pack(each) for key, each in data.items() for coding in CODINGS.values()
    }
    assert precompress(store, objects) == precompress(store, objects, check=True) == 0
    assert verify(store, open_current(store)) == []


@pytest.mark.parametrize("suffix", [".gz", ".br"])
@pytest.mark.parametrize("damage", [b"", b"{}", "that of another object"])
def test_damaged_ones_are_found_and_made_again(
    store: MemoryStore, objects: Objects, suffix: str, damage: bytes | str
) -> None:
    precompress(store, objects)
    intact = _siblings(store)
    one, other, *_ = (key for key in intact if key.endswith(suffix))
    store.files[one] = intact[other] if isinstance(damage, str) else damage
    (error,) = [error for key in objects for error in damaged_siblings(store, key, objects[key])]
    assert (error.key, error.actual) == (one, "other bytes")
    assert precompress(store, objects, check=True) == 1
    assert _siblings(store) == intact


def test_none_is_made_of_a_damaged_object(store: MemoryStore, objects: Objects) -> None:
    key = next(key for key in store.files if key.startswith("objects/"))
    store.files[key] = b""
    with pytest.raises(IntegrityError, match=key):
        precompress(store, objects)


def test_copies_have_them_too(store: MemoryStore, objects: Objects) -> None:
    precompress(store, objects)
    there = MemoryStore()
    copy_releases(store, take_snapshot(store), there, "/srv/exports")
    assert _siblings(there) == _siblings(store)
