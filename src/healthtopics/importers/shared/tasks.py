"""What an import does for one topic, as a task that any process can carry out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from healthtopics.errors import DataError
from healthtopics.importers.shared.catalogues import FileChange
from healthtopics.importers.shared.report import MessageCounts, TopicReport
from healthtopics.importers.shared.state import GivenIds
from healthtopics.importers.shared.topics import Document, OfferedTopic, TopicMerger, Versions
from healthtopics.layout import LOCALES, TOPICS, folder_of
from healthtopics.problems import Problem
from healthtopics.workers import Shared


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicOffer:
    """A topic of the collection, before the work of composing it."""

    inputs: str
    """A digest of all that it is made from: while it is the same, the topic is not composed again."""
    created: str
    """The day that the collection names as the topic's first; empty where it names none."""
    is_translated: bool
    """Whether the topic needs a catalogue."""
    about: Mapping[str, str]
    """What the state keeps of it for the importer."""
    problems: Sequence[Problem] = ()
    compose: Callable[[GivenIds], OfferedTopic]
    """Make the topic; what had an id in the last import keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMaterial:
    """What a topic is made from."""

    key: str
    """Its id in the collection."""
    records: Mapping[str, str | None]
    """The ids of its records, by the names that the report gives them."""
    line: int | None
    """Its place in the file."""
    content: Any
    """For the importer; other processes get a pickled copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicJob:
    """A topic that is to be made, and all that there is of it."""

    id: str
    material: TopicMaterial
    known: Document
    """The state that the last import left; empty where there is none."""
    current: bytes | None
    """The topic of the workspace."""
    catalogue: bytes | None
    """The catalogue of the workspace."""


class TopicMaker(Protocol):
    """The importer's share of the work; other processes get a pickled copy."""

    def offer(self, job: TopicJob) -> TopicOffer:
        """Return the topic that the collection has."""
        ...


@dataclass(frozen=True, slots=True)
class TopicWork:
    """What all topics of an import have in common."""

    merger: TopicMerger
    maker: TopicMaker


@dataclass(slots=True)
class TopicResult:
    """What came of a job."""

    report: TopicReport
    changes: Sequence[FileChange] = ()
    links: frozenset[str] | None = None
    """The ids of the topics that it links to; None where it was not made again."""
    state: Document | None = None
    """What the next import needs to know; None where nothing has changed."""
    problems: Sequence[Problem] = ()


def make_topics(work: Shared[TopicWork], jobs: Sequence[TopicJob]) -> list[TopicResult]:
    """Make some topics; what is wrong with one of them is in its result."""
    return [_make(work.value, job) for job in jobs]


def _make(work: TopicWork, job: TopicJob) -> TopicResult:
    result = TopicResult(TopicReport(job.id, job.material.key, job.material.records))
    try:
        _fill(result, work, job)
    except DataError as error:
        result.report.outcome = "faulty"
        path = work.merger.source.path
        result.problems = [
            *result.problems,
            *(
                each
                if folder_of(each.path) in (TOPICS, LOCALES)
                else replace(each, path=path, line=job.material.line)
                for each in error.problems
            ),
        ]
    return result


def _fill(result: TopicResult, work: TopicWork, job: TopicJob) -> None:
    report, known = result.report, job.known
    current = None if job.current is None else work.merger.read(job.current, job.id)
    if known and current is None:
        report.outcome = "deleted here"
        return
    offer = work.maker.offer(job)
    result.problems = offer.problems
    has_files = job.catalogue is not None or not offer.is_translated
    if known.get("inputs") == offer.inputs and not known.get("withdrawn") and has_files:
        # The file says nothing new of this topic; whatever was done here stays.
        report.counts = MessageCounts.from_dict(known)
        return
    topic = offer.compose(GivenIds.known(known))
    merged = work.merger.merge(topic, Versions(current, job.catalogue, known, offer.created), report)
    result.changes, result.links = merged.changes, merged.links
    result.state = {
        "id": job.id,
        **offer.about,
        "created": offer.created,
        "inputs": offer.inputs,
        **merged.state,
    }
