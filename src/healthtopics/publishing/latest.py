"""The published release, for commands that compare with it and publish nothing."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from healthtopics.errors import NoCurrentReleaseError
from healthtopics.release import Manifest, Store, open_current, promise_in, read_pointer

if TYPE_CHECKING:
    from healthtopics.publishing.editions import Cards


@dataclass(frozen=True)
class LastRelease:
    """The published release; its cards are read when they are needed."""

    number: int
    sha256: str
    store: Store
    pinned: int | None = None
    """The number of the release that was gone back to; nothing new is published."""

    @cached_property
    def manifest(self) -> Manifest:
        """What it consists of."""
        return open_current(self.store).manifest

    @cached_property
    def cards(self) -> "Cards":
        """The cards of its editions."""
        from healthtopics.publishing.deciding import read_index  # noqa: PLC0415 - often nothing is compared

        return read_index(self.store, self.manifest.files).cards


def last_release(store: Store) -> LastRelease | None:
    """Return the published release; None if there is none."""
    try:
        pointer = read_pointer(store)
        number, promise = promise_in(pointer)
    except NoCurrentReleaseError:
        return None
    return LastRelease(number, promise.sha256, store, pointer.get("pinned"))
