"""`healthtopics release verify`: every release and object, the chain, the changes and the pointers."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from healthtopics.copies import COPY, Copy
from healthtopics.jsontext import digest, dump
from healthtopics.release import (
    CURRENT,
    POINTER,
    object_key,
    objects_of,
    open_release,
    part_key,
    promises_of,
    release_key,
)
from healthtopics.storage.local import LocalStore
from support.hosts import static_host
from support.workspaces import Workspace


@pytest.fixture(scope="module")
def made(published_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three releases."""
    workspace = published_workspace.copy(tmp_path_factory.mktemp("made") / "workspace")
    for day, title in (("21", "La tos"), ("22", "La tos, otra vez")):
        workspace.edit_catalogue("cough", "Cough", msgstr=title)
        workspace.publish(at=f"2026-11-{day}T06:00:00Z")
    return workspace


@pytest.fixture
def thrice(made: Workspace, tmp_path: Path) -> Workspace:
    return made.copy(tmp_path / "workspace")


def _objects(workspace: Workspace, *numbers: int) -> set[str]:
    return {key for number in numbers for key in objects_of(open_release(workspace.store, number))}


def test_every_release_is_read(thrice: Workspace) -> None:
    number = len(_objects(thrice, 1, 2, 3))
    assert thrice.run("release", "verify").out == f"3 releases, {number} objects: all intact.\n"
    told = thrice.run("release", "verify", "--json").json
    members = ("result", "release", "releases", "objects", "damaged", "gaps", "problems")
    assert [told[name] for name in members] == ["passed", 3, 3, number, 0, [], []]


def test_one_release(thrice: Workspace) -> None:
    artifacts = promises_of(open_release(thrice.store, 1).manifest).keys()
    gone = artifacts - _objects(thrice, 2, 3)
    for key in gone:
        (thrice.exports / key).unlink()
    intact = len(_objects(thrice, 2))
    done = thrice.run("release", "verify", "--release", "2")
    assert done.out == f"Release 2, {intact} objects: all intact.\n"
    done = thrice.run("release", "verify", "--release", "1", code=1)
    assert f" objects: {len(gone)} files damaged or missing. Run `healthtopics release repair`" in done.out
    assert "There are: 1, 2, 3." in thrice.run("release", "verify", "--release", "4", code=2).err


def test_damaged_and_missing_objects_of_any_release(thrice: Workspace) -> None:
    old = open_release(thrice.store, 1).manifest.files["schemaorg/es/cough.jsonld"]
    files = thrice.current().manifest.files
    keys = [object_key(name, files[name].sha256) for name in ("fhir/r4/en/asthma.json", "topics.json")]
    flipped, short, gone = (
        thrice.exports / key for key in (*keys, object_key("schemaorg/es/cough.jsonld", old.sha256))
    )
    flipped.write_bytes(flipped.read_bytes().replace(b"lungs", b"lunch"))
    short.write_bytes(b"")
    gone.unlink()
    done = thrice.run("release", "verify", code=1)
    for path in (flipped, short, gone):
        assert f"objects/sha256/{path.parent.name}/{path.name}  error  artifact-damaged  " in done.out
    assert " objects: 3 files damaged or missing. Run `healthtopics release repair`: it makes" in done.out
    assert "healthtopics release repair" in done.out
    told = thrice.run("release", "verify", "--json", code=1).json
    assert (told["result"], told["damaged"], told["problemsTotal"]) == ("failed", 3, 3)


def test_a_damaged_part_of_a_manifest_hides_nothing_else(thrice: Workspace) -> None:
    part, *_ = (part_key(each) for each in open_release(thrice.store, 1).parts.values())
    gone = object_key("topics.json", thrice.digests()["topics.json"])
    for key in (part, gone):
        (thrice.exports / key).unlink()
    told = thrice.run("release", "verify", "--json", code=1).json
    assert {problem["path"] for problem in told["problems"]} == {part, gone}


def _edit(workspace: Workspace, key: str, edit: Callable[[dict[str, object]], object]) -> None:
    document = json.loads((workspace.exports / key).read_bytes())
    edit(document)
    (workspace.exports / key).write_bytes(dump(document))


def _empty_changes(workspace: Workspace, number: int) -> None:
    """Replace the changes, and the pointer's promise of them."""
    key = release_key(number, "changes.json")
    _edit(workspace, key, lambda document: document.update(changed=[]))
    _promise(workspace, number, changes=key)


def _other_manifest(workspace: Workspace, number: int) -> None:
    key = release_key(number, "manifest.json")
    _edit(workspace, key, lambda document: document.update(software="other"))
    _promise(workspace, number, manifest=key)


def _promise(workspace: Workspace, number: int, **keys: str) -> None:
    """Let the pointer of a release promise what files are now."""
    for member, key in keys.items():
        data = workspace.store.read(key)
        promise = {"key": key, "sha256": digest(data), "length": len(data)}
        _edit(workspace, release_key(number, POINTER), lambda document: document.update({member: promise}))  # noqa: B023 - called at once


MANIFEST, CHANGES, POINTER_2 = (
    release_key(2, name) for name in ("manifest.json", "changes.json", "pointers/current.json")
)
DAMAGES: dict[str, tuple[Callable[[Workspace], object], set[tuple[str, str]]]] = {
    "another manifest": (
        lambda each: _edit(each, MANIFEST, lambda document: document.update(software="other")),
        {(MANIFEST, "release-damaged")},
    ),
    "another manifest with its pointer": (
        lambda each: _other_manifest(each, 2),
        {(MANIFEST, "release-chain")},
    ),
    "no JSON": (
        lambda each: (each.exports / MANIFEST).write_bytes(b"{"),
        {(MANIFEST, "release-damaged")},
    ),
    "no manifest": (lambda each: (each.exports / MANIFEST).unlink(), {(MANIFEST, "release-damaged")}),
    "another number": (
        lambda each: _edit(each, MANIFEST, lambda document: document.update(number=7)),
        {(MANIFEST, "release-damaged")},
    ),
    "no previous release": (
        lambda each: _edit(each, MANIFEST, lambda document: document.update(previous=None)),
        {(MANIFEST, "release-damaged")},
    ),
    "no changes": (lambda each: (each.exports / CHANGES).unlink(), {(CHANGES, "release-damaged")}),
    "other changes": (
        lambda each: _edit(each, CHANGES, lambda document: document.update(changed=[])),
        {(CHANGES, "release-damaged")},
    ),
    "wrong changes": (lambda each: _empty_changes(each, 2), {(CHANGES, "release-damaged")}),
    "no pointer": (lambda each: (each.exports / POINTER_2).unlink(), {(POINTER_2, "release-damaged")}),
    "another pointer": (
        lambda each: (each.exports / POINTER_2).write_bytes(each.store.read(release_key(1, POINTER))),
        {(POINTER_2, "release-chain")},
    ),
    "a newer pointer": (
        lambda each: _edit(each, POINTER_2, lambda document: document.update(sequence=99)),
        {(POINTER_2, "release-chain")},
    ),
    "a pointer without changes": (
        lambda each: _edit(each, POINTER_2, lambda document: document.pop("changes")),
        {(POINTER_2, "release-damaged")},
    ),
    "current is older": (
        lambda each: each.store.switch(1),
        {
            (CURRENT, "release-damaged"),
            *((release_key(number, POINTER), "release-chain") for number in (2, 3)),
        },
    ),
    "no current": (lambda each: (each.exports / "current").unlink(), {(CURRENT, "release-damaged")}),
    "the current manifest": (
        lambda each: (each.exports / release_key(3, "manifest.json")).unlink(),
        {(release_key(3, "manifest.json"), "release-damaged")},
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_describes_releases(thrice: Workspace, damage: str) -> None:
    make, expected = DAMAGES[damage]
    make(thrice)
    told = thrice.run("release", "verify", "--json", code=1).json
    found = {(problem["path"], problem["check"]) for problem in told["problems"]}
    assert found >= expected
    assert len(found) <= len(expected) + 1, found


def _claimed(workspace: Workspace) -> None:
    """Leave what a publisher leaves that is killed once the third release has its number."""
    workspace.store.switch(2)
    for name in ("changes.json", POINTER):
        (workspace.exports / release_key(3, name)).unlink()


def _unpointed(workspace: Workspace) -> None:
    workspace.store.switch(2)
    (workspace.exports / release_key(3, POINTER)).unlink()


def _pointed_earlier(workspace: Workspace) -> None:
    workspace.store.switch(2)
    workspace.store.replace(release_key(3, POINTER), b"{}")


LEFT: dict[str, Callable[[Workspace], object]] = {
    "the manifest only": _claimed,
    "no pointer": _unpointed,
    "no switch": lambda each: each.store.switch(2),
    "a pointer of an earlier attempt": _pointed_earlier,
}


@pytest.mark.parametrize("left", LEFT)
def test_a_release_that_is_not_finished_is_not_damaged(thrice: Workspace, left: str) -> None:
    LEFT[left](thrice)
    done = thrice.run("release", "verify")
    assert done.out.endswith("The next publish finishes it.\n")
    assert "Release 3 is not current yet" in done.out
    assert thrice.run("release", "verify", "--json").json["unfinished"] == 3
    assert "Release 3 is not current yet" in thrice.run("release", "verify", "--release", "3").out
    thrice.publish(at="2026-11-23T06:00:00Z")
    assert thrice.run("release", "verify").out.endswith("all intact.\n")
    assert thrice.current().manifest.number == 3


def test_a_damaged_object_of_an_unfinished_release_is_reported(thrice: Workspace) -> None:
    gone = object_key("topics.json", thrice.digests()["topics.json"])
    _claimed(thrice)
    (thrice.exports / gone).unlink()
    told = thrice.run("release", "verify", "--json", code=1).json
    assert [problem["path"] for problem in told["problems"]] == [gone]


def test_the_first_release_that_is_not_finished(published: Workspace) -> None:
    (published.exports / "current").unlink()
    (published.exports / release_key(1, POINTER)).unlink()
    assert "Release 1 is not current yet" in published.run("release", "verify").out


@pytest.mark.parametrize("moment", ["manifest.json", "changes.json"])
@pytest.mark.parametrize("is_claimed", [False, True])
def test_a_release_that_is_published_meanwhile(
    thrice: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str, *, is_claimed: bool
) -> None:
    """A publisher claims or finishes the third release while the first one is read."""
    after = thrice.exports / "releases/000003"
    waiting = thrice.folder / "waiting"
    if is_claimed:
        shutil.copytree(after, waiting)
        _claimed(thrice)
    else:
        after.rename(waiting)
        thrice.store.switch(2)
    read = LocalStore.read

    def publish_meanwhile(store: LocalStore, key: str) -> bytes:
        if key == release_key(1, moment) and waiting.exists():
            shutil.rmtree(after, ignore_errors=True)
            waiting.rename(after)
            store.switch(3)
        return read(store, key)

    monkeypatch.setattr(LocalStore, "read", publish_meanwhile)
    done = thrice.run("release", "verify")
    assert not waiting.exists()
    meanwhile = "Release 3 was published meanwhile, and was not read.\n"
    assert done.out.endswith("intact.\n" if is_claimed else meanwhile)


def test_missing_releases_are_gaps(thrice: Workspace) -> None:
    for path in (thrice.exports / "releases/000002").rglob("*.json"):
        path.unlink()
    done = thrice.run("release", "verify")
    gaps = "intact.\nNot here: 2. They were pruned, or"
    assert done.out.endswith(f"{gaps} `release adopt` left them where they were.\n")
    assert thrice.run("release", "verify", "--json").json["gaps"] == [[2, 2]]
    with static_host(thrice.exports) as url:
        thrice.run("pull", url, "../copy")
    done = thrice.run("release", "verify", "--exports", "../copy")
    assert done.out.endswith("Not here: 1–2. They were pruned, or this copy skipped them.\n")


def test_a_copy_advises_what_made_it(thrice: Workspace, tmp_path: Path) -> None:
    thrice.run("release", "copy", str(tmp_path / "copy"))
    there = Workspace(tmp_path)
    assert there.run("release", "verify", "--exports", "copy").out.startswith("3 releases, ")
    (there.folder / "copy" / object_key("topics.json", thrice.digests()["topics.json"])).unlink()
    done = there.run("release", "verify", "--exports", "copy", code=1)
    assert "Run `healthtopics release copy copy` where " in done.out
    (there.folder / "copy" / COPY).write_bytes(dump(Copy(made_by="pull", source="https://a.example")))
    done = there.run("release", "verify", "--exports", "copy", code=1)
    assert "Run `healthtopics pull https://a.example copy --verify`" in done.out


def test_nothing_published(fresh: Workspace) -> None:
    assert "no release here yet" in fresh.run("release", "verify", code=1).err


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda path: path.unlink(), "it is missing."),
        (lambda path: path.write_text("{"), "is not a pointer to a release."),
    ],
)
def test_a_problem_is_not_told_within_another(
    thrice: Workspace, break_it: Callable[[Path], object], message: str
) -> None:
    key = "current/current.json"
    (thrice.exports / "current").unlink()
    (thrice.exports / "current").mkdir()
    thrice.write("exports/" + key, b"")
    break_it(thrice.exports / key)
    problems = thrice.run("release", "verify", "--json", code=1).json["problems"]
    assert [each["path"] for each in problems] == [key]
    found = problems[0]["message"]
    assert message in found
    assert "publish" not in found
    assert key not in found
    assert "json-" not in found
