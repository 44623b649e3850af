"""In processes of a sweep over workers: every task goes to a worker, and strace watches the workers."""

import multiprocessing
import os
import shlex
import stat
import sys
import tempfile
from pathlib import Path

if strace := os.environ.pop("FAULTS_STRACE", ""):
    from healthtopics import workers

    vars(workers)["FEW"] = 0
    with tempfile.NamedTemporaryFile("w", suffix=".sh", delete=False) as _script:
        _script.write(f'#!/bin/sh\nexec {shlex.join(strace.split(chr(9)))} {sys.executable} "$@"\n')
    Path(_script.name).chmod(stat.S_IRWXU)
    multiprocessing.set_executable(_script.name)
