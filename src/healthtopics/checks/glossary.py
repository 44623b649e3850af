"""The words of the glossary: its terms, acronyms and names, and the false friends it warns of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.glossary import Glossary, Hit, TermEntry, TermKind, WordSequence
from healthtopics.problems import Level

_FEW = 4
"""The most accepted translations that a hint names."""


def check_terms(pair: Pair) -> Iterator[Finding]:
    """Yield terms of the English that the translation leaves out, translates wrongly or leaves in English.

    Synonyms are what readers say, and organizations have their own names: both are free. In the title of
    another site's page, which cannot be changed, only an acronym left in English is reported.
    """
    if pair.glossary is None or pair.rule.is_list or pair.rule.is_optional:
        return
    english = WordSequence(pair.source)
    wanted: dict[str, Hit] = {}
    for hit in pair.glossary.find(english):
        wanted.setdefault(hit.term.id, hit)
    if wanted:
        yield from _judge(pair, pair.glossary, english, wanted)


def _judge(
    pair: Pair, glossary: Glossary, english: WordSequence, wanted: Mapping[str, Hit]
) -> Iterator[Finding]:
    """Yield what is wrong with the translations of terms, each at its first place in the English."""
    translated = WordSequence(pair.target)
    uses = glossary.find_translations(translated, wanted)
    right = [use for use in uses if use.forbidden is None]
    wrong = [use for use in uses if _is_wrong(use, right, english)]
    settled = {use.term.id for use in (*right, *wrong)}
    missing = [hit for key, hit in wanted.items() if key not in settled]
    if not pair.rule.languages:
        yield from (_forbidden(use, wanted[use.term.id], english, translated) for use in wrong)
    for hit in missing:
        finding = _missing(hit, english, translated)
        if finding and (not pair.rule.languages or finding.row is ACRONYM_UNTRANSLATED):
            yield finding


def _is_wrong(use: Hit, right: Sequence[Hit], english: WordSequence) -> bool:
    """Return whether it is a forbidden word that no other English word here asks for."""
    return (
        use.forbidden is not None
        and not any(other.start <= use.start and use.end <= other.end for other in right)
        and not english.have(use.forbidden.unless)
    )


def _forbidden(use: Hit, hit: Hit, english: WordSequence, translated: WordSequence) -> Finding:
    note = use.forbidden.note if use.forbidden else ""
    return TERM_FORBIDDEN.finding(
        f"“{translated.excerpt(use)}” is used for “{english.excerpt(hit)}”: {note}",
        _advice(hit.term),
        english=english.span(hit.start, hit.end - 1),
        translation=translated.span(use.start, use.end - 1),
    )


def _missing(hit: Hit, english: WordSequence, translated: WordSequence) -> Finding | None:
    """Return the finding for a term without a translation; None if any translation will do."""
    term = hit.term
    if term.kind is TermKind.TERM and not term.translations:
        return None
    place = english.span(hit.start, hit.end - 1)
    words = english.text[slice(*place)]
    if term.kind is TermKind.NAME:
        return NAME_CHANGED.finding(
            f"the name “{words}” is not in the translation.",
            f"{_advice(term)} A name stays as it is written.",
            english=place,
        )
    if term.kind is TermKind.ACRONYM and translated.have(term.english):
        return ACRONYM_UNTRANSLATED.finding(
            f"“{words}” is the English acronym.", _advice(term), english=place
        )
    if term.translations:
        return TERM_MISSING.finding(
            f"nothing in the translation stands for “{words}”.",
            _advice(term),
            english=place,
        )
    return None


def _advice(term: TermEntry) -> str:
    """Return the words that the glossary recommends, and its note for the translator."""
    known = [f"“{words}”" for words in dict.fromkeys(term.suggestions)][:_FEW]
    choice = " or ".join(part for part in (", ".join(known[:-1]), *known[-1:]) if part)
    return " ".join(part for part in (f"The glossary has {choice}." if choice else "", term.note) if part)


TERM_MISSING: Final = Check("term-missing", check_terms, level=Level.INFO, needs=Need.GLOSSARY)
TERM_FORBIDDEN: Final = Check("term-forbidden", check_terms, level=Level.WARNING, needs=Need.GLOSSARY)
ACRONYM_UNTRANSLATED: Final = Check(
    "acronym-untranslated", check_terms, level=Level.WARNING, needs=Need.GLOSSARY
)
NAME_CHANGED: Final = Check("name-changed", check_terms, needs=Need.GLOSSARY)
