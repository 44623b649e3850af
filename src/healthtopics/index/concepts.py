"""The codes that FHIR code systems of the release define."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from healthtopics import jsontext
from healthtopics.index.opening import TopicIndex
from healthtopics.index.stems import fold
from healthtopics.jsontext import Document

_SYSTEMS: Final = """
    SELECT resource, r.id, url, facts FROM fhir_systems JOIN fhir_resources AS r ON r.number = resource
    WHERE r.fhir = ?
"""


class CodeSystem(NamedTuple):
    """A code system, without its concepts."""

    resource: int
    """Its number in the index."""
    id: str
    url: str
    facts: Document
    """Its members."""

    @property
    def version(self) -> str:
        """Its business version."""
        return str(self.facts.get("version", ""))

    @property
    def language(self) -> str:
        """The language of displays."""
        return str(self.facts.get("language", ""))


class FoundConcept(NamedTuple):
    """A concept."""

    code: str
    is_active: bool
    """Whether what it stands for is still there."""
    content: Document
    """As the CodeSystem has it."""


def find_code_system(index: TopicIndex, fhir: str, *, url: str = "", id_: str = "") -> CodeSystem | None:
    """Return the code system with a canonical address, or with an id; None if the release has none."""
    column, value = ("url", url) if url else ("r.id", id_)
    row = index.row(f"{_SYSTEMS} AND {column} = ?", (fhir, value))
    if row is None:
        return None
    resource, identity, address, facts = row
    return CodeSystem(resource, identity, address, jsontext.load(facts.encode()))


def code_system_urls(index: TopicIndex, fhir: str) -> list[str]:
    """Return the canonical addresses of all code systems, sorted."""
    return [url for _, _, url, _ in index.rows(f"{_SYSTEMS} ORDER BY url", (fhir,))]


def find_concept(index: TopicIndex, system: CodeSystem, code: str) -> FoundConcept | None:
    """Return a concept by its code; None if the code system has none."""
    query = "SELECT code, is_active, concept FROM fhir_concepts WHERE resource = ? AND code = ?"
    row = index.row(query, (system.resource, code))
    return _concept(row) if row else None


def find_concepts(
    index: TopicIndex,
    systems: Sequence[CodeSystem],
    text: str,
    *,
    only_active: bool = False,
    limit: int,
    offset: int = 0,
) -> tuple[list[tuple[int, FoundConcept]], int]:
    """Return some of the concepts that have all words of a text in their names, and how many have them.

    With each comes the number of its code system. Parts of words count, case and accents do not.
    """
    words = fold(text).split()
    where = " AND ".join(
        (
            f"resource IN ({', '.join('?' * len(systems))})",
            *(["is_active"] if only_active else []),
            *("instr(words, ?) > 0" for _ in words),
        )
    )
    values = (*(each.resource for each in systems), *words)
    total = index.value(f"SELECT count(*) FROM fhir_concepts WHERE {where}", values)  # noqa: S608 - our columns
    query = f"""
        SELECT resource, code, is_active, concept FROM fhir_concepts WHERE {where}
        ORDER BY resource, position LIMIT ? OFFSET ?
    """  # noqa: S608 - our columns
    found = index.rows(query, (*values, limit, offset))
    return [(resource, _concept(row)) for resource, *row in found], total


def _concept(row: Sequence[object]) -> FoundConcept:
    code, is_active, content = row
    return FoundConcept(str(code), bool(is_active), jsontext.load(str(content).encode()))
