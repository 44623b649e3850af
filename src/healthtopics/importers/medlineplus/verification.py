"""`import medlineplus --verify`: what partners get from a release against the file that was imported."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from healthtopics.formats.format import Format
from healthtopics.importers.medlineplus.faithfulness import check_account
from healthtopics.importers.medlineplus.record import Record
from healthtopics.importers.medlineplus.records import RecordCollection
from healthtopics.importers.shared.state import ImportState
from healthtopics.problems import Problem, has_errors
from healthtopics.release import Artifact, Store, read_artifact


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEditions:
    """What there is to compare: the artifacts of a release in some formats."""

    store: Store
    files: Mapping[str, Artifact]
    formats: Iterable[Format]
    labels: Mapping[str, Collection[str]]
    """By language: the words that are titles of sections without a heading."""

    def check(self, record: Record, topic: str) -> Iterator[Problem]:
        """Compare an edition, in each format, with its record."""
        for format_ in self.formats:
            name = format_.artifact(record.language, topic)
            if name not in self.files:
                yield Problem(
                    check="medlineplus-not-published",
                    path=name,
                    message=f"the {record.language} edition of {topic!r} is not in the current release.",
                    hint="Publish it; `healthtopics catalogue status` tells what holds it.",
                )
                continue
            document = format_.parse(read_artifact(self.store, name, self.files[name]))
            yield from check_account(record, format_.read(document), name, self.labels[record.language])


def verify(
    collection: RecordCollection, state: ImportState, wanted: Collection[str], published: PublishedEditions
) -> tuple[dict[str, Any], list[Problem]]:
    """Compare every edition with its record, or those of some topics; return the counts, and what differs.

    `wanted` has the MedlinePlus ids of English records; empty for all.
    """
    problems = list(collection.problems)
    editions = faithful = 0
    for english, record in _records(collection, wanted):
        editions += 1
        if english in state.topics:
            found = list(published.check(record, state.topics[english]["id"]))
        else:
            found = [_not_imported(record, collection.path)]
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
    }
    return counts, problems


def _records(collection: RecordCollection, wanted: Collection[str]) -> Iterator[tuple[str, Record]]:
    """Yield the records whose text is published, each with the id of the English one."""
    for english, spanish in collection.pairs():
        if wanted and english.id not in wanted:
            continue
        source = collection.record(english.id)
        for entry in filter(None, (english, spanish if source.summary else None)):
            record = collection.record(entry.id)
            if record.summary:
                yield english.id, record


def _not_imported(record: Record, path: str) -> Problem:
    return Problem(
        check="medlineplus-not-imported",
        path=path,
        line=record.line,
        message=f"record {record.id}, “{record.title}”, has not been imported.",
        hint="Import the file, then publish.",
    )
