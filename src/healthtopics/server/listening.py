"""The socket on which a server listens."""

import socket
from contextlib import ExitStack
from typing import Final

from healthtopics.errors import NetworkError

_BACKLOG: Final = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one. Raises NetworkError if it cannot.

    It is made with the protocol TCP, not 0: only then does asyncio set TCP_NODELAY on its connections.
    Otherwise each answer with a body waits 40 ms for a delayed acknowledgement.
    """
    try:
        family, kind, _any, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with ExitStack() as opened:
            listening = opened.enter_context(socket.socket(family, kind, socket.IPPROTO_TCP))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
            opened.pop_all()
            return listening
    except OSError as error:
        reason = error.strerror or str(error)
        raise NetworkError(
            f"{host}:{port}: cannot be listened on ({reason}). Choose another --port."
        ) from error


def address_of(listening: socket.socket) -> str:
    """Return the URL of a listening socket, with the port that it really has."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
