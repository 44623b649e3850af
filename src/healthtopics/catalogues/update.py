"""Merges a translator's file with a new template: no work is lost, nothing dangerous is suggested.

No disk, no clock: the same input gives the same bytes.
"""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

import polib
from babel import Locale

from healthtopics.catalogue import Catalogue, Key
from healthtopics.catalogues.judging import Judge
from healthtopics.catalogues.memory import EMPTY, Memory
from healthtopics.catalogues.po import key_of_entry
from healthtopics.catalogues.po_header import header_date
from healthtopics.catalogues.remarks import carry, remarks_in, with_remarks, without_remarks
from healthtopics.catalogues.reviews import without_outdated_marks
from healthtopics.catalogues.suggestions import (
    HERE,
    Suggestion,
    Suggestions,
    Wanted,
    current_notes,
    is_confirmed,
    source_of,
    suggest,
    with_full_stops,
    with_note,
    without_notes,
)
from healthtopics.language import LanguageTag, posix_locale
from healthtopics.reading.dismissal import without_dismissals
from healthtopics.schema import MessageRule


@dataclass(frozen=True, slots=True)
class TemplateMessage:
    """One message of a template: the current source."""

    key: Key
    comments: tuple[str, ...]
    """Context for the translator, one `#.` line each."""
    reference: str
    """Its first place: file and JSON pointer, no spaces."""
    rule: MessageRule | None = None
    """The rule for its translation; None if it is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The fields of a catalogue's header that the template determines."""

    language: LanguageTag
    subject: str
    """What is translated, for the first line of a new file: `topic “miscarriage”`."""
    created: str
    """The last update of the source, ISO 8601; a date is midnight, a time without an offset is UTC."""
    project: str = "healthtopics"
    """The Project-Id-Version of a new file."""
    report_to: str = ""
    """The Report-Msgid-Bugs-To of a new file: a URL or an e-mail address."""


def update(
    template: Sequence[TemplateMessage],
    existing: polib.POFile | None,
    header: Header,
    *,
    judge: Judge | None,
    memory: Memory = EMPTY,
    name: str = "",
    shipped: Catalogue | None = None,
    offers_again: bool = False,
) -> polib.POFile:
    """Return the file with the template's messages, in its order, and all of the translator's work.

    A translation stays with its key, and so do its dismissals. A new message gets, as fuzzy, the suggestion
    of
    `suggest` from the file and the memory, where `name` is the file's own name; without a judge to check it,
    nothing is suggested.
    A translation whose key is gone and that is not suggested is kept as obsolete, and is restored when its
    key
    returns. So is one that was confirmed, was then suggested for another text, and has not been edited
    meanwhile. If a message is removed untranslated, the translator's comment moves to the most similar new
    message of its role, otherwise to the first comment of the file. Of two entries that differ only by an
    empty msgctxt and none, the first live one stays, the other one is kept as obsolete.
    `shipped` holds translations of the package, which fill empty ones. With `offers_again`, messages that are
    in the file without a translation get suggestions, too.
    `existing` is not changed. With an unchanged template the result serializes to the same bytes.
    """
    old, others = _by_key(existing or ())
    keys = {message.key for message in template}
    dropped = [entry for key, entry in old.items() if key not in keys]
    gone = list(filter(_has_translation, dropped))
    waiting = _untranslated(old) if offers_again else set()
    new = (keys - old.keys()) | waiting
    suggestions = Suggestions()
    if judge is not None:
        suggestions = suggest(_wanted(template, new, shipped, judge), gone, memory, name)
    file = _empty_file(existing, header)
    for message in template:
        entry = _entry(message.key, old.get(message.key), suggestions, waiting)
        file.append(_completed(entry, message, shipped))
    file.extend(_obsolete(gone, suggestions, keys))
    file.extend(map(_as_other, filter(_has_translation, others)))
    _carry_remarks([*dropped, *others], file, old.keys())
    return file


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────


def _by_key(entries: Iterable[polib.POEntry]) -> tuple[dict[Key, polib.POEntry], list[polib.POEntry]]:
    """Return one entry for each key, and the rest: for gettext, `msgctxt ""` and none are two keys."""
    found: dict[Key, polib.POEntry] = {}
    live_first = sorted(entries, key=lambda entry: entry.obsolete)
    others = [entry for entry in live_first if found.setdefault(key_of_entry(entry), entry) is not entry]
    return found, others


def _wanted(
    template: Iterable[TemplateMessage], keys: Collection[Key], shipped: Catalogue | None, judge: Judge
) -> list[Wanted]:
    """Return what suggestions are made for: messages of these keys that the package does not translate."""
    own = (each for each in template if each.key in keys and not _shipped(shipped, each.key))
    return [Wanted(each.key, each.rule, judge) for each in own]


def _untranslated(entries: Mapping[Key, polib.POEntry]) -> set[Key]:
    return {key for key, entry in entries.items() if not _has_translation(entry)}


def _has_translation(entry: polib.POEntry) -> bool:
    return bool(entry.msgstr or any(entry.msgstr_plural.values()))


def _copy(old: polib.POEntry, key: Key) -> polib.POEntry:
    """Return a live entry for the key with everything that the translator wrote."""
    is_fuzzy = old.fuzzy and _has_translation(old)
    return polib.POEntry(
        msgctxt=key.msgctxt or None,
        msgid=key.msgid,
        msgstr=old.msgstr,
        msgid_plural=old.msgid_plural,
        msgstr_plural=dict(old.msgstr_plural),
        tcomment=without_outdated_marks(with_full_stops(current_notes(old)), key, old.msgstr),
        flags=[flag for flag in old.flags if _is_translators(flag) and (is_fuzzy or flag != "fuzzy")],
        previous_msgctxt=old.previous_msgctxt if is_fuzzy else None,
        previous_msgid=old.previous_msgid if is_fuzzy else None,
        previous_msgid_plural=old.previous_msgid_plural if is_fuzzy else None,
    )


def _is_translators(flag: str) -> bool:
    """Return whether the flag may stay: tools guess formats, wrongly if a text has a percentage."""
    return not flag.endswith("-format") or flag.endswith("brace-format")


def _as_suggestion(suggestion: Suggestion, key: Key) -> polib.POEntry:
    source = suggestion.source
    entry = _copy(suggestion.entry, key)
    if source == key and suggestion.origin == HERE and is_confirmed(suggestion.entry):
        _confirm(entry)  # its source text is back
        return entry
    entry.tcomment = with_note(without_dismissals(entry.tcomment), suggestion.comment(key))
    is_same = source == key
    entry.previous_msgctxt = source.msgctxt if source.msgctxt != key.msgctxt else None
    entry.previous_msgid = None if is_same else source.msgid
    if not entry.fuzzy:
        entry.flags.insert(0, "fuzzy")
    return entry


def _confirm(entry: polib.POEntry) -> None:
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    entry.tcomment = without_notes(entry.tcomment)


def _obsolete(
    gone: Sequence[polib.POEntry], suggestions: Suggestions, keys: AbstractSet[Key]
) -> Iterator[polib.POEntry]:
    """Yield entries that are not in the template, nor suggested, as obsolete, newly obsolete ones last.

    The remarks of those that are shown beside new messages have moved there.
    """
    used = {each.place for each in suggestions.found.values()}
    shown = {each.place for each in suggestions.refused.values()}
    unused = [(place, entry) for place, entry in enumerate(gone) if place not in used]
    ordered = sorted(unused, key=lambda each: not each[1].obsolete)
    taken = set(keys) | {key_of_entry(entry) for _place, entry in ordered}
    for place, entry in ordered:
        obsolete = _as_obsolete(entry, taken)
        if place in shown:
            obsolete.tcomment = without_remarks(obsolete.tcomment)
        yield obsolete


def _as_obsolete(old: polib.POEntry, taken: set[Key]) -> polib.POEntry:
    """Return the entry as obsolete; an unused suggestion goes back to the text it was made for.

    That text's key must not be in `taken`, to which it is added.
    """
    source = source_of(old)
    key = key_of_entry(old) if source in taken else source
    taken.add(key)
    entry = _copy(old, key)
    if key == source and is_confirmed(old):
        _confirm(entry)
    if key != key_of_entry(old):
        entry.tcomment = without_dismissals(entry.tcomment)
    entry.obsolete = True
    entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    return entry


def _as_other(old: polib.POEntry) -> polib.POEntry:
    """Return the entry as obsolete next to the one that has its key in the template's form."""
    entry = _copy(old, key_of_entry(old))
    entry.msgctxt = ""
    entry.obsolete = True
    entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    return entry


def _carry_remarks(lost: Iterable[polib.POEntry], file: polib.POFile, known: Collection[Key]) -> None:
    """Move a translator's comments above removed entries to where they are read."""
    new = [entry for entry in file if not entry.obsolete and key_of_entry(entry) not in known]
    for entry in itertools.filterfalse(_has_translation, lost):
        file.header = with_remarks(carry(remarks_in(entry.tcomment), entry, new), file.header)


def _completed(entry: polib.POEntry, message: TemplateMessage, shipped: Catalogue | None) -> polib.POEntry:
    """Add the shipped translation if the entry is empty, and the template's members."""
    if not _has_translation(entry) and (msgstr := _shipped(shipped, message.key)):
        entry.msgstr, entry.tcomment = msgstr, without_notes(without_dismissals(entry.tcomment))
    entry.comment = "\n".join(message.comments)
    entry.occurrences = [(message.reference, "")]
    return entry


def _entry(
    key: Key, old: polib.POEntry | None, suggestions: Suggestions, waiting: AbstractSet[Key]
) -> polib.POEntry:
    """Return the entry of a message: as it was, or new, or for one that is waiting what is suggested now."""
    if old is None:
        return _new(key, suggestions)
    if key not in waiting or key not in suggestions.found:
        return _copy(old, key)
    entry = _new(key, suggestions)
    entry.tcomment = with_remarks(remarks_in(old.tcomment), entry.tcomment)
    return entry


def _new(key: Key, suggestions: Suggestions) -> polib.POEntry:
    if key in suggestions.found:
        return _as_suggestion(suggestions.found[key], key)
    entry = polib.POEntry(msgctxt=key.msgctxt or None, msgid=key.msgid)
    if key in suggestions.refused:
        refusal = suggestions.refused[key]
        entry.tcomment = with_remarks(remarks_in(refusal.entry.tcomment), refusal.comment)
    return entry


def _shipped(shipped: Catalogue | None, key: Key) -> str:
    message = shipped.find(key) if shipped is not None else None
    return message.msgstr if message is not None and not message.is_fuzzy else ""


# ── the header ───────────────────────────────────────────────────────────────────────────────────────────


_LICENCE = "SPDX-License-Identifier: CC0-1.0"


def _empty_file(existing: polib.POFile | None, header: Header) -> polib.POFile:
    """Return a file with the header of an existing one, or with a new one."""
    file = polib.POFile()
    file.header = _first_comment(header) if existing is None else existing.header
    file.metadata_is_fuzzy = existing is not None and existing.metadata_is_fuzzy
    file.metadata = _fields({} if existing is None else existing.metadata, header)
    return file


def _first_comment(header: Header) -> str:
    return f"{_language_name(header.language)} translation of {header.subject}.\n{_LICENCE}"


def _fields(existing: dict[str, str], header: Header) -> dict[str, str]:
    """Return the translator's fields in their order, with missing ones in their usual place.

    Only POT-Creation-Date is the template's.
    """
    usual = {
        "Project-Id-Version": header.project,
        "Report-Msgid-Bugs-To": header.report_to,
        "POT-Creation-Date": _header_date(header.created),
        "PO-Revision-Date": "",
        "Last-Translator": "",
        "Language-Team": _language_name(header.language),
        "Language": posix_locale(header.language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _plural_forms(header.language),
    }
    names = list(existing)
    place = 0
    for name in usual:
        if name not in existing:
            names.insert(place, name)
        place = names.index(name) + 1
    known = existing | {"POT-Creation-Date": usual["POT-Creation-Date"]}
    return {name: known.get(name, usual.get(name, "")) for name in names}


def _header_date(date: str) -> str:
    instant = datetime.fromisoformat(date)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return header_date(instant)


def _language_name(language: LanguageTag) -> str:
    names = Locale("en").languages
    primary = language.partition("-")[0]
    return str(names.get(posix_locale(language)) or names.get(primary) or language)


def _plural_forms(language: LanguageTag) -> str:
    from babel.messages.plurals import DEFAULT_PLURAL, PLURALS  # noqa: PLC0415 - slow to import

    primary = language.partition("-")[0]
    count, rule = PLURALS.get(posix_locale(language)) or PLURALS.get(primary) or DEFAULT_PLURAL
    return f"nplurals={count}; plural={rule};"
