"""A published release as the FHIR server sees it: the bundled topics, and one that was withdrawn."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from healthtopics.delivery.message import Request, Response
from healthtopics.delivery.opening import open_site
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from support import workspaces

WITHDRAWN: Final = "fever"
_FOLDER: Final = TemporaryDirectory()


@cache
def workspace() -> workspaces.Workspace:
    """Return the workspace, with two releases."""
    found = workspaces.bundled(Path(_FOLDER.name) / "workspace")
    found.add_topic(workspaces.TOPICS[WITHDRAWN])
    found.run("publish")
    (found.folder / f"topics/{WITHDRAWN}.json").unlink()
    found.run("publish", "--allow-withdrawals", "1")
    return found


@cache
def site() -> Site:
    """Return its current release."""
    return open_site(workspace().store)


def ask(target: str, at: Site | None = None, method: str = "GET", body: str = "", **fields: str) -> Response:
    """Return what is answered at an address; `accept_language` is the field Accept-Language."""
    path, _, query = target.partition("?")
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    return respond(Request(method, path, headers, query, body.encode()), at or site())


def found(target: str, at: Site | None = None, status: int = 200, **fields: str) -> Any:
    """Return the JSON that is answered with a status, always as FHIR."""
    response = ask(target, at, **fields)
    assert response.status == status, (target, response.status, response.body[:800])
    assert dict(response.headers)["Content-Type"].startswith("application/fhir+json; fhirVersion=")
    return json.loads(response.body)


def ids(bundle: Any) -> list[str]:
    """Return type and id of the resources of a searchset that match."""
    return [
        f"{each['resource']['resourceType']}/{each['resource']['id']}"
        for each in bundle.get("entry", ())
        if each["search"]["mode"] == "match"
    ]
