"""Releases are copied in an order in which readers never see half of one."""

from collections.abc import Iterable

import pytest

from healthtopics.copies import COPY
from healthtopics.errors import IntegrityError, NoCurrentReleaseError, ReleaseError, StorageError
from healthtopics.publishing.copying import Copied, copy_releases, take_snapshot
from healthtopics.publishing.precompressing import precompress
from healthtopics.release import numbers, object_key, objects_of, open_current, open_release, verify
from support.releases import TITLES, MemoryStore, publish

REVISED = {**TITLES, "asthma": {"en": "Asthma, revised", "es": "Asma"}}


class WatchedStore(MemoryStore):
    """After each write, a reader reads everything: it finds a whole release, or none yet."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []
        self.seen: set[int] = set()
        self.left = 10_000

    def _written(self, what: str) -> None:
        self.writes.append(what)
        try:
            opened = open_current(self)
        except NoCurrentReleaseError:
            return
        assert verify(self, opened) == [], what
        self.seen.add(opened.manifest.number)

    def _before(self) -> None:
        if not self.left:
            raise StorageError("the disk is full")
        self.left -= 1

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        self._before()
        is_new = super().stage(key, parts)
        self._written(key)
        return is_new

    def replace(self, key: str, data: bytes) -> None:
        self._before()
        super().replace(key, data)
        self._written(key)

    def flush(self) -> None:
        self._written("flush")

    def switch(self, number: int) -> None:
        self._before()
        super().switch(number)
        self._written("switch")


@pytest.fixture
def source() -> MemoryStore:
    store = MemoryStore()
    publish(store)
    publish(store, REVISED)
    return store


@pytest.fixture
def there() -> WatchedStore:
    return WatchedStore()


def _copy(source: MemoryStore, there: MemoryStore) -> Copied:
    return copy_releases(source, take_snapshot(source), there, "/srv/exports")


def test_everything_is_copied_and_readers_see_whole_releases(
    source: MemoryStore, there: WatchedStore
) -> None:
    assert _copy(source, there) == Copied(number=2, copied=26, reused=0)
    assert there.seen == {2}
    assert {key: data for key, data in there.files.items() if key != COPY} == source.files
    publish(source, TITLES)
    publish(source, {**REVISED, "cough": {"en": "Cough"}})
    result = _copy(source, there)
    assert (result.number, result.reused) == (4, 26)
    assert there.seen == {2, 4}
    assert numbers(there) == [1, 2, 3, 4]
    assert verify(there, open_release(there, 3)) == []


def test_objects_then_releases_then_the_switch(source: MemoryStore, there: WatchedStore) -> None:
    _copy(source, there)
    kinds = [line.partition("/")[0] for line in there.writes]
    assert kinds == [COPY, *["objects"] * 26, "flush", *["releases"] * 6, COPY, "switch"]
    assert there.writes[-3].endswith("000002/manifest.json")


def test_stopped_anywhere_it_leaves_whole_releases_and_is_taken_up_again(source: MemoryStore) -> None:
    whole = WatchedStore()
    _copy(source, whole)
    publish(source, TITLES)
    writes = len(whole.writes)
    for left in range(writes):
        there = WatchedStore()
        there.left = left
        try:
            _copy(source, there)
        except StorageError:
            there.left = 10_000
        assert _copy(source, there).number == 3
        assert there.seen <= {2, 3}


def test_another_history_is_not_copied_over(source: MemoryStore) -> None:
    there = MemoryStore()
    publish(there, {**TITLES, "asthma": {"en": "Asthma of another history", "es": "Asma"}})
    before = dict(there.files)
    with pytest.raises(ReleaseError, match="another release 1 than the one that is here"):
        _copy(source, there)
    assert there.files == before


def test_a_prune_meanwhile_is_a_reason_to_try_again(source: MemoryStore, there: WatchedStore) -> None:
    snapshot = take_snapshot(source)
    del source.files["releases/000001/manifest.json"]
    with pytest.raises(StorageError, match=r"releases/000001/manifest\.json: it was removed"):
        copy_releases(source, snapshot, there, "/srv/exports")
    assert there.current is None


def test_a_copy_that_is_complete_is_read_by_length_only(source: MemoryStore, there: WatchedStore) -> None:
    _copy(source, there)
    there.writes.clear()
    assert _copy(source, there) == Copied(number=2, copied=0, reused=26)
    assert there.writes == ["flush", "switch"]


def test_a_damaged_object_there_is_copied_again(source: MemoryStore) -> None:
    there = MemoryStore()
    _copy(source, there)
    key = object_key("topics.json", open_current(source).manifest.files["topics.json"].sha256)
    there.files[key] = b""
    assert _copy(source, there).copied == 1
    assert verify(there, open_current(there)) == []


@pytest.mark.parametrize("damage", ["missing", "short", "other"])
def test_a_damaged_object_here_is_not_copied(source: MemoryStore, there: WatchedStore, damage: str) -> None:
    key = object_key("topics.json", open_current(source).manifest.files["topics.json"].sha256)
    intact = source.files.pop(key)
    if damage != "missing":
        source.files[key] = intact[:5] if damage == "short" else bytes(len(intact))
    with pytest.raises(IntegrityError, match=key):
        _copy(source, there)
    assert there.current is None


def test_what_is_published_meanwhile_waits_for_the_next_copy(
    source: MemoryStore, there: WatchedStore
) -> None:
    def progress(done: int, _total: int) -> None:
        if done == 5:
            publish(source, {**REVISED, "cough": {"en": "Cough"}})

    copy_releases(source, take_snapshot(source), there, "/srv/exports", progress=progress)
    assert (numbers(there), there.seen) == ([1, 2], {2})
    assert _copy(source, there).number == 3


def test_a_release_that_was_claimed_and_never_became_current_is_not_copied(
    source: MemoryStore, there: WatchedStore
) -> None:
    publish(source, TITLES)
    source.switch(2)
    assert _copy(source, there).number == 2
    assert numbers(there) == [1, 2]


class TestWhatIsThere:
    def test_if_it_is_later_nothing_is_copied(self, source: MemoryStore, there: WatchedStore) -> None:
        later = MemoryStore()
        for titles in (TITLES, REVISED, TITLES):
            publish(later, titles)
        _copy(later, there)
        before = dict(there.files)
        with pytest.raises(ReleaseError, match="release 3 is there already; release 2 here is older"):
            _copy(source, there)
        assert there.files == before

    def test_if_it_is_of_another_publisher_nothing_is_copied(
        self, source: MemoryStore, there: WatchedStore
    ) -> None:
        other = MemoryStore()
        publish(other, base_url="https://other.example")
        _copy(other, there)
        with pytest.raises(ReleaseError, match=r"holds releases of https://other\.example"):
            _copy(source, there)

    def test_if_its_trial_has_moved_since_it_is_continued(
        self, source: MemoryStore, there: WatchedStore
    ) -> None:
        _copy(source, there)
        publish(source, base_url="https://moved.example")
        _copy(source, there)
        assert open_current(there).manifest.base_url == "https://moved.example"

    def test_if_it_is_damaged_it_is_replaced(self, source: MemoryStore) -> None:
        there = MemoryStore()
        _copy(source, there)
        for key in ("releases/000002/pointers/current.json", "releases/000001/manifest.json", COPY):
            there.files[key] = b"{"
        _copy(source, there)
        assert verify(there, open_current(there)) == []
        assert there.files["releases/000001/manifest.json"] == source.files["releases/000001/manifest.json"]


class PrunedStore(MemoryStore):
    """Somebody prunes it: so many releases go when their manifests are about to be read."""

    def __init__(self, files: dict[str, bytes], current: int | None, left: int) -> None:
        super().__init__()
        self.files, self.current, self.left = files, current, left

    def read(self, key: str) -> bytes:
        if self.left and key.endswith("/manifest.json") and f"{self.current:06d}" not in key:
            self.left -= 1
            del self.files[key]
        return super().read(key)


def test_a_prune_while_releases_are_read_is_seen(source: MemoryStore) -> None:
    publish(source, TITLES)
    once = PrunedStore(dict(source.files), source.current, 1)
    assert list(take_snapshot(once).manifests) == [2, 3]
    again = PrunedStore(dict(source.files), source.current, 2)
    with pytest.raises(StorageError, match="pruned while they were read"):
        take_snapshot(again)


class TestCompressedForms:
    @pytest.fixture
    def key(self, source: MemoryStore) -> str:
        precompress(source, objects_of(open_current(source)))
        return object_key("topics.json", open_current(source).manifest.files["topics.json"].sha256)

    @pytest.mark.parametrize("suffix", [".gz", ".br"])
    def test_that_are_damaged_are_not_copied(
        self, source: MemoryStore, there: WatchedStore, key: str, suffix: str
    ) -> None:
        source.files[key + suffix] = bytes(len(source.files[key + suffix]))
        _copy(source, there)
        assert source.files.keys() - there.files.keys() == {key + suffix}
        assert take_snapshot(source).damaged == (key + suffix,)

    def test_that_are_damaged_there_are_replaced(self, source: MemoryStore, key: str) -> None:
        there = MemoryStore()
        _copy(source, there)
        there.files[key + ".gz"] = bytes(len(source.files[key + ".gz"]))
        _copy(source, there)
        assert there.files[key + ".gz"] == source.files[key + ".gz"]
