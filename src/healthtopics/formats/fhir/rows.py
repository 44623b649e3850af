"""The rows of FHIR R4 and R5."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from healthtopics.formats.fhir.aspects import read_aspects
from healthtopics.formats.fhir.capability import capability_digest
from healthtopics.formats.fhir.checking.rules import FhirVersion, Systems, check_document, systems_of
from healthtopics.formats.fhir.exporting import r4, r5
from healthtopics.formats.fhir.exporting.companions import TOPICS, to_companions, to_editions, withdraw_topics
from healthtopics.formats.fhir.exporting.document import Dialect, to_bundle
from healthtopics.formats.fhir.packaging import is_packaged, package_files
from healthtopics.formats.fhir.reading import read_bundle
from healthtopics.formats.fhir.search_values import values_of
from healthtopics.formats.fhir.searching import table_digest
from healthtopics.formats.fhir.terms import defined_system
from healthtopics.formats.fhir.versions import mark_versions, read_version
from healthtopics.formats.format import (
    Bulk,
    BulkResource,
    CheckContext,
    Format,
    Package,
    Searched,
    Versioning,
)
from healthtopics.jsontext import Document
from healthtopics.problems import Problem


def _check(document: Document, path: str, context: CheckContext, *, version: FhirVersion) -> list[Problem]:
    return check_document(document, path, context.defined or {}, version=version)


def _define(resources: Iterable[Document]) -> Systems:
    """Return the codes that documents use: not those of topics, which would change with every title."""
    return systems_of(each for each in resources if each["id"] != TOPICS)


def _bulk_resources(document: Document) -> Iterator[BulkResource]:
    """Yield the resources of a document; organizations, which all topics share, have their own files."""
    if document["resourceType"] != "Bundle":
        yield BulkResource(document["resourceType"], document["id"], document)
        return
    for entry in document["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] != "Organization":
            yield BulkResource(resource["resourceType"], resource["id"], resource)


def _combine(documents: Sequence[Document]) -> dict[str, Any]:
    """Return a collection of documents, each a Bundle with its own id (FHIR, bundle.html#collection)."""
    first = documents[0]
    base = first["entry"][0]["fullUrl"].rpartition("/Composition/")[0]
    latest = max(each["meta"]["lastUpdated"] for each in documents)
    return {
        "resourceType": "Bundle",
        "id": first["id"].removesuffix(f"-{first['language']}"),
        "meta": {"lastUpdated": latest},
        "type": "collection",
        "timestamp": latest,
        "entry": [{"fullUrl": f"{base}/Bundle/{each['id']}", "resource": each} for each in documents],
    }


_VERSIONING = Versioning(mark=mark_versions, read=read_version)
_BULK = Bulk(media_type="application/fhir+ndjson", resources=_bulk_resources)


def _row(version: FhirVersion, number: str, dialect: Dialect) -> Format:
    return Format(
        name=f"fhir-{version}",
        label=f"FHIR {version.upper()}",
        media_type="application/fhir+json",
        fhir_version=number,
        folder=dialect.path,
        suffix=".json",
        schema=f"public/fhir-{version}.schema.json",
        export=partial(to_bundle, dialect=dialect),
        export_collection=partial(to_companions, dialect=dialect),
        export_beside=partial(to_editions, dialect=dialect),
        combine=_combine,
        combined_schema="public/fhir-editions.schema.json",
        withdraw=withdraw_topics,
        bulk=_BULK,
        package=Package(
            takes=is_packaged, files=partial(package_files, dialect=dialect), digest=capability_digest
        ),
        check=partial(_check, version=version),
        read=read_bundle,
        aspects=read_aspects,
        define=_define,
        versioning=_VERSIONING,
        searched=Searched(
            digest=table_digest, values=partial(values_of, version=number), system=defined_system
        ),
    )


R4 = _row("r4", "4.0", r4.R4)
R5 = _row("r5", "5.0", r5.R5)
