"""Moves a translator's comments above a removed, untranslated message to where they are read.

Otherwise they would be lost: gettext's tools drop an obsolete entry that has no translation.
"""

from collections.abc import Iterable

import polib
from rapidfuzz import fuzz

from healthtopics.catalogues.origin import without_origin
from healthtopics.catalogues.po import key_of_entry
from healthtopics.catalogues.reviews import is_review_mark
from healthtopics.catalogues.suggestions import SIMILARITY, without_notes
from healthtopics.problems import excerpt
from healthtopics.reading.dismissal import without_dismissals


def remarks_in(comment: str) -> list[str]:
    """Return the lines of a translator comment that are for people."""
    text = without_origin(without_dismissals(without_notes(comment)))
    return [line for line in text.split("\n") if line.strip() and not is_review_mark(line)]


def without_remarks(comment: str) -> str:
    """Return a translator comment without the lines that are for people."""
    remarks = remarks_in(comment)
    return "\n".join(line for line in comment.split("\n") if line not in remarks)


def carry(remarks: list[str], entry: polib.POEntry, new: Iterable[polib.POEntry]) -> list[str]:
    """Put the remarks on an entry above the new entry of its role with the most similar English.

    Returns the lines for the first comment of the file if none is similar.
    """
    role = key_of_entry(entry).role
    shares = [
        (fuzz.ratio(entry.msgid, each.msgid, score_cutoff=SIMILARITY * 100), each)
        for each in new
        if key_of_entry(each).role == role
    ]
    share, nearest = max(shares, key=lambda each: each[0], default=(0.0, entry))
    if not share:
        words = excerpt(" ".join(entry.msgid.split()))
        return [f"“{words}”: {remark}" for remark in remarks]
    nearest.tcomment = with_remarks(remarks, nearest.tcomment)
    return []


def with_remarks(remarks: list[str], comment: str) -> str:
    """Return the comment with the remarks that it does not have yet at its end."""
    lines = comment.split("\n") if comment else []
    return "\n".join([*lines, *(remark for remark in remarks if remark not in lines)])
