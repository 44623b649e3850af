from lxml import etree

from healthtopics.formats.fhir.exporting.narrative import Narrator, bullets, definitions
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.markup import write_link
from healthtopics.topic import (
    Attribution,
    Block,
    Callout,
    List,
    ListItem,
    LocalizedTerm,
    Paragraph,
    Subheading,
    Text,
)

ES = LanguageTag("es")
AR = LanguageTag("ar")
ENGLISH = Narrator(SOURCE)
SPANISH = Narrator(ES)


def test_a_div_has_the_namespace_and_its_language_twice() -> None:
    found = SPANISH.narrative("<p>Hola</p>")
    assert found == {
        "status": "generated",
        "div": '<div xmlns="http://www.w3.org/1999/xhtml" lang="es" xml:lang="es"><p>Hola</p></div>',
    }


def test_prose_is_marked_as_more_than_the_data() -> None:
    assert ENGLISH.narrative("<p>Prose</p>", "additional")["status"] == "additional"


def test_a_language_written_from_the_right_says_so() -> None:
    div = Narrator(AR).narrative("<p>نص</p>")["div"]
    assert ' lang="ar" xml:lang="ar" dir="rtl">' in div
    assert Narrator(AR).words(Text("NIH", SOURCE)) == '<span lang="en" xml:lang="en" dir="ltr">NIH</span>'


def test_plain_text_is_escaped() -> None:
    assert ENGLISH.words(Text('D&C <before> "12"')) == "D&amp;C &lt;before&gt; &quot;12&quot;"
    assert ENGLISH.element("li", Text("a < b")) == "<li>a &lt; b</li>"


def test_inline_markup_is_kept_and_its_links_are_resolved() -> None:
    narrator = Narrator(
        SOURCE,
        lambda href, content, _language: write_link(href.replace("topic:", "https://e.org/en/"), content),
    )
    block = Paragraph(Text('See <a href="topic:back-pain"><em>back</em> pain</a> &amp; more.'))
    assert narrator.blocks([block]) == (
        '<p>See <a href="https://e.org/en/back-pain"><em>back</em> pain</a> &amp; more.</p>'
    )


def test_words_in_the_resources_language_carry_no_mark() -> None:
    assert SPANISH.words(Text("Hola", ES)) == "Hola"
    assert SPANISH.element("p", Text("Hola", ES)) == "<p>Hola</p>"


def test_words_in_another_language_are_marked_for_browsers_and_for_xml() -> None:
    mark = ' lang="en" xml:lang="en"'
    assert SPANISH.words(Text("Hello")) == f"<span{mark}>Hello</span>"
    assert SPANISH.element("h1", Text("Hello")) == f"<h1{mark}>Hello</h1>"
    assert SPANISH.blocks([Paragraph(Text("Hello"))]) == f"<p{mark}>Hello</p>"
    assert SPANISH.blocks([List((ListItem(Text("Hello")),))]) == f"<ul><li{mark}>Hello</li></ul>"


def test_the_mark_of_an_item_does_not_reach_the_list_below_it() -> None:
    below = (ListItem(Text("Sangrado", ES)), ListItem(Text("Pain")))
    content = SPANISH.blocks([List((ListItem(Text("Signs"), below, is_ordered=True),))])
    assert content == (
        '<ul><li><span lang="en" xml:lang="en">Signs</span>'
        '<ol><li>Sangrado</li><li lang="en" xml:lang="en">Pain</li></ol></li></ul>'
    )


def test_a_heading_within_a_section_is_plain_text() -> None:
    assert ENGLISH.blocks([Subheading(Text("Dose < 5 mg & more"))]) == "<h3>Dose &lt; 5 mg &amp; more</h3>"
    assert SPANISH.blocks([Subheading(Text("Dose"))]) == '<h3 lang="en" xml:lang="en">Dose</h3>'


def test_attributions_are_separate_from_the_text() -> None:
    body: list[Block] = [Paragraph(Text("Text.")), Attribution(Text("From <em>NIH</em>."))]
    assert ENGLISH.blocks(body) == "<p>Text.</p>"
    assert ENGLISH.attributions(body) == "<p>From <em>NIH</em>.</p>"


def test_bullets_and_definitions() -> None:
    assert bullets(["a", "b"]) == "<ul><li>a</li><li>b</li></ul>"
    assert definitions([("a", "b")]) == "<dl><dt>a</dt><dd>b</dd></dl>"
    assert definitions([]) == ""


def test_a_narrative_is_well_formed_xml() -> None:
    nested = List((ListItem(Text("one"), (ListItem(Text("a &lt; <sub>b</sub>")),)),))
    div = SPANISH.narrative(SPANISH.blocks([Paragraph(Text("x <strong>y</strong>")), nested]))["div"]
    assert etree.fromstring(div).tag == "{http://www.w3.org/1999/xhtml}div"


def test_a_callout_says_its_urgency_in_words_above_its_heading() -> None:
    body = (Paragraph(Text("Call if you:", ES)), List((ListItem(Text("<em>sangra</em>", ES)),)))
    callout = Callout(Text("Llame al 911", ES), "emergency", body)
    for label, mark in ((Text("Emergencia", ES), ""), (Text("Emergency"), ' lang="en" xml:lang="en"')):
        words = {"emergency": LocalizedTerm(id="emergency", label=label, labels={})}
        assert Narrator(ES, urgencies=words).blocks([callout]) == (
            f'<div class="callout emergency"><p class="urgency"{mark}>{label.value}</p><h3>Llame al 911</h3>'
            "<p>Call if you:</p><ul><li><em>sangra</em></li></ul></div>"
        )
