"""Results for unchanged files are used, reported again, and never trusted when they do not hold."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from healthtopics.errors import BuildError
from healthtopics.language import LanguageTag
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.values import Engine, Maker
from healthtopics.release import object_key, promises_of
from healthtopics.storage.workspace import open_workspace, read_files
from support import workspaces
from support.collections import MemoryCache
from support.files import MemoryFiles
from support.histories import undated
from support.stores import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests 1", digest="1" * 64)
SPANISH = LanguageTag("es")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder: Path = tmp_path_factory.mktemp("record") / "workspace"
    return MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))


class Counting(MemoryStore):
    """A store that counts what is read."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[str] = []

    def read(self, key: str) -> bytes:
        self.log.append(key)
        return super().read(key)


class Publisher:
    """Publishes one collection after the other into one store."""

    def __init__(self) -> None:
        self.store, self.cache = Counting(), MemoryCache()

    def publish(self, files: MemoryFiles, *, days: int = 0, maker: Maker = MAKER) -> Outcome:
        files.log.clear()
        self.store.log.clear()
        now = NOW + timedelta(days=days)
        return publish(files, self.store, now=now, maker=maker, engine=Engine(cache=self.cache))


@pytest.fixture
def publisher(files: MemoryFiles) -> Publisher:
    publisher = Publisher()
    publisher.publish(files)
    return publisher


def test_nothing_is_read_twice_in_a_pass(files: MemoryFiles) -> None:
    Publisher().publish(files)
    own = [path for path in files.log if not path.endswith(("vocabulary.po", "interface.po"))]
    counts = Counter(own)
    assert set(counts.values()) == {3}, "once for its digest, once to judge it, once to export it"


def test_unchanged_files_are_read_once_and_no_artifact_but_the_index(
    files: MemoryFiles, publisher: Publisher
) -> None:
    outcome = publisher.publish(files)
    assert (outcome.is_new, outcome.exported) == (False, 0)
    own = [path for path in files.log if not path.endswith(("vocabulary.po", "interface.po"))]
    assert len(own) == len(set(own))
    index = outcome.manifest.files["topics.json"].sha256
    artifacts = promises_of(outcome.manifest)
    assert [key for key in publisher.store.log if key in artifacts] == [object_key("topics.json", index)]


def test_only_what_changed_is_read_again(files: MemoryFiles, publisher: Publisher) -> None:
    edited = files.edited("fever", kind="condition")
    publisher.publish(edited)
    own = Counter(path for path in edited.log if not path.endswith(("vocabulary.po", "interface.po")))
    again = {path for path, count in own.items() if count > 1}
    assert again == {"topics/fever.json", "locales/es/LC_MESSAGES/fever.po"}


def test_a_new_date_concerns_no_neighbour(files: MemoryFiles, publisher: Publisher) -> None:
    edited = files.edited("cough", dates=files.document("cough")["dates"] | {"updated": "2026-11-19"})
    outcome = publisher.publish(edited)
    assert "schemaorg/en/cough.jsonld" in {each["name"] for each in outcome.changes["changed"]}
    assert edited.log.count("topics/asthma.json") == 1


def test_a_changed_title_concerns_its_neighbours_alone(files: MemoryFiles, publisher: Publisher) -> None:
    edited = files.edited("cough", title="Coughing")
    publisher.publish(edited)
    own = Counter(path for path in edited.log if not path.endswith(("vocabulary.po", "interface.po")))
    assert own["topics/asthma.json"] > 1
    assert own["topics/fever.json"] == 1


def test_the_neighbours_of_a_changed_title_are_made_again(files: MemoryFiles, publisher: Publisher) -> None:
    edited = files.translated(SPANISH, "cough", "Cough", "La tos")
    outcome = publisher.publish(edited)
    changed = {each["name"] for each in outcome.changes["changed"]}
    assert {"schemaorg/es/asthma.jsonld", "schemaorg/es/cough.jsonld"} <= changed
    assert "schemaorg/es/fever.jsonld" not in changed


def test_a_link_to_a_topic_that_is_gone_is_found(files: MemoryFiles, publisher: Publisher) -> None:
    with pytest.raises(BuildError) as raised:
        publisher.publish(files.without_topic("cough"))
    assert {problem.check for problem in raised.value.problems if problem.path == "topics/asthma.json"} == {
        "unknown-topic"
    }


def test_warnings_are_reported_again(files: MemoryFiles) -> None:
    publisher = Publisher()
    accept = [*workspaces.ACCEPT, {"check": "stale-date", "reason": "Never found here."}]
    warned = files.edited("fever", accept=accept).with_catalogue(
        SPANISH, "cough", files.own_catalogues[SPANISH]["cough"].replace(b"2026-11-12 09:00", b"soon")
    )
    first = publisher.publish(warned)
    assert {warning.check for warning in first.warnings} == {"po-revision-date", "accept-unneeded"}
    assert publisher.publish(warned).warnings == first.warnings
    edited = warned.edited("asthma", kind="symptom")
    again = publisher.publish(edited).warnings
    assert {warning for warning in again if warning.check != "stale-date"} == set(first.warnings)


def test_a_glossary_is_part_of_what_topics_rest_on(files: MemoryFiles, publisher: Publisher) -> None:
    lungs = {"id": "lungs", "kind": "name", "english": ["lungs"]}
    outcome = publisher.publish(files.with_glossary(SPANISH, lungs))
    assert [(held.topic, held.problems[0].check) for held in outcome.held] == [("asthma", "name-changed")]
    assert publisher.publish(files).held == ()


def test_twins_are_part_of_what_topics_rest_on(files: MemoryFiles, publisher: Publisher) -> None:
    publisher.publish(files)
    pages = {"en": "https://pages.example.org/en", "fr": "https://pages.example.org/fr"}
    warnings = publisher.publish(files.with_twins({"pages": pages})).warnings
    assert "twins-language" in {warning.check for warning in warnings}


def test_held_editions_are_reported_again(files: MemoryFiles, publisher: Publisher) -> None:
    held = files.translated(SPANISH, "fever", "Fever", "")
    first = publisher.publish(held)
    assert [(each.topic, each.language) for each in first.held] == [("fever", "es")]
    again = publisher.publish(held)
    assert (again.is_new, again.held) == (False, first.held)


def test_a_topic_comes_and_goes_on_its_days(files: MemoryFiles) -> None:
    dates = {**files.document("fever")["dates"], "publishFrom": "2026-11-22", "withdrawFrom": "2026-11-24"}
    timed = files.edited("fever", dates=dates)
    publisher = Publisher()
    there = ["fever" in publisher.publish(timed, days=day).manifest.coverage for day in (0, 1, 2, 3, 4, 5)]
    assert there == [False, False, True, True, False, False]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _data: b"",
        lambda data: data[:-10],
        lambda data: data.replace(b"Fiebre", b"Tos"),
        lambda _data: b"[]\n",
        lambda _data: b"\xff\n",
    ],
)
def test_damaged_results_are_computed_again(files: MemoryFiles, publisher: Publisher, damage: Any) -> None:
    sound = {key: value for key, value in publisher.cache.values.items() if not key.startswith("publish:")}
    publisher.cache.values.clear()
    publisher.cache.values.update({key: damage(value) for key, value in sound.items()})
    outcome = publisher.publish(files)
    assert (outcome.is_new, outcome.exported) == (False, 0)
    assert sound.items() <= publisher.cache.values.items()


def test_values_under_other_keys_are_ignored(files: MemoryFiles, publisher: Publisher) -> None:
    """Somebody swapped them."""
    values = publisher.cache.values
    values.update(dict(zip(values, reversed(list(values.values())), strict=True)))
    edited = files.edited("fever", kind="condition")
    clean = Publisher()
    clean.publish(files)
    assert publisher.publish(edited).manifest.files == clean.publish(edited).manifest.files


def test_the_record_of_other_software_is_ignored(files: MemoryFiles, publisher: Publisher) -> None:
    outcome = publisher.publish(files, maker=replace(MAKER, digest="2" * 64))
    assert not outcome.is_new
    made = [name for name in outcome.manifest.files if not name.endswith((".sqlite", ".tgz"))]
    assert outcome.exported == len(made)
    assert publisher.publish(files, maker=replace(MAKER, digest="2" * 64)).exported == 0


def test_another_version_of_a_library_judges_again_and_makes_no_release(
    files: MemoryFiles, publisher: Publisher
) -> None:
    before = set(publisher.cache.values)
    outcome = publisher.publish(files, maker=replace(MAKER, versions=("rapidfuzz 4.0",)))
    assert (outcome.is_new, outcome.exported) == (False, 0)
    kinds = Counter(key.partition(":")[0] for key in publisher.cache.values.keys() - before)
    assert kinds == {"judged": 3, "made": 3, "documents": 3, "publish": 1}


def test_a_record_of_another_release_takes_nothing_over(files: MemoryFiles, publisher: Publisher) -> None:
    """Somebody restored older exports under a newer record."""
    old, current = dict(publisher.store.objects), publisher.store.current
    edited = files.edited("fever", kind="condition")
    publisher.publish(edited)
    publisher.store.objects, publisher.store.current = old, current
    publisher.publish(edited)
    clean = Publisher()
    clean.publish(edited)
    assert undated(publisher.store) == undated(clean.store)


def test_a_change_of_white_space_costs_one_topic_once(files: MemoryFiles, publisher: Publisher) -> None:
    spaced = replace(files, own_topics={**files.own_topics, "fever": files.own_topics["fever"] + b"\n"})
    before = set(publisher.cache.values)
    outcome = publisher.publish(spaced)
    assert (outcome.is_new, outcome.exported) == (False, 0)
    kinds = sorted(key.partition(":")[0] for key in publisher.cache.values.keys() - before)
    assert kinds == ["judged", "made", "publish"]
    publisher.publish(spaced)
    assert spaced.log.count("topics/fever.json") == 1
