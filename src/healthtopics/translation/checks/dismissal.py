"""What a translator has looked at and found right: `# lint-ignore: <id>[, <id>…]` above the entry."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from healthtopics.problems import Level
from healthtopics.translation.checks.values import Finding

_DISMISSAL = re.compile(r"lint-ignore:(.*)")
_NAMES = re.compile(r"[^\s,]+")


def dismissed_by(comment: str) -> frozenset[str]:
    """Return the ids of the checks whose findings a translator comment dismisses."""
    if "lint-ignore" not in comment:
        return frozenset()
    lines = (_DISMISSAL.fullmatch(line.strip()) for line in comment.split("\n"))
    return frozenset(name for match in lines if match for name in _NAMES.findall(match[1]))


def without_dismissals(comment: str) -> str:
    """Return a translator comment without its dismissals: they go with the text that they were made for.

    Whoever puts another msgid or msgstr beside a comment takes this of it.
    """
    if "lint-ignore" not in comment:
        return comment
    return "\n".join(line for line in comment.split("\n") if not _DISMISSAL.fullmatch(line.strip()))


def check_dismissals(dismissed: frozenset[str], found: AbstractSet[str]) -> Iterator[Finding]:
    """Yield what is dismissed although no check of that id found anything."""
    for check in sorted(dismissed - found):
        yield Finding(
            "dismissal-unneeded",
            f"`lint-ignore: {check}` dismisses a finding that is not there.",
            "Remove it, so that the check can speak again.",
            Level.WARNING,
        )
