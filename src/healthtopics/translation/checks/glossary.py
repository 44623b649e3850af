"""The words of the glossary: its terms, its acronyms, its names, and the false friends it warns of."""

from collections.abc import Iterator, Sequence

from healthtopics.glossary import Glossary, Hit, Kind, Term, Words
from healthtopics.problems import Level
from healthtopics.translation.checks.values import Finding, Pair

_FEW = 4
"""As many accepted translations as a hint names."""


def check_terms(pair: Pair) -> Iterator[Finding]:
    """Yield terms of the English for which the translation has nothing, something wrong, or the English.

    Synonyms are what readers say, and organisations have names of their own: they are free. Of the title of
    a page elsewhere, which is what it is, only an acronym left in English is told.
    """
    if pair.glossary is None or pair.rule.is_list or pair.rule.is_optional:
        return
    english = Words(pair.source)
    hits = pair.glossary.find(english)
    if not hits:
        return
    wanted: dict[str, list[Hit]] = {}
    for hit in hits:
        wanted.setdefault(hit.term.id, []).append(hit)
    translated = Words(pair.target)
    uses = pair.glossary.find_translations(translated, wanted)
    for found in wanted.values():
        for finding in _judge(found, english, translated, uses, pair.glossary):
            if not pair.rule.languages or finding.check == "acronym-untranslated":
                yield finding


def _judge(
    found: Sequence[Hit], english: Words, translated: Words, uses: Sequence[Hit], glossary: Glossary
) -> Iterator[Finding]:
    """Yield what is wrong with one term; `found` is where it stands in the English."""
    term = found[0].term
    right = {use.start for use in uses if use.term.id == term.id and use.forbidden is None}
    if len(right) >= len(found):
        return  # a word that looks wrong then stands for something else
    words = english.excerpt(found[0])
    wrong = [use for use in uses if use.term.id == term.id and _is_wrong(use, uses)]
    for use in wrong:
        if use.forbidden is not None:
            yield Finding(
                "term-forbidden",
                f"“{translated.excerpt(use)}” stands for “{words}”: {use.forbidden.note}",
                _advice(term),
                Level.WARNING,
            )
    if wrong or right:
        return
    if term.kind is Kind.NAME:
        yield Finding(
            "name-changed",
            f"the name “{words}” is not in the translation.",
            f"{_advice(term)} A name stays as it is written.",
        )
    elif term.kind is Kind.ACRONYM and _stands_in(term, translated):
        yield Finding(
            "acronym-untranslated", f"“{words}” is the English acronym.", _advice(term), Level.WARNING
        )
    elif term.translations:
        yield Finding(
            "term-missing",
            f"nothing in the {glossary.language} text stands for “{words}”.",
            _advice(term),
            Level.WARNING,
        )


def _is_wrong(use: Hit, uses: Sequence[Hit]) -> bool:
    """Tell whether it is a forbidden word, and no part of what the glossary accepts for a term here."""
    return use.forbidden is not None and not any(
        other.forbidden is None and other.start <= use.start and use.end <= other.end for other in uses
    )


def _stands_in(term: Term, translated: Words) -> bool:
    """Tell whether the English itself stands in the translation."""
    places = range(len(translated.written))
    return any(family.end_in(translated.written, at) >= 0 for family in term.english for at in places)


def _advice(term: Term) -> str:
    *others, last = [f"“{words}”" for words in dict.fromkeys(term.suggestions)][:_FEW] or [""]
    choice = f"{', '.join(others)} or {last}" if others else last
    return " ".join(part for part in (f"The glossary has {choice}." if choice else "", term.note) if part)
