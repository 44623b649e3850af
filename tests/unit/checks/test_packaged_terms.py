"""Each term of the packaged Spanish glossary is proved by sentences of tests/examples/terms.

`{"pairs": [{"english", "right": […], "wrong": {term: […]}}]}`: nothing is found in a right translation; in a
wrong one, a finding names the words of that term. Dropping a file in is adding tests.
"""

import json
from functools import cache
from typing import Any

import pytest

from healthtopics.checks.english_left import check_english
from healthtopics.checks.glossary import check_terms
from healthtopics.checks.register import check_register
from healthtopics.checks.values import Finding, Pair
from healthtopics.glossary import Family, Glossary, Hit, TermEntry, TermKind, WordSequence, parse_family
from healthtopics.language import LanguageTag
from healthtopics.layout import packaged_glossary
from healthtopics.schema import MessageRule
from support.samples import ROOT

ES = LanguageTag("es")
SENTENCE = MessageRule("paragraph", "A paragraph.")
PAIRS: list[dict[str, Any]] = [
    pair
    for path in sorted((ROOT / "tests/examples/terms").glob("*.json"))
    for pair in json.loads(path.read_text(encoding="utf-8"))["pairs"]
]
RIGHT = [(pair["english"], text) for pair in PAIRS for text in pair["right"]]
WRONG = [
    (pair["english"], term, text)
    for pair in PAIRS
    for term, texts in pair.get("wrong", {}).items()
    for text in texts
]


@cache
def glossary() -> Glossary:
    return Glossary.merge(ES, [json.loads(packaged_glossary(ES) or b"")])


def found(english: str, spanish: str) -> list[Finding]:
    return list(check_terms(Pair(SENTENCE, english, spanish, language=ES, glossary=glossary())))


def places(english: str) -> dict[str, list[Hit]]:
    """Return the places of each term in an English text."""
    hits: dict[str, list[Hit]] = {}
    for hit in glossary().find(WordSequence(english)):
        hits.setdefault(hit.term.id, []).append(hit)
    return hits


def uses(spanish: str, term: str) -> list[Hit]:
    return glossary().find_translations(WordSequence(spanish), {term})


def has_forms(term: TermEntry) -> bool:
    families = (*term.english, *term.accepted)
    return (
        len(term.english) > 1
        or len(term.accepted) > 1
        or any(each.text != each.citation for each in families)
    )


def is_inflected(text: str, hits: list[Hit], families: tuple[Family, ...]) -> bool:
    """Return whether a form in the text is not the one that a dictionary would show."""
    words = WordSequence(text)
    first = parse_family(families[0].citation) if families else None
    return any(
        hit.forbidden is None and first is not None and first.end_in(words.written, hit.start) != hit.end
        for hit in hits
    )


@pytest.mark.parametrize(("english", "spanish"), RIGHT)
def test_a_right_translation_is_left_alone(english: str, spanish: str) -> None:
    assert found(english, spanish) == []


@pytest.mark.parametrize(("english", "term", "spanish"), WRONG)
def test_a_wrong_translation_of_a_term_is_found(english: str, term: str, spanish: str) -> None:
    words = WordSequence(english).excerpt(places(english)[term][0])
    assert [finding for finding in found(english, spanish) if f"“{words}”" in finding.message]


def test_every_sentence_has_at_least_six_words() -> None:
    assert [pair["english"] for pair in PAIRS if len(pair["english"].split()) < 6] == []


def test_every_term_is_in_a_sentence() -> None:
    proved = {term for pair in PAIRS for term in places(pair["english"])}
    assert [term.id for term in glossary().terms if term.id not in proved] == []


def test_every_term_that_has_several_forms_is_proved_by_another_than_the_first() -> None:
    proved = {
        term
        for english, spanish in RIGHT
        for term, hits in places(english).items()
        if is_inflected(english, hits, hits[0].term.english)
        or is_inflected(spanish, uses(spanish, term), hits[0].term.accepted)
    }
    several = [term.id for term in glossary().terms if term.kind is not TermKind.NAME and has_forms(term)]
    assert [term for term in several if term not in proved] == []


def test_no_word_that_is_recommended_is_taken_for_english_or_for_another_way_to_address_readers() -> None:
    suggested = [
        Pair(SENTENCE, f"Ask about {term.english[0].citation}.", f"Pregunte por {words}.", language=ES)
        for term in glossary().terms
        for words in term.suggestions
    ]
    mixed = [pair.target for pair in suggested if [*check_english(pair), *check_register(pair)]]
    assert mixed == []


def test_every_forbidden_word_is_refused_in_a_sentence() -> None:
    refused = {
        (term, use.forbidden.family.text)
        for english, term, spanish in WRONG
        for use in uses(spanish, term)
        if use.forbidden and "term-forbidden" in {finding.check for finding in found(english, spanish)}
    }
    forbidden = [(term.id, each.family.text) for term in glossary().terms for each in term.forbidden]
    assert [each for each in forbidden if each not in refused] == []
