"""NLM's health-topic XML → records, in one pass and in constant memory. No disk, no clock, no network.

Nothing outside the file is ever read: its document type is not fetched, entities are refused.
The content of summaries is not examined here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final, Never
from xml.parsers import expat

import orjson
from lxml import etree

from healthtopics.importers.medlineplus.opening import DAMAGED, LARGEST, with_signs
from healthtopics.importers.medlineplus.record import (
    ENGLISH,
    Record,
    Xml,
    parse_day,
    parse_record,
    read_record,
)
from healthtopics.importers.medlineplus.syntax import not_xml, syntax_problem
from healthtopics.language import LanguageTag
from healthtopics.markup.xml import hardened_pull_parser
from healthtopics.problems import Level, Problem

_FILE: Final = "health-topics"
_ANSWER: Final = "nlmSearchResult"
"""The root of what the web service wsearch.nlm.nih.gov answers; `rettype=topic` gives records."""
_CHUNK = 1 << 16
"""Bytes read at a time."""
_LONGEST_PROLOGUE = 1 << 20
"""Bytes before the root element; a real one has about 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedRecord:
    """The index entry of a record."""

    id: str
    language: LanguageTag
    title: str
    url: str
    twin: str | None
    """The id of its record in the other language, if the collection has it; either may name it."""
    line: int
    offset: int
    """Its place in the spool, in bytes."""
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCollection:
    """The good records of a file. Reads its spool, so it must not be used by two threads at once."""

    path: str
    generated: str
    """The ISO day on which NLM made the file; empty if the file does not have it."""
    total: int | None
    """The number of records that the file claims."""
    entries: Mapping[str, IndexedRecord]
    """By id, in the order of the file, without faulty records and their twins."""
    left_out: frozenset[str]
    """The ids that are in the file but not in `entries`: faulty, or the twin is, or was not read."""
    is_complete: bool
    """Whether the file was read to its end and has as many records as it says, at least one.

    Otherwise some may be missing: records that the file does not have must not be withdrawn.
    """
    is_answer: bool
    """Whether it answers a search: some records, without their twins and perhaps without their links."""
    problems: tuple[Problem, ...]
    spool: IO[bytes] = field(repr=False, compare=False)

    def record(self, record_id: str) -> Record:
        """Return the record; raises KeyError if it is not in `entries`."""
        return parse_record(self.text(self.entries[record_id]))

    def text(self, entry: IndexedRecord) -> bytes:
        """Return the record in the form of the spool; see `parse_record`."""
        self.spool.seek(entry.offset)
        return self.spool.read(entry.length)

    def pairs(self) -> Iterator[tuple[IndexedRecord, IndexedRecord | None]]:
        """Yield the English records in the order of the file, each with its Spanish one or None."""
        for entry in self.entries.values():
            if entry.language == ENGLISH:
                yield entry, self.entries[entry.twin] if entry.twin else None

    def closure(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return what a self-contained subset around these records needs, in the order of the file.

        The records, their twins, the records that either of them names as related, and the twins of those.
        Only one step of relation: more steps lead to nearly the whole collection.
        Ids that are not in `entries` are left out.
        """

        def with_twins(chosen: Iterable[str]) -> set[str]:
            known = {each for each in chosen if each in self.entries}
            return known | {twin for each in known if (twin := self.entries[each].twin)}

        seeds = with_twins(ids)
        wanted = seeds | with_twins(each.id for seed in seeds for each in self.record(seed).related)
        return tuple(each for each in self.entries if each in wanted)


def read_collection(
    stream: IO[bytes],
    spool: IO[bytes],
    path: str,
    progress: Callable[[], None] = lambda: None,
    *,
    saved: str = "",
) -> RecordCollection:
    """Read a file of health topics, or an answer of the web service; what is wrong is in `problems`.

    `saved` is the ISO day on which the file was saved: that of an answer, which does not give its own.

    `spool` takes the records, one after another from its position, and must be able to seek;
    it belongs to the collection from then on. `path` only names the file in the problems. `progress` is
    called after each part of the file.
    """
    reading = _Reading(path, spool, progress, saved)
    reading.read(stream)
    return reading.collection()


class _RefusedError(Exception):
    """The file is not read any further; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class _Prologue:
    """What comes before the first record: only expat reports an internal subset before it reads it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.roots: list[dict[str, str]] = []
        """The attributes of the root element, once it was seen."""
        self.parser = expat.ParserCreate()
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._element
        self.length = 0
        self.encoding = ""
        """As the file declares it."""
        self.is_answer = False
        """Whether the root is that of an answer of the web service."""

    def lets_pass(self, data: bytes) -> bool:
        """Read the next bytes, none at the end, and return whether the root element was seen.

        Raises _RefusedError for a file that must not be read.
        """
        if self.roots:
            return True
        self.length += len(data)
        try:
            self.parser.Parse(data, not data)
        except (LookupError, ValueError):  # no codec of that name, or one of several bytes a character
            self._refuse_encoding()
        except expat.ExpatError as error:
            if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]:
                self._refuse_encoding()
            if not self.roots:
                reason = expat.ErrorString(error.code)
                raise _RefusedError(not_xml(self.path, reason, error.lineno, error.offset + 1)) from None
        if not self.roots and self.length > _LONGEST_PROLOGUE:
            raise _RefusedError(not_xml(self.path, "no element found", None))
        return bool(self.roots)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or ""

    def _refuse(self, check: str, message: str, hint: str) -> Never:
        line = self.parser.CurrentLineNumber
        raise _RefusedError(
            Problem(check=check, path=self.path, line=line, message=message, hint=hint)
        ) from None

    def _refuse_encoding(self) -> Never:
        message = f"the file says that its encoding is {self.encoding!r}, which cannot be read."
        hint = "NLM's files are in UTF-8. Take the file from medlineplus.gov again."
        self._refuse("medlineplus-xml", message, hint)

    def _doctype(self, name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
        if has_internal_subset:
            message = f"the document type {name!r} has declarations, perhaps entities."
            hint = "NLM's files only name their type. Take the file from medlineplus.gov again."
            self._refuse("medlineplus-doctype", message, hint)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        if not self.roots and name not in (_FILE, _ANSWER):
            message = f"the root element is <{name}>, not <{_FILE}>, and not the <{_ANSWER}> of a search."
            hint = "Give the file mplus_topics_….xml of medlineplus.gov/xml.html, its zip, or an answer."
            self._refuse("medlineplus-root", message, hint)
        self.is_answer = self.is_answer or (not self.roots and name == _ANSWER)
        self.roots = self.roots or [attributes]


class _Reading:
    """One pass over a file: the findings so far."""

    def __init__(self, path: str, spool: IO[bytes], progress: Callable[[], None], saved: str) -> None:
        self.path = path
        self.saved = saved
        self.is_answer = False
        self.spool = spool
        self.progress = progress
        self.problems: list[Problem] = []
        self.entries: list[IndexedRecord] = []
        """Good ones so far; an id may come twice."""
        self.lines: defaultdict[str, list[int]] = defaultdict(list)
        """Every id → the lines of its records, including faulty ones."""
        self.namers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        """The id of a twin → the ids of the records that name it, and their lines."""
        self.faulty: set[str] = set()
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.first_line: dict[tuple[str, str], int] = {}
        self.count = 0
        self.root: Mapping[str, str] | None = None
        """The attributes of the root element, once it was seen."""
        self.is_read = False
        """Whether it was read to its end."""
        self.is_complete = False
        """Whether it was read to its end, with as many records as it says."""

    # ── the pass ──

    def read(self, stream: IO[bytes]) -> None:
        prologue = _Prologue(self.path)
        parser = hardened_pull_parser("health-topic")
        waiting = b""
        try:
            for data in with_signs(self._parts(stream)):
                waiting += data
                if prologue.lets_pass(data):  # lxml sees nothing that expat has not seen before
                    self._feed(parser, waiting)
                    waiting = b""
            prologue.lets_pass(b"")
            root: Any = parser.close()
            for left in () if prologue.is_answer else root:
                self._unknown_element(left, _FILE)
            self.is_read = True
        except _RefusedError as error:
            self.problems.append(error.problem)
        except etree.XMLSyntaxError as error:
            self.problems.append(syntax_problem(self.path, error))
        except DAMAGED:
            message = "the compressed file is damaged or cut off: it cannot be read to its end."
            self._problem("medlineplus-zip", None, message, "Take it from medlineplus.gov again.")
        self.root = next(iter(prologue.roots), None)
        self.is_answer = prologue.is_answer
        self._check_entities(parser)

    def _parts(self, stream: IO[bytes]) -> Iterator[bytes]:
        length = 0
        while data := stream.read(_CHUNK):
            self.progress()
            length += len(data)
            if length > LARGEST:
                message = "the file holds more than 2 GiB; NLM's has about 30 MB."
                hint = "Take the file from medlineplus.gov again."
                raise _RefusedError(
                    Problem(check="medlineplus-too-large", path=self.path, message=message, hint=hint)
                )
            yield data

    def _feed(self, parser: "etree.XMLPullParser", data: bytes) -> None:
        try:
            parser.feed(data)
        finally:  # what comes before a fault is good
            for _, event in parser.read_events():
                element: Any = event
                root = element.getparent()
                if root is not None and root.tag == "content":
                    self._take(element)
                    root.remove(element)
                elif root is not None and root.getparent() is None:
                    self._take(element)
                    while (before := element.getprevious()) is not None:
                        self._unknown_element(before, _FILE)
                        root.remove(before)

    def _check_entities(self, parser: "etree.XMLPullParser") -> None:
        """Find records that lose text to an entity which only a document type could explain.

        For those in attributes libxml2 reports only the line of its parser, and a start tag is placed
        at its end: the records on both sides of the line are suspected.
        """
        lines = {each.line for each in parser.feed_error_log if each.type_name == "WAR_UNDECLARED_ENTITY"}
        for line in sorted(lines):
            before = max((each.line for each in self.entries if each.line <= line), default=0)
            after = min((each.line for each in self.entries if each.line > line), default=0)
            self.faulty.update(each.id for each in self.entries if each.line in {before, after})
            message = (
                "a named entity is here, and its text would be lost; the records around it are left out."
            )
            hint = "Only &amp; &lt; &gt; &quot; &apos; and numbers need no document type."
            self._problem("medlineplus-entity", line, message, hint)

    # ── one record ──

    def _take(self, element: Xml) -> None:
        self.count += 1
        record, is_good = read_record(element, self.path, self.problems, self.count_unknown)
        if record.id:
            self.lines[record.id].append(record.line)
        if not is_good:
            self.faulty.add(record.id)
        if record.twin:
            self.namers[record.twin.id][record.id] = record.line
        document = orjson.dumps(record)
        self.entries.append(
            IndexedRecord(
                id=record.id,
                language=record.language,
                title=record.title,
                url=record.url,
                twin=record.twin.id if record.twin else None,
                line=record.line,
                offset=self.spool.tell(),
                length=len(document),
            )
        )
        self.spool.write(document)

    def _unknown_element(self, element: Xml, parent: str) -> None:
        if element.tag != "health-topic" or parent != _FILE:
            message = f"the element <{element.tag}> in <{parent}>"
            self.count_unknown("medlineplus-unknown-element", message, element.sourceline)

    def count_unknown(self, check: str, what: str, line: int | None) -> None:
        """Count what the format does not have; it is reported once, at the end."""
        self.unknown[check, what] += 1
        self.first_line.setdefault((check, what), line or 0)

    def _problem(
        self, check: str, line: int | None, message: str, hint: str = "", level: Level = Level.ERROR
    ) -> None:
        self.problems.append(
            Problem(check=check, level=level, path=self.path, line=line, message=message, hint=hint)
        )

    # ── all records together ──

    def collection(self) -> RecordCollection:
        root = self.root
        generated, total = self._head(root)
        self.is_complete = self.is_read and self.count > 0 and total == self.count
        self._report_unknown()
        self._find_duplicates()
        self._find_rivals()
        twins = self._pair()
        self._leave_out_with_twins(twins)
        good = {
            each.id: replace(each, twin=twins.get(each.id))
            for each in self.entries
            if each.id not in self.faulty
        }
        return RecordCollection(
            path=self.path,
            generated=generated,
            total=total,
            entries=good,
            left_out=frozenset(self.faulty & set(self.lines)),
            is_complete=self.is_complete,
            is_answer=self.is_answer,
            problems=tuple(sorted(self.problems, key=lambda problem: problem.line or 0)),
            spool=self.spool,
        )

    def _head(self, root: Mapping[str, str] | None) -> tuple[str, int | None]:
        """Return the day of the file, and the number of records that it claims."""
        if root is None:
            return "", None
        if not self.is_answer:
            return self._generated(root.get("date-generated", "")), self._total(root.get("total", ""))
        if self.is_read and not self.count:
            hint = "Ask the web service with rettype=topic; other answers hold no whole records."
            self._problem("medlineplus-no-records", None, "the answer holds no record.", hint)
        return self.saved, None

    def _generated(self, text: str) -> str:
        day = parse_day(re.sub(r" [0-9]{2}:[0-9]{2}:[0-9]{2}$", "", text.strip()))
        if day is None:
            message = f"date-generated is {text!r}, not of the form MM/DD/YYYY HH:MM:SS."
            hint = "It is the date of every change that this file brings; write the day on which NLM made it."
            self._problem("medlineplus-date", None, message, hint)
        return day or ""

    def _total(self, text: str) -> int | None:
        total = int(text) if re.fullmatch(r" *[0-9]{1,9} *", text) else None
        if self.is_read and not self.count:
            hint = "Nothing is imported, and nothing withdrawn. Take the file from medlineplus.gov again."
            self._problem("medlineplus-no-records", None, "the file holds no record.", hint)
        elif self.is_read and total != self.count:
            self._problem(
                "medlineplus-total",
                None,
                f"the file says total={text!r} and holds {self.count} records.",
                "Records may be missing, so none is withdrawn: compare with the file on medlineplus.gov.",
                Level.WARNING,
            )
        return total

    def _report_unknown(self) -> None:
        for (check, what), count in self.unknown.items():
            times = "once" if count == 1 else f"{count:,} times, here first"
            self._problem(
                check,
                self.first_line[check, what] or None,
                f"{what} is not in the format that we know; it was seen {times}.",
                "It was not imported. NLM may have changed the format.",
                Level.WARNING,
            )

    def _find_duplicates(self) -> None:
        for record_id, lines in self.lines.items():
            if len(lines) > 1:
                self.faulty.add(record_id)
                for line in lines:
                    others = ", ".join(str(each) for each in lines if each != line) or str(line)
                    message = f"the id {record_id} comes more than once, also on line {others}."
                    hint = "None of these records is imported; take the file from medlineplus.gov again."
                    self._problem("medlineplus-duplicate-id", line, message, hint)

    def _find_rivals(self) -> None:
        for twin, namers in self.namers.items():
            if len(namers) > 1:
                self.faulty.update(namers, {twin})
                for record_id, line in namers.items():
                    others = ", ".join(each for each in namers if each != record_id)
                    message = f"record {record_id} names {twin} as its twin, and so does {others}."
                    hint = "Two texts cannot be the translation of one; none of them is imported."
                    self._problem("medlineplus-two-twins", line, message, hint)

    def _pair(self) -> dict[str, str]:
        """Check what the good records say about their twins; return mutual twins, both ways."""
        twins: dict[str, str] = {}
        known = {each.id: each for each in self.entries}
        for entry in self.entries:
            if entry.id in self.faulty:
                continue
            twin = known.get(entry.twin or "")
            if twin is None:
                self._lonely(entry)
            elif twin.id in self.faulty:
                continue  # reported there; left out with it
            elif twin.language == entry.language:
                self.faulty.update((entry.id, twin.id))
                message = f"record {entry.id} names {twin.id} as its twin, which is in the same language."
                hint = "Neither of them is imported."
                self._problem("medlineplus-twin-language", entry.line, message, hint)
            elif twin.twin not in {entry.id, None}:
                self.faulty.update((entry.id, twin.id))
                message = f"record {entry.id} names {twin.id} as its twin, but that one names {twin.twin}."
                hint = "Which belong together is in doubt; neither of them is imported."
                self._problem("medlineplus-twin-not-mutual", entry.line, message, hint)
            else:
                twins |= {entry.id: twin.id, twin.id: entry.id}
                if twin.twin is None:
                    message = (
                        f"record {entry.id} names {twin.id} as its twin, which names none; they are a pair."
                    )
                    self._problem("medlineplus-twin-one-sided", entry.line, message, level=Level.WARNING)
        return twins

    def _lonely(self, entry: IndexedRecord) -> None:
        if self.namers.get(entry.id):
            return  # its twin names it, and that counts for both
        if entry.twin and not self.is_complete and not self.is_answer:
            self.faulty.add(entry.id)
            message = (
                f"record {entry.id} is left out: its twin {entry.twin} may be among the missing records."
            )
            hint = "Take a complete file."
            self._problem("medlineplus-twin-left-out", entry.line, message, hint, Level.WARNING)
            return
        kind = "answer" if self.is_answer else "file"
        named = f"its twin {entry.twin} is not in the {kind}" if entry.twin else "it names no twin"
        if entry.language == ENGLISH:
            message = f"record {entry.id}, “{entry.title}”, has no Spanish: {named}."
            hint = "Only its English is imported."
            self._problem("medlineplus-no-twin", entry.line, message, hint, Level.WARNING)
        else:
            self.faulty.add(entry.id)
            message = f"record {entry.id}, “{entry.title}”, has no English: {named}."
            hint = "It is not imported: a topic starts from its English record."
            self._problem("medlineplus-spanish-only", entry.line, message, hint, Level.WARNING)

    def _leave_out_with_twins(self, twins: Mapping[str, str]) -> None:
        """Leave out a good record with its faulty twin: half a topic must not replace a whole one."""
        lonely = {
            partner: entry.id
            for entry in self.entries
            if entry.id in self.faulty
            for partner in (entry.twin, twins.get(entry.id), *self.namers.get(entry.id, ()))
            if partner in self.lines and partner not in self.faulty
        }
        for partner, faulty in lonely.items():
            message = f"record {partner} is left out with its twin {faulty}, which is not imported."
            hint = "Fix that one, or take a complete file; then this one is imported, too."
            self._problem("medlineplus-twin-left-out", self.lines[partner][0], message, hint, Level.WARNING)
        self.faulty.update(lonely)
