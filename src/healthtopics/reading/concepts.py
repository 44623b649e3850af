"""Which concepts a text names, in English or in a translation: evidence for what belongs together.

A concept is a term of the packaged glossary or a line of `data/words/<tag>.txt`. The workspace's own glossary
is left out: another entry there must not change how the same file is imported.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from healthtopics import jsontext
from healthtopics.glossary import Glossary, TermEntry, WordSequence, parse_family
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import packaged_glossary
from healthtopics.schema import DATA

_WORDS: Final = "words:"
"""Before the ids of concepts that are lines of words; no term of a glossary has a colon in its id."""


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts that texts in English and one other language can share."""

    glossary: Glossary

    def named(self, text: str, language: LanguageTag) -> tuple[str, ...]:
        """Return the ids of the concepts that a text without markup names, each once, in order."""
        words = WordSequence(text)
        is_english = language == SOURCE
        return self.glossary.terms_of_english(words) if is_english else self.glossary.terms_of(words)

    def are_all_named(self, english: str, translation: str) -> bool:
        """Return whether the translation names what the English does; of overlapping terms, the longest.

        Words that are not in the glossary count if the line has whole families (`prevent*`): translations of
        the others are often free.
        """
        named = {*self.glossary.terms_of(WordSequence(translation))}
        wanted = [hit.term for hit in self.glossary.find(WordSequence(english)) if hit.term.translations]
        return all(
            term.id in named or (term.id.startswith(_WORDS) and not term.id.endswith("*")) for term in wanted
        )


@cache
def concepts_of(language: LanguageTag) -> Concepts:
    """Return the concepts that English and a language share; none if there are no words for it."""
    return Concepts(Glossary(language, (*packaged_terms(language).terms, *_words(language))))


def terms_of_english(english: str, language: LanguageTag) -> frozenset[str]:
    """Return the ids of the terms of an English text that a language has words for."""
    return frozenset(concepts_of(language).glossary.terms_of_english(WordSequence(english)))


def terms_of(text: str, language: LanguageTag) -> frozenset[str]:
    """Return the ids of the terms of a text in a language."""
    return frozenset(concepts_of(language).glossary.terms_of(WordSequence(text)))


@cache
def packaged_terms(language: LanguageTag) -> Glossary:
    """Return the packaged glossary of a language; empty if there is none."""
    glossary = packaged_glossary(language)
    return Glossary.merge(language, [jsontext.parse(glossary, "glossary.json")] if glossary else [])


def _words(language: LanguageTag) -> tuple[TermEntry, ...]:
    path = DATA / "words" / f"{language}.txt"
    if not path.is_file():
        return ()
    lines = path.read_text("utf-8").splitlines()
    return tuple(_entry(line) for line in lines if line and not line.startswith("#"))


def _entry(line: str) -> TermEntry:
    english, translations = (tuple(map(parse_family, side.split(", "))) for side in line.split(" = "))
    return TermEntry(id=_WORDS + english[0].text, english=english, translations=translations)
