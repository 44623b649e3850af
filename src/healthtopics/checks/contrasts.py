"""Concepts that the translation replaces by others that exclude them: ear and eye, may and must."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.contrasts import exchanged
from healthtopics.reading.languages import language_of
from healthtopics.reading.text import Sentence

_Span: TypeAlias = tuple[int, int]


def check_contrasts(pair: Pair) -> Iterator[Finding]:
    """Yield each concept that is another one of its set, sentence by sentence if both have as many."""
    english, language = language_of(SOURCE), language_of(pair.language)
    if english is None or language is None or pair.language == SOURCE or pair.rule.is_list or pair.is_name:
        return
    if not english.contrasts.accuse(pair.source_words) or not language.contrasts.accuse(pair.target_words):
        return
    found = pair.comparison
    for own, other in _aligned(pair, found.source.sentences, found.target.sentences):
        said = english.contrasts.read(found.source.low, *own)
        there = language.contrasts.read(found.target.low, *other)
        for lost, come in exchanged(said, there):
            yield CONTRAST_CHANGED.finding(
                f"{found.source.quote(*said.surely[lost])} of the English is not in the translation,"
                f" which says {found.target.quote(*there.surely[come])}.",
                "Do both texts mean the same? If they do, in other words, dismiss this.",
            )


def _aligned(
    pair: Pair, source: Sequence[Sentence], target: Sequence[Sentence]
) -> Sequence[tuple[_Span, _Span]]:
    if len(source) == len(target) and pair.rule.markup != "block":
        return [
            ((own.start, own.end), (other.start, other.end))
            for own, other in zip(source, target, strict=True)
        ]
    return [((source[0].start, source[-1].end), (target[0].start, target[-1].end))]


CONTRAST_CHANGED: Final = Check("contrast-changed", check_contrasts, level=Level.WARNING, needs=Need.WORDS)
