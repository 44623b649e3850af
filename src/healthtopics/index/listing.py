"""Lists of topics: filtered, in pages, and from A to Z."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.jsontext import canonical
from healthtopics.language import SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What topics must have to be listed; an empty value filters nothing."""

    language: str = ""
    group: str = ""
    code: str = ""
    """In the form of `codes.plain`."""
    system: str = ""
    """The key of the code's system."""
    category: str = ""
    """A category that the edition has links of."""
    updated_since: str = ""
    """An instant; the edition changed then or later."""
    letter: str = ""
    """The letter of the title in the language."""
    is_complete: bool = False
    """Only editions whose text is all in their language and that of the release."""


class ListedCode(NamedTuple):
    """A code of a topic."""

    system: str
    uri: str
    """Empty if it is not known."""
    code: str
    display: str


class ListedEdition(NamedTuple):
    """An edition in a list."""

    language: str
    title: str
    description: str
    page: str
    updated: str
    state: str
    as_of: str
    """The instant of a held edition; otherwise empty."""


@dataclass(frozen=True, slots=True)
class ListedTopic:
    """A topic in a list."""

    id: str
    kind: str
    groups: tuple[str, ...]
    codes: tuple[ListedCode, ...]
    editions: tuple[ListedEdition, ...]
    """In the order of the release's languages."""


class LetterCount(NamedTuple):
    """How many titles of a language begin with a letter."""

    language: str
    letter: str
    titles: int


_CONDITIONS: Final[Mapping[str, str]] = {
    "language": "editions.language = :language",
    "group": "editions.topic IN (SELECT topic FROM topic_groups WHERE group_id = :group)",
    "code": """editions.topic IN (
        SELECT topic FROM codes
        WHERE plain = :code AND :system IN ('', system))""",
    "category": """EXISTS (
        SELECT 1 FROM stored_links
        WHERE edition = editions.id AND category = (SELECT id FROM texts WHERE text = :category))""",
    "updated_since": "updated >= :updated_since",
    "letter": "letter = :letter",
    "is_complete": "state = 'complete'",
}
"""By the name of the filter, of `stored_editions AS editions`."""
_OF_EDITIONS: Final = ("language", "is_complete")
"""The filters that decide which editions of a listed topic are shown."""


def list_topics(
    index: TopicIndex, filters: Filters, *, limit: int, offset: int = 0
) -> tuple[int, list[ListedTopic]]:
    """Return the number of topics that pass the filters, and some of them from an offset.

    They are in the order of their titles in the language of the filter; without it, in the order of ids.
    """
    where, values = _where(filters, _CONDITIONS)
    order = "sort, topic" if filters.language else "topic"
    total: int = index.value(f"SELECT count(DISTINCT topic) FROM stored_editions AS editions {where}", values)  # noqa: S608 - the conditions are constants
    ids = [
        topic
        for (topic,) in index.rows(
            f"""
            SELECT topic FROM stored_editions AS editions {where}
            GROUP BY topic ORDER BY {order} LIMIT :limit OFFSET :offset
            """,  # noqa: S608 - the conditions are constants
            {**values, "limit": limit, "offset": offset},
        )
    ]
    return total, list(_listed(index, ids, filters))


def _where(filters: Filters, names: Sequence[str] | Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    used = [name for name in names if getattr(filters, name)]
    values = {name: getattr(filters, name) for name in (*used, "system")}
    return (f"WHERE {' AND '.join(_CONDITIONS[name] for name in used)}" if used else ""), values


def _listed(index: TopicIndex, ids: Sequence[str], filters: Filters) -> Iterator[ListedTopic]:
    where, values = _where(filters, _OF_EDITIONS)
    values["ids"] = canonical(list(ids)).decode()
    kinds = dict(
        index.rows("SELECT topics.id, kind FROM topics JOIN json_each(:ids) ON topics.id = value", values)
    )
    groups = _by_topic(
        index.rows(
            "SELECT topic, group_id FROM topic_groups JOIN json_each(:ids) ON topic = value "
            "ORDER BY position",
            values,
        )
    )
    codes = _by_topic(
        index.rows(
            "SELECT topic, system, uri, code, display FROM codes JOIN json_each(:ids) ON topic = value "
            "ORDER BY system, code",
            values,
        )
    )
    editions = _by_topic(
        index.rows(
            f"""
            SELECT topic, editions.language, title, description, page, updated, state, as_of
            FROM editions JOIN json_each(:ids) AS id ON topic = id.value,
                release JOIN json_each(release.languages) AS tag ON tag.value = editions.language
            {where} ORDER BY tag.key
            """,  # noqa: S608 - the conditions are constants
            values,
        )
    )
    for topic in ids:
        yield ListedTopic(
            id=topic,
            kind=kinds[topic],
            groups=tuple(group for (group,) in groups.get(topic, ())),
            codes=tuple(ListedCode(*each) for each in codes.get(topic, ())),
            editions=tuple(ListedEdition(*each) for each in editions.get(topic, ())),
        )


def _by_topic(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for topic, *rest in rows:
        found.setdefault(topic, []).append(tuple(rest))
    return found


def count_letters(index: TopicIndex, language: str = "") -> list[LetterCount]:
    """Return the letters that titles begin with, in the order of the languages and of their titles.

    With a language, only those of its titles.
    """
    rows = index.rows(
        """
        SELECT editions.language, letter, count(*)
        FROM release JOIN json_each(release.languages) AS tag JOIN editions ON editions.language = tag.value
        WHERE :language IN ('', editions.language)
        GROUP BY tag.key, letter ORDER BY tag.key, min(sort)
        """,
        {"language": language},
    )
    return [LetterCount(*row) for row in rows]


def ids_of_groups(index: TopicIndex) -> list[str]:
    """Return the ids of the groups, in the order of the vocabulary."""
    return [key for (key,) in index.rows("SELECT id FROM groups GROUP BY id ORDER BY min(position)")]


def ids_of_categories(index: TopicIndex) -> list[str]:
    """Return the ids of the categories of links, in the order of the vocabulary."""
    return [key for (key,) in index.rows("SELECT id FROM categories GROUP BY id ORDER BY min(position)")]


class GroupCount(NamedTuple):
    """How many editions in a language a group has."""

    id: str
    label: str
    language: str
    """That of the label."""
    editions: int


def count_groups(index: TopicIndex, language: str) -> list[GroupCount]:
    """Return the groups that have editions in a language, in the order of the vocabulary."""
    rows = index.rows(
        """
        SELECT source.id, ifnull(own.label, source.label), ifnull(own.language, source.language), count(*)
        FROM stored_editions AS editions
            JOIN topic_groups USING (topic)
            JOIN groups AS source ON source.id = group_id AND source.language = ?
            LEFT JOIN groups AS own ON own.id = group_id AND own.language = editions.language
        WHERE editions.language = ?
        GROUP BY source.id ORDER BY source.position
        """,
        (SOURCE, language),
    )
    return [GroupCount(*row) for row in rows]


class DatedTitle(NamedTuple):
    """The title of an edition, and when its content last changed."""

    topic: str
    title: str
    updated: str
    """An instant."""


def latest_editions(index: TopicIndex, language: str, *, limit: int, offset: int = 0) -> list[DatedTitle]:
    """Return the editions in a language whose content changed last, the latest first."""
    rows = index.rows(
        """
        SELECT topic, title, updated FROM stored_editions AS editions WHERE language = ?
        ORDER BY updated DESC, sort, topic LIMIT ? OFFSET ?
        """,
        (language, limit, offset),
    )
    return [DatedTitle(*row) for row in rows]


def licences_in(index: TopicIndex, language: str) -> list[str]:
    """Return the addresses of the terms of use of editions in a language."""
    rows = index.rows(
        """
        SELECT DISTINCT licence FROM stored_editions AS editions
        WHERE language = ? AND licence != '' ORDER BY licence
        """,
        (language,),
    )
    return [address for (address,) in rows]
