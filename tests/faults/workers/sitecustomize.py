"""In processes of a sweep over workers: every task goes to a worker, and strace watches the workers.

The forkserver that starts them is not watched: what it does is Python's, and none of it concerns our files.
"""

import os
import subprocess

if strace := os.environ.pop("FAULTS_STRACE", ""):
    from healthtopics import workers

    vars(workers)["FEW"] = 0
    os.environ["FAULTS_STRACE_WORKERS"] = strace
elif strace := os.environ.get("FAULTS_STRACE_WORKERS", ""):
    _watching: list[subprocess.Popen[bytes]] = []

    def _watch(command: str = strace) -> None:
        """Have strace watch this process, a worker, from now on."""
        words = command.split("\t")
        log = words.index("-o") + 1
        if words[log] != os.devnull:
            words[log] += f".{os.getpid()}"
        started = subprocess.Popen([*words, "-p", str(os.getpid())], stderr=subprocess.PIPE)
        _watching.append(started)
        assert started.stderr
        assert b"attached" in started.stderr.readline()

    os.register_at_fork(after_in_child=_watch)
