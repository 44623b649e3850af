from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from healthtopics import markup
from healthtopics.catalogue import Catalogue, Message
from healthtopics.importers.medlineplus.pairing import (
    PairedSummaries,
    aspect_of,
    pair_summaries,
    translations_of,
)
from healthtopics.importers.medlineplus.summary import SummarySection
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.schema import packaged, plan_messages
from healthtopics.topic import Attribution, Callout, List, LocalizedTopic, Text
from support.localized import localize

ES = LanguageTag("es")
PLAN = plan_messages(packaged("topic.schema.json"))


def paired(english: list[SummarySection], spanish: list[SummarySection] | None) -> PairedSummaries:
    numbers = count(1)
    return pair_summaries(english, spanish, lambda aspect, _heading: f"{aspect}-{next(numbers)}", {})


def document_of(result: PairedSummaries) -> dict[str, Any]:
    return {
        "id": "pain",
        "kind": "other",
        "title": {"text": "Pain", "language": "en"},
        **({"unit": "topic"} if result.is_one_unit else {}),
        "sections": result.sections,
        "dates": {"created": "2020-01-01", "updated": "2020-01-01"},
        "sources": [],
    }


def edition(result: PairedSummaries, language: LanguageTag) -> LocalizedTopic:
    document = document_of(result) | {"title": "Pain"}
    translations, conflicts = translations_of(PLAN, document, result)
    assume(not conflicts)
    messages = [Message(key, each.msgstr, is_imported=True) for key, each in translations.items()]
    return localize(PLAN, document, Catalogue.of(language, messages))


def lines_of_list(block: List) -> Iterator[Text]:
    for item in block.items:
        yield item.text
        if item.below:
            yield from lines_of_list(item.below)


def said(topic: LocalizedTopic) -> list[str]:
    """Return what an edition says, the attributions last, as the exports have them."""
    lines: list[str] = []
    credits_: list[str] = []
    for section in topic.sections:
        if section.heading:
            lines.append(section.heading.value)
        for block in section.body:
            if isinstance(block, Attribution):
                credits_.append(block.text.value)
            elif isinstance(block, List):
                lines += [text.value for text in lines_of_list(block)]
            elif not isinstance(block, Callout):  # which nobody imports
                lines.append(block.text.value)
    return lines + credits_


def original(parts: list[SummarySection]) -> list[str]:
    lines: list[str] = []
    credits_: list[str] = []

    def items(values: list[Any]) -> None:
        for value in values:
            lines.append(value if isinstance(value, str) else value["item"])
            if not isinstance(value, str):
                items(value["list"])

    for part in parts:
        if part.heading:
            lines.append(part.heading)
        for block in part.blocks:
            if "list" in block:
                items(block["list"])
            else:
                (text,) = block.values()
                (credits_ if "attribution" in block else lines).append(text)
    return lines + credits_


words = st.sampled_from(
    [
        *("dolor", "pain", "abdominal", "hospital", "20", "100", "weeks", "semanas"),
        *("not", "no", "médico", "doctor", "¿por?", "a&amp;b"),
        *("<em>muy</em>", '<a_href="topic:pain">pain</a>', "infection", "infección"),
    ]
).map(lambda word: word.replace("a_href", "a href"))
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)
plain = st.lists(
    st.sampled_from(["What", "causes", "pain?", "¿Qué", "causa", "síntomas", "<5", "&"]),
    min_size=1,
    max_size=5,
).map(" ".join)
items = st.recursive(
    texts,
    lambda below: st.fixed_dictionaries({"item": texts, "list": st.lists(below, min_size=1, max_size=3)}),
    max_leaves=4,
)
blocks = st.one_of(
    st.fixed_dictionaries({"paragraph": texts}),
    st.fixed_dictionaries({"paragraph": texts}),
    st.fixed_dictionaries({"list": st.lists(items, min_size=1, max_size=4)}),
    st.fixed_dictionaries(
        {"list": st.lists(items, min_size=1, max_size=4), "ordered": st.sampled_from([True])}
    ),
    st.fixed_dictionaries({"subheading": plain}),
)
bodies = st.lists(blocks, min_size=1, max_size=4).map(tuple)


@st.composite
def summaries(draw: st.DrawFn) -> list[SummarySection]:
    first = [SummarySection("", draw(bodies))] if draw(st.booleans()) else []
    parts = first + [SummarySection(heading, draw(bodies)) for heading in draw(st.lists(plain, max_size=3))]
    assume(parts)
    if draw(st.booleans()):
        parts[-1] = SummarySection(parts[-1].heading, (*parts[-1].blocks, {"attribution": draw(texts)}))
    return parts


@given(summaries(), summaries())
def test_each_edition_says_what_its_original_says_in_its_order(
    english: list[SummarySection], spanish: list[SummarySection]
) -> None:
    result = paired(english, spanish)
    assert said(edition(result, SOURCE)) == original(english)
    assert said(edition(result, ES)) == original(spanish)


@given(summaries())
def test_english_alone_says_what_its_original_says(english: list[SummarySection]) -> None:
    assert said(edition(paired(english, None), SOURCE)) == original(english)


@given(summaries())
def test_a_text_beside_itself_is_one_message_a_block(english: list[SummarySection]) -> None:
    result = paired(english, english)
    assert not result.units or result.doubts


def part(heading: str, *paragraphs: str) -> SummarySection:
    return SummarySection(heading, tuple({"paragraph": text} for text in paragraphs))


CAUSES = part("What causes it?", "An infection of the abdomen causes most cases.", "It is not your fault.")
CAUSAS = part(
    "¿Cuáles son las causas?",
    "Una infección del abdomen causa la mayoría de los casos.",
    "No es su culpa.",
)
SIGNS = part("What are the symptoms?", "You may have a temperature of 101 °F or more.", "Call a hospital.")
SIGNOS = part(
    "¿Cuáles son los síntomas?", "Puede tener una temperatura de 101 °F o más.", "Llame a un hospital."
)


def test_what_corresponds_is_one_message_a_block() -> None:
    result = paired([CAUSES, SIGNS], [CAUSAS, SIGNOS])
    assert (result.units, result.doubts) == ({}, 0)
    assert result.sections[0]["heading"].spanish == "¿Cuáles son las causas?"


def test_two_paragraphs_made_one_make_the_section_a_unit() -> None:
    joined = part(SIGNOS.heading, " ".join(block["paragraph"] for block in SIGNOS.blocks))
    result = paired([CAUSES, SIGNS], [CAUSAS, joined])
    assert [section.get("unit") for section in result.sections] == [None, "section"]
    assert list(result.units) == ["symptoms-2"]
    assert "1 block in Spanish and 2 blocks in English" in result.units["symptoms-2"].note


def test_sections_in_another_order_make_the_summary_a_unit() -> None:
    result = paired([CAUSES, SIGNS], [SIGNOS, CAUSAS])
    assert result.is_one_unit
    translated = markup.parse_sections(result.units[""].msgstr)
    assert [section["id"] for section in translated] == ["symptoms-2", "causes-1"]


def test_a_section_that_only_one_language_has_is_text_of_that_language() -> None:
    result = paired([CAUSES, SIGNS], [CAUSAS])
    assert not result.units
    assert result.sections[1]["heading"] == {"text": "What are the symptoms?", "language": "en"}


def test_headings_ask_the_same_in_both_languages() -> None:
    pairs = {
        "What is diabetes?": "¿Qué es la diabetes?",
        "What causes diabetes?": "¿Qué causa la diabetes?",
        "Who is at risk for diabetes?": "¿Quién corre el riesgo de desarrollar diabetes?",
        "What are the symptoms of diabetes?": "¿Cuáles son los síntomas de la diabetes?",
        "How is diabetes diagnosed?": "¿Cómo se diagnostica la diabetes?",
        "What are the treatments for diabetes?": "¿Cuáles son los tratamientos para la diabetes?",
        "Can diabetes be prevented?": "¿Se puede prevenir la diabetes?",
        "What are the types of diabetes?": "¿Cuáles son los tipos de diabetes?",
    }
    assert {aspect_of(english) for english in pairs} == {
        "overview", "causes", "risk-factors", "symptoms", "diagnosis", "treatment", "prevention", "types",
    }  # fmt: skip
    assert all(aspect_of(english) == aspect_of(spanish) for english, spanish in pairs.items())


@pytest.mark.parametrize(
    "heading",
    [
        "Why are vaccines important?",
        "Why do I need vitamin D and how do I get it?",
        "What are the side effects of treatment?",
        "Can complications be prevented after surgery?",
        "What can I expect?",
        "How can I lower the cost of living with it?",
        "What are tests for?",
        "What is the difference between a cold and the flu?",
        "What causes it and how is it treated?",
        "How is it diagnosed and treated?",
        "¿Por qué son importantes las vacunas?",
        "¿Por qué necesito vitamina D y cómo la obtengo?",
        "¿Cuáles son los efectos secundarios del tratamiento?",
        "¿Se pueden prevenir las complicaciones después de la cirugía?",
        "¿Qué puedo esperar?",
        "¿Cómo puedo reducir el costo de vivir con esto?",
        "¿Para qué sirven las pruebas?",
        "¿Cómo se diagnostica y se trata?",
    ],
)
def test_a_heading_that_does_not_surely_ask_for_one_thing_has_no_aspect(heading: str) -> None:
    assert aspect_of(heading) == "other"


TYPES = part("What is it?", "A disease of the heart.")
RISK = part("Who is at risk?", "Men over 45 years old and women over 55 years old.")
BOTH = part("", "Una enfermedad del corazón.", "Hombres de más de 45 años y mujeres de más de 55 años.")


def test_a_spanish_text_without_headings_is_an_overview() -> None:
    result = paired([TYPES, RISK], [BOTH])
    (section,) = markup.parse_sections(result.units[""].msgstr)
    aspects = {each["id"]: each["aspect"] for each in result.sections}
    assert (aspects[section["id"]], section.get("heading")) == ("overview", None)


def test_where_no_english_section_may_lend_its_aspect_each_language_has_its_own_sections() -> None:
    result = paired([RISK], [BOTH])
    assert not result.units
    risk, overview = result.sections
    assert (risk["aspect"], risk["heading"]) == ("risk-factors", {"text": RISK.heading, "language": "en"})
    assert overview["aspect"] == "overview"
    assert "heading" not in overview
    assert overview["body"][0]["paragraph"] == {"text": "Una enfermedad del corazón.", "language": "es"}


def test_a_spanish_section_does_not_take_the_aspect_of_an_english_one_that_asks_something_else() -> None:
    result = paired([CAUSES, SIGNS], [SIGNOS, part("¿Cómo se trata?", "Con reposo."), CAUSAS])
    translated = markup.parse_sections(result.units[""].msgstr)
    assert [each["id"].partition("-")[0] for each in translated] == ["symptoms", "causes"]


@pytest.mark.parametrize(
    ("missing", "is_one_message"),
    [
        ("New: people over 65 should get a second booster.", True),
        ("Never get it if you have a fever.", True),
        ("Researchers in many countries are still studying how long the protection lasts in adults.", False),
    ],
)
def test_what_spanish_lacks_is_left_to_the_checks_if_they_would_find_it(
    missing: str, *, is_one_message: bool
) -> None:
    english = part("", "Get a booster dose after 5 months.", missing, "Call your doctor if you are allergic.")
    spanish = part(
        "", "Reciba una dosis de refuerzo después de 5 meses.", "Llame a su médico si es alérgico."
    )
    assert bool(paired([english], [spanish]).units) == is_one_message


def test_the_note_for_translators_counts_in_words_that_fit() -> None:
    result = paired([TYPES, RISK], [BOTH])
    assert "its 1 section in Spanish and 2 sections in English" in (result.units[""].note or "")
