"""A partner's side: bring the current release of a service, or of a static host, into a local store.

Objects come first, each checked against the manifest before it is stored; then the manifest, the pointers
and, last of all, the switch. If anything fails, the earlier release stays current, and the next pull reuses
what has arrived.

Files keep their content-addressed places. Their names are looked up in the manifest:

    release = open_current(store)
    data = read_artifact(store, name, release.manifest.files[name])
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import httpx
import stamina

from healthtopics.errors import IntegrityError, JsonTextError, NetworkError, ReleaseError
from healthtopics.jsontext import digest, parse
from healthtopics.release import (
    CURRENT,
    INDEX,
    Artifact,
    Manifest,
    Store,
    check_bytes,
    object_key,
    open_current,
    put_object,
    read_manifest,
    read_promised,
    refuse,
    release_key,
    sequence_of,
)
from healthtopics.validation.public import check_public
from healthtopics.workers import Progress

TIMEOUT: Final = httpx.Timeout(30, connect=10)
"""Timeout in seconds for the client that `pull` is given."""
USER_AGENT: Final = "healthtopics"


_MOST_POINTER_BYTES: Final = 64 * 2**10
_MOST_BYTES: Final = 512 * 2**20
"""The limit for any other file: about a million artifacts in one manifest."""
_MOST_REDIRECTS: Final = 5
_AT_ONCE: Final = 8
"""Objects that are fetched at the same time."""
ATTEMPTS: Final = 5
"""The most requests for one file."""
_NUMBER: Final = re.compile(r"^\[Errno -?\d+\] ")


@dataclass(frozen=True, slots=True, kw_only=True)
class PullResult:
    """The result of a pull."""

    number: int
    """The number of the release that is current now."""
    expires: str
    """The instant when the release expires."""
    fetched: int = 0
    """The number of objects that came over the network."""
    reused: int = 0
    """The number of objects that were present and intact."""
    bytes: int = 0
    """The length of the objects fetched."""
    unchanged: bool = False
    """True if the release was current already and only the pointer was read."""


def pull(
    client: httpx.Client,
    url: str,
    store: Store,
    *,
    hold: Callable[[], AbstractContextManager[object]] = nullcontext,
    progress: Progress = lambda _done, _total: None,
) -> PullResult:
    """Bring the current release at `url` into the store and make it current there.

    `hold` keeps other writers out of the store (`LocalStore.locked`); it is entered once the other side
    has offered a release.

    Raises NetworkError if the other side cannot be reached, fails or is too slow; IntegrityError for bytes
    that
    do not match their digest or length; ReleaseError for what is not a release, and for a release or a
    pointer
    that is older than the one in the store.
    """
    return _Pull(client, base_of(url), store, hold, progress).run()


def base_of(url: str) -> str:
    """Return the address of a service, without a slash at its end; raises ReleaseError if it is not one."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ReleaseError(f"{url!r} is not a valid URL: {error}.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.query or parsed.fragment:
        raise ReleaseError(
            f"{url!r} is not the address of a service: give an http or https URL without a query."
        )
    return url.rstrip("/")


def reason_of(error: BaseException) -> str:
    """Return why a request failed, without the system's number for it."""
    return _NUMBER.sub("", str(error)) or type(error).__name__


@dataclass(frozen=True, slots=True)
class _Promise:
    """The expected length and digest of a file."""

    sha256: str
    length: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class _Pointer:
    number: int
    sequence: int
    """0 for a pointer of older software, which wrote none."""
    manifest: _Promise
    changes: _Promise
    expires: str
    data: bytes
    """The pointer's own bytes."""

    @property
    def order(self) -> tuple[int, int]:
        """Its place among its publisher's pointers; times say nothing, as a clock may have been wrong."""
        return self.sequence, self.number


@dataclass(frozen=True, slots=True)
class _Pull:
    client: httpx.Client
    base: str
    store: Store
    hold: Callable[[], AbstractContextManager[object]]
    progress: Progress
    writing: Lock = field(default_factory=Lock)
    """Objects arrive at the same time; a store is used by one thread at a time."""

    def run(self) -> PullResult:
        there = self._pointer_there(self._pointer_here())
        with self.hold():
            return self._bring(there)

    def _bring(self, there: _Pointer) -> PullResult:
        here = self._pointer_here()
        if here is not None:
            self._refuse_older(here, there)
            if there.number == here.number:
                return self._renew(here, there)
        text, manifest = self._manifest(there, here)
        objects = {
            object_key(name, artifact.sha256): (name, artifact) for name, artifact in manifest.files.items()
        }
        missing = {key: each for key, each in objects.items() if not self._is_intact(key, each[1])}
        self._fetch_objects(missing)
        self._complete(there, text)
        return PullResult(
            number=there.number,
            expires=there.expires,
            fetched=len(missing),
            reused=len(objects) - len(missing),
            bytes=sum(artifact.length for _, artifact in missing.values()),
        )

    def _pointer_here(self) -> _Pointer | None:
        try:
            return _parse_pointer(self.store.read(CURRENT), CURRENT)
        except FileNotFoundError:
            return None

    def _pointer_there(self, here: _Pointer | None) -> _Pointer:
        # Our own service uses the digest as entity tag; elsewhere the condition is simply never met.
        known = {"If-None-Match": f'"{digest(here.data)}"'} if here else {}
        for key in (CURRENT, "current.json"):
            status, data = self._get(key, _MOST_POINTER_BYTES, known)
            if here is not None and status == httpx.codes.NOT_MODIFIED:
                return here
            if status == httpx.codes.OK:
                return _parse_pointer(data, f"{self.base}/{key}")
        raise ReleaseError(f"{self.base}/{CURRENT}: there is no release. Is the address right?")

    def _refuse_older(self, here: _Pointer, there: _Pointer) -> None:
        if there.order >= here.order and there.number >= here.number:
            return
        what = "release" if there.number < here.number else "pointer"
        offered, known = (each.number if what == "release" else each.sequence for each in (there, here))
        raise ReleaseError(
            f"{self.base} offers {what} {offered}, but {what} {known} is here already. "
            "An old copy is served there, or somebody pretends to be the publisher."
        )

    def _renew(self, here: _Pointer, there: _Pointer) -> PullResult:
        """Take over a pointer that confirms the release; refuse one that leads to another release."""
        if (there.manifest, there.changes) != (here.manifest, here.changes):
            raise _forked(self.base, there.number)
        if there.data != here.data:
            self.store.replace(release_key(there.number, "pointers/current.json"), there.data)
        return PullResult(number=there.number, expires=there.expires, unchanged=True)

    def _manifest(self, there: _Pointer, here: _Pointer | None) -> tuple[bytes, Manifest]:
        key = release_key(there.number, "manifest.json")
        text = self._get_promised(key, there.manifest)
        manifest = _parse_manifest(text, f"{self.base}/{key}")
        if manifest.number != there.number:
            raise ReleaseError(f"{self.base}/{key}: says that it is release {manifest.number}.")
        if INDEX not in manifest.files:
            raise ReleaseError(f"{self.base}/{key}: has no {INDEX}, so nobody could open the release.")
        if here is not None and (base_url := open_current(self.store).manifest.base_url) != manifest.base_url:
            raise ReleaseError(
                f"{self.base} publishes {manifest.base_url}, but this folder holds {base_url}. "
                "Use another folder."
            )
        if here is not None and manifest.previous is not None:
            number, sha256 = manifest.previous.number, manifest.previous.sha256
            if number == here.number and sha256 != here.manifest.sha256:
                raise _forked(self.base, number)
        try:
            if self.store.read(key) != text:
                raise _forked(self.base, there.number)
        except FileNotFoundError:
            pass
        return text, manifest

    def _is_intact(self, key: str, artifact: Artifact) -> bool:
        try:
            read_promised(self.store, key, sha256=artifact.sha256, length=artifact.length)
        except IntegrityError:
            return False
        return True

    def _fetch_objects(self, missing: Mapping[str, tuple[str, Artifact]]) -> None:
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            for done, _ in enumerate(pool.map(self._fetch_object, missing, missing.values()), start=1):
                self.progress(done, len(missing))
        finally:
            # One failure decides; starting the remaining downloads would only make the caller wait.
            pool.shutdown(cancel_futures=True)

    def _fetch_object(self, key: str, named: tuple[str, Artifact]) -> None:
        name, artifact = named
        data = self._get_promised(key, _Promise(artifact.sha256, artifact.length))
        with self.writing:
            put_object(self.store, name, data)

    def _complete(self, there: _Pointer, text: bytes) -> None:
        key = release_key(there.number, "changes.json")
        changes = self._get_promised(key, there.changes)
        document = _parse("changes", changes, f"{self.base}/{key}")
        if document["number"] != there.number:
            raise ReleaseError(f"{self.base}/{key}: tells the changes of release {document['number']}.")
        self.store.replace(key, changes)
        self.store.create(release_key(there.number, "manifest.json"), text)
        self.store.replace(release_key(there.number, "pointers/current.json"), there.data)
        self.store.switch(there.number)

    def _get_promised(self, key: str, promise: _Promise) -> bytes:
        status, data = self._get(key, promise.length)
        if status != httpx.codes.OK:
            raise IntegrityError(f"{self.base}/{key}", expected=f"{promise.length} bytes", actual="nothing")
        check_bytes(f"{self.base}/{key}", data, sha256=promise.sha256, length=promise.length)
        return data

    def _get(self, key: str, most: int, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Return the status (200, 304 or 404) and the bytes; raises IntegrityError for more than `most`."""
        url = f"{self.base}/{key}"
        # Compressed data could grow without end when it is unpacked.
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        try:
            for attempt in stamina.retry_context(
                on=(httpx.TransportError, _BusyError),
                attempts=ATTEMPTS,
                wait_initial=0.2,
                wait_max=5,
                timeout=None,
            ):
                with attempt:
                    return self._get_once(httpx.URL(url), most, sent)
        except httpx.InvalidURL as error:
            raise ReleaseError(f"{url}: leads to an address that is not valid: {error}.") from None
        except (httpx.HTTPError, _BusyError) as error:
            raise NetworkError(f"{url}: {reason_of(error)}. Run this again later.") from error
        raise AssertionError("the last attempt returns or raises")

    def _get_once(self, url: httpx.URL, most: int, headers: Mapping[str, str]) -> tuple[int, bytes]:
        for _ in range(_MOST_REDIRECTS + 1):
            with self.client.stream("GET", url, headers=dict(headers), follow_redirects=False) as response:
                if not response.has_redirect_location:
                    return _read(response, most)
                url = _redirected(response)
        raise ReleaseError(f"{url}: leads from one address to the next without end.")


class _BusyError(Exception):
    """The other side answered that it is temporarily unavailable."""


def _read(response: httpx.Response, most: int) -> tuple[int, bytes]:
    status = response.status_code
    if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
        raise _BusyError(f"the server answers {status}")
    if status in (httpx.codes.NOT_MODIFIED, httpx.codes.NOT_FOUND, httpx.codes.GONE):
        return (httpx.codes.NOT_FOUND if status == httpx.codes.GONE else status), b""
    if status != httpx.codes.OK:
        raise ReleaseError(f"{response.url}: the server answers {status}, so there is nothing to pull.")
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > most:
            raise IntegrityError(str(response.url), expected=f"at most {most} bytes", actual="more")
    return status, bytes(data)


def _redirected(response: httpx.Response) -> httpx.URL:
    target = response.url.join(response.headers["Location"])
    here = response.url
    if (target.scheme, target.host, target.port) != (here.scheme, here.host, here.port):
        raise ReleaseError(
            f"{response.url}: leads to {target}, another server. Pull from there if you trust it."
        )
    return target


def _forked(base: str, number: int) -> ReleaseError:
    return ReleaseError(
        f"{base} offers another release {number} than the one that is here. Ask its publisher."
    )


def _parse(kind: str, data: bytes, where: str) -> Mapping[str, Any]:
    """Return the document; raises ReleaseError if it does not conform to the kind's public schema."""
    try:
        document = parse(data, where)
    except JsonTextError as error:
        raise ReleaseError(f"{where}: this is not JSON, so it is not part of a release.\n{error}") from None
    refuse(check_public(f"public/{kind}.schema.json", document, where))
    found: Mapping[str, Any] = document
    return found


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


def _promised(promise: Mapping[str, Any], key: str, where: str) -> _Promise:
    if promise["key"] != key:
        raise ReleaseError(f"{where}: leads to {promise['key']} where {key} is due.")
    _check_length(promise["length"], f"{where}: {key}")
    return _Promise(promise["sha256"], promise["length"])


def _parse_manifest(text: bytes, where: str) -> Manifest:
    manifest = read_manifest(_parse("manifest", text, where), where)
    for name, artifact in manifest.files.items():
        _check_length(artifact.length, f"{where}: {name}")
    return manifest


def _check_length(length: int, what: str) -> None:
    if length > _MOST_BYTES:
        raise ReleaseError(f"{what} would have {length} bytes. More than {_MOST_BYTES} is refused.")
