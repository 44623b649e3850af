"""The time, and the moments that users name instead of it."""

import os
from datetime import UTC, datetime
from typing import Final

import typer

_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9000
"""Moments are before it: the calendar must include the day on which the release expires."""


def now() -> datetime:
    """Return the time: the one place where the clock is read."""
    return datetime.now(UTC)


def moment(text: str) -> datetime:
    """Return the moment that the user names."""
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        named = None
    if named is None or not _FIRST_YEAR <= named.year < _LAST_YEAR:
        raise typer.BadParameter(f"{text!r} is not a moment like 2026-11-20T06:00:00Z.")
    return named if named.tzinfo else named.replace(tzinfo=UTC)


def source_date() -> datetime | None:
    """Return the moment of SOURCE_DATE_EPOCH, None if unset or empty (https://reproducible-builds.org/specs)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return None
    try:
        named = datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        named = None
    if named is None or not _FIRST_YEAR <= named.year < _LAST_YEAR:
        raise typer.BadParameter(
            f"SOURCE_DATE_EPOCH is {epoch!r}, which is not a number of seconds since 1970."
        )
    return named


def due(text: str | None) -> datetime:
    """Return the moment for which topics are due: the named one, else that of SOURCE_DATE_EPOCH, else now."""
    return moment(text) if text is not None else source_date() or now()


def day_of(text: str | None) -> str:
    """Return the day of `due`, ISO, in UTC."""
    return due(text).astimezone(UTC).date().isoformat()
