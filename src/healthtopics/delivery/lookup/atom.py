"""The knowledge response as Atom (RFC 4287)."""

from typing import Final

from lxml import etree

from healthtopics.delivery.lookup.feed import Category, Feed, FeedEntry

_ATOM: Final = "http://www.w3.org/2005/Atom"
_XML: Final = "http://www.w3.org/XML/1998/namespace"


def write_atom(feed: Feed) -> bytes:
    """Return the feed as an XML document."""
    root = etree.Element(
        f"{{{_ATOM}}}feed",
        nsmap={None: _ATOM},  # type: ignore[dict-item]  # the stubs know no default namespace
    )
    root.set(f"{{{_XML}}}base", feed.base)
    root.set(f"{{{_XML}}}lang", feed.language)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title, type="text")
    _add(root, "subtitle", feed.subtitle, type="text")
    _add(root, "updated", feed.updated)
    author = _add(root, "author")
    _add(author, "name", feed.author)
    _add(author, "uri", feed.author_uri)
    for category in feed.categories:
        _add_category(root, category)
    for entry in feed.entries:
        _add_entry(root, entry)
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _add_entry(root: etree._Element, entry: FeedEntry) -> None:
    element = _add(root, "entry")
    element.set(f"{{{_XML}}}lang", entry.language)
    _add(element, "id", entry.id)
    _add(element, "title", entry.title, type="text")
    for link in entry.links:
        _add(
            element,
            "link",
            rel=link.rel,
            type=link.media_type,
            hreflang=link.language,
            title=link.title,
            href=link.href,
        )
    _add(element, "updated", entry.updated)
    for category in entry.categories:
        _add_category(element, category)
    _add(element, "summary", entry.summary, type="html")


def _add_category(element: etree._Element, category: Category) -> None:
    labels = {"label": category.label} if category.label else {}
    _add(element, "category", scheme=category.scheme, term=category.term, **labels)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element
