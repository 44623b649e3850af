"""What goes into a publication and what comes out of it."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from healthtopics.problems import Problem
from healthtopics.release import Manifest, Store

if TYPE_CHECKING:
    from healthtopics.checks.table import Checks
    from healthtopics.validation import TopicSchema

Progress = Callable[[int, int], None]
"""Told how many topics of how many are done."""

INDEX = "topics.json"
"""The artifact that lists all topics with the card of each edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Which software builds the release."""

    name: str
    """Name and version, as the manifest says it."""
    digest: str
    """Stands for every byte of code and schema that could change an artifact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What a publication works with. Neither workers nor cache change what comes out."""

    executor: Executor | None = None
    """Its workers, who must reach files and store, share the work where there is enough of it."""
    cache: Store | None = None
    """Keeps what was learnt of each topic for the next time; it belongs to no release."""
    checks: "Checks | None" = None
    """What is asked of every translation; all that are installed if left out."""
    schema: "TopicSchema | None" = None
    """What a topic may hold, where a workspace extends it; the packaged one if left out."""
    progress: Progress = lambda _done, _total: None


PLAIN: Final = Engine()
"""One topic after the other, in this process, and nothing is kept for the next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A manifest whose artifacts are in the store, not yet a release."""

    manifest: Manifest
    exported: int
    """Artifacts that were made in this run; all others were taken over from the last release."""
    warnings: tuple[Problem, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    """By topic, of the bytes of its files."""
    topics: Mapping[str, bytes] = field(default_factory=dict)
    """What the record of this publication says of each topic; see `record`."""
    until: str = ""
    """The next day on which a topic comes or goes by its own dates, ISO; empty where there is none."""
