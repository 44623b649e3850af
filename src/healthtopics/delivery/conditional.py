"""Conditional requests: whether the client has these bytes already (RFC 9110 §13)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime


def is_unchanged(headers: Mapping[str, str], etag: str, modified: str) -> bool:
    """Return whether to answer 304; If-None-Match has precedence (RFC 9110 §13.2.2).

    `modified` is an instant, or empty if it is not known.
    """
    tags = headers.get("if-none-match")
    if tags is not None:
        given = (tag.strip().removeprefix("W/") for tag in tags.split(","))
        return any(tag in ("*", etag) for tag in given)
    since = headers.get("if-modified-since")
    if since is None or not modified:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except (ValueError, OverflowError):
        return False
    # "-0000" gives a naive moment, which is UTC as well.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.fromisoformat(modified) <= aware


def http_date(instant: str) -> str:
    """Return an instant as HTTP writes it (RFC 9110 §5.6.7)."""
    return format_datetime(datetime.fromisoformat(instant).astimezone(UTC), usegmt=True)
