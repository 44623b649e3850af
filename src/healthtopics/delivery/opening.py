"""Opens the current release of a store as a site. Of the manifest it needs little: the index has the rest."""

import re
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from healthtopics.delivery.site import Site
from healthtopics.errors import DataError, ReleaseError
from healthtopics.index.opening import TopicIndex
from healthtopics.jsontext import parse
from healthtopics.language import parse_language
from healthtopics.release import (
    CURRENT,
    TOPICS_SQLITE,
    Promise,
    Store,
    check_promised,
    object_key,
    part_key,
    promise_in,
    read_collection,
    read_promised,
    release_key,
    selection_in,
)

MOST_EARLIER: Final = 4
"""The most indexes of earlier releases that stay open, for lists that were begun on them."""


class ServedStore(Store, Protocol):
    """A store whose files are in a folder."""

    def path(self, key: str) -> Path:
        """Return where the bytes under a key are."""


def open_site(store: ServedStore, earlier: "EarlierIndexes | None" = None) -> Site:
    """Open the current release of a store; `earlier` may be that of the site before.

    Raises FileNotFoundError if there is none, IntegrityError if something is missing or damaged, ReleaseError
    if it is not a release, or has no index that this version of the software can read.
    """
    current = store.read(CURRENT)
    number, promise = promise_in(parse(current, CURRENT))
    # The key is composed, not taken from the pointer: no data leads out of the releases.
    key = release_key(number, "manifest.json")
    place, file = _find_index(store, key, read_promised(store, key, promise))
    selection = selection_in(store, number)
    if not selection.index:
        raise ReleaseError(
            f"{key}: this copy was pulled with --no-index, so there is no {TOPICS_SQLITE}, which answers are "
            "made from. Pull again with --everything, or with a selection without --no-index."
        )
    check_promised(store, place, file)
    find_earlier = (earlier or EarlierIndexes(store)).find
    index = TopicIndex(store.path(place), selection)
    site = Site(index, store, file, current, find_earlier)
    _check_release(site, number)
    return site


def _find_index(store: ServedStore, key: str, manifest: bytes) -> tuple[str, Promise]:
    """Return the key of the index of the release with this manifest, and what its bytes should be."""
    document = parse(manifest, key)
    shared = read_collection(document, key, lambda part: read_promised(store, part_key(part), part))
    artifact = shared.get(TOPICS_SQLITE)
    if artifact is None:
        raise ReleaseError(
            f"{key}: there is no {TOPICS_SQLITE}, which answers are made from. "
            "Publish with this version of healthtopics."
        )
    return object_key(TOPICS_SQLITE, artifact.sha256), artifact.promise


class EarlierIndexes:
    """The indexes of the earlier releases of a store, for lists that were begun on them. Threads share it.

    The last few stay open. The bytes of each are checked once, however often it is opened.
    """

    def __init__(self, store: ServedStore) -> None:
        """Open none yet."""
        self._store = store
        self._guard = Lock()
        self._open: OrderedDict[int, TopicIndex] = OrderedDict()
        self._opening: dict[int, Lock] = {}
        """By the number of a release that is there; not of those that somebody made up."""
        self._checked: set[str] = set()

    def find(self, number: int) -> TopicIndex | None:
        """Return the index of a release; None if it is not here, or cannot be used.

        Raises StorageError or UnusablePathError if the store cannot be read.
        """
        if found := self._kept(number):
            return found
        key = release_key(number, "manifest.json")
        try:
            place, promise = _find_index(self._store, key, self._store.read(key))
            with self._guard:
                opening = self._opening.setdefault(number, Lock())
            with opening:
                # Another thread may have opened it meanwhile.
                return self._kept(number) or self._keep(number, self._checked_index(number, place, promise))
        except (FileNotFoundError, ReleaseError, DataError):
            return None

    def _checked_index(self, number: int, place: str, promise: Promise) -> TopicIndex:
        if place not in self._checked:
            check_promised(self._store, place, promise)
            self._checked.add(place)
        return TopicIndex(self._store.path(place), selection_in(self._store, number))

    def _kept(self, number: int) -> TopicIndex | None:
        with self._guard:
            if number in self._open:
                self._open.move_to_end(number)
            return self._open.get(number)

    def _keep(self, number: int, index: TopicIndex) -> TopicIndex:
        """Keep an index open, and forget the one that was not used for longest: its last reader closes it."""
        with self._guard:
            self._open[number] = index
            if len(self._open) > MOST_EARLIER:
                self._open.popitem(last=False)
        return index


_URL = re.compile(r"https?://[!#-;=?-Z_a-z~]+")


def _check_release(site: Site, number: int) -> None:
    """Raise ReleaseError if the index says something that addresses and headers cannot be made of."""
    release = site.release
    try:
        for language in site.languages:
            parse_language(language)
        datetime.fromisoformat(release.time)
        is_usable = bool(_URL.fullmatch(release.base_url) and site.languages and site.host)
    except ValueError:
        is_usable = False
    if not is_usable or release.number != number:
        raise ReleaseError(f"{TOPICS_SQLITE}: this is not the index of release {number}.")
