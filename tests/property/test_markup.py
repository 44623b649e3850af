"""Markup: what is written is what was read, and plain text has none."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from healthtopics.markup import (
    NO_CHARACTER,
    BlockDocument,
    Inline,
    MarkupError,
    escape,
    is_blank,
    parse,
    parse_body,
    parse_sections,
    serialize_body,
    serialize_sections,
    write_link,
)
from healthtopics.problems import Fault
from property.strategies import MARKUP, UNIT_BODIES, UNIT_SECTIONS

PIECES = [
    "<em>",
    "</em>",
    '<a href="',
    "https://e.example/",
    "topic:x",
    "javascript:",
    '">',
    "</a>",
    "&amp;",
    "&#13;",
    "&#x41;",
    "&lt;",
    "&nbsp;",
    "<",
    ">",
    "&",
    "'",
    '"',
    "x",
    " ",
    "\n",
    "\r",
    "\t",
    "\x0b",
    "]]>",
    "<!--",
    "-->",
    "</_>",
    "<_>",
    ' xmlns:y="u"',
    "\u2028",
    "\ufffe",
]
BLOCK_PIECES = [
    "<p>x</p>", "<p>", "</p>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>x", "<li>", "</li>", "<h3>", "</h3>",
    '<h3 id="a">', '<h3 id="b">', "x", "\n", "&#13;", *PIECES[:8],
]  # fmt: skip


@given(MARKUP)
def test_parsing_what_was_serialized_gives_the_same(text: str) -> None:
    parsed = parse(text)
    assert parse(parsed.serialize()) == parsed
    assert parse(parsed.serialize()).serialize() == parsed.serialize()


def faults_of(text: str, read: Callable[[str], object] = parse) -> tuple[Fault, ...]:
    try:
        read(text)
    except MarkupError as error:
        return error.faults
    return ()


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_refused_or_comes_back(text: str) -> None:
    faults = faults_of(text)
    assert all(fault.message and fault.hint for fault in faults)
    if not faults:
        assert parse(parse(text).serialize()) == parse(text)


def with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.text())
def test_escaped_text_is_itself_or_no_xml_at_all(text: str) -> None:
    if faults_of(escape(text)):
        assert NO_CHARACTER.search(text)
    else:
        assert with_line_feeds(parse(escape(text)).plain()) == with_line_feeds(text)


@given(MARKUP)
def test_plain_text_is_what_is_left_without_tags(text: str) -> None:
    parsed = parse(text)
    assert parse(escape(parsed.plain())).plain() == parsed.plain()
    assert not list(parse(escape(parsed.plain())).elements())
    assert all(
        f"<{element.name}" not in parsed.plain() for element in parsed.elements() if "&lt;" not in text
    )


@given(MARKUP)
def test_where_no_link_leads_anywhere_only_the_words_stay(text: str) -> None:
    parsed: Inline = parse(text)
    unlinked = parse(parsed.serialize(lambda _href, content: write_link("", content)))
    assert (unlinked.hrefs(), unlinked.plain()) == ([], parsed.plain())


# ── blocks ──


def canonical(value: Any) -> Any:
    """Return blocks in which every inline text is written as the parser writes it."""
    if isinstance(value, list):
        return [parse(each).serialize() if isinstance(each, str) else canonical(each) for each in value]
    inline = ("paragraph", "item")
    return {
        name: parse(each).serialize()
        if name in inline
        else each
        if isinstance(each, str | bool)
        else canonical(each)
        for name, each in value.items()
    }


@given(UNIT_BODIES.filter(lambda body: not any(map(has_blank, body))))
def test_a_body_comes_back_from_its_markup(body: list[BlockDocument]) -> None:
    text = serialize_body(body)
    assert parse_body(text) == [canonical(block) for block in body]
    assert serialize_body(parse_body(text)) == serialize_body([canonical(block) for block in body])


@given(UNIT_SECTIONS.filter(lambda sections: not any(map(has_blank, sections))))
def test_sections_come_back_from_their_markup(sections: list[BlockDocument]) -> None:
    text = serialize_sections(sections)
    expected = [{**section, "body": [canonical(block) for block in section["body"]]} for section in sections]
    assert parse_sections(text) == expected


def has_blank(value: Any) -> bool:
    """Return whether a reader would see nothing of some text."""
    if isinstance(value, str):
        return bool(is_blank(parse(value).plain() if not faults_of(value) else value))
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(has_blank, below))


@given(st.lists(st.sampled_from(BLOCK_PIECES), max_size=12).map("".join))
def test_any_text_is_refused_or_is_blocks_that_come_back(text: str) -> None:
    for read, write in ((parse_body, serialize_body), (parse_sections, serialize_sections)):
        faults = faults_of(text, read)
        assert all(fault.message and fault.hint for fault in faults)
        if not faults:
            assert read(write(read(text))) == read(text)
