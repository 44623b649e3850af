"""Places in exported documents, and what rules do to the members of their objects."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Rule = Callable[[Any, Any], Any]
"""Changes a copy of a document; returns None if it changes nothing."""
Place = Callable[[Json], Json | None]
"""Returns an object in a document, if there is one."""


def updated(document: Json, node: Json, members: Json) -> Json:
    node.update(members)
    return document


def set_member(place: Place, member: str, value: object) -> Rule:
    def corrupt(d: Json, _o: Json) -> Any:
        node = place(d)
        if not node or member not in node:
            return None
        node[member] = value(node[member]) if callable(value) else value
        return d

    return corrupt


def lose_member(place: Place, member: str) -> Rule:
    def corrupt(d: Json, _o: Json) -> Any:
        node = place(d)
        return None if not node or node.pop(member, None) is None else d

    return corrupt


def take_other(place: Place, member: str) -> Rule:
    def corrupt(d: Json, o: Json) -> Any:
        mine, theirs = place(d), place(o)
        if not mine or not theirs or mine.get(member) == theirs.get(member) or member not in theirs:
            return None
        mine[member] = copy.deepcopy(theirs[member])
        return d

    return corrupt


def composition(document: Json) -> Json:
    found: Json = document["entry"][0]["resource"]
    return found


def sections(document: Json, system: str = "topic-section") -> Iterator[Json]:
    for section in composition(document)["section"]:
        if section["code"]["coding"][0]["system"].endswith(f"/{system}"):
            yield section


def part(document: Json, code: str) -> Json | None:
    return next((each for each in sections(document) if each["code"]["coding"][0]["code"] == code), None)


def questions(document: Json) -> list[Json]:
    summary = part(document, "summary")
    return summary["section"] if summary else []


def resources(document: Json, kind: str) -> list[Json]:
    return [each["resource"] for each in document["entry"] if each["resource"]["resourceType"] == kind]


def texts(document: Json) -> list[Json]:
    return [each for each in document["hasPart"] if each["@type"] == "HealthTopicContent" and "text" in each]


def groups(document: Json) -> list[Json]:
    return [each for each in document["hasPart"] if each["@type"] == "WebPageElement"]
