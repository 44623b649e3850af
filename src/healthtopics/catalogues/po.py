"""Catalogue files: a strict reader and a canonical writer of gettext's .po format. No file system, no clock.

The reader accepts what `msgfmt` accepts and refuses, with every fault and its place, what could only be
read by guessing. The writer's form is that of `msgcat --no-wrap`. The object model is polib's.
Translations are not checked here: that is what the message checks are for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import polib

from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.catalogues.former import former_in
from healthtopics.catalogues.origin import is_as_imported
from healthtopics.catalogues.po_header import parse_instant
from healthtopics.catalogues.po_reader import CUT_OFF, ESCAPES, PoReader
from healthtopics.catalogues.questions import questions_in
from healthtopics.catalogues.reviews import review_of
from healthtopics.errors import CatalogueError
from healthtopics.language import LanguageTag
from healthtopics.problems import Level, Problem, has_errors, more_problems
from healthtopics.reading.dismissal import dismissed_by


@dataclass(frozen=True, slots=True)
class PoText:
    """The content of a file, and warnings about it."""

    file: polib.POFile
    """Its `metadata` keeps the order of the header; an entry's `linenum` is the line of its first keyword."""
    warnings: tuple[Problem, ...] = ()
    spans: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """The first line of each entry, with its comments, and the last one, by its `linenum`; both included."""


def parse(
    data: bytes, path: str, language: LanguageTag | None = None, *, joins_obsolete: bool = False
) -> PoText:
    """Read a catalogue file; `path` is only quoted in problems, `language` is what the header should say.

    Raises CatalogueError with every fault that was found, warnings included.
    A header line that is not a field, or repeats one, continues the value of the field above it; comments
    after the last entry are added to that entry. So nothing that a translator wrote is lost.
    With `joins_obsolete`, obsolete entries may have the key of another entry.
    """
    reader = PoReader(path, language, joins_obsolete=joins_obsolete)
    text = reader.decode(data)
    lines = text.split("\n")  # only LF ends a line: U+2028, U+0085 and others are text
    for line in lines:
        reader.read(line)
    reader.finish()
    if not reader.entries:
        kind = "a file without a message" if data else "an empty file"
        raise CatalogueError([replace(not_a_catalogue(path, kind), line=1, column=1)])
    file = reader.to_file(lines)
    more = [more_problems(path, count, level) for level, count in reader.left_out.items()]
    if has_errors(reader.problems):
        reader.problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
        raise CatalogueError([*reader.problems, *more])
    return PoText(file, (*reader.problems, *more), reader.spans)


def not_a_catalogue(path: str, kind: str) -> Problem:
    """Return the problem of something else where a catalogue is due, for example "a pipe"."""
    return Problem(
        check="catalogue-unreadable",
        path=path,
        message=f"is {kind}, not a catalogue.",
        hint="Remove it, or put the file in its place: from version control, if it is there.",
    )


def parse_whole(
    data: bytes, path: str, language: LanguageTag | None = None, *, joins_obsolete: bool = False
) -> PoText:
    """Read a file that is going to be written again, as `parse` does.

    Also raises CatalogueError if its end may be lost: writing would remove the only sign of it.
    """
    text = parse(data, path, language, joins_obsolete=joins_obsolete)
    if any(problem.check == CUT_OFF for problem in text.warnings):
        raise CatalogueError(
            [
                replace(problem, level=Level.ERROR) if problem.check == CUT_OFF else problem
                for problem in text.warnings
            ]
        )
    return text


def serialize(file: polib.POFile) -> bytes:
    """Write a catalogue in its one canonical form, obsolete entries last.

    UTF-8, LF, nothing wrapped, all references of an entry in one line.
    """
    live_first = sorted(file, key=lambda entry: entry.obsolete)  # a stable sort: otherwise the order stays
    return "\n".join(map(serialize_entry, [header_of(file), *live_first])).encode()


def header_of(file: polib.POFile) -> polib.POEntry:
    """Return the header as the entry that holds it in a file."""
    return polib.POEntry(
        msgid="",
        msgstr="".join(f"{name}: {value}\n" for name, value in file.metadata.items()),
        tcomment=file.header,
        flags=["fuzzy"] if file.metadata_is_fuzzy else [],
    )


def serialize_entry(entry: polib.POEntry) -> str:
    """Write one entry in its canonical form, with a line feed at its end and no empty line."""
    return "".join(f"{line}\n" for line in _entry_lines(entry))


def to_catalogue(file: polib.POFile, language: LanguageTag, path: str) -> Catalogue:
    """Return the messages as a value, without obsolete ones; of plural forms the first counts."""
    messages = (_to_message(entry) for entry in file if not entry.obsolete)
    try:
        revised = parse_instant(file.metadata.get("PO-Revision-Date", ""))
    except ValueError:  # `parse` has warned
        revised = ""
    return Catalogue.of(language, messages, path=path, revised=revised)


def key_of_entry(entry: polib.POEntry) -> Key:
    """Return the key of an entry."""
    return Key(entry.msgctxt or "", entry.msgid)


def _to_message(entry: polib.POEntry) -> Message:
    key = key_of_entry(entry)
    msgstr = entry.msgstr or entry.msgstr_plural.get(0, "")
    former = None if msgstr else former_in(entry.tcomment)
    return Message(
        key,
        msgstr,
        is_fuzzy=entry.fuzzy,
        previous=former.msgid if former else (entry.previous_msgid or "") if entry.fuzzy else "",
        former=former.msgstr if former else "",
        is_imported=is_as_imported(key, msgstr, entry.tcomment),
        dismissed=dismissed_by(entry.tcomment),
        is_asked=any(question.is_open for question in questions_in(entry.tcomment)),
        is_reviewed=not entry.fuzzy and review_of(key, msgstr, entry.tcomment) is not None,
        line=entry.linenum,
    )


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────


def _entry_lines(entry: polib.POEntry) -> Iterator[str]:
    yield from _comment_lines("#", entry.tcomment)
    if not entry.obsolete:
        yield from _comment_lines("#.", entry.comment)
        if entry.occurrences:
            yield "#: " + " ".join(f"{place}:{line}" if line else place for place, line in entry.occurrences)
    if entry.flags:
        yield "#, " + ", ".join(sorted(entry.flags, key=_flag_order))
    mark = "#~" if entry.obsolete else ""
    previous = f"{mark or '#'}| "
    if entry.previous_msgctxt is not None:
        yield from _string_lines(previous, "msgctxt", entry.previous_msgctxt)
    if entry.previous_msgid is not None:
        yield from _string_lines(previous, "msgid", entry.previous_msgid)
    if entry.previous_msgid_plural is not None:
        yield from _string_lines(previous, "msgid_plural", entry.previous_msgid_plural)
    mark = mark and mark + " "
    if entry.msgctxt is not None:
        yield from _string_lines(mark, "msgctxt", entry.msgctxt)
    yield from _string_lines(mark, "msgid", entry.msgid)
    if not entry.msgstr_plural:
        yield from _string_lines(mark, "msgstr", entry.msgstr)
        return
    yield from _string_lines(mark, "msgid_plural", entry.msgid_plural)
    for index, form in sorted(entry.msgstr_plural.items()):
        yield from _string_lines(mark, f"msgstr[{index}]", form)


def _comment_lines(mark: str, comment: str) -> Iterator[str]:
    if comment:
        for line in comment.split("\n"):
            yield f"{mark} {line}" if line else mark


def _string_lines(mark: str, keyword: str, text: str) -> Iterator[str]:
    if "\n" not in text[:-1]:
        yield f'{mark}{keyword} "{escape(text)}"'
        return
    yield f'{mark}{keyword} ""'
    *lines, last = text.split("\n")
    for line in lines:
        yield f'{mark}"{escape(line)}\\n"'
    if last:
        yield f'{mark}"{escape(last)}"'


def escape(text: str) -> str:
    """Return a text as it is between the quotation marks of a catalogue."""
    for letter, character in ESCAPES.items():  # the backslash is first
        text = text.replace(character, f"\\{letter}")
    return text


def _flag_order(flag: str) -> int:
    """Return the place of a flag in the order of msgcat; unknown ones come last."""
    if flag == "fuzzy":
        return 0
    if flag.endswith("-format"):
        return 1
    if flag.startswith("range:"):
        return 2
    return 3 if flag in {"wrap", "no-wrap"} else 4
