"""The interface of the checks, which are passed to catalogues: what is wrong with a translation."""

from collections.abc import Sequence
from typing import Protocol

from healthtopics.problems import Level
from healthtopics.schema import MessageRule


class Objection(Protocol):
    """One thing wrong with a translation."""

    @property
    def check(self) -> str:
        """The id of the check."""

    @property
    def level(self) -> Level:
        """An error holds the edition."""

    @property
    def is_unfit(self) -> bool:
        """Whether a text with this fault is never published."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def hint(self) -> str:
        """What to do about it."""


class Judge(Protocol):
    """The checks of translations into one language."""

    def __call__(
        self, rule: MessageRule, msgid: str, msgstr: str, dismissed: frozenset[str] = ..., /
    ) -> Sequence[Objection]:
        """Return what is wrong with a translation under a message's rule, except what is dismissed."""
