"""Sites whose lists, searches and changes are tested, and an answer of each kind."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from healthtopics.delivery.message import Request
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.index import rows
from healthtopics.index.opening import TopicIndex
from healthtopics.release import Promise
from support.indexes import RELEASE, bundled_index, written
from support.searching import collection
from support.stores import MemoryStore

BASE: Final = RELEASE.base_url
PARTIAL: Final = "/search?q=aborto+jirafa&lang=es"
"""A search of which no topic has all words."""
MISSPELLED: Final = "/search?q=abroto&lang=es"
TARGETS: Final = {
    "topic-list": ("/topics", "/topics?lang=es&limit=1", "/topics?code=nothing"),
    "letters": ("/letters",),
    "search": (
        "/search?q=aborto&lang=es",
        "/search?q=aborto&lang=es&limit=1",
        "/search?q=xyzzy",
        PARTIAL,
        MISSPELLED,
    ),
    "topic-changes": ("/changes?since=2", "/changes?since=2&limit=1", "/changes?since=3"),
}
"""Addresses by the name of the public schema of their answers."""


def site_of(index: TopicIndex) -> Site:
    """Return a site of which only the index is asked."""
    return Site(index, MemoryStore(), Promise("0" * 64, 1), b"{}")


@cache
def bundled() -> Site:
    """Return a site with the bundled topics."""
    return site_of(bundled_index())


@cache
def many() -> Site:
    """Return a site with the synthetic collection of tests/search, as release 3."""
    return site_of(collection())


@cache
def changed() -> Site:
    """Return a site with release 3, in which one topic changed and one is gone; release 2 is remembered."""
    blank = dict.fromkeys(rows.EditionRow._fields, "")
    known = {
        "page": f"{BASE}/en/kept",
        "updated": RELEASE.time,
        "letter": "K",
        "sort": "kept",
        "state": "held",
    }
    edition = rows.EditionRow(**{**blank, "topic": "kept", "language": "en", "title": "Kept", **known})
    given: list[rows.Row] = [
        *(rows.PastReleaseRow(number, RELEASE.time) for number in (2, 3)),
        rows.TopicRow("kept", "condition"),
        edition._replace(as_of=RELEASE.time),
        rows.ArtifactRow("a.json", "", 1, "", "kept", "en", "fhir-r4", ""),
        rows.ChangeRow(3, "kept", "en", "fhir-r4", "changed", "It was wrong."),
        rows.ChangeRow(3, "gone", "es", "fhir-r4", "removed", ""),
        rows.TombstoneRow("gone", "es", "Ido", RELEASE.time),
    ]
    return site_of(written(RELEASE, given))


def answers(schema: str) -> Iterator[dict[str, Any]]:
    """Yield documents that conform to a public schema."""
    for target in TARGETS[schema]:
        for site in (changed(),) if schema == "topic-changes" else (bundled(), many(), changed()):
            path, _, query = target.partition("?")
            response = respond(Request("GET", path, query=query), site)
            assert response.status == 200, response.body
            yield json.loads(response.body)
