"""Who may ask, and how often: API keys, rates, and the addresses of clients that proxies name."""

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from healthtopics.delivery.message import Response, Wording, problem
from healthtopics.errors import HealthTopicsError
from healthtopics.server.keys import PREFIX, ApiKey, Keys
from healthtopics.server.rates import Quota, Rate, Rates

FIELDS: Final = frozenset((b"authorization", b"x-api-key", b"x-forwarded-for"))
"""The header fields that are looked at here."""

Network = IPv4Network | IPv6Network

_NO_KEY: Final = Wording(
    en="this service needs an API key, in Authorization: Bearer … or X-API-Key. Its operator issues them.",
    es="este servicio requiere una clave de API, en Authorization: Bearer … o X-API-Key; pídala al operador.",
)
_WRONG_KEY: Final = Wording(
    en="this API key is not valid, or was revoked. Ask the operator of the service for another one.",
    es="esta clave de API no es válida o fue revocada. Solicite otra al operador del servicio.",
)
_TOO_MANY: Final = Wording(
    en="more than {requests} requests in {period} seconds; try again in {seconds} seconds.",
    es="más de {requests} solicitudes en {period} segundos; vuelva a intentarlo en {seconds} segundos.",
)
_FAILURES: Final = Rate(60, 60)
"""Of one client with wrong keys, if clients have no rate."""
_MOST_VERIFIED: Final = 10_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Admission:
    """What the gate says about a request."""

    refusal: Response | None = None
    """What to answer instead, if the request is not admitted."""
    fields: bytes = b""
    """Header fields of the answer."""
    is_private: bool = False
    """Whether the answer is for this client only."""


ADMITTED: Final = Admission()


@dataclass(frozen=True, slots=True)
class Claims:
    """What a request says of its sender."""

    peer: str
    """The address at the other end of the connection."""
    token: bytes
    """The API key; empty for none."""
    forwarded: bytes
    """X-Forwarded-For."""


def claims_of(peer: str, fields: Iterable[tuple[bytes, bytes]]) -> Claims:
    """Return what the fields say; of two keys, that in Authorization counts."""
    found: dict[bytes, bytes] = {}
    for name, value in fields:
        found[name] = found[name] + b"," + value if name in found else value
    scheme, _space, credentials = found.get(b"authorization", b"").partition(b" ")
    token = credentials.strip()
    # Clients of CDS Hooks send a token of another kind there, which is not for us.
    if scheme.lower() != b"bearer" or not token.startswith(PREFIX):
        token = found.get(b"x-api-key", b"")
    return Claims(peer, token, found.get(b"x-forwarded-for", b""))


class Gate:
    """Admits requests. Used by one thread, except `verify`."""

    def __init__(
        self,
        *,
        read_keys: Callable[[], Keys] | None = None,
        is_key_required: bool = False,
        rate: Rate | None = None,
        key_rate: Rate | None = None,
        proxies: Sequence[Network] = (),
    ) -> None:
        """Without `read_keys`, keys mean nothing.

        `key_rate` is that of clients with a key, `rate` that of all others.
        """
        self._read_keys = read_keys
        self._is_key_required = is_key_required
        self._rates = Rates(rate) if rate else None
        self._failures = self._rates or Rates(_FAILURES)
        self._key_rates = Rates(key_rate) if key_rate else None
        self._proxies = proxies
        # Replaced together: what was verified with revoked keys must not be kept beside the new ones.
        self._known: tuple[Keys, dict[bytes, ApiKey | None]] = (read_keys() if read_keys else Keys(), {})
        self._fault = ""
        self._pepper = secrets.token_bytes(32)
        self.is_open = read_keys is None and rate is None
        """Whether every request is admitted as it is."""

    def refresh(self) -> None:
        """Read the keys again, so that a revoked one ends."""
        if self._read_keys is None:
            return
        try:
            keys = self._read_keys()
        except HealthTopicsError as error:
            if str(error) != self._fault:
                _log.error("%s The last keys stay valid.", error)
            self._fault = str(error)
            return
        self._fault = ""
        if keys != self._known[0]:
            self._known = (keys, {})

    def verify(self, token: bytes) -> None:
        """Find out whether a key is valid, which takes some milliseconds; `admit` knows it then."""
        keys, verified = self._known
        if len(verified) >= _MOST_VERIFIED:
            verified.clear()
        verified[self._mark(token)] = keys.find(token)

    def admit(
        self, claims: Claims, now: float, is_open: Callable[[], bool] = lambda: False
    ) -> Admission | None:
        """Return whether a request is admitted; None if its key must be verified first.

        `now` is in seconds of a clock that never goes back; `is_open` says whether nobody needs a key.
        """
        key: ApiKey | None = None
        if self._read_keys is not None and claims.token:
            mark = self._mark(claims.token)
            _keys, verified = self._known
            if mark not in verified:
                return None
            key = verified[mark]
            if key is None:
                quota = self._failures.take(self.client_of(claims), now)
                return _unauthorized(_WRONG_KEY) if quota.remaining >= 0 else _too_many(quota)
        elif self._read_keys is not None and self._is_key_required and not is_open():
            return _unauthorized(_NO_KEY)
        is_private = key is not None
        rates = self._key_rates if key else self._rates
        if rates is None:
            return Admission(is_private=is_private)
        quota = rates.take(key.id if key else self.client_of(claims), now)
        if quota.remaining >= 0:
            return Admission(fields=quota.fields, is_private=is_private)
        return _too_many(quota)

    def client_of(self, claims: Claims) -> str:
        """Return the network of the client: its address, or the /64 of IPv6.

        It is the last address in X-Forwarded-For that is not a proxy's: what comes before, anybody can write.
        """
        named = [each.strip() for each in claims.forwarded.decode("latin-1").split(",")]
        found = _address_in(claims.peer)
        while named and any(found in network for network in self._proxies if found):
            before = _address_in(named.pop())
            if before is None:
                break
            found = before
        if isinstance(found, IPv6Address):
            return str(IPv6Network((int(found) >> 64 << 64, 64)))
        return str(found or claims.peer)

    def _mark(self, token: bytes) -> bytes:
        """Return what a verified key is remembered by: not the key, and nothing that can be timed."""
        return hashlib.blake2b(token, key=self._pepper, digest_size=32).digest()


def _address_in(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, that of IPv4 if it is one in the form of IPv6; None if it is not one."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _too_many(quota: Quota) -> Admission:
    detail = _TOO_MANY.filled(requests=quota.rate.requests, period=quota.rate.seconds, seconds=quota.reset_s)
    headers = (("Retry-After", str(quota.reset_s)),)
    return Admission(problem(429, detail, headers=headers), quota.fields)


def _unauthorized(detail: Wording) -> Admission:
    headers = (("WWW-Authenticate", 'Bearer realm="healthtopics"'),)
    return Admission(problem(401, detail, headers=headers), is_private=True)
