"""Checks the page of an edition: it has every text, in its language, and any browser can show it.

A page is well-formed XML, so that nothing has to be guessed. Its style sheet is the one of all pages.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lxml import etree

from healthtopics import jsontext, markup
from healthtopics.errors import JsonTextError
from healthtopics.formats.html.styles import page_style
from healthtopics.formats.xhtml import parse_page
from healthtopics.language import LanguageTag, direction, parse_language
from healthtopics.markup.look import icon_in_page
from healthtopics.problems import Fault, Problem
from healthtopics.topic import Callout, LocalizedTopic, Subheading, Text, texts_in

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LANGUAGE: Final = frozenset({"dir", "lang"})
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(attributes.split()) | _LANGUAGE
    for name, attributes in {
        **dict.fromkeys(("abbr", "cite", "dd", "dt", "em", "footer", "head", "header", "li", "ol"), ""),
        **dict.fromkeys(("aside", "div"), "class"),
        **dict.fromkeys(("body", "h1", "strong", "style", "sub", "summary", "sup", "title"), ""),
        **dict.fromkeys(("h2", "h3", "html", "main"), "id"),
        **dict.fromkeys(("p", "ul"), "class id role"),
        "a": "aria-current class href hreflang",
        "button": "type",
        "details": "open",
        "dl": "class",
        "form": "action class method role",
        "input": "autocomplete id maxlength name spellcheck type",
        "label": "for",
        "span": "aria-current class",
        "link": "href hreflang rel type",
        "meta": "charset content name property",
        "nav": "aria-labelledby class",
        "script": "type",
        "section": "aria-labelledby class id",
        "time": "datetime",
    }.items()
}
"""The elements of our pages, and their attributes: whatever else is there says or does what nobody wrote."""
_META: Final = frozenset({None, "description", "viewport"})
_OPEN_GRAPH: Final = frozenset(
    f"og:{name}" for name in ("description", "locale", "site_name", "title", "type", "url")
)
_ROLES: Final[Mapping[str, frozenset[str]]] = {"note": frozenset({"p"}), "search": frozenset({"form"})}
"""The roles that elements may have, each with these."""
_HEADER: Final = "/html/body/header"
_ONLY_AT: Final[Mapping[str, frozenset[str]]] = {
    "aside": frozenset({"/html/body"}),
    "button": frozenset({f"{_HEADER}/form/div"}),
    "div": frozenset({_HEADER, f"{_HEADER}/form"}),
    "form": frozenset({_HEADER}),
    "input": frozenset({f"{_HEADER}/form/div"}),
    "label": frozenset({f"{_HEADER}/form"}),
}
"""The elements that only the header has: what each of them may be in."""
_PLACES: Final[Mapping[str, frozenset[str]]] = {
    "contents": frozenset({"/html/body/main/nav"}),
    "crumbs": frozenset({"/html/body/nav"}),
    "editions": frozenset({"/html/body/main/section/p"}),
    "hidden": frozenset(
        {"/html/body/header/div/nav/p", "/html/body/nav/p", "/html/body/main/section/p/a/span"}
    ),
    "languages": frozenset({"/html/body/header/div/nav"}),
    "search": frozenset({"/html/body/header/form"}),
    "skip": frozenset({"/html/body/a"}),
    "whole": frozenset({"/html/body/header/p"}),
}
"""The classes that the style sheet may hide, each with the only places that it has."""
_FOLDED: Final = frozenset({"other_languages", "page_sources"})
"""The sections that may be folded as a whole."""
_CALLS: Final = re.compile(r"tel:[0-9]{3}|mailto:[!#-;=?-Z_a-z~]+@[!#-;=?-Z_a-z~]+")
_HIDING: Final = frozenset({"aria-hidden", "hidden", "inert", "style"})
_WITHIN_LISTS: Final = frozenset({"ul", "ol", "dl"})
"""Elements whose text does not belong to the list item around them."""
_OF_THE_PAGE: Final = frozenset({"language", "urgency"})
"""Words of the page within a text: the language of a linked page, the urgency of a callout."""


def check_page(page: str, path: str, topic: LocalizedTopic) -> list[Problem]:
    """Return everything wrong with the page of an edition; `path` names the page in the problems."""
    try:
        root = parse_page(page)
    except etree.XMLSyntaxError as error:
        found = [Fault("html-ill-formed", f"the page is not well-formed: {error.msg}.")]
    else:
        document = _Page(root)
        found = [
            *_check_headings(document),
            *_check_ids(document),
            *_check_links(document),
            *_check_alternates(document),
            *_check_data(document),
            *_check_elements(document),
            *_check_visible(document),
            *_check_callouts(document),
            *_check_language(document, topic),
            *_check_texts(document, topic),
        ]
    return [fault.at(path) for fault in dict.fromkeys(found)]


class _Page:
    """The findings of one walk through a page."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.language = str(root.get("lang", ""))
        self.headings: list[etree._Element] = []
        self.ids: list[str] = []
        self.labels: list[tuple[etree._Element, str]] = []
        """The ids that `aria-labelledby` names, with its element."""
        self.foreign: list[str] = []
        """What a page has not: elements, and elements with an attribute."""
        self.handlers: list[tuple[str, str]] = []
        """Element and attribute of each script in an attribute."""
        self.hidden: list[str] = []
        """The elements that an attribute of theirs may hide."""
        self.marked: list[etree._Element] = []
        """The elements that state a language."""
        self._by_name: dict[str, list[etree._Element]] = {}
        for element in root.iter("*"):
            name = str(element.tag)
            self._by_name.setdefault(name, []).append(element)
            if name in _HEADINGS:
                self.headings.append(element)
            allowed = _ATTRIBUTES.get(name)
            if allowed is None or (name == "meta" and not _is_ours(element)) or not _is_in_place(element):
                self.foreign.append(f"<{name}>")
                continue
            for attribute, value in element.items():
                if attribute != "href":
                    self._add_attribute(element, str(attribute), str(value))
                    if attribute not in allowed:
                        self.foreign.append(f"<{name} {attribute!s}>")

    def _add_attribute(self, element: etree._Element, name: str, value: str) -> None:
        if name == "id":
            self.ids.append(value)
        elif name == "lang":
            self.marked.append(element)
        elif name == "role" and element.tag not in _ROLES.get(value, ()):
            self.foreign.append(f"<{element.tag!s} role={value!r}>")
        elif name in _HIDING:
            self.hidden.append(str(element.tag))
        elif name == "aria-labelledby":
            self.labels += ((element, id_) for id_ in value.split())
        elif name.startswith("on"):
            self.handlers.append((str(element.tag), name))

    def elements(self, name: str) -> list[etree._Element]:
        return self._by_name.get(name, [])

    def links(self, relation: str) -> list[etree._Element]:
        """Return the link elements of the head with that relation."""
        return [link for link in self.elements("link") if link.get("rel") == relation]

    @property
    def address(self) -> str:
        """The address that the page gives as its own; empty if it gives none."""
        return next((str(link.get("href", "")) for link in self.links("canonical")), "")


def _is_in_place(element: etree._Element) -> bool:
    places = _ONLY_AT.get(str(element.tag))
    return places is None or _place(element).rpartition("/")[0] in places


def _is_ours(meta: etree._Element) -> bool:
    if "property" in meta.attrib:
        return "name" not in meta.attrib and meta.get("property") in _OPEN_GRAPH
    return meta.get("name") in _META


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _check_language(page: _Page, topic: LocalizedTopic) -> Iterator[Fault]:
    if page.language != topic.language:
        yield Fault(
            "html-language", f"the page says lang={page.language!r}, the edition is {topic.language}."
        )
    for element in page.marked:
        try:
            turn = direction(parse_language(str(element.get("lang"))))
        except ValueError as error:
            yield Fault("html-language", str(error))
            continue
        said = next(
            (str(each.get("dir")) for each in (element, *element.iterancestors()) if "dir" in each.attrib), ""
        )
        if said != turn:
            tag = element.get("lang")
            yield Fault(
                "html-language",
                f"<{element.tag} lang={tag!r}> is read {said or 'in no known direction'}, {tag} is {turn}.",
                f'Add dir="{turn}".',
            )


def _check_headings(page: _Page) -> Iterator[Fault]:
    tops = page.elements("h1")
    if len(tops) != 1:
        yield Fault("html-heading", f"the page has {len(tops)} <h1>; it needs one.")
    before = 0
    for heading in page.headings:
        level = int(str(heading.tag)[1])
        words = _words(heading)
        if markup.is_blank(words):
            yield Fault("html-heading", f"a <{heading.tag}> has no text.")
        if level > before + 1:
            place = f"right below an <h{before}>" if before else "the first heading"
            yield Fault(
                "html-heading",
                f"“{words}”, an <h{level}>, is {place}.",
                "Screen readers read the levels as an outline: go down one at a time, from <h1>.",
            )
        before = level
    titles = page.elements("title")
    if len(titles) != 1 or markup.is_blank(_words(titles[0])):
        yield Fault("html-heading", "the page needs one <title>, with text.")


def _check_ids(page: _Page) -> Iterator[Fault]:
    for id_ in _repeated(page.ids):
        yield Fault("html-duplicate-id", f"several elements have the id {id_!r}.")
    for element, id_ in page.labels:
        if all(each.get("id") != id_ for each in element.iter("*")):
            yield Fault(
                "html-link", f"aria-labelledby={id_!r} is not the id of an element in <{element.tag!s}>."
            )


def _check_links(page: _Page) -> Iterator[Fault]:
    ids = set(page.ids)
    for element in (*page.elements("link"), *page.elements("a"), *page.elements("form")):
        href = str(element.get("action" if element.tag == "form" else "href", ""))
        if element.get("rel") == "icon" and href == icon_in_page():
            continue
        if href.startswith("#"):
            if href[1:] not in ids:
                yield Fault("html-link", f"{href!r} is not the id of an element of the page.")
        elif not markup.URL.fullmatch(href) and not (element.tag == "a" and _CALLS.fullmatch(href)):
            yield Fault("html-link", f"{href!r} is not an absolute address.", "Use an http(s) URL, or #id.")
        if element.tag == "a" and all(markup.is_blank(str(text)) for text in element.itertext()):
            yield Fault("html-empty-link", f"the link to {href!r} has no text.")


def _check_alternates(page: _Page) -> Iterator[Fault]:
    if len(page.links("canonical")) != 1:
        yield Fault("html-alternate", "the page needs one canonical link: its own address.")
    alternates = [
        (str(link.get("hreflang", "")), str(link.get("href", ""))) for link in page.links("alternate")
    ]
    languages = [language for language, _href in alternates]
    for language in _repeated(languages):
        yield Fault("html-alternate", f"two editions are named for {language!r}.")
    # Search engines ignore alternates that do not name the page itself.
    if (page.language, page.address) not in alternates:
        yield Fault("html-alternate", "the page is not among its own language editions, by its own address.")


def _check_data(page: _Page) -> Iterator[Fault]:
    scripts = page.elements("script")
    data = [script for script in scripts if script.get("type") == "application/ld+json"]
    if len(data) != len(scripts):
        yield Fault("html-script", "the page has a script; it must work without scripts.")
    for name, handler in page.handlers:
        yield Fault("html-script", f"<{name}> has {handler!r}; the page must work without scripts.")
    if len(data) != 1:
        yield Fault("html-data", f"the page has {len(data)} JSON-LD documents; it needs one.")
        return
    try:
        document = jsontext.parse(_unescaped(str(data[0].text or "")).encode(), "the JSON-LD of the page")
    except JsonTextError as error:
        yield Fault("html-data", f"the JSON-LD cannot be read: {error}")
        return
    said = (document.get("@id"), document.get("inLanguage")) if isinstance(document, dict) else (None, None)
    if said != (page.address, page.language):
        yield Fault("html-data", f"the JSON-LD is about {said[0]!r} in {said[1]!r}, which is another page.")
        return
    ids = set(page.ids)
    for part in document.get("hasPart", []):
        address, _, id_ = part["@id"].partition("#")
        if address != page.address or id_ not in ids:
            yield Fault("html-data", f"the JSON-LD describes {part['@id']!r}, which is not part of the page.")


def _check_elements(page: _Page) -> Iterator[Fault]:
    """Yield what could say or do something beside the texts: a picture, a frame, a form, a tooltip."""
    for name in page.foreign:
        yield Fault("html-element", f"no page has {name}.", "Remove it, or show its text in another way.")


def _check_visible(page: _Page) -> Iterator[Fault]:
    """Yield what could hide a text: an attribute, or another style sheet than that of all pages."""
    for name in page.hidden:
        yield Fault("html-hidden", f"<{name}> has an attribute that can hide its text.", "Remove it.")
    for element in page.elements("details"):
        section = element.getparent()
        around = None if section is None else section.getparent()
        is_list = section is not None and section.get("id") in _FOLDED
        if not is_list and (around is None or around.get("id") != "page_links"):
            message = "only links and sources may be folded; what is in <details> is not seen at once."
            yield Fault("html-hidden", message)
    for element in page.root.iterfind(".//*[@class]"):
        places = _PLACES.get(str(element.get("class")))
        if places and _place(element) not in places:
            message = (
                f"<{element.tag} class={element.get('class')!r}> may be hidden, and is in another place."
            )
            yield Fault("html-hidden", message, "Remove the class.")
    styles = page.elements("style")
    if len(styles) != 1 or str(styles[0].text or "").strip() != page_style() or page.links("stylesheet"):
        hint = "A page has the style of markup/common.css and formats/html/templates/style.css, and no other."
        yield Fault("html-hidden", "the style of the page is not that of all pages.", hint)


def _place(element: etree._Element) -> str:
    return "/".join(("", *(str(each.tag) for each in reversed([element, *element.iterancestors()]))))


def _check_callouts(page: _Page) -> Iterator[Fault]:
    """Yield callouts whose headings do not say themselves how urgent they are."""
    for callout in page.elements("section"):
        if "callout" not in str(callout.get("class", "")).split():
            continue
        first = next(iter(callout), None)
        label = None if first is None or first.tag not in _HEADINGS else first.find("span[@class='urgency']")
        if label is None or first is None or first[0] is not label or markup.is_blank(_words(label)):
            hint = "Screen readers list headings by themselves: begin it with a span of the class urgency."
            yield Fault("html-callout", f"the heading of {callout.get('id')!r} has no urgency.", hint)
        elif callout.get("aria-labelledby") != first.get("id"):
            yield Fault("html-callout", f"{callout.get('id')!r} is not named by its heading.")


def _unescaped(text: str) -> str:
    """Return JSON with the characters that HTML requires to be escaped in scripts: it is parsed faster."""
    if r"\\" not in text:  # after a backslash that is escaped, what looks like an escape is not one
        for character in "<>&":
            text = text.replace(f"\\u{ord(character):04x}", character)
    return text


def _check_texts(page: _Page, topic: LocalizedTopic) -> Iterator[Fault]:
    """Yield each text of the edition that is missing from the page, split up, or in another language."""
    shown = list(_shown(topic))
    longest = max((len(words) for words, _ in shown), default=0)
    written: dict[str, set[str]] = {}
    for body in page.elements("body"):
        _collect(body, page.language, longest, written)
    for words, language in shown:
        said = written.get(words)
        if said is None:
            yield Fault("html-text", f"“{words}” is not on the page, or not by itself.")
        elif language not in said:
            yield Fault(
                "html-text",
                f"“{words}” is {language}, the page says {', '.join(sorted(said))}.",
                "Mark it with its language: a screen reader would read it in the wrong one.",
            )


def _collect(
    element: etree._Element, around: str, longest: int, written: dict[str, set[str]]
) -> tuple[str | None, set[str]]:
    """Record the text of an element if it is in one language; return it and its languages.

    None replaces a text that is longer than `longest`, and so the texts of the elements around it.
    """
    language = str(element.get("lang", around))
    text: str | None = element.text or ""
    languages = {language} if text and not text.isspace() else set()
    for child in element:
        inside, spoken = _collect(child, language, longest, written)
        if _is_within_text(child):
            text = None if text is None or inside is None else text + inside
            languages |= spoken
        if tail := child.tail:
            if text is not None:
                text += tail
            if not tail.isspace():
                languages.add(language)
    if text is not None and (words := " ".join(text.split())):
        if len(words) > longest:
            text = None
        elif len(languages) == 1:
            written.setdefault(words, set()).update(languages)
    return text, languages


def _is_within_text(element: etree._Element) -> bool:
    """Return whether its words belong to the text around it: not a list, or words of the page."""
    return element.tag not in _WITHIN_LISTS and element.get("class") not in _OF_THE_PAGE


def _shown(topic: LocalizedTopic) -> Iterator[tuple[str, LanguageTag]]:
    """Yield every text that a page shows, with single spaces, and its language."""
    shown = [each for each in topic.resources if each.categories_in(topic.language)]
    plain: list[Text] = [topic.title, *topic.also_called, *topic.see_references]
    plain += texts_in([topic.description, shown, topic.related_topics, topic.other_languages, topic.sources])
    marked_up: list[Text] = []
    for section in topic.sections:
        headings = [block for block in section.body if isinstance(block, Subheading)]
        callouts = section.callouts.values()
        plain += texts_in([section.heading, headings, [callout.heading for callout in callouts]])
        others = [block for block in section.body if not isinstance(block, (Callout, Subheading))]
        marked_up += texts_in([others, [callout.body for callout in callouts]])
    for text in plain:
        yield " ".join(text.value.split()), text.language
    for text in marked_up:
        yield " ".join(markup.parse(text.value).plain().split()), text.language
