"""Says of each translation who wrote it, before somebody else's name replaces the one in the header.

Poedit, Weblate and agencies name the translator only in the header: who saved the file last. Where a
workspace asks for reviews, nobody may review her own work, so that name must not be lost: entries that do not
say themselves who translated them get `# translated: <name>, <day>, <digest>` with the former name, which may
be `unknown`.
"""

from collections.abc import Iterable
from typing import Final

import polib

from healthtopics.catalogues.origin import is_as_imported
from healthtopics.catalogues.po import key_of_entry
from healthtopics.catalogues.po_header import parse_instant
from healthtopics.catalogues.reviews import (
    UNKNOWN,
    is_same_person,
    review_of,
    translator_of,
    with_translator,
)

_PLACEHOLDERS: Final = ("full name", "automatically generated")
"""What tools of gettext write for a translator that they do not know."""


def last_translator_of(file: polib.POFile) -> str:
    """Return who saved a catalogue last, as its header says; empty if it does not."""
    name = " ".join(file.metadata.get("Last-Translator", "").split())
    return "" if name.casefold().startswith(_PLACEHOLDERS) else name


def attribute(
    file: polib.POFile, next_translator: str, entries: Iterable[polib.POEntry] | None = None
) -> None:
    """Name the translator of a file's header in its entries, if the next header names another person.

    Left out is what is not confirmed, what says itself who translated it, what has a review already, and what
    is as its publisher sent it. `entries` are those of the file, or what a merge has made of them.
    """
    name = last_translator_of(file) or UNKNOWN
    if not is_same_person(name, next_translator or UNKNOWN):
        day = _day_of(file)
        for entry in file if entries is None else entries:
            if is_unattributed(entry):
                entry.tcomment = with_translator(entry.tcomment, key_of_entry(entry), entry.msgstr, name, day)


def is_unattributed(entry: polib.POEntry) -> bool:
    """Return whether only the header says who translated an entry, and a review could depend on it."""
    if not entry.translated() or entry.obsolete or entry.msgid_plural:
        return False
    texts = key_of_entry(entry), entry.msgstr, entry.tcomment
    return not (translator_of(*texts) or review_of(*texts) or is_as_imported(*texts))


def _day_of(file: polib.POFile) -> str:
    try:
        return parse_instant(file.metadata.get("PO-Revision-Date", ""))[:10] or UNKNOWN
    except ValueError:
        return UNKNOWN
