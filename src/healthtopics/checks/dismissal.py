"""Whether dismissals of translators are possible and needed."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Final

from healthtopics.checks.table import Checks
from healthtopics.checks.values import Check, Finding, Need
from healthtopics.problems import Level
from healthtopics.reading.dismissal import DISMISSAL, NAMES

_MEANT = re.compile(r"lint[-_ ]?ignore\b", re.IGNORECASE)
"""Matches the start of a comment meant to dismiss something, well-formed or not."""


def check_dismissals(dismissed: frozenset[str], found: AbstractSet[str], checks: Checks) -> Iterator[Finding]:
    """Yield the dismissals of checks that found nothing.

    `check_dismissal_comment` reports ids that cannot be dismissed.
    """
    for name in sorted(dismissed):
        row = checks.by_name.get(name)
        if row is not None and row.is_dismissible and row.id not in found:
            yield DISMISSAL_UNNEEDED.finding(
                f"`lint-ignore: {name}` dismisses a finding that is not there.",
                "Remove it, so that the check can report again.",
            )


def check_dismissal_comment(comment: str, checks: Checks) -> Iterator[Finding]:
    """Yield what is wrong with the lines of a translator comment that are meant to dismiss something."""
    for line in comment.split("\n") if _MEANT.search(comment) else ():
        if not _MEANT.match(line.strip()):
            continue
        match = DISMISSAL.fullmatch(line.strip())
        names = NAMES.findall(match[1]) if match else []
        if not names:
            yield DISMISSAL_MALFORMED.finding(
                f"`{line.strip()}` dismisses nothing.",
                "Write `lint-ignore: ` and the ids of the checks, separated by commas; or delete the line.",
            )
        for name in names:
            row = checks.by_name.get(name)
            if row is None:
                yield _unknown(name, [row.id for row in checks.rows if row.is_dismissible])
            elif not row.is_dismissible:
                yield DISMISSAL_IMPOSSIBLE.finding(
                    f"`{name}` cannot be dismissed: a text with such a fault is never published.",
                    "Fix the translation, and remove the dismissal.",
                )


def _unknown(name: str, known: list[str]) -> Finding:
    near = get_close_matches(name, known, 1)
    hint = (
        f"Did you mean `{near[0]}`?"
        if near
        else "Each finding of `healthtopics catalogue check` names its check."
    )
    return DISMISSAL_UNKNOWN.finding(f"no check of translations is called `{name}`.", hint)


DISMISSAL_UNNEEDED: Final = Check("dismissal-unneeded", level=Level.WARNING, needs=Need.FORM)
DISMISSAL_MALFORMED: Final = Check("dismissal-malformed", level=Level.WARNING, needs=Need.FORM)
DISMISSAL_UNKNOWN: Final = Check("dismissal-unknown", level=Level.WARNING, needs=Need.FORM)
DISMISSAL_IMPOSSIBLE: Final = Check("dismissal-impossible", level=Level.WARNING, needs=Need.FORM)
