"""Whatever is published, a client of Bulk Publish or of exports holds what the last release holds.

Clients begin at every release and ask at any time; between two of their questions, any number of releases may
come, and some go.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from healthtopics.publishing.dating import Dating
from healthtopics.publishing.pruning import plan_pruning, prune
from healthtopics.publishing.publication import publish
from healthtopics.publishing.rollback import roll_back
from healthtopics.publishing.values import Maker
from healthtopics.publishing.withdrawals import Permission
from healthtopics.release import numbers, open_current, read_artifact
from healthtopics.server.service import Service
from support.bulk import BulkConsumer, ExportClient
from support.edits import EDITS, sound
from support.releases import BASE, MemoryStore
from support.serving import client_of

START = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests", digest="0" * 64)
ANYTHING = Permission(topics=1000, names=frozenset({"es", "fhir-r5", "html", "schemaorg"}))


class Store(MemoryStore):
    """A store of which parts can be removed; everything in it was written long ago."""

    def modified(self, _key: str) -> datetime:
        return datetime(2000, 1, 1, tzinfo=UTC)

    def remove(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            self.files.pop(key, None)


class Releases(RuleBasedStateMachine):
    """A workspace that is edited and published, and clients of R4."""

    def __init__(self) -> None:
        super().__init__()
        self.files = sound()
        self.store = Store()
        self.clock = START
        self.service = Service(self.store)
        self.bulk: list[BulkConsumer] = []
        self.exports: list[ExportClient] = []

    @initialize()
    def first(self) -> None:
        self._publish()

    @rule(name=st.sampled_from(sorted(EDITS)))
    def edit(self, name: str) -> None:
        self.files = EDITS[name](self.files)

    @rule(days=st.sampled_from([0, 0, 1, 20]))
    def publish(self, days: int) -> None:
        self.clock += timedelta(days=days, seconds=1)
        self._publish()

    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        known = numbers(self.store)[:-1]
        if known:
            self.clock += timedelta(hours=1)
            number = data.draw(st.sampled_from(known))
            configuration = self.files.configuration
            roll_back(configuration, self.store, number, now=self.clock, maker=MAKER, permission=ANYTHING)
            self._publish(resume=True)

    @rule()
    def prune(self) -> None:
        plan = plan_pruning(self.store, self.clock)
        prune(self.store, plan)

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.bulk)).poll()
        data.draw(st.sampled_from(self.exports)).export()

    def _publish(self, *, resume: bool = False) -> None:
        known = numbers(self.store)
        publish(self.files, self.store, now=self.clock, maker=MAKER, permission=ANYTHING, resume=resume)
        self.service.refresh()
        assert not self.service.warning
        if numbers(self.store) == known:
            return
        client = client_of(self.service)
        base = f"{BASE}/fhir/r4"
        consumer, exporting = BulkConsumer(client, base), ExportClient(client, base)
        consumer.start()
        exporting.export()
        expected = held(self.store)
        assert consumer.resources == exporting.resources == expected
        self.bulk.append(consumer)
        self.exports.append(exporting)

    def teardown(self) -> None:
        expected = held(self.store) if self.bulk else {}
        for consumer in self.bulk:
            consumer.poll()
            assert consumer.resources == expected
            assert consumer.starts == 1, "nobody had to begin again"
            read = len(consumer.downloads)
            consumer.poll()
            assert len(consumer.downloads) == read
        for exporting in self.exports:
            exporting.export()
            assert exporting.resources == expected


def held(store: MemoryStore) -> dict[str, Any]:
    """Return the resources in the NDJSON files of R4 in the current release."""
    found = {}
    for name, artifact in open_current(store).manifest.files.items():
        if name.startswith("fhir/r4/ndjson/"):
            for line in read_artifact(store, name, artifact).splitlines():
                resource = json.loads(line)
                found[f"{resource['resourceType']}/{resource['id']}"] = resource
    assert len({each.partition("/")[0] for each in found}) > 5
    return found


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Releases,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_clients_hold_what_the_last_release_holds() -> None:
    _run(examples=3, steps=10)


@pytest.mark.slow
def test_many_clients_hold_what_the_last_release_holds() -> None:
    _run(examples=60, steps=25)


def test_exactly_what_was_deleted_is_listed() -> None:
    machine = Releases()
    machine.first()
    for name, days in (("a topic gone", 1), ("another kind", 1), ("a topic back", 1), ("a title", 1)):
        machine.edit(name)
        machine.publish(days)
    deleted = [
        each.client.get(f"{BASE}/fhir/r4/$bulk-publish/{each.since}/5").json()["deleted"]
        for each in machine.exports
    ]
    assert deleted == [[]] * 5, "it is back"
    first, second = machine.exports[:2]
    gone = first.client.get(f"{BASE}/fhir/r4/$bulk-publish/{first.since}/2").json()
    assert gone["deleted"][0]["count"] == len(first.resources.keys() - second.resources) > 0
    later = first.client.get(f"{BASE}/fhir/r4/$bulk-publish/{second.since}/3").json()
    assert later["deleted"] == []
    machine.teardown()


def test_a_client_begins_again_after_a_clock_was_corrected() -> None:
    machine = Releases()
    machine.clock = datetime(2030, 1, 1, tzinfo=UTC)
    machine.first()
    before = machine.bulk[0]
    machine.clock = START
    machine.edit("a title")
    publish(
        machine.files,
        machine.store,
        now=START,
        maker=MAKER,
        permission=ANYTHING,
        dating=Dating(correct_clock=True),
    )
    machine.service.refresh()
    before.poll()
    assert before.resources == held(machine.store)


def test_a_client_begins_again_where_history_is_not_known() -> None:
    machine = Releases()
    machine.first()
    (client,) = machine.bulk
    client.page = client.page.replace("2026-11-20", "2026-11-19")
    client.etag = ""
    machine.edit("a title")
    machine.publish(1)
    client.poll()
    assert client.starts == 2
    assert client.resources == held(machine.store)
