"""A small file that several processes change: metrics for node exporter, API keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from healthtopics.errors import refusal
from healthtopics.storage.atomic import writing, written_beside
from healthtopics.storage.locking import briefly_locked

_READABLE: Final = 0o644
"""The exporter runs as another user, whatever the umask of the job."""
_LOCKABLE: Final = 0o664
"""Jobs of one group can share a file."""


def change_textfile(path: Path, change: Callable[[str], bytes], mode: int = _READABLE) -> None:
    """Replace a file in one step, while no other process does.

    `change` gets the text of the file, empty if there is none. Raises as `writing` does.
    """
    # The exporter reads every file whose name ends with .prom: neither of these does.
    temporary = path.with_name(f".{path.name}.tmp")
    with writing(path):
        path.parent.stat()  # a lock would make a folder that is missing, which may be a mistyped one
    with briefly_locked(path.with_name(f".{path.name}.lock"), path, mode=_LOCKABLE):
        data = change(_read(path))
        with writing(path):
            temporary.unlink(missing_ok=True)  # left by a run that was killed
            with written_beside(temporary, (data,), mode) as file:
                file.replace(path)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise refusal(error, f"{path}: cannot be read ({error.strerror}).") from error
