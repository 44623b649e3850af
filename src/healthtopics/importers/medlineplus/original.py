"""What a reader sees of a summary's HTML, read a second time to verify the import.

Deliberately, this shares no code with `summary`, and uses no parser: the two agree, or one of them is wrong.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final, Literal
from urllib.parse import quote, urljoin, urlsplit

_HIDDEN: Final = ("head", "script", "style", "template", "title")
_LISTS: Final = ("ul", "ol", "menu", "dir")
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTAINERS: Final = (
    "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "legend", "main", "nav",
    "option", "pre", "search", "section", "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr",
)  # fmt: skip
_BREAKS: Final = (*_CONTAINERS, "body", "col", "colgroup", "hr", "html", "p")
_SUP, _SUB, _MFRAC, _END = "\ue000", "\ue001", "\ue002", "\ue003"
_SIGNS: Final = {"sup": _SUP, "sub": _SUB, "mfrac": _MFRAC}
"""What stands for an element until the line ends; for its end it is `_END`."""
_DASHES: Final = ("-", "–", "—")
_POINTS: Final = ("•", "·", "▪", "●", "◦", "‣", "*")
_URL_CHARACTERS: Final = "!#$%&'()*+,-./:;=?@_~"


@dataclass(frozen=True, slots=True)
class Line:
    """One text that a reader sees as a unit; that of an item excludes the items below it."""

    kind: Literal["heading", "text", "item"]
    text: str
    """With single spaces, stripped."""
    hrefs: tuple[str, ...]
    """The absolute http(s) addresses that its words link to, in order, percent-encoded."""


def read_original(html: str, page: str) -> tuple[Line, ...]:
    """Return the texts of a summary in reading order; `page` makes relative links absolute."""
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    reader.end_line()
    return tuple(_with_typed_lists(reader.lines))


def _with_typed_lists(lines: list[Line]) -> Iterator[Line]:
    """Yield lines that begin with a point, a dash or their number as items, without it: two at least."""
    start = 0
    while start < len(lines):
        first, end = _mark(lines[start]), start + 1
        if first in {"•", "1"}:
            while end < len(lines) and _mark(lines[end]) == ("•" if first == "•" else str(end - start + 1)):
                end += 1
        for line in lines[start:end]:
            is_item = end - start > 1
            yield Line("item", line.text.partition(" ")[2], line.hrefs) if is_item else line
        start = end


def _with_fractions(text: str) -> str:
    """Return a text without the signs, and with a gap between a number and a fraction beside it."""
    signs = f"{_SUP}{_SUB}{_MFRAC}{_END}"
    text = re.sub(rf"(?<=[^\W_])([{signs}]*{_MFRAC})", r" \1", text)
    text = re.sub(rf"({_MFRAC}[^{signs}]*{_END})(?=[{signs}]*[^\W_])", r"\1 ", text)
    raised = rf"[{signs}]*\d[\d{signs}]*[\s{signs}]*[/\u2044\u2215][\s{signs}]*\d"
    text = re.sub(rf"(?<=\d)([{signs}]*{_SUP})(?={raised})", r" \1", text)
    return re.sub(f"[{signs}]", "", text)


def _mark(line: Line) -> str:
    mark, _, rest = line.text.partition(" ")
    if line.kind != "text" or not rest:
        return ""
    if mark[:-1].isdecimal() and len(mark) < 4 and mark[-1] in ".)":
        return mark[:-1]
    is_dash = mark in _DASHES and not rest[0].isdecimal()
    return "•" if is_dash or mark in _POINTS else ""


class _Reader(HTMLParser):
    """Follows the tags as they come, without a tree."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.lines: list[Line] = []
        self.pieces: list[tuple[str, int]] = []
        """Texts, each with its link: an index of `links`, or -1."""
        self.links: list[str] = []
        self.link = -1
        self.open: list[str] = []
        """The open containers; each list, item and heading by its sort."""
        self.hidden = 0
        self.halves = 0
        """In a fraction: 1 before its first half, then the number of the half, plus 1."""

    # ── events ──

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin_sign(tag)
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "a":
            self.links.append(address(dict(attrs).get("href") or "", self.page))
            self.link = len(self.links) - 1
        elif tag == "img":
            self._put(f" {dict(attrs).get('alt') or ''} ")
        elif tag == "br":
            self._line_break()
        elif tag in _LISTS:
            self.end_line()
            self._leave_heading()
            self.open.append("list")
        elif tag == "li":
            self.end_line()
            self._leave_heading()
            if self.open[-1:] == ["item"]:
                self.open.pop()
            self.open.append("item")
        elif tag in _HEADINGS and not self._is_in("item"):
            self.end_line()
            self._leave_heading()
            self.open.append("heading")
        elif tag in _HEADINGS or tag in _BREAKS:
            self._block()
            if tag in _CONTAINERS:
                self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag == "a":
            self.link = -1
        elif tag in _SIGNS:
            self._put(_END)
            self.halves = 0
        elif tag == "br":
            self._line_break()
        elif tag in _LISTS:
            self.end_line()
            self._close("list")
        elif tag == "li":
            self.end_line()
            self._leave_heading()
            self._close("item", within="list")
        elif tag in _HEADINGS or tag in _BREAKS:
            self._block()
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self._put(data)

    def _begin_sign(self, tag: str) -> None:
        """Note where a raised or lowered text, a fraction, or its second half begins."""
        self.halves += self.halves > 0
        if self.halves == 3:
            self._put("/")
        if tag in _SIGNS:
            self._put(_SIGNS[tag])
            self.halves = int(tag == "mfrac")

    # ── where we are ──

    def _is_in(self, sort: str) -> bool:
        """Return whether the nearest list, item or heading around is of this sort."""
        return next((each for each in reversed(self.open) if each in {"list", "item", "heading"}), "") == sort

    def _close(self, sort: str, within: str = "") -> None:
        """Close the innermost container of this sort and everything in it, unless `within` intervenes."""
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index] == sort:
                if {"list", "item"} & set(self.open[index:]):
                    self.end_line()
                del self.open[index:]
                return
            if self.open[index] == within:
                return

    def _leave_heading(self) -> None:
        if self._is_in("heading"):
            self._close("heading")

    # ── lines ──

    def _put(self, text: str) -> None:
        self.pieces.append((text, self.link))

    def _block(self) -> None:
        """Handle the edge of a block: the text of an item goes on, a heading ends."""
        if self._is_in("item"):
            self._put(" ")
        else:
            self.end_line()
            self._leave_heading()

    def _line_break(self) -> None:
        if self._is_in("item") or self._is_in("heading"):
            self._put(" ")
        else:
            self.end_line()

    def end_line(self) -> None:
        """End the text that is open."""
        text = even(_with_fractions(even("".join(piece for piece, _ in self.pieces))))
        if is_seen(text):
            kind: Literal["heading", "text", "item"] = "text"
            if self._is_in("heading"):
                kind = "heading"
            elif self._is_in("item") or self._is_in("list"):
                kind = "item"
            words = {
                link: "".join(piece for piece, other in self.pieces if other == link)
                for _, link in self.pieces
            }
            hrefs = [self.links[link] for link in words if link >= 0 and is_seen(words[link])]
            self.lines.append(Line(kind, text, tuple(filter(None, hrefs))))
        self.pieces.clear()


def address(href: str, page: str = "") -> str:
    """Return the address that a link on a page leads to; empty if it is not a web address."""
    href = "".join(each for each in href.strip() if each not in "\t\r\n")
    try:
        parts = urlsplit(urljoin(page, href) if href else "")
    except ValueError:
        return ""
    return quote(parts.geturl(), safe=_URL_CHARACTERS) if parts.scheme in {"http", "https"} else ""


def even(text: str) -> str:
    """Return text without control characters, white space collapsed."""
    kept = (each for each in text if each.isspace() or unicodedata.category(each) != "Cc")
    return " ".join("".join(kept).replace("\ufeff", "").split())


def is_seen(text: str) -> bool:
    """Return whether a reader sees anything of the text."""
    return any(not each.isspace() and unicodedata.category(each) not in {"Cc", "Cf"} for each in text)
