"""Catalogues as XLIFF 1.2, for agencies: bytes ↔ values, and how what comes back joins a catalogue.

No file system, no clock. Tags travel as codes, `<g id="1">`, that a translation tool shows but cannot edit:
what a code stands for is looked up in the catalogue again, so no tool can break a tag or an address.
A unit's id is made from its message, so a unit whose English has changed since is a stranger, and is
refused. What the catalogue said at the time of the export goes along as a digest (`extradata`): where both
sides have changed a translation, the catalogue's stays.
Specification: http://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Final, TypeAlias, cast

import polib
from lxml import etree

from healthtopics import jsontext, markup
from healthtopics.catalogues import po
from healthtopics.catalogues.suggestions import without_notes
from healthtopics.errors import ImportDataError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.markup.inline import read_xml
from healthtopics.markup.xml import hardened_parser
from healthtopics.problems import Level, Problem
from healthtopics.reading.difference import PartKind, mark_up, word_difference
from healthtopics.reading.dismissal import without_dismissals
from healthtopics.schema import MessageRule, packaged_plan, rules_of

NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:1.2"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

# ── codes ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Code:
    """A pair of tags, seen by a translation tool as one thing with a number."""

    id: str
    children: "Content"


Content: TypeAlias = tuple["Code | str", ...]
"""What a source or a target holds. Equal texts have equal contents: two strings never stand side by side."""


@dataclass(frozen=True, slots=True)
class _Tag:
    """What a code stands for."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()


_CTYPES = {"a": "link", "em": "italic", "strong": "bold"}
_PLAIN = MessageRule(role="", comment="")


@cache
def _rules() -> Mapping[str, MessageRule]:
    """Return what the packaged schemas say of each role; the others are plain text."""
    return rules_of(*(packaged_plan(f"{name}.schema.json") for name in ("topic", "vocabulary")))


def _rule_of(entry: polib.POEntry) -> MessageRule:
    return _rules().get(po.key_of_entry(entry).role, _PLAIN)


def _read(rule: MessageRule, text: str) -> etree._Element | None:
    """Return the text as a tree, None where it is plain; raises MarkupError."""
    if not rule.markup:
        return None
    if rule.markup == "inline":
        markup.parse(text)
    elif rule.unit == "topic":
        markup.parse_sections(text)
    else:
        markup.parse_body(text)
    return read_xml(text)


class _Codes:
    """The texts of one message with codes in the place of tags.

    The codes of the English are numbered in its order. A tag of the translation is the code of the English
    tag that it repeats, else of the next one of that name; one that has no counterpart is `x1`, `x2` ….
    Raises MarkupError where the English is not in our markup.
    """

    def __init__(self, entry: polib.POEntry) -> None:
        self.rule = _rule_of(entry)
        self.tags: dict[str, _Tag] = {}
        """By the id of the code: as in the translation where it has the tag, else as in the English."""
        tree = _read(self.rule, entry.msgid)
        ids: dict[etree._Element, str] = {}
        for number, node in enumerate(_elements(tree), 1):
            ids[node] = str(number)
            self.tags[str(number)] = _tag(node)
        self.source = _content(tree, ids) if tree is not None else _text(entry.msgid)
        self.names = {id_: tag.name for id_, tag in self.tags.items()}
        """Of the English alone."""
        self.is_broken = False
        """Whether the catalogue's translation is not in our markup, so that it cannot travel."""
        try:
            tree = _read(self.rule, entry.msgstr) if entry.msgstr else None
        except markup.MarkupError:
            self.is_broken = True
            tree = None
        self.target = _content(tree, self._number(tree)) if tree is not None else _text(entry.msgstr)
        """The catalogue's translation, as it is where it is broken."""
        self.is_fuzzy = bool(entry.fuzzy and entry.msgstr)

    @property
    def digest(self) -> str:
        """Tells whether the catalogue's translation is still the one that was exported."""
        return _digest(self.target, is_fuzzy=self.is_fuzzy)

    def _number(self, tree: etree._Element) -> dict[etree._Element, str]:
        nodes = {node: _tag(node) for node in _elements(tree)}
        free = dict(self.tags)
        ids: dict[etree._Element, str] = {}

        def give(node: etree._Element, matching: Iterable[str]) -> None:
            id_ = next(iter(matching), None)
            if id_ is not None:
                ids[node] = id_
                del free[id_]

        for node, tag in nodes.items():
            give(node, [id_ for id_, each in free.items() if each == tag])
        for node, tag in nodes.items():
            if node not in ids:
                give(node, [id_ for id_, each in free.items() if each.name == tag.name])
        strangers = [node for node in nodes if node not in ids]
        ids |= {node: f"x{number}" for number, node in enumerate(strangers, 1)}
        self.tags |= {id_: nodes[node] for node, id_ in ids.items()}
        return ids

    def write(self, content: Content) -> str:
        """Return the text of a catalogue for a content whose codes are all known."""
        if not self.rule.markup:
            return "".join(part for part in content if isinstance(part, str))
        return "".join(self._write(content))

    def _write(self, content: Content) -> Iterator[str]:
        for part in content:
            if isinstance(part, str):
                # As markup.Inline does it: quotation marks need no escape in a text.
                yield markup.Inline((part,)).serialize()
                continue
            tag = self.tags[part.id]
            attributes = "".join(f' {name}="{markup.escape(value)}"' for name, value in tag.attributes)
            yield f"<{tag.name}{attributes}>"
            yield from self._write(part.children)
            yield f"</{tag.name}>"

    def faults(self, content: Content) -> Iterator[str]:
        """Tell what is wrong with the codes of a translation, in words."""
        found = Counter(_ids(content))
        for id_ in found:
            if id_ not in self.tags:
                yield f"the code {id_} is not in the English text"
        if self.rule.markup == "block":  # its translation may be in other blocks
            return
        for id_, name in self.names.items():
            if not found[id_]:
                yield f"the code {id_} (<{name}>) is missing"
        for id_, times in found.items():
            if times > 1:
                yield f"the code {id_} stands there {times} times"

    def faults_of_text(self, text: str) -> Iterator[str]:
        """Tell what makes a text, written from a content, unfit for the catalogue."""
        try:
            _read(self.rule, text)
        except markup.MarkupError as error:
            yield from (fault.message.rstrip(".") for fault in error.faults)


def _elements(tree: etree._Element | None) -> list[etree._Element]:
    return [] if tree is None else [node for node in tree.iter() if node is not tree]


def _tag(node: etree._Element) -> _Tag:
    return _Tag(str(node.tag), tuple((str(name), str(value)) for name, value in node.attrib.items()))


def _text(text: str | None) -> Content:
    return (text,) if text else ()


def _content(node: etree._Element, ids: Mapping[etree._Element, str]) -> Content:
    parts: list[Code | str] = [*_text(node.text)]
    for child in node:
        parts += [Code(ids[child], _content(child, ids)), *_text(child.tail)]
    return tuple(parts)


def _ids(content: Content) -> Iterator[str]:
    for part in content:
        if isinstance(part, Code):
            yield part.id
            yield from _ids(part.children)


def _words(content: Content) -> str:
    """Return a content without its codes."""
    return "".join(part if isinstance(part, str) else _words(part.children) for part in content)


def _digest(content: Content, *, is_fuzzy: bool) -> str:
    """Return what tells two translations apart: 16 hex digits."""

    def plain(parts: Content) -> list[object]:
        return [part if isinstance(part, str) else [part.id, plain(part.children)] for part in parts]

    return jsontext.digest(jsontext.canonical([plain(content), is_fuzzy]))[:16]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────

_STRUCTURE = {"xliff", "file", "header", "body", "trans-unit", "context-group"}
_ADVICE = (
    "Health information for the public. Keep every code around the words that it belongs to. "
    "Set the state to “translated” when a translation is finished; what needs review is not published."
)
_OURS = re.compile(r"(?:origin|lint-ignore):.*")
"""Lines of a translator comment that speak to programs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One catalogue on its way out."""

    path: str
    """Relative to the workspace; it says on return where the translations belong."""
    language: LanguageTag
    file: polib.POFile


@dataclass(frozen=True, slots=True)
class Exported:
    """A file for an agency."""

    data: bytes
    units: int
    words: int
    """Of the English, what an agency counts; a number is a word."""
    problems: tuple[Problem, ...]
    """Messages that were left out."""


def serialize(sheets: Sequence[Sheet], *, only_todo: bool = False) -> Exported:
    """Write catalogues as one XLIFF document, a `file` each, in their order; the same gives the same bytes.

    With `only_todo`, only what is missing or fuzzy, without names that may stay as they are. Obsolete
    messages and plural forms stay at home.
    """
    # The stubs know no default namespace.
    root = etree.Element("xliff", {"version": "1.2"}, {None: NAMESPACE})  # type: ignore[dict-item]
    units = words = 0
    problems: list[Problem] = []
    for sheet in sheets:
        body = _add_file(root, sheet)
        for entry in sheet.file:
            is_wanted = not only_todo or _is_to_do(entry)
            if entry.obsolete or entry.msgid_plural or not is_wanted:
                continue
            try:
                codes = _Codes(entry)
            except markup.MarkupError as error:
                problems.append(_broken_source(sheet.path, entry, error))
                continue
            _add_unit(body, entry, codes)
            units += 1
            words += len(_words(codes.source).split())
    _indent(root)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
    return Exported(data, units, words, tuple(problems))


def _is_to_do(entry: polib.POEntry) -> bool:
    return (entry.fuzzy or not entry.msgstr) and not _rule_of(entry).is_optional


def _broken_source(path: str, entry: polib.POEntry, error: markup.MarkupError) -> Problem:
    return Problem(
        check="xliff-markup",
        path=path,
        line=entry.linenum,
        message=f"“{_shorten(entry.msgid)}” cannot be exchanged: {error}",
        hint="Mend the topic, then run `healthtopics catalogue update`.",
    )


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    node = etree.SubElement(parent, name, {key.replace("_", "-"): each for key, each in attributes.items()})
    node.text = text
    return node


def _add_file(root: etree._Element, sheet: Sheet) -> etree._Element:
    node = _add(root, "file", original=sheet.path, source_language=SOURCE)
    node.set("target-language", sheet.language)
    node.set("datatype", "po")
    _add(_add(node, "header"), "note", _ADVICE)
    return _add(node, "body")


def _add_unit(body: etree._Element, entry: polib.POEntry, codes: _Codes) -> None:
    unit = _add(body, "trans-unit", id=_unit_id(entry), resname=entry.msgctxt or "message")
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
    if entry.occurrences:
        group = _add(unit, "context-group", purpose="location")
        for place, _ in entry.occurrences:
            _add(group, "context", place, context_type="sourcefile")
    for comment in filter(None, entry.comment.split("\n")):
        _add(unit, "note", comment)
    for id_, tag in codes.tags.items():
        for name, value in tag.attributes:
            _add(unit, "note", f"Code {id_}: {name} {value}")
    own = [line for line in entry.tcomment.split("\n") if line and not _OURS.fullmatch(line)]
    if own:
        _add(unit, "note", "\n".join(own))
    if entry.fuzzy and entry.previous_msgid:
        _add(unit, "note", f"The translation was made for: {_plain(codes.rule, entry.previous_msgid)}")
    if codes.is_broken:
        _add(unit, "note", f"A former translation, with broken tags: {entry.msgstr}")
    for note in unit.iterfind("note"):
        note.set("from", "healthtopics")


def _plain(rule: MessageRule, text: str) -> str:
    try:
        tree = _read(rule, text)
    except markup.MarkupError:
        return text
    return text if tree is None else "".join(map(str, tree.itertext()))


def _fill(node: etree._Element, content: Content, codes: _Codes) -> None:
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
    """Put each element of the structure on a line of its own; texts are left as they are."""
    if node.tag not in _STRUCTURE or not len(node):
        return
    node.text = "\n" + "  " * (depth + 1)
    for child in node:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    node[-1].tail = "\n" + "  " * depth


def _unit_id(entry: polib.POEntry) -> str:
    return "m" + jsontext.digest(jsontext.canonical([entry.msgctxt or "", entry.msgid]))[:20]


def _difference(old: str, new: str) -> str:
    """Return what was changed, `[-old-]{+new+}`, with a few of the words around it."""
    parts = word_difference(old, new)
    last = len(parts) - 1
    return mark_up(
        [
            replace(part, text=_margin(part.text, is_first=not place, is_last=place == last))
            if part.kind is PartKind.SAME
            else part
            for place, part in enumerate(parts)
        ]
    )


def _margin(text: str, *, is_first: bool, is_last: bool) -> str:
    """Shorten what stands between two changes, or before the first one, or after the last one."""
    before, after = ("" if is_first else text[:25]), ("" if is_last else text[-25:])
    return text if len(text) <= 60 else f"{before}…{after}"


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:79] + "…"


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One translation as it came back."""

    id: str
    line: int
    role: str
    """Its msgctxt, as far as the tool has kept it."""
    source: Content
    target: Content
    """Empty where there is none."""
    state: str
    """As the tool wrote it; empty where it wrote none."""
    exported: str
    """The digest of the translation that was exported; empty where the tool has lost it."""
    foreign: tuple[str, ...]
    """The names of the elements in its target that are none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One catalogue as it came back."""

    original: str
    """The path of the catalogue, as the file says; nobody has looked yet whether there is one."""
    source_language: str
    target_language: str
    line: int
    units: tuple[Unit, ...]


def parse(data: bytes, path: str) -> tuple[Returned, ...]:
    """Read what an agency sends back; `path` is only quoted in problems. What it says is not yet judged.

    Raises ImportDataError where it is no XLIFF 1.2, or none that is safe to read.
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
    )


def _read_content(node: etree._Element | None, foreign: list[str]) -> Content:
    """Return what a source or a target holds; the marks of segments that tools insert are looked through."""
    parts: list[Code | str] = []

    def add(more: Iterable[Code | str]) -> None:
        for part in more:
            if parts and isinstance(part, str) and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)

    if node is None:
        return ()
    add(_text(node.text))
    for child in node:
        below = _read_content(child, foreign)
        if child.tag == _q("g"):
            add([Code(str(child.get("id", "")), below)])
        elif child.tag == _q("mrk"):
            add(below)
        else:
            foreign.append(etree.QName(child).localname)
        add(_text(child.tail))
    return tuple(parts)


# ── joining ──────────────────────────────────────────────────────────────────────────────────────────────

_FINISHED = frozenset({"translated", "final", "signed-off"})
"""States in which somebody says that the translation is right (XLIFF 1.2 §2.5 `state`)."""

_UNTOUCHED = frozenset({"new", "needs-translation"})
"""States in which a tool may put the English where the translation is to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A catalogue with what came back."""

    data: bytes
    """As it was, byte for byte, where nothing was taken."""
    taken: int
    unchanged: int
    """Units that say what the catalogue says, or what was exported."""
    untranslated: int
    """Units that came back as empty as they went."""
    problems: tuple[Problem, ...]
    """What was not taken and why."""


def check_languages(returned: Returned, language: LanguageTag, path: str) -> list[Problem]:
    """Return the problems of a file that is in other languages than its catalogue; a region may be added."""
    problems = []
    for name, found, wanted in (
        ("source", returned.source_language, SOURCE),
        ("target", returned.target_language, language),
    ):
        if f"{found.casefold()}-".startswith(f"{wanted.casefold()}-"):
            continue
        problems.append(
            Problem(
                check="xliff-language",
                path=path,
                line=returned.line,
                message=f"the {name} language is {found!r}, but {returned.original} is in {wanted!r}.",
                hint=f"Nothing of it is taken. If it is the right file, write {name}-language={wanted!r}.",
            )
        )
    return problems


def merge(data: bytes, returned: Returned, path: str, revised: datetime) -> Merged:
    """Take translations into the catalogue with these bytes; raises CatalogueError where it cannot be read.

    Comments, headers and obsolete messages stay. `revised` becomes the PO-Revision-Date where something was
    taken. `path` is that of the XLIFF file, for problems.
    """
    merger = _Merger(po.parse_whole(data, returned.original).file, returned.original, path)
    times = Counter(unit.id for unit in returned.units)
    for unit in returned.units:
        merger.take(unit, is_duplicate=times[unit.id] > 1)
    if merger.taken:
        merger.file.metadata["PO-Revision-Date"] = po.header_date(revised)
        data = po.serialize(merger.file)
    return Merged(
        data=data,
        taken=merger.taken,
        unchanged=merger.unchanged,
        untranslated=merger.untranslated,
        problems=tuple(merger.problems),
    )


class _Merger:
    def __init__(self, file: polib.POFile, catalogue: str, path: str) -> None:
        self.file = file
        self.catalogue = catalogue
        self.path = path
        self.entries = {
            _unit_id(entry): entry for entry in file if not entry.obsolete and not entry.msgid_plural
        }
        self.gone = {_unit_id(entry) for entry in file if entry.obsolete}
        self.taken = self.unchanged = self.untranslated = 0
        self.problems: list[Problem] = []

    def report(self, unit: Unit, check: str, message: str, hint: str, level: Level = Level.ERROR) -> None:
        self.problems.append(
            Problem(check=check, level=level, path=self.path, line=unit.line, message=message, hint=hint)
        )

    def take(self, unit: Unit, *, is_duplicate: bool) -> None:
        """Join one unit to its message, or report why not."""
        entry = self.entries.get(unit.id)
        if is_duplicate:
            message = f"the unit {unit.id} (“{_shorten(_words(unit.source))}”) comes more than once."
            self.report(unit, "xliff-duplicate", message, "None of them is taken. Keep the right one.")
        elif entry is None:
            self._report_stranger(unit)
        else:
            try:
                codes = _Codes(entry)
            except markup.MarkupError as error:
                self.problems.append(_broken_source(self.catalogue, entry, error))
                return
            if unit.source != codes.source:
                self._report_changed_source(unit, codes)
            else:
                self._take_target(unit, entry, codes)

    def _take_target(self, unit: Unit, entry: polib.POEntry, codes: _Codes) -> None:
        quoted = f"“{_shorten(_words(unit.source))}”"
        is_finished = unit.state in _FINISHED
        # A tool that knows no states leaves a fuzzy translation fuzzy.
        is_fuzzy = not is_finished and (bool(unit.state) or codes.is_fuzzy)
        returned = _digest(unit.target, is_fuzzy=is_fuzzy)
        if unit.foreign:
            self._report_codes(unit, quoted, [f"<{name}> is none of our codes" for name in unit.foreign])
        elif unit.target and not codes.is_broken and returned in (codes.digest, unit.exported):
            self.unchanged += 1
        elif markup.is_blank(_words(unit.target)):
            self._report_empty(unit, codes, quoted)
        elif unit.target == codes.source and not is_finished:
            self._report_copy(unit, quoted)
        elif faults := [*codes.faults(unit.target)]:
            self._report_codes(unit, quoted, faults)
        elif entry.msgstr and codes.digest != unit.exported:
            self._report_clash(unit, entry, quoted)
        elif faults := [*codes.faults_of_text(codes.write(unit.target))]:
            self._report_codes(unit, quoted, faults)
        else:
            self._write(entry, codes.write(unit.target), is_fuzzy=is_fuzzy)

    def _write(self, entry: polib.POEntry, msgstr: str, *, is_fuzzy: bool) -> None:
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        if is_fuzzy:
            entry.flags.insert(0, "fuzzy")
        if not is_fuzzy or not entry.msgstr:
            entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
            entry.tcomment = without_notes(entry.tcomment)
        if msgstr != entry.msgstr:
            entry.tcomment = without_dismissals(entry.tcomment)
        entry.msgstr = msgstr
        self.taken += 1

    # ── why not ──

    def _report_stranger(self, unit: Unit) -> None:
        words = _words(unit.source)
        now = self._english_now(unit, words)
        if now:
            message = f"the English has changed: “{_difference(words, now)}”."
            if words == now:
                message = f"the tags of the English have changed: “{_shorten(now)}”."
            hint = "The translation is not taken; send the new text with the next export."
            self.report(unit, "xliff-stale", message, hint)
        elif unit.id in self.gone:
            message = f"“{_shorten(words)}” is no longer part of the text."
            self.report(unit, "xliff-stale", message, "Nothing is to be done: it needs no translation.")
        else:
            message = f"the catalogue has no message for the unit {unit.id!r}, “{_shorten(words)}”."
            hint = "It is not taken. Was it exported from here, and its id kept by the tool?"
            self.report(unit, "xliff-unknown-unit", message, hint)

    def _english_now(self, unit: Unit, words: str) -> str:
        """Return, without tags, what a text has become: by `#| msgid`, else by likeness; else nothing."""
        best, ratio = "", 0.6
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(words)
        for entry in self.entries.values():
            if (entry.msgctxt or "message") != unit.role:
                continue
            now = _plain(_rule_of(entry), entry.msgid)
            if entry.previous_msgid and _plain(_rule_of(entry), entry.previous_msgid) == words:
                return now
            matcher.set_seq1(now)
            if matcher.quick_ratio() > ratio and matcher.ratio() > ratio:
                best, ratio = now, matcher.ratio()
        return best

    def _report_changed_source(self, unit: Unit, codes: _Codes) -> None:
        message = (
            f"the English of the unit was changed on the way: “{_shorten(_words(codes.source))}” "
            f"came back as “{_shorten(_words(unit.source))}”."
        )
        hint = "The translation is not taken. The English is changed in the topic, not in an XLIFF file."
        self.report(unit, "xliff-source", message, hint)

    def _report_empty(self, unit: Unit, codes: _Codes, quoted: str) -> None:
        if not codes.target or codes.is_broken or unit.exported == _digest((), is_fuzzy=False):
            self.untranslated += 1
            return
        message = f"the translation of {quoted} came back empty."
        hint = "The catalogue keeps its own. Empty it there if it is wrong."
        self.report(unit, "xliff-empty", message, hint, Level.WARNING)

    def _report_copy(self, unit: Unit, quoted: str) -> None:
        self.untranslated += 1
        if unit.state in _UNTOUCHED:
            return
        message = f"{quoted} came back in English."
        hint = "It is not taken. If it is right in this language too, set its state to “translated”."
        self.report(unit, "xliff-copy", message, hint, Level.WARNING)

    def _report_codes(self, unit: Unit, quoted: str, faults: Sequence[str]) -> None:
        message = f"in the translation of {quoted}, {'; '.join(faults)}."
        hint = "It is not taken. Put each code of the English once around the same words, in the tool."
        self.report(unit, "xliff-codes", message, hint)

    def _report_clash(self, unit: Unit, entry: polib.POEntry, quoted: str) -> None:
        message = (
            f"{quoted} was translated here as “{_shorten(entry.msgstr)}” in the meantime, "
            f"and came back as “{_shorten(_words(unit.target))}”."
        )
        hint = "The catalogue keeps its own. Choose; write the better one into the catalogue."
        self.report(unit, "xliff-clash", message, hint)
