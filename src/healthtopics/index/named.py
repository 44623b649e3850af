"""Topics by a name, for programs: they show what they get, so that nothing may come that only sounds alike.

A search box offers topics that have some of the words, or words that begin alike, and a reader chooses. Here
all words of the name that is looked up must be in one name of a topic, in any form and order.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.index.qualifiers import without_qualifiers
from healthtopics.index.querying import common_words
from healthtopics.index.rows import search_table
from healthtopics.index.stems import stem, words

_TERM: Final = "index-term"
_NEGATIONS: Final = frozenset(("no", "not", "ni", "sin"))
"""Common words without which a name would say the opposite."""


class NamedTopic(NamedTuple):
    """A topic that a name leads to."""

    topic: str
    is_whole: bool
    """Whether the name is one of its titles or synonyms, and not only an index term or a part of a name."""


class _Name(NamedTuple):
    topic: str
    kind: str
    """As in the table `names`."""
    is_all: bool
    """Whether it has no other words."""


def topics_named(index: TopicIndex, name: str, language: str, *, limit: int) -> list[NamedTopic]:
    """Return the topics with a name, the best first; whether they have an edition in the language or not.

    Those whose title or synonym it is answer alone: in the language, else in the other ones. If there are
    none, those with it as an index term answer, and those with all its words in a longer title or synonym in
    the language. A name that leads to no topic is looked up without what records add to it.
    """
    ways = (_named(index, each, language) for each in dict.fromkeys((name, without_qualifiers(name))))
    return next(filter(None, ways), [])[:limit]


def _named(index: TopicIndex, name: str, language: str) -> list[NamedTopic]:
    names = list(_names(index, name, language))
    foreign = [
        each
        for other in index.languages
        if other != language
        for each in _names(index, name, other)
        if each.is_all
    ]
    for side in (names, foreign):
        if whole := [each for each in side if each.is_all and each.kind != _TERM]:
            return _topics(whole, is_whole=True)
    terms = [each for each in (*names, *foreign) if each.is_all]
    longer = [each for each in names if each.kind != _TERM]
    return _topics([*terms, *longer], is_whole=False)


def _topics(names: Iterable[_Name], *, is_whole: bool) -> list[NamedTopic]:
    return [NamedTopic(topic, is_whole) for topic in dict.fromkeys(each.topic for each in names)]


def _names(index: TopicIndex, name: str, language: str) -> Iterator[_Name]:
    """Yield the names that have all words of a name, each in one of them: titles first, and short ones."""
    asked = _telling(name, language)
    if not asked:
        return
    table = search_table(language)
    expression = " AND ".join(f'"{each}"' for each in sorted(asked))
    rows = index.rows(
        f"""
        SELECT topic, kind, text FROM stored_names JOIN stored_editions ON id = edition
        WHERE edition IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)
        ORDER BY kind DESC, length(text), topic
        """,  # noqa: S608 - our table
        (f"{{title_stems names_stems terms_stems}} : ({expression})",),
    )
    for topic, kind, text in rows:
        found = _telling(text, language)
        if found >= asked:
            yield _Name(topic, kind, is_all=found == asked)


def _telling(text: str, language: str) -> frozenset[str]:
    """Return the stems of the words that make a name: without articles and the like, but with letters."""
    given = list(words(text))
    common = common_words(language) - _NEGATIONS
    kept = [each for n, each in enumerate(given) if each not in common or (n and len(each) == 1)]
    return frozenset(stem(each, language) for each in kept or given)
