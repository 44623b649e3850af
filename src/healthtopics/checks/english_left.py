"""English that was left inside a translation."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.languages import Prose, language_of, source_words
from healthtopics.reading.lexicon import SYMBOLS
from healthtopics.reading.plain import WORD
from healthtopics.reading.quoting import find_passage, quote
from healthtopics.reading.spelling import speller_of

_GAP: Final = re.compile(r"[ \u00a0,;:'’()/-]{1,2}")
_SENTENCE: Final = 4
"""This many English words in a row are a sentence, not a word that slipped through."""
_LONGEST_BY_CHANCE: Final = 40
_READ: Final = frozenset(
    {"paragraph", "list-item", "heading", "subheading", "title", "description", "notice"}
)
"""Roles of text that readers read."""
_NAME_BEFORE: Final = re.compile(r"[A-Z][a-z]*\.? $")
_SHORT_FORM: Final = re.compile(r"\([A-Z][A-Za-z-]+\)$")
"""A name with its abbreviation: Medical Subject Headings (MeSH)."""


def check_english(pair: Pair) -> Iterator[Finding]:
    """Yield English sentences and words, except in names, quotations and addresses."""
    if pair.is_name:
        return
    prose = pair.prose
    words = _english_words(pair, prose)
    if not words:
        return
    same = frozenset(pair.source.split("\n"))
    for line, text in zip(pair.target.split("\n"), pair.unquoted.split("\n"), strict=True):
        yield from (
            _unchanged(pair, words, line) if line in same else _of_line(pair, prose, words, (text, line))
        )


def _english_words(pair: Pair, prose: Prose) -> frozenset[str]:
    """Return the English words: those of the list, and those that the English has and spells so."""
    words, source = pair.target_words, pair.source_words
    listed = words & prose.english
    shared = (words & source).union([word for word in words if word[-1] == "s" and word[:-1] in source])
    shared = frozenset(word for word in shared if len(word) > 2) - prose.loans - SYMBOLS.keys()
    if not shared:
        return listed
    is_foreign = _foreign_to(pair)
    return listed.union(
        word
        for word in shared.difference(_international(shared))
        if (len(word) > 3 and prose.english_spelling.fullmatch(word)) or is_foreign(word)
    )


def _foreign_to(pair: Pair) -> Callable[[str], bool]:
    """Return a function that says whether a word of the English cannot be one of the other language, too."""
    language = language_of(pair.language)
    parts = language.spelling if language else None
    own = pair.glossary.known_words if pair.glossary else frozenset[str]()
    speller = speller_of(pair.language, parts, own) if parts else None
    if speller is None:
        return lambda _: False
    return lambda word: (
        not pair.prose.international.search(word.removesuffix("s")) and not speller.knows(word)
    )


def _international(words: frozenset[str]) -> frozenset[str]:
    """Return the words that are names of medicines, which may be the same in both languages."""
    english = language_of(SOURCE)
    groups = english.cognates.values() if english else ()
    return frozenset(chain.from_iterable(group.find(words) for group in groups))


def _unchanged(pair: Pair, words: frozenset[str], line: str) -> Iterator[Finding]:
    """Yield a short line that is the English one; `message-untranslated` reports the long ones."""
    english = [
        match
        for match in WORD.finditer(line)
        if _plain(match) in words and (match[0].islower() or match[0].istitle())
    ]
    if english and len(line) <= _LONGEST_BY_CHANCE and not _SHORT_FORM.search(line):
        yield MESSAGE_UNCHANGED.finding(
            f"“{line}” is the English text, word for word.",
            "Translate it; a name that stays as it is may be dismissed.",
            Level.ERROR if pair.rule.counts_as in _READ and _are_no_name(english) else Level.WARNING,
            english=find_passage(pair.source, line),
            translation=find_passage(pair.target, line),
        )


def _are_no_name(english: list[re.Match[str]]) -> bool:
    """Return whether there are several words, one of them in small letters and unusual within a name."""
    return len(english) > 1 and any(
        match[0].islower() and match[0] not in source_words().name_words for match in english
    )


def _of_line(pair: Pair, prose: Prose, words: frozenset[str], texts: tuple[str, str]) -> Iterator[Finding]:
    text, shown = texts  # what is read has no addresses and quotations
    is_glossed = bool(prose.glossed.search(text))
    for run in _runs(text, words | pair.source_words):
        english = [match for match in run if _plain(match) in words]
        if not english or _is_name(run):
            continue
        if len(run) >= _SENTENCE and len(english) >= max(3, len(run) / 2):
            sentence = shown[english[0].start() : english[-1].end()]
            yield ENGLISH_SENTENCE.finding(
                f"the translation has English: “{sentence}”.",
                "Translate it.",
                english=find_passage(pair.source, sentence),
                translation=find_passage(pair.target, sentence),
            )
        elif not is_glossed:
            yield from _of_words(pair, prose, texts, english)


def _of_words(
    pair: Pair, prose: Prose, texts: tuple[str, str], english: list[re.Match[str]]
) -> Iterator[Finding]:
    text, shown = texts
    for match in english:
        is_listed = _plain(match) in prose.english
        if _is_of_name(text, match) or (not is_listed and _may_be_name(pair, text, match)):
            continue
        yield ENGLISH_LEFT.finding(
            f"“{match[0]}” is English: {quote(shown, *match.span())}.",
            "Translate it; a name that stays may be dismissed.",
        )


def _runs(text: str, words: frozenset[str]) -> Iterator[list[re.Match[str]]]:
    """Yield runs of words that may be English; small words of both languages are trimmed from their ends."""
    run: list[re.Match[str]] = []
    for match in WORD.finditer(text):
        if run and not (_plain(match) in words and _GAP.fullmatch(text, run[-1].end(), match.start())):
            yield run
            run = []
        if _plain(match) in words and (run or len(match[0]) > 1):
            run.append(match)
    yield run


def _plain(match: re.Match[str]) -> str:
    return match[0].lower().replace("’", "'")


def _is_name(run: list[re.Match[str]]) -> bool:
    """Return whether the words are a name: only capitalized words and the little words between them."""
    small = [match[0] for match in run if match[0][0].islower()]
    return len(run) - len(small) >= 2 and source_words().name_words.issuperset(small)


def _may_be_name(pair: Pair, text: str, match: re.Match[str]) -> bool:
    """Return whether a word that only looks English opens a sentence, or belongs to the name before it.

    Clostridium botulinum, for example, is the same in both languages.
    """
    if not match[0].islower():  # a name has its capital in the English, too, and an abbreviation others
        return not match[0].istitle() or re.search(rf"\b{_plain(match)}\b", pair.source) is None
    name = _NAME_BEFORE.search(text, max(0, match.start() - 30), match.start())
    return name is not None and f"{name[0]}{match[0]}" in pair.source


def _is_of_name(text: str, match: re.Match[str]) -> bool:
    """Return whether a word is in a name: capitalized within the sentence, or between capitalized words."""
    before = text[: match.start()].rstrip()
    if match[0][0].isupper():
        return bool(before) and before[-1] not in ".:;!?¿¡"
    previous = WORD.findall(before[-40:])[-1:]
    following = WORD.search(text, match.end())
    return (
        match[0] in source_words().name_words
        and bool(previous)
        and previous[0][0].isupper()
        and following is not None
        and following[0][0].isupper()
    )


ENGLISH_SENTENCE: Final = Check("english-sentence", check_english, needs=Need.PROSE)
ENGLISH_LEFT: Final = Check("english-left", check_english, level=Level.WARNING, needs=Need.PROSE)
MESSAGE_UNCHANGED: Final = Check("message-unchanged", check_english, level=Level.WARNING, needs=Need.PROSE)
