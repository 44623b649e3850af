"""Pages that others make, in the frame of the site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from markupsafe import Markup

from healthtopics.index.opening import TopicIndex
from healthtopics.language import SOURCE
from healthtopics.website.addresses import Addresses, SitePage
from healthtopics.website.frame import Frame, LanguageChoice


@dataclass(frozen=True, slots=True)
class FramedText:
    """What a page says, in a language that the site need not be in."""

    title: str
    content: Markup
    """It begins with the heading."""
    language: str
    paths: Mapping[str, str] = field(default_factory=dict)
    """Where the page is in each of its languages, relative to the base URL.

    Empty if it is the answer to a question: search engines should not list it.
    """
    above: Literal["partners", "letters", ""] = ""
    """The page of the site that leads to it."""


def render_framed(index: TopicIndex, addresses: Addresses, text: FramedText) -> bytes:
    """Return a text in the frame, in the language of the text if the site has it."""
    language = text.language if text.language in index.languages else SOURCE
    frame = _FramedPage(index, addresses, SitePage(language, text.above or "search"), text)
    return frame.render("framed.html", heading=frame.words.quote(text.title, text.language), text=text)


@dataclass(frozen=True, eq=False)
class _FramedPage(Frame):
    """The frame, with the languages and the address of the text."""

    text: FramedText

    @property
    def content_language(self) -> str:
        """The language of the text."""
        return self.text.language

    @cached_property
    def languages(self) -> Sequence[LanguageChoice]:
        """The languages of the text."""
        return [
            self._choice(each, self.index.edition_counts.get(each, 0))._replace(
                address=self.addresses.service(path), canonical=self._below(path)
            )
            for each, path in self.text.paths.items()
        ]

    @property
    def canonical(self) -> str:
        """The canonical address of the text."""
        return self._below(self.text.paths[self.text.language])
