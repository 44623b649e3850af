"""Documents in, problems out: topics and vocabularies as input, exports as output.

The only code that uses the JSON Schema libraries. Nothing here reads files or repairs documents.
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
