"""What a command answered, for as long as nothing changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from healthtopics.cache import Cache, recall, remember
from healthtopics.problems import Problem
from healthtopics.release import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found wrong, and what is held."""

    since: str
    """The day of the answer, ISO."""
    until: str
    """The next day on which a topic comes or goes by its own dates; empty where there is none."""
    problems: tuple[Problem, ...]
    held: tuple[Held, ...]

    def stands(self, today: str) -> bool:
        """Return whether it holds on that day, ISO."""
        return self.since <= today and (not self.until or today < self.until)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "Answer":
        """Read back what was remembered."""
        return cls(
            since=document["since"],
            until=document["until"],
            problems=tuple(map(Problem.from_dict, document["problems"])),
            held=tuple(map(Held.from_dict, document["held"])),
        )


def recall_answer(cache: Cache, key: str, today: str) -> Answer | None:
    """Return what was answered under this key, if it holds today."""
    found = dict(recall(cache, {key: key}, Answer.from_dict)).get(key)
    return found if found and found.stands(today) else None


def remember_answer(cache: Cache, key: str, answer: Answer) -> None:
    """Keep an answer."""
    document = {
        "since": answer.since,
        "until": answer.until,
        "problems": [problem.to_dict() for problem in answer.problems],
        "held": [held.to_dict() for held in answer.held],
    }
    remember(cache, {key: document})
