"""Words that narrow or widen what is said, and are easily dropped: only, even if, both ears."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from healthtopics.checks.comparison import compare
from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.lexicon import split
from healthtopics.reading.text import Reading
from healthtopics.reading.tokens import WORDS, is_known


def check_said(pair: Pair) -> Iterator[Finding]:
    """Yield each such word of which the translation says nothing."""
    rule = pair.rule
    if not is_known(pair.language) or pair.language == SOURCE or rule.is_list or pair.is_name:
        return
    found = compare(pair)
    wanted = _patterns(SOURCE)
    accepted = _patterns(pair.language.partition("-")[0])
    for name, pattern in wanted.items():
        match = pattern.search(found.source.low)
        if match is None or name not in accepted or accepted[name].search(found.target.low):
            continue
        if name == "only" and _denials(found.target) > _denials(found.source):
            continue  # `only A` may be `no B`
        yield WORD_LOST.finding(
            f"{found.source.quote(*match.span())} of the English is not said in the translation.",
            "Say it too; where the sentence says the same without the word, dismiss this.",
        )


def _denials(reading: Reading) -> int:
    return sum(len(sentence.denials) + len(sentence.exceptions) for sentence in reading.sentences)


@cache
def _patterns(primary: str) -> Mapping[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?<![^\W_])(?<!not )(?:{'|'.join(map(re.escape, split(phrases)))})(?![^\W_])")
        for name, phrases in WORDS[primary].musts.items()
    }


WORD_LOST: Final = Check("word-lost", check_said, level=Level.WARNING, needs=Need.WORDS)
