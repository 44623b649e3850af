"""`healthtopics pull` against real servers on loopback that mean no good, and folders with debris."""

import gzip
import shutil
import socket
import socketserver
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import stamina
from msgspec import structs

from healthtopics.copies import COPY
from healthtopics.jsontext import digest, dump
from healthtopics.release import object_key, open_current
from healthtopics.storage.local import LocalStore
from support.hosts import Quiet, serving
from support.releases import MemoryStore, claim, publish
from support.workspaces import Workspace, run

BOMB = gzip.compress(gzip.compress(bytes(100 * 2**20)))
"""A hundred megabytes of zeros, packed twice."""


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def host(published: Workspace) -> Iterator[str]:
    """A static host of a store."""
    with serving(partial(Quiet, directory=str(published.exports))) as url:
        yield url


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    class Bomb(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - as the library calls it
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip, gzip")
            self.send_header("Content-Length", str(len(BOMB)))
            self.end_headers()
            self.wfile.write(BOMB)

    with serving(Bomb) as url:
        done = run("pull", url, "copy", folder=tmp_path)
    assert done.code == 1
    assert "the content coding 'gzip, gzip', which was not asked for" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_never_finishes_is_given_up(tmp_path: Path, start: bytes) -> None:
    class Drip(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(2**16)
            try:
                self.request.sendall(start)
                # A byte now and then: no single read takes long.
                while not over.wait(0.02):
                    self.request.sendall(b" ")
            except OSError:
                over.set()

    over, unlimited = threading.Event(), threading.Event()

    def end() -> None:
        unlimited.set()
        over.set()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        ending = threading.Timer(20, end)  # rather than never
        ending.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        done = run("pull", url, "copy", "--timeout", "0.5", folder=tmp_path)
        over.set()
        ending.cancel()
        server.shutdown()
        thread.join()
    assert done.code == 75
    assert "everything together took longer than 0.5 seconds" in done.err
    assert not unlimited.is_set()
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_neither_printed_nor_kept(published: Workspace, tmp_path: Path) -> None:
    asked: list[str | None] = []

    class Guarded(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - as the library calls it
            asked.append(self.headers["Authorization"])
            super().do_GET()

    with serving(partial(Guarded, directory=str(published.exports))) as url:
        secret = url.replace("://", "://partner:s3cr3t@")
        texts = [run("pull", secret, "copy", folder=tmp_path)]
        texts += [run("pull", "--json", secret, "copy", folder=tmp_path)]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for address in (f"http://partner:s3cr3t@127.0.0.1:{port}", "ftp://partner:s3cr3t@host"):
        texts += [run("--debug", "pull", address, "copy", folder=tmp_path)]
    assert [done.code for done in texts] == [0, 0, 75, 2]
    assert asked
    assert None not in asked
    assert not any("s3cr3t" in done.out + done.err for done in texts)
    kept = [path.read_bytes() for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"s3cr3t" in data for data in kept)


def _everything(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda copy: copy.symlink_to("nowhere"), "copy: is a link that leads nowhere"),
        (lambda copy: copy.write_bytes(b""), "copy: is not a folder"),
        (lambda copy: (copy / "current").mkdir(parents=True), "current: is not the link that leads to"),
        (lambda copy: (copy.mkdir(), (copy / "objects").symlink_to("../outside")), "objects: is a link"),
        (lambda copy: (copy.mkdir(), (copy / "releases").symlink_to("../outside")), "releases: is a link"),
        (lambda copy: (copy.mkdir(), (copy / ".lock").symlink_to("../outside/lock")), ".lock: is a link"),
    ],
)
def test_what_prevents_a_copy_is_named_and_nothing_is_left(
    host: str, tmp_path: Path, make: object, message: str
) -> None:
    assert callable(make)
    (tmp_path / "outside").mkdir()
    make(tmp_path / "copy")
    before = _everything(tmp_path)
    done = run("pull", host, "copy", folder=tmp_path)
    assert (done.code, message in done.err) == (78, True), done.err
    assert _everything(tmp_path) == before


def test_an_object_that_is_a_link_is_replaced_by_a_file(host: str, tmp_path: Path) -> None:
    run("pull", host, "copy", folder=tmp_path)
    path = next((tmp_path / "copy/objects").rglob("*.json"))
    outside = tmp_path / "outside.json"
    path.rename(outside)
    path.symlink_to(outside)
    data = outside.read_bytes()
    outside.write_bytes(b"")
    assert run("pull", "--json", host, "copy", folder=tmp_path).json["repaired"] == 1
    assert (path.is_symlink(), path.read_bytes(), outside.read_bytes()) == (False, data, b"")


@pytest.mark.parametrize("fault", ["suffix", "index"])
def test_a_release_that_could_not_be_used_leaves_nothing(tmp_path: Path, fault: str) -> None:
    store = LocalStore(tmp_path / "exports")
    manifest = publish(MemoryStore()).manifest
    data = dump({"topics": [{"id": "asthma", "editions": "none"}]})
    index = structs.replace(manifest.files["topics.json"], sha256=digest(data), length=len(data))
    name = f"notes.{'a' * 300}" if fault == "suffix" else "topics.json"
    store.replace(object_key("topics.json", index.sha256), data)
    claim(store, structs.replace(manifest, files={**manifest.files, name: index}))
    with serving(partial(Quiet, directory=str(store.folder))) as url:
        done = run("pull", url, "copy", folder=tmp_path)
    assert done.code == 1
    assert {"suffix": "is not allowed as the name", "index": "no service could open it"}[fault] in done.err
    assert not (tmp_path / "copy").exists()


class TestACopyThatIsDamaged:
    @pytest.fixture
    def copy(self, host: str, tmp_path: Path) -> Path:
        assert run("pull", host, "copy", folder=tmp_path).code == 0
        return tmp_path / "copy"

    def _damage(self, copy: Path) -> Path:
        store = LocalStore(copy)
        artifact = open_current(store).manifest.files["schemaorg/es/asthma.jsonld"]
        path = copy / object_key("x.jsonld", artifact.sha256)
        path.write_bytes(bytes(artifact.length))
        return path

    def test_says_how_to_make_it_whole(self, host: str, copy: Path) -> None:
        self._damage(copy)
        done = run("release", "verify", "--exports", str(copy), folder=copy.parent)
        assert done.code == 1
        assert "--repair" not in done.out + done.err
        assert f"Run `healthtopics pull {host} {copy} --verify`: it fetches damaged files again." in done.out
        done = run("pull", host, str(copy), "--verify", folder=copy.parent)
        assert "Nothing new: release 1 is here already. 1 damaged file fetched again." in done.out
        assert run("release", "verify", "--exports", str(copy), folder=copy.parent).code == 0

    def test_is_not_published_to(self, host: str, copy: Path, published: Workspace) -> None:
        before = _everything(copy)
        done = published.run("publish", "--repair", "--exports", str(copy), code=78)
        assert f"{copy} is a copy of {host}, made by `healthtopics pull`." in done.err
        assert f"`healthtopics pull {host} {copy} --verify`" in done.err
        assert _everything(copy) == before

    def test_can_become_the_publishers_own(self, copy: Path, published: Workspace) -> None:
        shutil.rmtree(published.exports)
        (copy / COPY).unlink()
        published.run("publish", "--exports", str(copy))


def test_a_publishers_own_store_is_not_pulled_into(host: str, published: Workspace) -> None:
    done = published.run("pull", host, "exports", code=78)
    assert "exports: holds the releases of the workspace" in done.err
    assert "`healthtopics release adopt`" in done.err
    assert not (published.exports / ".copy.json").exists()
    published.publish()
