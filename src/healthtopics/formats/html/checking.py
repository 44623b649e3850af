"""Check the page of an edition: every text of it is there, in its language, and any browser can show it.

A page is well-formed XML, so that nothing has to be guessed. No network, no style sheet is looked at.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lxml import etree

from healthtopics import jsontext, markup
from healthtopics.errors import JsonTextError
from healthtopics.language import LanguageTag, direction, parse_language
from healthtopics.markup.xml import parse_xml
from healthtopics.problems import Problem
from healthtopics.topic import LocalizedTopic, Section, Subheading, Text, strings, texts_in

_HEADING: Final = re.compile(r"h[1-6]")
_WITHIN_LISTS: Final = frozenset({"ul", "ol", "dl"})
"""Elements whose words are not those of the item that they stand in."""


@dataclass(frozen=True, slots=True)
class _Found:
    check: str
    message: str
    hint: str = ""


def check_page(page: str, path: str, topic: LocalizedTopic) -> list[Problem]:
    """Return all that is wrong with the page of an edition; `path` names the page in the problems."""
    try:
        root = parse_xml(page.encode())
    except etree.XMLSyntaxError as error:
        found = [_Found("html-ill-formed", f"the page is not well-formed: {error.msg}.")]
    else:
        document = _Page(root)
        found = [each for check in _CHECKS for each in check(document)]
        found += _check_language(document, topic)
        found += _check_texts(document, topic)
    return [
        Problem(check=each.check, path=path, message=each.message, hint=each.hint)
        for each in dict.fromkeys(found)
    ]


class _Page:
    def __init__(self, root: etree._Element) -> None:
        self.root = root

    def elements(self, *names: str) -> list[etree._Element]:
        return list(self.root.iter(*(names or ("*",))))

    @cached_property
    def ids(self) -> list[str]:
        return [str(element.get("id")) for element in self.elements() if "id" in element.attrib]

    def links(self, relation: str) -> list[etree._Element]:
        """Return the link elements of the head with that relation."""
        return [link for link in self.elements("link") if link.get("rel") == relation]

    @property
    def address(self) -> str:
        """What the page says its address is; empty where it does not."""
        return next((str(link.get("href", "")) for link in self.links("canonical")), "")

    @property
    def language(self) -> str:
        return str(self.root.get("lang", ""))


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _check_language(page: _Page, topic: LocalizedTopic) -> Iterator[_Found]:
    if page.language != topic.language:
        yield _Found(
            "html-language", f"the page says lang={page.language!r}, the edition is {topic.language}."
        )
    for element in page.elements():
        if "lang" not in element.attrib:
            continue
        try:
            turn = direction(parse_language(str(element.get("lang"))))
        except ValueError as error:
            yield _Found("html-language", str(error))
            continue
        said = next((str(each.get("dir")) for each in _upwards(element) if "dir" in each.attrib), "")
        if said != turn:
            tag = element.get("lang")
            yield _Found(
                "html-language",
                f"<{element.tag} lang={tag!r}> is read {said or 'in no known direction'}, {tag} is {turn}.",
                f'Add dir="{turn}".',
            )


def _upwards(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()


def _check_headings(page: _Page) -> Iterator[_Found]:
    headings = [element for element in page.elements() if _HEADING.fullmatch(str(element.tag))]
    tops = [heading for heading in headings if heading.tag == "h1"]
    if len(tops) != 1:
        yield _Found("html-heading", f"the page has {len(tops)} <h1>; it needs one.")
    before = 0
    for heading in headings:
        level = int(str(heading.tag)[1])
        words = _words(heading)
        if markup.is_blank(words):
            yield _Found("html-heading", f"a <{heading.tag}> has no words.")
        if level > before + 1:
            place = f"right below an <h{before}>" if before else "the first heading"
            yield _Found(
                "html-heading",
                f"“{words}”, an <h{level}>, is {place}.",
                "Screen readers take the levels for an outline: go down one at a time, from <h1>.",
            )
        before = level
    titles = page.elements("title")
    if len(titles) != 1 or markup.is_blank(_words(titles[0])):
        yield _Found("html-heading", "the page needs one <title>, with words.")


def _check_ids(page: _Page) -> Iterator[_Found]:
    for id_ in _repeated(page.ids):
        yield _Found("html-duplicate-id", f"the id {id_!r} stands on several elements.")
    for element in page.elements():
        for id_ in str(element.get("aria-labelledby", "")).split():
            if id_ not in page.ids:
                yield _Found("html-link", f"aria-labelledby={id_!r} leads to no element of the page.")


def _check_links(page: _Page) -> Iterator[_Found]:
    ids = set(page.ids)
    for element in page.elements("a", "link"):
        href = str(element.get("href", ""))
        if href.startswith("#"):
            if href[1:] not in ids:
                yield _Found("html-link", f"{href!r} leads to no element of the page.")
        elif not markup.URL.fullmatch(href):
            yield _Found("html-link", f"{href!r} is no absolute address.", "Use an http(s) URL, or #id.")
        if element.tag == "a" and markup.is_blank(_words(element)):
            yield _Found("html-empty-link", f"the link to {href!r} has no words.")


def _check_alternates(page: _Page) -> Iterator[_Found]:
    if len(page.links("canonical")) != 1:
        yield _Found("html-alternate", "the page needs one canonical link: its own address.")
    alternates = [
        (str(link.get("hreflang", "")), str(link.get("href", ""))) for link in page.links("alternate")
    ]
    languages = [language for language, _href in alternates]
    for language in _repeated(languages):
        yield _Found("html-alternate", f"two editions are named for {language!r}.")
    # Search engines take no notice of alternates that do not name the page itself.
    if (page.language, page.address) not in alternates:
        yield _Found("html-alternate", "the page is not among its own language editions, by its own address.")


def _check_data(page: _Page) -> Iterator[_Found]:
    scripts = page.elements("script")
    data = [script for script in scripts if script.get("type") == "application/ld+json"]
    if len(data) != len(scripts):
        yield _Found("html-script", "the page has a script; it must work without.")
    for element in page.elements():
        for name in map(str, element.attrib):
            if name.startswith("on"):
                yield _Found(
                    "html-script", f"<{element.tag}> has {name!r}; the page must work without scripts."
                )
    if len(data) != 1:
        yield _Found("html-data", f"the page carries {len(data)} documents of JSON-LD; it needs one.")
        return
    try:
        document = jsontext.parse((data[0].text or "").encode(), "the JSON-LD of the page")
    except JsonTextError as error:
        yield _Found("html-data", f"the JSON-LD cannot be read: {error}")
        return
    said = (document.get("@id"), document.get("inLanguage")) if isinstance(document, dict) else (None, None)
    if said != (page.address, page.language):
        yield _Found("html-data", f"the JSON-LD is about {said[0]!r} in {said[1]!r}, which is another page.")
        return
    ids = set(page.ids)
    for text, steps in strings(document.get("hasPart", [])):
        address, _, id_ = text.partition("#")
        if steps[1:] == ("@id",) and (address != page.address or id_ not in ids):
            yield _Found("html-data", f"the JSON-LD speaks of {text!r}, which is no part of the page.")


_CHECKS: Final[tuple[Callable[[_Page], Iterable[_Found]], ...]] = (
    _check_headings,
    _check_ids,
    _check_links,
    _check_alternates,
    _check_data,
)


def _check_texts(page: _Page, topic: LocalizedTopic) -> Iterator[_Found]:
    """Yield each text of the edition that stands nowhere, whole and marked with its language."""
    written: dict[str, set[str]] = {}
    for body in page.elements("body"):
        _collect(body, page.language, written)
    for words, language in _shown(topic):
        said = written.get(words)
        if said is None:
            yield _Found("html-text", f"“{words}” is not on the page, or not by itself.")
        elif language not in said:
            yield _Found(
                "html-text",
                f"“{words}” is {language}, the page says {', '.join(sorted(said))}.",
                "Mark it with its language: a screen reader would read it in the wrong one.",
            )


def _collect(element: etree._Element, around: str, written: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Note what an element says, where that is in one language; return its words, each with its language."""
    language = str(element.get("lang", around))
    runs = [(element.text or "", language)]
    for child in element:
        inside = _collect(child, language, written)
        if child.tag not in _WITHIN_LISTS:
            runs += inside
        runs.append((child.tail or "", language))
    languages = {each for words, each in runs if words.strip()}
    if len(languages) == 1:
        written.setdefault(" ".join("".join(words for words, _ in runs).split()), set()).update(languages)
    return runs


def _shown(topic: LocalizedTopic) -> Iterator[tuple[str, LanguageTag]]:
    """Yield the words of every text that a page shows, spaces evened, and their language."""
    shown = [each for each in topic.resources if each.categories_in(topic.language)]
    plain: list[Text] = [topic.title, *topic.also_called, *topic.see_references]
    plain += texts_in([topic.description, shown, topic.related_topics, topic.other_languages, topic.sources])
    marked_up: list[Text] = []
    for section in topic.sections:
        plain += _plain(section)
        marked_up += texts_in([block for block in section.body if not isinstance(block, Subheading)])
    for text in plain:
        yield " ".join(text.value.split()), text.language
    for text in marked_up:
        yield " ".join(markup.parse(text.value).plain().split()), text.language


def _plain(section: Section) -> Iterator[Text]:
    yield from texts_in([section.heading, [b for b in section.body if isinstance(b, Subheading)]])
