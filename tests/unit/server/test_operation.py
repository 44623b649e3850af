"""What operators see: whether the release is fit, the numbers, the log."""

import asyncio
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from healthtopics.delivery.site import Site
from healthtopics.delivery.table import ROUTES
from healthtopics.errors import StorageError
from healthtopics.release import CURRENT, object_key
from healthtopics.server.access import AccessLog
from healthtopics.server.gate import Gate
from healthtopics.server.keys import Keys
from healthtopics.server.service import Service
from healthtopics.server.tally import Tally
from support import releases
from support.releases import NOW, MemoryStore
from support.releases import publish_indexed as publish
from support.serving import Running, client_of, running


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    publish(store, now=datetime.now(UTC))
    return store


def series(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return the metrics by name and the values of their labels, in the order of the labels' names."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(value for _name, value in sorted(sample.labels.items()))
            found[sample.name.removeprefix("healthtopics_service_"), labels] = sample.value
    return found


class TestReady:
    def test_a_release_that_is_current_is_fit(self, store: MemoryStore) -> None:
        with running(Service(store)) as server:
            answer = httpx.get(f"{server.url}/health/ready")
            assert (answer.status_code, answer.json()) == (200, {"status": "ok", "release": 1})
            assert answer.headers["Cache-Control"] == "no-store"
            assert httpx.head(f"{server.url}/health/ready").content == b""
            assert httpx.post(f"{server.url}/health/ready").headers["Allow"] == "GET, HEAD, OPTIONS"
            assert httpx.options(f"{server.url}/health/ready").status_code == 204

    def test_a_query_changes_nothing(self, store: MemoryStore) -> None:
        with running(Service(store), Gate(read_keys=Keys, is_key_required=True)) as server:
            for path in ("/health/live", "/health/ready", "/metrics"):
                assert httpx.get(f"{server.url}{path}?x=1").status_code == 200

    def test_a_proxy_may_leave_the_path_of_the_base_url(self) -> None:
        store, prefix = MemoryStore(), "/salud/v1"
        publish(store, base_url=f"https://example.org{prefix}")
        with running(Service(store), Gate(read_keys=Keys, is_key_required=True)) as server:
            for path in ("/health/live", "/health/ready", f"{prefix}/health/live", f"{prefix}/health/ready"):
                assert httpx.get(f"{server.url}{path}").json()["status"] in ("ok", "unfit"), path
            # The proxy keeps them from the public at the root.
            assert httpx.get(f"{server.url}{prefix}/metrics").status_code in (401, 404)

    def reason(self, server: Running) -> str:
        answer = httpx.get(f"{server.url}/health/ready")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert httpx.get(f"{server.url}/health/live").status_code == 200
        reason = answer.json()["reason"]
        assert isinstance(reason, str)
        return reason

    def test_without_a_release_it_is_not(self) -> None:
        with running(Service(MemoryStore())) as server:
            assert self.reason(server) == "no release has been published yet."

    def test_an_expired_release_is_not(self) -> None:
        store = MemoryStore()
        publish(store, now=NOW - timedelta(days=400))
        with running(Service(store)) as server:
            assert self.reason(server).startswith("release 1 expired at 2025-10-1")

    def test_a_release_that_cannot_be_opened_is_not(self, store: MemoryStore) -> None:
        store.files["releases/000001/manifest.json"] = b"{}"
        with running(Service(store)) as server:
            assert self.reason(server).startswith("a file of the current release is missing or damaged")
            answer = httpx.get(f"{server.url}/topics/asthma")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert answer.json()["detail"].startswith("a file of the current release is missing or damaged")

    def test_the_last_release_is_while_the_newest_cannot_be_opened(self, store: MemoryStore) -> None:
        service = Service(store)
        publish(store, {"asthma": {"en": "Asthma, revised"}}, now=datetime.now(UTC))
        store.files["releases/000002/manifest.json"] = b"{}"
        service.refresh()
        with running(service) as server:
            answer = httpx.get(f"{server.url}/health/ready")
            assert answer.status_code == 200
            assert answer.json()["release"] == 1
            assert answer.json()["warning"].startswith("a file of the current release is missing or damaged")
            assert httpx.get(f"{server.url}/topics/asthma").status_code == 200
            found = series(httpx.get(f"{server.url}/metrics").text)
        assert (found["release_fit", ("1",)], found["release_is_newest", ("1",)]) == (1, 0)

    def test_a_store_that_cannot_be_read_is_not(self) -> None:
        class Unmounted(MemoryStore):
            gone = False

            def read(self, key: str) -> bytes:
                if self.gone:
                    raise StorageError("/srv/secret: cannot be read.")
                return super().read(key)

        store = Unmounted()
        publish(store, now=datetime.now(UTC))
        service = Service(store)
        store.gone = True
        service.refresh()
        with running(service) as server:
            assert self.reason(server) == "the store of the service cannot be read now; its log says more."

    @pytest.mark.parametrize("damage", ["no index", "no file", "another version"])
    def test_no_path_of_the_machine_is_in_the_reason(
        self, store: MemoryStore, damage: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if damage == "no index":
            store = MemoryStore()
            releases.publish(store, now=datetime.now(UTC))
        elif damage == "no file":
            store.files = {key: data for key, data in store.files.items() if not key.endswith(".sqlite")}
        else:
            monkeypatch.setattr("healthtopics.index.opening.VERSION", 99)
        with running(Service(store)) as server:
            said = self.reason(server), httpx.get(f"{server.url}/topics/asthma").json()["detail"]
        assert said[0] == said[1]
        assert "/" not in said[0].replace("HTTP/1.1", "")
        assert "no release has been published" not in said[0]
        assert ("publish" in said[0]) == (damage != "no file")

    def test_a_damaged_file_is_not_until_it_is_repaired(self, store: MemoryStore) -> None:
        service = Service(store, clock=partial(next, count(step=1000.0)))
        with running(service) as server:
            tag = httpx.head(f"{server.url}/schemaorg/en/asthma.jsonld").headers["ETag"].strip('"')
            key = object_key("x.jsonld", tag)
            intact = store.files[key]
            store.files[key] = intact.replace(b"Asthma", b"Plague")
            assert httpx.get(f"{server.url}/schemaorg/en/asthma.jsonld").status_code == 500
            assert self.reason(server).startswith(f"{key}: expected SHA-256")
            store.files[key] = intact
            service.refresh()
            assert httpx.get(f"{server.url}/health/ready").status_code == 200

    def test_a_damaged_file_is_read_again_and_again_but_later_each_time(self) -> None:
        now, looked = [0.0], []

        class Watched(MemoryStore):
            def parts(self, key: str) -> Iterator[bytes]:
                looked.append(now[0])
                yield from super().parts(key)

        watched = Watched()
        publish(watched, now=datetime.now(UTC))
        service = Service(watched, clock=lambda: now[0])
        client = client_of(service)
        tag = client.head("http://service/schemaorg/en/asthma.jsonld").headers["ETag"].strip('"')
        key = object_key("x.jsonld", tag)
        watched.files[key] = watched.files[key].replace(b"Asthma", b"Plague")
        looked.clear()
        assert client.get("http://service/schemaorg/en/asthma.jsonld").status_code == 500
        looked.clear()
        for second in range(200):
            now[0] = float(second)
            assert service.reason_against(lambda: datetime.now(UTC)).startswith(f"{key}: expected SHA-256")
            service.refresh()
        assert looked == [0, 1, 3, 7, 15, 31, 63, 123, 183]

    def test_a_release_that_is_replaced_while_it_is_opened_is_not(self, store: MemoryStore) -> None:
        publish(store, {"asthma": {"en": "Asthma, revised"}}, now=datetime.now(UTC))

        class Switching(MemoryStore):
            def read(self, key: str) -> bytes:
                if key == CURRENT:
                    self.current = 2 if self.current == 1 else 1
                return super().read(key)

        switching = Switching()
        switching.files, switching.current = store.files, 1
        with running(Service(switching)) as server:
            assert "was replaced while it was opened" in self.reason(server)

    def test_an_index_that_sqlite_cannot_read_is_not(
        self, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_given: object) -> Site:
            raise sqlite3.DatabaseError("database disk image is malformed")

        monkeypatch.setattr("healthtopics.server.service.open_site", fail)
        with running(Service(store)) as server:
            assert self.reason(server).startswith("the current release cannot be opened")


class TestMetrics:
    def test_requests_are_counted_by_route_and_status(self, store: MemoryStore) -> None:
        with running(Service(store)) as server, httpx.Client(base_url=server.url) as client:
            length = len(client.get("/topics/asthma").content)
            client.get("/topics/miscarriage")
            client.get("/topics/fever")
            client.get("/nothing/at/all")
            found = series(client.get("/metrics").text)
        assert found["requests_total", ("/topics/{topic}", "200")] == 2
        assert found["response_bytes_total", ("/topics/{topic}", "200")] > length
        assert found["request_duration_seconds_count", ("/topics/{topic}",)] == 3
        assert found["request_duration_seconds_bucket", ("+Inf", "/topics/{topic}")] == 3
        assert found["requests_total", ("none", "404")] == 1
        assert found["release_number", ("1",)] == 1
        assert found["release_fit", ("1",)] == 1
        assert found["release_expires_timestamp_seconds", ("1",)] > datetime.now(UTC).timestamp()

    def test_no_metric_has_anything_that_somebody_asked_for(self, store: MemoryStore) -> None:
        routes = {route.path for route in ROUTES} | {"none", "/health/live", "/health/ready", "/metrics"}
        with running(Service(store)) as server, httpx.Client(base_url=server.url) as client:
            for path in ("/topics/asthma?code=O034", "/O034?q=O034", "/es/asthma?O034"):
                client.get(path)
            text = client.get("/metrics").text
        assert "O034" not in text
        assert {
            sample.labels["route"]
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if "route" in sample.labels
        } <= routes

    def test_the_numbers_of_workers_are_added_up(self) -> None:
        tally = Tally(["/topics/{topic}"], 2)
        for worker, seconds in ((0, 0.0004), (1, 0.3), (1, 100.0)):
            tally.counts[worker].count("/topics/{topic}", 200, 10, seconds)
        tally.counts[1].count("/unknown", 299, 1, 0.1)
        tally.counts[1].set_gauge("connections", 5)
        found = series(tally.text().decode())
        assert found["requests_total", ("/topics/{topic}", "200")] == 3
        assert found["response_bytes_total", ("/topics/{topic}", "200")] == 30
        assert found["request_duration_seconds_sum", ("/topics/{topic}",)] == pytest.approx(100.3004)
        bounds = ("0.0005", "0.25", "0.5", "10.0", "+Inf")
        buckets = [found["request_duration_seconds_bucket", (each, "/topics/{topic}")] for each in bounds]
        assert buckets == [1, 1, 2, 2, 3]
        assert found["requests_total", ("none", "other")] == 1
        assert (found["connections", ("1",)], found["connections", ("2",)]) == (0, 5)


class TestLog:
    @pytest.mark.parametrize("members", [{}, {"run": "r", "command": "serve"}])
    def test_it_has_the_route_and_nothing_of_what_was_asked(
        self, store: MemoryStore, tmp_path: Path, members: dict[str, str]
    ) -> None:
        path = tmp_path / "log"
        with path.open("wb") as file:
            log = AccessLog(members, file.fileno())
            with running(Service(store), log=log) as server, httpx.Client(base_url=server.url) as client:
                identity = client.get("/topics/asthma?code=O034").headers["X-Request-Id"]
                client.post("/O034/x?q=O034", content=b"O034", headers={"Referer": "https://x.example/O034"})
                client.get("/topics/asthma", headers={"X-Forwarded-For": "192.0.2.1"})
        lines = path.read_text().splitlines()
        assert len(lines) == 3
        for secret in ("O034", "asthma", "127.0.0.1", "192.0.2.1"):
            assert secret not in path.read_text()
        if members:
            entry = json.loads(lines[0])
            assert list(entry)[:5] == ["time", "level", "run", "command", "message"]
            assert (entry["route"], entry["request"]) == ("/topics/{topic}", identity)
            assert json.loads(lines[1])["route"] is None
        else:
            assert lines[0].split()[2] == "/topics/{topic}"
            assert lines[0].endswith(identity)

    def test_a_refusal_has_the_route_of_its_address(self, tmp_path: Path, store: MemoryStore) -> None:
        path = tmp_path / "log"
        with path.open("wb") as file:
            log = AccessLog({}, file.fileno())
            with running(Service(store), log=log) as server, httpx.Client(base_url=server.url) as client:
                client.get("/topics/asthma?unknown=1")
                client.delete("/topics/asthma")
                client.get("/topics/asthma", headers={"Accept": "image/png"})
                client.post("/search", content=b"x", headers={"Content-Type": "text/plain"})
                client.get("/es/asthma/")
                client.options("/topics/asthma")
                client.get("/nothing/at/all")
                client.get(f"/topics/{'a' * 9_000}")
            with running(Service(store), Gate(read_keys=Keys, is_key_required=True), log=log) as server:
                httpx.get(f"{server.url}/es/asthma")
        logged = [tuple(line.split()[2:4]) for line in path.read_text().splitlines()]
        assert logged == [
            ("/topics/{topic}", "400"),
            ("/topics/{topic}", "405"),
            ("/topics/{topic}", "406"),
            ("/search", "415"),
            ("/{language}/{topic}", "308"),
            ("/topics/{topic}", "204"),
            ("-", "404"),
            ("-", "414"),
            ("/{language}/{topic}", "401"),
        ]

    def test_lines_of_several_workers_are_not_mixed_up(self) -> None:
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)  # so that a writer waits in the middle of a long piece

        def work(member: str) -> None:
            async def write() -> None:
                log = AccessLog({"run": member * 50}, writing)
                for number in range(3000):
                    log.write("GET", "/topics/{topic}", 200, 1, 0.1, str(number))
                log.flush()

            asyncio.run(write())

        with ThreadPoolExecutor() as threads, os.fdopen(reading, "rb") as pipe:
            working = [threads.submit(work, member) for member in "abcd"]
            lines = [json.loads(next(pipe)) for _ in range(4 * 3000)]
            for each in working:
                each.result()
        os.close(writing)
        assert {line["run"] for line in lines} == {member * 50 for member in "abcd"}

    def test_a_log_that_cannot_be_written_stops_no_answer(self, store: MemoryStore) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        with running(Service(store), log=AccessLog({}, writing)) as server:
            assert [httpx.get(f"{server.url}/topics/asthma").status_code for _ in range(2)] == [200, 200]
        os.close(writing)
