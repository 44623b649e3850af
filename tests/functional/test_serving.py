"""`healthtopics serve` and the preview as processes: sockets, signals, workers, descriptors, keys."""

import ctypes
import errno
import json
import os
import re
import signal
import socket
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import stamina

from healthtopics.server.listening import listen
from healthtopics.storage.local import LocalStore
from support.processes import is_running, serving
from support.releases import publish_indexed as publish
from support.workspaces import Workspace, run

PIDFD_GETFD = 438
"""The number of the system call, the same on all processors."""


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    publish(LocalStore(folder), now=datetime.now(UTC))
    return folder


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def option_of(pid: int, port: int, level: int, option: int) -> list[int]:
    """Return an option of each connection that a process has accepted on a port."""
    getfd = ctypes.CDLL(None, use_errno=True).syscall
    process = os.pidfd_open(pid)
    found = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        if not path.readlink().name.startswith("socket:"):
            continue
        descriptor = getfd(PIDFD_GETFD, process, int(path.name), 0)
        if descriptor < 0:
            pytest.skip(f"this process may not look into another: {os.strerror(ctypes.get_errno())}")
        with socket.socket(fileno=descriptor) as copy:
            is_accepted = not copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if copy.family == socket.AF_INET and is_accepted and copy.getsockname()[1] == port:
                found.append(copy.getsockopt(level, option))
    os.close(process)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="pidfd_getfd is a call of Linux")
@pytest.mark.parametrize("command", ["serve", "preview"])
def test_accepted_connections_do_not_wait_for_acknowledgements(
    command: str, exports: Path, log: Path, request: pytest.FixtureRequest
) -> None:
    words: list[str | Path] = ["serve", "--exports", exports]
    if command == "preview":
        workspace: Workspace = request.getfixturevalue("fresh")
        words = ["catalogue", "preview", "-C", workspace.folder]
    with serving(*words, log=log) as server, httpx.Client(base_url=server.url) as client:
        assert client.get("/").status_code == 200  # so that the connection has been accepted
        assert option_of(server.process.pid, server.port, socket.IPPROTO_TCP, socket.TCP_NODELAY) == [1]


def test_a_listening_socket_has_its_protocol() -> None:
    """Without it, asyncio would not set TCP_NODELAY; uvloop does in any case."""
    with listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


@pytest.mark.slow
def test_with_128_descriptors_half_sent_requests_neither_lock_out_others_nor_fill_the_log(
    exports: Path, log: Path
) -> None:
    with serving("serve", "--exports", exports, log=log, descriptors=128) as server, ExitStack() as opened:
        for _ in range(400):
            connection = opened.enter_context(
                socket.create_connection(("127.0.0.1", server.port), timeout=60)
            )
            connection.sendall(b"GET /topics/asthma HTTP/1.1\r\nAccept: ")
        answers = [httpx.get(f"{server.url}/topics/asthma").status_code for _ in range(200)]
        assert answers == [200] * 200
        assert len(list(Path(f"/proc/{server.process.pid}/fd").iterdir())) <= 128
    lines = log.read_text().splitlines()
    # Each of the connections that fit has a line when its time is over.
    assert len([line for line in lines if not re.search(" (200|408) ", line)]) <= 5, lines
    assert log.stat().st_size < 64_000


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_signal_ends_the_service_and_is_its_exit_code(exports: Path, log: Path, workers: str) -> None:
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)):
        with serving("serve", "--exports", exports, "--workers", workers, log=log, ends_with=code) as server:
            assert httpx.get(f"{server.url}/topics/asthma").status_code == 200
            server.process.send_signal(number)
            server.process.wait(timeout=60)
        assert log.read_text().splitlines()[-1] == "Stopped."
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/topics/asthma")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_service_that_stops_refuses_connections_at_once_and_finishes_requests(
    exports: Path, log: Path, workers: str
) -> None:
    head = (
        b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 16\r\nExpect: 100-continue\r\n\r\n"
    )
    words = ("serve", "--exports", exports, "--workers", workers)
    with serving(*words, log=log) as server, ExitStack() as opened:
        address = ("127.0.0.1", server.port)
        begun = [opened.enter_context(socket.create_connection(address, timeout=60)) for _ in range(4)]
        for connection in begun:
            connection.sendall(head)
            assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        server.process.terminate()
        for attempt in stamina.retry_context(on=AssertionError, timeout=5, attempts=None):
            with attempt, socket.socket() as new:
                assert new.connect_ex(address) == errno.ECONNREFUSED
        assert server.process.poll() is None, "requests are at work"
        for connection in begun:
            connection.sendall(b"q=asthma&lang=en")
            assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        server.process.wait(timeout=60)


def test_a_worker_that_ends_is_replaced(exports: Path, log: Path) -> None:
    with serving("serve", "--exports", exports, "--workers", "2", log=log) as server:
        assert httpx.get(f"{server.url}/health/ready").status_code == 200
        before = server.workers()
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        for attempt in stamina.retry_context(on=AssertionError, timeout=60):
            with attempt:
                now = server.workers()
                assert len(now) == 2
                assert before[0] not in now
        assert {httpx.get(f"{server.url}/topics/asthma").status_code for _ in range(20)} == {200}
    assert "worker 1 ended with -9; it is replaced" in log.read_text()


def test_workers_end_with_their_parent(exports: Path, log: Path) -> None:
    with serving("serve", "--exports", exports, "--workers", "2", log=log, ends_with=-9) as server:
        assert httpx.get(f"{server.url}/health/live").status_code == 200
        workers = server.workers()
        server.process.kill()
        server.process.wait(timeout=60)
        for attempt in stamina.retry_context(on=AssertionError, timeout=60):
            with attempt:
                assert not any(map(is_running, workers))


def test_each_worker_finds_a_new_release(exports: Path, log: Path) -> None:
    with serving("serve", "--exports", exports, "--workers", "2", log=log) as server:
        assert httpx.get(f"{server.url}/health/live").json()["release"] == 1
        publish(LocalStore(exports), {"asthma": {"en": "Asthma, revised"}}, now=datetime.now(UTC))
        for attempt in stamina.retry_context(on=AssertionError, timeout=60):
            with attempt:
                text = httpx.get(f"{server.url}/metrics").text
                found = re.findall(r'service_release_number\{worker="(\d)"\} 2\.0', text)
                assert found == ["1", "2"]


def test_a_missing_folder_is_wrong_usage_unless_it_is_waited_for(tmp_path: Path, log: Path) -> None:
    missing = tmp_path / "exports"
    done = run("serve", "--exports", str(missing), "--port", "0", folder=tmp_path)
    assert done.code == 2
    assert "is not a folder" in done.err
    with serving("serve", "--exports", missing, "--wait", log=log) as server:
        assert httpx.get(f"{server.url}/topics/asthma").status_code == 503
        publish(LocalStore(missing), now=datetime.now(UTC))
        for attempt in stamina.retry_context(on=AssertionError, timeout=60):
            with attempt:
                assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert log.read_text().count("no release has been published yet") == 1


def test_a_port_that_is_taken_is_named(exports: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--exports", str(exports), "--port", str(port), folder=tmp_path)
    assert done.code == 75
    assert (
        f"127.0.0.1:{port}: cannot be listened on (Address already in use). Choose another --port."
        in done.err
    )


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_log_of_the_service_is_one_json_object_per_line(exports: Path, log: Path, workers: str) -> None:
    words = ("serve", "--exports", exports, "--log", "json", "--workers", workers)
    with serving(*words, log=log) as server:
        identity = httpx.get(f"{server.url}/topics/asthma?code=O034").headers["X-Request-Id"]
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [each["message"].split()[0] for each in entries] == [
        "started",
        "listening",
        "request",
        "Stopped.",
        "finished",
    ]
    assert {each["level"] for each in entries} == {"info"}
    assert len({(each["run"], each["command"]) for each in entries}) == 1
    assert entries[2]["request"] == identity
    assert "O034" not in log.read_text()


class TestKeys:
    def test_a_key_is_created_listed_used_and_revoked(self, exports: Path, tmp_path: Path, log: Path) -> None:
        keys = tmp_path / "keys.json"
        created = run("key", "create", "Clinic", "--keys", str(keys), "--json", folder=tmp_path).json
        token, identity = created["key"], created["id"]
        assert token not in keys.read_text()
        assert keys.stat().st_mode & 0o777 == 0o640
        words = ("serve", "--exports", exports, "--keys", keys, "--require-key", "--key-rate", "1000/minute")
        with serving(*words, log=log) as server:
            fields = {"Authorization": f"Bearer {token}"}
            assert httpx.get(f"{server.url}/topics/asthma").status_code == 401
            answer = httpx.get(f"{server.url}/topics/asthma", headers=fields)
            assert answer.headers["RateLimit-Policy"] == '"default";q=1000;w=60'
            listed = run("key", "list", "--keys", str(keys), folder=tmp_path)
            assert identity in listed.out
            assert "Clinic" in listed.out
            assert run("key", "revoke", identity, "--keys", str(keys), folder=tmp_path).code == 0
            for attempt in stamina.retry_context(on=AssertionError, timeout=60):
                with attempt:
                    assert httpx.get(f"{server.url}/topics/asthma", headers=fields).status_code == 401
        assert token not in log.read_text()

    def test_the_workspace_says_where_the_keys_are(self, fresh: Workspace, log: Path) -> None:
        toml = fresh.folder / "healthtopics.toml"
        toml.write_text(
            toml.read_text() + '\n[serve]\nkeys = "keys.json"\nrequire_key = true\nrate = "5/hour"\n'
        )
        token = run("key", "create", "Clinic", "--json", folder=fresh.folder).json["key"]
        assert (fresh.folder / "keys.json").exists()
        with serving("serve", "-C", fresh.folder, "--wait", log=log) as server:
            assert httpx.get(f"{server.url}/").status_code == 401
            assert httpx.get(f"{server.url}/", headers={"X-API-Key": token}).status_code != 401

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("key", "list"), "name the file of API keys with --keys"),
            (("key", "revoke", "x", "--keys", "keys.json"), "there is no key 'x'"),
            (("serve", "--require-key"), "--require-key needs the file of the keys"),
            (("serve", "--rate", "many"), "--rate: 'many' is not a rate like 600/minute"),
            (
                ("serve", "--proxy", "nginx"),
                "--proxy: 'nginx' does not appear to be an IPv4 or IPv6 network.",
            ),
        ],
    )
    def test_wrong_usage_says_what_is_wrong(
        self, fresh: Workspace, words: tuple[str, ...], message: str
    ) -> None:
        (fresh.folder / "keys.json").write_text('{"keys": []}')
        (fresh.folder / "exports").mkdir(exist_ok=True)
        done = run(*words, folder=fresh.folder)
        assert done.code == 2
        assert message in " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.err).split())

    def test_a_file_of_keys_that_is_missing_or_another_is_78(self, exports: Path, tmp_path: Path) -> None:
        for content in (None, "[]"):
            if content:
                (tmp_path / "keys.json").write_text(content)
            words = ("serve", "--exports", str(exports), "--keys", "keys.json", "--port", "0")
            assert run(*words, folder=tmp_path).code == 78
