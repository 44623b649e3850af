"""A partner's side: bring the current release of a service, or of a static host, into a store of one's own.

Objects come first, each checked against the manifest before it is stored; then the manifest, the pointers
and, last of all, the switch. Whatever fails leaves the earlier release current, and the next pull takes up
what is there.

Files keep their content-addressed places. Their names are looked up in the manifest:

    release = open_current(store)
    data = read_artifact(store, name, release.manifest.files[name])
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, TypeGuard

import httpx
import stamina

from healthtopics.errors import (
    IntegrityError,
    JsonTextError,
    NetworkError,
    NoCurrentReleaseError,
    ReleaseError,
)
from healthtopics.jsontext import digest, parse
from healthtopics.release import (
    CURRENT,
    Artifact,
    Manifest,
    Store,
    check_bytes,
    object_key,
    put_object,
    release_key,
)

Progress = Callable[[int, int], None]
"""Told how many objects of how many have arrived."""

TIMEOUT: Final = httpx.Timeout(30, connect=10)
"""Seconds without a sign of life, for the client that `pull` is given."""
USER_AGENT: Final = "healthtopics"

_MOST_POINTER_BYTES: Final = 64 * 2**10
_MOST_BYTES: Final = 512 * 2**20
"""Of any other file: about a million artifacts in one manifest."""
_MOST_REDIRECTS: Final = 5
_AT_ONCE: Final = 8
"""Objects that are fetched at the same time."""
_ATTEMPTS: Final = 5

_NAME = re.compile(r"(?:[A-Za-z0-9_$][A-Za-z0-9._$-]*/)*[A-Za-z0-9_$][A-Za-z0-9._$-]*\.[A-Za-z0-9]+")
"""Of an artifact. No part is empty or starts with a dot, so no name leads out of a folder."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PullResult:
    """What a pull came to."""

    number: int
    """Of the release that is current now."""
    fetched: int = 0
    """Objects that came over the network."""
    reused: int = 0
    """Objects that were there, intact."""
    bytes: int = 0
    """The length of the objects fetched."""
    unchanged: bool = False
    """True where the release was current already; nothing was read but the pointer."""


def pull(
    client: httpx.Client, url: str, store: Store, *, progress: Progress = lambda _done, _total: None
) -> PullResult:
    """Bring the current release at `url` into the store and make it current there.

    The store must have no other writer meanwhile (`LocalStore.locked`).

    Raises NetworkError where the other side cannot be reached, fails or is too slow; IntegrityError for
    bytes that are not what was promised; ReleaseError for what is no release, and for a release that is older
    than the one in the store.
    """
    return _Pull(client, _base(url), store, progress).run()


def _base(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ReleaseError(f"{url!r} is no URL: {error}.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.query or parsed.fragment:
        raise ReleaseError(
            f"{url!r} is not the address of a service: give an http or https URL without a query."
        )
    return url.rstrip("/")


@dataclass(frozen=True, slots=True)
class _Pointer:
    number: int
    sha256: str
    """Of the manifest."""
    length: int
    """Of the manifest, in bytes."""
    data: bytes
    """The pointer's own bytes."""


@dataclass(frozen=True, slots=True)
class _Pull:
    client: httpx.Client
    base: str
    store: Store
    progress: Progress
    writing: Lock = field(default_factory=Lock)
    """Objects arrive at the same time; a store is used by one thread at a time."""

    def run(self) -> PullResult:
        here = self._pointer_here()
        there = self._pointer_there(here)
        if here is not None and there.number <= here.number:
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
        # A service of ours has the digest as entity tag; elsewhere the condition is simply never met.
        known = {"If-None-Match": f'"{digest(here.data)}"'} if here else {}
        for key in (CURRENT, "current.json"):
            status, data = self._get(key, _MOST_POINTER_BYTES, known)
            if here is not None and status == httpx.codes.NOT_MODIFIED:
                return here
            if status == httpx.codes.OK:
                return _parse_pointer(data, f"{self.base}/{key}")
        raise NoCurrentReleaseError(self.base)

    def _renew(self, here: _Pointer, there: _Pointer) -> PullResult:
        """Take over a pointer that is newer than its release; refuse one that leads to another release."""
        if there.number < here.number:
            raise ReleaseError(
                f"{self.base} offers release {there.number}, but release {here.number} is here already. "
                "An old copy is served there, or somebody pretends to be the publisher."
            )
        if there.sha256 != here.sha256:
            raise _forked(self.base, there.number)
        if there.data != here.data:
            self.store.replace(release_key(there.number, "pointers/current.json"), there.data)
        return PullResult(number=here.number, unchanged=True)

    def _manifest(self, there: _Pointer, here: _Pointer | None) -> tuple[bytes, Manifest]:
        key = release_key(there.number, "manifest.json")
        text = self._get_promised(key, sha256=there.sha256, length=there.length)
        manifest = _parse_manifest(text, f"{self.base}/{key}")
        if manifest.number != there.number:
            raise ReleaseError(f"{self.base}/{key}: says that it is release {manifest.number}.")
        if here is not None and manifest.previous is not None:
            number, sha256 = manifest.previous
            if number == here.number and sha256 != here.sha256:
                raise _forked(self.base, number)
        try:
            if self.store.read(key) != text:
                raise _forked(self.base, there.number)
        except FileNotFoundError:
            pass
        return text, manifest

    def _is_intact(self, key: str, artifact: Artifact) -> bool:
        try:
            check_bytes(key, self.store.read(key), sha256=artifact.sha256, length=artifact.length)
        except (FileNotFoundError, IntegrityError):
            return False
        return True

    def _fetch_objects(self, missing: Mapping[str, tuple[str, Artifact]]) -> None:
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            for done, _ in enumerate(pool.map(self._fetch_object, missing, missing.values()), start=1):
                self.progress(done, len(missing))
        finally:
            # One failure decides; what has not begun would only make the caller wait.
            pool.shutdown(cancel_futures=True)

    def _fetch_object(self, key: str, named: tuple[str, Artifact]) -> None:
        name, artifact = named
        data = self._get_promised(key, sha256=artifact.sha256, length=artifact.length)
        with self.writing:
            put_object(self.store, name, data)

    def _complete(self, there: _Pointer, text: bytes) -> None:
        changes = release_key(there.number, "changes.json")
        status, data = self._get(changes, _MOST_BYTES)
        if status == httpx.codes.OK:
            if _parse_object(data, f"{self.base}/{changes}").get("number") != there.number:
                raise ReleaseError(f"{self.base}/{changes}: tells the changes of another release.")
            self.store.replace(changes, data)
        self.store.create(release_key(there.number, "manifest.json"), text)
        self.store.replace(release_key(there.number, "pointers/current.json"), there.data)
        self.store.switch(there.number)

    def _get_promised(self, key: str, *, sha256: str, length: int) -> bytes:
        status, data = self._get(key, length)
        if status != httpx.codes.OK:
            raise IntegrityError(f"{self.base}/{key}", expected=f"{length} bytes", actual="nothing")
        check_bytes(f"{self.base}/{key}", data, sha256=sha256, length=length)
        return data

    def _get(self, key: str, most: int, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Return the status, 200, 304 or 404, and the bytes; raises IntegrityError for more than `most`."""
        url = f"{self.base}/{key}"
        # What is compressed on the way could grow without end when it is unpacked.
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        try:
            for attempt in stamina.retry_context(
                on=(httpx.TransportError, _BusyError),
                attempts=_ATTEMPTS,
                wait_initial=0.2,
                wait_max=5,
                timeout=None,
            ):
                with attempt:
                    return self._get_once(httpx.URL(url), most, sent)
        except httpx.InvalidURL as error:
            raise ReleaseError(f"{url}: leads to an address that is none: {error}.") from None
        except (httpx.HTTPError, _BusyError) as error:
            raise NetworkError(
                f"{url}: {str(error) or type(error).__name__}. Run this again later."
            ) from error
        raise AssertionError("the last attempt returns or raises")

    def _get_once(self, url: httpx.URL, most: int, headers: Mapping[str, str]) -> tuple[int, bytes]:
        for _ in range(_MOST_REDIRECTS + 1):
            with self.client.stream("GET", url, headers=dict(headers), follow_redirects=False) as response:
                if not response.has_redirect_location:
                    return _read(response, most)
                url = _redirected(response)
        raise ReleaseError(f"{url}: leads from one address to the next without end.")


class _BusyError(Exception):
    """The other side answered that it cannot answer now."""


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
    if (target.scheme, target.host, target.port) != (
        response.url.scheme,
        response.url.host,
        response.url.port,
    ):
        raise ReleaseError(
            f"{response.url}: leads to {target}, another server. Pull from there if you trust it."
        )
    return target


def _forked(base: str, number: int) -> ReleaseError:
    return ReleaseError(
        f"{base} offers another release {number} than the one that is here. Ask its publisher."
    )


def _parse_object(data: bytes, where: str) -> Mapping[str, Any]:
    try:
        document = parse(data, where)
    except JsonTextError as error:
        raise ReleaseError(f"{where}: this is no JSON, so it is not of a release.\n{error}") from None
    if not isinstance(document, dict):
        raise ReleaseError(f"{where}: this is no JSON object, so it is not of a release.")
    return document


def _parse_pointer(data: bytes, where: str) -> _Pointer:
    document = _parse_object(data, where)
    number, manifest = document.get("number"), document.get("manifest")
    promised = manifest if isinstance(manifest, dict) else {}
    sha256, length = promised.get("sha256"), promised.get("length")
    if not (_is_count(number) and _is_count(length) and _is_digest(sha256)):
        raise ReleaseError(f"{where}: this does not point to a release.")
    if length > _MOST_BYTES:
        raise ReleaseError(
            f"{where}: promises a manifest of {length} bytes. More than {_MOST_BYTES} is refused."
        )
    return _Pointer(number, sha256, length, data)


def _parse_manifest(text: bytes, where: str) -> Manifest:
    document = _parse_object(text, where)
    try:
        manifest = Manifest.from_dict(document)
    except (AttributeError, ValueError) as error:
        raise ReleaseError(f"{where}: this is no manifest: {error}.") from None
    for name, artifact in manifest.files.items():
        if not _NAME.fullmatch(name):
            raise ReleaseError(f"{where}: {name!r} is no name of an artifact.")
        if not (
            _is_digest(artifact.sha256) and _is_count(artifact.length) and artifact.length <= _MOST_BYTES
        ):
            raise ReleaseError(f"{where}: {name} has no digest, or no length up to {_MOST_BYTES} bytes.")
    return manifest


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_digest(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None
