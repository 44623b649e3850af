"""Publishes an older release again, under the next number: back to what was known to be right.

Readers order releases by number and ask what changed since a time. So an older release is never made current
itself: its artifacts are published forward, and whatever differs from the current release gets the time of
the new one as its date. What is the same as now keeps its date, and its bytes. Topics that only the current
release has become withdrawn ones.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from healthtopics import jsontext
from healthtopics.configuration import Configuration
from healthtopics.errors import BuildError, NoCurrentReleaseError, ReleaseError
from healthtopics.formats.format import Exported, Format, Version
from healthtopics.formats.table import find_format
from healthtopics.publishing.addresses import refuse_other_address
from healthtopics.publishing.dating import NO_WISHES, Dating, date_release
from healthtopics.publishing.deciding import list_tombstones, read_index
from healthtopics.publishing.finishing import (
    claim,
    pinned_in,
    prepare,
    put_changes,
    put_pointer,
    roll_forward,
)
from healthtopics.publishing.indexing import add_index
from healthtopics.publishing.packaging import PACKAGE_FORMAT, add_packages
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.publishing.versions import NDJSON, History, read_versions
from healthtopics.publishing.withdrawals import NOTHING, Permission, check_withdrawals
from healthtopics.release import (
    COLLECTION,
    INDEX,
    MANIFEST_VERSION,
    TOPICS_SQLITE,
    Artifact,
    Manifest,
    Opened,
    Previous,
    Store,
    instant,
    open_release,
    part_of,
    put_parts,
    read_artifact,
)
from healthtopics.topic import Tombstone
from healthtopics.workers import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """The result of a rollback."""

    before: Opened
    """The release that was current."""
    current: Opened
    """The release that is current now: a new one, or the same if it had what was wanted already."""

    @property
    def is_new(self) -> bool:
        """Whether there is a new release."""
        return self.before.sha256 != self.current.sha256


def roll_back(  # noqa: PLR0913 - most are options of the command
    configuration: Configuration,
    store: Store,
    number: int,
    *,
    now: datetime,
    maker: Maker,
    dating: Dating = NO_WISHES,
    permission: Permission = NOTHING,
    ready: Callable[[Opened], object] = lambda _opened: None,
    engine: Engine = PLAIN,
) -> RolledBack:
    """Publish a release again as the next one, and pin it until publishing is resumed.

    The order of writes: objects, changes, the pointer with the pin, the manifest, which claims the number,
    the switch. A later run finishes what was claimed, and finds the pin. `ready` is called as by `publish`.

    Raises IntegrityError if an artifact of the older release is damaged, ReleaseError if one cannot be dated,
    BuildError for withdrawals beyond the limit, ClockError as `publish` does, and what `refuse_other_address`
    raises.
    """
    before, _finished = roll_forward(configuration, store, min(now, dating.source_date or now))
    if before is None:
        raise NoCurrentReleaseError("exports")
    moment = date_release(before.manifest, now, dating)
    wanted = open_release(store, number)
    refuse_other_address(configuration, before, wanted)
    files = _Dating(store, before.manifest, wanted.manifest, instant(moment.time), engine.progress).date()
    manifest = msgspec.structs.replace(
        wanted.manifest,
        manifest_version=MANIFEST_VERSION,
        number=before.manifest.number + 1,
        previous=Previous(before.manifest.number, before.sha256),
        time=instant(moment.time),
        software=maker.name,
        files=dict(sorted(files.items())),
    )
    manifest = add_packages(store, manifest, before)
    manifest = add_index(store, manifest, before, engine.folder)
    now = dating.source_date or now
    if manifest.says_the_same(before.manifest):
        if pinned_in(store, before) != number:
            put_pointer(configuration, store, before, now, pinned=number)
            store.switch(before.manifest.number)
        return RolledBack(before=before, current=before)
    withdrawn = check_withdrawals(before.manifest, manifest, (), permission, rolls_back_to=number)
    if problems := list(withdrawn):
        raise BuildError(problems)
    opened = prepare(store, manifest)
    ready(opened)
    put_changes(store, manifest, before.manifest)
    put_pointer(configuration, store, opened, now, pinned=number)
    claim(store, opened)
    store.switch(manifest.number)
    return RolledBack(before=before, current=opened)


@dataclass(slots=True)
class _Dating:
    """Gives the artifacts of an older release the dates that they have after the current one."""

    store: Store
    current: Manifest
    wanted: Manifest
    time: str
    """Of the new release."""
    progress: Progress
    withdrawn: Sequence[Tombstone] = ()
    together: dict[str, Mapping[str, Version]] = field(default_factory=dict)
    """By format: the versions of the current release in what spans all topics."""
    done: int = 0

    def date(self) -> dict[str, Artifact]:
        """Return the artifacts of the new release, stored."""
        cards = read_index(self.store, self.wanted.files).cards
        self.withdrawn = list_tombstones(read_index(self.store, self.current.files), cards, self.time)
        found: dict[str, Artifact] = {}
        recorded = _by_part(self.current.files)
        # The index is made again: what it says of the past is what readers have had since. So are packages,
        # under a version that comes after those which readers have.
        wanted = {
            name: each
            for name, each in self.wanted.files.items()
            if name != TOPICS_SQLITE and each.format != PACKAGE_FORMAT
        }
        for part, files in _by_part(wanted).items():
            for name_of_format, own in _by_format(files).items():
                before = _by_format(recorded.get(part, {})).get(name_of_format, {})
                found |= self._date_format(name_of_format, part, own, before)
        return found

    def _date_format(
        self, name: str, part: str, files: Mapping[str, Artifact], before: Mapping[str, Artifact]
    ) -> dict[str, Artifact]:
        if INDEX in files:
            return {**files, INDEX: self._date_index(files[INDEX])}
        format_ = find_format(name)
        if format_ is None:
            raise ReleaseError(
                f"release {self.wanted.number} has artifacts in the format {name!r}, which is not installed "
                "here. Install the distribution that adds it."
            )
        versions = read_versions(self.store, format_, before)
        if part == COLLECTION:
            self.together[name] = versions
        else:
            # Topics have organizations in their documents, too.
            versions = {**self.together.get(name, {}), **versions}
        history = History(time=self.time, earlier=versions)
        return {each: self._date_artifact(format_, each, files[each], history) for each in files}

    def _date_index(self, known: Artifact) -> Artifact:
        index = jsontext.load(read_artifact(self.store, INDEX, known))
        withdrawn = [tombstone.to_dict() for tombstone in self.withdrawn]
        return self._put(INDEX, known, jsontext.dump({**index, "withdrawn": withdrawn}))

    def _date_artifact(self, format_: Format, name: str, known: Artifact, history: History) -> Artifact:
        self.progress(self.done, len(self.wanted.files))
        self.done += 1
        data = read_artifact(self.store, name, known)
        if name.endswith(NDJSON):
            lines = (self._marked(format_, jsontext.load(line), known, history) for line in data.splitlines())
            return self._put(name, known, b"".join(map(jsontext.dump_line, lines)))
        document = self._marked(format_, format_.parse(data), known, history)
        return self._put(
            name, known, document.encode() if isinstance(document, str) else jsontext.dump(document)
        )

    def _marked(self, format_: Format, document: Exported, known: Artifact, history: History) -> Exported:
        if format_.withdraw and not known.topic and isinstance(document, dict):
            document = format_.withdraw(document, self.withdrawn)
        marked: Exported = format_.versioning.mark(document, history) if format_.versioning else document
        return marked

    def _put(self, name: str, known: Artifact, data: bytes) -> Artifact:
        """Store an artifact; one whose bytes stay the same stays as it is."""
        if jsontext.digest(data) == known.sha256:
            return known
        sha256, length = put_parts(self.store, name, (data,))
        return msgspec.structs.replace(known, sha256=sha256, length=length, inputs=self._inputs(name, known))

    def _inputs(self, name: str, known: Artifact) -> str:
        """Return what stands for everything that an artifact with other dates was made from.

        A document of a topic has the content that its inputs give, so a later build takes it over. What
        lists other artifacts, or what was withdrawn, is made again.
        """
        if known.topic:
            return known.inputs
        return jsontext.digest(jsontext.dump_line(["rollback", name, self.time, known.inputs]))


def _by_part(files: Mapping[str, Artifact]) -> dict[str, dict[str, Artifact]]:
    """Group artifacts by the part of the manifest that they are in: what spans all topics first."""
    found: defaultdict[str, dict[str, Artifact]] = defaultdict(dict)
    found[COLLECTION] = {}
    for name, artifact in files.items():
        found[part_of(name, artifact)][name] = artifact
    return dict(found)


def _by_format(files: Mapping[str, Artifact]) -> dict[str, dict[str, Artifact]]:
    found: defaultdict[str, dict[str, Artifact]] = defaultdict(dict)
    for name, artifact in files.items():
        found[artifact.format][name] = artifact
    return dict(found)
