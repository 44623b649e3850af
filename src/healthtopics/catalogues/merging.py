"""Merges two people's edits of one catalogue, message by message. No disk, no clock.

A merge by lines cannot do it: two neighbouring translations, a new template and the date in the header
all look like conflicts to it, and a merge without conflicts may contain a message twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypeAlias, TypeVar

import polib

from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.po_header import parse_instant
from healthtopics.catalogues.questions import with_answers_below
from healthtopics.catalogues.remarks import carry, remarks_in, with_remarks
from healthtopics.catalogues.reviews import without_outdated_marks
from healthtopics.catalogues.translators import attribute
from healthtopics.errors import CatalogueError
from healthtopics.problems import Problem, excerpt
from healthtopics.reading.dismissal import without_dismissals

_Key: TypeAlias = tuple[str | None, str]
"""msgctxt and msgid."""
_Entries: TypeAlias = Mapping[_Key, polib.POEntry]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merge."""

    data: bytes
    """In canonical form, with conflict markers where somebody has to choose."""
    conflicts: tuple[Problem, ...] = ()
    """One for each remaining choice, with its line in `data`."""


def merge(base: bytes | None, ours: bytes, theirs: bytes, path: str, *, is_marked: bool = False) -> Merged:
    """Merge what two sides made of a common base; `path` is only quoted in problems.

    Messages are merged part by part: the translation, the translator's comments, the flags; the header field
    by
    field. A part that one side changed is taken from it. Comments and flags of both are joined, but a
    dismissal
    stays with the words that it was made for; the later dates win, and with PO-Revision-Date the fields that
    say who saved last; of the template's comments those of the later template win. The order is ours, with
    messages that only they have after their neighbours. A translation that one side no longer has is kept as
    obsolete: an update makes obsolete what it removes, so that missing text was more likely lost. Text that
    has
    moved to a new message is not missing, and deleting an obsolete entry is deliberate. Comments above a
    message
    that was not translated yet move as an update moves them (see `remarks`).

    If both sides translated one message differently, no side wins: both entries are in `data` between the
    markers that git writes for a conflict, `<<<<<<<`, `=======` and `>>>>>>>`. People and their tools know
    them,
    and no reader of catalogues takes them for text; a fuzzy entry with the other translation in a comment
    could be confirmed by somebody who never saw that comment.

    If `is_marked`, entries say who translated them where only the header of their side says it, and the
    merged header names another person. A base that is missing or cannot be read counts as empty. Raises
    CatalogueError with the problems of both sides if one of them cannot be read or may be truncated.
    """
    sides = _parse_sides(ours, theirs, path)
    return _Merge(_parse_base(base, path), *sides).compose(path, is_marked=is_marked)


def _parse_base(data: bytes | None, path: str) -> polib.POFile:
    try:
        return po.parse(data or b"", path).file
    except CatalogueError:
        return polib.POFile()


def _parse_sides(ours: bytes, theirs: bytes, path: str) -> list[polib.POFile]:
    files: list[polib.POFile] = []
    problems: list[Problem] = []
    for name, data in (("ours", ours), ("theirs", theirs)):
        try:
            files.append(po.parse_whole(data, f"{path} ({name})").file)
        except CatalogueError as error:
            problems += error.problems
    if problems:
        raise CatalogueError(problems)
    return files


class _State(IntEnum):
    """The state of a message in a file; of two new states the greater one wins."""

    ABSENT = 0
    OBSOLETE = 1
    LIVE = 2

    @classmethod
    def of(cls, entry: polib.POEntry | None) -> "_State":
        if entry is None:
            return cls.ABSENT
        return cls.OBSOLETE if entry.obsolete else cls.LIVE


@dataclass(frozen=True, slots=True)
class _Translation:
    """The part of an entry that a translator is responsible for: the words, and whether they are fuzzy."""

    words: tuple[str, ...] = ()
    """The msgstr, or the plural forms; empty if there is no translation."""
    is_fuzzy: bool = False
    previous: tuple[str | None, str | None, str | None] = (None, None, None)
    """The `#|` lines: context, text and plural."""

    @classmethod
    def of(cls, entry: polib.POEntry | None) -> "_Translation":
        if entry is None:
            return cls()
        forms = tuple(form for _, form in sorted(entry.msgstr_plural.items())) or (entry.msgstr,)
        if not any(forms):
            return cls()
        previous = (entry.previous_msgctxt, entry.previous_msgid, entry.previous_msgid_plural)
        return cls(forms, entry.fuzzy, previous)


class _Merge:
    """One merge of three files."""

    def __init__(self, base: polib.POFile, ours: polib.POFile, theirs: polib.POFile) -> None:
        self.files = (base, ours, theirs)
        self.base, self.ours, self.theirs = map(_by_key, self.files)
        self.is_template_theirs = _is_later(theirs, ours, "POT-Creation-Date")

    def compose(self, path: str, *, is_marked: bool) -> Merged:
        found = {key: self._merge_entry(key) for key in {**self.ours, **self.theirs}}
        merged = {key: entries for key, entries in found.items() if entries}
        header = self._merge_headers()
        if is_marked:
            self._attribute(merged)
        self._carry_remarks(merged, header)
        # An entry that is obsolete on our side and live on theirs goes where they have it.
        placed = [key for key in self.ours if key in merged and not _is_revived(self.ours[key], merged[key])]
        ordered = [merged[key] for key in _order(placed, (key for key in self.theirs if key in merged))]
        choices = [header, *sorted(ordered, key=lambda entries: entries[0].obsolete)]
        blocks: list[str] = []
        conflicts: list[Problem] = []
        line = 1
        for entries in choices:
            texts = [po.serialize_entry(entry) for entry in entries]
            if len(texts) > 1:
                texts = ["<<<<<<< ours\n", texts[0], "=======\n", texts[1], ">>>>>>> theirs\n"]
            blocks.append("".join(texts))
            if len(texts) > 1:
                conflicts.append(_conflict(path, line, blocks[-1].count("\n"), entries))
            line += blocks[-1].count("\n") + 1
        return Merged("\n".join(blocks).encode(), tuple(conflicts))

    # ── entries: one if there is no conflict, otherwise two ──

    def _merge_entry(self, key: _Key) -> list[polib.POEntry]:
        """Return the entries of one message; empty if it was removed."""
        base, ours, theirs = (entries.get(key) for entries in (self.base, self.ours, self.theirs))
        former = self._former(base, ours, theirs)
        found = self._translations(key, former, ours, theirs)
        state = max(_settle(_State.of(base), _State.of(ours), _State.of(theirs)))
        if state is _State.ABSENT and (
            found != [former]
            or _is_commented(base, ours or theirs)
            or self._is_lost(key, base, (self.ours, self.theirs))
        ):
            state = (
                _State.OBSOLETE
            )  # one side removed the message and the other one worked on it, or it was lost
        is_translated = any(each.words for each in found)
        if state is _State.ABSENT or (state is _State.OBSOLETE and not is_translated):
            return []
        return [self._compose(key, each, state, (base, ours, theirs)) for each in found]

    def _former(
        self, base: polib.POEntry | None, ours: polib.POEntry | None, theirs: polib.POEntry | None
    ) -> _Translation:
        """Return the translation that both sides started from."""
        if base is None:
            offers = [each for each in map(self._offered, (ours, theirs)) if each]
            if len({each.words for each in offers}) == 1:  # of two different ones neither is the former
                return offers[0]
        return _Translation.of(base)

    def _translations(
        self, key: _Key, former: _Translation, ours: polib.POEntry | None, theirs: polib.POEntry | None
    ) -> list[_Translation]:
        """Return the translation of a message; two if somebody has to choose."""
        versions = (
            former,
            _Translation.of(ours) if ours else self._improved(former, key, self.ours),
            _Translation.of(theirs) if theirs else self._improved(former, key, self.theirs),
        )
        found = _settle(*versions)
        if len(found) > 1:  # a change in the #| lines alone does not count: tools drop them
            words = _settle(*((each.words, each.is_fuzzy) for each in versions))
            found = [each for each in found if (each.words, each.is_fuzzy) in words]
        if len({each.words for each in found}) == 1:
            found = [max(found, key=lambda each: each.is_fuzzy)]  # fuzzy on one side: fuzzy
        return found

    def _offered(self, entry: polib.POEntry | None) -> _Translation | None:
        """Return the fuzzy translation that an update has suggested for this new text from a former one.

        Nobody has worked on it yet, so the other side's translation wins.
        """
        if entry is None or not entry.fuzzy or entry.previous_msgid is None:
            return None
        offer = _Translation.of(entry)
        origin = _Translation.of(self.base.get(_origin(offer, entry.msgctxt)))
        return offer if offer.words and offer.words == origin.words else None

    def _improved(self, former: _Translation, key: _Key, entries: _Entries) -> _Translation:
        """Return the translation from the side that does not have the message.

        For a suggestion, that is what this side made of the translation under its former text.
        """
        if key in self.base or not former.words:
            return former
        origin = _Translation.of(entries.get(_origin(former, key[0])))
        if not origin.words or origin.is_fuzzy:
            return former
        return replace(former, words=origin.words)

    def _is_lost(self, key: _Key, base: polib.POEntry | None, sides: Iterable[_Entries]) -> bool:
        """Return whether a side dropped a translation that is neither obsolete nor used for a new text."""
        if base is None or base.obsolete:
            return False
        words = _Translation.of(base).words
        return any(
            key not in entries and not any(self._is_used(key, words, entry) for entry in entries.values())
            for entries in sides
        )

    def _is_used(self, key: _Key, words: tuple[str, ...], entry: polib.POEntry) -> bool:
        """Return whether an entry has the translation of a former message, or a revision of it."""
        found = _Translation.of(entry)
        is_new = (entry.msgctxt, entry.msgid) not in self.base
        return is_new and (found.words == words or (entry.fuzzy and _origin(found, entry.msgctxt) == key))

    def _compose(
        self,
        key: _Key,
        translation: _Translation,
        state: _State,
        versions: tuple[polib.POEntry | None, polib.POEntry | None, polib.POEntry | None],
    ) -> polib.POEntry:
        """Return an entry with the translation, and everything merged from the three versions."""
        base, ours, theirs = versions
        present = [each for each in (ours, theirs) if each is not None]
        former, mine, others = base or polib.POEntry(), present[0], present[-1]
        template = self._template(base, present)
        plural = mine.msgid_plural or others.msgid_plural
        forms = dict(enumerate(translation.words)) or dict.fromkeys(
            mine.msgstr_plural or others.msgstr_plural, ""
        )
        flags = [flag for flag in _join(former.flags, mine.flags, others.flags) if flag != "fuzzy"]
        return polib.POEntry(
            msgctxt=key[0],
            msgid=key[1],
            msgid_plural=plural,
            msgstr="" if plural or not translation.words else translation.words[0],
            msgstr_plural=forms if plural else {},
            tcomment=_join_comments(
                *(_comment_for(key, translation, each) for each in (former, mine, others))
            ),
            comment=template.comment,
            occurrences=template.occurrences,
            flags=["fuzzy", *flags] if translation.is_fuzzy else flags,
            previous_msgctxt=translation.previous[0],
            previous_msgid=translation.previous[1],
            previous_msgid_plural=translation.previous[2],
            obsolete=state is _State.OBSOLETE,
        )

    def _template(self, base: polib.POEntry | None, present: Sequence[polib.POEntry]) -> polib.POEntry:
        """Return the entry whose comments and places are those of the template."""
        live = [each for each in present if not each.obsolete] or present
        if len(live) == 1:
            return live[0]
        latest, other = reversed(live) if self.is_template_theirs else live
        is_unchanged = base is not None and (latest.comment, latest.occurrences) == (
            base.comment,
            base.occurrences,
        )
        return other if is_unchanged else latest

    def _carry_remarks(
        self, merged: Mapping[_Key, Sequence[polib.POEntry]], header: Sequence[polib.POEntry]
    ) -> None:
        """Move the comments above a removed message that was not translated to where they are read."""
        new = [
            entries[0]
            for key, entries in merged.items()
            if key not in self.base and len(entries) == 1 and not entries[0].obsolete
        ]
        for key in {**self.ours, **self.theirs}:
            if key in merged:
                continue
            present = [entries[key] for entries in (self.ours, self.theirs) if key in entries]
            # Of two sides, the one that removed the message has seen the comments above it before.
            former = remarks_in(self.base[key].tcomment) if key in self.base and len(present) == 1 else []
            remarks = _join(former, *(remarks_in(each.tcomment) for each in (present[0], present[-1])))
            left = carry([each for each in remarks if each not in former], present[0], new)
            for entry in header:
                entry.tcomment = with_remarks(left, entry.tcomment)

    def _attribute(self, merged: Mapping[_Key, Sequence[polib.POEntry]]) -> None:
        """Name the translator of the side that a translation is from, the base first."""
        translator = self._field("Last-Translator")[0] or ""
        for key, entries in merged.items():
            for entry in entries:
                for file, side in zip(self.files, (self.base, self.ours, self.theirs), strict=True):
                    origin = side.get(key)
                    if origin and origin.translated() and origin.msgstr == entry.msgstr:
                        attribute(file, translator, [entry])
                        break

    # ── the header ──

    def _merge_headers(self) -> list[polib.POEntry]:
        base, ours, theirs = self.files
        versions: list[dict[str, str]] = [{}, {}]
        for name in _join([], list(ours.metadata), list(theirs.metadata)):
            found = self._field(name)
            for fields, value in zip(versions, (found[0], found[-1]), strict=True):
                if value is not None:
                    fields[name] = value
        entries = []
        for fields in versions if versions[0] != versions[1] else versions[:1]:
            file = polib.POFile()
            file.header = _join_comments(base.header, ours.header, theirs.header)
            is_fuzzy = (file.metadata_is_fuzzy for file in self.files)
            file.metadata_is_fuzzy = _settle(*is_fuzzy)[0]
            file.metadata = fields
            entries.append(po.header_of(file))
        return entries

    def _field(self, name: str) -> list[str | None]:
        """Return the value of a field of the header; two if somebody has to choose, None for a field less."""
        base, ours, theirs = self.files
        found = _settle(*(file.metadata.get(name) for file in self.files))
        if name in _DATES:
            return [(theirs if _is_later(theirs, ours, name) else ours).metadata.get(name)]
        is_saved_twice = all(_instant(each, _REVISED) != _instant(base, _REVISED) for each in (ours, theirs))
        if (name in _SAVED and is_saved_twice) or (name in _TEAM and len(found) > 1):
            return [(theirs if _is_later(theirs, ours, _REVISED) else ours).metadata.get(name)]
        return found


def _by_key(file: polib.POFile) -> dict[_Key, polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in file}


_REVISED = "PO-Revision-Date"
_DATES = {"POT-Creation-Date", _REVISED}
"""The later one of these counts, on whichever side it changed."""
_SAVED = {"Last-Translator", "X-Generator"}
"""Who saved last, in which editor: with PO-Revision-Date they are of one side."""
_TEAM = {*_SAVED, "Language-Team"}
"""Of these no field is worth a conflict: the side that saved last counts."""


def _is_later(one: polib.POFile, other: polib.POFile, name: str) -> bool:
    """Compare dates of two headers; a missing or invalid date is earlier than any."""
    return _instant(one, name) > _instant(other, name)


def _instant(file: polib.POFile, name: str) -> str:
    try:
        return parse_instant(file.metadata.get(name, ""))
    except ValueError:
        return ""


# ── three versions of one thing ──────────────────────────────────────────────────────────────────────────


def _settle(base: _T, ours: _T, theirs: _T) -> list[_T]:
    """Return the result of the two sides: one value, or both if each changed it differently."""
    if theirs in (ours, base):
        return [ours]
    return [theirs] if ours == base else [ours, theirs]


def _join(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return our items without those that they deleted, then those that they added."""
    kept = [item for item in ours if item in theirs or item not in base]
    return kept + [item for item in theirs if item not in ours and item not in base]


def _join_comments(base: str, ours: str, theirs: str) -> str:
    """Join line by line if both sides changed a comment."""
    found = _settle(base, ours, theirs)
    if len(found) == 1:
        return found[0]
    former, mine, other = (text.split("\n") if text else [] for text in (base, ours, theirs))
    return "\n".join(with_answers_below(with_answers_below(_join(former, mine, other), mine), other))


def _comment_for(key: _Key, translation: _Translation, entry: polib.POEntry) -> str:
    """Return the entry's comment; its dismissals and reviews hold only for the entry's own words."""
    if _Translation.of(entry).words == translation.words:
        return entry.tcomment
    words = translation.words[0] if translation.words else ""
    return without_outdated_marks(without_dismissals(entry.tcomment), Key(key[0] or "", key[1]), words)


def _is_commented(base: polib.POEntry | None, entry: polib.POEntry | None) -> bool:
    """Return whether a translator has changed the entry's comment."""
    return base is not None and entry is not None and entry.tcomment != base.tcomment


def _is_revived(entry: polib.POEntry, merged: Sequence[polib.POEntry]) -> bool:
    return bool(entry.obsolete and not merged[0].obsolete)


def _order(ours: Iterable[_Key], theirs: Iterable[_Key]) -> Iterator[_Key]:
    """Yield our keys in their order, each followed by keys that only they have and that follow it there."""
    known = dict.fromkeys(ours)
    additions: dict[_Key | None, list[_Key]] = {}
    before: _Key | None = None
    for key in theirs:
        if key in known:
            before = key
        else:
            additions.setdefault(before, []).append(key)
    yield from additions.get(None, ())
    for key in known:
        yield key
        yield from additions.get(key, ())


def _origin(offer: _Translation, context: str | None) -> _Key:
    """Return the former message of a suggested translation; `context` is that of the new one."""
    former_context, msgid, _ = offer.previous
    return (context if former_context is None else former_context, msgid or "")


def _conflict(path: str, line: int, length: int, entries: Sequence[polib.POEntry]) -> Problem:
    entry, other = entries
    if entry.msgid:
        message = (
            f"“{excerpt(entry.msgid)}” was translated in two ways: “{excerpt(_words(entry))}” by us, "
            f"“{excerpt(_words(other))}” by them."
        )
    else:
        message = "Both sides changed the same fields of the header."
    return Problem(
        check="po-conflict-marker",
        path=path,
        line=line,
        column=1,
        message=message,
        hint=(
            f"In lines {line} to {line + length - 1} keep the right entry; delete the other one, and the "
            "lines of <<<<<<<, ======= and >>>>>>>."
        ),
    )


def _words(entry: polib.POEntry) -> str:
    return entry.msgstr or " / ".join(form for _, form in sorted(entry.msgstr_plural.items()))
