"""Faults in data, as values: found all at once, reported together, never raised one by one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Final, TypeAlias

Steps: TypeAlias = tuple[str | int, ...]
"""The way to a place in a JSON document: names of members and indices of elements."""


Trail: TypeAlias = "tuple[Trail, str | int] | None"
"""The same way, the last step outermost: None for the document, otherwise the place above and a step.

A walk extends it at once, and only the place of a problem is made into a pointer.
"""


class Level(StrEnum):
    """The severity of a problem."""

    ERROR = "error"
    """Nothing is published until it is fixed."""
    WARNING = "warning"
    """Published nevertheless; somebody should look."""
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in somebody's data: where it is, which rule it breaks, and what to do."""

    check: str
    """The id of the rule, lower-case with dashes; permanent, never reused."""
    level: Level = Level.ERROR
    path: str
    """The file, relative to the workspace, or the name of the artifact."""
    line: int | None = None
    """Counted from 1."""
    column: int | None = None
    """Counted from 1, in characters."""
    pointer: str = ""
    """RFC 6901 JSON pointer into the document; empty for the whole of it."""
    message: str
    """One sentence that quotes the value and names the fault."""
    hint: str = ""
    """What to do about it."""
    spec: str = ""
    """The URL of the standard's section, if a standard decides."""

    @property
    def place(self) -> str:
        """The place in a form that editors and terminals turn into a link."""
        if self.line is None:
            return f"{self.path}#{self.pointer}" if self.pointer else self.path
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)

    def __str__(self) -> str:
        lines = [one_line(f"{self.place}  {self.level}  {self.check}  {self.message}")]
        if self.hint:
            lines.append(one_line(f"  hint: {self.hint}"))
        if self.spec:
            lines.append(f"  see: {self.spec}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text or a page, before it has a place in a file."""

    check: str
    """As in `Problem`, and so are the others."""
    message: str
    hint: str = ""

    def at(self, path: str, pointer: str = "") -> Problem:
        """Return the fault as a problem of a file."""
        return Problem(check=self.check, path=path, pointer=pointer, message=self.message, hint=self.hint)


MOST: Final = 100
"""This many problems of one file are reported one by one, where its form is wrong."""


def at_most(problems: Iterable[Problem], path: str, left_out: int = 0) -> list[Problem]:
    """Return the first problems of a file, and one that counts the others.

    It is an error if any of those is. `left_out` counts errors that were found besides, and not described.
    """
    found: list[Problem] = []
    level = Level.ERROR if left_out else Level.INFO
    for problem in problems:
        if len(found) < MOST:
            found.append(problem)
        else:
            left_out += 1
            level = min(level, problem.level, key=list(Level).index)
    if left_out:
        found.append(more_problems(path, left_out, level))
    return found


def more_problems(path: str, count: int, level: Level) -> Problem:
    """Return the problem that stands for those of a file that are not described."""
    return Problem(
        check="more-problems",
        level=level,
        path=path,
        message=f"{count:,} more problems were found in this file.",
        hint="Correct those that are listed, and run this again. So many usually have one cause.",
    )


def excerpt(text: str, most: int = 60) -> str:
    """Return the text as problems quote it: the beginning of a long one, with at most `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def quoted(text: str, most: int = 60) -> str:
    """Return a text in quotation marks, of a long one the beginning; both marks are always there."""
    return f"“{excerpt(text, most - 2)}”"


def excerpts(one: str, other: str, most: int = 60) -> tuple[str, str]:
    """Return two texts that differ as problems quote them: long ones from shortly before the difference."""
    at = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    start = max(0, at - most // 3) if max(len(one), len(other)) > most else 0
    found = [excerpt(f"…{text[start:]}" if start else text, most) for text in (one, other)]
    return found[0], found[1]


_BREAKING: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """Return a text without what ends its line or changes how that looks: no quotation forges a line."""
    return _BREAKING.sub(lambda match: ascii(match[0])[1:-1], text)


def printable(text: str) -> str:
    """Return a name as messages show it: in one line, with nothing that changes how the line looks."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def position_of(data: bytes, at: int) -> tuple[int, int]:
    """Return line and column, as in `Problem`, of a byte in a UTF-8 text that is valid up to there."""
    line = data.count(b"\n", 0, at) + 1
    return line, len(data[data.rfind(b"\n", 0, at) + 1 : at].decode("utf-8", "replace")) + 1


def has_surrogates(text: str) -> bool:
    """Return whether the text has half of a surrogate pair, which no file can hold."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of the problems stops a publication."""
    return any(problem.level is Level.ERROR for problem in problems)


def pointer_to(*steps: str | int) -> str:
    """Compose a JSON pointer (RFC 6901 §3) from keys and indices."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def pointer_of(trail: Trail) -> str:
    """Compose the JSON pointer of a trail."""
    steps: list[str | int] = []
    while trail:
        trail, step = trail
        steps.append(step)
    return pointer_to(*reversed(steps))
