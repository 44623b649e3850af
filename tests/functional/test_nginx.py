"""The files of `deploy/` for nginx, with a real one: a host of releases, and a proxy of the service."""

import gzip
from collections.abc import Iterator
from functools import partial
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from healthtopics.publishing.precompressing import precompress
from healthtopics.release import object_key, objects_of, open_current, verify
from healthtopics.server.gate import Gate
from healthtopics.server.rates import Rate
from healthtopics.server.service import Service
from healthtopics.storage.local import LocalStore
from support import nginx, releases
from support.releases import TITLES
from support.serving import running
from support.workspaces import run

publish = partial(releases.publish, is_indexed=True)

pytestmark = pytest.mark.nginx


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "exports")
    precompress(store, objects_of(publish(store)))
    return store


@pytest.fixture
def url(store: LocalStore, tmp_path: Path) -> Iterator[str]:
    with nginx.serving(store.folder, tmp_path / "nginx") as url:
        yield url


def test_partners_pull_from_it(url: str, store: LocalStore, tmp_path: Path) -> None:
    copy = LocalStore(tmp_path / "copy")
    assert run("pull", url, "copy", folder=tmp_path).code == 0
    publish(store, {**TITLES, "asthma": {"en": "Asthma, revised"}})
    assert run("pull", "--json", url, "copy", folder=tmp_path).json["release"] == 2
    assert verify(copy, open_current(copy)) == []


def test_what_it_sends(url: str, store: LocalStore) -> None:
    artifact = open_current(store).manifest.files["schemaorg/es/asthma.jsonld"]
    key = object_key("x.jsonld", artifact.sha256)
    with httpx.Client(base_url=url) as client:
        plain = client.get(f"/{key}", headers={"Accept-Encoding": "identity"})
        assert plain.content == store.read(key)
        assert plain.headers["Content-Type"] == "application/ld+json"
        assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert plain.headers["Vary"] == "Accept-Encoding"
        with client.stream("GET", f"/{key}", headers={"Accept-Encoding": "gzip"}) as packed:
            data = b"".join(packed.iter_raw())
        assert packed.headers["Content-Encoding"] == "gzip"
        assert data == store.read(f"{key}.gz")
        assert gzip.decompress(data) == plain.content
        assert packed.headers["ETag"] != plain.headers["ETag"]
        pointer = client.get("/current.json")
        assert pointer.content == client.get("/current/current.json").content
        assert pointer.headers["Cache-Control"] == "public, max-age=60"
        assert "immutable" not in client.get("/releases/000001/pointers/current.json").headers.get(
            "Cache-Control", ""
        )
        assert "immutable" in client.get("/releases/000001/manifest.json").headers["Cache-Control"]
        tag = {"If-None-Match": pointer.headers["ETag"]}
        assert client.get("/current/current.json", headers=tag).status_code == 304
        store.replace(".copy.json", b"{}")
        for path in ("/.copy.json", "/.lock", "/objects/.copy.json", "/objects/", "/elsewhere.json"):
            assert client.get(path).status_code in (403, 404), path


def test_it_is_a_proxy_of_the_service(store: LocalStore, tmp_path: Path) -> None:
    gate = Gate(rate=Rate(3, 3600), proxies=[ip_network("127.0.0.1")])
    with (
        running(Service(store), gate) as service,
        nginx.proxying(service.url, tmp_path / "proxy") as url,
        httpx.Client(base_url=url) as client,
    ):
        forwarded = {"X-Forwarded-For": "198.51.100.7", "Accept": "application/ld+json"}
        answer = client.get("/topics/asthma", headers=forwarded)
        assert (answer.status_code, answer.json()["title"]) == (200, "Asthma")
        tag = answer.headers["ETag"]
        unchanged = client.get("/topics/asthma", headers={**forwarded, "If-None-Match": tag})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert client.get("/nothing?code=O034").status_code == 404
        # The client's own X-Forwarded-For counts for nothing: nginx adds what it sees.
        assert client.get("/es/asthma", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429
        assert client.get("/health/ready").status_code in (200, 503)
        assert client.get(f"/{'a' * 9_000}").status_code == 414
    log = (tmp_path / "proxy/healthtopics.log").read_text()
    assert answer.headers["X-Request-Id"] in log
    assert "O034" not in log
    assert "asthma" not in log
