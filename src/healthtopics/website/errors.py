"""What readers see instead of a page that does not exist or fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.index.topics import editions_of
from healthtopics.website.addresses import Addresses, SitePage
from healthtopics.website.frame import Frame, fill_in
from healthtopics.website.words import Said


@dataclass(frozen=True, slots=True)
class PageError:
    """What is wrong, and where to go instead."""

    status: int
    """Of HTTP."""
    title: str
    detail: str
    """A sentence for programmers."""
    language: str
    """Of title and detail."""
    similar: Sequence[str] = ()
    """The ids of topics that may have been wanted."""
    topic: str = ""
    """The id of the topic that was asked for, if there is one, in languages that were not."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """The last titles of a topic that was withdrawn, by language."""
    withdrawn: str = ""
    """When that was, an instant."""


class TopicChoice(NamedTuple):
    """An edition to go to instead."""

    address: str
    title: Said
    name: str
    """The language's own name for itself, if that is not the language of the page."""


def render_error(index: TopicIndex, addresses: Addresses, language: str, error: PageError) -> bytes:
    """Return the page about an error in a language of the release."""
    frame = Frame(index, addresses, SitePage(language))
    return frame.render(
        "error.html",
        error=error,
        title=frame.words.quote(error.title, error.language),
        detail=frame.words.quote(error.detail, error.language),
        similar=[each for topic in error.similar for each in _editions(frame, topic)[:1]],
        editions=_editions(frame, error.topic),
        withdrawn=_last_title(frame, error.titles),
    )


def _editions(frame: Frame, topic: str) -> list[TopicChoice]:
    """Return the editions of a topic, that in the language of the page first."""
    found = sorted(editions_of(frame.index, topic), key=lambda each: each.language != frame.language)
    names = {each.language: each.name for each in frame.languages if each.language != frame.language}
    return [
        TopicChoice(
            frame.addresses.topic(each.language, topic),
            frame.words.quote(each.title, each.language),
            names.get(each.language, ""),
        )
        for each in found
    ]


def _last_title(frame: Frame, titles: Mapping[str, str]) -> Said | None:
    language = next((each for each in (frame.language, *titles) if each in titles), "")
    return frame.words.quote(titles[language], language) if language else None


def render_failure(addresses: Addresses, error: PageError) -> bytes:
    """Return the page about an error while nothing is published, so that a site has no pages."""
    return fill_in("failure.html", error=error, addresses=addresses)
