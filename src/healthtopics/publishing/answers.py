"""Cached answers of commands, valid until something changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from healthtopics.cache import Cache, recall, remember
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.publishing.values import TextEase
from healthtopics.release import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The problems found and the editions held."""

    since: str
    """The day of the answer, ISO."""
    until: str
    """The next day on which dates of topics change something; empty if there is none."""
    problems: tuple[Problem, ...]
    held: tuple[Held, ...]
    drafts: tuple[str, ...]
    """The names of unfinished topics."""
    ease: Mapping[str, Mapping[LanguageTag, TextEase]] = field(default_factory=dict)
    """How easy topics are to read, by topic and language; only for the commands that report it."""

    def stands(self, today: str) -> bool:
        """Return whether it is valid on that day, ISO."""
        return self.since <= today and (not self.until or today < self.until)


def recall_answer(cache: Cache, key: str, today: str) -> Answer | None:
    """Return the answer stored under this key if it is valid today."""
    found = dict(recall(cache, {key: key}, Answer)).get(key)
    return found if found and found.stands(today) else None


def remember_answer(cache: Cache, key: str, answer: Answer) -> None:
    """Store an answer."""
    remember(cache, {key: answer})
