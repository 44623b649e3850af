"""How far all catalogues are translated, cached until something changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from healthtopics.cache import key_of, recall, remember
from healthtopics.language import LanguageTag
from healthtopics.layout import Files, Snapshot, topic_path
from healthtopics.problems import Problem
from healthtopics.publishing.digests import digest_files, state_of
from healthtopics.publishing.latest import LastRelease
from healthtopics.publishing.values import Engine, Maker
from healthtopics.workbench.sheets import Sheet


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
