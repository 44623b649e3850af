"""How a text addresses its reader: in one way throughout a message and a topic."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.languages import START, Register, source_words
from healthtopics.reading.plain import WORD

_ENGLISH_START: Final = re.compile(f"{START}$")


def check_register(pair: Pair) -> Iterator[Finding]:
    """Yield a message that addresses its reader in both ways."""
    register = pair.prose.register
    other = _first(pair, register.other_words) or _form(pair, register, "other")
    if not other and not pair.target_words.isdisjoint(register.other_orders) and _gives_order(pair):
        order = _order(pair, register.other_orders, register.start)
        other = "" if order in pair.source else order  # a name, such as Lee
    preferred = _preferred(register, pair) or _likely(register, pair) if other else ""
    if preferred:
        yield REGISTER_MIXED.finding(
            f"“{preferred}” speaks to the reader as {register.preferred}, “{other}” as {register.other}.",
            f"Use {register.preferred} throughout.",
        )


def check_registers(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Finding]]:
    """Yield the messages of a topic that address the reader differently from most of it."""
    if not pairs:
        return
    register = pairs[0].prose.register
    preferred: list[tuple[Pair, str]] = []
    others: list[tuple[Pair, str]] = []
    for pair in pairs:
        other = _first(pair, register.other_words) or _form(pair, register, "other")
        usual = _preferred(register, pair)
        if other and not usual:
            others.append((pair, other))
        elif usual and not other:
            preferred.append((pair, usual))
    if len(others) <= len(preferred):
        few, is_few, many, is_many = others, register.other, preferred, register.preferred
    else:
        few, is_few, many, is_many = preferred, register.preferred, others, register.other
    for pair, word in few:
        yield (
            pair,
            REGISTER_MIXED.finding(
                f"“{word}” speaks to the reader as {is_few}; in {len(many)} other messages it is {is_many}.",
                f"Use {is_many} here too.",
            ),
        )


def _preferred(register: Register, pair: Pair) -> str:
    return (
        _first(pair, register.preferred_words)
        or _order(pair, register.preferred_orders, register.part)
        or _form(pair, register, "preferred")
    )


def _likely(register: Register, pair: Pair) -> str:
    english = source_words()
    if pair.source_words.isdisjoint(english.reader) or not pair.source_words.isdisjoint(english.others):
        return ""
    match = register.likely.search(pair.unquoted)
    return match[0] if match else ""


def _first(pair: Pair, words: frozenset[str]) -> str:
    if pair.target_words.isdisjoint(words):
        return ""
    return next((match[0] for match in WORD.finditer(pair.unquoted) if match[0].lower() in words), "")


def _form(pair: Pair, register: Register, group: str) -> str:
    for word in pair.target_words:
        if word.endswith(register.endings):
            match = register.form.fullmatch(word)
            if match and match[group] and word in pair.unquoted.lower():
                return word
    return ""


def _order(pair: Pair, orders: frozenset[str], opening: re.Pattern[str]) -> str:
    """Return the first of these orders that comes after `opening`."""
    if pair.target_words.isdisjoint(orders):
        return ""
    text = pair.unquoted
    return next(
        (
            match[0]
            for match in WORD.finditer(text)
            if match[0].lower() in orders and _opens(text, match, opening)
        ),
        "",
    )


def _gives_order(pair: Pair) -> bool:
    openers = source_words().order_openers
    if pair.source_words.isdisjoint(openers):
        return False
    text = pair.source
    return any(
        match[0].lower() in openers and _opens(text, match, _ENGLISH_START) for match in WORD.finditer(text)
    )


def _opens(text: str, match: re.Match[str], opening: re.Pattern[str]) -> bool:
    if text[match.start() - 1 : match.start()] == "¿":  # a question gives no order: `¿Toma …?`
        return False
    return opening.search(text, max(0, match.start() - 12), match.start()) is not None


REGISTER_MIXED: Final = Check(
    "register-mixed", check_register, of_topic=check_registers, level=Level.WARNING, needs=Need.PROSE
)
