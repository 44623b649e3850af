"""Files and pipes that are read from both ends, as a zip is."""

import shutil
import tempfile
from pathlib import Path
from typing import IO


def open_seekable(source: Path | IO[bytes]) -> IO[bytes]:
    """Open a file, or a copy of a pipe or a stream; whoever calls closes what is returned.

    Raises OSError where it cannot be opened or read.
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
