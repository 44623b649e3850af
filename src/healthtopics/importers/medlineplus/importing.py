"""Merges the MedlinePlus collection into a workspace. No disk."""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final
from urllib.parse import urljoin

from healthtopics import jsontext
from healthtopics.errors import HealthTopicsError, ImportDataError
from healthtopics.glossary import Glossary
from healthtopics.importers.medlineplus.links import add_twins
from healthtopics.importers.medlineplus.record import SPANISH, Record, parse_record
from healthtopics.importers.medlineplus.records import IndexedRecord, RecordCollection
from healthtopics.importers.medlineplus.terms import CATEGORIES, ORGANIZATIONS, Survey, VocabularyKeys
from healthtopics.importers.medlineplus.topic import CollectionFacts, compose
from healthtopics.importers.shared.catalogues import FileChange
from healthtopics.importers.shared.importing import WorkspaceImport
from healthtopics.importers.shared.report import totals
from healthtopics.importers.shared.slugs import slug
from healthtopics.importers.shared.source import ForeignTopic, ImportChecks, ImportSource
from healthtopics.importers.shared.state import ImportState
from healthtopics.importers.shared.topics import TopicJob, TopicMaterial, TopicOffer
from healthtopics.importers.shared.twins import StatedTwins, merge_twins
from healthtopics.importers.shared.vocabularies import OfferedTerms
from healthtopics.language import LanguageTag
from healthtopics.layout import Files
from healthtopics.problems import Level, Problem
from healthtopics.workers import Progress

NAME: Final = "medlineplus"
STATE: Final = f"imports/{NAME}.json"
"""The path of the state in the workspace."""
CHECKS: Final = ImportChecks(
    id_taken="medlineplus-id-taken",
    many_gone="medlineplus-many-gone",
    older="medlineplus-older",
    state="medlineplus-state",
)
_TRANSLATOR: Final = "MedlinePlus, U.S. National Library of Medicine"
_LINKS: Final = re.compile(r"""\b(?:href\s*=\s*["']([^"']*)["']|tid\s*=\s*["']([0-9]+)["'])""")

_FEW: Final = 30
"""This many topics are made before other processes could have started."""

RecordPair = tuple[IndexedRecord, IndexedRecord | None]
"""An English record and its Spanish twin."""


class UnknownTopicError(HealthTopicsError):
    """The user names a topic that the file does not have."""


class MedlinePlusImport(WorkspaceImport):
    """One import: iterate over `changes()` to its end, then read the results."""

    def __init__(
        self,
        collection: RecordCollection,
        files: Files,
        state: ImportState,
        *,
        software: str,
        only: Collection[str] = (),
        glossary: Glossary | None = None,
        speaks_spanish: bool = True,
    ) -> None:
        """Prepare the import; `state` is that of the last import.

        `software` is the digest of the code: another version may read the same file differently. `only` names
        English records by their MedlinePlus ids; all of them if empty. `glossary` is the Spanish one. If the
        workspace does not speak Spanish, only the English is imported.
        Raises ImportDataError if the file has no day, and whatever `WorkspaceImport` raises.
        """
        if not collection.generated:
            # The reader has reported that, or why it stopped before.
            raise ImportDataError(collection.problems)
        source = ImportSource(
            name=NAME,
            translator=_TRANSLATOR,
            language=SPANISH,
            checks=CHECKS,
            path=collection.path,
            day=collection.generated,
        )
        super().__init__(source, files, state, glossary=glossary, problems=collection.problems)
        self._collection = collection
        self._software = software
        self._speaks_spanish = speaks_spanish
        self._only = frozenset(only)
        self._spoken: set[str] = set()
        """The ids of the Spanish records that become editions."""
        self._keys = VocabularyKeys()
        self._twins = StatedTwins()
        topics = [
            ForeignTopic(one.id, one.title, one.line, (one.id, *((other.id,) if other else ())))
            for one, other in self._pairs()
        ]
        self._report_known()
        self._count = len(topics)
        self.give_ids(topics, collection.entries)

    def _every_pair(self) -> Iterator[RecordPair]:
        for english, spanish in self._collection.pairs():
            yield english, spanish if self._speaks_spanish else None

    def _pairs(self) -> Iterator[RecordPair]:
        for pair in self._every_pair():
            is_wanted = not self._only or pair[0].id in self._only
            # The answer of a search may lack the twin and the links that an earlier file had.
            if is_wanted and not (self._collection.is_answer and pair[0].id in self.before.topics):
                yield pair

    def _report_known(self) -> None:
        """Report the records of a search's answer that a file has brought before."""
        known = [each for each, _ in self._collection.pairs() if each.id in self.before.topics]
        if self._collection.is_answer and known:
            self.problems.append(
                Problem(
                    check="medlineplus-known",
                    level=Level.INFO,
                    path=self._collection.path,
                    line=known[0].line,
                    message=f"{len(known)} records of the answer are left out: they were imported before.",
                    hint="An answer may lack twins and links; import NLM's file to bring them up to date.",
                )
            )

    def result(self, changed: Collection[str], *, is_dry: bool) -> dict[str, Any]:
        """Return the report, with each topic in it."""
        outcome = "imported" if changed else "unchanged"
        reports = self.reports
        return {
            "result": "dry-run" if is_dry else outcome,
            **head(self._collection),
            "totals": totals(reports),
            "changed": list(changed),
            "topics": [report.to_dict() for report in reports],
        }

    def changes(self, executor: Executor | None, progress: Progress) -> Iterator[FileChange]:
        """Yield every file that changes."""
        self._keys, created = self._survey(progress)
        self.after.names = self._keys.known
        terms = OfferedTerms(self._keys.entries, self._keys.spanish, self._keys.found)
        yield from self.merge_vocabularies(terms, created)
        workers = executor if self._count > _FEW else None
        for done, changes in enumerate(self.merge_topics(self._materials(), self._maker(), workers), 1):
            yield from changes
            progress(done, self._count)
        yield from self._without_faulty_targets()
        is_whole = not self._only and self._collection.is_complete
        is_read = is_whole and not self._collection.left_out
        yield from merge_twins(self._files.twins(), self._twins, self.source, is_whole=is_read)
        if is_whole:
            here = {*self._collection.entries, *self._collection.left_out}
            yield from self.withdraw(
                here, lambda key, known: {"english": key, "spanish": known.get("spanish")}
            )

    def _find_targets(self, missing: Collection[str]) -> "LinkTargets":
        """Return the targets of links: every edition after this import.

        `missing` has the ids of topics that will not exist although the file has them. A Spanish page
        without an edition here stays a link to the page: `topic:` would lead to English.
        """
        targets = LinkTargets()
        for english, spanish in self._every_pair():
            topic = self._topic_of(english.id)
            if topic is not None and topic not in missing:
                targets.add(english, topic)
                if spanish and spanish.id in self._spoken:
                    targets.add(spanish, topic)
        return targets

    def _topic_of(self, english: str) -> str | None:
        """Return the id of the topic of an English record; None if it was never made, or deleted here."""
        known = self.before.topics.id_of(english)
        topic = self.ids.get(english) or known
        is_gone = known is not None and topic not in self.topic_names
        return None if is_gone else topic

    # Vocabularies

    def _survey(self, progress: Progress) -> tuple[VocabularyKeys, str]:
        """Return the keys of all names that the collection uses, and the day of its oldest topic.

        The whole collection is read, so that a part of it is imported as it would be with the rest.
        """
        survey = Survey()
        first = self._collection.generated
        pairs = list(self._every_pair())
        for done, pair in enumerate(pairs):
            progress(done, len(pairs))
            records = [self._collection.record(each.id) for each in pair if each]
            is_wanted = not self._only or pair[0].id in self._only
            if is_wanted and self._speaks_spanish:
                add_twins(self._twins, *records)
            english, spanish = _used(records)
            survey.add(english, spanish, is_wanted=is_wanted)
            first = min(first, english.created or first)
            if spanish and english.summary and spanish.summary:
                self._spoken.add(spanish.id)
        before = self.before
        ours = {
            name: {part.removeprefix("entries/") for part in parts if part != "entries"}
            for name, parts in before.vocabularies.items()
        }
        return survey.settle(self.terms(), before.names, ours), first

    # Topics

    def _materials(self) -> Iterator[TopicMaterial]:
        for english, spanish in self._pairs():
            yield TopicMaterial(
                key=english.id,
                records={"english": english.id, "spanish": spanish.id if spanish else None},
                line=english.line,
                content=[self._collection.text(entry) for entry in (english, spanish) if entry],
            )

    def _maker(self, missing: Collection[str] = ()) -> "MedlinePlusMaker":
        facts = CollectionFacts(
            keys=self._keys,
            plan=self.schema.plan,
            find=self._find_targets(missing).find,
            day=self._collection.generated,
        )
        return MedlinePlusMaker(facts, self._software, self._collection.path)

    def _without_faulty_targets(self) -> Iterator[FileChange]:
        """Remake the topics that link to one that turned out faulty and is not in the workspace."""
        missing = self.faulty_targets()
        if missing:
            linking = (each for each in self._materials() if self.links_to(each.key, missing))
            for changes in self.merge_topics(linking, self._maker(missing)):
                yield from changes


@dataclass(slots=True)
class LinkTargets:
    """Targets of links: topics by the addresses and by the records of their editions."""

    topics: dict[tuple[LanguageTag, str], str] = field(default_factory=dict)
    """By language, and a record (`tid:351`) or what the spellings of a page's address have in common."""

    def add(self, record: IndexedRecord, topic: str) -> None:
        """Let links to a record lead to a topic."""
        self.topics[record.language, _address(record.url)] = topic
        self.topics[record.language, f"tid:{record.id}"] = topic

    def find(self, target: str, language: LanguageTag) -> str | None:
        """Return the topic for a page, or for a record (`tid:351`), in a language; None if there is none."""
        key = target if target.startswith("tid:") else _address(target)
        return self.topics.get((language, key))


@dataclass(frozen=True, slots=True)
class MedlinePlusMaker:
    """Makes the topics of one import."""

    facts: CollectionFacts
    software: str
    path: str
    """The file's name in problems."""

    def offer(self, job: TopicJob) -> TopicOffer:
        """Return the topic of a pair of records."""
        records = list(map(parse_record, job.material.content))
        english, spanish = _used(records)
        twin = job.material.records["spanish"]
        return TopicOffer(
            inputs=self._inputs(english, spanish),
            created=english.created,
            is_translated=spanish is not None,
            about={"spanish": twin} if twin else {},
            problems=list(self._spanish_problems(english, twin, spanish, job.known)),
            compose=lambda given: compose(job.id, english, spanish, given, self.facts),
        )

    def _spanish_problems(
        self, english: Record, twin: str | None, spanish: Record | None, known: Mapping[str, Any]
    ) -> Iterator[Problem]:
        """Report Spanish that is not imported, or no longer there."""
        if twin and spanish is None:
            check, hint = "medlineplus-spanish-alone", "Only its English is imported."
            message = "has no summary, but its Spanish twin has one."
        elif known.get("spanish") and not twin:
            check = "medlineplus-spanish-withdrawn"
            message = "has lost its Spanish twin."
            hint = "Its Spanish edition is held from now on; withdraw the topic to remove it."
        else:
            return
        yield Problem(
            check=check,
            level=Level.WARNING,
            path=self.path,
            line=english.line,
            message=f"record {english.id}, “{english.title}”, {message}",
            hint=hint,
        )

    def _inputs(self, english: Record, spanish: Record | None) -> str:
        """Return a digest of all inputs of a topic: records, keys of words, links to other topics."""
        both = [record for record in (english, spanish) if record]
        names = {name for record in both for name in _names_of(record)}
        targets = [(target, record.language) for record in both for target in _targets_of(record)]
        parts = [
            self.software,
            [(name, self.facts.keys.known.get(name)) for name in sorted(names)],
            [(target, self.facts.find(target, language)) for target, language in targets],
            [replace(record, line=0) for record in both],
        ]
        return jsontext.short_digest(parts)


def _used(records: Sequence[Record]) -> tuple[Record, Record | None]:
    """Return both records; without the Spanish one if it has a text and the English one has none."""
    english, *others = records
    spanish = others[0] if others else None
    is_alone = spanish is not None and bool(spanish.summary) and not english.summary
    return english, None if is_alone else spanish


def _names_of(record: Record) -> Iterator[str]:
    """Yield the names of categories and organizations that a record uses, with their vocabularies."""
    for site in record.sites:
        yield from (f"{CATEGORIES}/{name}" for name in site.categories)
        yield from (f"{ORGANIZATIONS}/{name}" for name in site.organizations)
    if record.institute:
        yield f"{ORGANIZATIONS}/{record.institute.name}"


def _targets_of(record: Record) -> Iterator[str]:
    """Yield everything that a record may link to within the collection, in the collection's form."""
    yield from (f"tid:{related.id}" for related in record.related)
    for href, tid in _LINKS.findall(record.summary or ""):
        yield f"tid:{tid}" if tid else urljoin(record.url, html.unescape(href))


def _address(url: str) -> str:
    """Return a normalized form of a page's address."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()


def read_state(data: bytes | None, spool: IO[bytes]) -> ImportState:
    """Read the state file, as `ImportState.read`."""
    return ImportState.read(data, STATE, CHECKS.state, spool)


def select(collection: RecordCollection, names: Iterable[str], state: ImportState) -> frozenset[str]:
    """Return the MedlinePlus ids of the English records that a user names, and of what belongs to them.

    A name is this id itself, that of the twin, the id of the topic, or the slug of its title.
    Raises UnknownTopicError if the file has no such topic.
    """
    pairs = list(collection.pairs())
    by_name = {slug(english.title, 50): english.id for english, _ in reversed(pairs)}
    by_name |= {topic: english for english, topic in state.topics.ids() if english in collection.entries}
    by_name |= {spanish.id: english.id for english, spanish in pairs if spanish}
    by_name |= {english.id: english.id for english, _ in pairs}
    names = list(names)
    if unknown := [name for name in names if name not in by_name]:
        raise UnknownTopicError(
            f"the file has no topic {', '.join(map(repr, unknown))}. "
            "Use an id from `topics/`, or MedlinePlus' own."
        )
    return frozenset(collection.closure(by_name[name] for name in names))


def head(collection: RecordCollection) -> dict[str, Any]:
    """Return the facts about the file for a report."""
    return {
        "file": collection.path,
        "generated": collection.generated,
        "records": dict(Counter(entry.language for entry in collection.entries.values())),
    }
