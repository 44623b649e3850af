"""The standard streams of a command: closed, full or unread, they never change what the command does."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from healthtopics.cli.exits import EXIT_OK, EXIT_TRY_AGAIN
from healthtopics.cli.run import Run

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Kept(io.RawIOBase):
    """Writes to a stream; the first error is kept, and what comes after it is dropped.

    So a publication is never left half-way because nobody reads what it says.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.lost: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write all of it, or remember why not."""
        if self.lost is None:
            try:
                self._stream.write(data)
                self._stream.flush()
            except OSError as error:
                self.lost = error
                self._drop()
        return memoryview(data).nbytes

    def writable(self) -> bool:
        """Return True: every write succeeds."""
        return True

    def fileno(self) -> int:
        """Return that of the stream."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self._stream.isatty()

    def _drop(self) -> None:
        """Let what the stream still has in its buffer go nowhere: Python writes it once more at its end."""
        with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), self._stream.fileno())


@contextmanager
def standard_streams() -> Iterator[Kept | None]:
    """Make writing to standard output and error safe; yields the first, if it is one of bytes."""
    _open_closed()
    with ExitStack() as stack:
        kept: list[Kept | None] = []
        for stream, redirect in ((sys.stdout, redirect_stdout), (sys.stderr, redirect_stderr)):
            kept.append(Kept(stream.buffer) if isinstance(stream, io.TextIOWrapper) else None)
            if (own := kept[-1]) is not None:
                # No terminal's encoding may turn a success into a failure.
                text = io.TextIOWrapper(
                    io.BufferedWriter(own), stream.encoding, "backslashreplace", line_buffering=True
                )
                stack.callback(text.flush)
                stack.enter_context(redirect(text))
        yield kept[0]


def _open_closed() -> None:
    """Open what the caller has closed: else the next file that is opened would get what others print."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
    # Python has no stream where there was no descriptor at its start.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end


def exit_code_of_lost(error: OSError) -> int:
    """Return the code where only the output failed: none of its reader who went away, as `head` does."""
    return EXIT_OK if error.errno == errno.EPIPE else EXIT_TRY_AGAIN


def explain_lost(error: OSError, run: Run) -> str:
    """Return for people what could not be printed: the work is done as if somebody had read it.

    Empty if a reader has seen enough, as `head` does, of what a command has only looked at.
    """
    if error.errno == errno.EPIPE and run.result in ("done", "passed", "failed"):
        return ""
    reason = error.strerror or type(error).__name__
    release = f", release {run.members['release']}" if "release" in run.members else ""
    return f"Standard output could not be written ({reason}). The result is: {run.result}{release}."
