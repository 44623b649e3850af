"""Values of FHIR documents, whatever is in their place: reading never fails."""

from healthtopics.jsontext import Document


def value_of(value: object) -> Document:
    """Return an object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Document]:
    """Return the objects of an array; empty ones in place of anything else in it."""
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def first(value: object) -> Document:
    """Return the first object of an array."""
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}


def div_of(resource: Document) -> str:
    """Return the narrative of a resource or section."""
    return str(value_of(resource.get("text")).get("div", ""))


def own_code(section: Document) -> tuple[str, str]:
    """Return the id of the code system, and the code, of the first coding of a section or concept."""
    found = section.get("code", section)
    coding = first(value_of(found).get("coding"))
    return str(coding.get("system", "")).rpartition("/CodeSystem/")[2], str(coding.get("code", ""))
