"""Which moment dates a release, which decides what is due, and how a wrong clock is corrected."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from healthtopics.release import open_current, verify
from healthtopics.storage.local import LocalStore
from support.workspaces import LUNGS, NOW, Workspace

WRONG = "2030-01-01T00:00:00Z"
LATER = "2026-11-21T06:00:00Z"


def _epoch(moment: str) -> str:
    return str(int(datetime.fromisoformat(moment).timestamp()))


class TestAsOf:
    """Without the fix, each of these releases is of 2030, and nobody can publish until then."""

    def test_it_never_dates_a_release(self, fresh: Workspace) -> None:
        fresh.publish("--as-of", WRONG)
        assert fresh.current().manifest.time == NOW
        assert fresh.pointer()["time"] == NOW
        assert WRONG[:4] not in json.dumps(fresh.artifact("fhir/r4/en/asthma.json")["meta"])

    def test_it_blocks_no_later_run(self, published: Workspace) -> None:
        published.edit_topic("fever", lambda topic: topic["dates"].update(withdrawFrom="2029-01-01"))
        published.publish("--as-of", WRONG)
        assert "fhir/r4/en/fever.json" not in published.digests()
        done = published.publish(at=LATER)
        assert done.out.startswith("Published release 3")
        assert "fhir/r4/en/fever.json" in published.digests()
        assert published.current().manifest.time == LATER

    def test_it_decides_which_topics_are_due(self, fresh: Workspace) -> None:
        fresh.edit_topic("fever", lambda topic: topic["dates"].update(publishFrom="2027-01-01"))
        fresh.publish()
        assert "fhir/r4/en/fever.json" not in fresh.digests()
        fresh.publish("--as-of", "2027-01-01")
        assert "fhir/r4/en/fever.json" in fresh.digests()


class TestSourceDate:
    def test_it_dates_the_release(self, fresh: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", _epoch("2026-11-19T01:02:03Z"))
        fresh.publish("--as-of", LATER)
        assert fresh.current().manifest.time == fresh.pointer()["time"] == "2026-11-19T01:02:03Z"

    @pytest.mark.parametrize(
        ("moment", "said"),
        [
            (WRONG, f"SOURCE_DATE_EPOCH is {WRONG}, which is in the future: it is {LATER}."),
            ("2026-11-20T05:59:59Z", f"which is before {NOW}, the time of release 1."),
        ],
    )
    def test_an_impossible_one_is_refused(
        self, published: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str, said: str
    ) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", _epoch(moment))
        before = published.pointer()
        done = published.publish(at=LATER, code=78)
        assert said in done.err
        assert published.pointer() == before

    def test_that_of_the_last_release_confirms_it(
        self, published: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", _epoch(NOW))
        assert published.publish(at=LATER).out.startswith("Nothing changed")


def _dates(document: Any) -> set[str]:
    """Return every moment that says when something was published."""
    if isinstance(document, list):
        return {each for item in document for each in _dates(item)}
    if not isinstance(document, dict):
        return set()
    own = {document[name] for name in ("lastUpdated", "timestamp", "sdDatePublished") if name in document}
    return own | {each for value in document.values() for each in _dates(value)}


def _all_dates(workspace: Workspace) -> set[str]:
    found = set()
    for name in workspace.digests():
        if not name.endswith((".html", ".sqlite", ".tgz")):
            found |= _dates(workspace.artifact(name))
    found |= {each["date"] for each in workspace.artifact("topics.json").get("withdrawn", ())}
    return found


class TestCorrectClock:
    @pytest.fixture
    def ahead(self, published: Workspace) -> Workspace:
        """Release 2 is of 2030: one edition changed, one is held, one topic was withdrawn."""
        published.edit_catalogue("asthma", LUNGS, msgstr="El asma afecta los <strong>pulmones</strong>.")
        (published.folder / "topics/fever.json").unlink()
        published.publish(at=WRONG)
        return published

    def test_until_then_nothing_is_published(self, ahead: Workspace) -> None:
        before = ahead.pointer()
        done = ahead.publish(at=LATER, code=78)
        assert f"clock-ahead: release 2 is of {WRONG}, but here it is {LATER}." in done.err
        assert "`healthtopics publish --correct-clock`" in done.err
        assert ahead.pointer() == before

    def test_it_publishes_with_the_right_time_under_the_next_number(self, ahead: Workspace) -> None:
        before = ahead.pointer()
        assert WRONG in _all_dates(ahead)
        done = ahead.publish("--correct-clock", at=LATER)
        assert done.out.startswith("Published release 3")
        assert ahead.current().manifest.time == ahead.pointer()["time"] == LATER
        assert ahead.pointer()["sequence"] == before["sequence"] + 1
        # A mutant that takes artifacts over, or keeps dates of the future, leaves 2030 somewhere.
        assert {each for each in _all_dates(ahead) if each > LATER} == set()
        assert NOW in _all_dates(ahead), "what was dated rightly stays as it is"
        assert ahead.publish(at=LATER).out.startswith("Nothing changed: release 3 stays current.")
        ahead.run("release", "verify")

    def test_it_corrects_the_document_of_an_edition_that_is_held(self, ahead: Workspace) -> None:
        ahead.edit_catalogue("asthma", LUNGS, msgstr="")
        ahead.publish("--correct-clock", at=LATER)
        (held,) = ahead.current().manifest.held
        assert (held.topic, held.state) == ("asthma", "held")
        assert {each for each in _all_dates(ahead) if each > LATER} == set()
        text = json.dumps(ahead.artifact("fhir/r4/es/asthma.json"), ensure_ascii=False)
        assert "El asma afecta los" in text
        assert ahead.publish(at=LATER).out.startswith("Nothing changed")

    def test_once_corrected_it_is_an_ordinary_publication(self, ahead: Workspace) -> None:
        ahead.publish("--correct-clock", at=LATER)
        assert ahead.publish("--correct-clock", at=LATER).out.startswith("Nothing changed")

    def test_a_clock_may_be_a_little_late(self, published: Workspace) -> None:
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        published.publish(at="2026-11-20T05:56:00Z")
        assert published.current().manifest.time == "2026-11-20T06:00:01Z"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - as it is called there
        pass


@pytest.fixture
def address(fresh: Workspace) -> Iterator[str]:
    """A static host of the releases, on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=fresh.exports))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.faketime
def test_a_partner_follows_a_publisher_whose_clock_was_ahead(
    fresh: Workspace, tmp_path: Path, address: str
) -> None:
    """Both under faketime: a partner that orders by time refuses release 3 until 2030."""

    def at(moment: str, *command: str) -> None:
        start = "import sys; sys.argv[0] = 'healthtopics'; from healthtopics.cli import main; main()"
        done = subprocess.run(
            ["faketime", "-f", moment, sys.executable, "-c", start, *command],
            cwd=fresh.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TZ": "UTC"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    copy = tmp_path / "copy"
    days = ("@2026-11-20 06:00:00", "@2030-01-01 00:00:00", "@2026-11-21 06:00:00", "@2026-11-22 06:00:00")
    for number, day in enumerate(days, start=1):
        description = f"What it is, {day}."
        fresh.edit_topic("cough", lambda topic, text=description: topic.update(description=text))  # type: ignore[misc]  # bound at once
        at(day, "publish", *(("--correct-clock",) if number == 3 else ()))
        at(day, "pull", address, str(copy))
        opened = open_current(LocalStore(copy))
        assert (opened.manifest.number, opened.manifest.time[:10]) == (number, day[1:11])
        assert verify(LocalStore(copy), opened) == []
