"""The bundled topics in English, Spanish and a language from right to left: the service, and files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser

from healthtopics.server.service import Service
from support.browsers import chromium
from support.serving import running
from support.sites import RIGHT_TO_LEFT, Site
from support.workspaces import Workspace, bundled


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Workspace:
    """The release, which all workers share, unpacked in the folder `site`."""
    top = tmp_path_factory.getbasetemp()
    folder = (top if worker_id == "master" else top.parent) / "browser"
    with FileLock(f"{folder}.lock"):
        if not (folder / "site").exists():
            workspace = bundled(folder)
            workspace.run("catalogue", "pseudo", "--rtl", RIGHT_TO_LEFT)
            workspace.run("catalogue", "add", RIGHT_TO_LEFT)
            workspace.publish("--strict")
            workspace.run("release", "unpack", "site")
    return Workspace(folder)


@pytest.fixture(scope="session")
def service(published: Workspace) -> Iterator[str]:
    with running(Service(published.store)) as service:
        yield service.url


@pytest.fixture(scope="session")
def folder(published: Workspace) -> Path:
    return published.folder / "site"


@pytest.fixture(scope="session", params=["service", "files"])
def site(request: pytest.FixtureRequest) -> Site:
    if request.param == "service":
        return Site("service", request.getfixturevalue("service"))
    return Site("files", request.getfixturevalue("folder").as_uri())


@pytest.fixture(params=["en", "es", RIGHT_TO_LEFT])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
