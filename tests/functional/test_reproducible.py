"""The same input gives the same bytes, wherever, whenever and by whomever it is built."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from support.histories import undated
from support.workspaces import NOW, Workspace, tree

PUBLISH = "import sys; from healthtopics.cli import main; sys.argv[0] = 'healthtopics'; main()"


@pytest.mark.parametrize(
    ("environment", "umask"),
    [
        ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}, 0o077),
        ({"TZ": "America/Nome", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "8", "LANGUAGE": "ar"}, 0o002),
    ],
    ids=["far east", "far west"],
)
def test_place_time_zone_locale_seed_and_umask_make_no_difference(
    sound_workspace: Workspace,
    published_workspace: Workspace,
    tmp_path: Path,
    environment: dict[str, str],
    umask: int,
) -> None:
    workspace = sound_workspace.copy(tmp_path / "ein anderer Ort ñ")
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, "publish", "-C", workspace.folder],
        cwd="/",
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "SOURCE_DATE_EPOCH": str(int(datetime.fromisoformat(NOW).timestamp())),
            **environment,
        },
        umask=umask,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert dict(tree(workspace.exports)) == dict(tree(published_workspace.exports))


def test_a_clock_in_any_zone_shows_the_same_moment(fresh: Workspace, published_workspace: Workspace) -> None:
    fresh.publish(at="2026-11-20T20:00:00+14:00")
    assert fresh.current().sha256 == published_workspace.current().sha256


def test_only_the_clock_differs_between_two_days(fresh: Workspace, published_workspace: Workspace) -> None:
    fresh.publish(at="2031-01-01T00:00:00Z")
    assert undated(fresh.store) == undated(published_workspace.store)
    assert fresh.artifact("fhir/r4/en/fever.json")["timestamp"] == "2031-01-01T00:00:00Z"


def test_the_order_in_which_files_were_written_makes_no_difference(
    fresh: Workspace, published_workspace: Workspace
) -> None:
    for folder in ("topics", "locales/es/LC_MESSAGES"):
        for path in sorted((fresh.folder / folder).iterdir(), reverse=True):
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
    fresh.publish()
    assert fresh.digests() == published_workspace.digests()


def _history(workspace: Workspace, publish: Callable[[str], object]) -> None:
    """Publish, change, withdraw a topic, and take both back, on four days."""
    cough, fever = workspace.folder / "topics/cough.json", workspace.folder / "topics/fever.json"
    before = cough.read_bytes(), fever.read_bytes()
    publish("2026-11-20T06:00:00Z")
    cough.write_bytes(before[0].replace(b"clear", b"free"))
    publish("2026-11-21T06:00:00Z")
    fever.unlink()
    publish("2026-11-22T06:00:00Z")
    cough.write_bytes(before[0])
    fever.write_bytes(before[1])
    publish("2026-11-23T06:00:00Z")


def test_the_same_history_at_the_same_moments_gives_the_same_bytes(
    sound_workspace: Workspace, tmp_path: Path
) -> None:
    here = sound_workspace.copy(tmp_path / "here")
    _history(here, lambda moment: here.publish(at=moment))
    there = sound_workspace.copy(tmp_path / "anderswo ñ")

    def publish(moment: str) -> None:
        epoch = int(datetime.fromisoformat(moment).timestamp())
        subprocess.run(
            [sys.executable, "-c", PUBLISH, "publish", "-C", there.folder, "--no-cache"],
            cwd="/",
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "TZ": "Pacific/Kiritimati",
                "PYTHONHASHSEED": "7",
                "SOURCE_DATE_EPOCH": str(epoch),
            },
            capture_output=True,
            check=True,
        )

    _history(there, publish)
    assert here.current().manifest.number == 4
    assert dict(tree(here.exports)) == dict(tree(there.exports))
    documents = [here.artifact(f"fhir/r4/en/{topic}.json") for topic in ("asthma", "cough", "fever")]
    assert [each["timestamp"][:10] for each in documents] == ["2026-11-20", "2026-11-23", "2026-11-23"]


@pytest.mark.parametrize("epoch", ["tomorrow", "-1", "999999999999999"])
def test_a_source_date_epoch_that_is_not_a_moment_is_refused(
    fresh: Workspace, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    done = fresh.run("publish", code=2)
    assert "SOURCE_DATE_EPOCH" in done.err


def test_an_empty_source_date_epoch_counts_as_unset(
    fresh: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    fresh.publish()
    assert fresh.current().manifest.time == NOW
