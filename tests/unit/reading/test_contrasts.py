"""Each concept accuses, and each excuse excuses: a sentence that passes, and one that does not."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.contrasts import (
    ContrastSet,
    Exchange,
    SaidConcepts,
    contrast_sets,
    exchanged,
    sets_of_concepts,
)
from healthtopics.reading.languages import concept_words_of
from healthtopics.reading.text import read

SPANISH = LanguageTag("es")
ENGLISH_WORDS, SPANISH_WORDS = concept_words_of(SOURCE), concept_words_of(SPANISH)


def said(text: str, language: LanguageTag) -> SaidConcepts:
    return read(text, language).concepts(0, len(text))


@cache
def listed(language: LanguageTag) -> dict[str, list[str]]:
    """Return the words of each concept, idioms not among them."""
    found: dict[str, list[str]] = {}
    words = concept_words_of(language)
    longer = (row for phrases in words.longer.values() for rows in phrases.values() for row in rows)
    for phrase, concepts in [*words.alone.items(), *longer]:
        for concept in concepts:
            found.setdefault(concept, []).append(phrase)
    return found


@cache
def accusers(concept: str, language: LanguageTag) -> list[str]:
    """Return the words of a concept that say nothing else of its set."""
    own = sets_of_concepts()[concept].concepts
    return [
        phrase
        for phrase in listed(language).get(concept, ())
        if [each for each in said(phrase, language).concepts if each in own] == [concept]
    ]


def never(_word: str, _concept: str) -> bool:
    return False


def find(english: str, spanish: str) -> list[Exchange]:
    words = ENGLISH_WORDS, SPANISH_WORDS
    return list(exchanged(said(english, SOURCE), said(spanish, SPANISH), words, (never, never)))


def are_exchanged(english: str, spanish: str, lost: str, come: str) -> bool:
    found = find(english, spanish)
    return (lost, come) in [(each.lost, each.come) for each in found]


def is_excused(text: str, concept: str, language: LanguageTag) -> bool:
    excuse = concept_words_of(language).excuse(concept)
    return excuse.is_in(said(text, language), frozenset(text.split()))


def rivals(concepts: ContrastSet) -> Iterator[tuple[str, str, str, str]]:
    """Yield two concepts that are not near, with an English word of the first, a Spanish one of the other."""
    english = {concept: accusers(concept, SOURCE) for concept in concepts.concepts}
    spanish = {concept: accusers(concept, SPANISH) for concept in concepts.concepts}
    for lost, come in [*pairwise(concepts.concepts), *pairwise(reversed(concepts.concepts))]:
        if {lost, come} not in concepts.near and english[lost] and spanish[come]:
            yield lost, come, english[lost][0], spanish[come][0]


@pytest.mark.parametrize("concepts", contrast_sets(), ids=lambda each: each.name)
def test_a_concept_for_another_is_found_and_the_right_one_is_not(concepts: ContrastSet) -> None:
    pairs = list(rivals(concepts))
    assert pairs or len(concepts.concepts) == 1 or concepts.name == "with_without"
    for lost, come, english, spanish in pairs:
        if not is_excused(english, come, SOURCE) and not is_excused(spanish, lost, SPANISH):
            assert are_exchanged(f"{english}.", f"{spanish}.", lost, come), (english, spanish)
        for right in accusers(lost, SPANISH)[:3]:
            assert not are_exchanged(f"{english}.", f"{right}.", lost, come), (english, right)


@pytest.mark.parametrize("concepts", contrast_sets(), ids=lambda each: each.name)
def test_what_may_translate_a_concept_excuses_it(concepts: ContrastSet) -> None:
    for lost, come, english, spanish in rivals(concepts):
        excuse = SPANISH_WORDS.excuse(lost)
        for word in [*sorted(excuse.words), *excuse.phrases, *(f"{each}xyz" for each in excuse.beginnings)]:
            if come not in said(word, SPANISH).concepts and set(word.split()).isdisjoint(spanish.split()):
                assert not are_exchanged(f"{english}.", f"{spanish}; {word}.", lost, come), (
                    english,
                    spanish,
                    word,
                )


@pytest.mark.parametrize(
    ("english", "spanish", "wanted"),
    [
        ("put the drops in your right ear", "póngase las gotas en el ojo derecho", [("ear", "eye")]),
        ("stop the exercise", "haga ejercicio y suspéndalo", []),
        ("take it after lunch", "tómelo antes del almuerzo", [("after", "before")]),
        ("you may drive", "debe conducir", [("may", "must")]),
        ("the doctor should see it", "debe verlo el médico", []),
        ("less salt and more potassium", "más sal y más potasio", [("less", "more")]),
        ("nothing else", "nada más", []),
    ],
)
def test_concepts_are_counted_in_all_forms(english: str, spanish: str, wanted: list[tuple[str, str]]) -> None:
    found = find(english, spanish)
    assert [(each.lost, each.come) for each in found] == wanted


def test_a_word_that_is_translated_itself_excuses_nothing() -> None:
    english, spanish = "eating more fiber helps prevent it", "comer menos fibra ayuda a evitarlo"
    words = ENGLISH_WORDS, SPANISH_WORDS
    asked: list[tuple[str, str]] = []

    def is_translated(word: str, concept: str) -> bool:
        asked.append((word, concept))
        return word == "prevent"

    found = exchanged(said(english, SOURCE), said(spanish, SPANISH), words, (is_translated, never))
    assert [(each.lost, each.come) for each in found] == [("more", "less")]
    assert asked == [("prevent", "less")]
    assert find(english, spanish) == []
