"""Made-up FHIR resources of made-up topics: their rows in the index, and the bytes that are asked for.

As many of each type, and as many values by which they are found, as real topics have. The product's own code
takes the values from the resources. Compositions are stored as NDJSON files, in R4 and R5 the same bytes;
links are not stored, as nothing asks for them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from healthtopics.formats.format import Format
from healthtopics.formats.table import find_format
from healthtopics.index import rows
from healthtopics.index.rows import Row
from healthtopics.publishing.past import StoredPast
from healthtopics.publishing.searchable import Searchable, search_digest
from healthtopics.release import Artifact, Store

VERSIONS: Final = {"r4": "4.0", "r5": "5.0"}
LANGUAGES: Final = ("en", "es")
SHARDS: Final = 128
"""The files of a type and version."""
LINKS: Final = 65
"""Of a topic, in both languages. Together with the others that makes 70 resources."""
SYSTEM: Final = "http://id.nlm.nih.gov/mesh"
SECTIONS: Final = 8
NARRATIVE: Final = 9000
"""The characters of the texts of a Composition."""
BASE: Final = "https://topics.example/fhir"
TIME: Final = "2026-11-30T00:00:00Z"


def code_of(number: int) -> str:
    """Return the code of a topic."""
    return f"D{number:06}"


def compositions(number: int) -> Iterator[dict[str, Any]]:
    """Yield the Compositions of a topic, with elements of R4 and those that R5 has in their place."""
    concept = {"coding": [{"system": SYSTEM, "code": code_of(number), "display": f"Heading {number}"}]}
    text = "x" * (NARRATIVE // SECTIONS)
    for place, language in enumerate(LANGUAGES):
        entries = [
            {"reference": f"DocumentReference/{_link(number, each)}"} for each in range(place, LINKS, 2)
        ]
        other = {"system": f"{BASE}/NamingSystem/health-topic", "value": f"topic-{number:05}/en"}
        yield {
            "resourceType": "Composition",
            "id": f"topic-{number:05}-{language}",
            "meta": _meta(number),
            "language": language,
            "url": f"{BASE}/Composition/topic-{number:05}-{language}",
            "version": "2026-11-30",
            "identifier": {"system": other["system"], "value": f"topic-{number:05}/{language}"},
            "status": "final",
            "type": {"coding": [{"system": "http://loinc.org", "code": "34895-3"}]},
            "category": [
                {"coding": [{"system": f"{BASE}/CodeSystem/content-type", "code": "health-topic"}]},
                {"coding": [{"system": f"{BASE}/CodeSystem/group", "code": f"group-{number % 40}"}]},
            ],
            "date": f"2026-{number % 11 + 1:02}-{number % 28 + 1:02}",
            "author": [{"reference": f"Organization/institute-{number % 34}"}],
            "title": f"Topic {number} in {language}",
            "relatesTo": [{"code": "transforms", "targetIdentifier": other}] if place else [],
            "event": [{"code": [concept], "detail": [{"concept": concept}]}],
            "section": [
                {
                    "title": f"Section {each}",
                    "code": {"coding": [{"system": f"{BASE}/CodeSystem/aspect", "code": f"aspect-{each}"}]},
                    "text": {"status": "generated", "div": f"<div>{text}</div>"},
                    "entry": entries[each::SECTIONS],
                }
                for each in range(SECTIONS)
            ],
        }


def others(number: int) -> Iterator[dict[str, Any]]:
    """Yield the other resources of a topic, with what they are found by."""
    topic, content_type = f"topic-{number:05}", f"{BASE}/CodeSystem/content-type"
    for language in LANGUAGES:
        yield {
            "resourceType": "Bundle",
            "id": f"{topic}-{language}",
            "meta": _meta(number),
            "language": language,
            "type": "document",
            "identifier": {"system": f"{BASE}/NamingSystem/health-topic", "value": f"{topic}/{language}"},
            "timestamp": TIME,
            "entry": [{"resource": {"resourceType": "Composition", "id": f"{topic}-{language}"}}],
        }
    yield {
        "resourceType": "List",
        "id": f"{topic}-translations",
        "meta": _meta(number),
        "status": "current",
        "title": f"Topic {number}",
        "code": {"coding": [{"system": f"{BASE}/CodeSystem/list", "code": "translations"}]},
        "date": TIME,
        "entry": [{"item": {"reference": f"Composition/{topic}-{language}"}} for language in LANGUAGES],
    }
    for each in range(LINKS):
        address = f"https://institute-{each}.example/health-information/{number}"
        yield {
            "resourceType": "DocumentReference",
            "id": _link(number, each),
            "meta": _meta(number),
            "language": LANGUAGES[each % 2],
            "identifier": [{"system": "urn:ietf:rfc:3986", "value": address}],
            "status": "current",
            "type": {"coding": [{"system": "http://loinc.org", "code": "34895-3"}]},
            "category": [{"coding": [{"system": content_type, "code": "external-resource"}]}],
            "author": [{"reference": f"Organization/institute-{each % 34}"}],
            "description": f"What to know about topic {number}, page {each}",
            "content": [{"attachment": {"language": LANGUAGES[each % 2], "url": address}}],
        }


def _link(number: int, each: int) -> str:
    return f"link-{number:05}{each:015}"


def _meta(number: int) -> dict[str, Any]:
    profile = f"{BASE}/StructureDefinition/topic"
    return {"versionId": f"{number:016x}", "lastUpdated": TIME, "profile": [profile]}


class MadeUpResources:
    """The resources of so many topics, in both versions of FHIR."""

    def __init__(self, count: int) -> None:
        """Say how many topics there are."""
        self._count = count

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files of Compositions with the names that they have in R4."""
        for shard in range(SHARDS):
            lines = (_line(each) for topic in self._topics(shard) for each in compositions(topic))
            yield _name("r4", shard), b"".join(lines)

    def _topics(self, shard: int) -> range:
        return range(shard, self._count, SHARDS)

    def rows(self, store: Store, artifacts: Mapping[str, Artifact]) -> Iterator[Row]:
        """Yield the rows of the resources, and those of the files that they are in."""
        searchable = Searchable(StoredPast(store, ()), search_digest())
        file = 0
        for version, number in VERSIONS.items():
            format_ = find_format(f"fhir-{version}")
            assert format_ is not None  # noqa: S101 - for the type checker
            for shard in range(SHARDS):
                for is_stored, make in ((True, compositions), (False, others)):
                    file += 1
                    resources = [each for topic in self._topics(shard) for each in make(topic)]
                    name = _name(version, shard, is_stored=is_stored)
                    sha256 = artifacts[_name("r4", shard)].sha256 if is_stored else f"{file:064x}"
                    yield rows.FileRow(file, name, sha256)
                    if is_stored:
                        length = artifacts[_name("r4", shard)].length
                        shared = "", "", f"fhir-{version}", TIME
                        yield rows.ArtifactRow(name, sha256, length, "application/fhir+ndjson", *shared)
                    yield from _rows(searchable, format_, number, file, resources)


def _rows(
    searchable: Searchable, format_: Format, fhir: str, file: int, resources: Sequence[dict[str, Any]]
) -> Iterator[Row]:
    """Yield the rows of the resources of a file."""
    versions, lines, offset = [], [], 0
    for each in resources:
        line = _line(each)
        meta = each["meta"]
        place = file, offset, len(line) - 1, 1
        version = rows.VersionRow(fhir, each["resourceType"], each["id"], meta["versionId"], TIME, *place)
        versions.append(version)
        lines.append(line)
        offset += len(line)
    yield from versions
    yield from searchable.read(format_, versions, b"".join(lines))


def _name(version: str, shard: int, *, is_stored: bool = True) -> str:
    return f"fhir/{version}/ndjson/{'Composition' if is_stored else 'Others'}-{shard:02x}.ndjson"


def _line(resource: dict[str, Any]) -> bytes:
    return orjson.dumps(resource) + b"\n"
