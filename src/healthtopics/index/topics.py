"""Topics and their editions."""

from typing import NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import EditionRow, SectionRow, TombstoneRow


def editions_of(index: TopicIndex, topic: str) -> list[EditionRow]:
    """Return the editions of a topic in the order of the release's languages; none for an unknown topic."""
    rows = index.rows(
        """
        SELECT editions.* FROM editions, release, json_each(release.languages) AS known
        WHERE topic = ? AND known.value = language ORDER BY known.key
        """,
        (topic,),
    )
    return [EditionRow(*row) for row in rows]


def sections_of(index: TopicIndex, topic: str, language: str) -> list[SectionRow]:
    """Return the sections of an edition in reading order."""
    rows = index.rows(
        "SELECT * FROM sections WHERE topic = ? AND language = ? ORDER BY position", (topic, language)
    )
    return [SectionRow(*row) for row in rows]


def graves_of(index: TopicIndex, topic: str) -> list[TombstoneRow]:
    """Return the editions of a topic that was withdrawn, by language; none for any other topic."""
    return [
        TombstoneRow(*row)
        for row in index.rows("SELECT * FROM tombstones WHERE topic = ? ORDER BY language", (topic,))
    ]


def topic_ids(index: TopicIndex) -> list[str]:
    """Return the ids of all topics, ordered."""
    return [topic for (topic,) in index.rows("SELECT id FROM topics ORDER BY id")]


class EditionCount(NamedTuple):
    """How many editions there are in a language."""

    language: str
    editions: int
    held: int
    """Those of earlier releases."""


def count_editions(index: TopicIndex) -> list[EditionCount]:
    """Return the numbers of editions by language."""
    rows = index.rows("SELECT language, count(*), total(state = 'held') FROM editions GROUP BY language")
    return [EditionCount(language, editions, int(held)) for language, editions, held in rows]


def count_topics(index: TopicIndex) -> int:
    """Return the number of topics."""
    count: int = index.value("SELECT count(*) FROM topics")
    return count


def widest_topic(index: TopicIndex) -> str:
    """Return the first topic of those with most editions; empty if there is none."""
    topic: str | None = index.value(
        "SELECT topic FROM editions GROUP BY topic ORDER BY count(*) DESC, topic LIMIT 1"
    )
    return topic or ""
