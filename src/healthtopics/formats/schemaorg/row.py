"""The row of schema.org JSON-LD."""

from healthtopics.formats.format import CheckContext, Format, Versioning
from healthtopics.formats.schemaorg.checking import check_document, check_reciprocity
from healthtopics.formats.schemaorg.exporting import to_web_page
from healthtopics.formats.schemaorg.reading import read_web_page
from healthtopics.formats.schemaorg.versions import mark_version, read_version
from healthtopics.jsontext import Document
from healthtopics.problems import Problem


def _check(document: Document, path: str, _context: CheckContext) -> list[Problem]:
    return check_document(document, path)


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
    versioning=Versioning(mark=mark_version, read=read_version),
    check=_check,
    read=read_web_page,
    check_editions=check_reciprocity,
)
