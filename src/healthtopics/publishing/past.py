"""What the index of a release takes over from the releases before it: history, and rows that stay the same.

It is in the index of the release before. Where that has none, because older software made it, history is what
the releases say that are still in the store.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from healthtopics import jsontext
from healthtopics.errors import IntegrityError, JsonTextError
from healthtopics.formats.format import Format
from healthtopics.formats.table import find_format
from healthtopics.index import rows
from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import Row
from healthtopics.publishing.versions import NDJSON
from healthtopics.release import (
    TOPICS_SQLITE,
    Artifact,
    Store,
    open_release,
    read_artifact,
    release_key,
)

FileName = tuple[str, str]
"""The name of an artifact, and the digest of its bytes."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """What only the documents of an edition say."""

    created: str
    """The day on which it was first published, ISO; empty if they do not say."""
    rows: tuple[Row, ...] = ()
    """Its sections and links."""
    licence: str = ""
    """The address of its terms of use; empty if they do not say."""


class Past(Protocol):
    """What earlier releases give."""

    @property
    def earlier(self) -> Path | None:
        """The index of the release before, from which rows are taken over; None if there is none."""

    def releases(self) -> Iterable[rows.PastReleaseRow]:
        """Return the earlier releases."""

    def changes(self) -> Iterable[rows.ChangeRow]:
        """Return what changed in them."""

    def since(self, name: str, sha256: str) -> str:
        """Return the time since which an artifact has these bytes; empty if it had not."""

    def text(self, topic: str, language: str, files: Mapping[str, Artifact]) -> TextRow | None:
        """Return the text of an edition if it had exactly these artifacts; None if that is not known."""

    def whole(self) -> Mapping[FileName, int]:
        """Return the ids of the files of which all resources are known."""

    def files(self) -> Iterable[rows.FileRow]:
        """Return the files of earlier releases; `until` is empty for those that the last one has."""

    def former(self, ids: Mapping[int, int]) -> Iterable[rows.VersionRow | rows.CarriedFileRow]:
        """Return the versions of resources in files of earlier releases, by the ids that these get now."""

    def searched(self, digest: str) -> Mapping[int, tuple[int, int]]:
        """Return the files whose search rows are those of parameters with this digest, by id.

        With each come the number of its first resource and how many it has.
        """


@dataclass(frozen=True, slots=True)
class IndexedPast:
    """What the index of the release before says. Implements `Past`."""

    index: TopicIndex

    @property
    def earlier(self) -> Path:
        """The index."""
        return self.index.path

    def releases(self) -> Iterator[rows.PastReleaseRow]:
        """Return the releases that it knows, its own included."""
        return map(rows.PastReleaseRow._make, self.index.each("SELECT * FROM releases"))

    def changes(self) -> Iterator[rows.ChangeRow]:
        """Return what changed in them."""
        return map(rows.ChangeRow._make, self.index.each("SELECT * FROM changes"))

    def since(self, name: str, sha256: str) -> str:
        """Return the time since which an artifact has these bytes."""
        query = "SELECT since FROM artifacts WHERE name = ? AND sha256 = ?"
        return str(self.index.value(query, (name, sha256)) or "")

    def text(self, topic: str, language: str, files: Mapping[str, Artifact]) -> TextRow | None:
        """Return the text of an edition if all its artifacts are the same as in the release before."""
        own = topic, language
        known = self.index.rows("SELECT name, sha256 FROM artifacts WHERE topic = ? AND language = ?", own)
        if dict(known) != {name: each.sha256 for name, each in files.items()}:
            return None
        query = "SELECT created, licence FROM editions WHERE topic = ? AND language = ?"
        created, licence = self.index.row(query, own) or ("", "")
        return TextRow(created=created, rows=(rows.CarriedTextRow(*own),), licence=licence)

    def whole(self) -> Mapping[FileName, int]:
        """Return the files of the release before; of older ones not all resources are known."""
        query = """
            SELECT artifact, files.sha256, id FROM files
            JOIN artifacts ON artifacts.name = files.artifact AND artifacts.sha256 = files.sha256
        """
        return {(name, sha256): number for name, sha256, number in self.index.each(query)}

    def files(self) -> Iterator[rows.FileRow]:
        """Return all files that it knows."""
        return map(rows.FileRow._make, self.index.each("SELECT * FROM files"))

    def former(self, ids: Mapping[int, int]) -> Iterator[rows.CarriedFileRow]:
        """Return the files: the versions in them are taken over."""
        return (rows.CarriedFileRow(before, file, is_current=0) for before, file in ids.items())

    def searched(self, digest: str) -> Mapping[int, tuple[int, int]]:
        """Return the files whose resources can be searched in the same way."""
        if self.index.release.fhir_search != digest:
            return {}
        query = "SELECT file, min(number), count(*) FROM fhir_resources GROUP BY file"
        return {file: (first, count) for file, first, count in self.index.each(query)}


class StoredPast:
    """What the releases in a store say, which were made without an index. Implements `Past`."""

    earlier = None

    def __init__(self, store: Store, numbers: Iterable[int]) -> None:
        """Read the manifests of these releases, ascending, one after the other."""
        self._store = store
        self._releases: list[rows.PastReleaseRow] = []
        self._times: dict[FileName, str] = {}
        """Of the last release: since when its artifacts are what they are."""
        self._artifacts: dict[FileName, Artifact] = {}
        """All that resources are in."""
        self._ends: dict[FileName, str] = {}
        """The time of the first release without it, of each of those that the last release does not have."""
        for number in numbers:
            manifest = open_release(store, number).manifest
            self._releases.append(rows.PastReleaseRow(number, manifest.time))
            found = {(name, each.sha256): each for name, each in manifest.files.items()}
            self._ends = {
                each: self._ends.get(each, manifest.time) for each in self._artifacts if each not in found
            }
            self._times = {each: self._times.get(each, manifest.time) for each in found}
            self._artifacts |= {each: found[each] for each in found if resources_in(each[0], found[each])}

    def releases(self) -> Iterable[rows.PastReleaseRow]:
        """Return the releases."""
        return self._releases

    def changes(self) -> Iterator[rows.ChangeRow]:
        """Return what their lists of changes say."""
        for release in self._releases:
            key = release_key(release.number, "changes.json")
            try:
                yield from changes_in(jsontext.parse(self._store.read(key), key))
            except (FileNotFoundError, JsonTextError, LookupError, TypeError):  # `release verify` reports it
                continue

    def since(self, name: str, sha256: str) -> str:
        """Return the time since which an artifact has these bytes."""
        return self._times.get((name, sha256), "")

    def text(self, _topic: str, _language: str, _files: Mapping[str, Artifact]) -> TextRow | None:
        """Return None: documents must be read."""
        return None

    def whole(self) -> Mapping[FileName, int]:
        """Return none: the files of the new release must be intact, and are read by themselves."""
        return {}

    def files(self) -> Iterator[rows.FileRow]:
        """Return all files that resources are in."""
        for number, file in enumerate(self._artifacts):
            yield rows.FileRow(number, *file, self._ends.get(file, ""))

    def former(self, ids: Mapping[int, int]) -> Iterator[rows.VersionRow]:
        """Read these files; what is damaged is left out."""
        for before, ((name, _), artifact) in enumerate(self._artifacts.items()):
            if before not in ids:
                continue
            try:
                data = read_artifact(self._store, name, artifact)
            except IntegrityError:
                continue
            for each in read_versions(name, artifact, data, ids[before]):
                yield each._replace(is_current=0)

    def searched(self, _digest: str) -> Mapping[int, tuple[int, int]]:
        """Return none: documents must be read."""
        return {}


def changes_in(document: Mapping[str, Any]) -> Iterator[rows.ChangeRow]:
    """Yield what a list of changes says of topics, and of what spans them, each once."""
    found = {
        rows.ChangeRow(
            release=document["number"],
            topic=each.get("topic", ""),
            language=each.get("language", ""),
            format=each["format"],
            change=kind,
            reason=each.get("reason", ""),
        ): None
        for kind in ("added", "changed", "removed")
        for each in document[kind]
        if each["name"] != TOPICS_SQLITE
    }
    yield from found


def resources_in(name: str, artifact: Artifact) -> Format | None:
    """Return the format of the FHIR resources that are taken from an artifact; None if none are.

    Where there are NDJSON files, these have all resources except the documents of editions.
    """
    format_ = find_format(artifact.format)
    if format_ is None or not format_.fhir_version or not format_.versioning:
        return None
    is_taken = format_.bulk is None or name.endswith(NDJSON) or bool(artifact.language)
    return format_ if is_taken else None


def read_versions(name: str, artifact: Artifact, data: bytes, file: int) -> Iterator[rows.VersionRow]:
    """Yield the versions of the resources in an artifact, which is the file of that id."""
    format_ = resources_in(name, artifact)
    if format_ is None or format_.versioning is None:
        return
    is_listed, offset = name.endswith(NDJSON), 0
    for line in data.splitlines(keepends=True) if is_listed else [data]:
        resource = line.rstrip(b"\n") if is_listed else line
        for key, version in format_.versioning.read(resource):
            type_, _, id_ = key.partition("/")
            place = file, offset, len(resource)
            yield rows.VersionRow(format_.fhir_version, type_, id_, version.digest, version.since, *place, 1)
        offset += len(line)
