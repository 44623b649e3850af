"""Merges what comes back from an agency into its catalogue. No file system, no clock.

The tag of a code is looked up in the catalogue again, so no tool can break a tag or an address. A unit's id
is made from its message: a unit whose English has changed since is refused. If both sides have changed a
translation, the catalogue's stays.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

import polib

from healthtopics import markup
from healthtopics.catalogues import po
from healthtopics.catalogues.po_header import header_date
from healthtopics.catalogues.remarks import with_remarks
from healthtopics.catalogues.reviews import (
    Reviewed,
    review_of,
    with_review,
    with_translator,
    without_outdated_marks,
)
from healthtopics.catalogues.suggestions import without_notes
from healthtopics.catalogues.xliff_codes import (
    Codes,
    broken_source,
    digest_of,
    plain_source,
    rule_of,
    shorten,
    trimmed,
    unit_id,
    words_in,
)
from healthtopics.catalogues.xliff_units import Returned, Unit
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level, Problem
from healthtopics.reading.difference import PartKind, mark_up, word_difference
from healthtopics.reading.dismissal import without_dismissals

_FINISHED = frozenset({"translated", "final", "signed-off"})
"""States in which somebody confirms that the translation is right (XLIFF 1.2 §2.5 `state`)."""

_UNTOUCHED = frozenset({"new", "needs-translation"})
"""States in which a tool may put the English in place of the translation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A catalogue with the returned translations."""

    data: bytes
    """Unchanged, byte for byte, if nothing was taken."""
    taken: int
    unchanged: int
    """The number of units that equal the catalogue, or what was exported."""
    untranslated: int
    """The number of units that are still empty."""
    problems: tuple[Problem, ...]
    """Translations that were refused, and why."""
    noted: int = 0
    """The number of messages with new notes or reviews of the agency."""


def check_languages(returned: Returned, language: LanguageTag, path: str) -> list[Problem]:
    """Return the problems of a file in other languages than its catalogue; a region may be added."""
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


def merge(
    data: bytes,
    returned: Returned,
    path: str,
    revised: datetime,
    *,
    signed_off: str = "",
    agency: str = "",
) -> Joined:
    """Merge translations into the catalogue with these bytes; raises CatalogueError if it cannot be read.

    Comments, headers and obsolete messages stay. `revised` becomes the PO-Revision-Date if something was
    taken. `path` is that of the XLIFF file, for problems. The notes of the agency become comments. With
    `signed_off`, the name of the agency, its units of that state count as reviewed by it. With `agency`, a
    comment says that a translator of it has written what was taken: the header names somebody else.
    """
    merger = _Merger(po.parse_whole(data, returned.original).file, returned.original, path)
    if agency:
        merger.translator = Reviewed(f"a translator of {agency}", revised.date().isoformat())
    times = Counter(unit.id for unit in returned.units)
    for unit in returned.units:
        merger.take(unit, is_duplicate=times[unit.id] > 1)
        merger.note(unit)
        if signed_off and unit.state == "signed-off":
            merger.review(unit, Reviewed(signed_off, revised.date().isoformat()))
    if merger.untranslated and not (merger.taken or merger.unchanged or merger.problems):
        merger.problems.append(_nothing(path, returned.line, merger.untranslated))
    if merger.taken:
        merger.file.metadata["PO-Revision-Date"] = header_date(revised)
    if merger.taken or merger.noted:
        data = po.serialize(merger.file)
    return Joined(
        data=data,
        taken=merger.taken,
        unchanged=merger.unchanged,
        untranslated=merger.untranslated,
        problems=tuple(merger.problems),
        noted=merger.noted,
    )


def _nothing(path: str, line: int, number: int) -> Problem:
    return Problem(
        check="xliff-untranslated",
        level=Level.WARNING,
        path=path,
        line=line,
        message=f"nothing at all was translated; what is empty or in English: {number} of {number}.",
        hint="Was it saved in the tool? Some tools, such as OmegaT, see only units of an export with --fill.",
    )


def _unindented(unit: Unit, codes: Codes) -> Unit:
    """Return a unit without the white space around its texts that a tool has added to indent the file."""
    if unit.source == codes.source or trimmed(unit.source) != trimmed(codes.source):
        return unit
    return replace(unit, source=codes.source, target=trimmed(unit.target))


class _Merger:
    def __init__(self, file: polib.POFile, catalogue: str, path: str) -> None:
        self.file = file
        self.catalogue = catalogue
        self.path = path
        self.entries = {
            unit_id(entry): entry for entry in file if not entry.obsolete and not entry.msgid_plural
        }
        self.gone = {unit_id(entry) for entry in file if entry.obsolete}
        self.translator: Reviewed | None = None
        self.taken = self.unchanged = self.untranslated = self.noted = 0
        self.problems: list[Problem] = []

    def report(self, unit: Unit, check: str, message: str, hint: str, level: Level = Level.ERROR) -> None:
        self.problems.append(
            Problem(check=check, level=level, path=self.path, line=unit.line, message=message, hint=hint)
        )

    def note(self, unit: Unit) -> None:
        """Keep the notes of the agency, above the message."""
        if entry := self.entries.get(unit.id):
            self._comment(entry, with_remarks(list(unit.notes), entry.tcomment))

    def review(self, unit: Unit, review: Reviewed) -> None:
        """Mark a message as reviewed, if its translation is the one that came back."""
        entry = self.entries.get(unit.id)
        if entry is None or not entry.translated():
            return
        codes, key = Codes(entry), po.key_of_entry(entry)
        if (
            _unindented(unit, codes).target == codes.target
            and review_of(key, entry.msgstr, entry.tcomment) is None
        ):
            self._comment(entry, with_review(entry.tcomment, key, entry.msgstr, review))

    def _comment(self, entry: polib.POEntry, comment: str) -> None:
        self.noted += comment != entry.tcomment
        entry.tcomment = comment

    def take(self, unit: Unit, *, is_duplicate: bool) -> None:
        """Merge one unit into its message, or report why not."""
        entry = self.entries.get(unit.id)
        if is_duplicate:
            message = f"the unit {unit.id} (“{shorten(words_in(unit.source))}”) comes more than once."
            self.report(unit, "xliff-duplicate", message, "None of them is taken. Keep the right one.")
        elif entry is None:
            self._report_stranger(unit)
        else:
            try:
                codes = Codes(entry)
            except markup.MarkupError as error:
                self.problems.append(broken_source(self.catalogue, entry, error))
                return
            unit = _unindented(unit, codes)
            if unit.source != codes.source:
                self._report_changed_source(unit, codes)
            else:
                self._take_target(unit, entry, codes)

    def _take_target(self, unit: Unit, entry: polib.POEntry, codes: Codes) -> None:
        quoted = f"“{shorten(words_in(unit.source))}”"
        is_finished = unit.state in _FINISHED
        # A tool without states leaves a fuzzy translation fuzzy.
        is_fuzzy = not is_finished and (bool(unit.state) or codes.is_fuzzy)
        returned = digest_of(unit.target, is_fuzzy=is_fuzzy)
        if unit.foreign:
            self._report_codes(unit, quoted, [f"<{name}> is not one of our codes" for name in unit.foreign])
        elif unit.target and not codes.is_broken and returned in (codes.digest, unit.exported):
            self.unchanged += 1
        elif markup.is_blank(words_in(unit.target)):
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
        key = po.key_of_entry(entry)
        entry.tcomment = without_outdated_marks(entry.tcomment, key, msgstr)
        if self.translator:
            entry.tcomment = with_translator(entry.tcomment, key, msgstr, *self.translator)
        self.taken += 1

    # ── why not ──

    def _report_stranger(self, unit: Unit) -> None:
        words = words_in(unit.source)
        now = self._english_now(unit, words)
        if now:
            message = f"the English has changed: “{_difference(words, now)}”."
            if words == now:
                message = f"the tags of the English have changed: “{shorten(now)}”."
            hint = "The translation is not taken; send the new text with the next export."
            self.report(unit, "xliff-stale", message, hint)
        elif unit.id in self.gone:
            message = f"“{shorten(words)}” is no longer part of the text."
            self.report(unit, "xliff-stale", message, "Nothing needs to be done: it needs no translation.")
        else:
            message = f"the catalogue has no message for the unit {unit.id!r}, “{shorten(words)}”."
            hint = "It is not taken. Was it exported from here, and its id kept by the tool?"
            self.report(unit, "xliff-unknown-unit", message, hint)

    def _english_now(self, unit: Unit, words: str) -> str:
        """Return, without tags, the current form of a text: by `#| msgid`, else by similarity; else empty."""
        best, ratio = "", 0.6
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(words)
        for entry in self.entries.values():
            if (entry.msgctxt or "message") != unit.role:
                continue
            now = plain_source(rule_of(entry), entry.msgid)
            if entry.previous_msgid and plain_source(rule_of(entry), entry.previous_msgid) == words:
                return now
            matcher.set_seq1(now)
            if matcher.quick_ratio() > ratio and matcher.ratio() > ratio:
                best, ratio = now, matcher.ratio()
        return best

    def _report_changed_source(self, unit: Unit, codes: Codes) -> None:
        message = (
            f"the English of the unit was changed on the way: “{shorten(words_in(codes.source))}” "
            f"came back as “{shorten(words_in(unit.source))}”."
        )
        hint = "The translation is not taken. The English is changed in the topic, not in an XLIFF file."
        self.report(unit, "xliff-source", message, hint)

    def _report_empty(self, unit: Unit, codes: Codes, quoted: str) -> None:
        if not codes.target or codes.is_broken or unit.exported == digest_of((), is_fuzzy=False):
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
        since = " in the meantime" if unit.exported else ""
        message = (
            f"{quoted} was translated here as “{shorten(entry.msgstr)}”{since}, "
            f"and came back as “{shorten(words_in(unit.target))}”."
        )
        hint = "The catalogue keeps its own. Choose; write the better one into the catalogue."
        if not unit.exported:
            hint = f"The tool has lost `extradata`, so that nobody knows which is newer. {hint}"
        self.report(unit, "xliff-clash", message, hint)


def _difference(old: str, new: str) -> str:
    """Return the change, `[-old-]{+new+}`, with a few of the words around it."""
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
    """Shorten the text between two changes, or before the first one, or after the last one."""
    before, after = ("" if is_first else text[:25]), ("" if is_last else text[-25:])
    return text if len(text) <= 60 else f"{before}…{after}"
