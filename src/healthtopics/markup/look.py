"""What all pages look like: their colors, their header, their icon."""

from base64 import b64encode
from functools import cache
from importlib import resources


@cache
def common_style() -> str:
    """Return the part of the style sheet that all pages have: colors, light and dark, text, header."""
    folder = resources.files(__package__)
    return "\n".join((folder / name).read_text("utf-8").strip() for name in ("colors.css", "common.css"))


@cache
def icon() -> bytes:
    """Return the icon of all pages, in SVG."""
    return (resources.files(__package__) / "icon.svg").read_bytes()


@cache
def icon_in_page() -> str:
    """Return the icon as an address that has all of it: a page by itself asks no host for it."""
    return f"data:image/svg+xml;base64,{b64encode(icon()).decode()}"
