"""The inline markup: parse, serialize, plain text, and what is allowed in it.

A small well-formed XHTML subset: `a[href]`, `em`, `strong`, `sub`, `sup`, `abbr`; `&amp;` and `&lt;`
(`&gt;`, `&quot;`, `&apos;` and numeric references too). An `href` is `topic:<id>` or an absolute
http(s) URL. The block markup of larger units is in `blocks`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lxml import etree

from healthtopics.errors import HealthTopicsError
from healthtopics.markup.xml import parse_xml
from healthtopics.problems import Fault

ELEMENTS = frozenset({"a", "em", "strong", "sub", "sup", "abbr"})
BLOCK_ELEMENTS = frozenset({"p", "ul", "ol", "li", "h3"})
"""Elements that only the block markup has."""
TOPIC = re.compile(r"topic:([a-z0-9]+(?:-[a-z0-9]+)*)")
"""A link to another topic of the collection."""
URL = re.compile(r"https?://[!#-;=?-Z_a-z~]+")
"""An absolute http(s) URL, everything but ASCII percent-encoded, as the schemas require."""

_LITERAL = re.compile(
    r"</?(?:a|abbr|b|br|div|em|font|h[1-6]|i|img|li|ol|p|small|span|strong|sub|sup|u|ul)(?:\s[^<>]*)?/?>"
    r"|&(?:amp|apos|gt|lt|nbsp|quot|#[0-9]+|#x[0-9a-f]+);",
    re.IGNORECASE,
)
_DEEPEST = 20
NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that an XML document cannot contain (XML 1.0 §2.2)."""


def literal_markup(text: str) -> str:
    """Return the first tag or entity of a plain text, which readers would see as it is; empty if none."""
    found = _LITERAL.search(text) if "<" in text or "&" in text else None
    return found[0] if found else ""


class MarkupRule(StrEnum):
    """The rules for marked-up text, by the ids of the checks that report them."""

    ILL_FORMED = "markup-ill-formed"
    ELEMENT = "markup-element"
    ATTRIBUTE = "markup-attribute"
    HREF = "markup-href"
    EMPTY_LINK = "markup-empty-link"
    TEXT = "markup-text"
    EMPTY = "markup-empty"
    ID = "markup-id"
    BLANK = "text-blank"
    """A text of which a reader sees nothing; `parse` allows it."""


class MarkupError(HealthTopicsError):
    """The text is not valid markup; `faults` holds everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(" ".join(fault.message for fault in faults))


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the inline markup."""

    name: str
    href: str
    """Empty except for `a`."""
    children: tuple["Element | str", ...]


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text with inline markup."""

    children: tuple[Element | str, ...]

    def plain(self) -> str:
        """Return the text that a reader sees, without any markup."""
        return "".join(_plain(self.children))

    def serialize(self, link: "Callable[[str, str], str] | None" = None) -> str:
        """Return XHTML with `&`, `<` and `>` escaped.

        `link` writes each link from its href and its words, which are XHTML already.
        """
        return "".join(_serialize(self.children, link or write_link))

    def elements(self) -> Iterator[Element]:
        """Yield every element, in document order."""
        yield from _elements(self.children)

    def hrefs(self) -> list[str]:
        """Return the targets of all links, in document order."""
        return [element.href for element in self.elements() if element.name == "a"]


def escape(text: str) -> str:
    """Escape plain text for use as XHTML content or as a double-quoted attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@lru_cache(maxsize=4096)
def parse(text: str) -> Inline:
    """Parse inline markup.

    Raises MarkupError: `markup-ill-formed` alone, or every `markup-element`, `markup-attribute`,
    `markup-href` and `markup-empty-link` at once.
    """
    if "<" not in text and "&" not in text and not NO_CHARACTER.search(text):
        return Inline((text,) if text else ())
    faults: list[Fault] = []
    inline = read_inline(read_xml(text), faults)
    if faults:
        raise MarkupError(tuple(faults))
    return inline


def read_xml(text: str) -> etree._Element:
    """Return an element around the text, parsed without access to anything outside the text.

    Raises MarkupError with the one reason why it is not XML, or not safe to read.
    """
    if control := NO_CHARACTER.search(text):
        fault = f"the text holds the character U+{ord(control.group()):04X}, which no XML document can hold."
        raise MarkupError((Fault(MarkupRule.ILL_FORMED, fault, "Remove it."),))
    if "<!" in text or "<?" in text:
        fault = "comments, declarations and CDATA are not allowed."
        raise MarkupError((Fault(MarkupRule.ELEMENT, fault, "Remove them, and write < as &lt;."),))
    try:
        return parse_xml(f"<_>{text}</_>")
    except etree.XMLSyntaxError as error:
        raise MarkupError((_ill_formed(text, error),)) from None


def read_inline(node: etree._Element, faults: list[Fault]) -> Inline:
    """Return the content of an element as inline markup, appending anything wrong with it to `faults`."""
    return Inline(_children(node, faults, 0))


def _ill_formed(text: str, error: etree.XMLSyntaxError) -> Fault:
    entity = re.search(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)[^\s;<]*;?", text)
    if entity:
        return Fault(
            MarkupRule.ILL_FORMED,
            f"{entity.group()!r} is not a character reference of this markup.",
            "Write & as &amp;, and any other character as itself.",
        )
    reason = re.sub(r", line [0-9]+, column [0-9]+.*| \(<string>.*", "", error.msg or "not well-formed")
    reason = re.sub(r"\b_(?: line 1)?(?=\s|$)", "the text", reason)
    where = f" in line {error.lineno}" if "\n" in text else ""
    return Fault(
        MarkupRule.ILL_FORMED,
        f"the markup is not well-formed{where}: {reason}.",
        "Close every tag in the reverse order of opening, and write < as &lt;.",
    )


def _children(node: etree._Element, faults: list[Fault], depth: int) -> tuple[Element | str, ...]:
    if depth > _DEEPEST:
        faults.append(Fault(MarkupRule.ELEMENT, f"nested more than {_DEEPEST} levels deep.", "Mark up less."))
        return ()
    children: list[Element | str] = [node.text] if node.text else []
    for child in node:
        name, href = str(child.tag), str(child.get("href", ""))
        faults += _faults_of(child, name)
        if name == "a":
            faults += _link_faults(child, href)
        children.append(Element(name, href if name == "a" else "", _children(child, faults, depth + 1)))
        if child.tail:
            children.append(child.tail)
    return tuple(children)


def _faults_of(element: etree._Element, name: str) -> Iterator[Fault]:
    """Yield what is wrong with an element: its name, or an attribute."""
    if name not in ELEMENTS:
        parent = element.getparent()
        is_inside = name in BLOCK_ELEMENTS and parent is not None and parent.tag != "_"
        inside = f" inside <{parent.tag}>" if parent is not None and is_inside else ""
        yield Fault(
            MarkupRule.ELEMENT,
            f"<{name}> is not allowed{inside}.",
            f"Allowed are {', '.join(sorted(ELEMENTS))}.",
        )
    for attribute in (*map(str, element.attrib), *(["xmlns"] if element.nsmap else [])):
        if (name, attribute) != ("a", "href"):
            message = f"<{name}> may not carry {attribute!r}."
            yield Fault(MarkupRule.ATTRIBUTE, message, "Only href on <a> is allowed.")


def _link_faults(element: etree._Element, href: str) -> Iterator[Fault]:
    """Yield what is wrong with a link: its place, its target, its words."""
    if next(element.iterancestors("a"), None) is not None:
        yield Fault(MarkupRule.ELEMENT, "<a> inside <a> is not allowed.", "Close the outer link first.")
    if not is_safe(href):
        message = f"{href!r} is not an allowed link target."
        yield Fault(MarkupRule.HREF, message, "Use topic:<id> or an absolute https:// URL.")
    if is_blank("".join(map(str, element.itertext()))):
        message = f"the link to {href!r} has no words."
        hint = "Put the words between <a> and </a>, or remove the link."
        yield Fault(MarkupRule.EMPTY_LINK, message, hint)


def is_blank(text: str) -> bool:
    """Return whether a reader sees nothing of a plain text: only white space and format characters."""
    return all(character.isspace() or unicodedata.category(character) == "Cf" for character in text)


def is_safe(href: str) -> bool:
    """Return whether a link may lead there: to a topic, or to an absolute http(s) URL."""
    return bool(TOPIC.fullmatch(href) or URL.fullmatch(href))


def _plain(children: tuple[Element | str, ...]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield child
        else:
            yield from _plain(child.children)


def _elements(children: tuple[Element | str, ...]) -> Iterator[Element]:
    for child in children:
        if isinstance(child, Element):
            yield child
            yield from _elements(child.children)


def write_link(href: str, content: str) -> str:
    """Return a link in XHTML; only the content, which is XHTML already, if there is no href."""
    return f'<a href="{escape(href)}">{content}</a>' if href else content


def _serialize(children: tuple[Element | str, ...], link: Callable[[str, str], str]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            # An XML reader would take a bare carriage return for a line feed.
            yield child.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
            continue
        inside = "".join(_serialize(child.children, link))
        yield link(child.href, inside) if child.name == "a" else f"<{child.name}>{inside}</{child.name}>"
