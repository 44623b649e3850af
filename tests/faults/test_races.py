"""Publishers beside each other, and readers beside a publisher that is killed at random."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from faults.sweeping import two_topics
from healthtopics.network.pull import pull
from healthtopics.release import numbers, open_current, verify
from healthtopics.storage.copies import CopyStore
from healthtopics.storage.local import LocalStore
from support import nginx
from support.workspaces import Workspace

COMMAND = str(Path(sys.executable).with_name("healthtopics"))
ROUNDS = 200
READS = 1000


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = two_topics(tmp_path / "workspace")
    assert ended(publisher(workspace)) == 0
    return workspace


def publisher(workspace: Workspace) -> "subprocess.Popen[bytes]":
    """Start a publisher."""
    return subprocess.Popen(
        [COMMAND, "publish", "--json", "-C", workspace.folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ended(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> int:
    process.communicate()
    return process.returncode


def edit(workspace: Workspace, number: int) -> None:
    """Give a topic another English text."""
    workspace.edit_topic("cough", lambda topic: topic.update(description=f"What a cough is, part {number}."))


def test_of_two_publishers_one_publishes(workspace: Workspace, every: int) -> None:
    for number in range(max(ROUNDS // every, 3)):
        edit(workspace, number)
        before = numbers(workspace.store)
        both = [publisher(workspace), publisher(workspace)]
        said = [(each.communicate(), each.returncode) for each in both]
        assert sorted({code for _, code in said} | {0, 75}) == [0, 75], said
        assert numbers(workspace.store) == [*before, len(before) + 1]
        opened = workspace.current()
        assert opened.manifest.number == len(before) + 1
        assert verify(workspace.store, opened) == []
        assert f"part {number}." in str(workspace.artifact("topics.json"))


@contextmanager
def unreliable_publisher(workspace: Workspace) -> Iterator[list[int]]:
    """Publish edit after edit; half of the publishers are killed. Yields their exit codes as they come."""
    chance = random.Random(11)  # noqa: S311 - the same moments in every run
    stop, codes = Event(), list[int]()

    def work() -> None:
        number = 0
        while not stop.is_set():
            edit(workspace, number := number + 1)
            process = publisher(workspace)
            try:
                process.communicate(timeout=chance.uniform(0.2, 1.6) if number % 2 else None)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            codes.append(process.returncode)

    thread = Thread(target=work)
    thread.start()
    try:
        yield codes
    finally:
        stop.set()
        thread.join()


def test_every_read_of_the_folder_finds_one_release_whole(workspace: Workspace, every: int) -> None:
    store = LocalStore(workspace.exports)
    found = list[int]()
    with unreliable_publisher(workspace) as codes:
        while len(found) < max(READS // every, 10) or len(set(found)) < 3 or -9 not in codes:
            opened = open_current(store)
            assert verify(store, opened) == []
            found.append(opened.manifest.number)
    assert found == sorted(found)
    assert set(codes) <= {0, -9}
    assert ended(publisher(workspace)) == 0
    assert not list(workspace.exports.rglob(".tmp-*"))


@contextmanager
def service(workspace: Workspace) -> Iterator[str]:
    """Serve the releases of a workspace, and yield the address."""
    process = subprocess.Popen(
        [COMMAND, "serve", "-C", workspace.folder, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    try:
        yield process.stdout.readline().split(" on ")[1].split("/ ")[0]
    finally:
        process.terminate()
        ended(process)


@pytest.fixture(params=["service", pytest.param("nginx", marks=pytest.mark.nginx)])
def url(request: pytest.FixtureRequest, workspace: Workspace, tmp_path: Path) -> Iterator[str]:
    """The address of the releases, as our service and as a server of files offer them."""
    if request.param == "nginx":
        with nginx.serving(workspace.exports, tmp_path / "nginx") as address:
            yield address
        return
    with service(workspace) as address:
        yield address


def test_every_pull_brings_one_release_whole(
    workspace: Workspace, url: str, tmp_path: Path, every: int
) -> None:
    copy = CopyStore(tmp_path / "copy")
    found = list[int]()
    with unreliable_publisher(workspace) as codes, httpx.Client() as client:
        while len(found) < max(READS // every, 10) or len(set(found)) < 3:
            result = pull(client, url, copy, hold=copy.locked)
            opened = open_current(copy)
            assert opened.manifest.number == result.number
            assert verify(copy, opened) == []
            found.append(result.number)
    assert found == sorted(found)
    assert set(codes) <= {0, -9}
