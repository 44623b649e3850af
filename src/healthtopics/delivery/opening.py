"""Opens the current release of a store as a site. Of the manifest it needs little: the index has the rest."""

import re
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, Protocol

from healthtopics.delivery.site import Site
from healthtopics.errors import HealthTopicsError, ReleaseError
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


def open_site(store: ServedStore) -> Site:
    """Open the current release of a store.

    Raises FileNotFoundError if there is none, IntegrityError if something is missing or damaged, ReleaseError
    if it is not a release, or has no index that this version of the software can read.
    """
    current = store.read(CURRENT)
    number, promise = promise_in(parse(current, CURRENT))
    # The key is composed, not taken from the pointer: no data leads out of the releases.
    key = release_key(number, "manifest.json")
    index, file = _open_index(store, key, read_promised(store, key, promise))
    earlier = lru_cache(maxsize=MOST_EARLIER)(partial(_open_earlier, store))
    site = Site(index, store, file, current, selection_in(store, number), earlier)
    _check_release(site, number)
    return site


def _open_index(store: ServedStore, key: str, manifest: bytes) -> tuple[TopicIndex, Promise]:
    """Return the index of the release with this manifest, and what its bytes are."""
    document = parse(manifest, key)
    shared = read_collection(document, key, lambda part: read_promised(store, part_key(part), part))
    artifact = shared.get(TOPICS_SQLITE)
    if artifact is None:
        raise ReleaseError(
            f"{key}: there is no {TOPICS_SQLITE}, which answers are made from. "
            "Publish with this version of healthtopics."
        )
    place = object_key(TOPICS_SQLITE, artifact.sha256)
    check_promised(store, place, artifact.promise)
    return TopicIndex(store.path(place)), artifact.promise


def _open_earlier(store: ServedStore, number: int) -> TopicIndex | None:
    """Return the index of a release of the store; None if it is not here, or cannot be used."""
    key = release_key(number, "manifest.json")
    try:
        index, _ = _open_index(store, key, store.read(key))
    except (FileNotFoundError, HealthTopicsError):
        return None
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
