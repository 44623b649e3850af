"""Words that the language does not have."""

import re
from collections.abc import Container, Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.layout import known_words_path
from healthtopics.problems import Level
from healthtopics.reading.languages import language_of
from healthtopics.reading.quoting import quote
from healthtopics.reading.spelling import CHECKED, is_cognate_of_any, speller_of

_BEFORE: Final = re.compile(r"([^\W\d_]+) $")


def check_spelling(pair: Pair) -> Iterator[Finding]:
    """Yield each word that no dictionary, rule or English word explains; names and quotations are skipped."""
    language = language_of(pair.language)
    if language is None or language.spelling is None or pair.is_name:
        return
    own = pair.glossary.known_words if pair.glossary else frozenset[str]()
    speller = speller_of(pair.language, language.spelling, own)
    if speller is None or not speller.may_doubt(pair.unquoted):
        return
    seen: set[str] = set()
    for match in CHECKED.finditer(pair.unquoted):
        word = match[0]
        if word in seen or word in pair.source_words:
            continue
        if speller.knows(word):
            # Without its accent it may be another word of the dictionary: only a determiner tells.
            if _follows(pair, match, language.spelling.determiners) and speller.lacks_accent(word):
                seen.add(word)
                yield _unknown(pair, match)
            continue
        seen.add(word)
        is_cognate = is_cognate_of_any(word, pair.source_words)
        if speller.is_slip(word) if is_cognate else speller.is_near_known(word):
            yield _unknown(pair, match)


def _follows(pair: Pair, match: re.Match[str], words: Container[str]) -> bool:
    before = _BEFORE.search(pair.unquoted, max(0, match.start() - 12), match.start())
    return before is not None and before[1].lower() in words


def _unknown(pair: Pair, match: re.Match[str]) -> Finding:
    return WORD_UNKNOWN.finding(
        f"“{match[0]}” is not a known word there: {quote(pair.target, *match.span())}.",
        f"Is it spelt right? If so, add it to {known_words_path(pair.language)}, or dismiss this.",
        translation=match.span(),
    )


WORD_UNKNOWN: Final = Check("word-unknown", check_spelling, level=Level.WARNING, needs=Need.PROSE)
