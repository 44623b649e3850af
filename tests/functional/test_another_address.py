"""`base_url` of a workspace that has published: a trial may move, what readers rely on may not."""

import pytest

from healthtopics.release import object_key
from support.workspaces import Workspace, tree

OLD, NEW = "https://topics.example.org", "https://topics.clinic.net"
LATER, LAST = "2026-11-21T06:00:00Z", "2026-11-22T06:00:00Z"


@pytest.fixture
def moved(published: Workspace) -> Workspace:
    """A workspace that has published a trial, and now has another address; an edition is held."""
    published.edit_catalogue("cough", "Cough", is_fuzzy=True)
    published.publish(at=LATER)
    published.replace("healthtopics.toml", OLD, NEW)
    published.replace("healthtopics.toml", "trial = true\n", "")
    published.replace("vocabulary/organizations.json", OLD, NEW)
    return published


def test_a_trial_is_replaced_as_a_whole(moved: Workspace) -> None:
    packages = {name for name in moved.digests() if "package-1.1" in name}
    assert packages
    done = moved.publish(at=LAST)
    assert f"The address {OLD} was a trial: every page now has {NEW}." in done.out
    assert "Held: cough (es), not published." in done.out
    release = moved.current().manifest
    assert (release.number, release.base_url) == (3, NEW)
    assert packages.isdisjoint(release.files)
    for name in release.files:
        if name != "topics.sqlite":
            assert "topics.example.org" not in str(moved.artifact(name)), name
    moved.run("release", "verify")


def test_a_comparison_of_releases_says_it(moved: Workspace) -> None:
    moved.publish(at=LAST)
    assert f"Address: {NEW} new; {OLD} gone." in moved.run("release", "diff", "2", "3").out
    assert "Address" not in moved.run("release", "diff", "1", "2").out
    difference = moved.run("release", "diff", "2", "3", "--json").json["difference"]
    assert difference["addresses"] == [[NEW], [OLD]]


def test_the_change_is_in_the_json(moved: Workspace) -> None:
    assert moved.publish("--json", at=LAST).json["movedFrom"] == OLD
    assert "movedFrom" not in moved.publish("--json", at=LAST).json


def test_the_next_release_continues_it(moved: Workspace) -> None:
    moved.publish(at=LAST)
    moved.edit_catalogue("fever", "Fever", msgstr="La fiebre")
    done = moved.publish(at="2026-11-23T06:00:00Z")
    assert "was a trial" not in done.out
    moved.run("release", "verify")


def test_the_index_of_the_new_address_can_be_made_again(moved: Workspace) -> None:
    moved.publish(at=LAST)
    index = moved.digests()["topics.sqlite"]
    (moved.exports / object_key("topics.sqlite", index)).unlink()
    moved.run("release", "repair", at="2026-11-23T06:00:00Z")
    moved.run("release", "verify")
    assert moved.digests()["topics.sqlite"] == index


def test_a_trial_at_a_real_address_may_move_too(published: Workspace) -> None:
    published.replace("healthtopics.toml", OLD, NEW)
    published.publish(at=LATER)
    published.replace("healthtopics.toml", NEW, "https://elsewhere.clinic.net")
    assert f"The address {NEW} was a trial" in published.publish(at=LAST).out


def test_an_address_that_readers_rely_on_stays(moved: Workspace) -> None:
    moved.publish(at=LAST)
    moved.replace("healthtopics.toml", NEW, "https://elsewhere.clinic.net")
    moved.write("topics/fever.json", "{")
    before = dict(tree(moved.exports))
    done = moved.publish("--json", code=78, at="2026-11-23T06:00:00Z")
    assert dict(tree(moved.exports)) == before
    checks = {each["check"]: each for each in done.json["problems"]}
    assert checks.keys() >= {"base-url-changed", "json-syntax"}
    found = checks["base-url-changed"]
    assert (found["path"], found["pointer"]) == ("healthtopics.toml", "/base_url")
    assert f"set base_url to {NEW} again" in found["hint"]


def test_the_other_address_has_its_own_folder(moved: Workspace) -> None:
    moved.publish(at=LAST)
    moved.replace("healthtopics.toml", NEW, "https://elsewhere.clinic.net")
    moved.publish("--exports", str(moved.folder / "elsewhere"), at="2026-11-23T06:00:00Z")


def test_nothing_goes_back_to_the_address_of_a_trial(moved: Workspace) -> None:
    moved.publish(at=LAST)
    done = moved.run("release", "rollback", "1", code=1)
    assert f"release 1 was a trial under {OLD}" in done.err
    moved.replace("healthtopics.toml", NEW, OLD)
    moved.replace("healthtopics.toml", "publisher =", "trial = true\npublisher =")
    done = moved.run("release", "rollback", "1", code=78)
    assert f"Set base_url to {NEW} again" in done.err
