"""Sixty days of a publisher and a partner, with the faults of such a time.

Every day the English of a topic changes, and mostly its Spanish with it; a topic is withdrawn and comes back;
an older release is published again for three days; old releases are pruned; two runs a week are killed; once
the clock is years ahead for a day. Each day a reader of the folder and one of the service find what is due.
A partner who pulls every third day ends with what a fresh copy has.
"""

import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final

import httpx
import pytest

from faults.injection import KILL, Command, Point
from faults.sweeping import two_topics
from faults.test_races import service
from healthtopics.release import CURRENT, open_current, read_artifact, verify
from healthtopics.storage.local import LocalStore
from support.workspaces import Run, Workspace

pytestmark = pytest.mark.faketime
DAYS: Final = 60
CYCLE: Final = 14
"""Days after which all but the wrong clock comes again; a sample has so many and one."""
FIRST: Final = datetime(2027, 1, 1, 6, tzinfo=UTC)
AHEAD: Final = timedelta(days=1000)
WRONG_CLOCK: Final = 7
"""The day on which the clock is ahead. The partner pulls on it."""


MOST_SECONDS: Final = 30
"""How long the service may take to notice a release, on a machine that has other work."""


@dataclass(slots=True)
class Publisher:
    """A workspace whose job runs every day, and what its readers must find."""

    workspace: Workspace
    day: int = 0
    english: str = "What a cough is."
    spanish: str = "Qué es la tos."
    has_asthma: bool = True
    due: tuple[str, str, bool] = ("", "", True)
    """The English and Spanish that the last successful run published, and whether it had both topics."""
    points: list[Point] = field(default_factory=list)
    """Where a run can be killed."""
    past: dict[int, tuple[str, str, bool]] = field(default_factory=dict)
    """What each release had."""
    pinned: bool = False
    killed: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(11))  # noqa: S311 - the same days in every run

    def at(self, *arguments: str, point: Point | None = None, ahead: timedelta = timedelta()) -> Run:
        """Run a command at the time of this day."""
        return self.command(*arguments, ahead=ahead).run(point=point)

    def command(self, *arguments: str, ahead: timedelta = timedelta()) -> Command:
        now = FIRST + timedelta(days=self.day) + ahead
        environment = {**faked(), "FAKETIME": f"@{now:%Y-%m-%d %H:%M:%S}"}
        return Command(arguments, (self.workspace.folder,), environment)

    def publish(self, *options: str, **how: Any) -> Run:
        return self.at("publish", "--json", "-C", str(self.workspace.folder), *options, **how)

    def edit(self, *, translates: bool) -> None:
        """Change the English of a topic, and its Spanish if somebody translates it on the same day."""
        catalogue = "locales/es/LC_MESSAGES/cough.po"
        old, self.english = self.english, f"What a cough is, day {self.day}."
        self.workspace.replace("topics/cough.json", old, self.english)
        if translates:
            known = (self.workspace.folder / catalogue).read_text().split('msgctxt "description"\nmsgid "')[1]
            self.workspace.replace(catalogue, known.split('"')[0], self.english)
            old, self.spanish = self.spanish, f"Qué es la tos, día {self.day}."
            self.workspace.replace(catalogue, old, self.spanish)

    def withdraw(self) -> None:
        day = (FIRST + timedelta(days=self.day)).date().isoformat()
        self.workspace.edit_topic("asthma", lambda topic: topic["dates"].update(withdrawFrom=day))
        self.has_asthma = False

    def bring_back(self) -> None:
        self.workspace.edit_topic("asthma", lambda topic: topic["dates"].pop("withdrawFrom"))
        self.has_asthma = True

    def acknowledged(self) -> None:
        """Expect what the workspace has now."""
        self.due = self.english, self.spanish, self.has_asthma
        self.past[open_current(self.workspace.store).manifest.number] = self.due

    @property
    def found(self) -> tuple[str, str, bool]:
        """What a reader of the folder finds; the release must be whole."""
        opened = open_current(self.workspace.store)
        assert verify(self.workspace.store, opened) == []
        texts = [
            self.workspace.artifact(f"schemaorg/{language}/cough.jsonld")["description"]
            for language in ("en", "es")
        ]
        return texts[0], texts[1], "schemaorg/en/asthma.jsonld" in opened.manifest.files

    def live(self) -> None:
        """Pass the next day."""
        self.day += 1
        of_cycle = self.day % CYCLE
        self.edit(translates=of_cycle not in (1, 2))
        if of_cycle == 4:
            self.withdraw()
        if of_cycle == 6:
            self.bring_back()
        if self.day % 7 in (2, 5):
            done = self.publish(point=self.chance.choice(self.points))
            self.killed += done.code == -9
            if self.pinned or (done.code == -9 and self.found == self.due):
                return  # nothing came of it; the job of the next day publishes the changes of both
        elif self.day == WRONG_CLOCK:
            done = self.publish(ahead=AHEAD)
            assert done.code == 0, done.err
        elif self.day == WRONG_CLOCK + 1:
            assert self.publish().code == 78
            assert self.found == self.due
            assert self.publish("--correct-clock").json["result"] == "published"
        elif self.pinned and of_cycle != 13:
            done = self.publish()
            assert done.json["result"] == "pinned", done
            return
        else:
            done = self.publish(*(("--resume",) if self.pinned else ()))
            assert done.json["result"] == "published", done
            assert bool(done.json["held"]) == (of_cycle in (1, 2))
            self.pinned = False
        self.acknowledged()
        if of_cycle == 10:
            self.roll_back()
        if of_cycle == 0:
            done = self.at("release", "prune", "-C", str(self.workspace.folder), "--json")
            assert done.json["result"] == "pruned", done
            assert len(done.json["removed"]) > 0

    def roll_back(self) -> None:
        """Publish the release again that was the last but one."""
        number = sorted(self.past)[-2]
        done = self.at("release", "rollback", str(number), "-C", str(self.workspace.folder), "--json")
        assert done.json["result"] == "rolled-back", done
        self.due = self.past[done.json["release"]] = self.past[number]
        self.pinned = True


def faked() -> dict[str, str]:
    """Return the environment in which libfaketime decides what the time is; files keep their real times."""
    done = subprocess.run(["faketime", "-f", "+0", "env"], capture_output=True, text=True, check=True)
    (library,) = (line for line in done.stdout.splitlines() if line.startswith("LD_PRELOAD="))
    return {
        "LD_PRELOAD": library.partition("=")[2],
        "TZ": "UTC",
        "NO_FAKE_STAT": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    publisher = Publisher(two_topics(tmp_path / "workspace"))
    assert publisher.publish().code == 0
    publisher.acknowledged()
    dry = Publisher(publisher.workspace.copy(tmp_path / "dry"), day=1)
    dry.edit(translates=True)
    points = dry.command("publish", "-C", str(dry.workspace.folder)).points(tmp_path / "calls")
    publisher.points = [each for each in points if each.fault == KILL]
    return publisher


@pytest.fixture
def url(publisher: Publisher) -> Iterator[str]:
    with service(publisher.workspace) as url:
        yield url


def test_a_partner_ends_with_what_a_fresh_copy_has(
    publisher: Publisher, url: str, tmp_path: Path, every: int
) -> None:
    days = DAYS if every < 4 else CYCLE + 1
    with httpx.Client(base_url=url) as client:
        for day in range(1, days + 1):
            publisher.live()
            assert publisher.found == publisher.due, day
            await_current(client, publisher.workspace)
            english, spanish, has_asthma = publisher.due
            for language, text in (("en", english), ("es", spanish)):
                page = client.get(
                    "/topics/cough", headers={"Accept": "text/html", "Accept-Language": language}
                )
                assert text in page.text, day
            assert client.get("/topics/asthma").status_code == (200 if has_asthma else 410)
            if day % 3 == 1:
                assert publisher.at("pull", url, str(tmp_path / "partner")).code == 0, day
    assert publisher.killed > days // 7
    for name in ("partner", "fresh"):
        assert publisher.at("pull", url, str(tmp_path / name)).code == 0
    assert (
        release(tmp_path / "partner") == release(tmp_path / "fresh") == release(publisher.workspace.exports)
    )


def await_current(client: httpx.Client, workspace: Workspace) -> None:
    """Ask the service, which looks for a new release every second, until it has the current one."""
    current = workspace.store.read(CURRENT)
    deadline = monotonic() + MOST_SECONDS
    while client.get(f"/{CURRENT}").content != current:
        assert monotonic() < deadline, "the service has not noticed the release"


def release(folder: Path) -> dict[str, bytes]:
    """Return every artifact of the current release, which must be whole, and its pointer."""
    store = LocalStore(folder)
    opened = open_current(store)
    assert verify(store, opened) == []
    found = {name: read_artifact(store, name, each) for name, each in opened.manifest.files.items()}
    return {**found, "current.json": store.read("current/current.json")}
