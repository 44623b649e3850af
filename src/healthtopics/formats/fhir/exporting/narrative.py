"""Narratives: the XHTML that readers see in FHIR resources.

Only elements and attributes that FHIR allows (R4 and R5, narrative.html): p, ul, ol, li, dl, dt, dd, h1,
h3, span, a, div around a callout, and the inline markup of topics. Text in another language than the
resource is marked with `lang`, which browsers read, and with `xml:lang`, which XML tools read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from healthtopics import markup
from healthtopics.language import LanguageTag, direction
from healthtopics.topic import (
    Attribution,
    Block,
    Callout,
    List,
    ListItem,
    LocalizedTerm,
    Paragraph,
    Subheading,
    Text,
)

_XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, slots=True)
class Narrator:
    """Writes XHTML for a resource in one language."""

    language: LanguageTag
    link: Callable[[str, str, LanguageTag], str] = lambda href, content, _: markup.write_link(href, content)
    """Returns a link as XHTML, from an href of the inline markup, its words, and the language of the text."""
    urgencies: Mapping[str, LocalizedTerm] = field(default_factory=dict)
    """The words for the urgency of a callout."""

    def narrative(
        self, content: str, status: Literal["generated", "additional"] = "generated"
    ) -> dict[str, str]:
        """Return a FHIR Narrative; `additional` if the words are more than the resource's own data."""
        start = f'<div xmlns="{_XHTML}"{_attributes(self.language, "ltr")}>'
        return {"status": status, "div": f"{start}{content}</div>"}

    def mark(self, language: LanguageTag) -> str:
        """Return the attributes of an element in that language; none if it is the resource's."""
        return "" if language == self.language else _attributes(language, direction(self.language))

    def span(self, content: str, language: LanguageTag) -> str:
        """Return XHTML for use within a line, marked if it is in another language."""
        mark = self.mark(language)
        return f"<span{mark}>{content}</span>" if mark else content

    def words(self, text: Text) -> str:
        """Return plain text as XHTML for use within a line."""
        return self.span(markup.escape(text.value), text.language)

    def element(self, name: str, text: Text) -> str:
        """Return an element that holds plain text."""
        return f"<{name}{self.mark(text.language)}>{markup.escape(text.value)}</{name}>"

    def blocks(self, body: Iterable[Block]) -> str:
        """Return paragraphs, headings, lists and callouts; for attributions see `attributions`."""
        return "".join(self._block(block) for block in body)

    def attributions(self, body: Iterable[Block]) -> str:
        """Return only the attributions, each as a paragraph."""
        return "".join(self._marked_up("p", block.text) for block in body if isinstance(block, Attribution))

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(text):
                return self._marked_up("p", text)
            case Subheading(text):
                return self.element("h3", text)
            case List():
                return self._list(block)
            case Callout():
                return self._callout(block)
            case Attribution():
                return ""

    def _callout(self, callout: Callout) -> str:
        """Return a callout; the words over it say how urgent it is where no style does."""
        label = self.urgencies[callout.urgency].label
        urgency = f'<p class="urgency"{self.mark(label.language)}>{markup.escape(label.value)}</p>'
        content = urgency + self.element("h3", callout.heading) + self.blocks(callout.body)
        return f'<div class="callout {callout.urgency}">{content}</div>'

    def _list(self, block: List) -> str:
        items = "".join(map(self._item, block.items))
        return f"<ol>{items}</ol>" if block.is_ordered else f"<ul>{items}</ul>"

    def _item(self, item: ListItem) -> str:
        if item.below is None:
            return self._marked_up("li", item.text)
        # The mark is on a span: on the li it would apply to the list below too.
        words = self.span(self._serialize(item.text), item.text.language)
        return f"<li>{words}{self._list(item.below)}</li>"

    def _marked_up(self, name: str, text: Text) -> str:
        return f"<{name}{self.mark(text.language)}>{self._serialize(text)}</{name}>"

    def _serialize(self, text: Text) -> str:
        return markup.parse(text.value).serialize(
            lambda href, content: self.link(href, content, text.language)
        )


def bullets(items: Iterable[str]) -> str:
    """Return a list of items that are XHTML already."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def definitions(pairs: Sequence[tuple[str, str]]) -> str:
    """Return a list of terms and descriptions, both XHTML already; empty if there are no pairs."""
    return f"<dl>{''.join(f'<dt>{term}</dt><dd>{said}</dd>' for term, said in pairs)}</dl>" if pairs else ""


@cache
def _attributes(language: LanguageTag, around: Literal["ltr", "rtl"]) -> str:
    turn = direction(language)
    return f' lang="{language}" xml:lang="{language}"' + (f' dir="{turn}"' if turn != around else "")
