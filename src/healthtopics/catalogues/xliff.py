"""Catalogues as XLIFF 1.2, for agencies: what is sent, and what comes back.

No file system, no clock. Tags travel as codes that a translation tool shows but cannot edit (`xliff_codes`);
`xliff_merging` merges what comes back into its catalogue. The state of the catalogue at the time of the
export is included as a digest (`extradata`).
Specification: http://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import polib
from lxml import etree

from healthtopics import markup
from healthtopics.catalogues.former import former_in
from healthtopics.catalogues.xliff_codes import (
    Code,
    Codes,
    Content,
    broken_source,
    plain_source,
    rule_of,
    text_content,
    unit_id,
    words_in,
)
from healthtopics.errors import ImportDataError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.markup.xml import hardened_parser
from healthtopics.problems import Problem

NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:1.2"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

_US: Final = "healthtopics"
"""The author of our notes."""
_CTYPES = {"a": "link", "em": "italic", "strong": "bold"}
_STRUCTURE = {"xliff", "file", "header", "body", "trans-unit", "context-group"}
_ADVICE = (
    "Health information for the public. Keep every code around the words that it belongs to. "
    "Set the state to “translated” when a translation is finished; what needs review is not published."
)
_OURS = re.compile(
    r"(?:origin|confirmed|lint-ignore|reviewed|translated|former English|former translation):.*"
)
"""Lines of a translator comment that are for programs, or that the unit says in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One catalogue to export."""

    path: str
    """Relative to the workspace; on return it shows where the translations belong."""
    language: LanguageTag
    file: polib.POFile


@dataclass(frozen=True, slots=True)
class ExportedXliff:
    """A file for an agency."""

    data: bytes
    units: int
    words: int
    """The number of English words, as agencies count; a number is a word."""
    problems: tuple[Problem, ...]
    """Messages that were left out."""


def serialize(
    sheets: Sequence[Outgoing], *, only_todo: bool = False, is_filled: bool = False
) -> ExportedXliff:
    """Write catalogues as one XLIFF document, one `file` each, in their order; equal input gives equal bytes.

    With `is_filled`, the English is in place of a missing translation, with the state `needs-translation`.
    With `only_todo`, only missing and fuzzy messages, without names that may stay as they are. Obsolete
    messages and plural forms are left out.
    """
    root = etree.Element(
        "xliff",
        {"version": "1.2"},
        {None: NAMESPACE},  # type: ignore[dict-item]  # the stubs know no default namespace
    )
    units = words = 0
    problems: list[Problem] = []
    for sheet in sheets:
        body = _add_file(root, sheet)
        for entry in sheet.file:
            is_wanted = not only_todo or _is_to_do(entry)
            if entry.obsolete or entry.msgid_plural or not is_wanted:
                continue
            try:
                codes = Codes(entry)
            except markup.MarkupError as error:
                problems.append(broken_source(sheet.path, entry, error))
                continue
            _add_unit(body, entry, codes, is_filled=is_filled)
            units += 1
            words += len(words_in(codes.source).split())
    _indent(root)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
    return ExportedXliff(data, units, words, tuple(problems))


def _is_to_do(entry: polib.POEntry) -> bool:
    return (entry.fuzzy or not entry.msgstr) and not rule_of(entry).is_optional


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    node = etree.SubElement(parent, name, {key.replace("_", "-"): each for key, each in attributes.items()})
    node.text = text
    return node


def _add_file(root: etree._Element, sheet: Outgoing) -> etree._Element:
    node = _add(root, "file", original=sheet.path, source_language=SOURCE)
    node.set("target-language", sheet.language)
    node.set("datatype", "po")
    _add(_add(node, "header"), "note", _ADVICE)
    return _add(node, "body")


def _add_unit(body: etree._Element, entry: polib.POEntry, codes: Codes, *, is_filled: bool) -> None:
    unit = _add(body, "trans-unit", id=unit_id(entry), resname=entry.msgctxt or "message")
    rule = codes.rule
    if rule.limit is not None and not rule.markup and not rule.is_list:
        unit.set("maxwidth", str(rule.limit))
        unit.set("size-unit", "char")
    unit.set("extradata", codes.digest)
    unit.set(_SPACE, "preserve")
    _fill(_add(unit, "source"), codes.source, codes)
    if codes.target and not codes.is_broken:
        state = "needs-review-translation" if codes.is_fuzzy else "translated"
        _fill(_add(unit, "target", state=state), codes.target, codes)
    elif is_filled:
        target = _add(unit, "target")
        target.set("state", "needs-translation")
        _fill(target, codes.source, codes)
    if entry.occurrences:
        group = _add(unit, "context-group", purpose="location")
        for place, _ in entry.occurrences:
            _add(group, "context", place, context_type="sourcefile")
    for note in _notes(entry, codes):
        _add(unit, "note", note).set("from", _US)
    former = former_in(entry.tcomment)
    if former is not None and not codes.target:
        # Without `match-quality`: no tool takes it for a translation of this English.
        alternative = _add(unit, "alt-trans", alttranstype="previous-version")
        for name, text in zip(("source", "target"), former, strict=True):
            _add(alternative, name, plain_source(rule, text))


def _notes(entry: polib.POEntry, codes: Codes) -> Iterator[str]:
    """Yield notes for the translator of a message."""
    yield from filter(None, entry.comment.split("\n"))
    for id_, tag in codes.tags.items():
        for name, value in tag.attributes:
            yield f"Code {id_}: {name} {value}"
    own = [line for line in entry.tcomment.split("\n") if line and not _OURS.fullmatch(line)]
    if own:
        yield "\n".join(own)
    if entry.fuzzy and entry.previous_msgid:
        yield f"The translation was made for: {plain_source(codes.rule, entry.previous_msgid)}"
    if codes.is_broken:
        yield f"A former translation, with broken tags: {entry.msgstr}"


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


def _indent(node: etree._Element, depth: int = 0) -> None:
    """Put each element of the structure on a separate line; texts are left as they are."""
    if node.tag not in _STRUCTURE or not len(node):
        return
    node.text = "\n" + "  " * (depth + 1)
    for child in node:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    node[-1].tail = "\n" + "  " * depth


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One returned translation."""

    id: str
    line: int
    role: str
    """Its msgctxt, as far as the tool has kept it."""
    source: Content
    target: Content
    """Empty if there is none."""
    state: str
    """As the tool wrote it; empty if it wrote none."""
    exported: str
    """The digest of the translation that was exported; empty if the tool has lost it."""
    foreign: tuple[str, ...]
    """The names of foreign elements in its target."""
    notes: tuple[str, ...] = ()
    """Notes that are not ours, each on one line, with the name of their author if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One returned catalogue."""

    original: str
    """The path of the catalogue according to the file; not checked yet."""
    source_language: str
    target_language: str
    line: int
    units: tuple[Unit, ...]


def parse(data: bytes, path: str) -> tuple[Returned, ...]:
    """Read what an agency returns; `path` is only quoted in problems. The translations are not checked yet.

    Raises ImportDataError if it is not XLIFF 1.2, or not safe to read.
    """
    try:
        root = etree.fromstring(data, hardened_parser(keeps_comments=False))
    except etree.XMLSyntaxError as error:
        reason = re.sub(r", line [0-9]+, column [0-9]+.*", "", error.msg or "it is empty")
        raise _refuse(
            "xliff-xml",
            path,
            f"the file is not well-formed XML: {reason}.",
            "Ask for it again; save it in the translation tool, not in a text editor.",
            line=error.lineno or 1,
            column=error.offset or None,
        ) from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise _refuse(
            "xliff-doctype",
            path,
            "the file declares a document type, which could hide text or read other files.",
            "XLIFF needs none: delete the <!DOCTYPE …> line.",
        )
    name = etree.QName(root)
    if name.localname != "xliff":
        raise _refuse(
            "xliff-version", path, f"this is <{name.localname}>, not XLIFF.", "Export XLIFF from the tool."
        )
    if name.namespace != NAMESPACE or root.get("version") != "1.2":
        raise _refuse(
            "xliff-version",
            path,
            f"this is XLIFF {root.get('version') or 'of an unknown version'}, not 1.2.",
            "Let the tool save the file in the form in which it came, or export XLIFF 1.2.",
            line=_line(root),
        )
    return tuple(_read_file(node) for node in root.iter(_q("file")))


def _refuse(
    check: str, path: str, message: str, hint: str, line: int = 1, column: int | None = None
) -> ImportDataError:
    return ImportDataError(
        [Problem(check=check, path=path, line=line, column=column, message=message, hint=hint)]
    )


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _line(node: etree._Element) -> int:
    return cast("int | None", node.sourceline) or 1


def _read_file(node: etree._Element) -> Returned:
    return Returned(
        original=str(node.get("original", "")),
        source_language=str(node.get("source-language", "")),
        target_language=str(node.get("target-language", "")),
        line=_line(node),
        units=tuple(_read_unit(each) for each in node.iter(_q("trans-unit"))),
    )


def _read_unit(node: etree._Element) -> Unit:
    source, target = node.find(_q("source")), node.find(_q("target"))
    foreign: list[str] = []
    return Unit(
        id=str(node.get("id", "")),
        line=_line(node),
        role=str(node.get("resname", "")),
        source=_read_content(source, []),
        target=_read_content(target, foreign),
        state="" if target is None else str(target.get("state", "")),
        exported=str(node.get("extradata", "")),
        foreign=tuple(foreign),
        notes=tuple(_read_notes(node)),
    )


def _read_notes(node: etree._Element) -> Iterator[str]:
    for note in node.iterchildren(_q("note")):
        author = " ".join(str(note.get("from", "")).split())
        text = " ".join("".join(map(str, note.itertext())).split())
        if text and author != _US:
            yield f"{author}: {text}" if author else text


def _read_content(node: etree._Element | None, foreign: list[str]) -> Content:
    """Return the content of a source or a target, ignoring the marks of segments that tools insert."""
    parts: list[Code | str] = []

    def add(more: Iterable[Code | str]) -> None:
        for part in more:
            if parts and isinstance(part, str) and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)

    if node is None:
        return ()
    add(text_content(node.text))
    for child in node:
        below = _read_content(child, foreign)
        if child.tag == _q("g"):
            add([Code(str(child.get("id", "")), below)])
        elif child.tag == _q("mrk"):
            add(below)
        else:
            foreign.append(etree.QName(child).localname)
        add(text_content(child.tail))
    return tuple(parts)
