"""The strict reader of catalogue files, line by line; use it through `po`."""

import codecs
import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

import polib

from healthtopics.catalogues.po_header import (
    CONTENT_TYPE,
    PLURAL,
    PoFaults,
    check_header,
    read_fields,
)
from healthtopics.errors import CatalogueError
from healthtopics.language import LanguageTag
from healthtopics.markup import NO_CHARACTER
from healthtopics.problems import Level, excerpt

CUT_OFF: Final = "po-cut-off"
"""The check for a file whose end may be lost."""
ESCAPES: Final = {
    "\\": "\\",
    "n": "\n",
    "t": "\t",
    "r": "\r",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
}
"""The meaning of each letter after a backslash; the backslash itself comes first."""

_SPACE = " \t\r\f\v"
_STATEMENT = re.compile(
    r"(?:(msgctxt|msgid_plural|msgid|msgstr)\b(?:[ \t]*\[[ \t]*([0-9]{1,9})[ \t]*\])?[ \t\r\f\v]*)?"
    r'(?:"([^"\\]*(?:\\.[^"\\]*)*)"[ \t\r\f\v]*)?'
)
_AFTER: dict[str, set[str]] = {
    "msgctxt": set(),
    "msgid": {"msgctxt"},
    "msgid_plural": {"msgid"},
    "msgstr": {"msgid", "msgid_plural", "msgstr"},  # which of the two with `[n]`: _check_plural
}
"""The keywords that may come before a keyword inside an entry; a msgid may also open it."""

_WORD = re.compile(r"[A-Za-z_]\w*")
_REFERENCE = re.compile(r"[^ \t]+")
_ESCAPE = re.compile(r"(?:\\(?:[0-7]{1,3}|x[0-9A-Fa-f]+))+|\\(.)", re.DOTALL)
_CODE = re.compile(r"\\(?:([0-7]+)|x([0-9A-Fa-f]+))")
_MARKS = {"<", "|", "=", ">"}
_COMMENTS: Final = frozenset({"#.", "#:", "#,", "# "})
"""What nearly all comments begin with; nothing else can be in their lines."""
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?:\s|$)")


@dataclass(slots=True)
class _Comments:
    """The comments before an entry."""

    translator: list[str] = field(default_factory=list)
    extracted: list[str] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    previous: dict[str, list[str]] = field(default_factory=dict)
    line: int = 0
    """The first line; 0 if there are no comments."""


@dataclass(slots=True)
class _Draft:
    """An entry that is being read."""

    line: int
    column: int
    is_obsolete: bool
    comments: _Comments
    strings: dict[str, list[str]] = field(default_factory=dict)
    """By keyword; plural forms under `msgstr[0]` and so on."""
    forms: int = 0
    """The number of `msgstr[n]` lines."""
    last: str = ""
    """The last keyword, without an index."""
    is_broken: bool = False
    """Whether its order is wrong; consequences are not reported again."""
    end: int = 0
    """The line of its last keyword or string."""


class PoReader(PoFaults):
    """Reads line by line, and goes on after a fault, so that one run finds all of them."""

    def __init__(self, path: str, language: LanguageTag | None, *, joins_obsolete: bool = False) -> None:
        super().__init__(path)
        self.language = language
        self.joins_obsolete = joins_obsolete
        """Whether the caller joins an obsolete entry with the other one of its key, so it is not reported."""
        self.entries: list[polib.POEntry] = []
        self.spans: dict[int, tuple[int, int]] = {}
        """The first line of each entry, with its comments, and the last one, by the line of its keyword."""
        # The line that is being read: whether it starts with #~ or #|, and whether
        # any line of the file has characters that no text can hold.
        self.is_obsolete = False
        self.is_previous = False
        self.has_controls = False
        # The entry that is being read, the comments that wait for the next one, the conflict.
        self.draft: _Draft | None = None
        self.comments = _Comments()
        self.conflict: list[tuple[str, int]] = []
        # The keyword that waits for its string: its name, line and column. Empty if none does.
        self.keyword = ("", 0, 0)
        # Where the next string belongs (None: nowhere), and whether that is a #| line's keyword.
        self.parts: list[str] | None = None
        self.parts_are_previous = False

    def decode(self, data: bytes) -> str:
        """Return the text, without a byte order mark and with U+FFFD for what is not UTF-8."""
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self.report("po-encoding", 1, "The file is UTF-16, not UTF-8.", "Save it as UTF-8.", 1)
            raise CatalogueError(self.problems)
        if data.startswith(codecs.BOM_UTF8):
            data = data.removeprefix(codecs.BOM_UTF8)
            self.warn(
                "po-bom",
                1,
                "The file starts with a byte order mark, which gettext's tools refuse.",
                "Run `healthtopics catalogue format`, or save it as UTF-8 without BOM.",
            )
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line_start = data.rfind(b"\n", 0, error.start) + 1
            self.report(
                "po-encoding",
                len(data[line_start : error.start].decode("utf-8")) + 1,
                f"Byte 0x{data[error.start]:02X} is not UTF-8 here.",
                "Save the whole file as UTF-8; from Latin-1, `msgconv -f latin1 -t UTF-8` does it.",
                data.count(b"\n", 0, error.start) + 1,
            )
            text = data.decode("utf-8", "replace")
        self.has_controls = NO_CHARACTER.search(text) is not None
        return text

    def read(self, line: str) -> None:
        """Read the next line, which has no line feed at its end."""
        self.number += 1
        if line[:2] in _COMMENTS and not self.conflict and not self.has_controls:
            self.is_obsolete = self.is_previous = False
            self._read_comment(line[1:].rstrip("\r"))
            return
        rest = line.lstrip(_SPACE)
        if ((self.conflict or rest[:1] in _MARKS) and self._is_in_conflict(line)) or not rest:
            return
        if self.has_controls:
            self._check_control(line, 1)
        self.is_obsolete = self.is_previous = False
        if rest[0] == "#":
            self.is_obsolete = rest.startswith("#~")
            if self.is_obsolete:
                # What follows `#~` is read as if it were alone; `#~|` as if it were `#|`.
                rest = "#" + rest[2:] if rest.startswith("#~|") else rest[2:].lstrip(_SPACE)
            self.is_previous = rest.startswith("#|")
            if self.is_previous:
                rest = rest[2:].lstrip(_SPACE)
                self.comments.line = self.comments.line or self.number
        self._read_statements(line, len(line) - len(rest))

    def finish(self) -> None:
        """Finish the last entry and check the entries together."""
        is_cut_off = self._ends_inside_an_entry()
        before = len(self.problems)
        self._check_has_string()
        self._close()
        if is_cut_off and len(self.problems) > before:
            self.problems[-1] = replace(self.problems[-1], check=CUT_OFF, hint=_RESTORE)
        self._report_conflict()
        if self.comments.line and self.entries:
            self._warn_of_comments_at_the_end(self.entries[-1])
        first: dict[tuple[str | None, str], polib.POEntry] = {}
        for entry in self.entries:
            other = first.setdefault((entry.msgctxt, entry.msgid), entry)
            if other is not entry and not (self.joins_obsolete and (entry.obsolete or other.obsolete)):
                name = f"The message “{excerpt(entry.msgid)}”" if entry.msgid else "The header"
                message = f"{name} is in line {other.linenum} and again in line {entry.linenum}."
                self.report("po-duplicate", 1, message, _advise(other, entry), entry.linenum)

    def _ends_inside_an_entry(self) -> bool:
        """Return whether the last entry is in order as far as it goes, and has no translation."""
        draft = self.draft
        if draft is None or draft.is_broken or self.comments.line:
            return False
        if any(each.check == "po-conflict-marker" for each in self.problems):
            return False  # the rest is on another side
        return bool(self.keyword[0]) or draft.last != "msgstr"

    def _warn_of_comments_at_the_end(self, last: polib.POEntry) -> None:
        """Keep a translator's comments at the end; comments of the template show that a file was cut off."""
        comments = self.comments
        if comments.extracted or comments.references or comments.flags or comments.previous:
            check, message = CUT_OFF, "The file ends with the comments of an entry that is not there."
            hint = f"{_RESTORE} If nothing is missing, delete these lines."
        else:
            check = "po-comment"
            message = "A comment after the last entry belongs to no entry; it joins the last one."
            hint = "Put a comment before the entry that it is about."
        self.warn(check, comments.line, message, hint)
        last.tcomment = "\n".join(filter(None, (last.tcomment, *comments.translator)))

    def to_file(self, lines: list[str]) -> polib.POFile:
        """Build the file from its entries, and check its header."""
        file = polib.POFile()
        file.extend(entry for entry in self.entries if not _is_header(entry))
        header = next(filter(_is_header, self.entries), None)
        if header is None:
            self.report(
                "po-header",
                1,
                "The file has no header.",
                f'Start it with `msgid ""`, `msgstr ""` and `"{CONTENT_TYPE}\\n"`.',
                1,
            )
            return file
        start = header.linenum or 1
        # Comments that only the template's entries have are a mistake here; they become translator comments.
        file.header = "\n".join(filter(None, (header.tcomment, header.comment)))
        file.metadata_is_fuzzy = header.fuzzy
        file.metadata = read_fields(header.msgstr, start, self)
        end = next((entry.linenum for entry in self.entries if (entry.linenum or 0) > start), None)
        check_header(file, start, lines[start - 1 : end and end - 1], self.language, self)
        return file

    # ── lines ──

    def _is_in_conflict(self, line: str) -> bool:
        """Record the markers of a merge conflict, and skip them and all sides but the first."""
        match = _CONFLICT.match(line)
        if match is None:
            return bool(self.conflict) and self.conflict[-1][0] in "|="
        mark = match[1][0]
        if mark == "<":
            self._report_conflict()  # one above that never ended
        self.conflict.append((mark, self.number))
        if mark == ">":
            self._report_conflict()
        return True

    def _report_conflict(self) -> None:
        """Report the conflict that was read: where each side is, and what to do."""
        if not self.conflict:
            return
        marks, self.conflict = self.conflict, []
        (first, start), (last, end) = marks[0], marks[-1]
        sides = {mark: number for mark, number in marks if mark in "=|"}
        if first == "<" and last == ">" and "=" in sides:
            message = f"Lines {start} to {end} are an unresolved merge conflict."
            ours = _lines(start + 1, sides.get("|", sides["="]) - 1)
            theirs = _lines(sides["="] + 1, end - 1)
            hint = (
                f"One side is {ours}, the other {theirs}: keep the right one, delete the rest "
                "from <<<<<<< to >>>>>>>. "
            )
        else:
            message = (
                "A merge conflict starts here and does not end as it should."
                if first == "<"
                else f"A line of {7 * first} was left by a merge conflict."
            )
            hint = "Keep the right side; delete the other one and the lines of <<<<<<<, ======= and >>>>>>>. "
        hint += "`healthtopics catalogue merge --help` says how git merges entry by entry."
        self.report("po-conflict-marker", 1, message, hint, start)

    def _read_comment(self, text: str) -> None:
        self.parts = None
        self.comments.line = self.comments.line or self.number
        if text.startswith("."):
            self.comments.extracted.append(text[1:].removeprefix(" "))
        elif text.startswith(":"):
            references = _REFERENCE.findall(text, 1)
            self.comments.references += map(_parse_reference, references)
        elif text.startswith((",", "=")):  # `#=` holds flags since gettext 0.26
            flags = (flag.strip() for flag in text[1:].split(","))
            self.comments.flags += [flag for flag in flags if flag and flag not in self.comments.flags]
        else:
            self.comments.translator.append(text.removeprefix(" "))

    def _read_statements(self, line: str, position: int) -> None:
        while position < len(line):
            if line[position] == "#":  # also after a string, where it belongs to the next entry, as in msgfmt
                self._read_comment(line[position + 1 :].rstrip("\r"))
                return
            match = _STATEMENT.match(line, position)
            if match is None or match.end() == position:
                position = self._read_junk(line, position)
                continue
            keyword, index, string = match.groups()
            if keyword is not None:
                self._check_has_string()
                self.keyword = (keyword, self.number, position + 1)
                self.parts_are_previous = self.is_previous
                if self.is_previous:
                    self._read_previous(keyword, position + 1)
                else:
                    self._read_keyword(keyword, index, position + 1)
            if string is not None:
                self._read_string(string, match.start(3) + 1)
            position = match.end()

    def _read_previous(self, keyword: str, column: int) -> None:
        self.parts = []
        if keyword == "msgstr" or keyword in self.comments.previous:
            self.report(
                "po-keyword",
                column,
                f"{keyword} is not allowed in this #| line.",
                "Such lines hold the previous msgctxt, msgid and msgid_plural, each once. Delete this one.",
            )
        else:
            self.comments.previous[keyword] = self.parts

    def _read_keyword(self, keyword: str, index: str | None, column: int) -> None:
        draft = self.draft
        if keyword == "msgctxt" or (keyword == "msgid" and (draft is None or draft.last != "msgctxt")):
            draft = self._open(column)
        elif draft is None or draft.last not in _AFTER[keyword] or self.comments.line:
            draft = self._misplace(keyword, column)
        elif self.is_obsolete != draft.is_obsolete:
            self._report_mixed(draft, column)
        name = keyword
        if keyword == "msgstr":
            self._check_plural(draft, index, column)
            if index is not None and not draft.is_broken:
                name = f"msgstr[{draft.forms}]"
                draft.forms += 1
        elif index is not None:
            self.report("po-keyword", column, f"{keyword}[{index}] has an index.", "Only msgstr has one.")
        draft.last, draft.end = keyword, self.number
        self.parts = draft.strings.setdefault(name, []) if not draft.is_broken else []

    def _open(self, column: int) -> _Draft:
        """Begin a new entry, with the comments that wait for it."""
        self._close()
        self.draft = _Draft(self.number, column, self.is_obsolete, self.comments)
        self.comments = _Comments()
        return self.draft

    def _misplace(self, keyword: str, column: int) -> _Draft:
        """Report a misplaced keyword; return the entry that it is added to."""
        draft = self.draft
        if draft is None:
            self.report("po-keyword", column, f"{keyword} comes before any msgid.", _ORDER_HINT)
            draft = self._open(column)
        elif not draft.is_broken:
            if draft.last in _AFTER[keyword]:
                message = f"A comment is inside an entry, before its {keyword}."
                self.report("po-keyword", 1, message, _ORDER_HINT, self.comments.line)
            else:
                self.report(
                    "po-keyword", column, f"{keyword} is not allowed after {draft.last}.", _ORDER_HINT
                )
        draft.is_broken = True
        self.comments = _Comments()
        return draft

    def _close(self) -> None:
        """Finish the entry that is being read."""
        draft, self.draft, self.parts = self.draft, None, None
        if draft is None:
            return
        if draft.last != "msgstr" and not draft.is_broken:
            missing = "msgid" if draft.last == "msgctxt" else "msgstr"
            self.report(
                "po-keyword",
                draft.column,
                f"The entry has no {missing}.",
                f'Add `{missing} ""` after its {draft.last}, or delete the entry.',
                draft.line,
            )
        if draft.strings.get("msgid"):
            self.entries.append(_to_entry(draft))
            self.spans[draft.line] = (draft.comments.line or draft.line, draft.end)

    # ── strings ──

    def _read_string(self, raw: str, column: int) -> None:
        draft = self.draft
        if self.parts is None or self.is_previous != self.parts_are_previous:
            if draft is None or not draft.is_broken:
                self.report(
                    "po-keyword",
                    column - 1,
                    "The string belongs to no keyword.",
                    "A string follows its keyword at once; no comment comes between them.",
                )
            if draft is not None:
                draft.is_broken = True
            return
        if draft is not None and not self.is_previous and self.is_obsolete != draft.is_obsolete:
            self._report_mixed(draft, column - 1)
        if "\\" in raw:
            # Most strings with escapes have quotation marks only.
            is_simple = raw.count("\\") == raw.count('\\"')
            raw = raw.replace('\\"', '"') if is_simple else self._unescape(raw, column)
        self.parts.append(raw)
        self.keyword = ("", 0, 0)
        if draft is not None and not self.is_previous:
            draft.end = self.number

    def _unescape(self, raw: str, column: int) -> str:
        r"""Decode escapes as msgfmt does; `\303\251` are two bytes of one character."""

        def decode(match: re.Match[str]) -> str:
            place = column + match.start()
            if match[1] is None:
                codes = (int(octal, 8) if octal else int(hexa, 16) for octal, hexa in _CODE.findall(match[0]))
                try:
                    text = bytes(code & 0xFF for code in codes).decode("utf-8")
                except UnicodeDecodeError:
                    self.report(
                        "po-escape", place, f"{match[0]} is not UTF-8.", "Write the character itself."
                    )
                    return match[0]
            elif match[1] in ESCAPES:
                text = ESCAPES[match[1]]
            else:
                self.report(
                    "po-escape",
                    place,
                    f"{match[0]} is not an escape that gettext knows.",
                    "Write the character itself; for a backslash write \\\\.",
                )
                return match[0]
            self._check_control(text, place)
            return text

        return _ESCAPE.sub(decode, raw)

    # ── checks ──

    def _check_control(self, text: str, column: int) -> None:
        found = NO_CHARACTER.finditer(text)
        for match in found:
            if self.is_full():
                self.left_out[Level.ERROR] += 1 + sum(1 for _ in found)
                return
            self.report(
                "po-control",
                column + match.start(),
                f"The character U+{ord(match[0]):04X} has no place in a text.",
                "Delete it; editors show it when they show invisible characters.",
            )

    def _check_has_string(self) -> None:
        keyword, line, column = self.keyword
        if keyword:
            self.keyword = ("", 0, 0)
            hint = f'Write `{keyword} ""` where it is empty.'
            self.report("po-keyword", column, f"{keyword} has no string.", hint, line)
            if self.draft is not None:
                self.draft.is_broken = True

    def _check_plural(self, draft: _Draft, index: str | None, column: int) -> None:
        if draft.is_broken:
            return
        check = PLURAL
        has_plural = "msgid_plural" in draft.strings
        if index is None and has_plural:
            message, hint = (
                "msgstr has no index, but the entry has a msgid_plural.",
                "Write msgstr[0], msgstr[1] …",
            )
        elif index is None and draft.last == "msgstr":
            check, message, hint = "po-keyword", "The entry has two msgstr.", "Keep the right one."
        elif index is not None and not has_plural:
            message, hint = f"msgstr[{index}] has no msgid_plural.", "Write msgstr."
        elif index is not None and int(index) != draft.forms:
            message, hint = (
                f"msgstr[{index}] comes where msgstr[{draft.forms}] is due.",
                "Count the forms from 0.",
            )
        else:
            return
        self.report(check, column, message, hint)
        draft.is_broken = True

    def _report_mixed(self, draft: _Draft, column: int) -> None:
        if draft.is_broken:
            return
        draft.is_broken = True
        self.report(
            "po-obsolete",
            column,
            "Some lines of the entry start with #~, others do not.",
            "Take #~ from every line of the entry, or put it before every one.",
        )

    def _read_junk(self, line: str, position: int) -> int:
        """Report what is wrong where no keyword and no string could be read; return where to go on."""
        rest = line[position:]
        shown = NO_CHARACTER.sub(lambda match: f"<U+{ord(match[0]):04X}>", excerpt(rest.strip()))
        before = line[:position].rstrip(_SPACE)
        word = _WORD.match(rest)
        follows_string = before.endswith('"')
        if follows_string and '"' in rest and (before == line[:position] or not rest.startswith('"')):
            self.report(
                "po-quote",
                len(before),
                f"A quotation mark inside the string ends it before “{shown}”.",
                'Write \\" for it, or use “ ” in the text.',
            )
        elif rest.startswith('"'):
            self.report(
                "po-unterminated",
                position + 1,
                f"The string {shown} has no quotation mark at its end.",
                'End the line with ". Just after a backslash it does not count.',
            )
        elif word is not None and not follows_string and '"' in rest:
            near = get_close_matches(word[0].casefold(), _AFTER, 1)
            self.report(
                "po-keyword",
                position + 1,
                f"“{word[0]}” is not a keyword of a catalogue.",
                f"Write {near[0]}." if near else f"There are {', '.join(_AFTER)}; a comment starts with #.",
            )
            self.parts, self.keyword = [], ("", 0, 0)
            if near and not self.is_previous:
                self._read_keyword(near[0], None, position + 1)
            return len(line) - len(rest[word.end() :].lstrip(_SPACE))
        else:
            self.report(
                "po-syntax",
                position + 1,
                f"“{shown}” is neither a keyword nor a string nor a comment.",
                'Strings are between straight quotation marks: ". A comment starts with #.',
            )
        if self.parts is not None:
            self.parts.append(rest)  # so that its keyword is not reported as having no string, or a wrong one
        self.keyword = ("", 0, 0)
        return len(line)


_RESTORE = "The end of the file may be lost: take it from version control or from the backup of your editor."
_ORDER_HINT = "An entry is: its comments, then msgctxt (if it has one), msgid, msgstr."


def _to_entry(draft: _Draft) -> polib.POEntry:
    comments = draft.comments
    texts = {keyword: "".join(parts) for keyword, parts in draft.strings.items()}
    previous = {keyword: "".join(parts) for keyword, parts in comments.previous.items()}
    return polib.POEntry(
        msgid=texts["msgid"],
        msgstr=texts.get("msgstr", ""),
        msgctxt=texts.get("msgctxt"),
        msgid_plural=texts.get("msgid_plural", ""),
        msgstr_plural={index: texts[f"msgstr[{index}]"] for index in range(draft.forms)},
        tcomment="\n".join(comments.translator),
        comment="\n".join(comments.extracted),
        occurrences=comments.references,
        flags=comments.flags,
        previous_msgctxt=previous.get("msgctxt"),
        previous_msgid=previous.get("msgid"),
        previous_msgid_plural=previous.get("msgid_plural"),
        obsolete=draft.is_obsolete,
        linenum=draft.line,
    )


def _advise(first: polib.POEntry, second: polib.POEntry) -> str:
    """Return what to do about two entries with one key."""
    if first.obsolete or second.obsolete:
        return (
            "Run `healthtopics catalogue format`: it keeps the live entry, and the translation of the one "
            "that starts with #~ in a comment."
        )
    if not first.msgid:
        return "Keep one header, with the fields of both."
    if (first.msgstr, first.msgstr_plural) == (second.msgstr, second.msgstr_plural):
        return "Both have the same translation: delete either entry."
    return "Their translations differ: keep the better one and delete the other entry."


def _is_header(entry: polib.POEntry) -> bool:
    return not entry.msgid and not entry.obsolete and entry.msgctxt is None


def _parse_reference(text: str) -> tuple[str, str]:
    """Split `path:line`; anything else is all path."""
    place, _, line = text.rpartition(":")
    return (place, line) if place and line.isascii() and line.isdigit() else (text, "")


def _lines(first: int, last: int) -> str:
    """Return a range of lines in words, both included."""
    if last <= first:
        return f"line {first}" if last == first else "nothing"
    return f"lines {first}–{last}"
