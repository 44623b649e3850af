"""English in place of a translation."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from healthtopics import markup
from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.reading.languages import Prose
from healthtopics.reading.masking import ADDRESS
from healthtopics.reading.plain import plain_lines
from healthtopics.schema import MessageRule
from healthtopics.topic import is_copy


def copied_lines(rule: MessageRule, msgid: str, msgstr: str) -> frozenset[str]:
    """Return the lines of a translation that only repeat the English, in plain text with single spaces."""
    lines = frozenset(_plain_lines(rule, msgstr)).intersection(_plain_lines(rule, msgid))
    if rule.is_critical:  # no sentence of two words is the same in two languages
        return frozenset(line for line in lines if " " in line)
    return frozenset(line for line in lines if is_copy(line, line))


def english_lines(rule: MessageRule, msgid: str, msgstr: str, prose: Prose | None) -> frozenset[str]:
    """Return the lines of a translation that are English, whether they repeat the original or not.

    The title of a page is often a name: that it is the same in both languages proves nothing.
    """
    copies = frozenset() if rule.languages else copied_lines(rule, msgid, msgstr)
    return copies.union(filter(prose.is_english, _plain_lines(rule, msgstr))) if prose else copies


def plain_line(text: str) -> str:
    """Return a text of one line as `copied_lines` compares it; unless it is inline markup, it is plain."""
    with suppress(markup.MarkupError):
        text = markup.parse(text).plain()
    return " ".join(text.split())


def check_copied(pair: Pair) -> Iterator[Finding]:
    """Yield a translation in which a line is the English line; short ones may be right."""
    if pair.rule.languages or pair.rule.is_optional:
        return  # a name; it may be the same in both languages
    is_line = "\n" not in pair.source and "\n" not in pair.target
    if is_line and pair.source.lstrip()[:1] != pair.target.lstrip()[:1]:
        return
    if copied_lines(pair.rule, pair.msgid, pair.msgstr) and not ADDRESS.fullmatch(pair.msgstr.strip()):
        yield MESSAGE_UNTRANSLATED.finding(
            "the translation is the English text.",
            "Translate it; empty the translation if you cannot yet.",
            english=(0, len(pair.source)),
            translation=(0, len(pair.target)),
        )


def _plain_lines(rule: MessageRule, text: str) -> list[str]:
    """Return the lines without markup, white space collapsed; empty if the markup is not sound."""
    try:
        lines = plain_lines(rule, text)
    except markup.MarkupError:
        return []
    return [" ".join(line.split()) for line in lines]


MESSAGE_UNTRANSLATED: Final = Check("message-untranslated", check_copied, needs=Need.FORM)
