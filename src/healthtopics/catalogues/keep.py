"""Translations that an update made fuzzy, and that an editor confirms. No disk, no clock."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

import polib

from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.judging import Judge, Objection
from healthtopics.catalogues.suggestions import (
    HERE,
    has_origin,
    is_suggestion,
    origin_in,
    source_of,
    without_notes,
)
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.glossary import Glossary
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.difference import is_typo_only, word_counts
from healthtopics.reading.dismissal import dismissed_by, without_dismissals
from healthtopics.reading.languages import lexicon_of
from healthtopics.schema import MessageRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A translation of an English text other than the one it is next to."""

    line: int
    """The line where the entry starts in its file, as in problems."""
    key: Key
    previous: str
    """The English that it was made from; the same as now for some suggestions from elsewhere."""
    msgstr: str
    is_typo_only: bool
    """Whether it comes from this place, and at most a slip in the English was fixed since."""
    errors: tuple[Objection, ...] = ()
    """The findings that would hold the edition if the translation were kept."""


def read_doubts(
    data: bytes,
    path: str,
    template: Sequence[TemplateMessage],
    judge: Judge,
    glossary: Glossary | None = None,
    *,
    counts: Mapping[str, int] | None = None,
) -> list[Doubt]:
    """Return what an update made fuzzy, in the order of the file; raises CatalogueError.

    `counts` are the current `word_counts` of the collection's English texts, each text once: only with them
    can
    a slip inside a word be distinguished from another word.
    Entries that a translator marked as fuzzy are left out: an editor can only see the mark.
    """
    rules = {message.key: message.rule for message in template}
    found: list[Doubt] = []
    for entry in po.parse(data, path).file:
        key = po.key_of_entry(entry)
        if entry.obsolete or not entry.msgstr or not is_suggestion(entry) or key not in rules:
            continue
        source, rule = source_of(entry), rules[key]
        found.append(
            Doubt(
                line=entry.linenum or 0,
                key=key,
                previous=source.msgid,
                msgstr=entry.msgstr,
                is_typo_only=origin_in(entry) == HERE
                and source.msgctxt == key.msgctxt
                and (
                    source.msgid == key.msgid
                    or is_typo_only(
                        source.msgid,
                        key.msgid,
                        _known_elsewhere(source.msgid, key.msgid, counts or {}, glossary),
                    )
                ),
                errors=() if rule is None else _errors(judge, rule, entry),
            )
        )
    return found


def keep(data: bytes, path: str, lines: Collection[int], now: str) -> bytes:
    """Return the file with the translations at these lines no longer fuzzy.

    `now` becomes the PO-Revision-Date, `2026-11-21 09:30+0000`, if there is any; raises CatalogueError.
    """
    file = po.parse_whole(data, path).file
    for entry in file:
        if entry.linenum in lines:
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
            entry.tcomment = without_notes(_comment(entry))
    if lines:
        file.metadata["PO-Revision-Date"] = now
    return po.serialize(file)


def _comment(entry: polib.POEntry) -> str:
    """Return the comment without dismissals for former texts: other tools carry them to the new text.

    Our own update does not, so the dismissals in its suggestions were written by somebody who saw both texts.
    """
    return entry.tcomment if has_origin(entry) else without_dismissals(entry.tcomment)


def _known_elsewhere(
    old: str, new: str, counts: Mapping[str, int], glossary: Glossary | None
) -> AbstractSet[str]:
    """Return the words of two texts that are in another text, in the glossary, or known to the checks."""
    own = word_counts([new])
    listed = _words_of_checks() | _english_words(glossary)
    words = (own | word_counts([old])).keys()
    return {word for word in words if counts.get(word, 0) > own[word] or word in listed}


@cache
def _words_of_checks() -> frozenset[str]:
    heads = lexicon_of(SOURCE).heads
    tails = (word for head in heads.values() for tail in head.with_tail for word in tail.split())
    return frozenset([*heads, *tails])


def _english_words(glossary: Glossary | None) -> frozenset[str]:
    families = (family for term in glossary.terms for family in term.english) if glossary else ()
    words = (word for family in families for word in family.words if word is not None)
    return frozenset(form.casefold() for word in words for form in word.forms)


def _errors(judge: Judge, rule: MessageRule, entry: polib.POEntry) -> tuple[Objection, ...]:
    objections = judge(rule, entry.msgid, entry.msgstr, dismissed_by(_comment(entry)))
    return tuple(objection for objection in objections if objection.level is Level.ERROR)
