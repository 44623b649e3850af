"""A partner's side: bring the current release of a service, or of a static host, into a local store.

What describes the release comes first, and is judged before anything is written. Then the objects, each
checked against the manifest before it is stored. When all of them have reached the disk, the manifest, the
pointers and, last of all, the switch. If anything fails, the earlier release stays current, and the next pull
reuses what has arrived.

Nothing is believed because it exists. Objects of the release that is current here reached the disk before it
became current: each pull checks their lengths, and with `verify` their digests. Any other object in place
is compared by its digest. Damaged ones are fetched again.

Files keep their content-addressed places. Their names are looked up in the manifest:

    release = open_current(store)
    data = read_artifact(store, name, release.manifest.files[name])
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from healthtopics.copies import COPY, EVERYTHING, SELECTION, Copy, Selection, parse_copy
from healthtopics.errors import (
    HealthTopicsError,
    IntegrityError,
    JsonTextError,
    NothingSelectedError,
    ReleaseError,
)
from healthtopics.jsontext import digest, dump, parse
from healthtopics.network.fetching import OVERALL_TIMEOUT, Fetcher
from healthtopics.network.receiving import MOST_BYTES, MOST_STREAMED, Receiver
from healthtopics.publishing.precompressing import precompress
from healthtopics.release import (
    CURRENT,
    INDEX,
    INDEXES,
    POINTER,
    TOPICS_SQLITE,
    Manifest,
    Promise,
    Store,
    lacking,
    numbers,
    object_key,
    part_key,
    promises_of,
    put_manifest_parts,
    read_manifest,
    read_parts,
    read_promised,
    refuse,
    release_key,
    select,
    selection_in,
    sequence_of,
)
from healthtopics.validation.public import check_manifest, check_manifest_part, check_public
from healthtopics.workers import Progress

_MOST_POINTER_BYTES: Final = 64 * 2**10


@dataclass(frozen=True, slots=True, kw_only=True)
class PullResult:
    """The result of a pull."""

    number: int
    """The number of the release that is current now."""
    expires: str
    """The instant when the release expires."""
    sequence: int = field(default=0, compare=False)
    """That of the pointer."""
    manifest: str = field(default="", compare=False)
    """The digest of the manifest."""
    fetched: int = 0
    """The number of objects that came over the network."""
    reused: int = 0
    """The number of objects that were present and intact."""
    bytes: int = 0
    """The length of the objects fetched."""
    repaired: int = 0
    """The number of files that were damaged or missing here, and were fetched again."""
    unchanged: bool = False
    """True if the release was current already."""


def pull(  # noqa: PLR0913 - most are options of the command
    client: httpx.Client,
    url: str,
    store: Store,
    *,
    selection: Selection | None = None,
    verify: bool = False,
    compress: bool = False,
    timeout: float = OVERALL_TIMEOUT,
    hold: Callable[[], AbstractContextManager[object]] = nullcontext,
    accept: Callable[[Manifest], object] = lambda _manifest: None,
    progress: Progress = lambda _done, _total: None,
) -> PullResult:
    """Bring the current release at `url` into the store and make it current there.

    `selection` is the part that is wanted; None for that of the last pull, at first everything. With
    `verify`, every object of it that is here already is read and its digest compared. With `compress`, this
    pull and later ones make compressed forms of the objects. `timeout` is in seconds, for everything. `hold`
    keeps other writers out of the store (`CopyStore.locked`); it is entered once the other side has offered a
    release that is what it says. `accept` raises what the caller has against that release.

    Raises NetworkError if the other side cannot be reached, fails or is too slow; IntegrityError for bytes
    that do not match their digest or length; ReleaseError for what is not a release, and for a release or a
    pointer that is older than the one in the store.
    """
    with Fetcher(client, url, timeout) as fetcher:
        receiver = Receiver(fetcher, store, verify, progress)
        return _Pull(fetcher, store, receiver, selection, verify, compress, hold, accept, progress).run()


@dataclass(frozen=True, slots=True)
class _Pointer:
    number: int
    sequence: int
    """0 for a pointer of older software, which wrote none."""
    manifest: Promise
    changes: Promise
    expires: str
    data: bytes
    """The pointer's own bytes."""

    @property
    def order(self) -> tuple[int, int]:
        """Its place among its publisher's pointers; times say nothing, as a clock may have been wrong."""
        return self.sequence, self.number


@dataclass(frozen=True, slots=True)
class _Offer:
    """A release of the other side, judged: it could be opened."""

    pointer: _Pointer
    manifest: Manifest
    text: bytes
    """The manifest's own bytes."""
    changes: bytes


def _continues(manifest: Manifest, here: _Pointer | None) -> bool:
    """Return whether a release names the one that is here as the one before it: its publisher is the same.

    Its address may be another one, as a trial may move.
    """
    before = manifest.previous
    return bool(here and before and (before.number, before.sha256) == (here.number, here.manifest.sha256))


@dataclass(frozen=True, slots=True)
class _Pull:
    fetcher: Fetcher
    store: Store
    receiver: Receiver
    selection: Selection | None
    verify: bool
    compress: bool
    hold: Callable[[], AbstractContextManager[object]]
    accept: Callable[[Manifest], object]
    progress: Progress
    parts: dict[Promise, bytes] = field(default_factory=dict)
    """Parts of manifests that were fetched before anything was written."""

    @property
    def base(self) -> str:
        return self.fetcher.base

    def run(self) -> PullResult:
        here = self._pointer_here()
        there = self._pointer_there(here)
        self._refuse_older(here, there)
        offer = self._judge(there) if here is None or there.number > here.number else None
        with self.hold():
            here = self._pointer_here()
            self._refuse_older(here, there)
            if offer is None or (here is not None and there.number == here.number):
                return self._renew(here or there, there)
            return self._bring(offer, here)

    def _pointer_here(self) -> _Pointer | None:
        """Return the pointer of the copy; None if there is none, or if it is damaged."""
        try:
            return _parse_pointer(self.store.read(CURRENT), CURRENT)
        except (FileNotFoundError, ReleaseError):
            return None

    def _pointer_there(self, here: _Pointer | None) -> _Pointer:
        # Our own service uses the digest as entity tag; elsewhere the condition is simply never met.
        known = {"If-None-Match": f'"{digest(here.data)}"'} if here else {}
        for key in (CURRENT, "current.json"):
            status, data = self.fetcher.get(key, _MOST_POINTER_BYTES, known)
            if here is not None and status == httpx.codes.NOT_MODIFIED:
                return here
            if status == httpx.codes.OK:
                return _parse_pointer(data, f"{self.base}/{key}")
        raise ReleaseError(f"{self.base}/{CURRENT}: there is no release. Is the address right?")

    def _judge(self, there: _Pointer) -> _Offer:
        """Fetch what describes a release; raises ReleaseError if the service could not open it."""
        manifest, text = self._manifest(there)
        self.accept(manifest)
        self._check_selection(manifest)
        index = manifest.files[INDEX]
        topics = self._read_ahead(object_key(INDEX, index.sha256), index.promise)
        try:
            _titles_in(parse(topics, INDEX))
        except (HealthTopicsError, LookupError, TypeError, AttributeError, ValueError):
            raise ReleaseError(
                f"{self.base}: release {there.number} is not taken over, as no service could open it. "
                f"Its {INDEX} is not an index of topics."
            ) from None
        return _Offer(there, manifest, text, self._changes(there))

    def _read_ahead(self, key: str, promise: Promise) -> bytes:
        """Return an object of this side, or else of the other side, without storing it yet."""
        try:
            return read_promised(self.store, key, promise)
        except IntegrityError:
            data = self.receiver.read_ahead[key] = self.receiver.get_promised(key, promise)
            return data

    def _manifest(self, there: _Pointer) -> tuple[Manifest, bytes]:
        key = release_key(there.number, "manifest.json")
        text = self.receiver.get_promised(key, there.manifest)
        manifest = self._read_manifest(text, f"{self.base}/{key}")
        if manifest.number != there.number:
            raise ReleaseError(f"{self.base}/{key}: says that it is release {manifest.number}.")
        if INDEX not in manifest.files:
            raise ReleaseError(f"{self.base}/{key}: has no {INDEX}, so nobody could open the release.")
        return manifest, text

    def _read_manifest(self, text: bytes, where: str) -> Manifest:
        """Return a manifest of the other side; parts that are not here are fetched, but not stored yet."""
        document = _parse_manifest(text, where)
        parts = read_parts(document, where).values()
        _check_length(sum(promise.length for promise in parts), f"{where}: its parts")
        for promise in parts:
            key = part_key(promise)
            if not self._is_intact(key, promise):
                data = self.parts[promise] = self.receiver.get_promised(key, promise)
                refuse(check_manifest_part(_parse_json(data, f"{self.base}/{key}"), f"{self.base}/{key}"))
        manifest = read_manifest(document, where, self._part)
        for name, artifact in manifest.files.items():
            most = MOST_STREAMED if name == TOPICS_SQLITE else MOST_BYTES
            _check_length(artifact.length, f"{where}: {name}", most)
        return manifest

    def _part(self, promise: Promise) -> bytes:
        if promise in self.parts:
            return self.parts[promise]
        return read_promised(self.store, part_key(promise), promise)

    def _changes(self, there: _Pointer) -> bytes:
        key = release_key(there.number, "changes.json")
        data = self.receiver.get_promised(key, there.changes)
        document = _parse("changes", data, f"{self.base}/{key}")
        if document["number"] != there.number:
            raise ReleaseError(f"{self.base}/{key}: tells the changes of release {document['number']}.")
        return data

    def _bring(self, offer: _Offer, here: _Pointer | None) -> PullResult:
        """Make the release that is offered the current one."""
        old = self._manifest_here(here) if here else None
        self._refuse_other(offer, here, old)
        recorded = self._recorded(here)
        wanted = self._wanted(recorded)
        flushed = select(old, recorded) if here and old and self._has_reached_disk(here) else None
        self._note(flushed=here.manifest.sha256 if here and flushed else "")
        completed = self.receiver.complete(select(offer.manifest, wanted), flushed)
        put_manifest_parts(self.store, self.parts.values())
        self._precompress(select(offer.manifest, wanted), offer.text)
        # Until here nothing refers to the new objects. From here on they are relied on.
        self.store.flush()
        number = offer.pointer.number
        self.store.replace(release_key(number, "changes.json"), offer.changes)
        self._select(number, wanted)
        self.store.replace(release_key(number, "manifest.json"), offer.text)
        self.store.replace(release_key(number, POINTER), offer.pointer.data)
        self._note(flushed=offer.pointer.manifest.sha256)
        self.store.switch(number)
        return PullResult(
            number=number,
            expires=offer.pointer.expires,
            sequence=offer.pointer.sequence,
            manifest=offer.pointer.manifest.sha256,
            fetched=completed.fetched,
            reused=completed.reused,
            bytes=completed.bytes,
        )

    def _refuse_other(self, offer: _Offer, here: _Pointer | None, old: Manifest | None) -> None:
        """Raise ReleaseError for a release that does not continue what is here."""
        number, manifest = offer.pointer.number, offer.manifest
        if old is not None and old.base_url != manifest.base_url and not _continues(manifest, here):
            raise ReleaseError(
                f"{self.base} publishes {manifest.base_url}, but this folder holds {old.base_url}, and "
                f"release {number} does not follow on what is here. Use another folder. If it is the same "
                "publisher, whose trial has another address now, then remove this one."
            )
        if here is not None and manifest.previous is not None:
            previous, sha256 = manifest.previous.number, manifest.previous.sha256
            if previous == here.number and sha256 != here.manifest.sha256:
                raise self._forked(previous)
        if self._holds_other(offer):
            raise self._forked(number)

    def _holds_other(self, offer: _Offer) -> bool:
        """Return whether another release of this number is here; damaged bytes are not one."""
        key = release_key(offer.pointer.number, "manifest.json")
        try:
            text = self.store.read(key)
            return text != offer.text and bool(_parse_manifest(text, key))
        except (FileNotFoundError, ReleaseError):
            return False

    def _refuse_older(self, here: _Pointer | None, there: _Pointer) -> None:
        """Raise ReleaseError for a pointer or a release that is older than what is here."""
        newest = here.number if here else max(numbers(self.store), default=0)
        if there.number < newest:
            what, offered, known = "release", there.number, newest
        elif here is not None and there.order < here.order:
            what, offered, known = "pointer", there.sequence, here.sequence
        else:
            return
        raise ReleaseError(
            f"{self.base} offers {what} {offered}, but {what} {known} is here already. "
            "An old copy is served there, or somebody pretends to be the publisher."
        )

    def _renew(self, here: _Pointer, there: _Pointer) -> PullResult:
        """Take over a pointer that confirms the release; refuse one that leads to another release.

        What is damaged here is fetched again.
        """
        if (there.manifest, there.changes) != (here.manifest, here.changes):
            raise self._forked(there.number)
        result = self._heal(here, there)
        if there.data != here.data:
            self.store.replace(release_key(there.number, POINTER), there.data)
        return result

    def _heal(self, here: _Pointer, there: _Pointer) -> PullResult:
        """Fetch again what is damaged in the release that is current here, and what is wanted from now on."""
        repaired = 0
        manifest = self._manifest_here(here)
        if manifest is None:
            manifest, text = self._manifest(here)
            put_manifest_parts(self.store, self.parts.values())
            self.store.flush()
            self.store.replace(release_key(here.number, "manifest.json"), text)
            repaired += 1
        key = release_key(here.number, "changes.json")
        if not self._is_intact(key, here.changes):
            self.store.replace(key, self._changes(here))
            repaired += 1
        has_reached_disk = self._has_reached_disk(here)
        recorded = self._recorded(here)
        wanted = self._wanted(recorded)
        self._check_selection(manifest)
        known = select(manifest, recorded)
        flushed = known if has_reached_disk else None
        again = self.receiver.complete(select(known, wanted), flushed)
        more = self.receiver.complete(select(manifest, wanted), flushed)
        self._precompress(
            select(manifest, wanted), self.store.read(release_key(here.number, "manifest.json"))
        )
        if again.fetched or more.fetched or not has_reached_disk:
            self.store.flush()
        self._note(flushed=here.manifest.sha256)
        self._select(here.number, wanted)
        return PullResult(
            number=there.number,
            expires=there.expires,
            sequence=there.sequence,
            manifest=there.manifest.sha256,
            fetched=more.fetched,
            bytes=again.bytes + more.bytes,
            repaired=repaired + again.fetched,
            unchanged=True,
        )

    def _recorded(self, here: _Pointer | None) -> Selection:
        """Return the part of the current release that is here."""
        try:
            return selection_in(self.store, here.number) if here else EVERYTHING
        except ReleaseError:  # damaged: what is missing is fetched again
            return EVERYTHING

    def _wanted(self, recorded: Selection) -> Selection:
        """Return the part that the copy holds from now on; `recorded` is the one that it holds."""
        return recorded if self.selection is None else self.selection

    def _check_selection(self, manifest: Manifest) -> None:
        """Raise NothingSelectedError if the release has nothing of what is asked for.

        What an earlier pull asked for may be withdrawn meanwhile: the copy follows.
        """
        wanted = self.selection or EVERYTHING
        artifacts = manifest.files.values()
        for what, asked, found in (
            ("format", wanted.formats, {each.format for each in artifacts if each.topic}),
            ("language", wanted.languages, {each.language for each in artifacts if each.language}),
        ):
            if unknown := sorted(set(asked) - found):
                raise NothingSelectedError(
                    f"release {manifest.number} of {self.base} has no {what} {unknown[0]!r}. "
                    f"It has: {', '.join(sorted(found))}."
                )
        others = manifest.files.keys() - set(INDEXES)
        if others and others.isdisjoint(select(manifest, wanted).files):
            raise NothingSelectedError(
                f"release {manifest.number} of {self.base} has no artifact that is selected."
            )

    def _select(self, number: int, selection: Selection) -> None:
        """Write down which part of a release is here, unless it is written already."""
        try:
            written = selection_in(self.store, number)
        except ReleaseError:
            written = None
        if written != selection:
            self.store.replace(release_key(number, SELECTION), dump(selection))

    def _manifest_here(self, here: _Pointer) -> Manifest | None:
        """Return the manifest that the copy's pointer leads to; None if it is damaged."""
        key = release_key(here.number, "manifest.json")
        try:
            text = read_promised(self.store, key, here.manifest)
            return read_manifest(_parse_manifest(text, key), key, self._part)
        except IntegrityError:
            return None

    def _has_reached_disk(self, here: _Pointer) -> bool:
        """Return whether all objects of the current release were flushed; older software did not."""
        copy = self._copy()
        return copy is not None and copy.flushed == here.manifest.sha256

    def _is_precompressed(self) -> bool:
        copy = self._copy()
        return self.compress or (copy is not None and copy.precompressed)

    def _copy(self) -> Copy | None:
        """Return what the copy knows of itself; None if that is missing or damaged."""
        try:
            return parse_copy(self.store.read(COPY), COPY)
        except (FileNotFoundError, ReleaseError):
            return None

    def _precompress(self, manifest: Manifest, text: bytes) -> None:
        if self._is_precompressed():
            parts = read_parts(_parse_json(text, "manifest.json"), "manifest.json")
            objects = promises_of(manifest, parts)
            precompress(self.store, objects, check=self.verify, progress=self.progress)

    def _note(self, *, flushed: str) -> None:
        """Write down that this is a copy, and of what, unless it is written already."""
        copy = Copy(made_by="pull", source=self.base, flushed=flushed, precompressed=self._is_precompressed())
        data = dump(copy)
        try:
            if self.store.read(COPY) == data:
                return
        except FileNotFoundError:
            pass
        self.store.replace(COPY, data)

    def _is_intact(self, key: str, promise: Promise) -> bool:
        return not lacking(self.store, {key: promise}, ())

    def _forked(self, number: int) -> ReleaseError:
        return ReleaseError(
            f"{self.base} offers another release {number} than the one that is here. Ask its publisher."
        )


def _parse(kind: str, data: bytes, where: str) -> Mapping[str, Any]:
    """Return the document; raises ReleaseError if it does not conform to the kind's public schema."""
    document: Mapping[str, Any] = _parse_json(data, where)
    refuse(check_public(f"public/{kind}.schema.json", document, where))
    return document


def _parse_json(data: bytes, where: str) -> Any:  # noqa: ANN401 - a JSON value
    try:
        return parse(data, where)
    except JsonTextError as error:
        raise ReleaseError(f"{where}: this is not JSON, so it is not part of a release.\n{error}") from None


def _parse_pointer(data: bytes, where: str) -> _Pointer:
    document = _parse("current", data, where)
    number = document["number"]
    if not isinstance(number, int):  # to JSON Schema 1.0 is an integer, too
        raise ReleaseError(f"{where}: {number!r} is not the number of a release.")
    return _Pointer(
        number=number,
        sequence=sequence_of(document),
        manifest=_promised(document["manifest"], release_key(number, "manifest.json"), where),
        changes=_promised(document["changes"], release_key(number, "changes.json"), where),
        expires=document["expires"],
        data=data,
    )


def _promised(promise: Mapping[str, Any], key: str, where: str) -> Promise:
    if promise["key"] != key:
        raise ReleaseError(f"{where}: leads to {promise['key']} where {key} is due.")
    _check_length(promise["length"], f"{where}: {key}")
    return Promise(promise["sha256"], promise["length"])


def _parse_manifest(text: bytes, where: str) -> Mapping[str, Any]:
    """Return the document of `manifest.json`; raises ReleaseError if it is not one."""
    document: Mapping[str, Any] = _parse_json(text, where)
    refuse(check_manifest(document, where))
    return document


def _check_length(length: int, what: str, most: int = MOST_BYTES) -> None:
    if length > most:
        raise ReleaseError(f"{what} would have {length} bytes. More than {most} is refused.")


def _titles_in(topics: Any) -> list[str]:  # noqa: ANN401 - a JSON value
    """Return the titles in an index of topics; raises what an index of another form makes fail."""
    return [str(card["title"]) for entry in topics["topics"] for card in entry["editions"]]
