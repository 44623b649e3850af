"""The glossary of a language: which words a translation uses for which English ones. No file format.

Terms are found by word family. A family is written as in a dictionary:

    aborto(s) espontáneo(s)      an ending in brackets is optional
    vacun*                       any ending: vacuna, vacunas, vacunación
    aumento ... peso             up to three words may come between
    VIH                          capital letters count: never "vih"; small letters match capitals, too

Accents are ignored, except that of ñ; hyphens, apostrophes and slashes are like spaces. A family matches
whole words, and never across a comma, a full stop or a bracket.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain, takewhile
from typing import Any, Final

import msgspec

from healthtopics.jsontext import Document
from healthtopics.language import LanguageTag
from healthtopics.memo import Memo

_TOKEN = re.compile(r"(?:https?://|www\.)\S+|\w+|[^\w\s'’/‐-–-]")
"""An address, a word, or a mark that a family does not match across."""
_ACCENT = re.compile(r"(?<!n)[\u0300-\u036f]")
_GAP: Final = 3
"""The most words that `...` matches."""
_FIRST: Final = 3
"""By so many letters stems are looked up."""
_MOST_WORDS: Final = 100_000
"""How many different words are remembered."""
_MOST_FAMILIES: Final = 20_000
"""How many families are kept, for a preview that reads glossaries again and again."""


class TermKind(StrEnum):
    """The kind of a term, which decides what its translation must be."""

    TERM = "term"
    ACRONYM = "acronym"
    """Has another form in the language, or is spelt out there."""
    NAME = "name"
    """Is not translated."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a family."""

    forms: frozenset[str] = frozenset()
    stem: str = ""
    """Matches every word with this beginning; empty if there are forms."""
    is_exact: bool = False
    """Whether capital letters and accents count."""

    def fits(self, written: str) -> bool:
        """Return whether a word of a text matches."""
        word = written if self.is_exact else _FOLDED[written]
        return word in self.forms or (self.stem != "" and word.startswith(self.stem))


class Family:
    """The forms of a word or of several words together."""

    __slots__ = ("citation", "text", "words")

    def __init__(self, text: str, words: tuple[Word | None, ...]) -> None:
        self.text = text
        """As written in the glossary."""
        self.words = words
        """None means a gap."""
        self.citation = "" if "*" in text or "..." in text else re.sub(r"\([^)]*\)", "", text)
        """The form that a dictionary would show; empty if the family has no whole words."""

    def end_in(self, words: Sequence[str], start: int) -> int:
        """Return where the family that starts at that word ends; -1 if it does not match there."""
        return _end(self.words, words, start)


@lru_cache(_MOST_FAMILIES)
def parse_family(text: str) -> Family:
    """Parse the notation of the module's docstring; raises ValueError if it is not valid."""
    words: list[Word | None] = []
    for part in text.split(" "):
        if part == "...":
            words.append(None)
            continue
        match = re.fullmatch(r"([^()*]+?)(?:\(([^()*]+)\)|(\*))?", part)
        written = _TOKEN.findall(match[1]) if match else []
        if match is None or not written:
            raise ValueError(f"{part!r} in {text!r} is not a word like: aborto, aborto(s), abort*, or ...")
        *before, last = written
        words += [_word(each) for each in before]
        words.append(_word(last, ending=match[2] or "", is_stem=match[3] is not None))
    if words[0] is None or words[-1] is None:
        raise ValueError(f"{text!r} starts or ends with ..., which belongs between words.")
    return Family(text, tuple(words))


def _word(written: str, *, ending: str = "", is_stem: bool = False) -> Word:
    is_exact = written != written.lower()
    forms = [written] if is_exact else [_FOLDED[written]]
    if ending:
        forms.append(written + ending if is_exact else _FOLDED[written + ending])
    return Word(stem=forms[0], is_exact=is_exact) if is_stem else Word(frozenset(forms), is_exact=is_exact)


def _end(pattern: Sequence[Word | None], words: Sequence[str], start: int) -> int:
    at = start
    for index, word in enumerate(pattern):
        if word is None:
            for skipped in range(_GAP + 1):
                if (end := _end(pattern[index + 1 :], words, at + skipped)) >= 0:
                    return end
                if at + skipped >= len(words) or not words[at + skipped][0].isalnum():
                    break
            return -1
        if at >= len(words) or not word.fits(words[at]):
            return -1
        at += 1
    return at


def _fold(written: str) -> str:
    """Return a word as it is compared: small letters, no accents."""
    if written.isascii():
        return written.lower()
    bare = _ACCENT.sub("", unicodedata.normalize("NFD", written.casefold()))
    return unicodedata.normalize("NFC", bare)


_FOLDED: Final = Memo(_fold, _MOST_WORDS)
_WRITTEN: Final = Memo[str, list[str]](_TOKEN.findall, _MOST_WORDS)
"""The words and marks of each chunk of text without white space."""


class Forbidden(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words that only look like a translation: a false friend, a calque."""

    family: Family = msgspec.field(name="words")
    note: str
    """The reason, in English, for the translator."""
    unless: tuple[Family, ...] = ()
    """English words that make them right, anywhere in the text."""


class TermEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One concept: its English words, and those of the language."""

    id: str
    kind: TermKind = TermKind.TERM
    part_of_speech: str = "noun"
    """noun, verb, adjective, adverb or other."""
    english: tuple[Family, ...]
    translations: tuple[Family, ...] = ()
    """The first is the preferred one; if there are none, any translation will do."""
    forbidden: tuple[Forbidden, ...] = ()
    definition: str = ""
    note: str = ""
    """A note for the translator, in English."""

    @property
    def accepted(self) -> tuple[Family, ...]:
        """The accepted translations; for a name, first the name itself."""
        return (*self.english, *self.translations) if self.kind is TermKind.NAME else self.translations

    @property
    def suggestions(self) -> list[str]:
        """The accepted words up to the first family without whole words, the preferred first."""
        return [family.citation for family in takewhile(lambda each: each.citation, self.accepted)]


def parse_terms(document: Document) -> tuple[TermEntry, ...]:
    """Return the terms of a valid document."""
    return msgspec.convert(
        document["terms"], tuple[TermEntry, ...], dec_hook=lambda _type, text: parse_family(text)
    )


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A place of a term in a text, counted in words and marks."""

    start: int
    end: int
    term: TermEntry
    forbidden: Forbidden | None = None


class WordSequence:
    """A text as glossaries see it: a sequence of words."""

    __slots__ = ("text", "written")

    def __init__(self, text: str) -> None:
        self.text = text if text.isascii() else unicodedata.normalize("NFC", text)
        self.written = [*chain.from_iterable(map(_WRITTEN.__getitem__, self.text.split()))]

    def have(self, families: Iterable[Family]) -> bool:
        """Return whether any of the families is in the text."""
        places = range(len(self.written))
        return any(family.end_in(self.written, at) >= 0 for family in families for at in places)

    def excerpt(self, hit: Hit) -> str:
        """Return the words of a hit as they are written."""
        start, end = self.span(hit.start, hit.end - 1)
        return self.text[start:end]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the text has its words from the first to the last of these."""
        places = [match.span() for match in _TOKEN.finditer(self.text)]
        return places[first][0], places[last][1]


_Rest = tuple[tuple[Word | None, ...], TermEntry, Forbidden | None]
"""The part of a family after its first word, and the term that it belongs to."""


class _Starts:
    """The families that start with one word."""

    __slots__ = ("_forms", "_stems", "every", "terms", "whole")

    def __init__(self, every: Sequence[_Rest]) -> None:
        self.every = every
        self.terms = frozenset(term.id for _, term, _ in every)
        self.whole = [rest for rest in every if not rest[0] or rest[0][0] is None]
        """Those that any word may follow."""
        seconds = [rest[0][0] for rest in every if rest[0] and rest[0][0] is not None]
        self._forms = frozenset(chain.from_iterable(word.forms for word in seconds))
        self._stems = tuple({word.stem for word in seconds if word.stem})

    def followed(self, following: str) -> Sequence[_Rest]:
        """Return those that may go on with this word."""
        if following in self._forms or (folded := _FOLDED[following]) in self._forms:
            return self.every
        if self._stems and (folded.startswith(self._stems) or following.startswith(self._stems)):
            return self.every
        return self.whole


class _Index:
    """The families of a glossary by the words that they start with."""

    def __init__(self, candidates: Iterable[tuple[Family, TermEntry, Forbidden | None]]) -> None:
        self._forms: dict[str, list[_Rest]] = {}
        self._stems: dict[str, list[_Rest]] = {}
        for family, term, forbidden in candidates:
            first, *others = family.words
            rest = (tuple(others), term, forbidden)
            if first is None:
                continue  # `parse_family` returns none that starts with a gap
            for form in first.forms:
                self._forms.setdefault(form, []).append(rest)
            if first.stem:
                self._stems.setdefault(first.stem, []).append(rest)
        self._stems_of: dict[str, list[str]] = {}
        """The stems by their first letters, the shortest first."""
        for stem in sorted(self._stems, key=len):
            self._stems_of.setdefault(stem[:_FIRST], []).append(stem)
        self._starts: Memo[str, _Starts | None] = Memo(self._look_up, _MOST_WORDS)

    def _look_up(self, written: str) -> _Starts | None:
        found: list[_Rest] = []
        for word in {written: None, _FOLDED[written]: None}:
            found += self._forms.get(word, ())
            for first in range(1, _FIRST + 1):
                for stem in self._stems_of.get(word[:first], ()) if first <= len(word) else ():
                    if word.startswith(stem):
                        found += self._stems[stem]
        return _Starts(found) if found else None

    def hits(self, words: WordSequence, wanted: Collection[str] | None = None) -> Iterator[Hit]:
        """Yield every match of a family in the text, in order, even if they overlap.

        With `wanted`, only those of terms with these ids.
        """
        written = words.written
        for start, starts in enumerate(map(self._starts.__getitem__, written)):
            if starts is not None and (wanted is None or not starts.terms.isdisjoint(wanted)):
                following = written[start + 1] if start + 1 < len(written) else ""
                for rest, term, forbidden in starts.followed(following):
                    if wanted is None or term.id in wanted:
                        end = _end(rest, written, start + 1) if rest else start + 1
                        if end >= 0:
                            yield Hit(start, end, term, forbidden)


@dataclass(frozen=True, eq=False)
class Glossary:
    """The terms of one language, and further words of it that are right."""

    language: LanguageTag
    terms: tuple[TermEntry, ...] = ()
    known_words: frozenset[str] = frozenset()
    """Words in lower case that spelling accepts beside those of the dictionary."""
    _ranks: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ranks", {term.id: rank for rank, term in enumerate(self.terms)})

    def __bool__(self) -> bool:
        return bool(self.terms or self.known_words)

    def __reduce__(
        self,
    ) -> tuple[type["Glossary"], tuple[LanguageTag, tuple[TermEntry, ...], frozenset[str]]]:
        # Another process makes its own indexes.
        return Glossary, (self.language, self.terms, self.known_words)

    @classmethod
    def merge(
        cls, language: LanguageTag, documents: Iterable[Document], known_words: frozenset[str] = frozenset()
    ) -> "Glossary":
        """Merge valid documents; a later term replaces an earlier one of the same id."""
        terms: dict[str, TermEntry] = {}
        for document in documents:
            own = parse_terms(document)
            for term in own:
                terms.pop(term.id, None)
            terms |= {term.id: term for term in own}
        return cls(language, tuple(terms.values()), known_words)

    def to_dict(self) -> dict[str, Any]:
        """Return the document of a glossary file."""
        terms = msgspec.to_builtins(self.terms, enc_hook=lambda family: family.text)
        return {"terms": terms}

    @cached_property
    def _english(self) -> _Index:
        return _Index((family, term, None) for term in self.terms for family in term.english)

    @cached_property
    def _translated(self) -> _Index:
        accepted = [(family, term, None) for term in self.terms for family in term.accepted]
        forbidden = [(each.family, term, each) for term in self.terms for each in term.forbidden]
        return _Index([*accepted, *forbidden])

    def find(self, english: WordSequence) -> list[Hit]:
        """Return the terms of an English text in its order.

        Of overlapping terms, the first in the text counts, then the longest, then that of the later document.
        """
        found: list[Hit] = []
        for hit in self._english.hits(english):
            if not found or hit.start >= found[-1].end:
                found.append(hit)
            elif hit.start == found[-1].start and self._is_before(hit, found[-1]):
                found[-1] = hit
        return found

    def _is_before(self, hit: Hit, other: Hit) -> bool:
        return (hit.end, self._ranks[hit.term.id]) > (other.end, self._ranks[other.term.id])

    def find_translations(self, translation: WordSequence, wanted: Collection[str]) -> list[Hit]:
        """Return all accepted and forbidden translations of these terms, even if they overlap.

        `wanted` holds ids of terms.
        """
        return [*self._translated.hits(translation, wanted)]

    def all_of_english(self, english: WordSequence) -> list[Hit]:
        """Return all terms of an English text in its order, even those that overlap."""
        return [*self._english.hits(english)]

    def all_of(self, translation: WordSequence) -> list[Hit]:
        """Return all terms with an accepted translation in a text, even those that overlap."""
        return [hit for hit in self._translated.hits(translation) if hit.forbidden is None]

    def terms_of_english(self, english: WordSequence) -> tuple[str, ...]:
        """Return the ids of all terms of an English text, even of those that overlap, each once."""
        return tuple(dict.fromkeys(hit.term.id for hit in self.all_of_english(english)))

    def terms_of(self, translation: WordSequence) -> tuple[str, ...]:
        """Return the ids of all terms with an accepted translation in a text, each once."""
        return tuple(dict.fromkeys(hit.term.id for hit in self.all_of(translation)))


def glossary_terms(glossary: Glossary, english: str) -> list[str]:
    """Return what the glossary has for an English text: `miscarriage → aborto espontáneo`.

    Each term appears once, in the order of the text, with the preferred translation.
    """
    terms = {hit.term.id: hit.term for hit in glossary.find(WordSequence(english))}
    return [
        f"{term.english[0].citation} → {term.suggestions[0]}" for term in terms.values() if term.suggestions
    ]
