"""A command that is stopped or killed in the midst of its work: real processes, real signals."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

from support.workspaces import Workspace

# The program with one command more, whose tasks tell the process that they are in and wait for the lock.
TASKS = """
import fcntl, os

def wait(path):
    os.write(1, b"%d\\n" % os.getpid())
    with open(path) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
    return os.getpid()
"""
PROGRAM = """
import tasks, typer
from healthtopics import cli
from healthtopics.storage.processes import Processes

@cli.app.command("wait")
def wait(path: str, count: int) -> None:
    with Processes("tasks") as workers:
        for each in [workers.submit(tasks.wait, path) for _ in range(count)]:
            each.result()

cli.main()
"""
PATIENCE = 90  # seconds, for a machine that is busy with other tests


@contextmanager
def waiting(
    folder: Path, *options: str, tasks: int = 40
) -> Iterator[tuple[subprocess.Popen[str], IO[str], list[int]]]:
    """Run the command until each worker is in a task; yields it, the lock, and the ids of the workers."""
    (folder / "tasks.py").write_text(TASKS)
    count = min(tasks, len(os.sched_getaffinity(0)))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "wait", str(folder / "lock"), str(tasks), *options],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            yield process, lock, [int(process.stdout.readline()) for _ in range(count)]
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def test_workers_die_with_a_command_that_is_killed(tmp_path: Path) -> None:
    with waiting(tmp_path) as (process, _lock, workers):
        assert process.pid not in workers
        process.kill()
        process.communicate(timeout=PATIENCE)  # until the last process has closed the output
        assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_lets_the_command_unwind(tmp_path: Path, number: signal.Signals, code: int) -> None:
    tasks = 2000  # more than workers finish before a busy machine has delivered the signal
    with waiting(tmp_path, "--json", tasks=tasks) as (process, lock, _workers):
        process.send_signal(number)
        fcntl.flock(lock, fcntl.LOCK_UN)  # the tasks at work are finished
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == code
        told = json.loads(out.splitlines()[-1])
        assert (told["result"], told["exitCode"]) == ("stopped", code)
        assert "Traceback" not in err
        assert len(out.splitlines()) < tasks, "what waits is not begun"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_to_all_processes_at_once(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """As by Ctrl-C in a terminal, or by a scheduler; a worker that has nothing to do gets it, too."""
    with waiting(tmp_path, tasks=1) as (process, lock, _workers):
        os.killpg(process.pid, number)
        fcntl.flock(lock, fcntl.LOCK_UN)
        _out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == code
        assert "Traceback" not in err


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with waiting(tmp_path) as (process, _lock, _workers):
        while process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == -signal.SIGTERM


def test_nohup_is_respected(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with waiting(tmp_path) as (process, lock, _workers):
            process.send_signal(signal.SIGHUP)
            fcntl.flock(lock, fcntl.LOCK_UN)
            process.communicate(timeout=PATIENCE)
            assert process.returncode == 0
    finally:
        signal.signal(signal.SIGHUP, before)


class TestOneProcess:
    """Where the system refuses processes, one does the work."""

    @pytest.fixture
    def many(self, fresh: Workspace) -> Workspace:
        topic = json.loads((fresh.folder / "topics/fever.json").read_text())
        for number in range(30):
            fresh.add_topic({**topic, "id": f"fever-{number}"})
        return fresh

    def test_a_long_tmpdir(self, many: Workspace, tmp_path: Path) -> None:
        folder = tmp_path / ("long" * 40)
        folder.mkdir()
        self.publish(many, "env", f"TMPDIR={folder}")

    def test_a_read_only_dev_shm(self, many: Workspace) -> None:
        mount = "mount -t tmpfs -o ro tmpfs /dev/shm"
        own = ("unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh")
        if subprocess.run([*own, "true"], check=False, capture_output=True).returncode:
            pytest.skip("needs the right to mount a file system")
        self.publish(many, *own)

    def publish(self, workspace: Workspace, *around: str) -> None:
        program = Path(sys.executable).parent / "healthtopics"
        done = subprocess.run(
            [*around, program, "publish", "--json"],
            cwd=workspace.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, json.loads(done.stdout)["topics"]) == (0, 33), done.stderr
