"""What is wrong with one translation.

Each check is a generator of findings, a module a matter. An error holds the topic's edition in that language,
nothing else; a warning holds nothing. `docs/checks.md` shows each with a right and a wrong sentence.
"""

from typing import Final

from healthtopics.checks import (
    addresses,
    brackets,
    capitals,
    characters,
    consistency,
    contacts,
    copied,
    dates,
    english_left,
    form,
    glossary,
    length,
    numbers,
    placeholders,
    polarity,
    punctuation,
    ranges,
    register,
    repetition,
    said,
    spacing,
    tags,
    typography,
    units,
)
from healthtopics.checks.copied import copied_lines, plain_line
from healthtopics.checks.dismissal import check_dismissals
from healthtopics.checks.values import CatalogueCheck, Checks, Finding, MessageCheck, Pair, Twins, links_of
from healthtopics.language import is_pseudo
from healthtopics.reading.plain import plain_text, read_unit

__all__ = [
    "CHECKS",
    "NO_CHECKS",
    "CatalogueCheck",
    "Checks",
    "Finding",
    "MessageCheck",
    "Pair",
    "Twins",
    "check_dismissals",
    "check_pair",
    "copied_lines",
    "is_unfit",
    "links_of",
    "plain_line",
    "plain_text",
    "read_unit",
]

_OF_FORM: Final = (
    form.check_lines,
    form.check_control,
    form.check_length,
    copied.check_copied,
    tags.check_inline,
    tags.check_blocks,
    placeholders.check_placeholders,
    placeholders.check_entities,
    placeholders.check_escapes,
)

CHECKS: Final = Checks(
    of_message=(
        form.check_lines,
        form.check_control,
        form.check_length,
        copied.check_copied,
        tags.check_inline,
        tags.check_blocks,
        numbers.check_numbers,
        units.check_units,
        ranges.check_ranges,
        ranges.check_bounds,
        dates.check_dates,
        dates.check_times,
        contacts.check_contacts,
        polarity.check_polarity,
        said.check_said,
        glossary.check_terms,
        placeholders.check_placeholders,
        placeholders.check_entities,
        placeholders.check_escapes,
        addresses.check_addresses,
        characters.check_characters,
        spacing.check_edges,
        spacing.check_spaces,
        spacing.check_marks,
        punctuation.check_questions,
        punctuation.check_end,
        brackets.check_brackets,
        brackets.check_quotes,
        english_left.check_english,
        length.check_ratio,
        repetition.check_doubled,
        capitals.check_capitals,
        register.check_register,
        typography.check_typography,
    ),
    of_form=_OF_FORM,
    of_catalogue=(
        register.check_registers,
        consistency.check_inconsistent,
        consistency.check_reused,
    ),
)
NO_CHECKS: Final = Checks()

_UNFIT = frozenset({"message-control", "message-line-break", "message-tab", "text-blank", "unit-section"})
"""Besides what is wrong with its markup: findings on text of which no sound document can be made."""


def check_pair(pair: Pair, checks: Checks = CHECKS) -> list[Finding]:
    """Return every finding on one translation; of a pseudo-language only its form has something to say."""
    asked = checks.of_form if is_pseudo(pair.language) else checks.of_message
    return [finding for check in asked for finding in check(pair)]


def is_unfit(check: str) -> bool:
    """Tell whether no text with a finding of this check can be published, whoever stands behind it."""
    return check.startswith("markup-") or check in _UNFIT
