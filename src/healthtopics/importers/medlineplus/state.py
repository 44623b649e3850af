"""What the last import left for the next one: ids that were given, and digests of what was offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.errors import ImportDataError
from healthtopics.problems import Problem, pointer_to

Document = dict[str, Any]

STATE: Final = "imports/medlineplus.json"
"""Where it lies in the workspace."""


@dataclass(frozen=True, slots=True)
class GivenIds:
    """The ids that the last import gave within a topic: they stay, whatever was edited since."""

    sections: Sequence[tuple[str, str]] = ()
    """(heading, id), in order."""
    links: Sequence[tuple[Sequence[str], str]] = ()
    """(marks of the addresses, id), in order; see `mark_of`."""

    @classmethod
    def of(cls, document: Document) -> "GivenIds":
        """Return those of a document as it was offered."""
        return cls(
            [(heading_of(each), each["id"]) for each in document.get("sections", ())],
            [
                ([mark_of(tag, url) for tag, url in each["links"].items()], each["id"])
                for each in document.get("resources", ())
            ],
        )


def heading_of(section: Mapping[str, Any]) -> str:
    """Return the heading of a section of a topic's document; empty where it has none."""
    heading = section.get("heading", "")
    return str(heading["text"] if isinstance(heading, Mapping) else heading)


def mark_of(language: str, url: str) -> str:
    """Return what stands for an address in a language: 12 hex digits."""
    return jsontext.digest(f"{language} {url}".encode())[:12]


@dataclass(slots=True)
class State:
    """The state, as the next import will find it once this one is done."""

    generated: str = ""
    """The day of the last file, YYYY-MM-DD; empty before the first import."""
    topics: dict[str, Document] = field(default_factory=dict)
    """By MedlinePlus id of the English record: `id`, `spanish`, `created`, `withdrawn`, `inputs`, `parts`
    (see `merge`), `sections` and `links` (see `GivenIds`), and what the report counts."""
    names: dict[str, str] = field(default_factory=dict)
    """`vocabulary/name` → key."""
    vocabularies: dict[str, dict[str, str]] = field(default_factory=dict)
    """Vocabulary → parts that were offered."""

    @classmethod
    def from_dict(cls, document: object) -> "State":
        """Read what `to_dict` gave; raises ImportDataError with `medlineplus-state` where it is damaged."""
        if document is None:
            return cls()
        problems = list(_faults(document))
        if problems or not isinstance(document, dict):
            raise ImportDataError(problems)
        return cls(
            document["source"]["generated"],
            dict(document["topics"]),
            dict(document["names"]),
            dict(document["vocabularies"]),
        )

    def to_dict(self) -> Document:
        """Return the JSON form, the topics by their ids."""
        return {
            "source": {"generated": self.generated},
            "topics": dict(sorted(self.topics.items(), key=lambda item: str(item[1]["id"]))),
            "names": dict(sorted(self.names.items())),
            "vocabularies": dict(sorted(self.vocabularies.items())),
        }

    def given(self, english: str) -> GivenIds:
        """Return the ids that a topic's sections and links have."""
        known = self.topics.get(english, {})
        return GivenIds(known.get("sections", ()), known.get("links", ()))


_SHAPE: Final[Mapping[str, Mapping[str, type]]] = {
    "source": {"generated": str},
    "topics": {},
    "names": {},
    "vocabularies": {},
}
_TOPIC: Final[Mapping[str, type]] = {"id": str, "parts": dict, "sections": list, "links": list}


def _faults(document: object) -> list[Problem]:
    if not isinstance(document, dict):
        return [_fault("", "the file is no JSON object.")]
    found: list[Problem] = []
    for name, members in _SHAPE.items():
        value = document.get(name)
        if not isinstance(value, dict):
            found.append(_fault(pointer_to(name), "an object is missing here."))
            continue
        found += [
            _fault(pointer_to(name, member), "this is missing, or no text.")
            for member, kind in members.items()
            if not isinstance(value.get(member), kind)
        ]
    if found:
        return found
    for english, topic in document["topics"].items():
        whole = isinstance(topic, dict)
        for member, kind in _TOPIC.items():
            if not whole or not isinstance(topic.get(member), kind):
                found.append(_fault(pointer_to("topics", english, member), "this is missing or damaged."))
    found += [
        _fault(pointer_to("vocabularies", name), "an object is missing here.")
        for name, parts in document["vocabularies"].items()
        if not isinstance(parts, dict)
    ]
    found += [
        _fault(pointer_to("names", name), "a text is missing here.")
        for name, key in document["names"].items()
        if not isinstance(key, str)
    ]
    return found


def _fault(pointer: str, message: str) -> Problem:
    return Problem(
        check="medlineplus-state",
        path=STATE,
        pointer=pointer,
        message=message,
        hint="Restore the file from a copy. Without it, everything that was imported counts as local work.",
    )
