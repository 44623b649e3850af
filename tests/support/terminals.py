"""The command line on a terminal: a pseudo-terminal, on which a test reads and types."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HEALTHTOPICS: Final = Path(sys.executable).parent / "healthtopics"


class Terminal:
    """A command whose standard streams are a terminal."""

    def __init__(self, *words: str, folder: Path, columns: int = 80) -> None:
        self._screen, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._process = subprocess.Popen(
            [_HEALTHTOPICS, *words],
            cwd=folder,
            env={key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            # The terminal of the new session is this one, so that Ctrl-C arrives.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - the tests have no threads here
        )
        os.close(terminal)
        self._read = ""
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._screen)

    def expect(self, text: str) -> str:
        """Wait until a text is shown after what was expected before; return all up to it."""
        while (at := self._read.find(text, self._seen)) < 0:
            assert self._more(), f"{text!r} is not shown after {self._read[self._seen :]!r}"
        shown = self._read[self._seen : at + len(text)]
        self._seen = at + len(text)
        return shown

    def send(self, keys: str) -> None:
        """Type something."""
        os.write(self._screen, keys.encode())

    def end(self) -> int:
        """Read until the command ends, and return its exit code."""
        while self._more():
            pass
        return self._process.wait()

    @property
    def shown(self) -> str:
        """Everything that was shown, without colors, and without what was written over."""
        lines = _CONTROL.sub("", self._read).replace("\r\n", "\n").split("\n")
        return "\n".join(line.rpartition("\r")[2] for line in lines)

    def _more(self) -> bool:
        try:
            data = os.read(self._screen, 65536)
        except OSError:  # how Linux says that nobody has the terminal open any more
            return False
        self._read += data.decode(errors="replace")
        return bool(data)
