"""The file from which node exporter takes metrics."""

import os
from pathlib import Path
from typing import Final

from healthtopics.errors import refusal
from healthtopics.storage.atomic import writing, written_beside

_READABLE: Final = 0o644
"""The exporter runs as another user, whatever the umask of the job."""


def read_textfile(path: Path) -> str:
    """Return the text of a file of metrics; empty if there is none. Raises as `writing` does."""
    try:
        return path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise refusal(error, f"{path}: cannot be read ({error.strerror}).") from error


def write_textfile(path: Path, data: bytes) -> None:
    """Replace a file of metrics in one step; raises as `writing` does."""
    # Not `replace_file`: the exporter would read its temporary file, whose name has the same suffix.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with writing(path):
        temporary.unlink(missing_ok=True)  # in a container, every run has the number of one that was killed
        with written_beside(temporary, data, _READABLE) as file:
            file.replace(path)
