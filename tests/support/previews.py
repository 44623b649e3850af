"""`healthtopics catalogue preview` as a process, and pages on it in a real browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, expect

# A shell without job control starts what runs in the background with Ctrl-C ignored; a user's does not.
_STARTED = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from healthtopics.cli import main
main()
"""
HEALTHTOPICS = [sys.executable, "-c", _STARTED]
expect.set_options(timeout=20_000)


@dataclass(frozen=True, slots=True)
class Preview:
    """A running preview."""

    address: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> str:
        return self.address.rpartition(":")[2]

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def previewing(folder: Path, port: str = "0") -> Iterator[Preview]:
    """Run the command in a folder, and stop it as Ctrl-C does, unless it was killed."""
    command = [*HEALTHTOPICS, "catalogue", "preview", "--port", port]
    # The name of who works there is that of git: not of who runs this.
    no_git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    environment = {**os.environ, **no_git, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            address = re.search(r"http://\S+/", said)
            assert address, said + process.stdout.read()
            yield Preview(address[0].rstrip("/"), process)
        finally:
            was_killed = process.poll() == -signal.SIGKILL
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=60)
            assert "Traceback" not in rest, rest
            assert was_killed or process.returncode == 130, rest  # what shells give for Ctrl-C


@contextmanager
def opened(browser: Browser, address: str, path: str = "/es/fever") -> Iterator[Page]:
    """Open a page that follows its files; nothing in it may fail, nothing may be fetched elsewhere."""
    page = browser.new_page(viewport={"width": 1200, "height": 900}, base_url=address)
    page.set_default_timeout(20_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:")) else faults.append(request.url),
    )
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    page.goto(path)
    follows(page)
    yield page
    page.close()
    assert not faults, faults


def follows(page: Page) -> None:
    """Wait until a page follows the files, and its sides are there."""
    page.wait_for_selector("html[data-live]", state="attached")
    side(page, "translation").wait_for_selector("a.where")


def side(page: Page, name: str) -> Frame:
    """Return the frame of a side."""
    frame = page.frame(name)
    assert frame is not None
    return frame
