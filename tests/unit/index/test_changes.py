"""Changes since a release: several releases are merged into one difference."""

import pytest

from healthtopics.index import rows
from healthtopics.index.changes import changes_since, earliest_release, is_known
from healthtopics.index.opening import TopicIndex
from support.indexes import RELEASE, written

FHIR, PAGE = "fhir-r4", "html"


def edition(topic: str, language: str) -> rows.EditionRow:
    page = f"https://topics.example.org/{language}/{topic}"
    title = f"{topic} in {language}"
    instant = "2026-11-01T00:00:00Z"
    return rows.EditionRow(
        topic, language, title, "A", topic, page, "", "", instant, instant, "", "complete", "", ""
    )


def artifact(topic: str, language: str, format_: str) -> rows.ArtifactRow:
    return rows.ArtifactRow(f"{format_}/{language}/{topic}", "", 1, "", topic, language, format_, "")


def change(
    release: int, topic: str, language: str, format_: str, kind: str, reason: str = ""
) -> rows.ChangeRow:
    return rows.ChangeRow(release, topic, language, format_, kind, reason)


@pytest.fixture(scope="module")
def index() -> TopicIndex:
    """Return an index of release 5, whose history begins with release 2."""
    present = [("kept", "en"), ("kept", "es"), ("new", "en"), ("back", "en"), ("formats", "en")]
    return written(
        RELEASE._replace(number=5),
        [
            *(rows.PastReleaseRow(number, "2026-11-30T00:00:00Z") for number in (2, 3, 4, 5)),
            *(rows.TopicRow(topic, "condition") for topic in ("back", "formats", "kept", "new")),
            *(edition(*each) for each in present),
            *(artifact(*each, format_) for each in present for format_ in (FHIR, PAGE)),
            rows.TombstoneRow("gone", "en", "Gone", "2026-11-30T00:00:00Z"),
            rows.TombstoneRow("gone", "es", "Ido", "2026-11-30T00:00:00Z"),
            change(3, "kept", "en", FHIR, "changed", "It was wrong."),
            change(4, "kept", "en", FHIR, "changed", "It was wrong again."),
            change(4, "kept", "en", PAGE, "changed", "It was wrong again."),
            *(change(4, "kept", "es", each, "added") for each in (FHIR, PAGE)),
            *(change(3, "new", "en", each, "added") for each in (FHIR, PAGE)),
            *(change(5, "new", "en", each, "changed") for each in (FHIR, PAGE)),
            change(3, "new", "", FHIR, "added"),  # a file of all its languages
            *(change(3, "back", "en", each, "removed") for each in (FHIR, PAGE)),
            *(change(4, "back", "en", each, "added") for each in (FHIR, PAGE)),
            change(5, "formats", "en", PAGE, "added"),
            *(change(5, "gone", language, FHIR, "removed") for language in ("en", "es")),
            *(change(release, "brief", "en", FHIR, kind) for release, kind in ((4, "added"), (5, "removed"))),
            change(5, "", "", "index", "changed"),
        ],
    )


def kinds(index: TopicIndex, since: int) -> dict[str, str]:
    return {each.topic: each.change for each in changes_since(index, since, limit=100)[1]}


def test_changes_of_several_releases_are_merged(index: TopicIndex) -> None:
    assert kinds(index, 2) == {
        "back": "changed",
        "brief": "removed",
        "formats": "changed",
        "gone": "removed",
        "kept": "changed",
        "new": "added",
    }


def test_only_changes_after_the_release_count(index: TopicIndex) -> None:
    assert kinds(index, 4) == {"brief": "removed", "formats": "changed", "gone": "removed", "new": "changed"}
    assert kinds(index, 5) == {}


def test_each_edition_says_what_happened_and_why(index: TopicIndex) -> None:
    (kept,) = [each for each in changes_since(index, 2, limit=100)[1] if each.topic == "kept"]
    english, spanish = kept.editions
    assert (english.change, spanish.change) == ("changed", "added")
    assert english.reasons == ("It was wrong.", "It was wrong again.")
    assert english.formats == {FHIR: "changed", PAGE: "changed"}
    assert spanish.page == "https://topics.example.org/es/kept"


def test_a_withdrawn_topic_comes_with_its_tombstone(index: TopicIndex) -> None:
    (gone,) = [each for each in changes_since(index, 4, limit=100)[1] if each.topic == "gone"]
    assert gone.withdrawn == "2026-11-30T00:00:00Z"
    assert gone.titles == {"en": "Gone", "es": "Ido"}
    assert [each.title for each in gone.editions] == ["", ""]
    assert [each.formats for each in gone.editions] == [{FHIR: "removed"}] * 2


def test_a_document_that_came_and_went_is_removed(index: TopicIndex) -> None:
    (brief,) = [each for each in changes_since(index, 2, limit=100)[1] if each.topic == "brief"]
    assert [(each.change, each.formats) for each in brief.editions] == [("removed", {FHIR: "removed"})]


def test_files_of_the_whole_topic_are_not_an_edition(index: TopicIndex) -> None:
    (new,) = [each for each in changes_since(index, 2, limit=100)[1] if each.topic == "new"]
    assert [each.language for each in new.editions] == ["en"]


def test_pages_of_changes(index: TopicIndex) -> None:
    total, found = changes_since(index, 2, limit=2, offset=3)
    assert (total, [each.topic for each in found]) == (6, ["gone", "kept"])


def test_which_releases_are_known(index: TopicIndex) -> None:
    assert earliest_release(index) == 2
    assert [is_known(index, number) for number in (1, 2, 5, 6)] == [False, True, True, False]
