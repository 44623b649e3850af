"""The pages of the site, and how their addresses are written."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol
from urllib.parse import quote, urlencode

from healthtopics.index.titles import OTHERS
from healthtopics.website.assets import asset

Kind = Literal["front", "letters", "groups", "new", "search", "about", "partners", "languages"]
"""The kinds of pages; each but the front page has its name in its address."""
RESERVED: Final = frozenset({"letters", "groups", "index", "new", "search", "about", "partners", "languages"})
"""Names that ids of topics cannot have: their addresses begin with a language, too. Among files, the front
page is `index`."""
_OTHERS: Final = "0"
"""Stands for the letter of titles that begin with none, which an address cannot have."""


class SitePage(NamedTuple):
    """A page of the site."""

    language: str
    kind: Kind = "front"
    key: str = ""
    """A letter, or the id of a group; empty for all of them."""
    number: int = 1
    """Of several pages with one list."""
    query: str = ""
    """What is searched for."""


class Addresses(Protocol):
    """Writes the addresses in one page: everything that a page leads to goes through it."""

    def page(self, page: SitePage) -> str:
        """Return the address of a page of the site."""

    def topic(self, language: str, topic: str) -> str:
        """Return the address of an edition."""

    def topics(self, language: str) -> str:
        """Return the address of any edition in a language, with `{topic}` for the id."""

    def asset(self, name: str) -> str:
        """Return the address of a style sheet, a script or an icon."""

    def finder(self, language: str) -> str:
        """Return the address of a script that finds topics, `find.js`; empty if the service does that."""

    def service(self, path: str) -> str:
        """Return the address of something else that the service has; empty if it cannot be reached."""


@dataclass(frozen=True, slots=True)
class ServedAddresses:
    """The addresses that the service answers, the same in every page: absolute paths."""

    prefix: str = ""
    """The path of the base URL, without slash at the end."""

    def page(self, page: SitePage) -> str:
        """Return the absolute path of a page."""
        return f"{self.prefix}/{path_of(page)}"

    def topic(self, language: str, topic: str) -> str:
        """Return the absolute path of an edition."""
        return f"{self.prefix}/{language}/{topic}"

    def topics(self, language: str) -> str:
        """Return the absolute path of any edition."""
        return f"{self.prefix}/{language}/{{topic}}"

    def asset(self, name: str) -> str:
        """Return the absolute path of an asset, which has its digest: what is there never changes."""
        return f"{self.prefix}/assets/{asset(name).address}"

    def finder(self, language: str) -> str:  # noqa: ARG002 - the protocol has it
        """Return nothing: the service searches."""
        return ""

    def service(self, path: str) -> str:
        """Return the absolute path."""
        return f"{self.prefix}/{path}"


def path_of(page: SitePage) -> str:
    """Return the canonical address of a page, relative to the base URL."""
    steps = [page.language]
    if page.kind != "front":
        steps.append(page.kind)
    if page.key:
        steps.append(_OTHERS if page.key == OTHERS else page.key)
    query = {"q": page.query, "page": page.number if page.number > 1 else ""}
    asked = urlencode({name: value for name, value in query.items() if value})
    return quote("/".join(steps)) + (f"?{asked}" if asked else "")


def letter_in(text: str) -> str:
    """Return the letter that an address names."""
    return OTHERS if text == _OTHERS else text.upper()
