"""Values of JSON-LD documents, whatever is in their place: reading never fails."""

from healthtopics.jsontext import Document


def strings_in(value: object) -> list[str]:
    """Return strings, including those of JSON-LD value objects."""
    values = value if isinstance(value, list) else [value]
    return [str(each.get("@value", "")) if isinstance(each, dict) else str(each) for each in values]


def value_of(value: object) -> Document:
    """Return an object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def nodes_in(value: object) -> list[Document]:
    """Return the nodes of a JSON-LD property: a single value needs no array."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]
