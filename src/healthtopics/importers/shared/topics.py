"""The work of an import on one topic: merges it with the workspace's topic and catalogue; local work wins."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from healthtopics import jsontext
from healthtopics.catalogue import Key
from healthtopics.catalogues.imported import Imported
from healthtopics.catalogues.template import template_of
from healthtopics.errors import DataError, ImportDataError
from healthtopics.glossary import Glossary
from healthtopics.importers.shared.catalogues import FileChange, OfferedCatalogue, merge_catalogue
from healthtopics.importers.shared.merging import PartDigests, digests_of, merge_documents
from healthtopics.importers.shared.report import MessageCounts, Repair, TopicReport
from healthtopics.importers.shared.source import ImportSource
from healthtopics.importers.shared.state import GivenIds
from healthtopics.jsontext import JsonObject
from healthtopics.layout import LOCALES, TOPICS, catalogue_path, folder_of, topic_path
from healthtopics.problems import Level, Problem, excerpt
from healthtopics.topic import linked_topics
from healthtopics.validation.topics import TopicReferences, TopicSchema
from healthtopics.workers import Shared

_KEPT: Final = "the local text stays; the imported one changed, too."
_OVERTAKEN: Final = (
    "the imported text is in use; the local translation of the earlier English is kept as obsolete (#~)."
)
"""The outcome for a clash."""
_UNFIT: Final = frozenset({"topic-schema", "topic-shape", "duplicate-id"})
"""Faults that make a topic of the workspace unusable."""


@dataclass(slots=True, kw_only=True)
class OfferedTopic:
    """A topic from the collection."""

    document: JsonObject
    translations: dict[Key, Imported] = field(default_factory=dict)
    counts: MessageCounts = field(default_factory=MessageCounts)
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicOffer:
    """A topic of the collection, before the work of composing it."""

    inputs: str
    """A digest of everything that it is made from: while it is the same, the topic is not composed again."""
    created: str
    """The first day of the topic according to the collection; empty if it gives none."""
    is_translated: bool
    """Whether the topic needs a catalogue."""
    about: Mapping[str, str]
    """The importer's own members of the state."""
    problems: Sequence[Problem] = ()
    compose: Callable[[GivenIds], OfferedTopic]
    """Makes the topic; ids of the last import are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMaterial:
    """What a topic is made from."""

    key: str
    """Its id in the collection."""
    records: Mapping[str, str | None]
    """The ids of its records, by their names in the report."""
    line: int | None
    """Its place in the file."""
    content: Any
    """For the importer; other processes get a pickled copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicJob:
    """A topic to make, with its state and files."""

    id: str
    material: TopicMaterial
    known: JsonObject
    """The state of the last import; empty if there is none."""
    current: bytes | None
    """The topic of the workspace."""
    catalogue: bytes | None
    """The catalogue of the workspace."""


class TopicMaker(Protocol):
    """The importer's part of the work; other processes get a pickled copy."""

    def offer(self, job: TopicJob) -> TopicOffer:
        """Return the topic that the collection has."""


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
    emergency_numbers: tuple[str, ...]
    """Those of the workspace."""

    def read(self, data: bytes, name: str) -> JsonObject:
        """Return a topic of the workspace; raises DataError with what makes it unfit to be merged."""
        path = topic_path(name)
        document: JsonObject = jsontext.parse(data, path)
        problems = self.schema.check(document, path, self.references)
        if errors := [each for each in problems if each.check in _UNFIT]:
            raise ImportDataError(errors)
        return document

    def make(self, maker: TopicMaker, job: TopicJob) -> TopicResult:
        """Make a topic and merge it; the problems are in the result."""
        result = TopicResult(TopicReport(job.id, job.material.key, job.material.records))
        try:
            self._fill(result, maker, job)
        except DataError as error:
            result.report.outcome = "faulty"
            result.problems = [
                *result.problems,
                *(
                    each
                    if folder_of(each.path) in (TOPICS, LOCALES)
                    else replace(each, path=self.source.path, line=job.material.line)
                    for each in error.problems
                ),
            ]
        return result

    def _fill(self, result: TopicResult, maker: TopicMaker, job: TopicJob) -> None:
        report, known = result.report, job.known
        current = None if job.current is None else self.read(job.current, job.id)
        if known and current is None:
            report.outcome = "deleted here"
            return
        offer = maker.offer(job)
        result.problems = offer.problems
        has_files = job.catalogue is not None or not offer.is_translated
        if known.get("inputs") == offer.inputs and not known.get("withdrawn") and has_files:
            # The file has nothing new for this topic; all local work stays.
            report.counts = MessageCounts.from_dict(known)
            return
        topic = offer.compose(GivenIds.known(known))
        report.counts, report.repairs = topic.counts, topic.repairs
        document = self._merged(topic.document, current, known, offer.created, report)
        changes = [] if document is current else [FileChange(topic_path(job.id), jsontext.dump(document))]
        result.changes = [*changes, *self._merge_translations(topic, document, job, report)]
        if report.outcome == "unchanged" and result.changes:
            report.outcome = "changed"
        given = GivenIds.of(topic.document)
        result.links = frozenset(target for target, _pointer in linked_topics(document))
        result.state = {
            "id": job.id,
            **offer.about,
            "created": offer.created,
            "inputs": offer.inputs,
            **report.counts.to_dict(),
            "parts": digests_of(_without_dates(topic.document)),
            "sections": [list(each) for each in given.sections],
            "links": [list(each) for each in given.links],
        }

    def _merge_translations(
        self, offered: OfferedTopic, document: JsonObject, job: TopicJob, report: TopicReport
    ) -> Iterator[FileChange]:
        """Yield the catalogue if it changes; raises CatalogueError if the present one cannot be read."""
        catalogue = OfferedCatalogue(
            name=report.id,
            template=template_of(self.schema.plan, document, self.source.language, self.glossary),
            translations=offered.translations,
            subject=f"topic “{report.id}”",
            created=document["dates"]["updated"],
        )
        merged = merge_catalogue(
            catalogue,
            job.catalogue,
            self.source,
            emergency_numbers=self.emergency_numbers,
            withdraws=True,
        )
        if merged is not None:
            path = catalogue_path(self.source.language, report.id)
            report.clashes += tuple(
                f"{path}: {key.msgctxt} “{excerpt(key.msgid)}”: "
                f"{_OVERTAKEN if key in merged.overtaken else _KEPT}"
                for key in merged.clashes
            )
            if merged.data != job.catalogue:
                yield FileChange(path, merged.data)

    def _merged(
        self,
        offered: JsonObject,
        current: JsonObject | None,
        known: JsonObject,
        created: str,
        report: TopicReport,
    ) -> JsonObject:
        """Return the topic for the workspace; the current document itself if nothing changes.

        Raises ImportDataError if the offer could not be published.
        """
        if current is None:
            self._refuse_unfit(offered)
            report.outcome = "added"
            return offered
        content, clashes = _merge_topic(offered, current, known.get("parts", {}))
        dates = dict(current["dates"])
        if created and created != known.get("created", created):
            dates["created"] = created
        if "createdIn" in offered["dates"]:
            dates = {"created": dates["created"], "createdIn": offered["dates"]["createdIn"], **dates}
        if known.get("withdrawn") and dates.get("withdrawFrom") == known["withdrawn"]:
            del dates["withdrawFrom"]
            report.outcome = "returned"
        if self._faults_of({**content, "dates": dates}):
            self._refuse_unfit(offered)
            # Each side is valid but both together are not: the local one stays, whole.
            content, clashes = _without_dates(current), ["the whole topic"]
        report.clashes += tuple(f"{topic_path(report.id)}: {part}: {_KEPT}" for part in clashes)
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


def make_topics(work: Shared[tuple[TopicMerger, TopicMaker]], jobs: Sequence[TopicJob]) -> list[TopicResult]:
    """Make some topics: the task of a worker."""
    merger, maker = work.value
    return [merger.make(maker, job) for job in jobs]
