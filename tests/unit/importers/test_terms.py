from typing import Any

import pytest

from healthtopics.importers.medlineplus.record import Institute, Record, RecordReference, SiteLink
from healthtopics.importers.medlineplus.terms import (
    CATEGORIES,
    GROUPS,
    ORGANIZATIONS,
    Survey,
    VocabularyKeys,
    is_shown,
)
from healthtopics.language import LanguageTag
from healthtopics.topic import LocalizedTerm, Text

EN, ES = LanguageTag("en"), LanguageTag("es")


def site(
    url: str, categories: tuple[str, ...], organizations: tuple[str, ...] = (), twin: str = ""
) -> SiteLink:
    return SiteLink(
        title=url,
        url=f"https://example.org/{url}",
        twin_url=f"https://example.org/{twin}" if twin else "",
        categories=categories,
        organizations=organizations,
        descriptions=(),
    )


def record(language: LanguageTag, *sites: SiteLink, **more: Any) -> Record:
    empty: dict[str, Any] = {
        "id": "1", "title": "Pain", "url": "", "description": "", "created": "", "line": 1, "summary": None,
        "twin": None, "institute": None, "also_called": (), "see_references": (), "groups": (), "mesh": (),
        "other_languages": (), "related": (),
    }  # fmt: skip
    return Record(language=language, sites=sites, **{**empty, **more})


def term(key: str, **labels: str) -> LocalizedTerm:
    return LocalizedTerm(
        id=key, label=Text(labels["en"]), labels={LanguageTag(tag): text for tag, text in labels.items()}
    )


KNOWN = {
    CATEGORIES: {
        "start-here": term("start-here", en="Start Here", es="Comience aquí"),
        "encyclopedia": term("encyclopedia", en="Medical Encyclopedia"),
    },
    ORGANIZATIONS: {"nih": term("nih", en="National Institutes of Health")},
    GROUPS: {},
}


def settle(
    *pairs: tuple[Record, Record | None],
    known: dict[str, str] | None = None,
    ours: dict[str, set[str]] | None = None,
) -> VocabularyKeys:
    survey = Survey()
    for english, spanish in pairs:
        survey.add(english, spanish)
    return survey.settle(KNOWN, known or {}, ours or {})


def test_words_that_the_vocabulary_has_keep_their_keys_in_either_language() -> None:
    terms = settle(
        (
            record(EN, site("a", ("Start Here", "Encyclopedia"), ("National Institutes of Health",))),
            record(ES, site("b", ("Comience aquí",))),
        )
    )
    assert terms.category("Start Here") == terms.category("Comience aquí") == "start-here"
    assert terms.category("Encyclopedia") == "encyclopedia"
    assert terms.organization("National Institutes of Health") == "nih"
    assert not terms.entries


def test_names_beside_one_another_are_a_label_and_its_translation() -> None:
    terms = settle(
        (
            record(EN, site("a", ("Specifics", "Start Here"), ("Mayo Clinic",), "b")),
            record(ES, site("b", ("Comience aquí", "Asuntos específicos"), ("Clínica Mayo",))),
        )
    )
    # Two names on each side tell nothing of which belongs to which.
    assert terms.category("Asuntos específicos") != terms.category("Specifics")
    assert terms.organization("Clínica Mayo") == terms.organization("Mayo Clinic") == "mayo-clinic"
    assert terms.spanish == {"Mayo Clinic": "Clínica Mayo"}


def test_the_majority_decides_and_a_tie_does_not() -> None:
    def pair(english: str, spanish: str) -> tuple[Record, Record]:
        return record(EN, site("a", (english,), (), "b")), record(ES, site("b", (spanish,)))

    terms = settle(*[pair("Specifics", "Asuntos específicos")] * 3, pair("Genetics", "Asuntos específicos"))
    assert terms.category("Asuntos específicos") == terms.category("Specifics")
    tied = settle(*[pair("Specifics", "Asuntos específicos"), pair("Genetics", "Asuntos específicos")] * 3)
    assert tied.category("Asuntos específicos") == "asuntos-especificos"
    assert {
        "id": "asuntos-especificos",
        "label": {"text": "Asuntos específicos", "language": "es"},
    } in tied.entries[CATEGORIES]


@pytest.mark.parametrize("votes", [1, 2])
def test_a_link_or_two_do_not_make_categories_counterparts(votes: int) -> None:
    pair = (
        record(EN, site("a", ("Encyclopedia",), (), "b")),
        record(ES, site("b", ("Más información",)), site("c", ("Más información",))),
    )
    terms = settle(*[pair] * votes)
    assert terms.category("Más información") == "mas-informacion"
    assert terms.spanish == {}


def test_categories_that_were_once_taken_for_counterparts_part_again() -> None:
    pair = (record(EN, site("a", ("Genetics",), (), "b")), record(ES, site("b", ("Más información",))))
    earlier = {"categories/Genetics": "genetics", "categories/Más información": "genetics"}
    terms = settle(pair, known=earlier)
    assert terms.category("Genetics") == "genetics"
    assert terms.category("Más información") == "mas-informacion"


def test_groups_pair_by_their_id_and_have_the_english_address() -> None:
    terms = settle(
        (
            record(EN, groups=(RecordReference("2", "Digestive System", "https://example.org/en"),)),
            record(ES, groups=(RecordReference("2", "Sistema digestivo", "https://example.org/es"),)),
        )
    )
    assert terms.entries[GROUPS] == [
        {"id": "digestive-system", "label": "Digestive System", "url": "https://example.org/en"}
    ]
    assert terms.spanish == {"Digestive System": "Sistema digestivo"}
    assert terms.group("2") == "digestive-system"


def test_an_institute_is_an_organization_with_its_address() -> None:
    terms = settle((record(EN, institute=Institute("Institute of Aging", "https://nia.example.org/")), None))
    assert terms.entries[ORGANIZATIONS] == [
        {"id": "institute-of-aging", "name": "Institute of Aging", "url": "https://nia.example.org/"}
    ]


def test_an_institute_keeps_its_address_for_readers_of_spanish() -> None:
    english = record(EN, institute=Institute("Institute of Aging", "https://nia.example.org/"))
    spanish = record(ES, institute=Institute("Instituto del Envejecimiento", "https://example.org/es#NIA"))
    terms = settle((english, spanish), (english, english))
    assert terms.entries[ORGANIZATIONS] == [
        {
            "id": "institute-of-aging",
            "name": "Institute of Aging",
            "url": "https://nia.example.org/",
            "urls": {"es": "https://example.org/es#NIA"},
        }
    ]


def test_a_key_once_given_stays() -> None:
    given = settle(
        (record(EN, site("a", ("Start Here",), ("Old Name",))), None),
        known={"organizations/Old Name": "first-name"},
    )
    assert given.organization("Old Name") == "first-name"
    assert given.entries[ORGANIZATIONS] == [{"id": "first-name", "name": "Old Name"}]


def test_a_word_of_the_vocabulary_does_not_become_ours_the_next_time() -> None:
    pair = (record(EN, site("a", ("Start Here", "Specifics"))), None)
    first = settle(pair)
    again = settle(
        pair, known=first.known, ours={CATEGORIES: {entry["id"] for entry in first.entries[CATEGORIES]}}
    )
    assert again.entries == first.entries
    assert [entry["id"] for entry in again.entries[CATEGORIES]] == ["specifics"]


def test_technical_categories_are_not_shown() -> None:
    assert not is_shown("NON-DISPLAY (Patient Handout)")
    assert not is_shown("Spanish/Español")
    assert is_shown("Start Here")
