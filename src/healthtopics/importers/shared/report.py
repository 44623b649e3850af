"""The report of an import: each topic, and the totals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from healthtopics.jsontext import Document

_UNITS: Final = ("blocks", "sections", "summaries")


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair of a text, once for all places that were repaired in the same way."""

    check: str
    message: str


@dataclass(slots=True)
class MessageCounts:
    """The number of messages of each unit in a topic's text, and the work to make them."""

    blocks: int = 0
    """Messages that are one block: a heading, a paragraph, an item, an attribution."""
    sections: int = 0
    """Messages that are the body of a section."""
    summaries: int = 0
    """Messages that are the whole text: 0 or 1."""
    doubts: int = 0
    """The number of pairings of blocks that were not certain."""
    repaired: dict[str, int] = field(default_factory=dict)
    """The number of repairs of each kind that the text needed."""

    @classmethod
    def from_dict(cls, document: Document) -> "MessageCounts":
        """Read what `to_dict` returned in an earlier run."""
        return cls(**document["messages"], doubts=document["doubts"], repaired=document["repaired"])

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        messages = {unit: getattr(self, unit) for unit in _UNITS}
        return {"messages": messages, "doubts": self.doubts, "repaired": self.repaired}


@dataclass(slots=True)
class TopicReport:
    """The outcome for one topic."""

    id: str
    key: str
    """Its id in the collection."""
    records: Mapping[str, str | None]
    """The ids of its records, by their names in the report."""
    outcome: str = "unchanged"
    """added, changed, unchanged, withdrawn, returned, deleted here, faulty."""
    counts: MessageCounts = field(default_factory=MessageCounts)
    repairs: tuple[Repair, ...] = ()
    """Each repair of this run; if a topic's records are the same as last time, its repairs are not repeated.
    """
    clashes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "id": self.id,
            **self.records,
            "outcome": self.outcome,
            **self.counts.to_dict(),
            "repairs": [{"check": repair.check, "message": repair.message} for repair in self.repairs],
            "clashes": list(self.clashes),
        }


def totals(topics: Sequence[TopicReport]) -> dict[str, Any]:
    """Return the totals over all topics: outcomes, messages by unit, doubts, repairs by kind, clashes."""
    counts = [topic.counts for topic in topics]
    return {
        "topics": len(topics),
        "outcomes": dict(sorted(Counter(topic.outcome for topic in topics).items())),
        "messages": {unit: sum(getattr(each, unit) for each in counts) for unit in _UNITS},
        "doubts": sum(each.doubts for each in counts),
        "repaired": dict(sorted(sum((Counter(each.repaired) for each in counts), Counter()).items())),
        "clashes": sum(len(topic.clashes) for topic in topics),
    }
