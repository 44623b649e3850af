"""Values of JSON-LD documents, whatever is in their place: reading never fails."""

import re
from typing import Final

from healthtopics.jsontext import Document

_QUALIFIED: Final = re.compile(r"[A-Z][0-9]+Q[0-9]+")
"""The code of a MeSH descriptor with a qualifier."""


def strings_in(value: object) -> list[str]:
    """Return strings, including those of JSON-LD value objects."""
    values = value if isinstance(value, list) else [value]
    return [str(each.get("@value", "")) if isinstance(each, dict) else str(each) for each in values]


def value_of(value: object) -> Document:
    """Return an object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def codes_of(about: Document) -> tuple[list[Document], list[Document]]:
    """Return the codes of a subject, and those of them that are pairs with a qualifier."""
    codes = nodes_in(about.get("code"))
    pairs = [code for code in codes if _QUALIFIED.fullmatch(str(code.get("codeValue")))]
    return [code for code in codes if code not in pairs], pairs


def nodes_in(value: object) -> list[Document]:
    """Return the nodes of a JSON-LD property: a single value needs no array."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]
