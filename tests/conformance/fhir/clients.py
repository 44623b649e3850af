"""Stock FHIR clients: each reads, searches to the last page, follows references, and handles a 404."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version as installed
from typing import Any, Final

import msgspec
from fhirclient.client import FHIRClient
from fhirclient.models.composition import Composition
from fhirclient.models.fhirelementfactory import FHIRElementFactory
from fhirclient.models.fhirreference import FHIRReference
from fhirclient.models.fhirsearch import FHIRSearch
from fhirclient.server import FHIRNotFoundException
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ResourceNotFound

from conformance.fhir import tools


class Task(msgspec.Struct, frozen=True):
    """What a client does with a server."""

    base: str
    edition: str
    """The id of the Composition whose references it follows."""
    type: str
    """The type of which it searches all resources."""
    count: int
    """How many of them a page has."""
    missing: str
    """The id of a Composition that never was there."""


class Refusal(msgspec.Struct, frozen=True):
    """What a client says of an error."""

    status: int
    said: str
    """The text of the OperationOutcome."""


class Done(msgspec.Struct, frozen=True):
    """What a client has got; resources as `Type/id`."""

    read: str
    found: list[str]
    resolved: list[str]
    missing: Refusal


@dataclass(frozen=True, slots=True)
class StockClient:
    """A client, for some releases of FHIR."""

    name: str
    versions: tuple[str, ...]
    version: Callable[[], str]
    """Which version of the client is installed."""
    use: Callable[[Task], Done]


def use_javascript(client: str) -> Callable[[Task], Done]:
    """Return what uses a client in `clients.mjs`."""

    def use(task: Task) -> Done:
        request = {"client": client, **msgspec.to_builtins(task)}
        (answer,) = tools.converse(["node", tools.HERE / "clients.mjs"], [request])
        return msgspec.convert(answer, Done)

    return use


def use_fhirclient(task: Task) -> Done:
    """Use SMART's client, which has a class for each type of R4, and refuses what these do not know."""
    server = FHIRClient(settings={"app_id": "conformance", "api_base": task.base}).server
    read = Composition.read(task.edition, server)
    type_ = type(FHIRElementFactory.instantiate(task.type, None))
    found = FHIRSearch(type_, {"_count": str(task.count)}).perform_resources_iter(server)
    resolved = [
        each.resolved(type(FHIRElementFactory.instantiate(each.reference.partition("/")[0], None)))
        for each in _elements(read)
        if isinstance(each, FHIRReference) and each.reference
    ]
    try:
        Composition.read(task.missing, server)
    except FHIRNotFoundException as error:
        missing = Refusal(error.response.status_code, _said(error.response.json()))
    name = "{0.resource_type}/{0.id}".format
    return Done(name(read), list(map(name, found)), list(map(name, resolved)), missing)


def _elements(value: Any) -> Iterator[Any]:
    """Yield the objects of fhirclient that an object has."""
    if isinstance(value, list):
        for each in value:
            yield from _elements(each)
    elif hasattr(value, "elementProperties"):
        yield value
        for name, *_ in value.elementProperties():
            yield from _elements(getattr(value, name))


def use_fhirpy(task: Task) -> Done:
    """Use fhirpy, which takes resources as they come."""
    client = SyncFHIRClient(task.base)
    read = client.reference("Composition", task.edition).to_resource()
    found = client.resources(task.type).limit(task.count).fetch_all()
    resolved = [client.reference(reference=each).to_resource() for each in references(dict(read))]
    try:
        client.reference("Composition", task.missing).to_resource()
    except ResourceNotFound as error:
        missing = Refusal(404, _said(json.loads(str(error))))
    name = "{0.resource_type}/{0.id}".format
    return Done(name(read), list(map(name, found)), list(map(name, resolved)), missing)


def references(value: object) -> Iterator[str]:
    """Yield all references in a resource."""
    if isinstance(value, Mapping):
        if isinstance(reference := value.get("reference"), str):
            yield reference
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def _said(outcome: Mapping[str, Any]) -> str:
    return str(outcome["issue"][0]["details"]["text"])


CLIENTS: Final = (
    StockClient(
        "fhir-kit-client",
        ("r4", "r5"),
        partial(tools.npm_version, "fhir-kit-client"),
        use_javascript("fhir-kit-client"),
    ),
    StockClient(
        "fhirclient (JavaScript)",
        ("r4", "r5"),
        partial(tools.npm_version, "fhirclient"),
        use_javascript("fhirclient"),
    ),
    StockClient("fhirclient (Python)", ("r4",), partial(installed, "fhirclient"), use_fhirclient),
    StockClient("fhirpy", ("r4", "r5"), partial(installed, "fhirpy"), use_fhirpy),
)
