"""One finding for each cause: several checks may see the same error, which is corrected once."""

from collections.abc import Sequence
from typing import Final

from healthtopics.checks.values import Finding, Spot
from healthtopics.problems import Level

_RANKS: Final = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}


def one_of_each_cause(found: Sequence[Finding], dismissed: frozenset[str] = frozenset()) -> list[Finding]:
    """Return the strongest finding on each place of the English, in their order.

    Where one of two has no place in the English, their places in the translation are compared. A finding
    without any place is kept, and so is each that makes a text unfit. Of two that are as strong, the first
    is kept. Those of dismissed checks are kept, too, and hide only notes.
    """
    if len(found) < 2:
        return list(found)
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda each: (not each.is_unfit, _RANKS[each.level])):
        is_kept = finding.is_unfit or finding.row.is_dismissed(dismissed)
        if is_kept or not any(
            _have_one_cause(finding, each)
            and (finding.level is Level.INFO or not each.row.is_dismissed(dismissed))
            for each in kept
        ):
            kept.append(finding)
    return [finding for finding in found if any(finding is each for each in kept)]


def _have_one_cause(one: Finding, other: Finding) -> bool:
    if one.english is not None and other.english is not None:
        return _overlap(one.english, other.english)
    if one.translation is not None and other.translation is not None:
        return _overlap(one.translation, other.translation)
    return False


def _overlap(one: Spot, other: Spot) -> bool:
    return one.of == other.of and one.start < other.end and other.start < one.end
