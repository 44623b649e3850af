"""The front page of a language."""

from healthtopics.index.listing import count_groups, count_letters, latest_editions
from healthtopics.website.frame import Frame

_LATEST = 6
"""How many topics the front page shows as new."""


def render_front(frame: Frame) -> bytes:
    """Return the front page: what the site is for, search, and every way to a topic."""
    language = frame.language
    return frame.render(
        "front.html",
        frame.words.name,
        letters=count_letters(frame.index, language),
        groups=count_groups(frame.index, language),
        latest=latest_editions(frame.index, language, limit=_LATEST),
    )
