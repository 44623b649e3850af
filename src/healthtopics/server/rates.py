"""How many requests a client may make in a time, and the fields that say so.

The fields are those of draft-ietf-httpapi-ratelimit-headers-11. Each worker counts by itself.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

_PERIODS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_RATE: Final = re.compile(rf"([1-9][0-9]{{0,8}})/({'|'.join(_PERIODS)})")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in a time."""

    requests: int
    seconds: int

    def __str__(self) -> str:
        period = next(name for name, seconds in _PERIODS.items() if seconds == self.seconds)
        return f"{self.requests}/{period}"


def parse_rate(text: str) -> Rate:
    """Read a rate like `600/minute`; raises ValueError."""
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a rate like 600/minute; periods are {', '.join(_PERIODS)}.")
    return Rate(int(match[1]), _PERIODS[match[2]])


@dataclass(frozen=True, slots=True)
class Quota:
    """What a client has left after a request."""

    rate: Rate
    remaining: int
    """-1 if this request is one too many."""
    reset_s: int
    """Until all of it is available again, rounded up."""

    @property
    def fields(self) -> bytes:
        """The header fields that say so."""
        policy = f'"default";q={self.rate.requests};w={self.rate.seconds}'
        state = f'"default";r={max(0, self.remaining)};t={self.reset_s}'
        return f"RateLimit-Policy: {policy}\r\nRateLimit: {state}\r\n".encode()


class Rates:
    """Counts the requests of clients in windows that begin with the first one."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._windows: dict[str, tuple[float, int]] = {}
        """By client: when its window ends, and how many requests it had. The oldest window comes first."""

    def take(self, client: str, now: float) -> Quota:
        """Count a request at a time in seconds of a clock that never goes back."""
        end, taken = self._windows.get(client, (now, 0))
        if end <= now:
            self._forget(now)
            end, taken = now + self.rate.seconds, 0
        taken = min(taken + 1, self.rate.requests + 1)
        self._windows[client] = end, taken
        return Quota(self.rate, self.rate.requests - taken, math.ceil(end - now))

    def _forget(self, now: float) -> None:
        """Forget windows that have ended."""
        for client, (end, _taken) in list(self._windows.items()):
            if end > now:
                break
            del self._windows[client]
