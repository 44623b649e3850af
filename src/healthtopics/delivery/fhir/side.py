"""One version of FHIR in a release: what its resources are, and where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from healthtopics.delivery.message import Response, Wording, problem
from healthtopics.delivery.outcome import VERSIONS
from healthtopics.delivery.representation import BRIEF
from healthtopics.delivery.route import Call, Parameter
from healthtopics.delivery.site import Site
from healthtopics.errors import IntegrityError
from healthtopics.formats.fhir.capability import DEFINED
from healthtopics.formats.format import Format
from healthtopics.index.resources import ResourceVersion, resource_types
from healthtopics.index.rows import ArtifactRow
from healthtopics.release import object_key, package_name

VERSION: Final = Parameter(
    "fhir",
    "The FHIR version.",
    {"type": "string", "pattern": f"^(?:{'|'.join(VERSIONS)})$"},
    where="path",
    is_required=True,
    example="r4",
)

_NOT_HERE: Final = Wording(
    en="FHIR {version} is not among the formats here.",
    es="FHIR {version} no es uno de los formatos disponibles aquí.",
)


class _Meta(msgspec.Struct, rename="camel"):
    version_id: str = ""


class ResourceHead(msgspec.Struct, rename="camel"):
    """What an answer says of a resource in its headers."""

    resource_type: str
    id: str
    language: str = ""
    meta: _Meta = msgspec.field(default_factory=_Meta)


_head_of: Final = msgspec.json.Decoder(ResourceHead).decode


@dataclass(frozen=True)
class Side:
    """The resources of a release in one version of FHIR."""

    site: Site
    name: str
    """Its part of the address: `r4`."""
    format: Format

    @property
    def number(self) -> str:
        """The version as in media types and in the index: 4.0."""
        return self.format.fhir_version

    @property
    def base(self) -> str:
        """The absolute address of the server, without slash at the end."""
        return f"{self.site.base_url}/fhir/{self.name}"

    @property
    def types(self) -> Sequence[str]:
        """The types of its resources."""
        return tuple(resource_types(self.site.index, self.number))

    @property
    def known_types(self) -> Sequence[str]:
        """The types that can be read, those included whose resources are in no release."""
        return tuple(sorted((*self.types, *DEFINED)))

    @property
    def package(self) -> ArtifactRow | None:
        """The package of the release; None if a partial copy does not have it."""
        return self.site.artifact(package_name(self.format.folder))

    def has(self, version: ResourceVersion) -> bool:
        """Return whether the file of a resource of the release is in this copy."""
        return self.site.index.is_whole or self.site.artifact(version.artifact) is not None

    def is_stored(self, version: ResourceVersion) -> bool:
        """Return whether the file of a version is here: those of earlier releases go with them."""
        try:
            self.site.objects.length(object_key(version.artifact, version.sha256))
        except FileNotFoundError:
            return False
        return True

    def read(self, version: ResourceVersion) -> bytes | None:
        """Return the bytes of a version; None if its file is not here, or went with its release.

        Raises IntegrityError if the file does not have the resource where the index says.
        """
        key = object_key(version.artifact, version.sha256)
        try:
            data = self.site.objects.read_slice(key, version.offset, version.length)
        except FileNotFoundError:
            return None
        expected = f"{version.type}/{version.id} version {version.version_id}"
        try:
            head = _head_of(data)
            found = f"{head.resource_type}/{head.id} version {head.meta.version_id}"
        except msgspec.DecodeError:
            found = "something else"
        if found != expected:
            raise IntegrityError(key, expected=expected, actual=found)
        return data

    def read_current(self, version: ResourceVersion) -> bytes:
        """Return the bytes of a resource of the release; raises IntegrityError if they are not there."""
        data = self.read(version)
        if data is None:
            key = object_key(version.artifact, version.sha256)
            raise IntegrityError(key, expected=f"{version.type}/{version.id}", actual="nothing")
        return data

    def artifacts(self) -> Iterator[str]:
        """Yield the names of the files in which all resources are, apart from the documents of editions."""
        query = """
            SELECT name FROM main.artifacts
            WHERE topic = '' AND language = '' AND format = ? AND name LIKE ?
        """
        names = self.site.index.rows(query, (self.format.name, f"{self.format.folder}/ndjson/%"))
        return (name for (name,) in names)


def language_in(data: bytes) -> str:
    """Return the language of a resource; empty if it does not say."""
    return _head_of(data).language


def side_of(call: Call) -> Side | Response:
    """Return the version of FHIR that a call is about; 404 if the release, or this copy, does not have it."""
    name = call.values[VERSION.name]
    found = side_in(call.site, name)
    return found or problem(404, _NOT_HERE.filled(version=name.upper()), cache=BRIEF)


def side_of_release(side: Side, number: int) -> Side | None:
    """Return the same version of FHIR in another release; None if the store does not have that any more."""
    if number == side.site.number:
        return side
    index = side.site.earlier(number)
    return side_in(replace(side.site, index=index), side.name) if index else None


def side_in(site: Site, name: str) -> Side | None:
    """Return a version of FHIR in a release; None if the release, or this copy, does not have it."""
    for format_ in site.formats.values():
        if format_.fhir_version and format_.folder == f"fhir/{name}":
            side = Side(site, name, format_)
            # A partial copy that lacks some of them could not answer for the others.
            return side if site.index.is_whole or all(map(site.artifact, side.artifacts())) else None
    return None
