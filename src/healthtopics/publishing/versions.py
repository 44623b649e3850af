"""Since when each resource is unchanged: taken from the artifacts of the last release.

A resource whose digest is that of the last release keeps its date; any other gets the time of the release
that is being made. The resources of topics are in the NDJSON files of their shard, where each is once;
documents, such as a FHIR Bundle, state their own version. So a changed topic costs a look at its shard, not
at the release.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from healthtopics import jsontext
from healthtopics.formats.format import Format, Version
from healthtopics.release import Artifact, Opened, Store, numbers, open_release, read_artifact

NDJSON = ".ndjson"


@dataclass(slots=True, kw_only=True)
class History:
    """Gives resources their versions: a `Since`."""

    time: str
    """The time of the release that is being made."""
    earlier: Mapping[str, Version] = field(default_factory=dict)
    """The versions in the last release, by key."""
    shared: Mapping[str, str] = field(default_factory=dict)
    """The dates of resources that are in documents of many topics and already have theirs, by key."""
    given: dict[str, str] = field(default_factory=dict)
    """The dates that it gave, by key."""

    def __call__(self, key: str, digest_at: Callable[[str], str]) -> Version:
        """Return the version of a resource: the earlier one if that gives the same digest."""
        version = self._version(key, digest_at)
        self.given[key] = version.since
        return version

    def _version(self, key: str, digest_at: Callable[[str], str]) -> Version:
        if date := self.shared.get(key):
            return Version(date, digest_at(date))
        earlier = self.earlier.get(key)
        # A date later than this release is that of a wrong clock.
        if earlier and earlier.since <= self.time and digest_at(earlier.since) == earlier.digest:
            return earlier
        return Version(self.time, digest_at(self.time))

    def at(self, time: str) -> "History":
        """Return the history if the release were made at another time; it has given no dates yet."""
        return replace(self, time=time, given={})


def read_versions(
    store: Store, format_: Format, files: Mapping[str, Artifact], damaged: frozenset[str] = frozenset()
) -> dict[str, Version]:
    """Return the versions that artifacts of a format state, by key; damaged ones are left out.

    If an NDJSON file is damaged, its resources are read from the documents.
    """
    versioning = format_.versioning
    if versioning is None:
        return {}
    own = {name: each for name, each in files.items() if each.format == format_.name}
    documents = {name: each for name, each in own.items() if not name.endswith(NDJSON)}
    found: dict[str, Version] = {}
    for name in own.keys() - documents.keys() - damaged:
        for line in read_artifact(store, name, own[name]).splitlines():
            found.update(versioning.read(line))
    is_whole = damaged.isdisjoint(own.keys() - documents.keys())
    for name, artifact in documents.items():
        if name not in damaged:
            data = read_artifact(store, name, artifact)
            inside = {} if is_whole else versions_in(format_, data)
            found = {**inside, **found, **dict(versioning.read(data))}
    return found


def versions_in(format_: Format, data: bytes) -> dict[str, Version]:
    """Return the versions that a document states, its own and those of its parts, by key."""
    versioning = format_.versioning
    if versioning is None:
        return {}
    found: dict[str, Version] = {}
    if format_.bulk:
        for each in format_.bulk.resources(jsontext.load(data)):
            found.update(versioning.read(jsontext.dump_line(each.resource)))
    found.update(versioning.read(data))
    return found


def first_times(store: Store | None, opened: Opened | None, names: frozenset[str]) -> dict[str, str]:
    """Return since which release, by its time, artifacts of a release were unchanged.

    The bytes of the artifacts are not read.
    """
    if store is None or opened is None:
        return {}
    found = dict.fromkeys(names, opened.manifest.time)
    waiting, manifest, known = set(names), opened.manifest, numbers(store)
    wanted = {name: opened.manifest.files[name].sha256 for name in names}
    while waiting and manifest.previous and manifest.previous.number in known:  # others were pruned
        manifest = open_release(store, manifest.previous.number).manifest
        waiting = {
            name for name in waiting if name in manifest.files and manifest.files[name].sha256 == wanted[name]
        }
        found |= dict.fromkeys(waiting, manifest.time)
    return found
