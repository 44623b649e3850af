"""The desk: what a translator needs to see about one message while editing it. Values only."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from healthtopics.catalogue import Key
from healthtopics.catalogues.editing import EditableEntry
from healthtopics.catalogues.judging import Judge
from healthtopics.catalogues.memory import Memory, Remembered
from healthtopics.catalogues.questions import is_statement
from healthtopics.catalogues.remarks import remarks_in
from healthtopics.catalogues.suggestions import SIMILARITY
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.checks.table import installed_checks, judge_in
from healthtopics.glossary import Glossary, glossary_terms
from healthtopics.jsontext import digest
from healthtopics.language import LanguageTag
from healthtopics.publishing.sources import Sources, twins_in
from healthtopics.reading.dangers import differences
from healthtopics.reading.difference import word_difference
from healthtopics.schema import MessageRule
from healthtopics.workbench.editing import seen_state
from healthtopics.workbench.sheets import Entry, Sheet

_MOST_SUGGESTIONS: Final = 5
_MOST_FOUND: Final = 20
"""The number of translations that a search shows."""


def id_of(key: Key) -> str:
    """Return the name of a message in addresses and pages."""
    return f"m-{digest(chr(4).join(key).encode())[:12]}"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One catalogue to work on."""

    sheet: Sheet
    rules: Mapping[Key, MessageRule | None]
    judge: Judge = field(compare=False)
    glossary: Glossary | None = field(default=None, compare=False)

    @classmethod
    def of(
        cls, sheet: Sheet, template: Iterable[TemplateMessage], judge: Judge, glossary: Glossary | None
    ) -> "Desk":
        """Return the desk of a catalogue whose messages have the rules of a template."""
        rules = {message.key: message.rule for message in template}
        return cls(sheet=sheet, rules=rules, judge=judge, glossary=glossary)

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """The messages by their ids."""
        return {id_of(entry.key): entry for entry in self.sheet.entries}

    def findings(self, key: Key, text: str, dismissed: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
        """Return what the checks find in a translation, saved or not; nothing in an empty one."""
        rule = self.rules.get(key)
        if rule is None or not text:
            return []
        return [
            {
                "check": each.check,
                "level": str(each.level),
                "message": each.message,
                "hint": each.hint,
                "dismissible": not installed_checks().is_unfit(each.check),
            }
            for each in self.judge(rule, key.msgid, text, dismissed)
        ]

    def detail(self, entry: Entry, live: EditableEntry | None, memory: Memory) -> dict[str, Any]:
        """Return everything about one message, as JSON; `live` is its entry in the file as it is now."""
        seen: dict[str, Any] = {"text": "", "fuzzy": False, "version": None, "line": None, "dismissed": []}
        if live is not None:
            seen = seen_state(live)
        dismissed = frozenset(each.check for each in live.dismissals) if live else frozenset[str]()
        return {
            "id": id_of(entry.key),
            "language": self.sheet.language,
            "catalogue": self.sheet.name,
            "key": list(entry.key),
            **seen,
            "remarks": _remarks(live) if live else [],
            "findings": self.findings(entry.key, seen["text"], dismissed),
            "previous": entry.previous,
            "former": entry.former,
            "parts": parts_of(entry.previous, entry.key.msgid) if entry.previous else [],
            **self.help(entry, memory),
        }

    def help(self, entry: Entry, memory: Memory) -> dict[str, Any]:
        """Return what helps to translate a message, as JSON."""
        rule = self.rules.get(entry.key)
        place = self.sheet.entries.index(entry)
        around = self.sheet.entries[max(0, place - 1) : place], self.sheet.entries[place + 1 : place + 2]
        return {
            "comments": entry.comments,
            "safety": entry.is_safety_critical,
            "limit": rule.limit if rule else None,
            "glossary": glossary_terms(self.glossary, entry.key.msgid) if self.glossary else [],
            "suggestions": list(_suggestions(entry.key, memory, self.sheet.name)),
            "neighbours": [[_pair(each) for each in side] for side in around],
        }


def judge_of(sources: Sources, document: Mapping[str, Any] | None, language: LanguageTag) -> Judge:
    """Return the checks for the catalogue of a topic, or without one of words that topics share."""
    return judge_in(
        language,
        twins_in(sources, document, language),
        sources.glossaries.get(language),
        emergency_numbers=sources.configuration.emergency_numbers,
    )


def _remarks(live: EditableEntry) -> list[str]:
    """Return what people have written about a message, without questions."""
    return [line for line in remarks_in(live.comment) if not is_statement(line)]


def parts_of(old: str, new: str) -> list[list[str]]:
    """Return what changed between two texts, word by word, as JSON."""
    return [[str(part.kind), part.text] for part in word_difference(old, new)]


def concordance(translations: Iterable[Remembered], phrase: str) -> list[dict[str, Any]]:
    """Return translations that have a phrase in either language, from the start of a word, shortest first."""
    words = phrase.split()
    if not words:
        return []
    wanted = re.compile(rf"\b{' '.join(map(re.escape, words))}".replace(" ", r"\s+"), re.IGNORECASE)
    found = [each for each in translations if wanted.search(each.key.msgid) or wanted.search(each.msgstr)]
    found.sort(key=lambda each: (len(each.key.msgid), each.key, each.catalogue))
    return [_remembered(each) for each in found[:_MOST_FOUND]]


def _suggestions(key: Key, memory: Memory, name: str) -> Iterator[dict[str, Any]]:
    """Yield how this English, or a similar one, was translated elsewhere, and what differs."""
    near = [(1.0, each) for each in memory.exact(key.msgid)] + memory.similar(key, SIMILARITY)
    seen: set[str] = set()
    for share, each in near:
        if (each.catalogue, each.key) == (name, key):
            continue
        if each.msgstr not in seen and len(seen) < _MOST_SUGGESTIONS:
            seen.add(each.msgstr)
            yield {
                **_remembered(each),
                "percent": 100 if each.key.msgid == key.msgid else min(int(share * 100), 99),
                "parts": parts_of(each.key.msgid, key.msgid),
                "differs": differences(each.key.msgid, key.msgid),
            }


def _remembered(each: Remembered) -> dict[str, Any]:
    return {
        "id": id_of(each.key),
        "catalogue": each.catalogue,
        "english": each.key.msgid,
        "text": each.msgstr,
    }


def _pair(entry: Entry) -> dict[str, Any]:
    return {"id": id_of(entry.key), "english": entry.key.msgid, "text": entry.msgstr}
