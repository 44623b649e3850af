"""When a release is made: its time, and the day on which topics come and go."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from healthtopics.errors import ClockError
from healthtopics.release import Manifest, instant

_LEAD: Final = timedelta(minutes=5)
"""A release may be this far ahead of the clock, as releases are a second apart and clocks differ a little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """What the user wants instead of the time of the clock."""

    as_of: datetime | None = None
    """The moment for which topics are due or withdrawn; it never dates a release."""
    source_date: datetime | None = None
    """The time of the release: that of SOURCE_DATE_EPOCH."""
    correct_clock: bool = False
    """Whether a last release of the future may be followed by one with the right time."""


NO_WISHES: Final = Dating()
"""The clock dates the release, and topics come and go as on its day."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a release is made."""

    time: datetime
    """Of the release, UTC, whole seconds."""
    today: str
    """The day on which topics come and go, ISO."""
    corrects: bool = False
    """Whether the last release is later: then whatever it dates later than `time` gets that time."""

    @classmethod
    def at(cls, time: datetime, as_of: datetime | None = None, *, corrects: bool = False) -> "Moment":
        """Return a moment of that time, whose day is that of `as_of` if there is one."""
        today = (as_of or time).astimezone(UTC).date().isoformat()
        return cls(time.astimezone(UTC).replace(microsecond=0), today, corrects)


def date_release(last: Manifest | None, now: datetime, dating: Dating = NO_WISHES) -> Moment:
    """Return the moment of the release after the last: at least a second later than that, unless it corrects.

    Raises ClockError if the last release is later than the clock, or than the wanted time, and for a wanted
    time in the future.
    """
    if dating.source_date is not None:
        _check_source_date(last, now, dating.source_date)
        now = dating.source_date
    elif last is not None and datetime.fromisoformat(last.time) > now + _LEAD:
        if not dating.correct_clock:
            raise _ahead(last, now)
        return Moment.at(now, dating.as_of, corrects=True)
    if last is not None:
        now = max(now, datetime.fromisoformat(last.time) + timedelta(seconds=1))
    return Moment.at(now, dating.as_of)


def _check_source_date(last: Manifest | None, now: datetime, wanted: datetime) -> None:
    said = f"SOURCE_DATE_EPOCH is {instant(wanted)}"
    if wanted > now:
        raise ClockError(
            f"{said}, which is in the future: it is {instant(now)}. Set it to the time of the source."
        )
    if last is not None and instant(wanted) < last.time:
        raise ClockError(
            f"{said}, which is before {last.time}, the time of release {last.number}. Set a later time, or "
            "unset it so that the clock dates the release."
        )


def _ahead(last: Manifest, now: datetime) -> ClockError:
    return ClockError(
        f"clock-ahead: release {last.number} is of {last.time}, but here it is {instant(now)}. If this "
        f"clock is wrong, set it. If it was ahead when release {last.number} was published, run "
        "`healthtopics publish --correct-clock` once: it publishes with the right time under the next number."
    )
