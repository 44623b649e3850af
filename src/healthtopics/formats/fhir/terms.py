"""The concepts of a CodeSystem: what they are called, and whether they are in use.

Our code systems are flat, and all their concepts are there (http://hl7.org/fhir/R4/codesystem.html).
"""

from collections.abc import Iterator, Sequence

from healthtopics.formats.format import DefinedConcept, DefinedSystem, Fold
from healthtopics.jsontext import Document, JsonObject


def defined_system(resource: Document, fold: Fold) -> DefinedSystem | None:
    """Return the code system that a resource is; None if it is something else."""
    if resource["resourceType"] != "CodeSystem":
        return None
    facts = {name: value for name, value in resource.items() if name not in ("concept", "text")}
    concepts = (_defined(each, fold) for each in resource.get("concept", ()))
    return DefinedSystem(url=resource["url"], facts=facts, concepts=concepts)


def _defined(concept: Document, fold: Fold) -> DefinedConcept:
    names = [each["value"] for each in concept.get("designation", ())]
    return DefinedConcept(
        code=concept["code"],
        is_active=not any(
            each["code"] == "inactive" and each.get("valueBoolean") for each in concept.get("property", ())
        ),
        words=fold("\n".join((concept["code"], concept.get("display", ""), *names))),
        content=concept,
    )


def display_in(concept: Document, language: str, source: str) -> str:
    """Return what a concept is called in a language; if it has no name there, in that of its code system."""
    display = str(concept.get("display", concept["code"]))
    if language == source:
        return display
    found = (each["value"] for each in concept.get("designation", ()) if _is_title(each, language))
    return next(found, display)


def _is_title(designation: Document, language: str) -> bool:
    # Synonyms say what they are for.
    return designation.get("language") == language and "use" not in designation


def designations(concept: Document, source: str) -> Sequence[JsonObject]:
    """Return all names of a concept, its display first; `source` is the language of the code system."""
    display = concept.get("display")
    first = [{"language": source, "value": display}] if display else []
    return [*first, *concept.get("designation", ())]


def names_of(concept: Document) -> Iterator[str]:
    """Yield all names of a concept."""
    return (each["value"] for each in designations(concept, ""))
