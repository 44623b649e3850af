"""Suggestions come from all catalogues; those that have not changed are not read again."""

import pytest

from healthtopics.cache import recall, remember
from healthtopics.catalogues.memory import Remembered
from healthtopics.language import LanguageTag
from healthtopics.publishing.overview import look_at
from healthtopics.publishing.values import Engine
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.workbench.catalogues import updated_catalogues
from support.collections import MAKER, MemoryCache
from support.files import MemoryFiles
from support.workspaces import create

SPANISH = LanguageTag("es")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    workspace = create(tmp_path_factory.mktemp("workspace"))
    return MemoryFiles.of(read_files(open_workspace(workspace.folder)))


def _updated(files: MemoryFiles, cache: MemoryCache, name: str) -> str:
    engine = Engine(cache=cache)
    overview = look_at(files, MAKER, engine)
    texts = {name: files.catalogue(SPANISH, name) or b"" for name in files.catalogue_names(SPANISH)}
    updates = updated_catalogues(overview, texts, SPANISH, list(overview.topics), engine=engine)
    return next(update.data.decode() for update in updates.catalogues if update.path.endswith(f"/{name}.po"))


def _memory(cache: MemoryCache) -> dict[str, list[Remembered]]:
    keys = {key: key for key in cache.values if key.startswith("memory:")}
    return dict(recall(cache, keys, list[Remembered]))


def test_a_suggestion_comes_from_the_cache_for_an_unchanged_catalogue(files: MemoryFiles) -> None:
    cache = MemoryCache()
    assert 'msgstr "Fiebre"' in _updated(files.edited("cough", title="Fever"), cache, "cough")
    for key, known in _memory(cache).items():
        remember(cache, {key: [each._replace(msgstr=f"{each.msgstr}!") for each in known]})
    assert 'msgstr "Asma!"' in _updated(files.edited("cough", title="Asthma"), cache, "cough")


def test_a_changed_catalogue_is_read_again(files: MemoryFiles) -> None:
    cache = MemoryCache()
    before = _updated(files.edited("cough", title="Fever"), cache, "cough")
    edited = files.edited("cough", title="Fever").translated(SPANISH, "fever", "Fever", "La fiebre")
    after = _updated(edited, cache, "cough")
    assert after == before.replace('msgstr "Fiebre"', 'msgstr "La fiebre"')


def test_no_new_message_reads_no_other_catalogue(files: MemoryFiles) -> None:
    cache = MemoryCache()
    dates = files.document("cough")["dates"] | {"updated": "2026-11-19"}
    assert "2026-11-19" in _updated(files.edited("cough", dates=dates), cache, "cough")
    assert _memory(cache) == {}
