"""The row of schema.org JSON-LD."""

from collections.abc import Sequence
from typing import Any

from healthtopics.formats.format import CheckContext, Format, Versioning
from healthtopics.formats.schemaorg.checking import check_document, check_reciprocity
from healthtopics.formats.schemaorg.exporting import to_web_page
from healthtopics.formats.schemaorg.reading import read_web_page
from healthtopics.formats.schemaorg.versions import mark_version, read_version
from healthtopics.jsontext import Document
from healthtopics.problems import Problem


def _check(document: Document, path: str, _context: CheckContext) -> list[Problem]:
    return check_document(document, path)


def _combine(documents: Sequence[Document]) -> dict[str, Any]:
    """Return a graph of pages (JSON-LD 1.1, §4.1.2: several top-level nodes)."""
    return {"@context": documents[0]["@context"], "@graph": list(documents)}


SCHEMAORG = Format(
    name="schemaorg",
    label="JSON-LD",
    media_type="application/ld+json",
    # It is plain JSON to a program that knows neither FHIR nor JSON-LD.
    also_as=("application/json",),
    folder="schemaorg",
    suffix=".jsonld",
    schema="public/schemaorg.schema.json",
    export=to_web_page,
    combine=_combine,
    combined_schema="public/schemaorg-editions.schema.json",
    versioning=Versioning(mark=mark_version, read=read_version),
    check=_check,
    read=read_web_page,
    check_editions=check_reciprocity,
)
