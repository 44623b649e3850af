"""The words of a message, without markup."""

import re
from collections.abc import Sequence
from functools import lru_cache

from healthtopics import markup
from healthtopics.schema import MessageRule

_TAG = re.compile(r"</?[A-Za-z][^<>]*>?")


@lru_cache(maxsize=8)  # the checks and the translation of a message read it one after the other
def read_unit(rule: MessageRule, text: str) -> Sequence[markup.BlockDocument]:
    """Return the blocks or sections of a text in block markup; they must not be changed.

    Raises MarkupError.
    """
    return markup.parse_sections(text) if rule.unit == "topic" else markup.parse_body(text)


def plain_lines(rule: MessageRule, text: str) -> list[str]:
    """Return the lines of a text without markup; raises MarkupError."""
    if rule.markup == "block":
        return list(markup.plain_lines(read_unit(rule, text)))
    return (markup.parse(text).plain() if rule.markup else text).split("\n")


def plain_text(rule: MessageRule, text: str) -> str:
    """Return a text without markup; if the markup is not sound, without anything that looks like a tag."""
    if not rule.markup or ("<" not in text and "&" not in text):
        return text
    try:
        return "\n".join(plain_lines(rule, text))
    except markup.MarkupError:
        return _TAG.sub("", text)


WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ\u0300-\u03ff\u0400-\u04ff]+(?:['’][a-z]+)?")
"""Matches a word of Latin letters, or of those that look like them, with a short form's apostrophe: `can't`.
"""


_LOWER_WORD = re.compile("[a-zß-öø-ɏ\u0300-\u03ff\u0400-\u04ff']+")


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text in lower case with straight apostrophes."""
    text = text.lower()
    return frozenset(_LOWER_WORD.findall(text.replace("’", "'") if "’" in text else text))


def without_accents(text: str) -> str:
    """Return a text in lower case and without accents, as orders are compared: `dé` becomes `de`."""
    return text if text.isascii() else text.translate(_ACCENTS)


_ACCENTS = str.maketrans("áéíóúü", "aeiouu")
