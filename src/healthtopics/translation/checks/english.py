"""English that was left inside a translation."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.problems import Level
from healthtopics.translation.checks.addresses import without_addresses
from healthtopics.translation.checks.prose import Prose, prose_of
from healthtopics.translation.checks.quoting import quote
from healthtopics.translation.checks.values import WORD, Finding, Pair

_QUOTED: Final = re.compile(r"“[^”\n]*”|«[^»\n]*»|\"[^\"\n]*\"")
_GAP: Final = re.compile(r"[ \u00a0,;:'’()/-]{1,2}")
_SENTENCE: Final = 4
"""So many English words in a row are a sentence, not a word that slipped through."""
_LITTLE: Final = frozenset({"of", "and", "for", "the", "to", "on", "at", "with", "an", "by", "from"})
"""Words that stand within names: Centers for Disease Control and Prevention."""
_SHORT_FORM: Final = re.compile(r"\([A-Z][A-Za-z-]+\)$")


def check_english(pair: Pair) -> Iterator[Finding]:
    """Yield English sentences and words, but those of names, quotations and addresses."""
    prose = prose_of(pair.language)
    if prose is None or pair.is_name:
        return
    words = _english_words(pair, prose)
    if not words:
        return
    if pair.target == pair.source:
        yield from _unchanged(pair)
        return
    copied = frozenset(pair.source.split("\n")) if "\n" in pair.target else frozenset()
    for line in pair.target.split("\n"):
        if line not in copied:
            yield from _of_line(pair, prose, words, line)
        elif pair.rule.is_list:
            yield from _unchanged_line(line, words)


def _english_words(pair: Pair, prose: Prose) -> frozenset[str]:
    """Return the words of the translation that are English by the list, or by the English text and spelling."""
    words = pair.target_words
    listed = words & prose.english
    shared = {
        word
        for word in (words & pair.source_words) - prose.loans
        if len(word) > 3 and prose.english_spelling.fullmatch(word)
    }
    return listed | shared


def _unchanged(pair: Pair) -> Iterator[Finding]:
    """Yield a short text that is the English; `message-untranslated` has the long ones."""
    if len(pair.target) <= 40 and not _SHORT_FORM.search(pair.target) and not pair.target.isupper():
        yield Finding(
            "message-unchanged",
            "the translation is the English text, word for word.",
            "Translate it; a name that stays as it is may be dismissed.",
            Level.WARNING,
        )


def _unchanged_line(line: str, words: frozenset[str]) -> Iterator[Finding]:
    if any(word in words for word in WORD.findall(line.lower())):
        yield Finding(
            "message-unchanged",
            f"“{line}” is the English text, word for word.",
            "Write the names that readers of your language use.",
            Level.WARNING,
        )


def _of_line(pair: Pair, prose: Prose, words: frozenset[str], line: str) -> Iterator[Finding]:
    text = _QUOTED.sub(lambda match: "§" * len(match[0]), without_addresses(line))
    is_glossed = bool(prose.glossed.search(text))
    shared = pair.source_words
    run: list[re.Match[str]] = []
    end = -1
    for match in [*WORD.finditer(text), None]:
        if match is not None:
            word = match[0].lower().replace("’", "'")
            is_next = end < 0 or _GAP.fullmatch(text, end, match.start())
            if (word in words or word in shared) and is_next and (run or end < 0 or True):
                run.append(match)
                end = match.end()
                continue
        yield from _of_run(text, run, words, is_glossed=is_glossed)
        run = []
        end = -1
        if match is not None and (word in words or word in shared):
            run, end = [match], match.end()


def _of_run(
    text: str, run: list[re.Match[str]], words: frozenset[str], *, is_glossed: bool
) -> Iterator[Finding]:
    """Yield what is English of words that stand side by side and are all in the English text or its language."""
    english = [match for match in run if match[0].lower().replace("’", "'") in words]
    if not english or _is_name(text, run):
        return
    first, last = english[0], english[-1]
    span = first.start(), last.end()
    if len(run) >= _SENTENCE and len(english) * 2 >= len(run) and len(english) >= 3:
        yield Finding(
            "english-sentence",
            f"English stands in the translation: “{text[slice(*span)]}”.",
            "Translate it.",
        )
        return
    if is_glossed:
        return
    for match in english:
        if not _is_of_name(text, match):
            yield Finding(
                "english-left",
                f"“{match[0]}” is English: {quote(text, *match.span())}.",
                "Translate it; a name that stays may be dismissed.",
                Level.WARNING,
            )


def _is_name(text: str, run: list[re.Match[str]]) -> bool:
    """Tell whether the words are a name: capitals, and nothing else but the little words within."""
    small = [match[0] for match in run if match[0][0].islower()]
    return len(run) - len(small) >= 2 and _LITTLE.issuperset(small)


def _is_of_name(text: str, match: re.Match[str]) -> bool:
    """Tell whether a word stands in a name: a capital within the sentence, or between capitals."""
    before = text[: match.start()].rstrip()
    if match[0][0].isupper():
        return bool(before) and before[-1] not in ".:;!?¿¡"
    previous = WORD.findall(before[-40:])[-1:]
    following = WORD.search(text, match.end())
    return (
        match[0] in _LITTLE
        and bool(previous)
        and previous[0][0].isupper()
        and following is not None
        and following[0][0].isupper()
    )
