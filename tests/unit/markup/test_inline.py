import pytest

from healthtopics.markup import Element, Inline, MarkupError, escape, is_blank, is_safe, parse, write_link


def checks(text: str) -> list[str]:
    with pytest.raises(MarkupError) as caught:
        parse(text)
    assert str(caught.value)
    return [fault.check for fault in caught.value.faults]


def test_text_and_elements_are_distinguished() -> None:
    parsed = parse('See <a href="topic:uterine-diseases">the <em>uterus</em></a> &amp; more.')
    link = Element("a", "topic:uterine-diseases", ("the ", Element("em", "", ("uterus",))))
    assert parsed == Inline(("See ", link, " & more."))
    assert parsed.plain() == "See the uterus & more."
    assert parsed.hrefs() == ["topic:uterine-diseases"]
    assert [element.name for element in parsed.elements()] == ["a", "em"]


def test_empty_text_has_no_children() -> None:
    assert parse("") == Inline(())


@pytest.mark.parametrize("name", ["em", "strong", "sub", "sup", "abbr"])
def test_element_of_the_allow_list_comes_back(name: str) -> None:
    assert parse(f"a<{name}>b</{name}>c").serialize() == f"a<{name}>b</{name}>c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<script>alert(1)</script>", ["markup-element"], id="script"),
        pytest.param('<em onclick="x">a</em>', ["markup-attribute"], id="event handler"),
        pytest.param('<em href="https://example.org/">a</em>', ["markup-attribute"], id="href on em"),
        pytest.param('<a href="javascript:alert(1)">a</a>', ["markup-href"], id="javascript"),
        pytest.param(
            '<a href="&#106;avascript:alert(1)">a</a>', ["markup-href"], id="javascript by reference"
        ),
        pytest.param('<a href="/relative">a</a>', ["markup-href"], id="relative"),
        pytest.param('<a href="//example.org/">a</a>', ["markup-href"], id="without scheme"),
        pytest.param('<a href="data:text/html,x">a</a>', ["markup-href"], id="data"),
        pytest.param('<a href="https://example.org/&#10;x">a</a>', ["markup-href"], id="line break in href"),
        pytest.param("<a>a</a>", ["markup-href"], id="a without href"),
        pytest.param('<em xmlns:x="urn:x">a</em>', ["markup-attribute"], id="namespace declaration"),
        pytest.param('<em xml:lang="es">a</em>', ["markup-attribute"], id="xml:lang"),
        pytest.param("<EM>a</EM>", ["markup-element"], id="upper case"),
        pytest.param("<em>a", ["markup-ill-formed"], id="unclosed"),
        pytest.param("<em><strong>a</em></strong>", ["markup-ill-formed"], id="crossed"),
        pytest.param("a < b", ["markup-ill-formed"], id="bare less-than"),
        pytest.param("a & b", ["markup-ill-formed"], id="bare ampersand"),
        pytest.param("a&nbsp;b", ["markup-ill-formed"], id="entity"),
        pytest.param("</_><_>", ["markup-ill-formed"], id="leaving the wrapper"),
        pytest.param("a<!-- b -->", ["markup-element"], id="comment"),
        pytest.param("<![CDATA[a]]>", ["markup-element"], id="CDATA"),
        pytest.param('<!DOCTYPE a [<!ENTITY b "c">]>&b;', ["markup-element"], id="DTD"),
        pytest.param("<?php a ?>", ["markup-element"], id="processing instruction"),
        pytest.param("a\x0bb", ["markup-ill-formed"], id="control character"),
        pytest.param("<em>a\x00b</em>", ["markup-ill-formed"], id="NUL"),
        pytest.param("a\ufffeb", ["markup-ill-formed"], id="noncharacter"),
        pytest.param('<a href="https://a.example/"></a>', ["markup-empty-link"], id="link without words"),
        pytest.param(
            '<a href="topic:asthma"><em>\u00a0\u200b</em></a>', ["markup-empty-link"], id="link of blanks"
        ),
        pytest.param("&#11;", ["markup-ill-formed"], id="control character by reference"),
        pytest.param("<em>" * 30 + "</em>" * 30, ["markup-element"], id="too deep"),
        pytest.param("<em>" * 300 + "</em>" * 300, ["markup-ill-formed"], id="much too deep"),
        pytest.param(
            '<a href="https://a.example/"><em><a href="https://b.example/">x</a></em></a>',
            ["markup-element"],
            id="link in link",
        ),
        pytest.param(
            '<script>a</script><em style="x">b</em><a href="x">c</a>',
            ["markup-element", "markup-attribute", "markup-href"],
            id="several at once",
        ),
    ],
)
def test_what_is_not_ours_is_refused(text: str, expected: list[str]) -> None:
    assert checks(text) == expected


def test_wrong_character_reference_is_quoted() -> None:
    with pytest.raises(MarkupError, match="'&nbsp;' is not a character reference"):
        parse("a&nbsp;b &amp; c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        (" \t\n\u00a0\u2028", True),
        ("\u200b\ufeff\u00ad\u200f", True),
        ("\u200fا", False),
        ("-", False),
    ],
    ids=["empty", "white space", "format characters", "a letter after a mark", "punctuation"],
)
def test_invisible_text_counts_as_blank(text: str, *, expected: bool) -> None:
    assert is_blank(text) is expected


def test_serialize_escapes_and_resolves() -> None:
    parsed = parse('<a href="topic:asthma">a &lt; b &amp; c &gt; "d"</a>')
    resolved = parsed.serialize(lambda _href, content: write_link('https://example.org/?a=1&b="2"', content))
    assert resolved == '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">a &lt; b &amp; c &gt; "d"</a>'


def test_where_a_target_is_gone_the_words_stay() -> None:
    parsed = parse('see <a href="topic:asthma">the <em>lungs</em></a>.')
    unlinked = parsed.serialize(lambda _href, content: write_link("", content))
    assert unlinked == "see the <em>lungs</em>."


def test_carriage_return_survives_a_reader_of_xml() -> None:
    assert parse(parse("a&#13;b").serialize()).plain() == "a\rb"


@pytest.mark.parametrize(
    "href", ["topic:asthma", "topic:a-1", "https://example.org", "http://example.org/?a=b&c#d"]
)
def test_safe_targets(href: str) -> None:
    assert is_safe(href)


@pytest.mark.parametrize(
    "href",
    [
        "",
        "topic:",
        "topic:A",
        "topic:a--b",
        "ftp://a",
        "https://",
        "https://ñ.org",
        "https://a b",
        "https://a\n",
    ],
)
def test_unsafe_targets(href: str) -> None:
    assert not is_safe(href)


def test_escape_serves_content_and_attributes() -> None:
    assert escape('<a & "b">') == "&lt;a &amp; &quot;b&quot;&gt;"
