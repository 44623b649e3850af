"""Workspaces, made once and copied for each test."""

from pathlib import Path

import pytest

from support import workspaces
from support.workspaces import Workspace


@pytest.fixture(scope="session")
def sound_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspaces.create(tmp_path_factory.mktemp("sound") / "workspace")


@pytest.fixture(scope="session")
def published_workspace(sound_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = sound_workspace.copy(tmp_path_factory.mktemp("published") / "workspace")
    workspace.publish()
    return workspace


@pytest.fixture
def fresh(sound_workspace: Workspace, tmp_path: Path) -> Workspace:
    """Three sound topics, complete in Spanish; nothing published."""
    return sound_workspace.copy(tmp_path / "workspace")


@pytest.fixture
def published(published_workspace: Workspace, tmp_path: Path) -> Workspace:
    """The same, published as release 1."""
    return published_workspace.copy(tmp_path / "workspace")
