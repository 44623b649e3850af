"""Reads what a page says apart from the text of its sections."""

from collections.abc import Iterable, Iterator

from lxml import etree

from healthtopics.formats.account import Fact
from healthtopics.formats.xhtml import bare, read_definitions, read_lines, words_of


def read_facts(root: etree._Element) -> Iterator[Fact]:
    """Yield what the head, the main part and the footer of a page say."""
    main = root.find("body/main")
    if main is None:
        main = etree.Element("main")
    yield from _read_head(root)
    title = _texts(main.iterfind("h1"))
    yield Fact("the title", title, "h1")
    description = _texts(main.iterfind("p[@class='summary']"))
    yield Fact("the title and the description", (*title, *description), "h1 and p.summary")
    yield Fact("the other names", _texts(main.iterfind("dl[@class='names']/dd")), "dl.names")
    contents = main.iterfind("nav[@class='contents']/ul/li/a")
    entries = tuple(f"{link.get('href')} {words_of(link)}" for link in contents)
    yield Fact("the table of contents", entries, "nav.contents")
    yield from _read_lists(main)
    footer = root.iterfind("body/footer/dl")
    yield Fact("the facts below the text", tuple(read_definitions(footer)), "footer")
    for time in root.iter("time"):
        day = str(time.get("datetime", ""))
        yield Fact(f"the day {day!r} in words", _texts([time]), "time")
    days = tuple(str(time.get("datetime", "")) for time in root.iterfind("body/footer//time"))
    yield Fact("the days below the text", days, "footer")


def _read_head(root: etree._Element) -> Iterator[Fact]:
    head = root.find("head")
    canonical = root.iterfind("head/link[@rel='canonical']")
    yield Fact("the address of the page", tuple(str(link.get("href", "")) for link in canonical), "head")
    links = [] if head is None else head.findall("link[@rel='alternate']")
    editions = tuple(f"{link.get('hreflang')} {link.get('href')}" for link in links)
    yield Fact("the editions", editions, "head")
    yield Fact("the title", _texts(root.iterfind("head/title")), "head")
    descriptions = root.iterfind("head/meta[@name='description']")
    yield Fact("the description", tuple(str(each.get("content", "")) for each in descriptions), "head")
    navigation = root.iterfind("body/header/nav/ul/li/a")
    names = tuple(f"{link.get('hreflang')} {link.get('href')} {words_of(link)}" for link in navigation)
    yield Fact("the names of the editions", names, "header")
    home = root.iterfind("body/header/p/a")
    yield Fact("the home page", tuple(f"{link.get('href')} {words_of(link)}" for link in home), "header")


def _read_lists(main: etree._Element) -> Iterator[Fact]:
    sections = {str(section.get("id")): section for section in main.iterfind("section[@id]")}
    headings: list[str] = []
    for key, section in sections.items():
        if "_" in key:
            headings += _texts(section.iterchildren("h2"))
    yield Fact("the headings of the lists", tuple(headings), "h2")
    groups = [each for each in sections.get("page_links", ()) if each.tag == "section"]
    categories = tuple(str(group.get("id", "")).removeprefix("links_") for group in groups)
    yield Fact("the categories of links in their order", categories, "#page_links")
    for group, key in zip(groups, categories, strict=True):
        yield Fact(f"the heading of {key!r}", _texts(group.iterchildren("h3")), "h3")
        yield from _read_links(f"the links under {key!r}", group)
    related = [*read_lines(_items(sections.get("page_related")))]
    lines = tuple(f"{each.title} | {each.url} | {each.language} | {each.beside}" for each in related)
    yield Fact("the related topics on the page", lines, "#page_related")
    others = read_lines(_items(sections.get("other_languages")))
    lines = tuple(f"{each.title} | {each.url} | {each.beside}" for each in others)
    yield Fact("the other languages, as readers see them", lines, "#other_languages")
    yield from _read_sources(sections.get("page_sources"))


def _read_links(what: str, group: etree._Element) -> Iterator[Fact]:
    pages, notes = [], []
    for item in _items(group):
        (line,) = read_lines([item])
        publishers = ", ".join(_texts(item.iterfind("ul/li")))
        pages.append(f"{line.title} | {line.url} | {line.language} | {publishers} | ")
        notes.append(" ".join(_texts(item.iterchildren("span"))))
    yield Fact(f"{what}, for programs", tuple(pages), f"#{group.get('id')}")
    yield Fact(f"the languages named beside {what}", tuple(notes), f"#{group.get('id')}")


def _read_sources(section: etree._Element | None) -> Iterator[Fact]:
    sources, notes = [], []
    for item in _items(section):
        paragraphs = list(item.iterchildren("p"))
        first = paragraphs[0] if paragraphs else etree.Element("p")
        link = first.find("a")
        cite = first.find(".//cite")
        title, language = words_of(cite), "" if cite is None else str(cite.get("lang", ""))
        beside = bare(words_of(first).removeprefix(title))
        url = "" if link is None else str(link.get("href", ""))
        days = " | ".join(str(time.get("datetime", "")) for time in item.iter("time"))
        sources.append(f"{title} | {url} | {language} | {beside} | {days}")
        notes.append(" ".join(map(words_of, paragraphs[1:])))
    yield Fact("the sources on the page", tuple(sources), "#page_sources")
    yield Fact("the notes on the sources, as readers see them", tuple(notes), "#page_sources")


def _items(section: etree._Element | None) -> Iterable[etree._Element]:
    return () if section is None else section.iterfind("ul/li")


def _texts(elements: Iterable[etree._Element]) -> tuple[str, ...]:
    return tuple(map(words_of, elements))
