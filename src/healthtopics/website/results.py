"""What a search found."""

from typing import Final

from markupsafe import Markup, escape

from healthtopics.index.search import Found, search
from healthtopics.index.snippets import Snippet
from healthtopics.website.frame import Frame
from healthtopics.website.paging import ListPart

SIZE: Final = 20
"""The most topics of a page."""


def render_results(frame: Frame) -> bytes | None:
    """Return a page of what a search found, or the form to search with; None if there is no such page."""
    query = frame.page.query
    start = ListPart(frame, SIZE)
    found = search(frame.index, query, frame.language, limit=SIZE, offset=start.offset) if query else Found()
    part = ListPart(frame, SIZE, found.total)
    return frame.render("results.html", found=found, part=part, snippet=_marked) if part.exists else None


def _marked(snippet: Snippet) -> Markup:
    """Return the text of a snippet with the words that were found marked."""
    pieces, end = list[Markup](), 0
    for each in snippet.marks:
        pieces += [escape(snippet.text[end : each.start])]
        end = each.start + each.length
        pieces += [Markup("<mark>{}</mark>").format(snippet.text[each.start : end])]
    return Markup().join((*pieces, escape(snippet.text[end:])))
