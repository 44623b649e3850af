"""Dates and versions over several releases, and what is left of topics that are withdrawn."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from healthtopics import jsontext
from healthtopics.configuration import LanguagePolicy
from healthtopics.publishing import packaging
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.values import Engine, Maker
from healthtopics.publishing.versions import History
from healthtopics.publishing.withdrawals import Permission
from healthtopics.release import (
    INDEX,
    object_key,
    open_current,
    open_release,
    read_artifact,
    verify,
)
from support.collections import MemoryCache
from support.edits import EDITS, SPANISH, sound
from support.releases import claim, put_object
from support.stores import MemoryStore

if TYPE_CHECKING:
    from support.files import MemoryFiles

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
DAY = timedelta(days=1)
MAKER = Maker(name="tests", digest="0" * 64)


def run(store: MemoryStore, files: "MemoryFiles", *, now: datetime = NOW, **more: Any) -> Outcome:
    return publish(files, store, now=now, maker=MAKER, **more)


def artifact(store: MemoryStore, name: str, number: int | None = None) -> Any:
    opened = open_release(store, number) if number else open_current(store)
    return json.loads(read_artifact(store, name, opened.manifest.files[name]))


def canonicals(store: MemoryStore, number: int) -> dict[str, str]:
    """Return the content of canonical resources, without `meta`, by format, URL and version."""
    files = open_release(store, number).manifest.files
    found = {}
    for name, each in files.items():
        if each.format.startswith("fhir") and name.endswith(".json"):
            document = artifact(store, name, number)
            parts = [entry["resource"] for entry in document.get("entry", ()) if "resource" in entry]
            for resource in (document, *parts):
                if "url" in resource:
                    key = f"{each.format} {resource['url']}|{resource['version']}"
                    found[key] = json.dumps({**resource, "meta": None})
    return found


def test_after_a_withdrawal_no_version_has_two_contents() -> None:
    store = MemoryStore()
    run(store, sound())
    run(store, sound().without_topic("fever"), now=NOW + DAY)
    before, after = canonicals(store, 1), canonicals(store, 2)
    assert {key for key in before.keys() & after.keys() if before[key] != after[key]} == set()
    topics = "https://topics.example.org/fhir/CodeSystem/health-topic|"
    assert len({key for key in before.keys() | after.keys() if topics in key}) == 4


def test_two_releases_in_one_second_are_a_second_apart() -> None:
    store = MemoryStore()
    run(store, sound())
    outcome = run(store, EDITS["a title"](sound()))
    assert outcome.manifest.time == "2026-11-20T06:00:01Z"
    assert artifact(store, "fhir/r4/en/cough.json")["timestamp"] == "2026-11-20T06:00:01Z"
    assert artifact(store, "fhir/r4/en/fever.json")["timestamp"] == "2026-11-20T06:00:00Z"
    assert not outcome.warnings or {each.check for each in outcome.warnings} == {"stale-date"}


def test_the_moment_of_a_release_has_whole_seconds() -> None:
    store = MemoryStore()
    run(store, sound(), now=NOW + timedelta(microseconds=900_000))
    outcome = run(store, EDITS["a title"](sound()), now=NOW + timedelta(microseconds=999_999))
    assert outcome.manifest.time == "2026-11-20T06:00:01Z"


def test_a_withdrawn_topic_leaves_a_tombstone_until_it_comes_back() -> None:
    store = MemoryStore()
    run(store, sound())
    assert artifact(store, INDEX)["withdrawn"] == []
    gone = sound().without_topic("fever")
    stone = {
        "id": "fever",
        "date": "2026-11-21T06:00:00Z",
        "titles": {"en": "Fever", "es": "Fiebre"},
    }
    for day, files in ((1, gone), (2, EDITS["a title"](gone))):
        run(store, files, now=NOW + day * DAY)
        assert artifact(store, INDEX)["withdrawn"] == [stone]
    run(store, sound(), now=NOW + 3 * DAY)
    assert artifact(store, INDEX)["withdrawn"] == []
    system = artifact(store, "fhir/r5/CodeSystem/health-topic.json")
    assert [concept["code"] for concept in system["concept"]] == ["asthma", "cough", "fever"]
    assert "inactive" not in json.dumps(system["concept"])


def test_an_edition_that_leaves_alone_has_no_tombstone() -> None:
    store = MemoryStore()
    run(store, sound())
    run(store, EDITS["one language"](sound()), now=NOW + DAY, permission=Permission(names=frozenset({"es"})))
    assert artifact(store, INDEX)["withdrawn"] == []


def test_a_tombstone_survives_the_loss_of_the_index() -> None:
    store = MemoryStore()
    run(store, sound())
    files = sound().without_topic("fever")
    run(store, files, now=NOW + DAY)
    before = artifact(store, INDEX)
    key = object_key(INDEX, open_current(store).manifest.files[INDEX].sha256)
    store.objects[key] = b"damaged"
    outcome = run(store, files, now=NOW + 2 * DAY, repair=True)
    assert (outcome.is_new, artifact(store, INDEX)) == (False, before)


@pytest.mark.parametrize(
    "damage",
    [
        ["fhir/r4/en/cough.json"],
        ["fhir/r4/es/fever.json", "schemaorg/es/fever.jsonld"],
        ["fhir/r5/Organization/clinic.json", "fhir/r5/CodeSystem/health-topic.json"],
        ["fhir/r4/ndjson/Organization.ndjson"],
        ["fhir/r4/ndjson/Composition-3b.ndjson", "fhir/r4/ndjson/DocumentReference-3b.ndjson"],
    ],
    ids=" ".join,
)
def test_a_repair_restores_the_dates_of_what_was_damaged(damage: list[str]) -> None:
    store = MemoryStore()
    run(store, sound())
    files = EDITS["a title"](sound())
    run(store, files, now=NOW + DAY)
    manifest = open_current(store).manifest
    for name in damage:
        store.objects[object_key(name, manifest.files[name].sha256)] = b"damaged"
    outcome = run(store, files, now=NOW + 2 * DAY, repair=True)
    assert not outcome.is_new
    assert outcome.exported >= len(damage), "the same bytes may be in R4 and R5"
    assert not verify(store, open_current(store))


def test_what_a_repair_cannot_date_is_as_new_as_the_repair() -> None:
    store = MemoryStore()
    run(store, sound())
    names = ["fhir/r4/ndjson/Organization.ndjson", "fhir/r4/Organization/clinic.json"]
    second = run(store, EDITS["another name of the clinic"](sound()), now=NOW + DAY)
    third = run(store, EDITS["a title"](EDITS["another name of the clinic"](sound())), now=NOW + 2 * DAY)
    for name in names:
        store.objects[object_key(name, third.manifest.files[name].sha256)] = b"damaged"
    files = EDITS["a title"](sound())
    run(store, files, now=NOW + 3 * DAY, repair=True)
    clinic = artifact(store, "fhir/r4/Organization/clinic.json")
    assert clinic["meta"]["lastUpdated"] == "2026-11-23T06:00:00Z"
    assert second.is_new


def test_with_a_cache_only_the_shard_of_a_change_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "_EXAMPLES", 0)  # the documents of two topics, whatever the size
    store, engine = MemoryStore(), Engine(cache=MemoryCache())
    first = run(store, sound(), engine=engine)
    shard = [name for name in first.manifest.files if name.endswith("-29.ndjson")]
    assert shard
    for name, each in first.manifest.files.items():
        if each.topic == "asthma" or name in shard or "/Organization/" in name:
            store.objects.pop(object_key(name, each.sha256), None)
    run(store, EDITS["a Spanish sentence"](sound()), now=NOW + DAY, engine=engine)


def _undated(value: Any) -> Any:
    """Return a resource as earlier versions published it: without a date of publication."""
    if isinstance(value, list):
        return [_undated(each) for each in value]
    if isinstance(value, dict):
        return {
            name: _undated(each) for name, each in value.items() if name not in {"lastUpdated", "withdrawn"}
        }
    return value


def _as_before(store: MemoryStore) -> None:
    """Turn the current release into one of a version of the software that recorded neither."""
    opened = open_current(store)
    files = {}
    for name, each in opened.manifest.files.items():
        if name.endswith((".sqlite", ".tgz")):
            continue
        lines = read_artifact(store, name, each)
        if each.media_type == "text/html":
            data = lines
        elif name.endswith(".ndjson"):
            data = b"".join(jsontext.dump_line(_undated(json.loads(line))) for line in lines.splitlines())
        else:
            data = jsontext.dump(_undated(json.loads(lines)))
        sha256 = put_object(store, name, data)
        files[name] = structs.replace(each, sha256=sha256, length=len(data), inputs="0" * 64)
    claim(store, structs.replace(opened.manifest, files=files), now=NOW)


def test_the_first_release_after_the_upgrade_dates_everything_and_calls_nothing_changed() -> None:
    store = MemoryStore()
    run(store, sound())
    _as_before(store)
    outcome = run(store, sound(), now=NOW + DAY)
    assert outcome.is_new
    assert outcome.warnings == ()
    for name, each in outcome.manifest.files.items():
        if each.format.startswith("fhir") and name.endswith(".json"):
            assert artifact(store, name)["meta"]["lastUpdated"] == "2026-11-21T06:00:00Z", name
    assert artifact(store, "fhir/r4/en/fever.json")["entry"][0]["resource"]["date"] == "2026-11-10T00:00:00Z"
    assert not run(store, sound(), now=NOW + 2 * DAY).is_new


def test_an_edition_that_is_held_at_the_upgrade_keeps_its_form_and_gets_dates_in_bulk() -> None:
    store = MemoryStore()
    complete = sound().configured(languages={SPANISH: LanguagePolicy()})
    run(store, complete)
    held = EDITS["no Spanish sentence"](complete)
    run(store, held)
    _as_before(store)
    name = "fhir/r4/es/fever.json"
    before = artifact(store, name)
    outcome = run(store, held, now=NOW + DAY)
    assert [(each.topic, each.state) for each in outcome.held] == [("fever", "held")]
    assert artifact(store, name) == before
    lines = read_artifact(
        store,
        "fhir/r4/ndjson/Composition-04.ndjson",
        outcome.manifest.files["fhir/r4/ndjson/Composition-04.ndjson"],
    ).splitlines()
    assert {json.loads(line)["meta"]["lastUpdated"] for line in lines} == {"2026-11-21T06:00:00Z"}
    assert not run(store, held, now=NOW + 2 * DAY).is_new
    assert run(store, complete, now=NOW + 3 * DAY).is_new
    assert artifact(store, name)["timestamp"] == "2026-11-23T06:00:00Z"


def test_dates_of_an_attempt_at_another_time_are_not_those_of_the_release() -> None:
    history = History(time="2026-11-30T06:00:00Z")
    past = history.at("2026-11-20T06:00:00Z")
    past("Topic/asthma", lambda date: date)
    assert past.given == {"Topic/asthma": "2026-11-20T06:00:00Z"}
    assert history.given == {}
