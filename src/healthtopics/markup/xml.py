"""The parsers of XML and HTML: nothing of a document reaches beyond its own text."""

from typing import Any, Final

from lxml import etree

_SAFE: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}
"""No entity is resolved, no DTD loaded, no network asked, and a huge tree refused."""


def hardened_parser(*, keeps_comments: bool = True) -> etree.XMLParser:
    """Return a parser of XML.

    Without `keeps_comments`, comments and processing instructions are left out of the tree.
    """
    return etree.XMLParser(remove_comments=not keeps_comments, remove_pis=not keeps_comments, **_SAFE)


def hardened_pull_parser(tag: str) -> "etree.XMLPullParser":
    """Return a parser of XML that comes in pieces; it reports the end of each element with the tag."""
    return etree.XMLPullParser(events=("end",), tag=tag, remove_comments=True, remove_pis=True, **_SAFE)


_PARSER: Final = hardened_parser()


def parse_xml(text: str | bytes) -> etree._Element:
    """Return the root element of a document; raises etree.XMLSyntaxError if it is not well-formed."""
    return etree.fromstring(text, _PARSER)


def parse_html(text: bytes) -> tuple[etree._Element | None, Any]:
    """Return the root element of HTML in UTF-8, read as browsers do, and the log of its faults."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(text, parser), parser.error_log
