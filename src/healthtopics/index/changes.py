"""What changed since an earlier release, merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal

from healthtopics.index.opening import TopicIndex
from healthtopics.jsontext import canonical

Kind = Literal["added", "changed", "removed"]

_ADDED: Final = "added"


@dataclass(frozen=True, slots=True)
class EditionChange:
    """What happened to an edition between two releases."""

    language: str
    change: Kind
    formats: Mapping[str, Kind]
    """By format, what happened to its documents."""
    reasons: tuple[str, ...]
    """What was corrected, the oldest first."""
    title: str
    """The present one; empty if the edition was removed."""
    page: str
    updated: str


@dataclass(frozen=True, slots=True)
class TopicChange:
    """What happened to a topic between two releases."""

    topic: str
    change: Kind
    editions: tuple[EditionChange, ...]
    withdrawn: str = ""
    """The time of the first release without the topic; empty if there is none."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """The last titles of a topic that was withdrawn, by language."""


def earliest_release(index: TopicIndex) -> int:
    """Return the number of the first release since which changes are known."""
    number: int = index.value("SELECT min(number) FROM releases")
    return number


def is_known(index: TopicIndex, number: int) -> bool:
    """Return whether changes since a release are known."""
    return index.row("SELECT 1 FROM releases WHERE number = ?", (number,)) is not None


def changes_since(
    index: TopicIndex, number: int, *, limit: int, offset: int = 0
) -> tuple[int, list[TopicChange]]:
    """Return how many topics changed since a release that is known, and some of them, by id, from an offset.

    A topic that came and went in between counts as removed. Since 0, which is before all releases, everything
    was added.
    """
    if not number:
        return _everything(index, limit=limit, offset=offset)
    since = "FROM changes WHERE release > :number AND topic != ''"
    values = {"number": number, "limit": limit, "offset": offset}
    total: int = index.value(f"SELECT count(DISTINCT topic) {since}", values)
    topics = index.rows(f"SELECT DISTINCT topic {since} ORDER BY topic LIMIT :limit OFFSET :offset", values)
    ids = [topic for (topic,) in topics]
    rows = index.rows(
        """
        SELECT topic, language, format, change, reason FROM changes JOIN json_each(:ids) ON topic = value
        WHERE release > :number ORDER BY topic, language, format, release
        """,
        {"number": number, "ids": canonical(ids).decode()},
    )
    return total, [_merged(index, topic, list(own)) for topic, own in groupby(rows, itemgetter(0))]


def _everything(index: TopicIndex, *, limit: int, offset: int) -> tuple[int, list[TopicChange]]:
    total: int = index.value("SELECT count(*) FROM topics")
    query = "SELECT id FROM topics ORDER BY id LIMIT ? OFFSET ?"
    ids = [topic for (topic,) in index.rows(query, (limit, offset))]
    rows = index.rows(
        """
        SELECT topic, language, format, 'added', '' FROM artifacts JOIN json_each(?) ON topic = value
        ORDER BY topic, language, format
        """,
        (canonical(ids).decode(),),
    )
    found = {topic: list(own) for topic, own in groupby(rows, itemgetter(0))}
    return total, [TopicChange(topic, _ADDED, _editions(index, topic, found.get(topic, []))) for topic in ids]


def _editions(index: TopicIndex, topic: str, rows: Sequence[tuple[Any, ...]]) -> tuple[EditionChange, ...]:
    return tuple(
        _edition(index, topic, language, list(own))
        for language, own in groupby(rows, itemgetter(1))
        if language  # files of the whole topic have none
    )


def _merged(index: TopicIndex, topic: str, rows: Sequence[tuple[Any, ...]]) -> TopicChange:
    editions = _editions(index, topic, rows)
    exists = index.row("SELECT 1 FROM topics WHERE id = ?", (topic,)) is not None
    others = index.value("SELECT count(*) FROM editions WHERE topic = ?", (topic,))
    if exists:
        is_new = others == sum(each.change == _ADDED for each in editions)
        return TopicChange(topic, "added" if is_new else "changed", editions)
    graves = index.rows("SELECT language, title, date FROM tombstones WHERE topic = ?", (topic,))
    titles = {language: title for language, title, _ in graves}
    return TopicChange(topic, "removed", editions, graves[0][2] if graves else "", titles)


def _edition(index: TopicIndex, topic: str, language: str, rows: Sequence[tuple[Any, ...]]) -> EditionChange:
    formats = {name: _kind([row[3] for row in own]) for name, own in groupby(rows, itemgetter(2))}
    query = "SELECT title, page, updated FROM editions WHERE topic = ? AND language = ?"
    now = index.row(query, (topic, language))
    change: Kind = "removed"
    if now:
        held = index.rows(
            "SELECT DISTINCT format FROM artifacts WHERE topic = ? AND language = ?", (topic, language)
        )
        change = "added" if all(formats.get(name) == _ADDED for (name,) in held) else "changed"
    reasons = dict.fromkeys(reason for *_, reason in rows if reason)
    return EditionChange(language, change, formats, tuple(reasons), *(now or ("", "", "")))


def _kind(steps: Sequence[str]) -> Kind:
    """Return the sum of the changes of one document, the oldest first."""
    if steps[-1] == "removed":
        return "removed"
    return "added" if steps[0] == _ADDED else "changed"
