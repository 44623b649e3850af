"""Concepts that exclude each other: the left and the right ear, may and must, breakfast and dinner.

`data/contrasts.json` has the sets, without words. The language files have the words of each
concept: accusers, which mean only that, and excuses, which may translate it; in all their forms.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

from healthtopics.reading.members import Member
from healthtopics.schema import DATA

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class SaidConcepts(NamedTuple):
    """The concepts of a passage."""

    surely: Mapping[str, tuple[int, int]]
    """Those that an accuser says, with its place."""
    perhaps: frozenset[str]
    """These, and those that an excuse may say."""


@dataclass(frozen=True, slots=True)
class ContrastWords:
    """The words of one language."""

    phrases: Mapping[str, tuple[tuple[str, str, bool], ...]] = field(default_factory=dict)
    """By first word: the phrase, its concept, and whether it accuses; the longest first."""

    @classmethod
    def parse(cls, data: Member) -> "ContrastWords":
        """Take what a language file says; raises LanguageDataError."""
        found: dict[str, list[tuple[str, str, bool]]] = {}
        for concept, lists in data.items():
            for name, phrases in lists.lists().items():
                for phrase in phrases:
                    head = _WORD.match(phrase)
                    found.setdefault(head[0] if head else phrase, []).append(
                        (phrase, concept, name == "words")
                    )
        return cls({head: tuple(sorted(each, key=lambda row: -len(row[0]))) for head, each in found.items()})

    def accuse(self, words: frozenset[str]) -> bool:
        """Return quickly whether a text with these words may say a concept."""
        return not self.phrases.keys().isdisjoint(words)

    def read(self, low: str, start: int, end: int) -> SaidConcepts:
        """Return the concepts of a passage of a text in lower case."""
        surely: dict[str, tuple[int, int]] = {}
        perhaps: set[str] = set()
        for match in _WORD.finditer(low, start, end):
            for phrase, concept, is_accuser in self.phrases.get(match[0], ()):
                stop = match.start() + len(phrase)
                if low.startswith(phrase, match.start()) and not low[stop : stop + 1].isalpha():
                    perhaps.add(concept)
                    if is_accuser:
                        surely.setdefault(concept, (match.start(), stop))
        return SaidConcepts(surely, frozenset(perhaps))


@cache
def contrast_sets() -> tuple[tuple[str, ...], ...]:
    """Return the sets of concepts that exclude each other."""
    return tuple(map(tuple, json.loads((DATA / "contrasts.json").read_bytes()).values()))


def exchanged(source: SaidConcepts, target: SaidConcepts) -> Iterator[tuple[str, str]]:
    """Yield each concept of the source that the target lacks, with the one there that the source lacks."""
    if not source.surely or not target.surely:
        return
    for concepts in contrast_sets():
        lost = next((each for each in concepts if each in source.surely and each not in target.perhaps), "")
        come = next((each for each in concepts if each in target.surely and each not in source.perhaps), "")
        if lost and come:
            yield lost, come
