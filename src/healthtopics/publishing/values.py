"""What goes into a publication and what comes out of it."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtopics import release
from healthtopics.cache import NO_CACHE, Cache
from healthtopics.jsontext import short_digest
from healthtopics.problems import Problem
from healthtopics.release import Manifest

if TYPE_CHECKING:
    from healthtopics.checks.table import Checks
    from healthtopics.validation import TopicSchema

Progress = Callable[[int, int], None]
"""Called with the steps that are done, and how many there are: each topic is judged, then exported."""
INDEX = release.INDEX


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Which software builds the release."""

    name: str
    """Name and version, as the manifest says it."""
    digest: str
    """Stands for every byte of code and schema that could change an artifact."""
    versions: tuple[str, ...] = ()
    """Of Python, and of the libraries and plug-ins that take part in decisions. A result in the cache holds
    under these versions alone; no artifact is made again for another version."""

    @property
    def judging(self) -> str:
        """Stands for all software that a result in the cache depends on."""
        return short_digest([self.digest, self.versions])


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What the work is done with. Neither workers nor cache change what comes out."""

    executor: Executor | None = None
    """Its workers, who must reach files and store, share the work where there is enough of it."""
    cache: Cache = NO_CACHE
    """Keeps what is known of files that have not changed."""
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
    """Artifacts that were made from something else than those of the last release, or that were damaged."""
    warnings: tuple[Problem, ...]
    lasting: tuple[Problem, ...]
    """Those of them that hold of the files alone, whatever the last release was."""
    state: str
    """The digest of all files, as they were read."""
    until: str = ""
    """The next day on which a topic comes or goes by its own dates, ISO; empty where there is none."""
