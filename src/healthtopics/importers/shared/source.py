"""The identity of a foreign collection."""

from dataclasses import dataclass

from healthtopics.catalogues.imported import Origin
from healthtopics.language import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChecks:
    """The ids under which an importer reports problems that any import may have."""

    id_taken: str
    """The workspace has another topic under the id that an imported one would get."""
    many_gone: str
    """So many topics are missing that the file cannot be the whole collection."""
    older: str
    """The file is older than the one that was imported last."""
    state: str
    """The state file is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSource:
    """A foreign collection, and its current file."""

    name: str
    """A key: the system of its identifiers, and the origin in the comments of catalogues."""
    translator: str
    """The Last-Translator of a new catalogue."""
    language: LanguageTag
    """The language of its translations."""
    checks: ImportChecks
    path: str
    """The file's name in problems."""
    day: str
    """The day on which the file was made, YYYY-MM-DD."""

    @property
    def origin(self) -> Origin:
        """The origin in the comments of imported translations."""
        return Origin(source=self.name, translator=self.translator, day=self.day)


@dataclass(frozen=True, slots=True)
class ForeignTopic:
    """The identity of a topic of the collection before it is composed."""

    key: str
    """Its id in the collection, and its key in the state."""
    title: str
    line: int | None = None
    """Its place in the file."""
    identifiers: tuple[str, ...] = ()
    """Values of `identifiers` that identify this topic in the workspace, best first."""
