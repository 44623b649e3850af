"""Conditional and range requests (RFC 9110 §13 and §14), for one representation with its strong ETag."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final, Literal, NamedTuple

from healthtopics.delivery.negotiation import LONGEST

# Possessive, so that the time grows with the length of the header and no faster.
_TAGS: Final = re.compile(r'[ \t,]*+(?P<tag>(?:W/)?"[\x21\x23-\x7e\x80-\xff]*+"|\*)[ \t]*+(?:,|\Z)')
_RANGE: Final = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)

Verdict = Literal[200, 304, 412]


def judge(headers: Mapping[str, str], etag: str, modified: str) -> Verdict:
    """Return whether to send the representation, say that it is unchanged, or that a precondition is false.

    In the order of RFC 9110 §13.2.2: a tag has precedence over the time that goes with it. `modified` is an
    instant, or empty if it is not known; times are compared in whole seconds.
    """
    wanted, since = headers.get("if-match"), _moment(headers.get("if-unmodified-since"))
    if wanted is not None:
        # Compared strongly (§13.1.1): a weak tag never matches.
        if not ({"*", etag} if etag.startswith('"') else {"*"}) & set(_tags(wanted)):
            return 412
    elif since and modified and datetime.fromisoformat(modified) > since:
        return 412
    known, since = headers.get("if-none-match"), _moment(headers.get("if-modified-since"))
    if known is not None:
        # Compared weakly (§13.1.2).
        wanted_tags = {each.removeprefix("W/") for each in _tags(known)}
        return 304 if {"*", etag.removeprefix("W/")} & wanted_tags else 200
    return 304 if since and modified and datetime.fromisoformat(modified) <= since else 200


def _tags(value: str) -> list[str]:
    """Return the entity tags of a list, up to the first thing that is not one; none of an overlong list."""
    found: list[str] = []
    if len(value) > LONGEST:
        return found
    position = 0
    while match := _TAGS.match(value, position):
        found.append(match["tag"])
        position = match.end()
    return found


def _moment(date: str | None) -> datetime | None:
    """Return the moment of an HTTP date; None if there is none, or if it is not valid."""
    if date is None:
        return None
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    # "-0000" gives a naive moment, which is UTC as well.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Range(NamedTuple):
    """Bytes of a representation; none, if the request asks for bytes that it does not have."""

    offset: int
    length: int


def read_range(headers: Mapping[str, str], etag: str, modified: str, total: int) -> Range | None:
    """Return the single range that a GET asks for; None if it gets everything.

    That is also what it gets for several ranges, for units other than bytes, and if what it has a part of
    has changed (If-Range, RFC 9110 §13.1.5). `total` is the length of the representation.
    """
    asked = _RANGE.fullmatch(headers.get("range", ""))
    if asked is None or not (asked[1] or asked[2]) or not _has_part(headers.get("if-range"), etag, modified):
        return None
    if not asked[1]:
        length = min(int(asked[2]), total)
        return Range(total - length, length)
    first = int(asked[1])
    last = min(int(asked[2] or total), total - 1)
    if asked[2] and int(asked[2]) < first:  # not a range at all (§14.1.1)
        return None
    return Range(first, max(last - first + 1, 0))


def _has_part(condition: str | None, etag: str, modified: str) -> bool:
    if condition is None:
        return True
    if condition.startswith(('"', "W/")):
        return condition.strip() == etag
    moment = _moment(condition)
    return bool(moment and modified and datetime.fromisoformat(modified) == moment)


def http_date(instant: str) -> str:
    """Return an instant as HTTP writes it (RFC 9110 §5.6.7)."""
    return format_datetime(datetime.fromisoformat(instant).astimezone(UTC), usegmt=True)
