"""The rows by which FHIR resources are found: made from files, or taken over from the index before.

Resources are numbered in the order of the files, so that those of a file that has not changed only move.
"""

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b

from healthtopics import jsontext
from healthtopics.formats.format import DefinedConcept, Format
from healthtopics.formats.table import find_format, format_names
from healthtopics.index import rows
from healthtopics.index.rows import Row
from healthtopics.index.stems import fold
from healthtopics.publishing.past import Past


class Searchable:
    """Numbers the resources of the release, file by file, and returns their rows."""

    def __init__(self, past: Past, digest: str) -> None:
        """Look up what can be taken over; `digest` is that of the search parameters."""
        self._known = past.searched(digest)
        self._number = 0
        """Of the last resource."""

    def carry(self, before: int | None, file: int) -> rows.CarriedFileRow | None:
        """Take over the resources of a file that had another id before; None if that is not possible."""
        if before is None or before not in self._known:
            return None
        first, count = self._known[before]
        self._number += count
        return rows.CarriedFileRow(before, file, 1, first, count, self._number - count + 1)

    def read(self, format_: Format, versions: list[rows.VersionRow], data: bytes) -> Iterator[Row]:
        """Yield the rows of the resources in a file."""
        for version in versions:
            self._number += 1
            kind = version.fhir, version.type
            yield rows.FhirResourceRow(self._number, *kind, version.id, version.last_updated, version.file)
            if format_.searched is None:
                continue
            resource = jsontext.load(data[version.offset : version.offset + version.length])
            for parameter, value, system in format_.searched.values(resource, fold):
                described = _kind(*kind, parameter)
                key = _number_of(version.type, parameter, value, system)
                yield described
                yield rows.FhirValueRow(described.id, value, system, key)
                yield rows.FhirMatchRow(key + described.shift, self._number)
            if defined := format_.searched.system(resource, fold):
                yield rows.FhirSystemRow(self._number, defined.url, _text(defined.facts))
                for place in enumerate(defined.concepts):
                    yield from _concept(self._number, *place)


def search_digest() -> str:
    """Return what changes when the same resources would be found by other values."""
    formats = filter(None, map(find_format, format_names()))
    return jsontext.short_digest([[each.name, each.searched.digest()] for each in formats if each.searched])


def _concept(resource: int, position: int, concept: DefinedConcept) -> Iterator[Row]:
    key = resource, position
    yield rows.FhirConceptRow(*key, concept.code, int(concept.is_active), concept.words)
    yield rows.FhirConceptContentRow(*key, _text(concept.content))


def _text(document: jsontext.Document) -> str:
    return jsontext.dump_line(document).decode().rstrip("\n")


@cache
def _kind(fhir: str, type_: str, parameter: str) -> rows.FhirKindRow:
    shift = int(fhir.replace(".", ""))
    return rows.FhirKindRow(fhir, type_, parameter, _number_of(type_, parameter), shift)


def _number_of(*parts: str) -> int:
    """Return a number that is the same in every index, with room for the shift of a kind below 2^63."""
    hashed = blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(hashed) >> 2
