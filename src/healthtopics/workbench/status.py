"""How far all catalogues are translated, cached until something changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from healthtopics.cache import key_of, recall, remember
from healthtopics.errors import NoCurrentReleaseError
from healthtopics.language import LanguageTag
from healthtopics.layout import Files, Snapshot, topic_path
from healthtopics.problems import Problem
from healthtopics.publishing.deciding import read_index
from healthtopics.publishing.digests import digest_files, state_of
from healthtopics.publishing.editions import Cards
from healthtopics.publishing.values import Engine, Maker
from healthtopics.release import Store, open_current, promise_in, read_pointer
from healthtopics.workbench.sheets import Sheet


@dataclass(frozen=True)
class LastRelease:
    """The published release; its cards are read when they are needed."""

    number: int
    sha256: str
    store: Store
    pinned: int | None = None
    """The number of the release that was gone back to; nothing new is published."""

    @cached_property
    def cards(self) -> Cards:
        """The cards of its editions."""
        return read_index(self.store, open_current(self.store).manifest.files).cards


def last_release(store: Store) -> LastRelease | None:
    """Return the published release; None if there is none."""
    try:
        pointer = read_pointer(store)
        number, promise = promise_in(pointer)
    except NoCurrentReleaseError:
        return None
    return LastRelease(number, promise.sha256, store, pointer.get("pinned"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How far the catalogues are translated."""

    release: int | None
    """The number of the last release."""
    sheets: tuple[Sheet, ...]
    errors: tuple[Problem, ...] = ()
    """The problems of the files that are left out."""


def status_of(
    files: Files,
    release: LastRelease | None,
    languages: Sequence[LanguageTag],
    names: Sequence[str] | None,
    *,
    maker: Maker,
    engine: Engine,
    leaves_out_faulty: bool = False,
) -> Status:
    """Return how far catalogues are translated: those of some topics, or without names all of them.

    A topic with errors is left out, or BuildError is raised, as in `look_at`.
    """
    files = Snapshot.of(files)
    wanted = [str(language) for language in languages]
    number, sha256 = (release.number, release.sha256) if release else (None, None)
    if names is None:
        digests = digest_files(files, maker, engine)
        key = key_of("status", digests.state, sha256, wanted)
        known = dict(recall(engine.cache, {key: key}, tuple[Sheet, ...])).get(key)
        if known is not None:
            return Status(release=number, sheets=known)
    else:
        digests = None
    from healthtopics.publishing.overview import look_at  # noqa: PLC0415 - only where there is something to do
    from healthtopics.workbench.worklist import sheets_of  # noqa: PLC0415 - as above

    overview = look_at(files, maker, engine, names, digests=digests, leaves_out_faulty=leaves_out_faulty)
    if names is not None:
        names = [name for name in names if topic_path(name) not in overview.faulty]
    sheets, read = sheets_of(overview, languages, names, release.cards if release else None, engine)
    judged = {name: each.digest for name, each in overview.decided.items()}
    if names is None and not overview.errors and read == judged:
        key = key_of("status", state_of(files, overview.digests.rules, judged), sha256, wanted)
        remember(engine.cache, {key: sheets})
    return Status(release=number, sheets=tuple(sheets), errors=overview.errors)
