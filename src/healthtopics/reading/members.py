"""The members of a language file: each is read as the type it must have, or reported with its place."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeVar, get_type_hints

from healthtopics.errors import LanguageDataError
from healthtopics.problems import Problem, pointer_to

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Member:
    """A value of a language file and its place there; reading it may raise LanguageDataError."""

    file: str
    value: Any
    pointer: str = ""

    def __getitem__(self, name: str) -> "Member":
        """Return a required member of an object."""
        if name not in self._mapping():
            raise self._fault(f"the member “{name}” is missing.", "Add it")
        return self._below(name)

    def get(self, name: str) -> "Member | None":
        """Return an optional member of an object; None if it is missing."""
        return self._below(name) if name in self._mapping() else None

    def items(self) -> Iterator[tuple[str, "Member"]]:
        """Yield the members of an object with their names, in the order of the file."""
        return ((name, self._below(name)) for name in self._mapping())

    def elements(self) -> Iterator["Member"]:
        """Yield the elements of an array."""
        every = self._as(list, "an array")
        return (Member(self.file, value, self.pointer + pointer_to(i)) for i, value in enumerate(every))

    def text(self) -> str:
        """Return a string."""
        return self._as(str, "a string")

    def flag(self) -> bool:
        """Return a boolean."""
        return self._as(bool, "true or false")

    def number(self) -> float:
        """Return a number."""
        return self.value if isinstance(self.value, int) else self._as(float, "a number")

    def fraction(self) -> float:
        """Return a fraction written as a string: “1/3”."""
        try:
            return float(Fraction(self.text()))
        except (ValueError, ZeroDivisionError):
            raise self._fault("is not a fraction.", "Write a fraction such as “1/3”") from None

    def numbers(self) -> dict[str, float]:
        """Return an object of numbers."""
        return {name: member.number() for name, member in self.items()}

    def phrases(self) -> tuple[str, ...]:
        """Return an array of strings."""
        return tuple(element.text() for element in self.elements())

    def words(self) -> frozenset[str]:
        """Return an array of strings as a set."""
        return frozenset(self.phrases())

    def lists(self) -> dict[str, tuple[str, ...]]:
        """Return an object of arrays of strings."""
        return {name: member.phrases() for name, member in self.items()}

    def expression(self) -> str:
        """Return the text of a regular expression; the parts of an array are joined."""
        return "".join(self.phrases()) if isinstance(self.value, list) else self.text()

    def pattern(self) -> re.Pattern[str]:
        """Return a regular expression."""
        return self.compile(self.expression())

    def compile(self, expression: str) -> re.Pattern[str]:
        """Compile a regular expression built from this value."""
        try:
            return re.compile(expression)
        except re.error as error:
            raise self._fault(f"is not a valid regular expression: {error}.", "Correct it") from None

    def into(self, cls: type[_T], **made: object) -> _T:
        """Return a dataclass whose fields are the members of an object, except those that are given."""
        hints = get_type_hints(cls)
        read = {name: _READERS[hint](self[name]) for name, hint in hints.items() if name not in made}
        return cls(**read, **made)

    def _mapping(self) -> Mapping[str, Any]:
        return self._as(dict, "an object")

    def _below(self, name: str) -> "Member":
        return Member(self.file, self.value[name], self.pointer + pointer_to(name))

    def _as(self, kind: type[_T], what: str) -> _T:
        if not isinstance(self.value, kind):
            raise self._fault(f"is not {what}.", f"Write {what}")
        return self.value

    def _fault(self, message: str, hint: str) -> LanguageDataError:
        return LanguageDataError(
            [
                Problem(
                    check="language-data",
                    path=self.file,
                    pointer=self.pointer,
                    message=message,
                    hint=f"{hint}; schema/language.schema.json describes every member.",
                )
            ]
        )


_READERS: Final[Mapping[Any, Callable[[Member], object]]] = {
    str: Member.text,
    bool: Member.flag,
    frozenset[str]: Member.words,
    tuple[str, ...]: Member.phrases,
    re.Pattern[str]: Member.pattern,
}
"""By the type of a field: what reads it."""
