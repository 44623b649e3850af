"""The answer to a knowledge request as values: HL7's knowledge response, an Atom feed (RFC 4287)."""

from dataclasses import dataclass
from typing import Final

SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
EXACT: Final = "exactMatch"
BROADER: Final = "broadMatch"
RELATED: Final = "relatedMatch"
"""Terms of SKOS: how the subject of an entry relates to the code or name that it answers."""


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the request that the feed or an entry answers."""

    scheme: str
    """The name of the parameter; SKOS for how an entry matches."""
    term: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A page for an entry: of the topic, or of its edition in another language."""

    href: str
    language: str
    title: str
    rel: str = "alternate"
    media_type: str = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A topic, or one section of it."""

    id: str
    """An IRI that never changes."""
    language: str
    title: str
    updated: str
    """The edition's date, an instant, UTC."""
    links: tuple[FeedLink, ...]
    """The first is that of the entry itself."""
    summary: str
    """HTML."""
    description: str = ""
    about: str = ""
    """HTML: what the page says about itself: dates, licence, disclaimer; empty without a page."""
    note: str = ""
    """Plain text: that it is not on exactly what was asked for; otherwise empty."""
    categories: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """All topics for a request."""

    id: str
    """The same for equal requests; it does not show what was asked for."""
    base: str
    """The base URL of the release, with a slash at the end."""
    language: str
    title: str
    subtitle: str
    updated: str
    """That of its latest entry; if there is none, the time of the release."""
    author: str
    author_uri: str
    categories: tuple[Category, ...]
    entries: tuple[FeedEntry, ...]
    elsewhere: tuple[FeedLink, ...] = ()
    """Pages on what was asked for that only other languages have; only the page links them, marked."""
