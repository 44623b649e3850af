"""Merges an offered topic with the workspace's topic and catalogue: local work wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.catalogue import Key
from healthtopics.catalogues.imported import Imported
from healthtopics.catalogues.template import template_of
from healthtopics.errors import ImportDataError
from healthtopics.glossary import Glossary
from healthtopics.importers.shared.catalogues import FileChange, OfferedCatalogue, merge_catalogue
from healthtopics.importers.shared.merging import PartDigests, digests_of, merge_documents
from healthtopics.importers.shared.report import MessageCounts, Repair, TopicReport
from healthtopics.importers.shared.source import ImportSource
from healthtopics.importers.shared.state import GivenIds
from healthtopics.jsontext import JsonObject
from healthtopics.layout import catalogue_path, topic_path
from healthtopics.problems import Level, Problem, excerpt
from healthtopics.topic import linked_topics
from healthtopics.validation.topics import TopicReferences, TopicSchema

_UNFIT: Final = frozenset({"topic-schema", "topic-shape", "duplicate-id"})
"""Faults that make a topic of the workspace unusable."""


@dataclass(slots=True, kw_only=True)
class OfferedTopic:
    """A topic from the collection."""

    document: JsonObject
    translations: dict[Key, Imported] = field(default_factory=dict)
    counts: MessageCounts = field(default_factory=MessageCounts)
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """The existing versions of a topic."""

    current: JsonObject | None
    """The workspace's document."""
    catalogue: bytes | None
    """The workspace's catalogue."""
    known: Mapping[str, Any]
    """The state of the last import; empty if there is none."""
    created: str
    """The first day of the topic according to the collection; empty if it gives none."""


@dataclass(slots=True)
class TopicResult:
    """The result of making a topic."""

    report: TopicReport
    changes: Sequence[FileChange] = ()
    links: frozenset[str] | None = None
    """The ids of the topics that it links to; None if it was not made again."""
    state: JsonObject | None = None
    """The state for the next import; None if nothing has changed."""
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMerger:
    """Merges the topics of one import."""

    source: ImportSource
    schema: TopicSchema
    references: TopicReferences
    glossary: Glossary | None
    """The glossary of the translations: the comments of their catalogues name its terms."""

    def read(self, data: bytes, name: str) -> JsonObject:
        """Return a topic of the workspace; raises DataError with what makes it unfit to be merged."""
        path = topic_path(name)
        document: JsonObject = jsontext.parse(data, path)
        problems = self.schema.check(document, path, self.references)
        if errors := [each for each in problems if each.check in _UNFIT]:
            raise ImportDataError(errors)
        return document

    def merge(self, offered: OfferedTopic, versions: Versions, result: TopicResult) -> None:
        """Merge a topic with its catalogue, and record the outcome in the result.

        The state lacks the importer's own members.

        Raises ImportDataError if the offer could not be published, and CatalogueError if the catalogue of the
        workspace cannot be read.
        """
        report = result.report
        report.counts, report.repairs = offered.counts, offered.repairs
        document = self._merged(offered.document, versions, report)
        catalogue = OfferedCatalogue(
            name=report.id,
            template=template_of(self.schema.plan, document, self.source.language, self.glossary),
            translations=offered.translations,
            subject=f"topic “{report.id}”",
            created=document["dates"]["updated"],
        )
        changes = []
        if document is not versions.current:
            changes.append(FileChange(topic_path(report.id), jsontext.dump(document)))
        merged = merge_catalogue(catalogue, versions.catalogue, self.source, withdraws=True)
        if merged is not None:
            path = catalogue_path(self.source.language, report.id)
            report.clashes += tuple(f"{path}: {key.msgctxt} “{excerpt(key.msgid)}”" for key in merged.clashes)
            if merged.data != versions.catalogue:
                changes.append(FileChange(path, merged.data))
        if report.outcome == "unchanged" and changes:
            report.outcome = "changed"
        given = GivenIds.of(offered.document)
        result.changes = changes
        result.links = frozenset(target for target, _pointer in linked_topics(document))
        result.state = {
            **report.counts.to_dict(),
            "parts": digests_of(_without_dates(offered.document)),
            "sections": [list(each) for each in given.sections],
            "links": [list(each) for each in given.links],
        }

    def _merged(self, offered: JsonObject, versions: Versions, report: TopicReport) -> JsonObject:
        """Return the topic for the workspace; the current document itself if nothing changes."""
        current, known = versions.current, versions.known
        if current is None:
            self._refuse_unfit(offered)
            report.outcome = "added"
            return offered
        content, clashes = _merge_topic(offered, current, known.get("parts", {}))
        dates = dict(current["dates"])
        if versions.created and versions.created != known.get("created", versions.created):
            dates["created"] = versions.created
        if known.get("withdrawn") and dates.get("withdrawFrom") == known["withdrawn"]:
            del dates["withdrawFrom"]
            report.outcome = "returned"
        if self._faults_of({**content, "dates": dates}):
            self._refuse_unfit(offered)
            # Each side is valid but both together are not: the local one stays, whole.
            content, clashes = _without_dates(current), ["the whole topic"]
        report.clashes += tuple(f"{topic_path(report.id)}: {part}" for part in clashes)
        content = _ordered(content, offered)
        if content == _without_dates(current) and dates == current["dates"]:
            return current
        dates["updated"] = max(self.source.day, current["dates"]["updated"])
        return _ordered({**content, "dates": dates}, offered)

    def _faults_of(self, document: JsonObject) -> list[Problem]:
        plain = jsontext.load(jsontext.canonical(document))  # an importer's texts may be more than strings
        found = self.schema.check(plain, topic_path(document["id"]), self.references)
        return [problem for problem in found if problem.level is Level.ERROR]

    def _refuse_unfit(self, document: JsonObject) -> None:
        """Raise if a topic as the file has it would stop every publication."""
        if faults := self._faults_of(document):
            prefix = f"topic {document['id']!r}"
            raise ImportDataError(
                [replace(each, path=self.source.path, message=f"{prefix}: {each.message}") for each in faults]
            )


def _merge_topic(offered: JsonObject, current: JsonObject, base: PartDigests) -> tuple[JsonObject, list[str]]:
    """Merge the contents; the size of the units belongs to the sections that have it."""
    merged = merge_documents(_without_dates(offered), _without_dates(current), base)
    content, clashes = merged.document, list(merged.clashes)
    if offered.get("unit") != current.get("unit"):
        is_local = any(map(_is_of_units, merged.local))
        winner = current if is_local else offered
        for member in _OF_UNITS:
            content.pop(member, None)
            if member in winner:
                content[member] = winner[member]
        if is_local:
            clashes = [*(part for part in clashes if not _is_of_units(part)), "sections"]
    return content, clashes


_OF_UNITS: Final = ("unit", "sections")


def _is_of_units(part: str) -> bool:
    return part.partition("/")[0] in _OF_UNITS


def _without_dates(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name != "dates"}


def _ordered(document: JsonObject, like: JsonObject) -> JsonObject:
    """Return the members in the order of another document, those that it does not have last."""
    return {name: document[name] for name in [*like, *document] if name in document}
