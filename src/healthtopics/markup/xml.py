"""The only place where XML is parsed, without access to anything outside the text."""

from typing import Final

from lxml import etree


def hardened_parser(*, keeps_comments: bool = True) -> etree.XMLParser:
    """Return a parser that resolves no entities, loads no DTD, uses no network and refuses huge trees.

    Without `keeps_comments`, comments and processing instructions are left out of the tree.
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not keeps_comments,
        remove_pis=not keeps_comments,
    )


_PARSER: Final = hardened_parser()


def parse_xml(text: str | bytes) -> etree._Element:
    """Return the root element of a document; raises etree.XMLSyntaxError if it is not well-formed."""
    return etree.fromstring(text, _PARSER)
