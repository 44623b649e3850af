"""Which changes of a workspace are noticed."""

import asyncio
from pathlib import Path

import pytest

from healthtopics.storage.watching import watch
from healthtopics.storage.workspace import open_workspace
from support import workspaces


@pytest.mark.parametrize("name", ["twins.json", "healthtopics.toml", "topics/fever.json"])
def test_a_saved_file_is_noticed(tmp_path: Path, name: str) -> None:
    workspace = workspaces.create(tmp_path / "workspace")

    async def notice() -> bool:
        changes = watch(open_workspace(workspace.folder))
        noticed = asyncio.ensure_future(anext(aiter(changes)))
        for number in range(100):  # it may not be watching yet
            workspace.write(name, f"{number}")
            done, _ = await asyncio.wait({noticed}, timeout=0.3)
            if done:
                return True
        noticed.cancel()
        return False

    assert asyncio.run(notice())
