"""Merges imported translations into a catalogue file; a translator's work wins.

Each imported entry has a comment `# origin: <source> <digest>`. While the digest matches, nobody has
edited the entry since, and the next import may replace it. No disk, no clock.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polib

from healthtopics.catalogue import Catalogue, Key
from healthtopics.catalogues import po
from healthtopics.catalogues.judging import Judge
from healthtopics.catalogues.origin import is_as_imported, origin_of
from healthtopics.catalogues.po import key_of_entry
from healthtopics.catalogues.reviews import without_outdated_marks
from healthtopics.catalogues.suggestions import is_suggestion, source_of, without_notes
from healthtopics.catalogues.translators import is_unattributed
from healthtopics.catalogues.update import Header, TemplateMessage, update
from healthtopics.reading.dismissal import without_dismissals

_NOTE: Final = "unit: "
"""Begins the translator comment that says why a unit is larger than a block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The translation of one message."""

    msgstr: str
    note: str = ""
    """For translators: why the unit is larger than a block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The source and date of translations."""

    source: str
    """One word, for the comment of each entry."""
    translator: str
    """The Last-Translator of a file that has none."""
    day: str
    """YYYY-MM-DD; the PO-Revision-Date of changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedCatalogue:
    """The resulting file."""

    data: bytes
    is_changed: bool
    """Whether any message or translation differs from before; changed comments do not count."""
    clashes: tuple[Key, ...]
    """Messages whose translation both the translator and the source changed.

    The translator's is kept; if the source changed the English too, it is kept as obsolete.
    """
    overtaken: frozenset[Key]
    """The clashes in which the source's translation is used, and the translator's kept as obsolete."""


def import_translations(  # noqa: PLR0913 - a file, what it is compared with, and who judges
    template: Sequence[TemplateMessage],
    data: bytes | None,
    header: Header,
    translations: Mapping[Key, Imported],
    *,
    origin: Origin,
    path: str,
    judge: Judge,
    shipped: Catalogue | None = None,
    withdraws: bool = False,
) -> ImportedCatalogue:
    """Bring a catalogue up to date with its template and with the translations of a source.

    Imported entries that nobody edited and that the template no longer has are removed: nobody has worked on
    them. An imported translation is never fuzzy. A translator's work whose English the source changed is
    kept as obsolete, and wins again if that English comes back.
    `shipped` supplies translations that neither file nor source has. With `withdraws`, the translations are
    the complete source: unedited ones from before that are missing now become untranslated.
    Raises CatalogueError if the file cannot be read.
    """
    existing = po.parse_whole(data, path).file if data is not None else None
    before = _messages(existing)
    wanted = {message.key for message in template}
    kept = None if existing is None else _without_unedited(existing, wanted)
    file = update(template, kept, header, judge=judge)
    displaced = _displaced(file, kept, translations)
    overtaken = _overtaken(displaced, translations)
    _keep(file, displaced.values())
    if withdraws:
        _withdraw(file, translations)
    live = [entry for entry in file if not entry.obsolete]
    clashes = [(key_of_entry(entry), _put(entry, translations, origin.source)) for entry in live]
    for entry in file:
        _fill(entry, shipped)
    is_changed = _messages(file) != before
    if is_changed:
        _sign(file, po.to_catalogue(file, header.language, path).revised, origin)
    return ImportedCatalogue(
        data=po.serialize(file),
        is_changed=is_changed,
        clashes=tuple(key for key, is_clash in clashes if is_clash or key in overtaken),
        overtaken=frozenset(overtaken),
    )


def _overtaken(displaced: Mapping[Key, polib.POEntry], translations: Mapping[Key, Imported]) -> set[Key]:
    """Return the messages that the source translates differently; obsolete ones were reported before."""
    return {
        key
        for key, work in displaced.items()
        if not work.obsolete and work.msgstr != translations[key].msgstr
    }


def _sign(file: polib.POFile, last: str, origin: Origin) -> None:
    """Record in the header that the source has changed the file, unless somebody revised it later.

    A header that names nobody stays so if somebody has worked on the file: the source did not do that work.
    """
    if last < f"{origin.day}T00:00:00Z":
        file.metadata["PO-Revision-Date"] = f"{origin.day} 00:00+0000"
    if not file.metadata.get("Last-Translator") and not any(map(is_unattributed, file)):
        file.metadata["Last-Translator"] = origin.translator


def _displaced(
    file: polib.POFile, kept: polib.POFile | None, translations: Mapping[Key, Imported]
) -> dict[Key, polib.POEntry]:
    """Return the local work that becomes a suggestion where the source has a translation, by that key.

    Each is as it was for its own English. A suggestion of an earlier run stays fuzzy, because it is unknown
    whether somebody has begun to adapt it to the new English.
    """
    former = {key_of_entry(entry): entry for entry in kept or ()}
    found: dict[Key, polib.POEntry] = {}
    for entry in file:
        if entry.obsolete or not is_suggestion(entry) or key_of_entry(entry) not in translations:
            continue
        source = source_of(entry)
        if is_as_imported(source, entry.msgstr, entry.tcomment):
            continue
        # Where that English is here too, its entry may be empty: the work waits at the suggestion.
        before = former.get(source)
        work = copy.copy(before if before is not None and before.msgstr else entry)
        work.msgctxt, work.msgid = entry.previous_msgctxt or entry.msgctxt, source.msgid
        work.tcomment = without_notes(work.tcomment)
        if source not in former:
            work.tcomment = without_dismissals(work.tcomment)
        found[key_of_entry(entry)] = work
    return found


def _keep(file: polib.POFile, displaced: Iterable[polib.POEntry]) -> None:
    """Put the work where its English is back, otherwise at the end of the file as obsolete; never twice."""
    present = {key_of_entry(entry): entry for entry in file}
    for work in displaced:
        work.previous_msgctxt = work.previous_msgid = work.previous_msgid_plural = None
        place = present.setdefault(key_of_entry(work), work)
        if place is work:
            work.obsolete = True
            file.append(work)
        elif not place.msgstr:
            place.msgstr, place.flags, place.tcomment = work.msgstr, list(work.flags), work.tcomment


def _withdraw(file: polib.POFile, translations: Mapping[Key, Imported]) -> None:
    for entry in file:
        if key_of_entry(entry) not in translations and not entry.obsolete and _is_unedited(entry):
            entry.msgstr = ""
            _set_comments(entry, "", "")


def _put(entry: polib.POEntry, translations: Mapping[Key, Imported], source: str) -> bool:
    """Put the source's translation into an entry that is not local work; return whether there is a clash."""
    imported = translations.get(key_of_entry(entry))
    if imported is None:
        return False
    origin = origin_of(key_of_entry(entry), imported.msgstr, source)
    last = _origin_line(entry)
    is_local = bool(entry.msgstr) and not is_suggestion(entry) and not _is_unedited(entry)
    if is_local and entry.msgstr != imported.msgstr:
        # The comment records what was offered last, so that a clash is reported once.
        if last and last != origin:
            _set_comments(entry, origin, "")
            return True
        return False
    if is_local:
        return False  # the translator wrote the same: it stays theirs
    if entry.msgstr != imported.msgstr:
        entry.tcomment = without_dismissals(entry.tcomment)
    entry.msgstr = imported.msgstr
    entry.tcomment = without_outdated_marks(entry.tcomment, key_of_entry(entry), entry.msgstr)
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    _set_comments(entry, origin, imported.note)
    return False


def _fill(entry: polib.POEntry, shipped: Catalogue | None) -> None:
    message = shipped.find(key_of_entry(entry)) if shipped else None
    if message is not None and not entry.msgstr and not entry.obsolete and not message.is_fuzzy:
        entry.msgstr, entry.tcomment = message.msgstr, without_dismissals(entry.tcomment)


def _without_unedited(existing: polib.POFile, wanted: set[Key]) -> polib.POFile:
    kept = polib.POFile()
    kept.header, kept.metadata = existing.header, existing.metadata
    kept.metadata_is_fuzzy = existing.metadata_is_fuzzy
    kept.extend(entry for entry in existing if key_of_entry(entry) in wanted or not _is_unedited(entry))
    return kept


def _messages(file: polib.POFile | None) -> list[tuple[Key, str, bool]]:
    return [(key_of_entry(entry), entry.msgstr, entry.fuzzy) for entry in file or () if not entry.obsolete]


def _is_unedited(entry: polib.POEntry) -> bool:
    return not entry.fuzzy and is_as_imported(key_of_entry(entry), entry.msgstr, entry.tcomment)


def _origin_line(entry: polib.POEntry) -> str:
    return next((line for line in entry.tcomment.split("\n") if line.startswith("origin: ")), "")


def _set_comments(entry: polib.POEntry, origin: str, note: str) -> None:
    comment = without_notes(entry.tcomment)
    own = [line for line in comment.split("\n") if line and not line.startswith(("origin: ", _NOTE))]
    entry.tcomment = "\n".join([*own, *filter(None, [origin, note and f"{_NOTE}{note}"])])
