"""Catalogues as values: which message has which translation. No file format."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from healthtopics.language import SOURCE, LanguageTag


class Key(NamedTuple):
    """Identifies a message: the role, with the author's context as `role|context`, and the English."""

    msgctxt: str
    msgid: str

    @property
    def role(self) -> str:
        """The message's role, without the author's context."""
        return self.msgctxt.partition("|")[0]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a catalogue in one language."""

    key: Key
    msgstr: str = ""
    """Empty if there is no translation yet. One item per line if the message is a list."""
    is_fuzzy: bool = False
    previous: str = ""
    """The English that a fuzzy translation was made from, if the file has it (`#| msgid`).

    Without a translation, the English before it changed so much that its translation is not offered."""
    former: str = ""
    """Without a translation, that of `previous`."""
    is_imported: bool = False
    """Whether an importer wrote it and nobody has edited it since."""
    dismissed: frozenset[str] = frozenset()
    """The ids of the checks whose findings the translator has looked at and found wrong."""
    is_reviewed: bool = False
    """Whether somebody else than the translator has reviewed exactly this translation."""
    is_asked: bool = False
    """Whether somebody has asked about it, and nobody has answered."""
    line: int | None = None
    """The line of its file where the entry starts, counted from 1."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one topic, or of the vocabulary, in one language; obsolete ones left out."""

    language: LanguageTag
    path: str = ""
    """Its file, relative to the workspace; for problems only."""
    messages: Mapping[Key, Message] = field(default_factory=dict)
    requires_review: bool = False
    """Whether its edition waits for reviews of what can hurt readers."""
    revised: str = ""
    """PO-Revision-Date as an instant, UTC, `YYYY-MM-DDTHH:MM:SSZ`; empty if the header has none."""

    @classmethod
    def of(
        cls, language: LanguageTag, messages: Iterable[Message], *, path: str = "", revised: str = ""
    ) -> "Catalogue":
        """Build a catalogue from its messages; of two with one key the first counts."""
        by_key: dict[Key, Message] = {}
        for message in messages:
            by_key.setdefault(message.key, message)
        return cls(language, path, by_key, revised=revised)

    def find(self, key: Key) -> Message | None:
        """Return the message, translated or not; None if the catalogue does not have it."""
        return self.messages.get(key)

    def over(self, other: "Catalogue") -> "Catalogue":
        """Return a catalogue in which this one's translations win over the other's."""
        translated = {key: message for key, message in self.messages.items() if message.msgstr}
        return Catalogue(
            self.language,
            self.path or other.path,
            {
                **other.messages,
                **self.messages,
                **{k: m for k, m in other.messages.items() if k not in translated and m.msgstr},
            },
            self.requires_review,
            max(self.revised, other.revised),
        )


IDENTITY = Catalogue(SOURCE)
"""The catalogue of the source language: every message is its own translation."""
