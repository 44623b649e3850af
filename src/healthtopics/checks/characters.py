"""Characters that are not what they look like, or are invisible."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.language import direction
from healthtopics.reading.languages import prose_of
from healthtopics.reading.quoting import quote

_BROKEN: Final = re.compile(
    "\ufffd"
    # UTF-8 that was read as Latin-1 or Windows-1252: the bytes C2, C3 and E2 80 before what follows them.
    "|[ÂÃ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a\u2122]"
    "|â€.?"
)
_LOST: Final = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_A-Z])")
_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_OF_SCRIPTS: Final = frozenset("\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069")
"""Joiners and marks of direction, which some scripts need."""
_NOT_LATIN: Final = re.compile("[\u0370-\u058f\u13a0-\u13ff\uff21-\uff5a]")
"""Greek, Cyrillic, Armenian, Cherokee and full-width letters, which are mistaken for Latin ones."""
_LIKE_LATIN: Final = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ")
_GREEK: Final = re.compile("[\u0370-\u03ff]")
_LATIN: Final = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]")
_APART: Final = re.compile("[A-Za-z][\u0300-\u0304\u0306-\u030c\u0327\u0328]")


def check_characters(pair: Pair) -> Iterator[Finding]:
    """Yield broken, hidden, decomposed and look-alike characters."""
    text = pair.target
    if "?" in text:
        yield from _lost(pair)
    if pair.is_usual:
        return
    for match in _BROKEN.finditer(text):
        if match[0] not in pair.source:
            yield CHARACTER_BROKEN.finding(
                f"characters were damaged on the way: {quote(text, *match.span())}.",
                "Write the word again, and save the file as UTF-8.",
                translation=_word(text, match),
            )
    for match in _HIDDEN.finditer(text):
        if not _may_hide(pair, match[0]):
            yield CHARACTER_HIDDEN.finding(
                f"U+{ord(match[0]):04X}, which nobody sees, is in {quote(text, *match.span())}.",
                "Remove it; write the words around it again if you cannot.",
                translation=_word(text, match),
            )
    if apart := _APART.search(text):
        yield CHARACTER_COMPOSED.finding(
            f"a letter and its accent are two characters: {quote(text, *apart.span())}.",
            f"Write {unicodedata.normalize('NFC', apart[0])} as one character; searches cannot find two.",
            translation=_word(text, apart),
        )
    yield from _scripts(pair)


def _lost(pair: Pair) -> Iterator[Finding]:
    text = pair.running
    for match in _LOST.finditer(text):
        if prose_of(pair.language) is not None:
            yield CHARACTER_BROKEN.finding(
                f"a question mark has replaced a letter: {quote(pair.target, *match.span())}.",
                "Write the word again, and save the file as UTF-8.",
                translation=_word(text, match),
            )


def _word(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Return the place of the word that a match is in."""
    start, end = match.span()
    after = text.find(" ", end)
    return text.rfind(" ", 0, start) + 1, after if after >= 0 else len(text)


def _may_hide(pair: Pair, character: str) -> bool:
    if character in pair.source:
        return True
    is_own = direction(pair.language) == "rtl" or not _LATIN.search(pair.target)
    return is_own and character in _OF_SCRIPTS


def _scripts(pair: Pair) -> Iterator[Finding]:
    """Yield letters of another script that are next to Latin ones in one word, or look like them."""
    text = pair.target
    if not _NOT_LATIN.search(text):
        return
    for match in _NOT_LATIN.finditer(text):
        letter, place = match[0], match.start()
        around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
        is_beside = bool(_LATIN.search(around))
        is_greek = bool(_GREEK.match(letter))
        # μg, βhCG: Greek letters that look unlike Latin ones are meant.
        is_meant = is_greek and letter not in _LIKE_LATIN
        is_stray = not is_greek and prose_of(pair.language) is not None
        if letter not in pair.source and ((is_beside and not is_meant) or is_stray):
            yield CHARACTER_SCRIPT.finding(
                f"“{letter}” is {unicodedata.name(letter, 'a foreign letter').lower()}:"
                f" {quote(text, place, place + 1)}.",
                "Write the letter of your own alphabet; it only looks the same.",
            )
            return


CHARACTER_BROKEN: Final = Check("character-broken", check_characters)
CHARACTER_HIDDEN: Final = Check("character-hidden", check_characters)
CHARACTER_COMPOSED: Final = Check("character-composed", check_characters)
CHARACTER_SCRIPT: Final = Check("character-script", check_characters)
