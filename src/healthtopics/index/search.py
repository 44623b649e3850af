"""Finds topics by what people type, the best first."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from healthtopics.index.codes import topics_of_typed_code
from healthtopics.index.opening import TopicIndex
from healthtopics.index.querying import LONGEST_WORD, Plan, plan_search
from healthtopics.index.rows import search_table
from healthtopics.index.snippets import Snippet, WantedWords, find_snippet
from healthtopics.index.spelling import as_written
from healthtopics.index.stems import WORD, fold
from healthtopics.index.topics import editions_of
from healthtopics.jsontext import canonical

_WEIGHTS: Final = (10, 8, 6, 3, 2, 1)
"""What a word counts in title, names, terms, description, headings and text; its stem counts half of it."""
_RANK: Final = ", ".join(map(str, (0, *_WEIGHTS, *(each / 2 for each in _WEIGHTS))))

SEARCH: Final = """
WITH
    matched AS MATERIALIZED (
        SELECT rowid AS row, bm25({table}, {rank}) AS score FROM {table} WHERE {table} MATCH :expression
    ),
    grouped AS (
        SELECT DISTINCT own.id AS row, 0 AS score
        FROM json_each(:groups) AS named  -- mostly empty, and in this order it costs nothing then
            CROSS JOIN topic_groups ON group_id = named.value
            CROSS JOIN stored_editions AS own USING (topic)
        WHERE own.language = :searched AND own.id NOT IN (SELECT row FROM matched)
    ),
    found AS MATERIALIZED (
        SELECT row, score FROM (SELECT * FROM matched UNION ALL SELECT * FROM grouped)
        WHERE :is_sure OR row IN (
            SELECT own.id FROM stored_editions AS own JOIN editions AS shown USING (topic)
            WHERE own.language = :searched AND shown.language = :language
        )
    ),
    named AS MATERIALIZED (
        SELECT edition AS row, max(kind) AS kind FROM stored_names
        WHERE stems IN (:whole, :core)
        GROUP BY edition
    ),
    begun AS MATERIALIZED (
        SELECT {table}.rowid AS row, length(stored_editions.title) AS length
        FROM {table} JOIN stored_editions ON id = {table}.rowid
        WHERE {table} MATCH :begun
    ),
    best AS MATERIALIZED (
        SELECT row, score, kind, length, count(*) OVER () AS total,
            row IN (SELECT value FROM json_each(:first)) AS is_first
        FROM found LEFT JOIN named USING (row) LEFT JOIN begun USING (row)
        ORDER BY kind DESC, is_first DESC, length IS NULL, length, score, row
        LIMIT :limit OFFSET :offset
    )
SELECT row, shown.id, shown.topic, shown.title, shown.description, shown.page, shown.updated, total
FROM best
    JOIN stored_editions AS own ON own.id = row
    JOIN stored_editions AS shown ON shown.topic = own.topic AND shown.language = :language
ORDER BY kind DESC, is_first DESC, length IS NULL, length, score, row
"""
"""Topics that have the query as a name come first: as their title, then as a synonym, then as an index term,
which is the order of these words from Z to A. Then come titles that begin with the query, the shortest first.
Of equal ones, the row says which title comes first. The score
of a match is below zero, and that of a topic in a group is zero: those come last.

Nothing is read of other topics but their rows until the best are known: that takes most of the time."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """An edition that was found."""

    topic: str
    title: str
    description: str
    page: str
    updated: str
    """An instant."""
    snippet: Snippet
    is_partial: bool = False
    """Whether it lacks some of the words."""


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the editions that were found."""

    total: int = 0
    """The number of all of them."""
    hits: tuple[SearchResult, ...] = ()
    searched: str = ""
    """The language of the words that matched; empty if none did, or if a code did."""
    is_partial: bool = False
    """Whether no topic has all words: the topics have some, or words that begin alike."""
    corrected: str = ""
    """The text with known words instead of misspelled ones, which was searched for; empty if none is."""


def search(
    index: TopicIndex, text: str, language: str, *, limit: int, offset: int = 0, is_unfinished: bool = False
) -> Found:
    """Return the editions in a language of the index that a text describes, from an offset, the best first.

    If the text is a code that topics have, these are found.

    `is_unfinished` says that the last word is still being typed.
    """
    coded = topics_of_typed_code(index, text, language)
    if coded is not None:
        hits = (_hit_of(index, topic, language) for topic in coded[offset : offset + limit])
        return Found(total=len(coded), hits=tuple(hits))
    plan = plan_search(index, text, language, is_unfinished=is_unfinished)
    if plan is None:
        return Found()
    query, values = statement(plan, language, limit=limit, offset=offset, is_whole=index.is_whole)
    rows = index.rows(query, values)
    # Beyond the last page no row says how many there are.
    counted = rows or (index.rows(query, {**values, "limit": 1, "offset": 0}) if offset else [])
    wanted = _wanted(plan, language)
    complete = _complete(index, plan, [row for row, *_ in rows])
    return Found(
        total=counted[0][-1] if counted else 0,
        hits=tuple(
            SearchResult(
                topic,
                title,
                description,
                page,
                updated,
                _snippet(index, edition, description, wanted),
                is_partial=row not in complete,
            )
            for row, edition, topic, title, description, page, updated, _ in rows
        ),
        searched=plan.language,
        is_partial=plan.is_partial,
        corrected=_corrected(index, text, plan),
    )


def _complete(index: TopicIndex, plan: Plan, found: Sequence[int]) -> Container[int]:
    """Return the rows with all words among those that were found."""
    if not plan.whole:
        return found
    table = search_table(plan.language)
    query = f"""
        SELECT rowid FROM {table}
        WHERE {table} MATCH ? AND rowid IN (SELECT value FROM json_each(?))
    """  # noqa: S608 - our table
    return {row for (row,) in index.rows(query, (plan.whole, canonical(found).decode()))}


def _corrected(index: TopicIndex, text: str, plan: Plan) -> str:
    """Return the text with the words that were searched for; empty if these are its own."""
    if not plan.respelled:
        return ""
    known = {word: as_written(index, near, plan.language) for word, near in plan.respelled.items()}
    return WORD.sub(lambda found: known.get(fold(found[0])[:LONGEST_WORD], found[0]), text)


def _hit_of(index: TopicIndex, topic: str, language: str) -> SearchResult:
    """Return a topic that a code leads to: none of its words is to be marked."""
    found = next(each for each in editions_of(index, topic) if each.language == language)
    return SearchResult(
        topic, found.title, found.description, found.page, found.updated, Snippet(found.description, ())
    )


def statement(
    plan: Plan, language: str, *, limit: int, offset: int, is_whole: bool = True
) -> tuple[str, dict[str, Any]]:
    """Return the query that a plan leads to, and the values of its parameters.

    `is_whole` says that everything that can be found is here.
    """
    whole, core = plan.names
    return SEARCH.format(table=search_table(plan.language), rank=_RANK), {
        "expression": plan.expression,
        "whole": whole,
        "core": core,
        "begun": plan.begun,
        "groups": canonical(plan.groups).decode(),
        "first": canonical(plan.first).decode(),
        "searched": plan.language,
        "language": language,
        "is_sure": is_whole and plan.language == language,
        "limit": limit,
        "offset": offset,
    }


def _wanted(plan: Plan, language: str) -> WantedWords:
    """Return what to mark: nothing, if the words are those of another language."""
    return (
        WantedWords(language, plan.stems, plan.beginnings)
        if plan.language == language
        else WantedWords(language)
    )


def _snippet(index: TopicIndex, edition: int, description: str, wanted: WantedWords) -> Snippet:
    return find_snippet(filter(None, _passages(index, edition, description)), wanted)


def _passages(index: TopicIndex, edition: int, description: str) -> Iterator[str]:
    """Yield the description of an edition, then its text, which is only read if it is wanted."""
    yield description
    texts = index.rows("SELECT text FROM stored_sections WHERE edition = ? ORDER BY position", (edition,))
    for (text,) in texts:
        yield from text.split("\n")
