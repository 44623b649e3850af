"""Texts in XHTML, as readers see them: passages in reading order, each with its links; and callouts."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from lxml import etree

from healthtopics.formats.account import CalloutAccount, Mark, Passage
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
_UNMARKED: Final = frozenset(_qualified("bdi", "cite", "small", "span", "time"))
"""Elements within a line that change neither its words nor how they are stressed."""
_LISTS: Final = frozenset(_qualified("ol", "ul"))
_PUNCTUATION: Final = re.compile(r"[(),;]")
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
    labels: tuple[str, ...] = ()
    """The words for an urgency that its headings begin with."""


def read_text(elements: Iterable[etree._Element], *, within: str = "", without: str = "") -> ReadText:
    """Read the text of consecutive elements.

    With `within`, the language of what they are in, those in another language are marked; without, the first
    elements give the language of the document themselves. Elements of the class `without` are left out: they
    are read elsewhere.
    """
    reader = _TextReader(without)
    for element in elements:
        own = str(element.get("lang", within)) if within else ""
        reader.read(element, "paragraph", own if own != within else "")
        reader.end("paragraph")
    return ReadText(
        tuple(reader.found), tuple(reader.callouts), frozenset(reader.languages), tuple(reader.labels)
    )


@lru_cache(maxsize=512)
def read_div(div: str) -> ReadText:
    """Read a text in XHTML, an element; editions and formats have many in common."""
    return read_text([parsed(parse_div, div)])


_NO_HEADING: Final = Passage("", "heading")
_OWN: Final = "the document's"
"""Stands for the language of the document, which nothing within a callout is marked with."""


def _classes(element: etree._Element) -> list[str]:
    return str(element.get("class", "")).split()


class _TextReader:
    """Gathers words until the next edge of a block."""

    def __init__(self, without: str = "") -> None:
        self._without = without
        self.labels: list[str] = []
        """The words for an urgency in headings."""
        self.found: list[Passage] = []
        self.callouts: list[CalloutAccount] = []
        self.languages: set[str] = set()
        self._words = ""
        self._links: list[str] = []
        self._notes: list[str] = []
        self._marks: list[tuple[str, int, int]] = []
        """Kind, start and end of the marked words in `_words`."""
        self._lists = ""

    def read(self, element: etree._Element, around: BlockKind, language: str = "") -> None:
        """Read an element; `around` is the kind of the text that it is in, `language` that of the text."""
        tag = element.tag
        is_inline = tag in _INLINE
        kind, lists = around, self._lists
        if not is_inline:
            kind = "attribution" if element.get("class") == "attribution" else _KINDS.get(tag, around)
            if self._words:
                self.end(around)
            if tag in _LISTS:
                self._lists = f"{lists}/{local_name(element)}" if lists else local_name(element)
            elif not len(element) and not language:  # most blocks are words alone
                self._words = element.text or ""
                self.end(kind)
                return
        start = len(self._words)
        if text := element.text:
            self._add(text, language)
        for child in element:
            if child.attrib:
                self._read_marked(child, kind, language)
            else:
                self.read(child, kind, language)
            if tail := child.tail:
                self._add(tail, language)
        if not is_inline:
            self.end(kind)
            self._lists = lists
        elif tag not in _UNMARKED:
            self._mark(element, start)

    def _read_marked(self, child: etree._Element, kind: BlockKind, language: str) -> None:
        """Read an element with attributes: they may give its language, or say that it is something else."""
        classes = _classes(child)
        if self._without in classes:
            self.end(kind)
        elif kind == "heading" and "urgency" in classes:
            self.labels.append(words_of(child).removesuffix(":"))
            self.languages.update(marked_languages(child).split())
        elif "callout" in classes:
            self.end(kind)
            if own := child.get("lang"):
                self.languages.add(str(own))
            self._read_callout(child)
        elif "language" in classes:  # words of the format: the language of a linked page
            self._notes.append(bare(words_of(child)))
        else:
            if own := child.get("lang"):
                language = str(own)
                self.languages.add(language)
            self.read(child, kind, language)

    def _mark(self, element: etree._Element, start: int) -> None:
        """Record an element within a line, whose words begin at `start`."""
        kind = local_name(element)
        if element.tag in _LINKS:
            if not self._words[start:].strip():
                return
            kind = str(element.get("href", ""))
            self._links.append(kind)
        self._marks.append((kind, start, len(self._words)))

    def _add(self, text: str, language: str) -> None:
        """Add words of a block; those in another language than the document are marked."""
        if language and not text.isspace():
            start = len(self._words)
            if (
                self._marks
                and self._marks[-1][0] == language
                and not self._words[self._marks[-1][2] :].strip()
            ):
                start = self._marks.pop()[1]
            self._marks.append((language, start, len(self._words) + len(text)))
        self._words += text

    def _read_callout(self, callout: etree._Element) -> None:
        """Read a callout by itself: the words for its urgency, its heading, and the rest."""
        labels = [child for child in callout if "urgency" in _classes(child)]
        text = read_text((child for child in callout if child not in labels), within=_OWN)
        words = (*(" ".join(map(str, label.itertext())) for label in labels), *text.labels)
        headings = [each for each in text.passages if each.kind == "heading"]
        heading = headings[0] if headings else _NO_HEADING
        self.callouts += [
            CalloutAccount(
                urgency=" ".join(name for name in _classes(callout) if name != "callout"),
                label=" ".join(words).strip(),
                heading=heading.text,
                passages=tuple(each for each in text.passages if each is not heading),
                marks=heading.marks,
            ),
            *text.callouts,
        ]
        self.languages |= text.languages
        self.languages.update(str(child.get("lang")) for child in callout if child.get("lang"))

    def end(self, kind: BlockKind) -> None:
        """End a block: the words before its edge become a passage."""
        if self._words:
            if text := " ".join(self._words.split()):
                marks = [Mark(what, " ".join(self._words[a:z].split())) for what, a, z in self._marks]
                self.found.append(
                    Passage(text, kind, tuple(self._links), self._lists, tuple(marks), tuple(self._notes))
                )
            self._words = ""
            self._links.clear()
            self._marks.clear()
            self._notes.clear()


def words_of(element: etree._Element | None) -> str:
    """Return the text of an element, with single spaces; empty if there is none."""
    if element is None:
        return ""
    if not len(element):
        return " ".join((element.text or "").split())
    # `itertext` takes many times as long.
    return " ".join(etree.tostring(element, method="text", encoding="unicode", with_tail=False).split())


def marked_languages(element: etree._Element) -> str:
    """Return the languages that words in an element are marked with, in order."""
    return " ".join(str(each.get("lang")) for each in element.iter("*") if "lang" in each.attrib)


class LinkLine(NamedTuple):
    """An item of a list of pages: the first link, and the words beside it."""

    url: str
    title: str
    beside: str
    """All other words, without the punctuation between them."""
    language: str = ""
    """The language of the page, if the link gives it."""
    spoken: str = ""
    """The languages that words of the item are marked with, in order."""


def read_lines(items: Iterable[etree._Element]) -> Iterator[LinkLine]:
    """Read the items of a list of pages."""
    for item in items:
        is_line = all(child.tag in _INLINE for child in item)  # else a paragraph of its own may follow
        text = words_of(item) if is_line else " ".join(" ".join(map(str, item.itertext())).split())
        link = next(item.iter(*_LINKS), None)
        if link is None:
            yield LinkLine("", "", bare(text))
        else:
            title = words_of(link)
            url, language = str(link.get("href", "")), str(link.get("hreflang", ""))
            yield LinkLine(url, title, bare(text.removeprefix(title)), language, marked_languages(item))


@lru_cache(maxsize=1024)  # names of organizations come again and again
def bare(text: str) -> str:
    """Return text without brackets and without the punctuation between its parts."""
    return " ".join(_PUNCTUATION.sub(" ", text).split())


def read_definitions(lists: Iterable[etree._Element]) -> Iterator[str]:
    """Yield each term of definition lists with its descriptions, and the addresses that they link to."""
    for definitions in lists:
        parts: list[str] = []
        for child in definitions:
            if local_name(child) == "dt" and parts:
                yield " | ".join(parts)
                parts = []
            parts.append(bare(words_of(child)))
            parts += [str(each.get("href", "")) for each in child.iter() if each.tag in _LINKS]
        if parts:
            yield " | ".join(parts)
