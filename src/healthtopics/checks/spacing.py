"""White space: at the edges, doubled, of an unusual kind, and around marks."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.languages import prose_of
from healthtopics.reading.quoting import quote

_EDGES: Final = " \u00a0\u202f\u2009\u3000"
_DOUBLE: Final = re.compile(r"(?<=\S)[ \u00a0\u2009\u202f]{2,}(?=\S)")
_UNUSUAL: Final = re.compile(
    r"[\u1680\u2000-\u2008\u200a\u205f\u3000\u2028\u2029]|(?<=[^\W\d_]|,)[\u00a0\u2009\u202f](?=[^\W\d_])"
)
"""Spaces that are unusual anywhere, and those that join a number and its unit, between two words."""
_WIDE: Final = frozenset({"zh", "ja", "ko"})
"""Languages in which U+3000 is the usual space."""
_BEFORE: Final = re.compile(
    r"(?<![ \u00a0\u202f])[ \u00a0\u202f]++(?:[,;:?!](?!\w)|\.(?![\w.])|[)»”])|[¿¡(«“]\s"
)
_MAY_BE_BEFORE: Final = re.compile(r"[ ¿¡(«“](?:(?<= )[,;:?!.)»”]|(?<! ) )")
"""Matches something wherever the former does, in a usual text without line breaks, and is faster."""
_AFTER: Final = re.compile(
    r"[,;:?!](?<=[^\W\d_]{2}.)(?=[^\W\d_])|\.(?<=[^\W\d_A-Z]{2}.)(?=[¿¡A-ZÀ-ÖØ-Þ][^\W\d_])"
)
_MAY_BE_AFTER: Final = re.compile(r"[,;:?!.](?=[^\W\d_]|[¿¡])")


def check_edges(pair: Pair) -> Iterator[Finding]:
    """Yield a space at the start or the end that the English does not have; it is not published."""
    for place, verb in ((0, "begins"), (-1, "ends")):
        if pair.msgstr[place] in _EDGES and pair.msgid[place] not in _EDGES:
            yield SPACE_EDGE.finding(
                f"the translation {verb} with a space, the English does not.",
                "Remove it.",
            )


def check_spaces(pair: Pair) -> Iterator[Finding]:
    """Yield doubled spaces and spaces of an unusual kind."""
    text = pair.target
    if ("  " in text or not pair.is_usual) and (match := _DOUBLE.search(text)):
        yield SPACE_DOUBLE.finding(
            f"two spaces where one is meant: {quote(text, *match.span())}.",
            "Write one space.",
        )
    if pair.is_usual:
        return
    for match in _UNUSUAL.finditer(text):
        if match[0] in pair.source or (match[0] == "\u3000" and pair.language.partition("-")[0] in _WIDE):
            continue
        if match[0] in "\u00a0\u2009\u202f" and prose_of(pair.language) is None:
            continue  # some languages join short words to the next one
        yield SPACE_CHARACTER.finding(
            f"the space U+{ord(match[0]):04X} is between words: {quote(text, *match.span())}.",
            "Write a plain space; most editors do not show the difference.",
        )


def check_marks(pair: Pair) -> Iterator[Finding]:
    """Yield marks with a space before them, or none after; French and others have other rules."""
    for pattern, may_be, what, hint in (
        (_BEFORE, _MAY_BE_BEFORE, "a space that does not belong there", "Remove the space."),
        (_AFTER, _MAY_BE_AFTER, "no space after the mark", "Put a space after it."),
    ):
        if pair.is_usual and not may_be.search(pair.target):
            continue
        text = pair.running
        match = pattern.search(text)
        if match and text[max(0, match.start() - 1) : match.end() + 1] not in pair.source:
            yield SPACE_MARK.finding(f"{what}: {quote(pair.target, *match.span())}.", hint)


SPACE_EDGE: Final = Check("space-edge", check_edges, level=Level.WARNING)
SPACE_DOUBLE: Final = Check("space-double", check_spaces, level=Level.WARNING)
SPACE_CHARACTER: Final = Check("space-character", check_spaces, level=Level.WARNING)
SPACE_MARK: Final = Check("space-mark", check_marks, level=Level.WARNING, needs=Need.PROSE)
