"""Completion on Tab, in a real bash."""

import os
import subprocess
import sys
from pathlib import Path

from support.workspaces import Workspace

SCRIPT = """\
eval "$(healthtopics --show-completion)"
on_tab() {
    COMP_WORDS=(healthtopics "$@"); COMP_CWORD=$#; COMPREPLY=()
    _healthtopics_completion healthtopics
    echo "${COMPREPLY[*]}"
}
"""
ON_TAB = [
    ("ch", "check"),
    ("check a", "asthma"),
    ("check asthma ''", "cough fever"),
    ("sign-off co", "cough"),
    ("catalogue check v", "vocabulary"),
    ("catalogue check -l ''", "en es"),
    ("check --output-format s", "sarif"),
    ("release rollback ''", "1"),
    ("help catalogue st", "status"),
    ("check -C /nowhere ''", ""),
]


def test_bash_completes_commands_topics_languages_and_releases(published: Workspace) -> None:
    lines = "".join(f"on_tab {words}\n" for words, _found in ON_TAB)
    done = subprocess.run(
        ["bash", "-c", f"{SCRIPT}{lines}:"],
        cwd=published.folder,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [found for _words, found in ON_TAB]
