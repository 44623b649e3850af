"""Names of medicines and conditions that the translation replaces by other ones."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.cognates import replaced
from healthtopics.reading.languages import language_of
from healthtopics.reading.plain import words_of
from healthtopics.reading.quoting import find_passage

_BRACKETS: Final = re.compile(r"\([^()]*\)")


def check_names(pair: Pair) -> Iterator[Finding]:
    """Yield each medicine and each condition of the English that is another one in the translation."""
    english, language = language_of(SOURCE), language_of(pair.language)
    if english is None or language is None or pair.rule.is_list or pair.language == SOURCE:
        return
    source, target = pair.source_words, pair.target_words
    if not any(group.find(source) for group in english.cognates.values()):
        return
    if "(" in pair.target:  # another medicine with the right one in brackets: `salmeterol (albuterol)`
        source, target = (words_of(_BRACKETS.sub("", text)) for text in (pair.source, pair.target))
    for kind, group in english.cognates.items():
        row = _ROWS.get(kind)
        for name, other in replaced(group, source, target, language.synonyms):
            if row is not None:
                yield row.finding(
                    f"the English says “{name}”, the translation “{other}”.",
                    "Are they two names of one thing? Then dismiss this; else write the one of the English.",
                    english=find_passage(pair.source, name),
                    translation=find_passage(pair.target, other),
                )


MEDICINE_CHANGED: Final = Check("medicine-changed", check_names, needs=Need.WORDS)
CONDITION_CHANGED: Final = Check("condition-changed", check_names, level=Level.WARNING, needs=Need.WORDS)
_ROWS: Final = {"medicines": MEDICINE_CHANGED, "conditions": CONDITION_CHANGED}
