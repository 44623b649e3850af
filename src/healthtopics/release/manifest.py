"""What a release holds: one `Manifest` in memory, stored as a small root and parts that releases share."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeVar

import msgspec

from healthtopics.errors import ReleaseError
from healthtopics.jsontext import digest, dump, dump_line, parse
from healthtopics.problems import Problem
from healthtopics.release.keys import Digest, object_key

_T = TypeVar("_T")
MANIFEST_VERSION: Final = 2
"""Incremented when a reader of the old form could misunderstand the new one.

Version 1 was one file; it is still read.
"""
Name = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*\.[a-z]{1,9}\Z")
]
"""The name of an artifact, relative to the base URL: `fhir/r4/es/miscarriage.json`."""
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

    @classmethod
    def of_parts(cls, parts: Iterable[bytes]) -> "Promise":
        """Return what these bytes are, together."""
        hashed, length = sha256(), 0
        for part in parts:
            hashed.update(part)
            length += len(part)
        return cls(hashed.hexdigest(), length)


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
    """The name of a format, `index` or `package`."""
    inputs: str
    """The digest of everything that the artifact was made from, except the releases before: the same inputs
    give the same content."""

    @property
    def promise(self) -> Promise:
        """What the bytes must be."""
        return Promise(self.sha256, self.length)


class Held(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An edition that is held, so that readers do not get today's topic and catalogue."""

    topic: str
    language: str
    state: Literal["held", "withheld"] = "held"
    """Manifests of earlier software have another word for an edition that never was published."""
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
        return frozenset((each.topic, each.language) for each in self.held if each.as_of)

    def says_the_same(self, other: "Manifest | None") -> bool:
        """Return whether a release with this manifest would be the same to readers as the other."""
        return other is not None and self.substance() == other.substance()

    def substance(self) -> tuple[Any, ...]:
        """Return what a reader gets, without the time, the software and the inputs of the build; as JSON."""
        files = {name: (each.sha256, each.media_type) for name, each in self.files.items()}
        held = [(each.topic, each.language, each.as_of, dict(each.coverage)) for each in self.held]
        return self.base_url, self.languages, dict(self.coverage), held, files


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


def read_collection(
    document: Any,  # noqa: ANN401 - a JSON value
    path: str,
    read: Callable[[Promise], bytes],
) -> Mapping[str, Artifact]:
    """Return the artifacts of a manifest that span all topics, without reading the parts of topics.

    The arguments, and the errors, are those of `read_manifest`.
    """
    if _version_of(document, path) == 1:
        files = _converted(document, Manifest, path).files
        return {name: each for name, each in files.items() if part_of(name, each) == COLLECTION}
    promise = _converted(document, _Root, path).parts.get(COLLECTION)
    if promise is None:
        return {}
    key = part_key(promise)
    return _converted(parse(read(promise), key), _Part, key).files


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
    except msgspec.ValidationError:
        raise ReleaseError(f"{path}: this is not a manifest. The file is damaged, or was replaced.") from None


def promises_of(manifest: Manifest, parts: Mapping[str, Promise] = {}) -> dict[str, Promise]:
    """Return what a manifest promises of its artifacts, and of its parts, by key; names may share one."""
    promises = {part_key(each): each for each in parts.values()}
    return promises | {object_key(name, each.sha256): each.promise for name, each in manifest.files.items()}
