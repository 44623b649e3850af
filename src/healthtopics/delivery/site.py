"""A release as the service sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from healthtopics.delivery.index import Index


class Objects(Protocol):
    """What the service needs of a store. Both raise FileNotFoundError if there is nothing under the key."""

    def read(self, key: str) -> bytes:
        """Return the bytes, as they are."""

    def length(self, key: str) -> int:
        """Return the number of bytes."""


@dataclass(frozen=True, eq=False)
class Site:
    """What answers are made from: the index of a release, and the store that it is in."""

    index: Index
    objects: Objects

    @property
    def prefix(self) -> str:
        """The path of the base URL, without slash at the end; usually empty."""
        return self.index.prefix

    @property
    def number(self) -> int:
        """The number of the release."""
        return self.index.manifest.number

    @property
    def time(self) -> str:
        """When the release was published, an instant."""
        return self.index.manifest.time

    @property
    def languages(self) -> Sequence[str]:
        """The languages of the release."""
        return self.index.manifest.languages

    def address(self, path: str) -> str:
        """Return the absolute path, percent-encoded, of a `path` relative to the base URL."""
        return self.index.address(path)

    def relative(self, path: str) -> str:
        """Return the path of a request relative to the base URL.

        A proxy in front may strip the path of the base URL or leave it.
        """
        root = f"{self.prefix}/"
        return path.removeprefix(root if path.startswith(root) else "/")
