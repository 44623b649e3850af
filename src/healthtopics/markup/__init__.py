"""The markup of topics: inline in a paragraph or an item, in blocks for a text that is translated as a whole.

Parses and serializes it, extracts plain text and checks what it may contain. No file system, no language.
"""

from healthtopics.markup.blocks import (
    BlockDocument,
    parse_body,
    parse_sections,
    plain_lines,
    serialize_body,
    serialize_sections,
)
from healthtopics.markup.inline import (
    ELEMENTS,
    NO_CHARACTER,
    TOPIC,
    URL,
    Element,
    Inline,
    MarkupError,
    MarkupRule,
    escape,
    is_blank,
    is_safe,
    literal_markup,
    parse,
    write_link,
)

__all__ = [
    "ELEMENTS",
    "NO_CHARACTER",
    "TOPIC",
    "URL",
    "BlockDocument",
    "Element",
    "Inline",
    "MarkupError",
    "MarkupRule",
    "escape",
    "is_blank",
    "is_safe",
    "literal_markup",
    "parse",
    "parse_body",
    "parse_sections",
    "plain_lines",
    "serialize_body",
    "serialize_sections",
    "write_link",
]
