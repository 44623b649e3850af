"""Topics: the typed view of a topic's JSON document, and the editions that exporters get.

`Topic` is what an author wrote; `LocalizedTopic` is one edition of it, made only by `translation`.
A value with an `extra` field keeps unknown members there. Every text has its language and state.
"""

from healthtopics.topic.document import linked_topics, strings
from healthtopics.topic.edition import Card, Edition, Interface, LocalizedTerm, PublishedCollection, TopicLink
from healthtopics.topic.model import Coverage, LocalizedTopic, Topic
from healthtopics.topic.values import (
    HELD,
    Acceptance,
    Attribution,
    Block,
    Coding,
    Dates,
    Identifier,
    LanguageLink,
    List,
    ListItem,
    Paragraph,
    Qualifier,
    RelatedTopic,
    Resource,
    Review,
    Section,
    Source,
    Subheading,
    Text,
    TextState,
    choose_link,
    is_copy,
    texts_in,
)

__all__ = [
    "HELD",
    "Acceptance",
    "Attribution",
    "Block",
    "Card",
    "Coding",
    "Coverage",
    "Dates",
    "Edition",
    "Identifier",
    "Interface",
    "LanguageLink",
    "List",
    "ListItem",
    "LocalizedTerm",
    "LocalizedTopic",
    "Paragraph",
    "PublishedCollection",
    "Qualifier",
    "RelatedTopic",
    "Resource",
    "Review",
    "Section",
    "Source",
    "Subheading",
    "Text",
    "TextState",
    "Topic",
    "TopicLink",
    "choose_link",
    "is_copy",
    "linked_topics",
    "strings",
    "texts_in",
]
