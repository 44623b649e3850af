"""What a translator has checked and found right: `# lint-ignore: <id>[, <id>…]` above the entry."""

import re
from collections.abc import Iterable

DISMISSAL = re.compile(r"lint-ignore:(.*)")
NAMES = re.compile(r"[^\s,]+")


def dismissed_by(comment: str) -> frozenset[str]:
    """Return the ids of the checks whose findings a translator comment dismisses."""
    if "lint-ignore" not in comment:
        return frozenset()
    lines = (DISMISSAL.fullmatch(line.strip()) for line in comment.split("\n"))
    return frozenset(name for match in lines if match for name in NAMES.findall(match[1]))


def without_dismissals(comment: str) -> str:
    """Return a translator comment without its dismissals, which hold only for the text they were made for.

    To be used wherever a comment is kept and its msgid or msgstr changes.
    """
    if "lint-ignore" not in comment:
        return comment
    return "\n".join(line for line in comment.split("\n") if not DISMISSAL.fullmatch(line.strip()))


def with_dismissals(comment: str, names: Iterable[str]) -> str:
    """Return a translator comment that dismisses the findings of these checks, too, in its last line."""
    wanted = sorted(dismissed_by(comment) | set(names))
    return "\n".join(filter(None, [without_dismissals(comment), f"lint-ignore: {', '.join(wanted)}"]))
