"""Topics by a code of a classification, whatever its dots and case."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import CodeRow
from healthtopics.layout import vocabulary_path
from healthtopics.schema import packaged

_HIERARCHIES: Final = {
    # A category has three characters, each further one narrows it (ICD-10-CM guidelines, I.A.2).
    "icd-10-cm": re.compile(r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}"),
    "icd-10": re.compile(r"[A-Z][0-9][0-9][0-9]{0,2}"),
    # E codes are categories of four characters.
    "icd-9-cm": re.compile(r"([0-9V][0-9][0-9]|E[0-9]{3})[0-9]{0,2}"),
}
"""The classifications in which the codes above a code are its beginnings; a code without dots, by system."""
_TYPED: Final = re.compile(r"[A-Z][0-9][0-9A-Z.]+|[0-9]{3,5}-[0-9]|[0-9]{3}\.[0-9]{1,2}|[0-9]{5,}")
"""What people type as a code; a shorter number or word may mean anything else."""
_DOTTED: Final = re.compile(r"[A-Z][0-9][0-9A-Z]\.[0-9A-Z]{1,4}")
"""What can be nothing but a code of ICD-10."""
_NOT_COMPARED: Final = str.maketrans("", "", ". ")
_SCHEME: Final = re.compile(r"\A(?:https?://|urn:oid:)")
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


def known_systems(index: TopicIndex) -> list[str]:
    """Return the keys of the code systems of the vocabulary and of the release, ordered."""
    return sorted({key for key, _, _ in _systems(index)})


def find_system(index: TopicIndex, text: str) -> str:
    """Return the key of a code system; empty if it is not known.

    The text is an OID, with or without `urn:oid:`, a URI, whose scheme and last slash do not matter, or the
    key, whose case and hyphens do not: `SNOMEDCT`.
    """
    asked, name = _bare(text), _SEPARATORS.sub("", text.lower())
    found = (
        key
        for key, uri, oid in _systems(index)
        if (asked and asked in (_bare(uri), oid)) or (name and name == _SEPARATORS.sub("", key))
    )
    return next(found, "")


def _systems(index: TopicIndex) -> Iterable[tuple[str, str, str]]:
    # The first one that a text names counts: a release knows its own systems better.
    return (*index.code_systems, *_of_vocabulary())


@cache
def _of_vocabulary() -> tuple[tuple[str, str, str], ...]:
    entries = packaged(vocabulary_path("code-systems"))["entries"]
    return tuple((each["id"], each.get("system", ""), each.get("oid", "")) for each in entries)


def _bare(identifier: str) -> str:
    return _SCHEME.sub("", identifier.strip().lower()).rstrip("/")


def topics_with_code(index: TopicIndex, system: str, code: str) -> list[CodedTopic]:
    """Return the topics with a code, by id; if there is none, those with the nearest code above it.

    The system is one for `find_system`. Codes beside or below the one that is asked for never answer for it.
    """
    plain = plain_code(code)
    possible = [plain, *_above(plain)]
    rows = index.rows(
        f"""
        SELECT topic, system, code, display, plain FROM codes
        WHERE plain IN ({", ".join("?" * len(possible))})
          AND system = ?
        ORDER BY length(plain) DESC, topic, system, code
        """,  # noqa: S608 - only the number of places varies
        (*possible, find_system(index, system)),
    )
    rows = [row for row in rows if _answers_for(plain, row)]
    nearest = rows[0][-1] if rows else ""
    return [
        CodedTopic(topic, system, code, display, is_broader=found != plain)
        for topic, system, code, display, found in rows
        if found == nearest
    ]


def topics_of_typed_code(index: TopicIndex, text: str, language: str) -> list[str] | None:
    """Return the topics with a code of any system that someone typed, in the order of their titles.

    None says that the text is to be read as words: it does not look like a code, or no topic has it.
    """
    typed = text.strip().upper()
    if not _TYPED.fullmatch(typed):
        return None
    rows = index.rows(
        """
        SELECT DISTINCT topic, sort FROM codes JOIN editions USING (topic)
        WHERE plain = ? AND language = ? ORDER BY sort, topic
        """,
        (plain_code(typed), language),
    )
    return [topic for topic, _ in rows] if rows or _DOTTED.fullmatch(typed) else None


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
