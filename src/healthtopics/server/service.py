"""Answers from the current release of a store, and whether it is fit to be served."""

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

import httptools

from healthtopics.delivery.message import FIELDS, Request, Response, Wording, problem
from healthtopics.delivery.opening import EarlierIndexes, ServedStore, open_site
from healthtopics.delivery.parts import OpenBytes, Source
from healthtopics.delivery.problem_details import write_problem
from healthtopics.delivery.respond import NOTHING_YET, is_open, operation_of, respond
from healthtopics.delivery.site import Site
from healthtopics.errors import (
    HealthTopicsError,
    IntegrityError,
    ReleaseError,
    StorageError,
    UnusablePathError,
)
from healthtopics.jsontext import Document, parse
from healthtopics.release import (
    CURRENT,
    promise_in,
    read_promised,
    read_whole,
    refuse,
    release_key,
    selection_in,
)
from healthtopics.server.responses import EncodedResponse, Key, ResponseCache, encode
from healthtopics.validation.public import check_manifest, check_public

_UNREADABLE: Final = Wording(
    en="the store of the service cannot be read now; its log says more.",
    es="el almacén del servicio no se puede leer en este momento; su registro da más detalles.",
)
_DAMAGED: Final = Wording(
    en="a file of the release is damaged; the log of the service says which.",
    es="un archivo de la versión está dañado; el registro del servicio indica cuál.",
)
_NO_TARGET: Final = Wording(
    en="the address of this request is not a valid URL.",
    es="la dirección de esta solicitud no es una URL válida.",
)

_REPLACED: Final = Wording(
    en="the current release was replaced while it was opened; the service tries again in a second.",
    es="la versión actual se reemplazó mientras se abría; el servicio lo intenta de nuevo en un segundo.",
)
_INCOMPLETE: Final = Wording(
    en="a file of the current release is missing or damaged; the log of the service says which.",
    es="falta un archivo de la versión actual o está dañado; el registro del servicio indica cuál.",
)
_UNKNOWN: Final = Wording(
    en="the current release is not one that this version of the service can read; its log says why. "
    "It must be published again.",
    es="esta versión del servicio no puede leer la versión publicada actual; su registro indica por qué. "
    "Hay que publicarla de nuevo.",
)
_UNOPENED: Final = Wording(
    en="the current release cannot be opened; the log of the service says why.",
    es="la versión actual no se puede abrir; el registro del servicio indica por qué.",
)

_LONGEST_WAIT_S: Final = 60.0
"""Between two looks at a damaged file."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, slots=True)
class Served:
    """A release and the answers made from it, replaced together."""

    site: Site | None
    answers: ResponseCache = field(default_factory=ResponseCache)

    @property
    def prefix(self) -> str:
        """The path of the base URL, without slash at the end; usually empty."""
        return self.site.prefix if self.site else ""

    def is_open(self, key: Key) -> bool:
        """Return whether nobody needs a key for a request."""
        return is_open(request_of(key), self.site)

    def encode(self, response: Response, key: Key) -> EncodedResponse:
        """Return a response as it is sent; an error in the language and form that the request asks for."""
        request = request_of(key)
        if not response.operation:
            response = replace(response, operation=operation_of(request, self.site))
        return encode(write_problem(response, request, self.site))


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why the current release of the store is not served."""

    said: Wording
    """For everybody: without paths of the machine."""
    details: str
    """For the log."""
    is_of_release: bool = True
    """Whether the release has it, so that the one before can be served; not the store."""


@dataclass(slots=True)
class _Damage:
    """What is wrong with a file, and when to look at it again; each time later, as it may be large."""

    error: IntegrityError
    due: float
    wait_s: float = 1.0


class Service:
    """Answers from one store. Each answer is made from one release, even while the next one arrives."""

    def __init__(
        self,
        store: ServedStore,
        clock: Callable[[], float] = time.monotonic,
        *,
        is_key_required: bool = False,
    ) -> None:
        """Open the current release; without one, every answer is 503 until `refresh` finds one."""
        self._store = store
        self._is_key_required = is_key_required
        self._clock = clock
        self._earlier = EarlierIndexes(store)
        self._served = Served(None)
        self._fault: _Fault | None = None
        self._damaged: dict[str, _Damage] = {}
        self.refresh()

    @property
    def served(self) -> Served:
        """The release that is served now."""
        return self._served

    @property
    def number(self) -> int:
        """The number of the release that is served; 0 for none."""
        return self._served.site.number if self._served.site else 0

    def pointer(self) -> dict[str, str]:
        """Return `time` and `expires` of the pointer to the release; empty without one."""
        site = self._served.site
        return {name: site.pointer[name] for name in ("time", "expires")} if site else {}

    def compose(self, key: Key, served: Served) -> EncodedResponse:
        """Make an answer."""
        if not _is_readable(key[1]):
            return served.encode(problem(400, _NO_TARGET), key)
        request = request_of(key)
        try:
            return encode(respond(request, served.site, self._fault.said if self._fault else NOTHING_YET))
        except (StorageError, UnusablePathError) as error:
            _log.error("%s", error)
            failure = problem(503, _UNREADABLE, headers=(("Retry-After", "10"),))
        except HealthTopicsError as error:
            if isinstance(error, IntegrityError):
                self._damaged.setdefault(error.key, _Damage(error, self._clock()))
            _log.error("%s", error)
            failure = problem(500, _DAMAGED)
        return served.encode(failure, key)

    def read(self, part: Source, offset: int, length: int) -> bytes:
        """Return some bytes of a large body; `offset` counts from the start of the part.

        What is made is read from the first byte to the last.
        """
        if isinstance(part, OpenBytes):
            return part.read(length)
        slices = part.within(offset, length)
        return b"".join(read_whole(self._store, each.key, each.offset, each.length) for each in slices)

    def refresh(self) -> None:
        """Open the current release if the pointer has changed; keep the old one if that fails.

        Files that were damaged are looked at again. It may take long: not for an event loop.
        """
        self._follow()
        self._look_again()

    def _follow(self) -> None:
        try:
            pointer = self._store.read(CURRENT)
        except FileNotFoundError:
            self._refuse(_Fault(NOTHING_YET, NOTHING_YET.en, is_of_release=False))
            return
        except (StorageError, UnusablePathError) as error:
            self._refuse(_Fault(_UNREADABLE, str(error), is_of_release=False))
            return
        try:
            if not self._is_same(pointer):
                self._open(pointer)
        except (HealthTopicsError, FileNotFoundError, LookupError, TypeError, sqlite3.Error) as error:
            details = f"the current release cannot be opened: {type(error).__name__}: {error}"
            self._refuse(_Fault(_wording_of(error), details))
            return
        if self._served.site is None:
            self._refuse(_Fault(_REPLACED, _REPLACED.en))
        else:
            self._fault = None

    def reason_against(self, now: Callable[[], datetime]) -> str:
        """Return why the release should not be relied on; empty if it may be."""
        if self._fault and not (self._served.site and self._fault.is_of_release):
            return self._fault.said.en
        if damaged := list(self._damaged.values()):
            return str(damaged[0].error)
        expires = self.pointer()["expires"]
        if datetime.fromisoformat(expires) <= now().astimezone(UTC):
            return f"release {self.number} expired at {expires}; the publishing job may have stopped"
        return ""

    @property
    def warning(self) -> str:
        """Why the current release of the store is not the one that is served; empty if it is."""
        return self._fault.said.en if self._served.site and self._fault else ""

    def _refuse(self, fault: _Fault) -> None:
        """Note what is wrong; the log has it once."""
        if fault != self._fault:
            _log.log(logging.WARNING if fault.said is NOTHING_YET else logging.ERROR, "%s", fault.details)
        self._fault = fault

    def _look_again(self) -> None:
        now = self._clock()
        for key, damage in list(self._damaged.items()):
            if now < damage.due:
                continue
            if self._is_damaged(key):
                damage.due = now + damage.wait_s
                damage.wait_s = min(2 * damage.wait_s, _LONGEST_WAIT_S)
            else:
                self._damaged.pop(key, None)

    def _is_damaged(self, key: str) -> bool:
        hashed = sha256()
        try:
            for part in self._store.parts(key):
                hashed.update(part)
        except (HealthTopicsError, FileNotFoundError):
            return True
        name = key.rpartition("/")[2].partition(".")[0]
        return key.startswith("objects/") and hashed.hexdigest() != name

    def _open(self, pointer: bytes) -> None:
        self._check(parse(pointer, CURRENT))
        site = open_site(self._store, self._earlier)
        # If the pointer was switched between the two reads, the next refresh finds it.
        if site.current == pointer:
            self._served = Served(replace(site, is_key_required=self._is_key_required))
            self._damaged.clear()

    def _is_same(self, pointer: bytes) -> bool:
        """Return whether this release is served already, and the part of it that is here is the same."""
        site = self._served.site
        if site is None or pointer != site.current:
            return False
        return selection_in(self._store, site.number) == site.index.selection

    def _check(self, pointer: Document) -> None:
        """Raise ReleaseError for a release that answers cannot be made from, whatever program wrote it."""
        refuse(check_public("public/current.schema.json", pointer, CURRENT))
        number, promise = promise_in(pointer)
        key = release_key(number, "manifest.json")
        refuse(check_manifest(parse(read_promised(self._store, key, promise), key), key))


def _wording_of(error: Exception) -> Wording:
    """Return why a release cannot be opened, for everybody."""
    match error:
        case IntegrityError() | FileNotFoundError():
            return _INCOMPLETE
        case ReleaseError():
            return _UNKNOWN
    return _UNOPENED


def keep(served: Served, key: Key, answer: EncodedResponse) -> None:
    """Keep an answer for requests of the same kind, unless it may concern a patient or will not last."""
    if answer.status in (200, 304) and not answer.is_private:
        served.answers.put(key, answer)


def split_target(target: bytes) -> tuple[bytes, bytes] | None:
    """Return path and query of a request target; None if it cannot be read."""
    path, _question_mark, query = target.partition(b"?")
    if target.startswith(b"/") or target == b"*":
        return path, query
    try:
        url = httptools.parse_url(target)  # the absolute form, as for a proxy
    except httptools.HttpParserInvalidURLError:
        return None
    return (url.path or b"/", url.query or b"") if url.schema in (b"http", b"https") else None


def _is_readable(target: bytes) -> bool:
    return target.isascii() and split_target(target) is not None


def request_of(key: Key) -> Request:
    """Return the request that a key describes; of a target that cannot be read, as much as there is."""
    method, target, body, fields = key
    path, query = split_target(target) or (target, b"")
    headers: dict[str, str] = {}
    for raw_name, raw_value in fields:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    decoded = unquote(path.decode("latin-1"))
    return Request(method.decode("latin-1"), decoded, headers, query.decode("latin-1"), body)


WANTED: Final = frozenset(name.encode() for name in FIELDS)
"""The header fields that a key has."""
