"""Publishing again: what is rewritten, and what is not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healthtopics.release import TOPICS_SQLITE, Previous, object_key
from support.histories import undated
from support.workspaces import LUNGS, SPANISH, TOPICS, Workspace, translate


def _changes(workspace: Workspace) -> dict[str, set[str]]:
    number = workspace.current().manifest.number
    document = json.loads((workspace.exports / f"releases/{number:06d}/changes.json").read_text())
    assert (document["number"], document["previous"]) == (number, number - 1 or None)
    return {kind: {each["name"] for each in document[kind]} for kind in ("added", "changed", "removed")}


def _of(topic: str, language: str) -> set[str]:
    return {
        f"fhir/r4/{language}/{topic}.json",
        f"fhir/r5/{language}/{topic}.json",
        f"schemaorg/{language}/{topic}.jsonld",
        f"html/{language}/{topic}.html",
    }


def _shards(workspace: Workspace, topic: str, type_: str) -> set[str]:
    """The NDJSON files of both FHIR versions in which a topic's resources of a type are."""
    found = set()
    for name in workspace.current().manifest.files:
        if f"/ndjson/{type_}" in name and any(_is_about(each, topic) for each in workspace.artifact(name)):
            found.add(name)
    assert len(found) == 2
    return found


def _is_about(resource: dict[str, Any], topic: str) -> bool:
    return f"/topics/{topic}" in json.dumps(resource) or resource["id"].startswith(topic)


@pytest.fixture
def before(published: Workspace) -> dict[str, str]:
    return published.digests()


def _check_the_rest(workspace: Workspace, before: dict[str, str]) -> dict[str, set[str]]:
    """Return the changes, after a proof that changes.json names exactly what differs."""
    after = workspace.digests()
    changes = _changes(workspace)
    assert changes["added"] == after.keys() - before.keys()
    assert changes["removed"] == before.keys() - after.keys()
    assert changes["changed"] == {
        name for name in after.keys() & before.keys() if after[name] != before[name]
    }
    workspace.run("release", "verify")
    return changes


def test_publishing_twice_publishes_once(published: Workspace) -> None:
    objects = {path: path.stat().st_mtime_ns for path in published.exports.glob("objects/*/*/*")}
    manifest = published.exports / "releases/000001/manifest.json"
    objects[manifest] = manifest.stat().st_mtime_ns

    done = published.publish(at="2026-11-21T06:00:00Z")

    assert done.out.startswith("Nothing changed: release 1 stays current.\n")
    assert [path.name for path in published.exports.glob("releases/*")] == ["000001"]
    assert {path: path.stat().st_mtime_ns for path in objects} == objects
    assert len(list(published.exports.glob("objects/*/*/*"))) == len(objects) - 1


def test_a_run_that_publishes_nothing_shows_that_the_publisher_lives(published: Workspace) -> None:
    before = published.pointer()
    assert (before["time"], before["expires"]) == ("2026-11-20T06:00:00Z", "2026-11-22T06:00:00Z")

    done = published.publish("--json", at="2026-11-21T06:00:00Z")

    assert (done.json["result"], done.json["release"], done.json["exported"]) == ("unchanged", 1, 0)
    assert published.pointer() == {
        **before,
        "sequence": before["sequence"] + 1,
        "time": "2026-11-21T06:00:00Z",
        "expires": "2026-11-23T06:00:00Z",
    }
    published.run("release", "verify")


def test_one_edited_translation_rewrites_what_shows_it(published: Workspace, before: dict[str, str]) -> None:
    published.edit_catalogue("asthma", LUNGS, msgstr="El asma afecta los <strong>pulmones</strong>.")
    done = published.publish(at="2026-11-21T06:00:00Z")
    assert done.out.startswith("Published release 2: 2 artifacts added, ")

    changes = _check_the_rest(published, before)

    assert changes == {
        "added": {f"fhir/{version}/package-1.2.0.tgz" for version in ("r4", "r5")},
        "changed": {
            *_of("asthma", "es"),
            *_shards(published, "asthma", "Composition"),
            *(f"fhir/{version}/package.tgz" for version in ("r4", "r5")),  # has it as an example
            *("topics.json", TOPICS_SQLITE),
        },
        "removed": set(),
    }


def test_an_edited_spanish_title_rewrites_all_that_carries_the_title(
    published: Workspace, before: dict[str, str]
) -> None:
    published.edit_catalogue("cough", "Cough", msgstr="La tos")
    published.publish()

    changes = _check_the_rest(published, before)

    assert changes["added"] == {f"fhir/{version}/package-1.2.0.tgz" for version in ("r4", "r5")}
    assert not changes["removed"]
    assert changes["changed"] >= {
        *_of("cough", "es"),
        "topics.json",
        "fhir/r4/CodeSystem/health-topic.json",
        "fhir/r5/CodeSystem/health-topic.json",
        "schemaorg/en/cough.jsonld",  # names its translation
        "schemaorg/es/asthma.jsonld",  # names its related topic
    }
    assert not [name for name in changes["changed"] if "fever" in name]
    assert "Tos" not in json.dumps(published.artifact("fhir/r5/CodeSystem/health-topic.json"))
    titles = [
        card["title"] for entry in published.artifact("topics.json")["topics"] for card in entry["editions"]
    ]
    assert "La tos" in titles


def test_one_edited_english_topic_holds_its_spanish_edition_only(
    published: Workspace, before: dict[str, str]
) -> None:
    published.replace("topics/fever.json", "a high body temperature", "a body temperature above normal")
    published.edit_topic("fever", lambda topic: topic["dates"].update(updated="2026-11-19"))
    published.publish()

    changes = _check_the_rest(published, before)

    assert not changes["added"] | changes["removed"]
    assert changes["changed"] >= _of("fever", "en") | _shards(published, "fever", "Composition")
    assert not changes["changed"] & (_of("fever", "es") | _of("asthma", "en") | _of("cough", "en"))
    assert [(each.topic, each.language) for each in published.current().manifest.held] == [("fever", "es")]


def test_a_removed_topic_leaves_with_everything_of_it(published: Workspace, before: dict[str, str]) -> None:
    (published.folder / "topics/fever.json").unlink()
    (published.folder / "locales/es/LC_MESSAGES/fever.po").unlink()
    published.publish()

    changes = _check_the_rest(published, before)

    assert not changes["added"]
    assert changes["removed"] >= _of("fever", "en") | _of("fever", "es")
    assert {
        name
        for name in published.digests()
        if not name.endswith((".sqlite", ".tgz")) and "fever" in json.dumps(published.artifact(name))
    } == {
        "topics.json",
        *(f"fhir/{version}/CodeSystem/health-topic.json" for version in ("r4", "r5")),
        *(f"fhir/{version}/ndjson/CodeSystem.ndjson" for version in ("r4", "r5")),
    }, "only its tombstone is left"
    assert not changes["changed"] & (_of("asthma", "en") | _of("asthma", "es"))


def test_pages_as_a_new_default_add_only_themselves(fresh: Workspace) -> None:
    chosen = 'formats = ["fhir-r4", "fhir-r5", "schemaorg"]\n'
    fresh.replace("healthtopics.toml", "cadence", f"{chosen}cadence")
    fresh.publish()
    before = fresh.digests()
    assert not [name for name in before if name.startswith("html/")], "the chosen formats only"

    fresh.replace("healthtopics.toml", chosen, "")
    done = fresh.publish(at="2026-11-21T06:00:00Z")

    changes = _check_the_rest(fresh, before)
    assert changes == {
        "added": {f"html/{language}/{topic}.html" for language in ("en", "es") for topic in TOPICS},
        "changed": {TOPICS_SQLITE},
        "removed": set(),
    }
    assert done.err == ""
    shown = fresh.run("release", "show").out
    assert "Formats: html new.\n  Artifacts: 6 added, 1 changed, 0 removed." in shown
    fresh.replace("healthtopics.toml", "cadence", f"{chosen}cadence")
    assert "withdrawn-format" in fresh.publish(code=1, at="2026-11-21T07:00:00Z").err


def test_a_new_topic_comes_without_touching_the_others(published: Workspace) -> None:
    before = undated(published.store)
    (published.folder / "topics/fever.json").unlink()
    published.publish()
    middle = published.digests()
    published.add_topic(TOPICS["fever"])
    published.publish()

    changes = _check_the_rest(published, middle)

    assert changes["added"] >= _of("fever", "en") | _of("fever", "es")
    assert not changes["removed"]
    assert undated(published.store) == before, "the same topics say the same, whatever was between"


def test_a_catalogue_whose_topic_is_gone_is_reported(published: Workspace) -> None:
    (published.folder / "topics/fever.json").unlink()
    done = published.publish()
    assert "locales/es/LC_MESSAGES/fever.po  warning  catalogue-without-topic" in done.err


def test_a_damaged_object_is_replaced_when_its_artifact_is_made_again(published: Workspace) -> None:
    old = published.digests()["schemaorg/es/asthma.jsonld"]
    published.edit_catalogue("asthma", LUNGS, msgstr="Otra cosa <strong>aquí</strong>.")
    published.publish()
    damaged = published.exports / f"objects/sha256/{old[:2]}/{old}.jsonld"
    damaged.write_bytes(b"")

    published.edit_catalogue("asthma", LUNGS, msgstr=SPANISH[LUNGS])
    published.publish()

    assert published.digests()["schemaorg/es/asthma.jsonld"] == old
    assert damaged.stat().st_size > 0
    published.run("release", "verify")


def test_a_damaged_store_is_repaired(published: Workspace) -> None:
    names = ("fhir/r4/en/asthma.json", "schemaorg/es/fever.jsonld", "topics.json")
    for name, data in zip(names, (b"", b"{}", None), strict=True):
        path = published.exports / object_key(name, published.digests()[name])
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)
    published.run("release", "verify", code=1)
    done = published.publish(code=1)  # what it needs is damaged
    assert "topics" not in done.out
    assert ": expected " in done.err
    assert "Run `healthtopics release repair`" in done.err

    done = published.publish("--repair")

    assert done.out.startswith(
        "3 files repaired.\nNothing changed: release 1 stays current. 3 artifacts made again.\n"
    )
    published.run("release", "verify")
    assert published.publish("--repair").out.startswith(
        "Nothing was damaged.\nNothing changed: release 1 stays current.\n"
    )


@pytest.mark.slow
def test_whatever_artifact_is_damaged_is_made_again_under_its_name(published: Workspace) -> None:
    digests = published.digests()
    names = sorted(digests)[:: max(1, len(digests) // 12)]
    for name in [*names, *(each for each in digests if each.endswith(".ndjson"))]:
        (published.exports / object_key(name, digests[name])).write_bytes(b"damaged")
        published.publish("--repair")
        assert published.digests() == digests, name
        published.run("release", "verify")


@pytest.mark.parametrize("name", ["fhir/r4/es/asthma.json", "topics.json"])
def test_the_only_copy_of_a_held_edition_is_never_dropped(published: Workspace, name: str) -> None:
    published.edit_catalogue("asthma", LUNGS, msgstr="")
    published.publish()
    digests = published.digests()
    (published.exports / object_key(name, digests[name])).write_bytes(b"damaged")
    done = published.publish("--repair", code=1)
    assert "Restore them from a copy, or complete the translations." in done.err
    assert published.digests() == digests


def test_all_else_is_repaired_where_a_held_edition_cannot_be(published: Workspace) -> None:
    published.edit_catalogue("asthma", LUNGS, msgstr="")
    published.publish()
    digests = published.digests()
    keys = {
        name: object_key(name, digests[name])
        for name in ("fhir/r4/es/asthma.json", "fhir/r4/es/cough.json", "html/en/asthma.html")
    }
    for key in keys.values():
        (published.exports / key).write_bytes(b"damaged")

    done = published.run("release", "repair", "--json", code=1)

    lost = keys["fhir/r4/es/asthma.json"]
    assert [each["path"] for each in done.json["problems"]] == [lost]
    assert (done.json["repaired"], done.json["damaged"]) == (2, 1)
    assert "fhir/r4/es/asthma.json: these editions are held" in done.json["message"]
    assert f"{lost}  error  artifact-damaged" in published.run("release", "repair", code=1).err
    assert published.digests() == digests


def _reverse_categories(workspace: Workspace) -> None:
    path = workspace.folder / "topics/asthma.json"
    topic = json.loads(path.read_text())
    for resource in topic["resources"]:
        resource["links"] = dict(reversed(resource["links"].items()))
    path.write_text(json.dumps(topic, ensure_ascii=False))


def _own_categories(workspace: Workspace, *keys: str) -> None:
    entries = [{"id": key, "label": key.title()} for key in keys]
    document = {"id": "categories", "title": "Own", "entries": entries}
    workspace.write("vocabulary/categories.json", json.dumps(document))


EDITS: dict[str, Callable[[Workspace], object]] = {
    "order of links": _reverse_categories,
    "a translation": lambda each: each.edit_catalogue("asthma", LUNGS, msgstr="El <strong>asma</strong>."),
    "a heading": lambda each: each.edit_topic(
        "cough", lambda topic: topic["sections"][0].update(heading="What is it?")
    ),
    "a topic that goes": lambda each: (each.folder / "topics/fever.json").unlink(),
    "a vocabulary": lambda each: _own_categories(each, "one", "two"),
    "its order": lambda each: _own_categories(each, "two", "one"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_publication_after_an_edit_is_one_from_nothing(
    published: Workspace, tmp_path: Path, edit: Callable[[Workspace], object]
) -> None:
    edit(published)
    # Held editions are the one thing that only a history has.
    published.replace("healthtopics.toml", '"complete"', '"fallback"')
    published.publish()
    clean = published.copy(tmp_path / "clean")
    shutil.rmtree(clean.exports)
    clean.publish()
    assert undated(clean.store) == undated(published.store)


def test_an_edition_that_goes_is_named(published: Workspace) -> None:
    (published.folder / "topics/fever.json").unlink()
    done = published.publish()
    assert (
        "topics/fever.json  warning  edition-removed  the es edition of the last release is gone." in done.err
    )


def test_what_is_permitted_to_go_is_not_asked_about(published: Workspace) -> None:
    published.replace("healthtopics.toml", "[languages.es]", "[languages.fr]")
    assert "edition-removed" not in published.publish("--allow-withdrawals", "es").err
    (published.folder / "topics/fever.json").unlink()
    assert "edition-removed" not in published.publish("--allow-withdrawals", "1").err
    assert "fever" not in published.current().manifest.coverage


def test_a_date_is_stale_only_where_the_edition_itself_says_something_else(published: Workspace) -> None:
    published.edit_catalogue("cough", "Cough", msgstr="La tos")
    done = published.publish()
    assert "locales/es/LC_MESSAGES/cough.po  warning  stale-date" in done.err
    assert done.err.count("stale-date") == 1, "others only name the title"


@pytest.mark.parametrize("words", [("check",), ("check", "cough")])
class TestCheckComparesDates:
    """`check` finds a stale date before `publish` does, if there is a release."""

    WARNING = "locales/es/LC_MESSAGES/cough.po  warning  stale-date"

    def test_with_the_last_release(self, published: Workspace, words: tuple[str, ...]) -> None:
        assert "stale-date" not in published.run(*words).out
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        for _with_and_without_cache in range(2):
            assert self.WARNING in published.run(*words).out
        published.publish()
        assert "stale-date" not in published.run(*words).out

    def test_a_finding_can_be_accepted(self, published: Workspace, words: tuple[str, ...]) -> None:
        accepted = {"check": "stale-date", "reason": "A matter of wording."}
        published.edit_topic("cough", lambda topic: topic["accept"].append(accepted))
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        assert published.run(*words, "--json").json["problems"] == []

    def test_not_without_a_release(self, fresh: Workspace, words: tuple[str, ...]) -> None:
        fresh.edit_catalogue("cough", "Cough", msgstr="La tos")
        assert "stale-date" not in fresh.run(*words).out

    def test_that_of_another_folder(self, published: Workspace, words: tuple[str, ...]) -> None:
        elsewhere = published.folder.parent / "elsewhere"
        published.exports.rename(elsewhere)
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        assert "stale-date" not in published.run(*words).out
        assert self.WARNING in published.run(*words, "--exports", str(elsewhere)).out

    @pytest.mark.parametrize("path", ["current/current.json", "releases/000001/manifest.json"])
    def test_a_damaged_one_is_not_compared(
        self, published: Workspace, words: tuple[str, ...], path: str
    ) -> None:
        (published.exports / path).write_text("{")
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        assert "stale-date" not in published.run(*words).out

    def test_not_under_another_address(self, published: Workspace, words: tuple[str, ...]) -> None:
        published.replace("healthtopics.toml", "topics.example.org", "other.example.org")
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        assert "stale-date" not in published.run(*words).out

    def test_a_published_topic_that_becomes_a_draft_is_found(
        self, published: Workspace, words: tuple[str, ...]
    ) -> None:
        published.edit_topic("cough", lambda topic: topic.update(draft=True))
        assert "draft-published" in published.run(*words, code=1).out


def test_an_accepted_warning_is_silent_and_an_acceptance_that_nothing_needs_is_not(
    fresh: Workspace,
) -> None:
    accept = [{"check": "stale-date", "reason": "A matter of wording."}]
    fresh.edit_topic("cough", lambda topic: topic.update(accept=accept))
    assert f"{fresh.place('topics/cough.json#/accept/0')}  warning  accept-unneeded" in fresh.publish().err

    fresh.edit_catalogue("cough", "Cough", msgstr="La tos")
    assert "stale-date" not in fresh.publish().err


def test_a_release_without_its_changes_is_not_confirmed(published: Workspace) -> None:
    (published.exports / "releases/000001/changes.json").unlink()
    done = published.publish(code=1)
    assert "releases/000001/changes.json" in done.err


def _follow_links(workspace: Workspace) -> None:
    """Make `current` a folder, as a copy does that follows links."""
    current = workspace.exports / "current"
    pointer = (current / "current.json").read_bytes()
    current.unlink()
    current.mkdir()
    (current / "current.json").write_bytes(pointer)


def test_where_current_is_a_folder_readers_see_the_confirmation(published: Workspace) -> None:
    """Without the fix, the confirmation is written to the release only, and readers see a dead publisher."""
    _follow_links(published)
    done = published.publish(at="2026-11-21T06:00:00Z")
    assert done.out.startswith("Nothing changed: release 1 stays current.")
    assert published.pointer()["time"] == "2026-11-21T06:00:00Z"
    assert (published.exports / "current").is_symlink()


def test_where_current_is_a_folder_of_an_older_release_the_last_one_becomes_current(
    published: Workspace,
) -> None:
    older = published.exports / "current/current.json"
    before = older.read_bytes()
    published.edit_catalogue("cough", "Cough", msgstr="La tos")
    published.publish(at="2026-11-21T06:00:00Z")
    _follow_links(published)
    older.write_bytes(before)
    done = published.publish(at="2026-11-22T06:00:00Z")
    assert done.out.startswith("Published release 2: 2 artifacts added, "), "readers had release 1"
    assert (published.exports / "current").is_symlink()
    assert published.pointer()["number"] == 2


def test_release_numbers_and_digests_form_a_chain(published: Workspace) -> None:
    first = published.current()
    published.edit_catalogue("cough", "Cough", msgstr="La tos")
    published.publish(at="2026-11-21T06:00:00Z")
    assert published.current().manifest.previous == Previous(1, first.sha256)
    assert published.pointer()["manifest"]["key"] == "releases/000002/manifest.json"
    assert (published.exports / "current").readlink().as_posix() == "releases/000002/pointers"


def test_a_new_topic_is_published_in_english_before_it_is_translated(fresh: Workspace) -> None:
    (fresh.folder / "locales/es/LC_MESSAGES/fever.po").unlink()
    fresh.publish()
    assert "fhir/r4/en/fever.json" in fresh.digests()
    assert "fhir/r4/es/fever.json" not in fresh.digests()
    problem = fresh.current().manifest.held[0].problems[0]
    assert problem.path == "locales/es/LC_MESSAGES/fever.po"

    fresh.run("catalogue", "update")
    translate(fresh, "fever")
    fresh.publish()
    assert "fhir/r4/es/fever.json" in fresh.digests()
