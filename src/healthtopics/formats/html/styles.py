"""The style of the page of a topic."""

from functools import cache
from importlib import resources

from healthtopics.markup.colors import colors


@cache
def page_style() -> str:
    """Return the style sheet, with the colors."""
    own = (resources.files(__package__) / "templates" / "style.css").read_text("utf-8").strip()
    return f"{colors()}\n{own}"
