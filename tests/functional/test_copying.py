"""`healthtopics release copy`, to folders and by rsync, while somebody reads."""

import json
import os
import shlex
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from healthtopics.cli import exits
from healthtopics.copies import COPY, parse_copy
from healthtopics.errors import HealthTopicsError
from healthtopics.release import open_current, verify
from healthtopics.storage.local import LocalStore
from support.hosts import static_host
from support.releases import TITLES, publish
from support.workspaces import Run, Workspace, run

SHELL = """#!/bin/sh
# In place of ssh: the other machine is this one.
shift
exec sh -c "$*"
"""


class Reader(threading.Thread):
    """Reads the current release again and again, as a partner does, and counts what is torn."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.store = LocalStore(folder)
        self.is_over = threading.Event()
        self.numbers: list[int] = []
        self.torn: list[str] = []

    def run(self) -> None:
        while not self.is_over.is_set():
            self.read()

    def read(self) -> None:
        try:
            opened = open_current(self.store)
            damaged = verify(self.store, opened)
        except HealthTopicsError as error:
            self.torn.append(str(error))
            return
        self.torn += map(str, damaged)
        self.numbers.append(opened.manifest.number)


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "exports")
    publish(store)
    return store


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shell"
    path.write_text(SHELL)
    path.chmod(0o755)
    monkeypatch.setenv("RSYNC_RSH", str(path))


def _copy(destination: str | Path, folder: Path, *options: str) -> Run:
    return run("release", "copy", "--exports", "exports", *options, str(destination), folder=folder)


def _titles(number: int) -> dict[str, dict[str, str]]:
    return {
        topic: {"en": f"{topic} {number}"} for topic in (*TITLES, *(f"topic-{each}" for each in range(20)))
    }


@pytest.mark.rsync
@pytest.mark.usefixtures("shell")
@pytest.mark.parametrize("is_remote", [False, True])
def test_nobody_reads_half_a_release(store: LocalStore, tmp_path: Path, *, is_remote: bool) -> None:
    copy = tmp_path / "copy"
    destination = f"elsewhere:{copy}" if is_remote else str(copy)
    if is_remote:
        copy.mkdir()
    assert _copy(destination, tmp_path).code == 0
    reader = Reader(copy)
    reader.start()
    try:
        for number in range(2, 6):
            publish(store, _titles(number))
            done = _copy(destination, tmp_path)
            assert done.code == 0, done.err
    finally:
        reader.is_over.set()
        reader.join()
    reader.read()
    assert reader.torn == []
    assert reader.numbers == sorted(reader.numbers)
    assert reader.numbers[-1] == 5
    assert (copy / "current").is_symlink()
    assert json.loads((copy / COPY).read_bytes())["madeBy"] == "release copy"
    assert not list(copy.glob(".tmp-*"))


@pytest.mark.rsync
@pytest.mark.usefixtures("shell")
def test_a_plain_rsync_is_torn(store: LocalStore, tmp_path: Path) -> None:
    """It proves the test above: `current` comes before the objects, by name."""
    copy = tmp_path / "copy"
    publish(store, _titles(2))
    copy.mkdir()
    for name in ("current", "objects", "releases"):
        subprocess.run(["rsync", "-a", tmp_path / "exports" / name, f"{copy}/"], check=True)
        reader = Reader(copy)
        reader.read()
        assert (reader.torn == []) == (name == "releases")
        assert reader.numbers == ([2] if name == "releases" else [])


def test_what_it_says(store: LocalStore, tmp_path: Path) -> None:
    assert _copy("copy", tmp_path).out == "Release 1 is in copy: 20 objects copied, 0 were there already.\n"
    document = _copy("copy", tmp_path, "--json").json
    assert document["result"] == "copied"
    assert "copied" in exits.TABLE[0].results
    assert (document["release"], document["copied"], document["reused"]) == (1, 0, 20)
    assert "--repair" not in run("release", "verify", "--exports", "copy", folder=tmp_path).out
    path = next((tmp_path / "copy/objects").rglob("*.jsonld"))
    path.write_bytes(b"")
    done = run("release", "verify", "--exports", "copy", folder=tmp_path)
    assert "healthtopics release copy copy" in done.out + done.err
    assert "--repair" not in done.out + done.err
    assert _copy("copy", tmp_path, "--json").json["copied"] == 1
    assert verify(LocalStore(tmp_path / "copy"), open_current(store)) == []


@pytest.mark.rsync
def test_where_it_cannot_copy(store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _copy("exports", tmp_path).code == 2
    assert _copy(store.folder / "." / "", tmp_path).code == 2
    (tmp_path / "folder/current").mkdir(parents=True)
    assert _copy("folder", tmp_path).code == 78
    assert run("release", "copy", "--exports", "nothing", "copy", folder=tmp_path).code == 1
    assert not (tmp_path / "copy").exists()
    monkeypatch.setenv("RSYNC_RSH", "false")
    done = _copy("elsewhere:copy", tmp_path)
    assert (done.code, "rsync ended with" in done.err) == (75, True)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = _copy("elsewhere:copy", tmp_path)
    assert (done.code, "rsync is not installed" in done.err) == (78, True)


@pytest.mark.rsync
@pytest.mark.usefixtures("shell")
@pytest.mark.parametrize("destination", ["copy", "elsewhere:{}/copy"])
def test_an_older_store_is_not_copied_over_a_newer_one(
    store: LocalStore, tmp_path: Path, destination: str
) -> None:
    (tmp_path / "copy").mkdir()
    shutil.copytree(store.folder, tmp_path / "backup", symlinks=True)
    publish(store, _titles(2))
    assert _copy(destination.format(tmp_path), tmp_path).code == 0
    store.folder.rename(tmp_path / "lost")
    (tmp_path / "backup").rename(store.folder)
    done = _copy(destination.format(tmp_path), tmp_path)
    assert (done.code, "release 2 is there already" in done.err) == (1, True)
    assert open_current(LocalStore(tmp_path / "copy")).manifest.number == 2


@pytest.mark.rsync
@pytest.mark.usefixtures("shell")
def test_a_host_alone_is_the_home_folder_there(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = run("release", "copy", "--exports", str(store.folder), "elsewhere:", folder=tmp_path / "home")
    assert done.code == 0, done.err
    assert open_current(LocalStore(tmp_path / "home")).manifest.number == 1


@pytest.mark.rsync
@pytest.mark.usefixtures("shell")
def test_by_rsync_releases_have_the_time_of_their_arrival(store: LocalStore, tmp_path: Path) -> None:
    """By that `prune` knows how long readers of the copy may still be reading the release before."""
    (tmp_path / "copy").mkdir()
    for path in store.folder.rglob("*.json"):
        os.utime(path, (0, 0))
    assert _copy(f"elsewhere:{tmp_path}/copy", tmp_path).code == 0
    copy = LocalStore(tmp_path / "copy")
    arrived = copy.modified("releases/000001/manifest.json")
    assert arrived.year > 2000
    assert _copy(f"elsewhere:{tmp_path}/copy", tmp_path).code == 0
    assert copy.modified("releases/000001/manifest.json") == arrived
    assert parse_copy(copy.read(COPY), COPY).source == str(store.folder)


@pytest.mark.rsync
@pytest.mark.usefixtures("shell")
@pytest.mark.parametrize("destination", ["copy", "elsewhere:{}/copy"])
@pytest.mark.parametrize(
    ("options", "file", "folder"), [((), 0o644, 0o755), (("--mode", "0640"), 0o640, 0o750)]
)
def test_readers_can_read_it_whatever_the_umask(
    store: LocalStore, tmp_path: Path, destination: str, options: tuple[str, ...], file: int, folder: int
) -> None:
    (tmp_path / "copy").mkdir()
    before = os.umask(0o077)
    try:
        assert _copy(destination.format(tmp_path), tmp_path, *options).code == 0
    finally:
        os.umask(before)
    assert open_current(LocalStore(tmp_path / "copy")).manifest == open_current(store).manifest
    found = {True: set[int](), False: set[int]()}
    for path in (tmp_path / "copy").rglob("*"):
        if not path.is_symlink() and path.name != ".lock":
            found[path.is_dir()].add(path.stat().st_mode & 0o777)
    assert found == {True: {folder}, False: {file}}


def test_a_damaged_release_is_not_copied(store: LocalStore, tmp_path: Path) -> None:
    next(path for path in (store.folder / "objects").rglob("*.json")).write_bytes(b"")
    for destination in ("copy", "elsewhere:copy"):
        done = _copy(destination, tmp_path)
        assert (done.code, "release repair" in done.err) == (1, True)
    assert not (tmp_path / "copy/current").is_symlink()


def test_compressed_forms_are_published_copied_pulled_and_verified(
    published: Workspace, tmp_path: Path
) -> None:
    def compressed(folder: Path) -> list[str]:
        found = (path.name for path in (folder / "objects").rglob("*") if path.suffix in (".gz", ".br"))
        return sorted(found)

    files = (path for path in (published.exports / "objects").rglob("*") if path.is_file())
    objects = [path.name for path in files if path.suffix not in (".sqlite", ".tgz")]
    forms = sorted(name + suffix for name in objects for suffix in (".br", ".gz"))
    assert compressed(published.exports) == []
    assert published.publish("--precompress", "--json").json["result"] == "unchanged"
    assert compressed(published.exports) == sorted(
        name + suffix for name in objects for suffix in (".br", ".gz")
    )
    published.edit_catalogue("cough", "Cough", msgstr="La tos")
    published.publish("--precompress", at="2026-11-21T06:00:00Z")
    assert set(compressed(published.exports)) > set(forms)
    published.run("release", "copy", str(tmp_path / "copy"))
    assert compressed(tmp_path / "copy") == compressed(published.exports)
    wrong = next((published.exports / "objects").rglob("*.gz"))
    wrong.write_bytes(b"?")
    done = published.run("release", "copy", str(tmp_path / "second"))
    assert "1 compressed form damaged, left out: objects/" in done.err
    assert "release repair" in done.err
    assert set(compressed(published.exports)) - set(compressed(tmp_path / "second")) == {wrong.name}
    with static_host(tmp_path / "copy") as url:
        assert run("pull", url, "pulled", "--precompress", folder=tmp_path).code == 0
    damaged = next((tmp_path / "pulled/objects").rglob("*.br"))
    assert run("release", "verify", "--exports", "pulled", folder=tmp_path).code == 0
    damaged.write_bytes(b"?")
    done = run("release", "verify", "--exports", "pulled", folder=tmp_path)
    assert (done.code, damaged.name in done.out + done.err) == (1, True)


@pytest.mark.parametrize(
    ("ends", "said", "code"),
    [
        (1, "unknown option", 78),
        (2, "protocol version mismatch", 78),
        (3, "mkdir failed", 78),
        (5, "@ERROR: Unknown module 'x'", 78),
        (5, "@ERROR: max connections (4) reached -- try again later", 75),
        (23, 'change_dir "/srv/current" failed: Permission denied (13)', 78),
        (23, 'read errors mapping "/srv/current/current.json": Input/output error (5)', 75),
        (255, "Permission denied (publickey).", 78),
        (255, "ssh: Could not resolve hostname", 75),
    ],
)
def test_what_a_retry_of_rsync_cannot_help_with(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: int, said: str, code: int
) -> None:
    assert store.folder.is_dir()
    (tmp_path / "bin").mkdir()
    rsync = tmp_path / "bin/rsync"
    rsync.write_text(f"#!/bin/sh\necho {shlex.quote(said)} >&2\nexit {ends}\n")
    rsync.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    done = _copy("elsewhere:/srv", tmp_path)
    assert (done.code, said in done.err) == (code, True)


def test_a_workspace_and_its_own_store_take_no_copy(published: Workspace, tmp_path: Path) -> None:
    def kept() -> list[str]:
        return sorted(path.relative_to(published.folder).as_posix() for path in published.folder.rglob("*"))

    published.run("release", "copy", str(tmp_path / "copy"))
    before = kept()
    done = published.run("release", "copy", ".", code=78)
    assert ".: is a workspace. Name another folder for the copy. Nothing was written." in done.err
    done = run("release", "copy", "--exports", "copy", str(published.exports), folder=tmp_path)
    assert (done.code, "holds the releases of the workspace" in done.err) == (78, True)
    assert kept() == before
    published.publish()


def test_a_copy_that_lost_what_it_knows_of_itself_gets_it_again(published: Workspace, tmp_path: Path) -> None:
    for _ in range(2):
        published.run("release", "copy", str(tmp_path / "copy"))
        (tmp_path / "copy/.copy.json").unlink()
