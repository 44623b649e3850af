"""A lock says who holds it, and nobody's words in it can forge a line."""

import json
import os
import socket
import sys
from pathlib import Path

import pytest

from healthtopics.errors import StorageError
from healthtopics.storage.local import LocalStore
from healthtopics.storage.locking import locked
from healthtopics.storage.staging import staging


def test_the_holder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["healthtopics", "import", "medlineplus", "--token", "secret"])
    path = tmp_path / "lock"
    with locked(path, "busy"):
        held = json.loads(path.read_text())
        assert (held["pid"], held["host"]) == (os.getpid(), socket.gethostname())
        assert held["command"] == "healthtopics import medlineplus"
        for _ in range(2):  # a contender leaves the words alone
            with pytest.raises(StorageError) as raised, locked(path, "busy"):
                pass
            assert str(raised.value) == (
                f"busy (`healthtopics import medlineplus`, process {os.getpid()} on {socket.gethostname()}, "
                f"since {held['since']}). Run this again when it has finished."
            )
    assert path.read_text() == ""
    with locked(path, "busy"):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_holder_that_says_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lock"
    with locked(path, "busy"):
        path.write_text(text)
        with pytest.raises(StorageError, match=r"^busy\. Run this again"), locked(path, "busy"):
            pass


def test_a_holder_cannot_forge_a_line(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, "busy"):
        path.write_text(json.dumps({"pid": 1, "host": "a\nb\u202e", "command": "x", "since": "y"}))
        with pytest.raises(StorageError, match=r"on a\\nb\\u202e, since"), locked(path, "busy"):
            pass


def test_publishers_and_imports_name_themselves(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "exports")
    refused = pytest.raises(StorageError, match=r"another publisher is at work here \(`healthtopics")
    with store.locked(), refused, store.locked():
        pass
    refused = pytest.raises(StorageError, match=r"another import is at work here \(`healthtopics")
    with staging(tmp_path), refused, staging(tmp_path):
        pass
