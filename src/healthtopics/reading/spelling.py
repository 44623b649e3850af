"""Whether a language has a word, by its hunspell dictionary and by rules for words that no dictionary lists.

A dictionary is `data/spelling/<tag>.aff` and `.dic`; `<tag>.txt` has health words that it lacks, and the
member `spelling` of the language file says which parts a word may have: pronouns at its end, prefixes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from typing import Any, Final

from hunspell import Hunspell

from healthtopics.language import LanguageTag
from healthtopics.memo import Memo
from healthtopics.reading.cognates import are_cognates
from healthtopics.reading.plain import without_accents
from healthtopics.schema import DATA

_FOLDER: Final = DATA / "spelling"
SHORTEST: Final = 4
"""Shorter words are not checked: too many are abbreviations."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WordParts:
    """What a word may be made of that its dictionary does not list."""

    clitics: re.Pattern[str]
    """Matches pronouns at the end of a verb."""
    endings: re.Pattern[str]
    """Matches other endings that may be put at any word: `-mente`."""
    prefixes: re.Pattern[str]
    """Matches what may be put before any word."""
    verbs: re.Pattern[str]
    """Matches the dictionary form of a verb."""
    determiners: frozenset[str]
    """Words that a noun follows, and never the form of a verb."""


CHECKED: Final = re.compile(rf"(?<![\w@/.'’-])[a-zß-öø-ÿ]{{{SHORTEST},}}(?![\w@/'’-])")
"""Matches a word in small letters that is not part of a name, an address or a compound."""
_LAST: Final = re.compile(r"[^\W\d_]+$")
_MOST_CHUNKS: Final = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Speller:
    """The words of one language."""

    dictionary: Any
    parts: WordParts
    own: frozenset[str]
    """Words that the dictionary lacks."""
    known: dict[str, bool] = field(default_factory=dict)
    unaccented: dict[str, bool] = field(default_factory=dict)
    near_known: dict[str, bool] = field(default_factory=dict)
    _doubtful: Memo[str, bool | None] = field(init=False)
    """Of each chunk of text without spaces: whether a word in it is unknown; None for a determiner."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_doubtful", Memo(self._is_doubtful, _MOST_CHUNKS))

    def may_doubt(self, text: str) -> bool:
        """Return quickly whether a text may have a word that is unknown, or that lacks its accent."""
        chunks = text.split()
        doubtful = [*map(self._doubtful.__getitem__, chunks)]
        if True in doubtful:
            return True
        if None not in doubtful:
            return False
        return any(
            is_doubtful is None and (word := CHECKED.match(following)) and self.lacks_accent(word[0])
            for is_doubtful, following in zip(doubtful, chunks[1:], strict=False)
        )

    def _is_doubtful(self, chunk: str) -> bool | None:
        if not all(map(self.knows, CHECKED.findall(chunk))):
            return True
        last = _LAST.search(chunk)
        return None if last and last[0].lower() in self.parts.determiners else False

    def knows(self, word: str) -> bool:
        """Return whether a word in lower case is right; remembered, since most words come again."""
        found = self.known.get(word)
        if found is None:
            found = self.known[word] = self._has(word) or self._is_made(word)
        return found

    def lacks_accent(self, word: str) -> bool:
        """Return whether a word is only the form of a verb, and a noun with one more accent: `medico`."""
        found = self.unaccented.get(word)
        if found is None:
            found = self.unaccented[word] = self._is_verb(word) and any(map(self._is_lemma, _accented(word)))
        return found

    def _is_verb(self, word: str) -> bool:
        stems = self.dictionary.stem(word)
        return bool(stems) and all(self.parts.verbs.search(stem) for stem in stems)

    def _is_lemma(self, word: str) -> bool:
        return word in self.dictionary.stem(word)

    def is_slip(self, word: str) -> bool:
        """Return whether another accent or two exchanged letters make an unknown word a known one."""
        bare = without_accents(word)
        exchanged = (
            word[:i] + word[i + gap] + word[i + 1 : i + gap] + word[i] + word[i + gap + 1 :]
            for gap in (1, 2)
            for i in range(len(word) - gap)
        )
        return any(self.knows(each) for each in (bare, *_accented(bare), *exchanged) if each != word)

    def is_near_known(self, word: str) -> bool:
        """Return whether one letter more, less or other makes an unknown word a known one; slow, so ask last.

        Slips of the pen are near a known word; new and rare words mostly are not.
        """
        found = self.near_known.get(word)
        if found is None:
            found = self.near_known[word] = self.is_slip(word) or self._is_near_known(word)
        return found

    def _is_near_known(self, word: str) -> bool:
        parts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
        less = (head + tail[1:] for head, tail in parts if tail)
        other = (head + letter + tail[1:] for head, tail in parts if tail for letter in _LETTERS)
        more = (head + letter + tail for head, tail in parts for letter in _LETTERS)
        return any(map(self._has, chain(less, other, more)))

    def _has(self, word: str) -> bool:
        return word in self.own or self.dictionary.spell(word)

    def _is_made(self, word: str) -> bool:
        """Return whether the word is a known one with pronouns, an ending or a prefix."""
        stem = self.parts.clitics.sub("", word, count=1)
        if stem != word and len(stem) > 1 and any(map(self._has, {stem, without_accents(stem), f"{stem}s"})):
            return True
        stem = self.parts.endings.sub("", word, count=1)
        if stem != word and (self._has(stem) or self._has(f"{stem}o")):
            return True
        rest = self.parts.prefixes.sub("", word, count=1)
        return (
            rest != word and len(rest) >= SHORTEST and (self._has(rest) or self._has(rest.removeprefix("r")))
        )


def _accented(word: str) -> Iterator[str]:
    """Yield a word with an accent on each letter that may have one."""
    return (word[:i] + _ACCENTED[each] + word[i + 1 :] for i, each in enumerate(word) if each in _ACCENTED)


_LETTERS: Final = "abcdefghijklmnñopqrstuvwxyzáéíóúü"
_ACCENTED: Final = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "ú", "n": "ñ"}


@lru_cache(maxsize=8)
def speller_of(tag: LanguageTag, parts: WordParts, more: frozenset[str] = frozenset()) -> Speller | None:
    """Return the speller of a language; None if no dictionary comes with the package.

    `more` are further words that are right.
    """
    primary = tag.partition("-")[0]
    dictionary = _dictionary(primary)
    if dictionary is None:
        return None
    own = (_FOLDER / f"{primary}.txt").read_text(encoding="utf-8").split()
    return Speller(dictionary, parts, more.union(own))


@cache
def _dictionary(primary: str) -> Hunspell | None:
    is_there = (_FOLDER / f"{primary}.dic").is_file()
    return Hunspell(primary, hunspell_data_dir=str(_FOLDER)) if is_there else None


@lru_cache(maxsize=4096)
def is_cognate_of_any(word: str, english: frozenset[str]) -> bool:
    """Return whether a word is an English one in the spelling of another language."""
    return len(word) > _COGNATE and any(are_cognates(word, each) for each in english if len(each) > SHORTEST)


_COGNATE: Final = 5
