"""Which pages there are, and how each kind is made."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from healthtopics.index.listing import count_groups, count_letters
from healthtopics.index.opening import TopicIndex
from healthtopics.website import groups, letters, recent
from healthtopics.website.about import render_about, render_languages, render_partners
from healthtopics.website.addresses import Addresses, Kind, SitePage
from healthtopics.website.frame import Frame
from healthtopics.website.front import render_front
from healthtopics.website.results import render_results

_RENDERERS: Final[Mapping[Kind, Callable[[Frame], bytes | None]]] = {
    "front": render_front,
    "letters": letters.render_letters,
    "groups": groups.render_groups,
    "new": recent.render_recent,
    "search": render_results,
    "about": render_about,
    "partners": render_partners,
    "languages": render_languages,
}


def render(index: TopicIndex, addresses: Addresses, page: SitePage) -> bytes | None:
    """Return a page of the site, in HTML; None if the release has no such page."""
    return _RENDERERS[page.kind](Frame(index, addresses, page))


def pages_of(index: TopicIndex) -> Iterator[SitePage]:
    """Yield every page of the site. Of search, that is the form without results."""
    for language in index.languages:
        count = index.edition_counts.get(language, 0)
        yield from (
            SitePage(language, kind) for kind in ("front", "search", "about", "partners", "languages")
        )
        yield from _parts(SitePage(language, "letters"), count, letters.SIZE)
        for letter in count_letters(index, language):
            yield from _parts(SitePage(language, "letters", letter.letter), letter.titles, letters.SIZE)
        yield SitePage(language, "groups")
        for group in count_groups(index, language):
            yield from _parts(SitePage(language, "groups", group.id), group.editions, groups.SIZE)
        yield from _parts(SitePage(language, "new"), count, recent.SIZE)


def _parts(page: SitePage, items: int, size: int) -> Iterator[SitePage]:
    for number in range(1, max(1, -(-items // size)) + 1):
        yield page._replace(number=number)
