"""What the workers of a service count, in memory that they share, and its form for Prometheus.

Each worker writes numbers of its own only, so that nothing is locked; whichever is asked adds them up.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

_PREFIX: Final = "healthtopics_service_"
_BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Of the buckets of durations, in seconds; one without a bound follows."""
_STATUSES: Final = (
    *(200, 204, 206, 301, 302, 303, 304, 307, 308),
    *(400, 401, 403, 404, 405, 406, 408, 410, 412, 413, 414, 415, 416, 429, 431),
    *(500, 501, 503, 505),
)
"""Every status that is counted as itself."""
_OTHER: Final = 599
"""As which others are counted."""
_GAUGES: Final = {
    "requests_in_flight": "Requests that are being answered.",
    "connections": "Open connections.",
    "release_number": "Number of the release that is served; 0 for none.",
    "release_timestamp_seconds": "When the pointer to the release was written.",
    "release_expires_timestamp_seconds": "When the release expires.",
    "release_fit": "1 if the release may be relied on, as /health/ready says.",
    "release_is_newest": "1 if the release that is served is the current one of the store.",
}
_CLOSED: Final = ("receiving", "idle", "sending", "full", "stopping")
"""Why connections are closed by the service: a time limit, to make room, or at its end."""

_DURATIONS: Final = len(_BOUNDS) + 2
"""The buckets, the last without a bound, and the sum."""


class Tally:
    """The numbers of all workers. To be made before the workers are, which inherit it."""

    def __init__(self, routes: Iterable[str], workers: int = 1) -> None:
        """Make room for the routes, by the names that requests are counted with."""
        self._routes = tuple(dict.fromkeys(("", *routes)))
        self._size = len(self._routes) * (2 * (len(_STATUSES) + 1) + _DURATIONS) + len(_GAUGES) + len(_CLOSED)
        memory = memoryview(mmap.mmap(-1, 8 * self._size * workers)).cast("d")
        self.counts = [
            WorkerTally(memory[each * self._size : (each + 1) * self._size], self._routes)
            for each in range(workers)
        ]

    def text(self) -> bytes:
        """Return all numbers in the text format of Prometheus."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; the name is that of the library's collectors."""
        requests = CounterMetricFamily(
            _PREFIX + "requests", "Answered requests, by route.", labels=("route", "status")
        )
        sent = CounterMetricFamily(
            _PREFIX + "response_bytes", "Bytes of the bodies of answers.", labels=("route", "status")
        )
        durations = HistogramMetricFamily(
            _PREFIX + "request_duration_seconds",
            "From the last byte of a request to its answer.",
            labels=("route",),
        )
        for route in self._routes:
            for status in (*_STATUSES, _OTHER):
                if number := sum(each.requests(route, status) for each in self.counts):
                    labels = (route or "none", str(status) if status != _OTHER else "other")
                    requests.add_metric(labels, number)
                    sent.add_metric(labels, sum(each.bytes_sent(route, status) for each in self.counts))
            *buckets, total = map(sum, zip(*(each.durations(route) for each in self.counts), strict=True))
            if any(buckets):
                durations.add_metric((route or "none",), list(_cumulative(buckets)), total)
        yield from (requests, sent, durations)
        closed = CounterMetricFamily(
            _PREFIX + "connections_closed", "Connections that the service closed.", labels=("reason",)
        )
        for reason in _CLOSED:
            closed.add_metric((reason,), sum(each.closed(reason) for each in self.counts))
        yield closed
        for name, about in _GAUGES.items():
            gauge = GaugeMetricFamily(_PREFIX + name, about, labels=("worker",))
            for worker, each in enumerate(self.counts, start=1):
                gauge.add_metric((str(worker),), each.gauge(name))
            yield gauge


def _cumulative(buckets: Sequence[float]) -> Iterator[tuple[str, float]]:
    total = 0.0
    for bound, number in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
        total += number
        yield bound, total


class WorkerTally:
    """The numbers of one worker."""

    def __init__(self, memory: "memoryview[float]", routes: Sequence[str]) -> None:
        self._memory = memory
        of_statuses = 2 * (len(_STATUSES) + 1)
        self._routes = {route: place * (of_statuses + _DURATIONS) for place, route in enumerate(routes)}
        self._statuses = {status: 2 * place for place, status in enumerate((*_STATUSES, _OTHER))}
        self._durations = of_statuses
        end = len(routes) * (of_statuses + _DURATIONS)
        self._others = {name: end + place for place, name in enumerate((*_GAUGES, *_CLOSED))}

    def count(self, route: str, status: int, length: int, seconds: float) -> None:
        """Count an answer."""
        memory = self._memory
        start = self._routes.get(route, 0)
        at = start + self._statuses.get(status, self._statuses[_OTHER])
        memory[at] += 1
        memory[at + 1] += length
        start += self._durations
        memory[start + bisect_left(_BOUNDS, seconds)] += 1
        memory[start + _DURATIONS - 1] += seconds

    def count_closed(self, reason: str) -> None:
        """Count a connection that the service closed."""
        self._memory[self._others[reason]] += 1

    def set_gauge(self, name: str, value: float) -> None:
        """Note what is true now."""
        self._memory[self._others[name]] = value

    def requests(self, route: str, status: int) -> float:
        """Return how many requests were answered."""
        return float(self._memory[self._routes[route] + self._statuses[status]])

    def bytes_sent(self, route: str, status: int) -> float:
        """Return the number of bytes of the bodies of these answers."""
        return float(self._memory[self._routes[route] + self._statuses[status] + 1])

    def durations(self, route: str) -> list[float]:
        """Return the number of answers in each bucket, then the sum of all durations."""
        start = self._routes[route] + self._durations
        return list(self._memory[start : start + _DURATIONS])

    def closed(self, reason: str) -> float:
        """Return how many connections were closed for a reason."""
        return float(self._memory[self._others[reason]])

    def gauge(self, name: str) -> float:
        """Return what was last noted."""
        return float(self._memory[self._others[name]])
