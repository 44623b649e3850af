import pytest

from healthtopics.errors import HealthTopicsError, NoCurrentReleaseError
from healthtopics.jsontext import dump
from healthtopics.publishing.announcing import announcements
from healthtopics.release import CURRENT, release_key
from support.stores import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    for number in (1, 2, 4):
        made.replace(release_key(number, "manifest.json"), dump({"time": f"2026-11-{number:02d}T06:00:00Z"}))
    point(made, 4)
    return made


def point(store: MemoryStore, number: int) -> None:
    store.replace(CURRENT, dump({"number": number, "manifest": {"sha256": "0" * 64, "length": 1}}))


@pytest.mark.parametrize(
    ("since", "expected"),
    [(None, [4]), (0, [1, 2, 4]), (1, [2, 4]), (2, [4]), (3, [4]), (4, [4]), (9, [4])],
)
def test_releases_after_a_number_up_to_the_current_one(
    store: MemoryStore, since: int | None, expected: list[int]
) -> None:
    assert [each.number for each in announcements(store, since)] == expected


def test_a_release_that_is_not_current_yet_is_not_announced(store: MemoryStore) -> None:
    point(store, 2)
    assert [each.number for each in announcements(store, 0)] == [1, 2]


def test_nothing_is_published() -> None:
    with pytest.raises(NoCurrentReleaseError):
        announcements(MemoryStore(), None)


def test_an_old_release_that_is_removed_in_this_moment_is_left_out(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(store.keys("releases/"))
    del store.objects[release_key(2, "manifest.json")]
    monkeypatch.setattr(MemoryStore, "keys", lambda _store, _prefix: iter(before))
    assert [each.number for each in announcements(store, 0)] == [1, 4]


@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize("data", [b"{}", b"[]", b"{", b"null"])
def test_a_damaged_manifest_is_reported(store: MemoryStore, number: int, data: bytes) -> None:
    store.replace(release_key(number, "manifest.json"), data)
    with pytest.raises(HealthTopicsError, match=f"releases/00000{number}/manifest.json"):
        announcements(store, 1)


@pytest.mark.parametrize("data", [b"{}", b"[]", b"null"])
def test_a_damaged_pointer_is_reported(store: MemoryStore, data: bytes) -> None:
    store.replace(CURRENT, data)
    with pytest.raises(HealthTopicsError, match="not a pointer to a release"):
        announcements(store, 1)


def test_a_missing_current_manifest_is_reported(store: MemoryStore) -> None:
    del store.objects[release_key(4, "manifest.json")]
    with pytest.raises(HealthTopicsError, match=r"releases/000004/manifest\.json: expected a manifest"):
        announcements(store, 1)
