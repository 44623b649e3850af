"""The real service: `healthtopics serve` with the bundled topics, one of which is withdrawn."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from conformance.service.exchanges import Examined
from healthtopics.delivery.documentation.facts import facts_of
from healthtopics.delivery.opening import open_site
from support import workspaces
from support.processes import serving

BASE = "https://healthtopics.example.org"
WITHDRAWN = "fever"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> workspaces.Workspace:
    """Two releases under the address at which they are served; the second lacks a topic of the first."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    workspace = workspaces.bundled(tmp_path_factory.mktemp("service") / "workspace")
    workspace.replace("healthtopics.toml", BASE, f"http://127.0.0.1:{port}")
    workspace.add_topic(workspaces.TOPICS[WITHDRAWN])
    workspace.run("publish")  # by the clock of the machine, which the service has, too
    (workspace.folder / f"topics/{WITHDRAWN}.json").unlink()
    workspace.run("publish", "--allow-withdrawals", "1")
    return workspace


@pytest.fixture(scope="session")
def service(workspace: workspaces.Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examined]:
    facts = facts_of(open_site(workspace.store))
    log = tmp_path_factory.mktemp("log") / "log"
    with serving("serve", "-C", workspace.folder, "--port", facts.host.rpartition(":")[2], log=log) as server:
        yield Examined(server.url, facts, WITHDRAWN, log)
