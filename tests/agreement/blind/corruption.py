"""What corrupts a document: the registry of mutants, and the tools that their rules share.

A rule corrupts one document of one format. It is given the document and the same topic and format in the
other language, and returns the corrupted document, or None if the topic has nothing of the kind. Rules for
JSON work on a copy; a corrupted FHIR resource gets the `meta.versionId` of its new content, so that a digest
alone does not give it away. Rules for pages work on the text of the page.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Json = Any
Tree = dict[str, Json]
Span = tuple[int, int]
Name = Literal["fhir-r4", "fhir-r5", "schemaorg", "html"]
T = TypeVar("T")


class NothingToCorruptError(Exception):
    """The document does not have what the rule corrupts."""


@dataclass(frozen=True)
class Mutant:
    """One corruption, which applies to documents of one format."""

    name: str
    format: Name
    corrupt: Callable[[Any, Any], Any]


MUTANTS: list[Mutant] = []


def tree(format_: Name) -> Callable[[Callable[[Tree, Tree], None]], Callable[[Tree, Tree], Tree | None]]:
    """Register a rule that changes parsed JSON in place."""

    def register(rule: Callable[[Tree, Tree], None]) -> Callable[[Tree, Tree], Tree | None]:
        @wraps(rule)
        def corrupt(document: Tree, other: Tree) -> Tree | None:
            changed = copy.deepcopy(document)
            try:
                rule(changed, copy.deepcopy(other))
            except NothingToCorruptError:
                return None
            if changed == document:
                return None
            return _sealed(changed) if format_.startswith("fhir") else changed

        MUTANTS.append(Mutant(rule.__name__.replace("_", "-"), format_, corrupt))
        return corrupt

    return register


def page(rule: Callable[[str, str], str]) -> Callable[[str, str], str | None]:
    """Register a rule that returns another text of a page."""

    @wraps(rule)
    def corrupt(document: str, other: str) -> str | None:
        try:
            changed = rule(document, other)
        except NothingToCorruptError:
            return None
        return None if changed == document else changed

    MUTANTS.append(Mutant(rule.__name__.replace("_", "-"), "html", corrupt))
    return corrupt


def _sealed(bundle: Tree) -> Tree:
    for resource in [*(entry["resource"] for entry in bundle["entry"]), bundle]:
        content = {key: value for key, value in resource.items() if key != "meta"}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        resource["meta"]["versionId"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return bundle


# What the rules need of any format


def first_of(found: Iterable[T]) -> T:
    """Return the first one, if there is any to corrupt."""
    for one in found:
        return one
    raise NothingToCorruptError


def first_two(found: Iterable[T]) -> tuple[T, T]:
    """Return the first two, if there are two."""
    pair = list(found)[:2]
    if len(pair) < 2:
        raise NothingToCorruptError
    return pair[0], pair[1]


def exchange(one: Tree, two: Tree, key: str) -> None:
    """Give each of two objects the other's value."""
    one[key], two[key] = two[key], one[key]


def mapped(node: Json, change: Callable[[str], str]) -> Json:
    """Return the same JSON with every string changed; names of members stay."""
    if isinstance(node, dict):
        return {key: mapped(value, change) for key, value in node.items()}
    if isinstance(node, list):
        return [mapped(value, change) for value in node]
    return change(node) if isinstance(node, str) else node


def replacing(old: str, new: str) -> Callable[[str], str]:
    """Return what replaces one text with another."""
    return lambda text: text.replace(old, new)


def everywhere(document: Tree, change: Callable[[str], str]) -> None:
    """Change every string of a document, so that it still agrees with itself."""
    document.update(mapped(document, change))


def without_negation(text: str) -> str:
    """Drop the first “not”, “no” or “never”, in English or Spanish."""
    return re.sub(r"\b(?:not|no|never|nunca) ", "", text, count=1, flags=re.IGNORECASE)


def with_other_number(text: str) -> str:
    """Lose a decimal point (0.1 → 1), else 20 → 12, else ten times as many."""
    changed = re.sub(r"\b0\.(\d+)", r"\1", text, count=1)
    if changed != text:
        return changed
    return re.sub(r"\d+", lambda found: "12" if found[0] == "20" else found[0] + "0", text, count=1)


_UNITS = {
    "weeks": "days",
    "week": "day",
    "semanas": "días",
    "semana": "día",
    "milligrams": "grams",
    "miligramos": "gramos",
    "percent": "per thousand",
    "por ciento": "por mil",
    "ounce": "cup",
    "onza": "taza",
}


def with_other_unit(text: str) -> str:
    """Change the first unit that another one could be mistaken for."""
    units = rf"\b({'|'.join(_UNITS)})\b"
    return re.sub(units, lambda found: _UNITS[found[0]], text, count=1)


def with_words(words: Mapping[str, str]) -> Callable[[str], str]:
    """Return what replaces the first of these words that a text has."""
    found = re.compile(rf"\b({'|'.join(map(re.escape, words))})\b")
    return lambda text: found.sub(lambda word: words[word[0]], text, count=1)


def lookalike(url: str) -> str:
    """Return the same path on a host that only looks like the right one."""
    return re.sub(r"^https?://([^/]+)", r"https://\1.example.net", url)


# What the rules need of markup


def spans_of(markup: str, tag: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return where the outermost elements with this tag begin and end."""
    spans, depth, begin = [], 0, 0
    for found in re.compile(rf"<(/?){tag}\b[^>]*>").finditer(
        markup, start, len(markup) if end is None else end
    ):
        if not found[1]:
            begin = begin if depth else found.start()
            depth += 1
            continue
        depth -= 1
        if not depth:
            spans.append((begin, found.end()))
    return spans


def span_inside(markup: str, span: Span) -> Span:
    """Return where the content of an element begins and ends."""
    return markup.index(">", span[0]) + 1, markup.rindex("</", span[0], span[1])


def items_of(markup: str, tag: str = "ul") -> list[Span]:
    """Return the items of the first outermost list."""
    return spans_of(markup, "li", *span_inside(markup, first_of(spans_of(markup, tag))))


def put(markup: str, span: Span, text: str) -> str:
    """Put a text instead of what is there."""
    return markup[: span[0]] + text + markup[span[1] :]


def swapped(markup: str, one: Span, two: Span) -> str:
    """Exchange two parts of the markup, of which `one` comes first."""
    left, right = markup[slice(*one)], markup[slice(*two)]
    return put(put(markup, two, left), one, right)


def retext(markup: str, change: Callable[[str], str]) -> tuple[str, str, str]:
    """Change the first run of text that the change affects: the markup, the old text, the new one."""
    for found in re.finditer(r"(?<=>)[^<>]+(?=<)", markup):
        changed = change(found[0])
        if changed != found[0]:
            return put(markup, found.span(), changed), found[0], changed
    raise NothingToCorruptError


def flattened(markup: str) -> str:
    """Make the items of the first nested list items of the list around it."""
    for start, end in items_of(markup):
        item = markup[start:end]
        for nested in spans_of(item, "ul"):
            inner = item[slice(*span_inside(item, nested))]
            return put(markup, (start, end), f"{item[: nested[0]]}</li>{inner}")
    raise NothingToCorruptError
