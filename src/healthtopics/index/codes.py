"""Topics by a code of a classification, whatever its dots and case."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import CodeRow

_HIERARCHIES: Final = {
    # A category has three characters, each further one narrows it (ICD-10-CM guidelines, I.A.2).
    "icd-10-cm": re.compile(r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}"),
    "icd-10": re.compile(r"[A-Z][0-9][0-9][0-9]{0,2}"),
    # E codes are categories of four characters.
    "icd-9-cm": re.compile(r"([0-9V][0-9][0-9]|E[0-9]{3})[0-9]{0,2}"),
}
"""The classifications in which the codes above a code are its beginnings; a code without dots, by system."""
_NOT_COMPARED: Final = str.maketrans("", "", ". ")
_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")


class CodedTopic(NamedTuple):
    """A topic that answers for a code."""

    topic: str
    system: str
    """The key of the vocabulary `code-systems`."""
    code: str
    """That of the topic: the one asked for, or one above it."""
    display: str
    is_broader: bool


def first_coded(index: TopicIndex, language: str) -> CodeRow | None:
    """Return a code of the first topic that has any, and that exists in the language: an example."""
    row = index.row(
        """
        SELECT codes.* FROM codes JOIN editions USING (topic)
        WHERE language = ? AND oid <> '' ORDER BY topic, system, code
        """,
        (language,),
    )
    return CodeRow(*row) if row else None


def plain_code(code: str) -> str:
    """Return a code in the form that is compared: `o03.4` → `O034`."""
    return code.translate(_NOT_COMPARED).upper()


def topics_with_code(index: TopicIndex, system: str, code: str) -> list[CodedTopic]:
    """Return the topics with a code, by id; if there is none, those with the nearest code above it.

    The system is an OID, with or without `urn:oid:`, a URI, or a key of the vocabulary, whose case and
    hyphens do not matter: `SNOMEDCT`. Codes beside or below the one that is asked for never answer for it.
    """
    plain = plain_code(code)
    possible = [plain, *_above(plain)]
    rows = index.rows(
        f"""
        SELECT topic, system, code, display, plain FROM codes
        WHERE plain IN ({", ".join("?" * len(possible))})
          AND (uri = nullif(?, '') OR oid = nullif(?, '') OR replace(system, '-', '') = ?)
        ORDER BY length(plain) DESC, topic, system, code
        """,  # noqa: S608 - only the number of places varies
        (*possible, system, system.lower().removeprefix("urn:oid:"), _SEPARATORS.sub("", system.lower())),
    )
    rows = [row for row in rows if _answers_for(plain, row)]
    nearest = rows[0][-1] if rows else ""
    return [
        CodedTopic(topic, system, code, display, is_broader=found != plain)
        for topic, system, code, display, found in rows
        if found == nearest
    ]


def _above(plain: str) -> Iterator[str]:
    """Yield the beginnings of a code that may be categories, the nearest first."""
    for length in range(min(len(plain), 8) - 1, 2, -1):
        yield plain[:length]


def _answers_for(plain: str, row: Sequence[str]) -> bool:
    _, system, _, _, found = row
    if found == plain:
        return True
    form = _HIERARCHIES.get(system)
    return form is not None and bool(form.fullmatch(plain) and form.fullmatch(found))
