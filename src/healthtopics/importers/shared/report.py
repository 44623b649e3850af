"""What an import says of each topic, and the sums."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Document = Mapping[str, Any]

_UNITS: Final = ("blocks", "sections", "summaries")


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done to a text on its way, once for all places where it was done in the same way."""

    check: str
    message: str


@dataclass(slots=True)
class MessageCounts:
    """How many messages of each unit a topic's text has, and what it took to make them."""

    blocks: int = 0
    """Messages that are one block: a heading, a paragraph, an item, an attribution."""
    sections: int = 0
    """Messages that are the body of a section."""
    summaries: int = 0
    """Messages that are the whole text: 0 or 1."""
    doubts: int = 0
    """Pairings of blocks that were not certain."""
    repaired: dict[str, int] = field(default_factory=dict)
    """How many repairs of each kind the text needed."""

    @classmethod
    def from_dict(cls, document: Document) -> "MessageCounts":
        """Read what `to_dict` gave in an earlier run."""
        return cls(**document["messages"], doubts=document["doubts"], repaired=document["repaired"])

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        messages = {unit: getattr(self, unit) for unit in _UNITS}
        return {"messages": messages, "doubts": self.doubts, "repaired": self.repaired}


@dataclass(slots=True)
class TopicReport:
    """What became of one topic."""

    id: str
    key: str
    """Its id in the collection."""
    records: Mapping[str, str | None]
    """The ids of the records that it was made from, by the names that the report gives them."""
    outcome: str = "unchanged"
    """added, changed, unchanged, withdrawn, returned, deleted here, faulty."""
    counts: MessageCounts = field(default_factory=MessageCounts)
    repairs: tuple[Repair, ...] = ()
    """Each repair of this run; those of a topic whose records are the same as last time are not repeated."""
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
    """Return the sums over all topics: outcomes, messages by unit, doubts, repairs by kind, clashes."""
    counts = [topic.counts for topic in topics]
    return {
        "topics": len(topics),
        "outcomes": dict(sorted(Counter(topic.outcome for topic in topics).items())),
        "messages": {unit: sum(getattr(each, unit) for each in counts) for unit in _UNITS},
        "doubts": sum(each.doubts for each in counts),
        "repaired": dict(sorted(sum((Counter(each.repaired) for each in counts), Counter()).items())),
        "clashes": sum(len(topic.clashes) for topic in topics),
    }
