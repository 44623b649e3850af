"""The proofs can fail: publishers with a known mistake do not pass them.

That a publisher who does not flush is found is in test_power_cuts.py.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from faults.injection import KILL, Point
from faults.mutants import mutated
from faults.sweeping import Sweep
from faults.test_sweeps import adopting, copying, merging, pruning, publishing, pulling, repairing, unpacking

MUTANTS: Final = {
    "the pointer first": (
        publishing,
        "publishing/finishing.py",
        '    if not store.create(release_key(number, "manifest.json")',
        '    store.switch(number)\n    if not store.create(release_key(number, "manifest.json")',
        KILL,
        "link",
    ),
    "files written in place": (
        publishing,
        "storage/local.py",
        "            temporary.replace(target)",
        "            target.write_bytes(temporary.read_bytes())",
        KILL,
        "write",
    ),
    "an unreadable listing taken for an empty one": (
        publishing,
        "storage/local.py",
        "os.walk(folder, onerror=refuse)",
        "os.walk(folder)",
        "EACCES",
        "openat",
    ),
    "a copy with the pointer first": (
        copying,
        "publishing/copying.py",
        "    destination.flush()\n    for key in",
        "    destination.switch(snapshot.number)\n    destination.flush()\n    for key in",
        KILL,
        "rename",
    ),
    "a folder that is removed before the new one is there": (
        unpacking,
        "storage/unpacking.py",
        "                exchange(waiting, folder)",
        "                shutil.rmtree(folder)\n                waiting.replace(folder)",
        KILL,
        "unlinkat",
    ),
    "a release that is not reported": (
        publishing,
        "cli/claims.py",
        "current().answer(release=claimed[-1])",
        "pass",
        "EIO",
        "fsync",
    ),
}
OTHERS: Final = {
    "a release that is adopted before its objects are there": (
        adopting,
        "network/pull.py",
        "        completed = self.receiver.complete(select(offer.manifest, wanted), flushed)\n",
        (
            "        self.store.replace(release_key(offer.pointer.number, POINTER), offer.pointer.data)\n"
            "        self.store.switch(offer.pointer.number)\n"
            "        completed = self.receiver.complete(select(offer.manifest, wanted), flushed)\n"
        ),
        KILL,
        "rename",
    ),
    "a pull with the pointer first": (
        pulling,
        "network/pull.py",
        "        number = offer.pointer.number\n",
        (
            "        number = offer.pointer.number\n"
            "        self.store.replace(release_key(number, POINTER), offer.pointer.data)\n"
            "        self.store.switch(number)\n"
        ),
        KILL,
        "rename",
    ),
    "a repair in place": (
        repairing,
        "storage/local.py",
        "            temporary.replace(target)",
        "            target.write_bytes(temporary.read_bytes())",
        KILL,
        "write",
    ),
    "objects pruned before their releases": (
        pruning,
        "publishing/pruning.py",
        '    store.remove(release_key(number, "manifest.json") for number in plan.removed)\n',
        (
            "    store.remove(plan.objects)\n"
            '    store.remove(release_key(number, "manifest.json") for number in plan.removed)\n'
        ),
        KILL,
        "unlink",
    ),
    "a catalogue that is merged in place": (
        merging,
        "cli/catalogue/merge.py",
        "        overwrite_file(ours, merged.data, was=was)\n",
        "        ours.write_bytes(merged.data)\n",
        KILL,
        "write",
    ),
}
"""Those that a sample leaves out."""
MISTAKES: Final = MUTANTS if os.environ.get("FAULTS_EVERY", "1") != "1" else {**MUTANTS, **OTHERS}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(mistake: str, tmp_path: Path) -> None:
    subject, *change, fault, call = MISTAKES[mistake]
    path = mutated(tmp_path / "mutant", *change)
    with ExitStack() as open_:
        sound = subject(tmp_path, open_)
        mutant = replace(sound, environment={**sound.environment, "PYTHONPATH": os.fspath(path)})
        sweep = Sweep.of(mutant, tmp_path)
        assert any(sweep.faults([point]) for point in late(sweep.points, fault, call))


def late(points: Sequence[Point], fault: str, call: str) -> list[Point]:
    """Return the points with a fault, from the last: what a reader sees changes at the end."""
    return [point for point in reversed(points) if (point.fault, point.call) == (fault, call)]


WRITERS: Final = """
import sys
from pathlib import Path
from healthtopics.errors import StorageError
from healthtopics.storage.local import LocalStore
store = LocalStore(Path(sys.argv[1]))
def parts():
    yield b"half"
    (store.folder / "object").unlink()
    store.replace("object", b"whole")
    raise OSError(28, "No space left on device")
try:
    store.stage("object", parts())
except StorageError:
    print(store.read("object"))
"""
"""A writer fails after the next one has swept its file and written another one under the same name."""


def test_a_writer_that_removes_files_by_name_is_found(tmp_path: Path) -> None:
    change = ("storage/atomic.py", "if _is_at(path, own):", "if path.exists():")
    mutant = mutated(tmp_path / "mutant", *change)
    for path, is_kept in (("", True), (os.fspath(mutant), False)):
        done = subprocess.run(
            [sys.executable, "-c", WRITERS, tmp_path / "store"],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout == "b'whole'\n") is is_kept, done
