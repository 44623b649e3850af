"""The FHIR resources of the release in bulk: whole files, or where each of some resources is."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.index.resource_search import Condition, ResourceQuery, plan_resources, where
from healthtopics.jsontext import canonical

_FILES: Final = """
    SELECT artifact.name, artifact.sha256, artifact.length, counted.type, counted.resources
    FROM (
            SELECT file, type, count(*) AS resources FROM fhir_resources WHERE fhir = ? GROUP BY file
        ) AS counted
        JOIN main.files AS file ON file.id = counted.file
        JOIN artifacts AS artifact ON artifact.name = file.artifact
    WHERE artifact.name LIKE '%.ndjson'
    ORDER BY counted.type, counted.file
"""
_PLACES: Final = """
    SELECT r.number AS number, r.file, version."offset", version.length
    FROM fhir_resources AS r JOIN versions AS version
        ON version.fhir = r.fhir AND version.type = r.type AND version.id = r.id AND version.file = r.file
    WHERE version.is_current AND {where}
"""


class BulkFile(NamedTuple):
    """An NDJSON file of the release: resources of one type, each on its own line."""

    name: str
    sha256: str
    length: int
    """In bytes."""
    type: str
    resources: int
    """How many it has."""


class BulkLine(NamedTuple):
    """Where a resource is in an NDJSON file; the line break after it is not counted."""

    artifact: str
    sha256: str
    """Of the file."""
    offset: int
    length: int


class Deletion(NamedTuple):
    """A resource that was in an earlier release, and is not in this one."""

    type: str
    id: str
    date: str
    """The time of the first release without it."""


class Period(NamedTuple):
    """What changed after an instant, and before another one; an empty one does not limit it."""

    since: str = ""
    until: str = ""

    def condition(self, column: str) -> Condition:
        """Return the condition for a column of instants."""
        limits = [(f"{column} > ?", self.since), (f"{column} < ?", self.until)]
        given = [(sql, value) for sql, value in limits if value]
        return Condition(" AND ".join(sql for sql, _ in given) or "1", tuple(value for _, value in given))


EVER: Final = Period()
_SOME: Final = 5000
"""So many deletions are read at a time."""


def bulk_files(index: TopicIndex, fhir: str) -> list[BulkFile]:
    """Return the NDJSON files of a version of FHIR, by type."""
    return [BulkFile(*row) for row in index.kept(_FILES, (fhir,))]


def changed_lines(index: TopicIndex, queries: Iterable[ResourceQuery], period: Period) -> Iterator[BulkLine]:
    """Yield where the resources are that any of the queries finds, in the order of the release.

    `meta.lastUpdated` says when each changed. The resources must be in NDJSON files.
    """
    changed = period.condition("r.last_updated")
    plans = (plan_resources(index, query) for query in queries)
    wanted = [where(plan) for plan in plans if not plan.is_empty]
    places = " UNION ".join(_PLACES.format(where=f"{matching} AND {changed.sql}") for matching, _ in wanted)
    if not places:
        return
    values = [each for _, own in wanted for each in (*own, *changed.values)]
    files: dict[int, tuple[str, str]] = {}
    for _, file, offset, length in index.each(f"{places} ORDER BY number", values):
        if file not in files:
            ((name, sha256),) = index.rows("SELECT artifact, sha256 FROM main.files WHERE id = ?", (file,))
            files[file] = name, sha256
        yield BulkLine(*files[file], offset, length)


class DeletionTotals(NamedTuple):
    """How many resources were deleted, and how long all texts in their `Deletion`s are."""

    resources: int
    length: int


def count_deletions(index: TopicIndex, fhir: str, types: Sequence[str], period: Period) -> DeletionTotals:
    """Return how many resources of some types were deleted in a period."""
    deleted = period.condition("date")
    row = index.row(
        f"""
        SELECT count(*), coalesce(sum(length(type) + length(deleted.id) + length(date)), 0)
        FROM deletions AS deleted
        WHERE fhir = ? AND type IN (SELECT value FROM json_each(?)) AND {deleted.sql}
        """,  # noqa: S608 - our columns
        (fhir, canonical(list(types)).decode(), *deleted.values),
    )
    return DeletionTotals(*row or (0, 0))


def deletions(index: TopicIndex, fhir: str, types: Sequence[str], period: Period) -> Iterator[Deletion]:
    """Yield the resources of some types that were deleted in a period, however many.

    They are read in the order in which the index has them, some at a time.
    """
    deleted = period.condition("dates.text")
    query = f"""
        SELECT gone.date, gone.resource, types.text, named.id, dates.text
        FROM stored_deletions AS gone
            CROSS JOIN texts AS dates ON dates.id = gone.date
            CROSS JOIN stored_resources AS named ON named.number = gone.resource
            CROSS JOIN texts AS types ON types.id = named.type
        WHERE gone.fhir = (SELECT id FROM texts WHERE text = ?) AND (gone.date, gone.resource) > (?, ?)
            AND types.text IN (SELECT value FROM json_each(?)) AND {deleted.sql}
        ORDER BY gone.date, gone.resource LIMIT ?
    """  # noqa: S608 - our columns
    place = 0, 0
    while rows := index.rows(query, (fhir, *place, canonical(list(types)).decode(), *deleted.values, _SOME)):
        yield from (Deletion(*row[2:]) for row in rows)
        place = rows[-1][:2]


def deleted_types(index: TopicIndex, fhir: str) -> list[str]:
    """Return the types of deleted resources, but not Bundle: documents repeat other resources."""
    query = "SELECT DISTINCT type FROM deletions WHERE fhir = ? AND type <> 'Bundle'"
    return [type_ for (type_,) in index.rows(query, (fhir,))]


def is_release(index: TopicIndex, time: str) -> bool:
    """Return whether there was a release at a time, as far as the index knows."""
    return index.row("SELECT 1 FROM releases WHERE time = ?", (time,)) is not None


def is_followed(index: TopicIndex, time: str) -> bool:
    """Return whether everything that changed since the release of a time is known by its time.

    It is not after a clock was corrected: later releases then have earlier times.
    """
    later = """
        SELECT 1 FROM releases WHERE time <= :time
            AND number > (SELECT max(number) FROM releases WHERE time = :time)
    """
    return is_release(index, time) and index.row(later, {"time": time}) is None
