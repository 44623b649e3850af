"""The codes that FHIR code systems of the release define."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from healthtopics import jsontext
from healthtopics.index.opening import TopicIndex
from healthtopics.index.stems import fold
from healthtopics.jsontext import Document, canonical

_SYSTEMS: Final = """
    SELECT resource, r.id, url, facts FROM fhir_systems JOIN fhir_resources AS r ON r.number = resource
    WHERE r.fhir = ?
"""

_SOME: Final = "position IN (SELECT value FROM json_each(?)) ORDER BY position"
_CONCEPTS: Final = """
    SELECT code, is_active, concept FROM fhir_concepts JOIN fhir_concept_contents USING (resource, position)
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
    return _system(row) if row else None


def code_systems(index: TopicIndex, fhir: str) -> list[CodeSystem]:
    """Return all code systems, sorted by their canonical addresses."""
    return [_system(row) for row in index.rows(f"{_SYSTEMS} ORDER BY url", (fhir,))]


def _system(row: Sequence[Any]) -> CodeSystem:
    resource, identity, url, facts = row
    return CodeSystem(resource, identity, url, jsontext.load(facts.encode()))


def find_concept(index: TopicIndex, system: CodeSystem, code: str) -> FoundConcept | None:
    """Return a concept by its code; None if the code system has none."""
    query = f"{_CONCEPTS} WHERE resource = ? AND code = ?"
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
) -> tuple[list[tuple[CodeSystem, FoundConcept]], int]:
    """Return some of the concepts that have all words of a text in their names, and how many have them.

    With each comes its code system. Parts of words count, case and accents do not.
    """
    words = fold(text).split()
    active = ["is_active"] if only_active else []
    places = ", ".join("?" * len(systems))
    where = " AND ".join((f"resource IN ({places})", *active, *("instr(words, ?) > 0" for _ in words)))
    values = (*(each.resource for each in systems), *words)
    page = f"""
        SELECT resource, position, count(*) OVER () FROM fhir_concepts WHERE {where}
        ORDER BY resource, position LIMIT ? OFFSET ?
    """  # noqa: S608 - our columns
    keys = index.rows(page, (*values, limit, offset))
    if not keys and limit and not offset:
        return [], 0
    if not keys:
        return [], index.value(f"SELECT count(*) FROM fhir_concepts WHERE {where}", values)  # noqa: S608 - our columns
    named = {each.resource: each for each in systems}
    found: list[tuple[CodeSystem, FoundConcept]] = []
    for resource, some in groupby(keys, key=itemgetter(0)):
        positions = canonical([position for _, position, _ in some]).decode()
        rows = index.rows(f"{_CONCEPTS} WHERE resource = ? AND {_SOME}", (resource, positions))
        found += [(named[resource], _concept(row)) for row in rows]
    return found, keys[0][2]


def _concept(row: Sequence[Any]) -> FoundConcept:
    code, is_active, content = row
    return FoundConcept(code, bool(is_active), jsontext.load(content.encode()))
