import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import pytest

from healthtopics.network import notices
from healthtopics.network.notices import ping, post
from healthtopics.webhooks import Reply

RUN = "5f0c8a52-1b5e-4d0e-9d8e-1c2f3a4b5c6d"


def client(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer))


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://ping.example.org", f"https://ping.example.org/0?rid={RUN}"),
        ("https://ping.example.org/", f"https://ping.example.org/0?rid={RUN}"),
        ("https://ping.example.org/a/b", f"https://ping.example.org/a/b/0?rid={RUN}"),
        ("https://ping.example.org/a/?create=1", f"https://ping.example.org/a/0?create=1&rid={RUN}"),
        ("https://ping.example.org/a?rid=other", f"https://ping.example.org/a/0?rid={RUN}"),
    ],
)
def test_a_ping_has_the_signal_in_its_path_and_the_run_in_its_query(url: str, asked: str) -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200)

    assert ping(client(answer), url, "0", RUN).is_taken
    assert [(request.method, str(request.url)) for request in requests] == [("GET", asked)]


def test_an_answer_without_end_is_not_read() -> None:
    def endless() -> Iterator[bytes]:
        yield b"OK"
        pytest.fail("the body was read")

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=endless())

    assert ping(client(answer), "https://ping.example.org", "start", RUN) == Reply(status=200)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ConnectTimeout("slow"), "no answer in time"),
        (httpx.ReadTimeout("slow"), "no answer in time"),
        (httpx.ConnectError("[Errno 111] Connection refused"), "no answer (Connection refused)"),
        (httpx.RemoteProtocolError(""), "no answer (RemoteProtocolError)"),
    ],
)
def test_no_answer_is_a_reply_with_its_reason(error: httpx.HTTPError, reason: str) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    replies = [
        ping(client(fail), "https://ping.example.org", "0", RUN),
        post(client(fail), "https://portal.example.org/hook", "{}", {}),
    ]
    assert [str(reply) for reply in replies] == [reason, reason]
    assert not any(reply.is_taken or reply.is_gone for reply in replies)


def test_an_answer_that_comes_byte_by_byte_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each read is short, so that no limit for a read ends it."""
    monkeypatch.setattr(notices, "_PING_S", 0.3)
    is_closed = threading.Event()

    def answer(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            for _ in range(100):
                is_closed.wait(0.05)
                connection.sendall(b"x")
            connection.sendall(b"\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, args=(server,))
        thread.start()
        with httpx.Client() as real:
            reply = ping(real, f"http://127.0.0.1:{server.getsockname()[1]}", "0", RUN)
        is_closed.set()
        thread.join()
    assert str(reply) == "no answer in time"


@pytest.mark.parametrize("url", ["https://ping.example.org:99999", "https://[", "https://a\x00b"])
def test_an_address_that_cannot_be_one_is_reported(url: str) -> None:
    with httpx.Client() as real:
        for reply in (ping(real, url, "0", RUN), post(real, url, "{}", {})):
            assert str(reply).startswith(("the address is not a valid URL", "no answer"))
