"""A virtual screen, on which a program with windows is used as by a person."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from watchfiles import watch

PATIENCE_S = 60


class Screen:
    """A screen without a window manager; the home of its programs is empty."""

    def __init__(self, display: str, home: Path) -> None:
        self.home = home
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "WAYLAND"))},
            "DISPLAY": display,
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "LANGUAGE": "en",
            "LC_ALL": "C.UTF-8",
        }

    def do(self, *words: str) -> str:
        """Let `xdotool` do something: search, click, press keys."""
        command = ["xdotool", *words]
        done = subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, timeout=PATIENCE_S
        )
        return done.stdout

    @contextmanager
    def running(self, *command: str | Path) -> Iterator[None]:
        """Run a program until the block ends."""
        log = self.home / "log"
        with (
            log.open("w") as out,
            subprocess.Popen(command, env=self.environment, stdout=out, stderr=out) as run,
        ):
            try:
                yield
            finally:
                run.terminate()

    def type_until_saved(self, place: tuple[str, str], text: str, file: Path, window: str) -> None:
        """Replace the text of a field and save, again until the file has it: programs take time to start."""
        for _changes in watch(
            file.parent, watch_filter=None, rust_timeout=2000, yield_on_timeout=True, step=200, debounce=200
        ):
            if text in file.read_text():
                return
            self.do("windowfocus", window)
            self.do("mousemove", *place, "click", "1", "key", "ctrl+a", "type", "--delay", "20", text)
            self.do("key", "ctrl+s")


@contextmanager
def screen() -> Iterator[Screen]:
    """Start a virtual screen."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with (
        TemporaryDirectory() as home,
        subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server,
    ):
        os.close(write)
        try:
            with os.fdopen(read) as number:
                yield Screen(f":{number.readline().strip()}", Path(home))
        finally:
            server.terminate()
