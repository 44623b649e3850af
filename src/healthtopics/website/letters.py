"""Topics from A to Z, in pages: all of them, or those that begin with a letter."""

from itertools import groupby
from typing import Final

from healthtopics.index.listing import Filters, count_letters, list_topics
from healthtopics.index.titles import letter_of
from healthtopics.website.frame import Frame
from healthtopics.website.paging import ListPart

SIZE: Final = 100
"""The most topics of a page."""


def render_letters(frame: Frame) -> bytes | None:
    """Return a page of the list from A to Z; None if there is no such letter, or no such page."""
    letters = count_letters(frame.index, frame.language)
    letter = frame.page.key
    if letter and letter not in {each.letter for each in letters}:
        return None
    start = ListPart(frame, SIZE)
    filters = Filters(language=frame.language, letter=letter)
    total, topics = list_topics(frame.index, filters, limit=SIZE, offset=start.offset)
    part = ListPart(frame, SIZE, total)
    if not part.exists:
        return None
    titles = [(each.id, each.editions[0].title) for each in topics]
    lists = groupby(titles, lambda each: letter_of(each[1], frame.language))
    return frame.render(
        "letters.html", letters=letters, lists=[(each, list(own)) for each, own in lists], part=part
    )
