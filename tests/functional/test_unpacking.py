"""`healthtopics release unpack`: the artifacts of a release by their names, all of them or nothing."""

import fcntl
import json
import os
import re
from pathlib import Path

import pytest

from healthtopics.release import object_key, read_artifact
from healthtopics.storage.unpacking import MARK
from support.hosts import static_host
from support.workspaces import Workspace, tree

ARTIFACTS = ("fhir/", "html/", "schemaorg/", "topics.")


@pytest.fixture
def twice(published: Workspace) -> Workspace:
    published.edit_catalogue("cough", "Cough", msgstr="La tos")
    published.publish(at="2026-11-21T06:00:00Z")
    return published


def _unpacked(folder: Path) -> dict[str, bytes | str]:
    return {name: data for name, data in tree(folder) if name != MARK}


def _without_site(folder: Path) -> dict[str, bytes | str]:
    """Return the artifacts that are unpacked: each begins with a folder of a format, or is of all topics."""
    return {name: data for name, data in _unpacked(folder).items() if name.startswith(ARTIFACTS)}


def _artifacts(workspace: Workspace) -> dict[str, bytes]:
    files = workspace.current().manifest.files
    return {name: read_artifact(workspace.store, name, each) for name, each in files.items()}


def test_artifacts_by_name(twice: Workspace) -> None:
    expected = _artifacts(twice)
    done = twice.run("release", "unpack", "--no-site", "there/by-name")
    assert done.out == f"Release 2 is in there/by-name: {len(expected)} artifacts.\n"
    folder = twice.folder / "there/by-name"
    assert _unpacked(folder) == expected
    assert list(folder.parent.iterdir()) == [folder]
    assert (folder / "topics.json").stat().st_nlink == 1


def test_a_site_beside_the_artifacts(twice: Workspace) -> None:
    done = twice.run("release", "unpack", "site")
    folder = twice.folder / "site"
    assert "The site, which needs no server, begins at site/index.html." in done.out
    assert _without_site(folder) == _artifacts(twice)
    for name in ("index.html", "en/index.html", "es/asthma.html", "assets/search-es.js"):
        assert (folder / name).is_file()
    before, after = ((folder / name).read_text() for name in ("html/es/asthma.html", "es/asthma.html"))
    base = twice.current().manifest.base_url
    head, body = after.split("</head>")
    assert head == before.split("</head>")[0]  # its canonical address, the other languages, JSON-LD
    assert f'"{base}' not in body
    assert re.sub(f'"{base}[^"]*"', "", before) != before
    for link, there in {
        f"{base}/es/cough": "cough.html",
        f"{base}/en/asthma": "../en/asthma.html",
        f"{base}/es": "index.html",
    }.items():
        assert f'href="{link}"' in before.split("</head>")[1]
        assert f'href="{there}"' in body


def test_why_there_is_no_site(twice: Workspace) -> None:
    with static_host(twice.exports) as url:
        twice.run("pull", url, "copy", "--no-index")
        twice.run("pull", url, "formats", "--format", "schemaorg")
    done = twice.run("release", "unpack", "--exports", "copy", "by-name", "--json")
    assert done.json["site"] is False
    assert "topics.sqlite is not here" in twice.run("release", "unpack", "--exports", "copy", "by-name").out
    assert not (twice.folder / "by-name/index.html").exists()
    done = twice.run("release", "unpack", "--exports", "formats", "by-name")
    assert "There is no site: the format html is not here" in done.out


def test_a_part_of_a_release_gives_a_site_of_it(twice: Workspace) -> None:
    with static_host(twice.exports) as url:
        twice.run("pull", url, "copy", "--language", "es")
    twice.run("release", "unpack", "--exports", "copy", "site")
    assert (twice.folder / "site/es/asthma.html").is_file()
    assert not (twice.folder / "site/en").exists()


def test_another_release_replaces_the_folder_in_one_step(twice: Workspace) -> None:
    folder = twice.folder / "by-name"
    folder.mkdir()
    twice.run("release", "unpack", "by-name")
    (folder / "of-somebody").mkdir()
    before = _unpacked(folder)
    assert twice.run("release", "unpack", "1", "by-name", "--json").json["release"] == 1
    after = _unpacked(folder)
    assert json.loads(after["schemaorg/es/cough.jsonld"])["name"] == "Tos"
    assert json.loads(before["schemaorg/es/cough.jsonld"])["name"] == "La tos"
    assert not (folder / "of-somebody").exists()
    assert json.loads((folder / MARK).read_bytes())["release"] == 1
    assert not list(twice.folder.glob(".tmp-*"))


@pytest.mark.parametrize(
    ("options", "file", "folder"), [((), 0o644, 0o755), (("--mode", "0640"), 0o640, 0o750)]
)
def test_readers_can_read_it_whatever_the_umask(
    twice: Workspace, options: tuple[str, ...], file: int, folder: int
) -> None:
    before = os.umask(0o077)
    try:
        twice.run("release", "unpack", "by-name", *options)
        twice.run("release", "unpack", "1", "by-name", *options)
    finally:
        os.umask(before)
    top = twice.folder / "by-name"
    found = {path.is_dir(): set[int]() for path in (top, top / MARK)}
    for path in (top, *top.rglob("*")):
        found[path.is_dir()].add(path.stat().st_mode & 0o777)
    assert found == {True: {folder}, False: {file}}


def test_links(twice: Workspace) -> None:
    twice.run("release", "unpack", "--link", "by-name")
    stored = twice.exports / object_key("topics.json", twice.digests()["topics.json"])
    assert (twice.folder / "by-name/topics.json").samefile(stored)
    assert (twice.folder / "by-name/es/cough.html").stat().st_nlink == 1
    twice.run("release", "verify")


@pytest.mark.parametrize("path", ["notes.txt", "by-name/fhir/mine.json", "exports/inside", "."])
def test_nothing_of_somebody_else_is_replaced(twice: Workspace, path: str) -> None:
    folder = twice.folder / "by-name"
    if path.startswith("by-name"):
        twice.run("release", "unpack", "by-name")
        twice.write(path, "mine")
        path = "by-name"
    elif path == "notes.txt":
        twice.write(path, "mine")
    before = dict(tree(twice.folder))
    done = twice.run("release", "unpack", path, code=78)
    assert str(twice.folder) in done.err
    assert dict(tree(twice.folder)) == before
    assert not list(folder.parent.glob(".tmp-*"))


def test_a_damaged_artifact_leaves_the_folder_as_it_was(twice: Workspace) -> None:
    twice.run("release", "unpack", "1", "by-name")
    before = _unpacked(twice.folder / "by-name")
    (twice.exports / object_key("topics.json", twice.digests()["topics.json"])).write_bytes(b"")
    done = twice.run("release", "unpack", "by-name", code=1)
    assert "Run `healthtopics release repair`" in done.err
    assert _unpacked(twice.folder / "by-name") == before
    assert not list(twice.folder.glob(".tmp-*"))


def test_what_a_killed_run_left_is_replaced(twice: Workspace) -> None:
    twice.write(".tmp-by-name/fhir/r4/left.json", "{}")
    twice.write(".tmp-by-name/left.json", "{}")
    twice.run("release", "unpack", "by-name")
    assert _without_site(twice.folder / "by-name") == _artifacts(twice)


def test_two_at_once(twice: Workspace) -> None:
    waiting = twice.folder / ".tmp-by-name"
    waiting.mkdir()
    lock = os.open(waiting, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        assert "is being unpacked here" in twice.run("release", "unpack", "by-name", code=75).err
    finally:
        os.close(lock)


@pytest.mark.parametrize("words", [("x", "by-name"), ("1", "2", "by-name"), ("9", "by-name")])
def test_wrong_usage(twice: Workspace, words: tuple[str, ...]) -> None:
    twice.run("release", "unpack", *words, code=2)
    assert not (twice.folder / "by-name").exists()
