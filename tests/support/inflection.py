"""Every form of the words that the language files mark with `*` or `+`: `aumentar*`, `slow+`.

`data/forms/<tag>.json` is made of these; no form is listed by hand. Spanish is inflected by the affix rules
of its hunspell dictionary, without what is put before or after a word; English by the rules of its spelling.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from hunspell import Hunspell

from healthtopics.reading.plain import without_accents
from healthtopics.schema import DATA

MARKS: Final = ("*", "+")


def marked(data: Any) -> frozenset[str]:
    """Return the words of a language file that are marked, with their marks."""
    return frozenset(
        word
        for lists in data.get("contrasts", {}).values()
        for phrases in lists.values()
        for word in " ".join(phrases).split()
        if word.endswith(MARKS)
    )


def forms_of(tag: str, words: Iterable[str]) -> dict[str, str]:
    """Return the other forms of each marked word, in the order of the alphabet."""
    inflect = {"en": _english, "es": _spanish}[tag]
    return {word: " ".join(sorted(inflect(word) - {word[:-1]})) for word in sorted(words)}


# ── English ──

_CONSONANT_Y: Final = re.compile(r"[^aeiou]y$")
_DOUBLED: Final = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")
"""Matches a word of one syllable that doubles its last letter: stop, stopped."""


def _english(word: str) -> frozenset[str]:
    """Return `stops, stopped, stopping` of `stop*`, and `slower, slowest, slowly` of `slow+`."""
    word, mark = word[:-1], word[-1]
    root = word.removesuffix("e")
    if _DOUBLED.search(word):
        root += word[-1]
    soft = f"{word[:-1]}i" if _CONSONANT_Y.search(word) else root
    if mark == "+":
        stem = f"{word[:-1]}y" if word.endswith("le") else f"{word[:-1]}ily" if soft != root else f"{word}ly"
        return frozenset({word, f"{soft}er", f"{soft}est", stem})
    plural = (
        f"{soft}es" if soft != root else f"{word}es" if re.search("(?:s|x|z|ch|sh)$", word) else f"{word}s"
    )
    return frozenset({word, plural, f"{soft}ed", f"{root}ing"})


# ── Spanish ──

_SUFFIXES: Final = frozenset("REIXGSD")
"""The rules of the dictionary that inflect; others put pronouns after words, or prefixes before them."""


class _Rule(NamedTuple):
    strip: str
    add: str
    fits: re.Pattern[str]


def _spanish(word: str) -> frozenset[str]:
    rules, flags = _dictionary(Path(str(DATA / "spelling/es")))
    word = word[:-1]
    own = [rule for flag in flags.get(word, ()) for rule in rules.get(flag, ())]
    # A word with a prefix, or listed in another gender, has no rules here: `inseguro`, `rodilla`.
    found = {word, *_inflected(word, own)}
    return frozenset(found if len(found) > 1 else {word, *filter(_has(), _regular(word))})


def _regular(word: str) -> Iterator[str]:
    """Yield the forms that a regular noun or adjective may have; a dictionary tells which it has."""
    bare = without_accents(word)
    if word.endswith("o"):
        yield from (f"{word[:-1]}{ending}" for ending in ("a", "as"))
    if word[-1] in "aeiouáéó":
        yield f"{word}s"
    elif word.endswith("z"):
        yield f"{word[:-1]}ces"
    else:
        yield from (f"{word}es", f"{bare}es")


@cache
def _has() -> Callable[[str], bool]:
    """Return whether the dictionary or the health words have a word."""
    own = frozenset((DATA / "spelling/es.txt").read_text(encoding="utf-8").split())
    dictionary = Hunspell("es", hunspell_data_dir=str(DATA / "spelling"))
    return lambda word: word in own or dictionary.spell(word)


def _inflected(word: str, rules: Iterable[_Rule]) -> Iterator[str]:
    for strip, add, fits in rules:
        if word.endswith(strip) and fits.search(word):
            yield word.removesuffix(strip) + add


@cache
def _dictionary(path: Path) -> tuple[dict[str, list[_Rule]], dict[str, frozenset[str]]]:
    """Return the rules by their flags, and the flags of each word."""
    rules: dict[str, list[_Rule]] = {}
    for line in path.with_suffix(".aff").read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] == "SFX" and parts[1] in _SUFFIXES:
            strip, add, fits = ("" if part in ("0", ".") else part for part in parts[2:5])
            rules.setdefault(parts[1], []).append(
                _Rule(strip, add.partition("/")[0], re.compile(f"(?:{fits})$"))
            )
    flags: dict[str, frozenset[str]] = {}
    for line in path.with_suffix(".dic").read_text(encoding="utf-8").splitlines()[1:]:
        word, _, own = line.partition("/")
        flags[word] = flags.get(word, frozenset()) | frozenset(own.split("\t")[0])
    return rules, flags
