"""JSON text ↔ values: a strict reader, the two written forms, and the digest. No file system."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Never, TypeAlias

import msgspec
import orjson

from healthtopics.errors import JsonTextError
from healthtopics.problems import Problem, at_most, pointer_to, position_of

Json: TypeAlias = Any
"""A JSON value: object, array, string, number, true, false or null."""
Document: TypeAlias = Mapping[str, Any]
"""A JSON object that is only read."""
JsonObject: TypeAlias = dict[str, Any]
"""A JSON object."""

_DEEPEST = 100
"""Levels of nesting; a topic needs about ten, and a reader's stack is finite."""


class _Repeating(dict[str, Json]):
    """An object in which at least one key is repeated; used only within `parse`."""

    repeated: tuple[str, ...] = ()


class _Objects:
    """Builds objects from their members, and remembers whether any has a repeated key."""

    has_repeating = False

    def make(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        self.has_repeating = True
        repeating = _Repeating(members)
        counts = Counter(key for key, _ in pairs)
        repeating.repeated = tuple(key for key, count in counts.items() if count > 1)
        return repeating


def _repeated_keys(value: Json, *steps: str | int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if isinstance(value, _Repeating):
        found += [(key, pointer_to(*steps, key)) for key in value.repeated]
    if isinstance(value, dict):
        for key, member in value.items():
            found += _repeated_keys(member, *steps, key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += _repeated_keys(item, *steps, index)
    return found


_NO_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


def _nesting(data: bytes) -> int:
    """Return the greatest depth of open brackets; brackets in strings count too, which only errs upwards."""
    depth = deepest = 0
    for character in data.translate(None, _NO_BRACKETS):
        if character in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def parse(data: bytes, path: str) -> Json:
    """Parse JSON text as in RFC 8259, refusing what readers disagree about.

    UTF-8 without a byte order mark, no duplicate keys, no NaN, no lone surrogates,
    nesting at most 100 deep. `path` only names the file in the problems.

    Raises JsonTextError with every duplicate key, or with the first fault of the syntax.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        _refuse(path, "json-bom", "the file starts with a byte order mark.", "Save it as UTF-8 without BOM.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = position_of(data, error.start)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8."
        _refuse(path, "json-encoding", message, "Save the file as UTF-8.", line=line, column=column)
    if (data.count(b"[") + data.count(b"{")) > _DEEPEST and _nesting(data) > _DEEPEST:
        _refuse(
            path, "json-depth", f"nested more than {_DEEPEST} levels deep.", "No valid document needs that."
        )
    objects = _Objects()
    try:
        value = orjson.loads(data)
        if data in (dump(value), dump_line(value)):  # nothing was lost, so no key is repeated
            return value
        value = json.loads(text, object_pairs_hook=objects.make)
    except json.JSONDecodeError as error:  # orjson's error is a subclass
        fault = _python_fault(text) or error
        message, hint = _in_words(fault, text)
        _refuse(path, "json-syntax", message, hint, line=fault.lineno, column=fault.colno)
    if objects.has_repeating:
        repeated = (
            Problem(
                check="json-duplicate-key",
                path=path,
                pointer=pointer,
                message=f"the key {key!r} comes more than once in this object.",
                hint="Keep one; parsers differ in which one they take.",
                spec="https://www.rfc-editor.org/rfc/rfc8259#section-4",
            )
            for key, pointer in _repeated_keys(value)
        )
        raise JsonTextError(at_most(repeated, path), json.loads(text))
    return value


_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "Expecting value": (
        "a value is missing, or it is not valid JSON.",
        'Write a text in "double quotation marks", a number, true, false or null, or remove the comma.',
    ),
    "Expecting property name": (
        "the name of a property is missing, or is not in double quotation marks.",
        "Write it in double quotation marks, or remove the comma before.",
    ),
    "Expecting ',' delimiter": (
        "a comma, or the closing bracket, is missing before this.",
        'Values are separated by commas; a quotation mark within a text is written \\".',
    ),
    "Expecting ':' delimiter": ("a colon is missing before this.", 'Write "name": value.'),
    "Extra data": (
        "the document has ended before this.",
        "Remove what follows, or the closing bracket that comes too early.",
    ),
    "Unterminated string": (
        "the closing quotation mark of this text is missing.",
        "Add it, in the same line.",
    ),
    "Invalid control character": (
        "a text has a line break or a tab.",
        "Write \\n or \\t, or close the text before the end of the line.",
    ),
    "Invalid \\": (
        "a text has a backslash that begins no known character.",
        'Write \\\\ for a backslash; others are \\n, \\" and \\u00f1.',
    ),
    "Illegal trailing comma": ("a comma comes before the closing bracket.", "Remove it."),
}
"""What is wrong, and what to do, by how Python's message begins."""


def _in_words(fault: json.JSONDecodeError, text: str) -> tuple[str, str]:
    """Return what is wrong with the syntax, and what to do."""
    if not text.strip():
        return "the file is empty.", "Restore it from a backup or from git, or delete it."
    words = (each for begins, each in _FAULTS.items() if fault.msg.startswith(begins))
    return next(words, (f"this is not valid JSON: {fault.msg}.", "Fix the text around this place."))


def _python_fault(text: str) -> json.JSONDecodeError | None:
    """Return the first fault as Python's own reader finds it, None for what only ours refuses: NaN."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error
    except ValueError:  # an endless integer
        return None
    return None


def load(data: bytes) -> Json:
    """Parse JSON text that we wrote ourselves and whose digest has been checked, without further checks."""
    return orjson.loads(data)


def _refuse(
    path: str, check: str, message: str, hint: str, *, line: int | None = None, column: int | None = None
) -> Never:
    raise JsonTextError(
        [Problem(check=check, path=path, line=line, column=column, message=message, hint=hint)]
    )


def dump(value: Json) -> bytes:
    """Serialize for people and partners: keys in the given order, two spaces, one final newline.

    The value may hold dataclasses and structs, which are objects in JSON.
    """
    if isinstance(value, msgspec.Struct):  # the same bytes, without a copy of the value as dictionaries
        return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
    return orjson.dumps(
        value, default=msgspec.to_builtins, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


@dataclass(frozen=True, slots=True)
class Dumped:
    """The text of an object as `dump` makes it, in parts: for one whose lists are long."""

    value: JsonObject

    def __iter__(self) -> Iterator[bytes]:
        lead = b"{"
        for name, member in self.value.items():
            yield lead + b"\n  " + canonical(name) + b": "
            lead = b","
            if isinstance(member, list) and member:
                for index, each in enumerate(member):
                    yield (b"," if index else b"[") + b"\n    " + dump(each)[:-1].replace(b"\n", b"\n    ")
                yield b"\n  ]"
            else:
                yield dump(member)[:-1].replace(b"\n", b"\n  ")
        yield b"\n}\n" if self.value else b"{}\n"


def dump_line(value: Json) -> bytes:
    """Serialize as one line of NDJSON, final newline included; the value may hold what `dump` takes."""
    return orjson.dumps(value, default=msgspec.to_builtins, option=orjson.OPT_APPEND_NEWLINE)


def canonical(value: Json) -> bytes:
    """Serialize so that equal values have equal bytes: keys sorted, no white space."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes, 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def short_digest(value: Json) -> str:
    """Return the first 16 hex digits of the digest of a value's canonical form: equal for equal values."""
    return digest(canonical(value))[:16]
