"""Files and pipes as streams that can seek."""

import io
import os
import threading
from pathlib import Path

import pytest

from healthtopics.storage.streams import open_seekable


def test_a_file_is_opened_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"words")
    with open_seekable(path) as stream:
        assert (stream.name, stream.read()) == (str(path), b"words")


def test_a_pipe_and_a_stream_are_copied(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"words",))
    writer.start()
    for source in (pipe, io.BytesIO(b"words")):
        with open_seekable(source) as stream:
            stream.seek(2)
            assert stream.read() == b"rds"
    writer.join()


def test_what_is_not_there_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_seekable(tmp_path / "none")
