"""The requests for `$bulk-publish` and `$export` that the documentation shows."""

from typing import Final

from healthtopics.delivery.documentation.example import Example, Pairs

_MANIFEST: Final = (("Content-Type", "application/json"),)
_NDJSON: Final = (("Content-Type", "application/fhir+ndjson"),)
_IMMUTABLE: Final = (*_NDJSON, ("Cache-Control", "public, max-age=31536000, immutable"))
_ASYNCHRONOUS: Final = (("Prefer", "respond-async"),)
_STATUS: Final = "fhir/r4/$export/{release}"
_OF_A_LANGUAGE: Final = ("_typeFilter", "DocumentReference?language={language}")
_ACCEPTED: Final[Pairs] = (
    ("Content-Location", "{base}/fhir/r4/$export/{release}?_type=DocumentReference&_since={time}"),
)

BULK_EXAMPLES: Final = (
    Example(
        name="bulk-manifest",
        operation="getBulkManifest",
        title="All files of the release",
        path="fhir/r4/$bulk-publish",
        answer=(*_MANIFEST, ("Cache-Control", "public, max-age=10")),
        shows=('"url":"{base}/fhir/r4/$bulk-publish/{time}"',),
    ),
    Example(
        name="bulk-updates",
        operation="getBulkUpdates",
        title="Whether there is anything newer than a release",
        path="fhir/r4/$bulk-publish/{time}",
        answer=_MANIFEST,
        shows=('"url":"#pending"',),
    ),
    Example(
        name="bulk-changes",
        operation="getBulkChanges",
        title="What changed between two releases",
        path="fhir/r4/$bulk-publish/{time}/{release}",
        answer=_MANIFEST,
        shows=('"output":[]',),
    ),
    Example(
        name="export",
        operation="beginExport",
        title="Begin an export of the links that changed since a release",
        path="fhir/r4/$export",
        query=(("_type", "DocumentReference"), ("_since", "{time}")),
        headers=_ASYNCHRONOUS,
        status=202,
        answer=_ACCEPTED,
    ),
    Example(
        name="export-by-parameters",
        operation="beginExportByParameters",
        title="The same, with the parameters in the body",
        path="fhir/r4/$export",
        headers=_ASYNCHRONOUS,
        document='{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"DocumentReference"},'
        '{"name":"_since","valueInstant":"{time}"}]}',
        status=202,
        answer=_ACCEPTED,
    ),
    Example(
        name="export-status",
        operation="getExportStatus",
        title="The files of an export of everything",
        path=_STATUS,
        answer=_MANIFEST,
        shows=('"transactionTime":"{time}"',),
    ),
    Example(
        name="export-end",
        operation="endExport",
        title="The client has the files",
        path=_STATUS,
        deletes=True,
        status=202,
    ),
    Example(
        name="exported-links",
        operation="getExportedResources",
        title="The links to pages in a language",
        path=f"{_STATUS}/DocumentReference.ndjson",
        query=(_OF_A_LANGUAGE,),
        answer=_NDJSON,
        shows=('"resourceType":"DocumentReference"',),
    ),
    Example(
        name="exported-deletions",
        operation="getExportedDeleted",
        title="What was deleted since a release",
        path=f"{_STATUS}/deleted.ndjson",
        query=(("_since", "{time}"),),
        answer=_IMMUTABLE,
    ),
    Example(
        name="export-outcome",
        operation="getExportedOutcome",
        title="What was ignored of a request",
        path=f"{_STATUS}/outcome.ndjson",
        query=(("_unused", "_elements"),),
        answer=_IMMUTABLE,
        shows=("_elements",),
    ),
)
