from healthtopics.catalogue import IDENTITY, Catalogue, Key, Message
from healthtopics.catalogues.template import extract_terms
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.schema import packaged, plan_messages
from healthtopics.topic import Coverage, Text, TextState
from healthtopics.translation.terms import localize_terms
from healthtopics.vocabulary import Vocabulary
from support.documents import own, vocabulary

PLAN = plan_messages(packaged("vocabulary.schema.json"))
ES, FR = LanguageTag("es"), LanguageTag("fr")

WORDS = vocabulary(
    groups=[
        {"id": "lungs", "label": "Lungs", "definition": "Of breathing."},
        {"id": "skin", "label": "Skin"},
    ],
    organizations=[
        {
            "id": "nih",
            "name": "NIH",
            "url": "https://www.nih.gov/",
            "type": "GovernmentOrganization",
            "parent": "us",
        }
    ],
    notices=[{"id": "no-advice", "label": "Disclaimer", "text": "This is no advice."}],
)
SPANISH = Catalogue.of(
    ES,
    [
        Message(Key("label", "Lungs"), "Pulmones"),
        Message(Key("label", "Skin"), "Piel", is_fuzzy=True, line=7),
        Message(Key("vocabulary-title", "Groups"), "Grupos"),
        Message(Key("notice", "This is no advice."), "Esto no es un consejo."),
    ],
    path="es.po",
)


def test_entry_has_its_words_in_the_language_and_its_facts() -> None:
    terms = localize_terms(PLAN, WORDS, [IDENTITY, SPANISH])[ES].terms
    assert terms["groups"]["lungs"].label == Text("Pulmones", ES, TextState.TRANSLATED)
    assert terms["groups"]["lungs"].definition == "Of breathing."
    assert terms["notices"]["no-advice"].text == Text("Esto no es un consejo.", ES, TextState.TRANSLATED)
    nih = terms["organizations"]["nih"]
    assert (nih.label, nih.url) == (Text("NIH", SOURCE, TextState.OWN), "https://www.nih.gov/")
    assert nih.facts == {"type": "GovernmentOrganization", "parent": "us"}


def test_they_are_translated_again_only_if_something_differs() -> None:
    first = localize_terms(PLAN, WORDS, [IDENTITY, SPANISH])
    assert localize_terms(PLAN, WORDS, [IDENTITY, SPANISH]) is first
    changed = Catalogue.of(ES, [Message(Key("label", "Lungs"), "Los pulmones")])
    again = localize_terms(PLAN, WORDS, [IDENTITY, changed])
    assert again[ES].terms["groups"]["lungs"].label.value == "Los pulmones"
    fewer = vocabulary(groups=[{"id": "skin", "label": "Skin"}])
    assert list(localize_terms(PLAN, fewer, [IDENTITY, SPANISH])[ES].terms["groups"]) == ["skin"]
    assert localize_terms(PLAN, WORDS, [SPANISH]).keys() == {ES}
    assert localize_terms(PLAN, WORDS, [IDENTITY, SPANISH], ("112",)) is not first


def test_labels_name_the_languages_that_really_have_the_word_source_first() -> None:
    french = Catalogue.of(FR, [Message(Key("label", "Lungs"), "Poumons")])
    terms = localize_terms(PLAN, WORDS, [french, SPANISH, IDENTITY])[SOURCE].terms
    assert list(terms["groups"]["lungs"].labels.items()) == [
        (SOURCE, "Lungs"),
        (ES, "Pulmones"),
        (FR, "Poumons"),
    ]
    assert terms["groups"]["skin"].labels == {SOURCE: "Skin"}
    assert terms["organizations"]["nih"].labels == {SOURCE: "NIH"}


def test_coverage_and_findings_are_kept_by_entry() -> None:
    spanish = localize_terms(PLAN, WORDS, [SPANISH])[ES]
    assert spanish.coverage["groups", "lungs"] == Coverage(1, 1)
    assert spanish.coverage["groups", "skin"] == Coverage(1, fuzzy=1)
    assert spanish.coverage["organizations", "nih"] == Coverage()
    assert [(each.check, each.path, each.line) for each in spanish.findings["groups", "skin"]] == [
        ("message-fuzzy", "es.po", 7)
    ]
    assert spanish.findings["groups", "lungs"] == ()


def test_title_of_a_vocabulary_is_translated_or_says_that_it_is_not() -> None:
    titles = localize_terms(PLAN, WORDS, [SPANISH])[ES].titles
    assert titles["groups"] == Text("Grupos", ES, TextState.TRANSLATED)
    assert titles["notices"] == Text("Notices", SOURCE, TextState.MISSING)


def test_messages_come_file_by_file_each_key_once() -> None:
    packaged_file = (
        "schema/vocabulary/groups.json",
        {"id": "groups", "title": "Groups", "entries": [{"id": "skin", "label": "Skin"}]},
    )
    own_file = (
        "vocabulary/groups.json",
        {
            "id": "groups",
            "title": "Ours",
            "entries": [{"id": "lungs", "label": "Lungs"}, {"id": "derma", "label": "Skin"}],
        },
    )
    found = extract_terms(PLAN, Vocabulary.merge([packaged_file, own_file]), ES)
    assert [(message.key, message.reference) for message in found] == [
        (Key("vocabulary-title", "Groups"), "schema/vocabulary/groups.json#/title"),
        (Key("label", "Skin"), "schema/vocabulary/groups.json#/entries/skin/label"),
        (Key("label", "Lungs"), "vocabulary/groups.json#/entries/lungs/label"),
    ]


def test_label_of_one_language_is_in_every_edition_and_never_asked_for() -> None:
    words = vocabulary(
        groups=[{"id": "barrio", "label": own("Salud del barrio")}],
        organizations=[{"id": "casa", "name": own("Casa de la Salud")}],
    )
    found = localize_terms(PLAN, words, [IDENTITY, SPANISH, Catalogue(FR)])
    for localized in found.values():
        for name, key, label in (
            ("groups", "barrio", "Salud del barrio"),
            ("organizations", "casa", "Casa de la Salud"),
        ):
            assert localized.terms[name][key].label == Text(label, ES, TextState.OWN)
            assert localized.terms[name][key].labels == {ES: label}
            assert localized.coverage[name, key] == Coverage()
            assert localized.findings[name, key] == ()
    assert {message.key.msgctxt for message in extract_terms(PLAN, words, ES)} == {"vocabulary-title"}
