"""The index of a release says what its artifacts say, and what was before."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from healthtopics.configuration import LanguagePolicy
from healthtopics.errors import StorageError
from healthtopics.formats.table import DEFAULT
from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import CodeRow
from healthtopics.publishing import building, indexing
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.rollback import roll_back
from healthtopics.publishing.values import PLAIN, Maker
from healthtopics.publishing.withdrawals import Permission
from healthtopics.release import (
    TOPICS_SQLITE,
    object_key,
    open_current,
    open_release,
    read_artifact,
    release_key,
)
from support.edits import EDITS, SPANISH, sound
from support.files import MemoryFiles
from support.indexes import bundled_index, bundled_release, index_of
from support.stores import MemoryStore

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests", digest="0" * 64)
ANYTHING = Permission(topics=99, names=frozenset({"es"}))


def release(files: MemoryFiles, store: MemoryStore, days: int = 0) -> Outcome:
    now = NOW + timedelta(days=days)
    return publish(files, store, now=now, maker=MAKER, permission=ANYTHING)


def current_index(store: MemoryStore) -> TopicIndex:
    return index_of(store, open_current(store).manifest)


def test_every_resource_of_the_release_is_there_once() -> None:
    store, manifest = bundled_release()
    expected = set()
    for name, artifact in manifest.files.items():
        if artifact.format == "fhir-r4":
            data = read_artifact(store, name, artifact)
            lines = data.splitlines() if name.endswith(".ndjson") else [data]
            expected |= {(each["resourceType"], each["id"]) for each in map(json.loads, lines)}
    found = bundled_index().rows("SELECT type, id FROM resources WHERE fhir = '4.0' AND is_current")
    assert sorted(found) == sorted(expected)


def test_sections_have_the_whole_text_with_its_callouts() -> None:
    ((aspect, heading, text),) = bundled_index().rows(
        "SELECT aspect, heading, text FROM sections WHERE (topic, language, id) = (?, ?, ?)",
        ("miscarriage", "es", "see-a-doctor"),
    )
    assert (aspect, heading) == ("see-a-doctor", "¿Cuándo debe buscar ayuda?")
    assert text.startswith("Llame al 911 o vaya a la sala de emergencias\nBusque ayuda")
    assert "\nTiene dolor o ardor al orinar\n" in text


def test_a_code_has_its_system_in_every_form() -> None:
    (code,) = bundled_index().rows("SELECT * FROM codes WHERE topic = 'miscarriage'")
    assert CodeRow(*code) == CodeRow(
        topic="miscarriage",
        system="mesh",
        uri="https://www.nlm.nih.gov/mesh",
        oid="2.16.840.1.113883.6.177",
        code="D000022",
        plain="D000022",
        display="Abortion, Spontaneous",
    )


def test_links_have_their_organizations_and_languages() -> None:
    found = bundled_index().rows(
        """
        SELECT title, page_language, name, organizations.url FROM links
        JOIN link_organizations USING (topic, language, category, position)
        JOIN organizations ON name = organization AND organizations.language = 'en'
        WHERE topic = 'miscarriage' AND links.language = 'es' AND links.url LIKE '%nacersano%manchado%'
        """
    )
    assert found[0] == (
        "Sangrado y manchado de la vagina durante el embarazo",
        "es",
        "March of Dimes Foundation",
        "https://www.marchofdimes.org/",
    )


def test_groups_and_categories_have_labels_in_their_order() -> None:
    index = bundled_index()
    groups = index.rows("SELECT id, label FROM groups WHERE language = 'es' ORDER BY position")
    assert groups[0] == ("pregnancy-and-reproduction", "Embarazo y reproducción")
    assert index.value("SELECT id FROM categories ORDER BY position LIMIT 1") == "start-here"


def test_nothing_new_leaves_the_index_as_it_is() -> None:
    store = MemoryStore()
    first = release(sound(), store)
    again = release(sound(), store, days=3)
    assert (again.is_new, again.manifest) == (False, first.manifest)


def test_a_change_is_listed_after_those_before() -> None:
    store = MemoryStore()
    first = release(sound(), store)
    second = release(EDITS["a heading"](sound()), store, days=1)
    index = current_index(store)
    assert index.rows("SELECT * FROM releases") == [(1, first.manifest.time), (2, second.manifest.time)]
    query = "SELECT topic, language, format, change FROM changes WHERE release = 2 AND language = 'en'"
    changed = index.rows(query)
    assert changed == [("cough", "en", each, "changed") for each in sorted(DEFAULT)]
    since = dict(index.rows("SELECT name, since FROM artifacts"))
    assert since["schemaorg/en/cough.jsonld"] == second.manifest.time
    assert since["schemaorg/en/fever.jsonld"] == first.manifest.time
    assert index.value("SELECT since FROM editions WHERE topic = 'fever'") == first.manifest.time
    versions = compositions(index, "cough-en")
    assert versions == [(first.manifest.time, 0), (second.manifest.time, 1)]


def compositions(index: TopicIndex, id_: str) -> list[tuple[str, int]]:
    """Return when each version of a Composition came, and whether it is current."""
    query = """
        SELECT last_updated, is_current FROM resources
        WHERE fhir = '4.0' AND type = 'Composition' AND id = ? ORDER BY last_updated
    """
    return index.rows(query, (id_,))


def test_a_topic_that_comes_back_has_its_earlier_versions() -> None:
    store = MemoryStore()
    first = release(sound(), store).manifest.time
    release(sound().without_topic("fever"), store, days=1)
    index = current_index(store)
    assert compositions(index, "fever-en") == [(first, 0)]
    tombstones = index.rows("SELECT topic, language, title FROM tombstones")
    assert tombstones == [("fever", "en", "Fever"), ("fever", "es", "Fiebre")]
    third = release(sound(), store, days=2).manifest.time
    assert compositions(current_index(store), "fever-en") == [(first, 0), (third, 1)]


def test_a_held_edition_keeps_its_text_and_is_marked() -> None:
    store = MemoryStore()
    files = sound().configured(languages={SPANISH: LanguagePolicy()})
    release(files, store)
    sections = "SELECT * FROM sections WHERE topic = 'asthma' AND language = 'es'"
    before = current_index(store).rows(sections)
    release(EDITS["no Spanish sentence of asthma"](files), store, days=1)
    index = current_index(store)
    state = index.row("SELECT state, as_of FROM editions WHERE topic = 'asthma' AND language = 'es'")
    assert state == ("held", "2026-11-12T09:00:00Z")
    assert index.rows(sections) == before


def test_an_edition_with_english_words_is_a_fallback() -> None:
    store = MemoryStore()
    release(EDITS["no Spanish sentence"](sound()), store)
    states = dict(current_index(store).rows("SELECT topic, state FROM editions WHERE language = 'es'"))
    assert states == {"asthma": "complete", "cough": "complete", "fever": "fallback"}


def test_a_rollback_has_an_index_of_its_release() -> None:
    store = MemoryStore()
    release(sound(), store)
    release(EDITS["a title"](sound()), store, days=1)
    roll_back(sound().configuration, store, 1, now=NOW + timedelta(days=2), maker=MAKER, permission=ANYTHING)
    index = current_index(store)
    assert index.release.number == 3
    assert index.value("SELECT title FROM editions WHERE topic = 'cough' AND language = 'en'") == "Cough"
    assert [number for (number,) in index.rows("SELECT number FROM releases")] == [1, 2, 3]


def test_the_index_says_what_every_page_of_the_release_states() -> None:
    store = MemoryStore()
    files = sound().configured(base_url="https://topics.riverside-clinic.org", trial=False)
    release(files, store)
    quiet = current_index(store).release
    assert (quiet.emergency_numbers, quiet.contact, quiet.trial) == ('["911"]', "", 0)
    stated = {"emergency_numbers": ("112", "999"), "contact": "mailto:us@example.org", "trial": True}
    release(files.configured(**stated), store, days=1)
    loud = current_index(store).release
    assert (loud.emergency_numbers, loud.contact, loud.trial) == ('["112","999"]', "mailto:us@example.org", 1)
    roll_back(files.configuration, store, 1, now=NOW + timedelta(days=2), maker=MAKER, permission=ANYTHING)
    assert current_index(store).release[-3:] == quiet[-3:]


def without_indexes(store: MemoryStore, edits: list[str]) -> MemoryFiles:
    """Publish after each edit as software did that made no index; return the files."""
    files = sound()
    with patch.object(building, "add_index", lambda _store, manifest, *_: manifest):
        for days, name in enumerate(edits):
            files = EDITS[name](files)
            release(files, store, days=days)
    return files


def test_the_first_index_knows_the_releases_that_the_store_still_has() -> None:
    store = MemoryStore()
    files = without_indexes(store, ["white space", "a heading", "a topic gone"])
    release(files, store, days=9)
    other = MemoryStore()
    for days, name in enumerate(["white space", "a heading", "a topic gone", "a date"]):
        files = EDITS[name](sound() if days == 0 else files)
        release(files, other, days=days if days < 3 else 9)
    one, two = current_index(store), current_index(other)
    for query in (
        "SELECT number FROM releases",
        "SELECT * FROM changes WHERE release < 4",
        "SELECT fhir, type, version_id FROM resources WHERE NOT is_current AND id = 'fever-en' ORDER BY 3",
        "SELECT name, since FROM artifacts WHERE topic = 'asthma'",
    ):
        assert one.rows(query) == two.rows(query)
        assert one.rows(query)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("SELECT nothing", sqlite3.OperationalError),
        ("CREATE TABLE a (b); INSERT INTO a VALUES (zeroblob(9000))", StorageError),
    ],
)
def test_only_a_disk_that_fails_is_taken_for_one(statement: str, error: type[Exception]) -> None:
    def write(*_arguments: object) -> None:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(f"PRAGMA max_page_count = 2; {statement}")

    with patch.object(indexing, "write_index", write), pytest.raises(error):
        release(sound(), MemoryStore())


def test_other_stems_make_another_index() -> None:
    store = MemoryStore()
    release(sound(), store)
    assert not release(sound(), store, days=1).is_new
    with patch.object(indexing, "version", lambda name: f"another {name}"):
        outcome = release(sound(), store, days=2)
    assert (outcome.is_new, [each["name"] for each in outcome.changes["changed"]]) == (True, [TOPICS_SQLITE])


def test_a_damaged_index_of_the_last_release_does_not_stop_the_next() -> None:
    store = MemoryStore()
    manifest = release(sound(), store).manifest
    store.objects[object_key(TOPICS_SQLITE, manifest.files[TOPICS_SQLITE].sha256)] = b"damaged"
    release(EDITS["a heading"](sound()), store, days=1)
    assert current_index(store).value("SELECT count(*) FROM releases") == 2


@pytest.mark.parametrize("number", [1, 2])
def test_a_damaged_index_is_made_again_from_the_other_artifacts(number: int) -> None:
    store = MemoryStore()
    release(sound(), store)
    release(EDITS["a heading"](sound()), store, days=1)
    manifest = open_release(store, number).manifest
    key = object_key(TOPICS_SQLITE, manifest.files[TOPICS_SQLITE].sha256)
    whole = store.objects[key]
    store.objects[key] = b"damaged"
    assert indexing.restore_index(store, manifest, PLAIN.folder)
    assert store.objects[key] == whole


def prune(store: MemoryStore, number: int) -> None:
    for key in list(store.keys(release_key(number))):
        del store.objects[key]


def test_an_index_that_cannot_be_restored_is_made_from_scratch() -> None:
    store = MemoryStore()
    release(sound(), store)
    files = EDITS["a heading"](sound())
    manifest = release(files, store, days=1).manifest
    prune(store, 1)
    index = manifest.files[TOPICS_SQLITE]
    store.objects[object_key(TOPICS_SQLITE, index.sha256)] = b"damaged"
    assert not indexing.restore_index(store, manifest, PLAIN.folder)
    outcome = publish(files, store, now=NOW + timedelta(days=2), maker=MAKER, repair=True)
    assert (outcome.is_new, outcome.manifest.number) == (True, 3)
    assert [each["name"] for each in outcome.changes["changed"]] == [TOPICS_SQLITE]
