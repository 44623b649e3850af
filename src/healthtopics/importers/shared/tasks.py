"""The work of an import on one topic, as a task that any process can run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from healthtopics.errors import DataError
from healthtopics.importers.shared.report import MessageCounts, TopicReport
from healthtopics.importers.shared.state import GivenIds
from healthtopics.importers.shared.topics import OfferedTopic, TopicMerger, TopicResult, Versions
from healthtopics.jsontext import JsonObject
from healthtopics.layout import LOCALES, TOPICS, folder_of
from healthtopics.problems import Problem
from healthtopics.workers import Shared


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
        ...


@dataclass(frozen=True, slots=True)
class TopicWork:
    """The data that all topics of an import share."""

    merger: TopicMerger
    maker: TopicMaker


def make_topics(work: Shared[TopicWork], jobs: Sequence[TopicJob]) -> list[TopicResult]:
    """Make some topics; problems of one of them are in its result."""
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
        # The file has nothing new for this topic; all local work stays.
        report.counts = MessageCounts.from_dict(known)
        return
    topic = offer.compose(GivenIds.known(known))
    work.merger.merge(topic, Versions(current, job.catalogue, known, offer.created), result)
    result.state = {
        "id": job.id,
        **offer.about,
        "created": offer.created,
        "inputs": offer.inputs,
        **(result.state or {}),
    }
