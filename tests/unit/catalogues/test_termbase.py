import csv
import io
import json
from typing import Any

import pytest
from lxml import etree

from healthtopics.catalogues.termbase import to_csv, to_tbx, to_weblate
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.layout import packaged_glossary

ES = LanguageTag("es")
TERMS: list[dict[str, Any]] = [
    {
        "id": "miscarriage",
        "english": ["miscarriage(s)", "spontaneous abortion", "miscarr*"],
        "translations": ["aborto(s) espontáneo(s)", "pérdida del embarazo", "perd* ... embarazo*"],
        "forbidden": [
            {"words": "aborto(s) inducido(s)", "note": "it is on purpose."},
            {"words": "malpart*", "note": "it is rude."},
        ],
        "definition": "A pregnancy that ends by itself.",
        "note": "Say “espontáneo”; <once> is enough.",
    },
    {"id": "hcg", "kind": "acronym", "english": ["HCG"], "translations": ["GCH"]},
    {"id": "cdc", "kind": "name", "english": ["CDC"]},
    {"id": "severe", "partOfSpeech": "adjective", "english": ["severe"]},
]
GLOSSARY = Glossary.merge(ES, [{"terms": TERMS}])
SHIPPED = Glossary.merge(ES, [json.loads(packaged_glossary(ES) or b"")])
NAMESPACES = {"t": "urn:iso:std:iso:30042:ed-2"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def rows(glossary: Glossary) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(glossary).decode("utf-8-sig"), newline="")))


def concepts(glossary: Glossary) -> dict[str, etree._Element]:
    root = etree.fromstring(to_tbx(glossary))
    return {str(each.get("id")): each for each in root.findall(".//t:conceptEntry", NAMESPACES)}


def terms_of(concept: etree._Element, language: str) -> list[tuple[str | None, dict[str, str]]]:
    (section,) = [each for each in concept.findall("t:langSec", NAMESPACES) if each.get(LANGUAGE) == language]
    return [
        (
            each.findtext("t:term", namespaces=NAMESPACES),
            {str(note.get("type")): note.text or "" for note in each.findall("t:termNote", NAMESPACES)},
        )
        for each in section.findall("t:termSec", NAMESPACES)
    ]


def test_weblate_gets_a_row_for_each_english_word() -> None:
    assert to_weblate(GLOSSARY).decode().splitlines() == [
        "source,target",
        "miscarriage,aborto espontáneo",
        "spontaneous abortion,aborto espontáneo",
        "HCG,GCH",
        "CDC,CDC",
    ]


def test_csv_has_a_row_a_term() -> None:
    assert [row["id"] for row in rows(GLOSSARY)] == ["miscarriage", "hcg", "cdc", "severe"]
    assert rows(GLOSSARY)[0] == {
        "id": "miscarriage",
        "kind": "term",
        "part of speech": "noun",
        "english": "miscarriage",
        "other english": "spontaneous abortion",
        "translation": "aborto espontáneo",
        "other translations": "pérdida del embarazo",
        "forbidden": "aborto inducido",
        "definition": "A pregnancy that ends by itself.",
        "note": "Say “espontáneo”; <once> is enough.",
    }
    assert [row["translation"] for row in rows(GLOSSARY)[1:]] == ["GCH", "CDC", ""]


def test_tbx_says_the_status_of_each_word() -> None:
    concept = concepts(GLOSSARY)["miscarriage"]
    assert terms_of(concept, "en") == [
        ("miscarriage", _notes("preferred")),
        ("spontaneous abortion", _notes("admitted")),
    ]
    assert terms_of(concept, "es") == [
        ("aborto espontáneo", _notes("preferred")),
        ("pérdida del embarazo", _notes("admitted")),
        (
            "aborto inducido",
            {"partOfSpeech": "noun", "administrativeStatus": "deprecatedTerm-admn-sts"},
        ),
    ]
    assert concept.findtext("t:descrip[@type='definition']", namespaces=NAMESPACES) == TERMS[0]["definition"]
    assert concept.findtext("t:note", namespaces=NAMESPACES) == TERMS[0]["note"]


def _notes(status: str) -> dict[str, str]:
    return {
        "partOfSpeech": "noun",
        "administrativeStatus": f"{status}Term-admn-sts",
        "termType": "fullForm",
    }


def test_tbx_knows_acronyms_and_a_term_without_translation() -> None:
    found = concepts(GLOSSARY)
    assert [notes["termType"] for _words, notes in terms_of(found["hcg"], "es")] == ["acronym"]
    assert [words for words, _notes in terms_of(found["cdc"], "es")] == ["CDC"]
    assert len(found["severe"].findall("t:langSec", NAMESPACES)) == 1


@pytest.mark.parametrize("glossary", [GLOSSARY, SHIPPED], ids=["small", "shipped"])
def test_tbx_has_the_structure_of_tbx_basic(glossary: Glossary) -> None:
    """ISO 30042:2019 §§ on the core structure; the values that the dialect TBX-Basic allows."""
    root = etree.fromstring(to_tbx(glossary))
    assert root.tag == f"{{{NAMESPACES['t']}}}tbx"
    assert (root.get("type"), root.get("style"), root.get(LANGUAGE)) == ("TBX-Basic", "dca", "en")
    assert [etree.QName(each).localname for each in root] == ["tbxHeader", "text"]
    assert root.find("t:tbxHeader/t:fileDesc/t:sourceDesc/t:p", NAMESPACES) is not None
    found = concepts(glossary)
    assert len(found) == len(glossary.terms)
    for concept in found.values():
        languages = [each.get(LANGUAGE) for each in concept.findall("t:langSec", NAMESPACES)]
        assert languages in (["en"], ["en", "es"])
        for each in concept.iterfind("t:langSec/t:termSec", NAMESPACES):
            assert etree.QName(each[0]).localname == "term"
            assert (each[0].text or "").strip()
    allowed = {
        "partOfSpeech": {"noun", "verb", "adjective", "adverb", "other"},
        "administrativeStatus": {
            f"{status}Term-admn-sts" for status in ("preferred", "admitted", "deprecated")
        },
        "termType": {"fullForm", "acronym"},
    }
    for note in root.iterfind(".//t:termNote", NAMESPACES):
        assert note.text in allowed[str(note.get("type"))]


def test_every_term_of_the_shipped_glossary_has_its_row() -> None:
    assert [row["id"] for row in rows(SHIPPED)] == [term.id for term in SHIPPED.terms]
    assert all(row["english"] for row in rows(SHIPPED))
