"""Corruptions of one exported document, each by a rule: what an exporter with a fault might write.

A rule changes the document that it is given, or returns None if it changes nothing.
"""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from agreement.places import Json, Rule, questions, texts
from agreement.rules_fhir import FHIR
from agreement.rules_html import PAGE
from agreement.rules_schemaorg import DATA

Document = Any
"""A JSON object, or the text of a page."""


@dataclass(frozen=True)
class Mutant:
    """A corruption of the documents of one format."""

    name: str
    format: str
    corrupt: Callable[[Document, Document], Document | None]
    """Returns the corrupted copy of a document; the second one is the edition in the other language."""


# Text: the same rules in every format. A rule gets the text of a section, in markup or plain.

Rewrite = Callable[[str], str | None]


def _sub(pattern: str, replacement: str, flags: int = re.IGNORECASE) -> Rewrite:
    def rewrite(text: str) -> str | None:
        changed, count = re.subn(pattern, replacement, text, count=1, flags=flags)
        return changed if count else None

    return rewrite


_WORDS: Final[dict[str, Rewrite]] = {
    "a negation dropped": _sub(r"\b(?:do not|not|no) ", ""),
    "a negation added": _sub(r"\b(is|are|es|son|puede|may|can) ", r"\1 not "),
    "20 becomes 12": _sub(r"\b20\b", "12"),
    "a digit lost": _sub(r"(\d)\d\b", r"\1"),
    "a number one higher": _sub(r"\b\d+\b", "99991"),
    "the last word of a sentence lost": _sub(r" [^\s<>.]+\.", "."),
    "a word twice": _sub(r"(?<=[ ])([^\W\d_]{4,}) ", r"\1 \1 "),
    "two words exchanged": _sub(r"(?<=[ ])([^\W\d_]{3,}) ([^\W\d_]{4,})(?=[ ])", r"\2 \1"),
    "a bidi override": _sub(r"(?<=[ ])([^\W\d_]{4,})", "\u202e\\1\u202c"),
    "a zero-width space in a word": _sub(r"(?<=[ ])([^\W\d_]{2})([^\W\d_]{2,})", "\\1\u200b\\2"),
    "a Cyrillic letter": _sub(r"(?<=[ ])([^\W\d_]+)e", "\\1\u0435"),
    "an accent lost": lambda text: (
        changed if (changed := text.translate(str.maketrans("áéíóúñ", "aeioun"))) != text else None
    ),
    "or becomes and": _sub(r" (?:or|o) ", " and "),
    "a full stop lost": _sub(r"\. ", " "),
    "capitals lost": _sub(r"\b[A-ZÁÉÍÓÚ]\w+", "xyz", 0),
}


def _rewrite_fhir(document: Json, rewrite: Rewrite) -> Json | None:
    for question in questions(document):
        div = question["text"]["div"]
        start = div.index(">") + 1
        if (changed := _between_tags(div[start:], rewrite)) is not None:
            question["text"]["div"] = div[:start] + changed
            return document
    return None


def _rewrite_data(document: Json, rewrite: Rewrite) -> Json | None:
    for part in texts(document):
        if (changed := rewrite(part["text"])) is not None:
            part["text"] = changed
            return document
    return None


def _rewrite_page(document: str, rewrite: Rewrite) -> str | None:
    for match in re.finditer(r'<section id="[^"_]+">.*?</section>', document, re.DOTALL):
        if (changed := _between_tags(match.group(), rewrite)) is not None:
            return document[: match.start()] + changed + document[match.end() :]
    return None


def _between_tags(markup: str, rewrite: Rewrite) -> str | None:
    pieces = re.split(r"(<[^>]*>)", markup)
    for index in range(0, len(pieces), 2):
        if pieces[index].strip() and (changed := rewrite(pieces[index])) is not None:
            pieces[index] = changed
            return "".join(pieces)
    return None


def _on_copies(corrupt: Rule) -> Callable[[Document, Document], Document | None]:
    """Return the rule on copies; None if it changes nothing."""

    def on_copies(document: Document, other: Document) -> Document | None:
        changed = copy.deepcopy(document)
        done = corrupt(changed, copy.deepcopy(other))
        if isinstance(document, str):
            return done if done != document else None
        return changed if done is not None and changed != document else None

    return on_copies


def _rule(apply: Callable[[Any, Rewrite], Any], rewrite: Rewrite) -> Rule:
    return lambda document, _other: apply(document, rewrite)


def _mutants() -> Iterator[Mutant]:
    for version in ("fhir-r4", "fhir-r5"):
        yield Mutant(STALE, version, _on_copies(_stale))
        for name, rewrite in _WORDS.items():
            yield Mutant(name, version, _on_copies(_rule(_rewrite_fhir, rewrite)))
        for name, corrupt in FHIR.items():
            yield Mutant(name, version, _on_copies(corrupt))
    for name, rewrite in _WORDS.items():
        yield Mutant(name, "schemaorg", _on_copies(_rule(_rewrite_data, rewrite)))
        yield Mutant(name, "html", _on_copies(_rule(_rewrite_page, rewrite)))
    for name, corrupt in DATA.items():
        yield Mutant(name, "schemaorg", _on_copies(corrupt))
    for name, corrupt in PAGE.items():
        yield Mutant(name, "html", _on_copies(corrupt))


STALE: Final = "a stale versionId"
"""The only mutant whose documents keep the versions of the sound ones."""


def _stale(d: Json, _o: Json) -> Any:
    d["entry"][0]["resource"]["meta"]["versionId"] = "0123456789abcdef"
    return d


MUTANTS: Final = tuple(_mutants())
