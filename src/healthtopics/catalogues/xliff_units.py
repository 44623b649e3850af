"""What both versions of XLIFF share: what leaves, what comes back, and how XML is written. No file system."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

import polib
from lxml import etree

from healthtopics.catalogues.xliff_codes import Code, Codes, Content, plain_source, text_content
from healthtopics.language import LanguageTag

SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
US: Final = "healthtopics"
"""Marks our notes."""
ADVICE: Final = (
    "Health information for the public. Keep every code around the words that it belongs to. "
    "Set the state to “translated” when a translation is finished; what needs review is not published."
)
_OURS = re.compile(
    r"(?:origin|confirmed|lint-ignore|dismissed|reviewed|translated|former English|former translation):.*"
)
"""Lines of a translator comment that are for programs, or that the unit says in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One catalogue to export."""

    path: str
    """Relative to the workspace; on return it shows where the translations belong."""
    language: LanguageTag
    file: polib.POFile


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
    """In the words of XLIFF 1.2; empty if the tool wrote none."""
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


class Shape(NamedTuple):
    """How one version of XLIFF is written and read."""

    namespace: str
    versions: frozenset[str]
    """The values of `version` that are read."""
    new_document: Callable[[LanguageTag], etree._Element]
    add_file: Callable[[etree._Element, Outgoing], etree._Element]
    """Adds a catalogue and returns where its units belong."""
    add_unit: Callable[[etree._Element, polib.POEntry, Codes, Content], None]
    """Adds a message; the content, unless it is empty, is in place of a missing translation."""
    structure: frozenset[str]
    """Elements whose children are each on a separate line."""
    read: Callable[[etree._Element], Iterator[Returned]]


def add_element(
    parent: etree._Element, name: str, text: str | None = None, /, **attributes: str
) -> etree._Element:
    """Add an element; `_` in the name of an attribute is a hyphen."""
    node = etree.SubElement(parent, name, {key.replace("_", "-"): each for key, each in attributes.items()})
    node.text = text
    return node


def notes_for(entry: polib.POEntry, codes: Codes) -> Iterator[str]:
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


def indent(node: etree._Element, structure: frozenset[str], depth: int = 0) -> None:
    """Put each element of the structure on a separate line; texts are left as they are."""
    if node.tag not in structure or not len(node):
        return
    node.text = "\n" + "  " * (depth + 1)
    for child in node:
        indent(child, structure, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    node[-1].tail = "\n" + "  " * depth


def line_of(node: etree._Element) -> int:
    """Return the line of an element, from 1."""
    return cast("int | None", node.sourceline) or 1


def joined(parts: Iterable[Code | str]) -> Content:
    """Return parts as a content, in which strings are never adjacent."""
    found: list[Code | str] = []
    for part in parts:
        if found and isinstance(part, str) and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)


def read_content(
    node: etree._Element | None, read_code: Callable[[etree._Element], str | None], foreign: list[str]
) -> Content:
    """Return the content of a source or a target, ignoring the marks that tools insert.

    `read_code` returns the id of an element that is a code, None for any other one, whose name is
    added to `foreign`.
    """
    if node is None:
        return ()
    parts: list[Code | str] = [*text_content(node.text)]
    for child in node:
        below = read_content(child, read_code, foreign)
        id_, name = read_code(child), etree.QName(child).localname
        if id_ is not None:
            parts.append(Code(id_, below))
        elif name == "mrk":
            parts += below
        else:
            foreign.append(name)
        parts += text_content(child.tail)
    return joined(parts)
