"""What describes the server and the package: it is in no release, and has an address all the same."""

import tarfile
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Final

from healthtopics import jsontext
from healthtopics.delivery.fhir.side import Side, side_in
from healthtopics.delivery.outcome import VERSIONS
from healthtopics.delivery.route import Parameter
from healthtopics.delivery.site import Site
from healthtopics.formats.fhir.capability import guide_url, server_definitions
from healthtopics.release import Objects, Promise, object_key, read_promised

GUIDE: Final = "ImplementationGuide"
GUIDE_ID: Final = Parameter(
    "id",
    "The name of the package.",
    {"type": "string", "pattern": "^[A-Za-z0-9.-]{1,64}$"},
    where="path",
    is_required=True,
    example="org.example.healthtopics.r4",
)


def find_definition(side: Side, type_: str, id_: str) -> bytes | None:
    """Return a definition that is in no release; None if there is none of this type and id."""
    url = f"{side.site.base_url}/fhir/{type_}/{id_}"
    if type_ == GUIDE:
        return _guide(side) if url == guide_url(VERSIONS[side.name], side.site.base_url) else None
    for each in server_definitions(VERSIONS[side.name], side.site.base_url):
        if each["url"] == url:
            return jsontext.dump(each)
    return None


def definitions_at(site: Site, type_: str, id_: str) -> Iterator[tuple[Side, bytes]]:
    """Yield the definitions with a canonical address, that for the earliest version of FHIR first."""
    for side in filter(None, (side_in(site, name) for name in VERSIONS)):
        if data := find_definition(side, type_, id_):
            yield side, data


def _guide(side: Side) -> bytes | None:
    """Return the guide that is in the package of the release, as its version is that of the package."""
    package = side.package
    if package is None:
        return None
    key = object_key(package.name, package.sha256)
    promise = Promise(package.sha256, package.length)
    return _guide_in(side.site.objects, key, promise)  # type: ignore[arg-type]  # it is hashable: by identity


@lru_cache(maxsize=4)  # of each version of FHIR that of this release, and that of the release before
def _guide_in(objects: Objects, key: str, promise: Promise) -> bytes | None:
    with tarfile.open(fileobj=BytesIO(read_promised(objects, key, promise)), mode="r|gz") as archive:
        for member in archive:
            if member.name.startswith(f"package/{GUIDE}-") and (file := archive.extractfile(member)):
                return file.read()
    return None
