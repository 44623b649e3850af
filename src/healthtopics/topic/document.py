"""Topics as JSON documents: one reader and one writer for all values, and walks through documents.

The fields of the values define the document: members are written in their order, fields without default are
required, and their types determine how a value is read. See `fields` for what a type cannot express.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from healthtopics import markup
from healthtopics.errors import InvalidTopicError
from healthtopics.jsontext import Document
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem, Steps, pointer_to
from healthtopics.topic.fields import JsonName, KeyOf
from healthtopics.topic.values import Text, TextState

_T = TypeVar("_T")
_EXTRA: Final = "extra"
"""The field for unknown members of a value."""

Reference = tuple[str, str, Steps]
"""Vocabulary, key, and the path to it in the document."""


def from_document(cls: type[_T], document: object, path: str = "") -> _T:
    """Return the value that a document describes; the document is not changed.

    Raises InvalidTopicError with the JSON pointer of the first fault.
    """
    return cls(**members_of(cls, document, path))


def members_of(cls: type, document: object, path: str = "") -> dict[str, Any]:
    """Return the constructor arguments of the value; raises InvalidTopicError."""
    try:
        return _object_of(cls).members(document)
    except _Refused as refused:
        pointer = pointer_to(*reversed(refused.steps))
        hint = "See schema/topic.schema.json for what a topic needs."
        raise InvalidTopicError(
            [Problem(check="topic-shape", path=path, pointer=pointer, message=refused.message, hint=hint)]
        ) from None


def to_document(cls: type, value: object) -> dict[str, Any]:
    """Return the document of a value of that class, without empty members, unknown ones last."""
    return _object_of(cls).write(value)


def references(cls: type, value: object) -> list[Reference]:
    """Return every reference to a vocabulary, in document order."""
    found: list[Reference] = []
    _object_of(cls).collect(value, (), found)
    return found


def strings(document: Document, part: str = "") -> list[tuple[str, Steps]]:
    """Return every string of a document that contains the part, and the path to it."""
    found: list[tuple[str, Steps]] = []
    _gather(document.items(), (), part, found)
    return found


def _gather(
    members: Iterable[tuple[str | int, object]], steps: Steps, part: str, found: list[tuple[str, Steps]]
) -> None:
    for step, member in members:
        if isinstance(member, str):
            if part in member:
                found.append((member, (*steps, step)))
        elif isinstance(member, dict):
            _gather(member.items(), (*steps, step), part, found)
        elif isinstance(member, list):
            _gather(enumerate(member), (*steps, step), part, found)


_MARKED_UP: Final = frozenset({"attribution", "item", "list", "paragraph"})
"""The members whose texts have markup."""
_HREF: Final = re.compile(r'<a\s[^<>]*?href="(topic:[^"]*)"')
"""A link in a text whose markup has a fault."""


def linked_topics(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the id of every `topic:` link and every related topic of the collection, with its pointer."""
    for text, steps in strings(document, "topic:"):
        if "<" in text:
            try:
                hrefs = markup.parse(text).hrefs()
            except markup.MarkupError:  # faulty, or plain text, in which `<` and `&` are literal
                names = [step for step in steps if isinstance(step, str) and step != "text"]
                hrefs = _HREF.findall(text) if names[-1] in _MARKED_UP else []
            yield from (
                (match[1], pointer_to(*steps)) for href in hrefs if (match := markup.TOPIC.fullmatch(href))
            )
    for index, related in enumerate(document.get("relatedTopics", ())):
        if isinstance(related, str):
            yield related, pointer_to("relatedTopics", index)


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """A document that does not have the expected shape; `steps` lead to the place, the last step first."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.steps: list[str | int] = []

    def at(self, step: str | int) -> "_Refused":
        self.steps.append(step)
        return self


class _Shape:
    """How values of one type are written in documents; by default unchanged."""

    def has_keys(self) -> bool:
        """Return whether it may contain keys of vocabularies."""
        return False

    def fits(self, document: object) -> bool:
        """Return whether a document may have this shape, for `_Either`."""
        raise NotImplementedError

    def holds(self, value: object) -> bool:
        """Return whether a value is of this type."""
        return self.fits(value)

    as_is: type = NoneType
    """What of this type is in a document is the value."""

    def read(self, document: Any) -> Any:  # noqa: ANN401 - a JSON value in, a value out
        """Return the value; raises _Refused."""
        raise NotImplementedError

    def write(self, value: Any) -> Any:  # noqa: ANN401 - as above
        """Return the document."""
        return value

    def collect(self, value: Any, steps: Steps, found: list[Reference]) -> None:  # noqa: ANN401 - as above
        """Add the keys of vocabularies in a value."""


class _Scalar(_Shape):
    def __init__(self, kind: type, name: str) -> None:
        self.as_is = kind
        self._name = name

    def fits(self, document: object) -> bool:
        return isinstance(document, self.as_is)

    def read(self, document: object) -> object:
        if not isinstance(document, self.as_is):
            raise _Refused(f"a {self._name} is expected here.")
        return document


class _Key(_Scalar):
    """A key of a vocabulary."""

    def __init__(self, vocabulary: str) -> None:
        super().__init__(str, "string")
        self._vocabulary = vocabulary

    def has_keys(self) -> bool:
        return True

    def collect(self, value: str, steps: Steps, found: list[Reference]) -> None:
        if value:
            found.append((self._vocabulary, value, steps))


class _Text(_Shape):
    as_is = Text

    def read(self, document: object) -> Text:
        if isinstance(document, Text):
            return document
        if isinstance(document, str):
            return Text(document)
        match document:
            case {"text": str(text), "language": str(language)}:
                return Text(text, LanguageTag(language), TextState.OWN)
        raise _Refused("a text is expected here.")

    def write(self, value: Text) -> str | dict[str, str]:
        if value.state is TextState.OWN:
            return {"text": value.value, "language": value.language}
        return value.value


class _Items(_Shape):
    """A tuple, which is an array in documents."""

    def __init__(self, item: _Shape) -> None:
        self._item = item

    def has_keys(self) -> bool:
        return self._item.has_keys()

    def fits(self, document: object) -> bool:
        return isinstance(document, (list, tuple))

    def read(self, document: object) -> tuple[Any, ...]:
        if not isinstance(document, (list, tuple)):
            raise _Refused("an array is expected here.")
        found: list[Any] = []
        read, as_is = self._item.read, self._item.as_is
        try:
            for item in document:
                value = item if type(item) is as_is else read(item)
                found.append(value)
        except _Refused as refused:
            raise refused.at(len(found)) from None
        return tuple(found)

    def write(self, value: Iterable[Any]) -> list[Any]:
        write = self._item.write
        return [item if type(item) is str else write(item) for item in value]

    def collect(self, value: Iterable[Any], steps: Steps, found: list[Reference]) -> None:
        for index, item in enumerate(value):
            self._item.collect(item, (*steps, index), found)


class _ByLanguage(_Shape):
    """A mapping by language, which is an object in documents."""

    def __init__(self, member: _Shape) -> None:
        self._member = member

    def has_keys(self) -> bool:
        return self._member.has_keys()

    def fits(self, document: object) -> bool:
        return isinstance(document, Mapping)

    def read(self, document: object) -> dict[LanguageTag, Any]:
        found: dict[LanguageTag, Any] = {}
        for name, member in _mapping(document).items():
            try:
                found[LanguageTag(name)] = self._member.read(member)
            except _Refused as refused:
                raise refused.at(name) from None
        return found

    def write(self, value: Mapping[LanguageTag, Any]) -> dict[str, Any]:
        return {language: self._member.write(member) for language, member in value.items()}

    def collect(self, value: Mapping[LanguageTag, Any], steps: Steps, found: list[Reference]) -> None:
        for language, member in value.items():
            self._member.collect(member, (*steps, language), found)


class _Either(_Shape):
    """A value of one of several types; the last if no other fits."""

    def __init__(self, shapes: Iterable[_Shape]) -> None:
        *self._first, self._last = shapes
        self._known: dict[type, _Shape] = {}

    def has_keys(self) -> bool:
        return any(shape.has_keys() for shape in (*self._first, self._last))

    def _of(self, value: object) -> _Shape:
        """Return the shape for the type of a value."""
        kind = type(value)
        if kind not in self._known:
            self._known[kind] = next((shape for shape in self._first if shape.holds(value)), self._last)
        return self._known[kind]

    def read(self, document: object) -> object:
        return next((shape for shape in self._first if shape.fits(document)), self._last).read(document)

    def write(self, value: object) -> object:
        return self._of(value).write(value)

    def collect(self, value: object, steps: Steps, found: list[Reference]) -> None:
        self._of(value).collect(value, steps, found)


class _Row(NamedTuple):
    """One field: its name, and how it is written in documents."""

    attribute: str
    name: str
    shape: _Shape
    is_required: bool


class _Object(_Shape):
    """A value with fields, which is an object in documents."""

    def __init__(self, cls: type) -> None:
        self._cls = cls
        self._is_open = any(field.name == _EXTRA for field in fields(cls))
        """Whether a value keeps unknown members."""

    @cached_property
    def _rows(self) -> tuple[_Row, ...]:
        """The fields; computed when first needed, because a list item may hold list items."""
        hints = get_type_hints(self._cls, include_extras=True)
        return tuple(
            _Row(
                field.name,
                _json_name(hints[field.name], field.name),
                _shape_of(hints[field.name]),
                field.default is MISSING and field.default_factory is MISSING,
            )
            for field in fields(self._cls)
            if field.name != _EXTRA
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(row.name for row in self._rows)

    @cached_property
    def _rows_with_keys(self) -> list[_Row]:
        self.__dict__["_rows_with_keys"] = []  # an item that holds items finds this during the recursion
        return [row for row in self._rows if row.shape.has_keys()]

    def has_keys(self) -> bool:
        return bool(self._rows_with_keys)

    def fits(self, document: object) -> bool:
        return isinstance(document, (dict, Mapping)) and self._rows[0].name in document

    def holds(self, value: object) -> bool:
        return isinstance(value, self._cls)

    def members(self, document: object) -> dict[str, Any]:
        """Return the constructor arguments of the value; raises _Refused."""
        members: dict[str, Any] = {}
        found = _mapping(document)
        for attribute, name, shape, is_required in self._rows:
            if name in found:
                member = found[name]
                try:
                    members[attribute] = member if type(member) is shape.as_is else shape.read(member)
                except _Refused as refused:
                    raise refused.at(name) from None
            elif is_required:
                raise _Refused(f"{name!r} is missing.")
        if self._is_open and len(members) < len(found):
            members[_EXTRA] = {name: value for name, value in found.items() if name not in self._names}
        return members

    def read(self, document: object) -> object:
        return self._cls(**self.members(document))

    def write(self, value: Any) -> dict[str, Any]:  # noqa: ANN401 - of the class
        written: dict[str, Any] = {}
        for attribute, name, shape, is_required in self._rows:
            member = getattr(value, attribute)
            if member or is_required:
                written[name] = member if type(member) is str else shape.write(member)
        if self._is_open:
            written.update(value.extra)
        return written

    def collect(self, value: object, steps: Steps, found: list[Reference]) -> None:
        for attribute, name, shape, _is_required in self._rows_with_keys:
            if member := getattr(value, attribute):
                shape.collect(member, (*steps, name), found)


class _TextOrObject(_Object):
    """An object that is written as its first member, a text, if it has no other."""

    def read(self, document: object) -> object:
        if type(document) is Text:
            return self._cls(document)
        return self._cls(**self.members(document)) if self.fits(document) else self._cls(_TEXT.read(document))

    def write(self, value: object) -> Any:  # noqa: ANN401 - a JSON value
        written = super().write(value)
        return written if len(written) > 1 else next(iter(written.values()))


_TEXT: Final = _Text()
_SHAPES: Final[Mapping[object, _Shape]] = {
    Text: _TEXT,
    str: _Scalar(str, "string"),
    LanguageTag: _Scalar(str, "string"),
    bool: _Scalar(bool, "boolean"),
}


@cache
def _shape_of(hint: Any) -> _Shape:  # noqa: ANN401 - types have no common one
    """Return how values of an annotated type are written in documents."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        vocabularies = [each.vocabulary for each in arguments if isinstance(each, KeyOf)]
        return _Key(vocabularies[0]) if vocabularies else _shape_of(arguments[0])
    if origin in (Union, UnionType):
        shapes = [_shape_of(each) for each in arguments if each is not NoneType]
        return shapes[0] if len(shapes) == 1 else _Either(shapes)
    if origin is tuple:
        return _Items(_shape_of(arguments[0]))
    if origin is Mapping:
        return _ByLanguage(_shape_of(arguments[1]))
    return _SHAPES.get(hint) or _object_of(hint)


@cache
def _object_of(cls: type) -> _Object:
    hints = get_type_hints(cls, include_extras=True)
    first = next(hint for name, hint in hints.items() if name != _EXTRA)
    stands_alone = any(isinstance(each, JsonName) and each.stands_alone for each in get_args(first))
    return (_TextOrObject if stands_alone else _Object)(cls)


def _json_name(hint: object, attribute: str) -> str:
    """Return the name of a member: as annotated, otherwise the field's name in camel case."""
    first, *rest = attribute.split("_")
    names = (each.name for each in get_args(hint) if isinstance(each, JsonName))
    return next(names, first + "".join(map(str.capitalize, rest)))


def _mapping(document: object) -> Mapping[str, Any]:
    if not isinstance(document, (dict, Mapping)):  # nearly always the first, which is quick to test
        raise _Refused("an object is expected here.")
    return document
