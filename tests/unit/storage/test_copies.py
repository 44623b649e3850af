from pathlib import Path

import pytest

from healthtopics.copies import COPY, Copy
from healthtopics.errors import ConfigurationError, ReleaseError
from healthtopics.jsontext import dump
from healthtopics.storage.copies import CopyStore, copy_in


@pytest.fixture
def store(tmp_path: Path) -> CopyStore:
    return CopyStore(tmp_path / "copy")


def _everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


LINKS = (
    *("objects", "objects/sha256", "objects/sha256/ab", ".lock"),
    *("releases", "releases/000001", "releases/000001/pointers", "releases/1234567"),
)


@pytest.mark.parametrize("inside", LINKS)
@pytest.mark.parametrize("leads", ["to a folder", "nowhere"])
def test_nothing_is_written_through_a_link(
    store: CopyStore, elsewhere: Path, inside: str, leads: str
) -> None:
    link = store.folder / inside
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere if leads == "to a folder" else elsewhere / "nothing")
    before = _everything(store.folder)
    with pytest.raises(ConfigurationError, match=rf"{inside}: is a link.*Remove it.*Nothing was written"):
        store.locked().__enter__()
    assert _everything(store.folder) == before
    assert _everything(elsewhere) == []


@pytest.mark.parametrize("inside", [each for each in LINKS if each != ".lock"])
def test_a_file_where_a_folder_is_due(store: CopyStore, inside: str) -> None:
    (store.folder / inside).parent.mkdir(parents=True)
    (store.folder / inside).write_bytes(b"")
    with pytest.raises(ConfigurationError, match=f"{inside}: is not a folder"):
        store.locked().__enter__()


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_folder_or_a_file_in_place_of_the_link(store: CopyStore, *, is_folder: bool) -> None:
    current = store.folder / "current"
    store.folder.mkdir()
    current.mkdir() if is_folder else current.write_bytes(b"")
    with pytest.raises(ConfigurationError, match="current: is not the link that leads to the current"):
        store.locked().__enter__()
    assert _everything(store.folder) == ["current"]


def test_a_link_that_leads_nowhere_in_place_of_the_folder(store: CopyStore, elsewhere: Path) -> None:
    store.folder.symlink_to(elsewhere / "nothing")
    with pytest.raises(ConfigurationError, match="copy: is a link that leads nowhere"):
        store.locked().__enter__()
    assert _everything(elsewhere) == []


def test_a_file_in_place_of_the_folder(store: CopyStore) -> None:
    store.folder.write_bytes(b"")
    with pytest.raises(ConfigurationError, match="copy: is not a folder"):
        store.locked().__enter__()


def test_what_prevents_nothing(store: CopyStore, elsewhere: Path) -> None:
    store.folder.symlink_to(elsewhere)  # the user's own choice
    for folder in ("objects/sha256/ab", "releases/000001/pointers"):
        (elsewhere / folder).mkdir(parents=True)
    for file in ("objects/README", "objects/sha256/notes", "releases/.DS_Store", "releases/12"):
        (elsewhere / file).write_bytes(b"somebody's own")
    (elsewhere / "current").symlink_to("releases/000007/pointers")
    with store.locked():
        assert store.stage("objects/sha256/ab/x.json", (b"1",))


class TestLength:
    def test_of_a_file(self, store: CopyStore) -> None:
        store.replace("a/b", b"123")
        assert store.length("a/b") == 3

    @pytest.mark.parametrize("key", ["a/c", "a/b/c", "a", "a/link"])
    def test_of_anything_else(self, store: CopyStore, key: str) -> None:
        store.replace("a/b", b"123")
        (store.folder / "a/link").symlink_to("b")
        with pytest.raises(FileNotFoundError):
            store.length(key)


def test_a_store_says_whether_it_is_a_copy(store: CopyStore) -> None:
    assert copy_in(store) is None
    copy = Copy(made_by="pull", source="https://publisher.example")
    store.replace(COPY, dump(copy))
    assert copy_in(store) == copy
    store.replace(COPY, b"{}")
    with pytest.raises(ReleaseError, match=r"\.copy\.json: this does not say what the folder is a copy of"):
        copy_in(store)
