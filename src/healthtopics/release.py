"""Releases as values: the manifest, the layout of a store, what changed, what is damaged.

A store holds, under the same keys on disk, over HTTP and as object names:

    objects/sha256/ab/abcdef….json       immutable bytes, named after their digest
    objects/sha256/cd/cdef01….json       immutable, too: the parts of manifests, which releases share
    releases/000042/manifest.json        immutable; creating it makes the release
    releases/000042/changes.json         immutable; against the release before
    releases/000042/pointers/…           small files with names that stay the same, rendered for this release
    current/…                            the pointers of the current release

No file system and no clock here; a `Store` is passed in.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from healthtopics.compression import CODINGS, ContentCoding
from healthtopics.copies import EVERYTHING, SELECTION, Selection, parse_selection
from healthtopics.errors import IntegrityError, JsonTextError, NoCurrentReleaseError, ReleaseError
from healthtopics.jsontext import digest, dump, dump_line, parse
from healthtopics.problems import Problem

_T = TypeVar("_T")
MANIFEST_VERSION: Final = 2
"""Incremented when a reader of the old form could misunderstand the new one.

Version 1 was one file; it is still read.
"""
# Addresses in a store are made of these; `schema/public/manifest.schema.json` says the same of them.
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""A SHA-256, 64 hex digits."""
Name = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*\.[a-z]{1,9}\Z")
]
"""The name of an artifact, relative to the base URL: `fhir/r4/es/miscarriage.json`."""
INDEX: Final = "topics.json"
"""The artifact that lists all topics with the card of each edition."""


class Store(Protocol):
    """Where releases are kept. Keys are relative paths with slashes."""

    def read(self, key: str) -> bytes:
        """Return the bytes; raises FileNotFoundError if there are none."""

    def length(self, key: str) -> int:
        """Return the number of bytes; raises FileNotFoundError if there are none, or only a link."""

    def create(self, key: str, data: bytes) -> bool:
        """Write bytes that must not exist yet, durably; return False, changing nothing, if they do."""

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        """Do what `create` does with bytes whose key is their digest; they are durable after `flush`."""

    def flush(self) -> None:
        """Return when everything written, by any process, would survive a power cut."""

    def replace(self, key: str, data: bytes) -> None:
        """Replace bytes, durably, in one step."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that start with the prefix, sorted."""

    def switch(self, number: int) -> None:
        """Make the release's pointers the current ones, in one step."""


SHARDS: Final = 64
"""Topics are divided among them; each has a part of the manifest and NDJSON files. Never changed."""
COLLECTION: Final = "collection"
"""The part of a manifest with the artifacts that span all topics."""
_OF_SHARD = re.compile(r"-([0-3][0-9a-f])\.ndjson\Z")
"""The end of the names of NDJSON files that hold the topics of a shard."""


def shard_of(topic: str) -> int:
    """Return the number of a topic's shard."""
    return int(digest(topic.encode())[:8], 16) % SHARDS


class Promise(msgspec.Struct, frozen=True):
    """What a manifest or a pointer promises of a file."""

    sha256: Digest
    length: Annotated[int, msgspec.Meta(ge=0)]
    """In bytes."""

    @classmethod
    def of(cls, data: bytes) -> "Promise":
        """Return what these bytes are."""
        return cls(digest(data), len(data))


class Artifact(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One file of a release, as its manifest describes it."""

    sha256: Digest
    """Of the bytes."""
    length: Annotated[int, msgspec.Meta(ge=0)]
    """In bytes."""
    media_type: str
    topic: str = ""
    """Empty if the artifact spans all topics."""
    language: str = ""
    """Empty if the artifact spans all languages."""
    format: str
    """The name of a format, or `index`."""
    inputs: str
    """The digest of everything that the artifact was made from, except the releases before: the same inputs
    give the same content."""


class Held(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An edition that is held back, so that readers do not get today's topic and catalogue."""

    topic: str
    language: str
    state: Literal["held", "withheld"]
    """Whether readers get an earlier edition instead, or nothing."""
    as_of: str | None
    """The date of the edition that readers get instead, an instant; None if there is none."""
    coverage: Mapping[str, int]
    problems: tuple[Problem, ...]
    """The reasons."""


class Previous(msgspec.Struct, frozen=True):
    """The release before."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    sha256: Digest
    """Of its manifest."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The content of a release. It is stored in parts, see `split`; of version 1, as it is here."""

    manifest_version: int = MANIFEST_VERSION
    number: Annotated[int, msgspec.Meta(ge=1)]
    previous: Previous | None
    """None for the first."""
    time: str
    """The time of publication, an instant, UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
    base_url: str
    software: str
    """Name and version of the software that built it."""
    languages: tuple[str, ...]
    coverage: Mapping[str, Mapping[str, Mapping[str, int]]]
    """Topic → language → counts of messages."""
    held: tuple[Held, ...]
    files: Mapping[Name, Artifact]
    """Artifact by name, names sorted."""

    @property
    def carried(self) -> frozenset[tuple[str, str]]:
        """(topic, language) of the editions that are those of an earlier release."""
        return frozenset((each.topic, each.language) for each in self.held if each.state == "held")

    def says_the_same(self, other: "Manifest | None") -> bool:
        """Return whether a release with this manifest would be the same to readers as the other."""
        return other is not None and _substance(self) == _substance(other)


PartId = Annotated[str, msgspec.Meta(pattern=rf"^({COLLECTION}|[0-3][0-9a-f])\Z")]
"""`collection`, or the number of a shard in two hex digits."""


class _Root(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A manifest without its parts; its JSON form is in `schema/public/manifest.schema.json`."""

    manifest_version: Literal[2]
    number: Annotated[int, msgspec.Meta(ge=1)]
    previous: Previous | None
    time: str
    base_url: str
    software: str
    languages: tuple[str, ...]
    parts: Mapping[PartId, Promise]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a manifest; its JSON form is in `schema/public/manifest-part.schema.json`."""

    coverage: dict[str, Mapping[str, Mapping[str, int]]] = msgspec.field(default_factory=dict)
    held: list[Held] = msgspec.field(default_factory=list)
    files: dict[Name, Artifact] = msgspec.field(default_factory=dict)


class Split(NamedTuple):
    """A manifest as it is stored."""

    text: bytes
    """`manifest.json`."""
    parts: Mapping[str, bytes]
    """By id; each is an object of the store."""


def split(manifest: Manifest) -> Split:
    """Split a manifest, so that releases share the parts in which nothing has changed.

    A part has the coverage, the held editions and the artifacts of the topics of one shard.
    """
    parts: defaultdict[str, _Part] = defaultdict(_Part)
    for name, artifact in manifest.files.items():
        parts[part_of(name, artifact)].files[name] = artifact
    for topic, coverage in sorted(manifest.coverage.items()):
        parts[_part_id(topic)].coverage[topic] = coverage
    for held in manifest.held:
        parts[_part_id(held.topic)].held.append(held)
    # On one line: parts are for programs, and most of what a pull reads is theirs.
    texts = {each: dump_line(msgspec.to_builtins(parts[each])) for each in sorted(parts)}
    root = _Root(
        manifest_version=MANIFEST_VERSION,
        parts={each: Promise.of(text) for each, text in texts.items()},
        **{name: getattr(manifest, name) for name in _SHARED},
    )
    return Split(dump(root), texts)


_SHARED: Final = tuple(name for name in _Root.__struct_fields__ if name not in ("manifest_version", "parts"))


def part_of(name: str, artifact: Artifact) -> str:
    """Return the id of the part of a manifest that an artifact is in."""
    if artifact.topic:
        return _part_id(artifact.topic)
    shard = _OF_SHARD.search(name)
    return shard[1] if shard else COLLECTION


def _part_id(topic: str) -> str:
    return f"{shard_of(topic):02x}"


def part_key(promise: Promise) -> str:
    """Return the key of a part of a manifest."""
    return object_key("part.json", promise.sha256)


def put_manifest_parts(store: Store, parts: Iterable[bytes]) -> None:
    """Store the parts of a manifest; they are durable once the store has been flushed."""
    for text in parts:
        put_parts(store, "part.json", (text,))


def read_parts(document: Any, path: str) -> Mapping[str, Promise]:  # noqa: ANN401 - a JSON value
    """Return what the parts of a manifest must be, by id; none for version 1. `path` names it in errors.

    Raises ReleaseError for a manifest of a later version, or if it is not a manifest.
    """
    return _converted(document, _Root, path).parts if _version_of(document, path) == MANIFEST_VERSION else {}


def read_manifest(document: Any, path: str, read: Callable[[Promise], bytes]) -> Manifest:  # noqa: ANN401 - a JSON value
    """Return the manifest; `path` names it in errors, and `read` returns a part of it.

    Raises ReleaseError for a manifest of a later version, or if it is not a manifest.
    """
    if _version_of(document, path) == 1:
        return _converted(document, Manifest, path)
    root = _converted(document, _Root, path)
    coverage: dict[str, Mapping[str, Mapping[str, int]]] = {}
    files: dict[str, Artifact] = {}
    held: list[Held] = []
    for part_id, promise in root.parts.items():
        key = part_key(promise)
        part = _converted(parse(read(promise), key), _Part, key)
        strange = [name for name, each in part.files.items() if part_of(name, each) != part_id]
        strange += [
            each
            for each in (*part.coverage, *(each.topic for each in part.held))
            if _part_id(each) != part_id
        ]
        if strange:
            raise ReleaseError(
                f"{key}: this is part {part_id} of a manifest, to which {strange[0]} does not belong."
            )
        coverage |= part.coverage
        files |= part.files
        held += part.held
    return Manifest(
        coverage=dict(sorted(coverage.items())),
        held=tuple(sorted(held, key=lambda each: each.topic)),
        files=dict(sorted(files.items())),
        **{name: getattr(root, name) for name in _SHARED},
    )


def _version_of(document: Any, path: str) -> int:  # noqa: ANN401 - a JSON value
    version = document.get("manifestVersion") if isinstance(document, dict) else None
    if isinstance(document, dict) and version not in (1, MANIFEST_VERSION):
        raise ReleaseError(
            f"{path}: manifest version {version!r} is not {MANIFEST_VERSION} or 1. "
            "Use a version of healthtopics that knows it."
        )
    return int(version or MANIFEST_VERSION)


def _converted(document: Any, type_: type[_T], path: str) -> _T:  # noqa: ANN401 - a JSON value
    try:
        return msgspec.convert(document, type_)
    except msgspec.ValidationError as error:
        raise ReleaseError(f"{path}: this is not a manifest: {error}.") from None


def _substance(manifest: Manifest) -> tuple[Any, ...]:
    """Return what a reader gets, without the time, the software and the inputs of the build."""
    files = {name: (each.sha256, each.media_type) for name, each in manifest.files.items()}
    held = [(each.topic, each.language, each.as_of, dict(each.coverage)) for each in manifest.held]
    return manifest.base_url, manifest.languages, dict(manifest.coverage), held, files


def object_key(name: str, sha256: str) -> str:
    """Return the key of an artifact's bytes; its suffix is that of the artifact's name."""
    suffix = name[name.rindex(".") :]
    return f"objects/sha256/{sha256[:2]}/{sha256}{suffix}"


def release_key(number: int, name: str = "") -> str:
    """Return a key in a release's folder: `releases/000042/manifest.json`."""
    return f"releases/{number:06d}/{name}"


CURRENT: Final = "current/current.json"
"""The key of the pointer to the current release."""
POINTER: Final = "pointers/current.json"
"""The pointer to a release, in its folder."""

_SHOWN: Final = 10
"""The most problems of a document that are shown, as only its author can fix them."""

_RELEASE = re.compile(r"releases/([0-9]{6,})/manifest\.json")


def numbers(store: Store) -> list[int]:
    """Return the numbers of all releases, ascending: those whose manifest exists."""
    found = (_RELEASE.fullmatch(key) for key in store.keys("releases/"))
    return sorted(int(match[1]) for match in found if match)


def compare(new: Manifest, old: Manifest | None, reasons: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """Return what a reader of the old release has to fetch and to forget: `changes.json`.

    `reasons` says by (topic, language) what was corrected in editions that have changed.
    """
    before, after = old.files if old else {}, new.files
    both = sorted(after.keys() & before.keys())
    changed = [name for name in both if before[name].sha256 != after[name].sha256]
    return {
        "number": new.number,
        "previous": old.number if old else None,
        "added": [_change(name, after[name], None) for name in sorted(after.keys() - before.keys())],
        "changed": [
            _change(
                name, after[name], before[name], reasons.get((after[name].topic, after[name].language), "")
            )
            for name in changed
        ],
        "removed": [_change(name, None, before[name]) for name in sorted(before.keys() - after.keys())],
    }


def _change(name: str, new: Artifact | None, old: Artifact | None, reason: str = "") -> dict[str, Any]:
    either = new or old
    members = {
        "name": name,
        "format": either and either.format,
        "topic": either and either.topic,
        "language": either and either.language,
        "sha256": new and new.sha256,
        "previousSha256": old and old.sha256,
        "reason": reason,
    }
    return {name: value for name, value in members.items() if value}


def instant(moment: datetime) -> str:
    """Return an aware moment as `YYYY-MM-DDTHH:MM:SSZ`, UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What a pointer says besides which release is current."""

    sequence: int
    """Grows by one with every pointer that is written. Readers order pointers by it, never by time."""
    now: datetime
    cadence_hours: int
    pinned: int | None = None
    """The number of the release that was gone back to, until publishing is resumed."""


def point_to(number: int, *, manifest: bytes, changes: bytes, confirmation: Confirmation) -> dict[str, Any]:
    """Return the pointer to a release, `current.json`; it expires after twice the cadence."""

    def promise(name: str, data: bytes) -> dict[str, Any]:
        return {"key": release_key(number, name), "sha256": digest(data), "length": len(data)}

    now = confirmation.now
    pointer = {
        "number": number,
        "sequence": confirmation.sequence,
        "manifest": promise("manifest.json", manifest),
        "changes": promise("changes.json", changes),
        "time": instant(now),
        "expires": instant(now + timedelta(hours=2 * confirmation.cadence_hours)),
    }
    return pointer if confirmation.pinned is None else {**pointer, "pinned": confirmation.pinned}


def sequence_of(pointer: Mapping[str, Any]) -> int:
    """Return the sequence number of a pointer; 0 for one of a version of the software that wrote none."""
    sequence = pointer.get("sequence", 0)
    return sequence if isinstance(sequence, int) else 0


_LEAP: Final = 1_000_000
"""More pointers than can have been written since the last one that can be read."""


def next_sequence(store: Store) -> int:
    """Return the sequence number of the next pointer: more than that of any pointer that readers have seen.

    It leaps where a pointer is damaged, as nobody knows its number any more.
    """
    # A switch that readers saw may be lost in a power cut, so the latest release counts, too.
    latest = (release_key(number, POINTER) for number in reversed(numbers(store)))
    known, step = 0, 1
    for key in (CURRENT, *latest):
        try:
            known = max(known, sequence_of(_read_pointer(store, key)))
        except FileNotFoundError:  # claimed, but not finished
            continue
        except (ReleaseError, JsonTextError):
            step = _LEAP
            continue
        if key != CURRENT:
            break
    return known + step


@dataclass(frozen=True, slots=True)
class Opened:
    """A release that has been found, its manifest checked against the pointer."""

    manifest: Manifest
    """In a copy of a part of the release, without the artifacts that the copy does not hold."""
    text: bytes
    """The manifest's own bytes."""
    sha256: str
    pointer: Mapping[str, Any]
    """`current.json`; empty for a release that is not the current one."""
    selection: Selection = EVERYTHING
    """The part of it that is here."""
    parts: Mapping[str, Promise] = field(default_factory=dict)
    """The parts of the manifest, by id; none for version 1."""


def open_current(store: Store) -> Opened:
    """Find the current release and check its manifest against the pointer.

    Raises NoCurrentReleaseError if nothing is published, IntegrityError if the manifest is missing or
    damaged, ReleaseError if the pointer is not valid.
    """
    pointer = read_pointer(store)
    number, sha256, length = promise_in(pointer)
    # The key is composed, not taken from the pointer: no data leads out of the releases.
    key = release_key(number, "manifest.json")
    text = read_promised(store, key, sha256=sha256, length=length)
    opened = _open(store, key, text, pointer)
    if opened.manifest.number != number:
        raise ReleaseError(f"{key} says that it is release {opened.manifest.number}.")
    return opened


def _open(store: Store, key: str, text: bytes, pointer: Mapping[str, Any]) -> Opened:
    document = parse(text, key)

    def read(promise: Promise) -> bytes:
        return read_promised(store, part_key(promise), sha256=promise.sha256, length=promise.length)

    manifest = read_manifest(document, key, read)
    selection = selection_in(store, manifest.number)
    parts = read_parts(document, key)
    return Opened(select(manifest, selection), text, digest(text), pointer, selection, parts)


def selection_in(store: Store, number: int) -> Selection:
    """Return the part of a release that a store holds; only copies hold less than everything."""
    key = release_key(number, SELECTION)
    try:
        return parse_selection(store.read(key), key)
    except FileNotFoundError:
        return EVERYTHING


def select(manifest: Manifest, selection: Selection) -> Manifest:
    """Return a manifest without the artifacts that are not selected; the index always is."""
    if selection == EVERYTHING:
        return manifest
    files = {
        name: each
        for name, each in manifest.files.items()
        if name == INDEX or selection.takes(name, format_=each.format, language=each.language)
    }
    return msgspec.structs.replace(manifest, files=files)


def read_pointer(store: Store) -> Mapping[str, Any]:
    """Return `current.json`; raises NoCurrentReleaseError if nothing is published."""
    try:
        pointer: Mapping[str, Any] = parse(store.read(CURRENT), CURRENT)
    except FileNotFoundError:
        raise NoCurrentReleaseError(CURRENT) from None
    return pointer


def _read_pointer(store: Store, key: str) -> Mapping[str, Any]:
    pointer: Mapping[str, Any] = parse(store.read(key), key)
    promise_in(pointer)
    return pointer


def promise_in(pointer: Mapping[str, Any]) -> tuple[int, str, int]:
    """Return the number of a pointer's release, and digest and length of its manifest.

    Raises ReleaseError if it is not a pointer to a release.
    """
    try:
        number, manifest = pointer["number"], pointer["manifest"]
        release_key(number)
        return number, manifest["sha256"], manifest["length"]
    except (KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{CURRENT} is not a pointer to a release: {error!r}.") from None


def open_release(store: Store, number: int) -> Opened:
    """Open any release by its number; raises ReleaseError if there is none."""
    key = release_key(number, "manifest.json")
    try:
        text = store.read(key)
    except FileNotFoundError:
        known = ", ".join(map(str, numbers(store))) or "none"
        raise ReleaseError(f"there is no release {number}. Known releases: {known}.") from None
    return _open(store, key, text, {})


def read_artifact(store: Store, name: str, artifact: Artifact) -> bytes:
    """Return the bytes of an artifact, checked; raises IntegrityError if they are missing or differ."""
    key = object_key(name, artifact.sha256)
    return read_promised(store, key, sha256=artifact.sha256, length=artifact.length)


def read_promised(store: Store, key: str, *, sha256: str, length: int) -> bytes:
    """Return what a manifest or pointer promises; raises IntegrityError if it is missing or differs."""
    try:
        data = store.read(key)
    except FileNotFoundError:
        raise IntegrityError(key, expected=f"{length} bytes", actual="nothing") from None
    check_bytes(key, data, sha256=sha256, length=length)
    return data


def put_parts(store: Store, name: str, parts: Iterable[bytes]) -> tuple[str, int]:
    """Store an artifact under its digest, replacing damaged bytes; return digest and length.

    The parts are read twice, so that those of an iterator are kept in memory. They are durable once the store
    has been flushed.
    """
    if isinstance(parts, Iterator):
        parts = tuple(parts)
    hashed, length = sha256(), 0
    for part in parts:
        hashed.update(part)
        length += len(part)
    key = object_key(name, hashed.hexdigest())
    # An existing object is not trusted: a power cut may have left it empty under its final name.
    if not store.stage(key, parts) and digest(store.read(key)) != hashed.hexdigest():
        store.replace(key, b"".join(parts))
    return hashed.hexdigest(), length


def objects_of(opened: Opened) -> dict[str, Promise]:
    """Return what a release promises of its objects, by key: the parts of its manifest, and its artifacts."""
    return {**{part_key(each): each for each in opened.parts.values()}, **promises_of(opened.manifest)}


def promises_of(manifest: Manifest) -> dict[str, Promise]:
    """Return what a manifest promises of its artifacts, by key; names may share one."""
    return {
        object_key(name, each.sha256): Promise(each.sha256, each.length)
        for name, each in manifest.files.items()
    }


def lacking(store: Store, objects: Mapping[str, Promise], flushed: Container[str]) -> list[str]:
    """Return the keys of objects that are missing or damaged in a store.

    The lengths of those that have reached the disk are enough; others are read, and their digests compared.
    """

    def is_intact(key: str, promise: Promise) -> bool:
        try:
            if store.length(key) != promise.length:
                return False
            if key not in flushed:
                read_promised(store, key, sha256=promise.sha256, length=promise.length)
        except (FileNotFoundError, IntegrityError):
            return False
        return True

    return [key for key, promise in objects.items() if not is_intact(key, promise)]


def verify(
    store: Store, opened: Opened, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> list[IntegrityError]:
    """Return what is damaged or missing in a release: every artifact is read and its digest compared."""
    found: list[IntegrityError] = []
    files = opened.manifest.files
    for done, (name, artifact) in enumerate(files.items()):
        progress(done, len(files))
        try:
            read_artifact(store, name, artifact)
        except IntegrityError as error:
            found.append(error)
        found += damaged_siblings(store, object_key(name, artifact.sha256), artifact)
    return found


def damaged_siblings(store: Store, key: str, promise: Promise | Artifact) -> Iterator[IntegrityError]:
    """Yield what is wrong with the compressed forms of an object; a missing one is not wrong."""
    for coding in CODINGS.values():
        try:
            data = store.read(key + coding.suffix)
        except FileNotFoundError:
            continue
        try:
            check_bytes(
                key, coding.unpack(data, promise.length), sha256=promise.sha256, length=promise.length
            )
        except (ValueError, IntegrityError):
            yield IntegrityError(
                key + coding.suffix, expected=f"{key} in {coding.name}", actual="other bytes"
            )


def has_sibling(store: Store, key: str, promise: Promise, coding: ContentCoding, *, check: bool) -> bool:
    """Return whether an object has a compressed form; with `check`, whether it is that of this object."""
    try:
        length = store.length(key + coding.suffix)
    except FileNotFoundError:
        return False
    if not check:
        return length > 0
    wrong = {error.key for error in damaged_siblings(store, key, promise)}
    return key + coding.suffix not in wrong


def refuse(problems: Sequence[Problem]) -> None:
    """Raise ReleaseError with the problems, if any, of data offered as part of a release."""
    if problems:
        more = f"\n… and {len(problems) - _SHOWN} more." if len(problems) > _SHOWN else ""
        raise ReleaseError("\n".join(map(str, problems[:_SHOWN])) + more)


def check_bytes(key: str, data: bytes, *, sha256: str, length: int) -> None:
    """Raise IntegrityError if bytes are not what a manifest or pointer promises."""
    if len(data) != length:
        raise IntegrityError(key, expected=f"{length} bytes", actual=f"{len(data)} bytes")
    if (actual := digest(data)) != sha256:
        raise IntegrityError(key, expected=f"SHA-256 {sha256}", actual=actual)
