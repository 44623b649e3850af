"""JSON Schema: a compiled verdict, and a report that a person can act on.

`jsonschema-rs` decides, about 200 times faster than the reference implementation; if it says no,
`jsonschema` explains why. Both assert the same formats with the same functions. No network: a schema refers
only to itself.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from healthtopics.jsontext import Json, JsonObject, canonical
from healthtopics.problems import MOST, Problem, Steps, at_most, excerpt, pointer_to, quoted
from healthtopics.schema import Schema, packaged
from healthtopics.validation.remains import Remains, remove

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


_ARTICLES: Final[Mapping[str, str]] = {
    "array": "an array",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}


def check_public(schema_name: str, document: object, path: str) -> list[Problem]:
    """Validate a published document against a packaged schema: `public/fhir-r4.schema.json`."""
    return compiled(schema_name).problems(document, path, "public-schema")


def check_manifest(document: object, path: str) -> list[Problem]:
    """Validate a manifest of any version; of version 2, without its parts."""
    is_first = isinstance(document, dict) and document.get("manifestVersion") == 1
    return check_public(f"public/manifest{'-1' if is_first else ''}.schema.json", document, path)


def check_manifest_part(document: object, path: str) -> list[Problem]:
    """Validate a part of a manifest."""
    return check_public("public/manifest-part.schema.json", document, path)


@cache
def compiled(schema_name: str) -> "CompiledSchema":
    """Return a packaged schema, compiled once."""
    return CompiledSchema(packaged(schema_name))


class CompiledSchema:
    """A JSON Schema, draft 2020-12, ready to judge many documents."""

    def __init__(self, schema: Schema) -> None:
        """Compile the schema; raises jsonschema_rs.ValidationError if it is not valid."""
        self._schema = schema
        self._parts: dict[bytes, jsonschema_rs.Draft202012Validator] = {}
        self._verdict = jsonschema_rs.Draft202012Validator(
            _for_rust(schema),
            validate_formats=True,
            formats=_FORMATS,
            offline=True,
        )

    @cached_property
    def _reference(self) -> "Draft202012Validator":
        from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 - slow, and seldom needed

        formats = FormatChecker(formats=())
        for name, is_valid in _FORMATS.items():
            formats.checks(name)(is_valid)
        return Draft202012Validator(dict(self._schema), format_checker=formats)

    def is_valid(self, document: object) -> bool:
        """Return whether the document, made of plain dicts, lists and scalars, is valid."""
        return self._verdict.is_valid(document)

    def problems(self, document: object, path: str, check: str) -> list[Problem]:
        """Return every fault of the document, each with the id `check`; `path` only names it.

        Raises RuntimeError if the two implementations disagree: that is a bug, not bad data.
        """
        if self.is_valid(document):
            return []
        left_out = _LeftOut()
        walk = self._errors(document, left_out)
        errors = list(islice(walk, MOST))
        left_out.is_all = True
        rest = sum(1 for _ in walk)  # which counts in `left_out`, too
        if not errors:
            first = next(self._verdict.iter_errors(document))
            raise RuntimeError(f"{path}: jsonschema accepts what jsonschema-rs refuses: {first.message}")
        errors.sort(key=lambda error: list(map(str, error.path)))
        faults = dict.fromkeys(fault for error in errors for fault in _faults(error))
        meant = {(fault.steps[:-1], fault.meant) for fault in faults if fault.meant}
        found = (
            Problem(
                check=check,
                path=path,
                pointer=pointer_to(*fault.steps),
                message=fault.message,
                hint=fault.hint,
            )
            for fault in faults
            if not fault.missing or (fault.steps, fault.missing) not in meant
        )
        return at_most(found, path, left_out.number + rest)

    def check(
        self,
        document: object,
        path: str,
        check: str,
        rules: Callable[[JsonObject], Iterable[Problem]],
        substitutes: Mapping[str, Json] = {},
    ) -> list[Problem]:
        """Return every fault of the document, and what rules that need a valid one find in its valid part.

        `substitutes` are for required members at the top, about which the rules then find nothing.
        """
        problems = self.problems(document, path, check)
        if not isinstance(document, dict):
            return problems
        if not problems:
            return list(rules(document))
        remains = self.remains(document, substitutes)
        return problems if remains is None else [*problems, *remains.restored(rules(remains.document))]

    def remains(self, document: JsonObject, substitutes: Mapping[str, Json] = {}) -> Remains | None:
        """Return the document without what breaks the schema; None if nothing is left of it."""
        removed: frozenset[Steps] = frozenset()
        for _round in range(_MOST_ROUNDS):
            remains = remove(document, removed, substitutes)
            errors = list(islice(self._errors(remains.document, _LeftOut()), MOST))
            if not errors:
                return remains
            wrong = {remains.origin(steps) for error in errors for steps in _wrong_places(error)}
            if () in wrong or wrong <= removed:
                return None
            removed |= wrong
        return None

    def _errors(self, document: object, left_out: "_LeftOut") -> "Iterator[ValidationError]":
        """Yield the errors; of a list, those of the first invalid items, and count the others.

        Items are judged by the fast implementation first: long lists are what makes a document large.
        """
        from jsonschema.validators import extend  # noqa: PLC0415 - as above

        given: Callable[..., Iterator[ValidationError]] = self._reference.VALIDATORS["items"]

        def check_items(
            validator: "Draft202012Validator", rule: Json, items: Json, schema: Json
        ) -> "Iterator[ValidationError]":
            if not (isinstance(items, list) and isinstance(rule, Mapping)) or "prefixItems" in schema:
                yield from given(validator, rule, items, schema)
                return
            is_valid = self._verdict_on(rule).is_valid
            invalid = ((index, item) for index, item in enumerate(items) if not is_valid(item))
            for index, item in islice(invalid, 0 if left_out.is_all else MOST):
                yield from validator.descend(item, rule, path=index)
            left_out.number += sum(1 for _ in invalid)

        checker: Any = extend(type(self._reference), {"items": check_items})  # type: ignore[no-untyped-call]  # jsonschema lacks it
        errors: Iterator[ValidationError] = checker(
            self._reference.schema, format_checker=self._reference.format_checker
        ).iter_errors(document)
        return errors

    def _verdict_on(self, rule: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
        """Return the fast implementation of a part of the schema; it may refer to the definitions."""
        key = canonical(rule)
        if key not in self._parts:
            part = _for_rust({"$defs": self._schema.get("$defs", {}), **rule})
            self._parts[key] = jsonschema_rs.Draft202012Validator(
                part, validate_formats=True, formats=_FORMATS, offline=True
            )
        return self._parts[key]


_MOST_ROUNDS: Final = 20
"""So often, values are removed: without one, another may be wrong, up to the top of the document."""


def _wrong_places(error: "ValidationError") -> Iterator[Steps]:
    """Yield the values without which a document would not break the rule of an error."""
    steps = tuple(error.absolute_path)
    value: Any = error.instance
    schema: Any = error.schema
    if error.validator == "additionalProperties":
        faults = _unknown_properties(value, schema, steps)
        yield from (fault.steps for fault in faults if fault.steps != steps)
    elif "propertyNames" in error.relative_schema_path:
        yield (*steps, str(value))
    else:
        yield steps


@dataclass(slots=True)
class _LeftOut:
    """The errors that are counted and not described."""

    number: int = 0
    is_all: bool = False
    """Whether no further error is described."""


_VERY_END: Final = re.compile(r"\(\?!\\n\)\$\Z")
"""How our patterns exclude anything after the end, even the line feed that Python's `$` lets pass."""
_DATA: Final = frozenset({"const", "default", "enum", "examples"})
"""Keywords whose values are data, not schemas."""


def _for_rust(schema: Any) -> Any:  # noqa: ANN401 - a schema, or any part of one
    """Return an equivalent schema for Rust's engine, where a plain `$` is the very end.

    A pattern that looks ahead is matched by trial and error, which takes four times as long. Formats that are
    not asserted are left out.
    """
    if isinstance(schema, list):
        return [_for_rust(member) for member in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        name: _VERY_END.sub("$", value)
        if name == "pattern" and isinstance(value, str)
        else value
        if name in _DATA
        else _for_rust(value)
        for name, value in schema.items()
        if not (name == "format" and isinstance(value, str) and value not in _FORMATS)
    }


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return date.fromisoformat(value).isoformat() == value  # weeks and compact forms are not dates
    except ValueError:
        return False


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return value[10:11] == "T" and _is_date(value[:10]) and bool(datetime.fromisoformat(value).tzinfo)
    except ValueError:
        return False


_FORMATS: Final = {"date": _is_date, "date-time": _is_date_time}
"""The only formats that are asserted; others are left to patterns."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """One fault in words."""

    steps: Steps
    message: str
    hint: str = ""
    missing: str = ""
    """The property that is missing."""
    meant: str = ""
    """The property that an unknown one was probably meant to be, which is then misspelt, not missing."""


def _faults(error: "ValidationError") -> Iterator[_Fault]:
    """Describe one error; it may hold several faults, or only those of the branch that was meant."""
    steps = tuple(error.absolute_path)
    value: Any = error.instance
    schema: Any = error.schema
    if error.validator in ("oneOf", "anyOf"):
        yield from _branch_faults(error, steps)
    elif "propertyNames" in error.relative_schema_path and isinstance(value, str):
        yield _Fault(steps, f"{_short(value)} is not allowed as the name of a property.", _help(schema))
    elif error.validator == "additionalProperties":
        yield from _unknown_properties(value, schema, steps)
    elif error.validator == "required":
        for name in schema["required"]:
            if name not in value:
                hint = _help(schema.get("properties", {}).get(name))
                yield _Fault(steps, f"the property {name!r} is missing.", hint, missing=name)
    elif error.validator == "pattern" and _is_reported_without_pattern(value, schema):
        return
    else:
        yield _Fault(steps, _message(error), _help(schema))


def _is_reported_without_pattern(value: object, schema: Mapping[str, Any]) -> bool:
    """Return whether the value is empty, or not a date, which is reported by itself."""
    is_valid = _FORMATS.get(schema.get("format", ""))
    return (value == "" and "minLength" in schema) or (is_valid is not None and not is_valid(value))


def _unknown_properties(
    value: Mapping[str, Any], schema: Mapping[str, Any], steps: Steps
) -> Iterator[_Fault]:
    known = list(schema.get("properties", ()))
    patterns = schema.get("patternProperties", ())
    unknown = (
        name
        for name in value
        if name not in known and not any(re.search(pattern, name) for pattern in patterns)
    )
    for name in islice(unknown, MOST - 1):
        meant = _closest(name, known)
        if meant:
            message = f"unknown property {name!r}; did you mean {meant!r}?"
            yield _Fault((*steps, name), message, meant=meant)
        else:
            hint = f"Allowed are {_listed(known)}." if known else "Nothing is allowed here."
            yield _Fault((*steps, name), f"unknown property {name!r}.", hint)
    if more := sum(1 for _ in unknown):
        yield _Fault(steps, f"{more:,} more properties are unknown.")


def _branch_faults(error: "ValidationError", steps: Steps) -> Iterator[_Fault]:
    """Report on the branch that was meant: the one of the right type, then with the right names in it."""
    branches = sorted(_branches(error), key=_distance)
    if not branches:
        yield _Fault(steps, f"{_short(error.instance)} matches more than one of the allowed forms.")
        return
    best = _distance(branches[0])[:3]
    if any(best) and len(branches) > 1 and _distance(branches[1])[:3] == best:
        rule: Any = error.validator_value
        by_number = sorted(branches, key=lambda errors: errors[0].relative_schema_path[0])
        forms = [_form(rule[errors[0].relative_schema_path[0]], errors) for errors in by_number]
        message = f"{_short(error.instance)} matches none of the allowed forms: {'; '.join(forms)}."
        yield _Fault(steps, message, _help(error.schema))
        return
    for below in branches[0]:
        yield from _faults(below)


def _branches(error: "ValidationError") -> "list[list[ValidationError]]":
    """Return the errors of each branch of a `oneOf` or `anyOf`; empty if it fails because too many match."""
    by_number: dict[object, list[ValidationError]] = {}
    for below in error.context or ():
        by_number.setdefault(below.relative_schema_path[0], []).append(below)
    return list(by_number.values())


def _distance(errors: "list[ValidationError]") -> tuple[int, int, int, int]:
    """Return how far a value is from the branch with these errors.

    The counts, most significant first: a wrong type, wrong constants (`resourceType`), names that are missing
    or do not belong there, all errors. Where all names fit, only a `const` tells that another was meant.
    """
    wrong_type, wrong_constant, wrong_names = map(sum, zip(*map(_weigh, errors), strict=True))
    if wrong_names or wrong_constant:
        wrong_constant += sum(error.validator == "enum" and len(error.relative_path) <= 1 for error in errors)
    return wrong_type, wrong_constant, wrong_names, len(errors)


def _weigh(error: "ValidationError") -> tuple[int, int, int]:
    """Return what one error adds to the first three counts of `_distance`."""
    depth = len(error.relative_path)
    if depth <= 1 and error.validator == "const":
        return 0, 1, 0
    if depth == 0 and error.validator == "type":
        return 1, 0, 0
    if depth == 0 and error.validator in ("oneOf", "anyOf") and error.context:
        return min(map(_distance, _branches(error)))[:3]
    if depth == 0 and error.validator in ("required", "additionalProperties"):
        return 0, 0, sum(-1 if fault.meant else 1 for fault in _faults(error))
    return 0, 0, 0


def _form(branch: Mapping[str, Any], errors: "list[ValidationError]") -> str:
    """Describe a branch of a `oneOf`, given the errors of a value under it."""
    under: Any = errors[0].schema if "$ref" in branch else branch
    description = (_help(branch) or _help(under) or "another form").rstrip(".")
    names = under.get("required", ())
    what = _listed(names) or (_kinds(under["type"]) if "type" in under else "")
    return f"{description} ({what})" if what else description


def _help(schema: object) -> str:
    return str(schema.get("description", "")) if isinstance(schema, Mapping) else ""


def _closest(value: object, known: Iterable[object]) -> str:
    return next(iter(get_close_matches(str(value), list(map(str, known)), n=1)), "")


def _not_one_of(value: object, allowed: list[object]) -> str:
    allowed = [each if isinstance(each, str) else _short(each) for each in allowed]
    closest = _closest(value, allowed) if isinstance(value, str) else ""
    meant = f" Did you mean {closest!r}?" if closest else ""
    return f"{_short(value)} is not one of {_listed(allowed)}.{meant}"


def _wrong_type(value: object, kinds: str | list[str]) -> str:
    return f"must be {_kinds(kinds)}, not {_described(value)}."


def _kinds(kinds: str | list[str]) -> str:
    return " or ".join(_ARTICLES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _repeated(values: list[Any]) -> str:
    first: dict[bytes, int] = {}
    for second, value in enumerate(values):
        # 1 and 1.0 are the same to JSON Schema.
        key = canonical(int(value) if isinstance(value, float) and value.is_integer() else value)
        if first.setdefault(key, second) != second:
            return f"items {first[key]} and {second} are the same: {_short(value)}."
    return "two items are the same."


_OWN_WORDS: Final = "x-fault"
"""The member of a schema that says what is wrong with a text that does not match its pattern, in a clause."""
_MESSAGES: Final[Mapping[str, Callable[[Any, Any], str]]] = {
    "type": _wrong_type,
    "enum": _not_one_of,
    "const": lambda value, only: f"{_short(value)} is not {_short(only)}, the only value allowed here.",
    "pattern": lambda value, _: f"{_short(value)} does not have the required form.",
    "format": lambda value, name: f"{_short(value)} is not a valid {name}.",
    "minLength": lambda value, least: (
        f"{_short(value)} has {len(value)} characters; at least {least} are needed."
        if value
        else "the text is empty."
    ),
    "maxLength": lambda value, most: (
        f"{_short(value)} has {len(value)} characters; at most {most} are allowed."
    ),
    "minItems": lambda value, least: f"the array has {len(value)} items; at least {least} must be there.",
    "maxItems": lambda value, most: f"the array has {len(value)} items; at most {most} are allowed.",
    "minProperties": lambda value, least: (
        f"the object has {len(value)} properties; at least {least} must be there."
    ),
    "maxProperties": lambda value, most: (
        f"the object has {len(value)} properties; at most {most} are allowed."
    ),
    "uniqueItems": lambda value, _: _repeated(value),
    "minimum": lambda value, least: f"{value} is less than {least}.",
    "maximum": lambda value, most: f"{value} is more than {most}.",
    "exclusiveMinimum": lambda value, bound: f"{value} is not more than {bound}.",
    "exclusiveMaximum": lambda value, bound: f"{value} is not less than {bound}.",
    "multipleOf": lambda value, step: f"{value} is not a multiple of {step}.",
    "items": lambda value, _: f"the array has {len(value)} items, more than are allowed.",
    "contains": lambda value, _: f"{_short(value)} lacks an item that must be there.",
    "minContains": lambda value, least: f"{_short(value)} lacks items: at least {least} must be there.",
    "maxContains": lambda value, most: f"{_short(value)} has more items of a kind than {most}.",
    "dependentRequired": lambda value, rules: (
        "; ".join(
            f"with {name!r}, the property {need!r} is needed, too"
            for name, needs in rules.items()
            for need in needs
            if name in value and need not in value
        )
        + "."
    ),
    "unevaluatedItems": lambda value, _: f"{_short(value)} has items that are not allowed here.",
    "unevaluatedProperties": lambda value, _: f"{_short(value)} has properties that are not allowed here.",
    "not": lambda value, _: f"{_short(value)} is not allowed here.",
}
"""By keyword: what is wrong with a value under the keyword's rule."""


def _message(error: "ValidationError") -> str:
    if error.schema is False:
        return f"{_short(error.instance)} is not allowed here."
    if (
        error.validator == "pattern"
        and isinstance(error.schema, Mapping)
        and (fault := error.schema.get(_OWN_WORDS))
    ):
        return f"{_short(error.instance)} {fault}"
    return _MESSAGES[str(error.validator)](error.instance, error.validator_value)


def _listed(values: Iterable[object]) -> str:
    listed = [str(value) for value in values]
    return ", ".join(listed[:20]) + (f" and {len(listed) - 20} more" if len(listed) > 20 else "")


def _short(value: object) -> str:
    """Return a value as messages quote it, in the words of JSON."""
    match value:
        case str():
            return quoted(value, 100)
        case dict():
            return excerpt(f"the object with {_listed(value)}" if value else "the empty object", 100)
        case list():
            items = "1 item" if len(value) == 1 else f"{len(value)} items"
            return f"the array of {items}" if value else "the empty array"
    return json.dumps(value)


def _described(value: object) -> str:
    """Return a value with its kind: where another kind is wanted."""
    match value:
        case str():
            return f"the text {_short(value)}"
        case bool() | None | dict() | list():
            return _short(value)
    return f"the number {_short(value)}"
