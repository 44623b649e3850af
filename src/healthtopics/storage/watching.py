"""Watches the files of a workspace."""

from collections.abc import AsyncIterator
from typing import Final

from watchfiles import Change, awatch

from healthtopics.layout import FILES, FOLDERS, folder_of
from healthtopics.storage.workspace import Workspace

_SETTLED_MS: Final = 50
"""How long no further change may come before a save counts: editors write a file in several steps."""


async def watch(workspace: Workspace) -> AsyncIterator[object]:
    """Yield whenever a file of the workspace has changed on disk."""

    def is_ours(_change: Change, path: str) -> bool:
        name = path.removeprefix(f"{workspace.folder}/")
        return name in FILES or (folder_of(name) in FOLDERS and not name.rpartition("/")[2].startswith("."))

    async for changes in awatch(
        workspace.folder, watch_filter=is_ours, step=_SETTLED_MS, debounce=4 * _SETTLED_MS
    ):
        yield changes
