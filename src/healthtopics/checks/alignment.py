"""Which sentence of a translation says what which one of the English says."""

from collections.abc import Sequence
from functools import cached_property

from healthtopics.checks.comparison import Comparison
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.concepts import terms_of, terms_of_english
from healthtopics.reading.contrasts import Exchange, SaidConcepts, exchanged
from healthtopics.reading.languages import concept_words_of
from healthtopics.reading.text import Sentence


class Aligned:
    """A sentence of the English and that of the translation, or the whole of both texts."""

    def __init__(self, found: Comparison, source: Sentence, target: Sentence, language: LanguageTag) -> None:
        self.found, self.source, self.target, self.language = found, source, target, language

    @cached_property
    def said(self) -> tuple[SaidConcepts, SaidConcepts]:
        """The concepts of both."""
        return (
            self.found.source.concepts(self.source.start, self.source.end),
            self.found.target.concepts(self.target.start, self.target.end),
        )

    @cached_property
    def exchanges(self) -> Sequence[Exchange]:
        """The concepts of the English that are others of their sets in the translation."""
        source, target = self.said
        if not source.concepts or not target.concepts:
            return ()
        words = concept_words_of(SOURCE), concept_words_of(self.language)
        return tuple(
            exchanged(source, target, words, (self._is_translated_otherwise, self._translates_another))
        )

    def is_translated(self, word: str) -> bool:
        """Return whether the translation has a counterpart for a word of the English, by a list of words."""
        terms = terms_of_english(word, self.language)
        return bool(terms) and not terms.isdisjoint(terms_of(self.target_text, self.language))

    def translates(self, word: str) -> bool:
        """Return whether a word of the translation is the counterpart of one of the English."""
        terms = terms_of(word, self.language)
        return bool(terms) and not terms.isdisjoint(terms_of_english(self.source_text, self.language))

    def _is_translated_otherwise(self, word: str, concept: str) -> bool:
        """Return whether the translation has a counterpart that does not say the concept."""
        terms = terms_of_english(word, self.language)
        return bool(terms) and not terms.isdisjoint(terms_of(_without(self.said[1], concept), self.language))

    def _translates_another(self, word: str, concept: str) -> bool:
        """Return whether the English has a counterpart that does not say the concept."""
        terms = terms_of(word, self.language)
        return bool(terms) and not terms.isdisjoint(
            terms_of_english(_without(self.said[0], concept), self.language)
        )

    @property
    def source_text(self) -> str:
        """The English, in lower case."""
        return self.found.source.low[self.source.start : self.source.end]

    @property
    def target_text(self) -> str:
        """The translation, in lower case."""
        return self.found.target.low[self.target.start : self.target.end]


def _without(said: SaidConcepts, concept: str) -> str:
    """Return a passage without the words that say a concept."""
    text = said.text
    for start, end in said.concepts[concept]:
        text = f"{text[: start - said.start]}{' ' * (end - start)}{text[end - said.start :]}"
    return text


def is_denial(aligned: Aligned, each: Exchange) -> bool:
    """Return whether one of the two is a negation itself: never, without."""
    source, target = aligned.said
    return any(place in aligned.source.denials for place in source.concepts[each.lost]) or any(
        place in aligned.target.denials for place in target.concepts[each.come]
    )


def align(found: Comparison, language: LanguageTag, *, is_free: bool) -> Sequence[Aligned]:
    """Align the sentences of two texts if both have as many; a free text need not have their order."""
    source, target = found.source.sentences, found.target.sentences
    if len(source) != len(target) or is_free:
        source, target = [_whole(source)], [_whole(target)]
    return [Aligned(found, own, other, language) for own, other in zip(source, target, strict=True)]


def _whole(sentences: Sequence[Sentence]) -> Sentence:
    if len(sentences) == 1:
        return sentences[0]
    whole = Sentence(0, sentences[-1].end)
    for sentence in sentences:
        whole.denials += sentence.denials
        whole.firm += sentence.firm
        whole.vague += sentence.vague
        whole.exceptions += sentence.exceptions
        whole.substitutes += sentence.substitutes
        whole.echoes += sentence.echoes
        whole.orphans += sentence.orphans
        whole.late += sentence.late
    return whole
