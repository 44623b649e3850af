"""Reads a page into an account of the edition. Reading never fails on any content."""

from collections.abc import Iterator

from lxml import etree

from healthtopics.formats.account import Account, LinkAccount, SectionAccount
from healthtopics.formats.html.facts import read_facts, read_groups
from healthtopics.formats.table import format_named
from healthtopics.formats.xhtml import parse_page, parsed, read_text, words_of
from healthtopics.jsontext import load
from healthtopics.language import SOURCE


def read_page(page: str) -> Account:
    """Read a page: its main part, and which other editions it names."""
    root = parsed(parse_page, page)
    language = str(root.get("lang", ""))
    groups = read_groups(root)
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
            key: tuple(LinkAccount(url, title=title) for title, url, *_ in pages)
            for key, pages in groups.items()
        },
        original="" if language == SOURCE else alternates.get(SOURCE, ""),
        translations={
            tag: url for tag, url in alternates.items() if tag not in (language, SOURCE, "x-default")
        },
        facts=tuple(read_facts(root, groups)),
        embedded=tuple(_read_data(root)),
    )


def _read_data(root: etree._Element) -> Iterator[Account]:
    """Yield the account of the JSON-LD in the page, which programs read in its place."""
    for script in root.iterfind("head/script"):
        try:
            document = load(str(script.text or "").encode())
        except ValueError:  # which the checker reports
            continue
        if isinstance(document, dict):
            yield format_named("schemaorg").read(document)


def _read_section(section: etree._Element) -> SectionAccount:
    # A heading of the section and one that opens its text look the same: both are passages.
    text = read_text([section], without="editions")
    return SectionAccount(
        heading=None, passages=text.passages, callouts=text.callouts, languages=text.languages
    )
