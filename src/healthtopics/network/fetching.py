"""Fetches files of another server that is not trusted: bounded in length and in time, without surprises.

A server cannot make us unpack without end, wait, or go elsewhere: a content coding that was not asked for is
refused, connections are cut when the time is up, and only redirects on the same server are followed.
"""

import re
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from email.utils import parsedate_to_datetime
from threading import Lock, Timer
from time import monotonic
from typing import Any, Final, Self, TypeVar

import httpx
import stamina

from healthtopics.compression import CODINGS
from healthtopics.errors import ConfigurationError, IntegrityError, NetworkError, ReleaseError

TIMEOUT: Final = httpx.Timeout(30, connect=10)
"""In seconds, of clients whose requests say nothing else; each is for one step, such as one read."""
OVERALL_TIMEOUT: Final = 3600.0
"""The longest time in seconds for all requests together."""
USER_AGENT: Final = "healthtopics"
ATTEMPTS: Final = 5
"""The most requests for one file."""

_Result = TypeVar("_Result")

_PART: Final = 256 * 2**10
"""The most bytes of a part, where a file is not read whole."""
_MOST_REDIRECTS: Final = 5
_LAST_PORT: Final = 65535
_LONGEST_WAIT: Final = 30.0
"""In seconds, where the other side says when to come back; `Retry-After` may say any time."""
_NUMBER: Final = re.compile(r"^\[Errno -?\d+\] ")
_CONNECTED: Final = ("connect_tcp.complete", "start_tls.complete")
"""The ends of the names of httpcore's events that tell of a new connection."""


def open_client() -> httpx.Client:
    """Return a client for requests of this program.

    Raises ConfigurationError, which shows no password, if the environment names a proxy, or certificates,
    that cannot be used.
    """
    try:
        return httpx.Client(timeout=TIMEOUT, headers={"User-Agent": USER_AGENT})
    except (ImportError, OSError, ValueError, httpx.InvalidURL):
        raise ConfigurationError(
            "The proxy or the certificates that the environment names cannot be used. Look at HTTP_PROXY, "
            "HTTPS_PROXY and ALL_PROXY (the URL of an HTTP proxy), SSL_CERT_FILE and SSL_CERT_DIR."
        ) from None


def base_of(url: str) -> str:
    """Return the address of a service, without user, password and slash at its end.

    Raises ReleaseError if it is not one; the message has no password in it, either.
    """
    shown = _without_password(url)
    if "://" not in url and not url.startswith(("http:", "https:")):
        raise ReleaseError(f"{shown!r} has no scheme: write https:// in front of it.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        # The library quotes what it does not understand, which may be a part of the password.
        reason = f": {error}" if shown == url else ""
        raise ReleaseError(f"{shown!r} is not a valid URL{reason}.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.query or parsed.fragment:
        raise ReleaseError(
            f"{shown!r} is not the address of a service: give an http or https URL without a query."
        )
    if (parsed.port or 0) > _LAST_PORT:
        raise ReleaseError(f"{shown!r} has no such port: {_LAST_PORT} is the last.")
    return str(parsed.copy_with(userinfo=b"") if parsed.userinfo else url).rstrip("/")


def reason_of(error: BaseException) -> str:
    """Return why a request failed, without the system's number for it."""
    return _NUMBER.sub("", str(error)) or type(error).__name__


class TimeLimit:
    """Cuts the connections of requests when their time is up: the library limits only each read."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._ends = monotonic() + seconds
        self._timer = Timer(seconds, self.end)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._timer.cancel()

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return self._ends - monotonic()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember new connections, as the extension `trace` of a request: a read that waits only ends so."""
        if event.endswith(_CONNECTED):
            with self._lock:
                self._sockets.append(info["return_value"].get_extra_info("socket"))
            if self.is_over:
                self.end()

    def end(self) -> None:
        """End what is at work, and what begins later."""
        self.is_over = True
        with self._lock:
            for each in self._sockets:
                with suppress(OSError):  # closed already
                    # Not the method of a TLS socket, which would change it under the thread that reads.
                    socket.socket.shutdown(each, socket.SHUT_RDWR)


class Fetcher:
    """One server's files. Entered, it has a limited time; then it closes its connections and fails."""

    def __init__(self, client: httpx.Client, url: str, timeout: float = OVERALL_TIMEOUT) -> None:
        """Remember where the files are; user and password in the URL are only ever sent."""
        self.base = base_of(url)
        parsed = httpx.URL(url)
        self._auth = httpx.BasicAuth(parsed.username, parsed.password) if parsed.userinfo else None
        self._client = client
        self._timeout = timeout
        self._limit = TimeLimit(timeout)

    def __enter__(self) -> Self:
        self._limit.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._limit.__exit__(*exception)

    def get(
        self, key: str, most: int, headers: Mapping[str, str] | None = None, *, packed: bool = False
    ) -> tuple[int, bytes]:
        """Return the status (200, 304 or 404) and the bytes; raises IntegrityError for more than `most`.

        With `packed`, the other side is asked to send them in gzip if it can.
        """
        url = f"{self.base}/{key}"
        sent = {"Accept-Encoding": "gzip" if packed else "identity", **(headers or {})}
        return self._try(url, lambda: self._get_once(httpx.URL(url), most, sent))

    def parts(self, key: str, most: int) -> Iterator[bytes]:
        """Yield the bytes of a file part by part; after a failure, the rest of them is asked for.

        Raises IntegrityError for more than `most`, or if there is no such file.
        """
        url = f"{self.base}/{key}"
        with closing(_Download(self._ask, httpx.URL(url))) as download:
            while part := self._try(url, download.next_part):
                if download.position > most:
                    raise IntegrityError(url, expected=f"at most {most} bytes", actual="more")
                yield part
        if self._limit.is_over:  # what was cut may look complete
            raise self._too_slow(url)

    def _try(self, url: str, work: Callable[[], _Result]) -> _Result:
        """Do what may fail for a moment, up to some times."""
        try:
            for attempt in stamina.retry_context(
                on=self._may_pass, attempts=ATTEMPTS, wait_initial=0.2, wait_max=5, timeout=None
            ):
                with attempt:
                    return work()
        except httpx.InvalidURL as error:
            raise ReleaseError(f"{url}: leads to an address that is not valid: {error}.") from None
        except (httpx.HTTPError, _BusyError) as error:
            if self._limit.is_over:
                raise self._too_slow(url) from None
            raise NetworkError(f"{url}: {reason_of(error)}. Run this again later.") from error
        raise AssertionError("the last attempt returns or raises")

    def _may_pass(self, error: Exception) -> bool | float:
        """Return whether to try again, or after how many seconds."""
        if isinstance(error, _BusyError) and error.seconds:
            return error.seconds < self._limit.left and error.seconds
        return isinstance(error, httpx.TransportError | _BusyError) and not self._limit.is_over

    def _get_once(self, url: httpx.URL, most: int, headers: Mapping[str, str]) -> tuple[int, bytes]:
        with closing(self._ask(url, headers)) as response:
            return self._read(response, most)

    def _ask(self, url: httpx.URL, headers: Mapping[str, str]) -> httpx.Response:
        """Return the answer to a request, which the caller closes; its body is not read yet."""
        for _ in range(_MOST_REDIRECTS + 1):
            request = self._client.build_request(
                "GET", url, headers=dict(headers), extensions={"trace": self._limit.trace}
            )
            if self._limit.is_over:
                raise self._too_slow(url)
            response = self._client.send(request, auth=self._auth, stream=True, follow_redirects=False)
            if not response.has_redirect_location:
                return response
            response.close()
            url = _redirected(response)
        raise ReleaseError(f"{url}: leads from one address to the next without end.")

    def _read(self, response: httpx.Response, most: int) -> tuple[int, bytes]:
        status, url = response.status_code, response.url
        _check_status(response)
        if status in (httpx.codes.NOT_MODIFIED, httpx.codes.NOT_FOUND, httpx.codes.GONE):
            return (httpx.codes.NOT_FOUND if status == httpx.codes.GONE else status), b""
        if status != httpx.codes.OK:
            raise ReleaseError(f"{url}: the server answers {status}, so there is nothing to pull.")
        coding = _coding_of(response)
        if coding == "gzip" == response.request.headers["Accept-Encoding"]:
            # What grows when it is packed grows little: a header, and a few bytes for each block.
            return status, _unpack(url, self._read_body(response, most + most // 1000 + 1000), most)
        _check_plain(response)
        return status, self._read_body(response, most)

    def _read_body(self, response: httpx.Response, most: int) -> bytes:
        """Read the bytes as they were sent."""
        url, data = response.url, bytearray()
        for chunk in response.iter_raw():
            data += chunk
            if len(data) > most:
                raise IntegrityError(str(url), expected=f"at most {most} bytes", actual="more")
        if self._limit.is_over:  # what was cut may look complete
            raise self._too_slow(url)
        return bytes(data)

    def _too_slow(self, url: object) -> NetworkError:
        return NetworkError(
            f"{url}: everything together took longer than {self._timeout:g} seconds. What has arrived is "
            "kept: run this again, with a longer --timeout if the network is slow."
        )


class _Download:
    """The body of an answer, part by part; after a failure it goes on with the rest, if the server can."""

    def __init__(self, ask: Callable[[httpx.URL, Mapping[str, str]], httpx.Response], url: httpx.URL) -> None:
        self._ask = ask
        self._url = url
        self._response: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())
        self.position = 0
        """How many bytes it has given."""

    def next_part(self) -> bytes:
        """Return the next bytes; none at the end. After it has raised something, it may be called again."""
        try:
            if self._response is None:
                self._begin()
            part = next(self._chunks, b"")
        except BaseException:
            self.close()
            raise
        self.position += len(part)
        return part

    def _begin(self) -> None:
        headers = {"Accept-Encoding": "identity"}
        if self.position:
            headers["Range"] = f"bytes={self.position}-"
        self._response = response = self._ask(self._url, headers)
        _check_status(response)
        is_rest = self.position > 0 and response.status_code == httpx.codes.PARTIAL_CONTENT
        if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            raise IntegrityError(str(self._url), expected="a file", actual="nothing")
        if response.status_code != httpx.codes.OK and not is_rest:
            raise ReleaseError(
                f"{self._url}: the server answers {response.status_code}, so there is nothing to pull."
            )
        _check_plain(response)
        self._chunks = response.iter_raw(_PART)
        if self.position and not is_rest:
            # The server sends everything again. Whether it is the same, the digest decides.
            self._chunks = _without_first(self._chunks, self.position)

    def close(self) -> None:
        if self._response is not None:
            self._response.close()
        self._response = None


def _without_first(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    for chunk in chunks:
        if len(chunk) > count:
            yield chunk[count:]
        count = max(0, count - len(chunk))


def _check_status(response: httpx.Response) -> None:
    """Raise _BusyError if the server may answer later, ConfigurationError if it wants a password."""
    status = response.status_code
    if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
        raise _BusyError(f"the server answers {status}", _wait_of(response))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise ConfigurationError(
            f"{response.url}: the server answers {status}. Give the right user and password in the URL, or "
            "ask its operator for access."
        )


def _coding_of(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Encoding", "identity")).strip().lower()


def _check_plain(response: httpx.Response) -> None:
    """Raise ReleaseError for a content coding: unpacked, a few bytes could fill the memory."""
    if (coding := _coding_of(response)) != "identity":
        raise ReleaseError(
            f"{response.url}: the server sends the content coding {coding[:40]!r}, which was not asked for. "
            "Ask its operator to answer `Accept-Encoding: identity` without one."
        )


class _BusyError(Exception):
    """The other side answered that it is temporarily unavailable."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds
        """After how many seconds to come back; 0 if it did not say."""


def _wait_of(response: httpx.Response) -> float:
    """Return for how many seconds `Retry-After` tells us to wait, within our bound; 0 if it does not."""
    said = response.headers.get("Retry-After", "")
    try:
        # A date is compared with that of the answer, as the two clocks may differ.
        seconds = (
            int(said)
            if said.isdecimal()
            else (
                parsedate_to_datetime(said) - parsedate_to_datetime(response.headers["Date"])
            ).total_seconds()
        )
    except (LookupError, TypeError, ValueError, OverflowError):
        return 0.0
    return float(max(0, min(seconds, _LONGEST_WAIT)))


def _unpack(url: httpx.URL, data: bytes, most: int) -> bytes:
    try:
        found = CODINGS["gzip"].unpack(data, most)
    except ValueError as error:
        raise IntegrityError(str(url), expected="gzip", actual=f"other bytes ({error})") from None
    if len(found) > most:
        raise IntegrityError(str(url), expected=f"at most {most} bytes", actual="more")
    return found


def _redirected(response: httpx.Response) -> httpx.URL:
    target = response.url.join(response.headers["Location"])
    if target.userinfo:
        target = target.copy_with(userinfo=b"")
    here = response.url
    if (target.scheme, target.host, target.port) != (here.scheme, here.host, here.port):
        if (here.scheme, target.scheme, target.host) == ("http", "https", here.host):
            raise ReleaseError(
                f"{here}: leads to {target}. Give the URL with https:// in place of http://, so that nothing "
                "is sent in the clear."
            )
        raise ReleaseError(
            f"{response.url}: leads to {target}, another server. Pull from there if you trust it."
        )
    return target


def _without_password(url: str) -> str:
    """Return a text that may be a URL without what may be user and password: all before the last @."""
    before, at, after = url.rpartition("@")
    scheme, slashes, _ = before.partition("//")
    return f"{scheme}{slashes}…@{after}" if at and slashes else f"…@{after}" if at else url
