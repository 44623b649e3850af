"""What a translator has checked and found right: `# lint-ignore: <id>[, <id>…]` above the entry.

`# dismissed: <name>, <day>, <id>[, <id>…]` says who has done that. It dismisses nothing by itself.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

DISMISSAL = re.compile(r"lint-ignore:(.*)")
NAMES = re.compile(r"[^\s,]+")
_SIGNATURE = re.compile(r"dismissed: (.+?), ([0-9]{4}-[0-9]{2}-[0-9]{2}), (.+)")


class Dismissal(NamedTuple):
    """A check whose findings are dismissed, and who did it, if that is known."""

    check: str
    by: str = ""
    day: str = ""
    """ISO."""


def dismissed_by(comment: str) -> frozenset[str]:
    """Return the ids of the checks whose findings a translator comment dismisses."""
    if "lint-ignore" not in comment:
        return frozenset()
    lines = (DISMISSAL.fullmatch(line.strip()) for line in comment.split("\n"))
    return frozenset(name for match in lines if match for name in NAMES.findall(match[1]))


def dismissals_in(comment: str) -> tuple[Dismissal, ...]:
    """Return what a translator comment dismisses, in the order of the ids; the last signature counts."""
    signed = {
        name: Dismissal(name, match[1], match[2])
        for line in comment.split("\n")
        if (match := _SIGNATURE.fullmatch(line.strip()))
        for name in NAMES.findall(match[3])
    }
    return tuple(signed.get(name, Dismissal(name)) for name in sorted(dismissed_by(comment)))


def without_dismissals(comment: str) -> str:
    """Return a translator comment without its dismissals, which hold only for the text they were made for.

    To be used wherever a comment is kept and its msgid or msgstr changes.
    """
    if "lint-ignore" not in comment and "dismissed" not in comment:
        return comment
    return "\n".join(
        line
        for line in comment.split("\n")
        if not DISMISSAL.fullmatch(line.strip()) and not _SIGNATURE.fullmatch(line.strip())
    )


def with_dismissals(comment: str, names: Iterable[str], by: str = "", day: str = "") -> str:
    """Return a translator comment that dismisses the findings of these checks, too, in its last lines.

    `by` and `day` say who does it, and when.
    """
    known = dismissed_by(comment)
    new = sorted(set(names) - known)
    signatures = [line for line in comment.split("\n") if _SIGNATURE.fullmatch(line.strip())]
    if by and new:
        signatures.append(f"dismissed: {' '.join(by.split())}, {day}, {', '.join(new)}")
    dismissal = f"lint-ignore: {', '.join(sorted({*known, *new}))}"
    return "\n".join(filter(None, [without_dismissals(comment), *signatures, dismissal]))
