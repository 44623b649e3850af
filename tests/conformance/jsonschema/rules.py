"""The rules of a JSON Schema, and for each a document that nothing but this rule refuses.

A rule is one keyword at one place of a schema; `required` is one rule a name. A document proves a rule if
the schema refuses it and accepts it once the rule is taken out. Such documents are made from valid ones:
walk schema and document together, and where a rule applies, break just it.
"""

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from healthtopics.validation.public import CompiledSchema

Schema: TypeAlias = "dict[str, Any]"
Steps = tuple[str | int, ...]
Breaker = Callable[[Any, Any], Iterator[Any]]
"""From a keyword's value and a value that obeys it to values that, it is hoped, do not."""

KEYWORDS: Final = frozenset(
    {"$ref", "additionalProperties", "anyOf", "const", "enum", "exclusiveMinimum", "format", "items"}
    | {"maxItems", "maxLength", "maximum", "minItems", "minLength", "minProperties", "minimum", "not"}
    | {"oneOf", "pattern", "propertyNames", "required", "type", "uniqueItems"}
)
"""The keywords that refuse."""
SILENT: Final = frozenset(
    {
        "$defs",
        "$id",
        "$schema",
        "default",
        "deprecated",
        "description",
        "examples",
        "title",
        "x-fault",
        "x-message",
    }
    | {"allOf", "else", "if", "prefixItems", "properties", "then"}
)
"""The keywords that refuse nothing by themselves; some lead to those that do."""
_MOST_SITES: Final = 3
_FOREIGN: Final = (
    {"nobody": "expects"},
    ["nobody expects"],
    97_531.5,
    "nobody expects",
    True,
    None,
    0,
    -1,
    "",
)
"""Values of every type, for whatever takes only some."""


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One keyword at one place."""

    place: Steps
    """The way to the keyword within the schema; for `required` on to the name's index."""

    def __str__(self) -> str:
        return "".join(f"/{step}" for step in self.place)

    @property
    def keyword(self) -> str:
        return next(str(step) for step in reversed(self.place) if isinstance(step, str))


def rules_of(schema: object, place: Steps = ()) -> Iterator[Rule]:
    """Yield every rule of a schema, in its order; raises ValueError if a keyword is unknown here."""
    if not isinstance(schema, Mapping):
        return
    for keyword, value in schema.items():
        here = (*place, keyword)
        if keyword == "required":
            yield from (Rule((*here, index)) for index in range(len(value)))
        elif keyword in KEYWORDS:
            yield Rule(here)
        elif keyword not in SILENT:
            raise ValueError(f"nobody knows how to break {keyword!r}")
        if keyword in ("properties", "$defs"):
            for name, each in value.items():
                yield from rules_of(each, (*here, name))
        elif keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
            for index, each in enumerate(value):
                yield from rules_of(each, (*here, index))
        elif keyword in ("additionalProperties", "else", "items", "propertyNames", "then"):
            yield from rules_of(value, here)


def without(schema: Schema, rule: Rule) -> Schema:
    """Return the schema with the rule taken out."""
    changed = copy.deepcopy(schema)
    holder: Any = changed
    for step in rule.place[:-1]:
        holder = holder[step]
    del holder[rule.place[-1]]
    return changed


def loosened(schema: Any) -> Any:
    """Return the schema with every `oneOf` as an `anyOf`.

    With a rule taken out of one branch, a value of another may fit both: only that must not count.
    """
    if isinstance(schema, list):
        return [loosened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {("anyOf" if key == "oneOf" else key): loosened(each) for key, each in schema.items()}


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a document where a rule applies."""

    document: Any
    steps: Steps
    value: Any
    key: str | None = None
    """The property's name, where the rule is about names."""

    def replaced(self, value: object) -> Any:
        """Return the document with another value here."""
        if not self.steps:
            return value
        changed, holder = self._copied()
        holder[self.steps[-1]] = value
        return changed

    def renamed(self, key: str) -> Any:
        """Return the document with another name for the property."""
        changed, holder = self._copied()
        members = holder[self.steps[-1]] if self.steps else changed
        members[key] = members.pop(self.key)
        return changed

    def _copied(self) -> tuple[Any, Any]:
        """Return a copy, and what holds the value in it; only the way to it is copied."""
        changed = copy.copy(self.document)
        holder = changed
        for step in self.steps[:-1]:
            holder[step] = copy.copy(holder[step])
            holder = holder[step]
        if self.steps and self.key is not None:
            holder[self.steps[-1]] = copy.copy(holder[self.steps[-1]])
        return changed, holder


@dataclass(slots=True)
class Sites:
    """Where in some valid documents each rule of a schema applies, a few places a rule."""

    schema: Schema
    by_place: dict[Steps, list[Site]] = field(default_factory=dict)
    _seen: Counter[tuple[Steps, Steps]] = field(default_factory=Counter)
    _validators: dict[Steps, jsonschema_rs.Draft202012Validator] = field(default_factory=dict)

    def add(self, document: object) -> None:
        """Walk a valid document."""
        self._walk(self.schema, (), Site(document, (), document), ())

    def _walk(self, schema: object, place: Steps, site: Site, way: Steps) -> None:
        if not isinstance(schema, Mapping):
            return
        if "if" in schema:
            way = (*way, self._branch(place, site))
        for keyword, value in schema.items():
            self._note((*place, keyword), site, way)
            self._walk_on(schema, keyword, value, place, site, way)
        if site.key is None and isinstance(site.value, Mapping):
            self._walk_members(schema, place, site, way)
        elif site.key is None and isinstance(site.value, list):
            prefix = schema.get("prefixItems", ())
            for index, item in enumerate(site.value):
                below = Site(site.document, (*site.steps, index), item)
                if index < len(prefix):
                    self._walk(prefix[index], (*place, "prefixItems", index), below, way)
                elif "items" in schema:
                    self._walk(schema["items"], (*place, "items"), below, way)

    def _walk_on(
        self, schema: Mapping[str, Any], keyword: str, value: Any, place: Steps, site: Site, way: Steps
    ) -> None:
        """Follow one keyword to what else judges the same value."""
        here = (*place, keyword)
        if keyword == "$ref":
            target = tuple(str(value).removeprefix("#/").split("/"))
            self._walk(self.at(target), target, site, here)
        elif keyword in ("oneOf", "anyOf", "allOf"):
            for index, branch in enumerate(value):
                if keyword == "allOf" or self._fits((*here, index), site.value):
                    self._walk(branch, (*here, index), site, way)
        elif keyword == "if":
            branch = self._branch(place, site)
            if branch in schema:
                self._walk(schema[branch], (*place, branch), site, way)

    def _branch(self, place: Steps, site: Site) -> str:
        """Return which branch of the `if` at a place judges the value."""
        return "then" if self._fits((*place, "if"), site.value) else "else"

    def _walk_members(self, schema: Mapping[str, Any], place: Steps, site: Site, way: Steps) -> None:
        for name, member in site.value.items():
            below = Site(site.document, (*site.steps, name), member)
            if name in schema.get("properties", ()):
                self._walk(schema["properties"][name], (*place, "properties", name), below, way)
            elif "additionalProperties" in schema:
                self._walk(schema["additionalProperties"], (*place, "additionalProperties"), below, way)
            if "propertyNames" in schema:
                named = Site(site.document, site.steps, name, key=name)
                self._walk(schema["propertyNames"], (*place, "propertyNames"), named, way)

    def _note(self, place: Steps, site: Site, way: Steps) -> None:
        """Keep a few sites of each way, by `$ref` and `if`, that led there: what applies besides differs."""
        self._seen[place, way] += 1
        if self._seen[place, way] <= _MOST_SITES:
            self.by_place.setdefault(place, []).append(site)

    def at(self, place: Steps) -> Any:
        """Return what is at a place of the schema."""
        found: Any = self.schema
        for step in place:
            found = found[step]
        return found

    def _fits(self, place: Steps, value: object) -> bool:
        if place not in self._validators:
            part = {"$defs": self.schema.get("$defs", {}), **self.at(place)}
            self._validators[place] = jsonschema_rs.Draft202012Validator(part)
        return self._validators[place].is_valid(value)


def broken(rule: Rule, sites: Sites) -> Iterator[Any]:
    """Yield documents in which, it is hoped, only the rule is broken."""
    keyword = rule.keyword
    place = rule.place[:-1] if keyword == "required" else rule.place
    for site in sites.by_place.get(place, ()):
        if site.key is not None:
            yield from (site.renamed(key) for key in _values(rule, sites, site) if isinstance(key, str))
        else:
            yield from (site.replaced(value) for value in _values(rule, sites, site))


def _values(rule: Rule, sites: Sites, site: Site) -> Iterator[Any]:
    breaker: Breaker = _BREAKERS.get(rule.keyword, _foreign)
    yield from breaker(sites.at(rule.place), site.value)


def _with_foreign_item(_limit: object, value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from ([*value[:-1], each] for each in _FOREIGN)
        yield [*value, *value[-1:]]


def _with_foreign_name(_limit: object, value: Any) -> Iterator[Any]:
    for name in value if isinstance(value, Mapping) else ():
        yield {("~ ~" if key == name else key): each for key, each in value.items()}


def _forbidden(limit: Mapping[str, Any], _value: object) -> Iterator[Any]:
    yield from limit.get("enum", [limit["const"]] if "const" in limit else ())


def _foreign(_limit: object, value: Any) -> Iterator[Any]:
    yield from _FOREIGN
    if isinstance(value, Mapping):
        yield {**value, "nobody-expects-this": "value"}
        yield from (dict(each for each in value.items() if each[0] != name) for name in value)


def _without_name(name: str, value: Any) -> Iterator[Any]:
    if name in value:
        yield {key: each for key, each in value.items() if key != name}


def _with_unknown(_limit: object, value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield {**value, "nobody-expects-this": "value"}
        yield {**value, "xx": "value"}
        yield {**value, "nobody-expects-this": _FOREIGN[0]}
        yield dict.fromkeys(value, _FOREIGN[0])


def _another(_limit: object, value: Any) -> Iterator[Any]:
    yield f"{value}x" if isinstance(value, str) else "another"
    yield "another"
    yield from _FOREIGN


def _unlike(_limit: object, value: Any) -> Iterator[Any]:
    if not isinstance(value, str):
        return
    yield from ("", "~", " ", f"{value} ", f" {value}", f"{value}\n", f"{value}~", f"~{value}")
    yield from (value.upper(), value.replace("-", "_"), value[:-1], value.replace("/", "~"), "%", "é")
    yield from (re.sub("[0-9]", "x", value), f"{value}x", f"x{value}", "~" * len(value))


def _no_date(_limit: object, value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        yield re.sub(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-02-30", value)


def _shorter(limit: int, value: Any) -> Iterator[Any]:
    if isinstance(value, str | list):
        yield value[: limit - 1]


def _longer(limit: int, value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        yield value + "a" * (limit + 1 - len(value))
        yield "a" * (limit + 1)
        yield "1" * (limit + 1)
    elif isinstance(value, list) and value:
        yield value + [value[-1]] * (limit + 1 - len(value))


def _repeated(_limit: object, value: Any) -> Iterator[Any]:
    if value:
        yield [*value, value[-1]]


def _emptier(limit: int, value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield dict(list(value.items())[: limit - 1])


_BREAKERS: Final[Mapping[str, Breaker]] = {
    "required": _without_name,
    "items": _with_foreign_item,
    "not": _forbidden,
    "propertyNames": _with_foreign_name,
    "additionalProperties": _with_unknown,
    "const": _another,
    "enum": _another,
    "pattern": _unlike,
    "format": _no_date,
    "minLength": _shorter,
    "minItems": _shorter,
    "maxLength": _longer,
    "maxItems": _longer,
    "uniqueItems": _repeated,
    "minProperties": _emptier,
    "minimum": lambda limit, _: iter([limit - 1]),
    "exclusiveMinimum": lambda limit, _: iter([limit]),
    "maximum": lambda limit, _: iter([limit + 1]),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found out about a rule."""

    rule: Rule
    is_reached: bool
    example: Any = None
    """A document that this rule refuses; None where none was found."""
    is_doubled: bool = False
    """Whether another rule refuses each such document too."""
    disputed: Any = None
    """A document on which the two libraries differ; None where there is none."""


class Verdicts:
    """A schema, ready to judge with formats asserted, as we do, and without, as is the default elsewhere."""

    def __init__(self, schema: Schema) -> None:
        self._asserting = CompiledSchema(schema)
        self._annotating = jsonschema_rs.Draft202012Validator(schema, validate_formats=False)

    def of(self, document: object) -> tuple[bool, bool]:
        """Return whether the document is valid, asserting formats and not."""
        return self._asserting.is_valid(document), self._annotating.is_valid(document)


class Prover:
    """A schema in both libraries, and valid documents to break.

    A rule counts if it refuses with formats asserted or without: the pattern beside a format is there for
    those who do not assert formats.
    """

    def __init__(self, schema: Schema, documents: Iterable[Any]) -> None:
        self._schema = schema
        self._ours = CompiledSchema(schema)
        self._compiled = jsonschema_rs.Draft202012Validator(schema, validate_formats=False)
        self._reference = Draft202012Validator(schema)
        self._loose = Verdicts(loosened(schema))
        self._sites = Sites(schema)
        for document in documents:
            if self._ours.problems(document, "example", "invalid"):
                raise ValueError("the document to start from is not valid")
            self._sites.add(document)

    def prove(self) -> list[Proof]:
        """Look for an example for each rule."""
        return [self._prove(rule) for rule in rules_of(self._schema)]

    def _prove(self, rule: Rule) -> Proof:
        place = rule.place[:-1] if rule.keyword == "required" else rule.place
        if not self._sites.by_place.get(place):
            return Proof(rule, is_reached=False)
        weaker = Verdicts(loosened(without(self._schema, rule)))
        doubled = None
        for document in broken(rule, self._sites):
            if not self._is_agreed(document):
                return Proof(rule, is_reached=True, disputed=document)
            verdicts = zip(self._loose.of(document), weaker.of(document), strict=True)
            if any(is_valid_without and not is_valid for is_valid, is_valid_without in verdicts):
                return Proof(rule, is_reached=True, example=document)
            if doubled is None and self._refuses(rule, document):
                doubled = document
        return Proof(rule, is_reached=True, example=doubled, is_doubled=doubled is not None)

    def _refuses(self, rule: Rule, document: object) -> bool:
        """Return whether this very rule, perhaps among others, is what a document breaks."""
        is_name = rule.keyword == "required"
        holder = self._sites.at(rule.place[: -2 if is_name else -1])
        missing = repr(self._sites.at(rule.place)) if is_name else ""
        return any(
            error.validator == rule.keyword and error.schema is holder and error.message.startswith(missing)
            for error in _all(self._reference.iter_errors(document))
        )

    def _is_agreed(self, document: object) -> bool:
        """Return whether both libraries give the same verdict, with formats and without."""
        ours = self._ours
        return ours.is_valid(document) == ours._reference.is_valid(document) and self._compiled.is_valid(
            document
        ) == self._reference.is_valid(document)


def _all(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Yield errors, and those of their branches."""
    for error in errors:
        yield error
        yield from _all(error.context or ())
