"""Documents in, problems out: topics and vocabularies on their way in, exports on their way out.

The only code that knows the JSON Schema libraries. Nothing here reads or repairs.
"""

from healthtopics.validation.exports import check_editions, check_exported
from healthtopics.validation.glossary import check_glossary
from healthtopics.validation.public import check_public
from healthtopics.validation.topics import (
    TopicReferences,
    TopicSchema,
    check_configuration,
    check_duplicate_topics,
    check_links,
    check_vocabulary,
    check_vocabulary_references,
)

__all__ = [
    "TopicReferences",
    "TopicSchema",
    "check_configuration",
    "check_duplicate_topics",
    "check_editions",
    "check_exported",
    "check_glossary",
    "check_links",
    "check_public",
    "check_vocabulary",
    "check_vocabulary_references",
]
