"""What readers see instead of a page that does not exist or fails."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

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
    detail: Markup
    """A sentence."""
    language: str
    """Of title and detail."""
    links: Sequence[str] = ()
    """Addresses of what may have been wanted: editions, or topics in any language."""


def render_error(index: TopicIndex, addresses: Addresses, language: str, error: PageError) -> bytes:
    """Return the page about an error in a language of the release."""
    frame = Frame(index, addresses, SitePage(language))
    title = frame.words.quote(error.title, error.language)
    detail = frame.words.quote(error.detail, error.language)
    links = [(each, _label(frame, each)) for each in error.links]
    return frame.render("error.html", error=error, title=title, detail=detail, links=links)


def _label(frame: Frame, address: str) -> Said:
    """Return the title of what is at an address, in the language that the address names."""
    folder, _, topic = address.rpartition("/")
    editions = {each.language: each.title for each in editions_of(frame.index, topic)}
    language = folder.rpartition("/")[2]
    wanted = next((each for each in (language, frame.language, *editions) if each in editions), "")
    return frame.words.quote(editions[wanted], wanted) if wanted else frame.words.quote(address)


def render_failure(addresses: Addresses, error: PageError) -> bytes:
    """Return the page about an error while nothing is published, so that a site has no pages."""
    return fill_in("failure.html", error=error, addresses=addresses)
