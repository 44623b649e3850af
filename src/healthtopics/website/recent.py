"""What is new: the topics whose pages changed last."""

from typing import Final

from healthtopics.index.listing import latest_editions
from healthtopics.website.frame import Frame
from healthtopics.website.paging import ListPart

SIZE: Final = 50
"""The most topics of a page."""


def render_recent(frame: Frame) -> bytes | None:
    """Return a page of the list; None if there is no such page."""
    part = ListPart(frame, SIZE, frame.index.edition_counts.get(frame.language, 0))
    latest = latest_editions(frame.index, frame.language, limit=SIZE, offset=part.offset)
    return frame.render("recent.html", latest=latest, part=part) if part.exists else None
