"""The date of a JSON-LD document itself: `sdDatePublished`, the day on which it was published as it is."""

from collections.abc import Iterator
from typing import Any

from healthtopics.formats.format import Since, Version
from healthtopics.jsontext import JsonObject, load, short_digest

_DATE = "sdDatePublished"


def mark_version(document: JsonObject, since: Since) -> JsonObject:
    """Return the document with its date."""
    rest = _without_date(document)
    digest = short_digest(rest)
    version = since(rest["@id"], lambda _date: digest)
    found: JsonObject = {}
    for name, value in rest.items():
        found[name] = value
        if name == "sdPublisher":
            found[_DATE] = version.since[:10]
    return found


def read_version(data: bytes) -> Iterator[tuple[str, Version]]:
    """Yield the key and the version of a published document."""
    document = load(data)
    yield document["@id"], Version(document[_DATE], short_digest(_without_date(document)))


def _without_date(document: JsonObject) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != _DATE}
