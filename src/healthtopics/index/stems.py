"""Words as search compares them: folded and stemmed.

Texts are split into words as the tokenizer `unicode61` of SQLite's FTS5 does it, so that the stem in a query
and the stored stem are the same token.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Final

from healthtopics.memo import Memo

WORD: Final = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*")
"""A word of a text: letters and digits, and accents that are separate characters."""

_LATIN_MARKS: Final = re.compile(r"(?<=[a-z0-9])[\u0300-\u036f]+")
_LIGATURES: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
"""Letters that Unicode does not decompose, and that people without such keys write in this way."""

_ALGORITHMS: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "tr": "turkish",
}
"""Snowball's algorithms by primary language subtag, of languages whose words `unicode61` keeps whole."""

_UNTIL_STABLE: Final = frozenset({"es"})
"""Where one pass leaves plurals: enfermedades → enfermedad → enferm. In English, early would become ear."""

_MOST_WORDS: Final = 200_000
"""How many words of a language are remembered; a whole collection has fewer."""


def fold(text: str) -> str:
    """Return a text in lower case, without accents on Latin letters and without ligatures; ñ becomes n."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub("", decomposed))


def words(text: str) -> Iterator[str]:
    """Yield the folded words of a text, in their order."""
    return map(fold, WORD.findall(text))


def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; the word itself in languages without an algorithm."""
    return _stemmed(language.partition("-")[0])[word]


def stems(text: str, language: str) -> list[str]:
    """Return the stems of the words of a text, in their order, repetitions included."""
    known = _stemmed_as_written(language.partition("-")[0])
    return [known[word] for word in WORD.findall(text)]


@cache
def _stemmed_as_written(primary: str) -> Memo[str, str]:
    """Return the stems of words that are not folded yet, which takes as long as all the rest."""
    known = _stemmed(primary)
    return Memo(lambda word: known[fold(word)], _MOST_WORDS)


@cache
def _stemmed(primary: str) -> Memo[str, str]:
    return Memo(_stemmer(primary), _MOST_WORDS)


def _stemmer(primary: str) -> Callable[[str], str]:
    algorithm = _ALGORITHMS.get(primary)
    if algorithm is None:
        return str
    # Not `snowballstemmer.stemmer()`: that prefers PyStemmer, if it is installed, of whatever version.
    module = import_module(f"snowballstemmer.{algorithm}_stemmer")
    make: Callable[[], Any] = getattr(module, f"{algorithm.title()}Stemmer")

    def once(word: str) -> str:
        # A stemmer is not thread-safe, and making one takes less than a microsecond.
        return fold(make().stemWord(word))

    def until_stable(word: str) -> str:
        while (shorter := once(word)) != word:
            word = shorter
        return word

    return until_stable if primary in _UNTIL_STABLE else once
