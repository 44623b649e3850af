"""The text of a topic for a summary: its page, reduced to markup that any other page may show."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Final

from lxml import etree

from healthtopics.markup.xml import parse_xml

_DEEPER: Final[Mapping[str, str]] = {"h2": "h3", "h3": "h4"}
"""The page that shows a summary has its own title above it."""
_STRIPPED: Final = ("class", "id", "aria-labelledby")


@lru_cache(maxsize=64)
def section_markup(page: bytes, ids: frozenset[str]) -> Mapping[str, str]:
    """Return the HTML of the sections of an exported page that it has, by their ids."""
    main = _element(page, "main")
    if main is None:
        return {}
    found = ((str(each.get("id")), each) for each in main.iterfind("section[@id]"))
    return {name: _reduced(section) for name, section in found if name in ids}


@lru_cache(maxsize=64)
def footer_markup(page: bytes) -> str:
    """Return the HTML of what an exported page says about itself; empty if it says nothing."""
    footer = _element(page, "footer")
    return "" if footer is None else _reduced(footer)


def _element(page: bytes, name: str) -> etree._Element | None:
    opening, closing = f"<{name}".encode(), f"</{name}>".encode()
    start, end = page.find(opening), page.rfind(closing)
    return parse_xml(page[start : end + len(closing)]) if 0 <= start < end else None


def plain_markup(heading: str, text: str) -> str:
    """Return HTML for a section of which only the plain text is known, a paragraph on each line."""
    lines = [f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n") if line]
    return "".join((f"<h3>{escape(heading, quote=False)}</h3>" if heading else "", *lines))


def _reduced(section: etree._Element) -> str:
    """Return the content of a section without what the page needs for its style; changes the section.

    Callouts stay marked: their classes say how urgent they are.
    """
    for element in section.iter(*_DEEPER):
        element.tag = _DEEPER[str(element.tag)]
    for links in section.findall('p[@class="editions"]'):
        section.remove(links)
    callouts = [(each, str(each.get("class"))) for each in section.iterfind(".//section[@aria-labelledby]")]
    etree.strip_attributes(section, *_STRIPPED)
    for callout, kind in callouts:
        callout.tag = "div"
        callout.set("class", kind)
    etree.strip_tags(section, "section")
    written = (etree.tostring(child, encoding="unicode", method="html") for child in section)
    return f"{escape(section.text or '', quote=False)}{''.join(written)}".strip()
