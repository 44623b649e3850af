import asyncio
import json
import logging
from collections.abc import Sequence

import httpx
import pytest
from msgspec import structs
from starlette.types import Message

from healthtopics.errors import StorageError
from healthtopics.jsontext import digest, dump, load
from healthtopics.release import CURRENT, object_key, point_to
from healthtopics.server import Service
from support.releases import TITLES, MemoryStore, claim, confirm, publish, put_object

Headers = Sequence[tuple[str, str]]


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class CountingStore(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []

    def read(self, key: str) -> bytes:
        self.reads.append(key)
        return super().read(key)


@pytest.fixture
def store() -> CountingStore:
    store = CountingStore()
    publish(store)
    return store


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Client:
    """Asks a service without a socket, one event loop a request."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def get(self, path: str, headers: Headers = ()) -> httpx.Response:
        return self.ask("GET", path, headers)

    def head(self, path: str) -> httpx.Response:
        return self.ask("HEAD", path)

    def ask(self, method: str, path: str, headers: Headers = ()) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.service)
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.request(method, f"http://service{path}", headers=list(headers))

        return asyncio.run(ask())


def client_of(store: MemoryStore, clock: Clock) -> Client:
    return Client(Service(store, clock=clock))


def test_it_serves_the_part_of_a_release_that_is_here(store: CountingStore, clock: Clock) -> None:
    client = client_of(store, clock)
    store.replace("releases/000001/selection.json", b'{"languages": ["es"]}')
    clock.seconds += 5
    assert client.get("/schemaorg/es/asthma.jsonld").status_code == 200
    assert client.get("/schemaorg/en/asthma.jsonld").status_code == 404
    assert client.get("/topics/asthma", [("Accept-Language", "en")]).headers["Content-Language"] == "es"
    store.replace("releases/000001/selection.json", b"{}")
    clock.seconds += 5
    assert client.get("/schemaorg/en/asthma.jsonld").status_code == 200


def test_it_sends_the_responses_of_delivery(store: CountingStore, clock: Clock) -> None:
    client = client_of(store, clock)
    response = client.get("/topics/asthma", [("Accept", "application/ld+json"), ("Accept-Language", "es")])
    assert response.status_code == 200
    assert response.headers["Content-Location"] == "/schemaorg/es/asthma.jsonld"
    assert response.json()["title"] == "Asma"
    unchanged = client.get("/schemaorg/es/asthma.jsonld", [("If-None-Match", response.headers["ETag"])])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    headed = client.head("/topics/asthma")
    assert int(headed.headers["Content-Length"]) > 0
    assert headed.content == b""


def test_repeated_header_fields_are_one_list(store: CountingStore, clock: Clock) -> None:
    client = client_of(store, clock)
    headers = [("Accept", "application/ld+json;q=0.1"), ("Accept", "text/html")]
    assert client.get("/topics/asthma", headers).headers["Content-Type"].startswith("text/html")


def test_what_was_asked_lately_is_not_read_again(store: CountingStore, clock: Clock) -> None:
    client = client_of(store, clock)
    store.reads.clear()
    assert client.get("/topics/asthma").content == client.get("/topics/asthma").content
    assert len(store.reads) == 1


def test_answers_are_separated_by_everything_that_they_depend_on(store: CountingStore, clock: Clock) -> None:
    client = client_of(store, clock)
    tag = client.get("/topics/asthma").headers["ETag"]
    later = ("If-Modified-Since", "Fri, 20 Nov 2027 12:00:00 GMT")
    asked = [
        ((), 200, "en"),
        ([("Accept-Language", "es")], 200, "es"),
        ([("Accept", "es")], 200, "en"),
        ([("If-None-Match", tag)], 304, None),
        ([("If-None-Match", "")], 200, "en"),
        ([later], 304, None),
        ([later, ("If-None-Match", "")], 200, "en"),
        ([("Accept", "application/xml")], 406, "en"),
    ]
    for headers, status, language in [*asked, *reversed(asked)]:
        response = client.ask("GET", "/topics/asthma", [("Accept", "*/*")] * (not headers) + list(headers))
        assert (response.status_code, response.headers.get("Content-Language")) == (status, language)


def test_a_problem_is_not_kept(store: CountingStore, clock: Clock) -> None:
    client = client_of(store, clock)
    assert client.get("/releases/000002/manifest.json").status_code == 404
    publish(store, {"asthma": {"en": "Asthma, revised"}})
    assert client.get("/releases/000002/manifest.json").status_code == 200


def test_a_new_release_is_seen_within_a_second_and_not_looked_for_more_often(
    store: CountingStore, clock: Clock
) -> None:
    client = client_of(store, clock)
    publish(store, {**TITLES, "asthma": {"en": "Asthma, revised"}})
    clock.seconds += 0.9
    assert client.get("/health/live").json()["release"] == 1
    before = store.reads.count(CURRENT)
    clock.seconds += 0.2
    assert client.get("/health/live").json()["release"] == 2
    assert client.get("/topics/asthma", [("Accept", "application/json")]).json()["title"] == "Asthma, revised"
    assert store.reads.count(CURRENT) == before + 2
    clock.seconds += 1.1
    client.get("/health/live")
    assert store.reads.count(CURRENT) == before + 3  # an unchanged pointer is not followed


def test_without_a_release_it_waits_for_one(clock: Clock) -> None:
    store = MemoryStore()
    client = client_of(store, clock)
    response = client.get("/topics/asthma")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert client.get("/health/live").json() == {"status": "ok", "release": None}
    publish(store)
    clock.seconds += 1
    assert client.get("/topics/asthma").status_code == 200


def test_a_damaged_object_is_an_error_and_never_a_wrong_body(
    store: CountingStore, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(store, clock)
    sha256 = client.head("/topics/asthma").headers["ETag"].strip('"')
    key = object_key("x.json", sha256)
    intact = store.read(key)
    for path in ("/topics/asthma", f"/{key}"):
        for damaged in (intact.replace(b"Asthma", b"Plague"), b""):
            caplog.clear()
            store.files[key] = damaged
            response = client.get(path)
            assert response.status_code == 500
            assert response.headers["Content-Type"] == "application/problem+json"
            assert response.json()["status"] == 500
            assert key in caplog.text
    del store.files[key]
    assert client.get("/topics/asthma").status_code == 500
    store.files[key] = intact
    assert client.get("/topics/asthma").content == intact


def test_a_release_that_cannot_be_opened_leaves_the_last_one_in_service(
    store: CountingStore, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(store, clock)
    publish(store, {"asthma": {"en": "Asthma, revised"}})
    manifest = "releases/000002/manifest.json"
    pointer = "releases/000002/pointers/current.json"
    intact, leading = store.files[manifest], store.files[pointer]
    for key, damaged in (
        (manifest, b"{}"),
        (manifest, None),
        (pointer, b"[]"),
        (pointer, b"{}"),
        (pointer, b"<p>"),
        (pointer, leading.replace(b'"time": "2026', b'"time": "9999-99')),
        (pointer, leading.replace(b'"time": "2026', b'"Zeit": "2026')),
        (pointer, leading.replace(b'"expires": "2026', b'"expires": "x\\r\\ny')),
    ):
        store.files |= {manifest: intact, pointer: leading}
        if damaged is None:
            del store.files[key]
        else:
            store.files[key] = damaged
        caplog.clear()
        clock.seconds += 1
        assert client.get("/health/live").json()["release"] == 1
        assert client.get("/topics/miscarriage").status_code == 200
        assert [record.levelno for record in caplog.records if record.name == "healthtopics.server"] == [
            logging.ERROR
        ]
    store.files |= {manifest: intact, pointer: leading}
    clock.seconds += 1
    assert client.get("/health/live").json()["release"] == 2


@pytest.mark.parametrize(
    "change",
    [
        {"coverage": 5},
        {"time": "2026-99-99T99:99:99Z"},
        {"languages": ["en\r\nX: y"]},
        {"baseUrl": "https://[::1/"},
        {"files": {}},
        {"files": {"topics.json": {"sha256": "../../etc/passwd"}}},
    ],
)
def test_a_store_with_a_hostile_release_has_none_to_serve(clock: Clock, change: dict[str, object]) -> None:
    store = MemoryStore()
    published = publish(store)
    manifest = dump({**load(published.text), **change})
    changes = store.read("releases/000001/changes.json")
    pointer = point_to(1, manifest=manifest, changes=changes, confirmation=confirm(1))
    store.replace("releases/000001/manifest.json", manifest)
    store.replace("releases/000001/pointers/current.json", dump(pointer))
    client = client_of(store, clock)
    for path in ("/current.json", "/manifest.json", "/", "/topics/asthma", "/es"):
        assert client.get(path).status_code == 503


def test_an_invalid_bundle_has_no_composition(clock: Clock) -> None:
    store = MemoryStore()
    published = publish(store)
    name = "fhir/r4/es/asthma.json"
    for data in (b"[]", b"{}", b'{"entry": 5}', b'{"entry": [5]}', b'{"entry": []}'):
        artifact = structs.replace(published.manifest.files[name], sha256=digest(data), length=len(data))
        files = {**published.manifest.files, name: artifact}
        put_object(store, name, data)
        claim(store, structs.replace(published.manifest, files=files))
        assert client_of(store, clock).get("/fhir/r4/Composition/asthma-es").status_code == 404


def test_a_store_that_cannot_be_read_is_a_matter_of_time(clock: Clock) -> None:
    class Unmounted(MemoryStore):
        gone = False

        def read(self, key: str) -> bytes:
            if self.gone:
                raise StorageError(f"{key}: cannot be read.")
            return super().read(key)

    store = Unmounted()
    publish(store)
    client = client_of(store, clock)
    store.gone = True
    clock.seconds += 1
    response = client.get("/topics/asthma")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    store.gone = False
    assert client.get("/topics/asthma").status_code == 200


def test_what_cannot_be_cached_is_still_served(
    store: CountingStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthtopics.server._MOST_KEPT", 10_000)
    client = client_of(store, clock)
    for _ in range(3):
        for language in ("en", "es"):
            for topic in TITLES:
                response = client.get(f"/fhir/r4/{language}/{topic}.json")
                assert json.loads(response.content)["title"] == TITLES[topic][language]
        assert client.get("/manifest.json").status_code == 200


def test_requests_at_the_same_time_are_each_answered_from_one_release(
    store: CountingStore, clock: Clock
) -> None:
    async def ask_many(service: Service) -> set[tuple[str, str]]:
        transport = httpx.ASGITransport(app=service)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            responses = await asyncio.gather(*(client.get("/schemaorg/en/asthma.jsonld") for _ in range(50)))
        assert {response.status_code for response in responses} == {200}
        return {(response.headers["ETag"], response.json()["title"]) for response in responses}

    service = Service(store, clock=clock)
    publish(store, {"asthma": {"en": "Asthma, revised"}})
    clock.seconds += 1
    answers = asyncio.run(ask_many(service))
    assert {title for _, title in answers} <= {"Asthma", "Asthma, revised"}
    assert len(answers) == len({tag for tag, _ in answers})


@pytest.mark.parametrize(
    "path", ["/topics/%2e%2e/manifest.json", "/topics/..%2fmanifest.json", "//topics.json", "/%00"]
)
def test_encoded_paths_lead_nowhere(store: CountingStore, clock: Clock, path: str) -> None:
    response = client_of(store, clock).get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_it_starts_and_stops_with_its_server(store: CountingStore, clock: Clock) -> None:
    told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    answered: list[str] = []

    async def receive() -> Message:
        return next(told)

    async def send(message: Message) -> None:
        answered.append(message["type"])

    service = Service(store, clock=clock)
    asyncio.run(service({"type": "lifespan"}, receive, send))
    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    answered.clear()
    asyncio.run(service({"type": "websocket"}, receive, send))
    assert answered == ["websocket.close"]
