"""XLIFF 2.1: how a catalogue is written, and read; 2.0 is read as well.

Each message is a unit of one segment that tools must not split (`canResegment`). What the codes stand for is
in its `originalData`, the digest of what is exported in an attribute of ours.
Specification: http://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html
"""

from collections.abc import Iterator, Sequence
from typing import Final

import polib
from lxml import etree

from healthtopics import markup
from healthtopics.catalogues.former import former_in
from healthtopics.catalogues.xliff_codes import Code, Codes, Content, plain_source, unit_id, words_in
from healthtopics.catalogues.xliff_units import (
    ADVICE,
    SPACE,
    US,
    Outgoing,
    Returned,
    Shape,
    Unit,
    add_element,
    joined,
    line_of,
    notes_for,
    read_content,
)
from healthtopics.language import SOURCE, LanguageTag

NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:2.0"
"""Of both versions."""
_EXPORTED: Final = "{urn:healthtopics:xliff}exported"
_TYPES: Final = {"a": ("link", ""), "em": ("fmt", "xlf:i"), "strong": ("fmt", "xlf:b")}
_STATES: Final = {
    "initial": "needs-translation",
    "translated": "translated",
    "reviewed": "signed-off",
    "final": "final",
}
"""The states in the words of XLIFF 1.2, the least finished one first."""


def _new_document(language: LanguageTag) -> etree._Element:
    return etree.Element(
        "xliff",
        {"version": "2.1", "srcLang": SOURCE, "trgLang": language},
        {None: NAMESPACE, "ht": "urn:healthtopics:xliff"},  # type: ignore[dict-item]  # the stubs know no default namespace
    )


def _add_file(root: etree._Element, sheet: Outgoing) -> etree._Element:
    node = add_element(root, "file", id=f"f{len(root) + 1}", original=sheet.path, canResegment="no")
    _add_notes(node, [(US, ADVICE)])
    return node


def _add_unit(file: etree._Element, entry: polib.POEntry, codes: Codes, filler: Content) -> None:
    unit = add_element(file, "unit", id=unit_id(entry), name=entry.msgctxt or "message")
    unit.set(_EXPORTED, codes.digest)
    unit.set(SPACE, "preserve")
    notes = [(f"{US}-place", place) for place, _ in entry.occurrences]
    notes += [(US, note) for note in notes_for(entry, codes)]
    former = former_in(entry.tcomment)
    if former is not None and not codes.target:
        for name, text in zip(("English", "translation"), former, strict=True):
            notes.append((US, f"Former {name}: {plain_source(codes.rule, text)}"))
    _add_notes(unit, notes)
    if codes.tags:
        data = add_element(unit, "originalData")
        for id_, tag in codes.tags.items():
            attributes = "".join(f' {name}="{markup.escape(value)}"' for name, value in tag.attributes)
            add_element(data, "data", f"<{tag.name}{attributes}>", id=f"s{id_}")
            add_element(data, "data", f"</{tag.name}>", id=f"e{id_}")
    segment = add_element(unit, "segment")
    _fill(add_element(segment, "source"), codes.source, codes)
    if codes.target and not codes.is_broken:
        segment.set("state", "initial" if codes.is_fuzzy else "translated")
        _fill(add_element(segment, "target"), codes.target, codes)
    elif filler:
        segment.set("state", "initial")
        _fill(add_element(segment, "target"), filler, codes)


def _add_notes(parent: etree._Element, notes: Sequence[tuple[str, str]]) -> None:
    if notes:
        node = add_element(parent, "notes")
        for category, text in notes:
            add_element(node, "note", text, category=category)


def _fill(node: etree._Element, content: Content, codes: Codes) -> None:
    last: etree._Element | None = None
    for part in content:
        if isinstance(part, Code):
            last = add_element(node, "pc", id=part.id, dataRefStart=f"s{part.id}", dataRefEnd=f"e{part.id}")
            kind, detail = _TYPES.get(codes.tags[part.id].name, ("", ""))
            for name, value in (("type", kind), ("subType", detail)):
                if value:
                    last.set(name, value)
            _fill(last, part.children, codes)
        elif last is None:
            node.text = part
        else:
            last.tail = part


def _read(root: etree._Element) -> Iterator[Returned]:
    for node in root.iter(_q("file")):
        yield Returned(
            original=str(node.get("original", "")),
            source_language=str(root.get("srcLang", "")),
            target_language=str(root.get("trgLang", "")),
            line=line_of(node),
            units=tuple(_read_unit(each) for each in node.iter(_q("unit"))),
        )


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _read_unit(node: etree._Element) -> Unit:
    """Read a unit; if a tool has split it nevertheless, its segments are joined again."""
    foreign: list[str] = []
    source: list[Code | str] = []
    targets: list[tuple[int, Content]] = []
    states: list[str] = []
    is_whole = True
    for place, part in enumerate(node.iterchildren(_q("segment"), _q("ignorable")), 1):
        english, target = part.find(_q("source")), part.find(_q("target"))
        content = read_content(english, _read_code, [])
        source += content
        if target is not None:
            order = str(target.get("order", ""))
            number = int(order) if order.isdecimal() else place
            targets.append((number, read_content(target, _read_code, foreign)))
        else:
            is_whole = is_whole and part.tag == _q("ignorable") and markup.is_blank(words_in(content))
            targets.append((place, content))
        if part.tag == _q("segment"):
            states.append(_STATES.get(str(part.get("state", "")), ""))
    parts = [part for _order, content in sorted(targets, key=lambda each: each[0]) for part in content]
    return Unit(
        id=str(node.get("id", "")),
        line=line_of(node),
        role=str(node.get("name", "")),
        source=joined(source),
        target=joined(parts) if is_whole else (),
        state=min(states, key=["", *_STATES.values()].index, default=""),
        exported=str(node.get(_EXPORTED, "")),
        foreign=tuple(foreign),
        notes=tuple(_read_notes(node)),
    )


def _read_notes(unit: etree._Element) -> Iterator[str]:
    for note in unit.iterfind(f"{_q('notes')}/{_q('note')}"):
        text = " ".join("".join(map(str, note.itertext())).split())
        if text and not str(note.get("category", "")).startswith(US):
            yield text


def _read_code(node: etree._Element) -> str | None:
    return str(node.get("copyOf") or node.get("id", "")) if node.tag == _q("pc") else None


SHAPE: Final = Shape(
    namespace=NAMESPACE,
    versions=frozenset({"2.0", "2.1"}),
    new_document=_new_document,
    add_file=_add_file,
    add_unit=_add_unit,
    structure=frozenset({"xliff", "file", "notes", "unit", "originalData", "segment"}),
    read=_read,
)
