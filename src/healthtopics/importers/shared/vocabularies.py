"""Merges offered entries into the vocabularies of a workspace."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from healthtopics import jsontext
from healthtopics.catalogue import IDENTITY, Catalogue, Key
from healthtopics.catalogues import po
from healthtopics.catalogues.imported import Imported
from healthtopics.catalogues.template import template_of_vocabulary
from healthtopics.errors import ImportDataError
from healthtopics.importers.shared.catalogues import FileChange, OfferedCatalogue, merge_catalogue
from healthtopics.importers.shared.merging import PartDigests, digests_of, merge_documents
from healthtopics.importers.shared.source import ImportSource
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE
from healthtopics.layout import VOCABULARY, Files, catalogue_path, vocabulary_path
from healthtopics.problems import has_errors
from healthtopics.schema import packaged_plan
from healthtopics.topic import LocalizedTerm
from healthtopics.translation.terms import localize_terms
from healthtopics.validation.topics import parse_vocabularies
from healthtopics.vocabulary import Vocabulary

_PACKAGED = "schema/"
"""The prefix of the paths of packaged vocabularies."""


@dataclass(frozen=True, slots=True)
class OfferedTerms:
    """The entries that the topics of a collection need."""

    entries: Mapping[str, Sequence[JsonObject]] = field(default_factory=dict)
    """Vocabulary → entries."""
    translations: Mapping[str, str] = field(default_factory=dict)
    """English label or name → its translation."""
    found: Mapping[str, Sequence[JsonObject]] = field(default_factory=dict)
    """Vocabulary → what would be offered for entries that the workspace has already."""


class WorkspaceVocabularies:
    """The vocabularies of a workspace, merged over the packaged ones."""

    def __init__(self, files: Files, source: ImportSource) -> None:
        """Read the vocabularies; raises DataError with everything that is wrong with them."""
        self._source = source
        self._documents, problems = parse_vocabularies(files.vocabularies())
        if has_errors(problems):
            raise ImportDataError(problems)
        self._shipped_data = files.shipped(source.language)
        self._own_data = files.catalogue(source.language, VOCABULARY)
        self._emergency_numbers = files.configuration.emergency_numbers
        self.vocabulary = Vocabulary.merge(self._documents.items())

    def terms(self) -> Mapping[str, Mapping[str, LocalizedTerm]]:
        """Return the entries in English, with the labels of both languages."""
        own, shipped = self._words(self._own_data), self._words(self._shipped_data)
        words = Catalogue(self._source.language) if own is None else own
        words = words if shipped is None else words.over(shipped)
        plan = packaged_plan("vocabulary.schema.json")
        return localize_terms(plan, self.vocabulary, [IDENTITY, words])[SOURCE].terms

    def merge(
        self, offered: OfferedTerms, base: dict[str, dict[str, str]], created: str
    ) -> Iterator[FileChange]:
        """Yield the files that change; `vocabulary` has the offered entries afterwards.

        `base` holds by vocabulary the digests of the last import's offer, and is brought up to date.
        `created` is the day of the oldest entry.
        """
        merged = dict(self._documents)
        packaged = [document for path, document in self._documents.items() if path.startswith(_PACKAGED)]
        for document in sorted(packaged, key=lambda document: str(document["id"])):
            name = document["id"]
            path = vocabulary_path(name)
            current = self._documents.get(path)
            known = {entry["id"]: entry for entry in document["entries"]}
            new = [_over(known.get(entry["id"]), entry) for entry in offered.entries.get(name, ())]
            new += _left(offered.found.get(name, ()), current, {entry["id"] for entry in new})
            if current is None and not new:
                continue
            start = current or {"id": name, "title": document["title"], "entries": []}
            merged[path] = _merge_entries(start, new, base)
            if merged[path] != start:
                yield FileChange(path, jsontext.dump(merged[path]))
        self.vocabulary = Vocabulary.merge(merged.items())
        yield from self._merge_catalogue(offered.translations, created)

    def _merge_catalogue(self, translations: Mapping[str, str], created: str) -> Iterator[FileChange]:
        language = self._source.language
        catalogue = OfferedCatalogue(
            name=VOCABULARY,
            template=template_of_vocabulary(self.vocabulary, language),
            translations={
                Key(role, name): Imported(msgstr=translation)
                for name, translation in translations.items()
                for role in ("label", "organization")
            },
            subject="the vocabulary",
            created=created,
        )
        shipped = self._words(self._shipped_data)
        merged = merge_catalogue(
            catalogue,
            self._own_data,
            self._source,
            emergency_numbers=self._emergency_numbers,
            shipped=shipped,
        )
        # The template's date comes from the topics: a new one alone does not change the file.
        if merged is not None and merged.is_changed and merged.data != self._own_data:
            yield FileChange(catalogue_path(language, VOCABULARY), merged.data)

    def _words(self, data: bytes | None) -> Catalogue | None:
        if data is None:
            return None
        path = catalogue_path(self._source.language, VOCABULARY)
        return po.to_catalogue(po.parse(data, path).file, self._source.language, path)


def _over(packaged: JsonObject | None, entry: JsonObject) -> JsonObject:
    """Return an offered entry; a packaged one gets its addresses by language, and is otherwise as it was."""
    return entry if packaged is None else {**packaged, **{k: entry[k] for k in ("urls",) if k in entry}}


def _left(
    found: Sequence[JsonObject], document: JsonObject | None, offered: set[str]
) -> Iterator[JsonObject]:
    """Yield entries of an import that was stopped before it recorded them: they are just like these."""
    here = {entry["id"]: entry for entry in document["entries"]} if document else {}
    yield from (entry for entry in found if entry["id"] not in offered and entry == here.get(entry["id"]))


def _merge_entries(
    document: JsonObject, new: Sequence[JsonObject], bases: dict[str, dict[str, str]]
) -> JsonObject:
    """Return a vocabulary with the offered entries; entries that were offered before stay.

    Entries that the file no longer has may still be used in topics that were withdrawn or written here.
    """
    name = document["id"]
    base: PartDigests = bases.get(name, {})
    fresh = {entry["id"]: entry for entry in new}
    offered = [
        fresh.pop(entry["id"], entry)
        for entry in document["entries"]
        if entry["id"] in fresh or f"entries/{entry['id']}" in base
    ] + list(fresh.values())
    if not offered:
        return document
    merged = merge_documents({"entries": offered}, {"entries": document["entries"]}, base)
    bases[name] = digests_of({"entries": offered})
    return {**document, **merged.document}
