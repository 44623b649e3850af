"""Where the process says how it is; `server.health` answers there, without a release, too."""

from typing import Final

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
METRICS: Final = "/metrics"
