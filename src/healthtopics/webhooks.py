"""Webhooks as values: who gets which message, when it is tried again, and the signature.

The form is Standard Webhooks 1.0.0 (https://www.standardwebhooks.com) with symmetric signatures, `v1`. A
message has the same id however often it is sent, so that its receiver can ignore what it has seen.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final

import msgspec

from healthtopics.jsontext import digest, dump_line

_SCHEDULE_S: Final = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""How long to wait after each failed attempt; after one more failure it is given up."""
_JITTER: Final = 0.2
"""Up to this share is added to a wait, so that receivers are not asked all at once."""
_LONGEST: Final = timedelta(days=1)
"""A receiver cannot ask for a longer pause."""
_GONE: Final = 410
_SECRET: Final = "whsec_"  # noqa: S105 - the prefix of secrets, not one
_SECRET_BYTES: Final = range(24, 65)


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """A message to one receiver."""

    id: str
    payload: str
    attempts: int = 0
    due: datetime | None = None
    """When it may be sent again; None for at once."""

    def is_due(self, now: datetime) -> bool:
        """Return whether it may be sent.

        No wait is as long as one that only a clock that was ahead can have set.
        """
        return self.due is None or not now < self.due <= now + _LONGEST * (1 + _JITTER)


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """The messages that one receiver has not taken yet, oldest first."""

    announced: int = 0
    """The number of the last release that a message was made for."""
    pending: tuple[Notification, ...] = ()
    gone: str = ""
    """The digest of the address that answered 410, `Gone`: it gets nothing more."""


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """A release that readers have."""

    number: int
    sha256: str
    """Of its manifest."""
    time: str


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver answered."""

    status: int | None = None
    """None if there was no answer."""
    reason: str = ""
    """Why not, in words."""
    retry_after: str = ""
    """The header of that name."""

    @property
    def is_taken(self) -> bool:
        """Whether the message arrived: only 2xx says so."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more messages."""
        return self.status == _GONE

    def __str__(self) -> str:
        return self.reason or f"the receiver answers {self.status}"


def announce(
    mailbox: Mailbox | None, releases: Sequence[Announcement], *, base: str, url: str, again: bool = False
) -> Mailbox:
    """Return the mailbox with a message for each release that it does not know; `releases` are ascending.

    A new receiver gets a message about the last release only, and so does everybody if the numbers start
    again. With `again`, so does one that was gone.
    """
    last = releases[-1].number
    if again and mailbox is not None and is_gone(mailbox, url):
        mailbox = None
    if mailbox is None or mailbox.announced > last:
        mailbox = Mailbox(announced=last - 1, gone=mailbox.gone if mailbox else "")
    new = [release for release in releases if release.number > mailbox.announced]
    messages = () if is_gone(mailbox, url) else tuple(_message(release, base) for release in new)
    return Mailbox(announced=last, pending=(*mailbox.pending, *messages), gone=mailbox.gone)


def is_gone(mailbox: Mailbox, url: str) -> bool:
    """Return whether this address has answered 410; another address is tried again."""
    return mailbox.gone == digest(url.encode())


def _message(release: Announcement, base: str) -> Notification:
    data = {
        "baseUrl": base,
        "release": release.number,
        "manifest": f"{base}/releases/{release.number:06d}/manifest.json",
        "sha256": release.sha256,
    }
    payload = dump_line({"type": "release.published", "timestamp": release.time, "data": data})
    return Notification(id=f"msg_{digest(payload)[:32]}", payload=payload.decode().strip())


def settle(
    mailbox: Mailbox, message: Notification, reply: Reply, *, url: str, now: datetime, chance: float
) -> Mailbox:
    """Return the mailbox after a message was sent and answered; `chance`, 0 to 1, spreads attempts.

    After the last attempt the message is given up.
    """
    others = tuple(each for each in mailbox.pending if each.id != message.id)
    if len(others) == len(mailbox.pending):  # settled by another process in the meantime
        return mailbox
    if reply.is_gone:
        return Mailbox(announced=mailbox.announced, gone=digest(url.encode()))
    if reply.is_taken or is_last_attempt(message):
        return msgspec.structs.replace(mailbox, pending=others)
    wait = timedelta(seconds=_SCHEDULE_S[message.attempts] * (1 + _JITTER * chance))
    due = now + max(wait, min(_pause(reply.retry_after, now), _LONGEST))
    later = msgspec.structs.replace(message, attempts=message.attempts + 1, due=due)
    pending = tuple(later if each.id == message.id else each for each in mailbox.pending)
    return msgspec.structs.replace(mailbox, pending=pending)


def is_last_attempt(message: Notification) -> bool:
    """Return whether there is no attempt after the next one."""
    return message.attempts >= len(_SCHEDULE_S)


def _pause(header: str, now: datetime) -> timedelta:
    """Return how long the receiver wants not to be asked: `Retry-After`, seconds or a date."""
    if header.isascii() and header.isdigit():
        return min(timedelta(seconds=int(header[:9])), _LONGEST)
    try:
        moment = parsedate_to_datetime(header)
        return moment - now
    except (ValueError, TypeError):  # no date, or one without a time zone
        return timedelta()


def secrets_in(text: str) -> tuple[bytes, ...]:
    """Return the secrets in a text, separated by white space.

    Several are used while one replaces another: each message is signed with all of them.
    Raises ValueError, which names none, if one is wrong.
    """
    found = []
    for word in text.split():
        try:
            secret = base64.b64decode(word.removeprefix(_SECRET), validate=True)
        except binascii.Error:
            secret = b""
        if not word.startswith(_SECRET) or len(secret) not in _SECRET_BYTES:
            raise ValueError(
                f"a secret is {_SECRET} and {_SECRET_BYTES.start} to {_SECRET_BYTES.stop - 1} bytes in Base64"
            )
        found.append(secret)
    if not found:
        raise ValueError("there is no secret in it")
    return tuple(found)


def signed(message: Notification, secrets: Iterable[bytes], now: datetime) -> Mapping[str, str]:
    """Return the headers with which a message is sent now."""
    second = int(now.timestamp())
    content = f"{message.id}.{second}.{message.payload}".encode()
    signatures = (base64.b64encode(hmac.digest(secret, content, sha256)).decode() for secret in secrets)
    return {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
