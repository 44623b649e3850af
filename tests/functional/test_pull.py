import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import stamina

from healthtopics.delivery.parts import Slice, Source
from healthtopics.errors import IntegrityError, NetworkError
from healthtopics.network.fetching import TIMEOUT
from healthtopics.network.pull import pull
from healthtopics.release import object_key, open_current, read_artifact, verify
from healthtopics.server.responses import EncodedResponse, Key
from healthtopics.server.service import Served, Service
from healthtopics.storage.local import LocalStore
from support import serving
from support.releases import TITLES, MemoryStore
from support.releases import publish_indexed as publish
from support.workspaces import run

REVISED = {**TITLES, "asthma": {"en": "Asthma, revised", "es": "Asma"}}


class Site(Service):
    """A service that breaks down after some objects."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        self.after: float = float("inf")
        self.objects: list[str] = []
        self.url = ""

    def compose(self, key: Key, served: Served) -> EncodedResponse:
        path = key[1].decode()
        if path.startswith("/objects/"):
            self.objects.append(path)
            if len(self.objects) > self.after:
                head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
                return EncodedResponse(200, head, part=Slice("", 0, 1000), is_private=True)
        return super().compose(key, served)

    def read(self, part: Source, offset: int, length: int) -> bytes:
        if len(self.objects) > self.after:
            return b"" if offset else b"half of"  # the connection ends with it
        return super().read(part, offset, length)


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    publish(store)
    return store


@pytest.fixture
def site(store: MemoryStore) -> Iterator[Site]:
    site = Site(store)
    with serving.running(site) as worker:
        site.url = worker.url
        yield site


def test_a_partner_follows_a_service(site: Site, store: MemoryStore, tmp_path: Path) -> None:
    here = LocalStore(tmp_path)
    with httpx.Client(timeout=TIMEOUT) as client:
        first = pull(client, site.url, here)
        assert (first.number, first.unchanged) == (1, False)
        assert verify(here, open_current(here)) == []
        assert pull(client, site.url, here).unchanged

        site.objects.clear()
        publish(store, REVISED)
        site.refresh()
        second = pull(client, site.url, here)
        assert (second.number, second.fetched, len(site.objects)) == (2, 5, 5 + 2), (
            "topics.sqlite and two parts of the manifest"
        )
    release = open_current(here)
    name = "schemaorg/en/asthma.jsonld"
    assert b"Asthma, revised" in read_artifact(here, name, release.manifest.files[name])
    theirs = {key: store.read(key) for key in store.keys("objects/")}
    assert theirs == {key: here.read(key) for key in here.keys("objects/")}


def test_a_damaged_object_is_refused_and_the_earlier_release_stays(
    site: Site, store: MemoryStore, tmp_path: Path
) -> None:
    here = LocalStore(tmp_path)
    with httpx.Client(timeout=TIMEOUT) as client:
        pull(client, site.url, here)
        release = publish(store, REVISED)
        site.refresh()
        key = object_key("x.json", release.manifest.files["fhir/r4/en/asthma.json"].sha256)
        intact = store.files[key]
        store.files[key] = intact.replace(b"Asthma", b"Plague")
        # The service notices it first, and sends nothing rather than something wrong.
        with pytest.raises(NetworkError, match="500"):
            pull(client, site.url, here)
        assert open_current(here).manifest.number == 1
        assert verify(here, open_current(here)) == []
        store.files[key] = intact
        assert pull(client, site.url, here).number == 2


def test_a_damaged_object_of_a_careless_host_is_refused(
    site: Site, store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = LocalStore(tmp_path)
    with httpx.Client(timeout=TIMEOUT) as client:
        pull(client, site.url, here)
        release = publish(store, REVISED)
        site.refresh()
        key = object_key("x.json", release.manifest.files["fhir/r4/en/asthma.json"].sha256)
        store.files[key] = store.files[key].replace(b"Asthma", b"Plague")
        monkeypatch.setattr(
            "healthtopics.delivery.encoding.read_promised", lambda objects, key, _promise: objects.read(key)
        )
        with pytest.raises(IntegrityError, match="SHA-256"):
            pull(client, site.url, here)
        assert open_current(here).manifest.number == 1


def test_an_interrupted_pull_is_taken_up_again(site: Site, tmp_path: Path) -> None:
    here = LocalStore(tmp_path)
    site.after = 6
    with httpx.Client(timeout=TIMEOUT) as client:
        with pytest.raises(NetworkError):
            pull(client, site.url, here)
        arrived = len(list(here.keys("objects/")))
        assert 0 < arrived <= 6
        assert not (tmp_path / "current").exists()
        site.after = float("inf")
        result = pull(client, site.url, here)
    assert result.reused == arrived
    assert verify(here, open_current(here)) == []


def test_a_part_of_a_release_is_verified_as_such(site: Site, tmp_path: Path) -> None:
    def verified() -> str:
        return run("release", "verify", "--exports", "copy", folder=tmp_path).out

    assert (
        run("pull", site.url, "copy", "--language", "es", "--format", "schemaorg", folder=tmp_path).code == 0
    )
    assert verified() == "1 release, 7 objects: all intact.\n"
    assert run("pull", site.url, "copy", folder=tmp_path).out.startswith("Nothing new")
    done = run("pull", site.url, "copy", "--names", "fhir/r4/e?/*", folder=tmp_path)
    assert "4 files fetched besides." in done.out
    assert verified() == "1 release, 9 objects: all intact.\n"
    assert run("pull", site.url, "copy", "--everything", folder=tmp_path).code == 0
    assert verified() == "1 release, 21 objects: all intact.\n"
    done = run("pull", site.url, "copy", "--everything", "--language", "es", folder=tmp_path)
    assert (done.code, "--everything" in done.err) == (2, True)
    done = run("pull", site.url, "copy", "--language", "fr", folder=tmp_path)
    assert (done.code, "has no language 'fr'. It has: en, es." in done.err) == (2, True)


def test_a_copy_may_leave_out_the_index(site: Site, tmp_path: Path) -> None:
    def indexes() -> int:
        return len(list(tmp_path.rglob("*.sqlite")))

    assert run("pull", site.url, "copy", "--no-index", "--format", "fhir-r4", folder=tmp_path).code == 0
    assert indexes() == 0
    opened = open_current(LocalStore(tmp_path / "copy"))
    assert {"topics.json", "fhir/r4/en/asthma.json"} <= opened.manifest.files.keys()
    assert "fhir/r5/en/asthma.json" not in opened.manifest.files
    assert run("release", "verify", "--exports", "copy", folder=tmp_path).code == 0
    assert run("pull", site.url, "copy", folder=tmp_path).out.startswith("Nothing new")
    assert indexes() == 0
    assert run("pull", site.url, "copy", "--no-index", folder=tmp_path).code == 0
    assert "fhir/r5/en/asthma.json" in open_current(LocalStore(tmp_path / "copy")).manifest.files
    assert indexes() == 0
    assert run("pull", site.url, "copy", "--everything", folder=tmp_path).code == 0
    assert indexes() == 1
    assert run("release", "verify", "--exports", "copy", folder=tmp_path).code == 0


def test_the_mode_of_a_copy(site: Site, tmp_path: Path) -> None:
    assert run("pull", site.url, "copy", "--mode", "0640", folder=tmp_path).code == 0
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "copy").rglob("*")}
    assert modes == {0o640, 0o750}
    assert run("pull", site.url, "copy", "--mode", "0400", folder=tmp_path).code == 2


@pytest.mark.parametrize(("hours", "is_expired"), [(-49, True), (-47, False)])
def test_an_expired_release_is_reported(
    site: Site, store: MemoryStore, tmp_path: Path, hours: int, *, is_expired: bool
) -> None:
    publish(store, REVISED, now=datetime.now(UTC) + timedelta(hours=hours))
    site.refresh()
    done = run("pull", "--json", site.url, "copy", folder=tmp_path)
    assert (done.code, done.json["expired"], "expired at" in done.err) == (0, is_expired, is_expired)


def test_an_address_without_scheme_is_wrong_usage(tmp_path: Path) -> None:
    done = run("pull", "topics.example.org", "y", folder=tmp_path)
    assert (done.code, "'topics.example.org' has no scheme: write https://" in done.err) == (2, True)


def test_an_address_that_cannot_be_one_is_wrong_usage(tmp_path: Path) -> None:
    done = run("pull", "ftp://x", "y", folder=tmp_path)
    assert done.code == 2
    assert "'ftp://x' is not the address of a service" in " ".join(done.err.split())
    assert list(tmp_path.iterdir()) == []


def test_an_unreachable_host_is_a_clear_error_and_leaves_no_files(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    done = run("pull", url, "copy", folder=tmp_path)
    assert done.code == 75
    assert f"{url}: Connection refused; trying again, attempt 2 of 5.\n" in done.err
    assert "Connection refused. Run this again later." in done.err
    assert "Errno" not in done.err
    assert "stamina" not in done.err
    assert list(tmp_path.iterdir()) == []
