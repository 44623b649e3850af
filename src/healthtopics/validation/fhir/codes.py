"""Whether documents use the codes that our own CodeSystems define."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from healthtopics.problems import Problem, pointer_to

Systems = Mapping[str, Mapping[str, str]]
"""The display of every code, by code, by the URL of its system."""


def systems_of(resources: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return what the CodeSystems among the resources define."""
    return {
        resource["url"]: {concept["code"]: concept["display"] for concept in resource.get("concept", ())}
        for resource in resources
        if resource["resourceType"] == "CodeSystem"
    }


def check_codes(document: Mapping[str, Any], systems: Systems, path: str) -> list[Problem]:
    """Return where a document holds a code, or a display, that its system does not define.

    Codes of other systems are not judged.
    """
    return [
        Problem(
            check="fhir-code",
            path=path,
            pointer=pointer_to(*steps),
            message=message,
            hint="The CodeSystem is exported beside the topics, from the vocabulary.",
            spec="https://hl7.org/fhir/terminologies.html",
        )
        for steps, message in _faults(document, (), systems)
    ]


def _faults(
    value: object, steps: tuple[str | int, ...], systems: Systems
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _faults(member, (*steps, index), systems)
    elif isinstance(value, Mapping):
        displays = systems.get(str(value.get("system")))
        if displays is not None and "code" in value:
            display = displays.get(str(value["code"]))
            if display is None:
                yield (*steps, "code"), f"{value['code']!r} is no code of {value['system']}."
            elif value.get("display", display) != display:
                yield (*steps, "display"), f"{value['code']!r} is called {display!r}."
        for key, member in value.items():
            yield from _faults(member, (*steps, key), systems)
