"""Servers on loopback."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx


def unread(response: httpx.Response) -> httpx.Response:
    """Return a response whose bytes are still to be read, as from a network."""
    if not response.is_stream_consumed:
        return response
    data = response.content

    def body() -> Iterator[bytes]:
        yield data

    return httpx.Response(response.status_code, headers=response.headers, content=body())


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def serving(handler: object) -> Iterator[str]:
    """Serve on loopback, and yield the address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:  # type: ignore[arg-type]  # a class, or a partial of one
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def static_host(folder: Path) -> Iterator[str]:
    """Serve the files of a folder, and yield the address."""
    with serving(partial(Quiet, directory=str(folder))) as url:
        yield url
