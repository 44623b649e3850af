"""`healthtopics release adopt`: the publisher's store was lost, and others still have its releases."""

import json
import shutil
import socket
from pathlib import Path

import pytest
import stamina

from healthtopics.copies import COPY
from healthtopics.release import numbers, object_key, release_key
from support.hosts import static_host
from support.workspaces import Workspace, run, tree


@pytest.fixture(scope="module")
def made(published_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three releases; one topic was withdrawn in the second."""
    workspace = published_workspace.copy(tmp_path_factory.mktemp("made") / "workspace")
    (workspace.folder / "topics/fever.json").unlink()
    workspace.publish(at="2026-11-21T06:00:00Z")
    workspace.edit_catalogue("cough", "Cough", msgstr="La tos")
    workspace.publish(at="2026-11-22T06:00:00Z")
    return workspace


@pytest.fixture
def thrice(made: Workspace, tmp_path: Path) -> Workspace:
    return made.copy(tmp_path / "workspace")


@pytest.fixture
def copy(thrice: Workspace, tmp_path: Path) -> Path:
    """What a partner has pulled: the last release."""
    with static_host(thrice.exports) as url:
        run("pull", url, str(tmp_path / "copy"), folder=tmp_path)
    return tmp_path / "copy"


def test_a_folder_has_to_be_served_first(thrice: Workspace, copy: Path) -> None:
    done = thrice.run("release", "adopt", str(copy), code=2)
    assert f"is a folder. Serve it first, with `healthtopics serve --exports {copy}`" in done.err


def _adopt(workspace: Workspace, folder: Path, code: int = 0) -> dict[str, object]:
    with static_host(folder) as url:
        return workspace.run("release", "adopt", url, "--json", code=code).json


def test_after_everything_was_lost_the_chain_continues(thrice: Workspace, copy: Path, tmp_path: Path) -> None:
    before, dates = thrice.current(), thrice.artifact("fhir/r4/en/asthma.json")["meta"]
    # The partner has seen a later pointer than the copy that is adopted.
    late = tmp_path / "late"
    shutil.copytree(copy, late, symlinks=True)
    for _ in range(3):
        thrice.publish(at="2026-11-22T07:00:00Z")
    with static_host(thrice.exports) as url:
        run("pull", url, str(late), folder=tmp_path)
    shutil.rmtree(thrice.exports)

    told = _adopt(thrice, copy)

    assert (told["result"], told["release"]) == ("adopted", 3)
    assert numbers(thrice.store) == [3]
    assert not (thrice.exports / COPY).exists()
    thrice.edit_catalogue("asthma", "Asthma", msgstr="El asma")
    thrice.publish(at="2026-11-23T06:00:00Z")
    now = thrice.current().manifest
    assert now.previous is not None
    assert (now.number, now.previous.sha256) == (4, before.sha256)
    assert thrice.artifact("fhir/r4/en/cough.json")["meta"]["lastUpdated"] < "2026-11-22T07"
    assert dates["lastUpdated"] == "2026-11-20T06:00:00Z"
    assert [each["id"] for each in thrice.artifact("topics.json")["withdrawn"]] == ["fever"]
    thrice.run("release", "verify")
    for folder in (copy, late):
        with static_host(thrice.exports) as url:
            done = run("pull", url, str(folder), "--json", folder=tmp_path)
        assert (done.code, done.json.get("release")) == (0, 4), done.err


def test_after_an_old_backup_was_restored(
    published_workspace: Workspace, thrice: Workspace, copy: Path
) -> None:
    shutil.rmtree(thrice.exports)
    shutil.copytree(published_workspace.exports, thrice.exports, symlinks=True)
    done = _adopt(thrice, copy)
    assert numbers(thrice.store) == [1, 3]
    assert done["reused"]
    assert "Not here: 2." in thrice.run("release", "verify").out
    thrice.publish(at="2026-11-23T06:00:00Z")
    assert thrice.current().manifest.number == 3


def test_what_is_damaged_in_the_current_release_is_fetched_again(thrice: Workspace, copy: Path) -> None:
    before = thrice.pointer()
    thrice.publish(at="2026-11-22T07:00:00Z")
    confirmed = thrice.pointer()
    key = object_key("topics.json", thrice.digests()["topics.json"])
    (thrice.exports / key).write_bytes(b"")
    told = _adopt(thrice, copy)
    assert (told["result"], told["fetched"]) == ("adopted", 1)
    assert thrice.pointer() == confirmed
    assert before["sequence"] < confirmed["sequence"]
    thrice.run("release", "verify")
    assert _adopt(thrice, copy)["result"] == "unchanged"


def test_a_damaged_manifest(thrice: Workspace, copy: Path) -> None:
    (thrice.exports / release_key(3, "manifest.json")).write_bytes(b"{}")
    assert _adopt(thrice, copy)["result"] == "adopted"
    thrice.run("release", "verify")


def test_an_older_release_and_another_history_are_refused(
    thrice: Workspace, copy: Path, tmp_path: Path
) -> None:
    thrice.edit_catalogue("cough", "Cough", msgstr="Una tos")
    thrice.publish(at="2026-11-23T06:00:00Z")
    before = dict(tree(thrice.exports))
    assert "offers release 3, but release 4 is here already" in str(_adopt(thrice, copy, code=1)["message"])
    other = thrice.copy(tmp_path / "other")
    for path in (other.exports / "releases/000003", other.exports / "releases/000004"):
        shutil.rmtree(path)
    other.store.switch(2)
    other.edit_catalogue("cough", "Cough", msgstr="Otra tos")
    other.publish(at="2026-11-24T06:00:00Z")
    other.edit_catalogue("cough", "Cough", msgstr="Más tos")
    other.publish(at="2026-11-25T06:00:00Z")
    other.edit_catalogue("cough", "Cough", msgstr="Mucha tos")
    other.publish(at="2026-11-26T06:00:00Z")
    message = str(_adopt(thrice, other.exports, code=1)["message"])
    assert "release 5 follows another release 4 than the one here" in message
    assert dict(tree(thrice.exports)) == before


def test_another_publisher_is_refused(thrice: Workspace, copy: Path) -> None:
    shutil.rmtree(thrice.exports)
    thrice.replace("healthtopics.toml", "https://topics.example.org", "https://other.example.org")
    assert "but this workspace is https://other.example.org" in str(_adopt(thrice, copy, code=1)["message"])
    assert not thrice.exports.exists()


def test_wrong_addresses_and_copies(thrice: Workspace, copy: Path) -> None:
    assert thrice.run("release", "adopt", "ftp://a.example", code=2).err
    done = thrice.run("release", "adopt", "http://127.0.0.1:9/", "--exports", str(copy), code=78)
    assert "is a copy of" in done.err
    assert json.loads((copy / COPY).read_bytes())["madeBy"] == "pull"


def test_a_service_that_is_away_is_asked_again(thrice: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with stamina.set_testing(True, attempts=2):
        done = thrice.run("release", "adopt", url, code=75)
    assert f"{url}: Connection refused; trying again, attempt 2 of 5.\n" in done.err
    assert "stamina" not in done.err
