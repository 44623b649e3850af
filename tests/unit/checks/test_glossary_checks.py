from typing import Any

import pytest

from healthtopics.checks.glossary import check_terms
from healthtopics.checks.values import Finding, Pair
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.schema import MessageRule

ES = LanguageTag("es")
PLAIN = MessageRule("heading", "A heading.")
MARKED = MessageRule("paragraph", "A paragraph.", markup="inline")
SECTION = MessageRule("section", "A text.", markup="block", unit="section")
PAGE = MessageRule("resource-title", "A page.", languages="links")
LIST = MessageRule("also-called", "Names.", is_list=True)
OPTIONAL = MessageRule("organization", "A name.", is_optional=True)

TERMS: list[dict[str, Any]] = [
    {
        "id": "miscarriage",
        "english": ["miscarriage(s)"],
        "translations": ["aborto(s) espontáneo(s)", "pérdida del embarazo"],
        "forbidden": [
            {"words": "malparto(s)", "note": "many find it rude."},
            {"words": "aborto(s)", "note": "it may be one on purpose.", "unless": ["abortion(s)"]},
        ],
        "note": "Say it in full once.",
    },
    {"id": "hcg", "kind": "acronym", "english": ["HCG"], "translations": ["GCH"]},
    {"id": "cdc", "kind": "name", "english": ["CDC"], "translations": ["centros de control*"]},
    {"id": "soap", "english": ["soap"], "forbidden": [{"words": "sopa(s)", "note": "it means soup."}]},
]
GLOSSARY = Glossary.merge(ES, [{"terms": TERMS}])


def found(english: str, spanish: str, rule: MessageRule = PLAIN) -> list[Finding]:
    return list(check_terms(Pair(rule, english, spanish, language=ES, glossary=GLOSSARY)))


def ids(english: str, spanish: str, rule: MessageRule = PLAIN) -> list[str]:
    return [finding.check for finding in found(english, spanish, rule)]


def test_a_finding_quotes_the_words_and_lists_what_is_accepted() -> None:
    (finding,) = found("After Miscarriages, rest.", "Después de los Malpartos, descanse.")
    assert finding.message == "“Malpartos” is used for “Miscarriages”: many find it rude."
    assert finding.hint == (
        "The glossary has “aborto espontáneo” or “pérdida del embarazo”. Say it in full once."
    )


@pytest.mark.parametrize(
    ("english", "spanish", "expected"),
    [
        ("A miscarriage.", "Un aborto espontáneo.", []),
        ("A miscarriage.", "Nada.", ["term-missing"]),
        ("A miscarriage.", "Un aborto.", ["term-forbidden"]),
        ("A miscarriage.", "Un aborto espontáneo, un malparto.", ["term-forbidden"]),
        ("A miscarriage or an abortion.", "Un aborto espontáneo o un aborto.", []),
        ("HCG", "GCH", []),
        ("HCG", "HCG", ["acronym-untranslated"]),
        ("HCG", "La GCH (HCG en inglés)", []),
        ("HCG", "la hormona", ["term-missing"]),
        ("The CDC", "Los CDC", []),
        ("The CDC", "Los Centros de Control", []),
        ("The CDC", "Los CCE", ["name-changed"]),
        ("Use soap.", "Use jabón.", []),
        ("Use soap.", "Use sopa.", ["term-forbidden"]),
        ("Miscarriage and HCG, says the CDC.", "Nada.", ["term-missing", "term-missing", "name-changed"]),
    ],
)
def test_what_is_found(english: str, spanish: str, expected: list[str]) -> None:
    assert ids(english, spanish) == expected


def test_markup_is_not_read() -> None:
    english = 'A <a href="https://example.org/CDC">miscarriage</a> &amp; rest.'
    assert ids(english, "Un aborto <em>espontáneo</em> &amp; reposo.", MARKED) == []
    assert ids("<p>HCG</p>\n<p>CDC</p>", "<p>CDC</p>", SECTION) == ["term-missing"]


@pytest.mark.parametrize("rule", [LIST, OPTIONAL])
def test_synonyms_and_names_of_organizations_are_free(rule: MessageRule) -> None:
    assert ids("Miscarriage, HCG, CDC, soap", "Malparto, HCG, sopa", rule) == []


def test_in_the_title_of_a_page_only_an_english_acronym_is_reported() -> None:
    assert ids("Miscarriage, HCG, CDC, soap", "Malparto, HCG, sopa", PAGE) == ["acronym-untranslated"]
    assert ids("HCG", "Una hormona", PAGE) == []


def test_without_a_glossary_nothing_is_asked() -> None:
    assert list(check_terms(Pair(PLAIN, "A miscarriage.", "Nada."))) == []
