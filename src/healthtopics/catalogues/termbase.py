"""A glossary for translators' tools: a spreadsheet, or a termbase in TBX.

Only whole words are exported, not families: other tools do not know endings.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from lxml import etree

from healthtopics.glossary import Family, Glossary, TermEntry, TermKind
from healthtopics.language import SOURCE, LanguageTag

_NAMESPACE: Final = "urn:iso:std:iso:30042:ed-2"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_TERM_TYPES: Final = {TermKind.TERM: "fullForm", TermKind.ACRONYM: "acronym", TermKind.NAME: "fullForm"}


def to_csv(glossary: Glossary) -> bytes:
    """Return a header row and one row per term, RFC 4180; `; ` separates several words.

    UTF-8 with the byte order mark that spreadsheets need.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    writer.writerows([column(term) for column in _COLUMNS.values()] for term in glossary.terms)
    return file.getvalue().encode("utf-8-sig")


def to_weblate(glossary: Glossary) -> bytes:
    """Return what Weblate's glossaries take: columns `source` and `target`, a row for each English word."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("source", "target"))
    for term in glossary.terms:
        target = next(iter(_citations(term.accepted)), "")
        writer.writerows((word, target) for word in _citations(term.english) if target)
    return file.getvalue().encode()


def to_tbx(glossary: Glossary) -> bytes:
    """Return a termbase in TBX-Basic, version 3 (ISO 30042:2019), style DCA: data categories as attributes.

    Preferred, other and forbidden translations are marked by their administrative status.
    """
    root = etree.Element(
        f"{{{_NAMESPACE}}}tbx",
        {"type": "TBX-Basic", "style": "dca", _LANGUAGE: SOURCE},
        nsmap={None: _NAMESPACE},  # type: ignore[dict-item]  # the stubs know no default namespace
    )
    about = _add(_add(root, "tbxHeader"), "fileDesc")
    _add(_add(about, "titleStmt"), "title", f"Health topics: glossary of {SOURCE} and {glossary.language}")
    _add(_add(about, "sourceDesc"), "p", "Written by healthtopics from the glossary of a workspace.")
    body = _add(_add(root, "text"), "body")
    for term in glossary.terms:
        concept = _add(body, "conceptEntry", id=term.id)
        if term.definition:
            _add(concept, "descrip", term.definition, type="definition")
        if term.note:
            _add(concept, "note", term.note)
        _add_language(concept, term, SOURCE, _citations(term.english))
        if term.suggestions or any(_forbidden(term)):
            _add_language(concept, term, glossary.language, _citations(term.accepted), _forbidden(term))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _add_language(
    concept: etree._Element,
    term: TermEntry,
    language: LanguageTag,
    known: list[str],
    forbidden: Iterable[tuple[str, str]] = (),
) -> None:
    section = _add(concept, "langSec")
    section.set(_LANGUAGE, language)
    for rank, words in enumerate(dict.fromkeys(known)):
        each = _add_term(section, term, words, "admittedTerm" if rank else "preferredTerm")
        _add(each, "termNote", _TERM_TYPES[term.kind], type="termType")
    for words, note in forbidden:
        _add(_add_term(section, term, words, "deprecatedTerm"), "note", note)


def _add_term(section: etree._Element, term: TermEntry, words: str, status: str) -> etree._Element:
    each = _add(section, "termSec")
    _add(each, "term", words)
    _add(each, "termNote", term.part_of_speech, type="partOfSpeech")
    _add(each, "termNote", f"{status}-admn-sts", type="administrativeStatus")
    return each


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attributes)
    element.text = text
    return element


def _citations(families: tuple[Family, ...]) -> list[str]:
    return [family.citation for family in families if family.citation]


def _forbidden(term: TermEntry) -> Iterator[tuple[str, str]]:
    return ((each.family.citation, each.note) for each in term.forbidden if each.family.citation)


_COLUMNS: Final[Mapping[str, Callable[[TermEntry], str]]] = {
    "id": lambda term: term.id,
    "kind": lambda term: term.kind,
    "part of speech": lambda term: term.part_of_speech,
    "english": lambda term: _citations(term.english)[0],
    "other english": lambda term: "; ".join(_citations(term.english)[1:]),
    "translation": lambda term: "; ".join(_citations(term.accepted)[:1]),
    "other translations": lambda term: "; ".join(_citations(term.accepted)[1:]),
    "forbidden": lambda term: "; ".join(words for words, _note in _forbidden(term)),
    "definition": lambda term: term.definition,
    "note": lambda term: term.note,
}
"""The columns of the spreadsheet."""
