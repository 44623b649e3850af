"""Which pages there are, and how each kind is made."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from healthtopics.index.opening import TopicIndex
from healthtopics.website.addresses import Addresses, Kind, SitePage
from healthtopics.website.frame import Frame
from healthtopics.website.front import render_front

_RENDERERS: Final[Mapping[Kind, Callable[[Frame], bytes]]] = {"front": render_front}


def render(index: TopicIndex, addresses: Addresses, page: SitePage) -> bytes:
    """Return a page of the site, in HTML; raises KeyError if there is no such page."""
    return _RENDERERS[page.kind](Frame(index, addresses, page))


def pages_of(index: TopicIndex) -> Iterator[SitePage]:
    """Yield every page of the site, except results of searches."""
    for language in index.languages:
        yield SitePage(language)
