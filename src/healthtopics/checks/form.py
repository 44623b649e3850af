"""What every translation must be, whatever it says: lines, characters, length."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics import markup
from healthtopics.checks.values import Check, Finding, Need, Pair

CONTROL = re.compile(rf"{markup.NO_CHARACTER.pattern}|[\x7f-\x9f]")
"""Characters that the schemas do not allow in English texts either; white space is another check's."""


def check_lines(pair: Pair) -> Iterator[Finding]:
    """Yield line breaks and tabs where the text must be one line."""
    may_break = pair.rule.is_list or pair.rule.markup == "block"
    if not may_break and "\n" in pair.msgstr:
        yield MESSAGE_LINE_BREAK.finding(
            "the translation has a line break, the text is one line.",
            "Remove \\n; a new paragraph needs a separate paragraph in the topic.",
        )
    if "\t" in pair.msgstr or "\r" in pair.msgstr:
        yield MESSAGE_TAB.finding("the translation has a tab or a carriage return.", "Write a space instead.")


def check_control(pair: Pair) -> Iterator[Finding]:
    """Yield each control character."""
    if pair.msgstr.isprintable():
        return
    for character in dict.fromkeys(CONTROL.findall(pair.msgstr)):
        yield MESSAGE_CONTROL.finding(
            f"the translation holds the character U+{ord(character):04X}, which no text may hold.",
            "Remove it; most editors do not show it.",
        )


def check_length(pair: Pair) -> Iterator[Finding]:
    """Yield a text that is longer than its field allows."""
    limit = pair.rule.limit
    if limit is not None and len(pair.msgstr) > limit:
        yield MESSAGE_TOO_LONG.finding(
            f"the translation has {len(pair.msgstr)} characters, the limit is {limit}.",
            "Say the same in fewer words.",
        )


MESSAGE_LINE_BREAK: Final = Check("message-line-break", check_lines, needs=Need.FORM, is_dismissible=False)
MESSAGE_TAB: Final = Check("message-tab", check_lines, needs=Need.FORM, is_dismissible=False)
MESSAGE_CONTROL: Final = Check("message-control", check_control, needs=Need.FORM, is_dismissible=False)
MESSAGE_TOO_LONG: Final = Check("message-too-long", check_length, needs=Need.FORM)
