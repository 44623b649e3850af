"""The versions of FHIR resources: `meta.lastUpdated`, `meta.versionId`, and those of a Bundle."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from healthtopics.formats.fhir.exporting.datatypes import URI
from healthtopics.formats.format import Since, Version
from healthtopics.jsontext import JsonObject, short_digest

_OWN: Final = ("versionId", "lastUpdated")


def mark_versions(document: Mapping[str, Any], since: Since) -> JsonObject:
    """Return a resource with its version, a Bundle with those of its entries, too.

    The identifier of a document is made from the versions of all its entries.
    """
    if document["resourceType"] != "Bundle":
        return _versioned(document, since)
    entries = [{**entry, "resource": _versioned(entry["resource"], since)} for entry in document["entry"]]
    identifier = {"system": URI, "value": _instance(document["id"], entries)}
    # The members in the order of the standard.
    parts = {"identifier": identifier, "type": document["type"], "timestamp": "", "entry": entries}
    rest = {name: value for name, value in document.items() if name not in parts}
    return _versioned({**rest, **parts}, since)


def read_version(data: bytes) -> Iterator[tuple[str, Version]]:
    """Yield the key and the version of a published resource; nothing if it has no date, as older ones."""
    resource = msgspec.json.decode(data, type=_Resource)
    if resource.meta.last_updated:
        version = Version(resource.meta.last_updated, resource.meta.version_id)
        yield f"{resource.resource_type}/{resource.id}", version


class _Meta(msgspec.Struct, rename="camel"):
    version_id: str = ""
    last_updated: str = ""


class _Resource(msgspec.Struct, rename="camel"):
    resource_type: str
    id: str
    meta: _Meta = msgspec.field(default_factory=_Meta)


def _versioned(document: Mapping[str, Any], since: Since) -> JsonObject:
    """Return a resource, whose parts have their versions, with its own."""
    rest = {name: value for name, value in document.get("meta", {}).items() if name not in _OWN}
    meta = {"lastUpdated": "", **rest}
    kind, identity = document["resourceType"], document["id"]
    resource = {"resourceType": kind, "id": identity, "meta": meta, **document}
    resource["meta"] = meta  # not what the document had

    def date_it(date: str) -> None:
        meta["lastUpdated"] = date
        if kind == "Bundle":
            resource["timestamp"] = date

    def digest_at(date: str) -> str:
        date_it(date)
        return short_digest(resource)

    version = since(f"{kind}/{identity}", digest_at)
    date_it(version.since)
    resource["meta"] = {"versionId": version.digest, **meta}
    return resource


def _instance(identity: str, entries: list[JsonObject]) -> str:
    # {base URL}/fhir/r4/Composition/{id}
    base_url = entries[0]["fullUrl"].rsplit("/", 4)[0]
    version = short_digest([entry["resource"]["meta"]["versionId"] for entry in entries])
    return uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, f"{base_url}/"), f"Bundle/{identity}@{version}").urn
