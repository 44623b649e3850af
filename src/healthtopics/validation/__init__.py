"""Documents in, problems out: topics and vocabularies on their way in, exports on their way out.

The only code that knows the JSON Schema libraries. Nothing here reads or repairs.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from healthtopics.formats.fhir.checking.codes import Systems, check_codes, systems_of
from healthtopics.formats.fhir.checking.facts import Version
from healthtopics.formats.fhir.checking.rules import check_bundle, check_resource
from healthtopics.formats.html.checking import check_page
from healthtopics.formats.schemaorg.checking import check_document, check_reciprocity
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.validation.agreement import check_agreement
from healthtopics.validation.glossary import check_glossary
from healthtopics.validation.public import check_public
from healthtopics.validation.topics import (
    Collected,
    TopicSchema,
    check_configuration,
    check_duplicate_topics,
    check_vocabulary,
    check_vocabulary_references,
)

__all__ = [
    "Collected",
    "Systems",
    "TopicSchema",
    "check_codes",
    "check_configuration",
    "check_duplicate_topics",
    "check_editions",
    "check_format",
    "check_glossary",
    "check_page",
    "check_public",
    "check_vocabulary",
    "check_vocabulary_references",
    "systems_of",
]

Document = Mapping[str, Any]


def _check_fhir(document: Document, path: str, *, version: Version) -> list[Problem]:
    check = check_bundle if document["resourceType"] == "Bundle" else check_resource
    return check(document, path, version=version)


_CHECKERS: Mapping[str, Callable[[Document, str], list[Problem]]] = {
    "fhir-r4": partial(_check_fhir, version="r4"),
    "fhir-r5": partial(_check_fhir, version="r5"),
    "schemaorg": check_document,
}


def check_editions(
    documents: Mapping[tuple[str, str], Document],
    topic: str,
    carried: Collection[str],
    *,
    is_free: bool = False,
) -> list[Problem]:
    """Return where the exports of one topic, by format and language, contradict one another.

    `carried` names the languages whose edition is an earlier one; they may say something else.
    `is_free` says that the topic is translated as a whole, so that each language has sections of its own.
    """
    pages = {
        LanguageTag(language): document
        for (format_, language), document in documents.items()
        if format_ == "schemaorg" and language not in carried
    }
    return [
        *check_agreement(documents, topic, carried, is_free=is_free),
        *check_reciprocity(pages, f"schemaorg/{topic}"),
    ]


def check_format(format_: str, document: Document, path: str) -> list[Problem]:
    """Return what the rules of its format say about a document, beyond its public schema."""
    checker = _CHECKERS.get(format_)
    return checker(document, path) if checker else []
