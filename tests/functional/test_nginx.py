"""`deploy/nginx.conf` with a real nginx."""

import gzip
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import stamina

from healthtopics.publishing.precompressing import precompress
from healthtopics.release import object_key, objects_of, open_current, verify
from healthtopics.storage.local import LocalStore
from support.releases import TITLES, publish
from support.samples import ROOT
from support.workspaces import run

MAIN = """
daemon off;
worker_processes 1;
error_log stderr;
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "exports")
    precompress(store, objects_of(publish(store)))
    return store


@pytest.fixture
def url(store: LocalStore, tmp_path: Path) -> Iterator[str]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("nginx is missing")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path / "nginx"
    folder.mkdir()
    site = (ROOT / "deploy/nginx.conf").read_text()
    for old, new in (("listen 80;", f"listen 127.0.0.1:{port};"), ("/srv/topics/exports", str(store.folder))):
        assert site.count(old) == 1
        site = site.replace(old, new)
    (folder / "site.conf").write_text(site)
    # Workers are another user if root starts them; the folders of tests are for their owner only.
    user = "user root root;" if os.geteuid() == 0 else ""
    (folder / "main.conf").write_text(user + MAIN.format(folder=folder))
    with subprocess.Popen(
        [program, "-p", folder, "-c", folder / "main.conf"], stderr=subprocess.PIPE
    ) as nginx:
        try:
            address = f"http://127.0.0.1:{port}"
            for attempt in stamina.retry_context(on=httpx.TransportError, timeout=20):
                with attempt:
                    httpx.get(f"{address}/current.json")
            yield address
        finally:
            nginx.send_signal(signal.SIGTERM)


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
        for path in ("/.copy.json", "/.lock", "/objects/.copy.json", "/objects/", "/", "/elsewhere.json"):
            assert client.get(path).status_code in (403, 404), path
