"""The index of a release, `topics.sqlite`, made from its artifacts.

    f(artifacts of the release, past) = index of the release

What the release shows comes from its artifacts alone, so that publications and rollbacks make it in the same
way, and held editions need nothing special. The past is what the index of the release before says: releases,
changes, versions of resources. The rows of what has not changed since are copied from there, too.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

from healthtopics import jsontext
from healthtopics.errors import IntegrityError, ReleaseError, StorageError
from healthtopics.formats.account import Account
from healthtopics.formats.table import TEXTS, find_format, format_names
from healthtopics.index import rows
from healthtopics.index.describing import (
    describe_card,
    describe_site,
    describe_text,
    describe_topic,
    describe_withdrawn,
    describe_words,
)
from healthtopics.index.opening import SQLITE, VERSION, TopicIndex
from healthtopics.index.rows import Row
from healthtopics.index.writing import write_index
from healthtopics.publishing.artifacts import INDEX_FORMAT
from healthtopics.publishing.deciding import read_index
from healthtopics.publishing.finishing import corrections_since
from healthtopics.publishing.past import (
    FileName,
    IndexedPast,
    Past,
    StoredPast,
    TextRow,
    changes_in,
    read_versions,
    resources_in,
)
from healthtopics.publishing.searchable import Searchable, search_digest
from healthtopics.release import (
    TOPICS_SQLITE,
    Artifact,
    Manifest,
    Opened,
    Promise,
    Store,
    compare,
    numbers,
    object_key,
    open_release,
    promised_parts,
    put_parts,
    read_artifact,
)
from healthtopics.topic import Card

Folder = Callable[[], AbstractContextManager[Path]]
"""Makes an empty folder, which is removed at the end."""
_PART: Final = 1024 * 1024
"""The bytes of a file that are in memory at the same time."""


def add_index(
    store: Store,
    manifest: Manifest,
    previous: Opened | None,
    folder: Folder,
    damaged: frozenset[str] = frozenset(),
) -> Manifest:
    """Return the manifest of a release with its index, whose bytes are stored.

    The index of the previous release stays if everything else does, unless it is `damaged`.

    Raises IntegrityError if an artifact that has to be read is damaged, StorageError if there is no room.
    """
    makers = [VERSION, version("snowballstemmer"), search_digest()]
    inputs = jsontext.digest(jsontext.dump_line([*makers, *_without_index(manifest).substance()]))
    known = previous.manifest.files.get(TOPICS_SQLITE) if previous else None
    is_same = known is not None and known.inputs == inputs
    is_whole = TOPICS_SQLITE not in damaged
    if previous and known and is_same and (is_whole or restore_index(store, previous.manifest, folder)):
        return _with_index(manifest, known)
    with folder() as place:
        made = FileParts(_make(store, manifest, previous, place))
        sha256, length = put_parts(store, TOPICS_SQLITE, made)
    facts = {"media_type": SQLITE, "format": INDEX_FORMAT, "inputs": inputs}
    return _with_index(manifest, Artifact(sha256=sha256, length=length, **facts))


def restore_index(store: Store, manifest: Manifest, folder: Folder) -> bool:
    """Make the damaged index of a release in a store again; return whether it has the right bytes.

    It does if all other artifacts and the index of the release before are intact, and SQLite is the same.
    Otherwise the store stays as it is.
    """
    known = manifest.files[TOPICS_SQLITE]
    number = manifest.previous.number if manifest.previous else 0
    try:
        before = open_release(store, number) if number in numbers(store) else None
        with folder() as place:
            made = FileParts(_make(store, manifest, before, place))
            if Promise.of_parts(made) != known.promise:
                return False
            put_parts(store, TOPICS_SQLITE, made)
    except (IntegrityError, ReleaseError):
        return False
    return True


def _with_index(manifest: Manifest, index: Artifact) -> Manifest:
    files = dict(sorted({**manifest.files, TOPICS_SQLITE: index}.items()))
    return msgspec.structs.replace(manifest, files=files)


def _make(store: Store, manifest: Manifest, previous: Opened | None, place: Path) -> Path:
    """Write the index of a release to a file in an empty folder, and return its path."""
    path, manifest = place / TOPICS_SQLITE, _without_index(manifest)
    languages = jsontext.dump_line(manifest.languages).decode().strip()
    listed = read_index(store, manifest.files)
    release = rows.ReleaseRow(
        number=manifest.number,
        time=manifest.time,
        base_url=manifest.base_url,
        software=manifest.software,
        index_version=VERSION,
        languages=languages,
        fhir_search=search_digest(),
        emergency_numbers=jsontext.dump_line(listed.emergency_numbers).decode().strip(),
        contact=listed.contact,
        trial=int(listed.trial),
    )
    with ExitStack() as stack:
        past = _open_past(store, previous, place, stack)
        before = _without_index(previous.manifest) if previous else None
        try:
            write_index(path, release, _Indexing(store, manifest, before, past).rows(), past.earlier)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # a statement is wrong: a bug, not the disk
                raise
            raise StorageError(
                f"the index cannot be written to the folder for temporary files ({error}). "
                "Make room there, or set TMPDIR."
            ) from error
    return path


@dataclass(frozen=True, slots=True)
class FileParts:
    """The bytes of a file, part by part, as often as they are wanted."""

    path: Path

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while part := file.read(_PART):
                yield part


def _without_index(manifest: Manifest) -> Manifest:
    files = {name: each for name, each in manifest.files.items() if name != TOPICS_SQLITE}
    return msgspec.structs.replace(manifest, files=files)


def _open_past(store: Store, previous: Opened | None, place: Path, stack: ExitStack) -> Past:
    """Return what earlier releases give: by the index of the last one, or by the store."""
    if previous is None:
        return StoredPast(store, ())
    known = previous.manifest.files.get(TOPICS_SQLITE)
    try:
        if known:
            path = place / "earlier.sqlite"
            with path.open("wb") as file:
                file.writelines(promised_parts(store, object_key(TOPICS_SQLITE, known.sha256), known.promise))
            return IndexedPast(stack.enter_context(closing(TopicIndex(path))))
    except (IntegrityError, ReleaseError):  # damaged, or of another version
        pass
    return StoredPast(store, [each for each in numbers(store) if each <= previous.manifest.number])


@dataclass(frozen=True, slots=True)
class _Indexing:
    """Makes the rows of an index, except that of the release itself."""

    store: Store
    manifest: Manifest
    previous: Manifest | None
    past: Past

    def rows(self) -> Iterator[Row]:
        manifest = self.manifest
        yield from self.past.releases()
        yield rows.PastReleaseRow(manifest.number, manifest.time)
        yield from self.past.changes()
        reasons = corrections_since(self.store, manifest, self.previous) if self.previous else {}
        yield from changes_in(compare(manifest, self.previous, reasons))
        yield from self._topics()
        for name, each in manifest.files.items():
            what = each.sha256, each.length, each.media_type, each.topic, each.language, each.format
            yield rows.ArtifactRow(name, *what, self._since(name, each))
        yield from self._resources()

    def _since(self, name: str, artifact: Artifact) -> str:
        return self.past.since(name, artifact.sha256) or self.manifest.time

    def _topics(self) -> Iterator[Row]:
        listed = read_index(self.store, self.manifest.files)
        yield from describe_words(listed.vocabulary)
        yield from describe_site(listed.site)
        yield from describe_withdrawn(listed.withdrawn)
        own = _by_edition(self.manifest.files)
        held = {(each.topic, each.language): each.as_of for each in self.manifest.held if each.as_of}
        for topic, editions in listed.cards.items():
            yield from describe_topic(editions, listed.vocabulary)
            for language, card in editions.items():
                key = topic, str(language)
                yield from self._edition(card, own.get(key, {}), held.get(key, ""))

    def _edition(self, card: Card, files: Mapping[str, Artifact], as_of: str) -> Iterator[Row]:
        """Yield the rows of an edition; it is held if `as_of` is not empty."""
        text = self.past.text(card.topic, str(card.language), files) or self._read_text(card, files)
        counts = self.manifest.coverage.get(card.topic, {}).get(str(card.language), {})
        is_whole = counts.get("translated") == counts.get("messages")
        yield from describe_card(
            card,
            created=text.created,
            since=max((self._since(name, each) for name, each in files.items()), default=self.manifest.time),
            state="held" if as_of else "complete" if is_whole else "fallback",
            as_of=as_of,
            licence=text.licence,
        )
        yield from text.rows

    def _read_text(self, card: Card, files: Mapping[str, Artifact]) -> TextRow:
        account = self._account(files)
        if account is None:
            return TextRow("")
        described = tuple(describe_text(card, account, self._aspects(files)))
        return TextRow(account.created or "", described, account.licence or "")

    def _aspects(self, files: Mapping[str, Artifact]) -> Mapping[str, str]:
        """Return the aspects of the sections of an edition, from the first document that has them."""
        for name, artifact in files.items():
            format_ = find_format(artifact.format)
            if format_ and format_.aspects:
                return format_.aspects(read_artifact(self.store, name, artifact))
        return {}

    def _account(self, files: Mapping[str, Artifact]) -> Account | None:
        """Read the first document of an edition that has sections; or else the first one."""
        names = {each.format: name for name, each in files.items()}
        accounts = (
            format_.read(format_.parse(read_artifact(self.store, names[each], files[names[each]])))
            for each in dict.fromkeys((TEXTS, *format_names()))
            if each in names and (format_ := find_format(each))
        )
        first = next(accounts, None)
        if first is None or first.sections is not None:
            return first
        return next((each for each in accounts if each.sections is not None), first)

    def _resources(self) -> Iterator[Row]:
        """Yield the FHIR resources of the release, then those of earlier ones, with their files."""
        whole, ids = self.past.whole(), dict[FileName, int]()
        search = Searchable(self.past, search_digest())
        for name, artifact in self.manifest.files.items():
            format_ = resources_in(name, artifact)
            if format_ is None:
                continue
            file = name, artifact.sha256
            number = ids[file] = len(ids) + 1
            yield rows.FileRow(number, *file)
            if carried := search.carry(whole.get(file), number):
                yield carried
                continue
            data = read_artifact(self.store, name, artifact)
            found = list(read_versions(name, artifact, data, number))
            yield from found
            yield from search.read(format_, found, data)
        yield from self._earlier_resources(ids)

    def _earlier_resources(self, ids: Mapping[FileName, int]) -> Iterator[Row]:
        """Yield the files of earlier releases, except those that the release has, and what they have."""
        earlier = [each for each in self.past.files() if (each.artifact, each.sha256) not in ids]
        renumbered: dict[int, int] = {}
        for past in sorted(earlier, key=lambda each: (each.artifact, each.sha256)):
            renumbered[past.id] = len(ids) + 1 + len(renumbered)
            yield past._replace(id=renumbered[past.id], until=past.until or self.manifest.time)
        yield from self.past.former(renumbered)


def _by_edition(files: Mapping[str, Artifact]) -> dict[tuple[str, str], dict[str, Artifact]]:
    found: dict[tuple[str, str], dict[str, Artifact]] = {}
    for name, artifact in files.items():
        if artifact.topic and artifact.language:
            found.setdefault((artifact.topic, artifact.language), {})[name] = artifact
    return found
