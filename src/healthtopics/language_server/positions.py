"""Where a problem is in a text: offsets of its characters. No protocol, no file system."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from healthtopics.catalogues.po_reader import ESCAPES
from healthtopics.places import Places
from healthtopics.problems import Problem
from healthtopics.reading.dismissal import DISMISSAL, NAMES

_STRING: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_ESCAPE: Final = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|(.))|([^\\])", re.DOTALL)
_QUOTED: Final = re.compile("“([^“”]+)”")


class Span(NamedTuple):
    """A part of a text."""

    start: int
    end: int


def span_of(problem: Problem, text: str) -> Span:
    """Return the part of a file's text that a problem is about; the first line if it is about the whole."""
    if problem.path.endswith(".po"):
        return _in_catalogue(problem, text)
    if problem.line is not None:
        return _from(text, problem.line, problem.column)
    try:
        place = Places(text, PurePosixPath(problem.path).suffix).at_pointer(problem.pointer)
    except (ValueError, RecursionError):  # not valid, or nested too deep: the problem says so itself
        place = None
    if place is None or not problem.pointer:
        return _from(text, 1)
    start = _offset(text, place.line) + place.column - 1
    if text[start : start + 1] in ("{", "["):
        return Span(start, start + 1)
    if problem.path.endswith(".json"):
        return Span(start, json.JSONDecoder().raw_decode(text, start)[1])
    return _from(text, place.line, place.column)


def _in_catalogue(problem: Problem, text: str) -> Span:
    entry = EntryText.at(text, problem.line or 1)
    if problem.line is None or problem.column is not None or entry is None or problem.line != entry.line:
        return _from(text, problem.line or 1, problem.column)
    if problem.check.startswith("dismissal-"):
        return entry.dismissal or entry.translation
    return entry.fragment(problem.message) or entry.translation


def _offset(text: str, line: int) -> int:
    """Return where a line starts; only a line feed ends one."""
    start = 0
    for _ in range(line - 1):
        end = text.find("\n", start)
        if end < 0:
            break
        start = end + 1
    return start


def _from(text: str, line: int, column: int | None = None) -> Span:
    """Return the rest of a line, without the space around it; at least one character, if there is one."""
    start = _offset(text, line)
    end = text.find("\n", start)
    row = text[start : len(text) if end < 0 else end].rstrip()
    first = column - 1 if column else len(row) - len(row.lstrip())
    return Span(start + min(first, max(len(row) - 1, 0)), start + len(row))


@dataclass(frozen=True)
class EntryText:
    """An entry of a catalogue's text, as far as its lines show it."""

    text: str
    line: int
    """The line of its first keyword, counted from 1."""
    comments: Sequence[tuple[int, str]]
    """The offset and the text of each line of comments above it."""

    @classmethod
    def at(cls, text: str, line: int) -> "EntryText | None":
        """Return the entry that has a line, in its strings or its comments; None if there is none."""
        lines = text.split("\n")
        first = min(line, len(lines)) - 1
        if lines[first].startswith("#"):
            while first < len(lines) and lines[first].startswith("#"):
                first += 1
        else:
            while first > 0 and _goes_on(lines, first):
                first -= 1
        if first >= len(lines) or not lines[first].lstrip().startswith(("msgctxt", "msgid")):
            return None
        above = first
        while above > 0 and lines[above - 1].startswith("#") and not lines[above - 1].startswith("#~"):
            above -= 1
        start = _offset(text, above + 1)
        comments = []
        for each in lines[above:first]:
            comments.append((start, each))
            start += len(each) + 1
        return cls(text, first + 1, comments)

    @cached_property
    def start(self) -> int:
        """Where its first keyword is."""
        return _offset(self.text, self.line)

    @cached_property
    def translation(self) -> Span:
        """The strings of its translation, from the first quotation mark to the last."""
        strings = self._strings("msgstr")
        if not strings:
            return _from(self.text, self.line)
        first = next((each for each in strings if each[1]), strings[0])  # `msgstr ""` opens one of many lines
        return Span(first.start(), strings[-1].end())

    @property
    def dismissal(self) -> Span | None:
        """The comment that is meant to dismiss findings, if there is one."""
        found = (Span(at, at + len(each)) for at, each in self.comments if "ignore" in each)
        return next(found, None)

    def fragment(self, sentence: str) -> Span | None:
        """Return the part of the translation that a sentence quotes; None if it does not quote one."""
        english = "".join(character for character, _span in self._characters("msgid"))
        characters = list(self._characters("msgstr"))
        translation = "".join(character for character, _span in characters)
        quoted = [each.strip("…").strip() for each in _QUOTED.findall(sentence)]
        present = [each for each in quoted if each and each in translation]
        words = sorted(present, key=lambda each: each in english)
        for each in words:
            if found := re.search(rf"(?<!\w){re.escape(each)}(?!\w)", translation):
                return Span(characters[found.start()][1].start, characters[found.end() - 1][1].end)
        return None

    def with_dismissal(self, check: str) -> tuple[Span, str]:
        """Return what to replace by which text, so that a check is dismissed."""
        line = f"# lint-ignore: {check}\n"
        for at, comment in self.comments:
            said = DISMISSAL.fullmatch(comment.removeprefix("#").strip())
            if said and comment.startswith("# "):
                names = dict.fromkeys((*NAMES.findall(said[1]), check))
                return Span(at, at + len(comment)), f"# lint-ignore: {', '.join(names)}"
        before = (at for at, comment in self.comments if comment[1:2] not in ("", " "))
        at = next(before, self.start)
        return Span(at, at), line

    def _strings(self, keyword: str) -> list[re.Match[str]]:
        """Return the strings of a keyword; of plural forms, those of the first."""
        strings: list[re.Match[str]] = []
        is_in = False
        start = self.start
        for line in self.text[self.start :].split("\n"):
            word = re.match(r"\s*(msg\w+)", line)
            if word:
                if is_in or (strings and word[1] == "msgctxt"):
                    break
                is_in = word[1] == keyword
            elif not line.lstrip().startswith('"'):
                break
            if is_in:
                strings += _STRING.finditer(self.text, start, start + len(line))
            start += len(line) + 1
        return strings

    def _characters(self, keyword: str) -> Iterator[tuple[str, Span]]:
        """Yield each character of a keyword's value, and where it is written."""
        for string in self._strings(keyword):
            for each in _ESCAPE.finditer(self.text, string.start(1), string.end(1)):
                octal, hexadecimal, letter, plain = each.groups()
                code = int(octal, 8) if octal else int(hexadecimal, 16) if hexadecimal else None
                character = plain or (ESCAPES.get(letter, letter) if code is None else chr(code))
                yield character, Span(*each.span())


def _goes_on(lines: Sequence[str], at: int) -> bool:
    """Return whether a line belongs to an entry that starts above it."""
    line = lines[at].lstrip()
    if line.startswith(('"', "msgstr", "msgid_plural")):
        return True
    if not line.startswith("msgid"):
        return False
    above = at - 1
    while above > 0 and lines[above].lstrip().startswith('"'):
        above -= 1
    return lines[above].lstrip().startswith("msgctxt")
