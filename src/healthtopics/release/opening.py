"""Releases as they are found in a store, each checked against what pins it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from healthtopics.copies import EVERYTHING, SELECTION, Selection, parse_selection
from healthtopics.errors import IntegrityError, ReleaseError
from healthtopics.jsontext import digest, parse
from healthtopics.release.keys import INDEX, INDEXES, object_key, release_key
from healthtopics.release.manifest import (
    Artifact,
    Manifest,
    Promise,
    part_key,
    promises_of,
    read_manifest,
    read_parts,
)
from healthtopics.release.pointer import promise_in, read_pointer
from healthtopics.release.store import Store, check_promised, damaged_siblings, numbers, read_promised


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
    number, promise = promise_in(pointer)
    # The key is composed, not taken from the pointer: no data leads out of the releases.
    key = release_key(number, "manifest.json")
    text = read_promised(store, key, promise)
    opened = _open(store, key, text, pointer)
    if opened.manifest.number != number:
        raise ReleaseError(f"{key} says that it is release {opened.manifest.number}.")
    return opened


def _open(store: Store, key: str, text: bytes, pointer: Mapping[str, Any]) -> Opened:
    document = parse(text, key)

    def read(promise: Promise) -> bytes:
        return read_promised(store, part_key(promise), promise)

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
    """Return a manifest without the artifacts that are not selected; `topics.json` always is."""
    if selection == EVERYTHING:
        return manifest
    files = {name: each for name, each in manifest.files.items() if _is_selected(selection, name, each)}
    return msgspec.structs.replace(manifest, files=files)


def _is_selected(selection: Selection, name: str, artifact: Artifact) -> bool:
    if name in INDEXES:
        return name == INDEX or selection.index
    return selection.takes(name, format_=artifact.format, language=artifact.language)


def open_release(store: Store, number: int) -> Opened:
    """Open any release by its number; raises ReleaseError if there is none."""
    key = release_key(number, "manifest.json")
    try:
        text = store.read(key)
    except FileNotFoundError:
        known = ", ".join(map(str, numbers(store))) or "none"
        raise ReleaseError(f"there is no release {number}. Known releases: {known}.") from None
    return _open(store, key, text, {})


def objects_of(opened: Opened) -> dict[str, Promise]:
    """Return what a release promises of its objects, by key: the parts of its manifest, and its artifacts."""
    return promises_of(opened.manifest, opened.parts)


def verify(
    store: Store, opened: Opened, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> list[IntegrityError]:
    """Return what is damaged or missing in a release: every artifact is read and its digest compared."""
    found: list[IntegrityError] = []
    files = opened.manifest.files
    for done, (name, artifact) in enumerate(files.items()):
        progress(done, len(files))
        try:
            check_promised(store, object_key(name, artifact.sha256), artifact.promise)
        except IntegrityError as error:
            found.append(error)
        found += damaged_siblings(store, object_key(name, artifact.sha256), artifact.promise)
    return found
