"""Topics by a name: what a record says leads to topics of that name, never to what a search would offer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.index.describing import describe_card, describe_topic
from healthtopics.index.named import NamedTopic, topics_named
from healthtopics.index.opening import TopicIndex
from healthtopics.language import LanguageTag
from healthtopics.topic import Card
from support.indexes import RELEASE, bundled_index, written

MISCARRIAGE = [NamedTopic("miscarriage", is_whole=True)]
RECURRENT = [NamedTopic("recurrent-miscarriage", is_whole=True)]


def found(name: str, language: str = "en") -> list[NamedTopic]:
    return topics_named(bundled_index(), name, language, limit=5)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Type 2 diabetes", "en"),
        ("lung cancer", "en"),
        ("signs of stroke", "en"),
        ("misconduct", "en"),
        ("cáncer de pulmón", "es"),
        ("dolor de cabeza", "es"),
        ("no back pain", "en"),
        ("aborto sin fiebre", "es"),
        ("Miscarriage (film)", "en"),
        ("Miscarriage, septic", "en"),
        ("unspecified", "en"),
        ("miscarriage of justice", "en"),
        ("risk", "en"),
        ("", "en"),
        ("¿?", "es"),
    ],
)
def test_a_name_that_no_topic_has_finds_nothing(name: str, language: str) -> None:
    assert found(name, language) == []


@pytest.mark.parametrize(
    ("name", "language", "topics"),
    [
        ("Miscarriage", "en", MISCARRIAGE),
        ("MISCARRIAGES", "en", MISCARRIAGE),
        ("a miscarriage", "en", MISCARRIAGE),
        ("aborto espontáneo", "es", MISCARRIAGE),
        ("aborto espontaneo", "en", MISCARRIAGE),
        ("Miscarriage", "es", MISCARRIAGE),
        ("Recurrent pregnancy loss", "en", RECURRENT),
        ("Pregnancy loss, recurrent", "en", RECURRENT),
        ("Recurrent pregnancy loss", "es", RECURRENT),
        ("Miscarriage, unspecified", "en", MISCARRIAGE),
        ("Unspecified miscarriage (disorder)", "es", MISCARRIAGE),
        ("Aborto espontáneo, sin complicaciones", "es", MISCARRIAGE),
        ("Recurrent miscarriage NOS", "en", RECURRENT),
    ],
)
def test_a_name_finds_the_topics_that_have_it(name: str, language: str, topics: list[NamedTopic]) -> None:
    assert found(name, language) == topics


def written_names(*cards: Card) -> TopicIndex:
    topics = {card.topic: card for card in cards}
    rows = [row for card in topics.values() for row in describe_topic({card.language: card}, {})]
    for card in cards:
        rows.extend(describe_card(card, created="", since=RELEASE.time, state="complete", as_of=""))
    return written(RELEASE, rows)


def card(title: str, language: str = "en", *, terms: tuple[str, ...] = ()) -> Card:
    return Card(
        topic=title.lower().replace(" ", "-"),
        language=LanguageTag(language),
        title=title,
        page="https://topics.example.org/x",
        updated=RELEASE.time,
        kind="condition",
        description="",
        index_terms=terms,
    )


def test_a_part_of_a_name_and_an_index_term_are_not_the_whole_name() -> None:
    index = written_names(
        card("Heat stroke", terms=("Sunstroke",)), card("Vitamin A deficiency"), card("Pie diabético", "es")
    )

    def names(name: str) -> list[NamedTopic]:
        return topics_named(index, name, "en", limit=5)

    assert names("stroke") == names("sunstroke") == [NamedTopic("heat-stroke", is_whole=False)]
    assert names("stroke of heat") == [NamedTopic("heat-stroke", is_whole=True)]
    assert names("vitamin deficiency") == [NamedTopic("vitamin-a-deficiency", is_whole=False)]
    assert names("sun") == []
    assert names("pie") == [], "a part of a name in another language may mean something else here"


def test_an_index_term_comes_before_a_longer_name() -> None:
    assert found("pregnancy loss") == [
        NamedTopic("miscarriage", is_whole=False),
        NamedTopic("recurrent-miscarriage", is_whole=False),
    ]


def test_a_topic_of_that_name_answers_alone() -> None:
    index = written_names(card("Stroke"), card("Heat stroke"), card("Apoplexy", terms=("stroke",)))
    assert topics_named(index, "strokes", "en", limit=5) == [NamedTopic("stroke", is_whole=True)]


@given(st.text() | st.sampled_from(['"', "a AND", "{title} : x", "NEAR(a b)", "\ud800", "a\x00b"]))
def test_no_name_raises(name: str) -> None:
    found(name)
