"""The front page of a language."""

from typing import Final

from healthtopics.index.listing import count_groups, count_letters, latest_editions
from healthtopics.website.frame import Frame

_LATEST: Final = 6
"""How many topics the front page shows as new."""


def render_front(frame: Frame) -> bytes:
    """Return the front page: what the site is for, search, and every way to a topic."""
    index, language = frame.index, frame.language
    return frame.render(
        "front.html",
        letters=count_letters(index, language),
        groups=count_groups(index, language),
        latest=latest_editions(index, language, limit=_LATEST),
    )
