"""Writes the page of one edition: HTML that is well-formed XML too, without scripts. Checks nothing.

Addresses are those of the schema.org export: sections are `#{section id}`, callouts
`#{section id}_callout_{number}`, link groups `#links_{category}`.
Every other id has an underscore, which section ids never have.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

from jinja2 import Environment

from healthtopics import jsontext, markup
from healthtopics.formats.html.styles import page_style
from healthtopics.language import LanguageTag, direction
from healthtopics.markup.look import icon_in_page
from healthtopics.markup.templates import page_templates
from healthtopics.topic import Block, Edition, Interface, LocalizedTopic, RelatedTopic, Resource, Text

TextOrigin: TypeAlias = Literal["topic", "vocabulary", "interface"]
"""The catalogue that a text comes from; for a topic's, `Text.pointer` leads to the message."""


class Html(str):
    """Text that is HTML already, safe to use in a page."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


Write = Callable[[Text, Html, TextOrigin], Html]
"""Returns the replacement of a text, from the text, its content as HTML, and where it comes from."""


def as_it_is(_text: Text, content: Html, _origin: TextOrigin) -> Html:
    """Return the content unchanged."""
    return content


def to_page(
    topic: LocalizedTopic, edition: Edition, data: Mapping[str, Any], *, write: Write = as_it_is
) -> str:
    """Return the page of one edition; equal arguments give equal pages.

    `data` is the edition's JSON-LD, which is embedded in the page. Every text that a reader sees passes
    through
    `write`; titles in the head and the entries of the table of contents are plain. Text in another language
    than the page is marked with `lang`, and with `dir` if it is written in the other direction.

    Raises ValueError if the edition has no interface.
    """
    if edition.interface is None:
        raise ValueError("the edition has no interface, which a page needs")
    page = _Page(topic, edition, edition.interface, write)
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            topic=topic,
            edition=edition,
            interface=edition.interface,
            gettext=page.word,
            data=embed(data),
            icon=icon_in_page(),
            style=Html(page_style()),
        )
    )


def embed(data: Mapping[str, Any]) -> Html:
    """Return JSON for a script element: nothing in it can end the element (HTML, §4.12.1.3)."""
    text = jsontext.dump_line(data).decode().strip()
    return Html(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def templates() -> dict[str, bytes]:
    """Return the templates, which `interface.po` translates, by the name that references use."""
    page = resources.files(__package__) / "templates/page.html"
    return {"src/healthtopics/formats/html/templates/page.html": page.read_bytes()}


_KINDS: Final[Mapping[str, str]] = {
    "Paragraph": "p",
    "Subheading": "h",
    "List": "list",
    "Attribution": "by",
    "Callout": "callout",
}


class _Page:
    """The values and functions of the template."""

    few: Final = 3
    """A list of links that has no more is open; readers open longer ones."""

    def __init__(self, topic: LocalizedTopic, edition: Edition, interface: Interface, write: Write) -> None:
        self._topic = topic
        self._edition = edition
        self._interface = interface
        self._write = write
        self.direction = direction(topic.language)

    def mark(self, language: LanguageTag) -> Html:
        """Return the attributes of an element in that language; none if it is the page's."""
        if language == self._topic.language:
            return Html()
        turn = direction(language)
        return Html(f' lang="{language}"' + (f' dir="{turn}"' if turn != self.direction else ""))

    def name(self, value: str, language: LanguageTag) -> Html:
        """Return words that are not a message, marked with their language."""
        return self._span(Html(markup.escape(value)), language)

    def say(self, text: Text, origin: TextOrigin = "topic") -> Html:
        """Return plain text."""
        return self._span(self._write(text, Html(markup.escape(text.value)), origin), text.language)

    def prose(self, text: Text) -> Html:
        """Return text in the inline markup, its links resolved."""
        is_own = text.language == self._topic.language
        content = Html(markup.parse(text.value).serialize(self._own_link if is_own else self._link))
        return self._span(self._write(text, content, "topic"), text.language)

    def _link(self, href: str, content: str) -> str:
        return markup.write_link(self._edition.resolve(href), content)

    def _own_link(self, href: str, content: str) -> str:
        """Return a link in a text of the page's language, with the language of the page that it leads to."""
        url, language = self._edition.resolve(href), self._edition.language_of(href)
        if not url or not self.foreign(language):
            return markup.write_link(url, content)
        # The class tells programs that the words are not part of the text.
        note = f'<span class="language"> ({markup.escape(self.foreign(language))})</span>'
        return f'<a href="{markup.escape(url)}" hreflang="{language}">{content}</a>{note}'

    def term(self, vocabulary: str, key: str) -> Html:
        """Return the label of a vocabulary entry."""
        return self.say(self._edition.term(vocabulary, key).label, "vocabulary")

    def word(self, english: str) -> Html:
        """Return words of the page itself."""
        return self.say(self._interface.word(english), "interface")

    def with_numbers(self, words: Html, either: Html) -> Html:
        """Return words with the emergency numbers in place of `{number}`, each as a link that phones call.

        `either` joins the last of several to the others.
        """
        *others, said = (f'<a href="tel:{each}">{each}</a>' for each in self._edition.emergency_numbers)
        if others:
            said = either.replace("{numbers}", ", ".join(others)).replace("{last}", said)
        return Html(words.replace("{number}", said))

    def site(self, *steps: str) -> str:
        """Return the address of a page of the site, in the language of this one, that no topic has."""
        return "/".join((self._edition.base_url, self._topic.language, *steps))

    def contact(self) -> str:
        """Return where a problem with the page is reported; an e-mail has the page as its subject."""
        contact, card = self._edition.contact, self._edition.card
        subject = quote(f"{card.title}: {card.page}", safe="")
        return f"{contact}?subject={subject}" if contact.startswith("mailto:") else contact

    def mailbox(self) -> str:
        """Return the same as readers see it."""
        return self._edition.contact.removeprefix("mailto:").removeprefix("https://")

    def autonym(self, language: LanguageTag) -> Html:
        """Return the name of a language for itself."""
        return self.name(self._interface.autonyms.get(language, language), language)

    def others(self, section: str) -> list[tuple[LanguageTag, str]]:
        """Return language and page of each other edition that has the section, if the page is one of ours."""
        ours = f"{self._edition.base_url}/"
        return [
            (language, card.page)
            for language, card in self._edition.editions.items()
            if language != self._topic.language and section in card.sections and card.page.startswith(ours)
        ]

    def foreign(self, language: LanguageTag) -> str:
        """Return the name of the language that a link leads to; empty if it is the page's."""
        return "" if language == self._topic.language else self._interface.language_name(language)

    def kind(self, block: Block) -> str:
        """Return the kind of a block: `p`, `h`, `list`, `by` or `callout`."""
        return _KINDS[type(block).__name__]

    def groups(self) -> list[tuple[str, Sequence[Resource]]]:
        """Return the links by category, in the order of the vocabulary."""
        by_category: dict[str, list[Resource]] = {}
        for resource in self._topic.resources:
            for key in resource.categories_in(self._topic.language):
                by_category.setdefault(key, []).append(resource)
        keys = self._edition.terms.get("categories", ())
        return [(key, by_category[key]) for key in keys if key in by_category]

    def related(self) -> list[tuple[str, LanguageTag, Html]]:
        """Return page, language and title of each related topic that is published."""
        found: list[tuple[str, LanguageTag, Html]] = []
        for related in self._topic.related_topics:
            if isinstance(related, RelatedTopic):
                language, url = related.link_in(self._topic.language)
                found.append((url, language, self.say(related.title)))
            elif card := self._edition.topics.get(related):
                found.append((card.page, card.language, self.name(card.title, card.language)))
        return found

    def _span(self, content: Html, language: LanguageTag) -> Html:
        mark = self.mark(language)
        return Html(f"<span{mark}>{content}</span>") if mark else content


@cache
def _environment() -> Environment:
    return page_templates("healthtopics.formats.html", ["jinja2.ext.i18n"])
