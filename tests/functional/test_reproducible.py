"""The same input gives the same bytes, wherever, whenever and by whomever it is built."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
        [sys.executable, "-c", PUBLISH, "publish", "-C", workspace.folder, "--as-of", NOW],
        cwd="/",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        umask=umask,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert dict(tree(workspace.exports)) == dict(tree(published_workspace.exports))


def test_an_as_of_in_any_zone_is_the_same_moment(fresh: Workspace, published_workspace: Workspace) -> None:
    fresh.publish(at="2026-11-20T20:00:00+14:00")
    assert fresh.current().sha256 == published_workspace.current().sha256


def test_only_the_clock_differs_between_two_days(fresh: Workspace, published_workspace: Workspace) -> None:
    fresh.publish(at="2031-01-01T00:00:00Z")
    assert fresh.digests() == published_workspace.digests()


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
