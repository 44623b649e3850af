"""Inline markup: what is written is what was read, and plain text has none."""

from hypothesis import given
from hypothesis import strategies as st

from healthtopics.markup import NO_CHARACTER, Fault, Inline, MarkupError, escape, parse
from property.strategies import MARKUP

PIECES = [
    "<em>", "</em>", '<a href="', "https://e.example/", "topic:x", "javascript:", '">', "</a>", "&amp;",
    "&#13;", "&#x41;", "&lt;", "&nbsp;", "<", ">", "&", "'", '"', "x", " ", "\n", "\r", "\t", "\x0b", "]]>",
    "<!--", "-->", "</_>", "<_>", ' xmlns:y="u"', "\u2028", "\ufffe",
]  # fmt: skip


@given(MARKUP)
def test_parsing_what_was_serialized_gives_the_same(text: str) -> None:
    parsed = parse(text)
    assert parse(parsed.serialize()) == parsed
    assert parse(parsed.serialize()).serialize() == parsed.serialize()


def faults_of(text: str) -> tuple[Fault, ...]:
    try:
        parse(text)
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
    assert parse(parsed.serialize(lambda _: "")).hrefs() == []
    assert parse(parsed.serialize(lambda _: "")).plain() == parsed.plain()
