"""The manual pages, as help2man makes them from `--help`."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from healthtopics import __version__, cli
from support.workspaces import build_commands

_BIN: Final = Path(sys.executable).parent
_DAY: Final = "2026-11-20"
"""The day of all pages: the same help gives the same bytes."""


def manual_pages() -> dict[str, str]:
    """Return every page by the name of its file."""
    shown = list(_commands(build_commands(cli.app), "healthtopics"))
    with ThreadPoolExecutor(2) as threads:
        return dict(threads.map(lambda each: _page(*each), shown))


def _commands(command: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield each command that is not hidden, with its summary."""
    yield name, command.get_short_help_str()
    for word, each in getattr(command, "commands", {}).items():
        if not each.hidden:
            yield from _commands(each, f"{name} {word}")


def _page(command: str, summary: str) -> tuple[str, str]:
    title = command.replace(" ", "-")
    done = subprocess.run(
        [
            "help2man",
            "--no-info",
            "--locale=C.UTF-8",
            f"--version-string={__version__}",
            f"--source=healthtopics {__version__}",
            f"--name={summary[:1].lower()}{summary[1:].removesuffix('.')}",
            command,
        ],
        env={
            "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "80",
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    text = re.sub(
        r'^\.TH .*? "1" ".*?"', f'.TH {title.upper()} "1" "{_DAY}"', done.stdout, flags=re.MULTILINE
    )
    text = text.replace(f".SH NAME\n{command} ", f".SH NAME\n{title} ")
    text = re.sub(r"[^\x00-\x7f]", lambda each: rf"\[u{ord(each[0]):04X}]", text)
    text = re.sub(r"\A.*\n", '.\\" Made of --help by help2man.\n', text)
    return f"{title}.1", text
