"""Reads what a page says apart from the text of its sections."""

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from healthtopics.formats.account import Fact
from healthtopics.formats.xhtml import bare, marked_languages, read_definitions, read_lines, words_of

Groups = Mapping[str, tuple[tuple[str, ...], ...]]
"""By category: of each link its title, address, all words, language, and how words are marked."""


def read_groups(root: etree._Element) -> Groups:
    """Read the links to pages elsewhere."""
    return {
        str(group.get("id", "")).removeprefix("links_"): tuple(
            map(_read_link, group.iterfind("details/ul/li"))
        )
        for group in root.iterfind("body/main/section[@id='page_links']/section")
    }


def _read_link(item: etree._Element) -> tuple[str, ...]:
    link = next(item.iterchildren("a"), None)
    if link is None:
        return "", "", words_of(item), "", ""
    url, language = str(link.get("href", "")), str(link.get("hreflang", ""))
    return words_of(link), url, words_of(item), language, marked_languages(item)


def read_facts(root: etree._Element, groups: Groups) -> Iterator[Fact]:
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
    trust = main.iterfind("ul[@class='trust']/li")
    yield Fact("what is said below the title", tuple(_with_addresses(trust)), "ul.trust")
    yield Fact("the same sections in other languages", tuple(_read_editions(main)), "p.editions")
    contents = main.iterfind("nav[@class='contents']/ul/li/a")
    entries = tuple(f"{link.get('href')} {words_of(link)}" for link in contents)
    yield Fact("the table of contents", entries, "nav.contents")
    yield from _read_lists(main, groups)
    footer = root.iterfind("body/footer/dl")
    yield Fact("the facts below the text", tuple(read_definitions(footer)), "footer")
    for what, paths in (("above", ("aside", "header", "nav")), ("below", ("footer",))):
        parts = (each for path in paths for each in root.iterfind(f"body/{path}"))
        spoken = " ".join(filter(None, map(marked_languages, parts)))
        yield Fact(f"the languages {what} the text", (spoken,), " and ".join(paths))
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
    social = root.iterfind("head/meta[@property]")
    said = tuple(f"{each.get('property')} {each.get('content')}" for each in social)
    yield Fact("what other sites show of the page", said, "head")
    for what, path in (
        ("the notice of a trial", "aside[@class='trial']/p"),
        ("the name of the site", "header/div/p[@class='name']"),
        ("what to call in an emergency", "header/p[@class='help']"),
        ("the way back from the handout", "header/p[@class='whole']"),
        ("the way to the page", "nav[@class='crumbs']/ol/li"),
    ):
        yield Fact(what, tuple(_with_addresses(root.iterfind(f"body/{path}"))), path)
    navigation = root.iterfind("body/header/div/nav[@class='languages']/ul/li/a")
    names = tuple(f"{link.get('hreflang')} {link.get('href')} {words_of(link)}" for link in navigation)
    yield Fact("the names of the editions", names, "header")
    yield Fact("the search", tuple(map(_read_search, root.iterfind("body/header/form"))), "form")
    icons = root.iterfind("head/link[@rel='icon']")
    yield Fact("the icon", tuple(str(link.get("href", "")) for link in icons), "head")


def _read_search(form: etree._Element) -> str:
    """Return the words of a search, where it leads, and what it sends."""
    sent = (f"{each.get('type')} {each.get('name')}" for each in form.iter("input"))
    return " ".join((words_of(form), str(form.get("method")), str(form.get("action")), *sent))


def _with_addresses(elements: Iterable[etree._Element]) -> Iterator[str]:
    """Yield the words of elements, with the addresses that they link to."""
    for each in elements:
        yield " ".join((words_of(each), *(str(link.get("href", "")) for link in each.iter("a"))))


def _read_editions(main: etree._Element) -> Iterator[str]:
    """Yield the links from sections to the same section in other languages."""
    for section in main.iterfind("section[@id]"):
        for link in section.iterfind("p[@class='editions']/a"):
            yield f"{section.get('id')}: {link.get('hreflang')} {link.get('href')} {words_of(link)}"


def _read_lists(main: etree._Element, groups: Groups) -> Iterator[Fact]:
    sections = {str(section.get("id")): section for section in main.iterfind("section[@id]")}
    headings: list[str] = []
    for key, section in sections.items():
        if "_" in key:
            headings += _texts((*section.iterchildren("h2"), *section.iterfind("details/summary/h2")))
    yield Fact("the headings of the lists", tuple(headings), "h2")
    yield Fact("the categories of links in their order", tuple(groups), "#page_links")
    for key, pages in groups.items():
        yield Fact(f"the links under {key!r}, on the page", pages, f"#links_{key}")
    for key, what in (("other_languages", "other languages"), ("page_sources", "sources")):
        yield Fact(f"the number of the {what}", tuple(_read_folds(sections.get(key))), f"#{key}")
    for group in sections.get("page_links", ()):
        if group.tag == "section":
            key = str(group.get("id", "")).removeprefix("links_")
            yield Fact(f"the heading of {key!r}", _texts(group.iterfind("details/summary/h3")), "h3")
            yield Fact(f"the number of links under {key!r}", tuple(_read_folds(group)), "summary")
    for key, what in (("page_related", "the related topics"), ("other_languages", "the other languages")):
        yield Fact(f"{what}, on the page", tuple(read_lines(_items(sections.get(key)))), f"#{key}")
    yield Fact("the sources, on the page", _read_sources(sections.get("page_sources")), "#page_sources")


def _read_sources(section: etree._Element | None) -> tuple[tuple[str, ...], ...]:
    return tuple(map(_read_source, _items(section)))


def _read_source(item: etree._Element) -> tuple[str, ...]:
    paragraphs = list(item.iterchildren("p"))
    first = paragraphs[0] if paragraphs else etree.Element("p")
    link = first.find("a")
    cite = first.find(".//cite")
    title = words_of(cite)
    return (
        title,
        "" if link is None else str(link.get("href", "")),
        "" if cite is None else str(cite.get("lang", "")),
        bare(words_of(first).removeprefix(title)),
        " | ".join(str(time.get("datetime", "")) for time in item.iter("time")),
        " ".join(map(words_of, paragraphs[1:])),
    )


def _items(section: etree._Element | None) -> Iterable[etree._Element]:
    return () if section is None else (*section.iterfind("ul/li"), *section.iterfind("details/ul/li"))


def _read_folds(section: etree._Element | None) -> Iterator[str]:
    """Yield how many items a section says that it folds, and whether it is open."""
    for each in () if section is None else section.iterfind("details"):
        yield f"{words_of(each.find('summary/span'))} {each.get('open', '')}".rstrip()


def _texts(elements: Iterable[etree._Element]) -> tuple[str, ...]:
    return tuple(map(words_of, elements))
