"""How a text speaks to its reader: in one way, through a message and through a topic."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from healthtopics.problems import Level
from healthtopics.translation.checks.prose import Register, prose_of
from healthtopics.translation.checks.values import WORD, Finding, Pair, words_of

_QUOTED: Final = re.compile(r"“[^”\n]*”|«[^»\n]*»|\"[^\"\n]*\"")
_START: Final = re.compile(
    r"(?:^|[.:;!?¿¡,\n(])[ \u00a0]*(?:(?:no|nunca|y|o|siempre|también)[ \u00a0])?$", re.IGNORECASE
)
_YOU: Final = frozenset({"you", "your", "yours", "yourself"})
_OTHERS: Final = frozenset({"his", "her", "hers", "its", "their", "theirs", "he", "she", "they"})
_ORDERS: Final = frozenset(
    "call take talk use avoid ask drink eat wash keep go get tell stop read check follow rest wait try do don't"
    " never always make see visit bring write change reduce increase choose clean cover measure look find learn"
    " apply leave put let give remember seek begin start limit rinse finish breathe sit lie stay".split()
)


def check_register(pair: Pair) -> Iterator[Finding]:
    """Yield a message that speaks to its reader in both ways."""
    prose = prose_of(pair.language)
    if prose is None:
        return
    register = prose.register
    words = pair.target_words
    if words.isdisjoint(register.other_words) and (
        words.isdisjoint(register.other_orders) or pair.source_words.isdisjoint(_ORDERS)
    ):
        return
    text = _unquoted(pair.target)
    other = _other(register, pair, text)
    preferred = _preferred(register, pair, text) if other else ""
    if other and preferred:
        yield Finding(
            "register-mixed",
            f"“{preferred}” speaks to the reader as {register.preferred}, “{other}” as {register.other}.",
            f"Use {register.preferred} throughout.",
            Level.WARNING,
        )


def check_registers(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Finding]]:
    """Yield the messages of a topic that speak to the reader otherwise than most of it does."""
    prose = prose_of(pairs[0].language) if pairs else None
    if prose is None:
        return
    register = prose.register
    preferred: list[tuple[Pair, str]] = []
    other: list[tuple[Pair, str]] = []
    for pair in pairs:
        words = pair.target_words
        is_other = not words.isdisjoint(register.other_words)
        if not is_other and words.isdisjoint(register.preferred_words | register.preferred_orders):
            continue
        text = _unquoted(pair.target)
        found = [
            _first(text, register.other_words),
            _first(text, register.preferred_words) or _order(text, register.preferred_orders),
        ]
        if found[0] and not found[1]:
            other.append((pair, found[0]))
        elif found[1] and not found[0]:
            preferred.append((pair, found[1]))
    if not preferred or not other:
        return
    few, name, rest, usual = (
        (other, register.other, preferred, register.preferred)
        if len(other) <= len(preferred)
        else (preferred, register.preferred, other, register.other)
    )
    for pair, word in few:
        yield (
            pair,
            Finding(
                "register-mixed",
                f"“{word}” speaks to the reader as {name}, {len(rest)} other messages of the topic as {usual}.",
                f"Use {usual} here too.",
                Level.WARNING,
            ),
        )


def _unquoted(text: str) -> str:
    return _QUOTED.sub("§", text) if any(mark in text for mark in '“«"') else text


def _other(register: Register, pair: Pair, text: str) -> str:
    found = _first(text, register.other_words)
    if found or pair.source_words.isdisjoint(_ORDERS):
        return found
    return _order(text, register.other_orders) if _gives_order(pair.source) else ""


def _preferred(register: Register, pair: Pair, text: str) -> str:
    found = _first(text, register.preferred_words) or _order(text, register.preferred_orders)
    if found or pair.source_words.isdisjoint(_YOU) or not pair.source_words.isdisjoint(_OTHERS):
        return found
    match = register.likely.search(text)
    return match[0] if match else ""


def _first(text: str, words: frozenset[str]) -> str:
    if words.isdisjoint(words_of(text)):
        return ""
    return next((match[0] for match in WORD.finditer(text) if match[0].lower() in words), "")


def _order(text: str, orders: frozenset[str]) -> str:
    """Return the first order at the start of a sentence or after a comma."""
    return next(
        (
            match[0]
            for match in WORD.finditer(text)
            if match[0].lower() in orders and _START.search(text, 0, match.start())
        ),
        "",
    )


def _gives_order(english: str) -> bool:
    return any(
        match[0].lower() in _ORDERS and _START.search(english, 0, match.start())
        for match in WORD.finditer(english)
    )
