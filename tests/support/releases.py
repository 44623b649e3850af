"""A small handmade release, and a store in memory to keep it in."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from msgspec.structs import replace

from healthtopics import jsontext
from healthtopics.delivery.site import Site
from healthtopics.index.opening import VERSION, TopicIndex
from healthtopics.index.rows import ArtifactRow, EditionRow, ReleaseRow, Row, TopicRow
from healthtopics.release import (
    CURRENT,
    INDEX,
    TOPICS_SQLITE,
    Artifact,
    Confirmation,
    Manifest,
    Objects,
    Opened,
    Previous,
    Promise,
    Store,
    compare,
    instant,
    numbers,
    open_current,
    open_release,
    point_to,
    put_manifest_parts,
    put_parts,
    read_artifact,
    release_key,
    split,
)
from support.indexes import written

BASE = "https://topics.example.org"
NOW = datetime(2026, 11, 20, 12, 30, 15, tzinfo=UTC)
LANGUAGES = ("en", "es")
TITLES: Mapping[str, Mapping[str, str]] = {
    "miscarriage": {"en": "Miscarriage", "es": "Aborto espontáneo"},
    "asthma": {"en": "Asthma", "es": "Asma"},
}
FORMATS = (
    ("fhir-r4", "fhir/r4", ".json", "application/fhir+json"),
    ("fhir-r5", "fhir/r5", ".json", "application/fhir+json"),
    ("schemaorg", "schemaorg", ".jsonld", "application/ld+json"),
)


class MemoryStore:
    """A store that implements `release.Store` in a dictionary."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.current: int | None = None

    def _place(self, key: str) -> str:
        if self.current is None or not key.startswith("current/"):
            return key
        return release_key(self.current, "pointers/" + key.removeprefix("current/"))

    def read(self, key: str) -> bytes:
        try:
            return self.files[self._place(key)]
        except KeyError:
            raise FileNotFoundError(key) from None

    def read_slice(self, key: str, offset: int, length: int) -> bytes:
        return self.read(key)[offset : offset + length]

    def parts(self, key: str) -> Iterator[bytes]:
        yield self.read(key)

    def path(self, key: str) -> Path:
        """Return a copy of the bytes on disk."""
        path = Path(_folder().name, uuid4().hex)
        with suppress(FileNotFoundError):
            path.write_bytes(self.read(key))
        return path

    def length(self, key: str) -> int:
        try:
            return len(self.files[self._place(key)])
        except KeyError:
            raise FileNotFoundError(key) from None

    def create(self, key: str, data: bytes) -> bool:
        return self.files.setdefault(key, data) is data

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        return self.create(key, b"".join(parts))

    def flush(self) -> None:
        pass

    def replace(self, key: str, data: bytes) -> None:
        self.files[key] = data

    def restage(self, key: str, parts: Iterable[bytes]) -> None:
        self.replace(key, b"".join(parts))

    def keys(self, prefix: str) -> Iterator[str]:
        yield from sorted(key for key in self.files if key.startswith(prefix))

    def switch(self, number: int) -> None:
        self.current = number


@cache
def _folder() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(ignore_cleanup_errors=True)


def publish(
    store: Store,
    titles: Mapping[str, Mapping[str, str]] = TITLES,
    *,
    now: datetime = NOW,
    base_url: str = BASE,
    formats: Iterable[tuple[str, str, str, str]] = FORMATS,
    is_indexed: bool = False,
) -> Opened:
    """Publish a release with an artifact for each topic, language and format, and make it current.

    The service needs one that `is_indexed`.
    """
    known = numbers(store)
    previous = open_release(store, known[-1]) if known else None
    number = known[-1] + 1 if known else 1
    files: dict[str, Artifact] = {}

    def put(
        name: str, document: object, media_type: str, format_: str, topic: str = "", language: str = ""
    ) -> None:
        data = jsontext.dump(document)
        files[name] = Artifact(
            sha256=put_object(store, name, data),
            length=len(data),
            media_type=media_type,
            inputs=jsontext.digest(b"all that it was made from"),
            format=format_,
            topic=topic,
            language=language,
        )

    for topic, by_language in titles.items():
        for language, title in by_language.items():
            for format_, folder, suffix, media_type in formats:
                composition = {"resourceType": "Composition", "id": f"{topic}-{language}", "title": title}
                document: dict[str, object] = {"format": format_, "language": language, "title": title}
                if folder.startswith("fhir/"):
                    document["entry"] = [{"resource": composition}]
                put(f"{folder}/{language}/{topic}{suffix}", document, media_type, format_, topic, language)
        # A companion belongs to a topic and to no language.
        put(f"fhir/r4/List/{topic}-links.json", {"list": topic}, "application/fhir+json", "fhir-r4", topic)
    put("fhir/r4/CodeSystem/aspect.json", {"resourceType": "CodeSystem"}, "application/fhir+json", "fhir-r4")
    put(
        "fhir/r4/ndjson/CodeSystem.ndjson",
        {"resourceType": "CodeSystem"},
        "application/fhir+ndjson",
        "fhir-r4",
    )
    cards = [
        {
            "id": topic,
            "editions": [
                {"topic": topic, "language": language, "title": title, "description": f"<{title}>"}
                for language, title in by_language.items()
            ],
        }
        for topic, by_language in titles.items()
    ]
    put("topics.json", {"topics": cards}, "application/json", "index")
    manifest = Manifest(
        number=number,
        previous=Previous(previous.manifest.number, previous.sha256) if previous else None,
        time=instant(now),
        base_url=base_url,
        software="tests",
        languages=tuple(dict.fromkeys((*LANGUAGES, *(tag for each in titles.values() for tag in each)))),
        coverage={},
        held=(),
        files=dict(sorted(files.items())),
    )
    return claim(store, manifest, now=now, is_indexed=is_indexed)


publish_indexed = partial(publish, is_indexed=True)
"""Publishes a release that the service can serve."""


def write_manifest(store: Store, manifest: Manifest) -> bytes:
    """Write a manifest of any version, and return the bytes of `manifest.json`."""
    stored = split(manifest)
    if manifest.manifest_version == 1:
        stored = stored._replace(text=jsontext.dump(manifest), parts={})
    put_manifest_parts(store, stored.parts.values())
    store.replace(release_key(manifest.number, "manifest.json"), stored.text)
    return stored.text


def confirm(sequence: int, now: datetime = NOW) -> Confirmation:
    return Confirmation(sequence=sequence, now=now, cadence_hours=24)


def put_object(store: Store, name: str, data: bytes) -> str:
    """Store an artifact's bytes and return their digest."""
    return put_parts(store, name, (data,))[0]


def claim(store: Store, manifest: Manifest, *, now: datetime = NOW, is_indexed: bool = False) -> Opened:
    """Write a manifest as a release, with its changes and pointer, and make it current."""
    number = manifest.number
    if is_indexed:
        manifest = _indexed(store, manifest)
    text = write_manifest(store, manifest)
    earlier = [each for each in numbers(store) if each < number]
    old = open_release(store, earlier[-1]).manifest if earlier else None
    changes = jsontext.dump(compare(manifest, old, {}))
    store.replace(release_key(number, "changes.json"), changes)
    pointer = point_to(number, manifest=text, changes=changes, confirmation=confirm(number, now))
    store.replace(release_key(number, "pointers/current.json"), jsontext.dump(pointer))
    store.switch(number)
    # Not opened: a test may claim what no reader would.
    parts = {name: Promise.of(data) for name, data in split(manifest).parts.items()}
    known = parts if manifest.manifest_version > 1 else {}
    return Opened(manifest, text, jsontext.digest(text), pointer, parts=known)


def _indexed(store: Store, manifest: Manifest) -> Manifest:
    """Return the manifest with an index of its topics, for the service."""
    data = _index_bytes(_release_row(manifest), tuple(_rows_of(store, manifest)))
    artifact = Artifact(
        sha256=put_object(store, TOPICS_SQLITE, data),
        length=len(data),
        media_type="application/vnd.sqlite3",
        inputs=jsontext.digest(b"all artifacts"),
        format="index",
    )
    return replace(manifest, files=dict(sorted({**manifest.files, TOPICS_SQLITE: artifact}.items())))


def _release_row(manifest: Manifest) -> ReleaseRow:
    languages = jsontext.canonical(manifest.languages).decode()
    return ReleaseRow(
        manifest.number, manifest.time, manifest.base_url, manifest.software, VERSION, languages
    )


@lru_cache(maxsize=8)
def _index_bytes(release: ReleaseRow, rows: tuple[Row, ...]) -> bytes:
    return written(release, rows).path.read_bytes()


def site_of(store: Store, objects: Objects | None = None, rows: Iterable[Row] = ()) -> Site:
    """Return the store's current release as the service sees it.

    `objects` replaces the store, and `rows` are added to the index.
    """
    opened = open_current(store)
    manifest = opened.manifest
    whole = written(_release_row(manifest), [*_rows_of(store, manifest), *rows])
    index = TopicIndex(whole.path, opened.selection)
    return Site(
        index,
        objects or store,
        Promise.of(index.path.read_bytes()),
        store.read(CURRENT),
    )


def _rows_of(store: Store, manifest: Manifest) -> Iterator[Row]:
    """Yield the rows that negotiation needs."""
    topics = jsontext.load(read_artifact(store, INDEX, manifest.files[INDEX]))["topics"]
    for topic in topics:
        yield TopicRow(topic["id"], "condition")
        for card in topic["editions"]:
            known = {
                "page": f"{manifest.base_url}/{card['language']}/{topic['id']}",
                "letter": card["title"][:1].upper(),
                "sort": card["title"].lower(),
                "state": "complete",
                "since": manifest.time,
            }
            blank = dict.fromkeys(EditionRow._fields, "")
            yield EditionRow(
                **{**blank, **known, **{name: card[name] for name in blank.keys() & card.keys()}}
            )
    for name, each in manifest.files.items():
        if name == TOPICS_SQLITE:
            continue
        promise = (each.sha256, each.length, each.media_type)
        yield ArtifactRow(name, *promise, each.topic, each.language, each.format, manifest.time)
