"""Reads a page into an account of the edition. Reading never fails on any content."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from healthtopics.formats.account import Account, Fact, LinkAccount, SectionAccount
from healthtopics.formats.html.facts import read_facts
from healthtopics.formats.table import format_named
from healthtopics.formats.xhtml import parse_page, parsed, read_text, words_of
from healthtopics.jsontext import load
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
        title="" if title is None else words_of(title),
        names=tuple(map(words_of, root.iterfind("body/main/dl[@class='names']/dd"))),
        description=next(map(words_of, root.iterfind("body/main/p[@class='summary']")), ""),
        related=tuple(map(words_of, root.iterfind("body/main/section[@id='page_related']/ul/li/a"))),
        sections={
            str(section.get("id")): _read_section(section)
            for section in root.iterfind("body/main/section[@id]")
            if "_" not in str(section.get("id"))  # the id of every other part has one
        },
        links={
            str(section.get("id")).removeprefix(_LINKS): tuple(
                LinkAccount(str(link.get("href", "")), title=words_of(link))
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
        facts=(*read_facts(root), *_read_data(root)),
    )


def _read_data(root: etree._Element) -> Iterator[Fact]:
    """Yield what the JSON-LD in the page says, which programs read in its place."""
    for script in root.iterfind("head/script"):
        try:
            document = load(str(script.text or "").encode())
        except ValueError:  # which the checker reports
            continue
        if isinstance(document, dict):
            facts = format_named("schemaorg").read(document).facts
            yield from (fact._replace(place=f"the JSON-LD, {fact.place}") for fact in facts)


def _read_section(section: etree._Element) -> SectionAccount:
    # A heading of the section and one that opens its text look the same: both are passages.
    text = read_text([section])
    return SectionAccount(
        heading=None, passages=text.passages, callouts=text.callouts, languages=text.languages
    )
