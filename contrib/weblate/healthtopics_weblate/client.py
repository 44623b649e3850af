# SPDX-License-Identifier: Apache-2.0
"""Asks `healthtopics lsp` about single entries; one process for each catalogue, which stays."""

import json
import queue
import subprocess
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MOST_PROCESSES = 4
"""This many catalogues have a process at once; the one that was asked longest ago ends."""
PATIENCE_S = 30.0
"""After so long without an answer a process is ended."""

_KEPT = ("lint-ignore:", "origin:")
"""Comments that findings depend on."""


@dataclass(frozen=True)
class Entry:
    """One entry of a catalogue."""

    context: str
    source: str
    target: str
    notes: str = ""
    """Its comments, line by line."""

    def text(self, language: str) -> str:
        """Return a catalogue that has only this entry."""
        header = _quoted(f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\n")
        comments = [
            f"# {each}\n" for each in map(str.strip, self.notes.splitlines()) if each.startswith(_KEPT)
        ]
        context = f"msgctxt {_quoted(self.context)}\n" if self.context else ""
        return (
            f'msgid ""\nmsgstr {header}\n\n{"".join(comments)}{context}'
            f"msgid {_quoted(self.source)}\nmsgstr {_quoted(self.target)}\n"
        )


@dataclass(frozen=True)
class Finding:
    """What is wrong with a translation."""

    check: str
    is_error: bool
    message: str


def _quoted(text: str) -> str:
    for character, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(character, written)
    return f'"{text}"'


class Judge:
    """A language server, asked about one catalogue."""

    def __init__(self, path: Path, command: tuple[str, ...]) -> None:
        self.uri = path.absolute().as_uri()
        self._version = 0
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._process = subprocess.Popen(  # noqa: S603 - the administrator names it
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def find(self, entry: Entry, language: str) -> list[Finding]:
        """Return what is wrong with an entry. Raises TimeoutError for no answer in time, OSError for none."""
        self._version += 1
        text = entry.text(language)
        document: dict[str, Any] = {"uri": self.uri, "version": self._version}
        if self._version == 1:
            client: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": {}}
            self._send(id=0, method="initialize", params=client)
            self._send(method="initialized", params={})
            item = {**document, "languageId": "po", "text": text}
            self._send(method="textDocument/didOpen", params={"textDocument": item})
        else:
            changes = {"textDocument": document, "contentChanges": [{"text": text}]}
            self._send(method="textDocument/didChange", params=changes)
        first = 3  # the lines of the header
        return [
            Finding(each["code"], each["severity"] == 1, each["message"])
            for each in self._diagnostics()
            if each["range"]["start"]["line"] >= first
        ]

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._listening.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(OSError):  # what was not read any more
                    stream.close()

    def _diagnostics(self) -> list[dict[str, Any]]:
        while True:
            try:
                answer = self._answers.get(timeout=PATIENCE_S)
            except queue.Empty:
                message = f"healthtopics lsp does not answer within {PATIENCE_S:g} s"
                raise TimeoutError(message) from None
            if answer is None:
                message = "healthtopics lsp has ended"
                raise OSError(message)
            if answer.get("method") == "textDocument/publishDiagnostics":
                told = answer["params"]
                if (told["uri"], told.get("version")) == (self.uri, self._version):
                    found: list[dict[str, Any]] = told["diagnostics"]
                    return found

    def _send(self, **members: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        body = json.dumps({"jsonrpc": "2.0", **members}).encode()
        if self._process.stdin is None:
            return
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        try:
            while stream and (line := stream.readline()):
                length = int(line.partition(b":")[2])
                while stream.readline().strip():
                    pass
                self._answers.put(json.loads(stream.read(length)))
        except ValueError:  # not the protocol, or the stream was closed
            pass
        self._answers.put(None)


@dataclass
class _Place:
    """The process of one catalogue, which one thread at a time asks."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    judge: Judge | None = None
    users: int = 0
    """The number of threads that ask it, or wait for it."""

    def end(self) -> None:
        """End the process."""
        judge, self.judge = self.judge, None
        if judge:
            judge.end()


class Judges:
    """The processes of the catalogues that were asked about last; threads may share it.

    One that hangs keeps only those waiting who ask about the same catalogue.
    """

    def __init__(self, command: tuple[str, ...] = ("healthtopics", "lsp")) -> None:
        self._command = command
        self._places: OrderedDict[Path, _Place] = OrderedDict()
        self._lock = threading.Lock()
        """Of the table only; never held while a process is asked."""

    def find(self, path: Path, language: str, entry: Entry) -> list[Finding]:
        """Return what is wrong with an entry of a catalogue. Raises OSError if no process answers."""
        with self._lock:
            place = self._places.setdefault(path, _Place())
            self._places.move_to_end(path)
            place.users += 1
        try:
            with place.lock:
                return self._ask(place, path, language, entry)
        finally:
            with self._lock:
                place.users -= 1
                unused = [each for each, other in self._places.items() if not other.users]
                more = len(self._places) - MOST_PROCESSES
                gone = [self._places.pop(each) for each in unused[: max(more, 0)]]
            for each in gone:
                each.end()

    def _ask(self, place: _Place, path: Path, language: str, entry: Entry) -> list[Finding]:
        for is_last in (place.judge is None, True):
            try:
                place.judge = place.judge or Judge(path, self._command)
                return place.judge.find(entry, language)
            except OSError as error:
                place.end()
                # It may have been ended from outside: another one is asked, once.
                if is_last or isinstance(error, TimeoutError):
                    raise
        return []

    def end(self) -> None:
        """End all processes."""
        with self._lock:
            places = [self._places.popitem()[1] for _ in range(len(self._places))]
        for each in places:
            with each.lock:
                each.end()
