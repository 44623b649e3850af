"""Topics as FHIR documents, R4 and R5, and the resources that all topics share.

Plain JSON objects; no FHIR library.
"""

from collections.abc import Mapping
from typing import Any

from healthtopics.formats.fhir.companions import (
    to_r4_companions,
    to_r4_editions,
    to_r5_companions,
    to_r5_editions,
)
from healthtopics.formats.fhir.datatypes import Resource
from healthtopics.formats.fhir.r4 import to_r4_bundle
from healthtopics.formats.fhir.r5 import to_r5_bundle

__all__ = [
    "bundle_resources",
    "to_r4_bundle",
    "to_r4_companions",
    "to_r4_editions",
    "to_r5_bundle",
    "to_r5_companions",
    "to_r5_editions",
]


def bundle_resources(bundle: Mapping[str, Any]) -> list[Resource]:
    """Return the resources of a document, as bulk files carry them; the Bundle itself is none of them."""
    return [entry["resource"] for entry in bundle["entry"]]
