"""The checks of running text where one pair in Spanish does not show them: other languages, whole topics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.checks.table import CHECKS, check_pair
from healthtopics.checks.values import Pair, Twins
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.languages import prose_of
from healthtopics.reading.quoting import quote
from healthtopics.schema import MessageRule

ES = LanguageTag("es")
PARAGRAPH = MessageRule("paragraph", "A paragraph.", markup="inline")
HEADING = MessageRule("heading", "A heading.")
LABEL = MessageRule("label", "A label.")
NAMES = MessageRule("also-called", "Names.", is_list=True)
PAGE = MessageRule("resource-title", "A page.", languages="links")
SECTION = MessageRule("section", "A text.", markup="block", unit="section")


def found(rule: MessageRule, msgid: str, msgstr: str, language: str = "es") -> list[str]:
    return [each.check for each in check_pair(Pair(rule, msgid, msgstr, language=LanguageTag(language)))]


def together(*pairs: Pair) -> list[tuple[int, str, Level]]:
    asked = CHECKS.of_topic(pairs[0].language if pairs else ES, has_glossary=False)
    findings = [each for check in asked for each in check(pairs)]
    assert all(finding.message and finding.hint for _pair, finding in findings)
    return [(pairs.index(pair), finding.check, finding.level) for pair, finding in findings]


def paragraph(msgid: str, msgstr: str) -> Pair:
    return Pair(PARAGRAPH, msgid, msgstr, language=ES)


# ── other languages ──


@pytest.mark.parametrize(
    ("language", "english", "text"),
    [
        pytest.param("fr", "Do you smoke?", "Fumez-vous\u00a0?", id="French: a space before the mark"),
        pytest.param("fr", "Is it safe?", "Est-ce sûr ?", id="French: no opening mark"),
        pytest.param("pl", "Water in bread.", "Woda w\u00a0chlebie.", id="Polish: a short word is held"),
        pytest.param("zh", "Drink water.", "喝水。", id="Chinese: another full stop, few characters"),
        pytest.param("zh", "Drink\u3000water.", "喝\u3000水。", id="Chinese: its own space"),
        pytest.param("ar", "Do you smoke?", "هل تدخن\u200f؟", id="Arabic: another mark, a mark of direction"),
        pytest.param("ht", "Drink little by little.", "Bwè piti piti.", id="Haitian: a word twice"),
        pytest.param("de", "Drink water.", "Trinken Sie Wasser.", id="German: nouns have capitals"),
        pytest.param("ru", "Drink water.", "Пейте воду.", id="Russian: another script"),
        pytest.param("th", "Drink water.", "ดื่มน้ำ", id="Thai: no full stop"),
        pytest.param("es-US", "Drink water.", "Beba agua.", id="Spanish of a region"),
    ],
)
def test_other_languages_have_other_rules(language: str, english: str, text: str) -> None:
    assert found(PARAGRAPH, english, text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "check"),
    [
        pytest.param("fr", "Buvez de l’eau {count}.", "placeholder-foreign", id="placeholder"),
        pytest.param("fr", "Buvez  de l’eau.", "space-double", id="space"),
        pytest.param("fr", "Buvez de l\ufffdeau.", "character-broken", id="broken"),
        pytest.param("ru", "Пейтe воду.", "character-script", id="Latin e in Cyrillic"),
        pytest.param("ar", "اشرب (الماء.", "bracket-unbalanced", id="bracket"),
        pytest.param("zh", "喝水：", "punctuation-end", id="end"),
        pytest.param("es-US", "¿Beba agua.", "question-mark-missing", id="Spanish of a region"),
    ],
)
def test_what_is_wrong_in_every_language_is_found_in_it(language: str, text: str, check: str) -> None:
    assert check in found(PARAGRAPH, "Drink water.", text, language)


def test_a_language_is_known_whatever_its_region() -> None:
    assert prose_of(LanguageTag("es-419")) is prose_of(ES) is not None
    assert prose_of(LanguageTag("eo")) is None


# ── what is not a fault ──


def test_names_of_pages_and_organizations_stay() -> None:
    assert found(PAGE, "What You Need to Know About the Flu", "What You Need to Know About the Flu") == []


def test_a_twin_of_an_address_in_the_text_is_right() -> None:
    english, spanish = "https://example.org/en", "https://example.com/es-page"
    twins = Twins.from_links([{"en": english, "es": spanish}], "es")
    texts = (f"See {english} for help.", f"Vea {spanish} para recibir ayuda.")
    assert not [*check_pair(Pair(PARAGRAPH, *texts, twins, ES))]
    assert [each.check for each in check_pair(Pair(PARAGRAPH, *texts, language=ES))] == ["url-changed"]


def test_a_fault_that_the_english_has_too_is_not_the_translators() -> None:
    assert found(PARAGRAPH, "Pain (in your belly “lower.", "Dolor (en el vientre “bajo.") == []


def test_tags_of_invalid_markup_are_not_words() -> None:
    assert found(PARAGRAPH, "Drink water.", "Beba <em>agua.") == ["markup-ill-formed"]


def test_a_restructured_text_may_end_otherwise() -> None:
    english = "<p>Drink water:</p>\n<ul>\n<li>now</li>\n</ul>"
    assert found(SECTION, english, "<p>Beba agua ahora mismo, por favor.</p>") == []


def test_a_copied_line_is_reported_once() -> None:
    english = "<p>Your blood is tested in the laboratory of the hospital.</p>\n<p>Rest.</p>"
    spanish = "<p>Your blood is tested in the laboratory of the hospital.</p>\n<p>Descanse.</p>"
    assert found(SECTION, english, spanish) == ["message-untranslated"]


# ── whole topics ──


def test_one_topic_speaks_to_its_reader_in_one_way() -> None:
    usual = paragraph("Call your provider.", "Llame a su proveedor.")
    rest = paragraph("You may need rest.", "Es posible que usted necesite descansar.")
    other = paragraph("Ask your doctor.", "Pregúntale a tu médico.")
    silent = paragraph("Flu is common.", "La gripe es común.")
    assert together(usual, silent, other, rest) == [(2, "register-mixed", Level.WARNING)]
    assert together(usual, silent, rest) == []
    assert together(silent, other) == []
    assert together() == []


def test_messages_in_the_minority_are_reported_whichever_register_they_use() -> None:
    usual = paragraph("Call your provider.", "Llame a su proveedor.")
    others = [paragraph(f"Ask your doctor {n}.", f"Pregúntale a tu médico {n}.") for n in "ab"]
    assert together(*others, usual) == [(2, "register-mixed", Level.WARNING)]


def test_a_child_that_is_quoted_may_say_tu() -> None:
    usual = paragraph("Call your provider.", "Llame a su proveedor.")
    quoted = paragraph("A child may ask: “Are you sick?”", "Un niño quizá pregunte: “¿Tú estás enfermo?”.")
    assert together(usual, quoted) == []


def test_a_language_without_register_is_not_judged() -> None:
    pairs = [
        Pair(PARAGRAPH, "You.", "Toi.", language=LanguageTag("fr")),
        Pair(PARAGRAPH, "Your dog.", "Ton chien."),
    ]
    assert together(*pairs) == []


def test_one_text_has_one_translation() -> None:
    first = Pair(HEADING, "Risk factors", "Factores de riesgo", language=ES)
    same = Pair(LABEL, "Risk Factors", "Factores de riesgo", language=ES)
    other = Pair(LABEL, "Risk Factors:", "Los riesgos", language=ES)
    running = paragraph("Risk factors", "Lo que aumenta el riesgo")
    assert together(first, same, running) == []
    assert together(first, other) == [(1, "translation-inconsistent", Level.WARNING)]


def test_what_a_context_distinguishes_may_differ() -> None:
    assert together(paragraph("Cold", "Frío"), paragraph("Cold", "Resfriado")) == []


def test_two_texts_have_two_translations() -> None:
    first = paragraph("Take 2 tablets every 6 hours.", "Tome 2 tabletas cada 6 horas.")
    number = paragraph("Take 3 tablets every 6 hours.", "Tome 2 tabletas cada 6 horas.")
    copied = paragraph("Rest and drink water. Then wait.", "Tome 2 tabletas cada 6 horas.")
    assert together(first, number) == [(1, "translation-reused", Level.WARNING)]
    assert together(first, copied) == []  # short ones are alike by chance
    long = "Es posible que su proveedor le haga una prueba."
    assert together(paragraph("You may have a test.", long), paragraph("A test may be done!", long)) == [
        (1, "translation-reused", Level.WARNING)
    ]
    assert together(paragraph("You may have a test.", long), paragraph("You may have a test!", long)) == []


def test_lists_and_names_are_compared_with_nothing() -> None:
    pairs = [
        Pair(rule, msgid, "Pérdida de un embarazo antes de tiempo")
        for rule in (NAMES, PAGE)
        for msgid in "ab"
    ]
    assert together(*pairs) == []


# ── anything at all ──


@given(st.text(min_size=1), st.text(min_size=1), st.sampled_from(["es", "ar", "zh", "fr"]))
def test_any_text_can_be_checked(msgid: str, msgstr: str, language: str) -> None:
    rule = MessageRule("paragraph", "A paragraph.")
    pair = Pair(rule, msgid, msgstr, language=LanguageTag(language))
    together = CHECKS.of_topic(pair.language, has_glossary=False)
    for finding in [*check_pair(pair), *(each for check in together for _, each in check([pair]))]:
        assert finding.message
        assert finding.hint


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_a_quotation_holds_what_it_is_about(text: str, start: int, length: int) -> None:
    assert text[start : start + length].replace("\n", " ") in quote(text, start, start + length)
