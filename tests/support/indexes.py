"""Indexes of releases, to ask: that of the bundled topics, and small ones made from rows."""

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from healthtopics.index.opening import VERSION, TopicIndex
from healthtopics.index.rows import Release, Row
from healthtopics.index.writing import write_index
from healthtopics.publishing.building import build
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.indexing import index_rows, release_row
from healthtopics.publishing.values import Maker
from support import samples
from support.stores import MemoryStore

NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
RELEASE = Release(
    number=3,
    time="2026-11-30T06:00:00Z",
    base_url="https://topics.example.org",
    software="healthtopics 1",
    index_version=VERSION,
    languages='["en","es"]',
)


@cache
def bundled_store() -> tuple[MemoryStore, TopicIndex]:
    """Return a store with a release of the bundled topics in every format, and the index of it."""
    store = MemoryStore()
    maker = Maker(name="healthtopics test", digest="0" * 64)
    manifest = build(samples.files("html"), store, None, moment=Moment.at(NOW), maker=maker).manifest
    return store, written(release_row(manifest), index_rows(store, manifest))


def bundled_index() -> TopicIndex:
    """Return the index of a release of the bundled topics in every format."""
    return bundled_store()[1]


def written(release: Release = RELEASE, rows: Iterable[Row] = ()) -> TopicIndex:
    """Return an index of these rows, opened; its file goes when the process ends."""
    path = Path(_folder().name, f"{len(list(Path(_folder().name).iterdir()))}.sqlite")
    write_index(path, release, rows)
    return TopicIndex(path)


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
