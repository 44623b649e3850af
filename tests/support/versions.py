"""Versions of FHIR resources that fit their content."""

from typing import Any, Final

from healthtopics.jsontext import short_digest

STALE: Final = "0" * 16
"""The versionId of a resource that keeps it whatever its content."""


def fit_versions(document: dict[str, Any]) -> dict[str, Any]:
    """Return a changed document in which every resource has the versionId of its content."""
    if isinstance(document.get("entry"), list):
        entries = [
            {**each, "resource": _fit(each["resource"])} if isinstance(each.get("resource"), dict) else each
            for each in document["entry"]
        ]
        document = {**document, "entry": entries}
    return _fit(document)


def _fit(resource: dict[str, Any]) -> dict[str, Any]:
    meta = resource.get("meta")
    if not isinstance(meta, dict) or meta.get("versionId", STALE) == STALE:
        return resource
    rest = {name: value for name, value in meta.items() if name != "versionId"}
    version = short_digest({**resource, "meta": rest})
    return {**resource, "meta": {**meta, "versionId": version}}
