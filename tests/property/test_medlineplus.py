"""Reading a summary loses nothing and adds nothing: what was made of it says what a second reading sees."""

import re
from collections.abc import Callable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from healthtopics import markup
from healthtopics.importers.medlineplus.original import read_original
from healthtopics.importers.medlineplus.summary import read_summary
from healthtopics.importers.medlineplus.urls import repair_url
from support.medlineplus import even, inline_texts

PAGE = "https://medlineplus.gov/spanish/asthma.html"
PLAIN = re.compile(
    r"[^\x00-\x20\x7f-\x9f\ufffe\uffff](?:[^\x00-\x1f\x7f-\x9f\ufffe\uffff]*[^\x00-\x20\x7f-\x9f\ufffe\uffff])?"
)

WORDS = (
    "not", "5&nbsp;mg", "año", "a&amp;b", "&lt;3", "1 < 2", "x\u202fy", " ", "  ", "\n", "\t", "\u200b",
    "\ufeff",
    "\u00a0", "¿Qué?", "don't", "Dr.", "&#233;", "\x85", "&bogus;", '"q"', "<!-- c -->",
)  # fmt: skip
HREFS = (
    "https://a.example/x", "postcovid.html", "/spanish/flu.html", "http://a.example/?a=1&amp;b=2",
    "javascript:x()",
    "mailto:a@b.example", "", "#top", "https://a.example/a b|c", "//b.example/y", "https://[bad",
    "https://ñ.example/",
    "HTTPS://A.example/Q", "https://medlineplus.gov/known.html",
)  # fmt: skip
ATTRIBUTES = ("", "", ' class=""', ' style="color:red"', ' class="NLMattribution"', ' id="x"')
LINKED = ("", "", ' tid="7807"', ' target="_blank"')
VOID = ("<br>", "<br/>", "</br>", '<img src="x" alt="a sign">', "<img>", "<script>x<y</script>")
MARKS = ("em", "strong", "b", "i", "sub", "sup", "abbr", "span", "u")
EMPTY = ("<p></p>", "</p>", "<p/>", "<hr>", "<li></li>", "<h2> </h2>", "<ul></ul>", "<p>&nbsp;</p>")
DEEPEST = 4


class Writer:
    """Writes HTML, each byte a choice: any piece may be in any other, to some depth."""

    def __init__(self, choices: bytes) -> None:
        self.choices = iter(choices)

    def number(self, below: int) -> int:
        return next(self.choices, 0) % below

    def one(self, of: Sequence[str]) -> str:
        return of[self.number(len(of))]

    def some(self, of: Callable[[int], str], depth: int, most: int = 3) -> str:
        return "".join([of(depth) for _ in range(1 + self.number(most))])

    def element(self, names: Sequence[str], inside: str) -> str:
        name = self.one(names)
        return f"<{name}{self.one(ATTRIBUTES)}>{inside}</{name}>"

    def marked(self, depth: int) -> str:
        kind = self.number(7)
        if kind == 1:
            return self.one(VOID)
        if kind in {2, 3} and depth < DEEPEST:
            return self.element(MARKS, self.some(self.marked, depth + 1, 2))
        return "".join([self.one(WORDS) for _ in range(1 + self.number(4))])

    def link(self, inside: str) -> str:
        return f'<a href="{self.one(HREFS)}"{self.one(LINKED)}>{inside}</a>'

    def inline(self, depth: int) -> str:
        if self.number(4) == 1:
            return self.link(self.some(self.marked, depth))
        return self.marked(depth)

    def item(self, depth: int) -> str:
        """Write the content of a list: mostly items, closed or not, with anything in them."""
        kind = self.number(10)
        if kind == 1:
            return self.inline(depth)
        if kind == 2 and depth < DEEPEST:
            return self.list(depth + 1)
        inside = self.some(self.block, depth + 1, 2)
        return f"<li>{inside}" if kind in {3, 4} else self.element(["li"], inside)

    def list(self, depth: int) -> str:
        return self.element(["ul", "ol"], self.some(self.item, depth, 4))

    def block(self, depth: int) -> str:
        kinds: Sequence[Callable[[int], str]] = (
            self.inline,
            lambda inner: self.element(["p"], self.some(self.inline, inner)),
            lambda inner: "<p>" + self.some(self.inline, inner),
            lambda _: self.one(EMPTY),
            lambda inner: self.element(["h1", "h2", "h3", "h6"], self.some(self.inline, inner)),
            self.list,
            lambda inner: self.element(
                ["div", "blockquote", "section", "center"], self.some(self.block, inner)
            ),
            lambda inner: f"<table><tr>{self.cell(inner)}</tr><tr>{self.cell(inner)}</tr></table>",
            lambda inner: f"<dl><dt>{self.inline(inner)}<dd>{self.inline(inner)}</dl>",
            lambda inner: self.element(["li"], self.inline(inner)),
            lambda inner: self.link(self.element(["p"], self.marked(inner))),
            lambda inner: self.element(["h2"], self.inline(inner) + self.block(inner) + self.inline(inner)),
            lambda inner: f"<div><ul>{self.item(inner)}</div>{self.inline(inner)}",
        )
        return kinds[self.number(len(kinds)) if depth < DEEPEST else 0](depth + 1)

    def cell(self, depth: int) -> str:
        return self.element(["td", "th"], self.block(depth))


HTML = st.binary(max_size=80).map(lambda choices: (writer := Writer(choices)).some(writer.block, 0, 6))


def find_topic(target: str) -> str | None:
    return {"tid:7807": "long-covid", "https://medlineplus.gov/known.html": "known"}.get(target)


@settings(max_examples=300)
@given(HTML)
def test_every_text_is_read_in_order(html: str) -> None:
    texts = [even(inline.plain()) for inline in inline_texts(read_summary(html, PAGE, find_topic))]
    assert texts == [line.text for line in read_original(html, PAGE)]


@given(HTML)
def test_every_link_is_read_with_its_words(html: str) -> None:
    made = list(inline_texts(read_summary(html, PAGE, lambda _: None)))
    for inline, line in zip(made, read_original(html, PAGE), strict=True):
        # A heading is plain text; the two spell a host that is not ASCII in two ways.
        if line.kind != "heading":
            assert [spelt(href) for href in inline.hrefs()] == [spelt(href) for href in line.hrefs]


def spelt(href: str) -> str:
    return href.replace("xn--ida.example", "%C3%B1.example")


@given(HTML)
def test_what_is_made_fits_the_schema(html: str) -> None:
    summary = read_summary(html, PAGE, find_topic)
    for part in summary.sections:
        assert part.blocks
        assert not part.heading or PLAIN.fullmatch(part.heading)
        assert any(not {"subheading", "attribution"} & block.keys() for block in part.blocks)
    for inline in inline_texts(summary):
        assert PLAIN.fullmatch(inline.serialize())
        assert not markup.is_blank(inline.plain())
    assert all(repair.check.startswith("medlineplus-") and repair.message for repair in summary.repairs)


@given(st.text(max_size=30) | st.sampled_from(HREFS), st.sampled_from([PAGE, ""]))
def test_an_address_is_repaired_to_what_the_schema_allows_and_then_stays(text: str, page: str) -> None:
    address = repair_url(text, page)
    if address is not None:
        assert markup.URL.fullmatch(address.url)
        again = repair_url(address.url)
        assert again is not None
        assert again.url == address.url
        assert not again.is_encoded
