"""Translations that an update made fuzzy, and the editor's word that they hold. No disk, no clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polib

from healthtopics.catalogue import Key
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.translation import po
from healthtopics.translation.checks import Finding, Pair, Twins, check_pair, is_unfit
from healthtopics.translation.checks.dismissal import dismissed_by
from healthtopics.translation.difference import is_typo_only
from healthtopics.translation.suggestions import HERE, is_suggestion, origin_in, source_of, without_notes
from healthtopics.translation.update import TemplateMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A translation that stands beside an English text which it was not made from."""

    line: int
    """Where the entry starts in its file, as problems name it."""
    key: Key
    previous: str
    """The English that it was made from; of a suggestion from elsewhere it may be the same."""
    msgstr: str
    is_typo_only: bool
    """Whether it comes from this very place, and only a slip in the English was mended since, if anything."""
    errors: tuple[Finding, ...] = ()
    """What would hold the edition if the translation were kept."""


def read_doubts(
    data: bytes,
    path: str,
    template: Sequence[TemplateMessage],
    language: LanguageTag,
    twins: Twins,
    glossary: Glossary | None = None,
) -> list[Doubt]:
    """Return what an update made fuzzy, in the order of the file; raises CatalogueError.

    What a translator marked as fuzzy is not among it: an editor knows no more of it than its mark.
    """
    rules = {message.key: message.rule for message in template}
    found: list[Doubt] = []
    for entry in po.parse(data, path).file:
        key = Key(entry.msgctxt or "", entry.msgid)
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
                and (source.msgid == key.msgid or is_typo_only(source.msgid, key.msgid)),
                errors=()
                if rule is None
                else _errors(Pair(rule, key.msgid, entry.msgstr, twins, language, glossary), entry),
            )
        )
    return found


def keep(data: bytes, path: str, lines: Collection[int], now: str) -> bytes:
    """Return the file in which the translations at these lines are no longer in doubt.

    `now` becomes the PO-Revision-Date, `2026-11-21 09:30+0000`, if there is any; raises CatalogueError.
    """
    file = po.parse_whole(data, path).file
    for entry in file:
        if entry.linenum in lines:
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
            entry.tcomment = without_notes(entry.tcomment)
    if lines:
        file.metadata["PO-Revision-Date"] = now
    return po.serialize(file)


def _errors(pair: Pair, entry: polib.POEntry) -> tuple[Finding, ...]:
    dismissed = dismissed_by(entry.tcomment)
    return tuple(
        finding
        for finding in check_pair(pair)
        if finding.level is Level.ERROR and (finding.check not in dismissed or is_unfit(finding.check))
    )
