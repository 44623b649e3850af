"""A receiver of webhooks and pings: a real server on loopback, in a separate process that can be killed."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any


class _Handler(BaseHTTPRequestHandler):
    """Notes each request, then answers as the file says, or kills itself instead."""

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, body: str) -> None:
        note = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body}
        with Path(sys.argv[1], "notes.jsonl").open("a") as notes:
            notes.write(json.dumps(note) + "\n")
        answer = json.loads(Path(sys.argv[1], "answer.json").read_text())
        if answer["isKilled"]:
            signal.raise_signal(signal.SIGKILL)
        self.send_response(answer["status"])
        for name, value in answer["headers"].items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Stay quiet."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """What the tests see of it."""

    folder: Path
    port: int
    process: "subprocess.Popen[str]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(
        self, status: int = 204, headers: Mapping[str, str] | None = None, *, is_killed: bool = False
    ) -> None:
        """Answer so from now on."""
        answer = {"status": status, "isKilled": is_killed, "headers": dict(headers or {})}
        (self.folder / "answer.json").write_text(json.dumps(answer))

    @property
    def notes(self) -> list[dict[str, Any]]:
        """All requests, also those that came before the receiver was killed."""
        path = self.folder / "notes.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def paths(self) -> list[str]:
        return [note["path"] for note in self.notes]

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def forget(self) -> None:
        """Answer 204 from now on, as if nothing had come yet."""
        (self.folder / "notes.jsonl").unlink(missing_ok=True)
        self.answer()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def receiving(folder: Path, port: int = 0) -> Iterator[Receiver]:
    """Run a receiver that answers 204; one at the same port takes the place of one that was killed."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-P", __file__, str(folder), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        receiver = Receiver(folder, int(process.stdout.readline()), process)
        receiver.answer()
        try:
            yield receiver
        finally:
            receiver.kill()


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[2])), _Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
