"""Sheets: every message of a catalogue, its state, and what holds the edition. Values only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from healthtopics.catalogue import Key
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.publishing.values import TextEase


class Work(StrEnum):
    """The work that a message needs from a translator, the most urgent first."""

    BLOCKED = "blocked"
    """The translation has a finding that holds the edition."""
    FUZZY = "fuzzy"
    MISSING = "missing"
    REVIEW = "review"
    """It is translated, and the edition waits until somebody else has reviewed it."""
    WARNED = "warned"
    """Somebody should look; it does not hold the edition."""
    DONE = "done"


TO_DO: Final = (Work.BLOCKED, Work.FUZZY, Work.MISSING, Work.REVIEW)
"""The kinds of work that hold an edition."""


class EditionState(StrEnum):
    """What happens to an edition in the next publication."""

    READY = "ready"
    HELD = "held"
    """Readers still get the last published one, if there is one."""
    WORDS = ""
    """Not an edition: the words of the vocabulary are in all of them."""


class Change(StrEnum):
    """What the next publication changes for readers."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LATER = "later"
    """Nothing: its day, `publishFrom`, is still to come."""
    DRAFT = "draft"
    """Nothing: its author has marked it as unfinished."""
    WITHDRAWN = "withdrawn"
    """Its author has withdrawn it, `withdrawFrom`."""
    NONE = ""
    """Unknown: nothing has been published, or the edition is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message of a catalogue."""

    key: Key
    work: Work
    comments: tuple[str, ...]
    """The context from the template."""
    reference: str
    """Its place in the topic: file and JSON pointer."""
    msgstr: str = ""
    previous: str = ""
    """The English that a fuzzy translation was made from, or before it changed; as in `Message`."""
    former: str = ""
    """Without a translation, that of `previous`."""
    line: int | None = None
    """The line in the catalogue; None if it does not have the message yet."""
    words: int = 0
    """The number of words of the English, without markup."""
    is_safety_critical: bool = False
    is_optional: bool = False
    """A name that may stay as it is; it holds no edition."""
    is_asked: bool = False
    """Whether somebody has asked something that nobody has answered."""
    problems: tuple[Problem, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether it holds no edition although it has no translation."""
        return self.is_optional and self.work in TO_DO

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "work": str(self.work),
            "safety": self.is_safety_critical,
            "line": self.line,
            "context": self.key.msgctxt,
            "english": self.key.msgid,
            "translation": self.msgstr,
            "previous": self.previous,
            "formerTranslation": self.former,
            "words": self.words,
            "reference": self.reference,
            "problems": self.problems,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One catalogue: a topic, or the vocabulary, in one language."""

    language: LanguageTag
    name: str
    """The topic's id, or `vocabulary`."""
    title: str
    path: str
    entries: tuple[Entry, ...]
    """In document order; a brief sheet does not have those that are done."""
    left_out: tuple[int, int] = (0, 0)
    """The number of messages that are done and left out, and of their words."""
    asked: int = 0
    """The number of messages with an open question."""
    edition: EditionState = EditionState.WORDS
    as_of: str = ""
    """The date of the published edition that readers get meanwhile, an instant; only for KEPT."""
    change: Change = Change.NONE
    """What the next publication would change if nothing in the topic itself prevented it: `change_on`."""
    is_draft: bool = False
    """Whether the author of the topic has marked it as unfinished."""
    publish_from: str = ""
    """The days on which the topic comes and goes, ISO; each may be empty."""
    withdraw_from: str = ""
    ease: TextEase | None = None
    """How easy the edition is to read; None if no formula is known for the language."""
    elsewhere: tuple[Problem, ...] = ()
    """Problems that keep the edition back and are in another catalogue: the words that it uses."""

    def count(self, *kinds: Work) -> int:
        """Return the number of messages of these kinds; a name that may stay is not untranslated."""
        return sum(1 for _ in self._of(kinds)) + self.left_out[0] * _has_done(kinds)

    def words(self, *kinds: Work) -> int:
        """Return the number of English words in the messages of these kinds."""
        return sum(entry.words for entry in self._of(kinds)) + self.left_out[1] * _has_done(kinds)

    def to_do(self) -> list[Entry]:
        """Return what holds the edition: what can hurt somebody first, otherwise in document order."""
        return sorted(self._of(TO_DO), key=lambda entry: not entry.is_safety_critical)

    @property
    def is_held(self) -> bool:
        """Whether readers do not get it as it is, because of its translation."""
        return self.edition is EditionState.HELD and not self.is_draft

    @property
    def safety_to_do(self) -> int:
        """The number of messages to do that could hurt somebody."""
        return sum(entry.is_safety_critical for entry in self._of(TO_DO))

    def _of(self, kinds: Sequence[Work]) -> Iterator[Entry]:
        return (
            entry for entry in self.entries if (not kinds or entry.work in kinds) and not entry.is_settled
        )

    def change_on(self, day: str) -> Change:
        """Return what a publication on that day, ISO, changes for readers."""
        if self.is_draft:
            return Change.DRAFT
        if self.withdraw_from and self.withdraw_from <= day:
            return Change.WITHDRAWN
        return Change.LATER if day < self.publish_from else self.change

    def brief(self) -> "Sheet":
        """Return the sheet without the entries that are done."""
        left_out = (self.count(Work.DONE), self.words(Work.DONE))
        entries = tuple(entry for entry in self.entries if entry.work is not Work.DONE)
        return replace(self, entries=entries, left_out=left_out)

    def to_dict(self, day: str) -> dict[str, Any]:
        """Return the JSON form: counts, what a publication on that day does, and the work to do."""
        return {
            "language": self.language,
            "topic": self.name,
            "title": self.title,
            "path": self.path,
            "messages": self.count(),
            "words": self.words(),
            **{str(kind): {"messages": self.count(kind), "words": self.words(kind)} for kind in Work},
            "edition": str(self.edition) or None,
            "asOf": self.as_of or None,
            "sinceRelease": str(self.change_on(day)) or None,
            "readingEase": self.ease,
            "toDo": [entry.to_dict() for entry in self.to_do()],
            "inOtherCatalogues": self.elsewhere,
        }


def to_do(sheets: Iterable[Sheet]) -> list[tuple[Sheet, Entry]]:
    """Return what holds editions, over all sheets: first what can hurt somebody if it is wrong."""
    found = [(sheet, entry) for sheet in sheets for entry in sheet.to_do()]
    return sorted(found, key=lambda each: not each[1].is_safety_critical)


def _has_done(kinds: Sequence[Work]) -> bool:
    return not kinds or Work.DONE in kinds
