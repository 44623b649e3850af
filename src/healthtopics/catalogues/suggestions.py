"""Suggests old translations, as fuzzy, for new messages, with a comment on their origin.

The comments are the tool's own lines among the translator's. While the entry is fuzzy:
`# suggested: miscarriage (97 %).`, `# new in the English: “severe”.`, which names words to look at, and
`# confirmed: ….` While it has no translation: `# not suggested: “…” differs in: ….`. Until it has one that is
not fuzzy: the former texts, which `former` reads. Only lines of exactly these forms are the tool's: a
translator's line may begin with the same words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polib
from rapidfuzz import fuzz

from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.former import FORMER, Former, former_in, former_lines
from healthtopics.catalogues.judging import Judge, Objection
from healthtopics.catalogues.memory import Memory, Remembered
from healthtopics.catalogues.origin import CONFIRMED, confirmation_of, is_as_confirmed
from healthtopics.problems import Level, excerpt
from healthtopics.reading.dangers import differences, is_safe_to_suggest, new_words, words_to_mark
from healthtopics.schema import MessageRule

SIMILARITY = 0.6
"""The similarity to a removed text of the same topic at which its translation is suggested."""
SIMILARITY_ELSEWHERE = 0.8
"""The same for an existing text, in this topic or in another one."""

HERE = "this catalogue"
"""The origin of suggestions from the same catalogue; otherwise it is the name of the other one."""
_SUGGESTED = re.compile(rf"suggested: ({HERE}|[^\s,]+)(?:, [a-z-]+)? \([0-9]+ %\)\.?")
"""The comment of a suggestion: `suggested: <origin>[, <role>] (<share> %).`; older ones have no full stop."""
_NEW_WORDS = re.compile(r"new in the English: “.+”\.")
"""The comment that names the words of a suggestion's English that are new."""
_NOT_SUGGESTED = re.compile(r"not suggested: “.*” differs in: .+")
"""The comment that says which translation was not suggested, and why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new message, and the checks that its translation must pass; None if they are unknown."""

    key: Key
    rule: MessageRule | None
    judge: Judge
    """The checks of translations into the catalogue's language."""

    def objections(self, msgid: str, msgstr: str) -> Sequence[Objection]:
        """Return what is wrong with a translation of some English under this message's rule."""
        return () if self.rule is None else self.judge(self.rule, msgid, msgstr)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A translation for a new message."""

    entry: polib.POEntry
    """The translation with its plural forms, flags and translator's comments."""
    source: Key
    """The message that it was made from."""
    origin: str
    share: float
    """The similarity of its English to the new one, up to 1."""
    place: int | None = None
    """Its index in the removed entries of the catalogue; None if it comes from the memory."""

    def comment(self, key: Key) -> str:
        """Return the comment that says where it is from, and for a later update that it was confirmed."""
        role = self.source.role
        other_role = f", {role}" if role and role != key.role else ""
        percent = 100 if self.source.msgid == key.msgid else min(int(self.share * 100), 99)
        line = f"suggested: {self.origin}{other_role} ({percent} %)."
        if new := new_words(self.source.msgid, key.msgid):
            line += f"\nnew in the English: {', '.join(f'“{word}”' for word in new)}."
        if self.origin != HERE or self.source == key or not is_confirmed(self.entry):
            return line
        return f"{line}\n{confirmation_of(self.source, self.entry.msgstr)}"


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The suggestions for the new messages of a catalogue."""

    found: Mapping[Key, Suggestion] = field(default_factory=dict)
    refused: Mapping[Key, "Refusal"] = field(default_factory=dict)
    """Of messages whose nearest old text differs dangerously."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An old translation that is not offered for a new message, but shown beside it."""

    entry: polib.POEntry
    source: Key
    place: int
    """Its index in the removed entries of the catalogue."""
    share: float
    """The similarity of its English to the new one, up to 1."""
    note: str
    """The comment that says why."""

    @property
    def comment(self) -> str:
        """The note and the former texts, for the new message."""
        msgstr = self.entry.msgstr or self.entry.msgstr_plural.get(0, "")
        return f"{self.note}\n{former_lines(Former(self.source.msgid, msgstr))}"


def suggest(
    new: Sequence[Wanted], gone: Sequence[polib.POEntry], memory: Memory, name: str = ""
) -> Suggestions:
    """Match new messages with old translations.

    First comes the same English, from this catalogue and role if possible; then the removed entries of this
    catalogue, the most similar first and each at most once; then similar texts in the memory.
    `name` is the catalogue's own in the memory.
    """
    found: dict[Key, Suggestion] = {}
    for wanted in new:
        if exact := _exact(wanted, gone, memory, name):
            found[wanted.key] = exact
    used = {each.place for each in found.values()}
    pairs, refused = _pairs([wanted for wanted in new if wanted.key not in found], gone)
    for key, suggestion in pairs:
        if key not in found and suggestion.place not in used:
            found[key] = suggestion
            used.add(suggestion.place)
    for wanted in new:
        if wanted.key not in found and (similar := _similar(wanted, memory, name)):
            found[wanted.key] = similar
    return Suggestions(found, {key: each for key, each in refused.items() if key not in found})


def with_note(comment: str, line: str) -> str:
    """Return a translator comment with the line, or the lines, at its end and without our other notes."""
    return "\n".join(filter(None, [without_notes(comment), line]))


def without_notes(comment: str) -> str:
    """Return a translator comment without the lines that this module writes."""
    return _without(comment, _SUGGESTED, _NEW_WORDS, _NOT_SUGGESTED, CONFIRMED, *_former_of(comment))


def with_full_stops(comment: str) -> str:
    """Return a translator comment in which our notes of former versions end as today's do."""
    if "suggested: " not in comment and "confirmed: " not in comment:
        return comment
    return "\n".join(
        f"{line.removesuffix('.')}." if _SUGGESTED.fullmatch(line) or CONFIRMED.fullmatch(line) else line
        for line in comment.split("\n")
    )


def current_notes(entry: polib.POEntry) -> str:
    """Return the entry's translator comment without outdated notes."""
    if not (entry.msgstr or any(entry.msgstr_plural.values())):
        return _without(entry.tcomment, _SUGGESTED, _NEW_WORDS, CONFIRMED)
    if entry.fuzzy:
        return _without(entry.tcomment, _NOT_SUGGESTED)
    return without_notes(entry.tcomment)


def source_of(entry: polib.POEntry) -> Key:
    """Return the message that the translation was made for: for an unused suggestion, the former message."""
    if entry.fuzzy and entry.previous_msgid is not None:
        return Key(entry.previous_msgctxt or entry.msgctxt or "", entry.previous_msgid)
    return po.key_of_entry(entry)


def is_confirmed(entry: polib.POEntry) -> bool:
    """Return whether somebody confirmed the translation for its source, and has not changed it since.

    Then it may be used again, not fuzzy, if that text comes back.
    """
    if entry.msgid_plural or not entry.msgstr:
        return False
    return not entry.fuzzy or is_as_confirmed(source_of(entry), entry.msgstr, entry.tcomment)


def is_suggestion(entry: polib.POEntry) -> bool:
    """Return whether the translation is a suggestion that nobody has accepted."""
    return entry.fuzzy and (entry.previous_msgid is not None or has_origin(entry))


def has_origin(entry: polib.POEntry) -> bool:
    """Return whether a comment says that our update suggested the translation."""
    return any(map(_SUGGESTED.fullmatch, entry.tcomment.split("\n")))


def origin_in(entry: polib.POEntry) -> str:
    """Return the origin of a suggestion according to its comment: HERE, or another catalogue's name."""
    matches = (_SUGGESTED.fullmatch(line) for line in entry.tcomment.split("\n"))
    return next((match[1] for match in matches if match), HERE)


def _former_of(comment: str) -> tuple[re.Pattern[str], ...]:
    return (FORMER,) if former_in(comment) else ()


def _without(comment: str, *notes: re.Pattern[str]) -> str:
    if not any(word in comment for word in ("suggested: ", "confirmed: ", "new in the English: ", "former ")):
        return comment
    return "\n".join(line for line in comment.split("\n") if not any(note.fullmatch(line) for note in notes))


def _exact(wanted: Wanted, gone: Sequence[polib.POEntry], memory: Memory, name: str) -> Suggestion | None:
    key = wanted.key
    candidates = [
        Suggestion(entry, source, origin_in(entry), 1.0, place)
        for place, entry in enumerate(gone)
        if (source := source_of(entry)).msgid == key.msgid and not (entry.fuzzy and source != key)
    ]
    candidates += [
        _from_memory(each, 1.0, name) for each in memory.exact(key.msgid) if _is_sound(wanted, each)
    ]
    candidates.sort(
        key=lambda each: (
            each.origin != HERE,
            each.source.role != key.role,
            each.origin,
            each.source.msgctxt,
        )
    )
    return next((each for each in candidates if _is_fit(wanted, each)), None)


def _pairs(
    new: Sequence[Wanted], gone: Sequence[polib.POEntry]
) -> tuple[list[tuple[Key, Suggestion]], dict[Key, Refusal]]:
    """Return suggestions from this catalogue, best first, and why the best of the rest were refused."""
    found: list[tuple[float, int, int, Key, Suggestion]] = []
    refused: dict[Key, Refusal] = {}
    sources = [source_of(entry) for entry in gone]
    for place, wanted in enumerate(new):
        key = wanted.key
        for index, (entry, source) in enumerate(zip(gone, sources, strict=True)):
            if source.role != key.role:
                continue
            share = fuzz.ratio(source.msgid, key.msgid, score_cutoff=SIMILARITY * 100) / 100
            if not share:
                continue
            if not _may_be_offered(source.msgid, key.msgid):
                if key not in refused or share > refused[key].share:
                    note = _refusal(source.msgid, key.msgid)
                    refused[key] = Refusal(entry, source, index, share, note)
                continue
            suggestion = Suggestion(entry, source, origin_in(entry), share, index)
            if _is_fit(wanted, suggestion):
                found.append((-share, place, index, key, suggestion))
    found.sort(key=lambda each: each[:3])
    return [(key, suggestion) for *_, key, suggestion in found], refused


def _may_be_offered(old: str, new: str) -> bool:
    return is_safe_to_suggest(old, new) or words_to_mark(old, new) is not None


def _refusal(old: str, new: str) -> str:
    return (
        f"not suggested: “{excerpt(' '.join(old.split()))}” differs in: {'; '.join(differences(old, new))}."
    )


def _similar(wanted: Wanted, memory: Memory, name: str) -> Suggestion | None:
    if wanted.rule is not None and wanted.rule.is_optional:
        return None  # similar names are still names of different things
    candidates = [
        _from_memory(each, share, name)
        for share, each in memory.similar(wanted.key, SIMILARITY_ELSEWHERE)
        if _may_be_offered(each.key.msgid, wanted.key.msgid) and _is_sound(wanted, each)
    ]
    candidates.sort(key=lambda each: (each.origin != HERE, -each.share, each.origin, each.source.msgid))
    return next((each for each in candidates if _is_fit(wanted, each)), None)


def _from_memory(each: Remembered, share: float, name: str) -> Suggestion:
    entry = polib.POEntry(msgctxt=each.key.msgctxt or None, msgid=each.key.msgid, msgstr=each.msgstr)
    return Suggestion(entry, each.key, HERE if each.catalogue == name else each.catalogue, share)


def _is_sound(wanted: Wanted, each: Remembered) -> bool:
    """Return whether no check objects to a translation in its place; only imported text is checked."""
    objections = wanted.objections(each.key.msgid, each.msgstr) if each.is_imported else ()
    return all(objection.level is Level.INFO for objection in objections)


def _is_fit(wanted: Wanted, suggestion: Suggestion) -> bool:
    """Return whether the text is valid where it is suggested: a translator fixes words, not markup."""
    rule, msgstr = wanted.rule, suggestion.entry.msgstr
    if rule is None or not msgstr:
        return True
    if not rule.markup and suggestion.source.role != wanted.key.role and ("<" in msgstr or "&" in msgstr):
        return False  # marked up there, plain here
    return not any(objection.is_unfit for objection in wanted.objections(wanted.key.msgid, msgstr))
