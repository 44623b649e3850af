import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics import jsontext
from healthtopics.glossary import Glossary, TermKind, WordSequence, glossary_terms, parse_family
from healthtopics.language import LanguageTag
from healthtopics.layout import packaged_glossary

ES = LanguageTag("es")
MISCARRIAGE = {
    "id": "miscarriage",
    "english": ["miscarriage(s)", "miscarr*"],
    "translations": ["aborto(s) espontáneo(s)", "pérdida(s) del embarazo"],
    "forbidden": [{"words": "malparto*", "note": "it is rude.", "unless": ["rude"]}],
}


def glossary(*terms: dict[str, Any]) -> Glossary:
    return Glossary.merge(ES, [{"terms": terms}])


def shipped() -> Glossary:
    return Glossary.merge(ES, [json.loads(packaged_glossary(ES) or b"")])


def found(terms: Glossary, text: str) -> list[tuple[str, str]]:
    words = WordSequence(text)
    return [(hit.term.id, words.excerpt(hit)) for hit in terms.find(words)]


def is_in(family: str, text: str) -> bool:
    return WordSequence(text).have([parse_family(family)])


# ── families ──


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("miscarriage(s)", "A miscarriage."),
        ("miscarriage(s)", "Two MISCARRIAGES"),
        ("vacun*", "las vacunas"),
        ("vacun*", "la vacunación"),
        ("aborto(s) espontáneo(s)", "abortos espontaneos"),
        ("infección(es)", "infecciones"),
        ("aumento ... peso", "un aumento de peso"),
        ("aumento ... peso", "un aumento peso"),
        ("aumento ... peso", "un aumento no muy grande... un aumento de su propio peso"),
        ("VIH", "el VIH."),
        ("D&C", "una D & C"),
        ("x-ray(s)", "X rays"),
        ("Alzheimer's disease", "Alzheimer’s Disease"),
        ("HIV/AIDS", "HIV / AIDS"),
        ("año(s)", "tres años"),
        ("µg", "5 µg"),
        ("niño(s)", "nin\u0303o"),
    ],
)
def test_family_is_in_a_text(family: str, text: str) -> None:
    assert is_in(family, text)


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("miscarriage(s)", "miscarried"),
        ("VIH", "vih"),
        ("AIDS", "hearing aids"),
        ("mole(s)", "molecule"),
        ("año(s)", "el ano"),
        ("aborto espontáneo", "un aborto, espontáneo o no"),
        ("aborto espontáneo", "un aborto (espontáneo)"),
        ("aumento ... peso", "un aumento de su propio y verdadero peso"),
        ("aumento ... peso", "un aumento. El peso"),
        ("aumento ... peso", "un aumento"),
        ("flu", "https://www.example.org/flu/"),
        ("flu", "www.example.org/flu/"),
        ("flu", ""),
    ],
)
def test_family_is_not_in_a_text(family: str, text: str) -> None:
    assert not is_in(family, text)


@pytest.mark.parametrize("text", ["", "a*b", "(s)", "a(s)b", "... a", "a ...", "a  b", "a ( b", "-"])
def test_family_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.\.\."):
        parse_family(text)


@pytest.mark.parametrize(
    ("family", "citation"),
    [("aborto(s) espontáneo(s)", "aborto espontáneo"), ("vacun*", ""), ("aumento ... peso", "")],
)
def test_citation_is_what_a_dictionary_shows(family: str, citation: str) -> None:
    assert parse_family(family).citation == citation


@given(st.text(alphabet="abcñéVIµ9 ", min_size=1).map(lambda text: " ".join(text.split())).filter(bool))
def test_family_of_whole_words_is_in_itself(text: str) -> None:
    assert is_in(text, f"«{text}»")


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    words = WordSequence(text)
    assert all(words.excerpt(hit) in words.text for hit in shipped_once().find(words))


_SHIPPED: list[Glossary] = []


def shipped_once() -> Glossary:
    if not _SHIPPED:
        _SHIPPED.append(shipped())
    return _SHIPPED[0]


# ── terms ──


def test_the_longest_term_counts() -> None:
    terms = glossary({"id": "heart", "english": ["heart"]}, {"id": "attack", "english": ["heart attack(s)"]})
    assert found(terms, "Heart attacks hurt the heart.") == [("attack", "Heart attacks"), ("heart", "heart")]


def test_the_first_of_two_that_overlap_counts() -> None:
    terms = glossary({"id": "b", "english": ["pressure drop"]}, {"id": "a", "english": ["blood pressure"]})
    assert found(terms, "a blood pressure drop") == [("a", "blood pressure")]


def test_a_later_term_replaces_that_of_the_same_id() -> None:
    own = {"id": "miscarriage", "english": ["miscarriage"], "translations": ["pérdida gestacional"]}
    merged = Glossary.merge(ES, [{"terms": [MISCARRIAGE]}, {"terms": [own]}])
    assert [term.suggestions for term in merged.terms] == [["pérdida gestacional"]]


def test_of_equal_english_words_the_later_document_counts() -> None:
    own = {"id": "loss", "english": ["miscarriage"]}
    merged = Glossary.merge(ES, [{"terms": [MISCARRIAGE]}, {"terms": [own]}])
    assert found(merged, "miscarriage") == [("loss", "miscarriage")]


def test_translations_are_found_for_the_terms_that_are_asked_for() -> None:
    terms = glossary(MISCARRIAGE, {"id": "hcg", "english": ["HCG"], "translations": ["GCH"]})
    words = WordSequence("Un malparto, un aborto espontáneo, GCH")
    hits = terms.find_translations(words, {"miscarriage"})
    assert [(words.excerpt(hit), hit.forbidden is not None) for hit in hits] == [
        ("malparto", True),
        ("aborto espontáneo", False),
    ]


def test_a_name_stands_for_itself() -> None:
    (term,) = glossary(
        {"id": "cdc", "kind": "name", "english": ["CDC"], "translations": ["Los Centros"]}
    ).terms
    assert term.suggestions == ["CDC", "Los Centros"]


def test_what_comes_after_the_first_star_is_not_suggested() -> None:
    (term,) = glossary({"id": "a", "english": ["a"], "translations": ["uno", "dos", "tr*", "cuatro"]}).terms
    assert term.suggestions == ["uno", "dos"]


@pytest.mark.parametrize(
    "document",
    [
        MISCARRIAGE,
        {"id": "a", "english": ["a"]},
        {
            "id": "hcg",
            "kind": "acronym",
            "partOfSpeech": "other",
            "english": ["HCG"],
            "translations": ["GCH"],
            "forbidden": [{"words": "HGC", "note": "it is a slip."}],
            "definition": "A hormone.",
            "note": "Spell it out once.",
        },
    ],
)
def test_a_term_goes_back_to_its_document(document: dict[str, Any]) -> None:
    assert jsontext.load(jsontext.dump(glossary(document).to_dict())) == {"terms": [document]}


def test_lines_for_the_translator_name_each_term_once() -> None:
    terms = glossary(
        MISCARRIAGE,
        {"id": "hcg", "english": ["HCG"], "translations": ["GCH"]},
        {"id": "idiom", "english": ["at heart"]},
    )
    text = "HCG falls after a miscarriage. After miscarriages, at heart, HCG stays low."
    assert glossary_terms(terms, text) == ["HCG → GCH", "miscarriage → aborto espontáneo"]


def test_another_process_gets_a_copy_that_finds_the_same() -> None:
    terms = glossary(MISCARRIAGE)
    assert found(terms, "miscarried") == found(pickle.loads(pickle.dumps(terms)), "miscarried")  # noqa: S301 - our own


# ── the packaged one ──


def test_every_english_word_leads_to_its_own_term() -> None:
    terms = shipped()
    lost = [
        (term.id, family.text)
        for term in terms.terms
        for family in term.english
        if family.citation and [hit.term.id for hit in terms.find(WordSequence(family.citation))] != [term.id]
    ]
    assert lost == []


def test_every_preferred_translation_is_accepted_and_none_forbidden() -> None:
    terms = shipped()
    wrong = []
    for term in terms.terms:
        for words in term.suggestions:
            hits = terms.find_translations(WordSequence(words), {term.id})
            if not hits or any(hit.forbidden for hit in hits):
                wrong.append((term.id, words))
    assert wrong == []


def test_names_and_acronyms_are_written_with_capital_letters() -> None:
    plain = [
        term.id
        for term in shipped().terms
        for family in term.english
        if term.kind is not TermKind.TERM and family.text == family.text.lower()
    ]
    assert plain == []
