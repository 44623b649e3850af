"""`healthtopics release repair`: what can be made again is, and the rest is named."""

import json
from pathlib import Path

import pytest

from healthtopics.copies import COPY, Copy
from healthtopics.jsontext import dump
from healthtopics.release import (
    POINTER,
    Promise,
    numbers,
    object_key,
    open_release,
    part_key,
    read_parts,
    release_key,
)
from support.hosts import static_host
from support.workspaces import Workspace, run, tree

AT = "2026-11-23T06:00:00Z"


@pytest.fixture(scope="module")
def made(published_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three releases, with compressed forms; the second corrects something."""
    workspace = published_workspace.copy(tmp_path_factory.mktemp("made") / "workspace")
    correction = {"date": "2026-11-19", "what": "The dose was wrong."}
    workspace.edit_topic("asthma", lambda topic: topic["dates"].update(corrections=[correction]))
    workspace.publish("--precompress", at="2026-11-21T06:00:00Z")
    workspace.edit_catalogue("cough", "Cough", msgstr="La tos")
    workspace.publish("--precompress", at="2026-11-22T06:00:00Z")
    return workspace


@pytest.fixture
def thrice(made: Workspace, tmp_path: Path) -> Workspace:
    return made.copy(tmp_path / "workspace")


def _key(workspace: Workspace, number: int, name: str) -> str:
    return object_key(name, open_release(workspace.store, number).manifest.files[name].sha256)


def _repair(workspace: Workspace, code: int = 0) -> dict[str, object]:
    return workspace.run("release", "repair", "--json", code=code, at=AT).json


def test_nothing_is_damaged(thrice: Workspace) -> None:
    done = thrice.run("release", "repair", at=AT)
    assert done.out.startswith("Nothing was damaged.\nNothing changed: release 3 stays current.")
    told = _repair(thrice)
    assert (told["result"], told["repaired"], told["damaged"]) == ("unchanged", 0, 0)


def test_everything_that_the_store_itself_can_give(thrice: Workspace) -> None:
    old, current = _key(thrice, 2, "schemaorg/es/cough.jsonld"), _key(thrice, 3, "topics.json")
    part, *_ = (part_key(each) for each in open_release(thrice.store, 3).parts.values())
    damaged = [
        *(old, f"{current}.gz", f"{current}.br", part),
        *(release_key(2, name) for name in ("changes.json", POINTER)),
    ]
    before = dict(tree(thrice.exports))
    for key in damaged:
        (thrice.exports / key).write_bytes(b"damaged")
    told = _repair(thrice)
    assert (told["result"], told["repaired"], told["damaged"]) == ("unchanged", len(damaged), 0)
    after = dict(tree(thrice.exports))
    for key in damaged[:-1]:
        assert after[key] == before[key], key
    assert numbers(thrice.store) == [1, 2, 3]
    thrice.run("release", "verify")


@pytest.mark.parametrize("command", [("release", "repair"), ("publish", "--repair")])
def test_what_a_build_makes_again(thrice: Workspace, command: tuple[str, ...]) -> None:
    key = _key(thrice, 3, "fhir/r4/es/cough.json")
    before = (thrice.exports / key).read_bytes()
    for path in thrice.exports.glob(f"{key}*"):
        path.unlink()
    done = thrice.run(*command, at=AT)
    assert done.out.startswith(
        "1 file repaired.\nNothing changed: release 3 stays current. 1 artifact made again."
    )
    assert (thrice.exports / key).read_bytes() == before


def _lose_parts(workspace: Workspace, number: int) -> dict[str, bytes]:
    """Damage the parts of a manifest, without their compressed forms; return what they were."""
    keys = [part_key(each) for each in open_release(workspace.store, number).parts.values()]
    lost = {key: workspace.store.read(key) for key in keys}
    for key in keys:
        for path in workspace.exports.glob(f"{key}*"):
            path.unlink()
    (workspace.exports / keys[0]).write_bytes(b"damaged")
    return lost


def test_parts_of_the_last_manifest_are_built_again_from_the_texts(thrice: Workspace) -> None:
    """Some of them are as in the second release, some as in the first."""
    lost = _lose_parts(thrice, 3)
    assert any(part_key(each) in lost for each in _parts(thrice, 2))
    told = _repair(thrice)
    assert (told["result"], told["repaired"], told["damaged"]) == ("unchanged", len(lost), 0)
    assert {key: thrice.store.read(key) for key in lost} == lost
    thrice.run("release", "verify")


def _parts(workspace: Workspace, number: int) -> list[Promise]:
    key = release_key(number, "manifest.json")
    return list(read_parts(json.loads(workspace.store.read(key)), key).values())


def test_where_the_texts_have_changed_lost_parts_come_from_a_copy(thrice: Workspace, tmp_path: Path) -> None:
    """The part of a topic that has not changed is built again; the others are named."""
    thrice.run("release", "copy", str(tmp_path / "copy"))
    thrice.edit_catalogue("cough", "Cough", msgstr="Tos nueva")
    lost = _lose_parts(thrice, 3)
    done = thrice.run("release", "repair", code=1, at=AT)
    assert "healthtopics release adopt URL" in done.err
    back = [key for key in lost if (thrice.exports / key).exists() and thrice.store.read(key) == lost[key]]
    assert 0 < len(back) < len(lost)
    with static_host(tmp_path / "copy") as url:
        assert thrice.run("release", "adopt", url, "--json").json["result"] == "adopted"
    assert {key: thrice.store.read(key) for key in lost} == lost
    assert thrice.publish("--json", at=AT).json["result"] == "published"


def test_what_cannot_be_made_again_is_named_with_where_to_get_it(thrice: Workspace) -> None:
    key = _key(thrice, 1, "schemaorg/en/asthma.jsonld")
    for path in thrice.exports.glob(f"{key}*"):
        path.unlink()
    done = thrice.run("release", "repair", code=1, at=AT)
    assert f"{key}  error  artifact-damaged" in done.err
    assert "from a copy that has it" in done.err
    assert "1 file could not be repaired.\n" in done.out
    told = _repair(thrice, code=1)
    assert (told["result"], told["damaged"], told["problemsTotal"]) == ("failed", 1, 1)


def test_the_manifest_of_the_current_release_comes_from_a_copy(thrice: Workspace) -> None:
    (thrice.exports / release_key(3, "manifest.json")).write_bytes(b"{}")
    done = thrice.run("release", "repair", code=1, at=AT)
    assert "healthtopics release adopt URL" in done.err


def test_changes_that_would_differ_from_the_promise_are_not_written(thrice: Workspace) -> None:
    """A partner has the digest of the list: another list would be another release."""
    key = release_key(2, "changes.json")
    for name in ("topics.json",):
        index = _key(thrice, 2, name)
        for path in thrice.exports.glob(f"{index}*"):
            path.unlink()
    (thrice.exports / key).unlink()
    done = thrice.run("release", "repair", code=1, at=AT)
    assert f"{key}  error  release-damaged" in done.err
    assert not (thrice.exports / key).exists()


def test_after_a_rollback_nothing_new_is_built(thrice: Workspace) -> None:
    thrice.run("release", "rollback", "1", at=AT)
    key = _key(thrice, 4, "schemaorg/en/asthma.jsonld")
    (thrice.exports / key).unlink()
    (thrice.exports / f"{key}.gz").unlink(missing_ok=True)
    (thrice.exports / f"{key}.br").unlink(missing_ok=True)
    assert _repair(thrice, code=1)["damaged"] == 1
    assert thrice.pointer()["pinned"] == 1


def test_a_copy_repairs_itself(thrice: Workspace, tmp_path: Path) -> None:
    thrice.run("release", "copy", str(tmp_path / "copy"))
    (tmp_path / "copy" / COPY).write_bytes(dump(Copy(made_by="pull", source="https://a.example")))
    done = thrice.run("release", "repair", "--exports", str(tmp_path / "copy"), code=78)
    assert "Run `healthtopics pull https://a.example" in done.err
    assert "--verify" in done.err
    assert f"remove {tmp_path / 'copy' / COPY}" in done.err
    outside = run("release", "repair", "--exports", "copy", folder=tmp_path)
    assert (outside.code, "healthtopics init" in outside.err) == (78, False)
    assert "copy is a copy of https://a.example" in outside.err
    outside = run("release", "rollback", "1", "--exports", "copy", folder=tmp_path)
    assert (outside.code, "copy is a copy of https://a.example" in outside.err) == (78, True)


def test_nothing_published_yet(fresh: Workspace) -> None:
    assert fresh.run("release", "repair", "--json", at=AT).json["result"] == "published"
