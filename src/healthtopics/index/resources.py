"""The FHIR resources of the release, and their earlier versions."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.jsontext import canonical

_COLUMNS: Final = 'fhir, type, id, version_id, last_updated, artifact, sha256, "offset", length, is_current'


class ResourceVersion(NamedTuple):
    """A version of a FHIR resource, and where its bytes are."""

    fhir: str
    """4.0, 5.0."""
    type: str
    id: str
    version_id: str
    last_updated: str
    artifact: str
    """The name of the file that it is in."""
    sha256: str
    """Of that file."""
    offset: int
    length: int
    is_current: int
    """1 if it is that of the release, otherwise 0."""


def current_resource(index: TopicIndex, fhir: str, type_: str, id_: str) -> ResourceVersion | None:
    """Return a resource of the release; None if it has none of this id."""
    where = "fhir = ? AND type = ? AND id = ? AND is_current = 1"
    found = index.row(f"SELECT {_COLUMNS} FROM resources WHERE {where}", (fhir, type_, id_))  # noqa: S608 - our columns
    return ResourceVersion(*found) if found else None


def current_resources(
    index: TopicIndex, fhir: str, names: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], ResourceVersion]:
    """Return resources of the release by type and id, those of these names that it has."""
    query = f"""
        SELECT {_COLUMNS} FROM (SELECT value AS name FROM json_each(?)) CROSS JOIN resources
            ON type = json_extract(name, '$[0]') AND id = json_extract(name, '$[1]')
        WHERE fhir = ? AND is_current = 1
    """  # noqa: S608 - our columns
    found = (ResourceVersion(*each) for each in index.rows(query, (canonical(names).decode(), fhir)))
    return {(each.type, each.id): each for each in found}


def versions_of(index: TopicIndex, fhir: str, type_: str, id_: str) -> list[ResourceVersion]:
    """Return the versions of a resource, that of the release first, then the latest."""
    where = "fhir = ? AND type = ? AND id = ? ORDER BY is_current DESC, last_updated DESC, version_id"
    found = index.rows(f"SELECT {_COLUMNS} FROM resources WHERE {where}", (fhir, type_, id_))  # noqa: S608 - our columns
    return [ResourceVersion(*each) for each in found]


def deletion_of(index: TopicIndex, fhir: str, type_: str, id_: str) -> str:
    """Return the instant of the first release without a resource that earlier ones have."""
    query = """
        SELECT max(until) FROM versions JOIN main.files ON files.id = file
        WHERE fhir = ? AND type = ? AND versions.id = ?
    """
    return str(index.value(query, (fhir, type_, id_)))


def resource_types(index: TopicIndex, fhir: str) -> list[str]:
    """Return the types of which the release has resources, sorted."""
    # Each step goes to the next type in the index; DISTINCT would read every row.
    query = """
        WITH RECURSIVE found (type) AS (
            SELECT min(type) FROM fhir_resources WHERE fhir = ?
            UNION ALL
            SELECT (SELECT min(type) FROM fhir_resources WHERE fhir = ? AND type > found.type)
            FROM found WHERE found.type IS NOT NULL
        )
        SELECT type FROM found WHERE type IS NOT NULL
    """
    return [type_ for (type_,) in index.kept(query, (fhir, fhir))]


def count_type(index: TopicIndex, fhir: str, type_: str) -> int:
    """Return how many resources of a type the release has."""
    query = "SELECT count(*) FROM fhir_resources WHERE fhir = ? AND type = ?"
    found: int = index.kept(query, (fhir, type_))[0][0]
    return found
