"""What pages load: one style sheet, one script, one icon."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from healthtopics.jsontext import digest
from healthtopics.markup.look import common_style, icon

_TYPES: Final = {
    "style.css": "text/css; charset=utf-8",
    "search.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
ASSETS: Final = tuple(_TYPES)
"""The names of all assets."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages load."""

    name: str
    media_type: str
    content: bytes

    @property
    def address(self) -> str:
        """The name with the digest of the content: `style.0123456789abcdef.css`."""
        stem, _, suffix = self.name.rpartition(".")
        return f"{stem}.{digest(self.content)[:16]}.{suffix}"


@cache
def asset(name: str) -> Asset:
    """Return an asset; raises KeyError if there is none of this name."""
    media_type = _TYPES[name]
    if name == "icon.svg":
        return Asset(name, media_type, icon())
    content = (resources.files(__package__) / "static" / name).read_bytes()
    if name == "style.css":
        content = common_style().encode() + b"\n" + content
    return Asset(name, media_type, content)


def find_asset(address: str) -> Asset | None:
    """Return the asset at an address, if it is the one of today."""
    return next((each for each in map(asset, ASSETS) if each.address == address), None)
