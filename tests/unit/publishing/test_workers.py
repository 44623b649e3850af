"""The release is the same with any workers."""

import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from healthtopics.errors import BuildError, StorageError
from healthtopics.language import LanguageTag
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.values import Engine, Maker
from healthtopics.release import Store
from healthtopics.storage.local import LocalStore
from healthtopics.storage.processes import Processes
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.workers import Shared, spread
from support import workspaces
from support.collections import MemoryCache
from support.files import MemoryFiles
from support.stores import MemoryStore

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests 1", digest="1" * 64)
SPANISH = LanguageTag("es")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    """Enough topics to share: 40, linked in a circle; the Spanish edition of one of them is held."""
    folder: Path = tmp_path_factory.mktemp("workers") / "workspace"
    files = MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))
    topic, words = files.document("asthma"), files.own_catalogues[SPANISH]["asthma"]
    for number in range(40):
        related = [f"asthma-{(number + 1) % 40}", "cough"]
        files = files.with_topic({**topic, "id": f"asthma-{number}", "relatedTopics": related})
        files = files.with_catalogue(SPANISH, f"asthma-{number}", words)
    return files.translated(SPANISH, "asthma-7", "Asthma", "")


def _publish(files: MemoryFiles, store: Store, executor: Executor | None) -> Outcome:
    engine = Engine(executor=executor)
    return publish(files, store, now=NOW, maker=MAKER, engine=engine)


class Counting(ThreadPoolExecutor):
    """Threads that count their tasks."""

    tasks = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.tasks += 1
        return super().submit(fn, *args, **kwargs)


@pytest.fixture(scope="module")
def alone(files: MemoryFiles) -> dict[str, bytes]:
    store = MemoryStore()
    _publish(files, store, None)
    return store.objects


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_threads_make_the_same_bytes(files: MemoryFiles, alone: dict[str, bytes], workers: int) -> None:
    store = MemoryStore()
    with Counting(workers) as executor:
        outcome = _publish(files, store, executor)
        with pytest.raises(RuntimeError, match="shutdown"):  # idle workers would only keep their memory
            executor.submit(abs, 1)
    assert executor.tasks > 10
    assert store.objects == alone
    assert [(each.topic, each.language) for each in outcome.held] == [("asthma-7", "es")]


def test_processes_make_the_same_bytes(files: MemoryFiles, alone: dict[str, bytes], tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "exports")
    with Processes() as executor:
        _publish(files, store, executor)
    written = {key: store.read(key) for key in store.keys("")}
    ours = {key: data for key, data in written.items() if not key.startswith("current/")}
    assert ours == alone


def test_problems_from_workers_are_those_of_one_process(files: MemoryFiles, tmp_path: Path) -> None:
    broken = files.edited("asthma-3", relatedTopics=["nowhere"]).with_catalogue(SPANISH, "asthma-5", b"x")
    found = []
    with Processes() as executor:
        for each in (None, executor):
            with pytest.raises(BuildError) as raised:
                _publish(broken, LocalStore(tmp_path / "exports"), each)
            found.append(raised.value.problems)
    assert found[0] == found[1]
    assert {problem.check for problem in found[0]} == {"catalogue-unreadable", "unknown-topic"}


def test_little_is_not_shared(files: MemoryFiles, alone: dict[str, bytes]) -> None:
    store = MemoryStore()
    store.objects, store.current = dict(alone), 1
    cache = MemoryCache()
    _publish_with(files, store, cache, None)
    with Counting(2) as executor:
        changed = files.edited("asthma-3", kind="symptom")
        assert _publish_with(changed, store, cache, executor).is_new
    assert executor.tasks == 0


def _publish_with(files: MemoryFiles, store: Store, cache: MemoryCache, executor: Executor | None) -> Outcome:
    engine = Engine(executor=executor, cache=cache)
    return publish(files, store, now=NOW, maker=MAKER, engine=engine)


def test_a_file_that_changes_between_the_passes_stops_the_publication(files: MemoryFiles) -> None:
    class Changing(MemoryFiles):
        def topic(self, name: str) -> bytes:
            path = f"topics/{name}.json"
            changed = b" " if name == "fever" and self.log.count(path) > 1 else b""
            return super().topic(name) + changed

    changing = Changing(**{name: getattr(files, name) for name in files.__dataclass_fields__})
    changing.log.clear()
    with pytest.raises(StorageError, match=r"changed while it was being published\. Run this again"):
        _publish(changing, MemoryStore(), None)


class TestShared:
    def test_it_arrives_once(self) -> None:
        shared = Shared(["a", "b"])
        texts = [pickle.dumps(shared) for _ in range(2)]
        first, second = (pickle.loads(text) for text in texts)  # noqa: S301 - our own
        assert first is second
        assert first.value == ["a", "b"]

    def test_the_next_one_takes_its_place(self) -> None:
        restored = [pickle.loads(pickle.dumps(Shared(value))) for value in (1, 2, 1)]  # noqa: S301 - our own
        assert [each.value for each in restored] == [1, 2, 1]

    def test_without_an_executor_one_by_one(self) -> None:
        asked: list[int] = []

        def jobs() -> Iterator[int]:
            for number in range(3):
                asked.append(number)
                yield number

        results = spread(None, lambda shared, job: shared.value + job, Shared(10), jobs())
        assert next(results) == 10
        assert asked == [0]
        assert list(results) == [11, 12]
