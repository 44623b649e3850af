"""Reads a page into an account of the edition. Reading never fails on any content."""

from typing import Final

from lxml import etree

from healthtopics.formats.account import Account, LinkAccount, SectionAccount
from healthtopics.formats.xhtml import parse_page, parsed, read_text
from healthtopics.language import SOURCE

_LINKS: Final = "links_"
"""The prefix of the id of a section of links, before the category."""


def read_page(page: str) -> Account:
    """Read a page: its main part, and which other editions it names."""
    root = parsed(parse_page, page)
    language = str(root.get("lang", ""))
    alternates = {
        str(link.get("hreflang", "")): str(link.get("href", ""))
        for link in root.iterfind("head/link[@rel='alternate']")
    }
    canonical = root.find("head/link[@rel='canonical']")
    title = root.find("body/main/h1")
    return Account(
        language=language,
        address="" if canonical is None else str(canonical.get("href", "")),
        title="" if title is None else _words(title),
        names=tuple(map(_words, root.iterfind("body/main/dl[@class='names']/dd"))),
        description=next(map(_words, root.iterfind("body/main/p[@class='summary']")), ""),
        related=tuple(map(_words, root.iterfind("body/main/section[@id='page_related']/ul/li/a"))),
        sections={
            str(section.get("id")): _read_section(section)
            for section in root.iterfind("body/main/section[@id]")
            if "_" not in str(section.get("id"))  # the id of every other part has one
        },
        links={
            str(section.get("id")).removeprefix(_LINKS): tuple(
                LinkAccount(str(link.get("href", "")), title=_words(link))
                for items in section.iterchildren("ul")
                for item in items.iterchildren("li")
                for link in item.iterchildren("a")
            )
            for section in root.iterfind("body/main/section/section[@id]")
            if str(section.get("id")).startswith(_LINKS)
        },
        original="" if language == SOURCE else alternates.get(SOURCE, ""),
        translations={
            tag: url for tag, url in alternates.items() if tag not in (language, SOURCE, "x-default")
        },
    )


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _read_section(section: etree._Element) -> SectionAccount:
    # A heading of the section and one that opens its text look the same: both are passages.
    text = read_text([section])
    return SectionAccount(
        heading=None, passages=text.passages, callouts=text.callouts, languages=text.languages
    )
