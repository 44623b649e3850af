"""A server that only sends files: what Python takes for it, with the parser and the loop of the service.

    python benchmarks/bare.py FOLDER

It prints its address. It knows no conditions, ranges or content codings, keeps no log, and checks nothing.
"""

import asyncio
import sys
from pathlib import Path
from typing import cast

import httptools
import uvloop


class BareConnection(asyncio.Protocol):
    """Answers each request with a file."""

    def __init__(self, folder: str) -> None:
        """Serve a folder."""
        self._folder = folder
        self._parser = httptools.HttpRequestParser(self)
        self._target = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Parse what arrives."""
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._target = b""

    def on_url(self, url: bytes) -> None:
        """Add to the request target."""
        self._target += url

    def on_message_complete(self) -> None:
        """Send the file."""
        body = Path(f"{self._folder}{self._target.decode()}").read_bytes()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
        self._transport.writelines((head % len(body), body))


async def serve(folder: str) -> None:
    """Serve a folder until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: BareConnection(folder), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
