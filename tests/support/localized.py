"""Topics translated for a test, as exporters get them."""

from collections.abc import Mapping
from typing import Any

from healthtopics.catalogue import Catalogue
from healthtopics.schema import MessagePlan
from healthtopics.topic import LocalizedTopic
from healthtopics.translation.translate import translate


def localize(plan: MessagePlan, document: Mapping[str, Any], catalogue: Catalogue) -> LocalizedTopic:
    """Translate a topic's document, which must exist in the language, and return the typed view."""
    translation = translate(plan, document, catalogue)
    assert translation.document is not None, f"nothing of {document['id']!r} is in {catalogue.language}"
    return LocalizedTopic.from_document(translation.document, translation.language, translation.coverage)
