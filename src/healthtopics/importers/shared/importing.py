"""Merges a foreign collection into a workspace: which files change, and what to report. No disk."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import islice
from typing import Final

from healthtopics import jsontext
from healthtopics.errors import DataError, ImportDataError
from healthtopics.glossary import Glossary
from healthtopics.importers.shared.catalogues import FileChange
from healthtopics.importers.shared.report import TopicReport
from healthtopics.importers.shared.slugs import slug
from healthtopics.importers.shared.source import ForeignTopic, ImportSource
from healthtopics.importers.shared.state import ImportState
from healthtopics.importers.shared.topics import (
    TopicJob,
    TopicMaker,
    TopicMaterial,
    TopicMerger,
    TopicResult,
    make_topics,
)
from healthtopics.importers.shared.vocabularies import OfferedTerms, WorkspaceVocabularies
from healthtopics.jsontext import JsonObject
from healthtopics.layout import WORDS, Files, catalogue_path, topic_path
from healthtopics.problems import Level, Problem
from healthtopics.topic import LocalizedTerm
from healthtopics.validation.topics import TopicReferences, TopicSchema
from healthtopics.website.addresses import RESERVED
from healthtopics.workers import Progress, Shared, spread

_FEW: Final = 10
_SHARE: Final = 0.05
"""The share of topics that may disappear from one file to the next; more is not a daily change."""
_LONGEST_ID: Final = 50
"""In characters, as in the topic schema."""

_BATCH: Final = 8
"""Topics of one task: few enough that processes end at about the same time."""


class WorkspaceImport(ABC):
    """One import into a workspace; generators of changes must be iterated to the end."""

    def __init__(
        self,
        source: ImportSource,
        files: Files,
        before: ImportState,
        *,
        glossary: Glossary | None = None,
        problems: Sequence[Problem] = (),
    ) -> None:
        """Prepare the import; `before` is the state of the last one, `problems` those of the collection.

        `glossary` is that of the translations: the comments of their catalogues name its terms.
        Raises ImportDataError if the file is older than the last one, and other DataErrors if the words of
        the
        workspace cannot be read.
        """
        if source.day < before.generated:
            problem = Problem(
                check=source.checks.older,
                path=source.path,
                message=f"the file is of {source.day}, but that of {before.generated} has been imported.",
                hint="Import the newest file; an older one would bring back what has changed since.",
            )
            raise ImportDataError([*problems, problem])
        self.source = source
        self.before = before
        self.after = before.following(source.day)
        self.problems = list(problems)
        self.topic_names = frozenset(files.topic_names())
        """The ids of the topics in the workspace."""
        self.ids: dict[str, str] = {}
        """The id of every topic that is imported, by its key in the collection."""
        self.schema = TopicSchema()
        self._files = files
        self._glossary = glossary
        self._vocabularies = WorkspaceVocabularies(files, source)
        self._reports: dict[str, TopicReport] = {}
        self._links: dict[str, frozenset[str]] = {}
        self._merger = self._new_merger()

    def _new_merger(self) -> TopicMerger:
        ids = self.topic_names.union(self.ids.values())
        references = TopicReferences(self._vocabularies.vocabulary, ids)
        return TopicMerger(
            source=self.source,
            schema=self.schema,
            references=references,
            glossary=self._glossary,
            emergency_numbers=self._files.configuration.emergency_numbers,
        )

    # Names

    def terms(self) -> Mapping[str, Mapping[str, LocalizedTerm]]:
        """Return the current vocabulary of the workspace, with the labels of both languages."""
        return self._vocabularies.terms()

    def give_ids(self, topics: Sequence[ForeignTopic], present: Collection[str]) -> None:
        """Assign an id to every topic: that of the last import, else one made from its title.

        `present` has the keys of everything in the collection.
        """
        known = self.before.topics
        taken = {*WORDS, *RESERVED, *self.topic_names, *(given for _, given in known.ids())}
        is_all_known = all(topic.key in known for topic in topics)
        here = {} if is_all_known else self._identified(present)
        for topic in topics:
            adopted = next(filter(None, map(here.get, topic.identifiers)), None)
            self.ids[topic.key] = known.id_of(topic.key) or adopted or self._new_id(topic, taken)
        self._merger = self._new_merger()

    def _new_id(self, topic: ForeignTopic, taken: set[str]) -> str:
        plain = slug(topic.title, _LONGEST_ID)
        given = slug(topic.title, _LONGEST_ID, taken, topic.key)
        taken.add(given)
        if given != plain and plain in self.topic_names:
            self.problems.append(
                Problem(
                    check=self.source.checks.id_taken,
                    level=Level.WARNING,
                    path=self.source.path,
                    line=topic.line,
                    message=f"the workspace already has another topic {plain!r}; this one becomes {given!r}.",
                    hint="Remove one of the two if they are the same topic.",
                )
            )
        return given

    def _identified(self, present: Collection[str]) -> dict[str, str]:
        """Return the topics that name their foreign record although they are not in the state.

        This happens after a state was lost, an import was cut off, or the collection renumbered a record.
        """
        living = {given for key, given in self.before.topics.ids() if key in present}
        found: dict[str, str] = {}
        for name in sorted(self.topic_names - living):
            try:
                document = jsontext.parse(self._files.topic(name), name)
                for each in document["identifiers"]:
                    if each["system"] == self.source.name:
                        found.setdefault(each["value"], name)
            except (DataError, KeyError, TypeError):  # not imported, or faulty: `check` reports that
                continue
        return found

    # Changes

    def merge_vocabularies(self, offered: OfferedTerms, created: str) -> Iterator[FileChange]:
        """Yield the vocabularies and the catalogue that change; `created` is the day of the oldest topic."""
        yield from self._vocabularies.merge(offered, self.after.vocabularies, created)
        self._merger = self._new_merger()

    def merge_topics(
        self,
        topics: Iterable[TopicMaterial],
        maker: TopicMaker,
        executor: Executor | None = None,
    ) -> Iterator[list[FileChange]]:
        """Yield the changed files of each topic; for a topic made before, the first result is withdrawn.

        The processes of the executor share the work; the result does not depend on them.
        """
        work = Shared((self._merger, maker))
        for results in spread(executor, make_topics, work, _batches(map(self._job, topics))):
            for result in results:
                yield list(self._take(result))

    def _job(self, material: TopicMaterial) -> TopicJob:
        name = self.ids[material.key]
        return TopicJob(
            id=name,
            material=material,
            known=self.before.topics.get(material.key, {}),
            current=self._files.topic(name) if name in self.topic_names else None,
            catalogue=self._files.catalogue(self.source.language, name),
        )

    def _take(self, result: TopicResult) -> Iterator[FileChange]:
        report = result.report
        problems = result.problems
        if self._reports.pop(report.key, None):
            self.after.topics.take_back(report.key, self.before.topics)
            problems = [each for each in problems if each not in self.problems]
            for path in (topic_path(report.id), catalogue_path(self.source.language, report.id)):
                yield FileChange(path, None)
        self._reports[report.key] = report
        self.problems += problems
        if result.links is not None:
            self._links[report.key] = result.links
        if result.state is not None:
            self.after.topics[report.key] = result.state
        yield from result.changes

    def faulty_targets(self) -> set[str]:
        """Return the ids of the topics that will not exist because they turned out faulty."""
        faulty = {report.id for report in self._reports.values() if report.outcome == "faulty"}
        return faulty - self.topic_names

    def links_to(self, key: str, ids: Collection[str]) -> bool:
        """Return whether a topic made in this run links to one of these."""
        return not self._links.get(key, frozenset()).isdisjoint(ids)

    def withdraw(
        self, present: Collection[str], records_of: Callable[[str, JsonObject], Mapping[str, str | None]]
    ) -> Iterator[FileChange]:
        """Mark the topics whose keys are not `present`; nothing is deleted.

        `records_of` returns the `records` of a report from the key and the state of a topic.
        """
        living = self.before.topics.living()
        adopted = set(self.ids.values())
        missing = living.difference(present)
        gone = [key for key in sorted(missing) if self.before.topics.id_of(key) not in adopted]
        if len(gone) > max(_FEW, _SHARE * len(living)):
            self.problems.append(
                Problem(
                    check=self.source.checks.many_gone,
                    path=self.source.path,
                    message=f"{len(gone):,} of {len(living):,} topics are not in the file.",
                    hint="Is it the whole collection? --keep-going imports the rest and withdraws nothing.",
                )
            )
            return
        for key in gone:
            yield from self._withdraw(key, records_of(key, self.before.topics[key]))
        for key in missing.difference(gone):  # the collection renumbered these records
            del self.after.topics[key]

    def _withdraw(self, key: str, records: Mapping[str, str | None]) -> Iterator[FileChange]:
        known = self.before.topics[key]
        if known["id"] not in self.topic_names:
            return
        current = self._merger.read(self._files.topic(known["id"]), known["id"])
        self._reports[key] = TopicReport(known["id"], key, records, "withdrawn")
        self.after.topics[key] = {**known, "withdrawn": self.source.day}
        if not current["dates"].get("withdrawFrom"):
            dates = {**current["dates"], "withdrawFrom": self.source.day}
            yield FileChange(topic_path(known["id"]), jsontext.dump({**current, "dates": dates}))

    # Results

    @property
    def reports(self) -> Sequence[TopicReport]:
        """The outcome for each topic, in the order in which they were made."""
        return list(self._reports.values())

    @abstractmethod
    def changes(self, executor: Executor | None, progress: Progress) -> Iterator[FileChange]:
        """Yield every file that changes; the processes of the executor share the work."""

    def carry_out(
        self,
        put: Callable[[str, bytes | None], None],
        executor: Executor | None = None,
        progress: Progress = lambda _done, _total: None,
    ) -> list[str]:
        """Hand every change to `put`, and return the paths of the files that change.

        `put` gets None to take back an earlier change. The state, `after`, must be written last.
        """
        changed: dict[str, None] = {}
        for change in self.changes(executor, progress):
            if change.data is None:
                changed.pop(change.path, None)
            else:
                changed[change.path] = None
            put(change.path, change.data)
        return list(changed)


def _batches(jobs: Iterable[TopicJob]) -> Iterator[list[TopicJob]]:
    jobs = iter(jobs)
    while batch := list(islice(jobs, _BATCH)):
        yield batch
