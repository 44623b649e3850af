"""Words that narrow or widen a statement and are easily dropped: only, even if, both ears, at once."""

from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.languages import language_of
from healthtopics.reading.text import Reading


def check_said(pair: Pair) -> Iterator[Finding]:
    """Yield each such word that has no counterpart in the translation."""
    rule = pair.rule
    english, language = language_of(SOURCE), language_of(pair.language)
    if english is None or language is None or pair.language == SOURCE or rule.is_list or pair.is_name:
        return
    found = pair.comparison
    low = found.source.low
    for name in dict.fromkeys([name for word, name in english.must_words if word in low]):
        match, accepted = english.musts[name].search(low), language.musts.get(name)
        if match is None or accepted is None or accepted.search(found.target.low):
            continue
        if name == "only" and _denials(found.target) > _denials(found.source):
            continue  # `only A` may be `no B`
        yield WORD_LOST.finding(
            f"{found.source.quote(*match.span())} of the English is not said in the translation.",
            "Is it said in other words? If so, dismiss this; if not, say it, too.",
            Level.ERROR if rule.is_critical else Level.WARNING,
            english=match.span(),
        )


def _denials(reading: Reading) -> int:
    return sum(len(sentence.denials) + len(sentence.exceptions) for sentence in reading.sentences)


WORD_LOST: Final = Check("word-lost", check_said, level=Level.WARNING, needs=Need.WORDS)
