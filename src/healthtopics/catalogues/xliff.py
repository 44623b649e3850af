"""Catalogues as XLIFF, for agencies: what is sent, and what comes back.

No file system, no clock. Tags travel as codes that a translation tool shows but cannot edit (`xliff_codes`);
`xliff_merging` merges what comes back into its catalogue. The state of the catalogue at the time of the
export is included as a digest. `xliff_1` and `xliff_2` know what the versions look like.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import polib
from lxml import etree

from healthtopics import markup
from healthtopics.catalogues import xliff_1, xliff_2
from healthtopics.catalogues.xliff_codes import Codes, broken_source, rule_of, words_in
from healthtopics.catalogues.xliff_units import Outgoing, Returned, indent, line_of
from healthtopics.errors import ImportDataError
from healthtopics.language import SOURCE
from healthtopics.markup.xml import hardened_parser
from healthtopics.problems import Problem


class XliffVersion(StrEnum):
    """The versions that are written."""

    ONE = "xliff-1"
    TWO = "xliff-2"


_SHAPES: Final = {XliffVersion.ONE: xliff_1.SHAPE, XliffVersion.TWO: xliff_2.SHAPE}


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
    sheets: Sequence[Outgoing],
    *,
    only_todo: bool = False,
    is_filled: bool = False,
    version: XliffVersion = XliffVersion.ONE,
) -> ExportedXliff:
    """Write catalogues of one language as one XLIFF document; equal input gives equal bytes.

    Each catalogue that has something to send is a `file`, in their order.
    With `is_filled`, the English is in place of a missing translation, with the state `needs-translation`.
    With `only_todo`, only missing and fuzzy messages, without names that may stay as they are. Obsolete
    messages and plural forms are left out.
    """
    shape = _SHAPES[version]
    root = shape.new_document(sheets[0].language if sheets else SOURCE)
    units = words = 0
    problems: list[Problem] = []
    for sheet in sheets:
        body = None  # a file of XLIFF 2 has at least one unit
        for entry in sheet.file:
            is_wanted = not only_todo or _is_to_do(entry)
            if entry.obsolete or entry.msgid_plural or not is_wanted:
                continue
            try:
                codes = Codes(entry)
            except markup.MarkupError as error:
                problems.append(broken_source(sheet.path, entry, error))
                continue
            body = shape.add_file(root, sheet) if body is None else body
            shape.add_unit(body, entry, codes, codes.source if is_filled else ())
            units += 1
            words += len(words_in(codes.source).split())
    indent(root, shape.structure)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
    return ExportedXliff(data, units, words, tuple(problems))


def _is_to_do(entry: polib.POEntry) -> bool:
    return (entry.fuzzy or not entry.msgstr) and not rule_of(entry).is_optional


def parse(data: bytes, path: str) -> tuple[Returned, ...]:
    """Read what an agency returns; `path` is only quoted in problems. The translations are not checked yet.

    Raises ImportDataError if it is not XLIFF 1.2, 2.0 or 2.1, or not safe to read.
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
        hint = "Export XLIFF from the tool."
        if name.localname == "tmx":
            hint = (
                f"A translation memory becomes suggestions: `healthtopics catalogue update --memory {path}`."
            )
        raise _refuse("xliff-version", path, f"this is <{name.localname}>, not XLIFF.", hint)
    version = str(root.get("version") or "")
    shape = next((each for each in _SHAPES.values() if each.namespace == name.namespace), None)
    if shape is None or version not in shape.versions:
        raise _refuse(
            "xliff-version",
            path,
            f"this is XLIFF {version or 'of an unknown version'}, not 1.2, 2.0 or 2.1.",
            "Let the tool save the file in the form in which it came, or export one of these versions.",
            line=line_of(root),
        )
    return tuple(shape.read(root))


def _refuse(
    check: str, path: str, message: str, hint: str, line: int = 1, column: int | None = None
) -> ImportDataError:
    return ImportDataError(
        [Problem(check=check, path=path, line=line, column=column, message=message, hint=hint)]
    )
