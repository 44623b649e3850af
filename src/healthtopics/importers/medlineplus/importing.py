"""The MedlinePlus collection meets a workspace. No disk."""

import html
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import IO, Any, Final
from urllib.parse import urljoin

from healthtopics import jsontext
from healthtopics.errors import HealthTopicsError, ImportDataError
from healthtopics.glossary import Glossary
from healthtopics.importers.medlineplus.pairing import SPANISH
from healthtopics.importers.medlineplus.record import Record
from healthtopics.importers.medlineplus.records import IndexedRecord, RecordCollection
from healthtopics.importers.medlineplus.terms import CATEGORIES, ORGANIZATIONS, Survey, VocabularyKeys
from healthtopics.importers.medlineplus.topic import CollectionFacts, compose
from healthtopics.importers.shared.catalogues import FileChange
from healthtopics.importers.shared.importing import Progress, TopicOffer, WorkspaceImport
from healthtopics.importers.shared.report import TopicReport, totals
from healthtopics.importers.shared.slugs import slug
from healthtopics.importers.shared.source import ForeignTopic, ImportChecks, ImportSource
from healthtopics.importers.shared.state import ImportState
from healthtopics.importers.shared.vocabularies import OfferedTerms
from healthtopics.language import LanguageTag
from healthtopics.layout import Files
from healthtopics.problems import Level, Problem

NAME: Final = "medlineplus"
STATE: Final = f"imports/{NAME}.json"
"""Where the state lies in the workspace."""
CHECKS: Final = ImportChecks(
    id_taken="medlineplus-id-taken",
    many_gone="medlineplus-many-gone",
    older="medlineplus-older",
    state="medlineplus-state",
)
_TRANSLATOR: Final = "MedlinePlus, U.S. National Library of Medicine"
_LINKS: Final = re.compile(r"""\b(?:href\s*=\s*["']([^"']*)["']|tid\s*=\s*["']([0-9]+)["'])""")

Pair = tuple[IndexedRecord, IndexedRecord | None]
"""An English record and its Spanish twin."""


class UnknownTopicError(HealthTopicsError):
    """The user names a topic that the file does not have."""


class MedlinePlusImport:
    """One import: iterate over `changes()` to its end, then ask for what came of it."""

    def __init__(
        self,
        collection: RecordCollection,
        files: Files,
        state: ImportState,
        *,
        software: str,
        only: Collection[str] = (),
        glossary: Glossary | None = None,
    ) -> None:
        """Prepare it; `state` is what the last import left.

        `software` stands for the code: another version may read the same file differently. `only` names
        English records by their MedlinePlus ids; all of them if empty. `glossary` is the Spanish one.
        Raises ImportDataError where the file tells no day, and whatever `WorkspaceImport` raises.
        """
        if not collection.generated:
            # The reader has said so, or why it did not even come so far.
            raise ImportDataError(collection.problems)
        source = ImportSource(
            name=NAME,
            translator=_TRANSLATOR,
            language=SPANISH,
            checks=CHECKS,
            path=collection.path,
            day=collection.generated,
        )
        self._workspace = WorkspaceImport(
            source, files, state, glossary=glossary, problems=collection.problems
        )
        self._collection = collection
        self._software = software
        self._only = frozenset(only)
        self._missing: Collection[str] = ()
        """The ids of topics that there will not be although the file has them."""
        self._spoken: set[str] = set()
        """The ids of the Spanish records that become editions."""
        self._by_address: dict[LanguageTag, dict[str, str]] = {}
        self._facts = CollectionFacts(
            keys=VocabularyKeys(), plan=self._workspace.schema.plan, find=self._find, day=source.day
        )
        topics = [
            ForeignTopic(one.id, one.title, one.line, (one.id, *((other.id,) if other else ())))
            for one, other in self._pairs()
        ]
        self._count = len(topics)
        self._workspace.give_ids(topics, collection.entries)

    def _pairs(self) -> Iterator[Pair]:
        pairs = self._collection.pairs()
        return (pair for pair in pairs if not self._only or pair[0].id in self._only)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the file, and with what became of it."""
        return self._workspace.problems

    @property
    def state(self) -> ImportState:
        """What the next import needs to know of this one."""
        return self._workspace.after

    def carry_out(
        self, put: Callable[[str, bytes | None], None], progress: Progress = lambda _done, _total: None
    ) -> list[str]:
        """Import the collection, as `WorkspaceImport.carry_out`; the state must be written last."""
        return self._workspace.carry_out(self._changes(progress), put)

    def result(self, changed: Collection[str], *, is_dry: bool) -> dict[str, Any]:
        """Return the report, with each topic in it."""
        outcome = "imported" if changed else "unchanged"
        reports = self._workspace.reports
        return {
            "outcome": "dry-run" if is_dry else outcome,
            **head(self._collection),
            "totals": totals(reports),
            "changed": list(changed),
            "topics": [report.to_dict() for report in reports],
        }

    def _changes(self, progress: Progress) -> Iterator[FileChange]:
        keys, created = self._survey()
        self._facts = replace(self._facts, keys=keys)
        self._workspace.after.names = keys.known
        yield from self._workspace.merge_vocabularies(OfferedTerms(keys.entries, keys.spanish), created)
        self._index_addresses()
        for done, (english, spanish) in enumerate(self._pairs(), 1):
            yield from self._topic(english, spanish)
            progress(done, self._count)
        yield from self._without_faulty_targets()
        if not self._only and self._collection.is_complete:
            here = {*self._collection.entries, *self._collection.left_out}
            yield from self._workspace.withdraw(
                here, lambda key, known: {"english": key, "spanish": known.get("spanish")}
            )

    # What links lead to

    def _index_addresses(self) -> None:
        """Note the page of every edition that there will be.

        A Spanish page without an edition here stays a link to the page: English would stand behind `topic:`.
        """
        self._by_address = {english.language: {} for english in self._collection.entries.values()}
        for english in self._collection.entries.values():
            topic = self._topic_of(english.id)
            if topic is None:
                continue
            self._by_address[english.language][_address(english.url)] = topic
            if english.twin and english.twin in self._spoken:
                twin = self._collection.entries[english.twin]
                self._by_address[twin.language][_address(twin.url)] = topic

    def _topic_of(self, english: str) -> str | None:
        """Return the id of the topic of an English record; None where there will be no such topic."""
        known = self._workspace.before.topics.id_of(english)
        topic = self._workspace.ids.get(english) or known
        is_gone = known is not None and topic not in self._workspace.topic_names
        return None if is_gone or topic in self._missing else topic

    def _find(self, target: str, language: LanguageTag) -> str | None:
        """Return the id of the topic behind a page, or behind a record (`tid:351`), of a language."""
        if not target.startswith("tid:"):
            return self._by_address.get(language, {}).get(_address(target))
        record = self._collection.entries.get(target.removeprefix("tid:"))
        if record is None or record.language != language:
            return None
        if language == SPANISH:
            return self._topic_of(record.twin) if record.twin and record.id in self._spoken else None
        return self._topic_of(record.id)

    # Vocabularies

    def _survey(self) -> tuple[VocabularyKeys, str]:
        """Return the keys of all names that the collection uses, and the day of its oldest topic.

        The whole collection is looked at, so that a part of it is imported as it would be with the rest.
        """
        survey = Survey()
        first = self._collection.generated
        for pair in self._collection.pairs():
            english, spanish = self._records(*pair)
            survey.add(english, spanish, is_wanted=not self._only or english.id in self._only)
            first = min(first, english.created or first)
            if spanish and english.summary and spanish.summary:
                self._spoken.add(spanish.id)
        before = self._workspace.before
        ours = {
            name: {part.removeprefix("entries/") for part in parts if part != "entries"}
            for name, parts in before.vocabularies.items()
        }
        return survey.settle(self._workspace.terms(), before.names, ours), first

    def _records(self, english: IndexedRecord, spanish: IndexedRecord | None) -> tuple[Record, Record | None]:
        """Return both records; without the Spanish one where it has a text and the English one has none."""
        one = self._collection.record(english.id)
        other = self._collection.record(spanish.id) if spanish else None
        is_alone = other is not None and bool(other.summary) and not one.summary
        return one, None if is_alone else other

    # Topics

    def _topic(self, english: IndexedRecord, spanish: IndexedRecord | None) -> Iterator[FileChange]:
        records = {"english": english.id, "spanish": spanish.id if spanish else None}
        report = TopicReport(self._workspace.ids[english.id], english.id, records)
        return self._workspace.merge_topic(
            report, english.line, partial(self._offer, report.id, english, spanish)
        )

    def _offer(self, topic: str, english: IndexedRecord, spanish: IndexedRecord | None) -> TopicOffer:
        one, other = self._records(english, spanish)
        self._report_spanish(one, spanish, other)
        return TopicOffer(
            inputs=self._inputs(one, other),
            created=one.created,
            is_translated=other is not None,
            about={"spanish": spanish.id} if spanish else {},
            compose=lambda given: compose(topic, one, other, given, self._facts),
        )

    def _report_spanish(self, one: Record, spanish: IndexedRecord | None, other: Record | None) -> None:
        """Report Spanish that is not imported, or no longer there."""
        known = self._workspace.before.topics.get(one.id, {})
        if spanish and other is None:
            check, hint = "medlineplus-spanish-alone", "It is imported in English alone."
            message = "has no summary, but its Spanish twin has one."
        elif known.get("spanish") and spanish is None:
            check = "medlineplus-spanish-withdrawn"
            message = "has lost its Spanish twin."
            hint = "Its Spanish edition is held from now on; withdraw the topic to take it away."
        else:
            return
        problem = Problem(
            check=check,
            level=Level.WARNING,
            path=self._collection.path,
            line=one.line,
            message=f"record {one.id}, “{one.title}”, {message}",
            hint=hint,
        )
        if problem not in self.problems:  # a topic may be made a second time
            self.problems.append(problem)

    def _inputs(self, english: Record, spanish: Record | None) -> str:
        """Return a digest of all that a topic is made from: records, keys of words, links to other topics."""
        both = [record for record in (english, spanish) if record]
        keys = self._facts.keys.known
        parts = [
            self._software,
            [
                (name, keys.get(name))
                for name in sorted({name for record in both for name in _names_of(record)})
            ],
            [
                (target, self._find(target, record.language))
                for record in both
                for target in _targets_of(record)
            ],
            [replace(record, line=0) for record in both],
        ]
        return jsontext.short_digest(parts)

    def _without_faulty_targets(self) -> Iterator[FileChange]:
        """Make again the topics that link to one that turned out faulty and is not in the workspace."""
        self._missing = self._workspace.faulty_targets()
        if not self._missing:
            return
        self._index_addresses()
        for english, spanish in self._pairs():
            if self._workspace.links_to(english.id, self._missing):
                yield from self._topic(english, spanish)


def _names_of(record: Record) -> Iterator[str]:
    """Yield the names of categories and organizations that a record uses, with their vocabularies."""
    for site in record.sites:
        yield from (f"{CATEGORIES}/{name}" for name in site.categories)
        yield from (f"{ORGANIZATIONS}/{name}" for name in site.organizations)


def _targets_of(record: Record) -> Iterator[str]:
    """Yield everything that a record may link to within the collection, as it stands there."""
    yield from (f"tid:{related.id}" for related in record.related)
    for href, tid in _LINKS.findall(record.summary or ""):
        yield f"tid:{tid}" if tid else urljoin(record.url, html.unescape(href))


def _address(url: str) -> str:
    """Return what two spellings of one page's address have in common."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()


def read_state(data: bytes | None, spool: IO[bytes]) -> ImportState:
    """Read the state file, as `ImportState.read`."""
    return ImportState.read(data, STATE, CHECKS.state, spool)


def select(collection: RecordCollection, names: Iterable[str], state: ImportState) -> frozenset[str]:
    """Return the MedlinePlus ids of the English records that a user means, and of what belongs to them.

    A name is this id itself, that of the twin, the id of the topic, or the slug of its title.
    Raises UnknownTopicError where the file has no such topic.
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
            "Use an id as `topics/` has it, or MedlinePlus' own."
        )
    return frozenset(collection.closure(by_name[name] for name in names))


def head(collection: RecordCollection) -> dict[str, Any]:
    """Return what a report says of the file."""
    return {
        "file": collection.path,
        "generated": collection.generated,
        "records": dict(Counter(entry.language for entry in collection.entries.values())),
    }
