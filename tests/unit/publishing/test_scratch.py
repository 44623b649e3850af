"""What the first pass translates is handed to the second, and the release is the same without that."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from healthtopics.cache import NO_CACHE, Cache
from healthtopics.language import LanguageTag
from healthtopics.publishing.publication import publish
from healthtopics.publishing.values import Engine, Maker
from healthtopics.storage.workspace import open_workspace, read_files
from support import workspaces
from support.collections import MemoryCache
from support.files import MemoryFiles
from support.stores import MemoryStore

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests 1", digest="1" * 64)
SPANISH = LanguageTag("es")


class Forgetful(MemoryCache):
    """Loses everything."""

    def write(self, values: Mapping[str, bytes]) -> None:
        del values


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder = tmp_path_factory.mktemp("scratch") / "workspace"
    files = MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))
    return files.translated(SPANISH, "asthma", "Asthma", "")


def _publish(files: MemoryFiles, scratch: Cache) -> tuple[dict[str, bytes], list[str]]:
    """Return what is in the store, and what was read of the files."""
    store = MemoryStore()
    files.log.clear()
    publish(files, store, now=NOW, maker=MAKER, engine=Engine(scratch=scratch))
    return store.objects, list(files.log)


def test_the_release_is_the_same_with_fewer_files_read(files: MemoryFiles) -> None:
    plain, read = _publish(files, NO_CACHE)
    handed, read_with_scratch = _publish(files, MemoryCache())
    assert handed == plain
    assert len(read_with_scratch) < len(read)


def test_what_is_lost_is_translated_again(files: MemoryFiles) -> None:
    assert _publish(files, Forgetful()) == _publish(files, NO_CACHE)
