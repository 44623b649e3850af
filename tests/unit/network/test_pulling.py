import gzip
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from healthtopics.copies import COPY, EVERYTHING, Selection
from healthtopics.errors import (
    ConfigurationError,
    HealthTopicsError,
    IntegrityError,
    NetworkError,
    NothingSelectedError,
    ReleaseError,
    StorageError,
)
from healthtopics.jsontext import digest, dump
from healthtopics.network.fetching import TIMEOUT
from healthtopics.network.pull import PullResult, pull
from healthtopics.network.receiving import _Room
from healthtopics.problems import printable
from healthtopics.release import (
    CURRENT,
    object_key,
    open_current,
    open_release,
    part_key,
    point_to,
    release_key,
    verify,
)
from healthtopics.server.service import Service
from support.hosts import unread
from support.releases import TITLES, MemoryStore, claim, confirm, publish, put_object
from support.serving import client_of

EXPIRES = "2026-11-22T12:30:15Z"
MANIFEST = "releases/000001/manifest.json"
URL = "https://publisher.example/health"
REVISED = {**TITLES, "asthma": {"en": "Asthma, revised", "es": "Asma"}}

Answer = Callable[[httpx.Request], httpx.Response | None]


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


class Publisher:
    """A static host of a store; `answer` may answer in its place."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.asked: list[str] = []
        self.answer: Answer = lambda _request: None
        self.client = httpx.Client(transport=httpx.MockTransport(self._respond))

    def _respond(self, request: httpx.Request) -> httpx.Response:
        key = request.url.path.removeprefix("/health/")
        self.asked.append(key)
        is_pointer = key.endswith("current.json")
        assert request.headers["Accept-Encoding"] == ("identity" if is_pointer else "gzip")
        answer = self.answer(request)
        if answer is not None:
            return unread(answer)
        try:
            return unread(httpx.Response(200, content=self.store.read(key)))
        except FileNotFoundError:
            return httpx.Response(404)

    def pull(self, store: MemoryStore, url: str = URL) -> PullResult:
        self.asked.clear()
        return pull(self.client, url, store)

    def rewrite(self, number: int, name: str, change: Callable[[Any], Any]) -> None:
        """Change a file of a release; the pointer vouches for it."""
        key, pointer = release_key(number, name), release_key(number, "pointers/current.json")
        self.store.files[key] = dump(change(json.loads(self.store.files[key])))
        if key != pointer:
            manifest, changes = (
                self.store.files[release_key(number, part)] for part in ("manifest.json", "changes.json")
            )
            pointed = point_to(number, manifest=manifest, changes=changes, confirmation=confirm(number))
            self.store.files[pointer] = dump(pointed)

    def tamper(self, change: Callable[[dict[str, Any]], object], key: str = CURRENT) -> None:
        """Serve a changed document in place of a file."""
        document = json.loads(self.store.read(key))
        change(document)
        data = json.dumps(document).encode()
        self.answer = lambda request: (
            httpx.Response(200, content=data) if request.url.path == f"/health/{key}" else None
        )


@pytest.fixture
def publisher() -> Publisher:
    publisher = Publisher()
    publish(publisher.store)
    return publisher


class DiskStore(MemoryStore):
    """A store that loses objects that were not flushed when the power is cut, and can fail."""

    def __init__(self) -> None:
        super().__init__()
        self.unflushed: set[str] = set()
        self.fail_at = ""
        self.log: list[str] = []

    def _write(self, what: str) -> None:
        if what == self.fail_at:
            raise StorageError(f"{what} failed")
        self.log.append(what)

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        self._write(key)
        if key in self.files:
            return False
        self.unflushed.add(key)
        return super().stage(key, parts)

    def replace(self, key: str, data: bytes) -> None:
        self._write(key)
        self.unflushed.discard(key)
        super().replace(key, data)

    def flush(self) -> None:
        self._write("flush")
        self.unflushed.clear()

    def switch(self, number: int) -> None:
        self._write(f"switch {number}")
        super().switch(number)

    def cut_power(self) -> None:
        self.files.update(dict.fromkeys(self.unflushed, b""))
        self.unflushed.clear()


@pytest.fixture
def here() -> DiskStore:
    return DiskStore()


def refused(publisher: Publisher, here: MemoryStore, error: type[HealthTopicsError] = ReleaseError) -> str:
    """Pull, expect to fail, and see that the store's current release is what it was."""
    before = here.current
    with pytest.raises(error) as raised:
        publisher.pull(here)
    assert here.current == before
    if before is not None:
        assert verify(here, open_current(here)) == []
    return str(raised.value)


def test_the_first_pull_brings_everything(publisher: Publisher, here: MemoryStore) -> None:
    result = publisher.pull(here)
    manifest = open_current(here).manifest
    own = json.loads(here.files.pop(COPY))
    assert own == {"madeBy": "pull", "source": URL, "flushed": digest(here.read(MANIFEST))}
    assert here.files == publisher.store.files
    assert verify(here, open_current(here)) == []
    objects = {object_key(name, each.sha256): each.length for name, each in manifest.files.items()}
    assert result == PullResult(
        number=1, expires=EXPIRES, fetched=len(objects), reused=0, bytes=sum(objects.values())
    )


def test_a_release_that_is_here_costs_one_conditional_request(
    publisher: Publisher, here: MemoryStore
) -> None:
    publisher.pull(here)
    tag = f'"{digest(publisher.store.read(CURRENT))}"'

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["If-None-Match"] == tag
        return httpx.Response(304)

    publisher.answer = answer
    assert publisher.pull(here) == PullResult(number=1, expires=EXPIRES, unchanged=True)
    assert publisher.asked == [CURRENT]


def test_a_renewed_pointer_is_taken_over(publisher: Publisher, here: MemoryStore) -> None:
    publisher.pull(here)
    key = "releases/000001/pointers/current.json"
    renewed = publisher.store.read(key).replace(b"2026-11-22", b"2026-11-29")
    publisher.store.replace(key, renewed)
    renewal = PullResult(number=1, expires="2026-11-29T12:30:15Z", unchanged=True)
    assert publisher.pull(here) == renewal
    assert here.read(CURRENT) == renewed


def test_only_what_is_new_is_fetched(publisher: Publisher, here: MemoryStore) -> None:
    publisher.pull(here)
    before = set(here.files)
    publish(publisher.store, REVISED)
    result = publisher.pull(here)
    fetched = {key for key in publisher.asked if key.startswith("objects/")}
    assert fetched == {key for key in set(here.files) - before if key.startswith("objects/")}
    assert (result.number, result.fetched, result.reused) == (2, 4, 13)  # three formats and topics.json
    assert here.current == 2


def test_releases_in_between_may_be_missed(publisher: Publisher, here: MemoryStore) -> None:
    publisher.pull(here)
    publish(publisher.store, REVISED)
    publish(publisher.store, TITLES)
    assert publisher.pull(here).number == 3


def test_a_damaged_object_here_is_fetched_again(publisher: Publisher, here: MemoryStore) -> None:
    publisher.pull(here)
    publish(publisher.store, REVISED)
    key = object_key("x.json", open_current(here).manifest.files["fhir/r4/es/miscarriage.json"].sha256)
    here.files[key] = b""
    assert publisher.pull(here).fetched == 5
    assert verify(here, open_current(here)) == []


def test_a_static_host_may_offer_the_pointer_at_its_root(publisher: Publisher, here: MemoryStore) -> None:
    publisher.answer = lambda request: {
        f"/health/{CURRENT}": httpx.Response(404),
        "/health/current.json": httpx.Response(200, content=publisher.store.read(CURRENT)),
    }.get(request.url.path)
    assert publisher.pull(here, f"{URL}/").number == 1


def test_where_nothing_is_published_it_says_so(here: MemoryStore) -> None:
    assert f"{URL}/{CURRENT}: there is no release. Is the address right?" in refused(Publisher(), here)


def test_a_folder_stays_with_its_publisher(publisher: Publisher, here: MemoryStore) -> None:
    publisher.pull(here)
    other = Publisher()
    for _ in range(2):
        publish(other.store, base_url="https://other.example")
    assert "publishes https://other.example, but this folder holds" in refused(other, here)


def test_a_copy_follows_a_trial_to_its_next_address(publisher: Publisher, here: MemoryStore) -> None:
    publisher.pull(here)
    publish(publisher.store, REVISED, base_url="https://moved.example")
    assert publisher.pull(here).number == 2
    assert open_current(here).manifest.base_url == "https://moved.example"
    assert verify(here, open_current(here)) == []


def test_where_releases_between_are_missing_nothing_shows_that_it_is_the_same_publisher(
    publisher: Publisher, here: MemoryStore
) -> None:
    publisher.pull(here)
    for titles in (REVISED, TITLES):
        publish(publisher.store, titles, base_url="https://moved.example")
    said = refused(publisher, here)
    assert "release 3 does not follow on what is here. Use another folder." in said
    assert "whose trial has another address now, then remove this one." in said
    assert open_current(here).manifest.number == 1


@pytest.mark.parametrize(
    "url",
    ["ftp://host/x", "file:///etc/passwd", "/exports", "https://", "https://h/?a", "http://host:port", ""],
)
def test_an_invalid_address_is_refused(publisher: Publisher, here: MemoryStore, url: str) -> None:
    with pytest.raises(ReleaseError):
        publisher.pull(here, url)
    assert publisher.asked == []


def test_bytes_other_than_promised_are_refused_and_the_rest_is_kept(
    publisher: Publisher, here: MemoryStore
) -> None:
    publisher.pull(here)
    publish(publisher.store, REVISED)
    artifact = open_current(publisher.store).manifest.files["fhir/r4/en/asthma.json"]
    key = object_key("x.json", artifact.sha256)
    intact = publisher.store.files[key]
    for wrong in (intact.replace(b"revised", b"plagued"), intact[:-1], b"", intact + b" "):
        publisher.store.files[key] = wrong
        assert key in refused(publisher, here, IntegrityError)
    del publisher.store.files[key]
    assert key in refused(publisher, here, IntegrityError)
    publisher.store.files[key] = intact
    assert publisher.pull(here).number == 2


def test_endless_data_is_cut(publisher: Publisher, here: MemoryStore) -> None:
    sent = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(1)
            yield b" " * 10_000

    for part in ("current/", "manifest.json", "objects/"):
        sent.clear()
        publisher.answer = lambda request, part=part: (  # type: ignore[misc]  # bound at once
            httpx.Response(200, content=endless()) if part in request.url.path else None
        )
        refused(publisher, here, IntegrityError)
        assert len(sent) < 100


def test_an_older_release_is_refused(publisher: Publisher, here: MemoryStore) -> None:
    publish(publisher.store, REVISED)
    publisher.pull(here)
    publisher.store.switch(1)
    assert "release 2 is here already" in refused(publisher, here)


def _repoint(publisher: Publisher, number: int, **members: object) -> None:
    """Write the pointer to a release again, with other members; None leaves one out."""

    def change(pointer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in {**pointer, **members}.items() if value is not None}

    publisher.rewrite(number, "pointers/current.json", change)


def test_an_older_pointer_to_the_same_release_is_refused(publisher: Publisher, here: MemoryStore) -> None:
    _repoint(publisher, 1, sequence=8)
    publisher.pull(here)
    renewed = here.read(CURRENT)
    # A mutant that orders by time takes this one over: it is later.
    _repoint(publisher, 1, sequence=7, time="2026-11-21T12:30:15Z")
    assert "offers pointer 7, but pointer 8 is here already" in refused(publisher, here)
    assert here.read(CURRENT) == renewed


def test_pointers_are_ordered_by_sequence_whatever_their_times(
    publisher: Publisher, here: MemoryStore
) -> None:
    _repoint(publisher, 1, time="2030-01-01T00:00:00Z", expires="2030-01-03T00:00:00Z")
    publisher.pull(here)
    _repoint(publisher, 1, sequence=2, time="2026-11-20T12:30:15Z", expires=EXPIRES)
    assert publisher.pull(here) == PullResult(number=1, expires=EXPIRES, unchanged=True)
    publish(publisher.store, REVISED)
    _repoint(publisher, 2, sequence=3, time="2026-11-20T12:30:16Z")
    assert publisher.pull(here).number == 2


def test_a_later_release_under_an_older_pointer_is_refused(publisher: Publisher, here: MemoryStore) -> None:
    _repoint(publisher, 1, sequence=5)
    publisher.pull(here)
    publish(publisher.store, REVISED)
    assert "offers pointer 2, but pointer 5 is here already" in refused(publisher, here)


def test_pointers_of_older_software_are_ordered_by_their_releases(
    publisher: Publisher, here: MemoryStore
) -> None:
    _repoint(publisher, 1, sequence=None)
    publisher.pull(here)
    publish(publisher.store, REVISED)
    _repoint(publisher, 2, sequence=None)
    assert publisher.pull(here).number == 2
    publisher.store.switch(1)
    assert "offers release 1, but release 2 is here already" in refused(publisher, here)
    publisher.store.switch(2)
    _repoint(publisher, 2, sequence=1)
    assert publisher.pull(here).unchanged, "a publisher that was upgraded"
    _repoint(publisher, 2, sequence=None)
    assert "offers pointer 0, but pointer 1 is here already" in refused(publisher, here)


def test_another_release_of_the_same_number_is_refused(publisher: Publisher, here: MemoryStore) -> None:
    publisher.pull(here)
    other = Publisher()
    publish(other.store, REVISED)
    assert "another release 1" in refused(other, here)
    publish(other.store, TITLES)
    assert "another release 1" in refused(other, here)  # its successor descends from what is not here


def test_a_manifest_here_that_differs_is_never_replaced(publisher: Publisher, here: MemoryStore) -> None:
    other = publisher.store.read(MANIFEST).replace(b"2026-11-20", b"2026-11-21")
    here.replace(MANIFEST, other)
    assert "another release 1" in refused(publisher, here)
    assert here.files == {MANIFEST: other}


@pytest.mark.parametrize("damaged", [b"", b"{}", b'{"number": 1'])
def test_a_damaged_manifest_of_a_release_that_never_became_current_is_replaced(
    publisher: Publisher, here: MemoryStore, damaged: bytes
) -> None:
    here.replace(MANIFEST, damaged)
    assert publisher.pull(here).number == 1
    assert verify(here, open_current(here)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda pointer: pointer.update(number="1"),
        lambda pointer: pointer.update(number=True),
        lambda pointer: pointer.update(number=-1),
        lambda pointer: pointer.update(manifest="releases/000001/manifest.json"),
        lambda pointer: pointer["manifest"].update(sha256="../../../etc/passwd"),
        lambda pointer: pointer["manifest"].update(length=10**15),
        lambda pointer: pointer["manifest"].update(length=1.5),
        lambda pointer: pointer.pop("manifest"),
        lambda pointer: pointer.update(number=1.0),
        lambda pointer: pointer.update(sequence=0),
        lambda pointer: pointer.update(sequence="2"),
        lambda pointer: pointer.update(pinned=True),
        lambda pointer: pointer.update(number=2),
        lambda pointer: pointer.pop("time"),
        lambda pointer: pointer.pop("expires"),
        lambda pointer: pointer.update(time="2026-99-99T99:99:99Z"),
        lambda pointer: pointer.update(time="2026-11-20T12:30:15Z\r\nX: y"),
        lambda pointer: pointer.update(expires=5),
        lambda pointer: pointer["manifest"].update(key="../../../etc/passwd"),
        lambda pointer: pointer["manifest"].update(key="releases/000002/manifest.json"),
        lambda pointer: pointer["manifest"].update(key=7),
        lambda pointer: pointer["changes"].update(key="releases/000002/changes.json"),
        lambda pointer: pointer["changes"].update(length=10**15),
        lambda pointer: pointer["changes"].pop("sha256"),
    ],
)
def test_an_invalid_pointer_is_refused(
    publisher: Publisher, here: MemoryStore, change: Callable[[dict[str, Any]], object]
) -> None:
    publisher.tamper(change)
    assert CURRENT in refused(publisher, here)
    publisher.answer = lambda _request: None
    publisher.pull(here)
    publisher.tamper(change)
    assert CURRENT in refused(publisher, here)


@pytest.mark.parametrize("body", [b"<!DOCTYPE html>", b"[]", b"null", b"", b"\xff"])
def test_an_invalid_release_is_refused(publisher: Publisher, here: MemoryStore, body: bytes) -> None:
    publisher.answer = lambda _request: httpx.Response(200, content=body)
    assert CURRENT in refused(publisher, here)


NAMES = (
    *("../x.json", "a/../x.json", "/x.json", "a//x.json", "a\\x.json", "C:/x.json", ".x.json", "a/.x.json"),
    *("x.abcdefghij", f"x.{'a' * 300}", "x", "x.json\n", "x y.json", "x.json/", "x./", ""),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_out_of_a_folder_is_refused(
    publisher: Publisher, here: MemoryStore, name: str
) -> None:
    manifest = open_current(publisher.store).manifest
    artifact = manifest.files["topics.json"]
    claim(publisher.store, replace(manifest, number=2, files={**manifest.files, name: artifact}))
    message = refused(publisher, here)
    assert f"“{printable(name)}"[:40] in message
    assert "is not allowed as the name of a property" in message
    assert here.files == {}


@pytest.mark.parametrize(
    "fault",
    [
        {"sha256": "../../../etc/passwd"},
        {"sha256": ""},
        {"sha256": "A" * 64},
        {"length": -1},
        {"length": 10**15},
        {"media_type": "text/html\r\nSet-Cookie: a=b"},
        {"media_type": "json"},
        {"language": "es\r\nSet-Cookie: a=b"},
        {"topic": "../asthma"},
    ],
)
def test_an_artifact_that_is_not_described_as_it_should_be_is_refused(
    publisher: Publisher, here: MemoryStore, fault: dict[str, Any]
) -> None:
    manifest = open_current(publisher.store).manifest
    artifact = replace(manifest.files["topics.json"], **fault)
    claim(publisher.store, replace(manifest, number=2, files={**manifest.files, "topics.json": artifact}))
    assert "topics.json" in refused(publisher, here)
    assert here.files == {}


def test_a_manifest_in_place_of_another_is_refused(publisher: Publisher, here: MemoryStore) -> None:
    pointer = json.loads(publisher.store.read(CURRENT))
    publish(publisher.store, REVISED)
    promised = {name: pointer["manifest"][name] for name in ("sha256", "length")}
    publisher.tamper(lambda document: document["manifest"].update(promised))
    refused(publisher, here, IntegrityError)
    publisher.store.replace(
        "releases/000002/manifest.json", publisher.store.read("releases/000001/manifest.json")
    )
    assert "says that it is release 1" in refused(publisher, here)


@pytest.mark.parametrize(
    "change",
    [
        {"coverage": 5},
        {"coverage": {"asthma": {"es": {"messages": -1}}}},
        {"languages": ["es\r\nX: y"]},
        {"languages": []},
        {"time": "2026-99-99T99:99:99Z"},
        {"baseUrl": "javascript:alert(1)"},
        {"software": 5},
    ],
)
def test_an_invalid_manifest_is_refused(
    publisher: Publisher, here: MemoryStore, change: dict[str, Any]
) -> None:
    publisher.rewrite(1, "manifest.json", lambda manifest: manifest | change)
    assert "releases/000001/manifest.json#/" in refused(publisher, here)
    assert here.files == {}


def test_changes_other_than_promised_are_refused(publisher: Publisher, here: MemoryStore) -> None:
    publisher.tamper(lambda document: document.update(number=7), "releases/000001/changes.json")
    assert "releases/000001/changes.json" in refused(publisher, here, IntegrityError)
    publisher.store.files.pop("releases/000001/changes.json")
    publisher.answer = lambda _request: None
    assert "releases/000001/changes.json" in refused(publisher, here, IntegrityError)


@pytest.mark.parametrize(
    "change",
    [{"number": 7}, {"added": 5}, {"added": [{"name": "../x.json"}]}, {"previous": "1"}],
)
def test_invalid_changes_are_refused(publisher: Publisher, here: MemoryStore, change: dict[str, Any]) -> None:
    publisher.rewrite(1, "changes.json", lambda changes: changes | change)
    assert "releases/000001/changes.json" in refused(publisher, here)


def test_the_same_release_with_other_changes_is_refused(publisher: Publisher, here: MemoryStore) -> None:
    publisher.pull(here)
    publisher.rewrite(1, "changes.json", lambda _changes: {})
    assert "another release 1" in refused(publisher, here)


def test_a_store_is_held_only_once_there_is_something_to_bring(
    publisher: Publisher, here: MemoryStore
) -> None:
    held: list[str] = []

    @contextmanager
    def hold() -> Iterator[None]:
        held.append("in")
        yield
        held.append("out")

    with pytest.raises(ReleaseError):
        pull(Publisher().client, URL, here, hold=hold)
    assert held == []
    pull(publisher.client, URL, here, hold=hold)
    assert held == ["in", "out"]


VALUES: tuple[object, ...] = (None, True, 0, 1, 1.0, 2, -1, 10**18, "", "x", "\r\n", "../x", [], {}, [[]])


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, Callable[[Any], Any]]:
    """A file of a release, and how one value in it is replaced or dropped."""
    kind = draw(st.sampled_from(["pointers/current.json", "manifest.json", "changes.json"]))
    values = st.sampled_from(VALUES)
    steps, value, drops = draw(st.lists(st.integers(0, 20), max_size=5)), draw(values), draw(st.booleans())

    def change(document: Any) -> Any:
        inner = document
        for last, step in enumerate(steps, start=1 - len(steps)):
            names = list(inner) if isinstance(inner, dict) else range(len(inner))
            if not names:
                return document
            name = names[step % len(names)]
            if not isinstance(inner[name], dict | list) or not last:
                if drops:
                    del inner[name]
                else:
                    inner[name] = value
                return document
            inner = inner[name]
        return value

    return kind, change


@settings(max_examples=300)
@given(mutations())
def test_what_is_pulled_can_be_served_and_the_rest_is_refused(
    mutation: tuple[str, Callable[[Any], Any]],
) -> None:
    kind, change = mutation
    publisher, here = Publisher(), MemoryStore()
    publish(publisher.store, is_indexed=True)
    publisher.rewrite(1, kind, change)
    try:
        publisher.pull(here)
    except ReleaseError:
        assert here.current is None
        return
    with client_of(Service(here)) as client:
        assert client.get("http://service/current.json").content == here.read(CURRENT)
        assert {client.get(f"http://service{path}").status_code for path in ("/", "/manifest.json")} == {200}


def test_a_failure_midway_leaves_the_earlier_release_and_is_taken_up_again(
    publisher: Publisher, here: MemoryStore
) -> None:
    publisher.pull(here)
    publish(publisher.store, {topic: {"en": f"{topic}!", "es": f"¡{topic}!"} for topic in TITLES})
    parts = {f"/health/{part_key(each)}" for each in open_current(publisher.store).parts.values()}
    arrived: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response | None:
        if "/objects/" not in request.url.path or request.url.path in parts:
            return None
        arrived.append(request.url.path)
        return None if len(arrived) <= 5 else httpx.Response(503)

    publisher.answer = answer
    assert "503" in refused(publisher, here, NetworkError)
    publisher.answer = lambda _request: None
    result = publisher.pull(here)
    assert (result.number, result.fetched) == (2, 13 - 5)
    assert verify(here, open_current(here)) == []


def test_a_failure_after_the_objects_fetches_none_of_them_again(
    publisher: Publisher, here: DiskStore
) -> None:
    here.fail_at = "flush"
    refused(publisher, here, StorageError)
    here.fail_at = ""
    result = publisher.pull(here)
    assert (result.fetched, result.reused) == (0, 17)
    assert here.current == 1


def test_what_arrived_reaches_the_disk_before_anything_refers_to_it(
    publisher: Publisher, here: DiskStore
) -> None:
    publisher.pull(here)
    publish(publisher.store, REVISED)
    here.log.clear()
    publisher.pull(here)
    objects = [line for line in here.log if "objects/" in line]
    assert len(objects) == 4 + 2, "artifacts, and parts of the manifest"
    assert here.log == [
        *objects,
        "flush",
        "releases/000002/changes.json",
        "releases/000002/manifest.json",
        "releases/000002/pointers/current.json",
        COPY,
        "switch 2",
    ]


def test_a_power_cut_before_the_flush_is_noticed_by_the_next_pull(
    publisher: Publisher, here: DiskStore
) -> None:
    publisher.pull(here)
    publish(publisher.store, REVISED)
    here.fail_at = "flush"
    refused(publisher, here, StorageError)
    lost = [key for key in here.files if key.startswith("objects/") and key in here.unflushed]
    assert len(lost) == 4 + 2
    here.fail_at = ""
    here.cut_power()
    assert {here.files[key] for key in lost} == {b""}
    assert publisher.pull(here).fetched == 4
    assert verify(here, open_current(here)) == []
    here.cut_power()
    assert verify(here, open_current(here)) == []


class TestDamageHere:
    """Nothing is new at the publisher's, and the copy still becomes whole again."""

    @pytest.fixture(autouse=True)
    def _copied(self, publisher: Publisher, here: DiskStore) -> None:
        publisher.pull(here)

    def _object(self, here: MemoryStore) -> str:
        return object_key("x.json", open_current(here).manifest.files["fhir/r4/es/asthma.json"].sha256)

    def _heal(self, publisher: Publisher, here: DiskStore, *, verify: bool = False) -> PullResult:
        result = pull(publisher.client, URL, here, verify=verify)
        here.cut_power()
        return result

    def _same_length(self, here: MemoryStore, key: str) -> None:
        here.files[key] = bytes(len(here.files[key]))

    @pytest.mark.parametrize("length", [None, 0, 5])
    def test_an_object_that_is_missing_or_has_another_length(
        self, publisher: Publisher, here: DiskStore, length: int | None
    ) -> None:
        key = self._object(here)
        intact = here.files.pop(key)
        if length is not None:
            here.files[key] = intact[:length]
        result = self._heal(publisher, here)
        assert (result.unchanged, result.repaired, here.files[key]) == (True, 1, intact)
        assert self._heal(publisher, here).repaired == 0

    def test_an_object_with_other_bytes_is_found_where_everything_is_read(
        self, publisher: Publisher, here: DiskStore
    ) -> None:
        self._same_length(here, self._object(here))
        assert self._heal(publisher, here).repaired == 0
        assert self._heal(publisher, here, verify=True).repaired == 1
        assert verify(here, open_current(here)) == []

    def test_with_a_new_release_too(self, publisher: Publisher, here: DiskStore) -> None:
        publish(publisher.store, REVISED)
        self._same_length(here, self._object(here))
        assert pull(publisher.client, URL, here, verify=True).fetched == 5
        assert verify(here, open_current(here)) == []

    @pytest.mark.parametrize("own", [None, b"", b"{}", b'{"madeBy": "pull", "source": "x", "flushed": "0"}'])
    def test_a_copy_that_was_never_flushed_is_read_once(
        self, publisher: Publisher, here: DiskStore, own: bytes | None
    ) -> None:
        here.files.pop(COPY)
        if own is not None:
            here.files[COPY] = own
        key = self._object(here)
        self._same_length(here, key)
        assert self._heal(publisher, here).repaired == 1
        self._same_length(here, key)
        assert self._heal(publisher, here).repaired == 0, "it has been flushed, so lengths are enough"

    @pytest.mark.parametrize("name", ["manifest.json", "changes.json"])
    @pytest.mark.parametrize("damage", [None, b"", b"{}"])
    def test_what_describes_the_release(
        self, publisher: Publisher, here: DiskStore, name: str, damage: bytes | None
    ) -> None:
        key = release_key(1, name)
        intact = here.files.pop(key)
        if damage is not None:
            here.files[key] = damage
        assert self._heal(publisher, here).repaired == 1
        assert here.files[key] == intact

    @pytest.mark.parametrize("damage", [b"", b"{}", b"\xff"])
    def test_the_pointer(self, publisher: Publisher, here: DiskStore, damage: bytes) -> None:
        key = release_key(1, "pointers/current.json")
        intact = here.files[key]
        here.files[key] = damage
        assert self._heal(publisher, here).fetched == 0
        assert here.files[key] == intact

    def test_an_older_release_is_refused_without_a_pointer_too(
        self, publisher: Publisher, here: DiskStore
    ) -> None:
        publish(publisher.store, REVISED)
        publisher.pull(here)
        here.files[release_key(2, "pointers/current.json")] = b""
        publisher.store.switch(1)
        with pytest.raises(ReleaseError, match="release 2 is here already"):
            publisher.pull(here)

    def test_with_a_new_release_a_damaged_manifest_does_not_matter(
        self, publisher: Publisher, here: DiskStore
    ) -> None:
        publish(publisher.store, REVISED)
        here.files[MANIFEST] = b""
        assert publisher.pull(here).number == 2
        assert verify(here, open_current(here)) == []


class TestSelections:
    SPANISH = Selection(languages=("es",))

    def _pull(self, publisher: Publisher, here: DiskStore, selection: Selection | None = None) -> PullResult:
        result = pull(publisher.client, URL, here, selection=selection)
        here.cut_power()
        assert verify(here, open_current(here)) == []
        return result

    @pytest.mark.parametrize(
        ("selection", "count", "has", "lacks"),
        [
            (SPANISH, 11, "fhir/r4/List/asthma-links.json", "fhir/r4/en/asthma.json"),
            (Selection(formats=("fhir-r5",)), 5, "fhir/r5/en/asthma.json", "fhir/r4/en/asthma.json"),
            (
                Selection(names=("*/asthma*", "x")),
                8,
                "schemaorg/es/asthma.jsonld",
                "fhir/r4/es/miscarriage.json",
            ),
            (Selection(formats=("schemaorg",), languages=("es",)), 3, "schemaorg/es/asthma.jsonld", "x"),
        ],
    )
    def test_bring_only_what_is_asked_for(
        self, publisher: Publisher, here: DiskStore, selection: Selection, count: int, has: str, lacks: str
    ) -> None:
        result = self._pull(publisher, here, selection)
        opened = open_current(here)
        assert (len(opened.manifest.files), opened.selection) == (count, selection)
        assert {has, "topics.json"} <= opened.manifest.files.keys()
        assert lacks not in opened.manifest.files
        fetched = {key for key in publisher.asked if key.startswith("objects/")}
        assert fetched == {key for key in here.files if key.startswith("objects/")}
        assert result.fetched == len(fetched) - len(opened.parts)
        assert here.read(MANIFEST) == publisher.store.read(MANIFEST), "the digest of the whole stays"

    def test_are_remembered(self, publisher: Publisher, here: DiskStore) -> None:
        self._pull(publisher, here, self.SPANISH)
        assert self._pull(publisher, here) == PullResult(number=1, expires=EXPIRES, unchanged=True)
        publish(publisher.store, REVISED)
        assert self._pull(publisher, here).fetched == 1  # the index: only English was revised
        assert open_current(here).selection == self.SPANISH

    def test_can_be_widened_and_narrowed(self, publisher: Publisher, here: DiskStore) -> None:
        self._pull(publisher, here, self.SPANISH)
        result = self._pull(publisher, here, EVERYTHING)
        assert (result.fetched, result.repaired, result.unchanged) == (6, 0, True)
        assert len(open_current(here).manifest.files) == 17
        assert self._pull(publisher, here, self.SPANISH).fetched == 0
        assert len(open_current(here).manifest.files) == 11

    def test_say_of_each_release_what_is_here(self, publisher: Publisher, here: DiskStore) -> None:
        self._pull(publisher, here, self.SPANISH)
        publish(publisher.store, REVISED)
        self._pull(publisher, here, EVERYTHING)
        assert verify(here, open_release(here, 1)) == []
        assert len(open_release(here, 1).manifest.files) == 11

    def test_what_is_asked_for_later_is_not_believed_for_its_length(
        self, publisher: Publisher, here: DiskStore
    ) -> None:
        self._pull(publisher, here, self.SPANISH)
        artifact = open_current(publisher.store).manifest.files["fhir/r4/en/asthma.json"]
        here.files[object_key("x.json", artifact.sha256)] = bytes(artifact.length)
        assert self._pull(publisher, here, EVERYTHING).fetched == 6

    def test_nor_with_a_new_release(self, publisher: Publisher, here: DiskStore) -> None:
        self._pull(publisher, here, self.SPANISH)
        artifact = open_current(publisher.store).manifest.files["fhir/r4/en/miscarriage.json"]
        here.files[object_key("x.json", artifact.sha256)] = bytes(artifact.length)
        publish(publisher.store, REVISED)
        assert self._pull(publisher, here, EVERYTHING).number == 2

    @pytest.mark.parametrize("damage", [b"", b"[]", b'{"unknown": 1}'])
    def test_that_are_damaged_stand_for_everything(
        self, publisher: Publisher, here: DiskStore, damage: bytes
    ) -> None:
        self._pull(publisher, here, self.SPANISH)
        here.files["releases/000001/selection.json"] = damage
        self._pull(publisher, here)
        assert len(open_current(here).manifest.files) == 17

    @pytest.mark.parametrize(
        ("selection", "message"),
        [
            (
                Selection(formats=("fhir-r6",)),
                "has no format 'fhir-r6'. It has: fhir-r4, fhir-r5, schemaorg.",
            ),
            (Selection(languages=("es", "fr")), "has no language 'fr'. It has: en, es."),
            (Selection(names=("nothing*",)), "has no artifact that is selected"),
        ],
    )
    def test_of_nothing_are_refused(
        self, publisher: Publisher, here: DiskStore, selection: Selection, message: str
    ) -> None:
        with pytest.raises(NothingSelectedError, match=re.escape(message)):
            pull(publisher.client, URL, here, selection=selection)
        assert here.files == {}
        publisher.pull(here)
        before = dict(here.files)
        with pytest.raises(ReleaseError, match=re.escape(message)):
            pull(publisher.client, URL, here, selection=selection)
        assert here.files == before

    def test_follow_a_publisher_who_withdraws(self, publisher: Publisher, here: DiskStore) -> None:
        self._pull(publisher, here, self.SPANISH)
        publish(publisher.store, {"asthma": {"en": "Asthma"}})
        assert self._pull(publisher, here).number == 2
        assert not any(each.language for each in open_current(here).manifest.files.values())


def _compressed(store: MemoryStore) -> set[str]:
    return {key for key in store.files if key.endswith((".gz", ".br"))}


def test_compressed_forms_are_made_here_and_later_pulls_make_them_too(
    publisher: Publisher, here: DiskStore
) -> None:
    publisher.pull(here)
    assert _compressed(here) == set()
    assert pull(publisher.client, URL, here, compress=True).unchanged
    objects = {key for key in publisher.store.files if key.startswith("objects/")}
    assert _compressed(here) == {key + suffix for key in objects for suffix in (".gz", ".br")}
    publish(publisher.store, REVISED)
    publisher.pull(here)
    objects = {key for key in publisher.store.files if key.startswith("objects/")}
    assert len(_compressed(here)) == 2 * len(objects)
    damaged = min(_compressed(here))
    here.files[damaged] = b"?"
    pull(publisher.client, URL, here, verify=True)
    assert verify(here, open_current(here)) == []
    assert not any(key.endswith((".gz", ".br")) for key in publisher.asked)


class TestPackedObjects:
    def _answer(self, publisher: Publisher, pack: Callable[[bytes], bytes]) -> None:
        def answer(request: httpx.Request) -> httpx.Response | None:
            key = request.url.path.removeprefix("/health/")
            if key.endswith("current.json"):
                return None
            data = pack(publisher.store.read(key))
            return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(data))

        publisher.answer = answer

    def test_are_unpacked(self, publisher: Publisher, here: DiskStore) -> None:
        self._answer(publisher, gzip.compress)
        assert publisher.pull(here).fetched == 17
        assert verify(here, open_current(here)) == []

    @pytest.mark.parametrize(
        "pack",
        [
            lambda data: gzip.compress(data + b" "),
            lambda data: gzip.compress(data[:-1]),
            lambda data: gzip.compress(data.replace(b"a", b"b")),
            lambda data: gzip.compress(data)[:-1],
            lambda data: gzip.compress(data) + b"x",
            lambda data: data,
            lambda _data: gzip.compress(bytes(100 * 2**20)),
            lambda _data: bytes(100_000),
            lambda data: gzip.compress(gzip.compress(data)),
        ],
    )
    def test_that_are_not_what_was_promised_are_refused(
        self, publisher: Publisher, here: DiskStore, pack: Callable[[bytes], bytes]
    ) -> None:
        self._answer(publisher, pack)
        refused(publisher, here, IntegrityError)
        assert here.files == {}


INDEXES: tuple[object, ...] = (
    [],
    {},
    5,
    {"topics": 5},
    {"topics": [5]},
    {"topics": [{"id": "asthma"}]},
    {"topics": [{"id": "asthma", "editions": [5]}]},
    {"topics": [{"id": "asthma", "editions": [{"language": ["en"]}]}]},
)


@pytest.mark.parametrize("index", INDEXES)
def test_a_release_that_no_service_could_open_is_refused(
    publisher: Publisher, here: MemoryStore, index: object
) -> None:
    opened = open_current(publisher.store)
    data = dump(index)
    publisher.store.files[object_key("topics.json", digest(data))] = data
    artifact = replace(opened.manifest.files["topics.json"], sha256=digest(data), length=len(data))
    claim(publisher.store, replace(opened.manifest, files={**opened.manifest.files, "topics.json": artifact}))
    assert "topics.json is not an index of topics" in refused(publisher, here)
    assert here.files == {}


@pytest.mark.parametrize(
    "fault",
    [
        lambda _request: httpx.Response(503),
        lambda _request: httpx.Response(429, headers={"Retry-After": "1"}),
        lambda _request: _raise(httpx.ConnectError("refused")),
        lambda _request: _raise(httpx.ReadTimeout("too slow")),
        lambda _request: _raise(httpx.RemoteProtocolError("closed midway")),
    ],
)
def test_a_temporary_failure_is_retried_a_limited_number_of_times(
    publisher: Publisher, here: MemoryStore, fault: Answer
) -> None:
    failures = 2

    def answer(request: httpx.Request) -> httpx.Response | None:
        nonlocal failures
        failures -= 1
        return fault(request) if failures >= 0 else None

    publisher.answer = answer
    assert publisher.pull(here).number == 1
    failures = 1000
    publisher.asked.clear()
    refused(publisher, here, NetworkError)
    assert len(publisher.asked) == 3


def _raise(error: Exception) -> httpx.Response:
    raise error


@pytest.mark.parametrize("status", [401, 403, 206, 204])
def test_what_will_not_pass_is_not_tried_again(publisher: Publisher, here: MemoryStore, status: int) -> None:
    publisher.answer = lambda _request: httpx.Response(status)
    error = ConfigurationError if status > 400 else ReleaseError
    assert str(status) in refused(publisher, here, error)
    assert len(publisher.asked) == 1


def test_redirects_on_the_same_server_are_followed(publisher: Publisher, here: MemoryStore) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/health/"):
            return httpx.Response(302, headers={"Location": request.url.path.replace("/health/", "/moved/")})
        return httpx.Response(200, content=publisher.store.read(request.url.path.removeprefix("/moved/")))

    publisher.answer = answer
    assert publisher.pull(here).number == 1


ELSEWHERE = ("https://elsewhere.example/x", "//elsewhere.example/x", "http://publisher.example/x", "ftp:x")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_redirects_to_another_server_are_refused(
    publisher: Publisher, here: MemoryStore, target: str
) -> None:
    publisher.answer = lambda _request: httpx.Response(302, headers={"Location": target})
    refused(publisher, here)
    assert publisher.asked == [CURRENT]


def test_redirects_in_a_circle_end(publisher: Publisher, here: MemoryStore) -> None:
    publisher.answer = lambda request: httpx.Response(302, headers={"Location": str(request.url)})
    assert "without end" in refused(publisher, here)
    assert len(publisher.asked) <= 7


def test_progress_counts_the_objects(publisher: Publisher, here: MemoryStore) -> None:
    told: list[tuple[int, int]] = []
    result = pull(publisher.client, URL, here, progress=lambda done, total: told.append((done, total)))
    assert told == [(done, result.fetched) for done in range(1, result.fetched + 1)]


def test_an_interrupt_does_not_wait_for_the_rest(here: MemoryStore) -> None:
    interrupted, never = threading.Event(), threading.Event()
    publisher = Publisher()

    def interrupt(_done: int, _total: int) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    def answer(_request: httpx.Request) -> None:
        if len(publisher.asked) > 120:  # the parts of the manifest come first, one by one
            # The network is slower than the one who pulls: the others wait until the interrupt has been seen.
            interrupted.wait(10)
            never.wait(0.05)

    publisher.answer = answer
    release = publish(
        publisher.store, {f"topic-{number}": {"en": f"Topic {number}"} for number in range(200)}
    )
    with pytest.raises(KeyboardInterrupt):
        pull(publisher.client, URL, here, progress=interrupt)
    assert len(publisher.asked) < len(release.manifest.files) / 2
    assert here.current is None


def test_no_wait_is_without_limit() -> None:
    assert None not in TIMEOUT.as_dict().values()


def test_of_a_manifest_only_the_parts_that_have_changed_are_fetched(
    publisher: Publisher, here: DiskStore
) -> None:
    publisher.pull(here)
    before = set(open_current(here).parts.values())
    publish(publisher.store, REVISED)
    publisher.pull(here)
    opened = open_current(publisher.store)
    parts = {part_key(each): each for each in opened.parts.values()}
    assert {parts[key] for key in publisher.asked if key in parts} == set(parts.values()) - before
    assert open_current(here) == opened


def test_a_release_of_version_1_is_pulled(publisher: Publisher, here: DiskStore) -> None:
    manifest = open_current(publisher.store).manifest
    claim(publisher.store, replace(manifest, manifest_version=1, number=2))
    assert publisher.pull(here).number == 2
    assert (open_current(here).manifest.manifest_version, open_current(here).parts) == (1, {})
    assert verify(here, open_current(here)) == []
    publish(publisher.store, REVISED)
    assert publisher.pull(here).number == 3


@pytest.mark.parametrize("data", [b"", b"[]", b'{"coverage":{},"held":[]}\n', b"<html>"])
def test_an_invalid_part_of_a_manifest_is_refused(publisher: Publisher, here: DiskStore, data: bytes) -> None:
    sha256 = put_object(publisher.store, "part.json", data)
    parts = {"collection": {"sha256": sha256, "length": len(data)}}
    publisher.rewrite(1, "manifest.json", lambda manifest: manifest | {"parts": parts})
    assert sha256 in refused(publisher, here)
    assert here.files == {}


def test_a_part_other_than_promised_is_refused(publisher: Publisher, here: DiskStore) -> None:
    key = part_key(open_current(publisher.store).parts["collection"])
    publisher.store.files[key] = publisher.store.files[key].replace(b"topics", b"topicz")
    assert key in refused(publisher, here, IntegrityError)
    del publisher.store.files[key]
    assert key in refused(publisher, here, IntegrityError)
    assert here.files == {}


def test_a_damaged_part_here_is_fetched_again(publisher: Publisher, here: DiskStore) -> None:
    publisher.pull(here)
    key = part_key(open_current(here).parts["collection"])
    for damage in (b"", None):
        if damage is None:
            del here.files[key]
        else:
            here.files[key] = damage
        result = publisher.pull(here)
        assert (result.unchanged, result.repaired) == (True, 1)
        assert verify(here, open_current(here)) == []


def test_the_parts_of_a_manifest_are_limited_together(publisher: Publisher, here: DiskStore) -> None:
    parts = {name: {"sha256": "0" * 64, "length": 300 * 2**20} for name in ("collection", "00")}
    publisher.rewrite(1, "manifest.json", lambda manifest: manifest | {"parts": parts})
    assert "its parts would have 629145600 bytes" in refused(publisher, here)
    assert len(publisher.asked) == 2


@pytest.mark.parametrize(("most", "together"), [(2**20, True), (1, False)])
def test_what_is_fetched_at_the_same_time_is_limited(
    publisher: Publisher, here: DiskStore, monkeypatch: pytest.MonkeyPatch, most: int, *, together: bool
) -> None:
    monkeypatch.setattr("healthtopics.network.receiving._Room", lambda _total: _Room(most))
    lock, met, inside = threading.Lock(), threading.Event(), 0

    def answer(request: httpx.Request) -> None:
        nonlocal inside
        if "objects/" not in request.url.path:
            return
        with lock:
            inside += 1
            if inside > 1:
                met.set()
        met.wait(0.05)
        with lock:
            inside -= 1

    publisher.answer = answer
    assert publisher.pull(here).number == 1
    assert met.is_set() is together
    assert verify(here, open_current(here)) == []
