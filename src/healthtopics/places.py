"""Where a value of a JSON or TOML text starts: line and column of a JSON pointer. No file system.

Used only for texts with a finding: it takes longer than reading the text. Each text has been parsed before,
so that its form is not judged here.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from json import JSONDecoder
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]  # typeshed lacks them
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # typeshed lacks it
from typing import Any, Final, NamedTuple

import tomlkit
from tomlkit.items import Item

from healthtopics.problems import Steps


class Position(NamedTuple):
    """A place in a text as editors count."""

    line: int
    """Counted from 1; only a line feed ends a line, as in the errors of Python's own reader."""
    column: int
    """Counted from 1, in characters."""


class Places:
    """The places of the values of one text."""

    def __init__(self, text: str, suffix: str) -> None:
        """Read a valid text; `suffix` is that of its file: .json or .toml, any other has no places."""
        self._text = text
        read = _READERS.get(suffix)
        self._starts = read(text) if read else {}

    def at(self, steps: Steps) -> Position | None:
        """Return where a value starts; if the text does not have it, the nearest one around it."""
        for end in range(len(steps), -1, -1):
            if (start := self._starts.get(steps[:end])) is not None:
                line = self._text.count("\n", 0, start) + 1
                return Position(line, start - self._text.rfind("\n", 0, start))
        return None

    def at_pointer(self, pointer: str) -> Position | None:
        """Return where the value of a JSON pointer starts, as `at` does."""
        steps: Steps = ()
        for word in pointer.split("/")[1:]:
            name = word.replace("~1", "/").replace("~0", "~")
            is_index = name.isdecimal() and (*steps, int(name)) in self._starts
            steps = (*steps, int(name) if is_index else name)
        return self.at(steps)


class _Placed(NamedTuple):
    """A value and the offset at which it starts."""

    value: Any
    start: int


class _PlacingDecoder(JSONDecoder):
    """Python's own reader, with the offset of each value beside it."""

    def __init__(self) -> None:
        super().__init__(strict=True)
        self.parse_object = _placing(JSONObject, 2)
        self.parse_array = _placing(JSONArray, 1)
        self.scan_once = _with_starts(py_make_scanner(self))


def _with_starts(scan: Callable[[str, int], tuple[Any, int]]) -> Callable[[str, int], tuple[_Placed, int]]:
    def scan_once(text: str, start: int) -> tuple[_Placed, int]:
        value, end = scan(text, start)
        return _Placed(value, start), end

    return scan_once


def _placing(parse: Callable[..., Any], at: int) -> Callable[..., Any]:
    """Return a parser whose argument number `at`, the reader of what is inside, also gives the offset."""

    def parse_inside(*arguments: Any) -> Any:  # noqa: ANN401 - as the library calls it
        return parse(*arguments[:at], _with_starts(arguments[at]), *arguments[at + 1 :])

    return parse_inside


def _json_starts(text: str) -> dict[Steps, int]:
    """Return the start of each value; of members with one name, that of the last one, as readers take it."""
    waiting: list[tuple[Steps, _Placed]] = [((), _PlacingDecoder().decode(text))]
    found: dict[Steps, int] = {}
    while waiting:
        steps, (value, found[steps]) = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*steps, name), below) for name, below in value.items()]
        elif isinstance(value, list):
            waiting += [((*steps, index), below) for index, below in enumerate(value)]
    return found


def _toml_starts(text: str) -> dict[Steps, int]:
    """Return the start of each value; that of a table is where its first value is.

    The library gives no offsets, but keeps all other text when values are replaced, and the text of each
    value: with marks in place of the values, what is between two marks is what is between two values.
    """
    mark = next(each for each in map(chr, range(0xE000, 0xF900)) if each not in text)
    document: Any = tomlkit.parse(text)
    if tomlkit.dumps(document) != text:  # it takes tables together that are apart
        return {}
    leaves = _leaves(document.unwrap(), ())
    lengths = []
    for number, steps in enumerate(leaves):
        around = document
        for step in steps[:-1]:
            around = around[step]
        value = around[steps[-1]]
        lengths.append(len(value.as_string() if isinstance(value, Item) else str(value)))  # a Python bool
        around[steps[-1]] = f"{mark}{number}{mark}"
    found: dict[Steps, int] = {(): 0}
    at = 0
    parts = re.split(f'"{mark}(\\d+){mark}"', tomlkit.dumps(document))
    for between, digits in zip(parts[::2], parts[1::2], strict=False):
        at += len(between)
        steps = leaves[int(digits)]
        for end in range(1, len(steps) + 1):
            found.setdefault(steps[:end], at)
        at += lengths[int(digits)]
    return found


def _leaves(value: object, steps: Steps) -> list[Steps]:
    if isinstance(value, MutableMapping):
        return [each for name, below in value.items() for each in _leaves(below, (*steps, name))]
    if isinstance(value, list) and value:
        return [each for index, below in enumerate(value) for each in _leaves(below, (*steps, index))]
    return [steps] if steps else []


_READERS: Final[Mapping[str, Callable[[str], dict[Steps, int]]]] = {
    ".json": _json_starts,
    ".toml": _toml_starts,
}
