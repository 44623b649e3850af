"""One topic from two records: what is shared, what only one language has, and what must be distinguished."""

from typing import Any

import pytest

from healthtopics.importers.medlineplus.record import (
    LanguagePage,
    MeshHeading,
    Record,
    RecordReference,
    SiteLink,
)
from healthtopics.importers.medlineplus.terms import VocabularyKeys
from healthtopics.importers.medlineplus.topic import CollectionFacts, compose
from healthtopics.importers.shared.state import GivenIds
from healthtopics.importers.shared.topics import OfferedTopic
from healthtopics.language import LanguageTag
from healthtopics.schema import packaged, plan_messages

EN, ES = LanguageTag("en"), LanguageTag("es")


def site(
    title: str, address: str, *, twin: str = "", categories: tuple[str, ...] = ("Start",), **more: Any
) -> SiteLink:
    return SiteLink(
        title=title,
        url=f"https://example.org/{address}",
        twin_url=f"https://example.org/{twin}" if twin else "",
        categories=categories,
        organizations=more.get("organizations", ()),
        descriptions=more.get("descriptions", ()),
    )


def record(language: LanguageTag, title: str, summary: str = "", **more: Any) -> Record:
    empty: dict[str, Any] = {
        "description": "", "created": "2003-01-07", "line": 1, "twin": None, "institute": None,
        "also_called": (),
        "see_references": (), "groups": (), "mesh": (), "other_languages": (), "related": (), "sites": (),
    }  # fmt: skip
    return Record(
        id="1" if language == EN else "2",
        language=language,
        title=title,
        url=f"https://medlineplus.gov/{language}/pain.html",
        summary=summary or None,
        **{**empty, **more},
    )


def composed(english: Record, spanish: Record | None, before: OfferedTopic | None = None) -> OfferedTopic:
    known = {
        "categories/Start": "start-here",
        "categories/Inicio": "start-here",
        "categories/More": "specifics",
        "organizations/Clinic": "clinic",
        "organizations/Lab": "lab",
    }
    collected = CollectionFacts(
        keys=VocabularyKeys(known=known),
        plan=plan_messages(packaged("topic.schema.json")),
        find=_find,
        day="2026-09-29",
    )
    given = GivenIds.of(before.document) if before else GivenIds()
    return compose("pain", english, spanish, given, collected)


def _find(target: str, language: LanguageTag) -> str | None:
    return {("tid:7", EN): "fever", ("tid:8", ES): "fever"}.get((target, language))


def resources(topic: OfferedTopic) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in topic.document["resources"]}


def spanish_of(topic: OfferedTopic) -> dict[tuple[str, str], str]:
    return {(key.msgctxt, key.msgid): each.msgstr for key, each in topic.translations.items()}


def test_a_pair_of_links_is_one_resource_in_either_direction() -> None:
    topic = composed(
        record(EN, "Pain", sites=(site("A", "a", twin="a-es"), site("B", "b"))),
        record(ES, "Dolor", sites=(site("Be", "b-es", twin="b", categories=("Inicio",)), site("Á", "a-es"))),
    )
    found = resources(topic)
    assert found["a"]["links"] == {"en": "https://example.org/a", "es": "https://example.org/a-es"}
    assert found["b"]["links"] == {"en": "https://example.org/b", "es": "https://example.org/b-es"}
    assert found["b"]["categories"] == ["start-here"]
    assert spanish_of(topic)["resource-title", "A"] == "Á"


def test_a_link_of_one_language_has_its_title_in_that_language_only() -> None:
    topic = composed(
        record(EN, "Pain", sites=(site("A", "a", twin="elsewhere"),)),
        record(ES, "Dolor", sites=(site("Solo", "solo", categories=("Inicio", "More")),)),
    )
    found = resources(topic)
    assert found["a"]["title"] == {"text": "A", "language": "en"}
    assert found["a"]["links"]["es"] == "https://example.org/elsewhere"
    assert found["solo"]["title"] == {"text": "Solo", "language": "es"}
    assert found["solo"]["links"] == {"es": "https://example.org/solo"}
    assert found["solo"]["categories"] == ["start-here", "specifics"]


def test_without_a_spanish_record_nothing_is_text_of_one_language() -> None:
    topic = composed(
        record(EN, "Pain", "<p>It hurts.</p>", also_called=("Ache",), sites=(site("A", "a"),)), None
    )
    assert (topic.document["title"], topic.document["alsoCalled"]) == ("Pain", ["Ache"])
    assert topic.document["sections"][0]["body"] == [{"paragraph": "It hurts."}]
    assert topic.translations == {}


def test_editions_may_file_a_link_differently() -> None:
    topic = composed(
        record(EN, "Pain", sites=(site("A", "a", twin="a-es"),)),
        record(ES, "Dolor", sites=(site("Á", "a-es", categories=("More", "NON-DISPLAY (Patient Handout)")),)),
    )
    assert resources(topic)["a"]["categories"] == {"en": ["start-here"], "es": ["specifics"]}


def test_a_link_that_no_reader_sees_is_left_out_and_reported() -> None:
    topic = composed(record(EN, "Pain", sites=(site("Hidden", "h", categories=("NON-DISPLAY (x)",)),)), None)
    assert "resources" not in topic.document
    assert [repair.check for repair in topic.repairs] == ["medlineplus-link-hidden"]


def test_equal_titles_with_two_translations_get_a_context() -> None:
    topic = composed(
        record(
            EN,
            "Pain",
            sites=(
                site("Pain", "a", twin="x", organizations=("Clinic",)),
                site("Pain", "b", twin="y", organizations=("Lab",)),
            ),
        ),
        record(ES, "Dolor", sites=(site("Dolor", "x"), site("El dolor", "y"))),
    )
    found = [(each.get("context"), each["title"]) for each in topic.document["resources"]]
    assert found == [(None, "Pain"), ("lab", "Pain")]
    assert spanish_of(topic)["resource-title|lab", "Pain"] == "El dolor"
    assert spanish_of(topic)["resource-title", "Pain"] == "Dolor"


def test_equal_items_of_a_list_with_two_translations_make_the_section_a_unit() -> None:
    html = "<p>{}</p><ul><li>{}</li><li>{}</li><li>{}</li></ul>"
    topic = composed(
        record(
            EN, "Pain", html.format("You may have pain in the abdomen.", "Pain", "Fever above 101 °F", "Pain")
        ),
        record(
            ES,
            "Dolor",
            html.format("Puede tener dolor en el abdomen.", "Dolor", "Fiebre de más de 101 °F", "El dolor"),
        ),
    )
    assert topic.document["sections"][0]["unit"] == "section"
    assert topic.counts.sections == 1
    (unit,) = [each for each in topic.translations.values() if "<li>El dolor</li>" in each.msgstr]
    assert unit.note


def test_equal_paragraphs_with_two_translations_get_a_context() -> None:
    html = "<h3>What causes it?</h3><p>{}</p><h3>What are the symptoms?</h3><p>{}</p>"
    spanish = "<h3>¿Cuáles son las causas?</h3><p>{}</p><h3>¿Cuáles son los síntomas?</h3><p>{}</p>"
    same = "An infection of the abdomen."
    topic = composed(
        record(EN, "Pain", html.format(same, same)),
        record(ES, "Dolor", spanish.format("Una infección del abdomen.", "Una infección en el abdomen.")),
    )
    found = {msgstr for (_, msgid), msgstr in spanish_of(topic).items() if msgid == same}
    assert found == {"Una infección del abdomen.", "Una infección en el abdomen."}


def test_ids_of_sections_and_links_stay_when_titles_and_order_change() -> None:
    html = "<h3>{}</h3><p>A.</p><h3>{}</h3><p>B.</p>"
    before = composed(
        record(EN, "Pain", html.format("First thing", "Second thing"), sites=(site("Old", "a"),)), None
    )
    after = composed(
        record(EN, "Pain", html.format("Second thing", "First thing"), sites=(site("New", "a"),)),
        None,
        before,
    )
    ids = {section["heading"]: section["id"] for section in after.document["sections"]}
    assert ids == {section["heading"]: section["id"] for section in before.document["sections"]}
    assert resources(after)["old"]["title"] == "New"


def test_too_long_texts_are_cut_at_a_word_and_reported() -> None:
    topic = composed(record(EN, "Pain", description="word " * 60), None)
    description = topic.document["description"]  # without a sentence that fits
    assert len(description) <= 200
    assert description.endswith("word…")
    assert [repair.check for repair in topic.repairs] == ["medlineplus-too-long"]


def test_codes_and_other_languages_of_the_english_record_serve_both() -> None:
    languages = (
        LanguagePage("Spanish", "español", "https://medlineplus.gov/es/pain.html"),
        LanguagePage("Arabic", "العربية", "https://medlineplus.gov/languages/pain.html#Arabic"),
        LanguagePage(
            "Chinese, Simplified (Mandarin dialect)", "", "https://medlineplus.gov/languages/pain.html#zh"
        ),
        LanguagePage("Klingonese", "", "https://medlineplus.gov/languages/pain.html#k"),
    )
    mesh = (
        MeshHeading(RecordReference("D1", "Pain", ""), (RecordReference("Q1", "therapy", ""),)),
        MeshHeading(RecordReference("D2", "Ache", ""), ()),
    )
    topic = composed(record(EN, "Pain", mesh=mesh, other_languages=languages), record(ES, "Dolor"))
    assert topic.document["codes"] == [
        {
            "system": "mesh",
            "code": "D1",
            "display": "Pain",
            "qualifiers": [{"code": "Q1", "display": "therapy"}],
        },
        {"system": "mesh", "code": "D2", "display": "Ache"},
    ]
    others = topic.document["otherLanguages"]
    assert [each.get("language") for each in others] == ["ar", "zh-Hans", None]
    assert others[2]["name"] == {"text": "Klingonese", "language": "en"}
    assert spanish_of(topic)["language-name", "Arabic"] == "árabe"


def test_related_topics_are_ids_or_pages_elsewhere() -> None:
    topic = composed(
        record(
            EN,
            "Pain",
            related=(
                RecordReference("7", "Fever", "https://medlineplus.gov/fever.html"),
                RecordReference("9", "Cold", "https://medlineplus.gov/cold.html"),
            ),
        ),
        record(
            ES,
            "Dolor",
            related=(RecordReference("8", "Fiebre", "https://medlineplus.gov/spanish/fever.html"),),
        ),
    )
    assert topic.document["relatedTopics"] == [
        "fever",
        {"title": {"text": "Cold", "language": "en"}, "links": {"en": "https://medlineplus.gov/cold.html"}},
    ]


def test_the_kind_of_a_link_follows_from_its_address_or_the_file() -> None:
    sites = (
        SiteLink("Article", "https://pubmed.ncbi.nlm.nih.gov/12345/", "", ("Start",), (), ()),
        SiteLink("Trial", "https://clinicaltrials.gov/study/NCT01234567", "", ("Start",), (), ()),
        SiteLink("Trials", "https://clinicaltrials.gov/search/open/condition=pain", "", ("Start",), (), ()),
        SiteLink("Film", "https://example.org/film", "", ("Start",), (), ("Video",)),
    )
    found = resources(composed(record(EN, "Pain", sites=sites), None))
    assert {key: each["kind"] for key, each in found.items()} == {
        "article": "article", "trial": "page", "trials": "search", "film": "video",
    }  # fmt: skip
    assert found["article"]["identifiers"] == [{"system": "pmid", "value": "12345"}]
    assert found["trial"]["identifiers"] == [{"system": "nct", "value": "NCT01234567"}]


def test_ids_of_equal_headings_and_addresses_stay_with_their_order() -> None:
    html = "<h3>Treatment</h3><p>A.</p><h3>Treatment</h3><p>B.</p><h3>Treatment</h3><p>C.</p>"
    english = record(EN, "Pain", html, sites=(site("A", "a"), site("B", "a"), site("C", "a")))
    first = composed(english, None)
    again = composed(english, None, composed(english, None, first))
    assert again.document == first.document


def test_a_heading_that_is_new_takes_the_id_of_the_one_that_is_gone_if_it_asks_the_same() -> None:
    before = composed(record(EN, "Pain", "<h3>What causes pain?</h3><p>A.</p>"), None)
    after = composed(record(EN, "Pain", "<h3>What are the causes of pain?</h3><p>A.</p>"), None, before)
    assert after.document["sections"][0]["id"] == before.document["sections"][0]["id"] == "causes"


SHORT = "Elder abuse can be physical or emotional. Read about signs of abuse."


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Are you tired? Find out what helps.", "Todo el mundo se cansa. Sepa cuándo no es solo cansancio."),
        (SHORT, "El maltrato puede ocurrir en casa o en una residencia. Llame al 911 en una emergencia."),
        ("About it.", "Sobre esto."),
        ("Take 2 tablets every day.", "Tome 3 tabletas todos los días."),
        ("Hepatitis A is a virus.", "La hepatitis B es un virus."),
        ("Drink milk with vitamin A every day.", "Beba leche con vitamina D todos los días."),
        (
            "Low blood pressure is when blood flows weakly.",
            "La presión arterial alta es cuando la sangre fluye débilmente.",
        ),
        ("Learn how to prevent falls.", "Aprenda a tratar las caídas."),
        ("Vaccine safety for children", "Seguridad de las vacunas para adultos"),
        (
            SHORT,
            "El abuso de las personas mayores puede ser físico. " + "Lea sobre los signos del abuso. " * 6,
        ),
    ],
)
def test_a_description_that_says_something_else_is_text_of_its_language(english: str, spanish: str) -> None:
    topic = composed(record(EN, "Pain", description=english), record(ES, "Dolor", description=spanish))
    assert "description" not in topic.document
    own = topic.document["ownDescriptions"]
    assert [each["language"] for each in own] == ["en", "es"]
    assert english == own[0]["text"]
    assert spanish.startswith(own[1]["text"])
    assert not any(key.role == "description" for key in topic.translations)


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            SHORT,
            "El abuso de las personas mayores puede ser físico o emocional. Lea sobre los signos del abuso.",
        ),
        ("Take 2 tablets every day.", "Tome 2 tabletas todos los días."),
    ],
)
def test_a_description_that_says_the_same_is_a_translation(english: str, spanish: str) -> None:
    topic = composed(record(EN, "Pain", description=english), record(ES, "Dolor", description=spanish))
    assert spanish_of(topic)["description", english] == spanish


def test_a_long_description_keeps_its_whole_sentences() -> None:
    sentences = "Anybody who has had it, mildly or not, may have symptoms that last. Learn about treatments. "
    topic = composed(record(EN, "Pain", description=sentences * 3), None)
    assert topic.document["description"] == (sentences * 2).strip()
    assert [repair.check for repair in topic.repairs] == ["medlineplus-too-long"]


@pytest.mark.parametrize(
    "rest", ["Dr. Smith says so, and ", "etc. and so on, and ", "Sra. Gómez lo dice, y "]
)
def test_a_long_description_is_not_cut_at_an_abbreviation(rest: str) -> None:
    first = "Anybody who has had it may have symptoms that last for years. "
    topic = composed(
        record(EN, "Pain", description=f"{first}Ask somebody such as {rest}{'more ' * 40}"), None
    )
    assert topic.document["description"] == first.strip()


@pytest.mark.parametrize(
    ("spanish", "count"),
    [("Do not take", 1), ("Not recommended in pregnancy", 1), ("Zika", 0), ("No tome esto", 0)],
)
def test_a_short_english_line_in_a_spanish_record_is_reported(spanish: str, count: int) -> None:
    topic = composed(record(EN, "Pain", "<p>It hurts.</p>"), record(ES, "Dolor", f"<p>{spanish}</p>"))
    found = [repair.check for repair in topic.repairs]
    assert found.count("medlineplus-english-in-spanish") == count


def test_an_english_description_or_name_of_a_spanish_record_is_left_out_and_reported() -> None:
    topic = composed(
        record(EN, "Pain", description="Learn about pain.", also_called=("Ache",)),
        record(
            ES,
            "Dolor",
            description="Learn what to do.",
            also_called=("High blood pressure",),
            see_references=("Molestia", "Back pain in children"),
        ),
    )
    assert topic.document["description"] == {"text": "Learn about pain.", "language": "en"}
    assert "ownDescriptions" not in topic.document
    assert topic.document["alsoCalled"] == [{"text": "Ache", "language": "en"}]
    assert topic.document["seeReferences"] == [{"text": "Molestia", "language": "es"}]
    assert [each.message for each in topic.repairs] == [
        "“High blood pressure”, another name in the Spanish record, is English and was left out.",
        "“Back pain in children”, an index term in the Spanish record, is English and was left out.",
        "“Learn what to do.”, the description in the Spanish record, is English and was left out.",
    ]


def test_an_english_sentence_or_title_in_a_spanish_record_is_reported() -> None:
    topic = composed(
        record(EN, "Pain", "<p>It hurts.</p>"),
        record(
            ES,
            "Dolor",
            "<p>Duele mucho. Do not take aspirin with food. Descanse en casa y llame a su médico.</p>",
            sites=(site("High blood pressure in children", "a"),),
        ),
    )
    assert [each.message for each in topic.repairs] == [
        "“High blood pressure in children” is English.",
        "“Do not take aspirin with food.” is English.",
    ]


@pytest.mark.parametrize(
    ("added", "unit"),
    [
        ("Nuestras oficinas están cerradas los fines de semana y los días feriados de todo el año.", None),
        ("Our offices will be closed at the weekends and on all the holidays of this year.", "section"),
    ],
)
def test_english_without_counterpart_makes_the_section_one_message(added: str, unit: str | None) -> None:
    """As text of Spanish alone it would be called Spanish; within a message it is marked as English."""
    here, there = (
        "Asthma affects the lungs and the airways.",
        "El asma afecta los pulmones y las vías respiratorias.",
    )
    topic = composed(
        record(EN, "Pain", f"<p>{here}</p><p>Call the hospital in an emergency.</p>"),
        record(ES, "Dolor", f"<p>{there}</p><p>{added}</p><p>Llame al hospital en una emergencia.</p>"),
    )
    assert topic.document["sections"][0].get("unit") == unit
