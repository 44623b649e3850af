"""Where a store has what: the keys of objects, of the files of a release, and of pointers."""

import re
from typing import Annotated, Final

import msgspec

# Addresses in a store are made of these; `schema/public/manifest.schema.json` says the same of them.
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""A SHA-256, 64 hex digits."""
INDEX: Final = "topics.json"
"""The artifact that lists all topics with the card of each edition."""

TOPICS_SQLITE: Final = "topics.sqlite"
"""The artifact that has everything in tables, for search and look-ups; it is made from all others."""
INDEXES: Final = (INDEX, TOPICS_SQLITE)
"""The artifacts that every copy has, whatever part of a release it holds."""

_PACKAGE: Final = re.compile(r".+/package-1\.([1-9][0-9]*)\.0\.tgz")


def package_name(folder: str, number: int | None = None) -> str:
    """Return the name of the package of a format: today's, or for good that of a release."""
    return f"{folder}/package-1.{number}.0.tgz" if number else f"{folder}/package.tgz"


def packaged_in(name: str) -> int | None:
    """Return the release that the name of a package is of for good; None for any other name."""
    found = _PACKAGE.fullmatch(name)
    return int(found[1]) if found else None


def object_key(name: str, sha256: str) -> str:
    """Return the key of an artifact's bytes; its suffix is that of the artifact's name."""
    suffix = name[name.rindex(".") :]
    return f"objects/sha256/{sha256[:2]}/{sha256}{suffix}"


def release_key(number: int, name: str = "") -> str:
    """Return a key in a release's folder: `releases/000042/manifest.json`."""
    return f"releases/{number:06d}/{name}"


# The number of digits is bounded because a key may come from a request.
_RELEASE: Final = re.compile(r"releases/([0-9]{6}|[1-9][0-9]{6,11})/(.+)")


def release_in(key: str) -> tuple[int, str] | None:
    """Return what `release_key` made a key of; None for any other key."""
    found = _RELEASE.fullmatch(key)
    return (int(found[1]), found[2]) if found else None


CURRENT: Final = "current/current.json"
"""The key of the pointer to the current release."""
POINTER: Final = "pointers/current.json"
"""The pointer to a release, in its folder."""
