"""Files that are saved while a command reads them: what is kept is kept for what was read."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from healthtopics.errors import BuildError
from healthtopics.language import LanguageTag
from healthtopics.layout import Files
from healthtopics.publishing.overview import look_at
from healthtopics.publishing.values import Engine
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.workbench.catalogues import updated_catalogues
from healthtopics.workbench.proofs import Proofs
from healthtopics.workbench.status import status_of
from support.collections import MAKER, MemoryCache
from support.files import MemoryFiles
from support.workspaces import create

SPANISH = LanguageTag("es")


@dataclass
class Saving:
    """Files, one of which is saved just before it is read for the n-th time."""

    before: MemoryFiles
    after: MemoryFiles
    path: str
    count: int
    _read: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._now, name)

    @property
    def _now(self) -> MemoryFiles:
        return self.after if self._read.count(self.path) >= self.count else self.before

    def topic(self, name: str) -> bytes:
        self._read.append(f"topic {name}")
        return self._now.topic(name)

    def catalogue(self, language: LanguageTag, name: str) -> bytes | None:
        self._read.append(f"catalogue {name}")
        return self._now.catalogue(language, name)

    def glossary(self, language: LanguageTag) -> bytes | None:
        self._read.append("glossary")
        return self._now.glossary(language)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    workspace = create(tmp_path_factory.mktemp("workspace"))
    return MemoryFiles.of(read_files(open_workspace(workspace.folder)))


def _status(files: Files, engine: Engine) -> object:
    return status_of(files, None, [SPANISH], None, maker=MAKER, engine=engine, leaves_out_faulty=True)


def _update(files: Files, engine: Engine) -> object:
    overview = look_at(files, MAKER, engine, leaves_out_faulty=True)
    texts = {name: files.catalogue(SPANISH, name) or b"" for name in files.catalogue_names(SPANISH)}
    return updated_catalogues(overview, texts, SPANISH, list(overview.topics), engine=engine)


def _looked_at(files: Files, engine: Engine) -> object:
    return look_at(files, MAKER, engine, leaves_out_faulty=True).decided


@pytest.mark.parametrize("command", [_status, _update, _looked_at])
@pytest.mark.parametrize("path", ["topic fever", "catalogue fever", "glossary"])
@pytest.mark.parametrize("count", [2, 3])
def test_nothing_is_kept_for_what_was_not_read(
    files: MemoryFiles, command: Callable[[Files, Engine], object], path: str, count: int
) -> None:
    edited = {
        "topic fever": files.edited("fever", title="High fever"),
        "catalogue fever": files.translated(SPANISH, "fever", "What is a fever?", ""),
        "glossary": files.with_glossary(
            SPANISH, {"id": "fever", "kind": "name", "english": ["fever"], "translations": ["calentura"]}
        ),
    }[path]
    cache = MemoryCache()
    command(Saving(files, edited, path, count), Engine(cache=cache))
    for each in (files, edited):
        assert command(each, Engine(cache=cache)) == command(each, Engine())


@pytest.mark.parametrize("path", ["topic fever", "catalogue fever"])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_no_proof_is_kept_of_what_was_not_read(files: MemoryFiles, path: str, count: int) -> None:
    edited = {
        "topic fever": files.edited("fever", title="High fever"),
        "catalogue fever": files.translated(SPANISH, "fever", "Fever", "La fiebre"),
    }[path]
    proofs = Proofs(MAKER)
    proofs.prove(Saving(files, edited, path, count), SPANISH, "fever")
    for each in (files, edited):
        assert proofs.prove(each, SPANISH, "fever") == Proofs(MAKER).prove(each, SPANISH, "fever")


@pytest.mark.parametrize("command", [_status, _update])
def test_a_topic_that_is_broken_meanwhile_is_reported(
    files: MemoryFiles, command: Callable[[Files, Engine], object]
) -> None:
    broken = files.with_topic({**json.loads(files.topic("fever")), "kind": 1})
    with pytest.raises(BuildError, match="kind"):
        command(Saving(files, broken, "topic fever", 3), Engine())
