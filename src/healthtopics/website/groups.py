"""The groups of topics, and the topics of one group."""

from typing import Final

from healthtopics.index.listing import Filters, count_groups, list_topics
from healthtopics.website.frame import Frame
from healthtopics.website.paging import ListPart

SIZE: Final = 50
"""The most topics of a page."""


def render_groups(frame: Frame) -> bytes | None:
    """Return the list of groups, or a page of the topics of one; None if there is no such page."""
    groups = count_groups(frame.index, frame.language)
    if not frame.page.key:
        return frame.render("groups.html", groups=groups, group=None)
    group = next((each for each in groups if each.id == frame.page.key), None)
    if group is None:
        return None
    part = ListPart(frame, SIZE, group.editions)
    filters = Filters(language=frame.language, group=group.id)
    _, topics = list_topics(frame.index, filters, limit=SIZE, offset=part.offset)
    editions = [(each.id, each.editions[0]) for each in topics]
    return frame.render("groups.html", group=group, editions=editions, part=part) if part.exists else None
