"""What the page about the FHIR servers says: their resources, and the requests that are about them.

Everything comes from the release, from the search parameters and from the description of the routes, so that
a new type, parameter or operation is on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from healthtopics.delivery.fhir.side import side_in
from healthtopics.delivery.outcome import VERSIONS
from healthtopics.delivery.site import Site
from healthtopics.formats.fhir.searching import PARAMETERS, TYPES, texts_of
from healthtopics.index.resources import count_type

TAG: Final = "FHIR"

MEANINGS: Final = {
    "Bundle": "The FHIR document of an edition: its Composition, and everything that it refers to.",
    "CodeSystem": "The codes of this collection, such as aspects of a topic, with names in each language.",
    "Composition": "An edition, that is a topic in one language: its sections, with texts and links.",
    "DocumentReference": "A link to a page elsewhere; that to a translated page names the original.",
    "List": "All editions of a topic.",
    "NamingSystem": "What our identifiers are unique in.",
    "Organization": "Who publishes an edition or a page that it links.",
    "StructureDefinition": "The profiles that our resources conform to.",
    "ValueSet": "Codes from which a profile lets an element choose.",
}
"""What resources of a type are here."""
KINDS: Final = {
    "token": "`code`, `system|code`, `|code` for a code without a system, or `system|` for all codes of it. "
    "With `:not`, the resources without it.",
    "string": "The beginning of the text; accents and case do not matter. With `:exact`, all of it as it is "
    "written; with `:contains`, any part of it.",
    "date": "A year, month, day or instant, after `ge`, `gt`, `le`, `lt`, `ne`, `sa`, `eb` or `ap` if you "
    "like: `ge2026-11`.",
    "reference": "`Type/id`, an id, or the address of the resource. With `:identifier`, its "
    "`identifier`, written as a token.",
    "uri": "The address, exactly.",
}
"""What values of a kind of search parameter look like."""


@dataclass(frozen=True, slots=True)
class FhirServer:
    """The server of one version of FHIR."""

    version: str
    """4.0.1."""
    path: str
    """Relative to the base URL: `fhir/r4`."""
    counts: Mapping[str, int]
    """The number of its resources by type."""
    package: str
    """The name of the FHIR package of the release; empty if there is none."""


def servers_of(site: Site) -> list[FhirServer]:
    """Return the FHIR servers of a release."""
    found = []
    for name, version in VERSIONS.items():
        if (side := side_in(site, name)) and side.types:
            path = f"fhir/{name}"
            counts = {each: count_type(site.index, side.number, each) for each in side.types}
            package = f"{path}/package.tgz"
            found.append(FhirServer(version, path, counts, package if site.artifact(package) else ""))
    return found


@dataclass(frozen=True, slots=True)
class TypeSearch:
    """How resources of a type are found."""

    type: str
    parameters: Sequence[tuple[Mapping[str, Any], str]]
    """Those that not every type has, as they are described, each with its kind."""
    operations: Sequence[Mapping[str, Any]]
    """The search, and that with the parameters in the body."""


@dataclass(frozen=True, slots=True)
class FhirRequests:
    """The requests to the FHIR servers, in the order of the routes."""

    searches: Sequence[TypeSearch]
    everywhere: Sequence[tuple[Mapping[str, Any], str]]
    """The parameters of every search."""
    others: Sequence[Mapping[str, Any]]
    """All operations that are not a search."""


def requests_of(operations: Sequence[Mapping[str, Any]]) -> FhirRequests:
    """Sort the described operations that are about FHIR."""
    own = [each for each in operations if TAG in each["tags"]]
    searches = {type_: [each for each in own if _is_search(each, type_)] for type_ in TYPES}
    named = {type_: _parameters_of(type_, found[0]) for type_, found in searches.items()}
    everywhere = set.intersection(*map(set, named.values()))
    return FhirRequests(
        [
            TypeSearch(type_, [each for name, each in named[type_].items() if name not in everywhere], found)
            for type_, found in searches.items()
        ],
        [each for name, each in named[TYPES[0]].items() if name in everywhere],
        [each for each in own if each not in chain.from_iterable(searches.values())],
    )


def _is_search(operation: Mapping[str, Any], type_: str) -> bool:
    return operation["path"] in (f"/fhir/{{fhir}}/{type_}", f"/fhir/{{fhir}}/{type_}/_search")


def _parameters_of(type_: str, search: Mapping[str, Any]) -> dict[str, tuple[Mapping[str, Any], str]]:
    """Return the parameters of a search by name, each with its kind.

    The kind of those that say how results are returned is empty.
    """
    named = {each.name: each.kind for each in PARAMETERS if type_ in each.paths}
    kinds = named | dict.fromkeys(texts_of(type_), "string")
    return {
        each["name"]: (each, kinds.get(each["name"], ""))
        for each in search["parameters"]
        if each["in"] == "query"
    }
