import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from healthtopics.storage.processes import Processes

ENDS: Final = r"""
import os, re, socket, sys
called = re.search(r"main\((\d+), \d+", sys.argv[-1])
if called is None:
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
socket.socket(fileno=int(called[1])).accept()[0].recv(1)
"""
"""A Python whose forkserver accepts one request, and ends; the tracker of resources runs as usual."""
WORK: Final = """
import multiprocessing, os, sys
from healthtopics.storage.processes import Processes
multiprocessing.set_executable(sys.argv[1])
with Processes("os") as executor:
    assert executor.submit(os.getpid).result() == os.getpid()
"""


def test_work_is_done_elsewhere_and_in_order() -> None:
    with Processes() as executor:
        assert list(executor.map(abs, [-3, 2, -1])) == [3, 2, 1]
        assert executor.submit(os.getpid).result() != os.getpid()


def test_without_work_nothing_is_started() -> None:
    with Processes() as executor:
        pass
    assert "_pool" not in vars(executor)


def test_work_is_done_here_where_what_starts_processes_ends_at_once(tmp_path: Path) -> None:
    """Multiprocessing raises EOFError then, which a command line takes for the end of its input."""
    ends = tmp_path / "ends"
    ends.write_text(f"#!{sys.executable}\n{ENDS}")
    ends.chmod(0o700)
    done = subprocess.run([sys.executable, "-c", WORK, ends], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
