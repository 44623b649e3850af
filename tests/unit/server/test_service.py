import json
import logging
from collections.abc import Sequence
from functools import partial

import httpx
import pytest
from msgspec import structs

from healthtopics.errors import StorageError
from healthtopics.jsontext import digest, dump, load
from healthtopics.release import CURRENT, object_key, point_to
from healthtopics.server.service import Service
from support import releases, serving
from support.releases import TITLES, MemoryStore, confirm, put_object

claim = partial(releases.claim, is_indexed=True)
publish = partial(releases.publish, is_indexed=True)

Headers = Sequence[tuple[str, str]]


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


class Client:
    """Asks a service without a socket."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._client = serving.client_of(service)

    def get(self, path: str, headers: Headers = ()) -> httpx.Response:
        return self.ask("GET", path, headers)

    def head(self, path: str) -> httpx.Response:
        return self.ask("HEAD", path)

    def ask(self, method: str, path: str, headers: Headers = ()) -> httpx.Response:
        return self._client.request(method, f"http://service{path}", headers=list(headers))


def client_of(store: MemoryStore) -> Client:
    return Client(Service(store))


def test_it_serves_the_part_of_a_release_that_is_here(store: CountingStore) -> None:
    client = client_of(store)
    store.replace("releases/000001/selection.json", b'{"languages": ["es"]}')
    client.service.refresh()
    assert client.get("/schemaorg/es/asthma.jsonld").status_code == 200
    assert client.get("/schemaorg/en/asthma.jsonld").status_code == 404
    assert client.get("/topics/asthma", [("Accept-Language", "en")]).headers["Content-Language"] == "es"
    store.replace("releases/000001/selection.json", b"{}")
    client.service.refresh()
    assert client.get("/schemaorg/en/asthma.jsonld").status_code == 200


def test_it_sends_the_responses_of_delivery(store: CountingStore) -> None:
    client = client_of(store)
    response = client.get("/topics/asthma", [("Accept", "application/ld+json"), ("Accept-Language", "es")])
    assert response.status_code == 200
    assert response.headers["Content-Location"] == "/schemaorg/es/asthma.jsonld"
    assert response.json()["title"] == "Asma"
    unchanged = client.get("/schemaorg/es/asthma.jsonld", [("If-None-Match", response.headers["ETag"])])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    headed = client.head("/topics/asthma")
    assert int(headed.headers["Content-Length"]) > 0
    assert headed.content == b""


def test_repeated_header_fields_are_one_list(store: CountingStore) -> None:
    client = client_of(store)
    headers = [("Accept", "application/ld+json;q=0.1"), ("Accept", "text/html")]
    assert client.get("/topics/asthma", headers).headers["Content-Type"].startswith("text/html")


def test_what_was_asked_lately_is_not_read_again(store: CountingStore) -> None:
    client = client_of(store)
    store.reads.clear()
    assert client.get("/topics/asthma").content == client.get("/topics/asthma").content
    assert len(store.reads) == 1


def test_answers_are_separated_by_everything_that_they_depend_on(store: CountingStore) -> None:
    client = client_of(store)
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


def test_a_problem_is_not_kept(store: CountingStore) -> None:
    client = client_of(store)
    assert client.get("/releases/000002/manifest.json").status_code == 404
    publish(store, {"asthma": {"en": "Asthma, revised"}})
    assert client.get("/releases/000002/manifest.json").status_code == 200


def test_a_new_release_is_seen_and_an_unchanged_pointer_is_not_followed(store: CountingStore) -> None:
    client = client_of(store)
    publish(store, {**TITLES, "asthma": {"en": "Asthma, revised"}})
    assert client.service.number == 1
    before = store.reads.count(CURRENT)
    client.service.refresh()
    assert client.service.number == 2
    assert client.get("/topics/asthma", [("Accept", "application/json")]).json()["title"] == "Asthma, revised"
    assert store.reads.count(CURRENT) == before + 2
    client.service.refresh()
    assert store.reads.count(CURRENT) == before + 3  # an unchanged pointer is not followed


def test_without_a_release_it_waits_for_one() -> None:
    store = MemoryStore()
    client = client_of(store)
    response = client.get("/topics/asthma")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert client.service.number == 0
    publish(store)
    client.service.refresh()
    assert client.get("/topics/asthma").status_code == 200


def test_a_damaged_object_is_an_error_and_never_a_wrong_body(
    store: CountingStore, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(store)
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
    store: CountingStore, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(store)
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
        client.service.refresh()
        assert client.service.number == 1
        assert client.get("/topics/miscarriage").status_code == 200
        assert [
            record.levelno for record in caplog.records if record.name.startswith("healthtopics.server")
        ] == [logging.ERROR]
    store.files |= {manifest: intact, pointer: leading}
    client.service.refresh()
    assert client.service.number == 2


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
def test_a_store_with_a_hostile_release_has_none_to_serve(change: dict[str, object]) -> None:
    store = MemoryStore()
    published = publish(store)
    manifest = dump({**load(published.text), **change})
    changes = store.read("releases/000001/changes.json")
    pointer = point_to(1, manifest=manifest, changes=changes, confirmation=confirm(1))
    store.replace("releases/000001/manifest.json", manifest)
    store.replace("releases/000001/pointers/current.json", dump(pointer))
    client = client_of(store)
    for path in ("/current.json", "/manifest.json", "/", "/topics/asthma", "/es"):
        assert client.get(path).status_code == 503


def test_an_invalid_bundle_has_no_composition() -> None:
    store = MemoryStore()
    published = publish(store)
    name = "fhir/r4/es/asthma.json"
    for data in (b"[]", b"{}", b'{"entry": 5}', b'{"entry": [5]}', b'{"entry": []}'):
        artifact = structs.replace(published.manifest.files[name], sha256=digest(data), length=len(data))
        files = {**published.manifest.files, name: artifact}
        put_object(store, name, data)
        claim(store, structs.replace(published.manifest, files=files))
        assert client_of(store).get("/fhir/r4/Composition/asthma-es").status_code == 404


def test_a_store_that_cannot_be_read_is_a_matter_of_time() -> None:
    class Unmounted(MemoryStore):
        gone = False

        def read(self, key: str) -> bytes:
            if self.gone:
                raise StorageError(f"{key}: cannot be read.")
            return super().read(key)

    store = Unmounted()
    publish(store)
    client = client_of(store)
    store.gone = True
    client.service.refresh()
    response = client.get("/topics/asthma")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    store.gone = False
    assert client.get("/topics/asthma").status_code == 200


def test_what_cannot_be_cached_is_still_served(store: CountingStore, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(store)
    monkeypatch.setattr(client.service.served.answers, "_most", 10_000)
    for _ in range(3):
        for language in ("en", "es"):
            for topic in TITLES:
                response = client.get(f"/fhir/r4/{language}/{topic}.json")
                assert json.loads(response.content)["title"] == TITLES[topic][language]
        assert client.get("/manifest.json").status_code == 200


@pytest.mark.parametrize(
    "path", ["/topics/%2e%2e/manifest.json", "/topics/..%2fmanifest.json", "//topics.json", "/%00"]
)
def test_encoded_paths_lead_nowhere(store: CountingStore, path: str) -> None:
    response = client_of(store).get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
