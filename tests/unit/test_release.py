from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from healthtopics import jsontext
from healthtopics.errors import IntegrityError, NoCurrentReleaseError, ReleaseError
from healthtopics.problems import Problem
from healthtopics.release import (
    CURRENT,
    POINTER,
    Held,
    Manifest,
    Previous,
    Promise,
    Split,
    compare,
    instant,
    next_sequence,
    numbers,
    object_key,
    open_current,
    open_release,
    part_key,
    point_to,
    put_parts,
    read_artifact,
    read_manifest,
    read_parts,
    refuse,
    release_in,
    release_key,
    sequence_of,
    shard_of,
    split,
    verify,
)
from healthtopics.schema import packaged
from support.releases import NOW, TITLES, MemoryStore, claim, confirm, publish, put_object

HELD = Held(
    topic="asthma",
    language="es",
    state="withheld",
    as_of=None,
    coverage={"messages": 2, "translated": 1},
    problems=(Problem(check="message-missing", path="es/asthma.po", message="it is not translated."),),
)
ASTHMA = "schemaorg/es/asthma.jsonld"
ARTIFACT = {
    "sha256": "0" * 64,
    "length": 1,
    "mediaType": "application/json",
    "format": "index",
    "inputs": "0" * 64,
}


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


# ── the manifest ──


def _read(stored: Split) -> Manifest:
    texts = {Promise.of(data): data for data in stored.parts.values()}
    return read_manifest(jsontext.load(stored.text), "manifest.json", texts.__getitem__)


def _not_read(promise: Promise) -> bytes:
    raise AssertionError(f"{promise} is read")


@pytest.mark.parametrize(
    "held",
    [HELD, structs.replace(HELD, state="held", as_of="2026-11-01T00:00:00Z")],
    ids=["of earlier software", "held"],
)
def test_manifest_comes_back(store: MemoryStore, held: Held) -> None:
    publish(store)
    manifest = structs.replace(
        publish(store).manifest, held=(held,), coverage={"asthma": {"es": {"messages": 2}}}
    )
    assert _read(split(manifest)) == manifest


def test_manifest_of_version_1_comes_back(store: MemoryStore) -> None:
    manifest = structs.replace(publish(store).manifest, manifest_version=1, held=(HELD,))
    document = jsontext.load(jsontext.dump(manifest))
    assert read_manifest(document, "manifest.json", _not_read) == manifest
    assert read_parts(document, "manifest.json") == {}


def test_release_of_version_1_is_opened_and_verified(store: MemoryStore) -> None:
    manifest = structs.replace(publish(store).manifest, manifest_version=1)
    claim(store, manifest)
    opened = open_current(store)
    assert (opened.manifest, opened.parts, verify(store, opened)) == (manifest, {}, [])
    second = publish(store)
    assert second.manifest.previous == Previous(1, opened.sha256)
    assert second.manifest.says_the_same(manifest)


class TestParts:
    @pytest.fixture
    def manifest(self, store: MemoryStore) -> Manifest:
        titles = {f"topic-{number}": {"en": f"Topic {number}"} for number in range(200)}
        return publish(store, titles).manifest

    def test_topics_are_with_their_ndjson_files_and_what_spans_all_is_by_itself(
        self, manifest: Manifest
    ) -> None:
        shard = f"{shard_of('topic-7'):02x}"
        ndjson = f"fhir/r4/ndjson/Composition-{shard}.ndjson"
        files = {**manifest.files, ndjson: manifest.files["topics.json"]}
        parts = split(structs.replace(manifest, files=files)).parts
        assert len(parts) < 65, "some shards have no topic here"
        assert b'"topics.json"' in parts["collection"]
        assert b"topic-7.json" in parts[shard]
        assert ndjson.encode() in parts[shard]

    def test_those_in_which_nothing_has_changed_are_shared(self, manifest: Manifest) -> None:
        name = "fhir/r4/en/topic-7.json"
        changed = {**manifest.files, name: structs.replace(manifest.files[name], length=1)}
        old, new = split(manifest), split(structs.replace(manifest, number=2, files=changed))
        assert {each for each in old.parts if old.parts[each] != new.parts[each]} == {
            f"{shard_of('topic-7'):02x}"
        }
        assert len(new.text) < 20_000

    def test_what_a_digest_does_not_name_is_refused(self, store: MemoryStore, manifest: Manifest) -> None:
        opened = open_current(store)
        key = part_key(opened.parts["collection"])
        store.replace(key, store.read(key).replace(b"topics.json", b"topicz.json"))
        with pytest.raises(IntegrityError, match="expected SHA-256"):
            open_current(store)
        del store.files[key]
        with pytest.raises(IntegrityError, match="found nothing"):
            open_release(store, 1)
        assert manifest.number == 1

    @pytest.mark.parametrize(
        ("part", "member"),
        [
            ("collection", {"files": {"topics.json": ARTIFACT | {"topic": "topic-7"}}}),
            ("00", {"files": {"topics.json": ARTIFACT}}),
            ("collection", {"coverage": {"topic-7": {"en": {"messages": 1}}}}),
            ("collection", {"held": [{**structs.asdict(HELD), "asOf": None, "problems": []}]}),
        ],
    )
    def test_what_belongs_to_another_part_is_refused(
        self, manifest: Manifest, part: str, member: dict[str, Any]
    ) -> None:
        stored = split(manifest)
        data = jsontext.dump_line({"coverage": {}, "held": [], "files": {}} | member)
        root = jsontext.load(stored.text)
        root["parts"] = {part: structs.asdict(Promise.of(data))}
        with pytest.raises(ReleaseError, match="does not belong"):
            read_manifest(root, "manifest.json", lambda _promise: data)

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"files": []}, id="files of a wrong type"),
            pytest.param({"files": {"a.json": {"length": 1}}}, id="artifact without digest"),
            pytest.param({"held": [{}]}, id="held without topic"),
            pytest.param({"files": {"LICENSE": ARTIFACT}}, id="name without suffix"),
            pytest.param({"files": {"../a.json": ARTIFACT}}, id="name outside the store"),
            pytest.param({"files": {"a.json\n": ARTIFACT}}, id="name that ends with a line break"),
            pytest.param({"files": {"a.json": ARTIFACT | {"length": -1}}}, id="negative length"),
            pytest.param({"files": {"a.json": ARTIFACT | {"sha256": "A" * 64}}}, id="digest in capitals"),
        ],
    )
    def test_an_invalid_one_is_refused(self, manifest: Manifest, change: dict[str, Any]) -> None:
        data = jsontext.dump_line({"coverage": {}, "held": [], "files": {}} | change)
        root = jsontext.load(split(manifest).text)
        root["parts"] = {"collection": structs.asdict(Promise.of(data))}
        with pytest.raises(ReleaseError, match=r"objects/sha256/.*: this is not a manifest"):
            read_manifest(root, "manifest.json", lambda _promise: data)
        whole = jsontext.load(jsontext.dump(structs.replace(manifest, manifest_version=1)))
        with pytest.raises(ReleaseError, match=r"manifest.json: this is not a manifest"):
            read_manifest({**whole, **change}, "manifest.json", _not_read)


def test_first_manifest_has_no_previous_and_the_next_names_it(store: MemoryStore) -> None:
    first, second = publish(store), publish(store)
    assert first.manifest.previous is None
    assert second.manifest.previous == Previous(1, first.sha256)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"manifestVersion": 3}, id="later version"),
        pytest.param({"manifestVersion": None}, id="no version"),
        pytest.param({"number": 1.0}, id="number with a fraction"),
        pytest.param({"previous": 3}, id="previous of a wrong type"),
        pytest.param({"number": 0}, id="number below one"),
        pytest.param({"previous": {"number": 1, "sha256": "x"}}, id="digest that is none"),
        pytest.param({"parts": []}, id="parts of a wrong type"),
        pytest.param({"parts": {"40": {"sha256": "0" * 64, "length": 1}}}, id="part of no shard"),
        pytest.param({"parts": {"00": {"sha256": "../0", "length": 1}}}, id="part at another place"),
    ],
)
def test_an_invalid_manifest_is_refused(store: MemoryStore, change: dict[str, Any]) -> None:
    document = {**jsontext.load(publish(store).text), **change}
    for read in (
        lambda: read_manifest(document, "manifest.json", _not_read),
        lambda: read_parts(document, "manifest.json"),
    ):
        with pytest.raises(ReleaseError, match=r"manifest.json: "):
            read()


@pytest.mark.parametrize("member", packaged("public/manifest.schema.json")["required"])
def test_a_manifest_without_a_required_member_is_refused(store: MemoryStore, member: str) -> None:
    document = jsontext.load(publish(store).text)
    del document[member]
    with pytest.raises(ReleaseError, match=r"manifest.json: "):
        read_manifest(document, "manifest.json", _not_read)


@pytest.mark.parametrize("document", [[], "x", None, {}], ids=repr)
def test_document_of_another_kind_is_not_a_manifest(document: Any) -> None:
    with pytest.raises(ReleaseError, match=r"manifest\.json: .*manifest"):
        read_manifest(document, "manifest.json", _not_read)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            {"time": "2030-01-01T00:00:00Z", "software": "x", "number": 9}, True, id="when and by what"
        ),
        pytest.param({"languages": ("en",)}, False, id="languages"),
        pytest.param({"base_url": "https://other.example"}, False, id="base URL"),
        pytest.param({"held": (HELD,)}, False, id="held"),
        pytest.param({"files": {}}, False, id="files"),
    ],
)
def test_manifest_differs_only_if_a_reader_could_notice(
    store: MemoryStore,
    change: dict[str, Any],
    expected: bool,  # noqa: FBT001 - a case's value
) -> None:
    manifest = publish(store).manifest
    assert structs.replace(manifest, **change).says_the_same(manifest) is expected


def test_first_release_always_says_something_new(store: MemoryStore) -> None:
    assert not publish(store).manifest.says_the_same(None)


# ── what changed ──


def test_changes_against_nothing_are_all_added(store: MemoryStore) -> None:
    manifest = publish(store).manifest
    changes = compare(manifest, None, {})
    assert (changes["number"], changes["previous"]) == (1, None)
    assert [each["name"] for each in changes["added"]] == sorted(manifest.files)
    assert changes["changed"] == changes["removed"] == []


def test_changes_name_what_to_fetch_and_what_to_forget(store: MemoryStore) -> None:
    old = publish(store).manifest
    titles = {"miscarriage": {**TITLES["miscarriage"], "es": "Pérdida del embarazo"}, "flu": {"en": "Flu"}}
    new = publish(store, titles).manifest
    changes = compare(new, old, {})
    assert "schemaorg/en/flu.jsonld" in {each["name"] for each in changes["added"]}
    changed = {each["name"]: each for each in changes["changed"]}
    assert changed["schemaorg/es/miscarriage.jsonld"] == {
        "name": "schemaorg/es/miscarriage.jsonld",
        "format": "schemaorg",
        "topic": "miscarriage",
        "language": "es",
        "sha256": new.files["schemaorg/es/miscarriage.jsonld"].sha256,
        "previousSha256": old.files["schemaorg/es/miscarriage.jsonld"].sha256,
    }
    assert "schemaorg/en/miscarriage.jsonld" not in changed
    assert {each["name"] for each in changes["removed"]} == {name for name in old.files if "asthma" in name}
    assert all("sha256" not in each for each in changes["removed"])


# ── keys, times, pointers ──


def test_object_is_under_its_digest_with_the_suffix_of_its_name() -> None:
    assert object_key("fhir/r4/es/asthma.json", "ab" + "0" * 62) == f"objects/sha256/ab/ab{'0' * 62}.json"
    assert object_key("a.b/c.jsonld", "f" * 64).endswith(".jsonld")


def test_releases_are_numbered_by_their_manifests(store: MemoryStore) -> None:
    for key in (
        "releases/000002/manifest.json",
        "releases/000001/manifest.json",
        "releases/000003/changes.json",
    ):
        store.create(key, b"{}")
    store.create("releases/1000000/manifest.json", b"{}")
    assert numbers(store) == [1, 2, 1_000_000]
    assert release_key(1_000_000, "x") == "releases/1000000/x"


def test_instant_is_utc_in_whole_seconds() -> None:
    moment = datetime(2026, 11, 20, 1, 2, 3, 999, tzinfo=timezone(timedelta(hours=2)))
    assert instant(moment) == "2026-11-19T23:02:03Z"


def test_pointer_expires_after_twice_the_cadence() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    pointer = point_to(7, manifest=b"1234", changes=b"12", confirmation=confirm(5, now))
    assert pointer == {
        "number": 7,
        "sequence": 5,
        "manifest": {
            "key": "releases/000007/manifest.json",
            "sha256": jsontext.digest(b"1234"),
            "length": 4,
        },
        "changes": {"key": "releases/000007/changes.json", "sha256": jsontext.digest(b"12"), "length": 2},
        "time": "2026-11-20T00:00:00Z",
        "expires": "2026-11-22T00:00:00Z",
    }


@given(st.integers(1, 10**12 - 1), st.sampled_from(["manifest.json", POINTER, "changes.json"]))
def test_a_key_says_of_which_release_it_is(number: int, name: str) -> None:
    assert release_in(release_key(number, name)) == (number, name)


@pytest.mark.parametrize(
    "key",
    [
        "releases/1/manifest.json",
        "releases/0000001/manifest.json",
        "releases/000001/",
        "releases/000001",
        f"releases/{'9' * 5000}/manifest.json",
        "releases/٠٠٠٠٠١/manifest.json",
        "releases/000001/manifest.json\n",
        "x/releases/000001/manifest.json",
        CURRENT,
    ],
)
def test_any_other_key_is_of_no_release(key: str) -> None:
    assert release_in(key) is None


class TestNextSequence:
    def test_it_begins_with_one(self, store: MemoryStore) -> None:
        assert next_sequence(store) == 1

    def test_it_is_one_more_than_the_last(self, store: MemoryStore) -> None:
        publish(store)
        publish(store)
        assert next_sequence(store) == 3

    def test_a_pointer_of_older_software_counts_as_none(self, store: MemoryStore) -> None:
        key = release_key(1, POINTER)
        pointer = {name: each for name, each in publish(store).pointer.items() if name != "sequence"}
        store.replace(key, jsontext.dump(pointer))
        assert (sequence_of(pointer), next_sequence(store)) == (0, 1)

    def test_readers_may_have_seen_a_switch_that_was_lost(self, store: MemoryStore) -> None:
        publish(store)
        publish(store)
        store.switch(1)
        assert next_sequence(store) == 3

    def test_a_release_that_was_only_claimed_has_none(self, store: MemoryStore) -> None:
        publish(store)
        store.create(release_key(2, "manifest.json"), b"{}")
        store.current = None
        assert next_sequence(store) == 2

    @pytest.mark.parametrize("text", [b"", b"[]", b'{"number": 2}'])
    def test_after_damage_it_leaps(self, store: MemoryStore, text: bytes) -> None:
        publish(store)
        publish(store)
        store.replace(release_key(2, POINTER), text)
        assert next_sequence(store) == 1_000_001, "more than release 2 can have had"


# ── opening and reading ──


def test_current_release_is_opened_with_its_pointer(store: MemoryStore) -> None:
    publish(store)
    published = publish(store)
    opened = open_current(store)
    assert (opened, opened.manifest.number) == (published, 2)
    assert opened.pointer["time"] == instant(NOW)


def test_older_release_is_opened_by_number(store: MemoryStore) -> None:
    first = publish(store)
    publish(store)
    assert open_release(store, 1) == replace(first, pointer={})
    assert set(first.parts) >= {"collection", f"{shard_of('asthma'):02x}"}


def test_unknown_release_names_the_known_ones(store: MemoryStore) -> None:
    with pytest.raises(ReleaseError, match="Known releases: none"):
        open_release(store, 3)
    publish(store)
    publish(store)
    with pytest.raises(ReleaseError, match=r"no release 3\. Known releases: 1, 2"):
        open_release(store, 3)


def test_empty_store_has_no_current_release(store: MemoryStore) -> None:
    with pytest.raises(NoCurrentReleaseError):
        open_current(store)


@pytest.mark.parametrize(
    "pointer",
    [
        [],
        {},
        {"manifest": {}},
        {"number": 1, "manifest": {"key": "x", "sha256": "y"}},
        {"number": "1", "manifest": {"sha256": "y", "length": 1}},
        {"number": 1.0, "manifest": {"sha256": "y", "length": 1}},
        {"number": None, "manifest": {"sha256": "y", "length": 1}},
    ],
    ids=str,
)
def test_pointer_to_nothing_is_refused(store: MemoryStore, pointer: object) -> None:
    store.create(CURRENT, jsontext.dump(pointer))
    with pytest.raises(ReleaseError, match="not a pointer to a release"):
        open_current(store)


def test_key_in_a_pointer_leads_nowhere(store: MemoryStore) -> None:
    published = publish(store)
    key = release_key(1, "pointers/current.json")
    for elsewhere in (b"../../etc/passwd", b"releases/000002/manifest.json"):
        store.replace(
            key, jsontext.dump(published.pointer).replace(b"releases/000001/manifest.json", elsewhere)
        )
        assert open_current(store).manifest == published.manifest


def test_manifest_in_place_of_another_is_refused(store: MemoryStore) -> None:
    text = publish(store).text
    pointer = point_to(2, manifest=text, changes=b"", confirmation=confirm(1))
    store.replace(release_key(2, "manifest.json"), text)
    store.replace(release_key(2, "pointers/current.json"), jsontext.dump(pointer))
    store.switch(2)
    with pytest.raises(ReleaseError, match="says that it is release 1"):
        open_current(store)


def test_problems_of_what_is_offered_are_reported_up_to_a_limit() -> None:
    problem = Problem(check="public-schema", path="manifest.json", message="it is none.")
    refuse([])
    with pytest.raises(ReleaseError, match=r"(manifest\.json.*\n){10}… and 15 more\.$"):
        refuse([problem] * 25)


def test_current_manifest_that_is_missing_or_altered_is_refused(store: MemoryStore) -> None:
    opened = publish(store)
    key = release_key(1, "manifest.json")
    store.replace(key, opened.text.replace(b"tests", b"testX"))
    with pytest.raises(IntegrityError, match="expected SHA-256"):
        open_current(store)
    store.replace(key, opened.text + b" ")
    with pytest.raises(IntegrityError, match=r"expected [0-9]+ bytes, found [0-9]+ bytes"):
        open_current(store)
    del store.files[key]
    with pytest.raises(IntegrityError, match="found nothing"):
        open_current(store)


def test_every_damaged_artifact_is_found(store: MemoryStore) -> None:
    opened = publish(store)
    assert verify(store, opened) == []
    other = "schemaorg/en/asthma.jsonld"
    keys = {name: object_key(name, opened.manifest.files[name].sha256) for name in (ASTHMA, other)}
    store.replace(keys[ASTHMA], b"damaged")
    del store.files[keys[other]]
    assert {error.key for error in verify(store, opened)} == set(keys.values())


def test_each_artifact_is_a_step(store: MemoryStore) -> None:
    opened = publish(store)
    steps: list[tuple[int, int]] = []
    verify(store, opened, lambda done, total: steps.append((done, total)))
    count = len(opened.manifest.files)
    assert steps == [(done, count) for done in range(count)]


def test_artifact_is_read_back_unchanged(store: MemoryStore) -> None:
    artifact = publish(store).manifest.files[ASTHMA]
    assert jsontext.parse(read_artifact(store, ASTHMA, artifact), ASTHMA)["title"] == "Asma"


def test_object_left_empty_by_a_power_cut_is_replaced(store: MemoryStore) -> None:
    key = object_key("a.json", jsontext.digest(b"{}"))
    store.create(key, b"")
    assert object_key("a.json", put_object(store, "a.json", b"{}")) == key
    assert store.read(key) == b"{}"


def test_object_that_exists_is_left_alone(store: MemoryStore) -> None:
    before = put_object(store, "a.json", b"{}")
    assert put_object(store, "b.json", b"{}") == before
    assert list(store.keys("objects/")) == [object_key("a.json", before)]


def test_object_in_parts_is_the_object_they_make(store: MemoryStore) -> None:
    whole = put_object(store, "a.ndjson", b"{}\n[]\n")
    assert put_parts(store, "b.ndjson", (b"{}\n", b"[]\n")) == (whole, 6)
    store.replace(object_key("a.ndjson", whole), b"{}")
    put_parts(store, "b.ndjson", (b"{}\n", b"[]\n"))
    assert store.read(object_key("a.ndjson", whole)) == b"{}\n[]\n"


def test_object_from_parts_that_come_only_once_is_whole(store: MemoryStore) -> None:
    sha256, length = put_parts(store, "a.ndjson", iter((b"{}\n", b"[]\n")))
    assert (store.read(object_key("a.ndjson", sha256)), length) == (b"{}\n[]\n", 6)


def test_manifest_of_a_later_version_is_not_opened(store: MemoryStore) -> None:
    manifest = publish(store).manifest
    claim(store, manifest)
    later = jsontext.dump({**jsontext.load(split(manifest).text), "manifestVersion": 3})
    store.replace(release_key(1, "manifest.json"), later)
    with pytest.raises(ReleaseError, match="Use a version of healthtopics that knows it"):
        open_release(store, 1)
