"""The colors of all pages."""

from functools import cache
from importlib import resources


@cache
def colors() -> str:
    """Return the colors of all pages, light and dark, as a style sheet."""
    return (resources.files(__package__) / "colors.css").read_text("utf-8").strip()
