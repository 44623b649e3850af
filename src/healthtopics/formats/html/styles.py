"""The style sheets of pages."""

from functools import cache
from importlib import resources


@cache
def colors() -> str:
    """Return the colors of all pages, light and dark."""
    return _file("colors.css")


@cache
def page_style() -> str:
    """Return the style of the page of a topic, with the colors."""
    return f"{colors()}\n{_file('style.css')}"


def _file(name: str) -> str:
    return (resources.files(__package__) / "templates" / name).read_text("utf-8").strip()
