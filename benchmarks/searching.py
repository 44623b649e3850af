"""Measure search beside the SQL that it runs: `python benchmarks/searching.py [--topics 10000] [--rounds 5]`.

The collection is synthetic. Each topic is a mixture of one topic of tests/search, of the common words of all
of them, in the frequencies of natural texts, and of made-up words that few topics share. The queries are the
labelled ones, in the language of each.

Of each query, in each round, the answer is timed, and then its last query, alone, on the same file in the
same process. What the answer takes longer is planning, the look-ups of single words, and twenty snippets.
Times are processor times, so that other work on the machine does not count.
"""

import argparse
import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final

from healthtopics.index.describing import describe_card, describe_topic
from healthtopics.index.opening import VERSION, TopicIndex
from healthtopics.index.querying import plan_search
from healthtopics.index.rows import ReleaseRow, Row, SectionRow
from healthtopics.index.search import search, statement
from healthtopics.index.writing import write_index
from healthtopics.language import LanguageTag
from healthtopics.topic import Card

LABELLED: Final = Path(__file__).parents[1] / "tests/search"
LANGUAGES: Final = (LanguageTag("en"), LanguageTag("es"))
RELEASE: Final = ReleaseRow(
    1, "2026-11-30T00:00:00Z", "https://topics.example", "benchmark", VERSION, '["en","es"]'
)
SYLLABLES: Final = ("ba", "ce", "di", "lo", "mu", "ra", "ti", "so", "ne", "pu")
LIMIT: Final = 20

Edition = Mapping[str, Any]


class Writer:
    """Writes texts of one language like those of the labelled collection."""

    def __init__(self, editions: Sequence[Edition], chance: random.Random) -> None:
        """Count the words of the collection."""
        counts = Counter(
            word for each in editions for part in each["sections"] for word in part["text"].split()
        )
        self._common = [word for word, count in counts.most_common() if count > 2]
        # Zipf's law: a word is as frequent as its rank is low.
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._common))))
        self._chance = chance

    def word(self) -> str:
        """Return a made-up word."""
        return "".join(self._chance.choices(SYLLABLES, k=self._chance.randint(2, 6)))

    def text(self, own: Sequence[str], made_up: Sequence[str], length: int) -> str:
        """Return so many words: a quarter of the topic, a quarter made up, the rest common ones."""
        sources = self._chance.choices((own, made_up, None), weights=(1, 1, 2), k=length)
        common = iter(self._chance.choices(self._common, cum_weights=self._weights, k=length))
        return " ".join(self._chance.choice(source) if source else next(common) for source in sources)

    def name(self, name: str, made_up: Sequence[str]) -> str:
        """Return a name like this one."""
        words = name.split()
        return " ".join((self._chance.choice(made_up), *self._chance.sample(words, min(len(words), 2))))


def rows(count: int) -> Iterator[Row]:
    """Yield the rows of so many topics, the same on every machine."""
    chance = random.Random(1)  # noqa: S311 - not a secret
    base = [json.loads(line) for line in (LABELLED / "topics.jsonl").read_text().splitlines()]
    writers = {language: Writer([each[language] for each in base], chance) for language in LANGUAGES}
    for number in range(count):
        topic, like = f"topic-{number:05}", chance.choice(base)
        cards = {}
        for language, writer in writers.items():
            edition = like[language]
            own = [word for part in edition["sections"] for word in part["text"].split()]
            made_up = [writer.word() for _ in range(25)]
            cards[language] = Card(
                topic=topic,
                language=language,
                title=writer.name(edition["title"], made_up),
                page=f"{RELEASE.base_url}/{language}/{topic}",
                updated=RELEASE.time,
                kind="condition",
                description=writer.text(own, made_up, 25),
                synonyms=tuple(writer.name(each, made_up) for each in edition["synonyms"]),
                index_terms=tuple(writer.name(each, made_up) for each in edition["indexTerms"]),
            )
            for position in range(1, 7):
                heading, text = writer.text(own, made_up, 5), writer.text(own, made_up, 100)
                yield SectionRow(topic, language, position, f"section-{position}", "", heading, text)
        yield from describe_topic(cards, {})
        for card in cards.values():
            yield from describe_card(card, created="", since=RELEASE.time, state="complete", as_of="")


def queries() -> Iterator[tuple[str, str]]:
    """Yield the labelled queries with their language."""
    for language in LANGUAGES:
        for line in (LABELLED / f"queries.{language}.tsv").read_text().splitlines():
            if not line.startswith("#"):
                yield line.partition("\t")[0], language


def timed(work: Callable[[], object]) -> float:
    """Return how much processor time it takes, in milliseconds."""
    start = time.thread_time()
    work()
    return 1000 * (time.thread_time() - start)


def measure(index: TopicIndex, rounds: int) -> tuple[list[float], list[float]]:
    """Return the times of all answers, and of their queries alone; of each, the best of the rounds."""
    direct = sqlite3.connect(f"{index.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    answers, alone = [], []
    for text, language in queries():
        plan = plan_search(index, text, language)
        if plan is None:
            continue
        query, values = statement(plan, language, limit=LIMIT, offset=0)
        both = [
            (
                timed(lambda: search(index, text, language, limit=LIMIT)),  # noqa: B023 - called at once
                timed(lambda: direct.execute(query, values).fetchall()),  # noqa: B023 - called at once
            )
            for _ in range(rounds)
        ]
        answers.append(min(answer for answer, _ in both))
        alone.append(min(query for _, query in both))
    direct.close()
    return answers, alone


def main() -> None:
    """Make the index, measure, print."""
    parser = argparse.ArgumentParser(description="Measure search beside the SQL that it runs.")
    parser.add_argument("--topics", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder, "topics.sqlite")
        write_index(path, RELEASE, rows(options.topics))
        print(f"{options.topics} synthetic topics, {path.stat().st_size / 1e6:.0f} MB")
        index = TopicIndex(path)
        answers, alone = measure(index, options.rounds)
        index.close()
    for name, times in (("search", answers), ("its SQL alone", alone)):
        p99 = quantiles(times, n=100)[98]
        print(f"{name}: median {median(times):.1f} ms, p99 {p99:.1f} ms, longest {max(times):.1f} ms")
    print(f"ratio of the p99: {quantiles(answers, n=100)[98] / quantiles(alone, n=100)[98]:.2f}")


if __name__ == "__main__":
    main()
