"""Watches the files of a workspace."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from watchfiles import Change, awatch

from healthtopics.errors import HealthTopicsError
from healthtopics.layout import FILES, FOLDERS, folder_of
from healthtopics.storage.workspace import Workspace, find_workspace, open_workspace

_SETTLED_MS: Final = 50
"""How long no further change may come before a save counts: editors write a file in several steps."""


async def watch_around(folder: Path) -> AsyncIterator[object]:
    """Yield whenever a file of the workspace around a folder has changed; end at once if there is none."""
    try:
        workspace = open_workspace(find_workspace(folder), is_judged=True)
    except HealthTopicsError:
        return
    async for changes in watch(workspace):
        yield changes


async def watch(workspace: Workspace) -> AsyncIterator[object]:
    """Yield whenever a file of the workspace has changed on disk."""

    def is_ours(_change: Change, path: str) -> bool:
        name = path.removeprefix(f"{workspace.folder}/")
        return name in FILES or (folder_of(name) in FOLDERS and not name.rpartition("/")[2].startswith("."))

    async for changes in awatch(
        workspace.folder, watch_filter=is_ours, step=_SETTLED_MS, debounce=4 * _SETTLED_MS
    ):
        yield changes
