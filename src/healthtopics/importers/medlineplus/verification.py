"""`import medlineplus --verify`: compares a release's artifacts with the imported file."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from healthtopics.cache import NO_CACHE, Cache, key_of, recall, remember
from healthtopics.errors import PluginError
from healthtopics.formats.account import Account
from healthtopics.formats.format import Format
from healthtopics.importers.medlineplus.faithfulness import check_account
from healthtopics.importers.medlineplus.record import Record
from healthtopics.importers.medlineplus.records import IndexedRecord, RecordCollection
from healthtopics.importers.medlineplus.statements import COVERAGE, check_statements
from healthtopics.importers.shared.state import ImportState
from healthtopics.problems import Problem, has_errors
from healthtopics.release import Artifact, Store, read_artifact

_CHUNK: Final = 50
"""Pairs of records whose editions are looked up together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEditions:
    """The artifacts of a release in some formats."""

    store: Store
    files: Mapping[str, Artifact]
    formats: Sequence[Format]
    labels: Mapping[str, Collection[str]]
    """By language of the workspace: the words that are titles of sections without a heading."""
    software: str
    """The digest of the software that compares."""
    cache: Cache = NO_CACHE
    """Stores findings on editions that have not changed."""

    def check(self, editions: Sequence[tuple[Record, str]]) -> list[list[Problem]]:
        """Compare editions with their records, each given with the id of its topic.

        Every artifact is read and its digest compared, even if the cache has the findings.
        """
        data = [self._read(record, topic) for record, topic in editions]
        keys = {number: self._key(*edition) for number, edition in enumerate(editions)}
        found = dict(recall(self.cache, keys, list[Problem]))
        new = {
            number: list(self._compare(*editions[number], data[number]))
            for number in keys
            if number not in found
        }
        remember(self.cache, {keys[at]: new[at] for at in new})
        found |= new
        return [found[number] for number in keys]

    def _names(self, record: Record, topic: str) -> dict[str, Format]:
        return {format_.artifact(record.language, topic): format_ for format_ in self.formats}

    def _read(self, record: Record, topic: str) -> dict[str, bytes]:
        return {
            name: read_artifact(self.store, name, self.files[name])
            for name in self._names(record, topic)
            if name in self.files
        }

    def _key(self, record: Record, topic: str) -> str:
        digests = [
            [name, format_.name, self.files[name].sha256 if name in self.files else None]
            for name, format_ in self._names(record, topic).items()
        ]
        labels = sorted(self.labels[record.language])
        return key_of("verified", self.software, digests, labels, topic, replace(record, line=0))

    def _compare(self, record: Record, topic: str, data: Mapping[str, bytes]) -> Iterator[Problem]:
        for name, format_ in self._names(record, topic).items():
            if name in data:
                account = _account(format_, name, data[name])
                yield from check_account(record, account, name, self.labels[record.language])
                yield from check_statements(record, account, name)
            else:
                yield Problem(
                    check="medlineplus-not-published",
                    path=name,
                    message=f"the {record.language} edition of {topic!r} is not in the current release.",
                    hint="Publish it; `healthtopics catalogue status` shows what holds it.",
                )


def _account(format_: Format, name: str, data: bytes) -> Account:
    try:
        return format_.read(format_.parse(data))
    except PluginError as error:
        error.add_note(f"It was reading {name}.")
        raise


def verify(
    collection: RecordCollection,
    state: ImportState,
    wanted: Collection[str],
    published: PublishedEditions,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Compare every edition with its record, or those of some topics; return the counts, and the differences.

    `wanted` has the MedlinePlus ids of English records; empty for all.
    """
    problems = list(collection.problems)
    editions = faithful = 0
    pairs = [pair for pair in collection.pairs() if not wanted or pair[0].id in wanted]
    for start in range(0, len(pairs), _CHUNK):
        progress(start, len(pairs))
        imported: list[tuple[Record, str]] = []
        for english, spanish in pairs[start : start + _CHUNK]:
            records = [
                record
                for record in _records(collection, english, spanish)
                if record.language in published.labels
            ]
            editions += len(records)
            if english.id in state.topics:
                imported += ((record, state.topics[english.id]["id"]) for record in records)
            else:
                problems += (_not_imported(record, collection.path) for record in records)
        for found in published.check(imported):
            faithful += not has_errors(found)
            problems += found
    if not editions:
        problems.append(
            Problem(
                check="medlineplus-nothing-compared",
                path=collection.path,
                message="the file has no summary that could be compared.",
                hint="Is it the file that was imported?",
            )
        )
    counts = {
        "editions": editions,
        "faithful": faithful,
        "share": faithful / editions if editions else None,
        "coverage": COVERAGE,
    }
    return counts, problems


def _records(
    collection: RecordCollection, english: IndexedRecord, spanish: IndexedRecord | None
) -> Iterator[Record]:
    """Yield the records of a pair whose text is published."""
    source = collection.record(english.id)
    if source.summary:
        yield source
    if source.summary and spanish:
        record = collection.record(spanish.id)
        if record.summary:
            yield record


def _not_imported(record: Record, path: str) -> Problem:
    return Problem(
        check="medlineplus-not-imported",
        path=path,
        line=record.line,
        message=f"record {record.id}, “{record.title}”, has not been imported.",
        hint="Import the file, then publish.",
    )
