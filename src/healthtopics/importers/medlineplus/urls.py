"""MedlinePlus addresses → addresses that our schemas allow. Nothing is guessed."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_LONGEST = 2000
"""In characters, as in the topic schema."""
_ALLOWED = "!#$%&'()*+,-./:;=?@_~"
"""What the schemas allow in an address apart from letters and digits."""
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?")
_GOOD = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:/[!#-;=?-Z_a-z~]*)?")
"""An address that needs no change; nearly all of them."""
_IGNORED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\n\r]+")
"""What the URL standard removes before it parses an address (https://url.spec.whatwg.org/#url-parsing)."""


@dataclass(frozen=True, slots=True)
class RepairedUrl:
    """An absolute http(s) address that our schemas accept, and how it was changed."""

    url: str
    is_relative: bool = False
    """Whether it was relative, and has been made absolute against its page."""
    is_encoded: bool = False
    """Whether characters were percent-encoded, or white space at its ends removed."""


def repair_url(text: str, page: str = "") -> RepairedUrl | None:
    """Make an address absolute against `page`, and percent-encode what it must not contain.

    None if it cannot become an http(s) address of at most 2,000 characters without guessing.
    """
    if len(text) <= _LONGEST and _GOOD.fullmatch(text):
        return RepairedUrl(text)
    trimmed = _IGNORED.sub("", text)
    try:
        is_relative = bool(trimmed) and not urlsplit(trimmed).scheme
        absolute = urljoin(page, trimmed) if is_relative else trimmed
        parts = urlsplit(absolute)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or parts.port == 0:
            return None
        url = absolute
        if not host.isascii():
            if "@" in parts.netloc:
                return None
            host = host.encode("idna").decode("ascii")
            url = urlunsplit(parts._replace(netloc=host + (f":{parts.port}" if parts.port else "")))
    except ValueError:  # UnicodeError is one, too
        return None
    url = parts.scheme + quote(url[len(parts.scheme) :], safe=_ALLOWED)
    if not _HOST.fullmatch(host) or len(url) > _LONGEST:
        return None
    return RepairedUrl(url, is_relative, is_encoded=url != absolute or trimmed != text)
