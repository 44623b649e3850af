"""The header of a catalogue file: its fields, its dates, and what is wrong with them."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import polib

from healthtopics.language import LanguageTag, posix_locale
from healthtopics.problems import MOST, Level, Problem, excerpt

PLURAL: Final = "po-plural"
"""The check that reports plural forms."""
CONTENT_TYPE: Final = "Content-Type: text/plain; charset=UTF-8"
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):(?!//) ?(.*)", re.DOTALL)
_CHARSET = re.compile(r"charset=\s*([^\s;]+)", re.IGNORECASE)
_READABLE = frozenset({"UTF-8", "UTF8", "ASCII", "US-ASCII"})
"""ASCII is UTF-8 too."""
_NPLURALS = re.compile(r"nplurals\s*=\s*([0-9]{1,9})")
_DATE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)[ ]?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


class PoFaults:
    """What is wrong with a file, collected line by line."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.left_out: Counter[Level] = Counter()
        """How many were found beyond the first of each level."""
        self._recorded: Counter[Level] = Counter()
        self.number = 0
        """The number of the line that is being read."""

    def report(
        self,
        check: str,
        column: int,
        message: str,
        hint: str,
        line: int | None = None,
        level: Level = Level.ERROR,
    ) -> None:
        """Record an error, by default in the line that is being read; later ones are only counted."""
        if self.is_full(level):
            self.left_out[level] += 1
            return
        self._recorded[level] += 1
        line = self.number if line is None else line
        self.problems.append(
            Problem(
                check=check, level=level, path=self.path, line=line, column=column, message=message, hint=hint
            )
        )

    def warn(self, check: str, line: int, message: str, hint: str) -> None:
        """Record a warning."""
        self.report(check, 1, message, hint, line, Level.WARNING)

    def is_full(self, level: Level = Level.ERROR) -> bool:
        """Return whether further problems of a level are only counted."""
        return self._recorded[level] >= MOST


def header_date(instant: datetime) -> str:
    """Return a moment in the form of a header's dates, in UTC."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M+0000")


def parse_instant(date: str) -> str:
    """Return a header's date as an instant, UTC; empty for none and for gettext's `YEAR-MO-DA HO:MI+ZONE`.

    A date without a time is midnight, a time without an offset is UTC. Raises ValueError for anything else.
    """
    date = date.strip()
    if not date or date.startswith("YEAR-MO-DA"):
        return ""
    match = _DATE.fullmatch(date)
    if match is None:
        raise ValueError(f"{date!r} is not a date of the form 2026-02-07 10:00+0000.")
    day, time, offset = match.groups()
    try:
        instant = datetime.fromisoformat(f"{day}T{time or '00:00'}{offset or 'Z'}").astimezone(UTC)
    except OverflowError as error:  # the year 1 in an eastern time zone
        raise ValueError(str(error)) from error
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def read_fields(text: str, start: int, faults: PoFaults) -> dict[str, str]:
    """Return the fields of a header; a line that is not a field continues the one above it."""
    fields: dict[str, str] = {}
    name = ""
    for line in text.removesuffix("\n").split("\n"):
        match = _FIELD.fullmatch(line)
        if match is not None and match[1] not in fields:
            name = match[1]
            fields[name] = match[2]
            continue
        if name:
            fields[name] += f"\n{line}"
        elif line:
            message = f"The header starts with “{excerpt(line)}”, which is not a field."
            faults.report("po-header", 1, message, "A field has the form `Name: value`.", start)
        if match is not None:
            message = f"{match[1]} comes twice in the header; the first one counts."
            faults.warn("po-header", start, message, "Delete the other one.")
    return fields


def check_header(
    file: polib.POFile, start: int, own: Sequence[str], language: LanguageTag | None, faults: PoFaults
) -> None:
    """Report what is wrong with the fields of a header, whose lines `own` begin at the line `start`."""

    def line_of(name: str) -> int:
        # A name that is split over two strings, or written with escapes, is in no line.
        return next((number for number, line in enumerate(own, start) if name in line), start)

    content_type = file.metadata.get("Content-Type")
    charset = _CHARSET.search(content_type or "")
    if content_type is None:
        hint = f'Add `"{CONTENT_TYPE}\\n"` to it.'
        faults.report("po-header", 1, "The header has no Content-Type.", hint, start)
    elif charset is None or charset[1].upper() not in _READABLE:
        faults.report(
            "po-encoding",
            1,
            f"The header says “{content_type}”, but a catalogue is UTF-8.",
            f"`msgconv -t UTF-8 -o FILE FILE` converts it; or save it as UTF-8 and write `{CONTENT_TYPE}`.",
            line_of("Content-Type"),
        )
    revised = file.metadata.get("PO-Revision-Date", "")
    try:
        parse_instant(revised)
    except ValueError:
        message = f"“{revised}” is not a date, so the translation counts as never revised."
        line = line_of("PO-Revision-Date")
        faults.warn("po-revision-date", line, message, "Write it like 2026-02-07 10:00+0000.")
    _check_language(file.metadata.get("Language", "").strip(), line_of("Language:"), language, faults)
    count = _NPLURALS.search(file.metadata.get("Plural-Forms", ""))
    for entry in file:
        forms = len(entry.msgstr_plural)
        if count is not None and forms > int(count[1]) and not entry.obsolete:
            message = f"The entry has {forms} plural forms, but the header says nplurals={count[1]}."
            hint = "Delete the forms that are too many, or fix Plural-Forms in the header."
            faults.report(PLURAL, 1, message, hint, entry.linenum)


def _check_language(name: str, line: int, language: LanguageTag | None, faults: PoFaults) -> None:
    """Warn if the header names another language than the folder; a region may be added or missing."""
    if language is None or not name:
        return
    said, meant = name.replace("_", "-").split("-"), language.split("-")
    if any(one != other for one, other in zip(said, meant, strict=False)):
        message = f"The header says “Language: {name}”, but the file is in the folder of {language}."
        hint = f"Write `Language: {posix_locale(language)}`, or move the file to the right folder."
        faults.warn("po-language", line, message, hint)
