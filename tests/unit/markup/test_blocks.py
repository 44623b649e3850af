from typing import Any

import pytest

from healthtopics.markup import (
    BlockDocument,
    MarkupError,
    parse_body,
    parse_sections,
    plain_lines,
    serialize_body,
    serialize_sections,
)

BODY: list[BlockDocument] = [
    {"paragraph": 'Asthma is a <a href="topic:lung-diseases">disease</a> &amp; it lasts.'},
    {"subheading": "Peak flow < 80 %"},
    {
        "list": [
            "cough",
            {"item": "in <em>children</em>", "list": ["day", {"item": "night", "list": ["late"]}]},
            {"item": "steps", "list": ["first"], "ordered": True},
        ]
    },
    {"list": ["one", "two"], "ordered": True},
]
TEXT = """\
<p>Asthma is a <a href="topic:lung-diseases">disease</a> &amp; it lasts.</p>
<h3>Peak flow &lt; 80 %</h3>
<ul>
<li>cough</li>
<li>in <em>children</em>
<ul>
<li>day</li>
<li>night
<ul>
<li>late</li>
</ul>
</li>
</ul>
</li>
<li>steps
<ol>
<li>first</li>
</ol>
</li>
</ul>
<ol>
<li>one</li>
<li>two</li>
</ol>"""
UNCLOSED = "the markup is not well-formed in line 2: Opening and ending tag mismatch: p line 2 and the text."
SECTIONS: list[BlockDocument] = [
    {"id": "overview", "body": BODY},
    {"id": "causes", "heading": "Smoke & dust?", "body": [{"paragraph": "Yes."}]},
]


def body_faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(MarkupError) as caught:
        parse_body(text)
    assert all(fault.hint for fault in caught.value.faults)
    return [(fault.check, fault.message) for fault in caught.value.faults]


def section_faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(MarkupError) as caught:
        parse_sections(text)
    assert all(fault.hint for fault in caught.value.faults)
    return [(fault.check, fault.message) for fault in caught.value.faults]


def test_every_start_item_and_end_has_its_own_line() -> None:
    assert serialize_body(BODY) == TEXT
    assert parse_body(TEXT) == BODY


def test_a_section_opens_with_its_id_and_a_heading_may_be_missing() -> None:
    text = f'<h3 id="overview"></h3>\n{TEXT}\n<h3 id="causes">Smoke &amp; dust?</h3>\n<p>Yes.</p>'
    assert serialize_sections(SECTIONS) == text
    assert parse_sections(text) == SECTIONS


def test_attributions_and_contexts_are_left_out() -> None:
    body = [{"paragraph": "x", "context": "first"}, {"attribution": "Based on y."}]
    assert serialize_body(body) == "<p>x</p>"
    assert serialize_sections([{"id": "a", "body": body}]) == '<h3 id="a"></h3>\n<p>x</p>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("  <p>a</p>\n\n <p>b</p>\t", [{"paragraph": "a"}, {"paragraph": "b"}], id="between"),
        pytest.param("<p>\n  a\n  b <em>c\nd</em>\n</p>", [{"paragraph": "a b <em>c d</em>"}], id="within"),
        pytest.param("<p>a  b\u00a0</p>", [{"paragraph": "a  b\u00a0"}], id="spaces stay"),
        pytest.param("<h3> a\nb </h3>", [{"subheading": "a b"}], id="heading"),
        pytest.param(
            "<ul>\n<li>a\n<ul><li>b</li></ul>\n</li></ul>",
            [{"list": [{"item": "a", "list": ["b"]}]}],
            id="item",
        ),
        pytest.param("<p>a &gt; &quot;b&quot;</p>", [{"paragraph": 'a &gt; "b"'}], id="references"),
    ],
)
def test_line_breaks_are_white_space(text: str, expected: list[BlockDocument]) -> None:
    assert parse_body(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [("markup-empty", "there is no block in the text.")], id="nothing"),
        pytest.param(" \u200b ", [("markup-empty", "there is no block in the text.")], id="blank"),
        pytest.param("a", [("markup-text", "line 1: “a” is outside a block.")], id="text alone"),
        pytest.param(
            "<p>a</p>\n" + "b" * 50,
            [("markup-text", f"line 1: “{'b' * 39}…” is outside a block.")],
            id="text after a block",
        ),
        pytest.param(
            "<ul>a<li>b</li></ul>",
            [("markup-text", "line 1: “a” is outside a block.")],
            id="text in a list",
        ),
        pytest.param("<div>a</div>", [("markup-element", "line 1: <div> is not a block.")], id="no block"),
        pytest.param("<em>a</em>", [("markup-element", "line 1: <em> is not a block.")], id="inline alone"),
        pytest.param("<li>a</li>", [("markup-element", "line 1: <li> is not a block.")], id="item alone"),
        pytest.param(
            "<p>a <p>b</p></p>",
            [("markup-element", "line 1: <p> is not allowed inside <p>.")],
            id="paragraph in paragraph",
        ),
        pytest.param(
            "<p>a <ul><li>b</li></ul></p>",
            [
                ("markup-element", "line 1: <ul> is not allowed inside <p>."),
                ("markup-element", "line 1: <li> is not allowed inside <ul>."),
            ],
            id="list in paragraph",
        ),
        pytest.param(
            "<ul><li><p>a</p></li></ul>",
            [("markup-element", "line 1: <p> is not allowed inside <li>.")],
            id="paragraph in item",
        ),
        pytest.param(
            "<ul>\n<p>a</p></ul>",
            [("markup-element", "line 2: <p> is not allowed inside <ul>.")],
            id="paragraph in list",
        ),
        pytest.param(
            "<h3>a <em>b</em></h3>",
            [("markup-element", "line 1: <em> is not allowed inside <h3>.")],
            id="marked-up heading",
        ),
        pytest.param(
            "<ul><li>a<ul><li>b</li></ul>c</li></ul>",
            [("markup-element", "line 1: something follows the list inside an item.")],
            id="text after the list of an item",
        ),
        pytest.param(
            "<ul><li>a<ul><li>b</li></ul><em>c</em></li></ul>",
            [("markup-element", "line 1: something follows the list inside an item.")],
            id="element after the list of an item",
        ),
        pytest.param(
            "<ul><li>a<ul><li>b</li></ul><ol><li>c</li></ol></li></ul>",
            [("markup-element", "line 1: something follows the list inside an item.")],
            id="two lists in an item",
        ),
        pytest.param(
            "<ul><li>a" * 30 + "</li></ul>" * 30,
            [("markup-element", "line 1: lists more than 20 levels deep.")],
            id="deep lists",
        ),
        pytest.param("<p></p>", [("markup-empty", "line 1: the <p> has no words.")], id="empty paragraph"),
        pytest.param(
            "<p><em>\u00a0</em></p>",
            [("markup-empty", "line 1: the <p> has no words.")],
            id="blank paragraph",
        ),
        pytest.param(
            "<h3> </h3>", [("markup-empty", "line 1: the heading has no words.")], id="blank heading"
        ),
        pytest.param("<ul></ul>", [("markup-empty", "line 1: the list has no items.")], id="empty list"),
        pytest.param(
            "<ul><li><ul><li>a</li></ul></li></ul>",
            [("markup-empty", "line 1: the <li> has no words.")],
            id="item without words",
        ),
        pytest.param(
            '<p class="x">a</p>', [("markup-attribute", "line 1: <p> may not carry 'class'.")], id="attribute"
        ),
        pytest.param(
            '<ul><li style="x">a</li></ul>',
            [("markup-attribute", "line 1: <li> may not carry 'style'.")],
            id="attribute of an item",
        ),
        pytest.param(
            '<p xmlns="urn:x">a</p>',
            [("markup-element", "line 1: <{urn:x}p> is not a block.")],
            id="namespace",
        ),
        pytest.param(
            '<p xmlns:x="urn:x">a</p>',
            [("markup-attribute", "line 1: <p> may not carry 'xmlns'.")],
            id="namespace declaration",
        ),
        pytest.param(
            '<h3 id="a">b</h3>',
            [("markup-attribute", "line 1: <h3> may not carry 'id'.")],
            id="section within a section",
        ),
        pytest.param(
            '<p>a</p>\n<p><a href="javascript:x">b</a></p>',
            [("markup-href", "line 2: 'javascript:x' is not an allowed link target.")],
            id="unsafe link",
        ),
        pytest.param(
            "<p>a</p>\n<p>b",
            [
                (
                    "markup-ill-formed",
                    UNCLOSED,
                )
            ],
            id="unclosed",
        ),
        pytest.param(
            "<p>a &nbsp; b</p>",
            [("markup-ill-formed", "'&nbsp;' is not a character reference of this markup.")],
            id="entity",
        ),
        pytest.param(
            "<!DOCTYPE x><p>a</p>",
            [("markup-element", "comments, declarations and CDATA are not allowed.")],
            id="DTD",
        ),
        pytest.param(
            "<p>a\x00</p>",
            [("markup-ill-formed", "the text holds the character U+0000, which no XML document can hold.")],
            id="NUL",
        ),
        pytest.param(
            '<p class="x"><script>a</script></p>\nb\n<ul></ul>',
            [
                ("markup-text", "line 1: “b” is outside a block."),
                ("markup-attribute", "line 1: <p> may not carry 'class'."),
                ("markup-element", "line 1: <script> is not allowed."),
                ("markup-empty", "line 3: the list has no items."),
            ],
            id="all at once",
        ),
    ],
)
def test_every_fault_of_a_body_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert body_faults(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [("markup-empty", "there is no block in the text.")], id="nothing"),
        pytest.param(
            "<p>a</p>\n<p>b</p>",
            [("markup-element", "line 1: <p> is before the first section.")],
            id="no section",
        ),
        pytest.param(
            "<h3>a</h3>\n<p>b</p>",
            [("markup-element", "line 1: <h3> is before the first section.")],
            id="heading without id",
        ),
        pytest.param('<h3 id="a">b</h3>', [("markup-empty", "the section 'a' is empty.")], id="no text"),
        pytest.param(
            '<h3 id="A b">c</h3>\n<p>d</p>',
            [("markup-id", "line 1: 'A b' is not a valid id of a section.")],
            id="no id",
        ),
        pytest.param(
            f'<h3 id="{"a" * 65}">c</h3>\n<p>d</p>',
            [("markup-id", f"line 1: '{'a' * 65}' is not a valid id of a section.")],
            id="too long",
        ),
        pytest.param(
            '<h3 id="a"></h3>\n<p>b</p>\n<h3 id="a"></h3>\n<p>c</p>',
            [("markup-id", "line 3: the id 'a' comes a second time.")],
            id="twice",
        ),
        pytest.param(
            '<h3 id="a" class="x">b</h3>\n<p id="b">c</p>',
            [
                ("markup-attribute", "line 1: <h3> may not carry 'class'."),
                ("markup-attribute", "line 2: <p> may not carry 'id'."),
            ],
            id="other attributes",
        ),
    ],
)
def test_every_fault_of_sections_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert section_faults(text) == expected


def test_what_is_read_belongs_to_the_caller() -> None:
    first: list[Any] = parse_body(TEXT)
    first[0]["paragraph"] = "changed"
    assert parse_body(TEXT) == BODY


def test_plain_lines_leave_out_what_is_marked_with_a_language() -> None:
    own = {"text": "In English.", "language": "en"}
    body: list[BlockDocument] = [
        {"paragraph": own},
        {"subheading": own},
        {"list": [own, "dos", {"item": own, "list": ["tres"]}]},
    ]
    assert list(plain_lines([{"heading": own, "body": body}])) == ["dos", "tres"]
