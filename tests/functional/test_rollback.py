"""`healthtopics release rollback`: an older release again, forward, until publishing is resumed."""

import errno
import json
import os
import tarfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from healthtopics.errors import StorageError
from healthtopics.jsontext import dump
from healthtopics.publishing import differing
from healthtopics.publishing.finishing import pinned_in
from healthtopics.publishing.publication import publish
from healthtopics.publishing.rollback import roll_back
from healthtopics.publishing.values import Maker
from healthtopics.release import (
    POINTER,
    Store,
    numbers,
    object_key,
    open_current,
    open_release,
    read_artifact,
    release_key,
    verify,
)
from healthtopics.storage.workspace import open_workspace, read_files
from support.files import MemoryFiles
from support.stores import FailingStore, MemoryStore
from support.workspaces import Workspace, artifact

LATER = datetime(2026, 11, 23, 6, tzinfo=UTC)
MAKER = Maker(name="tests", digest="0" * 64)
PULMONES = "Los pulmones <strong>nunca</strong>."


def _at(day: int) -> str:
    return f"2026-11-{day}T06:00:00Z"


@pytest.fixture(scope="module")
def made(published_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """In release 2 a title is wrong and a topic is gone; release 3 adds another topic."""
    workspace = published_workspace.copy(tmp_path_factory.mktemp("made") / "workspace")
    workspace.edit_catalogue("cough", "Cough", msgstr="El catarro")
    (workspace.folder / "topics/fever.json").unlink()
    workspace.publish(at=_at(21))
    cough = json.loads((workspace.folder / "topics/cough.json").read_text())
    workspace.add_topic({**cough, "id": "hiccups", "title": "Hiccups"})
    workspace.publish(at=_at(22))
    return workspace


@pytest.fixture
def thrice(made: Workspace, tmp_path: Path) -> Workspace:
    return made.copy(tmp_path / "workspace")


def _read(store: Store, number: int, name: str) -> Any:
    return json.loads(read_artifact(store, name, open_release(store, number).manifest.files[name]))


def test_it_is_published_forward_with_new_dates_for_what_differs(thrice: Workspace) -> None:
    done = thrice.run("release", "rollback", "1", at=_at(23))
    assert done.out.splitlines()[0] == "Published release 4: it is release 1 again."
    assert "  New topics: fever “Fever” (en, es).\n" in done.out
    assert "  cough (es): title “El catarro” → “Tos”.\n" in done.out
    assert "Topics come back that were withdrawn since: fever." in done.err
    store = thrice.store
    assert numbers(store) == [1, 2, 3, 4]
    assert thrice.pointer()["pinned"] == 1
    then, now = open_release(store, 1).manifest, thrice.current().manifest
    assert (now.number, now.time, now.coverage) == (4, _at(23), then.coverage)
    assert now.previous is not None
    assert now.previous.sha256 == open_release(store, 3).sha256
    dates = {
        name: thrice.artifact(f"fhir/r4/{name}.json")["meta"]["lastUpdated"]
        for name in ("es/cough", "en/cough", "en/asthma", "en/fever", "es/fever")
    }
    assert dates == {
        "es/cough": _at(23),
        "en/cough": _at(20),
        "en/asthma": _at(20),
        "en/fever": _at(23),
        "es/fever": _at(23),
    }
    assert thrice.artifact("schemaorg/es/cough.jsonld")["name"] == "Tos"
    last = open_release(store, 3).manifest.files
    assert now.files["fhir/r4/en/cough.json"].sha256 == last["fhir/r4/en/cough.json"].sha256
    thrice.run("release", "verify")


def test_what_was_withdrawn_since_stays_known(thrice: Workspace) -> None:
    thrice.run("release", "rollback", "1", at=_at(23))
    (stone,) = thrice.artifact("topics.json")["withdrawn"]
    assert (stone["id"], stone["date"]) == ("hiccups", _at(23))
    for name in ("fhir/r4/CodeSystem/health-topic.json", "fhir/r5/CodeSystem/health-topic.json"):
        system = thrice.artifact(name)
        codes = {each["code"]: each["property"] for each in system["concept"]}
        assert list(codes) == ["asthma", "cough", "fever", "hiccups"]
        assert system["count"] == 4
        assert {"code": "inactive", "valueBoolean": True} in codes["hiccups"]
        assert system["date"] == _at(23)
        assert system["version"].startswith("2026.11.23-")
        (line,) = [
            each
            for each in thrice.artifact(
                name.replace("CodeSystem/health-topic.json", "ndjson/CodeSystem.ndjson")
            )
            if each["id"] == "health-topic"
        ]
        assert line == system


def test_it_is_as_a_build_of_the_same_texts_would_be(
    thrice: Workspace, published_workspace: Workspace
) -> None:
    """Resumed with the texts of release 1, nothing is different for readers, and nothing is new."""
    thrice.run("release", "rollback", "1", at=_at(23))
    for path in ("topics/hiccups.json", "locales/es/LC_MESSAGES/hiccups.po"):
        (thrice.folder / path).unlink(missing_ok=True)
    for path in ("topics/fever.json", "locales/es/LC_MESSAGES/cough.po"):
        thrice.write(path, (published_workspace.folder / path).read_bytes())
    before = thrice.digests()
    done = thrice.publish("--resume", "--no-cache", at=_at(24))
    assert done.out.startswith("Nothing changed: release 4 stays current.")
    assert thrice.digests() == before
    assert "pinned" not in thrice.pointer()


def test_nothing_new_is_published_until_it_is_resumed(thrice: Workspace) -> None:
    thrice.run("release", "rollback", "2", at=_at(23))
    before = thrice.pointer()
    told = thrice.publish("--json", "--strict", at=_at(24)).json
    assert (told["result"], told["release"], told["pinned"], told["exitCode"]) == ("pinned", 4, 2, 0)
    after = thrice.pointer()
    assert (after["pinned"], after["sequence"]) == (2, before["sequence"] + 1)
    assert after["expires"] > before["expires"]
    assert "gone back to release 2" in thrice.publish(at=_at(24)).out
    assert thrice.run("catalogue", "status").out.startswith("Readers have release 2 again")
    assert thrice.run("catalogue", "status", "--json").json["pinned"] == 2
    told = thrice.publish("--resume", "--json", at=_at(25)).json
    assert (told["result"], told["release"]) == ("published", 5)
    assert "pinned" not in thrice.pointer()
    assert thrice.artifact("fhir/r4/en/hiccups.json")["meta"]["lastUpdated"] == _at(25)
    assert thrice.publish("--json", at=_at(25)).json["result"] == "unchanged"


@pytest.mark.parametrize("damage", [b"", b"{}", b"null", None])
def test_a_pointer_that_is_damaged_loses_no_pin(thrice: Workspace, damage: bytes | None) -> None:
    def damaged() -> None:
        path = thrice.exports / release_key(4, POINTER)
        path.unlink() if damage is None else path.write_bytes(damage)

    thrice.run("release", "rollback", "2", at=_at(23))
    damaged()
    told = thrice.publish("--json", at=_at(24)).json
    assert (told["release"], told["pinned"], thrice.pointer()["pinned"]) == (4, 2, 2)
    (thrice.folder / "topics/hiccups.json").unlink()
    assert thrice.publish("--resume", "--json", at=_at(25)).json["result"] == "unchanged"
    damaged()
    assert "pinned" not in thrice.publish("--json", at=_at(26)).json
    assert "pinned" not in thrice.pointer()


def test_packages_are_those_of_the_texts_that_are_published(thrice: Workspace) -> None:
    """Under a version after those that readers have: an installer never goes back by itself."""

    def package(number: int) -> dict[str, bytes]:
        manifest = open_release(thrice.store, number).manifest
        data = read_artifact(thrice.store, "fhir/r4/package.tgz", manifest.files["fhir/r4/package.tgz"])
        with tarfile.open(fileobj=BytesIO(data)) as tar:
            return {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]  # only files

    thrice.run("release", "rollback", "1", at=_at(23))
    packages = {number: package(number) for number in (1, 3, 4)}
    versions = {
        each: json.loads(files["package/package.json"])["version"] for each, files in packages.items()
    }
    assert versions == {1: "1.1.0", 3: "1.2.0", 4: "1.4.0"}
    has_error = {each: b"El catarro" in b"".join(files.values()) for each, files in packages.items()}
    assert has_error == {1: False, 3: True, 4: False}
    names = thrice.current().manifest.files.keys()
    assert {f"fhir/r4/package-1.{number}.0.tgz" for number in (1, 2, 4)} <= names
    thrice.run("release", "verify")


def test_back_and_back_again(thrice: Workspace) -> None:
    thrice.run("release", "rollback", "1", at=_at(23))
    thrice.run("release", "rollback", "3", at=_at(24))
    assert thrice.pointer()["pinned"] == 3
    done = thrice.run("release", "rollback", "3", "--json", at=_at(25)).json
    assert (done["result"], done["release"], numbers(thrice.store)) == ("unchanged", 5, [1, 2, 3, 4, 5])
    done = thrice.run("release", "rollback", "1", "--json", at=_at(25)).json
    assert (done["result"], done["release"], thrice.pointer()["pinned"]) == ("rolled-back", 6, 1)


def test_a_fault_after_it_says_what_was_published(thrice: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(differing, "differ", refuse)
    done = thrice.run("release", "rollback", "1", "--json", code=75, at=_at(23))
    assert (done.json["result"], done.json["release"]) == ("published", 4)
    assert thrice.current().manifest.number == 4
    assert "Release 4 was published before this." in done.err


def test_dry_run(thrice: Workspace) -> None:
    done = thrice.run("release", "rollback", "1", "--dry-run")
    assert done.out.startswith("A rollback from release 3 to release 1 would change:\n")
    assert "cough (es)" in done.out
    assert numbers(thrice.store) == [1, 2, 3]


def test_a_correction_that_would_be_undone_is_named(thrice: Workspace) -> None:
    correction = {"date": "2026-11-19", "what": "The dose was wrong."}
    thrice.edit_topic("asthma", lambda topic: topic["dates"].update(corrections=[correction]))
    thrice.publish(at="2026-11-22T07:00:00Z")
    done = thrice.run("release", "rollback", "3", at=_at(23))
    assert (
        "Readers get errors again that were corrected since:\n  asthma (en): The dose was wrong." in done.err
    )


def test_withdrawals_have_a_limit(thrice: Workspace) -> None:
    for number in range(6):
        document = json.loads((thrice.folder / "topics/cough.json").read_text())
        thrice.add_topic({**document, "id": f"more-{number}", "title": f"More {number}"})
    thrice.publish(at="2026-11-22T07:00:00Z")
    for options in (["--dry-run"], []):
        done = thrice.run("release", "rollback", "3", *options, code=1, at=_at(23))
        assert "withdrawn-topics" in done.err
        assert "go: `healthtopics release rollback 3 --allow-withdrawals 6`." in done.err
        assert "Restore" not in done.err
        assert ("The rollback would be refused." in done.err) == bool(options)
    assert numbers(thrice.store)[-1] == 4
    thrice.run("release", "rollback", "3", "--allow-withdrawals", "6", "--dry-run", at=_at(23))
    thrice.run("release", "rollback", "3", "--allow-withdrawals", "6", at=_at(23))


def test_a_damaged_release_is_not_gone_back_to(thrice: Workspace) -> None:
    name = "schemaorg/es/cough.jsonld"
    known = open_release(thrice.store, 1).manifest.files[name]
    (thrice.exports / object_key(name, known.sha256)).unlink()
    done = thrice.run("release", "rollback", "1", code=1, at=_at(23))
    assert object_key(name, known.sha256) in done.err
    assert numbers(thrice.store) == [1, 2, 3]


def test_wrong_numbers_and_copies(thrice: Workspace, tmp_path: Path) -> None:
    assert "is the current one" in thrice.run("release", "rollback", "3", code=2).err
    assert "There are: 1, 2, 3." in thrice.run("release", "rollback", "9", code=2).err
    thrice.run("release", "copy", str(tmp_path / "copy"))
    done = thrice.run("release", "rollback", "1", "--exports", str(tmp_path / "copy"), code=78)
    assert "is a copy of" in done.err


def test_a_crash_at_any_write_leaves_the_last_release_or_the_pin(thrice: Workspace) -> None:
    files = MemoryFiles.of(read_files(open_workspace(thrice.folder)))
    objects = {key: thrice.store.read(key) for key in thrice.store.keys("") if not key.startswith("current/")}

    def store() -> MemoryStore:
        made = MemoryStore()
        made.objects, made.current = dict(objects), 3
        return made

    def back(store: Store) -> None:
        roll_back(files.configuration, store, 1, now=LATER, maker=MAKER)

    counting = FailingStore(store(), 10_000)
    back(counting)
    claim = counting.log.index("create releases/000004/manifest.json")
    for last in range(len(counting.log)):
        dead = store()
        with pytest.raises(StorageError):
            back(FailingStore(dead, last))
        assert open_current(dead).manifest.number == 3
        outcome = publish(files, dead, now=LATER, maker=MAKER)
        now = open_current(dead)
        assert not verify(dead, now)
        if last > claim:
            assert (outcome.pinned, outcome.is_new, pinned_in(dead, now)) == (1, True, 1)
            assert artifact(dead, "topics.json")["topics"][2]["id"] == "fever"
        else:
            assert (outcome.pinned, pinned_in(dead, now)) == (None, None)
            assert "hiccups" in dump(artifact(dead, "topics.json")).decode()


def test_nothing_published_yet(published: Workspace) -> None:
    published.run("release", "rollback", "1", "--exports", "elsewhere", code=1)


def test_a_format_that_is_not_installed_any_more(thrice: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthtopics.publishing.rollback.find_format", lambda _name: None)
    done = thrice.run("release", "rollback", "1", code=1, at=_at(23))
    assert "which is not installed here" in done.err
    assert numbers(thrice.store) == [1, 2, 3]
