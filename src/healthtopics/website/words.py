"""The words of the pages in one language. What is not translated is in English, and marked so."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from markupsafe import Markup, escape

from healthtopics.index.opening import TopicIndex
from healthtopics.index.site_words import site_words_in
from healthtopics.language import SOURCE, LanguageTag, direction
from healthtopics.topic import Interface, SiteWords


@dataclass(frozen=True, slots=True)
class Said:
    """Words on a page, and the language that they are in."""

    pattern: str
    language: str
    around: str
    """The language of the page."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands for the `{names}` in the pattern; HTML in it stays HTML."""

    def filled(self, **values: object) -> "Said":
        """Return the words with values for the `{names}` in them."""
        return replace(self, values=values)

    def __str__(self) -> str:
        return self.pattern.format(**self.values) if self.values else self.pattern

    def __html__(self) -> Markup:
        content = escape(self.pattern)
        content = content.format(**self.values) if self.values else content
        return Markup("<span{}>{}</span>").format(self.mark, content) if self.mark else content

    @property
    def mark(self) -> Markup:
        """The attributes of an element in the language of the words; none if that is the page's."""
        return mark(self.language, self.around)


def mark(language: str, around: str) -> Markup:
    """Return the attributes of an element in a language, within one in another or the same."""
    if language == around:
        return Markup()
    turn, outer = direction(LanguageTag(language)), direction(LanguageTag(around))
    return Markup(' lang="{}"').format(language) + (Markup(' dir="{}"').format(turn) if turn != outer else "")


class Words:
    """What pages say in one language besides what topics say."""

    def __init__(self, index: TopicIndex | None, language: str) -> None:
        """Read the words from the index of a release; without one, everything is in English."""
        self.language = language
        self.direction = direction(LanguageTag(language))
        self._own = site_words_in(index, language) if index else SiteWords()
        self._english = site_words_in(index, SOURCE) if index else SiteWords()

    def say(self, english: str) -> Said:
        """Return the translation of English words; themselves if there is none."""
        translated = self._own.words.get(english)
        return Said(translated or english, self.language if translated else SOURCE, self.language)

    def quote(self, text: str, language: str = "") -> Said:
        """Return a text that is not one of the words, by default in the language of the page."""
        return Said("{text}", language or self.language, self.language, {"text": text})

    def day(self, instant: str) -> str:
        """Return the day of an instant, as readers write it."""
        days = Interface(days=self._own.days)
        return days.day(instant.partition("T")[0])

    @cached_property
    def name(self) -> Said:
        """The name of the site."""
        return self._either(self._own.name, self._english.name) or self.say("Health topics")

    @cached_property
    def publisher(self) -> Said | None:
        """Who publishes it; None if that is not known."""
        return self._either(self._own.publisher, self._english.publisher)

    @property
    def publisher_url(self) -> str:
        """The home page of the publisher; empty if it is not known."""
        return self._own.publisher_url or self._english.publisher_url

    @cached_property
    def disclaimer(self) -> Said | None:
        """What the information is not for; None if the release does not say it."""
        return self._either(self._own.disclaimer, self._english.disclaimer)

    def licence(self, address: str) -> Said:
        """Return the name of terms of use; their address if they have none."""
        names = self._own.licences.get(address, ""), self._english.licences.get(address, "")
        return self._either(*names) or self.quote(address)

    def _either(self, own: str, english: str) -> Said | None:
        if own:
            return self.quote(own)
        return self.quote(english, SOURCE) if english else None
