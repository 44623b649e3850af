"""People find the right topic: 200 labelled queries per language on a synthetic collection."""

from collections import defaultdict
from statistics import mean

import pytest

from healthtopics.index.search import search
from support.searching import LANGUAGES, Query, collection, queries, topics

GOAL = 0.8
"""Of the mean reciprocal rank: 1 for a right topic in first place, 1/2 in the second, 0 after the tenth."""


def rank_of(query: Query, language: str) -> float:
    found = search(collection(), query.text, language, limit=10)
    places = (place for place, hit in enumerate(found.hits, 1) if hit.topic in query.topics)
    return 1 / next(places, float("inf"))


def report(language: str, ranks: dict[Query, float]) -> str:
    by_kind = defaultdict(list)
    for query, rank in ranks.items():
        by_kind[query.kind].append(rank)
    kinds = (f"  {mean(some):.3f}  {kind}" for kind, some in by_kind.items())
    misses = (
        f"  {rank:.2f}  {each.text}: {', '.join(each.topics)}" for each, rank in ranks.items() if rank < 1
    )
    return "\n".join([f"\n{language}: {mean(ranks.values()):.3f} of {len(ranks)} queries", *kinds, *misses])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mean_reciprocal_rank(language: str) -> None:
    ranks = {query: rank_of(query, language) for query in queries(language)}
    print(report(language, ranks))  # noqa: T201 - shown by pytest -s
    assert mean(ranks.values()) >= GOAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_set_is_whole(language: str) -> None:
    given = list(queries(language))
    assert len({query.text for query in given}) == len(given) >= 200
    assert {topic for query in given for topic in query.topics} <= topics().keys()
    assert len(topics()) >= 150
