"""Merges offered translations into a catalogue file of the workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from healthtopics.catalogue import Catalogue, Key
from healthtopics.catalogues.imported import Imported, ImportedCatalogue, import_translations
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.checks.table import judge_in
from healthtopics.importers.shared.source import ImportSource
from healthtopics.layout import catalogue_path


@dataclass(frozen=True, slots=True)
class FileChange:
    """New bytes for a file of the workspace."""

    path: str
    data: bytes | None
    """None withdraws an earlier change: the file stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedCatalogue:
    """The messages of a topic or of the vocabulary, and the collection's translations of them."""

    name: str
    template: Sequence[TemplateMessage]
    translations: Mapping[Key, Imported]
    subject: str
    """The subject of the catalogue for its header."""
    created: str
    """The day of the template, YYYY-MM-DD."""


def merge_catalogue(
    offered: OfferedCatalogue,
    data: bytes | None,
    source: ImportSource,
    *,
    emergency_numbers: tuple[str, ...],
    shipped: Catalogue | None = None,
    withdraws: bool = False,
) -> ImportedCatalogue | None:
    """Return the resulting file; None if there is neither a file nor a translation.

    `emergency_numbers` are those of the workspace, `shipped` and `withdraws` those of `import_translations`.
    Raises CatalogueError if the file cannot be read.
    """
    if data is None and not offered.translations:
        return None
    return import_translations(
        offered.template,
        data,
        Header(language=source.language, subject=offered.subject, created=offered.created),
        offered.translations,
        origin=source.origin,
        path=catalogue_path(source.language, offered.name),
        judge=judge_in(source.language, emergency_numbers=emergency_numbers),
        shipped=shipped,
        withdraws=withdraws,
    )
