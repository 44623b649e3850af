"""The date of a JSON-LD document itself."""

from typing import Any

from healthtopics import jsontext
from healthtopics.formats.schemaorg.versions import mark_version, read_version
from healthtopics.publishing.versions import History

PAGE: dict[str, Any] = {
    "@id": "https://example.org/en/asthma",
    "sdPublisher": {"name": "A"},
    "sdLicense": "x",
}


def test_a_document_keeps_its_day_as_long_as_it_says_the_same() -> None:
    first = mark_version(PAGE, History(time="2026-11-30T06:00:00Z"))
    assert first == {**PAGE, "sdDatePublished": "2026-11-30"}
    assert list(first) == ["@id", "sdPublisher", "sdDatePublished", "sdLicense"]

    later = History(time="2026-12-24T18:00:00Z", earlier=dict(read_version(jsontext.dump(first))))
    assert mark_version(PAGE, later) == mark_version(first, later) == first
    assert mark_version({**PAGE, "sdLicense": "y"}, later)["sdDatePublished"] == "2026-12-24"
