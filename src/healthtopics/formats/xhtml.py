"""Texts in XHTML, as readers see them: passages in reading order, each with its links; and callouts."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from lxml import etree

from healthtopics.formats.account import CalloutAccount, Passage
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


class ReadText(NamedTuple):
    """The text of consecutive elements."""

    passages: tuple[Passage, ...]
    """Those outside callouts."""
    callouts: tuple[CalloutAccount, ...]
    languages: frozenset[str]
    """The languages marked in it."""


def read_text(elements: Iterable[etree._Element]) -> ReadText:
    """Read the text of consecutive elements."""
    reader = _TextReader()
    for element in elements:
        reader.read(element, "paragraph")
        reader.end("paragraph")
    return ReadText(tuple(reader.found), tuple(reader.callouts), frozenset(reader.languages))


def _classes(element: etree._Element) -> list[str]:
    return str(element.get("class", "")).split()


class _TextReader:
    """Gathers words until the next edge of a block."""

    def __init__(self) -> None:
        self.found: list[Passage] = []
        self.callouts: list[CalloutAccount] = []
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
            if "callout" in _classes(child):
                self.end(kind)
                self._read_callout(child)
            elif child.get("class") != "language":  # words of the format: the language of a linked page
                if language := child.get("lang"):
                    self.languages.add(str(language))
                self.read(child, kind)
            if tail := child.tail:
                self._words += tail
        if not is_inline:
            self.end(kind)
        elif element.tag in _LINKS and "".join(map(str, element.itertext())).strip():
            self._links.append(str(element.get("href", "")))

    def _read_callout(self, callout: etree._Element) -> None:
        """Read a callout by itself: the words for its urgency, its heading, and the rest."""
        labels = [child for child in callout if "urgency" in _classes(child)]
        text = read_text(child for child in callout if child not in labels)
        heading = next((each.text for each in text.passages if each.kind == "heading"), "")
        self.callouts += [
            CalloutAccount(
                urgency=" ".join(name for name in _classes(callout) if name != "callout"),
                label=" ".join(" ".join(map(str, label.itertext())) for label in labels).strip(),
                heading=heading,
                passages=tuple(each for each in text.passages if each.kind != "heading"),
            ),
            *text.callouts,
        ]
        self.languages |= text.languages
        self.languages.update(str(child.get("lang")) for child in callout if child.get("lang"))

    def end(self, kind: BlockKind) -> None:
        """End a block: the words before its edge become a passage."""
        if self._words:
            if text := " ".join(self._words.split()):
                self.found.append(Passage(text, kind, tuple(self._links)))
            self._words = ""
            self._links.clear()
