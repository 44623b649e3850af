"""Whether documents use the codes that our own CodeSystems define."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from healthtopics.problems import Problem, pointer_to

_CONTAINERS: Final = (dict, list)

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
    if all(_is_right(each, systems) for each in _coded(document)):
        return []
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


def _coded(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every object that names a system, in no order, without the way to it."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "system" in value:
                yield value
            value = value.values()
        waiting += [each for each in value if isinstance(each, _CONTAINERS)]


def _is_right(value: Mapping[str, Any], systems: Systems) -> bool:
    displays = systems.get(str(value["system"]))
    if displays is None or "code" not in value:
        return True
    display = displays.get(str(value["code"]))
    return display is not None and value.get("display", display) == display


def _faults(
    value: object, steps: tuple[str | int, ...], systems: Systems
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _faults(member, (*steps, index), systems)
    elif isinstance(value, Mapping):
        if "system" in value and not _is_right(value, systems):
            display = systems[str(value["system"])].get(str(value["code"]))
            if display is None:
                yield (*steps, "code"), f"{value['code']!r} is no code of {value['system']}."
            else:
                yield (*steps, "display"), f"{value['code']!r} is called {display!r}."
        for key, member in value.items():
            yield from _faults(member, (*steps, key), systems)
