"""The index of a release, `topics.sqlite`, made from its artifacts.

    f(artifacts of the release, history) = index of the release

What the release shows comes from its artifacts alone, so that publications and rollbacks make it in the same
way, and held editions need nothing special. History is what the index of the release before says: releases,
changes, versions of resources. The rows of what has not changed since are copied from there, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from healthtopics import jsontext
from healthtopics.formats.account import Account
from healthtopics.formats.format import Format
from healthtopics.formats.table import find_format, format_names
from healthtopics.index import rows
from healthtopics.index.describing import (
    describe_card,
    describe_text,
    describe_topic,
    describe_withdrawn,
    describe_words,
)
from healthtopics.index.opening import VERSION
from healthtopics.index.rows import Row
from healthtopics.publishing.deciding import read_index
from healthtopics.publishing.versions import NDJSON
from healthtopics.release import Artifact, Manifest, Store, read_artifact
from healthtopics.topic import Card

_TEXTS: Final = "schemaorg"
"""The format whose documents give texts where it has any: with headings apart, and read fastest."""


@dataclass(frozen=True, slots=True)
class Text:
    """What only the documents of an edition say."""

    created: str
    """The day on which it was first published, ISO; empty if they do not say."""
    rows: tuple[Row, ...] = ()
    """Its sections and links."""


def release_row(manifest: Manifest) -> rows.Release:
    """Return the row of a release."""
    languages = jsontext.dump_line(manifest.languages).decode().strip()
    return rows.Release(
        manifest.number, manifest.time, manifest.base_url, manifest.software, VERSION, languages
    )


def index_rows(store: Store, manifest: Manifest) -> Iterator[Row]:
    """Yield the rows of the index of a release except that of the release itself."""
    known = read_index(store, manifest.files)
    yield rows.NumberedRelease(manifest.number, manifest.time)
    yield from describe_words(known.vocabulary)
    yield from describe_withdrawn(known.withdrawn)
    own = _by_edition(manifest.files)
    held = {(each.topic, each.language): each.as_of for each in manifest.held if each.as_of}
    for topic, editions in known.cards.items():
        yield from describe_topic(editions, known.vocabulary)
        for language, card in editions.items():
            text = _read_text(store, card, own.get((topic, str(language)), {}))
            counts = manifest.coverage.get(topic, {}).get(str(language), {})
            as_of = held.get((topic, str(language)), "")
            is_whole = counts.get("translated") == counts.get("messages")
            yield from describe_card(
                card,
                created=text.created,
                since=manifest.time,
                state="held" if as_of else "complete" if is_whole else "fallback",
                as_of=as_of,
            )
            yield from text.rows
    for name, each in manifest.files.items():
        yield rows.IndexedArtifact(
            name,
            each.sha256,
            each.length,
            each.media_type,
            each.topic,
            each.language,
            each.format,
            manifest.time,
        )
    yield from _resources(store, manifest)


def _by_edition(files: Mapping[str, Artifact]) -> dict[tuple[str, str], dict[str, Artifact]]:
    found: dict[tuple[str, str], dict[str, Artifact]] = {}
    for name, artifact in files.items():
        if artifact.topic and artifact.language:
            found.setdefault((artifact.topic, artifact.language), {})[name] = artifact
    return found


def _read_text(store: Store, card: Card, files: Mapping[str, Artifact]) -> Text:
    """Read the text of an edition from the first of its documents that has sections."""
    account = _account(store, files)
    if account is None:
        return Text("")
    return Text(account.created or "", tuple(describe_text(card, account)))


def _account(store: Store, files: Mapping[str, Artifact]) -> Account | None:
    by_format = {each.format: name for name, each in files.items()}
    first = None
    for each in dict.fromkeys((_TEXTS, *format_names())):
        format_ = find_format(each) if each in by_format else None
        if format_ is None:
            continue
        name = by_format[each]
        account = format_.read(format_.parse(read_artifact(store, name, files[name])))
        if account.sections is not None:
            return account
        first = first or account
    return first


def _resources(store: Store, manifest: Manifest) -> Iterator[Row]:
    """Yield the FHIR resources of a release, and the files that they are in."""
    number = 0
    for name, artifact in manifest.files.items():
        format_ = find_format(artifact.format)
        if format_ is None or not _has_resources(format_, name, artifact):
            continue
        number += 1
        yield rows.File(number, name, artifact.sha256)
        yield from read_versions(format_, name, read_artifact(store, name, artifact), number)


def _has_resources(format_: Format, name: str, artifact: Artifact) -> bool:
    """Return whether resources are taken from an artifact.

    Where there are NDJSON files, these have all of them, except the documents of editions.
    """
    if not format_.fhir_version or not format_.versioning:
        return False
    return format_.bulk is None or name.endswith(NDJSON) or bool(artifact.language)


def read_versions(format_: Format, name: str, data: bytes, file: int) -> Iterator[rows.Version]:
    """Yield the versions of the resources in an artifact, which is the file of that id."""
    offset = 0
    for line in data.splitlines(keepends=True) if name.endswith(NDJSON) else [data]:
        length = len(line.rstrip(b"\n")) if name.endswith(NDJSON) else len(line)
        for key, version in format_.versioning.read(line) if format_.versioning else ():
            type_, _, id_ = key.partition("/")
            yield rows.Version(
                format_.fhir_version, type_, id_, version.digest, version.since, file, offset, length, 1
            )
        offset += len(line)
