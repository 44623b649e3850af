"""What readers would lose with the next release: more than a limit only goes if somebody permits it.

A folder that was emptied by mistake, or a line that got lost in healthtopics.toml, must not take a collection
away from readers.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from healthtopics.errors import BuildError, StorageError
from healthtopics.layout import CONFIGURATION, LOCALES, TOPICS, Files, topic_path
from healthtopics.problems import Problem
from healthtopics.publishing.values import Built
from healthtopics.release import Manifest

_FEW: Final = 5
"""So many topics may always go."""
_SHARE: Final = 0.1
"""So large a part of the topics may go."""
_HALF: Final = 0.5
"""More than this never goes by itself, however few topics there are."""
_SHOWN: Final = 100
"""This many topics are named."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What somebody permits to withdraw beyond the limit."""

    topics: int = 0
    """This many topics."""
    names: frozenset[str] = frozenset()
    """These languages and formats as a whole."""

    @classmethod
    def of(cls, values: Iterable[str]) -> "Permission":
        """Read numbers of topics, and names of languages and formats; of numbers the largest counts."""
        given = list(values)
        numbers = [int(value) for value in given if value.isdecimal()]
        return cls(max(numbers, default=0), frozenset(value for value in given if not value.isdecimal()))


NOTHING: Final = Permission()


def check_withdrawals(
    last: Manifest,
    following: Manifest,
    due: Collection[str],
    permission: Permission = NOTHING,
    *,
    rolls_back_to: int | None = None,
) -> Iterator[Problem]:
    """Yield what the following release withdraws from readers beyond the limit.

    Topics that are `due` to go, by their own date, are not counted. `rolls_back_to` is the number of the
    release that the following one repeats, if it does: then no file is missing.
    """
    before, after = _documents(last), _documents(following)
    topics = {topic for topic, *_ in before}
    lost = sorted(topics.difference(due, (topic for topic, *_ in after)))
    is_many = len(lost) > max(_FEW, _SHARE * len(topics)) or len(lost) > _HALF * len(topics)
    if is_many and len(lost) > permission.topics:
        yield _withdrawn_topics(lost, len(topics), last.number, rolls_back_to)
    expected = [each for each in before if each[0] not in due]
    for name in sorted(
        {each[1] for each in expected}.difference((each[1] for each in after), permission.names)
    ):
        what = f"every edition in the language {name!r} of release {last.number}"
        yield _withdrawn_whole(
            check="withdrawn-language", path=LOCALES, what=what, name=name, back=rolls_back_to
        )
    for name in sorted(
        {each[2] for each in expected}.difference((each[2] for each in after), permission.names)
    ):
        what = f"every document in the format {name!r} of release {last.number}"
        yield _withdrawn_whole(
            check="withdrawn-format", path=CONFIGURATION, what=what, name=name, back=rolls_back_to
        )


def _withdrawn_whole(*, check: str, path: str, what: str, name: str, back: int | None) -> Problem:
    permitting = f"`{_command(back)} --allow-withdrawals {name}`."
    return Problem(
        check=check,
        path=path,
        message=f"{what} would be withdrawn.",
        hint=f"Restore it in {CONFIGURATION}. If it is meant to go: {permitting}"
        if back is None
        else f"If it is meant to go: {permitting}",
    )


def _documents(manifest: Manifest) -> set[tuple[str, str, str]]:
    """Return topic, language and format of each document about a topic."""
    return {(each.topic, each.language, each.format) for each in manifest.files.values() if each.topic}


def _command(back: int | None) -> str:
    return "healthtopics publish" if back is None else f"healthtopics release rollback {back}"


def _withdrawn_topics(lost: list[str], before: int, release: int, back: int | None) -> Problem:
    permitting = f"`{_command(back)} --allow-withdrawals {len(lost)}`."
    named = ", ".join(lost[:_SHOWN]) + (f" and {len(lost) - _SHOWN:,} more" if len(lost) > _SHOWN else "")
    return Problem(
        check="withdrawn-topics",
        path=TOPICS,
        message=f"{len(lost):,} of the {before:,} topics of release {release} would be withdrawn: {named}.",
        hint="Restore their files. If they are meant to go: give them a `withdrawFrom` date, or run "
        + permitting
        if back is None
        else f"If they are meant to go: {permitting}",
    )


def refuse_lost_folder(files: Files, last: Manifest | None) -> None:
    """Raise BuildError if there is no topic any more: nothing else that could be said of the files helps."""
    if last is None or files.topic_names() or files.unfit():
        return
    if before := len({each.topic for each in last.files.values() if each.topic}):
        raise BuildError(
            [
                Problem(
                    check="no-topics",
                    path=TOPICS,
                    message=f"there is no topic here; release {last.number} has {before:,}.",
                    hint=f"Restore the folder {TOPICS}/, from version control or the backup.",
                )
            ]
        )


def refuse_withdrawals(files: Files, last: Manifest, built: Built, permission: Permission = NOTHING) -> None:
    """Raise BuildError if the next release withdraws more than the limit.

    A trial at another address is not missed.
    Raises StorageError if a topic was only absent when the files were listed: editors and version control
    replace a file by removing it and writing it again.
    """
    if last.base_url != built.manifest.base_url:
        return
    missing = {each.topic for each in last.files.values() if each.topic}.difference(files.topic_names())
    if missing and (back := sorted(missing.intersection(files.listed_again().topic_names()))):
        raise StorageError(
            f"{topic_path(back[0])}: it was not there when the workspace was listed, and is there now. "
            "Run this again."
        )
    found = [
        *check_drafts(last, built.drafts, built.due, permission),
        *check_withdrawals(last, built.manifest, built.due, permission),
    ]
    if found:
        raise BuildError(found)


def check_drafts(
    last: Manifest, drafts: Iterable[str], due: Collection[str], permission: Permission = NOTHING
) -> Iterator[Problem]:
    """Yield the drafts that readers have: a topic is withdrawn by its day, not by a mark on its text.

    Topics that are `due` to go, by their own date, may be drafts.
    """
    published = {each.topic for each in last.files.values() if each.topic}
    drafts = [name for name in drafts if name in published and name not in due]
    for name in drafts if len(drafts) > permission.topics else ():
        yield Problem(
            check="draft-published",
            path=topic_path(name),
            pointer="/draft",
            message=f"release {last.number} has this topic; as a draft it would be withdrawn.",
            hint="Remove `draft`, and publish changes when they are finished. If the topic is meant to go: "
            f"set `dates.withdrawFrom`, or run `{_command(None)} --allow-withdrawals {len(drafts)}`.",
        )
