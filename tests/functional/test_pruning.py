"""`healthtopics release prune`: room on the disk; nothing that a reader may still need goes."""

import json
import os
from datetime import datetime
from pathlib import Path
from signal import SIGTERM

import pytest

from healthtopics.cli.exits import Stopped
from healthtopics.release import numbers, objects_of, open_release, release_key
from healthtopics.storage.local import LocalStore
from support.workspaces import Workspace, artifact, tree

DAYS = ("20", "21", "22")
"""Of November, when releases 1 to 3 were published."""


def _at(day: str) -> str:
    return f"2026-11-{day}T06:00:00Z"


def _age(folder: Path, moment: str) -> None:
    """Let every file be from that moment, except those that are older."""
    then = datetime.fromisoformat(moment).timestamp()
    for path in folder.rglob("*"):
        if path.is_file() and path.lstat().st_mtime > then:
            os.utime(path, (then, then))


@pytest.fixture(scope="module")
def made(published_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three releases, a day apart; the topic fever is withdrawn in the second."""
    workspace = published_workspace.copy(tmp_path_factory.mktemp("made") / "workspace")
    _age(workspace.exports, _at("20"))
    (workspace.folder / "topics/fever.json").unlink()
    workspace.publish(at=_at("21"))
    _age(workspace.exports, _at("21"))
    workspace.edit_catalogue("cough", "Cough", msgstr="La tos")
    workspace.publish(at=_at("22"))
    _age(workspace.exports, _at("22"))
    return workspace


@pytest.fixture
def thrice(made: Workspace, tmp_path: Path) -> Workspace:
    return made.copy(tmp_path / "workspace")


def _objects(store: LocalStore, *wanted: int) -> set[str]:
    return {key for number in wanted for key in objects_of(open_release(store, number))}


def _stored(store: LocalStore) -> set[str]:
    return set(store.keys("objects/"))


def _confirm(workspace: Workspace, day: str) -> None:
    workspace.publish(at=_at(day))


def test_a_release_stays_for_a_week_after_it_was_replaced(thrice: Workspace) -> None:
    _confirm(thrice, "28")
    # Release 1 was replaced on the 21st, six days and 23 hours before.
    done = thrice.run("release", "prune", at="2026-11-28T05:59:59Z")
    assert done.out == (
        "Nothing to remove.\nKept: 3 releases, 1 to 3.\n"
        "They were current after 2026-11-21T05:59:59Z: readers may still read them.\n"
    )
    assert thrice.run("release", "prune", "--json", at=_at("28")).json["result"] == "unchanged"


def test_why_everything_stays_where_no_job_runs(thrice: Workspace) -> None:
    done = thrice.run("release", "prune", at="2027-03-01T06:00:00Z")
    assert done.out == (
        "Nothing to remove.\nKept: 3 releases, 1 to 3.\n"
        "They were current after 2026-11-15T06:00:00Z: readers may still read them.\n"
        "No job has confirmed the current release since 2026-11-22T06:00:00Z, and the days are counted "
        "from then. Run `healthtopics publish` first, or `healthtopics pull` in a copy.\n"
    )


def test_old_releases_go_with_what_only_they_name(thrice: Workspace) -> None:
    expected = _objects(thrice.store, 2, 3)
    gone = _objects(thrice.store, 1) - expected
    _confirm(thrice, "29")
    before = dict(tree(thrice.exports))
    told = thrice.run("release", "prune", "--dry-run", "--json", at=_at("29")).json
    assert dict(tree(thrice.exports)) == before
    told_then = thrice.run("release", "prune", "--json", at=_at("29")).json
    members = ("release", "kept", "removed", "objects", "bytes")
    assert [told[each] for each in members] == [told_then[each] for each in members]
    assert (told["result"], told_then["result"]) == ("dry-run", "pruned")
    assert (told["kept"], told["removed"], told["objects"]) == ([2, 3], [1], len(gone))
    assert told["bytes"] == sum(len(before[key]) for key in gone)
    assert _stored(thrice.store) == expected
    assert list(thrice.store.keys(release_key(1))) == [release_key(1, "changes.json")]
    assert "Not here: 1. They were pruned" in thrice.run("release", "verify").out


def test_the_current_release_stays_however_old_it_is(thrice: Workspace) -> None:
    thrice.publish(at="2027-11-20T06:00:00Z")
    thrice.run("release", "prune", at="2027-11-20T06:00:00Z")
    assert numbers(thrice.store) == [3]
    assert _stored(thrice.store) == _objects(thrice.store, 3)
    # What was withdrawn is still known, publishing goes on, and dates are those of before.
    assert [each["id"] for each in artifact(thrice.store, "topics.json")["withdrawn"]] == ["fever"]
    before = thrice.digests()
    thrice.edit_catalogue("asthma", "Asthma", msgstr="El asma")
    thrice.publish(at="2027-11-21T06:00:00Z")
    assert thrice.digests()["fhir/r4/en/cough.json"] == before["fhir/r4/en/cough.json"]
    assert [each["id"] for each in artifact(thrice.store, "topics.json")["withdrawn"]] == ["fever"]
    thrice.run("release", "verify")


def test_nothing_goes_where_nobody_has_confirmed_the_release(thrice: Workspace) -> None:
    """The clock may be ahead, or the publisher has been dead for long: readers hold on to what they have."""
    done = thrice.run("release", "prune", at="2030-01-01T06:00:00Z")
    assert done.out.startswith("Nothing to remove.")


@pytest.mark.parametrize("removed", range(4))
def test_a_prune_that_was_killed_is_finished_by_the_next(
    thrice: Workspace, monkeypatch: pytest.MonkeyPatch, removed: int
) -> None:
    _confirm(thrice, "29")
    expected = thrice.copy(thrice.folder.with_name("expected"))
    expected.run("release", "prune", at=_at("29"))
    unlink, left = Path.unlink, iter(range(removed))

    def kill(path: Path, *, missing_ok: bool = False) -> None:
        if thrice.exports in path.parents and path.suffix == ".json" and next(left, None) is None:
            raise Stopped(SIGTERM)
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", kill)
        thrice.run("release", "prune", code=143, at=_at("29"))
    thrice.run("release", "prune", at=_at("29"))
    assert dict(tree(thrice.exports)) == dict(tree(expected.exports))
    thrice.run("release", "verify")


@pytest.mark.parametrize("wrong", [{}, {"expires": 1}, {"expires": "tomorrow"}])
def test_a_pointer_that_says_nothing_about_its_time(thrice: Workspace, wrong: dict[str, object]) -> None:
    path = thrice.exports / "current/current.json"
    pointer = {name: value for name, value in thrice.pointer().items() if name != "expires"}
    path.write_text(json.dumps(pointer | wrong))
    assert "does not say when it is valid" in thrice.run("release", "prune", code=1).err


def test_keep(thrice: Workspace) -> None:
    _confirm(thrice, "25")
    done = thrice.run("release", "prune", "--keep", "1.9", code=2, at=_at("25"))
    assert "pointers are valid for 2 days" in done.err
    assert thrice.run("release", "prune", "--keep", "2", "--json", at=_at("25")).json["removed"] == [1, 2]
    _confirm(thrice, "29")
    assert thrice.run("release", "prune", "--keep", "30", at=_at("29")).out.startswith("Nothing")


@pytest.mark.parametrize("days", ["nan", "inf", "1e300", "999999", "-1"])
def test_keep_for_no_possible_time_is_wrong_usage(thrice: Workspace, days: str) -> None:
    assert "--keep" in thrice.run("release", "prune", "--keep", days, code=2).err


def test_a_bug_is_not_taken_for_wrong_usage(thrice: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ValueError("not about days")

    monkeypatch.setattr("healthtopics.publishing.pruning.numbers", fail)
    assert "--keep" not in thrice.run("release", "prune", code=70).err


def test_a_long_cadence(thrice: Workspace) -> None:
    thrice.replace("healthtopics.toml", 'cadence = "P1D"', 'cadence = "P7D"')
    _confirm(thrice, "30")
    assert thrice.run("release", "prune", at=_at("30")).out.startswith("Nothing")


def test_leftovers_and_compressed_forms(thrice: Workspace) -> None:
    thrice.publish("--precompress", at=_at("29"))
    _age(thrice.exports, _at("22"))
    of_no_release = f"objects/sha256/ab/{'ab' * 32}.json"
    foreign = "objects/sha256/ab/README"
    for key in (of_no_release, f"{of_no_release}.gz", foreign):
        thrice.store.replace(key, b"x")
    _age(thrice.exports, _at("23"))
    thrice.run("release", "prune", at=_at("29"))
    assert {of_no_release, f"{of_no_release}.gz"} <= _stored(thrice.store)
    _age(thrice.exports, _at("21"))
    thrice.run("release", "prune", at="2026-11-29T07:00:00Z")
    left = _stored(thrice.store)
    assert foreign in left
    assert {of_no_release, f"{of_no_release}.gz"}.isdisjoint(left)
    named = _objects(thrice.store, *numbers(thrice.store))
    assert {each.removesuffix(".gz").removesuffix(".br") for each in left} == {*named, foreign}
    assert any(each.endswith(".gz") for each in left)


def test_not_beside_a_publisher(thrice: Workspace) -> None:
    with thrice.store.locked():
        assert "another publisher is at work" in thrice.run("release", "prune", code=75, at=_at("29")).err


def test_a_damaged_release_that_stays_keeps_everything(thrice: Workspace) -> None:
    _confirm(thrice, "29")
    (thrice.exports / release_key(2, "manifest.json")).write_bytes(b"{")
    before = _stored(thrice.store)
    thrice.run("release", "prune", code=1, at=_at("29"))
    assert _stored(thrice.store) == before


def test_a_copy(thrice: Workspace, tmp_path: Path) -> None:
    _confirm(thrice, "29")
    thrice.run("release", "copy", str(tmp_path / "copy"))
    there = LocalStore(tmp_path / "copy")
    done = thrice.run("release", "prune", "--exports", str(there.folder), at=_at("29"))
    assert done.out.startswith("Nothing"), "it has only just arrived here"
    _age(there.folder, _at("21"))
    thrice.run("release", "prune", "--exports", str(there.folder), at=_at("29"))
    assert numbers(there) == [2, 3]
    assert _stored(there) == _objects(there, 2, 3)


def test_a_damaged_index_after_a_prune_loses_no_tombstone(thrice: Workspace) -> None:
    thrice.publish(at="2026-12-20T06:00:00Z")
    thrice.run("release", "prune", at="2026-12-20T06:00:00Z")
    index = thrice.current().manifest.files["topics.json"].sha256
    (thrice.exports / f"objects/sha256/{index[:2]}/{index}.json").write_bytes(b"")
    done = thrice.publish("--repair", code=1, at="2026-12-20T06:00:00Z")
    assert "release 2, which knows what was withdrawn before, was pruned" in done.err
