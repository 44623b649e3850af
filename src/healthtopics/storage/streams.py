"""Files and pipes that need to be seekable, as zip files do."""

import shutil
import tempfile
from pathlib import Path
from typing import IO


def open_seekable(source: Path | IO[bytes]) -> IO[bytes]:
    """Open a file, or a copy of a pipe or a stream; the caller must close it.

    Raises OSError if it cannot be opened or read.
    """
    stream = source.open("rb") if isinstance(source, Path) else source
    if isinstance(source, Path) and stream.seekable():
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - returned open
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    if isinstance(source, Path):
        stream.close()
    return copy
