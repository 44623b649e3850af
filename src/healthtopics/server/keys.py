"""API keys: what a partner sends, and what is kept of it.

A key is `ht_`, an id and a secret of 256 random bits. Only its scrypt hash is kept, so that nobody who reads
the file can use a key.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from healthtopics.errors import ConfigurationError

PREFIX: Final = b"ht_"
"""What a key begins with, so that people and programs recognize one."""
_TOKEN: Final = re.compile(rb"ht_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_COST: Final = 2**13
"""Of scrypt, with blocks of 8: 8 MiB for each verification. As the secret is random, more adds nothing."""

_Hex = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{2})+\Z")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is kept of a key."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}\Z")]
    name: str
    """Who has it, in the operator's words."""
    created: str
    """An instant."""
    salt: _Hex
    hash: _Hex


@dataclass(frozen=True, slots=True)
class Keys:
    """The content of a file of keys."""

    keys: tuple[ApiKey, ...] = ()

    def find(self, token: bytes) -> ApiKey | None:
        """Return the key that a client has sent, if it is one of these; it takes some milliseconds."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            return None
        wanted = match[1].decode()
        for key in self.keys:
            if key.id == wanted:
                expected = bytes.fromhex(key.hash)
                return (
                    key if hmac.compare_digest(_hash(match[2], bytes.fromhex(key.salt)), expected) else None
                )
        return None


def new_key(name: str, created: str) -> tuple[ApiKey, str]:
    """Return a new key, and what its owner sends: that is kept nowhere."""
    identity, salt = secrets.token_hex(4), secrets.token_bytes(16)
    secret = urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=")
    key = ApiKey(id=identity, name=name, created=created, salt=salt.hex(), hash=_hash(secret, salt).hex())
    return key, f"ht_{identity}_{secret.decode()}"


def parse_keys(data: bytes, place: str) -> Keys:
    """Read a file of keys; an empty one has none. Raises ConfigurationError."""
    if not data.strip():
        return Keys()
    try:
        return msgspec.json.decode(data, type=Keys)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError):
        raise ConfigurationError(
            f"{place}: this is not a file of API keys. `healthtopics key create` writes one."
        ) from None


def serialize_keys(keys: Keys) -> bytes:
    """Return the content of a file of keys."""
    return msgspec.json.format(msgspec.json.encode(keys), indent=2) + b"\n"


def _hash(secret: bytes, salt: bytes) -> bytes:
    return hashlib.scrypt(secret, salt=salt, n=_COST, r=8, p=1, maxmem=2**25, dklen=32)
