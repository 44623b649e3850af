"""Compares everything in a store with its promises: objects, manifests, their chain, pointers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from healthtopics.copies import EVERYTHING
from healthtopics.errors import (
    DataError,
    HealthTopicsError,
    IntegrityError,
    JsonTextError,
    NoCurrentReleaseError,
    ReleaseError,
)
from healthtopics.jsontext import digest, parse
from healthtopics.problems import Problem
from healthtopics.release import (
    CURRENT,
    POINTER,
    Opened,
    Promise,
    Store,
    check_promised,
    compare,
    damaged_siblings,
    numbers,
    objects_of,
    part_key,
    promise_in,
    read_manifest,
    read_parts,
    read_pointer,
    read_promised,
    release_in,
    release_key,
    select,
    selection_in,
    sequence_of,
)
from healthtopics.workers import Progress

DAMAGED_ARTIFACT = "artifact-damaged"
"""An object, or its compressed form, is missing or has other bytes."""
DAMAGED_RELEASE = "release-damaged"
"""What describes a release is missing or has other bytes."""
BROKEN_CHAIN = "release-chain"
"""A manifest is not the one that the release after it, or a pointer, names."""


@dataclass(slots=True)
class StoreReport:
    """What was found in a store."""

    releases: list[int] = field(default_factory=list)
    """The numbers of the releases that were read."""
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """The first and the last number of each row of releases that are not here; no fault."""
    unfinished: int | None = None
    """A release that has its number, but is not current yet: a publisher is at work, or was killed."""
    later: int | None = None
    """A release that was published meanwhile, and is not among those that were read."""
    objects: dict[str, Promise] = field(default_factory=dict)
    """The objects of these releases, by key."""
    damaged: dict[str, Problem] = field(default_factory=dict)
    """What is wrong, by the key of the file."""

    @property
    def problems(self) -> list[Problem]:
        """What is wrong."""
        return list(self.damaged.values())

    def add(self, error: IntegrityError, check: str = DAMAGED_ARTIFACT) -> None:
        """Record what differs from a promise."""
        self.find(check, error.key, f"expected {error.expected}, found {error.actual}.")

    def find(self, check: str, key: str, message: str) -> None:
        """Record a fault, unless the same file has one."""
        self.damaged.setdefault(key, Problem(check=check, path=key, message=message))


def verify_store(
    store: Store, only: int | None = None, progress: Progress = lambda _done, _total: None
) -> StoreReport:
    """Read every release, or only one, and every object of them once; report everything that is wrong.

    Releases that are not here, because they were pruned or because a copy skipped them, are gaps.
    """
    return _Verifying(store, progress).run(only)


@dataclass(slots=True)
class _Verifying:
    store: Store
    progress: Progress
    report: StoreReport = field(default_factory=StoreReport)

    def run(self, only: int | None) -> StoreReport:
        known = numbers(self.store)
        self.report.releases = known if only is None else [only]
        self.report.gaps = list(_gaps(known)) if only is None else []
        self.report.unfinished = self._unfinished(known)
        last: Opened | None = None
        for number in self.report.releases:
            last = self._check_release(number, known, last)
        if only is None:
            self._check_manifests(known)
            self._check_current(known)
        objects = self.report.objects
        for done, (key, promise) in enumerate(objects.items()):
            self.progress(done, len(objects))
            try:
                check_promised(self.store, key, promise)
            except IntegrityError as error:
                self.report.add(error)
            for sibling in damaged_siblings(self.store, key, promise):
                self.report.add(sibling)
        return self.report

    def _check_release(self, number: int, known: list[int], last: Opened | None) -> Opened | None:
        """Check what describes a release, and note its objects; `last` is the one before it, if it is here.

        Returns None if the release cannot be opened.
        """
        key = release_key(number, "manifest.json")
        changes = None
        if number != self.report.unfinished:  # else both are not there, or are written again
            changes = self._read(release_key(number, "changes.json"))
            self._check_pointer(number, changes)
        try:
            opened = self._open(number, key)
        except FileNotFoundError:  # removed in this moment
            self.report.find(DAMAGED_RELEASE, key, "it is missing.")
            return None
        except (ReleaseError, JsonTextError) as error:
            self.report.find(DAMAGED_RELEASE, key, _reason(error, key))
            return None
        manifest = opened.manifest
        self.report.objects |= objects_of(opened)
        if manifest.number != number:
            self.report.find(BROKEN_CHAIN, key, f"it says that it is release {manifest.number}.")
        elif (manifest.previous.number if manifest.previous else 0) != number - 1:
            self.report.find(BROKEN_CHAIN, key, "it does not follow the release with the number before.")
        elif manifest.previous and manifest.previous.number in known:
            before = release_key(manifest.previous.number, "manifest.json")
            if digest(self.store.read(before)) != manifest.previous.sha256:
                self.report.find(
                    BROKEN_CHAIN, before, f"it is not the manifest that release {number} follows."
                )
        if changes is not None:
            self._check_changes(opened, last, changes)
        return opened

    def _open(self, number: int, key: str) -> Opened:
        """Open a release as far as that is possible: a damaged part hides nothing in the others."""

        def read(promise: Promise) -> bytes:
            try:
                return read_promised(self.store, part_key(promise), promise)
            except IntegrityError as error:
                self.report.add(error)
                return b"{}"

        text = self.store.read(key)
        document = parse(text, key)
        manifest, parts = read_manifest(document, key, read), read_parts(document, key)
        selection = selection_in(self.store, number)
        return Opened(select(manifest, selection), text, digest(text), {}, selection, parts)

    def _check_pointer(self, number: int, changes: bytes | None) -> None:
        """Check the pointer in the folder of a release against the files that it leads to."""
        key = release_key(number, POINTER)
        data = self._read(key)
        if data is None:
            return
        try:
            pointer = parse(data, key)
            named, promise = promise_in(pointer)
            if named != number:
                self.report.find(BROKEN_CHAIN, key, f"it leads to release {named}.")
                return
            read_promised(self.store, release_key(number, "manifest.json"), promise)
            if changes is not None and digest(changes) != pointer["changes"]["sha256"]:
                self.report.find(
                    DAMAGED_RELEASE,
                    release_key(number, "changes.json"),
                    "its bytes are not those that the pointer names.",
                )
        except IntegrityError as error:
            self.report.add(error, DAMAGED_RELEASE)
        except (ReleaseError, JsonTextError) as error:
            self.report.find(DAMAGED_RELEASE, key, _reason(error, key))
        except (KeyError, TypeError):
            self.report.find(DAMAGED_RELEASE, key, "it names no changes.")

    def _check_changes(self, opened: Opened, last: Opened | None, changes: bytes) -> None:
        """Check that the list of changes is the difference of two manifests, where both are here whole."""
        manifest = opened.manifest
        key = release_key(manifest.number, "changes.json")
        try:
            listed = parse(changes, key)
        except JsonTextError as error:
            self.report.find(DAMAGED_RELEASE, key, _reason(error, key))
            return
        old = last.manifest if last and manifest.previous else None
        follows = manifest.previous.number if manifest.previous else None
        if follows != (old.number if old else None):
            return
        both = [opened, last] if last else [opened]
        if any(each.selection != EVERYTHING or not self._is_whole(each) for each in both):
            return
        if _changes_in(listed) != _changes_in(compare(manifest, old, {})):
            self.report.find(DAMAGED_RELEASE, key, "it does not list what changed between the two manifests.")

    def _is_whole(self, opened: Opened) -> bool:
        return self.report.damaged.keys().isdisjoint(map(part_key, opened.parts.values()))

    def _check_manifests(self, known: list[int]) -> None:
        """Report releases whose pointer is here without their manifest: prune removes both."""
        found = filter(None, map(release_in, self.store.keys("releases/")))
        for number in (number for number, name in found if name == POINTER):
            # After the last release it is what a rollback left that was killed before its release was made.
            if number not in known and (number < known[-1] or number == self._current_number()):
                self._read(release_key(number, "manifest.json"))  # it may have been published meanwhile

    def _unfinished(self, known: list[int]) -> int | None:
        """Return the last release if readers see the one before it, or none yet: so a publisher leaves them.

        The numbers were read before the pointer: none is taken for unfinished that was finished meanwhile.
        """
        *before, last = known
        try:
            current, _ = promise_in(read_pointer(self.store))
        except NoCurrentReleaseError:
            return None if before else last
        except (ReleaseError, JsonTextError):
            return None
        return last if current in before[-1:] else None

    def _current_number(self) -> int | None:
        try:
            return promise_in(read_pointer(self.store))[0]
        except (ReleaseError, JsonTextError):
            return None

    def _check_current(self, known: list[int]) -> None:
        """Check that the latest release is the current one, and that no other pointer seems newer."""
        try:
            pointer = read_pointer(self.store)
            current, _ = promise_in(pointer)
        except (ReleaseError, JsonTextError) as error:
            is_first = isinstance(error, NoCurrentReleaseError) and known == [self.report.unfinished]
            if not is_first and release_key(known[-1], POINTER) not in self.report.damaged:
                self.report.find(DAMAGED_RELEASE, CURRENT, _reason(error, CURRENT))
            return
        if current >= known[-1]:  # finished meanwhile
            self.report.unfinished = None
        if current > known[-1]:
            self.report.later = current
        elif (
            current != known[-1] != self.report.unfinished
            and release_key(current, "manifest.json") not in self.report.damaged
        ):
            self.report.find(
                DAMAGED_RELEASE, CURRENT, f"it leads to release {current}; the latest is {known[-1]}."
            )
        for number in known:
            key = release_key(number, POINTER)
            if number not in (current, self.report.unfinished) and key not in self.report.damaged:
                sequence = sequence_of(parse(self.store.read(key), key))
                if sequence >= sequence_of(pointer) > 0:
                    self.report.find(
                        BROKEN_CHAIN, key, f"its sequence, {sequence}, is not before the current."
                    )

    def _read(self, key: str) -> bytes | None:
        try:
            return self.store.read(key)
        except FileNotFoundError:
            self.report.find(DAMAGED_RELEASE, key, "it is missing.")
            return None


def _gaps(known: list[int]) -> Iterator[tuple[int, int]]:
    for before, number in zip([0, *known], known, strict=False):
        if number > before + 1:
            yield before + 1, number - 1


def _changes_in(document: Mapping[str, Any]) -> object:
    """Return what changed, without words for people; other than any difference if it is not one."""
    try:
        return {
            kind: {each["name"]: (each.get("sha256"), each.get("previousSha256")) for each in document[kind]}
            for kind in ("added", "changed", "removed")
        }
    except (KeyError, TypeError, AttributeError):
        return None


def _reason(error: HealthTopicsError, key: str) -> str:
    """Return what is wrong with a file; the report has its name and what to do."""
    if isinstance(error, NoCurrentReleaseError):
        return "it is missing."
    if isinstance(error, DataError):
        return error.problems[0].message
    return str(error).partition("\n")[0].removeprefix(f"{key}: ")
