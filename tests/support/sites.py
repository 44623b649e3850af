"""Where the pages for people are: at the addresses of a service, or in files."""

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

RIGHT_TO_LEFT: Final = "ar-XB"
"""A pseudo-language."""


@dataclass(frozen=True, slots=True)
class Site:
    """One place with all pages."""

    kind: Literal["service", "files"]
    root: str
    """What every address in it begins with."""

    def address(self, path: str) -> str:
        """Return the address of a page by its canonical one: `es/letters`, `es/search?q=tos`."""
        if self.kind == "service":
            return f"{self.root}/{path}"
        path, mark, query = path.partition("?")
        name = f"{path}.html" if "/" in path else f"{path}/index.html"
        return f"{self.root}/{quote(name)}{mark}{query}"
