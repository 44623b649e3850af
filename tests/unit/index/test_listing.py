"""Lists of topics: filters, order, pages, letters."""

import pytest

from healthtopics.index import rows
from healthtopics.index.listing import (
    Filters,
    LetterCount,
    count_letters,
    ids_of_categories,
    ids_of_groups,
    list_topics,
)
from healthtopics.index.opening import TopicIndex
from healthtopics.index.titles import letter_of, sort_key
from support.indexes import bundled_index, written

EDITIONS = (
    ("birth", "en", "Birth", "2026-01-01T00:00:00Z", "complete"),
    ("birth", "es", "Ánimo", "2026-03-01T00:00:00Z", "held"),
    ("asthma", "en", "Asthma", "2026-02-01T00:00:00Z", "complete"),
    ("cold", "en", "Cold", "2026-03-01T00:00:00Z", "complete"),
    ("cold", "es", "Ñandú", "2026-03-01T00:00:00Z", "complete"),
    ("news", "es", "Nuevo", "2026-03-01T00:00:00Z", "complete"),
    ("hormone", "en", "5-HTP", "2026-03-01T00:00:00Z", "complete"),
)


def edition(topic: str, language: str, title: str, updated: str, state: str) -> rows.EditionRow:
    letter, sort = letter_of(title, language), sort_key(title, language)
    return rows.EditionRow(
        topic, language, title, letter, sort, "", "", "", updated, updated, "", state, "", ""
    )


@pytest.fixture(scope="module")
def index() -> TopicIndex:
    return written(
        rows=[
            *(rows.TopicRow(topic, "condition") for topic in dict.fromkeys(each[0] for each in EDITIONS)),
            *(edition(*each) for each in EDITIONS),
            rows.CodeRow(
                "cold", "icd-10-cm", "http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1", "J00", "J00", "Cold"
            ),
            rows.CodeRow("birth", "mesh", "", "", "J00", "J00", "Birth"),
            rows.TopicGroupRow("cold", 1, "lungs"),
            rows.TopicGroupRow("cold", 2, "children"),
            rows.GroupRow("lungs", "en", 1, "Lungs"),
            rows.GroupRow("children", "en", 2, "Children"),
            rows.CategoryRow("videos", "en", 1, "Videos"),
            rows.LinkRow("asthma", "en", "videos", 1, "A video", "https://a.example/", "en"),
        ]
    )


def ids(index: TopicIndex, **filters: object) -> list[str]:
    total, found = list_topics(index, Filters(**filters), limit=100)  # type: ignore[arg-type]  # by name
    assert total == len(found)
    return [each.id for each in found]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["asthma", "birth", "cold", "hormone", "news"]),
        ({"language": "en"}, ["hormone", "asthma", "birth", "cold"]),
        ({"language": "es"}, ["birth", "news", "cold"]),
        ({"language": "es", "is_complete": True}, ["news", "cold"]),
        ({"language": "es", "letter": "Ñ"}, ["cold"]),
        ({"language": "es", "letter": "A"}, ["birth"]),
        ({"language": "en", "letter": "#"}, ["hormone"]),
        ({"group": "lungs"}, ["cold"]),
        ({"group": "hearts"}, []),
        ({"code": "J00"}, ["birth", "cold"]),
        ({"code": "J00", "system": "mesh"}, ["birth"]),
        ({"code": "J00", "system": "icd-10-cm"}, ["cold"]),
        ({"code": "J00", "system": "loinc"}, []),
        ({"category": "videos"}, ["asthma"]),
        ({"category": "videos", "language": "es"}, []),
        ({"updated_since": "2026-03-01T00:00:00Z"}, ["birth", "cold", "hormone", "news"]),
        ({"updated_since": "2026-02-01T00:00:01Z", "language": "en"}, ["hormone", "cold"]),
    ],
)
def test_filters_and_order(index: TopicIndex, filters: dict[str, object], expected: list[str]) -> None:
    assert ids(index, **filters) == expected


def test_a_page_is_a_part_of_the_whole(index: TopicIndex) -> None:
    total, found = list_topics(index, Filters(language="en"), limit=2, offset=1)
    assert (total, [each.id for each in found]) == (4, ["asthma", "birth"])
    assert list_topics(index, Filters(), limit=2, offset=99) == (5, [])


def test_a_topic_is_listed_with_what_it_is_filtered_by(index: TopicIndex) -> None:
    _, (found,) = list_topics(index, Filters(group="lungs"), limit=1)
    assert found.groups == ("lungs", "children")
    assert [each.code for each in found.codes] == ["J00"]
    assert [each.title for each in found.editions] == ["Cold", "Ñandú"]


def test_only_editions_that_pass_are_shown(index: TopicIndex) -> None:
    _, found = list_topics(index, Filters(is_complete=True), limit=9)
    assert [each.title for topic in found if topic.id == "birth" for each in topic.editions] == ["Birth"]
    _, (cold, *_) = list_topics(index, Filters(language="es", letter="Ñ"), limit=9)
    assert [each.language for each in cold.editions] == ["es"]


def test_letters_are_in_the_order_of_titles(index: TopicIndex) -> None:
    assert count_letters(index) == [
        LetterCount(*each)
        for each in (
            ("en", "#", 1),
            ("en", "A", 1),
            ("en", "B", 1),
            ("en", "C", 1),
            ("es", "A", 1),
            ("es", "N", 1),
            ("es", "Ñ", 1),
        )
    ]


def test_ids_of_words(index: TopicIndex) -> None:
    assert ids_of_groups(index) == ["lungs", "children"]
    assert ids_of_categories(index) == ["videos"]


def test_the_bundled_topics_are_listed() -> None:
    assert ids(bundled_index(), code="D000022") == ["miscarriage"]
    assert len(ids(bundled_index(), language="es", group="pregnancy-and-reproduction")) == 4
