"""A command is killed, or refused by the system, at every call that concerns its files.

After each fault readers see one release whole, files of the workspace are old or new, never half-written;
no exit code says that the work was done if it was not, none says that this is a bug; and the next run
finishes the work and leaves nothing unfinished.

`FAULTS_EVERY=40` tries a sample: every fortieth point. tests/faults/points.json holds how many there are.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from faults.injection import KILL, Command, Point
from healthtopics.errors import HealthTopicsError
from healthtopics.release import Store, open_current, verify
from healthtopics.storage.local import LocalStore
from support.hosts import static_host
from support.samples import ROOT
from support.workspaces import Run, Workspace, create, run, tree, without_topics

SHARDS = 8
"""The points of a sweep are shared by this many tests, which run in parallel."""
LATER = "1795240800"
"""2026-11-21T06:00:00Z, in seconds: after NOW."""
EXAMPLE = ROOT / "tests/examples/medlineplus/abdominal-pain-2012.xml"
_LEFT = {".lock", ".staging.lock"}
POINTS = Path(__file__).with_name("points.json")


@dataclass(frozen=True, slots=True)
class Subject:
    """A command under test, as it is before each of its runs."""

    folder: Path
    """Copied for each run: the command changes the copy."""
    arguments: Callable[[Path], tuple[str, ...]]
    """The command's arguments, given the copy."""
    store: str = ""
    """The store within the folder, if the command makes releases."""
    in_workers: bool = False
    """Whether faults happen in worker processes, not in the first one."""
    environment: Mapping[str, str] = field(default_factory=lambda: {"SOURCE_DATE_EPOCH": LATER})

    def command(self, copy: Path) -> Command:
        return Command(self.arguments(copy), (copy,), self.environment)


def two_topics(folder: Path) -> Workspace:
    """Write a workspace of two topics."""
    workspace = create(folder)
    (folder / "topics/fever.json").unlink()
    (folder / "locales/es/LC_MESSAGES/fever.po").unlink()
    return workspace


def corrected(workspace: Workspace) -> None:
    """Change both editions of one topic."""
    old, new = "Asthma is a disease", "Asthma is a long-term disease"
    workspace.replace("topics/asthma.json", old, new)
    path = "locales/es/LC_MESSAGES/asthma.po"
    workspace.replace(path, old, new)
    workspace.replace(path, "es una enfermedad", "es una enfermedad prolongada")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a release, and then an edit."""
    workspace = two_topics(tmp_path_factory.mktemp("published") / "workspace")
    workspace.publish()
    corrected(workspace)
    return workspace


@pytest.fixture(scope="module")
def publishing(published: Workspace) -> Subject:
    return Subject(published.folder, lambda copy: ("publish", "-C", str(copy)), "exports")


@pytest.fixture(scope="module")
def pulling(published: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    """A copy of the first release, and a static host that has the second."""
    folder = tmp_path_factory.mktemp("pulling")
    shutil.copytree(published.exports, folder / "copy", symlinks=True)
    there = published.copy(folder / "there")
    there.publish(at="2026-11-21T06:00:00Z")
    with static_host(there.exports) as url:
        yield Subject(folder / "copy", lambda copy: ("pull", url, str(copy)), ".")


@pytest.fixture(scope="module")
def importing(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    workspace = without_topics(tmp_path_factory.mktemp("importing"))
    return Subject(workspace.folder, lambda copy: ("import", "medlineplus", str(EXAMPLE), "-C", str(copy)))


@pytest.fixture(scope="module")
def updating(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    workspace = two_topics(tmp_path_factory.mktemp("updating") / "workspace")
    workspace.replace("topics/asthma.json", "Asthma is a disease", "Asthma is a long-term disease")
    workspace.replace("topics/cough.json", "What is a cough?", "What is a cough really?")
    return Subject(workspace.folder, lambda copy: ("catalogue", "update", "-C", str(copy)))


@pytest.fixture(scope="module")
def adding(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    workspace = two_topics(tmp_path_factory.mktemp("adding") / "workspace")
    return Subject(workspace.folder, lambda copy: ("catalogue", "add", "pt", "-C", str(copy)))


@pytest.fixture(scope="module")
def publishing_with_workers(publishing: Subject) -> Subject:
    return replace(publishing, in_workers=True)


COMMANDS = ("publishing", "publishing_with_workers", "pulling", "importing", "updating", "adding")


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("name", COMMANDS)
def test_every_point(
    name: str, shard: int, every: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    subject: Subject = request.getfixturevalue(name)
    points = all_points(subject, tmp_path)
    print(f"{name}: {len(points)} points")  # noqa: T201 - the number is part of the proof
    assert len(points) >= json.loads(POINTS.read_text())[name]
    faults = sweep(subject, points[shard * every :: SHARDS * every], tmp_path)
    assert not faults, "\n".join(faults)


def all_points(subject: Subject, folder: Path) -> list[Point]:
    copy = folder / "dry"
    shutil.copytree(subject.folder, copy, symlinks=True)
    points = list(subject.command(copy).points(folder / "calls", in_workers=subject.in_workers))
    shutil.rmtree(copy)
    return points


def sweep(subject: Subject, points: list[Point], folder: Path) -> list[str]:
    """Return what went wrong, by point; empty is what we want."""
    wanted = folder / "wanted"
    shutil.copytree(subject.folder, wanted, symlinks=True)
    assert subject.command(wanted).run().code in (0, 1)
    faults = []
    for point in points:
        copy = folder / "copy"
        shutil.copytree(subject.folder, copy, symlinks=True)
        faults += [f"{point}: {fault}" for fault in _judge(subject, point, copy, wanted)]
        shutil.rmtree(copy)
    shutil.rmtree(wanted)
    return faults


def _judge(subject: Subject, point: Point, copy: Path, wanted: Path) -> Iterator[str]:
    done = subject.command(copy).run(point=point, in_workers=subject.in_workers)
    said = f"exit {done.code}: {(done.err or done.out).strip()[-300:]}"
    # A worker that cannot even import its modules says so by itself.
    if done.code == 70 or ("Traceback" in done.out + done.err and not subject.in_workers):
        yield f"a bug, {said}"
    if point.fault != KILL and done.code < 0:
        yield f"ended by a signal, {said}"
    is_done = _contents(copy) == _contents(wanted)
    if done.code == 0 and not is_done:
        yield f"nothing done, {said}"
    yield from _half_written(subject, copy, wanted)
    again = _again(subject, copy)
    if again.code not in (0, 1):
        yield f"the next run ends with {again.code}: {again.err.strip()[-300:]}"
    elif (now := _contents(copy)) != (due := _contents(wanted)):
        names = sorted({name for name, _ in set(now.items()) ^ set(due.items())})
        yield f"the next run leaves {names[:5]}"


def _again(subject: Subject, copy: Path) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in subject.environment.items():
            patch.setenv(name, value)
        return run(*subject.arguments(copy), folder=copy)


def _half_written(subject: Subject, copy: Path, wanted: Path) -> Iterator[str]:
    """Yield what is neither as before nor as it should become."""
    if subject.store:
        store: Store = LocalStore(copy / subject.store)
        try:
            damaged = verify(store, open_current(store))
        except HealthTopicsError as error:
            yield f"readers see no release: {error}"
        else:
            yield from (f"the current release is torn: {error}" for error in damaged[:1])
        return
    before, after = dict(tree(subject.folder)), dict(tree(wanted))
    for name, data in tree(copy):
        if not name.startswith(".") and data not in (before.get(name), after.get(name)):
            yield f"{name} is half-written"


def _contents(folder: Path) -> dict[str, bytes | str]:
    """Return what matters of a folder: not locks, and of pointers only that they are there."""
    return {
        name: b"" if name.endswith("current.json") else data
        for name, data in tree(folder)
        if Path(name).name not in _LEFT
    }
