"""Whatever happens to a workspace, a copy that asks only what changed holds what the last release holds.

The state machine knows each release as a whole, and says of every resource what its date must be. What the
software finds with the help of the last release's NDJSON files, with and without a cache, must be the same.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from healthtopics import jsontext
from healthtopics.cache import NO_CACHE
from healthtopics.configuration import LanguagePolicy
from healthtopics.formats.fhir import rows
from healthtopics.formats.format import Format
from healthtopics.formats.table import format_named, format_names
from healthtopics.publishing.indexing import restore_index
from healthtopics.publishing.past import IndexedPast
from healthtopics.publishing.publication import publish
from healthtopics.publishing.rollback import roll_back
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.publishing.withdrawals import Permission
from healthtopics.release import (
    TOPICS_SQLITE,
    Manifest,
    object_key,
    open_current,
    read_artifact,
    read_pointer,
)
from support.collections import MemoryCache
from support.documents import bundle_resources
from support.edits import EDITS, SPANISH, sound
from support.indexes import index_of
from support.stores import MemoryStore
from support.workspaces import ABOUT, ORGANIZATIONS, TOPICS

if TYPE_CHECKING:
    from support.files import MemoryFiles

START = datetime(2026, 11, 20, 6, tzinfo=UTC)
ROWS = {"R4": rows.R4, "R5": rows.R5}
Resource = dict[str, Any]


# What the exporters may do


def _without(member: str, kind: str) -> Callable[[Resource], Resource]:
    """Return a change of the exporters: resources of a type lose an optional member."""

    def change(document: Resource) -> Resource:
        if document["resourceType"] == "Bundle":
            entries = [{**entry, "resource": change(entry["resource"])} for entry in document["entry"]]
            return {**document, "entry": entries}
        lost = member if document["resourceType"] == kind else ""
        return {name: value for name, value in document.items() if name != lost}

    return change


def _turned(document: Resource) -> Resource:
    """Change nothing but the document itself: the order of its entries."""
    if document["resourceType"] != "Bundle":
        return document
    first, *others = document["entry"]
    return {**document, "entry": [first, *reversed(others)]}


EXPORTERS: dict[str, Callable[[Resource], Resource]] = {
    "as it is": lambda document: document,
    "no kinds": _without("type", "Organization"),
    "no classes": _without("event", "Composition"),
    "another order": _turned,
}


def _exporting(row: Format, change: Callable[[Resource], Resource]) -> Format:
    together, beside = row.export_collection, row.export_beside
    assert together
    assert beside
    return replace(
        row,
        export=lambda topic, edition: change(row.export(topic, edition)),  # type: ignore[arg-type]  # FHIR is JSON
        export_collection=lambda all_: {name: change(each) for name, each in together(all_).items()},
        export_beside=lambda one: {name: change(each) for name, each in beside(one).items()},
    )


def use_exporters(name: str) -> None:
    for row, original in ROWS.items():
        setattr(rows, row, _exporting(original, EXPORTERS[name]))
    format_named.cache_clear()


# What a release says


def _version(resource: Resource) -> str:
    """Return the version that a resource must have, from the definition of `versionId`."""
    meta = {name: value for name, value in resource["meta"].items() if name != "versionId"}
    text = json.dumps({**resource, "meta": meta}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _content(resource: Resource) -> str:
    """Return a resource, as text, without what depends on releases; entries of documents keep theirs."""
    kept = {name: value for name, value in resource.items() if name not in {"meta", "timestamp"}}
    return json.dumps(kept, sort_keys=True)


@dataclass
class Release:
    """A release, read as a whole."""

    time: str
    resources: dict[str, Resource] = field(default_factory=dict)
    """By format, type and id: what a partner of bulk data and of documents holds."""
    copies: list[tuple[str, Resource]] = field(default_factory=list)
    """Every resource wherever it is, with its key, except in editions that are held."""
    held_copies: list[tuple[str, Resource]] = field(default_factory=list)
    pages: dict[str, Resource] = field(default_factory=dict)
    """The JSON-LD documents, by name."""
    artifacts: dict[str, str] = field(default_factory=dict)
    index: Resource = field(default_factory=dict)

    @classmethod
    def read(cls, store: MemoryStore) -> "Release":
        manifest = open_current(store).manifest
        release = cls(manifest.time, artifacts={name: each.sha256 for name, each in manifest.files.items()})
        held = {(each.topic, each.language) for each in manifest.held}
        for name, artifact in manifest.files.items():
            data = read_artifact(store, name, artifact)
            if name.endswith((".sqlite", ".tgz", ".html")):
                continue  # the pages are in the cards, and in schema.org's documents
            if name == "topics.json":
                release.index = json.loads(data)
            elif artifact.format == "schemaorg":
                release.pages[name] = json.loads(data)
            else:
                is_held = (artifact.topic, artifact.language) in held
                release._add(name, artifact.format, data, is_held=is_held)
        return release

    def _add(self, name: str, format_: str, data: bytes, *, is_held: bool) -> None:
        is_bulk = name.endswith(".ndjson")
        copies = self.held_copies if is_held else self.copies
        for text in data.splitlines() if is_bulk else [data]:
            resource = json.loads(text)
            for each in (resource, *_inside(resource)):
                key = f"{format_}/{each['resourceType']}/{each['id']}"
                copies.append((key, each))
                if is_bulk or each["resourceType"] == "Bundle":
                    assert self.resources.setdefault(key, each) == each, key


def _inside(resource: Resource) -> list[Resource]:
    return bundle_resources(resource) if resource["resourceType"] == "Bundle" else []


ANYTHING = Permission(topics=1000, names=frozenset({"es", *format_names()}))


class Partner:
    """Holds a copy, and asks only for what changed since."""

    def __init__(self) -> None:
        self.since = ""
        self.held: dict[str, Resource] = {}

    def ask(self, releases: list[Release]) -> None:
        now = releases[-1]
        for key, resource in now.resources.items():
            if resource["meta"]["lastUpdated"] > self.since:
                self.held[key] = resource
        for key in _deleted(releases, self.since):
            self.held.pop(key, None)
        self.since = now.time


def _deleted(releases: list[Release], since: str) -> Iterator[str]:
    """Yield the keys of what was in a release that the partner may have seen, and is no more."""
    for release in releases:
        if release.time >= since:
            yield from release.resources.keys() - releases[-1].resources.keys()


# What may happen


class Workspaces(RuleBasedStateMachine):
    """A workspace that is edited and published, by two publishers: one of them has a cache."""

    def __init__(self) -> None:
        super().__init__()
        self.files = sound().configured(languages={SPANISH: LanguagePolicy()})
        self.before: list[MemoryFiles] = []
        self.clock = START
        self.exporters = "as it is"
        self.store, self.other = MemoryStore(), MemoryStore()
        self.engine = Engine(cache=MemoryCache())
        self.releases: list[Release] = []
        self.pinned: int | None = None
        self.partners = [Partner(), Partner()]
        self.contents: dict[str, str] = {}
        """By format and version: the content, of versions of resources and of canonicals."""
        self.ever: dict[str, dict[str, str]] = {}
        """The last titles of every topic that was ever published."""

    @initialize()
    def first(self) -> None:
        use_exporters("as it is")
        self.publish(after=timedelta())

    def teardown(self) -> None:
        use_exporters("as it is")
        for partner in self.partners:
            if self.releases:
                partner.ask(self.releases)
                assert partner.held == self.releases[-1].resources

    @rule(name=st.sampled_from(sorted(EDITS)))
    def edit(self, name: str) -> None:
        self.before.append(self.files)
        self.files = EDITS[name](self.files)

    @rule()
    def take_back(self) -> None:
        if self.before:
            self.files = self.before.pop()

    @rule()
    def start_again(self) -> None:
        """Go back to the files of the first release."""
        if self.before:
            self.before = [self.before[0]]
            self.files = self.before[0]

    @rule(name=st.sampled_from(sorted(EXPORTERS)))
    def upgrade(self, name: str) -> None:
        self.exporters = name
        use_exporters(name)

    @rule(
        after=st.sampled_from(
            [timedelta(), timedelta(), timedelta(seconds=1), timedelta(days=1), timedelta(minutes=-2)]
        )
    )
    def publish(self, after: timedelta) -> None:
        self.clock += after
        if self.releases:  # clocks more than five minutes before a release are refused
            self.clock = max(
                self.clock, datetime.fromisoformat(self.releases[-1].time) - timedelta(minutes=4)
            )
        self._publish(resume=False)

    @rule()
    def resume(self) -> None:
        self._publish(resume=True)
        self.pinned = None

    @rule(back=st.integers(1, 6), data=st.data())
    def roll_back(self, back: int, data: st.DataObject) -> None:
        """Publish an older release again; a publication without `resume` changes nothing after it."""
        number = max(1, len(self.releases) - back)
        if number == len(self.releases):
            return
        permission = Permission(topics=99, names=frozenset(["es"]))
        self.clock += data.draw(st.sampled_from([timedelta(), timedelta(hours=1)]))
        for store in (self.store, self.other):
            done = roll_back(
                self.files.configuration,
                store,
                number,
                now=self.clock,
                maker=self.maker,
                permission=permission,
            )
        self.pinned = number
        assert read_pointer(self.store)["pinned"] == number
        self._note(is_new=done.is_new)
        now, then = self.releases[-1], self.releases[number - 1]
        assert _undated(now) == _undated(then)
        self._publish(resume=False)

    @property
    def maker(self) -> Maker:
        return Maker(name=self.exporters, digest=jsontext.digest(self.exporters.encode()))

    def _publish(self, *, resume: bool) -> None:
        for store, engine in ((self.store, self.engine), (self.other, Engine(cache=NO_CACHE))):
            outcome = publish(
                self.files,
                store,
                now=self.clock,
                maker=self.maker,
                engine=engine,
                resume=resume,
                permission=ANYTHING,
            )
        assert outcome.pinned == (None if resume else self.pinned)
        assert not (outcome.pinned and outcome.is_new)
        self._note(is_new=outcome.is_new)

    def _note(self, *, is_new: bool) -> None:
        same = [_released(store) for store in (self.store, self.other)]
        assert same[0] == same[1]
        if is_new:
            self.releases.append(Release.read(self.store))
            self._check_release()

    @rule(number=st.integers(0, 1))
    def ask(self, number: int) -> None:
        if self.releases:
            self.partners[number].ask(self.releases)
            assert self.partners[number].held == self.releases[-1].resources

    def _check_release(self) -> None:
        *earlier, now = self.releases
        last = earlier[-1] if earlier else Release("")
        assert now.time > last.time
        self._check_versions(now)
        self._check_dates(now, last)
        self._check_tombstones(now, last)
        self._check_index()

    def _check_versions(self, now: Release) -> None:
        for key, resource in [*now.copies, *now.held_copies]:
            meta = resource["meta"]
            assert meta["versionId"] == _version(resource), key
            assert resource.get("timestamp", meta["lastUpdated"]) == meta["lastUpdated"]
            whole = json.dumps(resource, sort_keys=True)
            assert self.contents.setdefault(f"{key} {meta['versionId']}", whole) == whole, key
            if "url" in resource:
                canonical = f"{key.partition('/')[0]} {resource['url']}|{resource['version']}"
                assert self.contents.setdefault(canonical, _content(resource)) == _content(resource), (
                    canonical
                )
        for key, resource in now.copies:
            assert now.resources[key] == resource, f"{key} is not the same everywhere"

    def _check_dates(self, now: Release, last: Release) -> None:
        for key, resource in now.resources.items():
            before = last.resources.get(key)
            stands = before is not None and _content(before) == _content(resource)
            expected = before["meta"]["lastUpdated"] if before and stands else now.time
            assert resource["meta"]["lastUpdated"] == expected, key
        for name, page in now.pages.items():
            old = last.pages.get(name, {})
            rest, old_rest = ({**each, "sdDatePublished": ""} for each in (page, old))
            expected = old["sdDatePublished"] if rest == old_rest else now.time[:10]
            assert page["sdDatePublished"] == expected, name

    def _check_tombstones(self, now: Release, last: Release) -> None:
        topics = {
            entry["id"]: {card["language"]: card["title"] for card in entry["editions"]}
            for entry in now.index["topics"]
        }
        self.ever |= topics
        gone = {name: titles for name, titles in self.ever.items() if name not in topics}
        stones = now.index["withdrawn"]
        assert {each["id"]: each["titles"] for each in stones} == gone
        dates = {each["id"]: each["date"] for each in last.index.get("withdrawn", ())}
        assert all(each["date"] == dates.get(each["id"], now.time) for each in stones)
        for key, resource in now.resources.items():
            if key.endswith("/CodeSystem/health-topic"):
                inactive = {
                    concept["code"]
                    for concept in resource.get("concept", ())
                    if {"code": "inactive", "valueBoolean": True} in concept["property"]
                }
                assert inactive == gone.keys()
                assert {concept["code"] for concept in resource.get("concept", ())} == self.ever.keys()

    def _check_index(self) -> None:
        """Compare the index with the releases, and with one of which nothing was copied."""
        manifest = open_current(self.store).manifest
        index = index_of(self.store, manifest)
        times = [(number, each.time) for number, each in enumerate(self.releases, start=1)]
        assert index.rows("SELECT * FROM releases") == times
        known: dict[str, set[str]] = {"current": set(), "earlier": set()}
        for key, name, sha256, offset, length, is_current in index.rows(_RESOURCES):
            known["current" if is_current else "earlier"].add(key)
            resource = json.loads(self.store.read(object_key(name, sha256))[offset : offset + length])
            assert _key(resource, name) == key
        *earlier, now = [{_key(each, key) for key, each in one.resources.items()} for one in self.releases]
        assert known == {"current": now, "earlier": set().union(*earlier) - now}
        self._check_copied(manifest)

    def _check_copied(self, manifest: Manifest) -> None:
        with (
            patch.object(IndexedPast, "text", lambda *_: None),
            patch.object(IndexedPast, "whole", lambda _: {}),
        ):
            index = manifest.files[TOPICS_SQLITE]
            key = object_key(TOPICS_SQLITE, index.sha256)
            whole = self.store.objects.pop(key)
            assert restore_index(self.store, manifest, PLAIN.folder)
            assert self.store.objects[key] == whole

    @invariant()
    def releases_are_seconds_apart(self) -> None:
        times = [release.time for release in self.releases]
        assert times == sorted(set(times))


_RESOURCES = """
SELECT substr(artifact, 6, 2) || ' ' || type || '/' || id || ' ' || version_id,
    artifact, sha256, "offset", length, is_current
FROM resources
"""


def _key(resource: Resource, where: str) -> str:
    """Return what identifies a version of a resource; `where` names its format: `fhir-r4/…`, `fhir/r4/…`."""
    version = resource["meta"]["versionId"]
    return f"{where[5:7]} {resource['resourceType']}/{resource['id']} {version}"


def _undated(release: Release) -> Mapping[str, str]:
    """Return the resources and pages of a release by key, without dates, versions and what was withdrawn."""
    resources = {
        key: _content(resource)
        for key, resource in release.resources.items()
        if not key.endswith("/health-topic") and resource["resourceType"] != "Bundle"
    }
    pages = {
        name: json.dumps({**page, "sdDatePublished": ""}, sort_keys=True)
        for name, page in release.pages.items()
    }
    return {**resources, **pages, "topics": json.dumps(release.index["topics"])}


def _released(store: MemoryStore) -> Mapping[str, Any]:
    manifest: Manifest = open_current(store).manifest
    return {
        "number": manifest.number,
        "time": manifest.time,
        "files": {name: each.sha256 for name, each in manifest.files.items()},
        "held": manifest.held,
    }


LAB = {"id": "lab", "name": "Lab", "url": "https://lab.example/", "type": "Organization"}
SPANISH_PAGE = {
    "id": "prueba",
    "categories": ["start-here"],
    "title": {"text": "La prueba", "language": "es"},
    "kind": "page",
    "organizations": ["lab"],
    "links": {"es": "https://lab.example/es"},
}


def _with_lab(files: "MemoryFiles", name: str) -> "MemoryFiles":
    entries = [*ORGANIZATIONS["entries"], {**LAB, "name": name}]
    return files.with_vocabulary({**ORGANIZATIONS, "entries": entries})


def _machine(files: "MemoryFiles") -> Workspaces:
    machine = Workspaces()
    machine.files = files
    machine.first()
    return machine


def test_an_edition_that_was_held_gets_the_dates_of_today() -> None:
    """Meanwhile an organization that only this edition names was called something else."""
    resources = [*TOPICS["asthma"]["resources"], SPANISH_PAGE]
    before = _with_lab(sound(), "Lab").edited("asthma", resources=resources)
    before = before.configured(languages={SPANISH: LanguagePolicy()})
    machine = _machine(before)
    assert not open_current(machine.store).manifest.held
    machine.files = EDITS["no Spanish sentence of asthma"](_with_lab(before, "Old Lab"))
    machine.publish(after=timedelta(days=1))
    assert open_current(machine.store).manifest.held
    machine.files = before
    machine.publish(after=timedelta(days=1))
    assert machine.releases[-1].time == "2026-11-22T06:00:00Z"
    machine.teardown()


def test_a_page_that_only_a_held_edition_lists_is_newer_than_what_english_said_of_it() -> None:
    page = {**TOPICS["asthma"]["resources"][0], "links": {"en": ABOUT}}
    before = sound().edited("asthma", resources=[page]).configured(languages={SPANISH: LanguagePolicy()})
    machine = _machine(before)
    held = EDITS["no Spanish sentence of asthma"](before)
    for resources in ([{**page, "kind": "video"}], [], [page]):
        machine.files = held.edited("asthma", resources=resources)
        machine.publish(after=timedelta(days=1))
        assert open_current(machine.store).manifest.held
        machine.ask(0)
    machine.files = before
    machine.publish(after=timedelta(days=1))
    machine.teardown()


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Workspaces,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_copy_that_asks_what_changed_is_right() -> None:
    _run(examples=6, steps=12)


@pytest.mark.slow
def test_many_copies_that_ask_what_changed_are_right() -> None:
    _run(examples=60, steps=25)
