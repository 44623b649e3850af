"""The input and the result of a publication."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Final

from healthtopics.cache import NO_CACHE, Cache
from healthtopics.jsontext import short_digest
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.release import Manifest
from healthtopics.workers import Progress

if TYPE_CHECKING:
    from healthtopics.checks.table import Checks
    from healthtopics.validation.topics import TopicSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """The software that builds the release."""

    name: str
    """Name and version, as in the manifest."""
    digest: str
    """The digest of every byte of code and schema that could change an artifact."""
    versions: tuple[str, ...] = ()
    """The versions of Python, and of the libraries and plug-ins that take part in decisions. A cached result
    is valid only under these versions; no artifact is made again for another version."""

    @property
    def judging(self) -> str:
        """Identifies all software that a cached result depends on."""
        return short_digest([self.digest, self.versions])


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """The means of the work. Neither workers nor cache change the result."""

    executor: Executor | None = None
    """Its workers, which must have access to files and store, share the work if there is enough of it."""
    cache: Cache = NO_CACHE
    """Stores results for files that have not changed."""
    scratch: Cache = NO_CACHE
    """Hands translated topics from the first pass to the second; what it loses is translated again."""
    spool: Callable[[], IO[bytes]] = BytesIO
    """Opens an empty file, for what is written part by part before it is read; workers call it, too."""
    folder: Callable[[], AbstractContextManager[Path]] = _temporary_folder
    """Makes an empty folder for what needs a path; it is removed at the end."""
    checks: "Checks | None" = None
    """The checks of every translation; by default all that are installed."""
    schema: "TopicSchema | None" = None
    """The schema of topics, if a workspace extends it; by default the packaged one."""
    progress: Progress = lambda _done, _total: None


PLAIN: Final = Engine()
"""One topic after the other, in this process, without a cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEase:
    """How easy an edition is to read, by the formula of its language; see `reading.ease`."""

    whole: float | None
    """None if it has too few words."""
    sections: Mapping[str, float]
    """By the id of the section, in order, without those that have too few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A manifest whose artifacts are in the store, not yet a release."""

    manifest: Manifest
    exported: int
    """The number of artifacts that were made from other inputs than those of the last release, or were
    damaged."""
    warnings: tuple[Problem, ...]
    lasting: tuple[Problem, ...]
    """Those of them that depend only on the files, whatever the last release was."""
    state: str
    """The digest of all files, as they were read."""
    until: str = ""
    """The next day on which dates of topics change something, ISO; empty if there is none."""
    drafts: tuple[str, ...] = ()
    """The topics that are unfinished, and so not in it."""
    due: frozenset[str] = frozenset()
    """The topics that go, or have gone, on the day that they name themselves."""
    ease: Mapping[str, Mapping[LanguageTag, TextEase]] = field(default_factory=dict)
    """How easy topics are to read, by topic and language; only without a store."""
