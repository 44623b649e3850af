"""The artifacts of the release."""

from collections.abc import Iterator

from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import ArtifactRow


def find_artifact(index: TopicIndex, name: str) -> ArtifactRow | None:
    """Return the artifact of a name."""
    row = index.row("SELECT * FROM artifacts WHERE name = ?", (name,))
    return ArtifactRow(*row) if row else None


def artifacts_of(index: TopicIndex, topic: str, language: str) -> list[ArtifactRow]:
    """Return the artifacts of an edition, by format."""
    rows = index.rows(
        "SELECT * FROM artifacts WHERE topic = ? AND language = ? ORDER BY format", (topic, language)
    )
    return [ArtifactRow(*row) for row in rows]


def artifacts_in(index: TopicIndex, format_: str) -> Iterator[ArtifactRow]:
    """Yield the artifacts of editions in a format, by name."""
    query = "SELECT * FROM artifacts WHERE format = ? AND topic <> '' AND language <> '' ORDER BY name"
    return (ArtifactRow(*row) for row in index.each(query, (format_,)))


def formats_in(index: TopicIndex) -> set[str]:
    """Return the names of the formats that artifacts of the release are in."""
    return {name for (name,) in index.rows("SELECT DISTINCT format FROM artifacts")}
