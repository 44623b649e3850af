"""Compressed forms of objects: made once, verified, and derived from their objects only."""

import pytest

from healthtopics.compression import CODINGS
from healthtopics.errors import IntegrityError
from healthtopics.publishing.copying import copy_releases, take_snapshot
from healthtopics.publishing.precompressing import precompress
from healthtopics.release import Manifest, open_current, verify
from support.releases import MemoryStore, publish


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    publish(store)
    return store


@pytest.fixture
def manifest(store: MemoryStore) -> Manifest:
    return open_current(store).manifest


def _siblings(store: MemoryStore) -> dict[str, bytes]:
    return {key: data for key, data in store.files.items() if key.endswith((".gz", ".br"))}


def test_every_object_gets_both_forms_once(store: MemoryStore, manifest: Manifest) -> None:
    objects = {key: data for key, data in store.files.items() if key.startswith("objects/")}
    assert precompress(store, manifest) == 34
    assert _siblings(store) == {
        key + coding.suffix: coding.pack(data) for key, data in objects.items() for coding in CODINGS.values()
    }
    assert precompress(store, manifest) == precompress(store, manifest, check=True) == 0
    assert verify(store, open_current(store)) == []


@pytest.mark.parametrize("suffix", [".gz", ".br"])
@pytest.mark.parametrize("damage", [b"", b"{}", "that of another object"])
def test_damaged_ones_are_found_and_made_again(
    store: MemoryStore, manifest: Manifest, suffix: str, damage: bytes | str
) -> None:
    precompress(store, manifest)
    intact = _siblings(store)
    one, other, *_ = (key for key in intact if key.endswith(suffix))
    store.files[one] = intact[other] if isinstance(damage, str) else damage
    (error,) = verify(store, open_current(store))
    assert (error.key, error.actual) == (one, "other bytes")
    assert precompress(store, manifest, check=True) == 1
    assert _siblings(store) == intact


def test_none_is_made_of_a_damaged_object(store: MemoryStore, manifest: Manifest) -> None:
    key = next(key for key in store.files if key.startswith("objects/"))
    store.files[key] = b""
    with pytest.raises(IntegrityError, match=key):
        precompress(store, manifest)


def test_copies_have_them_too(store: MemoryStore, manifest: Manifest) -> None:
    precompress(store, manifest)
    there = MemoryStore()
    copy_releases(store, take_snapshot(store), there, "/srv/exports")
    assert _siblings(there) == _siblings(store)
