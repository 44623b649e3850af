"""Whether what a translator dismisses can be dismissed, and has to be."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Final

from healthtopics.checks.values import Finding
from healthtopics.problems import Level
from healthtopics.reading.dismissal import DISMISSAL, NAMES

_MEANT = re.compile(r"lint[-_ ]?ignore\b", re.IGNORECASE)
"""How a comment begins that is meant to dismiss something, well written or not."""

DISMISSIBLE: Final = frozenset(
    [
        "acronym-untranslated",
        "bound-changed",
        "bracket-unbalanced",
        "capital-name",
        "capital-start",
        "capitals-title",
        "character-broken",
        "character-composed",
        "character-hidden",
        "character-script",
        "conversion-wrong",
        "date-changed",
        "email-changed",
        "english-left",
        "english-sentence",
        "entity-changed",
        "escape-visible",
        "exclamation-mark-missing",
        "gender-brackets",
        "href-foreign",
        "href-lost",
        "length-ratio",
        "message-too-long",
        "message-unchanged",
        "message-untranslated",
        "name-changed",
        "negation-added",
        "negation-lost",
        "number-added",
        "number-changed",
        "number-lost",
        "phone-changed",
        "placeholder-foreign",
        "placeholder-lost",
        "polarity-flipped",
        "punctuation-end",
        "question-mark-missing",
        "quote-unbalanced",
        "range-changed",
        "register-mixed",
        "space-character",
        "space-double",
        "space-edge",
        "space-mark",
        "tag-foreign",
        "tag-lost",
        "term-forbidden",
        "term-missing",
        "time-changed",
        "translation-inconsistent",
        "translation-reused",
        "typography-percent",
        "typography-range",
        "unit-changed",
        "unit-lost",
        "url-changed",
        "url-foreign",
        "url-lost",
        "word-doubled",
        "word-lost",
    ]
)
"""The ids of all checks of translations that a translator may overrule."""


def check_dismissals(dismissed: frozenset[str], found: AbstractSet[str]) -> Iterator[Finding]:
    """Yield what is dismissed although no check of that id found anything.

    Of ids that nobody can dismiss `check_dismissal_comment` speaks.
    """
    for check in sorted((dismissed & DISMISSIBLE) - found):
        yield Finding(
            "dismissal-unneeded",
            f"`lint-ignore: {check}` dismisses a finding that is not there.",
            "Remove it, so that the check can speak again.",
            Level.WARNING,
        )


def check_dismissal_comment(comment: str) -> Iterator[Finding]:
    """Yield what is wrong with the lines of a translator comment that are meant to dismiss something."""
    for line in comment.split("\n") if _MEANT.search(comment) else ():
        if not _MEANT.match(line.strip()):
            continue
        match = DISMISSAL.fullmatch(line.strip())
        names = NAMES.findall(match[1]) if match else []
        if not names:
            yield Finding(
                "dismissal-malformed",
                f"`{line.strip()}` dismisses nothing.",
                "Write `lint-ignore: ` and the names of the rules, with commas between them; or delete it.",
                Level.WARNING,
            )
        for name in names:
            if name in DISMISSIBLE:
                continue
            near = get_close_matches(name, DISMISSIBLE, 1)
            is_rule = name.startswith("markup-") or name in _FIXED
            yield Finding(
                "dismissal-impossible" if is_rule else "dismissal-unknown",
                f"`{name}` cannot be dismissed: the text is not published as long as it is so."
                if is_rule
                else f"there is no rule `{name}` for translations.",
                "Mend the translation, and remove the dismissal."
                if is_rule
                else f"Did you mean `{near[0]}`?"
                if near
                else "docs/checks.md lists them all.",
                Level.WARNING,
            )


_FIXED: Final = frozenset(
    [
        "message-control",
        "message-fuzzy",
        "message-line-break",
        "message-missing",
        "message-tab",
        "text-blank",
        "unit-section",
    ]
)
"""Besides what is wrong with markup: ids of what nobody can publish, whoever stands behind it."""
