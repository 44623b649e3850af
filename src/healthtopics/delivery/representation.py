"""What a route answers with: bytes, and everything that HTTP says about them to any client."""

from dataclasses import dataclass
from typing import Final

from healthtopics import jsontext
from healthtopics.delivery.message import Headers
from healthtopics.delivery.parts import JoinedSlices, MadeBytes

SHORT: Final = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
"""For what the next release may change."""
IMMUTABLE: Final = "public, max-age=31536000, immutable"
"""For what has its digest or the number of its release in its address."""
BRIEF: Final = "public, max-age=60"
"""For errors that the next release may resolve."""


def private_cache(method: str) -> str:
    """Return how long an answer that may concern a patient is kept: not at all if it was asked by POST."""
    return "no-store" if method == "POST" else "private, max-age=60"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a representation (RFC 8288)."""

    address: str
    rel: str = "alternate"
    media_type: str = ""
    """As offered: with `fhirVersion`."""
    language: str = ""

    def __str__(self) -> str:
        language = f'; hreflang="{self.language}"' if self.language else ""
        media_type = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{self.address}>; rel="{self.rel}"{language}{media_type}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """Bytes to be delivered with 200, 206 or 304."""

    content: bytes | str | JoinedSlices | MadeBytes
    """The bytes, the key under which the store has them, where their parts are in it, or what makes them."""
    length: int
    """In bytes."""
    sha256: str
    """Of the bytes; of parts, and of what is made, something that is another one for other bytes."""
    media_type: str
    """The Content-Type."""
    version: str = ""
    """The version of what is represented, for a weak ETag; if empty, the strong one is the digest."""
    modified: str = ""
    """Since when these bytes are at this address, an instant; empty if it is not known."""
    expires: str = ""
    """Until when what it names is there for certain, an instant; empty if that is not known."""
    cache: str = SHORT
    language: str = ""
    """Empty if it is in all languages or none; several are joined by `, `."""
    location: str = ""
    """The absolute path of this representation, if another one was requested."""
    vary: tuple[str, ...] = ()
    """The header fields that it was chosen by."""
    links: tuple[Link, ...] = ()
    policies: Headers = ()
    """What a browser lets the page do; if empty, what the pages of topics need."""


def computed(
    content: bytes, media_type: str, *, modified: str = "", language: str = "", cache: str = SHORT
) -> Representation:
    """Return the representation of bytes that were made for this request."""
    return Representation(
        content=content,
        length=len(content),
        sha256=jsontext.digest(content),
        media_type=media_type,
        modified=modified,
        language=language,
        cache=cache,
    )
