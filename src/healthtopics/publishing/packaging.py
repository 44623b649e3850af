"""The packages of a release: what a format defines, as one file that other software installs.

    f(artifacts of the release, number) = package

A package has two names: `fhir/r4/package.tgz`, and for good `fhir/r4/package-1.<release>.0.tgz`, of the
release in which its content last changed. Every release names all packages that there have been, so none is
pruned. A package alone makes no release: it is made only where something else differs.
"""

import gzip
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import msgspec

from healthtopics import jsontext
from healthtopics.errors import IntegrityError
from healthtopics.formats.format import Package, PackageFacts
from healthtopics.formats.table import find_format
from healthtopics.release import (
    TOPICS_SQLITE,
    Artifact,
    Manifest,
    Opened,
    Promise,
    Store,
    object_key,
    package_name,
    packaged_in,
    put_parts,
    read_artifact,
)

PACKAGE_FORMAT: Final = "package"
"""The format of packages in a manifest."""
_MEDIA_TYPE: Final = "application/gzip"
_VERSION: Final = 1
"""Incremented when the same artifacts give another package."""
_EXAMPLES: Final = 2
"""The most topics whose editions are examples: tools struggle with large packages."""


def add_packages(
    store: Store, manifest: Manifest, previous: Opened | None, damaged: frozenset[str] = frozenset()
) -> Manifest:
    """Return the manifest of a release with its packages, whose bytes are stored.

    Raises IntegrityError if an artifact that has to be read is damaged.
    """
    plain = _without_packages(manifest)
    before = previous.manifest if previous else None
    recorded = packages_in(before) if before else {}
    is_whole = bool(recorded) and damaged.isdisjoint(recorded)
    if before and is_whole and plain.says_the_same(_without_packages(before)):
        return _with(plain, recorded)
    found = {name: each for name, each in recorded.items() if packaged_in(name) and name not in damaged}
    for packaged in _packaged(store, plain):
        found |= packaged.choose(recorded, damaged)
    return _with(plain, found)


def restore_packages(store: Store, manifest: Manifest) -> Iterator[str]:
    """Make the current packages of a release in a store again; yield the keys of those that are as promised.

    They are if what they hold is intact and zlib writes the same bytes. Otherwise the store stays as it is.
    """
    known = packages_in(manifest)
    for packaged in _packaged(store, _without_packages(manifest)):
        current = package_name(packaged.folder)
        if current not in known:
            continue
        try:
            data = packaged.make(_number_of(known, current))
        except IntegrityError:
            continue
        if Promise.of(data) == known[current].promise:
            put_parts(store, current, (data,))
            yield object_key(current, known[current].sha256)


def packages_in(manifest: Manifest) -> dict[str, Artifact]:
    """Return the packages of a release by name."""
    return {name: each for name, each in manifest.files.items() if each.format == PACKAGE_FORMAT}


def _number_of(packages: Mapping[str, Artifact], current: str) -> int:
    """Return the number of the release in which the content of a package last changed."""
    folder = current.rpartition("/")[0]
    return max(
        number
        for name, each in packages.items()
        if (number := packaged_in(name))
        and name == package_name(folder, number)
        and each.sha256 == packages[current].sha256
    )


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a gzipped tar archive: the same files always give the same bytes."""
    archive = BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o644
            tar.addfile(member, BytesIO(data))
    return gzip.compress(archive.getvalue(), mtime=0)


def _without_packages(manifest: Manifest) -> Manifest:
    """Return a manifest without its packages, and without the index, which names them."""
    files = {
        name: each
        for name, each in manifest.files.items()
        if each.format != PACKAGE_FORMAT and name != TOPICS_SQLITE
    }
    return msgspec.structs.replace(manifest, files=files)


def _with(manifest: Manifest, packages: Mapping[str, Artifact]) -> Manifest:
    files = dict(sorted({**manifest.files, **packages}.items()))
    return msgspec.structs.replace(manifest, files=files)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packaged:
    """What the package of one format is made from."""

    store: Store
    manifest: Manifest
    folder: str
    package: Package
    definitions: list[str]
    """The names of the artifacts."""
    examples: list[str]

    def choose(self, recorded: Mapping[str, Artifact], damaged: frozenset[str]) -> dict[str, Artifact]:
        """Return the package under its names: that of the last release, if its content is the same."""
        current, inputs = package_name(self.folder), self.inputs
        last = recorded.get(current)
        is_same = last is not None and last.inputs == inputs
        if last and is_same and current not in damaged:
            return {current: last}
        # One that is damaged is made again as it was.
        number = _number_of(recorded, current) if is_same else self.manifest.number
        sha256, length = put_parts(self.store, current, (self.make(number),))
        facts = {"media_type": _MEDIA_TYPE, "format": PACKAGE_FORMAT, "inputs": inputs}
        made = Artifact(sha256=sha256, length=length, **facts)
        return {current: made, package_name(self.folder, number): made}

    def make(self, number: int) -> bytes:
        return pack(self._files(f"1.{number}.0"))

    @property
    def inputs(self) -> str:
        """The digest of everything that the package is made from, except the number of the release."""
        files = self.manifest.files
        named = {name: files[name].sha256 for name in (*self.definitions, *self.examples)}
        about = [
            _VERSION,
            self.package.digest(),
            self.folder,
            self.manifest.base_url,
            self.manifest.languages,
        ]
        return jsontext.digest(jsontext.dump_line([*about, named]))

    def _files(self, version: str) -> Mapping[str, bytes]:
        manifest = self.manifest
        facts = PackageFacts(base_url=manifest.base_url, languages=manifest.languages, version=version)
        definitions, examples = map(self._read, (self.definitions, self.examples))
        return self.package.files(definitions, examples, facts)

    def _read(self, names: list[str]) -> list[jsontext.Document]:
        files = self.manifest.files
        return [jsontext.load(read_artifact(self.store, name, files[name])) for name in names]


def _packaged(store: Store, manifest: Manifest) -> Iterator[_Packaged]:
    """Yield what the package of each format that has one is made from; nothing is read yet."""
    definitions: defaultdict[str, list[str]] = defaultdict(list)
    editions: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, each in manifest.files.items():
        if not each.topic:
            definitions[each.format].append(name)
        elif each.language:
            editions[each.format][each.topic].append(name)
    for name, names in definitions.items():
        format_ = find_format(name)
        if format_ is None or format_.package is None:
            continue
        most = max(map(len, editions[name].values()), default=0)
        topics = sorted(topic for topic, own in editions[name].items() if len(own) == most)
        yield _Packaged(
            store=store,
            manifest=manifest,
            folder=format_.folder,
            package=format_.package,
            definitions=[each for each in names if format_.package.takes(each)],
            examples=[each for topic in topics[:_EXAMPLES] for each in editions[name][topic]],
        )
