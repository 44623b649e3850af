import copy
from typing import Any

import pytest

from healthtopics.catalogue import IDENTITY, Catalogue, Key, Message
from healthtopics.catalogues.template import template_of
from healthtopics.checks.values import Twins
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.schema import packaged, plan_messages
from healthtopics.topic import Coverage, Text, TextState, texts_in
from healthtopics.translation.translate import Translation, translate
from healthtopics.validation.topics import TopicReferences, TopicSchema
from healthtopics.vocabulary import Vocabulary
from support.documents import Document, own, resource, section, topic
from support.localized import localize

PLAN = plan_messages(packaged("topic.schema.json"))
ES = LanguageTag("es")
EN_PAGE, ES_PAGE = "https://example.org/en", "https://example.org/es"

MINIMAL = (
    Message(Key("title", "Asthma"), "Asma", line=5),
    Message(Key("heading", "Summary"), "Introducción", line=8),
    Message(Key("paragraph", "A disease of the lungs."), "Una enfermedad de los pulmones.", line=11),
)


def spanish(document: Document, *messages: Message) -> Translation:
    """Translate with these messages; those of the smallest topic are added unless given."""
    return translate(PLAN, document, Catalogue.of(ES, [*messages, *MINIMAL], path="es.po"))


def document_of(translation: Translation) -> Any:
    assert translation.document is not None
    return translation.document


# ── a full catalogue, and an incomplete one ──


def test_every_message_is_translated_and_everything_else_stays() -> None:
    translation = spanish(topic())
    assert document_of(translation) == {
        **topic(),
        "title": Text("Asma", ES, TextState.TRANSLATED),
        "sections": [
            {
                "id": "summary",
                "aspect": "overview",
                "heading": Text("Introducción", ES, TextState.TRANSLATED),
                "body": [{"paragraph": Text("Una enfermedad de los pulmones.", ES, TextState.TRANSLATED)}],
            }
        ],
    }
    assert (translation.coverage, translation.findings) == (Coverage(messages=3, translated=3), ())


def test_document_is_not_changed() -> None:
    document = topic(alsoCalled=["a", own("b")])
    before = copy.deepcopy(document)
    spanish(document)
    assert document == before


def test_source_language_needs_no_catalogue_and_counts_nothing() -> None:
    translation = translate(PLAN, topic(description=own("Solo en español.")), IDENTITY)
    assert document_of(translation)["title"] == Text("Asthma")
    assert "description" not in document_of(translation)
    assert (translation.coverage, translation.findings) == (Coverage(), ())


@pytest.mark.parametrize(
    ("message", "state", "coverage", "findings"),
    [
        pytest.param(
            None,
            TextState.MISSING, Coverage(3, 2, missing=1),
            [("message-missing", Level.WARNING, None, "/title")], id="unknown",
        ),
        pytest.param(
            Message(Key("title", "Asthma"), "", line=5),
            TextState.MISSING, Coverage(3, 2, missing=1),
            [("message-missing", Level.WARNING, 5, "")], id="empty",
        ),
        pytest.param(
            Message(Key("title", "Asthma"), "  ", line=5),
            TextState.MISSING, Coverage(3, 2, missing=1),
            [("message-missing", Level.WARNING, 5, "")], id="blank",
        ),
        pytest.param(
            Message(Key("title", "Asthma"), "\u200b\ufeff\u00a0", line=5),
            TextState.MISSING, Coverage(3, 2, missing=1),
            [("message-missing", Level.WARNING, 5, "")], id="invisible",
        ),
        pytest.param(
            Message(Key("title", "Asthma"), "Asma", is_fuzzy=True, line=5),
            TextState.FUZZY, Coverage(3, 2, fuzzy=1), [("message-fuzzy", Level.WARNING, 5, "")], id="fuzzy",
        ),
        pytest.param(
            Message(Key("title", "Asthma"), "As\nma\t", line=5),
            TextState.BLOCKED, Coverage(3, 2, blocked=1),
            [("message-line-break", Level.ERROR, 5, ""), ("message-tab", Level.ERROR, 5, "")], id="blocked",
        ),
    ],
)  # fmt: skip
def test_without_a_usable_translation_the_english_stays_and_says_why(
    message: Message | None,
    state: TextState,
    coverage: Coverage,
    findings: list[tuple[str, Level, int | None, str]],
) -> None:
    messages = [message] if message else []
    translation = translate(PLAN, topic(), Catalogue.of(ES, [*messages, *MINIMAL[1:]], path="es.po"))
    assert document_of(translation)["title"] == Text("Asthma", LanguageTag("en"), state)
    assert translation.coverage == coverage
    assert [(each.check, each.level, each.line, each.pointer) for each in translation.findings] == findings
    assert {each.path for each in translation.findings} == {"es.po"}
    assert all("“Asthma”" in each.message and each.hint for each in translation.findings)


def test_long_text_is_cut_in_findings() -> None:
    (finding,) = spanish(topic(title="A" * 100)).findings
    assert finding.message == f"“{'A' * 59}…” has no translation."


def test_message_that_is_used_twice_counts_once_and_is_found_once() -> None:
    paragraph = {"paragraph": "Again."}
    translation = spanish(topic(sections=[section("summary", paragraph, paragraph)]))
    assert translation.coverage == Coverage(messages=3, translated=2, missing=1)
    assert [each.check for each in translation.findings] == ["message-missing"]
    states = [block["paragraph"].state for block in document_of(translation)["sections"][0]["body"]]
    assert states == [TextState.MISSING, TextState.MISSING]


def test_spaces_at_the_ends_of_a_translation_are_dropped() -> None:
    translation = spanish(topic(), Message(Key("title", "Asthma"), " Asma "))
    assert document_of(translation)["title"] == Text("Asma", ES, TextState.TRANSLATED)


def test_context_of_the_author_is_part_of_the_key() -> None:
    document = topic(
        sections=[section("a", {"paragraph": "Cold", "context": "illness"}, {"paragraph": "Cold"})]
    )
    translation = spanish(
        document,
        Message(Key("paragraph", "Cold"), "Frío"),
        Message(Key("paragraph|illness", "Cold"), "Resfriado"),
    )
    words = [block["paragraph"].value for block in document_of(translation)["sections"][0]["body"]]
    assert words == ["Resfriado", "Frío"]


# ── lists ──


@pytest.mark.parametrize(
    ("msgstr", "expected"),
    [
        pytest.param("uno", ["uno"], id="fewer"),
        pytest.param("uno\ndos\ntres", ["uno", "dos", "tres"], id="more"),
        pytest.param(" uno \n\n dos\n", ["uno", "dos"], id="blank lines and spaces"),
    ],
)
def test_list_message_has_as_many_items_as_the_language(msgstr: str, expected: list[str]) -> None:
    key = Key("also-called", "one\ntwo")
    translation = spanish(topic(alsoCalled=["one", "two"]), Message(key, msgstr))
    names = document_of(translation)["alsoCalled"]
    assert names == [Text(name, ES, TextState.TRANSLATED) for name in expected]


def test_missing_list_is_one_message_and_stays_in_english() -> None:
    translation = spanish(topic(alsoCalled=["one", "two"]), Message(Key("also-called", "one\ntwo"), " \n "))
    assert [text.state for text in document_of(translation)["alsoCalled"]] == [TextState.MISSING] * 2
    assert translation.coverage.missing == 1


def test_own_names_of_the_language_come_after_the_translated_ones() -> None:
    document = topic(alsoCalled=[own("Asma bronquial"), "one", own("asthme", "fr")])
    translation = spanish(document, Message(Key("also-called", "one"), "uno"))
    assert document_of(translation)["alsoCalled"] == [
        Text("uno", ES, TextState.TRANSLATED),
        Text("Asma bronquial", ES, TextState.OWN),
    ]


# ── text that only one language has ──


@pytest.mark.parametrize("language", ["en", "es"])
def test_own_text_is_only_in_its_own_edition_and_blocks_nothing(language: str) -> None:
    document = topic(
        description=own("About.", "en"),
        sections=[
            section(
                "summary",
                {"paragraph": "A disease of the lungs."},
                {"paragraph": own("Hable con su médico.")},
            ),
            section("spanish", {"paragraph": own("Solo aquí.")}, heading=own("En español")),
        ],
        resources=[resource(title=own("El asma"), links={"es": ES_PAGE})],
    )
    translation = spanish(document) if language == "es" else translate(PLAN, document, IDENTITY)
    localized = document_of(translation)
    assert translation.coverage.is_complete
    assert not translation.findings
    if language == "es":
        assert "description" not in localized
        assert localized["sections"][0]["body"][1] == {
            "paragraph": Text("Hable con su médico.", ES, TextState.OWN)
        }
        assert [each["id"] for each in localized["sections"]] == ["summary", "spanish"]
        assert localized["resources"][0]["title"] == Text("El asma", ES, TextState.OWN)
    else:
        assert localized["description"] == Text("About.", LanguageTag("en"), TextState.OWN)
        assert [each["id"] for each in localized["sections"]] == ["summary"]
        assert [len(localized["sections"][0]["body"]), localized["resources"]] == [1, []]


def test_topic_that_a_language_does_not_have_gives_no_document() -> None:
    document = topic(sections=[section("a", {"paragraph": own("x", "fr")}, heading=own("x", "fr"))])
    assert spanish(document).document is None


def test_template_asks_for_exactly_what_translate_looks_for() -> None:
    document = topic(
        alsoCalled=["a", own("b")],
        sections=[
            section("summary", {"paragraph": "x"}, {"paragraph": own("y")}),
            section("english", {"paragraph": "never asked for"}, heading=own("z", "en")),
        ],
        resources=[resource("one"), resource("two", title="Two", links={"en": EN_PAGE, "es": ES_PAGE})],
    )
    template = template_of(PLAN, document, ES)
    full = Catalogue.of(ES, [Message(each.key, "x") for each in template])
    assert translate(PLAN, document, full).coverage == Coverage(len(template), len(template))


# ── names that may keep their own language ──


def test_title_of_a_page_is_translated_only_where_the_page_is() -> None:
    document = topic(
        resources=[
            resource("english", title="English page"),
            resource("both", title="Both", links={"en": EN_PAGE, "es": ES_PAGE}),
        ],
        relatedTopics=[{"title": "Cough", "links": {"en": EN_PAGE}}],
    )
    unasked = Message(Key("resource-title", "English page"), "Página en inglés")
    translation = spanish(document, unasked, Message(Key("resource-title", "Both"), "Ambos"))
    localized = document_of(translation)
    assert [each["title"] for each in localized["resources"]] == [
        Text("English page", LanguageTag("en"), TextState.OWN),
        Text("Ambos", ES, TextState.TRANSLATED),
    ]
    assert localized["relatedTopics"][0]["title"].state is TextState.OWN
    assert translation.coverage == Coverage(messages=4, translated=4)


ORGANIZATION = {"id": "nih", "name": "National Institutes of Health"}


@pytest.mark.parametrize(
    ("message", "expected", "coverage", "checks"),
    [
        pytest.param(None, Text(ORGANIZATION["name"], state=TextState.OWN), Coverage(), [], id="missing"),
        pytest.param(
            ("Institutos", True), Text(ORGANIZATION["name"], state=TextState.OWN), Coverage(), [], id="fuzzy"
        ),
        pytest.param(
            ("Institutos", False), Text("Institutos", ES, TextState.TRANSLATED), Coverage(1, 1), [],
            id="translated",
        ),
        pytest.param(
            ("a\nb", False), Text(ORGANIZATION["name"], state=TextState.BLOCKED), Coverage(1, blocked=1),
            ["message-line-break"], id="blocked",
        ),
    ],
)  # fmt: skip
def test_optional_name_stays_as_it_is_and_blocks_nothing(
    message: tuple[str, bool] | None, expected: Text, coverage: Coverage, checks: list[str]
) -> None:
    plan = plan_messages(packaged("vocabulary.schema.json"))
    messages = (
        [Message(Key("organization", ORGANIZATION["name"]), message[0], is_fuzzy=message[1])]
        if message
        else []
    )
    translation = translate(plan, {"entries": [ORGANIZATION]}, Catalogue.of(ES, messages))
    assert document_of(translation)["entries"][0]["name"] == expected
    assert translation.coverage == coverage
    assert [each.check for each in translation.findings] == checks


# ── links ──


@pytest.mark.parametrize(
    ("href", "state"), [(ES_PAGE, TextState.TRANSLATED), ("https://x.example/", TextState.BLOCKED)]
)
def test_link_may_become_the_twin_that_a_resource_names(href: str, state: TextState) -> None:
    text = f'See <a href="{EN_PAGE}">this</a>.'
    document = topic(
        sections=[section("summary", {"paragraph": text})],
        resources=[resource(title=own("x"), links={"en": EN_PAGE, "es": ES_PAGE})],
    )
    translation = spanish(document, Message(Key("paragraph", text), f'Vea <a href="{href}">esto</a>.'))
    assert document_of(translation)["sections"][0]["body"][0]["paragraph"].state is state


OTHER_PAGE = "https://example.org/other"
OF_WORKSPACE = Twins.from_links(
    [{"en": EN_PAGE, "es": OTHER_PAGE}, {"en": f"{EN_PAGE}?a=1&b=2", "es": ES_PAGE}], ES
)


def _linking(
    href: str, translated: str, twins: Twins | None, *, is_imported: bool = False, listed: bool = False
) -> Text:
    text = f'See <a href="{href}">this</a>.'
    document = topic(
        sections=[section("summary", {"paragraph": text})],
        resources=[resource(title=own("x"), links={"en": EN_PAGE, "es": ES_PAGE})] if listed else [],
    )
    message = Message(
        Key("paragraph", text), f'Vea <a href="{translated}">esto</a>.', is_imported=is_imported
    )
    catalogue = Catalogue.of(ES, [message, *MINIMAL], path="es.po")
    translated_document = document_of(translate(PLAN, document, catalogue, twins=twins))
    found: Text = translated_document["sections"][0]["body"][0]["paragraph"]
    return found


@pytest.mark.parametrize(
    ("href", "translated", "listed", "expected"),
    [
        (EN_PAGE, EN_PAGE, False, OTHER_PAGE),
        (EN_PAGE, OTHER_PAGE, False, OTHER_PAGE),
        (EN_PAGE, EN_PAGE, True, ES_PAGE),
        (EN_PAGE, OTHER_PAGE, True, OTHER_PAGE),
        (f"{EN_PAGE}?a=1&amp;b=2", f"{EN_PAGE}?a=1&amp;b=2", False, ES_PAGE),
        ("topic:asthma", "topic:asthma", False, "topic:asthma"),
    ],
)
def test_a_link_leads_to_the_twin_of_its_page(
    href: str,
    translated: str,
    listed: bool,  # noqa: FBT001 - a case
    expected: str,
) -> None:
    found = _linking(href, translated, OF_WORKSPACE, listed=listed)
    assert (found.value, found.state) == (f'Vea <a href="{expected}">esto</a>.', TextState.TRANSLATED)


def test_a_link_without_a_twin_stays() -> None:
    assert EN_PAGE in _linking(EN_PAGE, EN_PAGE, None).value
    assert _linking(EN_PAGE, OTHER_PAGE, None).state is TextState.BLOCKED


def test_of_two_twins_none_is_chosen() -> None:
    twins = Twins.from_links([{"en": EN_PAGE, "es": ES_PAGE}, {"en": EN_PAGE, "es": OTHER_PAGE}], ES)
    assert EN_PAGE in _linking(EN_PAGE, EN_PAGE, twins).value


def test_the_links_of_imported_text_are_those_of_its_publisher() -> None:
    assert EN_PAGE in _linking(EN_PAGE, EN_PAGE, OF_WORKSPACE, is_imported=True).value


def test_links_in_text_that_is_translated_as_a_whole_lead_to_twins() -> None:
    text = f'See <a href="{EN_PAGE}">this</a>.'
    document = topic(sections=[{**section("summary", {"paragraph": text}), "unit": "section"}])
    (key,) = (each.key for each in template_of(PLAN, document, ES) if EN_PAGE in each.key.msgid)
    message = Message(key, f'<p>Vea <a href="{EN_PAGE}">esto</a>.</p>')
    catalogue = Catalogue.of(ES, [message, *MINIMAL])
    translated = document_of(translate(PLAN, document, catalogue, twins=OF_WORKSPACE))
    (found,) = (each.value for each in texts_in(translated["sections"]) if "esto" in each.value)
    assert found == f'Vea <a href="{OTHER_PAGE}">esto</a>.'


# ── a field that only the schema knows ──


def extended_schema() -> dict[str, Any]:
    schema: dict[str, Any] = copy.deepcopy(dict(packaged("topic.schema.json")))
    tagline = {"$ref": "#/$defs/text", "x-message": {"role": "tagline", "comment": "A line below the title."}}
    tip = {"$ref": "#/$defs/tip"}
    schema["properties"]["tagline"] = tagline
    schema["properties"]["sections"]["items"]["properties"]["aside"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"tips": {"type": "array", "minItems": 1, "items": tip}},
    }
    schema["$defs"]["tip"] = {
        "$ref": "#/$defs/text",
        "x-message": {"role": "tip", "comment": "A tip.", "markup": "inline"},
    }
    return schema


def test_translatable_field_added_to_the_schema_needs_no_code() -> None:
    schema = TopicSchema(extended_schema())
    first = section(
        "summary",
        {"paragraph": "A disease of the lungs."},
        aside={"tips": ["Do <em>not</em> smoke.", own("Solo")]},
    )
    document = topic(tagline="Breathe freely.", sections=[first])
    problems = schema.check(document, "topics/asthma.json", TopicReferences(Vocabulary({}, {}), ()))
    assert {problem.check for problem in problems} == {
        "unknown-key"
    }  # valid, except for our empty vocabulary

    template = {message.key: message for message in template_of(schema.plan, document, ES)}
    tagline, tip = Key("tagline", "Breathe freely."), Key("tip", "Do <em>not</em> smoke.")
    assert template[tagline].reference == "topics/asthma.json#/tagline"
    assert template[tip].comments[:2] == ("Topic “Asthma”, section “Summary”.", "A tip.")

    messages = [Message(tagline, "Respire libremente."), Message(tip, "<em>No</em> fume."), *MINIMAL]
    localized = localize(schema.plan, document, Catalogue.of(ES, messages))
    assert localized.coverage == Coverage(5, 5)
    assert localized.extra["tagline"] == Text("Respire libremente.", ES, TextState.TRANSLATED)
    assert localized.sections[0].extra["aside"]["tips"] == [
        Text("<em>No</em> fume.", ES, TextState.TRANSLATED),
        Text("Solo", ES, TextState.OWN),
    ]


# ── what is translated as a whole ──

BLOCKS: list[Document] = [{"paragraph": "One &amp; two."}, {"list": ["a", {"item": "b", "list": ["c"]}]}]
UNIT = "<p>One &amp; two.</p>\n<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>"
BY = {"attribution": "Based on z."}
SECTION = Key("section", UNIT)
SUMMARY = Key("summary", f'<h3 id="a">Summary</h3>\n{UNIT}\n<h3 id="b">More</h3>\n<p>Last.</p>')


def in_spanish(text: str) -> Text:
    return Text(text, ES, TextState.TRANSLATED)


def by_section(**members: Any) -> Document:
    return topic(sections=[section("a", *BLOCKS, BY, unit="section")], **members)


def as_a_whole() -> Document:
    return topic(
        unit="topic",
        sections=[section("a", *BLOCKS, BY), section("b", {"paragraph": "Last."}, heading="More")],
    )


def test_section_has_the_blocks_of_its_translation() -> None:
    text = "<ol>\n<li>Uno</li>\n</ol>\n<h3>Otra &lt; cosa</h3>\n<p>Dos\ny <em>tres</em>.</p>"
    credit = Message(Key("attribution", "Based on z."), "Con información de z.")
    translation = spanish(by_section(), Message(SECTION, text), credit)
    assert document_of(translation)["sections"][0] == {
        "id": "a",
        "aspect": "overview",
        "unit": "section",
        "heading": in_spanish("Introducción"),
        "body": [
            {"list": [in_spanish("Uno")], "ordered": True},
            {"subheading": in_spanish("Otra < cosa")},
            {"paragraph": in_spanish("Dos y <em>tres</em>.")},
            {"attribution": in_spanish("Con información de z.")},
        ],
    }
    assert translation.coverage == Coverage(4, 4)


def test_topic_has_the_sections_of_its_translation() -> None:
    text = '<h3 id="b"></h3>\n<p>Último.</p>\n<h3 id="a">Qué es</h3>\n<p>Uno.</p>'
    credit = Message(Key("attribution", "Based on z."), "Con información de z.")
    translation = spanish(as_a_whole(), Message(SUMMARY, text), credit)
    assert document_of(translation)["sections"] == [
        {"id": "b", "aspect": "overview", "body": [{"paragraph": in_spanish("Último.")}]},
        {
            "id": "a",
            "aspect": "overview",
            "heading": in_spanish("Qué es"),
            "body": [
                {"paragraph": in_spanish("Uno.")},
                {"attribution": in_spanish("Con información de z.")},
            ],
        },
    ]
    assert translation.coverage == Coverage(3, 3)


@pytest.mark.parametrize(
    ("message", "state", "checks"),
    [
        pytest.param(None, TextState.MISSING, ["message-missing"], id="missing"),
        pytest.param(Message(SECTION, " \n "), TextState.MISSING, ["message-missing"], id="blank"),
        pytest.param(
            Message(SECTION, "<p>Uno.</p>", is_fuzzy=True), TextState.FUZZY, ["message-fuzzy"], id="fuzzy"
        ),
        pytest.param(Message(SECTION, "Uno."), TextState.BLOCKED, ["markup-text", "text-lost"], id="blocked"),
    ],
)
def test_english_blocks_stay_where_the_unit_has_no_usable_translation(
    message: Message | None, state: TextState, checks: list[str]
) -> None:
    credit = Message(Key("attribution", "Based on z."), "Con información de z.")
    translation = spanish(by_section(), *([message] if message else []), credit)
    english = [
        {"paragraph": Text("One &amp; two.", LanguageTag("en"), state)},
        {
            "list": [
                Text("a", LanguageTag("en"), state),
                {
                    "item": Text("b", LanguageTag("en"), state),
                    "list": [Text("c", LanguageTag("en"), state)],
                },
            ]
        },
    ]
    assert document_of(translation)["sections"][0]["body"][:2] == english
    assert [finding.check for finding in translation.findings] == checks
    assert "“<p>One &amp; two.</p>”" in translation.findings[0].message


def test_source_language_has_its_own_blocks_whatever_the_unit() -> None:
    for document in (by_section(), as_a_whole()):
        localized = localize(PLAN, document, IDENTITY)
        (first, *_) = localized.sections
        assert first.heading == Text("Summary")
        assert localized.to_dict()["sections"][0]["body"][:2] == BLOCKS


def test_section_that_the_english_does_not_have_is_refused() -> None:
    text = '<h3 id="a">Qué es</h3>\n<p>Uno.</p>\n<h3 id="c">Nuevo</h3>\n<p>Dos.</p>'
    translation = spanish(as_a_whole(), Message(SUMMARY, text))
    blocking = [finding for finding in translation.findings if finding.level is Level.ERROR]
    assert [(finding.check, finding.hint) for finding in blocking] == [
        ("unit-section", "Use the ids of the English: a, b.")
    ]
    assert translation.coverage.blocked == 1


def test_catalogue_asks_for_the_unit_with_its_markup_explained() -> None:
    template = {message.key: message for message in template_of(PLAN, by_section(), ES)}
    assert list(template)[2:] == [SECTION, Key("attribution", "Based on z.")]
    assert template[SECTION].reference == "topics/asthma.json#/sections/a"
    assert template[SECTION].comments[0] == "Topic “Asthma”, section “Summary”."
    assert "<li> items" in template[SECTION].comments[1]
    (_, summary, _) = template_of(PLAN, as_a_whole(), ES)
    assert (summary.key, summary.reference) == (SUMMARY, "topics/asthma.json#/sections")
    assert '<h3 id="…">' in summary.comments[1]


# ── imported text ──


@pytest.mark.parametrize(
    ("key", "msgstr", "state", "findings"),
    [
        pytest.param(
            Key("title", "Asthma"), "As\tma", TextState.BLOCKED, [("message-tab", Level.ERROR)], id="tab"
        ),
        pytest.param(
            Key("title", "Asthma"), "As\nma", TextState.BLOCKED, [("message-line-break", Level.ERROR)],
            id="line break",
        ),
        pytest.param(
            Key("title", "Asthma"), "A" * 121, TextState.TRANSLATED, [("message-too-long", Level.WARNING)],
            id="too long",
        ),
        pytest.param(
            Key("paragraph", "A disease of the lungs."), "<em>Una</em> enfermedad.", TextState.TRANSLATED,
            [("tag-foreign", Level.WARNING)], id="tags",
        ),
        pytest.param(
            Key("paragraph", "A disease of the lungs."), "<b>Una</b> enfermedad.", TextState.BLOCKED,
            [("markup-element", Level.ERROR)], id="unsafe markup",
        ),
        pytest.param(
            Key("paragraph", "A disease of the lungs."), "<em>Una</em> & <b>enfermedad.", TextState.BLOCKED,
            [("markup-ill-formed", Level.ERROR)], id="ill-formed markup",
        ),
        pytest.param(
            Key("paragraph", "A disease of the lungs."), "<em> </em>", TextState.BLOCKED,
            [("text-blank", Level.ERROR)], id="no words",
        ),
        pytest.param(
            Key("title", "Asthma"), "As\x85ma", TextState.BLOCKED, [("message-control", Level.ERROR)],
            id="control character",
        ),
    ],
)  # fmt: skip
def test_findings_in_imported_text_are_warnings_unless_it_cannot_be_published(
    key: Key, msgstr: str, state: TextState, findings: list[tuple[str, Level]]
) -> None:
    translation = spanish(topic(), Message(key, msgstr, is_imported=True))
    assert [(finding.check, finding.level) for finding in translation.findings] == findings
    assert translation.coverage.is_complete is (state is TextState.TRANSLATED)
    edited = spanish(topic(), Message(key, msgstr))
    assert {finding.level for finding in edited.findings} == {Level.ERROR}
    assert not edited.coverage.is_complete


def test_imported_text_that_is_missing_or_fuzzy_is_so_as_ever() -> None:
    for message in (
        Message(Key("title", "Asthma"), "", is_imported=True),
        Message(Key("title", "Asthma"), "Asma", is_fuzzy=True, is_imported=True),
    ):
        assert not spanish(topic(), message).coverage.is_complete


LONG = "The <em>lungs</em> take up oxygen from the air we breathe."


@pytest.mark.parametrize("is_imported", [True, False])
def test_imported_text_that_repeats_the_english_is_marked_as_english(*, is_imported: bool) -> None:
    body = [{"paragraph": LONG}, {"subheading": "x < y"}]
    whole = section("a", *body, unit="section")
    document = topic(sections=[section("summary", {"paragraph": LONG}), whole])
    unit = f"<p>{LONG}</p>\n<h3>x &lt; y</h3>"
    translation = spanish(
        document,
        Message(Key("paragraph", LONG), LONG, is_imported=is_imported),
        Message(Key("section", unit), f"<h3>x &lt; y</h3>\n<p>{LONG}</p>", is_imported=is_imported),
    )
    first, second = document_of(translation)["sections"]
    assert {finding.check for finding in translation.findings} == {"message-untranslated"}
    assert translation.coverage.is_complete is is_imported
    if is_imported:
        english = Text(LONG, LanguageTag("en"), TextState.TRANSLATED)
        assert first["body"] == [{"paragraph": english}]
        assert second["body"] == [{"subheading": in_spanish("x < y")}, {"paragraph": english}]


def test_imported_text_that_is_english_is_marked_as_english() -> None:
    document = topic(
        alsoCalled=["Wheezing"], sections=[section("summary", {"list": ["Take it with food.", "Rest."]})]
    )
    translation = spanish(
        document,
        Message(Key("list-item", "Take it with food."), "Do not take it with food.", is_imported=True),
        Message(Key("list-item", "Rest."), "Descanse.", is_imported=True),
        Message(Key("also-called", "Wheezing"), "Silbidos\nTrouble breathing", is_imported=True),
    )
    found = document_of(translation)
    first, second = found["sections"][0]["body"][0]["list"]
    assert translation.coverage.is_complete
    assert (first.value, first.language, second.language) == ("Do not take it with food.", "en", ES)
    assert [each.language for each in found["alsoCalled"]] == [ES, "en"]


# ── where a text has its message ──


def test_text_knows_the_place_of_its_message() -> None:
    body: list[Document] = [{"list": [{"item": "One", "list": ["Two"]}]}, {"paragraph": own("Solo aquí.")}]
    document = topic(alsoCalled=["Wheezing", "Bronchial asthma"], sections=[section("summary", *body)])
    messages = [
        Message(Key("also-called", "Wheezing\nBronchial asthma"), "Silbidos\nAsma bronquial"),
        Message(Key("list-item", "Two"), "Dos"),
    ]
    localized = localize(PLAN, document, Catalogue.of(ES, [*messages, *MINIMAL]))
    assert [(text.value, text.pointer) for text in texts_in(localized)] == [
        ("Asma", "/title"),
        ("Silbidos", "/alsoCalled"),
        ("Asma bronquial", "/alsoCalled"),
        ("Introducción", "/sections/0/heading"),
        ("One", "/sections/0/body/0/list/0/item"),
        ("Dos", "/sections/0/body/0/list/0/list/0"),
        ("Solo aquí.", "/sections/0/body/1/paragraph"),
    ]


@pytest.mark.parametrize("msgstr", ["", "<p>Una enfermedad.</p>"])
def test_texts_of_a_unit_have_the_place_of_the_whole(msgstr: str) -> None:
    document = topic(sections=[section("summary", {"paragraph": "A disease."}, unit="section")])
    message = Message(Key("section", "<p>A disease.</p>"), msgstr)
    localized = localize(PLAN, document, Catalogue.of(ES, [message, *MINIMAL]))
    (text,) = texts_in(localized.sections[0].body)
    assert (text.language, text.pointer) == (ES if msgstr else "en", "/sections/0/body")


def test_english_text_knows_its_place_too() -> None:
    assert localize(PLAN, topic(), IDENTITY).title.pointer == "/title"
