"""Texts in XHTML, as readers see them: passages in reading order, each with its links."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, Literal

from lxml import etree

from healthtopics.formats.account import Passage
from healthtopics.markup.xml import hardened_parser

BlockKind = Literal["heading", "paragraph", "item", "attribution"]


def _qualified(*names: str) -> tuple[str, ...]:
    """Return names as in HTML, and as in XHTML within another format."""
    return (*names, *(f"{{http://www.w3.org/1999/xhtml}}{name}" for name in names))


_PARSER: Final = hardened_parser(keeps_comments=False)
_LINKS: Final = frozenset(_qualified("a"))
_INLINE: Final = _LINKS.union(
    _qualified("abbr", "b", "bdi", "cite", "em", "i", "q", "small", "span", "strong", "sub", "sup", "time")
)
_KINDS: Final[dict[str, BlockKind]] = {
    **dict.fromkeys(_qualified("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(_qualified("li"), "item"),
}
"""The kind of the text in an element; other elements inherit the kind around them."""


def _parse(text: str) -> etree._Element:
    """Return the root of a text, without comments. Checkers and readers share it; it must not be changed.

    Raises etree.XMLSyntaxError if it is not well-formed.
    """
    return etree.fromstring(text.encode(), _PARSER)


# As many as one topic has in some languages: all are checked before they are read.
parse_page: Final = lru_cache(maxsize=16)(_parse)
parse_div: Final = lru_cache(maxsize=256)(_parse)


def parsed(parse: Callable[[str], etree._Element], text: str) -> etree._Element:
    """Return the root of a text; an empty element if it is not well-formed, which checkers report."""
    try:
        return parse(text)
    except etree.XMLSyntaxError:
        return etree.Element("none")


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def read_passages(elements: Iterable[etree._Element]) -> tuple[tuple[Passage, ...], frozenset[str]]:
    """Return the passages of consecutive elements, and the languages marked in them."""
    reader = _PassageReader()
    for element in elements:
        reader.read(element, "paragraph")
        reader.end("paragraph")
    return tuple(reader.found), frozenset(reader.languages)


class _PassageReader:
    """Gathers words until the next edge of a block."""

    def __init__(self) -> None:
        self.found: list[Passage] = []
        self.languages: set[str] = set()
        self._words = ""
        self._links: list[str] = []

    def read(self, element: etree._Element, around: BlockKind) -> None:
        """Read an element; `around` is the kind of the text that it is in."""
        is_inline = element.tag in _INLINE
        kind = around
        if not is_inline:
            kind = "attribution" if element.get("class") == "attribution" else _KINDS.get(element.tag, around)
            if self._words:
                self.end(around)
        if text := element.text:
            self._words += text
        for child in element:
            if child.get("class") != "language":  # words of the format: the language of a linked page
                if language := child.get("lang"):
                    self.languages.add(str(language))
                self.read(child, kind)
            if tail := child.tail:
                self._words += tail
        if not is_inline:
            self.end(kind)
        elif element.tag in _LINKS and "".join(map(str, element.itertext())).strip():
            self._links.append(str(element.get("href", "")))

    def end(self, kind: BlockKind) -> None:
        """End a block: the words before its edge become a passage."""
        if self._words:
            if text := " ".join(self._words.split()):
                self.found.append(Passage(text, kind, tuple(self._links)))
            self._words = ""
            self._links.clear()
