"""Names of medicines and conditions that the translation replaces by other ones."""

from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.cognates import replaced
from healthtopics.reading.languages import language_of


def check_names(pair: Pair) -> Iterator[Finding]:
    """Yield each medicine and each condition of the English that is another one in the translation."""
    english, language = language_of(SOURCE), language_of(pair.language)
    if english is None or language is None or pair.rule.is_list or pair.language == SOURCE:
        return
    for kind, group in english.cognates.items():
        row = _ROWS.get(kind)
        for name, other in replaced(group, pair.source_words, pair.target_words, language.synonyms):
            if row is not None:
                yield row.finding(
                    f"the English says “{name}”, the translation “{other}”.",
                    "Are they two names of one thing? Then dismiss this; else write the one of the English.",
                )


MEDICINE_CHANGED: Final = Check("medicine-changed", check_names, needs=Need.WORDS)
CONDITION_CHANGED: Final = Check("condition-changed", check_names, level=Level.WARNING, needs=Need.WORDS)
_ROWS: Final = {"medicines": MEDICINE_CHANGED, "conditions": CONDITION_CHANGED}
