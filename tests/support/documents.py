"""Small handmade documents with only what a test is about."""

from collections.abc import Mapping
from typing import Any

from healthtopics.vocabulary import Vocabulary

Document = dict[str, Any]


def topic(**members: Any) -> Document:
    """Return the smallest valid topic, with these members added or replaced."""
    return {
        "id": "asthma",
        "kind": "condition",
        "title": "Asthma",
        "sections": [section("summary", {"paragraph": "A disease of the lungs."})],
        "dates": {"created": "2026-11-01", "updated": "2026-11-20"},
        "sources": [{"id": "nhlbi", "title": "What Is Asthma?", "language": "en"}],
        **members,
    }


def section(id_: str, *body: Document, heading: Any = "Summary", **members: Any) -> Document:
    return {"id": id_, "aspect": "overview", "heading": heading, "body": list(body), **members}


def own(text: str, language: str = "es") -> Document:
    """Return text that only one language has."""
    return {"text": text, "language": language}


def resource(id_: str = "page", **members: Any) -> Document:
    return {
        "id": id_,
        "categories": ["start-here"],
        "title": "About Asthma",
        "kind": "page",
        "links": {"en": "https://example.org/asthma"},
        **members,
    }


def vocabulary(**entries: list[Document]) -> Vocabulary:
    """Return vocabularies by name, dashes written as underscores; each with its entries."""
    return Vocabulary.merge(
        (f"vocabulary/{name}.json", {"id": name.replace("_", "-"), "title": name.title(), "entries": each})
        for name, each in entries.items()
    )


def bundle_resources(bundle: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the resources of a FHIR document."""
    return [entry["resource"] for entry in bundle["entry"]]
