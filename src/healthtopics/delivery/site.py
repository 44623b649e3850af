"""A release as the service sees it: its index, and the store that it is in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlsplit

from healthtopics import jsontext
from healthtopics.formats.format import Format
from healthtopics.formats.table import OWN, find_format
from healthtopics.index.artifacts import artifacts_of, find_artifact, formats_in
from healthtopics.index.opening import SQLITE, TopicIndex
from healthtopics.index.rows import ArtifactRow, ReleaseRow
from healthtopics.jsontext import Document
from healthtopics.release import CURRENT, TOPICS_SQLITE, Objects, Promise, object_key, read_promised


@dataclass(frozen=True, eq=False)
class Site:
    """What answers are made from. Whatever grows with the number of topics stays in the index."""

    index: TopicIndex
    objects: Objects
    file: Promise
    """What the bytes of the index are, which does not list itself."""
    current: bytes
    """The bytes of `current.json`, the pointer to the release."""
    earlier: Callable[[int], TopicIndex | None] = lambda _: None
    """Returns the index of an earlier release by its number; None if it is not here any more."""
    is_key_required: bool = False
    """Whether clients need an API key."""

    @property
    def release(self) -> ReleaseRow:
        """The release."""
        return self.index.release

    @cached_property
    def pointer(self) -> Document:
        """The pointer to the release."""
        pointer: Document = jsontext.parse(self.current, CURRENT)
        return pointer

    @property
    def number(self) -> int:
        """The number of the release."""
        return self.release.number

    @property
    def time(self) -> str:
        """When the release was published, an instant."""
        return self.release.time

    @property
    def base_url(self) -> str:
        """The address that relative ones are relative to, without slash at the end."""
        return self.release.base_url.rstrip("/")

    @property
    def host(self) -> str:
        """The host of the base URL."""
        return urlsplit(self.base_url).netloc

    @cached_property
    def prefix(self) -> str:
        """The path of the base URL, without slash at the end; usually empty."""
        return urlsplit(self.base_url).path

    @property
    def languages(self) -> Sequence[str]:
        """The languages of the release, the source language first."""
        return self.index.languages

    @cached_property
    def formats(self) -> Mapping[str, Format]:
        """The formats of the release that are installed here, by name, the preferred one first."""
        names = formats_in(self.index)
        known = [*(name for name in OWN if name in names), *sorted(names - OWN.keys())]
        return {name: format_ for name in known if (format_ := find_format(name))}

    def address(self, path: str) -> str:
        """Return the absolute path, percent-encoded, of a `path` relative to the base URL."""
        return f"{self.prefix}/{quote(path, safe='/$')}"

    def relative(self, path: str) -> str:
        """Return the path of a request relative to the base URL.

        A proxy in front may strip the path of the base URL or leave it.
        """
        root = f"{self.prefix}/"
        if path == self.prefix:
            return ""
        return path.removeprefix(root if path.startswith(root) else "/")

    def artifact(self, name: str) -> ArtifactRow | None:
        """Return the artifact of a name, if it is here."""
        if name == TOPICS_SQLITE:
            sha256, length = self.file.sha256, self.file.length
            return ArtifactRow(name, sha256, length, SQLITE, "", "", "index", self.time)
        return find_artifact(self.index, name)

    def artifacts_of(self, topic: str, language: str) -> list[ArtifactRow]:
        """Return the artifacts of an edition that are here, the preferred format first."""
        ranks = {name: rank for rank, name in enumerate(self.formats)}
        found = artifacts_of(self.index, topic, language)
        return sorted(found, key=lambda each: (ranks.get(each.format, len(ranks)), each.name))

    def read(self, artifact: ArtifactRow) -> bytes:
        """Return the bytes of an artifact; raises IntegrityError if they are missing or differ."""
        key = object_key(artifact.name, artifact.sha256)
        return read_promised(self.objects, key, Promise(artifact.sha256, artifact.length))
