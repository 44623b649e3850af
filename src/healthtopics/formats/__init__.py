"""What can be exported: one row a format. Pure functions: plain JSON objects in a fixed key order, and pages.

A foreign exporter is a row more; nothing else knows the formats by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from healthtopics.formats.fhir.exporting.companions import (
    to_r4_companions,
    to_r4_editions,
    to_r5_companions,
    to_r5_editions,
)
from healthtopics.formats.fhir.exporting.r4 import to_r4_bundle
from healthtopics.formats.fhir.exporting.r5 import to_r5_bundle
from healthtopics.formats.html.exporting import to_page
from healthtopics.formats.schemaorg.exporting import to_web_page
from healthtopics.language import LanguageTag
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection

Exported = dict[str, Any] | str
"""A JSON object, ready to be serialised, or the text of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format of one edition of one topic."""

    format: str
    media_type: str
    folder: str
    """The first part of the names of its artifacts: `fhir/r4`."""
    suffix: str
    """The end of the names of its artifacts, dot included."""
    schema: str
    """The public schema that every document of the format fulfils; empty for what is no JSON."""
    export: Callable[[LocalizedTopic, Edition], Exported]
    is_page: bool = False
    """Whether readers see words of `interface.po` in it, so that the edition needs an interface."""

    def name(self, language: LanguageTag, topic: str) -> str:
        """Return the artifact's name: `fhir/r4/es/miscarriage.json`."""
        return f"{self.folder}/{language}/{topic}{self.suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionExporter:
    """What a format says about all topics together."""

    format: str
    media_type: str
    schema: str
    export: Callable[[PublishedCollection], Mapping[str, dict[str, Any]]]
    """Gives what spans all topics, by the name of its artifact."""
    export_topics: Callable[[PublishedCollection], Mapping[str, dict[str, Any]]]
    """Gives what is about one topic each, beside its editions, by the name of its artifact."""


def _to_page(topic: LocalizedTopic, edition: Edition) -> str:
    return to_page(topic, edition, to_web_page(topic, edition))


EXPORTERS: Mapping[str, Exporter] = {
    row.format: row
    for row in (
        Exporter(
            format="fhir-r4",
            media_type="application/fhir+json",
            folder="fhir/r4",
            suffix=".json",
            schema="public/fhir-r4.schema.json",
            export=to_r4_bundle,
        ),
        Exporter(
            format="fhir-r5",
            media_type="application/fhir+json",
            folder="fhir/r5",
            suffix=".json",
            schema="public/fhir-r5.schema.json",
            export=to_r5_bundle,
        ),
        Exporter(
            format="schemaorg",
            media_type="application/ld+json",
            folder="schemaorg",
            suffix=".jsonld",
            schema="public/schemaorg.schema.json",
            export=to_web_page,
        ),
        Exporter(
            format="html",
            media_type="text/html",
            folder="html",
            suffix=".html",
            schema="",
            export=_to_page,
            is_page=True,
        ),
    )
}

COLLECTION_EXPORTERS: Mapping[str, CollectionExporter] = {
    row.format: row
    for row in (
        CollectionExporter(
            format="fhir-r4",
            media_type="application/fhir+json",
            schema="public/fhir-r4.schema.json",
            export=to_r4_companions,
            export_topics=to_r4_editions,
        ),
        CollectionExporter(
            format="fhir-r5",
            media_type="application/fhir+json",
            schema="public/fhir-r5.schema.json",
            export=to_r5_companions,
            export_topics=to_r5_editions,
        ),
    )
}
