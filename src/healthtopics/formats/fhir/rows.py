"""The rows of FHIR R4 and R5."""

from collections.abc import Iterator
from functools import partial

from healthtopics.formats.fhir.checking.rules import FhirVersion, check_document, systems_of
from healthtopics.formats.fhir.exporting.companions import (
    to_r4_companions,
    to_r4_editions,
    to_r5_companions,
    to_r5_editions,
)
from healthtopics.formats.fhir.exporting.r4 import to_r4_bundle
from healthtopics.formats.fhir.exporting.r5 import to_r5_bundle
from healthtopics.formats.fhir.reading import read_bundle
from healthtopics.formats.format import Bulk, BulkResource, CheckContext, Format
from healthtopics.jsontext import Document
from healthtopics.problems import Problem


def _check(document: Document, path: str, context: CheckContext, *, version: FhirVersion) -> list[Problem]:
    return check_document(document, path, context.defined or {}, version=version)


def _bulk_resources(document: Document) -> Iterator[BulkResource]:
    """Yield the resources of a document; organisations, which all topics share, have their own files."""
    if document["resourceType"] != "Bundle":
        yield BulkResource(document["resourceType"], document["id"], document)
        return
    for entry in document["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] != "Organization":
            yield BulkResource(resource["resourceType"], resource["id"], resource)


_BULK = Bulk(media_type="application/fhir+ndjson", resources=_bulk_resources)

R4 = Format(
    name="fhir-r4",
    label="FHIR R4",
    media_type="application/fhir+json",
    fhir_version="4.0",
    folder="fhir/r4",
    suffix=".json",
    schema="public/fhir-r4.schema.json",
    export=to_r4_bundle,
    export_collection=to_r4_companions,
    export_beside=to_r4_editions,
    bulk=_BULK,
    check=partial(_check, version="r4"),
    read=read_bundle,
    define=systems_of,
)
R5 = Format(
    name="fhir-r5",
    label="FHIR R5",
    media_type="application/fhir+json",
    fhir_version="5.0",
    folder="fhir/r5",
    suffix=".json",
    schema="public/fhir-r5.schema.json",
    export=to_r5_bundle,
    export_collection=to_r5_companions,
    export_beside=to_r5_editions,
    bulk=_BULK,
    check=partial(_check, version="r5"),
    read=read_bundle,
    define=systems_of,
)
