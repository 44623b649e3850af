"""A foreign collection meets a workspace: which files change, and what is to be said about it. No disk."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from healthtopics import jsontext
from healthtopics.errors import DataError, ImportDataError
from healthtopics.glossary import Glossary
from healthtopics.importers.shared.catalogues import FileChange
from healthtopics.importers.shared.report import MessageCounts, TopicReport
from healthtopics.importers.shared.slugs import slug
from healthtopics.importers.shared.source import ForeignTopic, ImportSource
from healthtopics.importers.shared.state import GivenIds, ImportState
from healthtopics.importers.shared.topics import Document, OfferedTopic, TopicMerger, Versions
from healthtopics.importers.shared.vocabularies import OfferedTerms, WorkspaceVocabularies
from healthtopics.layout import LOCALES, TOPICS, WORDS, Files, catalogue_path, folder_of, topic_path
from healthtopics.problems import Level, Problem
from healthtopics.topic import LocalizedTerm
from healthtopics.validation import Collected as TopicReferences
from healthtopics.validation import TopicSchema

_FEW: Final = 10
_SHARE: Final = 0.05
"""As many topics, or this share of them, may go from one file to the next; more is no daily change."""
_LONGEST_ID: Final = 50
"""Characters, as the topic schema has it."""

Progress = Callable[[int, int], None]
"""Called with how many topics of how many are done."""


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
    compose: Callable[[GivenIds], OfferedTopic]
    """Make the topic; what had an id in the last import keeps it."""


class WorkspaceImport:
    """One import into a workspace; what yields changes must be iterated to its end."""

    def __init__(
        self,
        source: ImportSource,
        files: Files,
        before: ImportState,
        *,
        glossary: Glossary | None = None,
        problems: Sequence[Problem] = (),
    ) -> None:
        """Prepare it; `before` is what the last import left, `problems` what the collection has.

        `glossary` is that of the translations: the comments of their catalogues name its terms.
        Raises ImportDataError where the file is older than the last one, and other DataErrors where the
        words of the workspace cannot be read.
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
        """The ids of the topics that the workspace has."""
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
            source=self.source, schema=self.schema, references=references, glossary=self._glossary
        )

    # Names

    def terms(self) -> Mapping[str, Mapping[str, LocalizedTerm]]:
        """Return the vocabulary of the workspace as it is, with the labels of both languages."""
        return self._vocabularies.terms()

    def give_ids(self, topics: Sequence[ForeignTopic], present: Collection[str]) -> None:
        """Give every topic its id: that of the last import, else one made of its title.

        `present` has the keys of everything in the collection.
        """
        known = self.before.topics
        taken = {*WORDS, *self.topic_names, *(given for _, given in known.ids())}
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
                    message=f"the workspace has a topic {plain!r} of its own; this one becomes {given!r}.",
                    hint="Remove one of the two if they are the same topic.",
                )
            )
        return given

    def _identified(self, present: Collection[str]) -> dict[str, str]:
        """Return the topics that say which foreign record they are, though the state does not know them.

        So they are after a state was lost, an import was cut off, or the collection gave a record another id.
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

    def merge_topic(
        self, report: TopicReport, line: int | None, offer: Callable[[], TopicOffer]
    ) -> Iterator[FileChange]:
        """Yield the files of a topic that change; called again for a topic, it takes the first result back.

        `line` is where the topic stands in the file. `offer` is not called where the topic was deleted here.
        """
        if self._reports.pop(report.key, None):
            self.after.topics.take_back(report.key, self.before.topics)
            for path in (topic_path(report.id), catalogue_path(self.source.language, report.id)):
                yield FileChange(path, None)
        self._reports[report.key] = report
        try:
            yield from self._merge_topic(report, offer)
        except DataError as error:
            report.outcome = "faulty"
            for each in error.problems:
                if folder_of(each.path) in (TOPICS, LOCALES):
                    self.problems.append(each)
                else:
                    self.problems.append(replace(each, path=self.source.path, line=line))

    def _merge_topic(self, report: TopicReport, make: Callable[[], TopicOffer]) -> Sequence[FileChange]:
        known = self.before.topics.get(report.key, {})
        current = self._document(report.id)
        if known and current is None:
            report.outcome = "deleted here"
            return ()
        offer = make()
        catalogue = self._files.catalogue(self.source.language, report.id)
        has_files = catalogue is not None or not offer.is_translated
        if known.get("inputs") == offer.inputs and not known.get("withdrawn") and has_files:
            # The file says nothing new of this topic; whatever was done here stays.
            report.counts = MessageCounts.from_dict(known)
            return ()
        topic = offer.compose(self.before.given(report.key))
        merged = self._merger.merge(topic, Versions(current, catalogue, known, offer.created), report)
        self._links[report.key] = merged.links
        self.after.topics[report.key] = {
            "id": report.id,
            **offer.about,
            "created": offer.created,
            "inputs": offer.inputs,
            **merged.state,
        }
        return merged.changes

    def _document(self, name: str) -> Document | None:
        return self._merger.read(self._files.topic(name), name) if name in self.topic_names else None

    def faulty_targets(self) -> set[str]:
        """Return the ids of the topics that will not be there because they turned out faulty."""
        faulty = {report.id for report in self._reports.values() if report.outcome == "faulty"}
        return faulty - self.topic_names

    def links_to(self, key: str, ids: Collection[str]) -> bool:
        """Tell whether a topic made in this run links to one of these."""
        return not self._links.get(key, frozenset()).isdisjoint(ids)

    def withdraw(
        self, present: Collection[str], records_of: Callable[[str, Document], Mapping[str, str | None]]
    ) -> Iterator[FileChange]:
        """Mark the topics whose keys are not `present`; nothing is deleted.

        `records_of` gives the `records` of a report from the key and the state of a topic.
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
        for key in missing.difference(gone):  # the collection gave these records another id
            del self.after.topics[key]

    def _withdraw(self, key: str, records: Mapping[str, str | None]) -> Iterator[FileChange]:
        known = self.before.topics[key]
        current = self._document(known["id"])
        if current is None:
            return
        self._reports[key] = TopicReport(known["id"], key, records, "withdrawn")
        self.after.topics[key] = {**known, "withdrawn": self.source.day}
        if not current["dates"].get("withdrawFrom"):
            dates = {**current["dates"], "withdrawFrom": self.source.day}
            yield FileChange(topic_path(known["id"]), jsontext.dump({**current, "dates": dates}))

    # What came of it

    @property
    def reports(self) -> Sequence[TopicReport]:
        """What became of each topic, in the order in which they were made."""
        return list(self._reports.values())

    def carry_out(self, changes: Iterable[FileChange], put: Callable[[str, bytes | None], None]) -> list[str]:
        """Hand every change to `put`, and return the paths of the files that change.

        `put` gets None where an earlier change is taken back.
        """
        changed: dict[str, None] = {}
        for change in changes:
            if change.data is None:
                changed.pop(change.path, None)
            else:
                changed[change.path] = None
            put(change.path, change.data)
        return list(changed)
