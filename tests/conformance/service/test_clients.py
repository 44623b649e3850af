"""Stock FHIR clients use the service as they are."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from conformance.fhir.clients import CLIENTS, Done, Refusal, StockClient, Task, references
from conformance.service.exchanges import Examined
from conformance.support.findings import ERROR, Finding, record

NDJSON: Final = Path(__file__).parents[3] / "exports/examples/fhir"
CHECKS: Final = (
    "Reads a Composition, searches all links page by page, follows every reference of the Composition, and "
    "handles a 404."
)
EDITION: Final = "miscarriage-es"
TYPE: Final = "DocumentReference"
COUNT: Final = 20


def published(version: str, type_: str) -> dict[str, Any]:
    """Return the resources of a type that the bundled topics give, by `Type/id`."""
    files = (NDJSON / version / "ndjson").glob(f"{type_}*.ndjson")
    resources = (json.loads(line) for file in files for line in file.read_text("utf-8").splitlines())
    return {f"{type_}/{each['id']}": each for each in resources}


@pytest.mark.parametrize(
    ("client", "version"), [(client, version) for client in CLIENTS for version in client.versions]
)
def test_a_client_uses_the_server(service: Examined, client: StockClient, version: str) -> None:
    links = published(version, TYPE)
    edition = published(version, "Composition")[f"Composition/{EDITION}"]
    wanted = Done(
        read=f"Composition/{EDITION}",
        found=sorted(links),
        resolved=sorted(references(edition)),
        missing=Refusal(404, "there is no Composition/none."),
    )
    assert len(wanted.found) > 2 * COUNT  # three pages at least
    assert len(wanted.resolved) > 20
    done = client.use(Task(f"{service.url}/fhir/{version}", EDITION, TYPE, COUNT, "none"))
    found = Done(done.read, sorted(done.found), sorted(done.resolved), done.missing)
    wrong = [] if found == wanted else [Finding(version, client.name, ERROR, str(found))]
    record(f"{client.name} ({version.upper()})", client.version(), CHECKS, {version: wrong})
    assert found == wanted
