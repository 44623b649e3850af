"""The style of the page of a topic."""

from functools import cache
from importlib import resources

from healthtopics.markup.look import common_style


@cache
def page_style() -> str:
    """Return the style sheet, with what all pages have."""
    own = (resources.files(__package__) / "templates" / "style.css").read_text("utf-8").strip()
    return f"{common_style()}\n{own}"
