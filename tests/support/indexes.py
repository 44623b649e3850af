"""Indexes of releases, to ask: that of the bundled topics, and small ones made from rows."""

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from healthtopics.index.opening import VERSION, TopicIndex
from healthtopics.index.rows import ReleaseRow, Row
from healthtopics.index.writing import write_index
from healthtopics.publishing.building import build
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.values import Maker
from healthtopics.release import TOPICS_SQLITE, Manifest, Store, read_artifact
from support import samples
from support.stores import MemoryStore

NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
RELEASE = ReleaseRow(
    number=3,
    time="2026-11-30T06:00:00Z",
    base_url="https://topics.example.org",
    software="healthtopics 1",
    index_version=VERSION,
    languages='["en","es"]',
    emergency_numbers='["911"]',
)


@cache
def bundled_release() -> tuple[MemoryStore, Manifest]:
    """Return a store with a release of the bundled topics in every format, and its manifest."""
    store = MemoryStore()
    maker = Maker(name="healthtopics test", digest="0" * 64)
    return store, build(samples.files(), store, None, moment=Moment.at(NOW), maker=maker).manifest


@cache
def bundled_index() -> TopicIndex:
    """Return the index of a release of the bundled topics in every format."""
    return index_of(*bundled_release())


def index_of(store: Store, manifest: Manifest) -> TopicIndex:
    """Return the index of a release, opened."""
    path = _new_path()
    path.write_bytes(read_artifact(store, TOPICS_SQLITE, manifest.files[TOPICS_SQLITE]))
    return TopicIndex(path)


def written(release: ReleaseRow = RELEASE, rows: Iterable[Row] = ()) -> TopicIndex:
    """Return an index of these rows, opened; its file goes when the process ends."""
    path = _new_path()
    write_index(path, release, rows)
    return TopicIndex(path)


def _new_path() -> Path:
    folder = Path(_folder().name)
    return folder / f"{len(list(folder.iterdir()))}.sqlite"


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
