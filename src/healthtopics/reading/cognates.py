"""Medical names that are nearly the same in every language: lisinopril, retinopathy and `retinopatía`.

Two words are cognates if they are equal once the ways in which languages spell Greek and Latin are evened
out. The names, and the endings by which others are recognized, are data: `cognates` in the language file of
the source, and `synonyms` in that of each other language.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from healthtopics.memo import Memo
from healthtopics.reading.plain import without_accents

_SPELLINGS: Final = str.maketrans({"y": "i", "k": "c", "ñ": "n"})
_GROUPS: Final = re.compile(r"(?<=[ptcr])h|(?<=[aeo])e(?=[^aeiou])|(?<=q)u")
_INITIAL: Final = re.compile(r"^e(?=s[^aeiou])")
_DOUBLE: Final = re.compile(r"([a-z])\1+")
_MOST_WORDS: Final = 50_000
_SHORTEST: Final = 6
"""The fewest letters of a name that is recognized; shorter words are too often something else."""


@dataclass(frozen=True, eq=False, kw_only=True)
class NameGroup:
    """Names of one kind, medicines or conditions."""

    names: frozenset[str]
    endings: tuple[str, ...]
    exempt: frozenset[str]
    """Words that only look like a name."""

    @cached_property
    def _known(self) -> Memo[str, bool]:
        return Memo(self._has, _MOST_WORDS)

    def find(self, words: Iterable[str]) -> list[str]:
        """Return the words of the source that are names of this kind, in no order."""
        known = self._known
        return [word for word in words if known[word]]

    def _has(self, word: str) -> bool:
        return (
            len(word) >= _SHORTEST
            and (word in self.names or word.endswith(self.endings))
            and word not in self.exempt
        )


def fold(word: str) -> str:
    """Return a word as its cognates are compared: without accents, endings and ways of spelling."""
    word = spelt(word)
    if word.endswith("s") and not word.endswith("is"):
        word = word[:-1]
    return _INITIAL.sub("", word).rstrip("aeiou")


@lru_cache(maxsize=4096)
def spelt(word: str) -> str:
    """Return a word with the ways in which languages spell Greek and Latin evened out."""
    word = without_accents(word).translate(_SPELLINGS).replace("ph", "f").replace("q", "c")
    return _DOUBLE.sub(r"\1", _GROUPS.sub("", word))


def are_cognates(one: str, other: str) -> bool:
    """Return whether two words are the same name in two languages."""
    own, foreign = _folded(one), _folded(other)
    if own == foreign:
        return True
    longest = max(len(own), len(foreign))
    return longest >= _SHORTEST and Levenshtein.distance(own, foreign, score_cutoff=1) <= 1


_folded = lru_cache(maxsize=4096)(fold)


def replaced(
    group: NameGroup, source: frozenset[str], target: frozenset[str], synonyms: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    """Yield each name of the source that the target lacks, with the name there that the source lacks."""
    for name in group.find(source):
        own = synonyms.get(name, _NONE)
        if name in target or not own.isdisjoint(target) or any(are_cognates(name, word) for word in target):
            continue
        other = next((word for word in sorted(target) if _is_another(group, word, source, synonyms)), "")
        if other:
            yield name, other


def _is_another(
    group: NameGroup, word: str, source: frozenset[str], synonyms: Mapping[str, frozenset[str]]
) -> bool:
    """Return whether a word of the target is a name of this kind that nothing in the source stands for."""
    if len(word) < _SHORTEST or word in group.exempt or any(are_cognates(word, each) for each in source):
        return False
    if any(word in words for name, words in synonyms.items() if name in source):
        return False
    return _folded(word) in _folded_names(group.names) or spelt(word).endswith(_spelt_endings(group.endings))


_NONE: Final[frozenset[str]] = frozenset()
_ROOT: Final = 4
"""An ending without its vowel must be longer to be recognized: `miconazol`."""


@lru_cache(maxsize=8)
def _folded_names(names: frozenset[str]) -> frozenset[str]:
    return frozenset(map(fold, names))


@lru_cache(maxsize=8)
def _spelt_endings(endings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the endings as any language may spell them: `-pathy`, `-patía`."""
    pairs = {(each, each.rstrip("aeiou")) for each in map(spelt, endings)}
    vowels = {root + vowel for each, root in pairs if each != root for vowel in ("a", "o", "ia")}
    roots = {root for each, root in pairs if each != root and len(root) > _ROOT}
    return tuple(sorted({each for each, root in pairs if len(root) > 2} | vowels | roots))
