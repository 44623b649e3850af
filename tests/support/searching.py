"""The synthetic collection of tests/search in an index, and the labelled queries on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.index.describing import describe_card, describe_topic
from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import Row, SectionRow
from healthtopics.language import LanguageTag
from healthtopics.topic import Card
from support.indexes import RELEASE, written

FOLDER: Final = Path(__file__).parents[1] / "search"
LANGUAGES: Final = (LanguageTag("en"), LanguageTag("es"))


@dataclass(frozen=True, slots=True)
class Query:
    """A labelled query."""

    kind: str
    text: str
    topics: tuple[str, ...]
    """Each of them is a right answer."""


def queries(language: str) -> Iterator[Query]:
    """Yield the labelled queries of a language; a line `# …` names the kind of those after it."""
    kind = ""
    for line in (FOLDER / f"queries.{language}.tsv").read_text().splitlines():
        if line.startswith("# "):
            kind = line.removeprefix("# ")
            continue
        text, _, topics = line.partition("\t")
        yield Query(kind, text, tuple(topics.split(",")))


@cache
def topics() -> dict[str, dict[LanguageTag, dict[str, Any]]]:
    """Return the editions of the collection by topic and language."""
    lines = (FOLDER / "topics.jsonl").read_bytes().splitlines()
    found = (jsontext.parse(line, "topics.jsonl") for line in lines)
    return {each["id"]: {language: each[language] for language in LANGUAGES} for each in found}


@cache
def collection() -> TopicIndex:
    """Return the index of the collection."""
    return written(RELEASE, _rows())


def _rows() -> Iterator[Row]:
    for topic, editions in topics().items():
        cards = {language: _card(topic, language, edition) for language, edition in editions.items()}
        yield from describe_topic(cards, {})
        for language, card in cards.items():
            yield from describe_card(card, created="", since=card.updated, state="complete", as_of="")
            for position, each in enumerate(editions[language]["sections"], 1):
                key = f"section-{position}"
                yield SectionRow(topic, language, position, key, "", each["heading"], each["text"])


def _card(topic: str, language: LanguageTag, edition: dict[str, Any]) -> Card:
    return Card(
        topic=topic,
        language=language,
        title=edition["title"],
        page=f"{RELEASE.base_url}/{language}/{topic}",
        updated="2026-11-30T00:00:00Z",
        kind="condition",
        description=edition["description"],
        synonyms=tuple(edition["synonyms"]),
        index_terms=tuple(edition["indexTerms"]),
    )
