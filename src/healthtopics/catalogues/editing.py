"""Changes one entry of a catalogue file, and not a byte of the others. No disk, no clock.

What a person does to an entry is a `Change`, made by one of the functions below; `change_entry` applies it
to the text of a file. A caller that has shown an entry passes its `version`: if somebody has changed the
translation since, nothing is written. Comments are merged: a change of the translation keeps a question that
came meanwhile. `sign` then says in the header who has changed a translation, and when.
"""

import copy
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, TypeAlias

import polib

from healthtopics import jsontext
from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.origin import is_as_imported
from healthtopics.catalogues.questions import Question, Statement, questions_in
from healthtopics.catalogues.questions import with_answer as comment_with_answer
from healthtopics.catalogues.questions import with_question as comment_with_question
from healthtopics.catalogues.reviews import (
    UNKNOWN,
    Reviewed,
    is_same_person,
    review_of,
    translator_of,
    with_translator,
    without_outdated_marks,
)
from healthtopics.catalogues.reviews import with_review as comment_with_review
from healthtopics.catalogues.suggestions import without_notes
from healthtopics.catalogues.translators import attribute, last_translator_of
from healthtopics.errors import CatalogueError
from healthtopics.problems import Problem, excerpt
from healthtopics.reading.dismissal import (
    Dismissal,
    dismissals_in,
    dismissed_by,
    with_dismissals,
    without_dismissals,
)

Change: TypeAlias = Callable[[polib.POEntry], None]
"""What a person does to an entry: changes it in place, or raises RefusedChangeError."""


class RefusedChangeError(ValueError):
    """The entry does not permit the change; its text says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableEntry:
    """A live entry as somebody sees it who is going to change it."""

    key: Key
    line: int
    """That of its first keyword, msgctxt or msgid, which every message about the entry names."""
    lines: tuple[int, int]
    """Its first line, with its comments, and its last one, both included and counted from 1."""
    places: tuple[str, ...]
    """Where its English is: `topics/fever.json#/title`."""
    msgstr: str
    is_fuzzy: bool
    comment: str
    """The translator's, with the lines of programs."""
    version: str
    """Changes with the translation and its fuzzy mark, not with comments."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions about the message."""
        return questions_in(self.comment)

    @property
    def dismissals(self) -> tuple[Dismissal, ...]:
        """The findings that somebody has dismissed."""
        return dismissals_in(self.comment)

    @property
    def review(self) -> Reviewed | None:
        """Who has reviewed the translation as it is."""
        return None if self.is_fuzzy else review_of(self.key, self.msgstr, self.comment)


def entries_in(data: bytes, path: str) -> tuple[EditableEntry, ...]:
    """Return the live entries of a catalogue, in the order of the file; raises CatalogueError."""
    text = po.parse(data, path)
    return tuple(_editable(entry, text) for entry in text.file if not entry.obsolete)


def entries_named(entries: Iterable[EditableEntry], name: str, path: str) -> list[EditableEntry]:
    """Return the entries that somebody may mean by a name; several if it is ambiguous.

    A name is a line of the file at `path`, alone or as messages print it (`…/fever.po:57`); a place of
    the English (`topics/fever.json#/title`, or `/title`); a msgctxt; or the English, or its beginning.
    """
    entries, name = list(entries), name.strip()
    if not name:
        return []
    if match := re.fullmatch(r"(?:(.+?):)?([0-9]{1,9})(?::[0-9]+)?:?", name):
        if match[1] and PurePath(match[1]).parts[-1:] != PurePath(path).parts[-1:]:
            return []
        line = int(match[2])
        return [each for each in entries if each.lines[0] <= line <= each.lines[1]]
    ways: list[Callable[[EditableEntry], bool]] = [
        lambda each: any(name in (place, place.partition("#")[2]) for place in each.places),
        lambda each: each.key.msgctxt == name,
        lambda each: each.key.msgid == name,
        lambda each: each.key.msgid.casefold().startswith(name.casefold()),
    ]
    return next(filter(None, ([each for each in entries if way(each)] for way in ways)), [])


def change_entry(data: bytes, path: str, key: Key, change: Change, *, version: str | None = None) -> bytes:
    """Return the text of a catalogue in which one entry is changed; all other bytes stay.

    Raises CatalogueError if the file cannot be read or may be truncated, if the entry is not in it, if its
    translation has changed since that `version`, unless to the result of the change, or if that is refused.
    """
    text = po.parse_whole(data, path)
    found = ((place, each) for place, each in enumerate(text.file) if not each.obsolete)
    place, entry = next((each for each in found if po.key_of_entry(each[1]) == key), (0, None))
    if entry is None:
        raise CatalogueError([_gone(path, key)])
    is_outdated = version is not None and version != version_of(entry)
    changed = copy.deepcopy(entry)
    try:
        change(changed)
    except RefusedChangeError as error:
        fault = _changed(path, entry) if is_outdated else _refused(path, entry, str(error))
        raise CatalogueError([fault]) from None
    if po.serialize_entry(changed) == po.serialize_entry(entry):
        return data
    if is_outdated:
        raise CatalogueError([_changed(path, entry)])
    result = _with_lines(data, text.spans[entry.linenum or 0], po.serialize_entry(changed))
    text.file[place] = changed
    if po.serialize(po.parse(result, path).file) != po.serialize(text.file):
        raise CatalogueError([_entangled(path, entry)])
    return result


def sign(data: bytes, path: str, now: str, translator: str = "", *, is_marked: bool = False) -> bytes:
    """Return the text of a catalogue with the date of the change and the translator in its header.

    `now` is a date of the header, `2026-11-21 09:30+0000`. Only the lines of these two fields change. Without
    a translator Last-Translator becomes empty: the former one has not translated this. If `is_marked`, and
    the header names somebody else, the entries that do not say who translated them get a comment with that
    name: it is lost otherwise.
    """
    if is_marked:
        data = _with_translators(data, path, translator)
    text = po.parse_whole(data, path)
    fields = {"PO-Revision-Date": now}
    if translator or "Last-Translator" in text.file.metadata:
        fields["Last-Translator"] = translator
    own = {entry.linenum for entry in text.file}
    first, last = next(span for line, span in text.spans.items() if line not in own)
    lines = _split(data)
    for name, value in fields.items():
        lines[first - 1 : last] = [_with_field(line, name, value) for line in lines[first - 1 : last]]
    text.file.metadata.update(fields)
    result = b"".join(lines)
    if po.parse(result, path).file.metadata == text.file.metadata:
        return result
    # A field that is missing, or that is not alone on its line.
    return _with_lines(data, (first, last), po.serialize_entry(po.header_of(text.file)))


def _with_translators(data: bytes, path: str, next_translator: str) -> bytes:
    text = po.parse_whole(data, path)
    before = [entry.tcomment for entry in text.file]
    attribute(text.file, next_translator)
    lines = _split(data)
    pairs = list(zip(text.file, before, strict=True))
    for entry, comment in sorted(pairs, key=lambda each: each[0].linenum or 0, reverse=True):
        if entry.tcomment != comment:
            first, last = text.spans[entry.linenum or 0]
            own = [place for place in range(first, last + 1) if re.match(rb"#(?: |\r?\n)", lines[place - 1])]
            place = own[-1] if own else first - 1
            end = b"\r\n" if lines[first - 1].endswith(b"\r\n") else b"\n"
            lines.insert(place, f"# {entry.tcomment.rpartition(chr(10))[2]}".encode() + end)
    result = b"".join(lines)
    whole = po.serialize(text.file)
    return result if po.serialize(po.parse(result, path).file) == whole else whole


def last_translator(data: bytes, path: str) -> str:
    """Return who changed a catalogue last, as its header says; raises CatalogueError."""
    return last_translator_of(po.parse(data, path).file)


def version_of(entry: polib.POEntry) -> str:
    """Return what changes with the translation and its fuzzy mark, and not with comments."""
    forms = [form for _, form in sorted(entry.msgstr_plural.items())] or [entry.msgstr]
    return jsontext.short_digest([*forms, entry.fuzzy])


# ── changes ──────────────────────────────────────────────────────────────────────────────────────────────


def translate_as(
    msgstr: str, *, is_fuzzy: bool = False, by: str = "", day: str = "", is_marked: bool = False
) -> Change:
    """Return the change that writes a translation, or confirms the one that is there.

    What was noted for the former text goes: dismissals, reviews, notes on suggestions. If `is_marked`, a
    comment says who wrote or confirmed it: reviewers need to know.
    """

    def change(entry: polib.POEntry) -> None:
        if entry.msgid_plural:
            raise RefusedChangeError("It has plural forms, which only an editor of catalogues can change.")
        is_new = msgstr != entry.msgstr
        is_confirmed = entry.fuzzy and not is_fuzzy
        entry.msgstr = msgstr
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        if is_fuzzy and msgstr:
            entry.flags.insert(0, "fuzzy")
        else:
            entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
        if msgstr and not is_fuzzy:
            entry.tcomment = without_notes(entry.tcomment)
        if is_new:
            entry.tcomment = without_dismissals(entry.tcomment)
        key = po.key_of_entry(entry)
        entry.tcomment = without_outdated_marks(entry.tcomment, key, msgstr)
        if is_marked and by and msgstr and (is_new or is_confirmed):
            entry.tcomment = with_translator(entry.tcomment, key, msgstr, by, day)

    return change


def ask(by: str, day: str, text: str) -> Change:
    """Return the change that adds a question."""

    def change(entry: polib.POEntry) -> None:
        _require_words(by, text)
        entry.tcomment = comment_with_question(entry.tcomment, Statement(by, day, text))

    return change


def answer(by: str, day: str, text: str, number: int | None = None) -> Change:
    """Return the change that answers the question of a number, counted from 0, or the only open one."""

    def change(entry: polib.POEntry) -> None:
        _require_words(by, text)
        questions = questions_in(entry.tcomment)
        still_open = [place for place, each in enumerate(questions) if each.is_open]
        if number is not None and number not in range(len(questions)):
            raise RefusedChangeError(f"It has no question {number + 1}.")
        if number is None and len(still_open) != 1:
            raise RefusedChangeError(
                f"It has {len(still_open)} open questions: say which one is answered."
                if still_open
                else "Nobody has asked anything that is still open."
            )
        place = still_open[0] if number is None else number
        entry.tcomment = comment_with_answer(entry.tcomment, place, Statement(by, day, text))

    return change


def review(
    by: str, day: str, last_translator: str = "", *, translator: str = "", is_required: bool = False
) -> Change:
    """Return the change that marks a translation as reviewed, by somebody who did not write it.

    `last_translator` is that of the header; it counts where the entry does not say who wrote it. `translator`
    is whom the reviewer names for an entry that does not say it; then a comment does. If `is_required`, the
    review counts, and an entry whose translator nobody knows is refused.
    """

    def change(entry: polib.POEntry) -> None:
        _require_words(by)
        key = po.key_of_entry(entry)
        if not entry.translated():
            state = "is fuzzy" if entry.fuzzy and entry.msgstr else "has no translation"
            raise RefusedChangeError(f"It {state}; only a confirmed translation can be reviewed.")
        if entry.msgid_plural:
            raise RefusedChangeError("It has plural forms, which cannot be reviewed here.")
        known = translator_of(key, entry.msgstr, entry.tcomment)
        is_attributed = bool(known) or is_as_imported(key, entry.msgstr, entry.tcomment)
        if translator and (known == UNKNOWN or not is_attributed):
            known = translator
            entry.tcomment = with_translator(entry.tcomment, key, entry.msgstr, translator, day)
        elif not is_attributed:
            known = last_translator or UNKNOWN
        if is_required and known == UNKNOWN:
            raise RefusedChangeError(
                "Nobody knows who translated it: neither the entry nor the header of the file says so. "
                "Name the translator: `healthtopics catalogue review --translator NAME`."
            )
        if is_same_person(by, known):
            raise RefusedChangeError(f"{by} translated it last: somebody else has to review it.")
        entry.tcomment = comment_with_review(entry.tcomment, key, entry.msgstr, Reviewed(by, day))

    return change


def dismiss(checks: Collection[str], by: str = "", day: str = "") -> Change:
    """Return the change that dismisses findings of these checks, for the texts as they are."""

    def change(entry: polib.POEntry) -> None:
        if not set(checks) <= dismissed_by(entry.tcomment):
            entry.tcomment = with_dismissals(entry.tcomment, checks, by, day)

    return change


def _require_words(by: str, text: str = "…") -> None:
    """Refuse what would be written without a name or a word: nobody could use it."""
    if not by.strip():
        raise RefusedChangeError("Nobody is named: write who you are.")
    if not text.strip():
        raise RefusedChangeError("There is nothing to write: the text is empty.")


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────

_FIELD: Final = rb'(\s*"%s:)(?:[^"\\]|\\.)*?(\\n"\s*)'


def _split(data: bytes) -> list[bytes]:
    """Return the lines of a file with their ends; only LF ends one."""
    return re.findall(rb"[^\n]*\n|[^\n]+$", data)


def _with_lines(data: bytes, span: tuple[int, int], text: str) -> bytes:
    """Return a file in which a range of lines, both included, is replaced; its line ends stay."""
    first, last = span
    lines = _split(data)
    end = b"\r\n" if lines[last - 1].endswith(b"\r\n") else b"\n"
    start = b"\xef\xbb\xbf" if first == 1 and data.startswith(b"\xef\xbb\xbf") else b""
    return b"".join([*lines[: first - 1], start, text.encode().replace(b"\n", end), *lines[last:]])


def _with_field(line: bytes, name: str, value: str) -> bytes:
    """Return a line of a header with the value of a field, if it is that field's."""
    body = line.rstrip(b"\r\n")
    match = re.fullmatch(_FIELD % name.encode(), body)
    if match is None:
        return line
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').encode()
    return match[1] + b" " + escaped + match[2] + line[len(body) :]


def _editable(entry: polib.POEntry, text: po.PoText) -> EditableEntry:
    return EditableEntry(
        key=po.key_of_entry(entry),
        line=entry.linenum or 0,
        lines=text.spans[entry.linenum or 0],
        places=tuple(f"{place}:{line}" if line else place for place, line in entry.occurrences),
        msgstr=entry.msgstr or entry.msgstr_plural.get(0, ""),
        is_fuzzy=entry.fuzzy,
        comment=entry.tcomment,
        version=version_of(entry),
    )


# ── why not ───────────────────────────────────────────────────────────────────────────────────


def _gone(path: str, key: Key) -> Problem:
    return Problem(
        check="entry-gone",
        path=path,
        message=f"the entry of “{excerpt(key.msgid)}” is no longer there; nothing was written.",
        hint="Look at the file again: its English may have changed.",
    )


def _changed(path: str, entry: polib.POEntry) -> Problem:
    state = ", fuzzy" if entry.fuzzy else ""
    return Problem(
        check="entry-changed",
        path=path,
        line=entry.linenum,
        message=(
            f"somebody has changed the translation of “{excerpt(entry.msgid)}” meanwhile; it is now "
            f"“{excerpt(entry.msgstr)}”{state}. Nothing was written."
        ),
        hint="Read that translation, then change it if it is still needed.",
    )


def _refused(path: str, entry: polib.POEntry, reason: str) -> Problem:
    return Problem(
        check="entry-refused",
        path=path,
        line=entry.linenum,
        message=f"“{excerpt(entry.msgid)}” was not changed.",
        hint=reason,
    )


def _entangled(path: str, entry: polib.POEntry) -> Problem:
    return Problem(
        check="entry-refused",
        path=path,
        line=entry.linenum,
        message=f"the entry of “{excerpt(entry.msgid)}” shares a line with another one.",
        hint="Run `healthtopics catalogue format`, then do it again.",
    )
