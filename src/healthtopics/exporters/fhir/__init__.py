"""Topics as FHIR documents, R4 and R5, and the resources that all topics share.

Plain JSON objects; no FHIR library.
"""

from collections.abc import Mapping
from typing import Any

from healthtopics.exporters.fhir.companions import to_r4_companions, to_r5_companions
from healthtopics.exporters.fhir.datatypes import Resource
from healthtopics.exporters.fhir.r4 import to_r4_bundle
from healthtopics.exporters.fhir.r5 import to_r5_bundle

__all__ = [
    "bundle_resources",
    "to_r4_bundle",
    "to_r4_companions",
    "to_r5_bundle",
    "to_r5_companions",
    "topic_of_companion",
]


def bundle_resources(bundle: Mapping[str, Any]) -> list[Resource]:
    """Return the resources of a document, as bulk files carry them; the Bundle itself is none of them."""
    return [entry["resource"] for entry in bundle["entry"]]


def topic_of_companion(resource: Mapping[str, Any]) -> str:
    """Return the id of the topic that a companion is about; empty where it spans all topics."""
    return str(resource["identifier"][0]["value"]) if resource["resourceType"] == "List" else ""
