"""The sweeps can fail: publishers with a known mistake do not pass them."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from faults.injection import KILL, Point
from faults.mutants import mutated
from faults.test_sweeps import Subject, all_points, corrected, sweep, two_topics

MUTANTS = {
    "the pointer first": (
        "publishing/publication.py",
        "    if not store.create(release_key(",
        "    store.switch(manifest.number)\n    if not store.create(release_key(",
        KILL,
    ),
    "files written in place": (
        "storage/local.py",
        "            temporary.replace(target)",
        "            target.write_bytes(data)",
        KILL,
    ),
    "an unreadable listing taken for an empty one": (
        "storage/local.py",
        "os.walk(folder, onerror=refuse)",
        "os.walk(folder)",
        "EACCES",
    ),
}


@pytest.mark.parametrize("mistake", MUTANTS)
def test_a_mistake_is_found(mistake: str, tmp_path: Path) -> None:
    *change, fault = MUTANTS[mistake]
    workspace = two_topics(tmp_path / "workspace")
    workspace.publish()
    corrected(workspace)
    sound = Subject(workspace.folder, lambda copy: ("publish", "-C", str(copy)), "exports")
    path = mutated(tmp_path / "mutant", *change)
    mutant = replace(sound, environment={**sound.environment, "PYTHONPATH": os.fspath(path)})
    assert any(sweep(mutant, [point], tmp_path) for point in late(all_points(mutant, tmp_path), fault))


def late(points: list[Point], fault: str) -> list[Point]:
    """Return the points with a fault, from the last: what a reader sees changes at the end."""
    return [point for point in reversed(points) if point.fault == fault and point.call != "pwrite64"]
