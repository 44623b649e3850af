"""XLIFF 1.2: how a catalogue is written, and read. The digest of what is exported is `extradata`.

Specification: http://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html
"""

from collections.abc import Iterator
from typing import Final

import polib
from lxml import etree

from healthtopics.catalogues.former import former_in
from healthtopics.catalogues.xliff_codes import Code, Codes, Content, plain_source, unit_id
from healthtopics.catalogues.xliff_units import (
    ADVICE,
    SPACE,
    US,
    Outgoing,
    Returned,
    Shape,
    Unit,
    add_element,
    line_of,
    notes_for,
    read_content,
)
from healthtopics.language import SOURCE, LanguageTag

NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:1.2"
_CTYPES: Final = {"a": "link", "em": "italic", "strong": "bold"}


def _new_document(_language: LanguageTag) -> etree._Element:
    return etree.Element(
        "xliff",
        {"version": "1.2"},
        {None: NAMESPACE},  # type: ignore[dict-item]  # the stubs know no default namespace
    )


def _add_file(root: etree._Element, sheet: Outgoing) -> etree._Element:
    node = add_element(root, "file", original=sheet.path, source_language=SOURCE)
    node.set("target-language", sheet.language)
    node.set("datatype", "po")
    add_element(add_element(node, "header"), "note", ADVICE)
    return add_element(node, "body")


def _add_unit(body: etree._Element, entry: polib.POEntry, codes: Codes, filler: Content) -> None:
    unit = add_element(body, "trans-unit", id=unit_id(entry), resname=entry.msgctxt or "message")
    rule = codes.rule
    if rule.limit is not None and not rule.markup and not rule.is_list:
        unit.set("maxwidth", str(rule.limit))
        unit.set("size-unit", "char")
    unit.set("extradata", codes.digest)
    unit.set(SPACE, "preserve")
    _fill(add_element(unit, "source"), codes.source, codes)
    if codes.target and not codes.is_broken:
        state = "needs-review-translation" if codes.is_fuzzy else "translated"
        _fill(add_element(unit, "target", state=state), codes.target, codes)
    elif filler:
        target = add_element(unit, "target")
        target.set("state", "needs-translation")
        _fill(target, filler, codes)
    if entry.occurrences:
        group = add_element(unit, "context-group", purpose="location")
        for place, _ in entry.occurrences:
            add_element(group, "context", place, context_type="sourcefile")
    for note in notes_for(entry, codes):
        add_element(unit, "note", note).set("from", US)
    former = former_in(entry.tcomment)
    if former is not None and not codes.target:
        # Without `match-quality`: no tool takes it for a translation of this English.
        alternative = add_element(unit, "alt-trans", alttranstype="previous-version")
        for name, text in zip(("source", "target"), former, strict=True):
            add_element(alternative, name, plain_source(rule, text))


def _fill(node: etree._Element, content: Content, codes: Codes) -> None:
    last: etree._Element | None = None
    for part in content:
        if isinstance(part, Code):
            name = codes.tags[part.id].name
            last = etree.SubElement(node, "g", {"id": part.id, "ctype": _CTYPES.get(name, f"x-html-{name}")})
            _fill(last, part.children, codes)
        elif last is None:
            node.text = part
        else:
            last.tail = part


def _read(root: etree._Element) -> Iterator[Returned]:
    for node in root.iter(_q("file")):
        yield _read_file(node)


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _read_file(node: etree._Element) -> Returned:
    return Returned(
        original=str(node.get("original", "")),
        source_language=str(node.get("source-language", "")),
        target_language=str(node.get("target-language", "")),
        line=line_of(node),
        units=tuple(_read_unit(each) for each in node.iter(_q("trans-unit"))),
    )


def _read_unit(node: etree._Element) -> Unit:
    source, target = node.find(_q("source")), node.find(_q("target"))
    foreign: list[str] = []
    return Unit(
        id=str(node.get("id", "")),
        line=line_of(node),
        role=str(node.get("resname", "")),
        source=read_content(source, _read_code, []),
        target=read_content(target, _read_code, foreign),
        state="" if target is None else str(target.get("state", "")),
        exported=str(node.get("extradata", "")),
        foreign=tuple(foreign),
        notes=tuple(_read_notes(node)),
    )


def _read_notes(node: etree._Element) -> Iterator[str]:
    for note in node.iterchildren(_q("note")):
        author = " ".join(str(note.get("from", "")).split())
        text = " ".join("".join(map(str, note.itertext())).split())
        if text and author != US:
            yield f"{author}: {text}" if author else text


def _read_code(node: etree._Element) -> str | None:
    return str(node.get("id", "")) if node.tag == _q("g") else None


SHAPE: Final = Shape(
    namespace=NAMESPACE,
    versions=frozenset({"1.2"}),
    new_document=_new_document,
    add_file=_add_file,
    add_unit=_add_unit,
    structure=frozenset({"xliff", "file", "header", "body", "trans-unit", "context-group"}),
    read=_read,
)
