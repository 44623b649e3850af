"""Programs that some tests run."""

import os
import shutil


def find_tool(command: str) -> str:
    """Return where a program is; empty if it is missing. Servers may be in a folder that is not on PATH."""
    return shutil.which(command, path=f"{os.environ['PATH']}:/usr/sbin") or ""
