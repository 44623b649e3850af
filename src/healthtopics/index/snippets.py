"""The part of a text that shows why it was found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from healthtopics.index.stems import WORD, fold, stem

_LENGTH: Final = 200
"""The most characters of a snippet, without the dots at its ends."""
_ACCENTED: Final = {
    "a": "aáàâäãå",
    "c": "cç",
    "e": "eéèêë",
    "i": "iíìîï",
    "n": "nñ",
    "o": "oóòôöõ",
    "u": "uúùûü",
}
"""The usual forms of letters that are folded."""
_MARKS: Final = "[\u0300-\u036f]*"
"""Accents that are separate characters."""
_TELLING: Final = 4
"""The most letters of a stem that words are looked for by, before whole words are compared."""
_BEFORE: Final = 60
"""The most characters before the first word that was found."""
DOTS: Final = "…"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A word that was found; positions are in Unicode code points."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text, and the words in it that were found, in their order."""

    text: str = ""
    marks: tuple[Highlight, ...] = ()


@dataclass(frozen=True)
class WantedWords:
    """The words that are looked for."""

    language: str
    stems: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    """Folded; words that begin so are wanted, too."""
    _known: dict[str, str] = field(default_factory=dict, compare=False)

    def match(self, word: str) -> str:
        """Return which of the wanted words a word of a text is; empty if it is not wanted."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._match(fold(word))
        return known

    def _match(self, folded: str) -> str:
        found = stem(folded, self.language)
        if found in self.stems:
            return found
        return next((each for each in self.beginnings if folded.startswith(each)), "")

    @cached_property
    def _parts(self) -> frozenset[str]:
        """What words that may be wanted begin with, folded.

        A stem may end with another letter than its words: baby, babi.
        """
        return frozenset(
            (*(each[: max(1, min(_TELLING, len(each) - 1))] for each in self.stems), *self.beginnings)
        )

    def may_be_in(self, passage: str) -> bool:
        """Return whether a passage may have any of the words, which most have not."""
        if not passage.isascii():  # letters with accents would have to be folded
            return True
        lower = passage.lower()
        return any(part in lower for part in self._parts)

    @cached_property
    def candidates(self) -> re.Pattern[str]:
        """Finds the beginnings of words that may be wanted; comparing every word would take much longer."""
        parts = self._parts
        # It begins with a set of letters, in both cases: `re` then skips to the next of them at once, which
        # it does neither with IGNORECASE nor if it must look back first.
        firsts = "".join(sorted({letter for part in parts for letter in _forms(part[0])}))
        written = (
            rf"(?<=[{_forms(part[0])}]){_MARKS}{''.join(map(_any_accent, part[1:]))}"
            for part in sorted(parts)
        )
        return re.compile(rf"[{firsts}](?<![^\W_].)(?:{'|'.join(written)})")

    def __len__(self) -> int:
        return len(self.stems) + len(self.beginnings)


def find_snippet(passages: Iterable[str], wanted: WantedWords) -> Snippet:
    """Return the part of the first passage that has most of the wanted words; of equal ones, the first.

    Without any of them, it is the beginning of the first passage.
    """
    best, most, enough = Snippet(), -1, len(wanted)
    for passage in passages:
        found = list(_find(passage, wanted)) if enough and wanted.may_be_in(passage) else []
        count = len({which for which, _ in found})
        if count > most:
            best, most = _cut(passage, [mark for _, mark in found]), count
        if count == enough:
            break
    return best


def _find(passage: str, wanted: WantedWords) -> Iterator[tuple[str, Highlight]]:
    for begun in wanted.candidates.finditer(passage):
        word = WORD.match(passage, begun.start())
        if word and (which := wanted.match(word[0])):
            yield which, Highlight(word.start(), word.end() - word.start())


def _any_accent(letter: str) -> str:
    return f"[{_forms(letter)}]{_MARKS}"


def _forms(letter: str) -> str:
    """Return a letter or digit of a folded word in both cases and with its usual accents."""
    lower = _ACCENTED.get(letter, letter)
    return lower + lower.upper()


def _cut(passage: str, marks: list[Highlight]) -> Snippet:
    """Return the part around the first mark, at most `_LENGTH` characters, cut between words."""
    if len(passage) <= _LENGTH:
        return Snippet(passage, tuple(marks))
    first = marks[0] if marks else Highlight(0, 0)
    start = 0
    if first.start + first.length > _LENGTH:
        start = first.start - _BEFORE
        start += max(0, passage.find(" ", start, first.start) - start + 1)
    end = min(len(passage), max(start + _LENGTH, first.start + first.length))
    if end < len(passage):
        end = max(passage.rfind(" ", start, end + 1), first.start + first.length)
    before, after = DOTS if start else "", DOTS if end < len(passage) else ""
    moved = len(before) - start
    return Snippet(
        f"{before}{passage[start:end]}{after}",
        tuple(
            Highlight(each.start + moved, each.length)
            for each in marks
            if start <= each.start and each.start + each.length <= end
        ),
    )
